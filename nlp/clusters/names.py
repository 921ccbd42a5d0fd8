"""What clusters are called: the words and names that tell a cluster from the others of its topic.

Terms are ranked by their log-odds ratio with an informative Dirichlet prior (Monroe, Colaresi and
Quinn 2008, Fightin' Words): what is rare everywhere needs more evidence than what is frequent.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from nlp.clusters.naming_words import SHOPPING, WEAK, left_out, plain_words
from nlp.tfidf import article_words, words

NAMED_BY = 3
"""Terms that make a name."""
TERMS = 12
FEWEST = 3
"""Articles of a cluster in which a term must stand (fewer, where the cluster is that small)."""
PRIOR, PRIOR_SHARE = 500.0, 0.1
"""How many articles of the whole count beside the cluster's own (the weight of the prior), and
the share of a small whole that does."""
TELLING = 1.0
"""The z-score from which a term can be telling; where there is a choice, all are far above."""
SIDE_BY_SIDE, OTHER_SIDE = 0.5, 0.3
"""The share of the articles with the rarer of two words, and of those with the other, in which
they stand side by side: from there on they make one term."""
COMMON = 0.04
"""The share of the clusters that a term may tell, to be one of the first of a name."""
LONGEST = 40
"""Characters of a name of an entity; longer ones are hardly names."""

_find_spelled = re.compile(r"(?<=[\w,;] )\w\w+")


@dataclass(frozen=True, slots=True)
class Member:
    """An article to name clusters by; `names` are those of its entities.

    The words of its `source`, the publisher, say nothing of what it is about, nor do the function
    words of its `language` (ISO 639-1).
    """

    title: str
    summary: str
    names: tuple[str, ...] = ()
    source: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class _Term:
    """A word, or the name of an entity as it is shown; `parts` are its words, folded."""

    shown: str
    parts: tuple[str, ...]
    is_name: bool


def name_clusters(
    members: Sequence[Member], labels: Sequence[int], topics: Sequence[str]
) -> list[tuple[str, tuple[str, ...]]]:
    """Return the name and the telling terms of every cluster.

    `labels` has the cluster of each member, `topics` the topic of each cluster.
    """
    counts: list[Counter[_Term]] = [Counter() for _ in topics]
    spoken = _spoken(members, labels, len(topics))
    for member, label in zip(members, labels, strict=True):
        counts[label].update(_terms(member, words_too=member.language == spoken[label]))
    sizes = Counter(labels)
    whole = _sum(counts)
    named: list[tuple[str, tuple[str, ...]]] = []
    by_topic = {topic: _sum(_of(counts, topics, topic)) for topic in dict.fromkeys(topics)}
    topic_sizes = Counter(topics[label] for label in labels)
    taken: set[tuple[str, str]] = set()
    chosen = []
    for number, topic in enumerate(topics):
        alone = topic_sizes[topic] == sizes[number]
        rest = whole if alone else by_topic[topic]
        rest_size = len(members) if alone else topic_sizes[topic]
        chosen.append(
            _telling(counts[number], sizes[number], rest, rest_size, whole, len(members))
            or _telling(counts[number], sizes[number], whole, len(members), whole, len(members))
        )
    plain = plain_words(
        (member.summary for member in members if member.language in ("", "en")),
        {term.shown for terms in chosen for term in terms if len(term.parts) == 1},
    )
    pairs = _neighbours(members, labels, chosen)
    spelled = _spellings(members, labels, chosen)
    held = Counter(term for terms in chosen for term in terms)
    most = max(FEWEST, COMMON * len(topics))
    common = {term for term, clusters in held.items() if clusters > most}
    for number in range(len(topics)):
        joined = _joined(chosen[number], pairs[number], counts[number])
        terms, telling = _own_first(joined, common, plain)
        shown = [
            term.shown
            if term.is_name
            else " ".join(spelled[number].get(part, part) for part in term.parts)
            for term in terms
        ]
        name = _name(shown[:telling], topics[number], taken)
        taken.add((topics[number], name))
        named.append((name, tuple(shown)))
    return named


def _spoken(members: Sequence[Member], labels: Sequence[int], clusters: int) -> list[str]:
    """Return the language that most articles of each cluster are in: its name is in that one."""
    languages: list[Counter[str]] = [Counter() for _ in range(clusters)]
    for member, label in zip(members, labels, strict=True):
        languages[label][member.language] += 1
    return [
        max(each.items(), key=lambda one: (one[1], one[0]), default=("", 0))[0]
        for each in languages
    ]


def _own_first(
    terms: Sequence[_Term], common: Collection[_Term], plain: Collection[str]
) -> tuple[list[_Term], int]:
    """Return terms in the order in which they name a cluster, and how many make its name.

    Late comes what is `common` to many clusters, such as a country in all the news, which makes a
    name only where nothing else does, and last what is `plain` (`plain_words`).
    """
    ranks = {term: 2 if _is_plain(term, plain) else int(term in common) for term in terms}
    found = list(ranks.values())
    return sorted(terms, key=ranks.__getitem__), found.count(0) or found.count(1)


def _is_plain(term: _Term, plain: Collection[str]) -> bool:
    """Say whether a term makes no name: a plain word, a weak name, or two weak words."""
    if term.is_name or len(term.parts) > 1:
        return WEAK.issuperset(term.parts)
    return term.shown in plain


def _of(
    counts: Sequence[Counter[_Term]], topics: Sequence[str], topic: str
) -> Iterable[Counter[_Term]]:
    return (count for count, its in zip(counts, topics, strict=True) if its == topic)


def _sum(counts: Iterable[Counter[_Term]]) -> Counter[_Term]:
    total: Counter[_Term] = Counter()
    for count in counts:
        total.update(count)
    return total


def _terms(member: Member, *, words_too: bool) -> set[_Term]:
    """Return the terms of an article, each once; its names alone where words are not wanted."""
    stop = left_out(member.language)
    publisher = frozenset(words(member.source))
    head, tail = article_words(member.title, member.summary) if words_too else ([], [])
    found = {
        _Term(word, (word,), is_name=False)
        for word in {*head, *tail}
        if len(word) > 2 and word not in stop and word not in publisher and not word.isdigit()
    }
    for name in member.names:
        parts = tuple(words(name))
        telling = set(parts) - publisher - SHOPPING
        if telling and len(name) <= LONGEST:
            found.add(_Term(name, parts, is_name=True))
    return found


def _telling(
    here: Counter[_Term],
    size: int,
    topic: Counter[_Term],
    topic_size: int,
    whole: Counter[_Term],
    total: int,
) -> list[_Term]:
    """Return the terms that tell a cluster from its siblings, the most telling first."""
    fewest = min(FEWEST, max(1, size // 2))
    ranked = []
    for term, count in here.items():
        if count < fewest:
            continue
        prior = min(PRIOR, PRIOR_SHARE * total) * whole[term] / total
        strength = _z(count, size, topic[term] - count, topic_size - size, prior)
        if strength >= TELLING:
            ranked.append((-strength, not term.is_name, term.shown, term))
    ranked.sort(key=lambda entry: entry[:3])
    chosen: list[_Term] = []
    for *_, term in ranked:
        if len(chosen) >= TERMS:
            break
        _choose(term, chosen)
    return chosen


def _z(count: int, size: int, elsewhere: int, others: int, prior: float) -> float:
    """Return by how many standard errors a term is likelier here than elsewhere.

    `prior` is how many articles with the term are added to both sides.
    """
    mine, theirs = count + prior, elsewhere + prior
    odds = math.log(mine / (size - count + 1)) - math.log(theirs / (others - elsewhere + 1))
    return odds / math.sqrt(1 / mine + 1 / theirs)


def _choose(term: _Term, chosen: list[_Term]) -> None:
    """Add a term that says something more; a full name takes the place of a part of it."""
    if any(set(term.parts) <= set(other.parts) or _alike(term, other) for other in chosen):
        return
    parts = [other for other in chosen if set(other.parts) < set(term.parts)]
    place = chosen.index(parts[0]) if parts else len(chosen)
    for part in parts:
        chosen.remove(part)
    chosen.insert(place, term)


def _alike(term: _Term, other: _Term) -> bool:
    """Say whether two words differ in their ending only (hospital, hospitals; Russia, Russian)."""
    if len(term.parts) != 1 or len(other.parts) != 1:
        return False
    one, two = term.parts[0], other.parts[0]
    short = min(len(one), len(two))
    same = short - 1 if short > 6 else short
    return short > 3 and one[:same] == two[:same] and abs(len(one) - len(two)) <= 3


def _spellings(
    members: Sequence[Member], labels: Sequence[int], chosen: Sequence[Sequence[_Term]]
) -> list[dict[str, str]]:
    """Return how each cluster's words are mostly written: in sentences, or else in titles."""
    wanted = [{term.shown for term in terms if not term.is_name} for terms in chosen]
    seen: list[dict[str, Counter[str]]] = [{} for _ in chosen]
    for texts in ([each.summary[:600] for each in members], [each.title for each in members]):
        missing = [of - found.keys() for of, found in zip(wanted, seen, strict=True)]
        for text, label in zip(texts, labels, strict=True):
            if not missing[label]:
                continue
            for spelled in _find_spelled.findall(text):
                folded = "".join(words(spelled))
                if folded in missing[label]:
                    seen[label].setdefault(folded, Counter())[spelled] += 1
    return [
        {
            word: max(forms.items(), key=lambda form: (form[1], form[0]))[0]
            for word, forms in of.items()
        }
        for of in seen
    ]


