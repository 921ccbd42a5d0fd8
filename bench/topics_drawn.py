"""How right the topics of English articles are that were drawn by chance and labelled unseen.

    SLUGLINE_ARCHIVE=... .venv/bin/python -m bench.topics_drawn

The labels are in `nlp/topics/shipped/text_labels/several-en-drawn.txt`; no model has learned from
them, and they set no chances. Texts are read from the archive.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from ingest.source import read
from models.tags import OTHER
from nlp.topics.model import TopicModel
from nlp.topics.shipped.labels import title_hash
from nlp.topics.shipped.several import read_several

MONTHS = ("2023-03", "2023-11")


def texts(archive: Path, wanted: frozenset[str]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield the hash of each wanted title with title and summary, the first of each."""
    left = set(wanted)
    for month in MONTHS:
        for part in read(str(archive / f"{month}.zip")):
            for entry in part.entries:
                title = title_hash(entry.title)
                if title in left:
                    left.discard(title)
                    yield title, (entry.title, entry.summary)


def main() -> None:
    """Print precision, recall and F1 of all tags, and what is right, wrong and missed by topic."""
    model = TopicModel.load()
    labels = read_several("en-drawn", model.slugs)
    rows = list(texts(Path(os.environ["SLUGLINE_ARCHIVE"]), frozenset(labels)))
    right, wrong, missed = Counter[str](), Counter[str](), Counter[str]()
    first = shown = 0
    for (title, _), tags in zip(rows, model.tag([text for _, text in rows]), strict=True):
        said = [tag.slug for tag in tags if tag.slug != OTHER]
        right.update(labels[title] & set(said))
        wrong.update(set(said) - labels[title])
        missed.update(labels[title] - set(said))
        shown += bool(said)
        first += bool(said) and said[0] in labels[title]
    tp, fp, fn = right.total(), wrong.total(), missed.total()
    print(f"{len(rows)} of {len(labels)} articles; {len(rows) - shown} are `other`")
    print(
        f"precision {tp / (tp + fp):.3f} recall {tp / (tp + fn):.3f} "
        f"F1 {2 * tp / (2 * tp + fp + fn):.3f}; first tag right {first / shown:.3f}"
    )
    for slug in model.slugs:
        print(f"  {slug:<14} right {right[slug]:3} wrong {wrong[slug]:3} missed {missed[slug]:3}")


if __name__ == "__main__":
    main()
