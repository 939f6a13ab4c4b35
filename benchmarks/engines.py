"""How fast the engines are: `python -m benchmarks.engines [--json] [--rounds 3] [--quick]`.

Times one ten-year Sefton replication, then the benchmark pathway in every writing, in interleaved
rounds. A writing is timed only if its log has the same hash as the SimPy engine's. Quote the
ratios: absolute times depend on the machine and on what else it does.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from multiprocessing import get_context
from typing import Any

from benchmarks import benchmark_pathway, usual_way
from benchmarks.benchmark_pathway import CONGESTED, ORDINARY, Load
from model import luck, simulate
from model.engines import compiled_engine, simpy_engine
from model.episodes import EpisodeLog

SEED = 1
AREA, START, YEARS = "sefton", date(2022, 4, 1), 10
QUICK_YEARS = 2
USUAL, OURS, COMPILED = "usual-way SimPy", "our SimPy engine", "our compiled engine"


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds that something takes, and what it gives."""
    began = time.perf_counter()
    found = work()
    return time.perf_counter() - began, found


def area_replication(engine: str, years: int) -> dict[str, float]:
    """One replication of an area in a process of its own: seconds, rows, peak memory.

    Events are counted as rows of the log that ended: each took an event of its own.
    """
    import resource

    def ready() -> tuple[simulate.Prepared, Any]:
        prepared = simulate.prepare(AREA, start=START, years=years)
        key = luck.run_key(SEED, 0)
        return prepared, prepared.opening.cases(prepared.inputs, prepared.network, key)

    set_up, (prepared, cases) = timed(ready)
    run = compiled_engine.run if engine == COMPILED else simpy_engine.run
    if engine == COMPILED:
        run(prepared.network, cases, SEED, 0)  # loads or compiles the kernel
    seconds, log = timed(lambda: run(prepared.network, cases, SEED, 0))
    events = int((log.column("end") >= 0).sum())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "set_up_seconds": set_up,
        "seconds": seconds,
        "rows": len(log.rows),
        "events": events,
        "events_per_second": events / seconds,
        "peak_memory_mib": peak / (1024 * 1024 if sys.platform == "darwin" else 1024),
    }


def apart(work: Callable[..., Any], *arguments: object) -> Any:
    """Run something in a fresh process, so that its memory is its own."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(work, arguments)


def writings(load: Load) -> dict[str, Callable[[], EpisodeLog]]:
    """The same pathway in every writing, ready to run."""
    network = benchmark_pathway.build(load)
    cases = benchmark_pathway.arrivals(load, luck.run_key(SEED, 0))
    found = {
        USUAL: lambda: usual_way.run(network, load, cases, SEED, 0),
        OURS: lambda: simpy_engine.run(network, cases, SEED, 0),
    }
    if compiled_engine.available():
        found[COMPILED] = lambda: compiled_engine.run(network, cases, SEED, 0)
    return found


def same_logs(load: Load) -> None:
    """Refuse to time writings that do not give the same log; a year is compared.

    Raises ValueError.
    """
    hashes = {name: run().fingerprint() for name, run in writings(replace(load, years=1)).items()}
    different = [name for name in hashes if hashes[name] != hashes[OURS]]
    if different:
        raise ValueError(f"not timed: {', '.join(different)} gives another log ({load.name})")


def rounds_of(load: Load, rounds: int) -> dict[str, Any]:
    """Seconds of every writing over interleaved rounds, and the medians of the ratios."""
    same_logs(load)
    seconds: dict[str, list[float]] = {}
    for _ in range(rounds):
        for name, run in writings(load).items():
            seconds.setdefault(name, []).append(timed(run)[0])
    ratios = {
        name: statistics.median(
            usual / own for usual, own in zip(seconds[USUAL], each, strict=True)
        )
        for name, each in seconds.items()
    }
    return {"load": load.name, "years": load.years, "seconds": seconds, "times_faster": ratios}


def measured(rounds: int, quick: bool) -> dict[str, Any]:
    """Every figure of the benchmark."""
    years = QUICK_YEARS if quick else YEARS
    engines = [OURS, COMPILED] if compiled_engine.available() else [OURS]
    loads = [replace(load, years=years) for load in (ORDINARY, CONGESTED)]
    return {
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "area": {"name": AREA, "years": years},
        "replication": {name: apart(area_replication, name, years) for name in engines},
        "benchmark_pathway": [rounds_of(load, rounds) for load in loads],
    }


def as_text(found: dict[str, Any]) -> str:
    """The figures as one table."""
    area = found["area"]
    lines = [f"One replication, {area['name']}, {area['years']} years"]
    for name, one in found["replication"].items():
        lines.append(
            f"  {name:<22}{one['seconds']:8.2f} s {one['rows']:>9,} rows"
            f" {one['events_per_second']:>11,.0f} events/s {one['peak_memory_mib']:6.0f} MiB"
            f"   (set-up {one['set_up_seconds']:.1f} s)"
        )
    for load in found["benchmark_pathway"]:
        lines.append(f"Benchmark pathway, {load['load']} load, {load['years']} years, same log")
        for name, each in load["seconds"].items():
            lines.append(
                f"  {name:<22}{statistics.median(each):8.2f} s"
                f" {load['times_faster'][name]:8.1f} times the usual way"
            )
    return "\n".join(lines)


def main() -> None:
    """Measure, and print a table or one JSON document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON document")
    parser.add_argument("--rounds", type=int, default=3, help="interleaved rounds (3)")
    parser.add_argument("--quick", action="store_true", help="two years in place of ten")
    chosen = parser.parse_args()
    found = measured(chosen.rounds, chosen.quick)
    print(json.dumps(found) if chosen.json else as_text(found))


if __name__ == "__main__":
    main()
