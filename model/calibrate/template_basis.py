"""What a template is made from: the base, the council's figures, and how the two compare.

It moves nothing; `template_parts` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from model.calibrate.known_figures import (
    POPULATION,
    KnownFigures,
    asylum_start_share,
    mean_growth,
    relative,
)
from model.parameters import Parameters

FACTOR = (0.25, 4.0)  # no part moves further from the base than this


@dataclass(frozen=True)
class Basis:
    """What a template is made from.

    Attributes
    ----------
    base : parameters that are moved. reference : published figures that they were fitted to.
    own : the council's figures, cut to what is known. national : England's, as far as known.
    start_year : the run starts on the day after the 31 March of this year.
    """

    base: Parameters
    reference: KnownFigures
    own: KnownFigures
    national: KnownFigures | None
    start_year: int

    def relative(self, measure: str, over: str = "") -> float:
        """The council's figure over the base's own, within limits; 1 where unknown."""
        return float(np.clip(relative(self.own, self.reference, measure, over), *FACTOR))

    def value(self, name: str) -> Any:
        """The base's value of a parameter."""
        return self.base[name].value

    def children(self) -> float:
        """Children aged 0 to 17 in the first year of the run."""
        known = self.own.at(POPULATION, self.start_year + 1)
        if np.isfinite(known):
            return known
        grown = 1 + mean_growth(self.own)
        return self.own.at(POPULATION, self.start_year) * grown

    def size(self) -> float:
        """Demand of the council over that of the base."""
        children = self.children() / float(self.value("population.children_0_17"))
        return children * self.relative("referrals", POPULATION)

    def care(self) -> float:
        """Ordinary care entries per enquiry and referral, over the base's."""
        asylum = [asylum_start_share(one, self.national) for one in (self.own, self.reference)]
        ordinary = (1 - asylum[0]) / (1 - asylum[1]) if np.isfinite(asylum).all() else 1.0
        starts = relative(self.own, self.reference, "looked_after_started", "referrals")
        enquiries = relative(self.own, self.reference, "section_47_enquiries", "referrals")
        return float(np.clip(starts * ordinary / np.sqrt(enquiries), *FACTOR))
