"""The settings of each section of `slugline.toml`, with default, reason and allowed values.

`docs/settings.md` describes the same settings; a test compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

from models.accounts import Access
from search.engines.registry import NAMES
from slugline.setting_values import (
    ANY,
    NAME,
    STORE_URL,
    WEB_URL,
    Choice,
    Constraint,
    Pattern,
    Range,
)

T = TypeVar("T")

PORT = Range(0, 65_535)
MONTH = 31 * 24 * 3600
HOST = Pattern(r"[^\s/]{1,255}", "a host name or an address, without spaces")


def _setting(default: T, reason: str, allowed: Constraint = ANY, *, secret: bool = False) -> T:
    """Declare a setting of a section; a secret is shown neither in `repr` nor in messages."""
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

    engine: str = _setting("whoosh", "the search engine that serves queries", Choice(NAMES))
    time_limit: float = _setting(
        1.0, "seconds after which a search answers with what it has", Range(0.01, 600)
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
    batch: int = _setting(500, "articles tagged and stored in one transaction", Range(1, 20_000))
    workers: int = _setting(1, "processes that tag; each takes about 500 MB", Range(1, 256))


@dataclass(frozen=True, slots=True)
class ServeSettings:
    """Section `[web]`."""

    host: str = _setting("127.0.0.1", "the address that `serve` listens on", HOST)
    port: int = _setting(8000, "the port that `serve` listens on", PORT)
    workers: int = _setting(4, "threads that answer requests, in each process", Range(1, 64))
    processes: int = _setting(1, "processes that answer requests (extra: server)", Range(1, 64))
    access: str = _setting(
        "auto",
        "who reads without signing in: auto (all, until there are users), private, public",
        Choice(tuple(Access)),
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
        30.0, "seconds that fetching one feed may take in all, and reading it", Range(0.1, 3600)
    )
    max_bytes: int = _setting(
        20_000_000, "the largest feed that is taken, decoded", Range(1_000, 1_000_000_000)
    )
    at_once: int = _setting(8, "feeds fetched at one time, and one of each host", Range(1, 256))
    shortest_interval: int = _setting(
        900, "seconds between two checks of a feed, at the least", Range(0, MONTH)
    )
    longest_interval: int = _setting(
        21_600, "seconds between two checks of a feed, at the most", Range(1, MONTH)
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
        Pattern(r"[^\s/]{0,255}", "a host name or an address, without spaces"),
    )
    smtp_port: int = _setting(587, "the port of the mail server", Range(1, 65_535))
    smtp_security: str = _setting(
        "starttls",
        "how mail is encrypted: starttls, tls, none",
        Choice(("starttls", "tls", "none")),
    )
    smtp_user: str = _setting("", "the user name for the mail server, where it asks for one")
    smtp_password: str = _setting(
        "", "its password; better in the environment than in a file", secret=True
    )
    mail_from: str = _setting(
        "",
        "the address that alerts come from, such as news@example.org",
        Pattern(r"([A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+)?", "a mail address"),
    )
    page_url: str = _setting("", "where people reach the pages, for links in alerts", WEB_URL)
    private_hosts: str = _setting(
        "", "hosts of your own network that alerts may go to, separated by commas"
    )
    daily_hour: int = _setting(6, "the hour (UTC) at which daily alerts are sent", Range(0, 23))


@dataclass(frozen=True, slots=True)
class OidcSettings:
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
