"""Every place in an article where a name may stand, and who says so: the network or a gazetteer."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as default
from functools import cache, lru_cache
from operator import attrgetter

from nlp.entities.canonical import LABELS, type_of, without_possessive
from nlp.entities.english.country_names import people_named_after_countries
from nlp.entities.english.headline import running
from nlp.entities.english.introductions import introductions
from nlp.entities.gazetteer import names, organisations, people, places
from nlp.entities.keys import folded
from nlp.entities.name_forms import compounds, people_by_form
from nlp.entities.particles import whole_name
from nlp.entities.spans import tidied
from nlp.entities.word_lists import given_names
from nlp.ner.pipeline import Span

JUDGED = ("person", "org", "place")
"""The types that evidence decides between; others are what the network calls them."""

PLAIN, HEADLINE, RUNNING = "plain", "headline", "running"
"""How a span was read: in running text; in a headline as it is; in one rewritten as such."""

QUIET, KNOWN, FORM = "quiet", "known", "form"
"""What the network did not say: it only thought of it; a gazetteer knows the name; or it is a given
name with another behind it."""

BY_RULE = frozenset({KNOWN, FORM})
UNSAID = BY_RULE | {QUIET}

HALF_SURE = 0.4
"""How sure the network must be of a span to hide a known name that is part of it."""

_WORDS = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_](?:[\w&'\u2019-]|\.(?=\w))*")
_PARTS = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_](?:[\w&'\u2019]|\.(?=\w))*")
_BODY_OF_STATE = re.compile(r"(US|U\.S\.|UK) ([a-z]+(?: [a-z]+)?)")
_HANGING = re.compile(r"['\u2019][sS]?$")
_OPENING = re.compile(r"[.!?:;\"“”\u2018(\[|•*]")
_MAX_WORDS = 5
_MAX_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span of a field that may be a name; `view` is how it was read.

    `inside` says that it is part of a longer one, and of use only where that is none.
    """

    field: str
    span: Span
    view: str
    name: str
    inside: bool = False

    @property
    def type(self) -> str:
        """The type of entity that its label means."""
        return type_of(self.span.label)


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """An article's fields as the network read them: `rewritten` is the title as running text.

    `quiet` are the spans of a field that the network thought of but did not say.
    """

    title: str
    summary: str
    rewritten: str
    title_spans: Sequence[Span]
    rewritten_spans: Sequence[Span]
    summary_spans: Sequence[Span]
    quiet: Mapping[str, Sequence[Span]] = default(default_factory=dict)


def reading_of(
    title: str,
    summary: str,
    rewritten: str,
    readings: Sequence[tuple[Sequence[Span], Sequence[Span]]],
) -> ReadArticle:
    """Return a reading from what the network said and thought of title, rewritten and summary."""
    (said, thought), (said_rewritten, thought_rewritten), (said_summary, thought_summary) = readings
    quiet = thought_rewritten if rewritten != title else thought
    return ReadArticle(
        title,
        summary,
        rewritten,
        said,
        said_rewritten,
        said_summary,
        {"title": quiet, "summary": thought_summary},
    )


def rewritten(title: str, summary: str) -> str:
    """Return the title as running text; the capitals that the summary has inside sentences stay."""
    return running(title, capitals_inside(summary))


def capitals_inside(text: str) -> frozenset[str]:
    """Return the words that a text writes with a capital though no sentence begins there."""
    found, behind = set(), 0
    for word in _WORDS.finditer(text):
        gap = text[behind : word.start()]
        if word.group()[0].isupper() and gap and not _OPENING.search(gap):
            found.add(word.group())
        behind = word.end()
    return frozenset(found)


def candidates(reading: ReadArticle) -> list[Candidate]:
    """Return all candidates of an article that name something to browse."""
    is_headline = reading.rewritten != reading.title
    views = [
        ("title", HEADLINE if is_headline else PLAIN, reading.title, reading.title_spans),
        ("summary", PLAIN, reading.summary, reading.summary_spans),
    ]
    if is_headline:
        views.append(("title", RUNNING, reading.title, reading.rewritten_spans))
    views += [
        (field, QUIET, text, reading.quiet.get(field, ()))
        for field, text in (("title", reading.title), ("summary", reading.summary))
    ]
    found = [
        Candidate(field, part, view, name_of(text[part.start : part.end]))
        for field, view, text, spans in views
        for span in spans
        if type_of(span.label)
        for part in (_whole(text, each) for each in tidied(text, span))
    ]
    known = {
        field: list(known_names(text))
        for field, text in (("title", reading.title), ("summary", reading.summary))
    }
    found = [_grown(each, known[each.field], reading) for each in found]
    whole = f"{reading.title}\n{reading.summary}"
    for field, text, as_running in (
        ("title", reading.title, reading.rewritten),
        ("summary", reading.summary, reading.summary),
    ):
        around = _longest_at([each.span for each in found if each.field == field])
        spans = [(KNOWN, span) for span in known[field]]
        spans += [
            (FORM, Span(start, end, LABELS["person"], 0.0))
            for start, end in (
                *people_by_form(as_running),
                *people_named_after_countries(as_running, whole),
                *introductions(text),
            )
        ]
        for view, span in spans:
            inside = around.get(span.start, 0) > span.end - span.start
            if not inside or view == KNOWN:
                name = name_of(text[span.start : span.end])
                found.append(Candidate(field, span, view, name, inside))
    return [candidate for candidate in found if candidate.name]


