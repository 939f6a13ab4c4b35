"""What the council saves in each future, on the basis of money that is asked for.

`savings.CASH` as the financial case counts it, `savings.CONSTANT` in prices of one year. It runs
nothing.
"""

from __future__ import annotations

from model import economics
from model.cases import book_of
from model.compare import COUNCIL
from model.economics import MARGINAL, PriceBook
from model.economics.financial import priced
from model.how_sure.one_way import Array, Saving, saving_of_council
from model.results import Results
from model.savings.case import BASES, CASH


def saving_on(basis: str) -> Saving:
    """A function of two results that gives the council's saving over the run, by future.

    Parameters
    ----------
    basis : one of `savings.BASES`.

    Raises
    ------
    ValueError for another basis.
    """
    if basis not in BASES:
        raise ValueError(f"basis {basis!r}, none of {', '.join(BASES)}")
    return _InCash() if basis == CASH else saving_of_council


class _InCash:
    """Cash of each year at the part of a price that ends; the files are read once."""

    def __init__(self) -> None:
        self.book: PriceBook | None = None
        self.assumed = economics.load()

    def __call__(self, baseline: Results, scenario: Results) -> Array:
        """The saving of each future."""
        self.book = self.book or book_of(scenario)
        both = priced(baseline, scenario, self.book, self.assumed, MARGINAL)
        own = both.found.of_payers(COUNCIL)
        found: Array = (both.saved[:, own] * both.cash[own]).sum(axis=(1, 2))
        return found
