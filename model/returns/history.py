"""One event history out of all returns: what happened to each child, in order.

`history(records)` links the records of several returns. It gives *events* (child, event, on,
detail), *spells* (one row a stay of a child in a stage of `model.pathway`, with how it ended) and
`pathways`, what a person would read out of the files. Children are numbers without meaning.

It lives in memory only: printing it shows counts. It knows no rate and no parameter.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.pathway import STAGE_NAMES, stage_named
from model.returns.care_periods import CarePeriods, care_periods, outcome_by_age
from model.returns.chains import (
    Known,
    Stays,
    assessment_stays,
    contact_stays,
    ended_of,
    plan_stays,
    reassessed,
    referral_stays,
    section_47_stays,
)
from model.returns.cleaned import Cleaned, cleaned
from model.returns.comings_back import return_stays
from model.returns.linking import (
    NEVER,
    NOT_ASKED,
    OPEN,
    TOO_RECENT,
    UNKNOWN,
    Days,
    Ints,
    as_dates,
)
from model.returns.records import Records

DAYS_A_YEAR = 365.25
EVENT_COLUMNS = ("child", "event", "on", "detail")
SPELL_COLUMNS = (
    "child",
    "stage",
    "entered_on",
    "left_on",
    "outcome",
    "next_stage",
    "seen_from",
    "seen_until",
    "told_until",
    "age_at_entry_years",
    "stream",
    "placement",
)
# What the events of a table are called: as it begins (or happens), and as it ends.
NAMES: dict[str, tuple[str, str]] = {
    "contacts": ("contact", ""),
    "early_help": ("early help began", "early help completed"),
    "referrals": ("referral", ""),
    "assessments": ("assessment began", "assessment completed"),
    "section_47": ("section 47 enquiry", ""),
    "in_need": ("in need from", "in need until"),
    "in_need_plans": ("child in need plan began", "child in need plan ended"),
    "protection_plans": ("child protection plan began", "child protection plan ended"),
    "pre_proceedings": ("pre-proceedings began", "pre-proceedings ended"),
}
EARLY_HELP = "early_help"  # assessment and help together: a return does not tell them apart


@dataclass(frozen=True)
class History:
    """The event history of every child in some returns.

    Attributes
    ----------
    events : DataFrame with EVENT_COLUMNS, by child and day.
    stays : by stage (and "early_help", "reassessment"), the stays as arrays.
    cleaned : the records without repeats. care : the periods of being looked after.
    """

    events: pd.DataFrame = field(repr=False)
    stays: dict[str, Stays] = field(repr=False)
    cleaned: Cleaned = field(repr=False)
    care: CarePeriods = field(repr=False)

    def __repr__(self) -> str:
        """Counts alone."""
        counts = {stage: len(stays.child) for stage, stays in self.stays.items()}
        return f"History({len(self.cleaned.birth)} children, {counts})"

    @property
    def last_day(self) -> pd.Timestamp:
        """The latest day that any return speaks of; the day of the extract."""
        days = [last for _, last in self.cleaned.windows.values()]
        return pd.Timestamp(as_dates(np.array([max(days, default=UNKNOWN)]))[0])

    def spells(self) -> pd.DataFrame:
        """One row a stay, with SPELL_COLUMNS: by child and day of entry.

        left_on is NaT while it goes on, and where no return says when it ended; outcome then
        tells which: empty while it goes on. Days are dates; age is in years, NaN where unknown.
        """
        parts = [self._spells_of(stage, stays) for stage, stays in self.stays.items()]
        table = pd.concat(parts, ignore_index=True)
        return table.sort_values(["child", "entered_on"], kind="stable", ignore_index=True)

    def _spells_of(self, stage: str, stays: Stays) -> pd.DataFrame:
        born = self.cleaned.birth[stays.child]
        age = np.where(born == UNKNOWN, np.nan, (stays.entered - born) / DAYS_A_YEAR)
        count = len(stays.child)
        placement = stays.placement if stays.placement is not None else np.full(count, "")
        edges = as_dates(np.array([stays.seen_from, stays.seen_until, stays.told_until]))
        leads = {outcome: next_stage(stage, outcome) for outcome in np.unique(stays.outcome)}
        columns = (
            stays.child,
            np.full(count, stage),
            as_dates(stays.entered),
            as_dates(stays.left),
            stays.outcome,
            np.array([leads[outcome] for outcome in stays.outcome], dtype=object),
            *(np.full(count, edge) for edge in edges),
            age,
            self.cleaned.stream[stays.child],
            placement,
        )
        return pd.DataFrame(dict(zip(SPELL_COLUMNS, columns, strict=True)))


def next_stage(stage: str, outcome: str) -> str:
    """Where an outcome leads in the pathway; empty where a return cannot tell."""
    if stage not in STAGE_NAMES:
        return ""
    if stage == "contact":
        return {
            "referral": "referral",
            "early_help_recommendation": "early_help_offer",
            "advice_only": "return",
        }.get(outcome, "")
    leads = {end.outcome: end.to for end in stage_named(stage).ends}
    return leads.get(outcome, "")


def history(records: Records) -> History:
    """Link the records of one or more returns into one event history."""
    clean = cleaned(records)
    care = care_periods(clean)
    known = Known(clean, care)
    referral, beside = referral_stays(known)
    assessment = assessment_stays(known)
    again = reassessed(known)
    of_referral = ~again
    of_referral[beside] = False
    stays = {
        "contact": contact_stays(known),
        EARLY_HELP: _plain(known, "early_help"),
        "referral": referral,
        "assessment": _chosen(assessment, of_referral),
        "reassessment": _chosen(assessment, again),
        "section_47": section_47_stays(known),
        "child_in_need_plan": plan_stays(known, "in_need_plans"),
        "child_protection_plan": plan_stays(known, "protection_plans"),
        "pre_proceedings": _plain(known, "pre_proceedings"),
        "looked_after": _care_stays(known),
    }
    stays["return"] = return_stays(known, stays)
    return History(_events(clean, care), stays, clean, care)


def _chosen(stays: Stays, chosen: NDArray[np.bool_]) -> Stays:
    return Stays(
        stays.child[chosen],
        stays.entered[chosen],
        stays.left[chosen],
        stays.outcome[chosen],
        stays.seen_from,
        stays.seen_until,
        stays.told_until,
    )


def _plain(known: Known, table: str) -> Stays:
    """Spells of which no return says how they ended."""
    rows = known.cleaned[table]
    left = ended_of(rows)
    outcome = np.where(left == NEVER, OPEN, NOT_ASKED).astype("U32")
    first, last = known.window(table)
    return Stays(rows["child"], rows["began_on"], left, outcome, first, last, last)


def _care_stays(known: Known) -> Stays:
    """Periods of care."""
    care = known.care
    first, last = known.window("care")
    outcome = outcome_by_age(care, known.cleaned.birth).astype("U32")
    return Stays(care.child, care.began, care.ended, outcome, first, last, last, care.placement)


def _events(clean: Cleaned, care: CarePeriods) -> pd.DataFrame:
    """Every event, by child and day."""
    parts: list[tuple[Ints, str, Days, NDArray]] = []
    for table, (begins, ends) in NAMES.items():
        rows = clean[table]
        detail = _details(table, rows)
        on = rows["on"] if "on" in rows else rows["began_on"]
        parts.append((rows["child"], begins, on, detail))
        if ends:
            reason = rows.get("reason", np.full(len(on), "", dtype=object))
            parts.append((rows["child"], ends, rows["ended_on"], reason))
    rows = clean["section_47"]
    blank = np.full(len(rows["child"]), "", dtype=object)
    parts.append((rows["child"], "initial conference", rows["conference_on"], blank))
    parts.append((care.child, "care began", care.began, care.first_placement))
    parts.append((care.moved_child, "moved in care", care.moved_on, care.moved_to))
    parts.append((care.child, "care ended", care.ended, care.outcome.astype(object)))
    return _in_order(parts)


def _details(table: str, rows: dict[str, NDArray]) -> NDArray:
    if table in ("contacts", "referrals"):
        return rows["source"]
    if table == "early_help":
        return rows["lead"]
    if table == "protection_plans":
        return rows["category"]
    return np.full(len(rows["child"]), "", dtype=object)


def _in_order(parts: list[tuple[Ints, str, Days, NDArray]]) -> pd.DataFrame:
    """One table of events, those without a day left out; ties in the order of the pathway."""
    child = np.concatenate([part[0] for part in parts])
    on = np.concatenate([part[2] for part in parts])
    name = np.concatenate([np.full(len(part[0]), k) for k, part in enumerate(parts)])
    detail = np.concatenate([part[3].astype(object) for part in parts])
    kept = np.flatnonzero((on != UNKNOWN) & (on != NEVER))
    order = kept[np.lexsort((name[kept], on[kept], child[kept]))]
    names = np.array([part[1] for part in parts])
    columns = (child[order], names[name[order]], as_dates(on[order]), detail[order])
    return pd.DataFrame(dict(zip(EVENT_COLUMNS, columns, strict=True)))


def pathways(found: History) -> pd.Series:
    """What a person reads out of the files: each child's events in order.

    Returns
    -------
    Series by child of tuples of (event, date).
    """
    dates = found.events["on"].dt.date
    steps = pd.Series(list(zip(found.events["event"], dates, strict=True)), dtype=object)
    return steps.groupby(found.events["child"].to_numpy()).agg(tuple)


__all__ = [
    "NOT_ASKED",
    "OPEN",
    "TOO_RECENT",
    "History",
    "history",
    "next_stage",
    "pathways",
]
