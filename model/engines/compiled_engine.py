"""The compiled engine: the reference engine's twin, a hundred times as fast.

It runs the same network and returns the same log, byte for byte. The kernel is compiled once for
every network, and kept on disk where it outlives a reinstallation. Numba is optional: where it is
missing `available` says so, and the model runs on SimPy. This module knows no stage and no rule.
"""

from __future__ import annotations

import gc
import hashlib
import importlib
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.caches import user_cache_folder
from model.engines.cases import Cases, too_many_stays
from model.engines.engine_arrays import World, with_more, world_of
from model.episodes import COLUMNS, OPEN, EpisodeLog
from model.network import Network

KERNEL_FILES = ("compiled_kernel.py", "compiled_cases.py", "compiled_lookups.py")
NAME_DIGITS = 16
SECONDS_PER_DAY = 86_400
DAYS_KEPT = 60  # on disk, of other versions of the kernel
PARTS_TOLD = 20  # of a run, to whoever follows its progress

# The columns of a stay that is open at the end, and the fields of the case that they come from.
OPEN_ROW = {
    "start": "row_start",
    "case": "id",
    "nth": "nth",
    "stage": "stage",
    "served": "served",
    "place": "stage_pool",
    "mask": "mask",
    "state": "state",
    "spent": "row_spent",
}


class Kernel(NamedTuple):
    """The compiled functions, and what `advance` answers when an array is full."""

    advance: Callable[[World, int], int]
    first_jumbled: Callable[[NDArray[np.int64], int, int], tuple[int, int]]
    done: int
    more_rows: int
    more_events: int
    more_people: int


_kernel: list[Kernel] = []  # one, once it is loaded
_loading = Lock()


@cache
def available() -> bool:
    """Whether this machine can run the compiled engine: Numba is installed and works."""
    try:
        importlib.import_module("numba")
    except Exception:  # broken, or for another NumPy: whatever it says, it does not work
        return False
    return True


def run(
    network: Network,
    cases: Cases,
    seed: int,
    replication: int,
    progress: Callable[[float], None] | None = None,
) -> EpisodeLog:
    """Run one replication of a network and return its episode log.

    Parameters
    ----------
    network : the pathway with numbers. cases : everyone the run will meet.
    seed, replication : address the luck. progress : told the share done, from 0 to 1.

    Raises
    ------
    ModuleNotFoundError
        Without Numba. ValueError for more cases than the order of events can hold (2^30 families).
    """
    world = world_of(network, cases, seed, replication)
    parts = PARTS_TOLD if progress else 1
    for part in range(1, parts + 1):
        world = advanced(world, network.horizon * part // parts, network.stage_names)
        if progress and part < parts:
            progress(part / parts)
    return EpisodeLog(
        rows=log_rows(world),
        horizon_minutes=network.horizon,
        places=network.places,
        localities=network.localities,
        start_date=network.calendar.start_date.isoformat(),
    )


def advanced(world: World, until: int, stage_names: Sequence[str]) -> World:
    """The world at a minute; its arrays are written in place, or replaced by longer ones."""
    kernel, clock = compiled(world), world.clock[0]
    while (answer := kernel.advance(world, until)) != kernel.done:
        if answer == kernel.more_rows:
            world = world._replace(rows=with_more(world.rows, int(clock["rows"])))
        elif answer == kernel.more_events:
            world = world._replace(events=with_more(world.events, int(clock["events"])))
        elif answer == kernel.more_people:
            world = world._replace(people=with_more(world.people, int(clock["people"])))
        else:
            case = world.people[clock["current"]]
            raise too_many_stays(int(case["id"]), stage_names[case["stage"]])
    return world


def log_rows(world: World) -> NDArray[np.int64]:
    """The rows of the log at the end of a run, in the log's order; shape (stays, columns)."""
    people = world.people[: int(world.clock["people"][0])]
    still = people[people["active"] != 0]
    columns = {name: still[field] for name, field in OPEN_ROW.items()}
    for name, column in {**columns, "end": OPEN, "outcome": OPEN}.items():
        world.rows[still["row"], COLUMNS.index(name)] = column
    rows = world.rows[: int(world.clock["rows"][0])]
    kernel, last = compiled(world), 0
    while last < len(rows):
        first, last = kernel.first_jumbled(rows, len(rows), last)
        minute = rows[first:last]
        minute[:] = minute[np.lexsort((minute[:, 2], minute[:, 1]))]
    return rows


# --- the compiled code ----------------------------------------------------------------------------


def compiled(world: World) -> Kernel:
    """The kernel: from memory, else from disk, else compiled now, which takes some ten seconds.

    Parameters
    ----------
    world : any world; all are of one type.
    """
    if not _kernel:
        with _loading:
            if not _kernel:
                _kernel.append(load(world))
    return _kernel[0]


def load(world: World) -> Kernel:
    """Load or compile the kernel. Threads wait for each other, processes do not need to."""
    numba = importlib.import_module("numba")
    code = importlib.import_module("model.engines.compiled_kernel")
    advance, first_jumbled = jitted(code.advance), jitted(code.first_jumbled)
    whole = numba.int64
    with collector_paused():
        advance.compile((numba.typeof(world), whole))
        first_jumbled.compile((numba.typeof(world.rows), whole, whole))
    if advance.stats.cache_misses:
        forget_old_kernels()
    return Kernel(
        advance, first_jumbled, code.DONE, code.MORE_ROWS, code.MORE_EVENTS, code.MORE_PEOPLE
    )


def jitted(function: Callable[..., Any]) -> Any:
    """A function to be compiled, and kept on disk where any folder can be written to."""
    numba = importlib.import_module("numba")
    options = importlib.import_module("model.engines.compiled_lookups").OPTIONS
    asked = numba.config.CACHE_DIR
    try:
        numba.config.CACHE_DIR = str(kernel_folder(asked))
        return numba.njit(cache=True, **options)(function)
    except RuntimeError:  # this user has no folder that can be written to
        return numba.njit(**options)(function)
    finally:
        numba.config.CACHE_DIR = asked


@contextmanager
def collector_paused() -> Iterator[None]:
    """Collect no garbage for a while: a compiler makes little, and counts it again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


# --- where compiled code is kept ------------------------------------------------------------------


def kernel_folder(asked: str = "") -> Path:
    """Where this version of the kernel is kept: a folder named by what its files say.

    Another version never writes there, so that processes of two versions do not meet. Numba
    itself renames finished files into place.

    Parameters
    ----------
    asked : the folder that NUMBA_CACHE_DIR names, if any.
    """
    says = hashlib.sha256()
    for name in KERNEL_FILES:
        says.update(Path(__file__).with_name(name).read_bytes())
    home = Path(asked) if asked else user_cache_folder()
    return home / f"kernel_{says.hexdigest()[:NAME_DIGITS]}"


def forget_old_kernels() -> None:
    """Remove other versions of the kernel that were compiled long ago, from the usual folder."""
    with suppress(OSError, RuntimeError):
        present = kernel_folder()
        for folder in present.parent.glob("kernel_" + "[0-9a-f]" * NAME_DIGITS):
            age_days = (time.time() - folder.stat().st_mtime) / SECONDS_PER_DAY
            if folder != present and age_days > DAYS_KEPT:
                shutil.rmtree(folder, ignore_errors=True)


__all__ = ["available", "run"]
