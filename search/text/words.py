"""What counts as a word, and when two words are the same: the one way of reading text in search.

Every engine indexes and asks for words as they are made here, so that they agree on what a query
means, and snippets are marked by the same rules. `search.text.stems` says which forms a word has.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

# Vowel signs and accents that belong to the letter before them, although `\w` leaves them out, and
# what joins letters without being seen: joiners, the soft hyphen, the Arabic lengthening.
_JOINERS = "\u200c\u200d\u2060\u00ad\u0640"
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a"
    "\u064b-\u065f\u0670\u06d6-\u06dc\u0900-\u0903\u093a-\u094f\u0981-\u0983\u09bc-\u09cd"
    "\u0a01-\u0a4d\u0a81-\u0acd\u0b01-\u0b4d\u0b82-\u0bcd\u0c00-\u0c4d\u0c81-\u0ccd\u0d00-\u0d4d"
    f"{_JOINERS}"
)
_LETTER = rf"(?:[^\W_]|[{_MARKS}])"
# Written without spaces: each character is a word, and neighbours are found as phrases.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uff66-\uff9d\U00020000-\U0003ffff"
)
# The voicing signs of kana, which may stand apart from their letter.
_VOICED = "\u3099\u309a\uff9e\uff9f"
_APOSTROPHES = "'\u2018\u2019\u02bc\u00b4\uff07"
_HEBREW = "\u05d0-\u05ea"
_EMOJI = (
    "\u203c\u2049\u231a\u231b\u23e9-\u23f3\u23f8-\u23fa\u25fd\u25fe\u2600-\u27bf\u2b1b\u2b1c\u2b50"
    "\u2b55\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff"
)
_SHADES = "\ufe0e\ufe0f\U0001f3fb-\U0001f3ff"
"""How an emoji is drawn: as text or picture, and in which colour of skin."""
_PLAIN_WORD = rf"(?:(?![{_UNSPACED}]){_LETTER})+"
_WORD = re.compile(
    rf"(?P<acronym>(?<!\w)(?:[^\W\d_]\.){{2,}}(?:[^\W\d_](?!\w))?"
    rf"|(?<![\w.])[^\W\d_]\.[^\W\d_](?![\w.]))"
    # Names with signs in them: C++, F#, .NET, AT&T.
    rf"|(?P<signs>(?<![\w+#])(?:[a-zA-Z]{{1,12}}\+\+|[a-zA-Z]{{1,2}}#)(?![a-zA-Z_+#])"
    rf"|(?<![\w.])\.(?i:net)(?!\w)|(?<![\w&])[^\W\d_]{{1,3}}&[^\W\d_]{{1,3}}(?![\w&]))"
    rf"|(?P<emoji>[\U0001f1e6-\U0001f1ff]{{2}}"
    rf"|[{_EMOJI}][{_SHADES}]*(?:\u200d[{_EMOJI}][{_SHADES}]*)*)"
    rf"|(?P<unspaced>[{_UNSPACED}][{_VOICED}]?)"
    rf"|(?P<number>\d+(?:[.,]\d+)+)"
    rf"|(?P<word>{_PLAIN_WORD}(?:(?:[{_APOSTROPHES}]"
    rf"|(?<=[{_HEBREW}])[\"\u05f3\u05f4](?=[{_HEBREW}])){_PLAIN_WORD})*)"
)
_APOSTROPHE = re.compile(f"[{_APOSTROPHES}]")
_GERSHAYIM = re.compile(rf"(?<=[{_HEBREW}])\"(?=[{_HEBREW}])")
_UNSEEN = re.compile(rf"[{_JOINERS}{_SHADES}\u05f3\u05f4\"]")
# Marks that a text may leave out: Hebrew points and the short vowels of Arabic.
_POINTS = re.compile("[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u0652\u0670]")
_ELIDED = {
    *("l", "d", "j", "m", "n", "s", "t", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu"),
    *("un", "all", "dall", "dell", "nell", "sull", "coll", "quell", "quest", "bell", "sant"),
    *("tutt", "senz", "mezz"),
}
"""What French, Italian and Catalan put before an apostrophe, which is a word of its own."""
_ENDINGS = frozenset(("az", "cs", "et", "fi", "hr", "hu", "lt", "lv", "pl", "sk", "sl", "tr"))
"""Languages that put the endings of names behind an apostrophe: Ankara'da, Harry'ego."""
_LONGEST_ENDING = 8
# Letters that Unicode doesn't take apart but people leave the strokes off.
_PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"}
    | {"\u0131": "i", "\u0451": "\u0435"}
)
LONGEST = 64
"""Letters of a word that count; what is longer is noise, and noise is cut here."""
_CHUNK = re.compile(r"\S+")
_LONGEST_KEPT = 40
"""Characters of a chunk whose words are kept; longer ones seldom come again."""

Span = tuple[int, int, str]
"""Where a word starts and ends, and the word folded."""


@lru_cache(maxsize=200_000)
def fold(word: str) -> str:
    """Return the word without case, accents and width, as it is compared.

    Accents go from Latin and Greek letters only: elsewhere a mark makes another letter. What a text
    may leave out goes too: joiners, Hebrew points, the short vowels of Arabic.
    """
    if word.isascii():
        return word.lower()[:LONGEST]
    text = unicodedata.normalize("NFKC", _UNSEEN.sub("", word)).casefold().translate(_PLAIN)
    letters: list[str] = []
    base = ""
    for character in unicodedata.normalize("NFD", _POINTS.sub("", text)):
        if unicodedata.combining(character) and "" < base < "\u0400":
            continue
        letters.append(character)
        base = character
    return unicodedata.normalize("NFC", "".join(letters))[:LONGEST]


def spans(text: str, language: str = "") -> Iterator[Span]:
    """Yield each word of a text: where it starts and ends, and the word folded.

    "U.S." is one word (us), as is "u.s"; "Biden's" is biden, "don't" is dont, "l'Élysée" is elysee,
    1,000 is 1000, C++ is c++; in scripts without spaces each character is a word, and so is each
    emoji. In a language that puts endings behind an apostrophe (ISO 639-1), "Ankara'da" is ankara.

    No word crosses a space, and what stands between two is mostly known: that takes a fifth of the
    time of the regular expression.
    """
    ending = language if language in _ENDINGS else ""
    for match in _CHUNK.finditer(text):
        chunk, at = match[0], match.start()
        known = _kept_spans if len(chunk) <= _LONGEST_KEPT else _spans_of
        for start, end, word in known(chunk, ending):
            yield at + start, at + end, word


def _spans_of(text: str, language: str) -> tuple[Span, ...]:
    """Return the words of a text as they are read, whether it has spaces or not."""
    found: list[Span] = []
    for match in _WORD.finditer(text):
        written = match[0]
        kind = match.lastgroup
        if kind == "acronym":
            written = written.replace(".", "")
        elif kind == "number":
            written = written.replace(",", "")
        elif kind == "word" and not written.isalnum():
            written = _without_apostrophe(written, language)
        word = fold(written)
        if word:
            found.append((match.start(), match.end(), word))
    return tuple(found)


_kept_spans = lru_cache(maxsize=50_000)(_spans_of)


def _without_apostrophe(written: str, language: str) -> str:
    parts = _APOSTROPHE.split(written)
    if len(parts) > 1 and parts[-1] in {"s", "S"}:
        parts.pop()
    if len(parts) > 1 and parts[0].lower() in _ELIDED and len(parts[1]) > 1:
        parts = parts[1:]
    if len(parts) > 1 and language in _ENDINGS and _is_ending(parts):
        parts.pop()
    return "".join(parts)


def _is_ending(parts: list[str]) -> bool:
    """Whether the last part is the ending of a name, which begins with a capital letter."""
    name, last = "".join(parts[:-1]), parts[-1]
    cased = last.islower() or name.isupper()
    return cased and len(name) > 1 and name[0].isupper() and len(last) <= _LONGEST_ENDING


def words(text: str, language: str = "") -> list[str]:
    """Return the folded words of a text, in order."""
    return [word for _, _, word in spans(text, language)]


def with_gershayim(text: str) -> str:
    """Return a text whose Hebrew acronyms are not written with quotation marks, as long as it was.

    Keyboards have no gershayim; people type a quotation mark between the last two letters.
    """
    return _GERSHAYIM.sub("\u05f4", text)
