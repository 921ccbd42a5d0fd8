"""What a service logs: readable by machines, in UTC, and without anybody's secrets."""

from __future__ import annotations

import json
import logging
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slugline import logs
from tests.conftest import run_slugline


@pytest.fixture
def restored() -> Iterator[None]:
    root, packages = logging.getLogger(), [logging.getLogger(name) for name in logs.PACKAGES]
    handlers, levels = list(root.handlers), [each.level for each in packages]
    yield
    root.handlers[:] = handlers
    for logger, level in zip(packages, levels, strict=True):
        logger.setLevel(level)


@pytest.mark.parametrize(
    "text",
    [
        "https://reader:S3CRET@feeds.example/rss: 401",
        "https://S3CRET@feeds.example/rss: 401",
        "https://feeds.example/rss?format=xml&access_token=S3CRET#top",
        "https://feeds.example/rss?key=S3CRET",
        "https://feeds.example/rss?X-Amz-Signature=S3CRET&x=1",
        "sent Authorization: Basic S3CRET",
        "sent {'Authorization': 'Bearer S3CRET'}",
        "Cookie: a=1; sid=S3CRET",
        "Bearer S3CRET.S3CRET",
        "postgresql+psycopg://slugline:S3CRET@db.example/news",
        "password=S3CRET",
        '{"api_key": "S3CRET"}',
    ],
)
def test_no_login_or_token_is_logged(text: str) -> None:
    assert "S3CRET" not in logs.redacted(text)


@pytest.mark.parametrize(
    "text",
    [
        "https://feeds.example/rss?format=xml&page=2: 304",
        "The bearer of bad news: 3 new, 1 updated (200).",
        "Checked 3 of 3 due feeds: 2 new (0.4 s).",
        "https://feeds.example/@editor/rss",
    ],
)
def test_other_texts_are_logged_as_they_are(text: str) -> None:
    assert logs.redacted(text) == text


@given(
    st.text(
        alphabet=st.characters(
            min_codepoint=33, exclude_characters="/@\"'?#", categories=["L", "N"]
        ),
        min_size=6,
    )
)
def test_no_password_of_an_address_is_logged(password: str) -> None:
    line = logs.redacted(f"https://reader:{password}@feeds.example/rss failed")
    assert line == "https://***@feeds.example/rss failed"


@pytest.mark.usefixtures("restored")
def test_a_record_is_one_line_with_a_utc_time(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(level=logging.INFO)
    logging.getLogger("ingest.feeds").info("A title\nwith a line \x1b[2J of its own")
    logging.getLogger("ingest.feeds").debug("too much")
    logging.getLogger("somebody.else").info("not ours")
    line = capsys.readouterr().err
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ INFO ingest\.feeds: A title\\nwith a line .*\n", line
    )
    assert "\x1b" not in line


@pytest.mark.usefixtures("restored")
def test_as_json_each_record_is_an_object(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(level=logging.INFO, form="json")
    try:
        raise ValueError("https://reader:S3CRET@feeds.example")
    except ValueError:
        logging.getLogger("web.errors").exception("The page %s failed.", "/search")
    (line,) = capsys.readouterr().err.splitlines()
    record = json.loads(line)
    assert (record["level"], record["logger"]) == ("error", "web.errors")
    assert record["message"] == "The page /search failed."
    assert record["time"].endswith("Z")
    assert "ValueError" in record["exception"]
    assert "S3CRET" not in line


@pytest.mark.parametrize(
    ("verbose", "quiet", "service", "level"),
    [
        (0, False, False, logging.WARNING),
        (1, False, False, logging.INFO),
        (2, False, False, logging.DEBUG),
        (0, False, True, logging.INFO),
        (1, False, True, logging.DEBUG),
        (5, False, True, logging.DEBUG),
        (1, True, True, logging.WARNING),
    ],
)
def test_a_service_logs_more_by_itself(
    verbose: int, quiet: bool, service: bool, level: int
) -> None:
    assert logs.level_of(verbose=verbose, quiet=quiet, service=service) == level


@pytest.mark.parametrize("place", ["before", "behind", "environment"])
def test_with_json_all_of_stderr_is_json(place: str, tmp_path: Path) -> None:
    option = ("--log-format", "json")
    environment = {"SLUGLINE_LOG_FORMAT": "json"} if place == "environment" else {}
    before, behind = (option if place == each else () for each in ("before", "behind"))
    done = run_slugline(*before, "watch", "--once", *behind, home=tmp_path, **environment)
    assert done.status == 0, done.err
    records = [json.loads(line) for line in done.err.splitlines()]
    assert any("No feeds yet" in record["message"] for record in records)
    failed = run_slugline(*before, "ingest", "gone.zip", *behind, home=tmp_path, **environment)
    assert failed.status == 1
    assert [json.loads(line)["level"] for line in failed.err.splitlines()] == ["warning"]


def test_serve_logs_its_start_its_requests_and_its_stop(tmp_path: Path) -> None:
    from urllib.request import urlopen

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [Path(sys.executable).with_name("slugline"), "serve", "--port", str(port), "-v"],
        env=os.environ | {"SLUGLINE_HOME": str(tmp_path), "SLUGLINE_LOG_FORMAT": "json"},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        first = json.loads(process.stderr.readline())["message"]
        address = next(word for word in first.split() if word.startswith("http"))
        with urlopen(f"{address}search?q=private-matter") as answer:  # noqa: S310 - loopback
            assert answer.status == 200
    finally:
        process.terminate()
        _, rest = process.communicate(timeout=60)
    messages = [json.loads(line)["message"] for line in rest.splitlines()]
    assert any(message.startswith("GET /search 200 in ") for message in messages)
    assert messages[-1] == "Stopped."
    assert "private-matter" not in rest
