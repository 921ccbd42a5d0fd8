"""The address of a mailbox: `imaps://user@host/MAILBOX`, as RFC 5092 writes it.

`imaps` is TLS from the first byte, `imap` begins in clear and goes on by STARTTLS. A password has
no place in an address.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from models.errors import SourceError
from models.feed import shown_address

PORTS = {"imaps": 993, "imap": 143}
DEFAULT = "INBOX"
_LONGEST = 1_000
_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One mailbox of a user on a server; `is_tls` where TLS is spoken from the first byte."""

    host: str
    port: int
    user: str
    name: str
    is_tls: bool

    @property
    def title(self) -> str:
        """What a person knows it by; the user is not told."""
        return f"{self.name} at {self.host}"


def read_mailbox(address: str) -> Mailbox:
    """Return the mailbox at an address; raises SourceError, which shows no login."""
    shown = shown_address(address)
    try:
        parts = urlsplit(address.strip())
        port, host = parts.port, (parts.hostname or "").encode("idna").decode()
    except (ValueError, UnicodeError):
        raise SourceError("is not the address of a mailbox.", shown) from None
    scheme = parts.scheme.lower()
    if scheme not in PORTS or not host or len(address) > _LONGEST:
        raise SourceError("is not the address of a mailbox.", shown)
    login = parts.netloc.rpartition("@")[0]
    if ":" in login:
        raise SourceError(
            "has a password in it. Leave it out of the address, and set SLUGLINE_IMAP_PASSWORD or "
            "name a file in imap.password_file.",
            shown,
        )
    user = unquote(login)
    name = unquote(parts.path.strip("/")) or DEFAULT
    if not user:
        raise SourceError("names no user: write imaps://user@host/MAILBOX.", shown)
    if parts.query or _UNFIT.search(user + name):
        raise SourceError("is not the address of a mailbox.", shown)
    return Mailbox(host, port or PORTS[scheme], user, name, scheme == "imaps")


def as_sent(name: str) -> str:
    """Return a mailbox's name as the protocol has it: quoted, in modified UTF-7 (RFC 3501, 5.1.3).

    Printable ASCII stands for itself, `&` is `&-`; runs of other characters are UTF-16 in base64
    with `,` in place of `/`, between `&` and `-`.
    """
    sent = re.sub(r"&|[^\x20-\x7e]+", lambda found: _encoded(found[0]), name)
    return '"' + sent.replace("\\", "\\\\").replace('"', '\\"') + '"'


def as_shown(sent: str) -> str:
    """Return the name that a server sends, decoded as far as it is well formed."""
    return re.sub(r"&([A-Za-z0-9+,]*)-", lambda found: _decoded(found[1]), sent)


def _encoded(text: str) -> str:
    if text == "&":
        return "&-"
    packed = base64.b64encode(text.encode("utf-16-be")).decode().rstrip("=")
    return f"&{packed.replace('/', ',')}-"


def _decoded(packed: str) -> str:
    if not packed:
        return "&"
    padded = packed.replace(",", "/") + "=" * (-len(packed) % 4)
    try:
        return base64.b64decode(padded).decode("utf-16-be")
    except ValueError:
        return f"&{packed}-"
