"""The compiled engine: the reference engine's twin, a hundred times as fast.

It runs the same network and returns the same log, byte for byte. The kernel is compiled once for
every network, and kept on disk where it outlives a reinstallation. Numba is optional: where it is
missing `available` says so, and the model runs on SimPy. This module knows no stage and no rule.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.compiling import available, forget_old_kernels, jitted
from model.engines.cases import Cases, too_many_stays
from model.engines.engine_arrays import World, with_more, world_of
from model.episodes import COLUMNS, OPEN, EpisodeLog
from model.memory import collector_at_rest
from model.network import Network

KERNEL_FILES = tuple(
    Path(__file__).with_name(name)
    for name in ("compiled_kernel.py", "compiled_cases.py", "compiled_lookups.py")
)
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
    advance, first_jumbled = (
        jitted(function, KERNEL_FILES) for function in (code.advance, code.first_jumbled)
    )
    whole = numba.int64
    with collector_at_rest():  # a compiler makes little garbage, and counts it again and again
        advance.compile((numba.typeof(world), whole))
        first_jumbled.compile((numba.typeof(world.rows), whole, whole))
    if advance.stats.cache_misses:
        forget_old_kernels()
    return Kernel(
        advance, first_jumbled, code.DONE, code.MORE_ROWS, code.MORE_EVENTS, code.MORE_PEOPLE
    )


__all__ = ["available", "run"]
