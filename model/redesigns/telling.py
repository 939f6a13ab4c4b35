"""A redesign in a few plain sentences: what changes, where, when, from what to what.

`model.explain` says everything, evidence included; this is what fits above a chart.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from model.explain import day_of, said_how, words_of
from model.parameters import Parameters
from model.redesigns.levers import Lever, levers, matches, today
from model.scenarios import Scenario
from model.scenarios.changes import Change
from model.scenarios.programme_costs import ProgrammeCost
from model.scenarios.run_dates import THROUGHOUT

NOTHING = "Nothing is changed yet: it is today's arrangements, going on."


def sentences(plan: Scenario, area: Parameters) -> list[str]:
    """One sentence for each change and each programme cost.

    Parameters
    ----------
    plan : the redesign. area : whose numbers "today" means.
    """
    found = [*(_change(one, area) for one in plan.changes), *map(_cost, plan.programme_costs)]
    return found or [NOTHING]


def schedule(plan: Scenario) -> Iterator[tuple[date | str, str]]:
    """When each thing begins, for a timeline: a date or "start + N months", and what begins."""
    for one in plan.changes:
        for when, value in one.steps:
            number = f": {value:g}" if isinstance(value, float | int) else ""
            yield when, f"{_label(one)}{_places(one)}{number}"
    for cost in plan.programme_costs:
        yield cost.starts, f"{cost.name} (paid)"


def _change(one: Change, area: Parameters) -> str:
    lever = _lever(one)
    steps = "; ".join(f"{_value(one, value, lever)} {_when(when)}" for when, value in one.steps)
    known = f" (today {today(lever, area).says})" if lever else ""
    return f"{_label(one)}{_places(one)}: {steps}{known}."


def _value(one: Change, value: float | dict[str, float], lever: Lever | None) -> str:
    if isinstance(value, dict):
        return "each by its own"
    if lever is None:
        return said_how(one)
    signed = f"{value:+g}" if one.how == "add" else f"{value:g}"
    return f"{signed} {lever.unit}"


def _cost(cost: ProgrammeCost) -> str:
    once = cost.gbp_once is not None
    pounds = cost.gbp_once if once else cost.gbp_per_year
    every = "once" if once else "a year"
    return f"{cost.name}: £{pounds:,.0f} {every}, {_when(cost.starts)} ({cost.price_year} prices)."


def _lever(one: Change) -> Lever | None:
    row: dict[str, Any] = {"parameter": one.parameter, "how": one.how}
    if one.at:
        row["at"] = {name: list(values) for name, values in one.at.items()}
    return next((lever for lever in levers() if matches(lever, row)), None)


def _label(one: Change) -> str:
    lever = _lever(one)
    return lever.label if lever else words_of(one.parameter).capitalize()


def _places(one: Change) -> str:
    return f", in {' and '.join(one.localities)}" if one.localities else ""


def _when(when: date | str) -> str:
    return "throughout" if when == THROUGHOUT else f"from {day_of(when)}"
