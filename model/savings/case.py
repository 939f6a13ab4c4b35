"""One comparison, priced once: what every table of savings is made of.

Two bases, never mixed. `CASH`: cash of each year at the part of a price that ends with a service,
the financial case of `model.economics`. `CONSTANT`: prices of one year at their average, not
discounted, as `compare.savings`. It draws nothing and runs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model import economics
from model.cases import book_of
from model.economics import AVERAGE, MARGINAL, Assumptions, EconomicCase, FinancialCase, PriceBook
from model.economics.amounts import amounts
from model.economics.cash import cashable
from model.economics.financial import HOLDERS, Priced, case_of_priced, priced
from model.results import Results, Sampling
from model.savings.about import About, about
from model.wording import label

CASH, CONSTANT = "cash", "constant"
BASES = (CASH, CONSTANT)
COUNCIL, EVERYBODY = "the council", "everybody"
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """A comparison, priced.

    Attributes
    ----------
    about : what was asked, in words. basis : cash or constant.
    priced : both runs line by line. financial : what follows by holder and year, on this basis.
    economic : present values by the Green Book, the same whatever the basis.
    """

    about: About
    basis: str
    priced: Priced
    financial: FinancialCase
    economic: EconomicCase

    @property
    def sampling(self) -> Sampling:
        """Which futures were simulated."""
        return self.about.sampling

    @property
    def years(self) -> tuple[str, ...]:
        """Financial years of the run, in order."""
        return self.priced.found.years

    @property
    def says(self) -> str:
        """How money is stated, on one line."""
        if self.basis == CASH:
            return f"cash of each year, {self.priced.price} price of a placement"
        return f"{self.priced.base_year} prices, not discounted"

    @property
    def holders(self) -> list[str]:
        """The council, everybody, and each payer by itself."""
        return list(dict.fromkeys(self.financial.by_year["payer"]))

    def lines_of(self, holder: str) -> NDArray[np.bool_]:
        """Which lines of money a holder bears."""
        return self.priced.found.of_payers(HOLDERS.get(holder, (holder,)))

    def saved(self, holder: str) -> Array:
        """What a holder spends less, GBP; shape (futures, years)."""
        own = self.lines_of(holder)
        return (self.priced.saved[:, own] * self.priced.cash[own]).sum(axis=1)


def case(
    baseline: Results,
    scenario: Results,
    said: About | None = None,
    basis: str = CASH,
    book: PriceBook | None = None,
    assumptions: Assumptions | None = None,
) -> Case:
    """A comparison, priced.

    Parameters
    ----------
    baseline, scenario : of the same futures, with costs and programme.
    said : what was asked; None reads the files (`about`). basis : cash or constant.
    book, assumptions : prices and assumptions of the cases; None reads the files.

    Raises
    ------
    ValueError when the runs did not meet the same families, or for an unknown basis.
    """
    if basis not in BASES:
        raise ValueError(f"basis {basis!r}, none of {', '.join(BASES)}")
    prices, assumed = book or book_of(scenario), assumptions or economics.load()
    pair = (baseline, scenario)
    price = MARGINAL if basis == CASH else AVERAGE
    if basis == CASH:
        both = priced(*pair, prices, assumed, price)
    else:
        found = amounts(*pair)
        flat = np.ones((len(found.lines), len(found.years)))
        banked = cashable(found, found.saved, prices, assumed)
        both = Priced(found, price, prices.base_year, found.saved, flat, banked)
    ranges_say = baseline.sampling.ranges_say
    return Case(
        said or about(scenario),
        basis,
        both,
        case_of_priced(both, ranges_say),
        economics.economic_case(*pair, prices, assumed, MARGINAL),
    )


def holder_label(holder: str) -> str:
    """A budget holder as people say it.

    >>> holder_label("the council"), holder_label("council_childrens_services")
    ('The council', "Council: children's services")
    """
    return label(holder)