def _neighbours(
    members: Sequence[Member], labels: Sequence[int], chosen: Sequence[Sequence[_Term]]
) -> list[Counter[tuple[str, str]]]:
    """Return in how many articles of each cluster two chosen words stand side by side."""
    wanted = [{term.shown for term in terms if not term.is_name} for terms in chosen]
    counts: list[Counter[tuple[str, str]]] = [Counter() for _ in chosen]
    for member, label in zip(members, labels, strict=True):
        here = wanted[label]
        counts[label].update(
            {
                pair
                for field in article_words(member.title, member.summary)
                for pair in pairwise(field)
                if pair[0] in here and pair[1] in here
            }
        )
    return counts


def _joined(
    terms: Sequence[_Term], pairs: Counter[tuple[str, str]], counts: Counter[_Term]
) -> list[_Term]:
    """Make one term of two words that mostly stand side by side, such as prime and minister."""
    words_left = {term.shown: counts[term] for term in terms if not term.is_name}
    found = list(terms)
    for (one, two), together in sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0])):
        if one == two or not {one, two} <= words_left.keys():
            continue
        rarer, other = sorted((words_left[one], words_left[two]))
        if together < SIDE_BY_SIDE * rarer or together < OTHER_SIDE * other:
            continue
        del words_left[one], words_left[two]
        first = min(n for n, term in enumerate(found) if term.shown in (one, two))
        found[first] = _Term(f"{one} {two}", (one, two), is_name=False)
        found = [term for n, term in enumerate(found) if n == first or term.shown not in (one, two)]
    return found


def _capital(term: str) -> str:
    """Begin with a capital where the first word has none of its own: fish, but iPhone."""
    first = term.partition(" ")[0]
    return term[:1].upper() + term[1:] if first.islower() else term


def _name(shown: Sequence[str], topic: str, taken: set[tuple[str, str]]) -> str:
    """Return a name of a few terms that no other cluster of the topic has."""
    plain = topic.replace("-", " ").capitalize()
    shown = [_capital(shown[0]), *shown[1:]] if shown else []
    name = ", ".join(shown[:NAMED_BY]) or plain
    for more in range(NAMED_BY + 1, len(shown) + 1):
        if (topic, name) not in taken:
            break
        name = ", ".join(shown[:more])
    number = 2
    plain = name
    while (topic, name) in taken:
        name = f"{plain} ({number})"
        number += 1
    return name
