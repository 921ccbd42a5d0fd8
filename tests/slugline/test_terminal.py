"""What is printed can't command the terminal, and shows no login."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from slugline.terminal import printable, printable_json


def test_names_from_outside_do_not_reach_the_terminal_as_they_came() -> None:
    assert printable("a\x1b[31mred\x9b2J\r\u202egnp\tb\n") == "a�[31mred�2J��gnp\tb\n"


@given(st.text())
def test_json_says_the_same_and_commands_nothing(text: str) -> None:
    shown = printable_json(json.dumps({"name": text}, ensure_ascii=False))
    assert json.loads(shown) == {"name": text}
    assert not {"\x1b", "\x7f", "\x9b", "\u202e"} & set(shown)
