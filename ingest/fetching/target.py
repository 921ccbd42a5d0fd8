"""The target of a request: the URL as sent, its login, and its redirects."""

from __future__ import annotations

from urllib.parse import quote, urljoin, urlsplit

from ingest.fetching.address import credentials
from ingest.parsed_source import UnreadableError
from models.feed import parted


def target_of(url: str) -> str:
    """Return the URL as it goes over the wire: ASCII, without credentials and fragment."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
        host = (parts.hostname or "").encode("idna" if "." in (parts.hostname or "") else "ascii")
        path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
        query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    except (ValueError, UnicodeError):
        raise UnreadableError("is not a web address") from None
    if parts.scheme.lower() not in {"http", "https"} or not host:
        raise UnreadableError("is not a web address (only http and https are fetched)")
    name = host.decode()
    if "%" in name:  # a zone of this machine's own network
        raise UnreadableError("is not a web address")
    netloc = (f"[{name}]" if ":" in name else name) + (f":{port}" if port else "")
    return f"{parts.scheme.lower()}://{netloc}{path}" + (f"?{query}" if query else "")


def login_at(first: str, at: str) -> tuple[str, str] | None:
    """Return the first URL's credentials where `at` is on the same host, else None."""
    same = urlsplit(target_of(first))[:2] == urlsplit(target_of(at))[:2]
    return credentials(first) if same else None


def redirected(url: str, location: str) -> str:
    """Return where a redirect leads; credentials that a server writes into it are not taken."""
    try:
        target = urljoin(parted(url)[0], location)
        scheme = urlsplit(target).scheme.lower()
    except ValueError:
        scheme = ""
    if scheme not in {"http", "https"}:
        raise UnreadableError("redirects to what is not a web address")
    return parted(target)[0]
