"""What can be asked of the API: the parameters of its addresses, as types with their limits."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from export.request import ExportRequest, column_names
from models.errors import QueryError
from search.engine import Sort
from search.query.dates import TimeRange, read_between
from search.query.fields import MAX_LENGTH
from search.request import Filters
from web.api.problems import ProblemError

Value = Annotated[str, Meta(min_length=1, max_length=200)]
Query = Annotated[str, Meta(max_length=MAX_LENGTH)]
Values = Annotated[list[Value], Meta(max_length=20)]
Limit = Annotated[int, Meta(ge=1, le=100)]
Cursor = Annotated[str, Meta(max_length=200, description="`next` of the page before")]
Moment = Annotated[
    str,
    Meta(max_length=100, description="2023-11-12, 2023-11, yesterday, last week: as in searches"),
]


MANY_LISTS = "An export has the notes of one list; name one list alone."


class Facet(StrEnum):
    """What hits can be counted by."""

    TOPIC = "topic"
    ENTITY = "entity"
    PERSON = "person"
    ORG = "org"
    PLACE = "place"
    SOURCE = "source"
    LANG = "lang"
    CLUSTER = "cluster"
    STORY = "story"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class EntityType(StrEnum):
    """What an entity is."""

    PERSON = "person"
    ORG = "org"
    PLACE = "place"
    GROUP = "group"
    EVENT = "event"
    PRODUCT = "product"
    WORK = "work"
    LAW = "law"


class FilterQuestion(Struct, forbid_unknown_fields=True):
    """The filters that `slugline search` takes.

    In a filter `a|b` is either of two; `-a`, or a parameter with a minus before its name, is what
    articles must not have.
    """

    topic: Values = field(default_factory=list)
    entity: Values = field(default_factory=list)
    source: Values = field(default_factory=list)
    lang: Values = field(default_factory=list)
    cluster: Values = field(default_factory=list)
    story: Values = field(default_factory=list)
    not_topic: Values = field(name="-topic", default_factory=list)
    not_entity: Values = field(name="-entity", default_factory=list)
    not_source: Values = field(name="-source", default_factory=list)
    not_lang: Values = field(name="-lang", default_factory=list)
    not_cluster: Values = field(name="-cluster", default_factory=list)
    not_story: Values = field(name="-story", default_factory=list)
    not_list: Values = field(name="-list", default_factory=list)
    list: Values = field(default_factory=list)  # not `lists`: spectree goes by the field's own name
    since: Moment = ""
    until: Moment = ""

    def filters(self, now: datetime) -> Filters:
        """Return the filters asked for; raises ProblemError for a date that can't be read."""
        between = _between(self.since, self.until, now)
        return Filters(
            topics=_with_banned(self.topic, self.not_topic),
            entities=_with_banned(self.entity, self.not_entity),
            sources=_with_banned(self.source, self.not_source),
            languages=_with_banned(self.lang, self.not_lang),
            clusters=_with_banned(self.cluster, self.not_cluster),
            stories=_with_banned(self.story, self.not_story),
            lists=_with_banned(self.list, self.not_list),
            since=between.start,
            until=between.end,
        )


class Selected(FilterQuestion, forbid_unknown_fields=True):
    """Articles: `q` in the query language, and filters."""

    q: Annotated[str, Meta(max_length=MAX_LENGTH)] = ""

    def identity(self) -> tuple[object, ...]:
        """Return what makes two questions the same but for the page."""
        parts = (self.q, self.topic, self.entity, self.source, self.lang, self.cluster, self.story)
        banned = (self.not_topic, self.not_entity, self.not_source, self.not_lang)
        more = (self.not_cluster, self.not_story, self.list, self.not_list)
        return (*parts, *banned, *more, self.since, self.until)


Folding = Annotated[
    Literal["false", "true", "copies", "story"],
    Meta(
        description="Put near-duplicates under the article that they repeat (copies, or true), or "
        "list each story once, as its best hit (story)."
    ),
]


class SearchQuestion(Selected, forbid_unknown_fields=True):
    """A search: which articles, in which order, counted by what."""

    sort: Sort | None = None
    fold: Folding = "false"
    spellings: bool = True
    facets: list[Facet] = field(default_factory=list)
    limit: Limit = 20
    cursor: Cursor = ""

    def identity(self) -> tuple[object, ...]:
        """Return what makes two questions the same but for the page."""
        return (*super().identity(), self.sort, self.fold, self.spellings)


