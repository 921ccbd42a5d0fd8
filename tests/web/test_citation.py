"""Citations of articles, as reference managers read them, whatever the article has in it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.article import Article
from tests.web.sample_site import TALKS, open_site
from web.citation import MEDIA_TYPES, bibtex, csl_json, key, plain, ris

ARTICLE = Article(
    id="ab12cd34ef",
    url="https://harbourpost.example/world/talks",
    title="Dam & river: 60% agreed",
    summary="The flow is shared.",
    body="",
    source="Harbour Post",
    feed="",
    section="",
    version=1,
    language="en",
    published=datetime(2025, 6, 5, 12, tzinfo=UTC),
    fetched=datetime(2025, 6, 6, tzinfo=UTC),
)
BARE = replace(ARTICLE, url="", source="", language="", summary="", published=None)


def test_a_line_says_who_what_when_and_where() -> None:
    assert plain(ARTICLE, date(2025, 6, 30)) == (
        "Harbour Post. “Dam & river: 60% agreed”. 5 June 2025."
        " https://harbourpost.example/world/talks (accessed 30 June 2025)."
    )
    assert plain(BARE, date(2025, 6, 30)) == "“Dam & river: 60% agreed”. undated."


def test_bibtex_escapes_what_tex_would_read() -> None:
    entry = bibtex(ARTICLE)
    assert entry.startswith("@misc{harbourpost2025-ab12cd,\n")
    assert r"title = {{Dam \& river: 60\% agreed}}," in entry
    assert "date = {2025-06-05}," in entry


def test_ris_has_a_type_first_and_an_end_last() -> None:
    lines = ris(ARTICLE).split("\r\n")
    assert lines[0] == "TY  - NEWS"
    assert lines[-2:] == ["ER  - ", ""]
    assert "DA  - 2025/06/05/" in lines


def test_csl_json_leaves_out_what_is_not_known() -> None:
    (item,) = json.loads(csl_json(ARTICLE))
    assert item["issued"] == {"date-parts": [[2025, 6, 5]]}
    assert set(json.loads(csl_json(BARE))[0]) == {"id", "type", "title"}


@given(st.text(), st.text(), st.text())
@example("One\x85two", "Harbour\x85Post", "https://harbourpost.example/\x85")
def test_no_text_adds_a_line_or_leaves_a_brace_open(title: str, source: str, url: str) -> None:
    article = replace(ARTICLE, title=title, source=source, url=url)
    assert len(re.split(r"\r\n|[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", ris(article))) <= 12
    bare = re.sub(r"\\[{}]|\\textbackslash\{\}", "", bibtex(article))
    assert bare.count("{") == bare.count("}")
    assert re.fullmatch(r"[a-z0-9]+-[0-9a-z]+", key(article))
    json.loads(csl_json(article))


@pytest.mark.parametrize("form", MEDIA_TYPES)
def test_the_page_of_an_article_offers_each_form(tmp_path: Path, form: str) -> None:
    with open_site(tmp_path) as site:
        address = f"/articles/{TALKS.id}/cite.{form}"
        assert f'href="{address}"' in site.text(f"/articles/{TALKS.id}")
        answer = site.client.get(address)
        assert answer.status_code == 200
        assert answer.mimetype == MEDIA_TYPES[form]
        assert "attachment" in answer.headers["Content-Disposition"]
        assert "Radomir Kask ends talks in Ostvar" in answer.text
        assert site.client.get(f"/articles/nosuch/cite.{form}").status_code == 404
        assert site.client.get(f"/articles/{TALKS.id}/cite.doc").status_code == 404
