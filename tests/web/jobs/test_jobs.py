"""Jobs over the API and on their page: asked for, done by a worker, given as a file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from models.accounts import Role
from models.jobs import JobKind, JobPart, JobState
from slugline.jobs.runner import run_next
from slugline.settings import Settings
from tests.web.accounts_of import add_token, add_user, send, sign_in
from tests.web.sample_site import NOW, TALKS, Site, open_site
from web import words
from web.context import WebSettings


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    settings = WebSettings(exports=tmp_path / "exports")
    with open_site(tmp_path, settings) as opened:
        for role in Role:
            add_user(opened.store, f"the-{role}", role)
        yield opened


def headers(site: Site, role: Role = Role.ADMIN) -> dict[str, str]:
    return {"Authorization": f"Bearer {add_token(site.store, f'the-{role}', role)}"}


def work(site: Site, home: Path) -> None:
    while run_next(Settings(home), site.store, "a test"):
        pass


def test_an_export_is_accepted_done_apart_and_given_as_a_file(site: Site, tmp_path: Path) -> None:
    reader = headers(site, Role.READER)
    body = {"q": "dam", "lang": ["en"], "-topic": ["sport"]}
    asked = site.client.post("/api/v1/exports/jsonl", json=body, headers=reader)
    assert asked.status_code == 202, asked.text
    place = asked.location
    assert place.startswith("/api/v1/jobs/")
    waiting: Any = site.client.get(place, headers=reader).json
    assert (waiting["state"], waiting["file"]) == ("waiting", None)
    assert site.client.get(f"{place}/file", headers=reader).status_code == 404
    work(site, tmp_path)
    done: Any = site.client.get(place, headers=reader).json
    assert done["state"] == "done", done["error"]
    file = site.client.get(done["file"], headers=reader)
    rows = [json.loads(line) for line in file.text.splitlines()]
    assert len(rows) == done["result"]["articles"] > 0
    assert TALKS.id in {row["id"] for row in rows}
    assert file.headers["Content-Disposition"].startswith("attachment")
    file.close()
    again = site.client.get("/api/v1/exports/jsonl?q=dam&lang=en&-topic=sport", headers=reader)
    assert again.status_code == 200, again.text
    assert [json.loads(line)["id"] for line in again.text.splitlines()] == [r["id"] for r in rows]


def test_what_cannot_be_exported_is_refused_before_it_waits(site: Site) -> None:
    admin = headers(site)
    wrong = site.client.post("/api/v1/exports/csv", json={"columns": ["nope"]}, headers=admin)
    assert wrong.status_code == 400
    assert site.client.post("/api/v1/exports/nope", json={}, headers=admin).status_code == 404
    assert site.store.jobs.all() == []


def test_a_search_that_cannot_be_read_fails_in_words(site: Site, tmp_path: Path) -> None:
    admin = headers(site)
    asked = site.client.post("/api/v1/exports/csv", json={"topic": ["nope"]}, headers=admin)
    work(site, tmp_path)
    failed: Any = site.client.get(asked.location, headers=admin).json
    assert failed["state"] == "failed"
    assert "nope" in failed["error"]


def test_a_rebuild_makes_the_same_index(site: Site, tmp_path: Path) -> None:
    before: Any = site.client.get("/api/v1/search?q=dam", headers=headers(site)).json
    asked = site.client.post("/api/v1/index/rebuild", headers=headers(site))
    assert asked.status_code == 202
    work(site, tmp_path)
    done: Any = site.client.get(asked.location, headers=headers(site)).json
    assert done["result"]["documents"] == site.store.articles.count()
    after: Any = site.client.get("/api/v1/search?q=dam", headers=headers(site)).json
    assert [hit["id"] for hit in after["hits"]] == [hit["id"] for hit in before["hits"]]


def test_who_may_ask_for_what(site: Site) -> None:
    editor = headers(site, Role.EDITOR)
    for path in ("feeds/check", "articles/tag", "index/rebuild", "topics/fit", "clusters/fit"):
        body: dict[str, object] | None = {} if path == "feeds/check" else None
        assert site.client.post(f"/api/v1/{path}", json=body).status_code == 401
        assert site.client.post(f"/api/v1/{path}", json=body, headers=editor).status_code == 403
        asked = site.client.post(f"/api/v1/{path}", json=body, headers=headers(site))
        assert asked.status_code == 202, asked.text
        assert site.client.get(asked.location, headers=editor).status_code == 404, "not theirs"
    assert site.client.get("/api/v1/jobs", headers=editor).json == {"items": [], "next": None}
    listed: Any = site.client.get("/api/v1/jobs?limit=2", headers=headers(site)).json
    assert len(listed["items"]) == 2
    earlier: Any = site.client.get(
        f"/api/v1/jobs?below={listed['next']}", headers=headers(site)
    ).json
    assert len(earlier["items"]) == 3
    number = listed["items"][0]["id"]
    cancel = f"/api/v1/jobs/{number}/cancel"
    assert site.client.post(cancel, headers=editor).status_code == 404
    cancelled: Any = site.client.post(cancel, headers=headers(site)).json
    assert cancelled["state"] == "cancelled"
    assert site.client.post(cancel, headers=headers(site)).status_code == 400


def test_the_page_asks_for_jobs_shows_and_cancels_them(site: Site) -> None:
    sign_in(site.client, "the-admin")
    assert "http-equiv" not in site.text("/jobs")
    answer = send(site.client, "/jobs", "/jobs", kind="rebuild-index")
    assert (answer.status_code, answer.location) == (303, "/jobs")
    page = site.text("/jobs")
    assert "rebuild-index" in page
    assert 'http-equiv="refresh"' in page
    (job,) = site.store.jobs.all()
    assert job.who == "the-admin"
    assert send(site.client, "/jobs", f"/jobs/{job.number}/cancel").status_code == 303
    assert site.store.jobs.get(job.number).state is JobState.CANCELLED
    assert send(site.client, "/jobs", f"/jobs/{job.number}/cancel").status_code == 400
    for kind in ("", "nope", "export"):
        assert send(site.client, "/jobs", "/jobs", kind=kind).status_code == 400
    assert site.client.post("/jobs", data={"kind": "tag"}).status_code == 400, "without its token"


def test_a_job_says_what_it_is_at_and_what_it_counted_in_the_language_of_the_reader(
    site: Site, tmp_path: Path
) -> None:
    sign_in(site.client, "the-admin")
    store = site.store
    number = store.jobs.add(JobKind.TAG, {}, who="the-admin", now=NOW).number
    assert store.jobs.take("a test", NOW)
    assert store.jobs.renew(number, "a test", NOW, 3, 10, JobPart.TAG)
    assert "running, tagging articles" in site.text("/jobs")
    in_polish = {"Accept-Language": "pl"}
    assert "otagowywanie artykułów" in site.client.get("/jobs", headers=in_polish).text
    store.jobs.finish(number, "a test", NOW, result={})
    for kind in (JobKind.TAG, JobKind.REBUILD_INDEX, JobKind.CHECK_FEEDS):
        store.jobs.add(kind, {}, who="the-admin", now=NOW)
    work(site, tmp_path)
    counted = [job.result or {} for job in store.jobs.all()]
    named = {name for each in counted for name, value in each.items() if isinstance(value, int)}
    assert {"tagged", "documents", "checked"} <= named <= set(words.JOB_FIGURE)
    assert "otagowane" in site.client.get("/jobs", headers=in_polish).text


def test_the_page_gives_readers_only_their_own(site: Site, tmp_path: Path) -> None:
    site.store.jobs.add(JobKind.EXPORT, {"format": "csv"}, who="the-editor", now=NOW)
    work(site, tmp_path)
    (job,) = site.store.jobs.all()
    assert job.state is JobState.DONE, job.error
    sign_in(site.client, "the-reader")
    assert "export" not in site.text("/jobs").partition("<main")[2]
    assert site.client.get(f"/jobs/{job.number}/file").status_code == 404
    other = site.client.application.test_client()
    sign_in(other, "the-editor")
    with other.get(f"/jobs/{job.number}/file") as given:
        assert given.status_code == 200
    assert job.result
    assert job.result["file"] in other.get("/jobs").text
