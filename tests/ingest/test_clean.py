"""Cleaning: what a reader would see is kept, and nothing else."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.boilerplate import without_boilerplate
from ingest.clean import capped, plain


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ("A plain sentence.", "A plain sentence."),
        ("  two\n lines\tand\u00a0more ", "two lines and more"),
        ("<p>One</p><p>Two</p>", "One Two"),
        ("a<br>b<br/>c", "a b c"),
        ("un<b>broken</b> word", "unbroken word"),
        ("Profits &amp; losses &mdash; S&amp;P", "Profits & losses — S&P"),
        ("escaped over: AT&amp;amp;T, &amp;#x27;quoted&amp;#x27;", "escaped over: AT&T, 'quoted'"),
        ("&lt;p&gt;escaped&lt;/p&gt; markup", "escaped markup"),
        ("<script>alert(1)</script>Said <style>p{}</style>so", "Said so"),
        ("<img src=x onerror=alert(1)>Ship", "Ship"),
        ("<!-- note -->Text<![CDATA[ more]]>", "Text more"),
        ("cut off <a href='https://example.org/very-long", "cut off"),
        ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),
        ("R&D at AT&T", "R&D at AT&T"),
        ("soft\u00adhyphen zero\u200bwidth \ufeffBOM", "softhyphen zerowidth BOM"),
        ("abc\u202egnp.exe", "abcgnp.exe"),
        ("a\x00b\x1bc", "abc"),
        ("<b\ud800>half a pair\udc00</b>", "half a pair"),
        (
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        ),
        ("", ""),
    ],
)
def test_markup_becomes_what_a_reader_sees(source: str, seen: str) -> None:
    assert plain(source) == seen


@given(st.text(max_size=300))
def test_cleaned_text_has_no_line_breaks_controls_or_surrogates(text: str) -> None:
    cleaned = plain(text)
    assert cleaned == " ".join(cleaned.split())
    assert not any(unicodedata.category(c) in {"Cc", "Cs"} for c in cleaned if c != "\x85")
    cleaned.encode()


@given(st.text(alphabet="<>/ab=\"'&;#x!-[]", max_size=200))
def test_no_tag_survives_in_whatever_was_written(text: str) -> None:
    import nh3

    cleaned = plain(text)
    again = nh3.clean(cleaned, tags=set())
    assert "<a" not in again
    assert "<b" not in again


@given(st.text(max_size=400), st.integers(min_value=2, max_value=200))
def test_a_capped_text_fits_and_says_that_it_was_cut(text: str, limit: int) -> None:
    short = capped(text, limit)
    assert len(short) <= limit
    assert short == text or short.endswith("…")


@pytest.mark.parametrize(
    "tail",
    [
        "The post Ferry line reopens appeared first on Harbour Times.",
        "The post Ferry line reopens appeared first on Harbour Times - all rights reserved.",
        "Artykuł Linia promowa pochodzi z serwisu Port.",
        "Read more...",
        "Read more »",
        "Continue reading...",
        "Continue reading Ferry line reopens →",
        "Continue read",  # cut off by an archive
        "The post Ferry line re",
        "Read Full Article at harbour.example.com",
        "To read this article in full, please click here",
        "submitted by /u/sailor [link] [comments]",
        "Article URL: https://a.example Comments URL: https://b.example/1 Points: 4 # Comments: 0",
        "Read more... The post Ferry line reopens appeared first on Harbour Times.",
    ],
)
def test_tails_of_feed_software_go_and_the_text_stays(tail: str) -> None:
    text = "The line to the outer islands runs again."
    assert without_boilerplate(f"{text} {tail}", "Ferry line reopens") == text


@pytest.mark.parametrize(
    "text",
    [
        "The post office on the pier closes. It first opened in 1901.",
        "Readers can read more books in winter.",
        "The comments were submitted by residents.",
        "They continue reading the minutes of the council.",
        "He left the post.",
    ],
)
def test_sentences_that_only_sound_like_tails_stay(text: str) -> None:
    assert without_boilerplate(text, "A title") == text


def test_a_mark_of_omission_becomes_an_ellipsis() -> None:
    assert (
        without_boilerplate("It went on and [&#8230;]".replace("&#8230;", "…")) == "It went on and…"
    )
