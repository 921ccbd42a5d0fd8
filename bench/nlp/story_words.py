"""Fills in the stems of a table by which words of another language are read as English ones.

    python -m bench.nlp.story_words nlp/stories/shipped/words/pl.tsv

A line of the table has a Polish word and the English ones that stand for it, chosen by hand; this
adds the stems of all forms of the Polish word (Morfeusz 2), or renews them. Words come in the order
of how common they are in the news: a stem that two words share belongs to the first.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

import morfeusz2

from nlp.stories.terms import DIGESTS
from nlp.stories.words import stem

SHORTEST = 3
"""Letters of a stem that is more than a syllable of another word."""


def with_stems(lines: Iterable[str]) -> list[str]:
    """Return the lines of a table with the stems of each word's forms, if any are left for it."""
    dictionary = morfeusz2.Morfeusz(analyse=False)
    # A digest is known by its own words.
    taken = {stem(word) for words in DIGESTS for word in words}
    filled = []
    for line in lines:
        word, english = line.split("\t")[:2]
        forms = [word, *(form[0] for form in dictionary.generate(word))]
        # A form of two words, such as one with a pronoun, is compared word by word.
        stems = dict.fromkeys(stem(form) for form in forms if " " not in form)
        free = [each for each in stems if each not in taken and len(each) >= SHORTEST]
        taken.update(free)
        if free:
            filled.append(f"{word}\t{english}\t{' '.join(free)}")
    return filled


def main() -> None:
    """Write the table anew."""
    parser = argparse.ArgumentParser()
    parser.add_argument("table", type=Path)
    table = parser.parse_args().table
    filled = with_stems(table.read_text(encoding="utf-8").splitlines())
    table.write_text("\n".join(filled) + "\n", encoding="utf-8")
    print(f"{len(filled)} words with {sum(len(line.split()) for line in filled)} terms")


if __name__ == "__main__":
    main()
