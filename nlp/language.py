"""Which language a text is in: told from the text, and by the feed only where that is unclear."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from nlp.function_words import LANGUAGES_OF

READ = 600
"""Characters that are looked at: more changes nothing and costs time."""

MIN_LETTERS = 8
"""Shorter texts than this ("Sport", "Read more") can be anything."""

SURE = 0.9
"""From this share of the probability on, the text alone decides."""

MIN_CONFIDENCE = 0.15
"""Below this, after weighing how common the languages are, the detector would be guessing."""

_MOST_READ = "de es fr it ja nl pl pt ru zh"
_WIDELY_READ = "ar cs da el fa fi he hi hu id ko no ro sv th tr uk vi"

MIN_CJK = 2
"""Letters of a text in Chinese, Japanese or Korean; two of them are a word."""

COMMON = (
    dict.fromkeys(_WIDELY_READ.split(), 3.0) | dict.fromkeys(_MOST_READ.split(), 6.0) | {"en": 20.0}
)
"""How many times more news is written in a language than in one not named here, roughly.

It weighs only where a headline of a few words fits many languages about as well: "Taj Hotels sees
data breach" is as good Catalan as English to a model of letters.
"""

CLAIMED, CLAIMED_ENGLISH = 20.0, 3.0
"""How many times likelier a language becomes because the feed claims it.

It weighs where the text alone does not decide: a Polish headline that is mostly the names of games.
English is what software claims when nobody told it, so that claim says little.
"""

WORD = 6.0
"""How many times likelier a language becomes by each of its function words in an unclear text."""

_WORD = re.compile(r"[^\W\d_]+")
_KANA = re.compile("[\u3041-\u30ff\u31f0-\u31ff\uff66-\uff9f]")
_HANGUL = re.compile("[\uac00-\ud7a3\u1100-\u11ff\u3130-\u318f]")
_JAPANESE_FORMS = re.compile(
    "[円気対発変応権戦続経済検広沢浜駅売読験険団図塩帰悪栄営価関観県撃拝払収圧囲処総]"
)
"""Characters that are written so in Japan and nowhere in China."""
_OWN_LETTERS = {
    "uk": re.compile("[іїєґІЇЄҐ]"),
    "ru": re.compile("[ыэёЫЭЁ]"),
    "sv": re.compile("[äöÄÖ]"),
    "da": re.compile("[æøÆØ]"),
    "no": re.compile("[æøÆØ]"),
    "pl": re.compile("[ąęłńśźżĄĘŁŃŚŹŻ]"),
    "de": re.compile("[äöüßÄÖÜ]"),
    "pt": re.compile("[ãõÃÕ]"),
    "es": re.compile("[ñ¿¡Ñ]"),
}
"""Letters that a language has and those mistaken for it lack; they weigh as a word does."""
_OWN_FORMS = {
    "it": re.compile(
        r"\w(?:[bcdfglmnprstvz]i|([bcdfgptvz])\1[aeio]\w*|zion[ei]|ità|gli[aeo]|chi?[eo]|rato)\b"
    ),
    "es": re.compile(r"\w(?:ci[oó]n|ciones|dad|dades|ñ[aeo]s?|[aeo]jos?|iento)\b"),
    "pt": re.compile(r"\w(?:ção|ções|[ãõ]es|nh[ao]s?|lh[ao]s?|dade)\b"),
}
"""How words are formed in one of languages whose function words are largely the same.

*Al*, *no*, *la* and *in* do not tell Italian from Spanish; a word in -i, or with -tt- or -zz-
before a vowel, does: "Meloni" is formed as Italian is. They weigh as a word does, where one
of the language's words stands that English lacks.
"""
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
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
        letters = sum(map(str.isalpha, readable))
        if language := language_by_script(readable, letters):
            return language
        han = _HAN.search(readable)
        if letters < (MIN_CJK if han else MIN_LETTERS):
            return ""
        language, confidence = self._identifier.classify(readable)
        if confidence >= SURE:
            return str(language)
        ranking = self._identifier.rank(readable)
        return weighed(ranking, claim, function_words(readable))


def language_by_script(text: str, letters: int) -> str:
    """Return the language of a text in kana or Hangul, which one language each is written in.

    `letters` are those of the whole text. A foreign name between others decides nothing: a third of
    the letters must be of the script, or with kana of Chinese characters.
    """
    if text.isascii() or letters < MIN_CJK:
        return ""
    kana, hangul = len(_KANA.findall(text)), len(_HANGUL.findall(text))
    if kana and 3 * (kana + len(_HAN.findall(text))) >= letters:
        return "ja"
    return "ko" if 3 * hangul >= letters else ""


def function_words(text: str) -> dict[str, int]:
    """Return how many of a text's words are such as only one or few languages are made with."""
    found: dict[str, int] = {}
    if _JAPANESE_FORMS.search(text):
        found["ja"] = 1
    for language, letters in _OWN_LETTERS.items():
        if letters.search(text):
            found[language] = 1
    lower = text.lower()
    foreign: set[str] = set()
    for word in set(_WORD.findall(lower)):
        languages = LANGUAGES_OF.get(word, ())
        if len(word) > 1 and "en" not in languages:
            foreign.update(languages)
        for language in languages:
            found[language] = found.get(language, 0) + 1
    for language, forms in _OWN_FORMS.items():
        if language in foreign and forms.search(lower):
            found[language] += 1
    return found


def weighed(
    ranking: Sequence[tuple[str, float]],
    claim: str = "",
    function_words: Mapping[str, int] | None = None,
) -> str:
    """Return the best language once each is weighed by what is known besides its n-grams.

    That is how common it is, whether the feed claims it, and which of its function words the text
    has (`function_words`); "" if it is still unclear.
    """
    words = function_words or {}
    weights = {
        language: share * COMMON.get(language, 1.0) * WORD ** words.get(language, 0)
        for language, share in ranking
    }
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
