"""What grows with what: time with the number of arrivals, time and memory with replications."""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.apart import apart, peak_megabytes
from benchmarks.area_runs import larger, prepared
from benchmarks.figures import Figure, Found, Settings, found
from benchmarks.side_by_side import of_larger
from benchmarks.writings import COMPILED, CPP, can_run
from model.keeping import KeptInStore
from model.results import Sampling
from model.simulate import cases_of, replicate, run_together
from model.store import Store
from model.summary import summary

SEED = 1
TIMES = (1, 4, 16)
MOST_GROWTH = 20.0
REPEATS = 3


def of_size(area: str, times: int, years: int) -> dict[str, Any]:
    """One future of an area so many times as large: its parts, and the whole."""
    plan = larger(area, times, years)
    replicate(plan, SEED, 0)  # loads the kernel
    parts: list[dict[str, float]] = []
    for _ in range(REPEATS):
        at = [time.perf_counter()]
        cases = cases_of(plan, SEED, 0)
        at.append(time.perf_counter())
        log = replicate(plan, SEED, 0, cases)
        at.append(time.perf_counter())
        summary(log, plan.inputs, plan.network, plan.unit_costs, plan.partners, plan.tables)
        at.append(time.perf_counter())
        parts.append(
            {
                "cases": at[1] - at[0],
                "engine": at[2] - at[1],
                "tables": at[3] - at[2],
                "whole": at[3] - at[0],
            }
        )
    middle = {name: statistics.median(part[name] for part in parts) for name in parts[0]}
    return {
        "seconds": middle,
        "cases": len(cases.case),
        "rows": len(log.rows),
        "peak_megabytes": peak_megabytes(),
    }


def arrivals(settings: Settings) -> Found:
    """An area four and sixteen times as large; the loops alone on the benchmark pathway."""
    years = 1 if settings.quick else 5
    runs = {times: apart(of_size, settings.area, times, years) for times in TIMES}
    figures = []
    for part, who in (("engine", "compiled engine alone"), ("whole", "whole future")):
        what = f"{settings.area} {years} y, {who}"
        seconds = {times: run["seconds"][part] for times, run in runs.items()}
        notes = {times: f"{run['peak_megabytes'] or 0:.0f} MiB" for times, run in runs.items()}
        figures += lines(what, seconds, notes, MOST_GROWTH)
    loops = [writing for writing in (COMPILED, CPP) if can_run(writing)]
    alone = {
        writing: {times: apart(of_larger, writing, times) for times in TIMES} for writing in loops
    }
    for writing, found_there in alone.items():
        seconds = {times: run["seconds"] for times, run in found_there.items()}
        figures += lines(f"benchmark pathway, {writing}", seconds, {}, None)
    return found(figures, {"area": runs, "benchmark pathway": alone})


def lines(
    what: str, seconds: dict[int, float], notes: dict[int, str], aim: float | None
) -> list[Figure]:
    """A line for each size, and one for the growth from the smallest to the largest."""
    growth = seconds[TIMES[-1]] / seconds[TIMES[0]]
    return [
        *(
            Figure(f"{what}, x{times}", each, "s", note=notes.get(times, ""))
            for times, each in seconds.items()
        ),
        Figure(f"{what}, x{TIMES[-1]} against x1", growth, "times the time", at_most=aim),
    ]


def kept(area: str, years: int, replications: int) -> dict[str, Any]:
    """So many replications in one process that keeps them in a store."""
    plan = prepared(area, years)
    replicate(plan, SEED, 0)
    with TemporaryDirectory() as folder:
        began = time.perf_counter()
        store = KeptInStore(Store(Path(folder)))
        run_together([plan], Sampling(replications), keeper=store)
        seconds = time.perf_counter() - began
    return {"seconds": seconds, "peak_megabytes": peak_megabytes()}


def replications(settings: Settings) -> Found:
    """One replication, ten and a hundred."""
    counts = (1, 4, 16) if settings.quick else (1, 10, 100)
    runs = {count: apart(kept, settings.area, 1, count) for count in counts}
    what = "replications of 1 y, kept in the store"
    figures = []
    for count, run in runs.items():
        note = f"{run['peak_megabytes'] or 0:.0f} MiB"
        figures.append(Figure(f"{count} {what}", run["seconds"], "s", note=note))
    return found(figures, runs)
