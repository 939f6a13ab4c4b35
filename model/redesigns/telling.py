"""A redesign in a few plain sentences: what changes, where, when, from what to what.

`model.explain` says everything, evidence included; this is what fits above a chart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from model.explain import day_of, part_of, said_how, words_of
from model.parameters import Parameters
from model.redesigns.drafts import Draft, scenario_of
from model.redesigns.levers import AS_NOW, Lever, levers, matches, said, today
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


def sentences_of_change(draft: Draft, place: int, area: Parameters) -> str:
    """One change of a draft, counted from 0, in a sentence with its reason."""
    one = scenario_of(draft).changes[place]
    return f"{_change(one, area)} {one.why}"


def schedule(plan: Scenario) -> Iterator[tuple[date | str, str]]:
    """When each thing begins, for a timeline: a date or "start + N months", and what begins."""
    for one in plan.changes:
        for when, value in one.steps:
            number = f": {value:g}" if isinstance(value, float | int) else ""
            yield when, f"{_label(one)}{_places(one)}{number}"
    for cost in plan.programme_costs:
        yield cost.starts, f"{cost.name} (paid)"


@dataclass(frozen=True)
class Begun:
    """One bar of a timeline.

    Attributes
    ----------
    what : is changed or paid for, and where. value : from then on, in words.
    when : a date or "start + N months". until : of the next step; None for the end of the run.
    paid : whether it is a cost. once : paid once. years : for how long, where it ends by itself.
    """

    what: str
    value: str
    when: date | str
    until: date | str | None = None
    paid: bool = False
    once: bool = False
    years: float | None = None


def begun(plan: Scenario) -> Iterator[Begun]:
    """Every step of every change and every cost of a redesign, in the order of its file."""
    for one in plan.changes:
        ends = [when for when, _ in one.steps[1:]]
        for (when, value), until in zip(one.steps, [*ends, None], strict=True):
            said = _value(replace(one, steps=((when, value),)), value, _lever(one))
            yield Begun(f"{_label(one)}{_places(one)}", said, when, until)
    for cost in plan.programme_costs:
        once = cost.gbp_once is not None
        gbp = cost.gbp_once if once else cost.gbp_per_year
        said = f"£{gbp:,.0f} {'once' if once else 'a year'}"
        yield Begun(cost.name, said, cost.starts, None, True, once, cost.years)


def _change(one: Change, area: Parameters) -> str:
    lever = _lever(one)
    steps = "; ".join(f"{_value(one, value, lever)} {_when(when)}" for when, value in one.steps)
    now = _today(lever, one, area) if lever else AS_NOW
    known = "" if now == AS_NOW else f" (today {now})"
    return f"{_label(one)}{_places(one)}: {steps}{known}."


def _value(one: Change, value: float | dict[str, float], lever: Lever | None) -> str:
    if isinstance(value, dict):
        return "each by its own"
    if lever is None:
        return said_how(one)
    return said(lever, value)


def _today(lever: Lever, one: Change, area: Parameters) -> str:
    """Today's number where the change acts."""
    now = today(lever, area)
    here = [f"{now.by_locality[place]:g}" for place in one.localities if place in now.by_locality]
    return " and ".join(here) or now.says


def _cost(cost: ProgrammeCost) -> str:
    once = cost.gbp_once is not None
    pounds = cost.gbp_once if once else cost.gbp_per_year
    when = _when(cost.starts)
    if once:
        when = f"once, {'at the start' if cost.starts == THROUGHOUT else when}"
    else:
        when = f"a year, {when}"
    return f"{cost.name}: £{pounds:,.0f} {when} ({cost.price_year} prices)."


def _lever(one: Change) -> Lever | None:
    row: dict[str, Any] = {"parameter": one.parameter, "how": one.how}
    if one.at:
        row["at"] = {name: list(values) for name, values in one.at.items()}
    return next((lever for lever in levers() if matches(lever, row)), None)


def _label(one: Change) -> str:
    lever = _lever(one)
    return lever.label if lever else f"{words_of(one.parameter).capitalize()}{part_of(one)}"


def _places(one: Change) -> str:
    return f", in {' and '.join(one.localities)}" if one.localities else ""


def _when(when: date | str) -> str:
    return "throughout" if when == THROUGHOUT else f"from {day_of(when)}"
