"""Starts and stops a real Dovecot for tests, in a directory of its own, on loopback only.

Needs Debian's `dovecot-imapd`. Only the standard library, so that the scripts beside it run with
any Python. It takes any user with the one password, speaks TLS by a certificate made for it, and
keeps the mail of each user in a Maildir.
"""

from __future__ import annotations

import getpass
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.servers import running

PLACE = Path(tempfile.gettempdir()) / f"slugline-test-dovecot-{os.getuid()}"
MISSING = "There is no Dovecot; install it with: apt-get install dovecot-imapd"
PASSWORD = "Hafen 12/#ü"  # noqa: S105 - of a server that nobody else reaches

CONFIGURATION = """
base_dir = {place}/run
state_dir = {place}/state
log_path = {place}/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{place}/certificate.pem
ssl_key = <{place}/key.pem
{users}
disable_plaintext_auth = yes
auth_mechanisms = plain
passdb {{
  driver = static
  args = password={{PLAIN.b64}}{password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={place}/mail/%u
}}
mail_location = maildir:~/Maildir
first_valid_uid = 1
namespace inbox {{
  inbox = yes
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
"""


def program() -> str:
    """Return the path of Dovecot; raises SystemExit where there is none."""
    found = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if found is None:
        raise SystemExit(MISSING)
    return found


def run(*command: str | Path) -> None:
    """Run a program that has to succeed."""
    # A server keeps what it was given to write to, so that no pipe would ever end.
    with tempfile.TemporaryFile("w+") as said:
        done = subprocess.run(
            [*map(str, command)], stdin=subprocess.DEVNULL, stdout=said, stderr=said, check=False
        )
        said.seek(0)
        if done.returncode:
            raise SystemExit(f"{command[0]}: {said.read()}")


def free_ports(count: int) -> list[int]:
    """Return ports of loopback that nobody listens on."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(one.getsockname()[1]) for one in sockets]
    for one in sockets:
        one.close()
    return ports


def start() -> None:
    """Make a configuration and start the server, in the place of one that runs; print its line."""
    from base64 import b64encode

    dovecot = program()
    stop()
    PLACE.mkdir(mode=0o755)
    for name in ("run", "state", "mail"):
        (PLACE / name).mkdir()
    run(
        *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30"),
        *("-keyout", PLACE / "key.pem", "-out", PLACE / "certificate.pem"),
        *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"),
    )
    imap, imaps = free_ports(2)
    me = getpass.getuser()
    is_root = os.geteuid() == 0
    uid, gid = ("dovenull", "dovenull") if is_root else (str(os.getuid()), str(os.getgid()))
    if is_root:
        shutil.chown(PLACE / "mail", uid, gid)
    users = (
        ""
        if is_root
        else f"default_internal_user = {me}\ndefault_login_user = {me}\n"
        f"default_internal_group = {os.getgid()}"
    )
    configuration = PLACE / "dovecot.conf"
    configuration.write_text(
        CONFIGURATION.format(
            place=PLACE,
            users=users,
            uid=uid,
            gid=gid,
            imap=imap,
            imaps=imaps,
            password=b64encode(PASSWORD.encode()).decode(),
        ),
        encoding="utf-8",
    )
    run(dovecot, "-c", configuration)
    told = {"imap": imap, "imaps": imaps, "password": PASSWORD}
    (PLACE / "server.json").write_text(json.dumps(told), encoding="utf-8")
    print(f"export SLUGLINE_TEST_IMAP={PLACE}")  # noqa: T201 - read by the shell


def stop() -> None:
    """Stop it and remove its files."""
    if running(PLACE / "run" / "master.pid", PLACE):
        run(program(), "-c", PLACE / "dovecot.conf", "stop")
    shutil.rmtree(PLACE, ignore_errors=True)


if __name__ == "__main__":
    {"start": start, "stop": stop}[sys.argv[1]]()
