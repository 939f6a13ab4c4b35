"""Families, and asylum-seeking children, who appear during a run.

The k-th family of a locality, source and month has the same number, children and luck in every
scenario: higher demand only adds families. This module knows nobody who is open at the start.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import poisson

from model import luck
from model.engines.cases import Cases
from model.episodes import CASES_PER_FAMILY, FIRST_ARRIVAL_FAMILY
from model.inputs import Inputs
from model.network import Network
from model.parameters.catalogue import MONTHS
from model.pathway import ATTRIBUTES
from model.population import (
    AGE_EDGES,
    ASYLUM,
    CONTACT,
    LOOKED_AFTER,
    cases_of,
    choose,
    families,
    pack,
)
from model.working_days import months_between

FAMILIES_PER_MONTH = 2**14  # numbers kept for those of a locality, source and month
MONTHS_KEPT = 2**10
SOURCES = ATTRIBUTES["source"]


@dataclass(frozen=True)
class Newcomers:
    """Families, or children alone, who appear during a run; arrays of shape (newcomers,).

    Attributes
    ----------
    numbers : family numbers. at : when they appear, minutes.
    locality, source : where they live and who makes contact, as codes.
    """

    numbers: NDArray[np.int64]
    at: NDArray[np.int64]
    locality: NDArray[np.int64]
    source: NDArray[np.int64]

    def only(self, chosen: NDArray[np.bool_]) -> Newcomers:
        """Those chosen; `chosen` has shape (newcomers,)."""
        parts = self.numbers, self.at, self.locality, self.source
        return Newcomers(*(part[chosen] for part in parts))

    def keys(self, key: int) -> NDArray[np.uint64]:
        """The keys of their luck in a replication."""
        return luck.case_keys(key, self.numbers * CASES_PER_FAMILY)


def arrivals(
    inputs: Inputs, network: Network, key: int, new_families: NDArray[np.float64]
) -> list[Cases]:
    """The cases of all who appear during the run.

    Parameters
    ----------
    inputs, network : of the scenario that is run. key : of the replication.
    new_families : a year's new families by source in the first year, shape (sources,).
    """
    new = newcomers(inputs, network, key, new_families)
    alone = new.source == SOURCES.index(ASYLUM)
    return [
        contacting(inputs, key, new.only(~alone)),
        asylum_seeking(inputs, key, new.only(alone)),
    ]


def newcomers(
    inputs: Inputs, network: Network, key: int, new_families: NDArray[np.float64]
) -> Newcomers:
    """How many appear in each stream (a locality, source and month), and when."""
    means = monthly_means(inputs, new_families)
    starts = network.calendar.month_starts(means.shape[2])
    locality, source, month = np.nonzero(means > 0)
    stream = (locality * len(SOURCES) + source) * MONTHS_KEPT + month
    u = luck.uniforms(luck.case_keys(key, stream), "arrivals")
    counts = np.maximum(poisson.ppf(u, means[locality, source, month]), 0).astype(np.int64)
    of = np.repeat(np.arange(len(stream)), counts)  # the stream of each newcomer
    nth = np.arange(len(of)) - (np.cumsum(counts) - counts)[of]
    numbers = FIRST_ARRIVAL_FAMILY + stream[of] * FAMILIES_PER_MONTH + nth
    u = luck.uniforms(luck.case_keys(key, numbers * CASES_PER_FAMILY), "minute")
    at = starts[month[of]] + (u * np.diff(starts)[month[of]]).astype(np.int64)
    return Newcomers(numbers, at, locality[of], source[of]).only(at < network.horizon)


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


def same_arrivals(one: Inputs, other: Inputs, new_families: NDArray[np.float64]) -> bool:
    """Whether two scenarios' `arrivals` are the same in every replication.

    They read the dates, the localities, the new families expected in each month and the
    `population` group, which holds for the whole run; nothing else.
    """
    if (one.start, one.horizon, one.localities) != (other.start, other.horizon, other.localities):
        return False
    names = [name for name in one.arrays if name.startswith("population.")]
    pairs = [(one.arrays[name][0], other.arrays[name][0]) for name in names]
    pairs.append((monthly_means(one, new_families), monthly_means(other, new_families)))
    return all(np.array_equal(mine, theirs, equal_nan=True) for mine, theirs in pairs)


def contacting(inputs: Inputs, key: int, new: Newcomers) -> Cases:
    """Families about whom a contact is made, or who move in, with what is settled about them."""
    keys = new.keys(key)
    needs, issues = inputs.shares("population.need_at_contact"), inputs.shares("population.issue")
    need = choose(luck.uniforms(keys, "need"), needs, new.source)
    issue = choose(luck.uniforms(keys, "issue"), issues, new.source)
    disabled = inputs.shares("population.disabled_share")[new.source]
    stream = (luck.uniforms(keys, "stream") < disabled).astype(np.int64)
    states = pack(locality=new.locality, source=new.source, need=need, stream=stream, issue=issue)
    return cases_of(families(inputs, key, new.numbers, new.at, states), new.at, CONTACT)


def asylum_seeking(inputs: Inputs, key: int, new: Newcomers) -> Cases:
    """Unaccompanied children: looked after from the day they arrive, with no family here."""
    keys = new.keys(key)
    band = choose(luck.uniforms(keys, "age"), inputs.shares("population.asylum_seeking_age"))
    u = luck.uniforms(keys, "age within band")
    age = AGE_EDGES[band] + u * (AGE_EDGES[band + 1] - AGE_EDGES[band])
    stream = ATTRIBUTES["stream"].index(ASYLUM)
    states = pack(locality=new.locality, source=new.source, need=3, stream=stream)
    alone = families(inputs, key, new.numbers, new.at, states, age)
    return cases_of(alone, new.at, LOOKED_AFTER, child=True)


__all__ = ["arrivals", "monthly_means", "same_arrivals"]
