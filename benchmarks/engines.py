"""How fast the SimPy engine is: one long replication, and against the usual way of writing SimPy.

    python -m benchmarks.engines [--json] [--rounds 3] [--quick] [--area sefton]

Every measurement is a process of its own, so that neither memory nor leftovers of one touch
another, and the two writings of the benchmark pathway take turns. A writing counts only if its log
is the other's, by hash. Times are processor time from the cases to the finished log; set-up apart.
"""

from __future__ import annotations

import argparse
import gc
import json
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from benchmarks import benchmark_pathway, usual_way
from benchmarks.benchmark_pathway import CONGESTED, ORDINARY, Load
from model import luck, network
from model.engines.simpy_engine import SimpyEngine
from model.episodes import EpisodeLog
from model.inputs import resolve
from model.starting import Opening

SEED, REPLICATION = 1, 0
START = date(2022, 4, 1)
YEARS, QUICK_YEARS = 10, 2
OURS, USUAL = "our engine", "the usual way"
LOADS = {load.name: load for load in (ORDINARY, CONGESTED)}
MEGABYTE = 2**20


@dataclass(frozen=True)
class Measurement:
    """One run: processor seconds, SimPy events, rows of the log, peak memory, the log's hash."""

    seconds: float
    set_up_seconds: float
    events: int
    rows: int
    peak_megabytes: float | None
    log: str


Run = Callable[[], tuple[EpisodeLog, int]]


def area_run(area: str, years: int) -> Run:
    """One replication of an area, ready to go."""
    inputs = resolve(area, start=START, years=years)
    built = network.build(inputs)
    cases = Opening(inputs, built).cases(inputs, built, luck.run_key(SEED, REPLICATION))
    return our_run(SimpyEngine(built, cases, SEED, REPLICATION))


def benchmark_run(writing: str, load: Load) -> Run:
    """One replication of the benchmark pathway, ready to go, in one of its two writings."""
    built = benchmark_pathway.build(load)
    key = luck.run_key(SEED, REPLICATION)
    cases = benchmark_pathway.arrivals(load, key)
    if writing == OURS:
        return our_run(SimpyEngine(built, cases, SEED, REPLICATION))
    usual = usual_way.UsualWay(built, load, cases, key)

    def run() -> tuple[EpisodeLog, int]:
        log = usual_way.to_log(usual.run(), built)
        return log, next(usual.env._eid)

    return run


def our_run(engine: SimpyEngine) -> Run:
    """One run of our engine; SimPy numbers its events, so the next number is their count."""

    def run() -> tuple[EpisodeLog, int]:
        log = engine.run()
        return log, next(engine.clock._eid)

    return run


def measured(prepare: Callable[[], Run]) -> Measurement:
    """Set a run up, run it once, and say what it took."""
    before = time.process_time()
    run = prepare()
    gc.collect()
    began = time.process_time()
    log, events = run()
    seconds = time.process_time() - began
    rows, fingerprint = len(log.rows), log.fingerprint()
    return Measurement(seconds, began - before, events, rows, peak_megabytes(), fingerprint)


def peak_megabytes() -> float | None:
    """The most memory that this process has had; None where the system does not say (Windows)."""
    try:
        import resource
    except ImportError:
        return None
    per_unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * per_unit / MEGABYTE


def apart(*what: str) -> Measurement:
    """One measurement in a process of its own; `what` names it (see `one`)."""
    command = [sys.executable, "-m", "benchmarks.engines", "--one", *what]
    print(f"measuring {', '.join(what)} ...", file=sys.stderr, flush=True)
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    return Measurement(**json.loads(answer.stdout))


def one(kind: str, name: str, years: str) -> Measurement:
    """The measurement that a process of its own is asked for: an area, or a writing and a load."""
    if kind == "area":
        return measured(lambda: area_run(name, int(years)))
    load = replace(LOADS[name], years=int(years))
    return measured(lambda: benchmark_run(kind, load))


def compared(load: str, years: int, rounds: int) -> dict[str, Any]:
    """Both writings of the benchmark pathway under a load, in turns.

    Raises
    ------
    SystemExit
        When the logs are not equal: then there is nothing to compare.
    """
    runs: dict[str, list[Measurement]] = {OURS: [], USUAL: []}
    for _ in range(rounds):
        for writing, found in runs.items():
            found.append(apart(writing, load, str(years)))
    if len({run.log for found in runs.values() for run in found}) > 1:
        raise SystemExit(f"{load}: the logs differ, so the times say nothing")
    ratios = [
        usual.seconds / ours.seconds for ours, usual in zip(runs[OURS], runs[USUAL], strict=True)
    ]
    return {
        "load": load,
        "years": years,
        "log": runs[OURS][0].log,
        "ratios": ratios,
        "median_ratio": statistics.median(ratios),
        "runs": {writing: [asdict(run) for run in found] for writing, found in runs.items()},
    }


def report(area: str, years: int, rounds: int) -> dict[str, Any]:
    """Everything that is measured."""
    replications = [apart("area", area, str(years)) for _ in range(rounds)]
    return {
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "rounds": rounds,
        "replication": {
            "area": area,
            "years": years,
            "runs": [asdict(run) for run in replications],
        },
        "benchmark_pathway": [compared(load, years, rounds) for load in LOADS],
    }


def middle(runs: list[dict[str, Any]], figure: str) -> float:
    """The median of a figure over the rounds; NaN when the system does not say."""
    return statistics.median(float("nan") if run[figure] is None else run[figure] for run in runs)


def line(what: str, runs: list[dict[str, Any]], ratio: str = "") -> str:
    """One line of the table."""
    seconds, events, rows = (middle(runs, name) for name in ("seconds", "events", "rows"))
    return (
        f"{what:34}{seconds:9.2f}{middle(runs, 'set_up_seconds'):9.2f}{events:12,.0f}"
        f"{events / seconds:12,.0f}{rows:10,.0f}{middle(runs, 'peak_megabytes'):9.0f}{ratio:>14}"
    )


def table(found: dict[str, Any]) -> str:
    """The figures as a table: medians of the rounds."""
    head = ("", "seconds", "set-up", "events", "events/s", "rows", "peak MB", "times slower")
    widths = (34, 9, 9, 12, 12, 10, 9, 14)
    lines = ["".join(f"{name:>{width}}" for name, width in zip(head, widths, strict=True))]
    single = found["replication"]
    lines.append(line(f"{single['area']}, {single['years']} years", single["runs"]))
    for load in found["benchmark_pathway"]:
        for writing, runs in load["runs"].items():
            ratio = "" if writing == OURS else f"{load['median_ratio']:.1f}"
            lines.append(line(f"{load['load']} load, {writing}", runs, ratio))
    lines.append(
        f"{found['python']}; medians of {found['rounds']}; processor seconds from the cases to the "
        "finished log; both writings give the same log, by hash."
    )
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engines", description=__doc__)
    parser.add_argument("--json", action="store_true", help="every figure, as JSON")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is run (3)")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_YEARS} years, not {YEARS}")
    parser.add_argument("--area", default="sefton", help="the area of the replication (sefton)")
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.one:
        print(json.dumps(asdict(one(*asked.one))))
        return
    found = report(asked.area, QUICK_YEARS if asked.quick else YEARS, asked.rounds)
    print(json.dumps(found, indent=1) if asked.json else table(found))


if __name__ == "__main__":
    main()
