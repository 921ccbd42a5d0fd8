"""Values that a search asks for and nothing has: said with the nearest ones, never a bare zero."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Iterator, Sequence

from models.errors import UnknownValueError
from models.tags import OTHER
from search.engine import Engine, Question
from search.query.nodes import ALL, And, Boost, Node, Not, Or, Prefix, Term
from search.text.words import fold

TopicsFor = Callable[[str], Sequence[str]]
"""Returns the topics that a word stands for, likeliest first."""
CHECKED = ("topic", "entity", "person", "org", "place", "source", "lang", "cluster", "story")
"""Fields whose values are held against what there is."""
_LISTED = ("topic", "entity", "person", "org", "place", "source", "lang")
"""Fields whose values people can read, so that near ones are worth naming."""
_MOST = 10_000
"""Values that are looked through for near ones, the commonest first."""
_NEAREST = 3
_ALIKE = 0.6
_ALL_NAMED = 30
"""Topics that are all named where none is near; a taxonomy of more is listed by `topics list`."""
_NOUNS = {"lang": "language", "org": "organisation"}


def asked_values(node: Node) -> Iterator[Term]:
    """Yield the values that a query asks for, those that it leaves out included."""
    match node:
        case And() | Or():
            for part in node.nodes:
                yield from asked_values(part)
        case Not() | Boost():
            yield from asked_values(node.node)
        case Term() if node.field in CHECKED:
            yield node


def asked_kinds(node: Node) -> Iterator[Prefix]:
    """Yield where a query asks for any value of a field that articles must have: `cluster:*`."""
    match node:
        case And():
            for part in node.nodes:
                yield from asked_kinds(part)
        case Boost():
            yield from asked_kinds(node.node)
        case Prefix(text="") if node.field in CHECKED:
            yield node


def hides_values(node: Node) -> bool:
    """Whether a query may find something although one of its values does not exist."""
    match node:
        case And():
            return any(map(hides_values, node.nodes))
        case Or() | Not():
            return any(asked_values(node))
        case Boost():
            return hides_values(node.node)
    return False


def check_values(
    node: Node,
    engine: Engine,
    keyed: Callable[[Node], Node],
    topics: Callable[[], Collection[str]],
    topics_for: TopicsFor,
) -> None:
    """Raise `UnknownValueError` for the first value that no article has.

    `keyed` puts keys in the place of entities' names; `topics` are those of the taxonomy, which may
    be asked for before there is an article, as may `other`. So may any language of the world.
    `topics_for` says which of them a word stands for (military for `war`).
    """
    for kind in asked_kinds(node):
        if not engine.search(Question(kind, limit=0)).total and engine.count():
            noun = _NOUNS.get(kind.field, kind.field)
            raise UnknownValueError(f"No article has a {noun}", field=kind.field, value="*")
    for term in asked_values(node):
        if term.field == "lang" and fold(term.text) in _languages():
            continue
        if engine.search(Question(keyed(term), limit=0)).total or not engine.count():
            continue
        known = (*topics(), OTHER) if term.field == "topic" else ()
        if term.text in known:
            continue
        meant = topics_for(term.text) if term.field == "topic" else ()
        raise _unknown(term, engine, known, meant)


def _unknown(
    term: Term, engine: Engine, known: Collection[str], meant: Sequence[str]
) -> UnknownValueError:
    nearest: Sequence[str] = ()
    if term.field in _LISTED:
        counted = engine.search(
            Question(ALL, limit=0, facets=(term.field,), facet_size=_MOST)
        ).facets[term.field]
        values = list(dict.fromkeys([*(value for value, _ in counted), *known]))
        alike = near_values(term.text, values, term.field)
        nearest = list(dict.fromkeys((*meant, *alike)))[:_NEAREST]
    noun = _NOUNS.get(term.field, term.field)
    message = f"There is no {noun} {term.text!r}"
    if nearest:
        message += f"; the nearest {'is' if len(nearest) == 1 else 'are'} {', '.join(nearest)}"
    elif term.field == "topic" and 0 < len(known) <= _ALL_NAMED:
        message += f"; the topics are {', '.join(sorted(known))}"
    return UnknownValueError(message, field=term.field, value=term.text, nearest=tuple(nearest))


def near_values(text: str, values: Sequence[str], field: str = "") -> tuple[str, ...]:
    """Return the few of some values that are most like what was typed, the likest first.

    Keys of entities are compared by the name in them, languages by their English names, too.
    """
    names = {_comparable(value, field): value for value in reversed(values)}
    if field == "lang":
        names |= {name: code for code, name in _languages().items() if code in set(values)}
    if field == "source":  # `bbc.co.uk` is like BBC News
        names = {_comparable(name.split()[0], field): name for name in reversed(values)} | names
        text = re.sub(r"(?i)^(?:www\.)?([\w-]{2,})(?:\.[\w-]+)*\.[a-z]{2,}$", r"\1", text)
    wanted = _comparable(text, field)
    if wanted in names:
        return (names[wanted],)
    found = difflib.get_close_matches(wanted, names, n=_NEAREST, cutoff=_ALIKE)
    if len(wanted) > 2:
        found += sorted((name for name in names if wanted in name), key=len)[:_NEAREST]
    return tuple(dict.fromkeys(names[name] for name in found))[:_NEAREST]


def _comparable(value: str, field: str) -> str:
    name = value.rpartition("/")[2].replace("-", " ") if field != "source" else value
    return " ".join(fold(part) for part in name.split())


def _languages() -> dict[str, str]:
    """Return the folded English names of languages by their codes."""
    from babel import Locale

    return {code: fold(name) for code, name in Locale("en").languages.items()}
