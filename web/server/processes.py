"""Serves an application by several processes: gunicorn keeps them, waitress answers in each.

    gunicorn's arbiter: starts, counts and ends the processes, and never answers itself
      -> process: an application of its own, a waitress server on the shared socket

So connections are treated alike, however many processes there are: a client that is slow, or says
nothing, takes no thread (gunicorn's own threads wait for such clients).
"""

from __future__ import annotations

import fcntl
import gc
import logging
import os
import signal
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.errors import HaltServer
from gunicorn.glogging import Logger
from gunicorn.workers.base import Worker

from web.server.balance import Balance
from web.server.serve import ServeError, address_of, listen, make_server

if TYPE_CHECKING:
    from flask import Flask

log = logging.getLogger(__name__)

SILENT_SECONDS = 60
"""A process whose loop does not turn for so long is ended, and another started."""
STOP_SECONDS = 30
"""How long requests under way have to finish."""

Made = Callable[[], "Flask"]
Lead = Callable[["Flask"], Callable[[], None]]


def _nothing() -> None:
    """End nothing."""


def serve_processes(
    make_app: Made,
    host: str,
    port: int,
    processes: int,
    workers: int,
    ready: Callable[[str], None] = lambda _url: None,
    *,
    trusted_proxy: str = "",
    lead: Lead = lambda _app: _nothing,
) -> None:
    """Answer by `processes` of `workers` threads each, until SIGTERM or SIGINT.

    Each process calls `make_app` after it was forked: what `make_app` holds already is shared by
    all, what it opens is its own. In one of them, `lead` is called besides, and what it returns
    when the process ends; where that process dies, in another. Raises `ServeError` where the
    address can't be listened on, or a process does not come up. Call it from the main thread, with
    no other thread running.
    """
    with listen(host, port) as listening, tempfile.TemporaryDirectory(prefix="slugline-") as kept:
        turn = Path(kept) / "lead"
        turn.touch()

        def began(_arbiter: Arbiter) -> None:
            ready(address_of(listening))
            log.info(
                "Serving at %s by %d processes with %d threads each.",
                *(address_of(listening), processes, workers),
            )
            gc.collect()
            gc.freeze()  # so that collecting does not copy what the processes share

        balance = Balance()

        def forking(_arbiter: Arbiter, worker: _Process) -> None:
            worker.place = balance.take_place()

        def ended(_arbiter: Arbiter, worker: _Process) -> None:
            balance.give_back(worker.place)

        settings = {
            "bind": f"fd://{os.dup(listening.fileno())}",  # gunicorn closes it
            "workers": processes,
            "threads": workers,
            "worker_class": _process_class(trusted_proxy, balance, turn, lead),
            "logger_class": _Log,
            "timeout": SILENT_SECONDS,
            "graceful_timeout": STOP_SECONDS,
            "control_socket_disable": True,
            "when_ready": began,
            "pre_fork": forking,
            "child_exit": ended,
        }
        supervisor, status = os.getpid(), 1
        try:
            _Supervisor(_Application(make_app, settings), turn).run()
        except SystemExit as stopped:
            status = int(stopped.code or 0)
        except HaltServer:  # raised anew where a second process fails while the first is seen off
            status = 1
        finally:
            if os.getpid() != supervisor:
                os._exit(status)  # what the supervisor opened is not this process's to end
        if status:
            raise ServeError("A process of the server did not come up; its log says why.")
        log.info("Stopped.")


class _Application(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """What gunicorn asks for settings, and each process for its application."""

    def __init__(self, make_app: Made, settings: dict[str, Any]) -> None:
        self._make_app = make_app
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Put our settings in force; gunicorn's files and environment are not read."""
        for name, value in self._settings.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Make the application of one process."""
        return self._make_app()


class _Supervisor(Arbiter):  # type: ignore[misc]  # gunicorn ships no types
    """Ends alike by SIGTERM and Ctrl-C; other signals are left to gunicorn."""

    def __init__(self, application: _Application, turn: Path) -> None:
        super().__init__(application)
        self._turn = turn

    def stop(self, graceful: bool = True) -> None:
        """Stop all processes; none takes the lead any more when the leader ends first."""
        self._turn.unlink(missing_ok=True)
        super().stop(graceful)

    def handle_int(self) -> NoReturn:
        """Stop as by SIGTERM: requests under way finish."""
        raise StopIteration


class _Process(Worker):  # type: ignore[misc]  # gunicorn ships no types
    """One process: a waitress server on the socket of all."""

    trusted_proxy = ""
    balance: Balance
    place: int | None = None
    turn: Path
    lead: Lead
    leading: threading.Lock
    end_lead: Callable[[], None] = staticmethod(_nothing)

    def take_lead(self) -> None:
        """Wait until no other process leads, then lead until this one ends."""
        try:
            file = self.turn.open()
        except FileNotFoundError:
            return  # all are being stopped
        with file:
            fcntl.flock(file, fcntl.LOCK_EX)
            with self.leading:
                if not self.turn.exists():
                    return
                self.end_lead = self.lead(self.wsgi)
            threading.Event().wait()

    def run(self) -> None:
        """Answer requests until told to stop; those under way finish."""
        self.leading = threading.Lock()
        try:
            threading.Thread(target=self.take_lead, daemon=True).start()
            self._answer()
        finally:
            with self.leading:
                self.end_lead()

    def _answer(self) -> None:
        listening = self.sockets[0].sock
        server = make_server(self.wsgi, listening, self.cfg.threads, self.trusted_proxy)
        readable, accept = server.readable, server.handle_accept

        def turning() -> bool:
            # Asked in each turn of the loop, once a second at the least.
            self.notify()
            if os.getppid() != self.ppid:
                raise SystemExit(0)
            self.balance.say(self.place, len(server.active_channels))
            return bool(readable())

        def accepting() -> None:
            self.balance.leave(self.place, listening)
            accept()
            self.balance.say(self.place, len(server.active_channels))

        server.readable, server.handle_accept = turning, accepting
        server.run()

    def init_signals(self) -> None:
        """Stop by SIGINT as by SIGTERM: Ctrl-C reaches all processes of a terminal."""
        super().init_signals()
        signal.signal(signal.SIGINT, self.handle_exit)

    def handle_exit(self, _number: int, _frame: FrameType | None) -> NoReturn:
        """Leave waitress' loop, which then waits for its threads."""
        raise SystemExit(0)


def _process_class(proxy: str, balance: Balance, turn: Path, lead: Lead) -> type[_Process]:
    shared = {
        "trusted_proxy": proxy,
        "balance": balance,
        "turn": turn,
        "lead": staticmethod(lead),
    }
    return type("Process", (_Process,), shared)


class _Log(Logger):  # type: ignore[misc]  # gunicorn ships no types
    """Gunicorn's log goes where ours goes; it says what failed, we say what began and ended."""

    def setup(self, cfg: Any) -> None:  # noqa: ARG002 - gunicorn's signature
        """Hand on what is worth a warning."""
        self.error_log.propagate = True
        self.error_log.setLevel(logging.WARNING)
        self.access_log.setLevel(logging.CRITICAL)
