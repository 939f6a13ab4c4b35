"""How fast everything is: engines side by side, and what people wait for.

    python -m benchmarks.engines [--json] [--quick] [--full] [--only NAME] [--rounds 3]

Every measurement is a process of its own. The writings of the benchmark pathway take turns, and
one counts only if its log is the others', by hash. Where Numba, a C++ compiler, Ciw or salabim is
missing, what needs it is left out.
"""

from __future__ import annotations

import argparse
import json
import platform
import time
from collections.abc import Callable
from typing import Any

from benchmarks import calibration, cold_start, first_answer, growth, side_by_side, whole_runs
from benchmarks.figures import Found, Settings, table
from model.executors import processors

PARTS: dict[str, Callable[[Settings], Found]] = {
    "benchmark_pathway": side_by_side.benchmark_pathway,
    "other_simulators": side_by_side.other_simulators,
    "whole_pathway": whole_runs.whole_pathway,
    "cold_start": cold_start.cold_start,
    "first_answer": first_answer.warm_answer,
    "arrivals": growth.arrivals,
    "replications": growth.replications,
    "aggregation": whole_runs.aggregation,
    "rebuild": whole_runs.rebuild,
    "paired": whole_runs.paired,
    "draws": whole_runs.draws,
    "scaling": whole_runs.scaling,
    "calibration": calibration.from_published,
}


def about(settings: Settings) -> dict[str, Any]:
    """Where it was measured."""
    return {
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "system": platform.system(),
        "processors": processors(),
        "area": settings.area,
        "rounds": settings.rounds,
    }


def report(settings: Settings, only: list[str]) -> tuple[dict[str, Any], dict[str, Found]]:
    """Measure the parts asked for, or all of them; also what was measured where."""
    began = time.perf_counter()
    parts = {name: part(settings) for name, part in PARTS.items() if not only or name in only}
    return about(settings) | {"measuring_seconds": time.perf_counter() - began}, parts


def footer(where: dict[str, Any]) -> str:
    """What one must know to read the table."""
    return (
        f"{where['processors']} processors, {where['python']}; medians of {where['rounds']} rounds "
        "where writings take turns. Seconds of a writing: processor time from the cases to the "
        f"finished log. Measured in {where['measuring_seconds']:.0f} s."
    )


def main(arguments: list[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engines", description=__doc__)
    parser.add_argument("--json", action="store_true", help="every figure and every run, as JSON")
    parser.add_argument("--rounds", type=int, help="how often each writing is run (3; quick 1)")
    parser.add_argument("--quick", action="store_true", help="shorter runs: about two minutes")
    parser.add_argument("--full", action="store_true", help="a thousand draws, not a hundred")
    parser.add_argument("--only", action="append", choices=PARTS, help="this part; may be repeated")
    parser.add_argument("--area", default="sefton", help="the area of the whole runs (sefton)")
    asked = parser.parse_args(arguments)
    rounds = asked.rounds or (1 if asked.quick else 3)
    settings = Settings(asked.area, rounds, asked.quick, asked.full)
    where, parts = report(settings, asked.only or [])
    if asked.json:
        found = {name: part.as_json() for name, part in parts.items()}
        print(json.dumps(where | {"parts": found}, indent=1))
    else:
        print(table(parts), footer(where), sep="\n")


if __name__ == "__main__":
    main()
