"""The server's end of an upload: one desk for a person, with a process of its own behind it.

A desk does one task at a time and remembers what came of each, which is aggregates. Clearing it
ends the process and forgets everything; so does leaving it alone for a while, and its owner's
going. It knows no screen.
"""

from __future__ import annotations

import threading
import time
import weakref
from dataclasses import dataclass, field

from model.errors import InputError, Where
from model.executors import LostWorkerError
from model.service import Refused
from model.service_link import ServiceLink
from model.uploads.process import STOPPED, work
from model.uploads.tasks import Works

MOST_DESKS = 3  # with a process at once: each takes half a gigabyte and more
IDLE_SECONDS = 30 * 60.0
LOOK_SECONDS = 5.0
LOST = "The process that held the returns ended, and they with it. Upload them again."


@dataclass
class Task:
    """One task on its way.

    Attributes
    ----------
    doing : in a few words. expected_seconds : at first sight. share : how much is done, 0 to 1.
    brought : what came of it. message : what went wrong, for people. error : the same in parts.
    stop : whether somebody stopped it. finished : whether it will not go on.
    """

    doing: str
    expected_seconds: float
    share: float = 0.0
    brought: object = None
    message: str = ""
    error: InputError | None = None
    stop: bool = False
    finished: bool = False
    began: float = field(default_factory=time.monotonic)
    ended: float = 0.0

    @property
    def seconds_left(self) -> float:
        """How long it will still take, as far as one can tell."""
        spent = time.monotonic() - self.began
        if self.share > 0.05:
            return spent * (1 - self.share) / self.share
        return max(self.expected_seconds - spent, 1.0)


class Desk:
    """One person's upload.

    `found` holds what came of the latest task of each kind, by the name of the kind.

    Parameters
    ----------
    link : to its process; a process of its own when None.
    """

    def __init__(self, link: ServiceLink | None = None) -> None:
        self.link = link or ServiceLink(work)
        self.task: Task | None = None
        self.found: dict[str, object] = {}
        self.touched = time.monotonic()
        self._lock = threading.Lock()
        ALL.add(self)

    @property
    def busy(self) -> bool:
        """Whether a task is on its way."""
        return self.task is not None and not self.task.finished

    @property
    def holds(self) -> bool:
        """Whether there is a process, which may hold returns."""
        return self.link.process is not None

    def has(self, kind: type[Works]) -> bool:
        """Whether a task of a kind was done, and what it put on the process's table is there."""
        return self.holds and kind.__name__ in self.found

    def begin(self, request: Works, doing: str, expected_seconds: float = 10.0) -> Task:
        """Begin a task; what was on its way is stopped first.

        Raises
        ------
        InputError when too many people are uploading at once.
        """
        self.look()
        if not self.holds and sum(one.holds for one in set(ALL)) >= MOST_DESKS:
            raise InputError(
                Where("uploads"),
                f"{MOST_DESKS} people at work with theirs",
                "one at a time each",
                "Try again when somebody has cleared theirs.",
            )
        self.stop()
        task = Task(doing, expected_seconds)
        self.task = task
        threading.Thread(target=self._do, args=(request, task), daemon=True).start()
        return task

    def look(self) -> None:
        """Say that its owner is there."""
        self.touched = time.monotonic()

    def stop(self) -> None:
        """Stop what is on its way; what was read stays, where the process heeds it soon."""
        if self.busy and self.task is not None:
            self.task.stop = True

    def clear(self) -> None:
        """End the process, and forget everything."""
        self.rest()
        self.task = None
        self.found = {}

    def rest(self) -> None:
        """End the process, and the returns with it; aggregates that were found stay."""
        self.stop()
        self.link.end()

    def _do(self, request: Works, task: Task) -> None:
        with self._lock:
            if not task.stop:
                self._ask(request, task)
        task.message = STOPPED if task.stop and not task.message else task.message
        task.ended, task.finished = time.monotonic(), True

    def _ask(self, request: Works, task: Task) -> None:
        def told(thousandths: int) -> None:
            task.share = thousandths / 1000
            self.look()

        try:
            reply = self.link.do(request, told, lambda: task.stop)
        except LostWorkerError:
            task.message = STOPPED if task.stop else LOST
            return
        if isinstance(reply, Refused):
            task.message, task.error = reply.why, reply.error
        elif not task.stop:
            task.brought = reply.brought
            self.found[type(request).__name__] = reply.brought


ALL: weakref.WeakSet[Desk] = weakref.WeakSet()
_sweeping = threading.Lock()


@dataclass
class Owner:
    """What a session holds of a desk: when the session goes, so does the desk."""

    desk: Desk


def open_desk() -> Owner:
    """A desk, cleared when its owner is gone or has left it alone for half an hour."""
    owner = Owner(Desk())
    weakref.finalize(owner, owner.desk.clear)
    if _sweeping.acquire(blocking=False):
        threading.Thread(target=_sweep, name="uploads", daemon=True).start()
    return owner


def _sweep() -> None:
    """Clear desks that were left alone, for as long as the server lives."""
    while True:
        time.sleep(LOOK_SECONDS)
        clear_idle(time.monotonic())


def clear_idle(now: float) -> int:
    """Clear the desks that nobody has looked at for long; how many."""
    idle = [
        one for one in set(ALL) if one.holds and not one.busy and now - one.touched > IDLE_SECONDS
    ]
    for one in idle:
        one.rest()
    return len(idle)
