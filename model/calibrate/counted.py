"""Counts, shares and stocks of the returns in the names of `model.measures`: what a fit aims at.

Each is counted from the records as the measure counts the model's own log: one referral is one
child on one day; a plan or a period of care is one whatever returns tell of it; moves are no
starts. Measures that are counted in families are children over the template's children per
family. Counts below 5 are left out and the others rounded to 5, as published counts are.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.calibrate.bootstrap import sd as spread_of
from model.calibrate.durations import working_days_between
from model.calibrate.entries import ROUNDED_TO, released
from model.calibrate.study import STREAMS, Study
from model.measures import MEASURES
from model.pathway import ATTRIBUTES
from model.returns.chains import Known, ended_of, reassessed
from model.returns.linking import NEVER, NONE, UNKNOWN, Days, Flags, Ints, first_within

Floats = NDArray[np.float64]
TARGET_COLUMNS = (
    "measure",
    "year",
    "period",
    "first",
    "last",
    "complete",
    "value",
    "sd",
    "unit",
)
TWELVE_MONTHS_DAYS = 365
DAYS_45, DAYS_15 = 45, 15
FEWEST_DAYS = 28  # of a year that says anything
LOOK_BACK_DAYS = 120
OTHER_DOORS = ("early_help_door", "moved_in")
DISABLED, ALONE = STREAMS.index("disabled"), STREAMS.index("asylum_seeking")
FOSTER = ("kinship", "in_house_foster", "agency_foster")
HOMES = ("childrens_home", "secure")
PLACEMENT_SHARES: dict[str, tuple[str, ...]] = {
    "placement_share_foster": FOSTER,
    "kinship_share": ("kinship",),
    "placement_share_childrens_home": HOMES,
    "placement_share_supported": ("supported_accommodation",),
    "placement_share_with_parents": ("with_parents",),
}


@dataclass(frozen=True)
class Year:
    """The days of one statistics year that a return speaks of."""

    year: int
    first: int
    last: int
    complete: bool

    @property
    def period(self) -> str:
        """As financial years are named."""
        return f"{self.year - 1}-{self.year % 100:02d}"


@dataclass
class Counting:
    """Collects targets; rows grow as measures are counted."""

    study: Study
    rows: list[dict[str, object]] = field(default_factory=list)

    def add(self, measure: str, year: Year, value: float, sd: float) -> None:
        """One figure."""
        dates = np.array([year.first, year.last]).astype("datetime64[D]")
        self.rows.append(
            {
                "measure": measure,
                "year": year.year,
                "period": year.period,
                "first": pd.Timestamp(dates[0]),
                "last": pd.Timestamp(dates[1]),
                "complete": year.complete,
                "value": value,
                "sd": sd,
                "unit": MEASURES[measure].unit,
            }
        )

    def count(
        self, measure: str, year: Year, child: Ints, scope: str = "referred", per: float = 1.0
    ) -> None:
        """A count of records, one entry of `child` each, over `per`."""
        number = self.study.resamples.counts(child, np.zeros(len(child), np.int64), 1)[:, 0]
        value = released(number[0])
        if not math.isnan(value):
            design = self.study.per_family(scope)
            error = math.hypot(spread_of(number, design), ROUNDED_TO / math.sqrt(12))
            self.add(measure, year, value / per, error / per)

    def share(self, measure: str, year: Year, child: Ints, yes: Flags, scope: str) -> None:
        """A share of records."""
        counts = self.study.resamples.counts(child, yes.astype(np.int64), 2)
        if counts[0].sum() >= ROUNDED_TO * 4:
            with np.errstate(invalid="ignore"):
                shares = counts[:, 1] / counts.sum(axis=1)
            error = spread_of(shares, self.study.per_family(scope))
            floor = 0.5 / counts[0].sum()  # a share of none or of all is not certain
            self.add(measure, year, round(float(shares[0]), 4), max(error, floor))


def years_of(window: tuple[int, int]) -> list[Year]:
    """The statistics years (April to March) that a window touches."""
    first, last = window
    if first == UNKNOWN:
        return []
    ends = np.array([first, last]).astype("datetime64[D]").astype("datetime64[M]").astype(int)
    found = []
    for year in range((ends[0] - 3) // 12 + 1971, (ends[1] - 3) // 12 + 1972):
        start = int(np.datetime64(f"{year - 1}-04-01", "D").astype(int))
        stop = int(np.datetime64(f"{year}-03-31", "D").astype(int))
        begins, finishes = max(start, first), min(stop, last)
        if finishes - begins + 1 >= FEWEST_DAYS:
            found.append(Year(year, begins, finishes, begins == start and finishes == stop))
    return found


def targets(study: Study, contact_unit_families: float) -> pd.DataFrame:
    """Every count, share and stock that the returns give, by statistics year.

    Parameters
    ----------
    contact_unit_families : children that a row of the list of contacts stands for, over children
        of a family: rows are divided by it to count families.

    Returns
    -------
    DataFrame with TARGET_COLUMNS: a name of `model.measures`, the year of the 31 March that ends
    it, the days counted, whether they are the whole year (stocks: whether it is 31 March), value,
    standard deviation and unit. Counts of part of a year are of that part.
    """
    counting = Counting(study)
    _front_door(counting, contact_unit_families)
    _referrals(counting)
    _assessments(counting)
    _enquiries(counting)
    _plans(counting)
    _need(counting)
    _care(counting)
    return pd.DataFrame(counting.rows, columns=list(TARGET_COLUMNS))


def _between(days: Days, year: Year) -> Flags:
    return (days >= year.first) & (days <= year.last)


def _open(began: Days, ended: Days, day: int) -> Flags:
    """Open at the end of a day."""
    return (began <= day) & (ended > day)


def _front_door(counting: Counting, per_family: float) -> None:
    history = counting.study.history
    window = history.cleaned.windows
    stays = history.stays["contact"]
    # A list of contacts is of the front door: the other doors are as in the template.
    by_source = counting.study.template["population.contacts_per_10000"].value
    listed = 1.0 - sum(by_source[door] for door in OTHER_DOORS) / sum(by_source.values())
    for year in years_of(window.get("contacts", (UNKNOWN, UNKNOWN))):
        here = _between(stays.entered, year)
        counting.count("contacts", year, stays.child[here], "contacted", per_family * listed)
        told = here & (stays.entered <= stays.told_until)
        counting.share(
            "contacts_to_referral_share",
            year,
            stays.child[told],
            stays.outcome[told] == "referral",
            "contacted",
        )
    help_stays = history.stays["early_help"]
    children = counting.study.per_family("early_help")
    for year in years_of(window.get("early_help", (UNKNOWN, UNKNOWN))):
        began = _between(help_stays.entered, year)
        name = "early_help_started"
        counting.count(name, year, help_stays.child[began], "early_help", children)


def _referrals(counting: Counting) -> None:
    history = counting.study.history
    rows = history.cleaned["referrals"]
    child, on = rows["child"], rows["on"]
    first = history.cleaned.windows.get("referrals", (UNKNOWN, UNKNOWN))[0]
    _, earlier = first_within(child, on - TWELVE_MONTHS_DAYS, on - 1, child, on)
    for year in years_of(history.cleaned.windows.get("referrals", (UNKNOWN, UNKNOWN))):
        here = _between(on, year)
        counting.count("referrals", year, child[here])
        closed = here & (rows["no_further_action"] == 1)
        if here.any() and (rows["no_further_action"][here] >= 0).mean() > 0.5:
            counting.count("referrals_no_further_action", year, child[closed])
        if year.first - first >= TWELVE_MONTHS_DAYS:
            counting.share(
                "rereferral_share", year, child[here], earlier[here] != NEVER, "referred"
            )


def _assessments(counting: Counting) -> None:
    cleaned = counting.study.history.cleaned
    rows = cleaned["assessments"]
    child, began, done = rows["child"], rows["began_on"], rows["ended_on"]
    referrals = cleaned["referrals"]
    # The latest referral before it starts the clock; its own start does without one, and of a
    # further assessment beside a plan.
    _, back = first_within(
        child, -began, LOOK_BACK_DAYS - began, referrals["child"], -referrals["on"]
    )
    again = reassessed(Known(cleaned, counting.study.history.care))
    clock = np.where((back == NEVER) | again, began, -back)
    for year in years_of(cleaned.windows.get("assessments", (UNKNOWN, UNKNOWN))):
        here = np.flatnonzero(_between(done, year) & (done != UNKNOWN))
        counting.count("assessments", year, child[here])
        quick = working_days_between(clock[here], done[here]) <= DAYS_45
        counting.share("assessments_within_45_share", year, child[here], quick, "referred")


def _enquiries(counting: Counting) -> None:
    cleaned = counting.study.history.cleaned
    rows = cleaned["section_47"]
    child, on, met = rows["child"], rows["on"], rows["conference_on"]
    for year in years_of(cleaned.windows.get("section_47", (UNKNOWN, UNKNOWN))):
        counting.count("section_47_enquiries", year, child[_between(on, year)])
        held = np.flatnonzero(_between(met, year))
        counting.count("initial_conferences", year, child[held])
        clocked = held[(on[held] != UNKNOWN) & (on[held] <= met[held])]
        quick = working_days_between(on[clocked], met[clocked]) <= DAYS_15
        name = "initial_conferences_within_15_share"
        counting.share(name, year, child[clocked], quick, "referred")


def _plans(counting: Counting) -> None:
    study, cleaned = counting.study, counting.study.history.cleaned
    for table, measure in (
        ("protection_plans", "child_protection_plans"),
        ("in_need_plans", "child_in_need_plans"),
    ):
        rows = cleaned[table]
        child, began, ended = rows["child"], rows["began_on"], ended_of(rows)
        counted = np.ones(len(child), bool)
        if table == "in_need_plans":
            counted = study.stream_of(child) != DISABLED
        _spells(counting, table, measure, child[counted], began[counted], ended[counted])


def _spells(
    counting: Counting, table: str, measure: str, child: Ints, began: Days, ended: Days
) -> None:
    """Starts, ends and those open at the end of each year."""
    window = counting.study.history.cleaned.windows.get(table, (UNKNOWN, UNKNOWN))
    for year in years_of(window):
        counting.count(f"{measure}_started", year, child[_between(began, year)])
        counting.count(f"{measure}_ended", year, child[_between(ended, year)])
        counting.count(f"{measure}_open", year, child[_open(began, ended, year.last)])


def _need(counting: Counting) -> None:
    study, cleaned = counting.study, counting.study.history.cleaned
    rows = cleaned["in_need"]
    child, began, ended = rows["child"], rows["began_on"], ended_of(rows)
    disabled = study.stream_of(child) == DISABLED
    for year in years_of(cleaned.windows.get("in_need", (UNKNOWN, UNKNOWN))):
        there = _open(began, ended, year.last)
        counting.count("children_in_need", year, child[there])
        counting.count("disabled_children_in_need", year, child[there & disabled])
        counting.count("children_in_need_started", year, child[_between(began, year)])
        counting.count("children_in_need_ended", year, child[_between(ended, year)])


def _care(counting: Counting) -> None:
    study, care = counting.study, counting.study.history.care
    alone = study.stream_of(care.child) == ALONE
    scope = "care_entry"
    for year in years_of(study.history.cleaned.windows.get("care", (UNKNOWN, UNKNOWN))):
        began, ended = _between(care.began, year), _between(care.ended, year)
        counting.count("looked_after_started", year, care.child[began], scope)
        counting.count("looked_after_ceased", year, care.child[ended], scope)
        moved = _between(care.moved_on, year)
        counting.count("placement_moves", year, care.moved_child[moved], scope)
        there = _open(care.began, care.ended, year.last)
        counting.count("looked_after", year, care.child[there], scope)
        counting.share("asylum_seeking_share", year, care.child[there], alone[there], scope)
        placed = placement_on(study, there, year.last)
        known = np.isin(placed, ATTRIBUTES["placement"])
        for measure, kinds in PLACEMENT_SHARES.items():
            yes = np.isin(placed[known], kinds)
            counting.share(measure, year, care.child[there][known], yes, scope)


def placement_on(study: Study, there: Flags, day: int) -> NDArray[np.object_]:
    """The placement on a day of each period of care open on it."""
    care = study.history.care
    earlier = np.flatnonzero(care.moved_on <= day)  # by child and day: the last one stands
    latest = np.full(len(care.child), NONE)
    latest[care.moved_period[earlier]] = earlier
    if not len(care.moved_to):
        return care.first_placement[there]
    return np.where(latest == NONE, care.first_placement, care.moved_to[latest])[there]
