"""How long one waits for the compiled engine in a new process: compiled before, or not."""

from __future__ import annotations

import statistics
import time
from dataclasses import replace
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.apart import OF_THE_WHOLE, apart
from benchmarks.benchmark_pathway import SHORT
from benchmarks.figures import Figure, Found, Settings, found
from benchmarks.writings import COMPILED, benchmark_run, can_run

CACHE_VARIABLE = "NUMBA_CACHE_DIR"
MOST_SECONDS = {"absent": 15.0, "present": 2.0}


def first_run() -> dict[str, Any]:
    """A first run of the compiled engine in this process: hardly more than loading the kernel."""
    began = time.perf_counter()
    benchmark_run(COMPILED, replace(SHORT, families_per_year=10))
    return {"seconds": time.perf_counter() - began}


def cold_start(settings: Settings) -> Found:
    """A new process until its first run is over, with nothing compiled before and with all."""
    if not can_run(COMPILED):
        return found([])
    runs: dict[str, list[Any]] = {cache: [] for cache in MOST_SECONDS}
    for _ in range(settings.rounds):
        with TemporaryDirectory() as folder:
            for gathered in runs.values():  # the first run fills the folder, the second finds it
                gathered.append(apart(first_run, variables={CACHE_VARIABLE: folder}))
    figures = []
    for cache, gathered in runs.items():
        what = f"from starting Python to the first log, compile cache {cache}"
        seconds = statistics.median(run[OF_THE_WHOLE] for run in gathered)
        note = f"{statistics.median(run['seconds'] for run in gathered):.2f} s after the imports"
        figures.append(Figure(what, seconds, "s", at_most=MOST_SECONDS[cache], note=note))
    return found(figures, runs)
