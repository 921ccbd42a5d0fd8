"""What is printed can't command the terminal, and shows no login."""

from __future__ import annotations

import json

import click
from hypothesis import given
from hypothesis import strategies as st

from slugline.terminal import printable, printable_json


def test_names_from_outside_do_not_reach_the_terminal_as_they_came() -> None:
    assert printable("a\x1b[31mred\x9b2J\r\u202egnp\tb\n") == "a�[31mred�2J��gnp\tb\n"


def test_bold_and_dim_of_our_own_reports_stay() -> None:
    line = f"{click.style('Topics', bold=True)}: {click.style('economy', dim=True)}"
    assert printable(line) == line
    assert printable("\x1b[3;1mred\x1b[2J") == "\ufffd[3;1mred\ufffd[2J"


@given(st.text())
def test_json_says_the_same_and_commands_nothing(text: str) -> None:
    shown = printable_json(json.dumps({"name": text}, ensure_ascii=False))
    assert json.loads(shown) == {"name": text}
    assert not {"\x1b", "\x7f", "\x9b", "\u202e"} & set(shown)
