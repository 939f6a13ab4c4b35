"""Runs of an area's whole pathway, ready to be measured."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

from model import network, parameters
from model.inputs import resolve
from model.results import MONEY_AND_MEASURES
from model.scenarios import BASELINE
from model.simulate import Prepared, prepare, prepare_together
from model.starting import Opening

START = date(2025, 4, 1)
REDESIGN = "stockport_pathway"
COUNTED = ("population.children_0_17", "capacity.")  # and the caseload: what grows with an area


@cache
def prepared(area: str, years: int) -> Prepared:
    """Today's arrangements."""
    return prepare(area, start=START, years=years)


def pair(area: str, years: int, tables: tuple[str, ...] = MONEY_AND_MEASURES) -> list[Prepared]:
    """Today's arrangements and a redesign."""
    return prepare_together(area, [BASELINE, REDESIGN], start=START, years=years, tables=tables)


def larger(area: str, times: int, years: int) -> Prepared:
    """An area so many times as large: its children, its caseload and its places."""
    plan = prepared(area, years)
    known = parameters.load(area)
    grown = {
        name: multiplied(one.value, times)
        for name, one in known.items()
        if name.startswith((*COUNTED, "caseload.at_"))
    }
    inputs = resolve(area, start=START, years=years, parameters=known.with_values(grown))
    built = network.build(inputs)
    return replace(plan, inputs=inputs, network=built, opening=Opening(inputs, built))


def multiplied(value: object, times: int) -> object:
    """A number, or each of those in a table, so many times."""
    if isinstance(value, dict):
        return {name: multiplied(each, times) for name, each in value.items()}
    return value * times if isinstance(value, int | float) else value
