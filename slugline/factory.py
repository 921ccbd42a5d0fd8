"""Builds the parts that settings describe: the store, the search engine, the models."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from models.errors import StoreError
from slugline.settings import STORE_FILE, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from ingest.fetching.fetch import PoliteFetcher
    from ingest.parsing.pool import ReaderPool
    from nlp.clusters.model import ClusterModel
    from nlp.tagger import Tagger
    from nlp.topics.by_language import TopicModels
    from nlp.topics.model import TopicModel
    from search.engine import Engine
    from search.searcher import Searcher
    from slugline.feeds.mailboxes import Mailboxes
    from store.store import Store

THIS_MACHINE = ("127.0.0.0/8", "::1/128")
PRIVATE = (
    *THIS_MACHINE,
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "100.64.0.0/10",
    "fc00::/7",
)
"""Networks of one's own, providers' NAT included. Link-local addresses are not among them: no feed
lives there, but the credentials of a machine in a cloud do (169.254.169.254)."""


def open_store(settings: Settings) -> Store:
    """Open the store, making it where there is none; raises StoreError."""
    from store.store import Store

    if settings.store.url:
        return Store(settings.store_url)
    path = settings.home / STORE_FILE
    if is_lost(path, settings.index_directory):
        raise StoreError(
            f"{path} is empty or missing, but {settings.index_directory} still indexes what it "
            "held. `slugline restore` brings back a backup into another home. To begin anew here, "
            "remove that directory."
        )
    return Store.at(path)


def is_lost(store: Path, index: Path) -> bool:
    """Say whether a store was deleted or emptied while its index is still there."""
    try:
        return is_emptied(store) and index.is_dir() and any(index.iterdir())
    except OSError:  # opening it says why
        return False


def is_emptied(store: Path) -> bool:
    """Say whether nothing is in a store's file, nor in the log beside it."""
    files = (store, store.with_name(f"{store.name}-wal"))
    return not any(path.is_dir() or (path.is_file() and path.stat().st_size) for path in files)


def open_search_engine(settings: Settings) -> Engine:
    """Open the search engine that settings name; raises EngineError or ConfigError."""
    from search.engines.registry import open_engine

    name = settings.search.engine
    options = dataclasses.asdict(settings.opensearch) if name == "opensearch" else {}
    return open_engine(
        name, settings.index_directory, time_limit=settings.search.time_limit, **options
    )


def open_searcher(
    store: Store, engine: Engine, reader: Callable[[], str | None] = lambda: None
) -> Searcher:
    """Return a searcher over store and engine; `reader` returns the user who is asking."""
    from ingest.pasted_address import read_address
    from nlp.topics.taxonomy import load_taxonomy
    from search.searcher import Searcher

    def topics() -> set[str]:
        return {topic.slug for topic in load_taxonomy()}

    def meant(text: str) -> tuple[str, ...]:
        from nlp.topics.lookup import topics_for

        return topics_for(text, load_taxonomy())

    return Searcher(
        *(engine, store),
        topics=topics,
        topics_for=meant,
        mutes=store.rules.any_muted,
        address=read_address,
        reader=reader,
    )


def open_fetcher(settings: Settings, typed: str = "") -> PoliteFetcher:
    """Open what fetches feeds, within the limits that settings give.

    Addresses that are not public are refused unless settings allow them. An address of this very
    machine that a person typed (`typed`) is theirs to reach, and no redirect elsewhere leads there.
    """
    from ingest.fetching.address import networks
    from ingest.fetching.fetch import PoliteFetcher, Timeouts

    allowed: tuple[str, ...] = ()
    if settings.fetch.allow_private:
        allowed = PRIVATE
    elif _is_this_machine(typed):
        allowed = THIS_MACHINE
    return PoliteFetcher(
        allowed=networks(allowed),
        timeouts=Timeouts(whole=settings.fetch.timeout),
        max_body=settings.fetch.max_bytes,
        at_once=max(1, settings.fetch.at_once),
    )


def open_mailboxes(settings: Settings, typed: Collection[str] = ()) -> Mailboxes:
    """Return the IMAP client, with the limits of feeds; `typed` as for `open_fetcher`."""
    from ingest.fetching.address import networks
    from ingest.fetching.fetch import Timeouts
    from ingest.mailboxes.connection import Access, Limits
    from slugline.feeds.mailboxes import Mailboxes

    allowed = networks(PRIVATE if settings.fetch.allow_private else ())
    seconds = settings.fetch.timeout
    access = Access(allowed, Limits(seconds=seconds), Timeouts(whole=seconds))
    local = {url: networks(THIS_MACHINE) for url in typed if only_typed(settings, url)}
    return Mailboxes(settings.imap, access, local)


def open_reader(settings: Settings, stopping: Callable[[], bool] = lambda: False) -> ReaderPool:
    """Open a pool of parser processes, which end once `stopping` returns true."""
    from ingest.parsing.pool import ReaderPool

    return ReaderPool(seconds=settings.fetch.timeout, stopping=stopping)


def only_typed(settings: Settings, url: str) -> bool:
    """Say whether an address may be reached only because a person typed it (`open_fetcher`)."""
    return _is_this_machine(url) and not settings.fetch.allow_private


def _is_this_machine(url: str) -> bool:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    from ingest.fetching.address import is_loopback

    return is_loopback(host)


def load_topic_model(settings: Settings) -> TopicModel:
    """Load the topic model that settings name, the user's own, or the shipped one."""
    from nlp.topics.model import TopicModel

    _recover(settings.own_topic_model)
    return TopicModel.load(settings.topic_model)


def load_topic_models(settings: Settings) -> TopicModels:
    """Load the topic model of each language, with the user's own for its languages."""
    from nlp.topics.by_language import TopicModels

    _recover(settings.own_topic_model)
    return TopicModels.load(settings.topic_model)


def load_tagger(settings: Settings) -> Tagger:
    """Load all models that tagging needs; raises ModelError for a missing one."""
    from nlp.entities.tagger import EntityTagger
    from nlp.language import LanguageDetector
    from nlp.tagger import Tagger

    return Tagger(
        LanguageDetector(),
        EntityTagger(settings.pipelines),
        load_topic_models(settings),
        load_cluster_model(settings),
    )


def load_cluster_model(settings: Settings) -> ClusterModel | None:
    """Load the model by which new articles fall into clusters, None before the first fit."""
    from nlp.clusters.model import ClusterModel

    _recover(settings.cluster_model)
    return ClusterModel.load(settings.cluster_model) if settings.cluster_model.exists() else None


def _recover(place: Path) -> None:
    """Put a model back whose replacement was killed in the middle."""
    from nlp.model_files import recover

    recover(place)
