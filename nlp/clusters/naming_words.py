"""Words that name no cluster: those of every text, page or shop, and those that are not nouns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from functools import cache, lru_cache

from nlp.function_words import function_words
from nlp.tfidf import words

FEWEST_SEEN = 15
"""How often a word must be met inside of sentences to say whether it is a noun."""
NOUN_SHARE = 0.025
"""The share of its places from which a word is a noun: see `plain_words`."""
READ = 600
"""Characters of a summary that are read."""


@lru_cache(maxsize=1)
def stop_words() -> frozenset[str]:
    """Return words that tell nothing about an article: of every text, and of every news page."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    stop: frozenset[str] = ENGLISH_STOP_WORDS.union(_EMPTY.split())
    return stop


@cache
def left_out(language: str) -> frozenset[str]:
    """Return the words that name no cluster, in articles of a language."""
    ours = frozenset(words(" ".join(function_words(language))))
    return stop_words() | _VAGUE | SHOPPING | ours


_EMPTY = (
    "said says say saying new year years day days week weeks month months time people monday "
    "tuesday wednesday thursday friday saturday sunday january february march april may june july "
    "august september october november december today yesterday according just like make makes "
    "made don doesn didn isn wasn won ve ll re here story read reading news latest report reports "
    "reported told tells tell going come comes came best way look looks looking know need want "
    "good great big get gets getting got set use used using one two three four five six seven "
    "eight nine ten first last million billion percent per cent com www https http video watch "
    "photo photos live updates update"
)
"""Words of every news page, beside those of every text."""

_VAGUE = frozenset(
    {
        *("old", "right", "world", "end", "left", "free", "help", "young", "high", "long", "real"),
        *("run", "life", "home", "man", "men", "woman", "women"),
    }
)
"""Words that group articles well, and name nothing."""

SHOPPING = frozenset(
    {
        *("deal", "deals", "sale", "sales", "save", "saves", "saving", "savings", "discount"),
        *("discounts", "discounted", "price", "prices", "buy", "buying", "shop", "shopping"),
        *("shoppers", "shipping", "gift", "gifts", "coupon", "coupons", "promo", "bargain"),
        *("offer", "offers", "early", "official", "available", "released"),
        *("black", "friday", "cyber", "monday", "amazon", "walmart", "holiday", "holidays"),
    }
)
"""What every shop and trailer says, and a month's sales: the goods name such a cluster."""

WEAK = frozenset(
    {
        *("morning", "afternoon", "evening", "night", "tonight", "weekend", "hour", "hours"),
        *("minute", "minutes", "moment", "past", "future", "half", "second", "number", "list"),
        *("start", "end", "ahead", "away", "nov", "oct", "dec", "jan", "feb", "aug", "sep", "sept"),
        *("email", "emails", "podcast", "blog", "newsletter", "app", "follow", "subscribe"),
        *("check", "visit", "post", "stories", "story", "pictures", "images", "image", "press"),
        *("low", "lowest", "biggest", "fast", "key", "favorite", "extra", "perfect", "pick"),
        *("picks", "snag", "bit", "way", "ways", "stuff", "thing", "things", "idea", "place"),
        *("parts", "part", "thousands", "dozens", "decades", "members", "member", "calls", "did"),
        *("plus", "ago", "soon", "wide", "hit", "happening", "seen", "face", "head", "move"),
        *("west", "south", "east", "north", "middle", "house", "board", "group", "national"),
        *("international", "organization", "agency", "department", "institute", "center"),
        *("major", "state", "united", "game", "company", "service", "series", "event", "events"),
        *("lifestyle", "wins", "win", "stand", "trying", "working", "dead", "died", "killed"),
        *("retailers", "providers", "providing", "brands", "merch", "single", "solutions"),
        *("better", "simple", "tiny", "worst", "late", "share", "shows", "aims", "launches"),
        *("making", "dies", "general", "met", "country", "countries", "work", "remains"),
        *("answer", "answers", "hints", "words", "cost", "title", "opening", "result", "results"),
    }
)
"""Nouns, and names of one word, that say little by themselves."""

_BEFORE = frozenset(
    {
        *("a", "an", "the", "this", "that", "these", "those", "his", "her", "its", "their", "our"),
        *("my", "your", "of", "in", "for", "with", "by", "on", "at", "from", "against", "over"),
        *("into", "about", "after", "under", "between", "and", "or"),
    }
)
_AFTER = frozenset(
    {
        *(".", ",", ";", ":", "!", "?", ")", "of", "in", "for", "with", "by", "on", "at", "from"),
        *("and", "or", "is", "was", "are", "were", "has", "have", "had", "will", "would", "can"),
        *("could", "to", "that", "which", "who", "as", "after", "but"),
    }
)
_tokens = re.compile(r"\w+|[.,;:!?)]").findall


def plain_words(texts: Iterable[str], wanted: Collection[str]) -> frozenset[str]:
    """Return those of the `wanted` words that make no name: weak ones, and those that are no nouns.

    A noun ends a phrase that an article or preposition begins ("the *strike* in"); a verb, an
    adjective or an adverb hardly ever stands so ("they *announced* that", "the *biggest* crowd").
    So a word is told by the share of its places that are between two such words, in English
    `texts`. One that is met too seldom to say is taken for a noun.
    """
    seen: Counter[str] = Counter()
    noun: Counter[str] = Counter()
    for text in texts:
        said = [*_tokens(text[:READ].lower()), "."]
        for before, word, after in zip(said, said[1:], said[2:], strict=False):
            if word in wanted:
                seen[word] += 1
                noun[word] += before in _BEFORE and after in _AFTER
    others = (
        word
        for word, count in seen.items()
        if count >= FEWEST_SEEN and noun[word] < NOUN_SHARE * count
    )
    return frozenset(wanted) & WEAK | frozenset(others)
