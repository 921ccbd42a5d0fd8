"""Spans as a network marks them, mended: without titles and possessives, two names as two spans."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.entities.canonical import LABELS, type_of
from nlp.entities.gazetteer import famous, names, organisations, people, places, possessives
from nlp.entities.keys import folded
from nlp.entities.name_forms import GENERATIONS, parts_of
from nlp.entities.particles import PARTICLES
from nlp.entities.word_lists import demonyms, given_names, kinds, small_words, titles
from nlp.ner.pipeline import Span

_JUNK = re.compile(
    r"\S*(?:https?:|www\.|\.com\b|@)\S*|[|•►→»«#*_~<>{}\[\]\\…]+|\s[-\u2013—:]+\s|[:;]\s|\s(?=['\u2018\u201c\"]\w)"
)
_WORD = re.compile(r"\S+")
_EDGE = re.compile(r"^[^\w]+|[^\w.!+)]+$")
_POSSESSIVE_END = re.compile(r"(?<=[\w.])\s?['\u2018\u2019][sS]$|(?<=s)['\u2019]$")
_POSSESSIVE_INSIDE = re.compile(
    r"(?<!\b[Pp]eople)(?<!\b[Ww]omen)(?<!\b[Cc]hildren)(?<!\b[Mm]en)(?<=\w)['\u2019]s\s+(?=\w)"
)
"""An owner's "'s"; those of a People's Party and a Women's League own nothing."""
_FIRST_WORD = re.compile(r"[^\s,;:]+")
_HANGING = re.compile(r"(?<=\w\w\w)-([a-z]+)$")
_PREFIX = re.compile(r"(?:ex|anti|pro|non)-(?=[^\W\d_])", re.IGNORECASE)
_CROWD = re.compile(
    r"(?:citizens|residents|voters|families|victims|dozens|hundreds|thousands|millions|billions)"
    r" of (?:the )?(?=[^\W\d_])",
    re.IGNORECASE,
)
_AND = re.compile(r",\s+|\s+(?:and|And|&|or|vs\.?|meets)\s+")
_DAYS = frozenset(
    {"jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"}
    | {"january", "february", "march", "april", "june", "july", "august", "september"}
    | {"october", "november", "december", "monday", "tuesday", "wednesday", "thursday"}
    | {"friday", "saturday", "sunday", "today", "yesterday", "tonight"}
)
_ASKING = frozenset({"can", "did", "does", "has", "is", "may", "was", "will"})
_SALES = {"black": "friday", "cyber": "monday", "prime": "day", "boxing": "day"}
_ARTICLES = frozenset(
    {"a", "an", "the", "this", "that", "his", "her", "its", "their", "our", "your"}
)
_SENTENCE_ENDS = frozenset('.!?:;"\u201c\u2018([|')
MAX_NAME = 120
"""Characters; what is longer is a sentence and no name."""


def tidied(text: str, span: Span) -> list[Span]:
    """Return what of a span is a name: one span, several, or none; dates and sums stay as they are.

    Only the ends move and spans are cut in two: nothing is looked up in the rest of the text.
    """
    if not type_of(span.label):
        return [span]
    return [
        name
        for part in _without_junk(text, span)
        for cut in _cut(text, part)
        if (name := _trimmed(text, cut)) and name.end - name.start <= MAX_NAME
    ]


def _without_junk(text: str, span: Span) -> Iterator[Span]:
    start = span.start
    for junk in _JUNK.finditer(text, span.start, span.end):
        if start < junk.start():
            yield span._replace(start=start, end=junk.start())
        start = junk.end()
    if start < span.end:
        yield span._replace(start=start)


def _cut(text: str, span: Span) -> Iterator[Span]:
    """Yield the names of a span that runs two together: "Xi-Biden", "Tehran's Quds Force"."""
    if span.label == "PERSON" and (joint := _AND.search(text, span.start, span.end)):
        yield span._replace(end=joint.start())
        yield from _cut(text, span._replace(start=joint.end()))
        return
    owner = _POSSESSIVE_INSIDE.search(text, span.start, span.end)
    if owner and (parts := _owner_and_owned(text, span, owner)):
        yield from parts
        return
    if parts := _joined(text, span):
        yield from parts
        return
    both = text.find(" and ", span.start, span.end) if span.label == "ORG" else -1
    if both > 0 and _label_of(text[span.start : both], "") == "ORG":
        yield span._replace(end=both)
        yield span._replace(start=both + 5)
        return
    if span.label in ("ORG", "GPE", "LOC") and (comma := text.find(", ", span.start, span.end)) > 0:
        rest = span._replace(start=comma + 2)
        if places().find(text[rest.start : rest.end]):
            first = text[span.start : comma]
            is_org = span.label == "ORG" and kinds().get(first.split()[-1].lower()) == "ORG"
            yield span._replace(end=comma, label="ORG" if is_org else "GPE")
            yield rest._replace(label="GPE")
            return
    yield span


def _owner_and_owned(text: str, span: Span, owner: re.Match[str]) -> list[Span]:
    before, after = text[span.start : owner.start()], text[owner.end() : span.end]
    first = span._replace(end=owner.start(), label=_label_of(before, span.label))
    rest = span._replace(start=owner.end())
    if places().find(before):
        return [first._replace(label="GPE"), rest]
    if span.label == "PERSON":
        return [first, rest] if " " in after else [first]
    if span.label == "ORG" and _is_body(before) and _is_body(after):
        return [first, rest]
    if span.label == "ORG" and first.label == "ORG" and _label_of(before, ""):
        return [first, rest] if _label_of(after, "") else [first]
    return []


def _is_body(name: str) -> bool:
    """Say whether several words end in one that says that they are an organisation."""
    *before, last = name.split() or [""]
    return bool(before) and kinds().get(last.lower()) == "ORG"


