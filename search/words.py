"""What counts as a word, and when two words are the same: the one way of reading text in search.

Every engine indexes and asks for words as they are made here, so that they agree on what a query
means, and snippets are marked by the same rules.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

# Vowel signs and accents that belong to the letter before them, although `\w` leaves them out.
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u0900-\u0903\u093a-\u094f\u0981-\u0983\u09bc-\u09cd\u0a01-\u0a4d\u0a81-\u0acd"
    "\u0b01-\u0b4d\u0b82-\u0bcd\u0c00-\u0c4d\u0c81-\u0ccd\u0d00-\u0d4d\u200c\u200d"
)
_LETTER = rf"(?:[^\W_]|[{_MARKS}])"
# Written without spaces: each character is a word, and neighbours are found as phrases.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
)
_WORD = re.compile(
    rf"(?P<acronym>(?<!\w)(?:[^\W\d_]\.){{2,}}(?:[^\W\d_](?!\w))?)"
    rf"|(?P<unspaced>[{_UNSPACED}])"
    rf"|(?P<number>\d+(?:[.,]\d+)+)"
    rf"|(?P<word>(?:(?![{_UNSPACED}]){_LETTER})+(?:['\u2019\u02bc](?:(?![{_UNSPACED}]){_LETTER})+)*)"
)
_APOSTROPHE = re.compile("['\u2019\u02bc]")
_ELIDED = {"l", "d", "j", "m", "n", "s", "t", "c", "qu", "dell", "nell", "sull", "all", "un"}
# Letters that Unicode doesn't take apart but people leave the strokes off.
_PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"}
    | {"\u0131": "i", "\u0451": "\u0435"}
)
LONGEST = 64
"""Letters of a word that count; what is longer is noise, and noise is cut here."""


@lru_cache(maxsize=100_000)
def fold(word: str) -> str:
    """Return the word without case, accents and width, as it is compared.

    Accents go from Latin and Greek letters only: elsewhere a mark makes another letter.
    """
    if word.isascii():
        return word.lower()[:LONGEST]
    text = unicodedata.normalize("NFKC", word).casefold().translate(_PLAIN)
    letters: list[str] = []
    base = ""
    for character in unicodedata.normalize("NFD", text):
        if unicodedata.combining(character) and "" < base < "\u0400":
            continue
        letters.append(character)
        base = character
    return unicodedata.normalize("NFC", "".join(letters))[:LONGEST]


def spans(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield each word of a text: where it starts and ends, and the word folded.

    "U.S." is one word (us), "Biden's" is biden, "don't" is dont, "l'Élysée" is elysee, 1,000 is
    1000; in scripts without spaces each character is a word.
    """
    for match in _WORD.finditer(text):
        written = match[0]
        if match.lastgroup == "acronym":
            written = written.replace(".", "")
        elif match.lastgroup == "number":
            written = written.replace(",", "")
        elif "'" in written or "\u2019" in written or "\u02bc" in written:
            written = _without_apostrophe(written)
        word = fold(written)
        if word:
            yield match.start(), match.end(), word


def _without_apostrophe(written: str) -> str:
    parts = _APOSTROPHE.split(written)
    if len(parts) > 1 and parts[-1] in {"s", "S"}:
        parts.pop()
    if len(parts) > 1 and parts[0].lower() in _ELIDED and len(parts[1]) > 2:
        parts = parts[1:]
    return "".join(parts)


def words(text: str) -> list[str]:
    """Return the folded words of a text, in order."""
    return [word for _, _, word in spans(text)]


@lru_cache(maxsize=32)
def _stemmer(language: str) -> Callable[[str], str] | None:
    from whoosh.lang import has_stemmer, stemmer_for_language

    if not has_stemmer(language):
        return None
    stemmer: Callable[[str], str] = stemmer_for_language(language)
    return stemmer


@lru_cache(maxsize=200_000)
def stem(word: str, language: str) -> str:
    """Return the stem of a folded word in a language (ISO 639-1; "" is taken for English).

    The word itself where the language has no stemmer. Stems are made from folded words, so that
    someone who leaves the accents off finds the same.
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


def stem_forms(word: str, languages: tuple[str, ...]) -> tuple[StemForm, ...]:
    """Return the stems of a folded word in some languages, that of English first.

    A stem belongs to the articles of its languages: what Russian makes of `ai` is `a`, and finds no
    English article.
    """
    groups: dict[str, list[str]] = {}
    for language in dict.fromkeys(("en", *languages)):
        groups.setdefault(stem(word, language), []).append(language)
    english, *others = groups
    strangers = tuple(language for form in others for language in groups[form])
    return (
        StemForm(english, banned=strangers),
        *(StemForm(form, only=tuple(groups[form])) for form in others),
    )
