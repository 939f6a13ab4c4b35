"""What the cases need to know of each price: its part that ends, its growth, its evidence.

Made from unit costs, partner costs and a scenario's programme. It counts nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from model.costs.unit_costs import UnitCosts
from model.errors import InputError, Where, unknown
from model.scenarios import Scenario
from model.scenarios.programme_costs import ProgrammeCost

YEAR, LIFETIME = "year", "lifetime"


class PriceLevels(Protocol):
    """Price levels by financial year; only ratios have a meaning."""

    def level(self, year: str) -> float:
        """The level of a financial year, published or forecast."""
        ...


@dataclass(frozen=True)
class Facts:
    """What is known of one price.

    Attributes
    ----------
    grade : of its evidence. price_year : of its source.
    marginal_share : of the average price, that ends when one unit less is used.
    over : "year", or "lifetime" for a sum over a life, which no case adds.
    """

    grade: str
    price_year: str
    marginal_share: float = 1.0
    over: str = YEAR


def no_growth(_cost: str, _year: str) -> float:
    """Prices that rise with general inflation only."""
    return 1.0


@dataclass(frozen=True)
class PriceBook:
    """What the cases need to know of every price.

    Attributes
    ----------
    base_year : of the results' constant prices.
    levels : general price levels.
    costs, programme : by name.
    effect_grade : of the evidence that the scenario works.
    growth : real growth of a price (cost, financial year) since the base year, as a factor.
    """

    base_year: str
    levels: PriceLevels
    costs: Mapping[str, Facts]
    programme: Mapping[str, Facts] = field(default_factory=dict)
    effect_grade: str = ""
    growth: Callable[[str, str], float] = no_growth

    def of_cost(self, name: str) -> Facts:
        """What is known of a unit cost.

        Raises
        ------
        InputError for a cost that is in no set of this book.
        """
        if name not in self.costs:
            raise unknown(Where("the price book"), name, self.costs, "cost")
        return self.costs[name]

    def of_programme(self, name: str) -> Facts:
        """What is known of a programme cost."""
        if name not in self.programme:
            raise unknown(Where("the price book"), name, self.programme, "programme cost")
        return self.programme[name]

    def inflation(self, year: str) -> float:
        """The general price level of a year over that of the base year."""
        return self.levels.level(year) / self.levels.level(self.base_year)


def price_book(
    unit_costs: UnitCosts,
    scenario: Scenario | None = None,
    partner_costs: UnitCosts | None = None,
    base_year: str = "",
    growth: Callable[[str, str], float] = no_growth,
) -> PriceBook:
    """The price book of a comparison.

    Parameters
    ----------
    unit_costs : the set that both runs were priced with. partner_costs : the set beside it.
    scenario : whose programme and evidence; None for a comparison without a programme.
    base_year : of the results; empty for the deflator's own.
    growth : real growth of a price (cost, financial year) since the base year, as a factor.

    Raises
    ------
    InputError
        When two sets price something of the same name.
    """
    facts: dict[str, Facts] = {}
    for one in filter(None, (unit_costs, partner_costs)):
        for name, cost in one.costs.items():
            if name in facts:
                raise InputError(Where(one.file, name), "a cost of both sets", "each cost once")
            facts[name] = Facts(
                cost.evidence.grade,
                cost.evidence.price_year,
                one.marginal_share(name),
                cost.over,
            )
    return PriceBook(
        base_year or unit_costs.deflator.base_year,
        unit_costs.deflator,
        facts,
        programme_facts(scenario.programme_costs if scenario else ()),
        scenario.evidence if scenario else "",
        growth,
    )


def programme_facts(records: Iterable[ProgrammeCost]) -> dict[str, Facts]:
    """What is known of a programme's costs, by name."""
    return {one.name: Facts(one.grade, one.price_year) for one in records}
