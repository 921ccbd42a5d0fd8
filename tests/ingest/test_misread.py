"""Letters that were read in a wrong encoding before a feed was written are put back."""

from __future__ import annotations

import pytest

from ingest.clean import plain, plain_title
from ingest.misread import letters_restored


@pytest.mark.parametrize(
    ("read", "written"),
    [
        ("sędziĂłw", "sędziów"),
        ("chargĂŠ d'affaires", "chargé d'affaires"),
        ("MĂźller", "Müller"),
        ("HansjĂśrg", "Hansjörg"),
        ("JoĂŤl", "Joël"),
        ("OrbĂĄn", "Orbán"),
        ("GarcĂ\N{SOFT HYPHEN}a", "García"),
    ],
)
def test_a_letter_that_was_taken_for_two_is_one_again(read: str, written: str) -> None:
    assert letters_restored(read) == written
    assert plain(f"<p>{read}</p>") == plain_title(read) == written


@pytest.mark.parametrize(
    "text", ["RĂŞINARI", "Ăsta", "ĂN", "Ă", "Ăn Tết", "CĂLĂRAŞI", "łąka Ă łąka", "plain"]
)
def test_what_a_language_writes_stays(text: str) -> None:
    assert letters_restored(text) == text
    assert plain(text) == text
