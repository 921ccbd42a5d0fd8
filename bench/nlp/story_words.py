"""Fills in the stems of a table by which words of another language are read as English ones.

    python -m bench.nlp.story_words nlp/stories/shipped/words/pl.tsv

A line of a table has a word, the English ones that stand for it, both chosen by hand, and the stems
of the word's forms, with tabs between them. Polish stems come from a dictionary of all forms
(Morfeusz 2). In other languages forms are written by hand, into the third field: this cuts them to
stems. Words come in the order of how common they are in the news: a stem that two words share
belongs to the first.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import morfeusz2

from nlp.stories.terms import DIGESTS
from nlp.stories.words import stem

SHORTEST = 3
"""Letters of a stem that is more than a syllable of another word."""

Forms = Callable[[str, Sequence[str]], Iterable[str]]
"""Given a word and the forms that its line has, names its forms."""


def with_stems(lines: Iterable[str], forms_of: Forms) -> list[str]:
    """Return the lines of a table with the stems of each word's forms, if any are left for it."""
    # A digest is known by its own words.
    taken = {stem(word) for words in DIGESTS for word in words}
    filled = []
    for line in lines:
        word, english, *forms = line.split("\t")
        meant = {stem(each) for each in english.split()}
        stems = dict.fromkeys(map(stem, (word, *forms_of(word, " ".join(forms).split()))))
        free = [each for each in stems if each not in taken and len(each) >= SHORTEST]
        taken.update(free)
        if free and set(free) != meant:
            filled.append(f"{word}\t{english}\t{' '.join(free)}")
    return filled


def polish_forms(word: str, _given: Sequence[str]) -> list[str]:
    """Return all forms of a Polish word; one of two words is compared word by word."""
    return [form[0] for form in _DICTIONARY.generate(word) if " " not in form[0]]


def given_forms(_word: str, given: Sequence[str]) -> Sequence[str]:
    """Return the forms that stand in the line."""
    return given


_DICTIONARY = morfeusz2.Morfeusz(analyse=False)


def main() -> None:
    """Write the table anew."""
    parser = argparse.ArgumentParser()
    parser.add_argument("table", type=Path)
    table: Path = parser.parse_args().table
    forms_of = polish_forms if table.stem == "pl" else given_forms
    filled = with_stems(table.read_text(encoding="utf-8").splitlines(), forms_of)
    table.write_text("\n".join(filled) + "\n", encoding="utf-8")
    print(f"{len(filled)} words")


if __name__ == "__main__":
    main()
