"""Which executor the command line uses."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager

from model.errors import InputError, Where
from model.executors.cluster import dask
from model.executors.pool import processes

PROCESSES = "processes"
THREADS = "threads"


@contextmanager
def executor_for(
    workers: int | None, tasks: int, dask_address: str = "", kind: str = PROCESSES
) -> Iterator[Executor | None]:
    """Whoever computes so many tasks: None where this process does as well, for a ``with`` block.

    Parameters
    ----------
    workers : of this computer; as many as it has processors when None. tasks : how many there are.
    dask_address : of a scheduler; its workers then do the tasks, however few those are.
    kind : processes or threads.

    Raises
    ------
    InputError where both workers and an address are given, and whatever `dask` raises.
    """
    if workers and dask_address:
        found = f"both --workers {workers} and --dask {dask_address}"
        remedy = "A cluster has the workers that were started there: leave --workers out."
        raise InputError(Where("--dask"), found, "one of them", remedy)
    count = min(workers or processors(), tasks)
    if dask_address:
        with dask(dask_address) as cluster:
            yield cluster
    elif count <= 1:
        yield None
    else:
        with threads(count) if kind == THREADS else processes(count) as executor:
            yield executor


def threads(count: int) -> ThreadPoolExecutor:
    """So many threads of this process: worth it only where most of a task leaves the GIL."""
    return ThreadPoolExecutor(count)


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
