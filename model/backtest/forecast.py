"""A forecast from an origin: fit to the years before it, then futures after it.

Everything it knows of the area are published rows up to the origin (`known_to`), so that hidden
years cannot tell. Futures differ by draw of the joint posterior, by luck and by drift
(docs/backtest.md). The forecast given actual referrals uses the future, and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model import luck, measures, network
from model.anchoring import Load, loads_of, places_following
from model.backtest.drift import DEMAND, as_scenario, paths, step_sizes
from model.backtest.fits import Fit, template_at
from model.backtest.series import SERIES
from model.calibrate import from_published
from model.calibrate.knobs import Knob
from model.engines.choice import AUTO, engine_named
from model.executors import in_order
from model.inputs import resolve
from model.parameters import Area, Parameters
from model.starting import Opening
from model.turning import turned

Array = NDArray[np.float64]
Progress = Callable[[int, int], None]
FUTURES = 100
INTERVAL = (0.1, 0.9)
REFERRALS = "referrals"
COUNTED = (*(one.measure for one in SERIES), REFERRALS)
UNCONDITIONAL, GIVEN_REFERRALS = "model", "model given actual referrals"
CORRECTIONS, CORRECTING = 3, 20  # rounds, and futures of each, that find the demand given
DRIFT_SEED = 7_000_000  # kept apart from seeds of fits


@dataclass(frozen=True)
class World:
    """What every future of a forecast starts from: numbers only, no file is read after this.

    Attributes
    ----------
    parameters : of the area on the day of the origin, at factors of 1.
    knobs, factors : the joint posterior, one row a draw.
    sizes : of the yearly drift. loads : of early help. origin, years, seed : of the forecast.
    demand : factor on contacts in each year that is given; empty where demand drifts.
    """

    parameters: Parameters
    knobs: tuple[Knob, ...]
    factors: tuple[tuple[float, ...], ...]
    sizes: dict[str, float]
    loads: dict[str, Load]
    origin: int
    years: int
    seed: int
    demand: tuple[float, ...] = ()


def world_of(
    rows: pd.DataFrame,
    fit: Fit,
    origin: int,
    years: int,
    *,
    as_published: pd.DataFrame | None = None,
    area: Area | None = None,
    futures: int = FUTURES,
    seed: int = 1,
    root: Any = None,
) -> World:
    """The world on the day of the origin, with as many draws of the posterior as futures.

    Parameters
    ----------
    as_published : the rows before any scaling, for the size of drift; `rows` themselves when None.
    """
    parameters = template_at(rows, origin, origin, area, root)
    first = from_published.first_day(origin)
    usual = resolve(parameters.area.name, start=first, years=years, parameters=parameters)
    rows_of_posterior = np.linspace(0, len(fit.logs) - 1, futures).round().astype(int)
    factors = np.exp(fit.logs[rows_of_posterior])
    return World(
        parameters,
        fit.knobs,
        tuple(tuple(map(float, row)) for row in factors),
        step_sizes(rows if as_published is None else as_published, origin),
        loads_of(Opening(usual, network.build(usual))),
        origin,
        years,
        seed,
    )


def futures_of(
    world: World, executor: Executor | None = None, progress: Progress | None = None
) -> Array:
    """Every future's figures.

    Returns
    -------
    Shape (futures, years, figures), figures in the order of `COUNTED`.
    """
    found = []
    for number, figures in in_order(
        executor, partial(one_future, world), range(len(world.factors))
    ):
        found.append(figures)
        if progress:
            progress(number + 1, len(world.factors))
    return np.stack(found)


def one_future(world: World, number: int) -> Array:
    """One future: a draw, its luck, its drift; shape (years, figures)."""
    parameters = turned(world.parameters, world.knobs, world.factors[number])
    name, first = parameters.area.name, from_published.first_day(world.origin)
    again = partial(resolve, name, start=first, years=world.years, held=True)
    opening = opened(again(parameters=parameters))
    parameters = places_following(parameters, world.loads, opening)
    usual = again(parameters=parameters)
    luck_of_drift = np.random.default_rng([DRIFT_SEED, world.seed, number])
    factors = paths(world.sizes, world.years, luck_of_drift)
    if world.demand:
        factors[DEMAND] = np.array(world.demand)
    plan = as_scenario(factors, f"drift_{number}", parameters.root)
    inputs = again(plan, parameters=parameters)
    built = network.build(inputs, usual)
    cases = opening.cases(inputs, built, luck.run_key(world.seed, number))
    log = engine_named(AUTO)(built, cases, world.seed, number)
    table = measures.all_measures(
        measures.linked(log), built.calendar, "financial_year", names=COUNTED
    )
    value = table.set_index(["period", "measure"])["value"]
    return np.array(
        [
            [value[period_of(world.origin + k + 1), one] for one in COUNTED]
            for k in range(world.years)
        ]
    )


def opened(inputs: Any) -> Opening:
    """Today's caseload and demand of some inputs."""
    return Opening(inputs, network.build(inputs))


def period_of(year: int) -> str:
    """The financial year that ends on the 31 March of a year, such as 2022-23."""
    return f"{year - 1}-{year % 100:02d}"


def demand_given(
    rows: pd.DataFrame, figures: Array, world: World, executor: Executor | None = None
) -> tuple[float, ...]:
    """Factors on contacts that make the referrals of each year those published later.

    Uses the future: it reads the referrals of the hidden years. The last one known goes on where a
    later year is not published. Referrals follow contacts with a delay (families come back), so
    that the factors are corrected by what a few futures give, a few times.
    """
    actual = rows[rows["measure"] == REFERRALS].set_index("year")["value"]
    wanted: list[float] = []
    for year in range(world.origin + 1, world.origin + world.years + 1):
        wanted.append(float(actual[year]) if year in actual.index else wanted[-1])
    middle = np.median(figures[:, :, COUNTED.index(REFERRALS)], axis=0)
    factors = np.array(wanted) / middle
    few = replace(world, factors=world.factors[:: max(len(world.factors) // CORRECTING, 1)])
    for _ in range(CORRECTIONS):
        told = futures_of(replace(few, demand=tuple(factors.tolist())), executor)
        middle = np.median(told[:, :, COUNTED.index(REFERRALS)], axis=0)
        factors = factors * np.array(wanted) / middle
    return tuple(factors.tolist())


def summarised(figures: Array, world: World, area: str, method: str) -> pd.DataFrame:
    """The median and the 80% interval of each series and year.

    Returns
    -------
    DataFrame with the columns of `scoring.METHOD_COLUMNS`, low and high.
    """
    low, high = np.quantile(figures, INTERVAL, axis=0)
    middle = np.median(figures, axis=0)
    return pd.DataFrame(
        [
            {
                "area": area,
                "origin": world.origin,
                "horizon": k + 1,
                "year": world.origin + k + 1,
                "measure": measure,
                "method": method,
                "forecast": float(middle[k, place]),
                "low": float(low[k, place]),
                "high": float(high[k, place]),
            }
            for k in range(world.years)
            for place, measure in enumerate(COUNTED)
        ]
    )


def series_only(table: pd.DataFrame) -> pd.DataFrame:
    """The forecasts of the four series, without the referrals that stand beside them."""
    chosen: Sequence[str] = [one.measure for one in SERIES]
    return table[table["measure"].isin(chosen)].reset_index(drop=True)
