"""The stylesheet: what is written can be read, in both colour schemes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import web

STYLE = (Path(web.__file__).parent / "static" / "style.css").read_text(encoding="utf-8")
KINDS = ("person", "org", "place", "group", "other")
AREAS = ("paper", "card", "notice")
TEXT = [
    *((ink, area) for ink in ("ink", "soft", "link") for area in AREAS),
    *(("ink", kind) for kind in KINDS),
    *(("ink", area) for area in ("fault", "gone", "new")),
    *(("soft", area) for area in ("gone", "new")),
    ("link", "fault"),
    ("mark-ink", "mark"),
    ("brand", "card"),
    ("card", "brand"),
    ("paper", "ink"),
]
SHAPES = [("edge", "paper"), ("edge", "card"), ("bar", "paper"), ("brand", "card")]
SHAPES += [(f"{kind}-line", "paper") for kind in KINDS]


def colours(scheme: str) -> dict[str, str]:
    roots = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
    # The third block is for print, which has no scheme.
    light, dark = (dict(re.findall(r"--([\w-]+): (#\w{6});", root)) for root in roots[:2])
    return light if scheme == "light" else light | dark


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "area"), TEXT)
def test_text_has_the_contrast_of_wcag_aa(scheme: str, ink: str, area: str) -> None:
    shades = colours(scheme)
    assert contrast(shades[ink], shades[area]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("shape", "area"), SHAPES)
def test_shapes_that_mean_something_can_be_seen(scheme: str, shape: str, area: str) -> None:
    shades = colours(scheme)
    assert contrast(shades[shape], shades[area]) >= 3


def test_both_schemes_set_the_same_colours() -> None:
    roots = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
    light, dark = (set(re.findall(r"--([\w-]+): #", root)) for root in roots[:2])
    assert light == dark


def test_types_of_entities_differ_in_more_than_colour() -> None:
    styles = [
        re.search(rf"\.entity\.{kind} \{{[^}}]*text-decoration-style: (\w+)", STYLE)
        for kind in ("person", "org", "place", "group")
    ]
    assert len({style[1] for style in styles if style} | {"wavy"}) == 5


def test_the_stylesheet_asks_for_nothing_from_elsewhere() -> None:
    assert "url(" not in STYLE
    assert "@import" not in STYLE
