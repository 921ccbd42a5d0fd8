"""An article in one of Slugline's own exports, with tags, versions and corrections."""

from __future__ import annotations

from dataclasses import dataclass

from models.article import Article, Version
from models.tags import Mention, Provenance, TopicScore


@dataclass(frozen=True, slots=True)
class ExportedArticle:
    """One row of an export, read back; `provenance.models` is "" where it was never tagged."""

    article: Article
    topics: tuple[TopicScore, ...] = ()
    mentions: tuple[Mention, ...] = ()
    versions: tuple[Version, ...] = ()
    provenance: Provenance = Provenance()  # noqa: RUF009 - it is frozen
    cluster: str = ""
