"""A real Chromium, and the real server on the bundled sample, for the tests in this folder."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from models.accounts import Role
from store.store import Store
from tests.web.accounts_of import PASSWORD, add_user

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
START_SECONDS = 60


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium without a window."""
    if not CHROMIUM.exists():
        pytest.skip("chromium is missing: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=list(ARGUMENTS), timeout=60_000
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def site(
    browser: Browser, demo_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of `slugline serve` on a copy of the demo's home."""
    home = shutil.copytree(demo_home, tmp_path_factory.mktemp("site") / "home")
    with served(home) as address:
        yield address


@contextmanager
def served(home: Path) -> Iterator[str]:
    """Run `slugline serve` on a home for the length of a block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    clean = {key: value for key, value in os.environ.items() if not key.startswith("SLUGLINE_")}
    program = Path(sys.executable).with_name("slugline")
    log = home.with_name("serve.log")
    with (
        log.open("wb") as written,
        subprocess.Popen(
            [program, "--home", home, "serve", "--port", str(port)],
            stdout=written,
            stderr=subprocess.STDOUT,
            env=clean,
        ) as server,
    ):
        try:
            _wait_for(port, server, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            assert server.wait(timeout=30) == 0, log.read_text()


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        assert server.poll() is None, log.read_text()
        with socket.socket() as asking:
            if asking.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"the server does not listen: {log.read_text()}")


@contextmanager
def served_for(home: Path, role: Role, access: str = "") -> Iterator[str]:
    """Serve a home to the user ada of a role; `access` is the setting, "" for its default."""
    if access:
        (home / "slugline.toml").write_text(f'[web]\naccess = "{access}"\n', encoding="utf-8")
    with Store.at(home / "store.sqlite") as store:
        add_user(store, "ada", role)
    with served(home) as address:
        yield address


@contextmanager
def opened_by_ada(browser: Browser, site: str) -> Iterator[Page]:
    """A page on which ada has signed in, and that may not break any rule of its own."""
    context = browser.new_context(base_url=site, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    sign_in(page, "/sign-in")
    yield page
    context.close()
    assert complaints == []


def sign_in(page: Page, address: str) -> None:
    """Sign in as ada on the page to which `address` leads a visitor."""
    page.goto(address)
    page.get_by_label("Name", exact=True).fill("ada")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A page on a wide screen that may not break any rule of its own: no error in its console."""
    context = browser.new_context(base_url=site, viewport={"width": 1440, "height": 900})
    complaints: list[str] = []
    opened = context.new_page()
    # That an address answers 404 or 400 is what some tests ask for.
    opened.on(
        "console",
        lambda said: (
            complaints.append(said.text)
            if said.type in {"error", "warning"} and "status of 40" not in said.text
            else None
        ),
    )
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert complaints == []
