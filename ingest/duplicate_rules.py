"""Decides whether two articles that share words are duplicates or only look alike.

What two outlets print is one story if most of the shorter text stands in the longer in the same
order, as with agency copy that is cut and touched up; reports of their own on the same event share
names, not sentences. What one outlet prints twice is one story only if nothing tells it from the
next of a series: the same frame round other numbers, other names or another headline is a series.
The thresholds were found on pairs labelled by hand (bench/ingest/duplicates.py), looking at each
pair in its month and alone: how an outlet frames its pieces can't be counted where few are known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches

from ingest.series import of_one_form, other_names, other_parts

LEAST_SHARE = 0.4
"""Pieces that share less are never one story, so they need not be shown to `verdict`."""

SOON = timedelta(hours=12)
"""What is printed again within this is another edition; later it may be the next of a series."""

WINDOW_OF_ONE = timedelta(days=4)
"""How far apart one outlet may publish one piece; what it says later is the next of a series."""

_WORDS = 400  # of each text
_STEM = 5  # letters by which words are told apart in headlines, so that endings don't count
_FEWEST = 5  # trigrams that a text must have left
_FEWEST_OF_SAME, _SAME_HEADLINE_WORDS = 3, 5  # or so many under an identical headline
_HEAD, _SHARE_OF_HEAD = 12, 0.6  # words in which two begin alike; boilerplate ends alike

_SHARE = 0.72  # of the shorter text, to be a duplicate for that alone
_SHARE_IN_ORDER, _IN_ORDER = 0.5, 0.95  # or so much, with nearly every word in the same order
_IN_ORDER_WITH_HEAD = 0.8  # or somewhat fewer, beginning alike
_ENOUGH, _FEWEST_IN_ORDER = 20, 15  # trigrams and words for the last two; fewer may be a quote
_COMMON_WORDS = 0.35  # of the shorter text, under one long headline of two outlets
_SHARE_WITH_HEADLINE, _HEADLINE, _HEADLINE_WORDS = 0.4, 0.9, 7  # or under the same headline
_HEADLINE_ALONE, _HEADLINE_IN_OTHER = 0.75, 0.85  # of the words, where one has no text

_LIVE = 1.5  # times as long as the other piece is a page that may tell of more
_SHARE_OF_SERIES, _SURE = 0.85, 12  # where numbers differ within an outlet
_FRAME, _FRAMED_HEADLINE = 0.4, 0.8  # where much of the text was the outlet's frame
_SAME_HEADLINE = 0.5  # below this an outlet's headlines are of two pieces,
_TOLD, _TOLD_LATER = 0.4, 0.6  # unless so much of both is told by the other piece
_BLURB = 30  # words at most that outlets put under any headline
_NAME_OF_SERIES = (
    0.72  # of the words of two headlines; what shares more is one headline, touched up
)
_UNTOLD = 0.2  # of the words in which headlines differ, told by a text that is not a blurb
_SPELT_ALIKE = 0.75  # letters that the stems of one word share where it is spelt in two ways
_SHORT = 20  # words; so few are no piece, but the frame of one, if they come again later

_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Text:
    """What is compared of an article; `published` is when it was fetched where nothing is known.

    `outlet` tells its publisher from others (`ingest.urls.outlet_of`).
    """

    id: str
    outlet: str
    title: str
    summary: str
    published: datetime


@dataclass(frozen=True, slots=True)
class Overlap:
    """What two texts have in common once an outlet's frame is left out.

    `share` of the trigrams of the shorter text, which has `fewest`, stand in the longer; `framed`,
    from 0 to 1, is how much of the shorter text the frame was.
    """

    share: float
    fewest: int
    framed: float


def verdict(first: Text, second: Text, shared: Overlap) -> str:
    """Return why two pieces tell one story, "" if they don't."""
    identical = _identical_headlines(first, second)
    if shared.fewest < (_FEWEST_OF_SAME if identical else _FEWEST):
        return ""
    if first.outlet == second.outlet and not _same_piece(first, second, shared):
        return ""
    if _blurb_in_common(first, second):
        return ""
    return _reason(first, second, shared)


def words(text: str) -> list[str]:
    """Return the words that are compared of a text."""
    return _WORD.findall(text.casefold())[:_WORDS]


