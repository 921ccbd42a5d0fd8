"""Starts and stops a real PostgreSQL for tests, in a directory of its own, on loopback only.

Needs Debian's `postgresql`. Only the standard library, so that the scripts beside it run with any
Python. PostgreSQL refuses to run as root, so root runs it as the user `postgres`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.servers import running

PORT = 55432
PLACE = Path(tempfile.gettempdir()) / f"slugline-test-postgresql-{os.getuid()}"
MISSING = "There is no PostgreSQL; install it with: apt-get install postgresql"
URL = f"postgresql+psycopg://slugline@127.0.0.1:{PORT}/"


def programs() -> Path:
    """Return the directory of PostgreSQL's programs; raises SystemExit where there is none."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    if found is None:
        raise SystemExit(MISSING)
    return Path(found).resolve().parent


def run(*command: str | Path) -> None:
    """Run one of PostgreSQL's programs, as another user than root."""
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    done = subprocess.run(
        [*as_user, *map(str, command)], capture_output=True, text=True, cwd="/", check=False
    )
    if done.returncode:
        raise SystemExit(f"{command[0]}: {done.stdout}{done.stderr}")


def start() -> None:
    """Make a database cluster and start it, in the place of one that runs; print its line."""
    bin_ = programs()
    stop()
    PLACE.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(PLACE, "postgres")
    data = PLACE / "data"
    run(bin_ / "initdb", "-D", data, "-A", "trust", "-U", "slugline", "--no-sync", "-E", "UTF8")
    # Tests may lose what they wrote when the machine stops; they need it soon.
    options = f"-p {PORT} -c listen_addresses=127.0.0.1 -c unix_socket_directories={PLACE}"
    options += " -c fsync=off -c synchronous_commit=off -c max_connections=200"
    run(bin_ / "pg_ctl", "-D", data, "-w", "-l", PLACE / "log", "-o", options, "start")
    print(f"export SLUGLINE_TEST_POSTGRESQL={URL}postgres")  # noqa: T201 - read by the shell


def stop() -> None:
    """Stop it and remove its files."""
    if running(PLACE / "data" / "postmaster.pid", PLACE):
        run(programs() / "pg_ctl", "-D", PLACE / "data", "-m", "immediate", "stop")
    shutil.rmtree(PLACE, ignore_errors=True)


if __name__ == "__main__":
    {"start": start, "stop": stop}[sys.argv[1]]()
