"""Which forms of a word are the same word: stems by language, and words that say nothing.

Stems are Snowball's (Porter 2001), by the C library; languages that Snowball does not know have the
dictionary forms of simplemma (Barbaresi 2021), where their letters have no accents to leave off.
Both are made from folded words, so that someone who leaves the accents off finds the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from search.text.words import fold, words

_SNOWBALL = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "eo": "esperanto",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fa": "persian",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
"""The algorithm of each language that has one."""

_LEMMATISED = {
    "bg": "\u0400-\u04ff",
    "ka": "\u10d0-\u10ff",
    "mk": "\u0400-\u04ff",
    "uk": "\u0400-\u04ff",
}
"""Languages with a dictionary of forms, and the letters they write with."""


def _dictionary_form(language: str) -> Callable[[str], str]:
    """Return what brings the words of a language to their dictionary form.

    The dictionary takes a second to read, and is not read for a word in other letters. Names come
    first: `\u043a\u0438\u0457\u0432` is Kyiv before it is a form of a cue.
    """
    own = re.compile(f"[{_LEMMATISED[language]}]+")

    def form(word: str) -> str:
        if not own.fullmatch(word):
            return word
        from simplemma import lemmatize

        return fold(lemmatize(word.capitalize(), lang=language))

    return form


_KOREAN_PARTICLES = (
    *("에서는", "에서도", "으로는", "으로도", "에게서"),
    *("에서", "에게", "으로", "까지", "부터", "보다", "처럼", "이나", "라고"),
    *("은", "는", "이", "가", "을", "를", "의", "에", "로", "와", "과", "도", "만"),
)
"""Particles that stand at the end of Korean nouns, the longest first."""


def _without_particle(word: str) -> str:
    """Return a Korean word without the particle at its end, if two syllables are left."""
    for particle in _KOREAN_PARTICLES:
        if len(word) > len(particle) + 1 and word.endswith(particle):
            return word[: -len(particle)]
    return word


_HEBREW_PREFIXES = "בלמהוכש"
_HEBREW_SHORTEST = 4
"""Letters that are left of a Hebrew word."""


def _without_prefixes(word: str) -> str:
    """Return a Hebrew word without the prepositions and articles written onto its beginning."""
    while len(word) > _HEBREW_SHORTEST and word[0] in _HEBREW_PREFIXES:
        word = word[1:]
    return word


@lru_cache(maxsize=64)
def _stemmer(language: str) -> Callable[[str], str] | None:
    if language == "ko":
        return _without_particle
    if language == "he":
        return _without_prefixes
    if language in _LEMMATISED:
        return _dictionary_form(language)
    if language not in _SNOWBALL:
        return None
    import Stemmer

    # Without its own cache, which is not safe in several threads; ours is beside `stem`.
    stemmer: Callable[[str], str] = Stemmer.Stemmer(_SNOWBALL[language], 0).stemWord
    return stemmer


@lru_cache(maxsize=500_000)
def stem(word: str, language: str) -> str:
    """Return the stem of a folded word in a language (ISO 639-1; "" is taken for English).

    The word itself where the language has no stemmer.
    """
    stemmer = _stemmer(language or "en")
    if stemmer is None or word.isdigit():
        return word
    return stemmer(word) or word


@lru_cache(maxsize=32)
def stopwords(language: str) -> frozenset[str]:
    """Return the folded words of a language that say nothing of a text; none where unknown."""
    from whoosh.lang import has_stopwords, stopwords_for_language

    language = language or "en"
    if not has_stopwords(language):
        return frozenset()
    return frozenset(map(fold, stopwords_for_language(language)))


@dataclass(frozen=True, slots=True)
class StemForm:
    """A stem that a word has in some languages, and which articles it is looked for in.

    `only` are the languages of those articles, () for any; `banned` are languages that are left
    out. English is told by what it is not, since articles of no known language count as English.
    """

    form: str
    only: tuple[str, ...] = ()
    banned: tuple[str, ...] = ()


@lru_cache(maxsize=10_000)
def stem_forms(written: str, languages: tuple[str, ...]) -> tuple[StemForm, ...]:
    """Return the stems of a word as typed in some languages, that of English first.

    A stem belongs to the articles of its languages: what Russian makes of `ai` is `a`, and finds no
    English article. So does what a language leaves off behind an apostrophe: `Ankara'da`. They are
    kept, since one search asks several times, and an archive has many languages.
    """
    groups: dict[str, list[str]] = {}
    plain = words(written) if written.isalnum() else None  # the same words in every language
    for language in dict.fromkeys(("en", *languages)):
        for word in words(written, language) if plain is None else plain:
            groups.setdefault(stem(word, language), []).append(language)
    if not groups:
        return ()
    english, *others = groups
    strangers = tuple(language for form in others for language in groups[form])
    return (
        StemForm(english, banned=strangers),
        *(StemForm(form, only=tuple(groups[form])) for form in others),
    )
