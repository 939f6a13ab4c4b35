"""A small area's run for the tests of synthetic returns, simulated once."""

from __future__ import annotations

from datetime import date
from functools import cache

import pandas as pd

from model.measures import linked, measure
from model.simulate import cases_of, replicate
from model.synthesise import SyntheticReturns, histories, synthesise
from model.synthesise.area_runs import ready
from model.synthesise.simulated import Simulated

START, YEARS, SIZE, SEED = date(2022, 4, 1), 3, 0.12, 1
MARCHES = (2023, 2024, 2025)


@cache
def run() -> Simulated:
    """Three years of a fifth of Sefton."""
    plan = ready("sefton", start=START, years=YEARS, size=SIZE)
    cases = cases_of(plan, SEED, 0)
    return Simulated(plan, cases, linked(replicate(plan, SEED, 0, cases)), SEED)


@cache
def tables() -> dict[str, pd.DataFrame]:
    """What happened to each child."""
    return histories(run())


@cache
def returns(
    faults: str = "none", window_months: int = 12 * YEARS, **choices: object
) -> SyntheticReturns:
    """Its returns; one extract of Annex A, of the whole run, when nothing is said."""
    one = run()
    choices = {**choices, "window_months": window_months, "faults": faults, "seed": SEED}
    return synthesise(one.prepared, one.rows, one.cases, **choices)


def measured(name: str) -> list[int]:
    """A measure of the same log in the three years, counted by child."""
    calendar = run().prepared.network.calendar
    table = measure(run().rows, calendar, name, period="statistics_year", counted_in="children")
    return [round(value) for value in table.iloc[:, -1]]


def by_year(days: pd.Series) -> list[int]:
    """How many days fall in each of the three years to 31 March."""
    days = pd.to_datetime(days.dropna())
    year = days.dt.year + (days.dt.month > 3)
    return [int((year == march).sum()) for march in MARCHES]
