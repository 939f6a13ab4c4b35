"""The memory of a process that simulates: what it takes, what it keeps, what it gives back."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
from collections.abc import Iterator
from pathlib import Path

# Of mallopt, in malloc.h of the GNU C library.
TRIM_THRESHOLD, TOP_PAD, MMAP_THRESHOLD, ARENA_MAX = -1, -2, -3, -8
MEBIBYTE = 1024**2


def keep_what_is_freed() -> None:
    """Have the C library keep the arrays of one log for those of the next (GNU/Linux).

    It would give them back at once, and the system hands out fresh memory page by page, which
    takes as long as filling it.
    """
    with contextlib.suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL("libc.so.6").mallopt
        mallopt(ARENA_MAX, 1)  # threads take turns: what one has freed serves the other
        mallopt(MMAP_THRESHOLD, 1024 * MEBIBYTE)
        mallopt(TRIM_THRESHOLD, 512 * MEBIBYTE)
        mallopt(TOP_PAD, 64 * MEBIBYTE)


@contextlib.contextmanager
def collector_at_rest() -> Iterator[None]:
    """Keep Python from looking for cyclic garbage: for work with many objects and hardly any of it.

    Looking costs a quarter of such work. What little there is goes when it is over.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def give_back() -> None:
    """Give memory that is free back to the system, where the C library would keep it (Linux)."""
    gc.collect()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)


def memory_bytes() -> int:
    """What this process takes in memory; 0 where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, AttributeError):
        return 0
