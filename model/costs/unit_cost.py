"""A unit cost: the price of one thing, and the words in which it is stated.

The module holds no price, reads no file and counts no episode.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from model.costs.prices import Deflator
from model.parameters.evidence import Evidence

ENGLAND = "england"

EACH_WEEK, EACH_START, EACH_END, EACH_OUTCOME, NOT_ATTACHED = (
    "each week open",
    "each stay started",
    "each stay ended",
    "each outcome",
    "not attached",
)
UNITS: dict[str, tuple[str, ...]] = {
    EACH_WEEK: ("GBP per week", "GBP per month", "GBP per year"),
    EACH_START: ("GBP per stay",),
    EACH_END: ("GBP per stay",),
    EACH_OUTCOME: ("GBP per event",),
    NOT_ATTACHED: (
        "GBP per event",
        "GBP per visit",
        "GBP per ten sessions",
        "GBP per week",
        "GBP per six months",
        "GBP per year",
        "GBP per case",
        "GBP over a lifetime",
    ),
}
# The outturn's own convention: a year has 365 days.
WEEKS_IN: dict[str, float] = {
    "GBP per week": 1.0,
    "GBP per month": 365 / 12 / 7,
    "GBP per year": 365 / 7,
}
COUNTED: tuple[str, ...] = ("family", "child")
PAYERS: tuple[str, ...] = (
    "council_childrens_services",
    "council_other",
    "health",
    "police",
    "schools",
    "justice",
    "housing",
    "central_government",
)
SOCIETY = "society"  # nobody's budget, or a sum over budgets that its source does not split
INCOME = "income"
KINDS: tuple[str, ...] = ("fiscal", "economic", "social", INCOME)
OVER_YEAR, OVER_LIFETIME = "year", "lifetime"

# What an ended cost is worth in cash; the cases of `model.economics` go by these names.
PURCHASED, POSTS, IN_HOUSE, NOT_CASHABLE, OPEN_INCOME, RING_FENCED = (
    "cashable when it ends",
    "whole posts",
    "hardly",
    "not cashable",
    "income",
    "ring-fenced income",
)
CASHABILITY: dict[str, str] = {
    PURCHASED: "Bought one by one: the price is no longer paid from the day on which it ends",
    POSTS: "Staff time: cash only in whole posts, after a notice period",
    IN_HOUSE: "The council's own capacity: it is there with one child fewer, and hardly saves",
    NOT_CASHABLE: "No budget falls: time or harm set free, a partner's post, or a zero by decision",
    OPEN_INCOME: "Money received, free to use: lost with the case that it is paid for",
    RING_FENCED: "Money received for one purpose: lost with the case, and never bankable",
}

NOT_IN_LOG = ("age",)  # worked out from the birth, and so in no row's attributes


@dataclass(frozen=True)
class MarginalShare:
    """The part of an average price that ends when one week less is used.

    Attributes
    ----------
    value, low, high : 0 to 1. grade, sources, note : what stands behind it.
    """

    value: float
    low: float
    high: float
    grade: str
    sources: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class UnitCost:
    """The price of one thing, as its source states it.

    Attributes
    ----------
    name : the key in the file.
    stages : the stages that it prices; none where it is not attached.
    when : each week open, each stay started, each stay ended, each outcome; not attached for a
        price that is kept but counted nowhere.
    only : attribute values that it is confined to; empty for all rows of the stages.
    outcomes : the outcomes that it prices, for "each outcome".
    counted : "family" (one price a case) or "child" (one for each child).
    gbp_published : GBP in `evidence.unit`, in prices of `evidence.price_year`; never negative.
    area : whose figure it is, the area's own or england.
    share : the part of the published figure that is counted, such as how often a thing happens.
    children_per_case : how many children one published unit covers.
    payer, kind, cashability : who pays (of income: who gets it), fiscal or not, and what a saving
        of it is worth in cash (`CASHABILITY`).
    evidence : unit, price year, grade, sources, uncertainty, note.
    reason : why it is zero by decision, or not attached; empty for a price.
    paid_by : of income, who pays it.
    over : "year" where it falls in the year counted; "lifetime" where it is a sum over a life.
    marginal : the part that ends with one week less; None where the source tells none.
    """

    name: str
    stages: tuple[str, ...]
    when: str
    only: Mapping[str, tuple[str, ...]]
    outcomes: tuple[str, ...]
    counted: str
    gbp_published: float
    area: str
    share: float
    children_per_case: float
    payer: str
    kind: str
    cashability: str
    evidence: Evidence
    reason: str = ""
    paid_by: str = ""
    over: str = OVER_YEAR
    marginal: MarginalShare | None = None

    def gbp_per_unit(self, deflator: Deflator, base_year: str) -> float:
        """GBP for each week, stay or outcome counted, in prices of the base year."""
        per_unit = self.gbp_published * self.share / self.children_per_case
        per_unit /= WEEKS_IN.get(self.evidence.unit, 1.0) if self.when == EACH_WEEK else 1.0
        return deflator.to_prices(per_unit, self.evidence.price_year, base_year)

    @property
    def is_income(self) -> bool:
        """Whether it is money that the payer receives."""
        return self.kind == INCOME

    @property
    def published_range(self) -> tuple[float, float]:
        """Low and high of the published figure; the figure itself, twice, where it is fixed."""
        ends = self.evidence.uncertainty
        if ends.distribution == "fixed":
            return self.gbp_published, self.gbp_published
        scale = self.gbp_published if ends.relative else 1.0
        return ends.low * scale, ends.high * scale
