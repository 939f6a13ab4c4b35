"""Families as the run meets them: their children, what is settled about them, their case.

Everything is fixed before an engine starts, from addressed luck, so every engine meets the same
families. This module knows neither when families come nor who is open at the start, no engine and
no money.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model import luck
from model.engines.cases import Cases
from model.episodes import ATTRIBUTE_SHIFT, CASES_PER_FAMILY
from model.hazards import MINUTES_PER
from model.inputs import Inputs
from model.network import AGE_LIMITS_YEARS
from model.pathway import STAGE_NAMES, Scope

FAMILIES_PER_STAGE = 2**18  # numbers kept for the families open in each stage at the start
YEAR = MINUTES_PER["years"]
CONTACT, LOOKED_AFTER = STAGE_NAMES.index("contact"), STAGE_NAMES.index("looked_after")
ASYLUM = "asylum_seeking"
SAMPLE = 4096  # families whose ages stand for all
CHILDREN = 6  # the largest household of the catalogue
AGE_EDGES = np.array([0, *AGE_LIMITS_YEARS, 18], np.float64)
Bits = NDArray[np.int64]


@dataclass(frozen=True)
class Families:
    """Families with the attributes that they have from the first.

    Attributes
    ----------
    numbers : family numbers, shape (families,). states : packed attributes.
    household : bits of the children at home. scopes : children that each Scope counts,
    shape (families, 4). births : minutes from the run's start, shape (families, 6).
    """

    numbers: NDArray[np.int64]
    states: Bits
    household: Bits
    scopes: Bits
    births: NDArray[np.int64]


def choose(
    u: NDArray[np.float64], shares: NDArray[np.float64], row: NDArray[np.int64] | None = None
) -> NDArray[np.int64]:
    """The first share whose running total passes u; shape (cases,).

    Parameters
    ----------
    u : luck, shape (cases,). shares : for all alike, or a row for each case.
    row : which row of shares each case has, when they are not one each.
    """
    chosen = np.zeros(len(u), np.int64)
    for reached in np.cumsum(shares, axis=-1).T[:-1]:
        chosen += u >= (reached if row is None else reached[row])
    return chosen


def pack(**codes: NDArray[np.int64] | int) -> Bits:
    """Pack attribute codes into states."""
    state: NDArray[np.int64] | int = 0
    for name, code in codes.items():
        state = state | (np.asarray(code, np.int64) << ATTRIBUTE_SHIFT[name])
    return np.asarray(state, np.int64)


def scope_chances(inputs: Inputs) -> NDArray[np.float64]:
    """Chance that each child but the first is counted in each Scope; shape (4,).

    So that the mean number counted per family is the parameter's.
    """
    shares = inputs.shares("population.households")
    mean_size = float((shares * np.arange(1, len(shares) + 1)).sum())
    counted = inputs.counts("population.children_per_family")
    chances = [(counted[str(scope)] - 1.0) / max(mean_size - 1.0, 1e-9) for scope in Scope]
    return np.clip(chances, 0.0, 1.0)


def families(
    inputs: Inputs,
    key: int,
    numbers: NDArray[np.int64],
    at: NDArray[np.int64],
    states: Bits,
    age_years: NDArray[np.float64] | None = None,
) -> Families:
    """Give families their children: how many, how old, and which of them each Scope counts.

    Parameters
    ----------
    numbers, at, states : who, when they appear (minutes), and attributes settled so far.
    age_years : age of the first child where it is already known.
    """
    keys = luck.case_keys(key, numbers * CASES_PER_FAMILY)
    size = choose(luck.uniforms(keys, "household"), inputs.shares("population.households")) + 1
    streams = (states >> ATTRIBUTE_SHIFT["stream"]) & 15
    if age_years is None:
        shares = inputs.shares("population.age_of_index_child")
        band = choose(luck.uniforms(keys, "age"), shares, streams)
        u = luck.uniforms(keys, "age within band")
        low = np.where(band == 0, -0.3, AGE_EDGES[band])  # unborn children can be known already
        age_years = low + u * (AGE_EDGES[band + 1] - low)
    gap = 2.0 * float(inputs.number("population.sibling_age_gap_years"))
    births = np.empty((len(numbers), CHILDREN), np.int64)
    births[:, 0] = at - np.round(age_years * YEAR).astype(np.int64)
    scopes = np.ones((len(numbers), len(Scope)), np.int64)
    chances = scope_chances(inputs)
    for child in range(1, CHILDREN):
        u = luck.uniforms(keys, f"age of child {child}")
        age = np.clip(age_years + gap * (2.0 * u - 1.0), 0.0, 17.5)
        births[:, child] = at - np.round(age * YEAR).astype(np.int64)
        there = np.flatnonzero(size > child)
        counted = luck.uniforms(keys[there], f"counted child {child}")[:, None] < chances
        scopes[there] |= counted.astype(np.int64) << child
    return Families(numbers, states, (1 << size) - 1, scopes, births)


def cases_of(
    found: Families,
    at: NDArray[np.int64],
    stage: NDArray[np.int64] | int,
    spent: NDArray[np.int64] | int = 0,
    floor: NDArray[np.float64] | float = 0.0,
    child: bool = False,
) -> Cases:
    """Families, or their first children alone, as cases that appear in a stage."""
    count = len(found.numbers)
    whole = np.zeros(count, np.int64)
    return Cases(
        minute=whole + at,
        case=found.numbers * CASES_PER_FAMILY + int(child),
        stage=whole + stage,
        state=found.states,
        household=whole if child else found.household,
        scopes=found.scopes,
        births=found.births,
        spent=whole + spent,
        floor=np.zeros(count) + floor,
    )


def joined(parts: list[Cases]) -> Cases:
    """Cases of several kinds as one table, sorted by (minute, case)."""
    minute = np.concatenate([part.minute for part in parts])
    case = np.concatenate([part.case for part in parts])
    order = np.lexsort((case, minute))

    def column(name: str) -> NDArray:
        return np.concatenate([getattr(part, name) for part in parts]).take(order, axis=0)

    return Cases(
        minute=minute[order],
        case=case[order],
        stage=column("stage"),
        state=column("state"),
        household=column("household"),
        scopes=column("scopes"),
        births=column("births"),
        spent=column("spent"),
        floor=column("floor"),
    )


def stay_home_share(inputs: Inputs) -> float:
    """Share of families entering care in which a counted child stays at home.

    From the household sizes and the chances of being counted, for use in the steady state.
    """
    shares = inputs.shares("population.households")
    chances = dict(zip(Scope, scope_chances(inputs), strict=True))
    stays = chances[Scope.REFERRED] - min(chances[Scope.CARE_ENTRY], chances[Scope.REFERRED])
    return float(sum(share * (1.0 - (1.0 - stays) ** size) for size, share in enumerate(shares)))


def grown_up_per_minute(inputs: Inputs) -> float:
    """Rate at which known families leave because their last child turns 18, per minute.

    From the ages of families as they make contact, over the time that they stay known.
    """
    known = float(inputs.number("return.forgotten_after_years")) * YEAR / 2.0
    numbers = np.arange(SAMPLE, dtype=np.int64)
    nothing = np.zeros(SAMPLE, np.int64)
    found = families(inputs, luck.run_key(0, 0), numbers, nothing, nothing)
    there = (found.household[:, None] >> np.arange(CHILDREN)) & 1 == 1
    youngest = np.where(there, found.births, np.iinfo(np.int64).min).max(axis=1)
    adult = float(inputs.number("after_care.adult_age_years")) * YEAR
    grown = float((youngest + adult < known).mean())
    return -np.log1p(-min(grown, 0.99)) / known


__all__ = [
    "Families",
    "cases_of",
    "choose",
    "families",
    "grown_up_per_minute",
    "joined",
    "pack",
]
