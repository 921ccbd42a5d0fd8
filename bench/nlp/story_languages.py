"""How many accounts in other languages find the story that is told in English.

    python -m bench.nlp.story_languages

`story_accounts.jsonl` has accounts of 24 invented events, two in English and one in each of some
other languages. For each of these, its accounts come among the English ones, first as articles in a
language without a table of words, then with that of `nlp/stories/shipped/words`. Entities are left
out: these are the words alone. Prints how many are in the story of their event, in that of another
one, and alone.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from models.stories import StoryArticle
from nlp.stories.detector import Detector
from nlp.stories.model import Frequencies, JoinModel

ACCOUNTS = Path(__file__).with_name("story_accounts.jsonl")
MORNING = datetime(2025, 6, 3, 7, tzinfo=UTC)
OUTCOMES = ("right", "wrong", "alone")


def read_accounts() -> dict[str, list[tuple[str, StoryArticle]]]:
    """Return the accounts of each language, each with its event, as articles of one day."""
    found: dict[str, list[tuple[str, StoryArticle]]] = {}
    for at, line in enumerate(ACCOUNTS.read_text(encoding="utf-8").splitlines()):
        told = json.loads(line)
        article = StoryArticle(
            id=f"a{at:03}",
            title=told["title"],
            summary=told["summary"],
            source=f"Source {at}",
            language=told["language"],
            moment=MORNING + timedelta(minutes=3 * at),
            entities=(),
        )
        found.setdefault(told["language"], []).append((told["event"], article))
    return found


def outcomes(
    english: Sequence[tuple[str, StoryArticle]], others: Sequence[tuple[str, StoryArticle]]
) -> Counter[str]:
    """Return how many of the others are in the story of their event, in another, and alone."""
    detector = Detector(JoinModel.load(), Frequencies())
    detector.assign(sorted((each for _, each in (*english, *others)), key=lambda each: each.moment))
    events: dict[str, Counter[str]] = {}
    for event, article in english:
        events.setdefault(detector.story(article.id), Counter())[event] += 1
    found: Counter[str] = Counter()
    for event, article in others:
        here = events.get(detector.story(article.id))
        if here is None:
            found["alone"] += 1
        else:
            found["right" if here.most_common(1)[0][0] == event else "wrong"] += 1
    return found


def main() -> None:
    """Print the outcomes of each language, without a table of words and with it."""
    accounts = read_accounts()
    english = accounts.pop("en")
    for language, others in sorted(accounts.items()):
        for name, code in (("without", f"{language}-none"), ("with", language)):
            here = [(event, replace(each, language=code)) for event, each in others]
            found = outcomes(english, here)
            figures = ", ".join(f"{found[each]} {each}" for each in OUTCOMES)
            print(f"{language} {name}: {figures}")


if __name__ == "__main__":
    main()
