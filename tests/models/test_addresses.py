"""Nobody is sent to what is not a web page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.addresses import outside_link

HOSTILE = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "//evil.example/x",
    "/relative",
    "https:",
    "https://",
    "http:///path",
    "https://a.example/x y",
    "https://a.example/\u202egpj",
    "https://[::1",
    "https://a.example/" + "x" * 3000,
    "",
]


@pytest.mark.parametrize("url", HOSTILE)
def test_no_one_is_sent_to_anything_but_a_web_page(url: str) -> None:
    assert outside_link(url) == ""


@pytest.mark.parametrize("url", ["https://a.example/x?y=1&z=ü", "HTTP://A.example:80/", "http://b"])
def test_web_pages_are_linked_as_they_are(url: str) -> None:
    assert outside_link(url) == url


@given(st.text())
def test_whatever_is_linked_begins_with_http(url: str) -> None:
    linked = outside_link(url)
    assert not linked or linked.lower().startswith(("http://", "https://"))
