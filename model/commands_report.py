"""The command `report`: one redesign as a Word briefing, slides and an Excel file of everything."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from model import parameters, savings, scenarios
from model.asking import results_of
from model.caches import put
from model.commands import say_if_slow, warn
from model.documents import report as made
from model.errors import InputError, Where
from model.results import MONEY_AND_MEASURES

HELP = "a Word briefing, slides and an Excel file of one redesign, into --out FOLDER"
TABLES = (*MONEY_AND_MEASURES, "localities", "stages", "flows")


def add_switches(command: argparse.ArgumentParser) -> None:
    """The switches of the command, beside those of a free run."""
    command.add_argument("scenario", help="its name; several with + between them")
    command.add_argument(
        "--basis",
        choices=savings.BASES,
        default=savings.CASH,
        help="cash of each year, or constant prices (cash)",
    )
    command.set_defaults(do=report)


def report(chosen: argparse.Namespace) -> int:
    """Write the three documents of a redesign into the folder of --out; print the headline."""
    if not chosen.out:
        raise InputError(Where("report"), "no --out", "--out FOLDER, where the documents go")
    if chosen.scenario == scenarios.BASELINE:
        raise InputError(Where("report"), "the baseline", "a redesign to compare it with")
    folder = Path(chosen.out)
    if folder.is_file():
        raise InputError(Where(f"--out {folder}"), "a file", "a folder")
    say_if_slow(chosen.engine)
    plan = scenarios.load(chosen.scenario)
    names = [scenarios.BASELINE, chosen.scenario]
    baseline, other = results_of(chosen, names, warn, TABLES)
    case = savings.case(
        baseline, other, savings.about(other, plan, parameters.load(chosen.area).area), chosen.basis
    )
    documents = made(case, baseline, other, plan)
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{other.area}_{other.scenario.replace(scenarios.TOGETHER, '_with_')}"
    for ending, content in documents.items():
        put(folder / f"{stem}.{ending}", content)
    print(f"{savings.headline(case)}.")
    for name, says in savings.points(case):
        print(f"{name}: {says}")
    for line in savings.caveats(case):
        print(line)
    print(f"{', '.join(f'{stem}.{ending}' for ending in documents)} in {folder}", file=sys.stderr)
    return 0
