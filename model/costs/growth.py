"""Real growth of placement prices: how much faster they may rise than prices at large.

A named assumption of `parameters/prices.toml`, applied nowhere unless it is asked for. It knows
no episode and no saving.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from model import root as project
from model.costs.prices import FILE, GROWTH, financial_year, first_day
from model.errors import InputError, Where
from model.parameters.evidence import (
    Evidence,
    check_evidence,
    check_in_range,
    check_keys,
    check_number,
    check_texts,
    read_toml,
    sources,
)

CENTRAL, LOW, HIGH = "central", "low", "high"
KEYS: tuple[str, ...] = (
    "costs",
    "yearly_rate",
    "from_year",
    "grade",
    "source",
    "uncertainty",
    "note",
)


@dataclass(frozen=True)
class Rate:
    """How fast the price of some costs rises beyond general inflation.

    Attributes
    ----------
    name : the entry of the file. costs : names in unit_costs.toml.
    yearly, low, high : share a year. from_year : the last year of which the price is known.
    evidence : what stands behind it.
    """

    name: str
    costs: tuple[str, ...]
    yearly: float
    low: float
    high: float
    from_year: str
    evidence: Evidence


@dataclass(frozen=True)
class Growth:
    """Real growth of prices by cost; a cost that is not named grows as prices at large.

    Attributes
    ----------
    rates : by name of the entry.
    """

    rates: Mapping[str, Rate]

    def rate_of(self, cost: str) -> Rate | None:
        """The rate that holds for a cost of the current set; None where none is stated."""
        return next((rate for rate in self.rates.values() if cost in rate.costs), None)

    def factor(self, cost: str, year: str, at: str = CENTRAL) -> float:
        """What a real price is multiplied by in a later year; 1 up to the year of the price.

        Parameters
        ----------
        cost : name of a unit cost. year : financial year, such as "2027-28".
        at : central, low or high: which end of the range.

        Raises
        ------
        InputError for what is no financial year.
        """
        opens = first_day(year)
        rate = self.rate_of(cost)
        if rate is None:
            return 1.0
        yearly = {CENTRAL: rate.yearly, LOW: rate.low, HIGH: rate.high}[at]
        return (1 + yearly) ** float(max(0, opens.year - first_day(rate.from_year).year))


def load_growth(root: str | Path | None = None) -> Growth:
    """The growth of placement prices in parameters/prices.toml, checked.

    Raises
    ------
    InputError
        For a missing or unknown key, a rate outside its range, a cost named twice.
    """
    folder = project.find(root)
    where = Where(f"{project.PARAMETERS}/{FILE}", GROWTH)
    known = sources(folder)
    tables = read_toml(folder / project.PARAMETERS / FILE, folder).get(GROWTH, {})
    rates: dict[str, Rate] = {}
    for name, table in tables.items():
        here = where.at(name)
        entry = check_keys(table, here, KEYS)
        evidence = check_evidence(entry, here, known)
        yearly = check_number(entry["yearly_rate"], here.at("yearly_rate"), -0.5)
        check_in_range(evidence.uncertainty, [yearly], here.at("uncertainty"))
        costs = check_texts(entry["costs"], here.at("costs"))
        for other in rates.values():
            for cost in set(costs) & set(other.costs):
                raise InputError(here.at("costs"), f"{cost}, also in {other.name}", "each once")
        first = financial_year(first_day(entry["from_year"], here.at("from_year")))
        ends = evidence.uncertainty
        rates[name] = Rate(name, costs, yearly, ends.low, ends.high, first, evidence)
    return Growth(rates)
