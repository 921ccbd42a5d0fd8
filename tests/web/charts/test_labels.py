"""Labels stand beside their dots, within the picture, none over another or over a dot."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from web.charts.labels import DESCENT, LINE, LONGEST, Dot, Label, place_labels, width_of

WIDTH, HEIGHT = 400, 300
Box = tuple[float, float, float, float]

dots = st.lists(
    st.builds(
        Dot,
        st.floats(20, WIDTH - 20),
        st.floats(20, HEIGHT - 20),
        st.floats(5, 18),
        st.text("abc lmW", min_size=1, max_size=40),
    ),
    max_size=30,
)


def box(label: Label) -> Box:
    wide = width_of(label.text)
    start = {"start": 0.0, "middle": wide / 2, "end": wide}[label.anchor]
    left = label.x - start
    return (left, label.y - LINE + DESCENT, left + wide, label.y + DESCENT)


def meet(one: Box, other: Box) -> bool:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return across > 0.2 and down > 0.2  # places are rounded to a tenth


@given(dots)
@settings(max_examples=40)
def test_no_label_covers_another_or_a_dot_or_leaves_the_picture(some: list[Dot]) -> None:
    labels = place_labels(some, WIDTH, HEIGHT)
    assert len(labels) == len(some)
    boxes = [box(label) for label in labels if label]
    assert not any(meet(one, other) for one, other in combinations(boxes, 2))
    for dot in some:
        around = (
            *(dot.x - dot.radius, dot.y - dot.radius),
            *(dot.x + dot.radius, dot.y + dot.radius),
        )
        assert not any(meet(each, around) for each in boxes)
    for left, top, right, bottom in boxes:
        assert left >= -0.1
        assert top >= -0.1
        assert right <= WIDTH + 0.1
        assert bottom <= HEIGHT + 0.1


def test_a_name_has_the_room_that_it_takes_in_a_wide_font() -> None:
    # As Chromium drew them in DejaVu Sans at 13 px.
    for name, drawn in (("Omaha", 47.0), ("Dale Hutchens", 95.1)):
        assert drawn <= width_of(name) < 1.15 * drawn


def test_a_dot_alone_is_named_and_a_long_name_is_cut() -> None:
    (label,) = place_labels([Dot(200, 150, 8, "x" * 60)], WIDTH, HEIGHT)
    assert label is not None
    assert len(label.text) == LONGEST
    assert label.text.endswith("…")


def test_where_no_label_has_room_there_is_none() -> None:
    assert place_labels([Dot(10, 10, 5, "a name")], 20, 20) == [None]
