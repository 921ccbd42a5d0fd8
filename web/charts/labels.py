"""Places labels beside dots without overlaps; a label without room is left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

LINE = 15.0
"""Room that a line takes, in the units of the picture."""
BROAD, CAPITAL, NARROW, LETTER, FULL_WIDTH = 13.0, 10.0, 5.2, 8.2, 14.0
"""Room that letters take in a wide font (DejaVu Sans at 13 px): a reader may have any font."""
_BROAD, _NARROW = frozenset("mwMW"), frozenset("fijlrtI .,'-")
DESCENT = 4.0
GAP = 3.0
LONGEST = 24


@dataclass(frozen=True, slots=True)
class Dot:
    """A dot to be named: its centre, its radius, and its name."""

    x: float
    y: float
    radius: float
    name: str


@dataclass(frozen=True, slots=True)
class Label:
    """A name in the picture: where its text begins, ends or is centred (SVG's text-anchor)."""

    text: str
    x: float
    y: float
    anchor: str


Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


def place_labels(dots: Sequence[Dot], width: float, height: float) -> list[Label | None]:
    """Return a label for each dot, the first ones first; None where none has room.

    A label may stand below, above, right or left of its dot; it covers no other label and no dot.
    """
    taken: list[Box] = [_around(dot) for dot in dots]
    labels: list[Label | None] = []
    for dot in dots:
        for label, box in _places(dot):
            inside = box[0] >= 0 and box[1] >= 0 and box[2] <= width and box[3] <= height
            if inside and not any(_meet(box, other) for other in taken):
                taken.append(box)
                labels.append(label)
                break
        else:
            labels.append(None)
    return labels


def width_of(text: str) -> float:
    """Return the room that a text takes, on the wide side, in the units of the picture."""
    return sum(map(_width, text))


def _places(dot: Dot) -> Iterator[tuple[Label, Box]]:
    text = dot.name if len(dot.name) <= LONGEST else f"{dot.name[: LONGEST - 1].rstrip()}…"
    wide = width_of(text)
    below, above = dot.y + dot.radius + GAP + LINE - DESCENT, dot.y - dot.radius - GAP - DESCENT
    right, left = dot.x + dot.radius + GAP, dot.x - dot.radius - GAP
    middle = dot.y + DESCENT
    for x, y, anchor, start in (
        (dot.x, below, "middle", dot.x - wide / 2),
        (dot.x, above, "middle", dot.x - wide / 2),
        (right, middle, "start", right),
        (left, middle, "end", left - wide),
        (dot.x, below, "start", dot.x),
        (dot.x, below, "end", dot.x - wide),
        (dot.x, above, "start", dot.x),
        (dot.x, above, "end", dot.x - wide),
    ):
        box = (start, y - LINE + DESCENT, start + wide, y + DESCENT)
        yield Label(text, round(x, 1), round(y, 1), anchor), box


def _width(letter: str) -> float:
    if east_asian_width(letter) in "WF":
        return FULL_WIDTH
    if letter in _BROAD:
        return BROAD
    if letter in _NARROW:
        return NARROW
    return CAPITAL if letter.isupper() else LETTER


def _around(dot: Dot) -> Box:
    return (dot.x - dot.radius, dot.y - dot.radius, dot.x + dot.radius, dot.y + dot.radius)


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
