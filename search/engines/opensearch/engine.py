"""The engine for a cluster: OpenSearch, which keeps the index on as many machines as there are.

What is asked becomes requests in at most three rounds: what must be looked up (`opensearch_query`),
the search itself with its facets, and, where too few articles have all the words, those that have
most of them. The index is reached by an alias; a rebuild makes another index beside it and swaps.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np

from models.errors import ConfigError, DamagedIndexError, EngineError, UnsupportedQueryError
from search.document import Document
from search.engine import FACETS, Answer, Question
from search.engines.opensearch.answer import answer, facets
from search.engines.opensearch.bulk import Sender, Spool, removing, writing
from search.engines.opensearch.client import SLOW, Client
from search.engines.opensearch.dsl import Dsl, begins
from search.engines.opensearch.errors import NoIndexError
from search.engines.opensearch.lock import turn
from search.engines.opensearch.lookup import (
    counted,
    nearby,
    suggested,
    words_among,
    words_matching,
)
from search.engines.opensearch.pages import NEWEST, Cursors
from search.engines.opensearch.patterns import UNLIMITED
from search.engines.opensearch.query import Compiler
from search.engines.opensearch.relaxation import everything
from search.engines.opensearch.rounds import TIME, Rounds
from search.engines.opensearch.schema import VERSION, VOCABULARY, mappings, settings
from search.limits import Limits, OutOfTimeError
from search.query.nodes import Node
from search.text.words import fold
from search.vocabulary import ADDRESS_PARTS, Vocabulary, halves

_REBUILD = "make it anew from the store with: slugline index --rebuild"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
_PAGE = 10_000


WARNINGS = {
    "yellow": (
        "OpenSearch is yellow: {:,} copies of parts of the index are on no node. Searches find "
        "all, but may not when another node fails. Start the node that is missing."
    ),
    "red": (
        "OpenSearch is red: {:,} parts of the index, or copies of them, are on no node, and "
        "searches miss articles. Start the node that is missing, or run `slugline index --rebuild`."
    ),
}
"""What the status of a cluster means, by its colour; green needs no word."""


class OpenSearchEngine:
    """A search index in an OpenSearch cluster; `directory` is not used, since it is not here.

    `url` is one address of the cluster or several with commas between, `user` and `password` are
    for basic authentication, `ca_certs` is a file of certificates to trust, `verify` False trusts
    any. `index` is the name that the index goes by, one for each home; `shards` the parts that a
    new one is made of. `time_limit` is in seconds a search, `expansion_limit` the words a pattern
    may stand for, `lock_timeout` the seconds to wait for another process that writes, `patience`
    those to wait for a cluster that is busy or has lost a node.
    """

    name = "opensearch"

    def __init__(
        self,
        directory: Path,  # noqa: ARG002 - every engine is opened alike
        *,
        url: str = "",
        user: str = "",
        password: str = "",
        ca_certs: Path | str = "",
        verify: bool = True,
        index: str = "slugline",
        shards: int = 1,
        time_limit: float = 1.0,
        expansion_limit: int = 1_000,
        lock_timeout: float = 60.0,
        patience: float = 120.0,
    ) -> None:
        if not _NAME.fullmatch(index):
            raise ConfigError(
                f"{index!r} can't be the name of an index: small letters, digits, - and _ only"
            )
        self.index = index
        self.shards = shards
        self.time_limit = time_limit
        self.expansion_limit = expansion_limit
        self.lock_timeout = lock_timeout
        self.patience = patience
        self._cluster = Client(url, user=user, password=password, ca_certs=ca_certs, verify=verify)
        self._known = False
        self._cursors = Cursors()

    # writing

    def write(self, documents: Iterable[Document], removed: Iterable[str] = ()) -> None:
        """Add or replace documents and remove ids; seen by searches when all of it is there.

        All documents are read before the first is sent. If the cluster fails while they are sent,
        those that arrived are seen after the next write, which brings them again anyway.
        """
        with turn(self._cluster, self.index, self.lock_timeout) as mine, Spool() as spool:
            current = self._current() or self._create(alias=True)
            for document in documents:
                spool.add(writing(document))
            gone = set(removed)
            self._sender(current, mine.check).send(spool.operations(gone))
            self._sender(current, mine.check).send(removing(id_) for id_ in sorted(gone))
            mine.check()
            self._cluster.refresh(current)

    def replace(self, documents: Iterable[Document]) -> None:
        """Put documents in the place of all there are; until they are in, the old ones serve."""
        with turn(self._cluster, self.index, self.lock_timeout) as mine:
            old = self._cluster.indexes(self.index)
            self._cluster.delete(sorted(set(self._made()) - set(old)))  # of broken rebuilds
            new = self._create(alias=False)
            try:
                self._sender(new, mine.check).send(map(writing, documents))
                mine.check()
                self._cluster.refresh(new)
                self._cluster.swap(self.index, new, old)
            except BaseException:
                self._forget(new)
                raise
            self._known = True
            self._cluster.delete(old)

    def _sender(self, name: str, pulse: Any) -> Sender:
        return Sender(self._cluster, name, pulse=pulse, patience=self.patience)

    def _forget(self, name: str) -> None:
        try:
            self._cluster.delete([name])
        except EngineError:
            return  # the next rebuild removes it

    def _create(self, *, alias: bool) -> str:
        now = f"{datetime.now(UTC):%Y%m%d%H%M%S}"
        name = f"{self.index}-{VERSION}-{now}-{uuid4().hex[:8]}"
        self._cluster.put_template(
            self.index,
            {
                "index_patterns": [f"{self.index}-{VERSION}-*"],
                "priority": 100,
                "template": {"settings": settings(self.shards), "mappings": mappings()},
            },
        )
        self._cluster.create(name, {"aliases": {self.index: {}}} if alias else {})
        self._known = self._known or alias
        return name

    def _made(self) -> list[str]:
        ours = re.compile(rf"{re.escape(self.index)}-\d+-\d{{14}}-[0-9a-f]{{8}}")
        return [n for n in self._cluster.named(f"{self.index}-*") if ours.fullmatch(n)]

    def _current(self, seconds: float = SLOW) -> str:
        """Return the index that serves, "" where there is none; raises for one of another version.

        What the alias stands for may change at any time, so that searches go by the alias.
        """
        names = self._cluster.indexes(self.index, seconds)
        if not names:
            return ""
        name = names[-1]
        if not name.startswith(f"{self.index}-{VERSION}-"):
            raise DamagedIndexError(
                f"The index {name} in OpenSearch was made by another version of Slugline; "
                f"{_REBUILD}"
            )
        self._known = True
        return name

    # asking

    def search(self, question: Question) -> Answer:
        """Find, rank and count."""
        unknown = set(question.facets) - set(FACETS)
        if unknown:
            raise UnsupportedQueryError(f"There is no facet {', '.join(sorted(unknown))}")
        limits = Limits(time.monotonic() + self.time_limit, self.expansion_limit)
        asking = Rounds(self._cluster, self.index, limits)
        try:
            if not self._known and not self._current(self.time_limit):
                raise NoIndexError
            return answer(asking, question, self._cursors)
        except OutOfTimeError:
            return Answer(0, (), 0, facets(question, {}), limits.cut or TIME)
        except NoIndexError:
            self._known = False
            Compiler({}, limits).filter(question.query)  # a query that can't be is an error even so
            return Answer(0, (), 0, facets(question, {}))

    def matching(self, query: Node) -> Iterator[str]:
        """Yield the ids of all that match, newest first, without a limit of time."""
        asking = Rounds(self._cluster, self.index, Limits(float("inf"), UNLIMITED))
        try:
            if not self._known and not self._current():
                return
            yield from self._ids({"query": everything(asking, query), "sort": NEWEST})
        except NoIndexError:
            self._known = False

    def ids(self) -> Iterator[str]:
        """Yield the ids of all that is indexed."""
        if self._current():
            yield from self._ids({"query": {"match_all": {}}, "sort": [{"id": "asc"}]})

    def _ids(self, body: Dsl) -> Iterator[str]:
        page = {"size": _PAGE, "stored_fields": "_none_", "track_total_hits": False}
        for sorts in self._cluster.scroll(self.index, {**page, **body}):
            for sort in sorts:
                yield sort[-1]

    def suggest(self, word: str) -> str:
        """Return the indexed word that was probably meant, two written as one, or ""."""
        word = fold(word)
        if not word:
            return ""
        body = nearby(word, 1 if len(word) < 6 else 2, 0, 200)
        parts = words_among([word, *chain.from_iterable(halves(word))])
        answers = self._looked_up([body, parts])
        if not answers:
            return ""
        counts = suggested(answers[0]) | counted(answers[1])
        known = sorted(counts)
        return Vocabulary(known, np.array([counts[w] for w in known])).meant(word)

    def complete(self, prefix: str, limit: int = 10) -> list[str]:
        """Return the commonest words that begin so."""
        prefix = fold(prefix)
        if not prefix:
            return []
        within: Dsl = {"prefix": {VOCABULARY: prefix}}
        size = limit + len(ADDRESS_PARTS)
        answers = self._looked_up([words_matching(within, begins(prefix), size)])
        found = counted(answers[0]) if answers else {}
        return [word for word in found if word not in ADDRESS_PARTS][:limit]

    def _looked_up(self, bodies: Sequence[Dsl]) -> list[Any]:
        try:
            return self._cluster.searches(self.index, bodies, self.index, self.time_limit)
        except (NoIndexError, OutOfTimeError):
            return []

    def count(self) -> int:
        """Return how many documents are indexed."""
        if not self._current():
            return 0
        try:
            return self._cluster.count(self.index)
        except NoIndexError:
            return 0

    def generation(self) -> str:
        """Return "": a cluster would have to be asked, and may refresh at any moment."""
        return ""

    def check(self) -> None:
        """Count: OpenSearch keeps checksums of its own, and looks at them when it opens a file."""
        self.count()

    def warning(self) -> str:
        """Say that parts of the index, or copies of them, are on no node that runs."""
        if not self._current():
            return ""
        try:
            status, without = self._cluster.health(self.index)
        except NoIndexError:
            return ""
        return WARNINGS[status].format(without) if status in WARNINGS else ""

    def close(self) -> None:
        """Hang up."""
        self._cluster.close()
