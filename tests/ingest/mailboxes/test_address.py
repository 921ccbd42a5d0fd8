"""Addresses of mailboxes: what they name, and that no login in them is ever shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.mailboxes.address import Mailbox, as_sent, as_shown, read_mailbox
from models.errors import SourceError
from models.feed import Feed, parted


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("imaps://ann@mail.example/News", Mailbox("mail.example", 993, "ann", "News", True)),
        ("imaps://ann@mail.example", Mailbox("mail.example", 993, "ann", "INBOX", True)),
        (
            "imap://ann%40paper.example@Mail.Example:1143/Lists/Sea%20%26%20Port/",
            Mailbox("mail.example", 1143, "ann@paper.example", "Lists/Sea & Port", False),
        ),
        (
            "imaps://ann@paper.example@mail.example/Küste",
            Mailbox("mail.example", 993, "ann@paper.example", "Küste", True),
        ),
    ],
)
def test_an_address_names_server_user_and_mailbox(address: str, mailbox: Mailbox) -> None:
    assert read_mailbox(address) == mailbox


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("imaps://ann:secret@mail.example/News", "password in it"),
        ("imaps://mail.example/News", "names no user"),
        ("imaps://ann@/News", "not the address"),
        ("imaps://ann@mail.example:99999/News", "not the address"),
        ("imaps://ann@mail.example/News%0d%0aA1%20DELETE%20INBOX", "not the address"),
        ("imaps://ann%0d%0a@mail.example/", "not the address"),
        ("imaps://ann@mail.example/?x=1", "not the address"),
        ("imaps://ann@[::1/News", "not the address"),
        ("imaps://ann@xn--.example/\ud800", "not the address"),
    ],
)
def test_what_is_not_an_address_of_a_mailbox_is_said_without_its_login(
    address: str, said: str
) -> None:
    with pytest.raises(SourceError, match=said) as refused:
        read_mailbox(address)
    assert "ann" not in str(refused.value)
    assert "secret" not in str(refused.value)


def test_the_user_stands_apart_from_the_address_and_tells_mailboxes_apart() -> None:
    ann, login = parted("imaps://ann@mail.example/INBOX")
    ben, _ = parted("imaps://ben@mail.example/INBOX")
    assert login == "ann"
    assert "ann" not in ann
    assert ann != ben
    assert ann.startswith("imaps://mail.example/INBOX#")
    assert parted(ann) == (ann, "")
    assert parted("imaps://a%6En@mail.example/INBOX")[0] == ann
    assert read_mailbox(Feed(url=ann, login=login).address).user == "ann"


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("INBOX", '"INBOX"'),
        ('a"b\\c', '"a\\"b\\\\c"'),
        ("Sea & Port", '"Sea &- Port"'),
        ("Entwürfe", '"Entw&APw-rfe"'),
        ("~peter/mail/台北/日本語", '"~peter/mail/&U,BTFw-/&ZeVnLIqe-"'),
    ],
)
def test_names_are_sent_as_the_protocol_has_them(name: str, sent: str) -> None:
    assert as_sent(name) == sent


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_every_name_comes_back_as_it_was_sent(name: str) -> None:
    sent = as_sent(name)
    assert sent.isascii()
    assert as_shown(sent[1:-1].replace('\\"', '"').replace("\\\\", "\\")) == name


@given(st.text())
def test_whatever_is_typed_is_an_address_or_refused(text: str) -> None:
    try:
        read_mailbox(f"imaps://{text}")
    except SourceError:
        return
