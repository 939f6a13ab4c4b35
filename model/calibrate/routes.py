"""The two ways to a calibrated area: from published statistics alone, and from a council's returns.

Either starts from a template, moves what its figures show directly, and fits what none shows to
the flows and stocks that they do show. Nothing is fitted where there is too little to fit to: the
error says what is too few. It writes no file (`area_folder` does).
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from model.calibrate import from_published
from model.calibrate.area_folder import Calibrated, calibrated
from model.calibrate.fit import RUNS, fit
from model.calibrate.knobs import load_knobs
from model.calibrate.report import Told, report
from model.calibrate.simulator import Progress
from model.errors import InputError, Where
from model.parameters import Area, Parameters
from model.parameters.evidence import Source

YEARS = 3
FEWEST_TARGETS = 12  # figures: one for each knob at the least
FEWEST_EVENTS = 20  # children in a year: fewer, and chance hides everything
PUBLISHED_SOURCE = "published_figures"


@dataclass(frozen=True)
class Settings:
    """How a fit is run.

    Attributes
    ----------
    runs : of the simulator. seed : of everything drawn.
    executor : whoever computes; None here. progress : told (done, all) runs.
    """

    runs: int = RUNS
    seed: int = 1
    executor: Executor | None = None
    progress: Progress | None = None


def calibrate_published(
    rows: pd.DataFrame,
    area: Area,
    *,
    start_year: int | None = None,
    years: int = YEARS,
    settings: Settings | None = None,
    root: str | Path | None = None,
) -> tuple[Calibrated, str]:
    """Calibrate a council to its published statistics.

    Parameters
    ----------
    rows : its rows, in the shape of parameters/published.csv. area : who it is.
    start_year : the runs start on 1 April of it; `years` before the latest figures when None.
    years : of figures to fit to.

    Returns
    -------
    The calibrated area, and its report.

    Raises
    ------
    InputError when too little is published to start from or to fit to.
    """
    chosen = settings or Settings()
    last = latest_start_year(rows) if start_year is None else start_year + years
    first = last - years
    fitted_years = tuple(range(first + 1, last + 1))
    parameters = from_published.template(
        rows, start_year=first, years=fitted_years, known=last, area=area, root=root
    )
    targets = from_published.targets(rows, fitted_years, last)
    check_enough(targets)
    start = from_published.first_day(first)
    posterior = fit(
        parameters,
        load_knobs(root),
        targets,
        start=start,
        years=years,
        runs=chosen.runs,
        seed=chosen.seed,
        executor=chosen.executor,
        progress=chosen.progress,
    )
    source = published_source(rows, targets, area)
    says = f"published figures of the years to March {fitted_years[0]} to {fitted_years[-1]}"
    found = calibrated(parameters, posterior, source, says)
    today = from_published.template(
        rows, start_year=last, years=fitted_years, known=last, area=area, root=root
    )
    found = with_caseload(found, today, f"caseload.at_{last}_03_31")
    told = Told(source.title, f"{start:%d %B %Y}", years, chosen.runs, chosen.seed)
    return found, report(found.parameters, posterior, told)


def latest_start_year(rows: pd.DataFrame) -> int:
    """The latest year in which what a start needs is published."""
    years = [
        set(rows.loc[rows["measure"] == measure, "year"])
        for measure in ("child_protection_plans_open", "looked_after", "population_0_17")
    ]
    both = set.intersection(*years)
    if not both:
        found = "no year with plans, children looked after and population together"
        raise InputError(Where("the published figures"), found, "at least one such year")
    return int(max(both))


def check_enough(targets: pd.DataFrame) -> None:
    """Refuse to fit to next to nothing, and say what is too few."""
    where = Where("the figures to fit to")
    if len(targets) < FEWEST_TARGETS:
        raise InputError(where, f"{len(targets)} figures", f"at least {FEWEST_TARGETS}")
    counts = targets[targets["unit"].map(lambda unit: not unit.startswith("share"))]
    few = counts.groupby("measure")["value"].mean()
    few = few[few < FEWEST_EVENTS]
    if len(few) > len(counts["measure"].unique()) / 2:
        found = ", ".join(f"{name.replace('_', ' ')} (under {FEWEST_EVENTS})" for name in few.index)
        remedy = "Take more years together, or use an area like it."
        raise InputError(where, f"too few children: {found}", "20 a year of most", remedy)


def published_source(rows: pd.DataFrame, targets: pd.DataFrame, area: Area) -> Source:
    """The published tables fitted to, as a source of the area's own."""
    used = rows.merge(targets[["measure", "year"]], on=["measure", "year"])
    names = sorted({str(one) for one in used["source_title"]})
    publishers = sorted({str(one) for one in used["publisher"]})
    span = f"{int(targets['year'].min())} to {int(targets['year'].max())}"
    return Source(
        PUBLISHED_SOURCE,
        f"Published statistics of {area.title}, years to March {span}",
        "; ".join(publishers),
        str(int(targets["year"].max())),
        area.title,
        note="; ".join(names),
    )


def with_caseload(found: Calibrated, today: Parameters, name: str) -> Calibrated:
    """The same area with its caseload on another day, so that a run can start there."""
    entry = today[name]
    parameters = found.parameters
    entries = {**parameters.entries, name: replace(entry, area=parameters.area.name)}
    return replace(found, parameters=replace(parameters, entries=entries))


def area_of(title: str, code: str, kind: str, localities: Sequence[str] = ()) -> Area:
    """An area of this title; its name is the title in small letters.

    Raises
    ------
    InputError for a title without a letter, and for no code: a file without one cannot be read.
    """
    name = "".join(mark if mark.isalnum() else "_" for mark in title.lower()).strip("_")
    while "__" in name:
        name = name.replace("__", "_")
    if not name.isascii() or not name:
        raise InputError(Where("the area"), repr(title), "a title of letters")
    if not code.strip():
        remedy = "Give the council's code (of the Office for National Statistics), or its title."
        raise InputError(Where("the area", "code"), "no code", "a code, such as E08000014", remedy)
    return Area(name, title, code, kind, tuple(localities) or (title,))


__all__ = ["Settings", "area_of", "calibrate_published", "check_enough"]
