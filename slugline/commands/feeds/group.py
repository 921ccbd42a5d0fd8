"""`slugline feeds`: the feeds that are subscribed to, and how each is doing."""

from __future__ import annotations

import dataclasses
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import click

from slugline.commands.feeds.archived import subscribe_feeds
from slugline.commands.feeds.opml import export_feeds, import_feeds
from slugline.commands.feeds.report import (
    checks_as_dict,
    feed_as_dict,
    format_checks,
    format_feed,
    format_left_out,
    format_subscription,
    name_of,
    subscription_as_dict,
    when,
)
from slugline.commands.feeds.selected import preview_page, read_selectors, selector_options
from slugline.commands.people.users import whoami
from slugline.commands.stages import IngestLog, stop_if_unread
from slugline.context import Context, command

if TYPE_CHECKING:
    from models.feed import Feed
    from slugline.feeds.check import CheckResult
    from slugline.feeds.discovery import FeedOffers
    from store.store import Store

LABEL = click.option("--label", "labels", multiple=True, help="A label; a/b is b within a.")


@click.group()
def feeds() -> None:
    """Subscribe to feeds, and see how they are doing."""


@feeds.command()
@click.argument("urls", nargs=-1, required=True, metavar="URL...")
@LABEL
@click.option("--all", "every", is_flag=True, help="Take all feeds that a page offers.")
@click.option("--full-text", is_flag=True, help="Read the pages that the feed links to, too.")
@selector_options
@click.option("--preview", is_flag=True, help="Only show what the selectors find.")
@command
def add(
    context: Context,
    urls: tuple[str, ...],
    labels: tuple[str, ...],
    every: bool,
    full_text: bool,
    preview: bool,
    **typed: str,
) -> None:
    """Subscribe to the feeds at URL..., and read their present entries.

    URL is a feed, or a page that links to its feeds: of several the first is taken, and all are
    named. A page that has none is read as one by --item and the other selectors. A mailbox that
    newsletters come to is imaps://user@host/MAILBOX; its password comes from the environment
    (SLUGLINE_IMAP_PASSWORD) or from a file (imap.password_file).
    """
    from models.feed import is_mailbox
    from slugline.feeds.discovery import typed_address
    from slugline.feeds.full_text import require_page_reader
    from slugline.feeds.subscribe import find_all, subscribe

    if full_text:
        require_page_reader()
    settings = context.settings
    selectors = read_selectors(urls, preview, typed)
    if selectors and preview:
        preview_page(context, typed_address(urls[0]), selectors)
        return
    offered = find_all(
        settings,
        [url.strip() if is_mailbox(url) else typed_address(url) for url in urls],
        every=every,
        selectors=selectors,
        on_found=partial(_report_offers, context),
        on_error=lambda error: context.warn(f"Not added: {error}"),
    )
    with context.store() as store, IngestLog(context) as log:
        subscribed = subscribe(
            settings, store, offered, log, labels=labels, full_text=full_text, who=whoami()
        )
        checked = _grouped(context, store, subscribed.checked)
    context.report(
        subscription_as_dict(offered, subscribed, checked),
        format_subscription(offered, subscribed, checked),
    )
    if offered.failed:
        click.get_current_context().exit(1)
    stop_if_unread(checked.ingested)


@feeds.command()
@click.argument("urls", nargs=-1, required=True, metavar="URL...")
@command
def remove(context: Context, urls: tuple[str, ...]) -> None:
    """Unsubscribe from the feeds at URL...; their articles stay."""
    with context.store() as store:
        for url in urls:
            store.feeds.get(url)  # all or none: a slip in one name removes nothing
        removed = [store.feeds.unsubscribe(url, who=whoami()) for url in urls]
    context.report(
        {"removed": [feed.url for feed in removed]},
        "\n".join(f"Unsubscribed: {name_of(feed)}" for feed in removed),
    )


@feeds.command("set")
@click.argument("url")
@LABEL
@click.option("--unlabel", "unlabels", multiple=True, help="A label to take away.")
@click.option(
    "--full-text/--no-full-text", default=None, help="Whether to read the pages it links to, too."
)
@command
def set_feed(
    context: Context,
    url: str,
    labels: tuple[str, ...],
    unlabels: tuple[str, ...],
    full_text: bool | None,
) -> None:
    """Change what you decide of the feed at URL: its labels, and whether its pages are read."""
    from slugline.feeds.full_text import require_page_reader

    if full_text:
        require_page_reader()
    with context.store() as store:
        kept = [label for label in store.feeds.get(url).labels if label not in unlabels]
        feed = store.feeds.change(
            url,
            labels=list(dict.fromkeys((*kept, *labels))),
            full_text=full_text,
            who=whoami(),
        )
    text = "with full text" if feed.full_text else "as the feed gives it"
    context.report(
        feed_as_dict(feed), f"{name_of(feed)}; labels: {', '.join(feed.labels) or 'none'}; {text}"
    )


