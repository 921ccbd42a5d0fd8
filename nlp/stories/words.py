"""Words as numbers: cut to a stem, and those of other languages as the English ones they stand for.

An account in Polish and one in English share names and figures, and hardly a word. So a table for
the language (`shipped/words/pl.tsv`) says which English words stand for a foreign one: "zamieszki"
is read as "riots unrest". All articles are then compared by the same words. Tables were written by
hand for the words that news is made of; what a table lacks stays as it is.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.errors import ModelError

BUCKETS = 1 << 20
"""Numbers that terms are hashed to."""
STEM = 6
TABLES = Path(__file__).parent / "shipped" / "words"

tokens = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]{2,}").findall
_STROKES = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ß": "s"})
_LATIN = str.maketrans(
    dict(zip("абвгґдезиіклмнопрстуфхыэ", "abvggdeziiklmnoprstufhye", strict=True))
    | {"є": "ye", "ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "я": "ya"}
    | {"ъ": "", "ь": ""}
)

Numbers = npt.NDArray[np.int32]
Places = npt.NDArray[np.int64]


def bucket(term: str) -> int:
    """Return the number of a term."""
    return zlib.crc32(term.encode()) & (BUCKETS - 1)


def folded(word: str) -> str:
    """Return a word in lower case and without accents."""
    if word.isascii():
        return word.lower()
    word = unicodedata.normalize("NFKD", word.translate(_STROKES))
    return "".join(letter for letter in word if not unicodedata.combining(letter)).lower()


def in_latin(word: str) -> str:
    """Return a folded word in Latin letters, as English news writes Russian and Ukrainian names.

    Much as BGN/PCGN (1947), without marks.
    """
    return word if word.isascii() else word.translate(_LATIN)


def stem(word: str) -> str:
    """Return the first letters of a word, without accents: by them words are compared."""
    return folded(word)[:STEM]


def word_number(stem: str) -> int:
    """Return the number of a word, by its stem."""
    return bucket(f"word {stem}")


@dataclass(frozen=True, slots=True)
class WordTable:
    """The English words for those of one language, all by their numbers.

    `known` rises; `english` has a row for each of them: its words, and -1 where it has fewer.
    """

    known: Places
    english: Places

    def translate(self, words: Places) -> tuple[Places, Places]:
        """Return the English for words, and for each of it the place in `words` it stands for.

        A word that the table lacks stands for itself.
        """
        at = np.searchsorted(self.known, words).clip(max=len(self.known) - 1)
        told = np.full((len(words), self.english.shape[1]), -1)
        told[:, 0] = words
        found = self.known[at] == words
        told[found] = self.english[at[found]]
        there = told >= 0
        return told[there], np.nonzero(there)[0]


@cache
def word_table(language: str) -> WordTable | None:
    """Return the shipped table of a language, None without one; raises ModelError."""
    path = _table_files().get(language)
    return read_table(path) if path else None


@cache
def _table_files() -> Mapping[str, Path]:
    return {path.stem: path for path in TABLES.glob("*.tsv")}


def read_table(path: Path) -> WordTable:
    """Read a table of lines: a word, the English ones for it, and the stems of its forms.

    Of two words with a stem in common, the first has it. Raises ModelError.
    """
    numbers: dict[int, list[int]] = {}
    try:
        for line in path.read_text(encoding="utf-8").splitlines():
            _, english, stems = line.split("\t")
            meant = [word_number(stem(word)) for word in english.split()]
            for each in stems.split():
                numbers.setdefault(word_number(each), meant)
    except (OSError, ValueError) as error:
        raise ModelError(f"{path} is not a table of words: {error}.") from error
    known = sorted(numbers)
    table = np.full((len(known), max(map(len, numbers.values()), default=1)), -1)
    for at, number in enumerate(known):
        table[at, : len(numbers[number])] = numbers[number]
    return WordTable(np.array(known, dtype=np.int64), table)
