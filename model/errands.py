"""Small requests that a server's process does between the turns of its jobs.

A job goes on for long and gets firmer; an errand is done in seconds, once, and what it brought is
kept for whoever asks the same again. An errand says itself what is to be done (`Does`); nothing
here knows what.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from model.executors import LostWorkerError

MOST_KEPT = 24
TRIES = 2  # processes that an errand may lose


@runtime_checkable
class Does(Protocol):
    """A request that says what to do; hashable, so that the same request is known again."""

    def bring(self) -> object:
        """Do it, in the process; what it gives must go through a pipe."""


class Reply(Protocol):
    """What a process replies: what it brought, or why it could not."""

    @property
    def brought(self) -> object:
        """What was asked for; None where there is nothing."""

    @property
    def why(self) -> str:
        """Why there is nothing, for people; empty where there is something."""


@dataclass
class Errand:
    """One request on its way.

    Attributes
    ----------
    request : what is to be done. brought : what came of it; None while there is nothing.
    message : what went wrong, for people.
    """

    request: Does
    brought: object = None
    message: str = ""
    losses: int = 0

    @property
    def finished(self) -> bool:
        """Whether it will not go on."""
        return self.brought is not None or bool(self.message)


class Errands:
    """The errands of a server, done in the order of asking.

    Parameters
    ----------
    changed : is notified of a new one, and guards them all.
    """

    def __init__(self, changed: threading.Condition) -> None:
        self._changed = changed
        self._kept: OrderedDict[Does, Errand] = OrderedDict()

    def ask(self, request: Does, again: bool = False) -> Errand:
        """The errand of a request: the one that is there, or a new one.

        Parameters
        ----------
        again : try once more where it failed.
        """
        with self._changed:
            found = self._kept.get(request)
            if found is None or (again and found.message):
                found = self._kept[request] = Errand(request)
                self._changed.notify_all()
            self._kept.move_to_end(request)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
            return found

    def next(self) -> Errand | None:
        """The one that waits longest."""
        return next((one for one in self._kept.values() if not one.finished), None)

    def do(self, errand: Errand, ask: Callable[[Does], Reply]) -> None:
        """Have an errand done."""
        try:
            reply = ask(errand.request)
        except LostWorkerError as error:
            errand.losses += 1
            errand.message = str(error) if errand.losses >= TRIES else ""
            return
        errand.message = reply.why
        errand.brought = reply.brought
        if errand.brought is None and not errand.message:
            errand.message = "Nothing came of it."
