"""The forecasts of one origin, by every method, and where they are kept.

One JSON document holds an origin's forecasts, so that a back-test that was stopped goes on, and so
that what happens later can be laid over an old forecast.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from model import __version__
from model.backtest import forecast as forecasting
from model.backtest.drift import WANDERING
from model.backtest.fits import fit_before, template_at
from model.backtest.forecast import GIVEN_REFERRALS, UNCONDITIONAL, demand_given, summarised
from model.backtest.rivals import forecasts as rival_forecasts
from model.backtest.scoring import METHOD_COLUMNS
from model.backtest.series import SERIES, known_to
from model.calibrate import from_published
from model.calibrate.knobs import load_discrepancies, load_knobs
from model.errors import InputError, Where, listed
from model.inputs import resolve
from model.parameters import Area
from model.tables import as_json

Progress = Callable[[int, int], None]
COLUMNS = (*METHOD_COLUMNS, "low", "high")
KIND = "family pathways forecast"


@dataclass(frozen=True)
class Subject:
    """Whose back-test it is.

    Attributes
    ----------
    name, title : of the area.
    rows : its published rows, all years.
    children : it is scaled to this many children aged 0 to 17 in the year of the origin; 0 for a
        council, which stays as it is.
    code : of the Office for National Statistics; may be empty.
    """

    name: str
    title: str
    rows: pd.DataFrame
    children: float = 0.0
    code: str = ""

    def at(self, origin: int) -> pd.DataFrame:
        """The rows as forecasts from an origin see them, later years among them."""
        if not self.children:
            return self.rows
        return from_published.average_council(self.rows, self.children, origin)

    def area(self) -> Area:
        """The area as a template names it."""
        kind = "national average" if self.children else "council"
        return Area(self.name, self.title, self.code, kind, localities=("Borough",))


@dataclass(frozen=True)
class Forecast:
    """All forecasts from one origin.

    Attributes
    ----------
    area, title, origin, years : whose, from which 31 March, for how many years.
    table : DataFrame with `COLUMNS`: every method, series and year.
    fit : what the calibration says of itself.
    made_with : version, settings and digest of all that was read up to the origin.
    children : what counts are scaled to; 0 for a council.
    """

    area: str
    title: str
    origin: int
    years: int
    table: pd.DataFrame
    fit: dict[str, Any]
    made_with: dict[str, Any]
    children: float = 0.0


def forecast_from(
    subject: Subject,
    origin: int,
    years: int,
    *,
    given_referrals: bool = True,
    futures: int = forecasting.FUTURES,
    seed: int = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
    kept_fit: Path | None = None,
    root: Any = None,
    **settings: Any,
) -> Forecast:
    """Calibrate on the years to an origin and forecast what follows, by every method.

    Parameters
    ----------
    subject : the area. origin : year of the last 31 March that is known. years : to forecast.
    given_referrals : also the forecast that is told the actual referrals (it uses the future).
    futures : of each forecast. seed : of fit, luck and drift.
    kept_fit : file of the fit, taken where it is of the same figures and settings.
    settings : of `model.calibrate.fit`, such as runs.

    Raises
    ------
    InputError where the published figures do not reach so far back, or the fit cannot be made.
    """
    rows, area = subject.at(origin), subject.area()
    fit = fit_before(
        rows,
        origin,
        area=area,
        seed=seed,
        executor=executor,
        progress=progress,
        kept=kept_fit,
        root=root,
        **settings,
    )
    world = forecasting.world_of(
        rows,
        fit,
        origin,
        years,
        as_published=subject.rows,
        area=area,
        futures=futures,
        seed=seed,
        root=root,
    )
    figures = forecasting.futures_of(world, executor, progress)
    parts = [summarised(figures, world, subject.name, UNCONDITIONAL)]
    if given_referrals:
        told = replace(world, demand=demand_given(rows, figures, world, executor))
        parts.append(
            summarised(
                forecasting.futures_of(told, executor, progress),
                told,
                subject.name,
                GIVEN_REFERRALS,
            )
        )
    parts.append(rivals_of(subject.name, rows, origin, years))
    made_with = {
        "digest": digest(subject, origin, years, futures, seed, settings, root),
        "futures": futures,
        "seed": seed,
        "version": __version__,
        "drift": world.sizes,
    }
    return Forecast(
        subject.name,
        subject.title,
        origin,
        years,
        pd.concat(parts, ignore_index=True)[list(COLUMNS)],
        fit.said,
        made_with,
        subject.children,
    )


def rivals_of(area: str, rows: pd.DataFrame, origin: int, years: int) -> pd.DataFrame:
    """The rivals' forecasts in the shape of the model's."""
    found = [
        {
            "area": area,
            "origin": origin,
            "horizon": k + 1,
            "year": origin + k + 1,
            "measure": one.measure,
            "method": method,
            "forecast": value,
            "low": float("nan"),
            "high": float("nan"),
        }
        for one in SERIES
        for method, values in rival_forecasts(rows, one, origin, years).items()
        for k, value in enumerate(values)
    ]
    return pd.DataFrame(found, columns=list(COLUMNS))


def digest(
    subject: Subject,
    origin: int,
    years: int,
    futures: int,
    seed: int,
    settings: Mapping[str, Any],
    root: Any = None,
) -> str:
    """SHA-256 of all that the forecasts of an origin hang on.

    Published referrals of later years are among it, for the forecast that is given them.
    """
    every = subject.at(origin)
    rows, given = known_to(every, origin), every[every["measure"] == forecasting.REFERRALS]
    parameters = template_at(rows, origin, origin, subject.area(), root)
    first = from_published.first_day(origin)
    inputs = resolve(subject.name, start=first, years=years, parameters=parameters)
    parts = [
        *(part[["measure", "year", "value"]].to_csv(index=False) for part in (rows, given)),
        inputs.digest(),
        repr([asdict(knob) for knob in load_knobs(root)]),
        repr(load_discrepancies(root)),
        repr((WANDERING, forecasting.CORRECTIONS, forecasting.CORRECTING)),
        repr((origin, years, futures, seed, sorted(settings.items()))),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


# --- kept on disk ---------------------------------------------------------------------------------


def as_document(forecast: Forecast) -> dict[str, Any]:
    """A forecast as JSON can hold it."""
    return {
        "kind": KIND,
        "area": forecast.area,
        "title": forecast.title,
        "origin": forecast.origin,
        "years": forecast.years,
        "children": forecast.children,
        "made_with": forecast.made_with,
        "fit": forecast.fit,
        "forecasts": as_json(forecast.table),
    }


def write(forecast: Forecast, path: Path) -> Path:
    """Keep a forecast as a file, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(as_document(forecast), indent=1) + "\n", encoding="utf-8")
    part.replace(path)
    return path


