"""Which language a text is written in, whatever its feed claims."""

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

    def detect(self, texts: Sequence[str]) -> list[str]:
        """Return each text's ISO 639-1 code, "" where it is too short or the detector unsure."""
        return [self._detect(text) for text in texts]

    def _detect(self, text: str) -> str:
        readable = readable_part(text)
        if sum(map(str.isalpha, readable)) < MIN_LETTERS:
            return ""
        language, confidence = self._identifier.classify(readable)
        if confidence >= SURE:
            return str(language)
        return weighed(self._identifier.rank(readable))


def weighed(ranking: Sequence[tuple[str, float]]) -> str:
    """Return the best language once each is weighed by how common it is, "" if still unclear."""
    weights = [(share * COMMON.get(language, 1.0), language) for language, share in ranking]
    best, language = max(weights)
    total = sum(weight for weight, _ in weights)
    return language if best >= MIN_CONFIDENCE * total else ""


def readable_part(text: str) -> str:
    """Return the first part of a text without addresses, handles and hashtags."""
    return _ADDRESS.sub(" ", text[: READ * _ROOM_FOR_ADDRESSES])[:READ]
