"""The briefing: the stories of a day as text, as a printable page, or as a feed.

Each story is told in a sentence of its own; nothing is made up, and nothing leaves the machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from html import escape
from typing import TYPE_CHECKING

from models.addresses import outside_link
from models.errors import NotFoundError
from models.wording import counted
from nlp.stories.summary import summarise
from web.atom import FeedEntry, atom
from web.formatting import listed, long_day
from web.stories import newest_day, top_of_day

if TYPE_CHECKING:
    from store.store import Store

NAMED, SOURCES = 5, 5


@dataclass(frozen=True, slots=True)
class BriefingItem:
    """A story of the briefing; `sources` are (name, address) in the order in which they told it."""

    id: str
    name: str
    sentence: str
    first: datetime
    last: datetime
    articles: int
    named: tuple[str, ...]
    sources: tuple[tuple[str, str], ...]

    @property
    def since(self) -> str:
        """Since when the story is told, and by whom."""
        return f"since {self.first:%Y-%m-%d %H:%M} UTC"

    @property
    def first_sources(self) -> tuple[tuple[str, str], ...]:
        """The sources that are named: those that told it first."""
        return self.sources[:SOURCES]

    @property
    def more_sources(self) -> int:
        """How many sources are not named."""
        return max(0, len(self.sources) - SOURCES)


@dataclass(frozen=True, slots=True)
class Briefing:
    """The stories of a day; `total` is how many there are in all."""

    day: date
    topic: str
    total: int
    stories: tuple[BriefingItem, ...]

    @property
    def title(self) -> str:
        """What stands above it."""
        about = f" on {self.topic}" if self.topic else ""
        return f"The news{about}, {long_day(self.day)}"


def brief(store: Store, day: date | None, limit: int, topic: str = "") -> Briefing:
    """Put the briefing of a day together, of the newest with stories where None is given.

    Raises NotFoundError where there is no story yet.
    """
    day = day or newest_day(store, datetime.now(UTC))
    if day is None:
        raise NotFoundError("There are no stories yet; `slugline tag` finds them.")
    found, total = top_of_day(store, day, limit, topic)
    items = []
    for story in found:
        members = store.stories.members(story.id)
        here = [each for each in members if each.moment.date() <= day]
        sources: dict[str, str] = {}
        for each in here:
            sources.setdefault(each.source, outside_link(each.url) or "")
        texts = [(each.title, each.summary, each.language) for each in here]
        items.append(
            BriefingItem(
                id=story.id,
                name=story.name,
                sentence=summarise(texts).sentence,
                first=story.first,
                last=here[-1].moment if here else story.last,
                articles=len(here),
                named=tuple(name for _, name, _ in store.stories.entities(story.id, NAMED)),
                sources=tuple(sources.items()),
            )
        )
    return Briefing(day, topic, total, tuple(items))


def as_markdown(briefing: Briefing) -> str:
    """Return a briefing as Markdown."""
    lines = [f"# {_plain(briefing.title)}", "", _counts(briefing)]
    for number, story in enumerate(briefing.stories, 1):
        lines += ["", f"## {number}. {_plain(story.name)}", ""]
        if story.sentence:
            lines += [_plain(story.sentence), ""]
        if story.named:
            lines.append(f"- Named: {_plain(', '.join(story.named))}")
        links = [
            f"[{_plain(name)}](<{link}>)" if link and not set(link) & set("<>\n") else _plain(name)
            for name, link in story.first_sources
        ]
        lines.append(f"- Told by {_sources(links, story)}, {story.since}")
    return "\n".join(lines) + "\n"


def as_html(briefing: Briefing) -> str:
    """Return a briefing as one page that needs nothing else and prints well."""
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        f"<title>{escape(briefing.title)}</title>",
        f"<style>{_STYLE}</style></head><body>",
        f"<h1>{escape(briefing.title)}</h1>",
        f"<p>{escape(_counts(briefing))}</p>",
    ]
    for story in briefing.stories:
        links = [
            f'<a href="{escape(link)}" rel="noopener noreferrer nofollow">{escape(name)}</a>'
            if link
            else escape(name)
            for name, link in story.first_sources
        ]
        parts.append(f'<section><h2 dir="auto">{escape(story.name)}</h2>')
        if story.sentence:
            parts.append(f'<p dir="auto">{escape(story.sentence)}</p>')
        if story.named:
            parts.append(f"<p class=named>{escape(', '.join(story.named))}</p>")
        parts.append(f"<p class=told>Told by {_sources(links, story)}, {story.since}</p></section>")
    return "\n".join([*parts, "</body></html>", ""])


def as_atom(briefing: Briefing) -> str:
    """Return a briefing as an Atom feed."""
    address = f"urn:slugline:briefing:{briefing.day.isoformat()}:{briefing.topic or 'all'}"
    entries = [
        FeedEntry(
            id=f"urn:slugline:story:{story.id}:{briefing.day.isoformat()}",
            title=story.name,
            link=next((link for _, link in story.sources if link), ""),
            summary=story.sentence,
            updated=story.last,
            author=story.sources[0][0] if story.sources else "",
        )
        for story in briefing.stories
    ]
    return atom(briefing.title, address, "", entries) + "\n"


FORMATS = {"md": as_markdown, "html": as_html, "atom": as_atom}


def _counts(briefing: Briefing) -> str:
    shown, total = len(briefing.stories), briefing.total
    if not total:
        return "No stories on this day."
    stories = counted(total, "story", "stories")
    return f"{stories} in all." if shown == total else f"The first {shown} of {stories}."


def _sources(names: Sequence[str], story: BriefingItem) -> str:
    more = [f"{story.more_sources} more"] if story.more_sources else []
    return listed([*names, *more])


def _plain(text: str) -> str:
    """Return a text in which no character means anything to Markdown."""
    line = " ".join(text.split())
    return "".join(f"\\{letter}" if letter in r"\`*_[]<>#|" else letter for letter in line)


_STYLE = (
    "body{max-width:42rem;margin:2rem auto;padding:0 1rem;font:1rem/1.45 Georgia,serif}"
    "h2{font-size:1.15rem;margin:1.4rem 0 .3rem}p{margin:.25rem 0}"
    ".named,.told{color:#555;font-size:.85rem}section{break-inside:avoid}"
)
