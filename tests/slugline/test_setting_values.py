"""Each setting has its range, checked when a command starts, and never ends in a traceback."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import ConfigError
from slugline.setting_values import ANY
from slugline.settings import SETTINGS, read_settings
from tests.conftest import run_slugline

DOCS = Path(__file__).parents[2] / "docs" / "settings.md"
WILD = {
    "SLUGLINE_SEARCH_TIME_LIMIT": ["nan", "inf", "-1", "0", "1e308", "9" * 5000],
    "SLUGLINE_NLP_BATCH": ["0", str(2**70), "-5", "1e3", "9" * 5000],
    "SLUGLINE_NLP_WORKERS": ["0", "1000000"],
    "SLUGLINE_WEB_PORT": ["65536", "-1", ""],
    "SLUGLINE_WEB_HOST": ["", "a b", "x\ny"],
    "SLUGLINE_WEB_WORKERS": ["0", "100000"],
    "SLUGLINE_WEB_ACCESS": ["everybody", ""],
    "SLUGLINE_FETCH_TIMEOUT": ["nan", "0", "inf"],
    "SLUGLINE_FETCH_AT_ONCE": ["0", "100000"],
    "SLUGLINE_FETCH_MAX_BYTES": ["0", str(2**63)],
    "SLUGLINE_OPENSEARCH_URL": ["localhost", "file:///etc/passwd", "http://"],
    "SLUGLINE_OPENSEARCH_INDEX": ["../x", "", "Big"],
    "SLUGLINE_STORE_URL": ["nothing", "mysql://x/y", "sqlite://"],
    "SLUGLINE_SEARCH_ENGINE": ["lucene", "os"],
}


@pytest.mark.parametrize(
    ("variable", "value"), [(name, value) for name, values in WILD.items() for value in values]
)
def test_a_value_out_of_range_is_named_with_its_range(
    tmp_path: Path, variable: str, value: str
) -> None:
    with pytest.raises(ConfigError, match=variable) as refused:
        read_settings(tmp_path, None, {variable: value})
    assert "takes" in str(refused.value) or "negative" in str(refused.value)
    assert len(str(refused.value)) < 400


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.key)
def test_each_default_is_in_its_range_and_the_page_of_settings_names_it(setting: object) -> None:
    assert setting in SETTINGS
    one = SETTINGS[SETTINGS.index(setting)]
    assert one.allowed.allows(one.default)
    row = next(line for line in DOCS.read_text().splitlines() if f"`{one.key}`" in line)
    assert one.allowed is ANY or str(one.allowed) in row
    assert row.count(" | ") == 4, "five columns"


@given(st.sampled_from(SETTINGS), st.one_of(st.floats(), st.integers(), st.text(), st.booleans()))
def test_whatever_a_variable_says_is_taken_or_named(setting: object, value: object) -> None:
    one = SETTINGS[SETTINGS.index(setting)]
    with contextlib.suppress(ConfigError):
        read_settings(Path("/nowhere"), None, {one.variable: str(value)})


@pytest.mark.parametrize("package", [".x", "no.such.thing", "a/b", "a b", "-"])
def test_a_pipeline_that_cannot_be_a_package_is_named(tmp_path: Path, package: str) -> None:
    (tmp_path / "slugline.toml").write_text(f'[nlp.pipelines]\nfr = "{package}"\n')
    for command in (("tag",), ("doctor",)):
        done = run_slugline(*command, home=tmp_path)
        assert done.status == 2
        assert "nlp.pipelines.fr" in done.err


def test_a_secret_is_not_shown_where_it_is_out_of_range(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        read_settings(tmp_path, None, {"SLUGLINE_STORE_URL": "mysql://ann:hidden@db/x"})
    assert "hidden" not in str(refused.value)


def test_a_file_of_deep_brackets_is_named(tmp_path: Path) -> None:
    (tmp_path / "slugline.toml").write_text("a = " + "[" * 100_000)
    with pytest.raises(ConfigError, match="not valid TOML"):
        read_settings(tmp_path, None, {})
