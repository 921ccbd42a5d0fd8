"""The errors a person may see, in one tree.

    SluglineError
    ├── ClusterError           slugline.jobs.cluster: no Dask cluster, or it ended
    ├── UsageError              the command or its options are wrong            exit 2
    │   ├── ConfigError         a setting is unknown or has no such value
    │   └── QueryError          the search query can't be read; says where
    │       └── UnknownValueError   it asks for a topic, source, entity that does not exist
    ├── SourceError             a feed, file or archive can't be read
    ├── StoreError              the database can't be opened, read or written, or is not ours
    │   └── UnstorableError     the database refuses a value that it is given
    ├── BusyError               as much of it is under way as may be at a time
    ├── NotFoundError           no article, entity, topic or feed of that name
    ├── ModelError              a language pipeline or topic model is missing or unfit
    └── EngineError             the search index can't be opened or doesn't answer
        ├── DamagedIndexError       the index can't be read, and is made anew
        └── UnsupportedQueryError   this engine can't do what the query asks

Three stand beside the code that raises them: `web.server.serve.ServeError` (the address can't be
listened on), `slugline.feeds.lock.WatchedError` (another watch runs on this home), and
`web.errors.MissingError` (a NotFoundError with links to what is near).

A message says what is wrong, where, and what to do about it, in words for the person at the
keyboard; the command line prints it without a traceback.
"""

from __future__ import annotations


class SluglineError(Exception):
    """The root of the tree: catch this to catch all that Slugline raises on purpose."""


class UsageError(SluglineError):
    """The command or its options are wrong."""


class ConfigError(UsageError):
    """A setting is unknown or has a value it can't have."""


class QueryError(UsageError):
    """The search query can't be read.

    `position` is the offset in the `query` where the fault is (None where no one place is at
    fault), `suggestion` the nearest query that can be read, or "".
    """

    def __init__(
        self, message: str, position: int | None = None, suggestion: str = "", query: str = ""
    ) -> None:
        super().__init__(message)
        self.position = position
        self.suggestion = suggestion
        self.query = query


class UnknownValueError(QueryError):
    """A search asks for a value of a `field` that no article has; `nearest` are the likest."""

    def __init__(
        self, message: str, *, field: str, value: str, nearest: tuple[str, ...] = ()
    ) -> None:
        super().__init__(message)
        self.field = field
        self.value = value
        self.nearest = nearest


class SourceError(SluglineError):
    """A feed, file or archive can't be read at all.

    `place` is what a person knows it by ("" where `reason` says it itself); the message is both.
    """

    def __init__(self, reason: str, place: str = "") -> None:
        super().__init__(f"{place} {reason}" if place else reason)
        self.place = place
        self.reason = reason


class StoreError(SluglineError):
    """The database can't be opened, read or written, is busy for too long, or is not ours."""


class UnstorableError(StoreError):
    """The database refuses a value: a number too large, a character that is not text."""


class BusyError(SluglineError):
    """As much of this is under way as may be at a time; try again."""


class NotFoundError(SluglineError):
    """There is no article, entity, topic or feed of that name."""


class ModelError(SluglineError):
    """A language pipeline or topic model is missing or doesn't fit this version."""


class EngineError(SluglineError):
    """The search index can't be opened or doesn't answer."""


class DamagedIndexError(EngineError):
    """The search index can't be read, or another version made it; it is made anew from the store.

    `slugline index` does so by itself.
    """


class UnsupportedQueryError(EngineError):
    """The engine can't do what the query asks; never answered with an empty result."""