def _joined(text: str, span: Span) -> list[Span]:
    """Return the names of a span that a hyphen joins, and what follows them: Xi-Biden Apec."""
    word = _FIRST_WORD.match(text, span.start, span.end)
    if not word:
        return []
    parts = parts_of(text, word.start(), word.end())
    found = [Span(part.start, part.end, LABELS[part.kind], span.share) for part in parts]
    rest = text[word.end() : span.end].strip()
    if found and (label := _label_of(rest, "")):
        start = text.index(rest, word.end())
        found.append(Span(start, start + len(rest), label, span.share))
    return found


def _label_of(word: str, otherwise: str) -> str:
    if places().find(word):
        return "GPE"
    return LABELS.get(names().get(word, "org" if organisations().find(word) else ""), otherwise)


def _trimmed(text: str, span: Span) -> Span | None:
    """Return a span without what stands around the name: articles, titles, quotes, "'s"."""
    start, end = span.start, span.end
    while edge := _EDGE.search(text[start:end]):
        start, end = (
            start + (edge.end() if not edge.start() else 0),
            (end if not edge.start() else start + edge.start()),
        )
    label = span.label
    for opening in (_CROWD, _PREFIX):
        if cut := opening.match(text, start, end):
            start = cut.end()
            label = _label_of(text[start:end], label)
    whole = text[start:end].replace("\u2019", "'") in possessives()
    if not whole and (tail := _POSSESSIVE_END.search(text[start:end])):
        end = start + tail.start()
    if hanging := _HANGING.search(text[start:end]):
        end = start + hanging.start() if hanging.group(1) in small_words() else end
    words = [(start + each.start(), start + each.end()) for each in _WORD.finditer(text[start:end])]
    if label == "PERSON":
        words = _without_headline(text, words)
        words = _without_employer(text, words)
        words = _without_roles(text, _without_titles(text, words))
        words = _without_small_words(text, words)
    while len(words) > 1 and text[slice(*words[0])].lower() in _ARTICLES:
        rest = text[words[1][0] : words[-1][1]]
        if not _opens(text, words[0]) and not _label_of(rest, ""):
            break
        words = words[1:]
    words = _without_days(text, words)
    if not words:
        return None
    if label == "PERSON" and kinds().get(text[slice(*words[-1])].lower()) == "FAC":
        label = "FAC"
    return span._replace(start=words[0][0], end=words[-1][1], label=label)


def _without_days(text: str, words: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return words without what a calendar says behind a name: South Korea Oct, Amazon Black."""
    while len(words) > 1 and _is_day(text, words):
        words = words[:-1]
    return words


def _is_day(text: str, words: list[tuple[int, int]]) -> bool:
    """Say whether the last of several words is a day or a month, or opens a sale's name."""
    last = text[slice(*words[-1])].strip(".,").lower()
    if last == "may":
        return text[slice(*words[0])].lower() not in given_names()
    following = _WORD.match(text, words[-1][1] + 1)
    sale = _SALES.get(last)
    return last in _DAYS or bool(sale and following and following.group().lower() == sale)


def _opens(text: str, word: tuple[int, int]) -> bool:
    """Say whether a word has its capital, if any, from opening a sentence and not from a name."""
    before = text[max(word[0] - 3, 0) : word[0]].rstrip()
    return not before or before[-1] in _SENTENCE_ENDS or text[word[0]].islower()


def _without_titles(text: str, words: list[tuple[int, int]]) -> list[tuple[int, int]]:
    for count in (3, 2, 1):
        if len(words) > count:
            title = text[words[0][0] : words[count - 1][1]].casefold().rstrip(".,")
            if title in titles() or (title in demonyms() and len(words) > count + 1):
                return _without_titles(text, words[count:])
    return words


def _without_employer(text: str, words: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return a person's words without whom the person serves, and as what: Apple CEO Tim Cook."""
    for at in range(1, len(words) - 1):
        role = text[slice(*words[at])].casefold().rstrip(".")
        before = (text[word[0] : words[at - 1][1]] for word in words[:at])
        if role in titles() and any(_label_of(each, "") for each in before):
            return _without_employer(text, words[at + 1 :])
    return words


def _without_headline(text: str, words: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return a person's words without a headline's: Rishi Sunak Rearranges, Palestinians Sue Biden.

    That is what stands behind a famous full name, and a people and its verb before a famous one.
    """
    written = [folded(text[slice(*word)]) for word in words]
    for count in (2, 3):
        if len(words) > count and " ".join(written[:count]) in famous():
            return words if written[count] in GENERATIONS else words[:count]
    if len(words) == 3 and written[0] in demonyms() and written[0].endswith("s"):
        return words[2:] if written[2] in people() else words
    return words


def _without_roles(text: str, words: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return a person's words without those in small letters before them: patwari Anna Holm."""
    while len(words) > 2 and text[slice(*words[0])].isalpha() and text[slice(*words[0])].islower():
        if text[slice(*words[0])] in PARTICLES:
            break
        words = words[1:]
    return words


def _without_small_words(text: str, words: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return a person's words without common ones at the ends, unless nothing else is left."""
    bare = [text[slice(*word)].strip(".,'\u2019\"").lower() for word in words]
    is_name = [
        word not in small_words()
        or word in given_names()
        or len(word) < 2
        or (at == 1 and bare[0] in given_names())
        for at, word in enumerate(bare)
    ]
    if not any(is_name):
        return words
    if len(words) > 2 and bare[0] in _ASKING and bare[1] in given_names():
        return _without_small_words(text, words[1:])
    first, last = is_name.index(True), len(words) - is_name[::-1].index(True)
    return words[first:last]
