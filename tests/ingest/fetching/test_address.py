"""Only the public network is reached: every row of IANA's registries is denied, and what is new."""

from __future__ import annotations

import ipaddress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.fetching.address import is_loopback, networks, why_forbidden

TABLE = Path(__file__).parents[2] / "data" / "ingest" / "special_addresses.txt"
ROWS = [row for row in TABLE.read_text(encoding="utf-8").splitlines() if not row.startswith("#")]


@pytest.mark.parametrize("row", ROWS)
def test_no_address_of_a_special_row_is_reached(row: str) -> None:
    network = ipaddress.ip_network(row)
    middle = network[network.num_addresses // 2]
    for ip in (network[0], middle, network[-1]):
        assert why_forbidden(str(ip)), ip
        if ip.version == 4:
            assert why_forbidden(f"::ffff:{ip}")
            assert why_forbidden(f"64:ff9b::{ip}")


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "93.184.215.14", "223.255.255.254", "2606:4700::1111", "2a00:1450::1", "192.0.1.1"],
)
def test_addresses_of_the_public_network_are_reached(address: str) -> None:
    assert not why_forbidden(address)


@given(st.integers(0, 2**128 - 1).map(ipaddress.IPv6Address))
def test_ipv6_outside_of_global_unicast_is_never_reached(ip: ipaddress.IPv6Address) -> None:
    if not why_forbidden(str(ip)):
        assert ip in ipaddress.IPv6Network("2000::/3") or ip in ipaddress.IPv6Network(
            "64:ff9b::/96"
        )


def test_a_network_that_is_allowed_is_the_only_exception() -> None:
    allowed = networks(["127.0.0.0/8"])
    assert not why_forbidden("127.0.0.1", allowed)
    assert not why_forbidden("::ffff:127.0.0.1", allowed)
    assert why_forbidden("10.0.0.1", allowed)
    assert why_forbidden("not an address")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "127.0.0.1", "127.8.0.1", "::1"])
def test_this_machine_is_known_by_its_addresses(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["127.evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "127.", ""]
)
def test_no_name_is_this_machine_for_how_it_is_spelt(host: str) -> None:
    assert not is_loopback(host)
