"""The tags of an article: mentions of entities, and topics with scores."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as dataclass_field
from enum import StrEnum

from models.article import Article
from models.lists import ListNote
from models.stories import StoryName

OTHER = "other"
"""The topic slug of an article that fits no topic of the taxonomy."""


ENTITY_TYPES = ("person", "org", "place", "group", "event", "product", "work", "law")
"""The types of entities, in the order of lists."""


class Origin(StrEnum):
    """Who says so. A person's word always wins over a model's or a rule's."""

    MODEL = "model"
    RULE = "rule"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class EntityName:
    """A canonical entity as tagging proposes it.

    `key` is its stable name in URLs, exports and filters: type, slash, slug
    (`person/xi-jinping`). `type` is one of `ENTITY_TYPES`.
    `country` is an ISO 3166-1 alpha-2 code where the entity is a country, else "".
    """

    key: str
    name: str
    type: str
    country: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A span of an article's text that names something.

    `field` is "title" or "summary" (or "body"); `start` and `end` are offsets in characters of that
    field, so that `field_text[start:end] == text`. `label` is the pipeline's own (PERSON, GPE,
    DATE ...). `entity` is None for what nobody browses: numbers, dates, ordinals. `belief` is how
    firmly the article itself says so, 0 to 1; it counts for a name's type over the whole archive.
    """

    field: str
    start: int
    end: int
    text: str
    label: str
    entity: EntityName | None = None
    origin: Origin = Origin.MODEL
    belief: float = dataclass_field(default=1.0, compare=False)


@dataclass(frozen=True, slots=True)
class TopicScore:
    """A topic of an article; `score` is between 0 and 1, the best topic first in any list."""

    slug: str
    score: float
    origin: Origin = Origin.MODEL


@dataclass(frozen=True, slots=True)
class LanguageShare:
    """How many articles of a language (ISO 639-1, "" unknown) there are, and how many have topics.

    `other` is not a topic.
    """

    language: str
    articles: int
    with_topics: int

    @property
    def share(self) -> float:
        """The part of the articles that has topics, 0 to 1."""
        return self.with_topics / self.articles if self.articles else 0.0


@dataclass(frozen=True, slots=True)
class Due:
    """An article that waits to be tagged, with no more than tagging reads of it."""

    id: str
    version: int
    title: str
    summary: str
    claimed_language: str
    section: str
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tags:
    """All that one run of tagging says of one version of an article.

    `stamp` names the models that said it, so that a new model makes the tags due again.
    `note` says what could not be done ("no pipeline for pl"), else "". `cluster` is the id of the
    cluster that the article falls into, "" where there is none.
    """

    article_id: str
    version: int
    language: str
    mentions: tuple[Mention, ...]
    topics: tuple[TopicScore, ...]
    stamp: str
    note: str = ""
    cluster: str = ""


@dataclass(frozen=True, slots=True)
class Entity:
    """A canonical entity as the store keeps it; `articles` counts those that mention it."""

    key: str
    name: str
    type: str
    articles: int
    aliases: tuple[str, ...] = ()
    country: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class EntityCount:
    """An entity of one article and how often the article names it."""

    key: str
    name: str
    type: str
    count: int
    origin: Origin = Origin.MODEL


@dataclass(frozen=True, slots=True)
class TaggedArticle:
    """An article with its tags: topics best first, entities most often named first.

    `story` is None where the article stands alone; searches leave out what is `muted`.
    """

    article: Article
    topics: tuple[TopicScore, ...]
    entities: tuple[EntityCount, ...]
    cluster: str = ""
    story: StoryName | None = None
    muted: bool = False


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the tags of an article come from: the models' stamp, and what people said.

    `topics` are a person's words on topics as (slug, whether it fits); `reviewed` says that a
    person went over the mentions, which then outlive every re-tagging. `guid` is the feed's own id
    of the article, "" where it has none. `lists` is what the list that was asked for says of it.
    """

    models: str = ""
    topics: tuple[tuple[str, bool], ...] = ()
    reviewed: bool = False
    guid: str = ""
    lists: tuple[ListNote, ...] = ()


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An entity named in the same articles as another; `together` counts those articles."""

    key: str
    name: str
    type: str
    articles: int
    together: int