def _reason(first: Text, second: Text, shared: Overlap) -> str:
    reason = f"{shared.share:.0%} of the shorter text stands in the longer"
    clash = _numbers_clash(first, second)
    if not (first.summary and second.summary):
        return (
            reason if shared.share >= _SHARE and not clash and _headline_kept(first, second) else ""
        )
    if shared.share >= _SHARE and (shared.fewest >= _ENOUGH or not clash):
        return "" if _one_of_several(first, second, shared) else reason
    return "" if first.outlet == second.outlet else _reason_between_outlets(first, second, shared)


def _reason_between_outlets(first: Text, second: Text, shared: Overlap) -> str:
    reason = f"{shared.share:.0%} of the shorter text stands in the longer"
    if _one_headline(first, second) and shared.share >= _SHARE_WITH_HEADLINE:
        return f"the same headline, and {reason}"
    if shared.share < _SHARE_IN_ORDER or shared.fewest < _ENOUGH:
        return ""
    in_order = _in_order(first.summary, second.summary)
    if in_order >= _IN_ORDER:
        return f"nearly the same words in the same order, and {reason}"
    alike = _begin_alike(first.summary, second.summary)
    return f"the same beginning, and {reason}" if alike and in_order >= _IN_ORDER_WITH_HEAD else ""


def _same_piece(first: Text, second: Text, shared: Overlap) -> bool:
    """Say whether two pieces of one outlet may be one, and not two of a series."""
    apart = abs(second.published - first.published)
    again = apart > SOON and _is_short(first) and _is_short(second)
    if again or apart > WINDOW_OF_ONE or other_parts(first.title, second.title):
        return False
    sure = shared.share >= _SHARE_OF_SERIES and shared.fewest >= _SURE
    if _headline_numbers_clash(first, second) and not (sure and apart <= SOON):
        return False
    if (_numbers_clash(first, second) and not sure) or _names_clash(first, second):
        return False
    likeness = _likeness(first.title, second.title)
    if shared.framed > _FRAME and likeness < _FRAMED_HEADLINE:
        return False
    least = _TOLD if apart <= SOON else _TOLD_LATER
    if likeness < _SAME_HEADLINE and _headlines_repeated(first, second) < least:
        return False
    return likeness >= _FRAMED_HEADLINE or _begin_alike(first.summary, second.summary)


def _in_order(one: str, other: str) -> float:
    """Return how much of the shorter text stands in the other in the same order, from 0 to 1.

    The longest common subsequence of words, as bits of one number: Crochemore and others, "A fast
    and practical bit-vector algorithm for the longest common subsequence problem" (2001).
    """
    short, long = sorted((words(one), words(other)), key=len)
    if len(short) < _FEWEST_IN_ORDER:
        return 0.0
    places: dict[str, int] = {}
    for n, word in enumerate(short):
        places[word] = places.get(word, 0) | 1 << n
    everywhere = (1 << len(short)) - 1
    unmatched = everywhere
    for word in long:
        met = unmatched & places.get(word, 0)
        unmatched = ((unmatched + met) | (unmatched - met)) & everywhere
    return 1 - unmatched.bit_count() / len(short)


def copied_headline(first: Text, second: Text) -> bool:
    """Say whether texts under one long headline let it be an agency's: none, or much in common."""
    if not (first.summary and second.summary):
        return True
    short, long = sorted((_longer(_stems(text.summary)) for text in (first, second)), key=len)
    return len(short & long) >= _COMMON_WORDS * len(short)


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in words(text)}


def _likeness(one: str, other: str, *, of_shorter: bool = False) -> float:
    """Return how many of their different words two headlines share, from 0 to 1."""
    left, right = _stems(one), _stems(other)
    whole = min(len(left), len(right)) if of_shorter else len(left | right)
    return len(left & right) / whole if whole else 0.0


def _one_headline(first: Text, second: Text) -> bool:
    shortest = min(len(words(first.title)), len(words(second.title)))
    return shortest >= _HEADLINE_WORDS and _likeness(first.title, second.title) >= _HEADLINE


def _headline_kept(first: Text, second: Text) -> bool:
    """Say whether a headline that stands alone is that of the other piece, a word more or less."""
    inside = _likeness(first.title, second.title, of_shorter=True)
    return inside >= _HEADLINE_IN_OTHER and _likeness(first.title, second.title) >= _HEADLINE_ALONE


