"""How right the topics of English articles are that were drawn by chance and labelled unseen.

    SLUGLINE_ARCHIVE=... .venv/bin/python -m bench.nlp.topics_drawn [--errors]

Labels are in `nlp/topics/shipped/text_labels/several-en-drawn*.txt`; no model has learned from
them, and they set no chances. 150 articles were read twice, by readers who did not see each other's
labels; 150 more once. Texts are read from the archive. `--hints` measures what `slugline tag`
gives, publishers' sections and categories heard.
"""

from __future__ import annotations

import argparse
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ingest.source import read
from models.article import Entry
from models.tags import OTHER, Due, TopicScore
from nlp.entities.tagger import EntityTagger
from nlp.language import LanguageDetector
from nlp.tagger import Tagger
from nlp.topics.by_language import TopicModels
from nlp.topics.model import TopicModel
from nlp.topics.shipped.labels import title_hash
from nlp.topics.shipped.several import Judgement, readings

MONTHS = ("2023-03", "2023-11")
FIRST, SECOND, MORE = "en-drawn", "en-drawn-second", "en-drawn-more"

Topics = frozenset[str]
Shown = Mapping[str, tuple[str, ...]]
"""What is shown of each article, by the hash of its title, the likeliest topic first."""


@dataclass(frozen=True, slots=True)
class Judged:
    """How many shown and expected topics there are, and how many of each are right.

    `first` counts articles whose first topic is right, `tagged` those with any topic.
    """

    shown: int
    right: int
    expected: int
    found: int
    tagged: int
    first: int

    @property
    def f1(self) -> float:
        """The harmonic mean of how many shown are right and how many expected are shown."""
        precision = self.right / max(1, self.shown)
        recall = self.found / max(1, self.expected)
        return 2 * precision * recall / max(1e-9, precision + recall)

    def __str__(self) -> str:
        return (
            f"shown tags right {self.right / max(1, self.shown):.3f}, expected tags shown "
            f"{self.found / max(1, self.expected):.3f}, F1 {self.f1:.3f}, "
            f"first tag right {self.first / max(1, self.tagged):.3f}"
        )


def judged(shown: Shown, expected: Mapping[str, Topics], accepted: Mapping[str, Topics]) -> Judged:
    """Count what is right: a shown topic if it is accepted, an expected one if it is shown."""
    return Judged(
        shown=sum(len(topics) for topics in shown.values()),
        right=sum(len(accepted[title].intersection(said)) for title, said in shown.items()),
        expected=sum(len(expected[title]) for title in shown),
        found=sum(len(expected[title].intersection(said)) for title, said in shown.items()),
        tagged=sum(bool(topics) for topics in shown.values()),
        first=sum(bool(said) and said[0] in accepted[title] for title, said in shown.items()),
    )


def strictly(shown: Shown, labels: Mapping[str, Topics]) -> Judged:
    """Count what is right by the exact labels of one reader."""
    return judged(shown, labels, labels)


def expected_of(word: Mapping[str, Judgement]) -> dict[str, Topics]:
    """Return the topics that a reader expects, by the hash of a title."""
    return {title: reading.expected for title, reading in word.items()}


def accepted_of(word: Mapping[str, Judgement]) -> dict[str, Topics]:
    """Return the topics that a reader accepts, by the hash of a title."""
    return {title: reading.accepted for title, reading in word.items()}


def entries(archive: Path, wanted: frozenset[str]) -> Iterator[tuple[str, Entry]]:
    """Yield the hash of each wanted title with its entry, the first of each."""
    left = set(wanted)
    for month in MONTHS:
        for part in read(str(archive / f"{month}.zip")):
            for entry in part.entries:
                title = title_hash(entry.title)
                if title in left:
                    left.discard(title)
                    yield title, entry


def tagged(rows: Iterable[Entry], model: TopicModel, hints: bool) -> list[tuple[TopicScore, ...]]:
    """Return the topics of articles, by the model alone or as `slugline tag` gives them."""
    if not hints:
        return model.tag([(entry.title, entry.summary) for entry in rows])
    due = [
        Due("", 0, row.title, row.summary, row.language, row.section, row.categories)
        for row in rows
    ]
    tagger = Tagger(LanguageDetector(), EntityTagger({}), TopicModels(model))
    return [tags.topics for tags in tagger.tag(due)]


def report(shown: Shown, first: Mapping[str, Judgement], second: Mapping[str, Judgement]) -> None:
    """Print how right what is shown is, as each reader and as both see it."""
    one, two = expected_of(first), expected_of(second)
    either = {title: one[title] | two[title] for title in shown}
    lenient = {title: one[title] | second[title].accepted for title in shown}
    both = {title: one[title] & two[title] for title in shown}
    print(f"{len(shown)} articles read twice; {sum(not s for s in shown.values())} are `other`")
    print(f"  first reader's labels:   {strictly(shown, one)}")
    print(f"  second reader's labels:  {strictly(shown, two)}")
    agreed = strictly({title: tuple(one[title]) for title in shown}, two)
    same = sum(one[title] == two[title] for title in shown)
    print(f"  first against second:    F1 {agreed.f1:.3f}; {same} articles alike")
    print(f"  given by either, by both: {judged(shown, both, either)}")
    print(f"  ... and what the second reader would accept: {judged(shown, both, lenient)}")


def by_topic(shown: Shown, labels: Mapping[str, Topics], slugs: Iterable[str]) -> None:
    """Print what is right, wrong and missed by topic, by the exact labels of one reader."""
    right, wrong, missed = Counter[str](), Counter[str](), Counter[str]()
    for title, said in shown.items():
        right.update(labels[title].intersection(said))
        wrong.update(set(said) - labels[title])
        missed.update(labels[title].difference(said))
    for slug in slugs:
        print(f"  {slug:<14} right {right[slug]:3} wrong {wrong[slug]:3} missed {missed[slug]:3}")


def main() -> None:
    """Print the figures of articles read twice, of those read once, and by topic."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", action="store_true", help="name what is wrong and missed")
    parser.add_argument("--hints", action="store_true", help="hear publishers' sections, too")
    options = parser.parse_args()
    model = TopicModel.load()
    first, second, more = (readings(name, model.slugs) for name in (FIRST, SECOND, MORE))
    wanted = frozenset({*first, *more})
    rows = dict(entries(Path(os.environ["SLUGLINE_ARCHIVE"]), wanted))
    shown = {
        title: tuple(tag.slug for tag in tags if tag.slug != OTHER)
        for title, tags in zip(rows, tagged(rows.values(), model, options.hints), strict=True)
    }
    report({title: said for title, said in shown.items() if title in first}, first, second)
    once = {title: said for title, said in shown.items() if title in more}
    print(f"{len(once)} articles read once; {sum(not s for s in once.values())} are `other`")
    print(f"  the reader's labels:     {strictly(once, expected_of(more))}")
    accepted = judged(once, expected_of(more), accepted_of(more))
    print(f"  ... and what the reader would accept: {accepted}")
    labels = expected_of(first) | expected_of(more)
    print(f"all {len(shown)} articles, by the labels of one reader")
    by_topic(shown, labels, model.slugs)
    for title, said in shown.items() if options.errors else ():
        if labels[title] != set(said):
            print(f"{rows[title].title}\n    shown {said}, expected {sorted(labels[title])}")


if __name__ == "__main__":
    main()
