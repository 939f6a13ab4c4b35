"""Small requests go between the turns of the jobs; the same request is done once."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

import pytest

from model.errors import InputError, Where
from model.executors import WORKER_DIED, LostWorkerError
from model.jobs import Board
from model.service import Reached, Refused, Service
from model.standing import Standing


@dataclass(frozen=True)
class Brings:
    """An errand that brings a number, or has none."""

    number: int

    def bring(self) -> int:
        """The number."""
        if self.number < 0:
            raise InputError(Where("the errand"), "a number below nought")
        return self.number


class Here:
    """A service that does errands in this process; it may be made to lose some."""

    engine, memory_bytes = "compiled", 0

    def __init__(self, losses: int = 0) -> None:
        self.losses, self.done = losses, []
        self.go = threading.Event()
        self.go.set()

    def do(self, request, told=lambda _: None, to_pause=lambda: False):
        """Do an errand when it is let."""
        self.go.wait(10)
        if self.losses:
            self.losses -= 1
            raise LostWorkerError(WORKER_DIED)
        self.done.append(request)
        try:
            return Reached(None, Standing(0, 0, True), 0, request.bring())
        except InputError as error:
            return Refused(error)

    def end(self) -> None:
        """Nothing to end."""


def ended(errand):
    until = time.monotonic() + 10
    while not errand.finished and time.monotonic() < until:
        time.sleep(0.01)
    return errand


def test_the_same_request_is_one_errand_and_what_it_brought_is_kept():
    service = Here()
    board = Board(service)
    service.go.clear()
    first, second = board.errands.ask(Brings(3)), board.errands.ask(Brings(3))
    assert first is second
    service.go.set()
    assert ended(first).brought == 3
    assert board.errands.ask(Brings(3)) is first
    assert service.done == [Brings(3)]


@pytest.mark.parametrize(("losses", "message"), [(1, ""), (2, WORKER_DIED)])
def test_one_lost_process_is_made_good_and_a_second_is_told(losses, message):
    errand = ended(Board(Here(losses)).errands.ask(Brings(3)))
    assert errand.message == message
    assert errand.brought == (None if message else 3)


def test_what_cannot_be_brought_says_why_and_is_tried_again_when_told_to():
    service = Here()
    board = Board(service)
    errand = ended(board.errands.ask(Brings(-1)))
    assert "a number below nought" in errand.message
    assert board.errands.ask(Brings(-1)) is errand
    again = ended(board.errands.ask(Brings(-1), again=True))
    assert again is not errand
    assert len(service.done) == 2


def test_a_process_does_whatever_says_what_to_do():
    reply = Service.reply_to(Service.__new__(Service), Brings(7))
    assert reply.brought == 7