def _is_short(text: Text) -> bool:
    return len(words(f"{text.title} {text.summary}")) < _SHORT


def _identical_headlines(first: Text, second: Text) -> bool:
    headline = words(first.title)
    return len(headline) >= _SAME_HEADLINE_WORDS and headline == words(second.title)


def _headlines_repeated(first: Text, second: Text) -> float:
    """Return how much of two headlines the respectively other piece tells, from 0 to 1."""
    shares = []
    for one, other in ((first, second), (second, first)):
        headline = _longer(_stems(one.title))
        repeated = headline & _stems(f"{other.title} {other.summary}")
        shares.append(len(repeated) / len(headline) if headline else 0.0)
    return sum(shares) / 2


def _blurb_in_common(first: Text, second: Text) -> bool:
    """Say whether two texts are a blurb that tells nothing of that in which headlines differ.

    It stands under every headline of an outlet's series, or of many outlets, and the headlines
    alone say what the pieces are about. One word of what the headlines of a series share, as its
    name, may stand in the blurb. What is soon printed again under a headline of another form is
    another edition.
    """
    if not (first.summary and second.summary):
        return False
    left, right = _stems(first.title), _stems(second.title)
    texts = _stems(f"{first.summary} {second.summary}")
    if first.outlet != second.outlet:
        short = max(len(words(text.summary)) for text in (first, second)) <= _BLURB
        headlines = _longer(left | right)
        headline_missing = len(headlines & texts) <= _UNTOLD * len(headlines)
        return short and headline_missing and not headlines & left & right
    own = [_longer(mine - others) for mine, others in ((left, right), (right, left))]
    repeated = any(len(stems & texts) > _UNTOLD * len(stems) for stems in own)
    if repeated or not all(own) or _spelt_alike(*own):
        return False
    if other_names(first.title, second.title):
        return True
    frame_repeated = len(_longer(left & right) & texts) > 1
    later = abs(second.published - first.published) > SOON
    return (
        not frame_repeated
        and _likeness(first.title, second.title) <= _NAME_OF_SERIES
        and (later or of_one_form(first.title, second.title))
    )


def _spelt_alike(some: set[str], others: set[str]) -> bool:
    return all(get_close_matches(stem, others, n=1, cutoff=_SPELT_ALIKE) for stem in some)


def _longer(stems: set[str]) -> set[str]:
    """Return the stems that may be of names and nouns, all if there are none."""
    return {stem for stem in stems if len(stem) > 3} or stems


def _headline_numbers_clash(first: Text, second: Text) -> bool:
    """Say whether each headline has a number that the other lacks: other days, parts, counts."""
    left, right = (set(_NUMBER.findall(text.title)) for text in (first, second))
    return bool(left - right and right - left)


def _numbers_clash(first: Text, second: Text) -> bool:
    """Say whether each piece has a number that the other lacks, or their headlines clash."""
    left, right = (set(_NUMBER.findall(f"{t.title} {t.summary}")) for t in (first, second))
    return _headline_numbers_clash(first, second) or bool(left - right and right - left)


def _one_of_several(first: Text, second: Text, shared: Overlap) -> bool:
    """Say whether one piece may be a part of the other's live page, under another headline."""
    short, long = sorted(len(words(text.summary)) for text in (first, second))
    return (
        long > _LIVE * short
        and first.outlet != second.outlet
        and shared.share < _SHARE_OF_SERIES
        and _likeness(first.title, second.title) < _SAME_HEADLINE
        and not _begin_alike(first.summary, second.summary)
    )


def _names_clash(first: Text, second: Text) -> bool:
    """Say whether each piece tells in headline and text of something that the other lacks."""
    clashes = []
    for one, other in ((first, second), (second, first)):
        own = _longer(_stems(one.title)) & _stems(one.summary)
        clashes.append(bool(own - _stems(f"{other.title} {other.summary}")))
    return all(clashes)


def _begin_alike(one: str, other: str) -> bool:
    """Say whether two texts share most of their first words, as agency copy and reissues do."""
    left, right = (words(text)[:_HEAD] for text in (one, other))
    if not left or not right:
        return False
    trigrams = [{tuple(at[n : n + 3]) for n in range(len(at) - 2)} for at in (left, right)]
    fewest = min(map(len, trigrams))
    return bool(fewest) and len(trigrams[0] & trigrams[1]) >= _SHARE_OF_HEAD * fewest
