"""Which language a text is in: told from the text, and by the feed only where that is unclear."""

from __future__ import annotations

import re
from collections.abc import Sequence

READ = 600
"""Characters that are looked at: more changes nothing and costs time."""

MIN_LETTERS = 8
"""Shorter texts than this ("Sport", "Read more") can be anything."""

SURE = 0.9
"""From this share of the probability on, the text alone decides."""

MIN_CONFIDENCE = 0.15
"""Below this, after weighing how common the languages are, the detector would be guessing."""

_WIDELY_READ = (
    "ar bg cs da de el es fa fi fr he hi hu id it ja ko nl no pl pt ro ru sv th tr uk vi zh"
)

COMMON = dict.fromkeys(_WIDELY_READ.split(), 3.0) | {"en": 20.0}
"""How many times more news is written in a language than in one not named here, roughly.

It weighs only where a headline of a few words fits many languages about as well: "Taj Hotels sees
data breach" is as good Catalan as English to a model of letters.
"""

CLAIMED, CLAIMED_ENGLISH = 20.0, 3.0
"""How many times likelier a language becomes because the feed claims it.

It weighs where the text alone does not decide: a Polish headline that is mostly the names of games.
English is what software claims when nobody told it, so that claim says little.
"""

_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+|[@#/]\w+(?:/\w+)*")
_ROOM_FOR_ADDRESSES = 4


class LanguageDetector:
    """Detects languages from the text alone, by py3langid's naive Bayes on byte n-grams.

    Only languages with an ISO 639-1 code compete: the others that the model knows (Nigerian
    Pidgin, Ligurian ...) draw short English headlines away and no pipeline exists for them.
    Loading takes about half a second.
    """

    def __init__(self) -> None:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier

        identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
        identifier.set_languages([code for code in identifier.labels if len(code) == 2])
        self._identifier = identifier

    def detect(self, texts: Sequence[str], claimed: Sequence[str] = ()) -> list[str]:
        """Return each text's ISO 639-1 code, "" where it is too short or the detector unsure.

        `claimed` are the languages that the feeds say, one for each text, "" where they say none.
        """
        claims = claimed or [""] * len(texts)
        return [self._detect(text, claim) for text, claim in zip(texts, claims, strict=True)]

    def _detect(self, text: str, claim: str) -> str:
        readable = readable_part(text)
        if sum(map(str.isalpha, readable)) < MIN_LETTERS:
            return ""
        language, confidence = self._identifier.classify(readable)
        if confidence >= SURE:
            return str(language)
        return weighed(self._identifier.rank(readable), claim)


def weighed(ranking: Sequence[tuple[str, float]], claim: str = "") -> str:
    """Return the best language once each is weighed by what is known besides the text.

    That is how common it is and whether the feed claims it; "" if it is still unclear.
    """
    weights = {language: share * COMMON.get(language, 1.0) for language, share in ranking}
    claimed = claim[:2].lower()
    if claimed in weights:
        weights[claimed] *= CLAIMED_ENGLISH if claimed == "en" else CLAIMED
    best = max(weights, key=weights.__getitem__)
    return best if weights[best] >= MIN_CONFIDENCE * sum(weights.values()) else ""


def said_once(title: str, summary: str) -> str:
    """Return title and summary as one text; a headline that is told twice is no surer for that."""
    return title if title.strip() == summary.strip() else f"{title}\n{summary}"


def readable_part(text: str) -> str:
    """Return the first part of a text without addresses, handles and hashtags."""
    return _ADDRESS.sub(" ", text[: READ * _ROOM_FOR_ADDRESSES])[:READ]
