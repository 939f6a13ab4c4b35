"""A run of an area to write as returns: as it is, of another size, or with other numbers.

A smaller area has fewer children, open cases and places in proportion, so that a council's whole
pathway can be tried in seconds. This module writes nothing.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from model import network, parameters
from model.errors import InputError, Where
from model.inputs import resolve
from model.parameters import Parameters
from model.scenarios import BASELINE
from model.simulate import Prepared, prepare
from model.starting import Opening

GROWS_WITH_SIZE = ("population.children_0_17", "capacity.", "caseload.at_")
OFFICERS = "capacity.screening_officers"
# In `capacity.`, and what one place or post holds.
PER_PLACE = ("capacity.families_per_key_worker", "capacity.cases_per_social_worker")


def ready(
    area: str,
    scenario: str = BASELINE,
    *,
    start: date,
    years: int,
    size: float = 1.0,
    values: Mapping[str, Any] | None = None,
) -> Prepared:
    """A run that is ready to go.

    Parameters
    ----------
    area, scenario : names. start : first day; its caseload must be known. years : whole years.
    size : of the area, 1 for as it is. values : other values of parameters, by name.

    Raises
    ------
    InputError for anything wrong in the files or the choice.
    """
    plan = prepare(area, scenario, start=start, years=years)
    if size == 1.0 and not values:
        return plan
    known = of_size(parameters.load(area), size).with_values(values or {})
    usual = resolve(area, BASELINE, start=start, years=years, parameters=known)
    opening = Opening(usual, network.build(usual))
    inputs, built = usual, opening.network
    if scenario != BASELINE:
        inputs = resolve(area, scenario, start=start, years=years, parameters=known)
        built = network.build(inputs, usual)
    return replace(plan, inputs=inputs, network=built, opening=opening)


def of_size(known: Parameters, size: float) -> Parameters:
    """The parameters of an area that is larger or smaller, all else equal; whole officers.

    Raises
    ------
    InputError for a size of nought or below.
    """
    if size <= 0:
        raise InputError(Where("size"), f"{size:g}", "a number above 0", "1 is the area as it is.")
    grown = {
        name: multiplied(one.value, size)
        for name, one in known.items()
        if name.startswith(GROWS_WITH_SIZE) and name not in PER_PLACE
    }
    grown[OFFICERS] = float(math.ceil(grown[OFFICERS]))  # with none, nobody is ever screened
    return known.with_values(grown)


def multiplied(value: Any, size: float) -> Any:
    """A number, or each of those in a table, multiplied."""
    if isinstance(value, dict):
        return {name: multiplied(each, size) for name, each in value.items()}
    return value * size if isinstance(value, int | float) else value


def read_values(texts: list[str]) -> dict[str, Any]:
    """Other values of parameters, from texts such as `return.pace=1.2`, as the files write them.

    Raises
    ------
    InputError for a text that is not a name, = and a value.
    """
    found: dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        try:
            found[name.strip()] = tomllib.loads(f"value = {value}")["value"] if equals else None
        except tomllib.TOMLDecodeError:
            equals = ""
        if not equals:
            allowed = "a name, = and a value as parameters/*.toml write it"
            raise InputError(Where("--parameter"), repr(text), allowed, "Example: return.pace=1.2")
    return found
