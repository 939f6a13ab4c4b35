"""What the command `backtest` does: forecasts from earlier origins, scored, printed and kept."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from model import backtest
from model import root as project
from model.backtest import notes
from model.backtest.forecast import FUTURES
from model.calibrate.fit import RUNS
from model.errors import InputError, Where
from model.executors import executor_for
from model.parameters.area_files import file_of
from model.progress import ProgressLine
from model.returns import published_statistics

SEED = 1
ITS_OWN = "."  # --keep without a folder: the area's own place
HELP = "hide the last years, forecast them, and show how far to trust the forecast"


def add_switches(command: argparse.ArgumentParser, whole: Callable[[str], int]) -> None:
    """The switches of the command."""
    command.add_argument(
        "--area",
        action="append",
        default=[],
        help="sefton, stockport, north_west or england; may be given several times",
    )
    command.add_argument("--published", metavar="DIR", help="folder of statistics files (csv)")
    command.add_argument("--council", metavar="CODE", help="whose rows of them: code or name")
    command.add_argument(
        "--hide",
        type=whole,
        nargs="+",
        default=[1, 2, 3, 4],
        metavar="YEARS",
        help="years to hide, each an origin of its own (1 2 3 4)",
    )
    command.add_argument(
        "--overlay", metavar="FILE", help="lay published figures over this earlier forecast"
    )
    command.add_argument("--kept", metavar="DIR", help="folder of forecasts, to go on from")
    command.add_argument(
        "--keep",
        nargs="?",
        const=ITS_OWN,
        metavar="AREA_DIR",
        help="keep the scores, and the verdict in the area's file; of --published, in this folder",
    )
    command.add_argument("--show", action="store_true", help="what is kept; nothing is run")
    command.add_argument("--futures", type=whole, default=FUTURES, help=f"({FUTURES})")
    command.add_argument("--runs", type=whole, default=RUNS, help=f"of each fit ({RUNS})")
    command.add_argument("--seed", type=int, default=SEED, help=f"({SEED})")
    command.add_argument("--workers", type=whole, default=None, help="processes")
    command.add_argument("--out", metavar="FILE", help="write the JSON document there too")
    command.add_argument("--json", action="store_true", help="one JSON document")
    command.set_defaults(do=run)


def run(chosen: argparse.Namespace) -> int:
    """Back-test one or several areas, or lay what happened over an earlier forecast."""
    subjects = subjects_of(chosen)
    if chosen.show:
        return shown(chosen, notes.kept({one.name: one.title for one in subjects}))
    if chosen.overlay:
        return overlaid(chosen, subjects)
    results = []
    kept = Path(chosen.kept) if chosen.kept else None
    line = Steps()
    with executor_for(chosen.workers, chosen.runs) as executor:
        for subject in subjects:
            found, _ = backtest.backtest(
                subject,
                chosen.hide,
                kept=kept,
                executor=executor,
                begun=line.begin,
                progress=line.step,
                futures=chosen.futures,
                seed=chosen.seed,
                runs=chosen.runs,
            )
            results.append(found)
    if chosen.keep:
        places = chosen.area if chosen.keep == ITS_OWN else [chosen.keep]
        for name, result in zip(places, results, strict=True):
            for path in notes.keep(result, name):
                said(f"written: {path}")
    return shown(chosen, results)


class Steps:
    """One line of progress for each part of an origin: the fit, then the futures."""

    def __init__(self) -> None:
        self.name, self.line = "", ProgressLine(1)

    def begin(self, name: str) -> None:
        """Another origin."""
        self.name = name

    def step(self, done: int, of: int) -> None:
        """So many runs of this part are done; a part that begins anew has a line of its own."""
        if done <= self.line.last or of != self.line.total:
            self.line = ProgressLine(of)
            self.line.name = self.name
        self.line.step(done, of)
        if done == of:
            self.line.end()


def said(text: str) -> None:
    """Say on standard error what is being done."""
    print(text, file=sys.stderr, flush=True)


def subjects_of(chosen: argparse.Namespace) -> list[backtest.Subject]:
    """The areas asked for: of the project's own table, or of statistics files.

    Raises
    ------
    InputError for neither or both, or a council that is not named.
    """
    where = Where("the command")
    if bool(chosen.area) == bool(chosen.published):
        both = "both --area and --published" if chosen.area else "neither --area nor --published"
        raise InputError(where, both, "one of them")
    if chosen.area:
        if chosen.keep not in (None, ITS_OWN):
            raise InputError(where, "--keep with a folder and --area", "--keep alone")
        return [backtest.shipped_subject(name) for name in chosen.area]
    if not chosen.council:
        raise InputError(where, "--published without --council", "--council CODE or NAME")
    if chosen.keep == ITS_OWN or chosen.show:
        remedy = "Name the folder that `calibrate` wrote: --keep AREA_DIR."
        raise InputError(where, "--keep or --show without an area", "", remedy)
    if chosen.keep:
        file_of(chosen.keep, project.find())  # refused here, not after the runs
    statistics = published_statistics.read(chosen.published)
    place, rows = published_statistics.of_council(statistics, chosen.council)
    return [backtest.subject_from_files(place, rows)]


def overlaid(chosen: argparse.Namespace, subjects: list[backtest.Subject]) -> int:
    """What happened since, over an earlier forecast."""
    forecast = backtest.read(Path(chosen.overlay))
    subject = subjects[0]
    if len(subjects) > 1 or subject.name != forecast.area:
        names = ", ".join(one.name for one in subjects)
        raise InputError(
            Where(Path(chosen.overlay).name, "area"),
            f"a forecast of {forecast.area} and figures of {names}",
            "figures of the same area",
        )
    return shown(chosen, [backtest.overlay(forecast, subject.rows)])


def shown(chosen: argparse.Namespace, results: list[backtest.AreaResult]) -> int:
    """Print the tables, or the document, and write it where asked."""
    document = backtest.summary(results)
    text = json.dumps(document, indent=1)
    if chosen.out:
        path = Path(chosen.out)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n", encoding="utf-8")
        said(f"written: {path}")
    print(text if chosen.json else backtest.as_markdown(results))
    return 0
