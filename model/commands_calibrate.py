"""What the command `calibrate` does: returns or published statistics into an area folder."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from model import calibrate, published
from model import parameters as files
from model.asking import check_area
from model.errors import InputError, Where, unknown
from model.executors import executor_for
from model.parameters import Area
from model.progress import ProgressLine
from model.returns import published_statistics
from model.returns.folder import read_folder

UNITARY = "council"


def add_switches(command: argparse.ArgumentParser, whole: Callable[[str], int]) -> None:
    """The switches of `calibrate`."""
    sources = command.add_mutually_exclusive_group()
    sources.add_argument("--published", metavar="DIR", help="statistics files as downloaded")
    sources.add_argument("--returns", metavar="DIR", help="the council's own returns")
    command.add_argument("--council", default="", metavar="CODE", help="code or name of a council")
    command.add_argument("--area", default="", help="take the project's own published figures of")
    command.add_argument("--out", required=True, metavar="AREA_DIR", help="folder to write")
    command.add_argument("--population", type=whole, help="children aged 0-17, with --returns")
    command.add_argument(
        "--completion",
        choices=("assessment", "intervention"),
        help="what the completion date of early help ends, with --returns",
    )
    command.add_argument(
        "--contacts-are",
        choices=calibrate.CONTACT_UNITS,
        default=calibrate.CONTACT_UNITS[0],
        help="what one row of the list of contacts is, with --returns (child)",
    )
    command.add_argument("--localities", nargs="+", default=[], metavar="NAME")
    command.add_argument("--from-year", type=int, help="31 March after which the runs start")
    command.add_argument("--years", type=whole, default=3, help="of figures to fit to (3)")
    command.add_argument("--runs", type=whole, default=calibrate.RUNS, help="of the simulator")
    command.add_argument("--seed", type=int, default=1, help="of everything drawn")
    command.add_argument("--workers", type=whole, help="processes; as many as cores when absent")
    command.add_argument("--json", action="store_true", help="one JSON document")
    command.set_defaults(do=run)


def run(chosen: argparse.Namespace) -> int:
    """Calibrate an area and write its folder."""
    folder = Path(chosen.out)
    calibrate.check_place(folder)
    line = ProgressLine(chosen.runs)
    line.now("calibrate")
    with executor_for(chosen.workers, chosen.runs) as executor:

        def step(done: int, total: int) -> None:
            line.total = total
            line.step(done, total)

        settings = calibrate.Settings(chosen.runs, chosen.seed, executor, step)
        found, says = fitted(chosen, settings)
    line.end()
    calibrate.write(folder, found, says)
    print(f"written: {folder}", file=sys.stderr)
    print(json.dumps(document(found), indent=1) if chosen.json else says)
    return 0


def fitted(
    chosen: argparse.Namespace, settings: calibrate.Settings
) -> tuple[calibrate.Calibrated, str]:
    """The calibrated area and its report, by the way that was asked for."""
    if chosen.returns:
        if not chosen.population or not chosen.council:
            found = "returns without --population and --council"
            allowed = "children aged 0-17, and the council's name"
            raise InputError(Where("calibrate --returns"), found, allowed)
        records = read_folder(Path(chosen.returns))
        area = calibrate.area_of(chosen.council, chosen.council, UNITARY, chosen.localities)
        return calibrate.calibrate_returns(
            records,
            area,
            chosen.population,
            completion=chosen.completion,
            contact_unit=chosen.contacts_are,
            settings=settings,
        )
    rows, area = published_of(chosen)
    return calibrate.calibrate_published(
        rows, area, start_year=chosen.from_year, years=chosen.years, settings=settings
    )


def published_of(chosen: argparse.Namespace) -> tuple[pd.DataFrame, Area]:
    """The published rows of the place that was asked for, and who it is."""
    if chosen.published:
        found = published_statistics.read(chosen.published)
        asked = chosen.council or chosen.area
        place = next(
            (one for one in found.places if asked in (one.code, one.area, one.name, one.old_code)),
            None,
        )
        if place is None:
            known = [one.code or one.area for one in found.places]
            raise unknown(
                Where("--council"), asked, [*known, *(p.area for p in found.places)], "council"
            )
        rows = found.rows[found.rows["area"] == place.area]
        area = calibrate.area_of(place.name, place.code or place.area, UNITARY, chosen.localities)
        return rows, area
    if not chosen.area:
        found_text = "neither --published, --returns nor --area"
        raise InputError(Where("calibrate"), found_text, "one of them")
    check_area(chosen.area)
    known_area = files.areas()[chosen.area]
    table = published.load()
    rows = table[table["area"] == chosen.area]
    localities = chosen.localities or known_area.localities
    area = calibrate.area_of(known_area.title, known_area.code, known_area.kind, localities)
    return rows, area


def document(found: calibrate.Calibrated) -> dict[str, object]:
    """What was found, as JSON can hold it."""
    posterior = found.posterior
    return {
        "area": found.parameters.area.name,
        "learnt": json.loads(posterior.learnt.to_json(orient="records")),
        "predictive": json.loads(posterior.predictive.to_json(orient="records")),
        "discrepancy": dict(
            zip(posterior.kinds, posterior.gaps.mean(axis=0).tolist(), strict=True)
        ),
        "not_learnt": posterior.not_learnt(),
    }


__all__ = ["add_switches", "run"]
