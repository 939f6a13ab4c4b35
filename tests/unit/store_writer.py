"""Futures made up for the tests of the store, and a process that keeps them.

    python -m tests.unit.store_writer FOLDER WANTED BLOCK

says "ready", waits for a line, and writes what is missing of WANTED futures in blocks of BLOCK.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from model.store import Entry, Store

ABOUT = {"area": "sefton", "scenario": "baseline", "seed": 1}


def tables_of(first: int, futures: int) -> dict[str, pd.DataFrame]:
    """Two tables; what they say of a future depends on nothing but its number."""
    parts = []
    for future in range(first, first + futures):
        draw = np.random.default_rng(future)
        rows = {"future": future, "measure": ["referrals", "assessments", "looked_after"] * 40}
        parts.append(pd.DataFrame({**rows, "value": draw.normal(size=120)}))
    measures = pd.concat(parts, ignore_index=True)
    measures["stage"] = pd.Categorical(["early_help"] * len(measures), ["screening", "early_help"])
    costs = measures[measures["measure"] == "referrals"].rename(columns={"value": "gbp"})
    return {"measures": measures, "costs": costs.reset_index(drop=True)}


def keep(entry: Entry, wanted: int, size: int) -> int:
    """Write the blocks of which a future is missing; how many blocks those are."""
    held, written = entry.held(wanted), 0
    for first in range(0, wanted, size):
        futures = min(size, wanted - first)
        if not set(range(first, first + futures)) <= held:
            entry.write(first, tables_of(first, futures), futures, seconds=0.5 * futures)
            written += 1
    return written


if __name__ == "__main__":
    opened = Store(Path(sys.argv[1])).entry(ABOUT, {"engine": "compiled"})
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    keep(opened, int(sys.argv[2]), int(sys.argv[3]))
