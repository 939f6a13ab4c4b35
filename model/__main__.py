"""Family Pathways on the command line: python -m model run | compare | check | register.

Tables go to standard output; progress and everything else to standard error. With --json the
standard output is one JSON document. Results are written to --out whole or not at all.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import date
from typing import Any

from model import (
    __version__,
    asking,
    commands,
    commands_backtest,
    commands_calibrate,
    commands_report,
    commands_returns,
    commands_synthesise,
)
from model.cases import CASES
from model.costs import CURRENT
from model.economics import MARGINAL, PRICES
from model.engines.choice import AUTO, ENGINES
from model.errors import InputError
from model.executors import LostWorkerError

EPILOG = """examples:
  python -m model run --area sefton --years 5
  python -m model compare --area sefton --years 5 --replications 10 baseline stockport_pathway
  python -m model check --area stockport
  python -m model register --area sefton --out register.xlsx

Families are simulated one by one; a replication is one possible future. Start dates are those
for which the area's caseload is known. Figures are projections, with a range that says what it
contains."""


def parser() -> argparse.ArgumentParser:
    """The commands and their switches."""
    top = argparse.ArgumentParser(
        prog="python -m model",
        description="Families' journeys through a council's children's services, simulated.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=__version__)
    several = top.add_subparsers(dest="command", required=True, metavar="command")
    run = several.add_parser("run", help="run one scenario; measures and costs by year")
    add_run_switches(run)
    run.add_argument(
        "scenario",
        nargs="?",
        default="baseline",
        help="a name in scenarios/, or the path of a file",
    )
    run.set_defaults(do=commands.run)
    compare = several.add_parser("compare", help="compare redesigns with today, pair by pair")
    add_run_switches(compare)
    compare.add_argument(
        "scenarios",
        nargs="+",
        help="names or paths of files; the first is compared with each of the others",
    )
    compare.add_argument(
        "--case",
        choices=CASES,
        action="append",
        help="also the financial case (cash by payer and year) or the economic one; both in turn",
    )
    compare.add_argument(
        "--placement-price",
        choices=PRICES,
        default=MARGINAL,
        help="what a case counts of a placement that ends (marginal)",
    )
    compare.set_defaults(do=commands.compare)
    check = several.add_parser(
        "check", help="published statistics beside what the model gives for 2022-25"
    )
    add_common_switches(check)
    check.add_argument("--replications", type=whole, default=commands.CHECK_REPLICATIONS)
    check.set_defaults(do=commands.check)
    add_other_commands(several)
    return top


def add_other_commands(several: Any) -> None:
    """The commands that show numbers, redesigns and what is kept."""
    register = several.add_parser(
        "register", help="every number in the model, with source, grade and uncertainty"
    )
    register.add_argument("--area", help="numbers in force there; all areas when absent")
    register.add_argument("--out", help="file to write: .csv or .xlsx")
    register.add_argument("--json", action="store_true", help="one JSON document")
    register.set_defaults(do=commands.register)
    listing = several.add_parser("scenarios", help="what there is to run")
    listing.add_argument("--json", action="store_true", help="one JSON document")
    listing.set_defaults(do=commands.list_scenarios)
    one = several.add_parser("scenario", help="one redesign in plain English")
    one.add_argument(
        "scenario", help="its name, or the path of a file; several with + between them"
    )
    one.add_argument("--explain", action="store_true", help="the default")
    one.add_argument("--area", default="", help="whose numbers to show")
    one.add_argument("--json", action="store_true", help="one JSON document")
    one.set_defaults(do=commands.scenario)
    claims = several.add_parser("claims", help="what documents claim, beside what the model gives")
    add_run_switches(claims)
    claims.add_argument("scenario", help="its name")
    claims.set_defaults(do=commands.claims)
    documents = several.add_parser("report", help=commands_report.HELP)
    add_run_switches(documents)
    commands_report.add_switches(documents)
    returns = several.add_parser(
        "returns", help="what a folder of returns holds, and every fault in it, by line"
    )
    commands_returns.add_switches(returns, day)
    synthesise = several.add_parser(
        "synthesise", help="a run written as the returns a council would send; all invented"
    )
    commands_synthesise.add_switches(synthesise, day, whole)
    tried = several.add_parser("backtest", help=commands_backtest.HELP)
    commands_backtest.add_switches(tried, whole)
    calibrating = several.add_parser(
        "calibrate", help="returns or published statistics into an area that can be run"
    )
    commands_calibrate.add_switches(calibrating, whole)
    store = several.add_parser("store", help="results kept of earlier runs")
    store.add_argument("--prune", action="store_true", help="remove the least recently used")
    store.add_argument(
        "--limit", metavar="SIZE", help="what may stay, such as 500MB; 0MB empties it"
    )
    store.add_argument("--check", action="store_true", help="verify every file; name the damaged")
    store.add_argument("--json", action="store_true", help="one JSON document")
    store.set_defaults(do=commands.store)
    diagram = several.add_parser("diagram", help="the pathway as a diagram (Mermaid)")
    diagram.add_argument("--update", metavar="FILE", help="write it into FILE between its marks")
    diagram.set_defaults(do=commands.diagram)


def add_common_switches(command: argparse.ArgumentParser) -> None:
    """The switches of every command that runs the model."""
    command.add_argument("--area", required=True, help="its name, or the path of an area folder")
    command.add_argument("--seed", type=int, default=commands.SEED, help="of the luck")
    command.add_argument(
        "--workers", type=whole, default=None, help="processes; as many as cores when absent"
    )
    command.add_argument(
        "--dask",
        default="",
        metavar="ADDRESS",
        help="scheduler of a Dask cluster, in place of --workers",
    )
    command.add_argument(
        "--no-store", action="store_true", help="neither keep results nor take kept ones"
    )
    command.add_argument(
        "--engine", choices=ENGINES, default=AUTO, help="the result is the same (auto)"
    )
    command.add_argument("--out", help="folder to write tables to (CSV and Excel)")
    command.add_argument("--json", action="store_true", help="one JSON document")


def add_run_switches(command: argparse.ArgumentParser) -> None:
    """The switches of a free run."""
    add_common_switches(command)
    command.add_argument("--start", type=day, help="first day; the latest known caseload")
    command.add_argument("--years", type=whole, default=5, help="whole years (5)")
    command.add_argument(
        "--draws",
        type=draws,
        default=asking.AUTO,
        help="of the parameters, within their ranges: a number, 0 for their central values alone, "
        "or auto for as many as needed (auto)",
    )
    command.add_argument(
        "--replications",
        type=whole,
        help="of each draw (two of the first 16, one of the others); in all with --draws 0 (as "
        "many as needed)",
    )
    command.add_argument(
        "--costs", default=CURRENT, metavar="SET", help="set of unit costs (current)"
    )
    command.add_argument(
        "--prices", default="", metavar="YEAR", help="price base, such as 2025-26 (2024-25)"
    )
    command.add_argument(
        "--accuracy",
        type=float,
        default=0.0,
        metavar="GBP",
        help="standard error of the mean saving that is small enough, where larger than 2%% of "
        "what the council spends",
    )


def whole(text: str) -> int:
    """A whole number above zero."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number above zero")
    return number


def draws(text: str) -> int | str:
    """A number of draws, or auto."""
    if text == asking.AUTO:
        return text
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is neither a whole number nor auto")
    return int(text)


def day(text: str) -> date:
    """A date such as 2025-04-01."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 2025-04-01") from None


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status is 0, 1 (lost worker), 2 (bad input) or 130 (interrupted)."""
    chosen = parser().parse_args(arguments)
    try:
        return int(chosen.do(chosen))
    except InputError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except LostWorkerError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # whoever read the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("\nstopped; nothing was written", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
