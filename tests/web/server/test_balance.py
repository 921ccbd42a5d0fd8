"""Which process leaves a connection to another, and for how long."""

from __future__ import annotations

import socket
import threading

import pytest

from web.server import balance
from web.server.balance import MOST_PROCESSES, Balance


def test_who_has_more_than_another_is_told() -> None:
    shared = Balance()
    first, second = shared.take_place(), shared.take_place()
    shared.say(first, 2)
    assert shared.has_more(first)
    assert not shared.has_more(second)
    shared.say(second, 2)
    assert not shared.has_more(first)
    shared.say(second, 1)
    shared.give_back(second)  # who has ended counts no more
    assert not shared.has_more(first)


def test_places_are_taken_anew_and_one_without_takes_what_comes() -> None:
    shared = Balance()
    places = [shared.take_place() for _ in range(MOST_PROCESSES)]
    assert shared.take_place() is None
    shared.say(None, 7)
    assert not shared.has_more(None)
    shared.give_back(places[3])
    shared.give_back(None)
    assert shared.take_place() == places[3]


def test_a_connection_is_left_until_another_takes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(balance, "LEAVE_SECONDS", 60.0)
    shared = Balance()
    first = shared.take_place()
    shared.take_place()
    shared.say(first, 1)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        left = threading.Thread(target=shared.leave, args=(first, listening))
        with socket.create_connection(listening.getsockname()):
            left.start()
            taken, _ = listening.accept()
            left.join(30)
            taken.close()
    assert not left.is_alive()


def test_a_connection_that_nobody_takes_is_not_left_for_long() -> None:
    shared = Balance()
    first = shared.take_place()
    shared.take_place()
    shared.say(first, 1)
    with (
        socket.create_server(("127.0.0.1", 0)) as listening,
        socket.create_connection(listening.getsockname()),
    ):
        shared.leave(first, listening)
        taken, _ = listening.accept()
        taken.close()