def _whole(text: str, span: Span) -> Span:
    """Return a person's span with the particles of the name, which the network often leaves out."""
    if span.label != LABELS["person"]:
        return span
    start, end = whole_name(text, span.start, span.end, given_names())
    return span._replace(start=start, end=end)


def _grown(candidate: Candidate, known: Sequence[Span], reading: ReadArticle) -> Candidate:
    """Return a candidate as the longer known name that it is a part of: Guinea of Guinea-Bissau."""
    start, end = candidate.span.start, candidate.span.end
    from_, behind = (
        bisect_right(known, at, key=attrgetter("start")) for at in (start - _MAX_LENGTH, start)
    )
    for span in known[from_:behind]:
        if span.start <= start and end <= span.end and end - start < span.end - span.start:
            text = reading.title if candidate.field == "title" else reading.summary
            grown = span._replace(share=candidate.span.share)
            return replace(candidate, span=grown, name=name_of(text[grown.start : grown.end]))
    return candidate


def _longest_at(spans: Sequence[Span]) -> dict[int, int]:
    """Return the length of the longest span over each character, of those that are rather sure."""
    longest: dict[int, int] = {}
    for span in spans:
        if span.share >= HALF_SURE:
            for at in range(span.start, span.end):
                longest[at] = max(longest.get(at, 0), span.end - span.start)
    return longest


def name_of(text: str) -> str:
    """Return what a written name is compared by."""
    return folded(without_possessive(text)).removeprefix("the ")


def known_names(text: str) -> Iterator[Span]:
    """Yield the names in a text that a gazetteer knows as they are written, the longest first.

    Parts of a compound are known too: "UK-based", "Kuala Lumpur-Singapore", "Xi-Biden".
    """
    words = list(_PARTS.finditer(text))
    joined = {
        part.start: Span(part.start, part.end, LABELS[part.kind], 0.0)
        for parts in compounds(text)
        for part in parts
    }
    at = 0
    while at < len(words):
        start = words[at].start()
        taken = 1
        if span := joined.get(start):
            yield span
        elif not text[start].islower():
            first = words[at].group()
            most = _reach().get(_opening(first)) or _reach().get(folded(first), 0)
            for count in range(min(most, len(words) - at), 0, -1):
                end = words[at + count - 1].end()
                if end - start > _MAX_LENGTH:
                    continue
                length, kind = known_type(text[start:end])
                if kind and (length > 1 or not _is_hyphened(text, start, end)):
                    yield Span(start, start + length, LABELS[kind], 0.0)
                    taken = count
                    break
        at += taken


@cache
def _reach() -> Mapping[str, int]:
    """Return the words that known names begin with, and of how many words the longest is."""
    reach: dict[str, int] = {}
    for gazetteer in (places(), organisations()):
        for name in (*gazetteer.exact, *gazetteer.loose):
            _note_reach(reach, name)
    for name in (*names(), *people()):
        _note_reach(reach, name)
    return reach


def _note_reach(reach: dict[str, int], name: str) -> None:
    parts = _PARTS.findall(name)
    if parts:
        first = _opening(parts[0])
        reach[first] = min(max(reach.get(first, 0), len(parts)), _MAX_WORDS)


@lru_cache(maxsize=50_000)
def _opening(word: str) -> str:
    return folded(_HANGING.sub("", word))


def _is_hyphened(text: str, start: int, end: int) -> bool:
    return "-" in (text[max(start - 1, 0) : start] + text[end : end + 1])


@lru_cache(maxsize=100_000)
def known_type(written: str) -> tuple[int, str]:
    """Return how much of a written name, without its "'s", gazetteers know, and as what type."""
    name = without_possessive(written)
    if len(name) > len(written) or not written.startswith(name[:1]):
        return 0, ""
    if places().find(name):
        return len(name), "place"
    if name in names():
        return len(name), names()[name]
    if organisations().find(name) or names().get(_with_capitals(name)) == "org":
        return len(name), "org"
    return (len(name), "person") if folded(name) in people() else (0, "")


def _with_capitals(name: str) -> str:
    """Return a state's body with the capitals that half of the press leaves out: US navy."""
    body = _BODY_OF_STATE.fullmatch(name)
    return f"{body.group(1)} {body.group(2).title()}" if body else name
