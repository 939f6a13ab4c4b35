"""Back-tests: forecasts from an earlier origin beside what happened and beside simpler methods.

`forecast_from` calibrates on the years to an origin and forecasts what follows; `backtest` does so
for several origins and scores them; `overlay` lays what was published later over a forecast that
was kept. The protocol stands in docs/backtest.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import pandas as pd

from model.backtest.forecast import FUTURES, GIVEN_REFERRALS, UNCONDITIONAL, series_only
from model.backtest.origins import Forecast, Subject, digest, forecast_from, read, write
from model.backtest.report import AreaResult, as_markdown, sentence, summary
from model.backtest.scoring import scored
from model.errors import InputError, Where, unknown
from model.parameters import load
from model.published import load as load_published
from model.returns.published_tables import Place

Progress = Callable[[int, int], None]
AVERAGE_COUNCIL_CHILDREN = "england"  # the area file whose children an average council has
MOST_HIDDEN = 4
TITLES = {"north_west": "North West (average council)", "england": "England (average council)"}
NATIONAL_LEVELS = ("national", "regional")


def last_year(rows: pd.DataFrame) -> int:
    """The last year in which children looked after are published.

    Raises
    ------
    InputError when there is none.
    """
    found = rows.loc[rows["measure"] == "looked_after", "year"]
    if found.empty:
        raise InputError(Where("the published figures", "looked_after"), "no figure", "some years")
    return int(found.max())


def origins_of(rows: pd.DataFrame, hide: Sequence[int]) -> list[tuple[int, int]]:
    """Origins, and years forecast from each: one for each number of years hidden.

    Raises
    ------
    InputError for anything but one to four years.
    """
    for years in hide:
        if not 1 <= years <= MOST_HIDDEN:
            raise InputError(Where("--hide"), f"{years} years", f"1 to {MOST_HIDDEN} years")
    last = last_year(rows)
    return [(last - years, years) for years in sorted(set(hide), reverse=True)]


def backtest(
    subject: Subject,
    hide: Sequence[int],
    *,
    kept: Path | None = None,
    executor: Executor | None = None,
    begun: Callable[[str], None] | None = None,
    progress: Progress | None = None,
    futures: int = FUTURES,
    seed: int = 1,
    root: Any = None,
    **settings: Any,
) -> tuple[AreaResult, list[Forecast]]:
    """Forecast from earlier origins and score what is published since.

    Parameters
    ----------
    subject : the area, all its published years. hide : numbers of years to hide, 1 to 4 each.
    kept : folder of forecasts; one that was made of the same figures and settings is taken from
        there, others are written there.
    begun : told what is being done. progress : told (done, all) of it.
    settings : of `model.calibrate.fit`.
    """
    forecasts = []
    for origin, years in origins_of(subject.rows, hide):
        path = kept / f"{subject.name}_{origin}.json" if kept else None
        found = taken(path, digest(subject, origin, years, futures, seed, settings, root))
        if found is None:
            if begun:
                begun(f"{subject.title}, from March {origin}")
            found = forecast_from(
                subject,
                origin,
                years,
                futures=futures,
                seed=seed,
                executor=executor,
                progress=progress,
                kept_fit=kept / "fits" / path.name if kept and path else None,
                root=root,
                **settings,
            )
            if path:
                write(found, path)
        forecasts.append(found)
    parts = [scored(series_only(one.table), subject.at(one.origin)) for one in forecasts]
    return AreaResult(subject.name, subject.title, pd.concat(parts, ignore_index=True)), forecasts


def taken(path: Path | None, wanted: str) -> Forecast | None:
    """A kept forecast, where it was made of the same figures and settings."""
    if path is None or not path.is_file():
        return None
    found = read(path)
    return found if found.made_with.get("digest") == wanted else None


def overlay(forecast: Forecast, rows: pd.DataFrame) -> AreaResult:
    """What happened, laid over a forecast that was made before.

    Parameters
    ----------
    rows : published rows of the same area, with years after the forecast's origin.

    Raises
    ------
    InputError when none of the years forecast is published.
    """
    subject = Subject(forecast.area, forecast.title, rows, forecast.children)
    scores = scored(series_only(forecast.table), subject.at(forecast.origin))
    if scores.empty:
        last = forecast.origin + forecast.years
        raise InputError(
            Where("the published figures"),
            f"no figure of the years to March {forecast.origin + 1} to {last}",
            "figures published since the forecast",
        )
    return AreaResult(forecast.area, forecast.title, scores)


def shipped_subject(name: str, root: str | Path | None = None) -> Subject:
    """An area of the project's own table of published statistics.

    Raises
    ------
    InputError for an area that the table does not have.
    """
    table = load_published(root)
    known = list(dict.fromkeys(table["area"]))
    if name not in known:
        raise unknown(Where("parameters/published.csv", "area"), name, known, "area")
    rows = table[table["area"] == name].reset_index(drop=True)
    size = float(load(AVERAGE_COUNCIL_CHILDREN, root)["population.children_0_17"].value)
    title = TITLES.get(name) or name.replace("_", " ").title()
    return Subject(name, title, rows, size if name in TITLES else 0.0)


def subject_from_files(place: Place, rows: pd.DataFrame, root: str | Path | None = None) -> Subject:
    """A place of statistics files (`model.returns.published_statistics.of_council`)."""
    size = 0.0
    if place.level in NATIONAL_LEVELS:
        size = float(load(AVERAGE_COUNCIL_CHILDREN, root)["population.children_0_17"].value)
    return Subject(place.area, place.name, rows, size, place.code)


__all__ = [
    "GIVEN_REFERRALS",
    "UNCONDITIONAL",
    "AreaResult",
    "Forecast",
    "Subject",
    "as_markdown",
    "backtest",
    "forecast_from",
    "origins_of",
    "overlay",
    "read",
    "sentence",
    "shipped_subject",
    "subject_from_files",
    "summary",
    "write",
]
