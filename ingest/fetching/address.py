"""Decides which network addresses may be connected to.

Denied by default: only global unicast is reached, less all that IANA's registries of
special-purpose addresses name. https://www.iana.org/assignments/iana-ipv4-special-registry
https://www.iana.org/assignments/iana-ipv6-special-registry
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Rows within another row (192.0.0.8/32 in 192.0.0.0/24) are not repeated. Rows that the registry
# calls globally reachable are denied too: they are relays and sinks, where no feed is kept.
_DENIED_IPV4 = tuple(
    ipaddress.IPv4Network(row)
    for row in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24"),
        *("192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15"),
        *("198.51.100.0/24", "203.0.113.0/24"),
        "224.0.0.0/3",  # multicast, reserved and broadcast
    )
)
_GLOBAL_IPV6 = ipaddress.IPv6Network("2000::/3")
_DENIED_IPV6 = tuple(
    ipaddress.IPv6Network(row)
    for row in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_LOOPBACK = (ipaddress.IPv4Network("127.0.0.0/8"), ipaddress.IPv6Network("::1/128"))


def networks(names: Iterable[str]) -> tuple[Network, ...]:
    """Return the networks that a configuration allows, as `192.168.1.0/24` or single addresses.

    Raises ValueError for an invalid network.
    """
    return tuple(ipaddress.ip_network(name, strict=False) for name in names)


def why_forbidden(address: str, allowed: tuple[Network, ...] = ()) -> str:
    """Say why no connection goes to this IP address, or "".

    An IPv4 address that is wrapped in an IPv6 one (mapped, NAT64) is judged by itself; other
    wrappings (6to4, Teredo) are denied. `allowed` networks are excepted.
    """
    try:
        ip = _unwrapped(ipaddress.ip_address(address.partition("%")[0]))
    except ValueError:
        return "is not an IP address"
    if any(ip.version == network.version and ip in network for network in allowed):
        return ""
    return "" if _is_global_unicast(ip) else "is not an address of the public network"


def is_loopback(host: str) -> bool:
    """Say whether a host names this machine: by an address, never by how a name is spelt.

    `localhost` is the one name among them: RFC 6761 reserves it, so that nobody can register it.
    """
    if host.lower() == "localhost":
        return True
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        return False
    return any(ip.version == network.version and ip in network for network in _LOOPBACK)


def _is_global_unicast(ip: _Address) -> bool:
    if isinstance(ip, ipaddress.IPv4Address):
        return not any(ip in network for network in _DENIED_IPV4)
    return ip in _GLOBAL_IPV6 and not any(ip in network for network in _DENIED_IPV6)


def _unwrapped(ip: _Address) -> _Address:
    """Return the address that packets to `ip` reach: itself, or the IPv4 one within."""
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return ip.ipv4_mapped
        if ip in _NAT64:
            return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip


def credentials(url: str) -> tuple[str, str] | None:
    """Return user name and password that stand in the URL, or None."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.username is None:
        return None
    return unquote(parts.username), unquote(parts.password or "")
