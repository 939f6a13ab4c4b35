"""Small tasks for workers of the executors' tests; light to import, since every worker does."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from pathlib import Path

from model.errors import InputError, Where

TASKS = range(8)
NONSENSE = InputError(Where("a.toml", "b.c"), "nonsense", "sense", "Did you mean 'sense'?")


def square(number: int) -> int:
    return number * number


def slow_then_quick(number: int) -> int:
    """The later, the quicker: whoever gave results as they come would give them backwards."""
    time.sleep(0.02 * (len(TASKS) - number))
    return number * number


def where_done(number: int) -> tuple[int, int]:
    return number, os.getpid()


def fails_at_two(number: int) -> int:
    if number == 2:
        raise NONSENSE
    return number


class CannotTravelError(Exception):
    """An error that pickles but cannot be opened again."""

    def __init__(self, one, two):
        super().__init__("only this")


def fails_strangely(number: int) -> int:
    raise CannotTravelError(number, threading.Lock())


def kills_its_worker(folder_and_number: tuple[Path, int]) -> int:
    """Dies once with task 3, the way a process without memory does."""
    folder, number = folder_and_number
    time.sleep(0.02)
    if number == 3:
        with contextlib.suppress(FileExistsError):
            (folder / "died").touch(exist_ok=False)
            os.kill(os.getpid(), signal.SIGKILL)
    return number


def always_dies(folder: Path) -> None:
    (folder / str(os.getpid())).touch()
    os.kill(os.getpid(), signal.SIGKILL)


def noted(folder_and_number: tuple[Path, int]) -> int:
    folder, number = folder_and_number
    (folder / str(number)).touch()
    if number == 1:
        raise InputError(Where("task"), "one")
    time.sleep(0.2)
    return number


def ready_then_endless() -> None:
    os.write(1, b"ready\n")
    time.sleep(600)
