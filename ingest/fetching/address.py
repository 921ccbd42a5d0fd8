"""Which addresses of the network a feed may lead us to, and how an address is shown to people."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit, urlunsplit

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def networks(names: Iterable[str]) -> tuple[Network, ...]:
    """Return the networks that a configuration allows, as `192.168.1.0/24` or single addresses.

    Raises ValueError for what is none.
    """
    return tuple(ipaddress.ip_network(name, strict=False) for name in names)


def why_forbidden(address: str, allowed: tuple[Network, ...] = ()) -> str:
    """Say why no connection goes to this IP address, or "".

    Only addresses of the public network are fit, also where an IPv4 address is wrapped in an IPv6
    one (mapped, 6to4, Teredo, NAT64). `allowed` networks are excepted.
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "is no IP address"
    for inner in _unwrapped(ip):
        if any(inner.version == network.version and inner in network for network in allowed):
            continue
        if not inner.is_global or inner.is_multicast or inner.is_reserved:
            return "is not an address of the public network"
    return ""


def _unwrapped(ip: _Address) -> list[_Address]:
    """Return the addresses that packets to `ip` may reach: itself, or the IPv4 one within."""
    if isinstance(ip, ipaddress.IPv4Address):
        return [ip]
    if ip.ipv4_mapped:
        return [ip.ipv4_mapped]
    if ip.sixtofour:
        return [ip.sixtofour]
    if ip.teredo:
        return [*ip.teredo]
    if ip in _NAT64:
        return [ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)]
    return [ip]


def without_credentials(url: str) -> str:
    """Return the URL as it may be shown, logged and exported: without user name and password."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "an address that can't be read"
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def credentials(url: str) -> tuple[str, str] | None:
    """Return user name and password that stand in the URL, or None."""
    parts = urlsplit(url)
    if parts.username is None:
        return None
    return unquote(parts.username), unquote(parts.password or "")
