"""The command `returns`: what a folder of returns holds, and every fault in it, by line.

Nothing that it prints is a child's: of a value that cannot be read it shows the shape alone.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from model.progress import ProgressLine
from model.returns.faults import Fault, Severity, counted
from model.returns.folder import survey_folder, usable
from model.returns.records import Records
from model.tables import as_json, as_text

LINES_SHOWN = 20
NOTHING_USABLE = 2


def add_switches(command: argparse.ArgumentParser, day: Callable[[str], Any]) -> None:
    """The switches of `returns`."""
    command.add_argument("folder", type=Path, help="with the returns as they were exported")
    command.add_argument(
        "--extract-date",
        type=day,
        metavar="DATE",
        help="of the newest Annex A; the latest day on which anything in it happened",
    )
    command.add_argument("--json", action="store_true", help="one JSON document")
    command.set_defaults(do=returns)


def returns(chosen: argparse.Namespace) -> int:
    """Say what was recognised, every fault and what was refused; 2 where nothing is usable."""
    progress = ProgressLine(1) if sys.stderr.isatty() else None

    def step(done: int, of: int) -> None:
        if progress is not None:
            progress.total = of
            progress.step(done, of)

    records = survey_folder(chosen.folder, chosen.extract_date, step)
    if progress is not None:
        print(file=sys.stderr)
    print(json.dumps(_document(records), default=str) if chosen.json else _text(records))
    return 0 if usable(records) else NOTHING_USABLE


def _recognised(records: Records) -> pd.DataFrame:
    rows = [asdict(one) for one in records.recognised]
    table = pd.DataFrame(rows, columns=["file", "part", "what", "rows", "used"])
    return table.sort_values(["file"], kind="stable").reset_index(drop=True)


def _refused(records: Records) -> list[Fault]:
    return [one for one in records.faults if one.severity is Severity.REFUSED]


def _document(records: Records) -> dict[str, Any]:
    """Everything as one JSON document; records themselves never leave, only their numbers."""
    return {
        "usable": usable(records),
        "council": records.council,
        "recognised": as_json(_recognised(records)),
        "covered": [asdict(one) for one in records.covered],
        "records": {name: len(table) for name, table in records.tables.items()},
        "counted": as_json(counted(records.faults)),
        "faults": [asdict(one) for one in records.faults],
        "refused": [asdict(one) for one in _refused(records)],
    }


def _text(records: Records) -> str:
    """For a terminal: what was recognised, what was refused, faults by kind, then by line."""
    parts = ["What was recognised", as_text(_recognised(records))]
    refused = _refused(records)
    if refused:
        parts += ["", "Refused", *(f"  {one}" for one in refused)]
    others = [one for one in records.faults if one.severity is not Severity.REFUSED]
    if others:
        table = counted(others).drop(columns=["allowed"])
        parts += ["", "Faults by kind, the worst first", as_text(table)]
        parts += ["", "Line by line", *_line_by_line(others)]
    parts += ["", "Records", *_numbers(records)]
    return "\n".join(parts)


def _line_by_line(faults: list[Fault]) -> list[str]:
    """The first lines of every kind, place and column, and how many more there are."""
    groups: dict[tuple[str, ...], list[Fault]] = {}
    for one in faults:
        groups.setdefault((one.file, one.part, one.kind, one.column), []).append(one)
    lines: list[str] = []
    for group in groups.values():
        lines += [f"  {one}" for one in group[:LINES_SHOWN]]
        if len(group) > LINES_SHOWN:
            lines.append(f"  ... and {len(group) - LINES_SHOWN:,} more of this kind")
    return lines


def _numbers(records: Records) -> list[str]:
    found = [f"  {name}: {len(table):,}" for name, table in records.tables.items() if len(table)]
    return found or ["  none: nothing in this folder can be used"]