feeds.add_command(import_feeds)
feeds.add_command(subscribe_feeds)
feeds.add_command(export_feeds)


@feeds.command("list")
@click.option(
    "--failing",
    is_flag=True,
    help="Only those whose last check failed, or that are silent or flooded.",
)
@click.option("--label", help="Only those with this label, or one within it.")
@click.option("--all", "every", is_flag=True, help="Those that are not subscribed to, too.")
@command
def list_feeds(context: Context, failing: bool, label: str | None, every: bool) -> None:
    """List feeds with their health.

    Those that are not subscribed to, most of them known from archives, are counted; --all lists
    them last. With --json all are there.
    """
    now = datetime.now(UTC)
    with context.store() as store:
        unusual = store.feeds.unusual(now)
        found = [
            feed
            for feed in store.feeds.all()
            if _wanted(feed, label) and not (failing and not feed.error and feed.url not in unusual)
        ]
        pace = store.feeds.pace(now)
    found.sort(key=lambda feed: not feed.subscribed)
    facts = [
        feed_as_dict(feed)
        | {
            "articles_a_day": round(pace.get(feed.url, 0.0), 2),
            "unusual": unusual.get(feed.url, ""),
        }
        for feed in found
    ]
    lines = [
        line
        for feed in found
        if every or feed.subscribed
        for line in format_feed(feed, pace.get(feed.url, 0.0), now, unusual.get(feed.url, ""))
    ]
    left_out = 0 if every else sum(not feed.subscribed for feed in found)
    text = "\n".join([*(lines or ["No feeds."]), *format_left_out(left_out)])
    context.report({"total": len(found), "feeds": facts}, text)


@feeds.command("check")
@click.argument("urls", nargs=-1, metavar="[URL...]")
@command
def check_feeds(context: Context, urls: tuple[str, ...]) -> None:
    """Fetch the feeds at URL... now, or all that are due, and take what is new."""
    from slugline.factory import open_fetcher, open_reader
    from slugline.feeds.check import feed_checker

    settings = context.settings
    with context.store() as store:
        due = [store.feeds.get(url) for url in urls] or store.feeds.due(datetime.now(UTC))
        with (
            IngestLog(context) as log,
            closing(open_fetcher(settings)) as fetcher,
            closing(open_reader(settings)) as reader,
            context.progress("check", len(due)) as bar,
        ):
            checked = feed_checker(settings, store, fetcher, reader).check(
                due, log, on_check=lambda one: bar(1, (one.title or one.url)[:60])
            )
        checked = _grouped(context, store, checked)
        later = store.feeds.next_due()
    text = format_checks(checked)
    if not due:
        text = "No feed is due" + (
            f"; the next one is {when(later, datetime.now(UTC))}." if later else "."
        )
    context.report(checks_as_dict(checked), text)
    stop_if_unread(checked.ingested)


def _grouped(context: Context, store: Store, checked: CheckResult) -> CheckResult:
    """Group the new articles that repeat another."""
    from slugline.jobs.duplicates import group_duplicates

    with context.progress("group", None) as bar:
        grouped = group_duplicates(store, bar)
    return dataclasses.replace(
        checked, ingested=dataclasses.replace(checked.ingested, grouped=grouped)
    )


def _report_offers(context: Context, url: str, found: FeedOffers) -> None:
    """Report what a URL offers, and warn about an address that later checks will not reach."""
    from slugline.factory import only_typed

    _list_offers(context, found)
    if only_typed(context.settings, url):
        context.warn(
            f"{found.address} is on this machine: reached now because you named it. For "
            "`watch` and `check` to reach it too, set fetch.allow_private = true."
        )


def _list_offers(context: Context, found: FeedOffers) -> None:
    """List the feeds of a page, unless the address is a feed itself."""
    if [offer.url for offer in found.offers] == [found.address]:
        return
    left = len(found.offers) - len(found.taken)
    hint = "; --all takes all" if left else ""
    context.say(f"{found.address} offers {len(found.offers)} (taken: *{hint}):")
    for offer in found.offers:
        mark = "*" if offer.url in found.taken else " "
        context.say(f"  {mark} {offer.url}  {offer.title}")


def _wanted(feed: Feed, label: str | None) -> bool:
    return label is None or any(own == label or own.startswith(f"{label}/") for own in feed.labels)
