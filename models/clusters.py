"""Clusters of articles within a topic, from a fit, with people's changes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from models.tags import TopicScore


class ClusterState(StrEnum):
    """Whether the last fit found a cluster again, for the first time, or no more."""

    LIVES = "lives"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster as the store keeps it; `articles` counts those in it now.

    `merged_into` is the id of the cluster that took it in, else "".
    """

    id: str
    topic: str
    name: str
    terms: tuple[str, ...]
    articles: int
    state: ClusterState
    named_by_person: bool = False
    hidden: bool = False
    merged_into: str = ""


@dataclass(frozen=True, slots=True)
class FoundCluster:
    """A cluster as a fit found it; `articles` counts those of the fit."""

    id: str
    topic: str
    name: str
    terms: tuple[str, ...]
    articles: int
    new: bool


@dataclass(frozen=True, slots=True)
class ClusteredArticle:
    """What clustering reads of a tagged article; `topics` best first, `names` of its entities."""

    id: str
    title: str
    summary: str
    topics: tuple[TopicScore, ...]
    cluster: str
    names: tuple[str, ...] = ()
    source: str = ""
    language: str = ""
