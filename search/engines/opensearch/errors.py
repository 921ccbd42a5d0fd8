"""What goes wrong with an OpenSearch cluster, told as a person can follow it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

from opensearchpy.exceptions import (
    AuthenticationException,
    AuthorizationException,
    ConnectionTimeout,
    NotFoundError,
    SSLError,
    TransportError,
)
from opensearchpy.exceptions import ConnectionError as NoConnection
from opensearchpy.exceptions import OpenSearchException as AnyError

from models.errors import EngineError, UnsupportedQueryError

BUSY = frozenset({429, 502, 503, 504})
"""What a cluster answers that has too much to do, or has just lost a node: worth another try."""
STOPPED = {"time_exceeded_exception", "task_cancelled_exception"}
"""What OpenSearch says where the time was over before it had anything."""


class NoIndexError(Exception):
    """There is no such index; nothing has been written yet."""


class Faults:
    """Tells the faults of the cluster that goes by the addresses `shown`."""

    def __init__(self, shown: str) -> None:
        self.shown = shown

    @contextlib.contextmanager
    def errors_in_words(self) -> Iterator[None]:
        """IndexLock what opensearch-py raises into what a person can follow."""
        try:
            yield
        except NotFoundError as error:
            if error.error == "index_not_found_exception" or error.status_code == 404:
                raise NoIndexError(str(error.error)) from error
            raise
        except AuthenticationException as error:
            raise EngineError(
                f"OpenSearch at {self.shown} wants another user or password; see "
                "opensearch.user and opensearch.password"
            ) from error
        except AuthorizationException as error:
            raise EngineError(
                f"OpenSearch at {self.shown} doesn't let this user do that: {reason_of(error)}"
            ) from error
        except SSLError as error:
            raise EngineError(
                f"The certificate of OpenSearch at {self.shown} is not trusted; name the file of "
                "the authority that signed it in opensearch.ca_certs"
            ) from error
        except ConnectionTimeout as error:
            raise EngineError(f"OpenSearch at {self.shown} doesn't answer in time") from error
        except NoConnection as error:
            raise EngineError(
                f"OpenSearch at {self.shown} can't be reached; is it running, and is "
                "opensearch.url its address?"
            ) from error
        except TransportError as error:
            raise self.failure(error.status_code, reason_of(error)) from error
        except AnyError as error:
            raise EngineError(f"OpenSearch at {self.shown}: {error}") from error

    def failure(self, status: Any, reason: str) -> EngineError:
        """Return the error for a request that the cluster answered with a failure."""
        if "max_clause" in reason or "clause" in reason or "determin" in reason:
            return UnsupportedQueryError(f"This query is too large for OpenSearch: {reason}")
        return EngineError(f"OpenSearch at {self.shown} failed ({status}): {reason}")

    def in_words(self, error: Exception) -> EngineError:
        """Return an error of a call as a person can follow it."""
        try:
            with self.errors_in_words():
                raise error
        except NoIndexError as missing:
            return EngineError(f"OpenSearch at {self.shown} lost the index: {missing}")
        except EngineError as clear:
            return clear


def reason_of(error: TransportError) -> str:
    """Return why the cluster refused, in one line."""
    info = error.info
    if isinstance(info, Mapping) and "error" in info:
        return root_reason(info["error"])
    return str(error.error)


def root_reason(error: Any) -> str:
    """Return the innermost reason of an error as OpenSearch tells it, in one line."""
    if not isinstance(error, Mapping):
        return str(error)[:300]
    causes = [
        *(shard.get("reason") for shard in error.get("failed_shards", ())),
        *error.get("root_cause", ()),
        error,
    ]
    cause = next((cause for cause in causes if isinstance(cause, Mapping)), error)
    while isinstance(cause.get("caused_by"), Mapping):
        cause = cause["caused_by"]
    return " ".join(f"{cause.get('type')}: {cause.get('reason')}".split())[:300]
