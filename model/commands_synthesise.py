"""What the command `synthesise` does: a run written as returns, and what was written."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from typing import Any

from model import synthesise
from model.asking import check_area
from model.simulate import cases_of, replicate
from model.synthesise.area_runs import read_values, ready

INVENTED = "All of it is invented: nobody in these files exists."


def run(chosen: argparse.Namespace) -> int:
    """Simulate an area and write the run as returns."""
    check_area(chosen.area)
    plan = ready(
        chosen.area,
        chosen.scenario,
        start=chosen.start,
        years=chosen.years,
        size=chosen.size,
        values=read_values(chosen.parameter),
    )
    print(f"simulating {chosen.area}, {chosen.years} years from {chosen.start}", file=sys.stderr)
    cases = cases_of(plan, chosen.seed, chosen.replication)
    returns = synthesise.synthesise(
        plan,
        replicate(plan, chosen.seed, chosen.replication, cases),
        cases,
        extract_date=chosen.extract_date,
        window_months=chosen.window_months,
        completion=chosen.completion,
        faults=chosen.faults,
        seed=chosen.seed,
    )
    formats = tuple(chosen.format or synthesise.FORMATS)
    files = synthesise.write(returns, chosen.out, formats)
    print(f"written: {len(files)} files in {chosen.out}", file=sys.stderr)
    print(json.dumps(document(returns, files), indent=1) if chosen.json else text(returns, files))
    return 0


def document(returns: synthesise.SyntheticReturns, files: list[Any]) -> dict[str, Any]:
    """What was written, as JSON can hold it."""
    return {
        **returns.notes,
        "files": [path.name for path in files],
        "rows": {name: len(table) for name, table in returns.tables.items()},
        "injected": [asdict(one) for one in returns.injected],
    }


def text(returns: synthesise.SyntheticReturns, files: list[Any]) -> str:
    """What was written, to read."""
    notes = returns.notes
    lines = [
        INVENTED,
        "",
        f"{notes['area']}, {notes['run_from']} to {notes['run_to']};"
        f" each extract of Annex A looks back {notes['window_months']} months.",
        f"Completion of early help ends the {notes['early_help_completion_ends']}.",
        "",
        *(f"  {path.name}" for path in files),
        "",
        *(f"{len(table):>9,}  {name}" for name, table in returns.tables.items() if len(table)),
    ]
    kinds: dict[str, int] = {}
    for one in returns.injected:
        kinds[one.kind] = kinds.get(one.kind, 0) + one.count
    if kinds:
        lines += ["", "Put in on purpose:"]
        lines += [f"{count:>9,}  {kind}" for kind, count in kinds.items()]
    return "\n".join(lines)


def add_switches(command: argparse.ArgumentParser, day: Any, whole: Any) -> None:
    """The switches of the command."""
    command.add_argument("--area", required=True, help="a file in parameters/areas/")
    command.add_argument("--out", required=True, help="folder to write to, new or empty")
    command.add_argument(
        "--start", type=day, required=True, help="first day; its caseload is known"
    )
    command.add_argument("--years", type=whole, default=3, help="whole years (3)")
    command.add_argument("--scenario", default="baseline", help="a name in scenarios/ (baseline)")
    command.add_argument("--seed", type=int, default=1, help="of luck, and of what is made up (1)")
    command.add_argument("--replication", type=int, default=0, help="which future (0)")
    command.add_argument(
        "--size", type=float, default=1.0, help="of the area: 0.4 for two fifths of it (1)"
    )
    command.add_argument(
        "--parameter",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="another value of a parameter, as parameters/*.toml write it; can be repeated",
    )
    command.add_argument(
        "--extract-date",
        type=day,
        help="last day of the one extract of Annex A; when absent as many as the run holds",
    )
    command.add_argument(
        "--window-months",
        type=whole,
        help="how far an extract of Annex A looks back (6, as an inspection asks)",
    )
    command.add_argument(
        "--completion",
        choices=synthesise.COMPLETIONS,
        default=synthesise.ASSESSMENT,
        help="what the completion date of early help ends; councils differ (assessment)",
    )
    command.add_argument(
        "--faults",
        choices=synthesise.LEVELS,
        default=synthesise.NONE,
        help="faults that real files have, put in on purpose and counted (none)",
    )
    command.add_argument(
        "--format",
        action="append",
        choices=synthesise.ALL_FORMATS,
        help="which files; can be repeated (annex_a, cin_census and ssda903)",
    )
    command.add_argument("--json", action="store_true", help="one JSON document")
    command.set_defaults(do=run)
