"""A feed that names a codec of Python which is no encoding of the web runs none."""

from __future__ import annotations

import encodings.aliases

import pytest

from ingest.feeds import read_feed
from ingest.parsing.xml_batches import MAX_HEAD, with_short_head

FEED = (
    '<?xml version="1.0" encoding="{}"?><rss version="2.0"><channel><title>Harbour</title>'
    "<item><title>Ferry</title><link>https://a.example/1</link></item></channel></rss>"
)


@pytest.mark.parametrize("name", sorted({*encodings.aliases.aliases.values(), "punycode", "idna"}))
def test_a_declared_name_runs_no_codec_that_the_web_does_not_know(name: str) -> None:
    part = read_feed(FEED.format(name).encode(), "x")
    assert [entry.title for entry in part.entries] == ["Ferry"]


def test_white_space_and_comments_before_the_root_do_not_grow_the_head() -> None:
    head = "\n" * 300_000 + "<!--" + "x" * 300_000 + "-->"
    assert len(with_short_head(head + "<rss/>")) < MAX_HEAD + 100
