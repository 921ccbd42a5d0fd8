"""Counts the nominatives of names that Morfeusz does not have in the Polish texts of archives.

    python -m bench.entities.polish_forms ARCHIVES

writes nlp/entities/gazetteers/polish_forms.txt: capitals inside sentences, each met in three
articles or more, that are not an inflected form of another such word.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from nlp.entities.polish.endings import stems
from nlp.entities.polish.morphology import Morphology
from nlp.entities.polish.people import with_capitals_of
from nlp.entities.polish.tokens import Token, tokens
from nlp.topics.shipped.corpus import read_corpus

OUT = Path(__file__).parents[2] / "nlp" / "entities" / "gazetteers" / "polish_forms.txt"
FEWEST = 3
SHORTEST = 3
HEAD = """# Names that Morfeusz does not have, in the nominative, as a Polish archive counts them.
# Made by bench/entities/polish_forms.py.
"""


def main() -> None:
    """Count, and write the file."""
    morphology = Morphology()
    counts: Counter[str] = Counter()
    for text in read_corpus(Path(sys.argv[1]), "pl"):
        counts.update(
            {
                token.text
                for field in (text.title, text.summary)
                for token in tokens(field)
                if _may_be_name(token)
            }
        )
    unknown = {w: n for w, n in counts.items() if n >= FEWEST and not morphology.forms(w)}
    basic = sorted(word for word, n in unknown.items() if _is_basic(word, n, unknown))
    OUT.write_text(HEAD + "\n".join(basic) + "\n", encoding="utf-8")


def _may_be_name(token: Token) -> bool:
    word = token.text
    is_word = len(word) >= SHORTEST and word.isalpha() and not word.isupper()
    return token.is_capital and not token.opens and is_word


def _is_basic(word: str, count: int, unknown: dict[str, int]) -> bool:
    """Say whether no word that this may be a form of is at least half as frequent."""
    options = [with_capitals_of(stem, word) for stem in stems(word.lower())]
    commonest = max((unknown.get(option, 0) for option in options), default=0)
    return commonest * 2 < count


if __name__ == "__main__":
    main()
