"""Several writings of one thing, measured in turns; only those with the same log count.

Times are processor time from the cases to the finished log; set-up apart. The end of a stay counts
as an event: engines differ in how many of their own it takes.
"""

from __future__ import annotations

import gc
import statistics
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from benchmarks.apart import apart, peak_megabytes
from benchmarks.benchmark_pathway import CONGESTED, ORDINARY, SHORT
from benchmarks.figures import Figure, Found, Settings, found
from benchmarks.writings import (
    CIW,
    COMPILED,
    CPP,
    OURS,
    SALABIM,
    USUAL,
    Run,
    benchmark_run,
    can_run,
)
from model.episodes import OPEN

LOADS = {load.name: load for load in (ORDINARY, CONGESTED, SHORT)}
QUICK_YEARS = 2
FAST_SECONDS, FAST_RUNS = 0.5, 5
AIMS = {  # times faster than the usual way
    (ORDINARY.name, OURS): 4.0,
    (ORDINARY.name, COMPILED): 120.0,
    (CONGESTED.name, OURS): 30.0,
    (CONGESTED.name, COMPILED): 600.0,
}
MOST_TIMES_CPP = 1.3


def of_load(writing: str, name: str, years: int) -> dict[str, Any]:
    """One run of the benchmark pathway."""
    return measured(benchmark_run(writing, replace(LOADS[name], years=years)))


def of_larger(writing: str, times: int) -> dict[str, Any]:
    """One run of an ordinary load, with so many times the families and the places."""
    small = replace(ORDINARY, years=QUICK_YEARS)
    load = replace(
        small,
        families_per_year=small.families_per_year * times,
        screening_officers=small.screening_officers * times,
        key_worker_places=small.key_worker_places * times,
        social_worker_places=small.social_worker_places * times,
    )
    return measured(benchmark_run(writing, load))


def measured(run: Run) -> dict[str, Any]:
    """Run once, what is fast several times, and say what it took."""
    gc.collect()
    log, seconds = run()
    if seconds < FAST_SECONDS:
        seconds = statistics.median(run()[1] for _ in range(FAST_RUNS))
    events = int((log.column("end") != OPEN).sum())
    return {
        "seconds": seconds,
        "events": events,
        "events_per_second": events / seconds,
        "rows": len(log.rows),
        "peak_megabytes": peak_megabytes(),
        "log": log.fingerprint(),
    }


def in_turns(measure: Any, writings: Sequence[str], name: str, years: int, rounds: int) -> Any:
    """Each writing once a round, by turns.

    Raises
    ------
    SystemExit
        When the logs are not equal: then there is nothing to compare.
    """
    runs: dict[str, list[dict[str, Any]]] = {writing: [] for writing in writings}
    for _ in range(rounds):
        for writing, gathered in runs.items():
            gathered.append(apart(measure, writing, name, years))
    if len({run["log"] for gathered in runs.values() for run in gathered}) > 1:
        raise SystemExit(f"{name}: the logs differ, so the times say nothing")
    return {"name": name, "years": years, "rounds": rounds, "runs": runs}


def times_faster(one: dict[str, Any], writing: str, than: str) -> float:
    """How many times faster a writing is than another: the median of the rounds' ratios."""
    pairs = zip(one["runs"][than], one["runs"][writing], strict=True)
    return statistics.median(slow["seconds"] / fast["seconds"] for slow, fast in pairs)


def middle(runs: list[dict[str, Any]], figure: str) -> float:
    """The median of a figure over the rounds; NaN when the system does not say."""
    values = (run[figure] for run in runs)
    return statistics.median(float("nan") if value is None else value for value in values)


def figures_of(one: dict[str, Any], with_aims: bool = True) -> list[Figure]:
    """The lines of one comparison; the first writing is what the others are faster than.

    Parameters
    ----------
    with_aims : what is measured is long enough to be held to them.
    """
    name = f"{one['name']} {one['years']} y"
    base, lines = next(iter(one["runs"])), []
    for writing, runs in one["runs"].items():
        note = f"{middle(runs, 'events_per_second'):,.0f} events/s"
        if writing != CPP:
            note += f", {middle(runs, 'peak_megabytes'):.0f} MiB"
        lines.append(Figure(f"{name}, {writing}", middle(runs, "seconds"), "s", note=note))
    for writing in list(one["runs"])[1:]:
        aim = AIMS.get((one["name"], writing)) if with_aims else None
        ratio = times_faster(one, writing, base)
        lines.append(Figure(f"{name}, {writing} against {base}", ratio, "times faster", aim))
    if CPP in one["runs"] and COMPILED in one["runs"]:
        ratio = times_faster(one, CPP, COMPILED)
        what, aim = f"{name}, {COMPILED} against {CPP}", MOST_TIMES_CPP if with_aims else None
        lines.append(Figure(what, ratio, "times its time", at_most=aim))
    return lines


def benchmark_pathway(settings: Settings) -> Found:
    """The benchmark pathway under an ordinary load and under a congested one."""
    writings = [name for name in (USUAL, OURS, COMPILED, CPP) if can_run(name)]
    runs = []
    for load in (ORDINARY, CONGESTED):
        years = min(load.years, QUICK_YEARS) if settings.quick else load.years
        runs.append(in_turns(of_load, writings, load.name, years, settings.rounds))
    lines = [line for one in runs for line in figures_of(one, not settings.quick)]
    return found(lines, runs)


def other_simulators(settings: Settings) -> Found:
    """The same on a shorter run beside Ciw and salabim, where they are installed."""
    writings = [name for name in (USUAL, OURS, COMPILED, CPP, CIW, SALABIM) if can_run(name)]
    runs = in_turns(of_load, writings, SHORT.name, SHORT.years, settings.rounds)
    return found(figures_of(runs, with_aims=False), runs)
