"""Cleaning: what a reader would see is kept, and nothing else."""

from __future__ import annotations

import html
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.boilerplate import without_boilerplate
from ingest.clean import capped, plain, plain_title


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


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ("Browser 9 ships without &lt;blink&gt;", "Browser 9 ships without <blink>"),
        ("Why Vec&lt;String&gt; matters", "Why Vec<String> matters"),
        ("List<int> in C#", "List<int> in C#"),
        ("Map<String, List<Integer>> explained", "Map<String, List<Integer>> explained"),
        ("std::vector<std::string> grows", "std::vector<std::string> grows"),
        ("Promise<void>, Option<&str>, Box<T>", "Promise<void>, Option<&str>, Box<T>"),
        ("#include <iostream> explained", "#include <iostream> explained"),
        ("<<<Nonsense>>> for all", "<<<Nonsense>>> for all"),
        ("->, <-, <=> and >>= in Haskell", "->, <-, <=> and >>= in Haskell"),
        ("I &lt;3 the harbour", "I <3 the harbour"),
        ("a<b and c>d", "a<b and c>d"),
        ("Kids >5 and <12 ride free", "Kids >5 and <12 ride free"),
        ("The <b> tag is dead", "The <b> tag is dead"),
        ("The <script> tag at 30", "The <script> tag at 30"),
        ("When to use &lt;div&gt; and when &lt;span&gt;", "When to use <div> and when <span>"),
        ("Use <br> sparingly", "Use <br> sparingly"),
        ("<sarcasm>Great</sarcasm> news", "<sarcasm>Great</sarcasm> news"),
        ("Mail <ann@harbour.example> now", "Mail <ann@harbour.example> now"),
        ("&copy=3 &para &sect x", "&copy=3 &para &sect x"),
        ("R&amp;amp;D at AT&T", "R&D at AT&T"),
        ("<i>The Sea</i> is back", "The Sea is back"),
        ("&lt;em&gt;The Sea&lt;/em&gt; is back", "The Sea is back"),
        ("<a href='https://harbour.example'>Harbour</a> opens", "Harbour opens"),
        ("One line<br>two lines<br />three", "One line two lines three"),
        ("<script>alert(1)</script>Harbour", "Harbour"),
        ("H<sub>2</sub>O &#8212s", "H2O —s"),
    ],
)
def test_markup_leaves_a_headline_and_angle_brackets_stay(source: str, seen: str) -> None:
    assert plain_title(source) == seen


ELEMENTS = (
    "iframe title object path style script svg template b p br noscript textarea math select a "
    "table plaintext xmp int T"
)


@pytest.mark.parametrize("name", ELEMENTS.split())
def test_an_escaped_tag_swallows_nothing_of_what_follows(name: str) -> None:
    seen = f"The yard uses <{name}> there. The council paid."
    assert (
        plain(f"<p>The yard uses <code>&lt;{name}&gt;</code> there. The council paid.</p>") == seen
    )
    assert plain(f"<p>The yard uses &lt;{name}&gt; there. The council paid.</p>") == seen
    assert plain(f"The yard uses &lt;{name}&gt; there. The council paid.") == seen
    assert plain_title(f"The yard uses &lt;{name}&gt; there. The council paid.") == seen


@pytest.mark.parametrize("name", ["iframe", "title", "object", "script", "svg", "int", "String"])
def test_a_tag_that_is_never_closed_swallows_nothing(name: str) -> None:
    text = f"The yard uses <{name}> there. The council paid."
    assert plain(text) == text


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        (
            "<pre>if (a &lt; b &amp;&amp; c &gt; d) { x&lt;y&gt;(); }</pre><p>It sails.</p>",
            "if (a < b && c > d) { x<y>(); } It sails.",
        ),
        ('<code>&lt;a href="x"&gt;y&lt;/a&gt;</code> sails', '<a href="x">y</a> sails'),
        ("<p>&lt;p&gt;escaped &lt;b&gt;over&lt;/b&gt;&lt;/p&gt;</p>", "escaped over"),
        ('<p>&lt;img src="x.jpg" /&gt; Text</p>', "Text"),
        ("Text <script>var x = 1; document.write(", "Text"),
        ("<p>cut off</p> <figcapt", "cut off"),
        ("<p>a<!-- hidden <b> --> b</p>", "a b"),
        ("<p>cut off</p> <!-", "cut off"),
        ("<p>x <y> z, 5 < 6</p>", "x <y> z, 5 < 6"),
        ("<o:p>Office</o:p> <amp-img src='x'></amp-img>text", "Office text"),
        ("<p>R&D at AT&T, Q&A &copy=3 &nbsp x</p>", "R&D at AT&T, Q&A &copy=3 x"),
        ('<p>alt <img alt="a > b" src=x> t</p>', "alt t"),
        ("<p>for (i=0; i<n; i++) it sails.</p>", "for (i=0; i<n; i++) it sails."),
    ],
)
def test_code_stays_and_markup_goes(source: str, seen: str) -> None:
    assert plain(source) == seen


@given(st.text(max_size=200))
def test_a_text_that_is_rightly_escaped_is_read_as_it_was_written(text: str) -> None:
    written = plain(" ".join(text.split()).replace("<", "(").replace("&", "+"))
    code = f"{written}<T>&{written}"
    assert plain(f"<p><code>{html.escape(code)}</code></p>") == plain(code)


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
