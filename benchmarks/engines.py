"""How fast the engines are: one long replication, and against the usual way of writing SimPy.

    python -m benchmarks.engines [--json] [--rounds 3] [--quick] [--area sefton]

Every measurement is a process of its own, so that neither memory nor leftovers of one touch
another, and the writings of the benchmark pathway take turns. A writing counts only if its log
is the others', by hash. Times are processor time from the cases to the finished log; set-up apart.
The compiled engine is measured where Numba is installed, once its kernel is compiled.
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
from model.engines import compiled_engine, simpy_engine
from model.engines.cases import Cases
from model.episodes import OPEN, EpisodeLog
from model.inputs import resolve
from model.network import Network
from model.starting import Opening

SEED, REPLICATION = 1, 0
START = date(2022, 4, 1)
YEARS, QUICK_YEARS = 10, 2
USUAL, OURS, COMPILED = "the usual way", "our SimPy engine", "our compiled engine"
LOADS = {load.name: load for load in (ORDINARY, CONGESTED)}
MEGABYTE = 2**20


Run = Callable[[], EpisodeLog]


@dataclass(frozen=True)
class Measurement:
    """One run: processor seconds, stays that ended, rows of the log, peak memory, the log's hash.

    The end of a stay is what counts as an event: engines differ in how many of their own it takes.
    """

    seconds: float
    set_up_seconds: float
    events: int
    rows: int
    peak_megabytes: float | None
    log: str


def area_run(writing: str, area: str, years: int) -> Run:
    """One replication of an area, ready to go."""
    inputs = resolve(area, start=START, years=years)
    built = network.build(inputs)
    cases = Opening(inputs, built).cases(inputs, built, luck.run_key(SEED, REPLICATION))
    return our_run(writing, built, cases)


def benchmark_run(writing: str, load: Load) -> Run:
    """One replication of the benchmark pathway, ready to go, in one of its writings."""
    built = benchmark_pathway.build(load)
    cases = benchmark_pathway.arrivals(load, luck.run_key(SEED, REPLICATION))
    if writing == USUAL:
        return lambda: usual_way.run(built, load, cases, SEED, REPLICATION)
    return our_run(writing, built, cases)


def our_run(writing: str, built: Network, cases: Cases) -> Run:
    """A run of one of our engines."""
    engine = compiled_engine if writing == COMPILED else simpy_engine
    return lambda: engine.run(built, cases, SEED, REPLICATION)


def measured(writing: str, prepare: Callable[[], Run]) -> Measurement:
    """Set a run up, run it once, and say what it took."""
    before = time.process_time()
    run = prepare()
    set_up = time.process_time() - before
    if writing == COMPILED:
        run()  # compiles the kernel, or loads it
    gc.collect()
    began = time.process_time()
    log = run()
    seconds = time.process_time() - began
    ended = int((log.column("end") != OPEN).sum())
    return Measurement(seconds, set_up, ended, len(log.rows), peak_megabytes(), log.fingerprint())


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


def one(writing: str, name: str, years: str) -> Measurement:
    """The measurement that a process of its own is asked for: of a load or of an area."""
    if name not in LOADS:
        return measured(writing, lambda: area_run(writing, name, int(years)))
    load = replace(LOADS[name], years=int(years))
    return measured(writing, lambda: benchmark_run(writing, load))


def ours() -> list[str]:
    """The engines of ours that this computer can run."""
    return [OURS, COMPILED] if compiled_engine.available() else [OURS]


def in_turns(writings: list[str], name: str, years: int, rounds: int) -> dict[str, Any]:
    """Several writings of one thing, measured in turns.

    Raises
    ------
    SystemExit
        When the logs are not equal: then there is nothing to compare.
    """
    runs: dict[str, list[Measurement]] = {writing: [] for writing in writings}
    for _ in range(rounds):
        for writing, found in runs.items():
            found.append(apart(writing, name, str(years)))
    if len({run.log for found in runs.values() for run in found}) > 1:
        raise SystemExit(f"{name}: the logs differ, so the times say nothing")
    first = runs[writings[0]]
    ratios = {
        writing: [a.seconds / b.seconds for a, b in zip(first, found, strict=True)]
        for writing, found in runs.items()
    }
    return {
        "name": name,
        "years": years,
        "log": first[0].log,
        "times_faster": {writing: statistics.median(each) for writing, each in ratios.items()},
        "times_faster_by_round": ratios,
        "runs": {writing: [asdict(run) for run in found] for writing, found in runs.items()},
    }


def report(area: str, years: int, rounds: int) -> dict[str, Any]:
    """Everything that is measured; the first writing of each is what the others are faster than."""
    return {
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "rounds": rounds,
        "replication": in_turns(ours(), area, years, rounds),
        "benchmark_pathway": [in_turns([USUAL, *ours()], load, years, rounds) for load in LOADS],
    }


def middle(runs: list[dict[str, Any]], figure: str) -> float:
    """The median of a figure over the rounds; NaN when the system does not say."""
    return statistics.median(float("nan") if run[figure] is None else run[figure] for run in runs)


def line(what: str, runs: list[dict[str, Any]], times_faster: float) -> str:
    """One line of the table."""
    seconds, events, rows = (middle(runs, name) for name in ("seconds", "events", "rows"))
    return (
        f"{what:38}{seconds:9.2f}{middle(runs, 'set_up_seconds'):8.2f}{events:10,.0f}"
        f"{events / seconds:12,.0f}{rows:10,.0f}{middle(runs, 'peak_megabytes'):9.0f}"
        f"{times_faster:14.1f}"
    )


def table(found: dict[str, Any]) -> str:
    """The figures as a table: medians of the rounds."""
    head = ("", "seconds", "set-up", "events", "events/s", "rows", "peak MB", "times faster")
    widths = (38, 9, 8, 10, 12, 10, 9, 14)
    lines = ["".join(f"{name:>{width}}" for name, width in zip(head, widths, strict=True))]
    for part in (found["replication"], *found["benchmark_pathway"]):
        lines.append(f"{part['name']}, {part['years']} years")
        for writing, runs in part["runs"].items():
            lines.append(line(f"  {writing}", runs, part["times_faster"][writing]))
    lines.append(
        f"{found['python']}; medians of {found['rounds']}; processor seconds from the cases to the "
        "finished log; equal logs, by hash."
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