class BatchQuestion(FilterQuestion, forbid_unknown_fields=True):
    """Many queries under the same filters, and how many hits each gives."""

    q: Annotated[list[Query], Meta(min_length=1, max_length=100)] = field(default_factory=list)
    limit: Annotated[int, Meta(ge=0, le=10)] = 1


class Span(StrEnum):
    """The spans of time that articles are counted in."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class CompareQuestion(FilterQuestion, forbid_unknown_fields=True):
    """Two to five queries to compare under the same filters."""

    q: Annotated[list[Query], Meta(min_length=1, max_length=5)] = field(default_factory=list)
    by: Span = Span.DAY


class Split(StrEnum):
    """What a split into train, validation and test goes by."""

    TIME = "time"
    HASH = "hash"


class Stratum(StrEnum):
    """What a sample is in proportion to."""

    TOPIC = "topic"
    SOURCE = "source"
    LANGUAGE = "language"


class ExportQuestion(Selected, forbid_unknown_fields=True):
    """An export: which articles, and the options that `slugline export` takes.

    With `spellings` a name is found in its other spellings too, as searches find it.
    """

    columns: Annotated[list[Value], Meta(max_length=30)] = field(default_factory=list)
    text: bool = False
    split: Split | None = None
    sample: Annotated[int, Meta(ge=0, le=100_000_000)] = 0
    stratify: Stratum | None = None
    gold: bool = False
    partition: Annotated[str, Meta(pattern="^(month)?$")] = ""
    describe: bool = False
    spellings: bool = False

    @property
    def kept(self) -> str:
        """The list whose notes go along, "" for none; raises ProblemError for several."""
        wanted = [name for name in self.list if not name.startswith("-")]
        if len(wanted) > 1:
            raise ProblemError(400, MANY_LISTS, parameter="list")
        return wanted[0] if wanted else ""

    def request(self) -> ExportRequest:
        """Return how the articles are to leave."""
        return ExportRequest(
            columns=tuple(name for text in self.columns for name in column_names(text)),
            text=self.text,
            split=self.split or "",
            sample=self.sample,
            stratify=self.stratify or "",
            gold=self.gold,
            partition=self.partition,
            describe=self.describe,
        )


class EntityQuestion(Struct, forbid_unknown_fields=True):
    """Which entities: of one type, with names that begin so."""

    type: EntityType | None = None
    begins: Annotated[str, Meta(max_length=200)] = ""
    limit: Limit = 50
    cursor: Cursor = ""


class ClusterQuestion(Struct, forbid_unknown_fields=True):
    """Which clusters: of one topic, or all."""

    topic: Annotated[str, Meta(max_length=60)] = ""


class StoryQuestion(Struct, forbid_unknown_fields=True):
    """Which stories: told from a day on, up to a day, with an article on one topic."""

    topic: Annotated[str, Meta(max_length=60)] = ""
    since: Moment = ""
    until: Moment = ""
    limit: Limit = 50

    def span(self, now: datetime) -> tuple[datetime | None, datetime | None]:
        """Return the span asked for; raises ProblemError for a date that can't be read."""
        between = _between(self.since, self.until, now)
        return between.start, between.end


class FeedQuestion(Struct, forbid_unknown_fields=True):
    """Which feeds: those subscribed to, those that fail, those with a label; or all."""

    subscribed: bool = False
    failing: bool = False
    label: Annotated[str, Meta(max_length=200)] = ""
    limit: Limit = 50
    cursor: Cursor = ""


class TrendsQuestion(Struct, forbid_unknown_fields=True):
    """Which days are compared: `days` up to `until`, with the `against` days before them.

    Without them a week and the four weeks before it, or less in a young archive. `by` says what is
    counted; a story counts once a day.
    """

    days: Annotated[int, Meta(ge=1, le=366)] | None = None
    against: Annotated[int, Meta(ge=1, le=366)] | None = None
    until: date | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 10
    by: Literal["articles", "stories"] = "articles"


class Nothing(Struct, forbid_unknown_fields=True):
    """No parameters."""


def _with_banned(wanted: list[str], banned: list[str]) -> tuple[str, ...]:
    """Return the values of a filter, those that articles must not have with a minus."""
    return (*wanted, *(f"-{value}" for value in banned))


def _between(since: str, until: str, now: datetime) -> TimeRange:
    for name, text in (("since", since), ("until", until)):
        try:
            read_between(text, "", now)
        except QueryError as error:
            raise ProblemError(400, f"{error}.", parameter=name) from error
    return read_between(since, until, now)
