"""Discount factors: what a pound of a later year is worth in the first.

The method of HM Treasury's Green Book (2026): the first year counts in full, later years by the
social time preference rate, which falls after year 30. Amounts must be in constant prices.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.economics.assumptions import Assumptions

LAST_YEAR_OF_FIRST_RATE = 30


@dataclass(frozen=True)
class Rates:
    """Discount rates, shares per year: to year 30, and from year 31."""

    to_year_30: float
    from_year_31: float

    def factors(self, years: int) -> NDArray[np.float64]:
        """The factor of year 0, 1, 2 and so on; shape (years,).

        >>> Rates(0.035, 0.03).factors(32)[[1, 5, 10, 30, 31]].round(5).tolist()
        [0.96618, 0.84197, 0.70892, 0.35628, 0.3459]
        """
        rates = np.full(max(years - 1, 0), self.to_year_30)
        rates[LAST_YEAR_OF_FIRST_RATE:] = self.from_year_31
        return np.concatenate([[1.0], np.cumprod(1 / (1 + rates))])[:years]


def rates(assumptions: Assumptions) -> Rates:
    """The Green Book's rates."""
    names = ("discounting.to_year_30", "discounting.from_year_31")
    return Rates(*(assumptions.number(name) for name in names))


def sensitivity_rates(assumptions: Assumptions) -> Rates:
    """The Green Book's lower rates, without pure time preference."""
    names = ("discounting.sensitivity_to_year_30", "discounting.sensitivity_from_year_31")
    return Rates(*(assumptions.number(name) for name in names))
