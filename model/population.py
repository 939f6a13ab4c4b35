"""Who the run will meet: families open, or lately left, at the start, and those still to come.

Everything is fixed before an engine starts, from addressed luck, so every engine meets the same
families. The k-th family of a locality, source and month has the same name, children and luck in
every scenario: higher demand only adds families. This module knows no engine and no money.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import poisson

from model import luck
from model.engines.cases import Cases
from model.episodes import ATTRIBUTE_SHIFT, CASES_PER_FAMILY, FIRST_ARRIVAL_FAMILY
from model.hazards import MINUTES_PER
from model.inputs import Inputs
from model.network import AGE_LIMITS_YEARS, NONE, Network
from model.parameters.catalogue import MONTHS
from model.pathway import ATTRIBUTES, STAGE_NAMES, Scope
from model.working_days import months_between

FAMILIES_PER_MONTH = 2**14
FAMILIES_PER_STAGE = 2**18  # numbers kept for the families open in each stage at the start
MONTHS_KEPT = 2**10
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


def choose(u: NDArray[np.float64], shares: NDArray[np.float64]) -> NDArray[np.int64]:
    """The first share whose running total passes u; one row of shares for each u, or one for all.

    Shape (cases,).
    """
    reached = np.cumsum(np.broadcast_to(shares, (len(u), shares.shape[-1])), axis=1)[:, :-1]
    return (u[:, None] >= reached).sum(axis=1).astype(np.int64)


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
        shares = inputs.shares("population.age_of_index_child")[streams]
        band = choose(luck.uniforms(keys, "age"), shares)
        u = luck.uniforms(keys, "age within band")
        low = np.where(band == 0, -0.3, AGE_EDGES[band])  # unborn children can be known already
        age_years = low + u * (AGE_EDGES[band + 1] - low)
    gap = 2.0 * float(inputs.number("population.sibling_age_gap_years"))
    births = np.empty((len(numbers), CHILDREN), np.int64)
    household = np.zeros(len(numbers), np.int64)
    scopes = np.zeros((len(numbers), len(Scope)), np.int64)
    chances = scope_chances(inputs)
    for child in range(CHILDREN):
        u = luck.uniforms(keys, f"age of child {child}")
        age = age_years if child == 0 else np.clip(age_years + gap * (2.0 * u - 1.0), 0.0, 17.5)
        births[:, child] = at - np.round(age * YEAR).astype(np.int64)
        there = size > child
        household |= np.where(there, 1 << child, 0)
        counted = luck.uniforms(keys, f"counted child {child}")
        for scope, chance in enumerate(chances):
            included = there & ((counted < chance) | (child == 0))
            scopes[:, scope] |= np.where(included, 1 << child, 0)
    return Families(numbers, states, household, scopes, births)


def settled(inputs: Inputs, keys: NDArray[np.uint64], source: int, locality: int) -> Bits:
    """Need, stream and main issue of new families from one source in one locality."""
    need = choose(luck.uniforms(keys, "need"), inputs.shares("population.need_at_contact")[source])
    issue = choose(luck.uniforms(keys, "issue"), inputs.shares("population.issue")[source])
    disabled = inputs.shares("population.disabled_share")[source]
    stream = (luck.uniforms(keys, "stream") < disabled).astype(np.int64)
    return pack(locality=locality, source=source, need=need, stream=stream, issue=issue)


def cases_of(
    found: Families,
    at: NDArray[np.int64],
    stage: int,
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
        return np.concatenate([getattr(part, name) for part in parts])[order]

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


def monthly_means(inputs: Inputs, new_families: NDArray[np.float64]) -> NDArray[np.float64]:
    """Expected new families by locality, source and month; shape (localities, sources, months).

    Parameters
    ----------
    new_families : a year's new families by source in the first year, shape (sources,).
    """
    months = months_between(inputs.start, inputs.horizon)
    where = inputs.shares("population.locality_share")
    seasons = inputs.shares("population.month_share")
    yearly = 1.0 + float(inputs.number("population.growth_per_year"))
    yearly *= 1.0 + float(inputs.number("population.demand_trend_per_year"))
    means = np.empty((len(where), len(new_families), months))
    for month in range(months):
        first = inputs.start.month - 1 + month
        season = seasons[(first - 3) % len(MONTHS)]
        ratio = inputs.shares("demand.ratio", epoch_of_month(inputs, month))
        grown = yearly ** ((month + 0.5) / 12.0)
        means[:, :, month] = where[:, None] * new_families * season * grown * ratio.T
    return means


def epoch_of_month(inputs: Inputs, month: int) -> int:
    """Which dated arrangements are in force as a month of the run begins."""
    first = inputs.start.year * 12 + inputs.start.month - 1 + month
    began = [day for day in inputs.change_dates if day.year * 12 + day.month - 1 <= first]
    return max(len(began) - 1, 0)


def arrivals(
    inputs: Inputs, network: Network, key: int, new_families: NDArray[np.float64]
) -> list[Cases]:
    """Families, and asylum-seeking children, that appear during the run."""
    means = monthly_means(inputs, new_families)
    starts = network.calendar.month_starts(means.shape[2])
    found = []
    for locality, source, month in np.ndindex(*means.shape):
        mean = means[locality, source, month]
        if mean <= 0:
            continue
        stream = (locality * len(ATTRIBUTES["source"]) + source) * MONTHS_KEPT + month
        u = luck.uniforms(luck.case_keys(key, np.array([stream])), "arrivals")[0]
        count = int(poisson.ppf(u, mean))
        first = FIRST_ARRIVAL_FAMILY + stream * FAMILIES_PER_MONTH
        numbers = first + np.arange(count, dtype=np.int64)
        keys = luck.case_keys(key, numbers * CASES_PER_FAMILY)
        length = starts[month + 1] - starts[month]
        at = starts[month] + (luck.uniforms(keys, "minute") * length).astype(np.int64)
        inside = at < network.horizon
        numbers, keys, at = numbers[inside], keys[inside], at[inside]
        if ATTRIBUTES["source"][source] == ASYLUM:
            found.append(asylum_seeking(inputs, key, numbers, keys, at, locality))
        else:
            states = settled(inputs, keys, source, locality)
            found.append(cases_of(families(inputs, key, numbers, at, states), at, CONTACT))
    return found


def asylum_seeking(
    inputs: Inputs,
    key: int,
    numbers: NDArray[np.int64],
    keys: NDArray[np.uint64],
    at: NDArray[np.int64],
    locality: int,
) -> Cases:
    """Unaccompanied children: looked after from the day they arrive, with no family here."""
    band = choose(luck.uniforms(keys, "age"), inputs.shares("population.asylum_seeking_age"))
    u = luck.uniforms(keys, "age within band")
    age = AGE_EDGES[band] + u * (AGE_EDGES[band + 1] - AGE_EDGES[band])
    states = np.zeros(len(numbers), np.int64) | pack(
        locality=locality,
        source=ATTRIBUTES["source"].index(ASYLUM),
        need=3,
        stream=ATTRIBUTES["stream"].index(ASYLUM),
    )
    alone = families(inputs, key, numbers, at, states, age)
    return cases_of(alone, at, LOOKED_AFTER, child=True)


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
    "NONE",
    "Families",
    "arrivals",
    "cases_of",
    "choose",
    "families",
    "grown_up_per_minute",
    "joined",
    "pack",
]
