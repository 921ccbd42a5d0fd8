"""`slugline feeds`: the feeds that are subscribed to, and how each is doing."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from models.errors import SourceError
from slugline.commands.stages import IngestLog, facts_of, stop_if_unread, told_ingested
from slugline.desk import Desk, at_the_desk

if TYPE_CHECKING:
    from ingest.fetch import Answer
    from models.feed import Feed
    from models.store import Store
    from slugline.refresh import Refreshed
    from slugline.refresh_add import Found

LABEL = click.option("--label", "labels", multiple=True, help="A label; a/b is b within a.")


@click.group()
def feeds() -> None:
    """Subscribe to feeds, and see how they are doing."""


@feeds.command()
@click.argument("urls", nargs=-1, required=True, metavar="URL...")
@LABEL
@click.option("--all", "every", is_flag=True, help="Take all feeds that a page offers.")
@click.option("--full-text", is_flag=True, help="Read the pages that the feed links to, too.")
@at_the_desk
def add(
    desk: Desk, urls: tuple[str, ...], labels: tuple[str, ...], every: bool, full_text: bool
) -> None:
    """Subscribe to the feeds at URL..., and take what they hold.

    URL is a feed, or a page that links to its feeds: of several the first is taken, and all are
    named.
    """
    from slugline.opening import only_typed, open_fetcher
    from slugline.refresh import bounds_of, check
    from slugline.refresh_add import AskedOnce, find, typed_address
    from slugline.refresh_pages import page_reader, require_page_reader

    if full_text:
        require_page_reader()
    settings = desk.settings
    answers: dict[str, Answer] = {}
    found: list[Found] = []
    failed: list[str] = []
    for url in [typed_address(url) for url in urls]:
        with closing(open_fetcher(settings, url)) as fetcher:
            try:
                found.append(find(url, AskedOnce(fetcher, answers), every=every))
            except SourceError as error:
                failed.append(str(error))
                desk.warn(f"Not added: {error}")
                continue
        _tell_offers(desk, found[-1])
        if only_typed(settings, url):
            desk.warn(
                f"{found[-1].address} is on this machine: reached now because you named it. For "
                "`watch` and `check` to reach it too, set fetch.allow_private = true."
            )
    taken = {feed.url: feed for one in found for feed in one.taken.values()}
    with desk.store() as store, IngestLog(desk) as log, closing(open_fetcher(settings)) as fetcher:
        known = {feed.url for feed in store.feeds.subscribed()}
        added = store.feeds.subscribe(
            [
                dataclasses.replace(feed, labels=labels, full_text=full_text)
                for feed in taken.values()
            ]
        )
        current = [store.feeds.get(url) for url in taken]
        asked = AskedOnce(fetcher, answers)
        checked = check(
            store,
            current,
            asked,
            bounds_of(settings),
            log,
            at_once=1,
            pages=page_reader(store),
        )
        checked = _grouped(desk, store, checked)
    facts = {
        "added": added,
        "known": len(known & set(taken)),
        "failed": failed,
        "offered": [
            {"url": offer.url, "title": offer.title, "taken": offer.url in one.taken}
            for one in found
            for offer in one.offers
        ],
    }
    lines = [
        f"{'Known already' if feed.url in known else 'Subscribed'}: {_name(feed)}"
        for feed in taken.values()
    ]
    if taken:
        lines += [told_ingested(checked.ingested), "`slugline watch` keeps them fresh."]
    desk.report(_facts(checked) | facts, "\n".join(lines))
    if failed:
        click.get_current_context().exit(1)
    stop_if_unread(checked.ingested)


@feeds.command()
@click.argument("urls", nargs=-1, required=True, metavar="URL...")
@at_the_desk
def remove(desk: Desk, urls: tuple[str, ...]) -> None:
    """Unsubscribe from the feeds at URL...; their articles stay."""
    with desk.store() as store:
        for url in urls:
            store.feeds.get(url)  # all or none: a slip in one name removes nothing
        removed = [store.feeds.unsubscribe(url) for url in urls]
    desk.report(
        {"removed": [feed.url for feed in removed]},
        "\n".join(f"Unsubscribed: {_name(feed)}" for feed in removed),
    )


@feeds.command("set")
@click.argument("url")
@LABEL
@click.option("--unlabel", "unlabels", multiple=True, help="A label to take away.")
@click.option(
    "--full-text/--no-full-text", default=None, help="Whether to read the pages it links to, too."
)
@at_the_desk
def set_feed(
    desk: Desk,
    url: str,
    labels: tuple[str, ...],
    unlabels: tuple[str, ...],
    full_text: bool | None,
) -> None:
    """Change what you decide of the feed at URL: its labels, and whether its pages are read."""
    from slugline.refresh_pages import require_page_reader

    if full_text:
        require_page_reader()
    with desk.store() as store:
        kept = [label for label in store.feeds.get(url).labels if label not in unlabels]
        feed = store.feeds.change(
            url, labels=list(dict.fromkeys((*kept, *labels))), full_text=full_text
        )
    text = "with full text" if feed.full_text else "as the feed gives it"
    desk.report(
        _facts_of(feed), f"{_name(feed)}; labels: {', '.join(feed.labels) or 'none'}; {text}"
    )


@feeds.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@LABEL
@at_the_desk
def import_feeds(desk: Desk, file: Path, labels: tuple[str, ...]) -> None:
    """Subscribe to the feeds of an OPML file, as other feed readers export it.

    Its outlines become labels. Nothing is fetched yet: `feeds check` and `watch` do that.
    """
    from ingest.identity import is_web_address
    from ingest.opml import read_opml
    from ingest.part import UnreadableError
    from ingest.shelves import read_file
    from models.feed import parted
    from slugline.refresh_add import without_feed_scheme

    try:
        listed = read_opml(read_file(file))
    except (OSError, UnreadableError) as error:
        raise SourceError(f"{file} {error}.") from None
    wanted, rejected = [], []
    for feed in listed:
        url, login = parted(without_feed_scheme(feed.url))
        if is_web_address(url):
            own = tuple(dict.fromkeys((*feed.labels, *labels)))
            wanted.append(dataclasses.replace(feed, url=url, login=login, labels=own))
        else:
            rejected.append(url)
            desk.warn(f"Rejected: {file}: {url!r} is no web address.")
    with desk.store() as store:
        added = store.feeds.subscribe(wanted)
    known = len(wanted) - added
    desk.report(
        {"feeds": len(listed), "added": added, "known": known, "rejected": rejected},
        f"{added:,} feeds added, {known:,} known already. "
        "`slugline feeds check` fetches them now, `slugline watch` keeps them fresh.",
    )


@feeds.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@at_the_desk
def export_feeds(desk: Desk, file: Path) -> None:
    """Write the feeds that are subscribed to into an OPML file, labels as outlines.

    User names and passwords are left out.
    """
    from ingest.opml import write_opml

    with desk.store() as store:
        subscribed = store.feeds.subscribed()
    try:
        file.write_text(write_opml(subscribed), encoding="utf-8")
    except OSError as error:
        raise SourceError(f"{file} can't be written: {error.strerror}.") from None
    for feed in subscribed:
        if feed.login:
            desk.warn(f"{feed.url}: its user name and password are left out.")
    desk.report(
        {"feeds": len(subscribed), "file": str(file)}, f"{len(subscribed):,} feeds in {file}."
    )


@feeds.command("list")
@click.option("--failing", is_flag=True, help="Only those whose last check failed.")
@click.option("--label", help="Only those with this label, or one within it.")
@at_the_desk
def list_feeds(desk: Desk, failing: bool, label: str | None) -> None:
    """List feeds with their health; those that are only known from archives come last."""
    now = datetime.now(UTC)
    with desk.store() as store:
        found = [feed for feed in store.feeds.all() if _wanted(feed, failing, label)]
        pace = store.feeds.pace(now)
    found.sort(key=lambda feed: not feed.subscribed)
    facts = [
        _facts_of(feed) | {"articles_a_day": round(pace.get(feed.url, 0.0), 2)} for feed in found
    ]
    lines = [line for feed in found for line in _told(feed, pace.get(feed.url, 0.0), now)]
    desk.report(
        {"total": len(found), "feeds": facts}, "\n".join(lines) if lines else "There are none."
    )


@feeds.command("check")
@click.argument("urls", nargs=-1, metavar="[URL...]")
@at_the_desk
def check_feeds(desk: Desk, urls: tuple[str, ...]) -> None:
    """Fetch the feeds at URL... now, or all that are due, and take what is new."""
    from slugline.opening import open_fetcher
    from slugline.refresh import bounds_of, check
    from slugline.refresh_pages import page_reader

    settings = desk.settings
    with desk.store() as store:
        due = [store.feeds.get(url) for url in urls] or store.feeds.due(datetime.now(UTC))
        with (
            IngestLog(desk) as log,
            closing(open_fetcher(settings)) as fetcher,
            desk.progress("check", len(due)) as bar,
        ):
            checked = check(
                store,
                due,
                fetcher,
                bounds_of(settings),
                log,
                at_once=max(1, int(settings["fetch.at_once"])),
                pages=page_reader(store),
                told=lambda one: bar(1, (one.title or one.url)[:60]),
            )
        checked = _grouped(desk, store, checked)
        later = store.feeds.next_due()
    text = told_checked(checked)
    if not due:
        text = "No feed is due" + (
            f"; the next one is {_when(later, datetime.now(UTC))}." if later else "."
        )
    desk.report(_facts(checked), text)
    stop_if_unread(checked.ingested)


def told_checked(checked: Refreshed) -> str:
    """Tell what a round of checks did."""
    quiet = sum(1 for one in checked.feeds if one.status == HTTPStatus.NOT_MODIFIED)
    failed = len(checked.ingested.unread)
    parts = ["1 feed" if len(checked.feeds) == 1 else f"{len(checked.feeds):,} feeds"]
    parts += [f"{quiet:,} not changed"] if quiet else []
    parts += [f"{failed:,} failed"] if failed else []
    lines = [f"Checked: {', '.join(parts)}."]
    lines += [f"Moved: {one.moved_from} -> {one.url}" for one in checked.feeds if one.moved_from]
    if quiet + failed < len(checked.feeds):
        lines.append(told_ingested(checked.ingested))
    return "\n".join(lines)


def _grouped(desk: Desk, store: Store, checked: Refreshed) -> Refreshed:
    """Group the new articles that repeat another."""
    from slugline.grouping import group_duplicates

    with desk.progress("group", None) as bar:
        grouped = group_duplicates(store, bar)
    return dataclasses.replace(
        checked, ingested=dataclasses.replace(checked.ingested, grouped=grouped)
    )


def _facts(checked: Refreshed) -> dict[str, Any]:
    return facts_of(checked.ingested) | {
        "feeds": [dataclasses.asdict(one) for one in checked.feeds]
    }


def _facts_of(feed: Feed) -> dict[str, Any]:
    """Return what may be told of a feed: all but its login and what it is asked with."""
    private = {"login", "first_url", "etag", "modified"}
    return {
        field.name: getattr(feed, field.name)
        for field in dataclasses.fields(feed)
        if field.name not in private
    } | {"health": _health(feed), "login": bool(feed.login)}


def _health(feed: Feed) -> str:
    from ingest.schedule import health
    from slugline.refresh_verdict import state_of

    return str(health(state_of(feed)))


def _name(feed: Feed) -> str:
    return f"{feed.title} ({feed.url})" if feed.title else feed.url


def _tell_offers(desk: Desk, found: Found) -> None:
    """Name the feeds of a page; where the address is a feed itself there is nothing to tell."""
    if [offer.url for offer in found.offers] == [found.address]:
        return
    left = len(found.offers) - len(found.taken)
    hint = "; --all takes all" if left else ""
    desk.say(f"{found.address} offers {len(found.offers)} (taken: *{hint}):")
    for offer in found.offers:
        mark = "*" if offer.url in found.taken else " "
        desk.say(f"  {mark} {offer.url}  {offer.title}")


def _wanted(feed: Feed, failing: bool, label: str | None) -> bool:
    if failing and not feed.error:
        return False
    return label is None or any(own == label or own.startswith(f"{label}/") for own in feed.labels)


def _told(feed: Feed, pace: float, now: datetime) -> Iterator[str]:
    """Tell how a feed is doing, in one line, or two where it is not well."""
    if not feed.subscribed:
        yield f"{'not subscribed':<15} {pace:>7.1f} a day  {'':<14}  {_name(feed)}"
        return
    state = _health(feed) + (f", {feed.failures}x" if feed.failures else "")
    due = "" if feed.gone else _when(feed.next_check, now)
    yield f"{state:<15} {pace:>7.1f} a day  {due:<14}  {_name(feed)}"
    if feed.error:
        last = f"last success {_ago(feed.succeeded, now)}" if feed.succeeded else "never fetched"
        yield f"{'':<15} {feed.error}; {last}"


def _when(moment: datetime | None, now: datetime) -> str:
    if moment is None or moment <= now:
        return "due now"
    return f"due in {_span(moment - now)}"


def _ago(moment: datetime, now: datetime) -> str:
    return f"{_span(now - moment)} ago"


def _span(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} days"
