"""The pages of entities: lists by type and name, and each with its company and its days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from models.accounts import Role
from models.errors import NotFoundError, UnknownValueError
from models.tags import ENTITY_TYPES, Entity
from models.wikidata import wikidata
from nlp.association import Companion, companions
from nlp.entities.related import related_keys
from search.request import Filters, Request, Results
from web import words
from web.accounts.access import visitor
from web.canonical import address_with
from web.charts.against import ComparedLines, against
from web.charts.histogram import Histogram
from web.context import app_context, library
from web.errors import MissingError
from web.facets import counts_of, picture_of
from web.latest import latest, place_in
from web.pager import Pager, pager
from web.search_state import LONGEST_VALUE, SearchState, read_page
from web.searching.find import find
from web.tables import table_of
from web.translation.localization import gettext, quoted

pages = Blueprint("entities", __name__, url_prefix="/entities")

IN_LIST, IN_OVERVIEW, IN_FILE = 60, 12, 5_000
COLUMNS = ("key", "name", "type", "articles")
FACETS = ("topic", "source", "lang", "day")
COMPANIONS, NAMESAKES = 24, 6


@pages.get("")
def entities() -> str | Response:
    """List entities: the most named of each type, or one type or beginning, page by page."""
    kind = request.args.get("type", "")
    kind = kind if kind in ENTITY_TYPES else ""
    begins = " ".join(request.args.get("begins", "").split())[:LONGEST_VALUE]
    repository = library().store.entities
    table = table_of(
        f"entities-{kind}" if kind else "entities", COLUMNS, lambda: _rows(kind, begins)
    )
    if table:
        return table
    if not kind and not begins:
        overview = [(each, repository.top(each, IN_OVERVIEW)) for each in ENTITY_TYPES]
        shown = [pair for pair in overview if pair[1]]
        return render_template("entities.html", overview=shown, total=repository.count())
    total = repository.count(kind, begins)
    most = app_context().settings.max_pages
    place = pager(read_page(request.args), total, IN_LIST, most)
    if place.page > place.last:
        last = url_for("entities.entities", type=kind, begins=begins, page=place.last)
        raise MissingError(f"This list has no page {place.page}.", (("Its last page", last),))
    offset = (place.page - 1) * IN_LIST
    listed = repository.top(kind, IN_LIST, offset, begins)
    return render_template(
        "entity_list.html",
        kind=kind,
        begins=begins,
        total=total,
        entities=listed,
        pager=place,
    )


def _rows(kind: str, begins: str) -> Iterator[tuple[str, str, str, int]]:
    """Return the rows of a list of entities, some thousand read at a time."""
    repository = library().store.entities  # now, since rows are read while they are sent

    def read() -> Iterator[tuple[str, str, str, int]]:
        offset = 0
        while found := repository.top(kind, IN_FILE, offset, begins):
            yield from ((each.key, each.name, each.type, each.articles) for each in found)
            offset += IN_FILE

    return read()


@pages.get("/<kind>")
def of_kind(kind: str) -> Response:
    """Lead from `/entities/person` to the list of people."""
    if kind not in ENTITY_TYPES:
        raise _missing(kind)
    return redirect(url_for("entities.entities", type=kind))


@pages.get("/<kind>/<path:slug>")
def entity(kind: str, slug: str) -> str | Response:
    """Show one entity: its names, its days, its company, its topics, its newest articles."""
    key = f"{kind}/{slug}"
    try:
        here = library().store.entities.get(key)
    except NotFoundError:
        raise _missing(slug) from None
    if here.key != key:
        kind, _, slug = here.key.partition("/")
        return redirect(url_for("entities.entity", kind=kind, slug=slug))
    other = " ".join(request.args.get("against", "").split())[:LONGEST_VALUE]
    keys = library().store.entities.find(other) if other else ()
    if keys and keys[0] != other:
        return redirect(address_with("against", keys[0]))
    found, place = _newest(here.key)
    picture = picture_of(found, library(), SearchState())
    return render_template(
        "entity.html",
        entity=here,
        found=found,
        pager=place,
        state=SearchState(entities=(here.key,)),
        companions=_companions(here),
        wikidata=wikidata(here.key),
        related=library().store.entities.known(related_keys(here.key)),
        namesakes=_namesakes(here),
        merged=library().store.entities.merged(here.key) if visitor().may(Role.EDITOR) else (),
        picture=picture,
        beside=_beside(here, other, keys, picture),
        measures=words.MEASURES,
    )


@dataclass(frozen=True, slots=True)
class ComparedEntity:
    """Another entity whose time line is put against that of the page.

    `asked` is its name as it was given, `fault` says why there is no picture.
    """

    asked: str
    measure: str
    other: Entity | None = None
    question: SearchState | None = None
    lines: ComparedLines | None = None
    per: str = ""
    fault: str = ""


def _beside(
    here: Entity, asked: str, keys: tuple[str, ...], picture: Histogram | None
) -> ComparedEntity | None:
    """Return the time line of another entity beside that of this one; None where none can be."""
    measure = request.args.get("as", "")
    measure = measure if measure in words.MEASURES else next(iter(words.MEASURES))
    if picture is None or len(picture.bars) < 2:
        return None
    if not asked:
        return ComparedEntity("", measure)
    if not keys:
        return ComparedEntity(
            asked, measure, fault=gettext("There is no entity {name}.", name=quoted(asked))
        )
    if keys[0] == here.key:
        return ComparedEntity(
            here.name, measure, fault=gettext("That is this name itself: choose another.")
        )
    other = library().store.entities.get(keys[0])
    lines = against(picture, _days_of(other.key))
    question = SearchState(entities=(other.key,))
    return ComparedEntity(other.name, measure, other, question, lines, words.PER[picture.unit])


def _newest(key: str) -> tuple[Results, Pager]:
    """Return the newest articles of an entity; none where no index knows it, as a hidden one."""
    try:
        return latest(Filters(entities=(key,)), FACETS)
    except UnknownValueError:
        return Results(0, 0, (), dict.fromkeys(FACETS, ())), place_in(0)


def _days_of(key: str) -> list[tuple[str, int]]:
    """Return how many articles of each day name an entity."""
    wanted = Request(filters=Filters(entities=(key,)), limit=0, facets=("day",))
    try:
        return counts_of(find(wanted), "day")
    except UnknownValueError:
        return []


def _companions(entity: Entity) -> tuple[Companion, ...]:
    """Return who appears with an entity, but for itself under another type."""
    store = library().store
    others = [
        other
        for other in store.entities.neighbours(entity.key)
        if other.name.casefold() != entity.name.casefold()
    ]
    return companions(others, entity.articles, store.articles.count(), COMPANIONS)


def _namesakes(entity: Entity) -> list[tuple[str, str, str]]:
    """Return (key, type, name) of others that are called the same."""
    repository = library().store.entities
    keys = [key for key in repository.find(entity.name) if key != entity.key][:NAMESAKES]
    names = repository.names(keys)
    return [(key, key.partition("/")[0], names[key]) for key in keys if key in names]


def _missing(name: str) -> MissingError:
    words = name.replace("-", " ")[:LONGEST_VALUE]
    nearby = (
        (f"Names that begin with “{words[:60]}”", url_for("entities.entities", begins=words)),
        (f"Articles with the words “{words[:60]}”", url_for("search.results", q=words)),
        ("All entities", url_for("entities.entities")),
    )
    return MissingError(f"There is no entity {name[:60]!r}.", nearby)
