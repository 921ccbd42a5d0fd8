"""No address that is shown holds a login, whether it parses or not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.feed import shown_address, without_logins


@pytest.mark.parametrize(
    "address",
    [
        "https://ann:s3cret@harbour.example/feed",
        "feed:http://ann:s3cret@harbour.example/feed",
        "feed://ann:s3cret@harbour.example/feed",
        "  https://ann:s3cret@harbour.example/feed",
        "http:/ann:s3cret@harbour.example/feed",
        "http:///ann:s3cret@harbour.example/feed",
        "https://ann:s3cret/x@harbour.example/feed",
        "https://ann:s3cret#x@harbour.example/feed",
        "https://ann:s3cret?x@harbour.example/feed",
        "https://ann:s3cret\\x@harbour.example/feed",
        "https://ann:p@s3cret#x@harbour.example/feed",
        "https://ann:s3cret@[bad/x@harbour.example/feed",
        "https://ann:s3cret@harbour.example:99999/feed",
        "ann:s3cret@harbour.example/feed",
    ],
)
def test_logins_are_hidden(address: str) -> None:
    assert "s3cret" not in shown_address(address)
    assert "harbour.example" in shown_address(address)


def test_logins_within_a_message_are_hidden() -> None:
    message = (
        "Not added: https://ann:s3cret@harbour.example/feed answered 404; ask ann@harbour.example"
    )
    hidden = "Not added: https://harbour.example/feed answered 404; ask ann@harbour.example"
    assert without_logins(message) == hidden


@pytest.mark.parametrize(
    "address",
    [
        "https://harbour.example/@ann/feed",
        "https://harbour.example:8080/@ann",
        "http://localhost:8080/@ann",
        "https://harbour.example/feed",
        "/home/ann@work/feeds.xml",
    ],
)
def test_an_at_sign_that_begins_a_name_stays(address: str) -> None:
    assert shown_address(address) == address


PIECES = st.text("ab1:/?#@[]\\ .", max_size=12)


@given(PIECES, PIECES, st.sampled_from(["https://", "http:/", "feed:http://", "feed://"]))
def test_a_password_of_any_signs_is_hidden(before: str, after: str, scheme: str) -> None:
    address = f"{scheme}ann:{before}S3CRET{after}@harbour.example/feed"
    assert "S3CRET" not in shown_address(address)