def read(path: Path) -> Forecast:
    """A forecast that was kept.

    Raises
    ------
    InputError for a file that is none.
    """
    where = Where(path.name)
    allowed = "a forecast that `backtest --out` wrote"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(Where(str(path)), "no such file", allowed) from None
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise InputError(where, f"no JSON ({error})", allowed) from None
    if not isinstance(found, dict) or found.get("kind") != KIND:
        raise InputError(where, "some other document", allowed)
    rows = found.get("forecasts")
    keys = ("area", "title", "origin", "years", "made_with", "fit")
    missing = [key for key in keys if key not in found]
    if missing or not isinstance(rows, list) or not rows:
        raise InputError(where, f"no {listed(missing or ['forecasts'])}", allowed)
    table = pd.DataFrame(rows)
    if set(COLUMNS) - set(table.columns):
        lacking = sorted(set(COLUMNS) - set(table.columns))
        raise InputError(where.at("forecasts"), f"rows without {listed(lacking)}", allowed)
    table = table[list(COLUMNS)].astype({"low": float, "high": float, "forecast": float})
    return Forecast(
        found["area"],
        found["title"],
        int(found["origin"]),
        int(found["years"]),
        table,
        found["fit"],
        found["made_with"],
        float(found.get("children", 0.0)),
    )
