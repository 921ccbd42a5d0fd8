"""Exports over the API: the articles that a search finds, sent while they are read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO
from zipfile import ZipFile

import pyarrow.parquet as pq
import pytest
from flask.testing import FlaskClient

from export.format import FORMATS, FormatEntry
from tests.web.sample_site import HOSTILE, MATCHES, Site, make_app, open_site
from web.api.problems import MEDIA_TYPE
from web.context import WebSettings
from web.exports import ARTICLES


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_site(tmp_path_factory.mktemp("site")) as opened:
        yield opened


@pytest.fixture(scope="module")
def client(site: Site) -> FlaskClient:
    return site.client


@pytest.mark.parametrize("question", ["", "q=dam", "topic=sport", "since=2025-06-06&lang=fr"])
def test_the_count_told_is_the_count_of_rows(client: FlaskClient, question: str) -> None:
    answer = client.get(f"/api/v1/exports/jsonl?{question}")
    rows = [json.loads(line) for line in answer.text.split("\n") if line]
    assert len(rows) == int(answer.headers[ARTICLES]) > 0
    with client.head(f"/api/v1/exports/jsonl?{question}") as head:
        assert (head.headers[ARTICLES], head.data) == (answer.headers[ARTICLES], b"")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")


@pytest.mark.parametrize("chosen", FORMATS, ids=lambda known: known.name)
def test_every_format_is_sent(client: FlaskClient, chosen: FormatEntry) -> None:
    answer = client.get(f"/api/v1/exports/{chosen.name}?topic=sport")
    assert answer.status_code == 200
    assert answer.headers[ARTICLES] == str(len(MATCHES) + 1)
    assert answer.data


def test_it_is_made_while_it_is_sent(client: FlaskClient) -> None:
    answer = client.get("/api/v1/exports/csv?q=match", buffered=False)
    assert answer.is_streamed
    assert not answer.is_sequence
    assert "ETag" not in answer.headers
    assert next(iter(answer.response))
    answer.close()


def test_columns_samples_and_texts_are_chosen(client: FlaskClient) -> None:
    address = "/api/v1/exports/parquet?sample=5&stratify=source&columns=id,summary&columns=title"
    assert client.get(address).status_code == 400
    answer = client.get(f"{address}&text=true")
    table = pq.read_table(BytesIO(answer.data))
    assert (table.num_rows, table.column_names) == (5, ["id", "summary", "title"])


def test_several_files_come_as_one_zip(client: FlaskClient) -> None:
    for options in ("hf?", "csv?split=hash&", "parquet?partition=month&", "jsonl?describe=true&"):
        answer = client.get(f"/api/v1/exports/{options}q=match")
        assert answer.mimetype == "application/zip"
        with ZipFile(BytesIO(answer.data)) as archive:
            assert archive.testzip() is None
            names = [name.removeprefix("slugline-match/") for name in archive.namelist()]
        assert any(name.endswith("croissant.json") for name in names)
        assert not any(name.startswith(("/", ".")) for name in names)


def test_what_feeds_call_an_address_is_not_passed_on(client: FlaskClient) -> None:
    rows = client.get("/api/v1/exports/jsonl?source=%3Ci%3ESly%3C%2Fi%3E+%26+Sons+%2F+%22Post%22")
    (row,) = [json.loads(line) for line in rows.text.split("\n") if line]
    assert (row["id"], row["url"]) == (HOSTILE.id, "")


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("parket", 404, "Did you mean parquet?"),
        ("csv?columns=titel", 400, "Did you mean title?"),
        ("csv?partition=month", 400, "Only Parquet"),
        ("csv?stratify=topic", 400, "say how many articles"),
        ("csv?stratify=topics&sample=3", 422, "topics"),
        ("csv?split=randomly", 422, "randomly"),
        ("csv?sample=-1", 422, ">= 0"),
        ("csv?q=(dam", 400, ""),
        ("csv?since=someday", 400, "someday"),
        ("csv?nosuch=1", 422, "nosuch"),
    ],
)
def test_a_mistake_is_reported_before_anything_is_sent(
    client: FlaskClient, address: str, status: int, said: str
) -> None:
    answer = client.get(f"/api/v1/exports/{address}")
    assert (answer.status_code, answer.mimetype) == (status, MEDIA_TYPE)
    assert answer.json is not None
    assert said in answer.json["detail"]


def test_only_so_many_exports_are_sent_at_a_time(site: Site) -> None:
    client = make_app(site.library, WebSettings(max_exports=1)).test_client()
    first = client.get("/api/v1/exports/csv", buffered=False)
    refused = client.get("/api/v1/exports/csv")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "60")
    first.close()
    with client.head("/api/v1/exports/csv") as head:
        assert head.status_code == 200
    again = client.get("/api/v1/exports/csv?q=president")
    assert (again.status_code, again.headers[ARTICLES]) == (200, "1")
