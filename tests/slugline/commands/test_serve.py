"""`slugline serve --processes`: real processes over one home, one of them killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from search.engines.registry import open_engine
from search.sync import drain
from store.store import Store
from tests.web.sample_site import fill

pytest.importorskip("gunicorn")
PATIENCE = 120.0


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def text_of(url: str) -> str:
    with urllib.request.urlopen(url, timeout=PATIENCE) as answer:  # noqa: S310 - ours
        return str(answer.read().decode())


def eventually(url: str, words: str) -> str:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            if words in (text := text_of(url)):
                return text
        except OSError:
            text = "no answer"
        assert time.monotonic() < end, text
        time.sleep(0.1)


@pytest.mark.slow
def test_processes_share_a_home_and_one_killed_is_replaced(tmp_path: Path) -> None:
    with Store.at(tmp_path / "store.sqlite") as store:
        fill(store)
        engine = open_engine("whoosh", tmp_path / "index")
        drain(store.changes, store.articles, engine)
        engine.close()
    port, figures = free_port(), free_port()
    command = "import sys; from slugline.cli import main; main()"
    arguments = ["--home", str(tmp_path), "serve", "--port", str(port), "--processes", "2"]
    with subprocess.Popen(
        [sys.executable, "-c", command, *arguments],
        env={**os.environ, "SLUGLINE_WEB_METRICS_PORT": str(figures)},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as server:
        try:
            site, metrics = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{figures}/metrics"
            eventually(f"{site}/readyz", "ready")
            for _ in range(10):
                assert "Radomir Kask" in text_of(f"{site}/search?q=Kask")
            counted = 'endpoint="search.results",method="GET",status="200"} 10.0'
            assert "slugline_articles 46.0" in eventually(metrics, counted)

            children = Path(f"/proc/{server.pid}/task/{server.pid}/children")
            first = int(children.read_text().split()[0])
            os.kill(first, signal.SIGKILL)
            for _ in range(10):
                assert "Radomir Kask" in text_of(f"{site}/search?q=Kask")
            # Counted on, whoever died, and answered by another where the first one did so.
            eventually(metrics, counted.replace("10.0", "20.0"))
            os.kill(server.pid, signal.SIGTERM)
            assert server.wait(timeout=PATIENCE) == 0
        finally:
            if server.poll() is None:
                os.killpg(server.pid, signal.SIGKILL)
