"""The process that holds one upload: spawned for it, and ended to clear it.

It speaks the same few words as the server's process for simulations (`model.service`). Whatever
goes wrong with returns is told by its kind alone, because the words of an error could hold a
child's value. It gives way to everybody else's work.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import warnings
from multiprocessing.connection import Connection

from model.errors import InputError
from model.executors import processors
from model.executors.pool import end_with_parent
from model.memory import memory_bytes
from model.runs import StoppedError
from model.service import Done, Reached, Refused, Service
from model.standing import Standing
from model.uploads.tasks import Table, Works

STOPPED = "Stopped."
POLITE = 10  # lower in turn than the server's other work
NOT_WORDED = (
    "It could not be done: an unforeseen fault of the kind {kind}. Nothing more is shown, because "
    "it could hold something about a child. Please tell whoever looks after this tool the kind, "
    "and which sort of file it was."
)


class PrivateService(Service):
    """Does tasks on what lies on its table."""

    def __init__(self, pipe: Connection, threads: int) -> None:
        super().__init__(pipe, threads)
        self.table = Table(self.runs.executor, self.told)
        self.said = -1

    def told(self, done: int, total: int) -> None:
        """Say how far a task is, in thousandths.

        Raises StoppedError when it is to stop.
        """
        self.check()
        share = round(1000 * done / max(total, 1))
        if share != self.said:
            self.said = share
            self.say(Done(share))

    def reply_to(self, request: object) -> Reached | Refused:
        """Do one task; nothing but its aggregates, or the kind of what went wrong, leaves."""
        task: Works = request  # type: ignore[assignment]
        self.said = -1
        try:
            brought = task.work(self.table)
        except StoppedError:
            return Refused(None, STOPPED)
        except InputError as error:
            return Refused(error)
        except Exception as error:
            return Refused(None, NOT_WORDED.format(kind=type(error).__name__))
        return Reached(None, Standing(0, 0, True), memory_bytes(), brought)


def work(pipe: Connection) -> None:
    """What the process does from its first to its last moment."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=end_with_parent, daemon=True).start()
    warnings.simplefilter("ignore")  # a warning may word a value
    sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    with contextlib.suppress(OSError, AttributeError):
        os.nice(POLITE)
    PrivateService(pipe, processors()).serve()
