"""What each record led to: the stays of the pathway as a child's records tell them.

One function a stage, in the order of the pathway. Each looks ahead from a record by the windows
of `model.returns.linking` and says how the stay ended. What the window has not yet run out for is
TOO_RECENT; what no return asks is NOT_ASKED; neither is ever counted as "no".

Not known here: need, help offered and declined, waits, and anything about a family.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from model.returns.care_periods import ADULT_DAYS, CarePeriods
from model.returns.cleaned import NO, YES, Cleaned
from model.returns.linking import (
    ASSESSMENT_TO_NEXT_DAYS,
    CONFERENCE_TO_PLAN_DAYS,
    CONTACT_TO_EARLY_HELP_DAYS,
    CONTACT_TO_REFERRAL_DAYS,
    NEVER,
    NONE,
    NOT_ASKED,
    OPEN,
    PLAN_TO_NEXT_DAYS,
    REFERRAL_TO_ASSESSMENT_DAYS,
    SECTION_47_TO_PLAN_DAYS,
    TOO_RECENT,
    UNKNOWN,
    Days,
    Flags,
    Ints,
    first_within,
    open_on,
    open_since,
)

MOVED_AWAY, TO_EARLY_HELP = "RC5", "RC9"
GROWN_UP = "grown_up"  # no outcome of the pathway: children's plans end with childhood
Words = NDArray[np.str_]


@dataclass(frozen=True)
class Stays:
    """Stays of children in one stage.

    Attributes
    ----------
    child, entered, left : NEVER while it goes on, UNKNOWN where no return says when it ended.
    outcome : in the words of the pathway, or OPEN, TOO_RECENT or NOT_ASKED.
    seen_from, seen_until : days between which the returns would have shown such a stay.
    told_until : the last day on which how a stay went on is told for certain: later ends, or for
        decisions later entries, are left out of every share.
    placement : latest placement of stays in care; empty otherwise.
    """

    child: Ints = field(repr=False)
    entered: Days = field(repr=False)
    left: Days = field(repr=False)
    outcome: Words = field(repr=False)
    seen_from: int
    seen_until: int
    told_until: int
    placement: NDArray | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Known:
    """All that the stages look into: records without repeats, and periods of care."""

    cleaned: Cleaned
    care: CarePeriods

    def first(self, table: str, child: Ints, least: Days, most: Days) -> tuple[Ints, Days]:
        """Position and day of the child's first record of a table in the window."""
        if table == "care":
            return first_within(child, least, most, self.care.child, self.care.began)
        rows = self.cleaned[table]
        began = rows["on"] if "on" in rows else rows["began_on"]
        return first_within(child, least, most, rows["child"], began)

    def closed_because(self, reason: str, child: Ints, least: Days, most: Days) -> Flags:
        """Whether an episode of need closed in the window for this reason."""
        rows = self.cleaned["in_need"]
        chosen = np.flatnonzero(rows["reason"].astype(str) == reason)
        ended = rows["ended_on"][chosen]
        return first_within(child, least, most, rows["child"][chosen], ended)[0] != NONE

    def window(self, table: str) -> tuple[int, int]:
        """The days that the returns speak of."""
        return self.cleaned.windows.get(table, (UNKNOWN, UNKNOWN))

    def told(self, days: int, *tables: str) -> int:
        """The last day from which a window of so many days has run out in all these tables."""
        last = self.cleaned.last(*tables)
        return last - days if last != UNKNOWN else UNKNOWN


def ended_of(rows: dict[str, NDArray]) -> Days:
    """When each record's spell ended; NEVER while it goes on."""
    return np.where(rows["ended_on"] == UNKNOWN, NEVER, rows["ended_on"])


def earliest(candidates: list[tuple[str, Days]]) -> tuple[Words, Days]:
    """The candidate that came first, ties to the earlier-listed; OPEN and NEVER where none did."""
    days = np.stack([day for _, day in candidates])
    best = days.argmin(axis=0)
    first = days.min(axis=0)
    names = np.array([name for name, _ in candidates], dtype="U32")[best]
    return np.where(first == NEVER, OPEN, names), first


def contact_stays(known: Known) -> Stays:
    """Contacts: to a referral, to early help, or neither."""
    rows = known.cleaned["contacts"]
    child, on = rows["child"], rows["on"]
    _, referral = known.first("referrals", child, on, on + CONTACT_TO_REFERRAL_DAYS)
    _, help_began = known.first("early_help", child, on, on + CONTACT_TO_EARLY_HELP_DAYS)
    outcome, left = earliest([("referral", referral), ("early_help_recommendation", help_began)])
    told = known.told(CONTACT_TO_REFERRAL_DAYS, "contacts", "referrals")
    if known.cleaned.has("early_help"):
        told = min(told, known.told(CONTACT_TO_EARLY_HELP_DAYS, "contacts", "early_help"))
    none_seen = outcome == OPEN
    outcome = _where_none(outcome, none_seen, on <= told, "advice_only", told != UNKNOWN)
    left = np.where(none_seen, on, left)
    return Stays(child, on, left, outcome, *known.window("contacts"), told)


def _where_none(
    outcome: Words, none_seen: Flags, old_enough: Flags, words: str, asked: bool
) -> Words:
    """What stands where nothing followed: the outcome of nothing, too recent, or never asked."""
    nothing = np.where(old_enough, words, TOO_RECENT) if asked else NOT_ASKED
    return np.where(none_seen, nothing, outcome)


def referral_stays(known: Known) -> tuple[Stays, Ints]:
    """Referrals: closed, to an enquiry straight away, or to an assessment.

    An enquiry that began before the assessment was completed came straight from the referral. A
    referral that the return says was taken on, without either in the window, went to an
    assessment that came late; one of which nothing is said was closed.

    Returns
    -------
    The stays, and the positions of the assessments beside an enquiry straight from a referral.
    """
    rows = known.cleaned["referrals"]
    child, on, closed = rows["child"], rows["on"], rows["no_further_action"]
    until = on + REFERRAL_TO_ASSESSMENT_DAYS
    position, assessed = known.first("assessments", child, on, until)
    _, enquiry = known.first("section_47", child, on, until)
    completed = ended_of(known.cleaned["assessments"])
    finished = completed[position] if len(completed) else np.full(len(on), NEVER)
    straight = (enquiry != NEVER) & ((assessed == NEVER) | (enquiry < finished))
    told = known.told(REFERRAL_TO_ASSESSMENT_DAYS, "referrals", "assessments", "section_47")
    outcome = np.select(
        [closed == YES, straight, assessed != NEVER],
        ["no_further_action", "strategy_discussion", "assessment"],
        OPEN,
    ).astype("U32")
    nothing = np.where(closed == NO, "assessment", "no_further_action")
    none_seen = outcome == OPEN
    settled = np.where(none_seen & (on <= told), nothing, outcome)
    outcome = _where_none(settled, settled == OPEN, on <= told, OPEN, told != UNKNOWN)
    left = np.select([closed == YES, straight, assessed != NEVER], [on, enquiry, assessed], UNKNOWN)
    beside = np.unique(position[straight & (closed != YES) & (position != NONE)])
    return Stays(child, on, left, outcome, *known.window("referrals"), told), beside


def reassessed(known: Known) -> Flags:
    """Which assessments look again at a child whose plan is open: no referral since led there."""
    rows = known.cleaned["assessments"]
    child, began = rows["child"], rows["began_on"]
    found = np.zeros(len(child), bool)
    for table in ("in_need_plans", "protection_plans"):
        plans = known.cleaned[table]
        since = open_since(child, began, plans["child"], plans["began_on"], ended_of(plans))
        _, referred = known.first("referrals", child, since + 1, began)
        found |= (since != NEVER) & (referred == NEVER)
    return found


def assessment_stays(known: Known) -> Stays:
    """Assessments: to care, an enquiry, a plan, early help, or not in need."""
    rows = known.cleaned["assessments"]
    child, began, completed = rows["child"], rows["began_on"], ended_of(rows)
    until = np.where(completed == NEVER, NEVER, completed + ASSESSMENT_TO_NEXT_DAYS)
    _, care = known.first("care", child, began, until)
    _, enquiry = known.first("section_47", child, began, until)
    _, protection = known.first("protection_plans", child, began, until)
    _, plan = known.first("in_need_plans", child, began, until)
    _, help_began = known.first("early_help", child, completed, until)
    handed = known.closed_because(TO_EARLY_HELP, child, completed - PLAN_TO_NEXT_DAYS, until)
    help_began = np.where(handed, np.minimum(completed, help_began), help_began)
    outcome, _ = earliest(
        [
            ("care_entry", care),
            ("section_47", np.minimum(enquiry, protection)),
            ("child_in_need_plan", plan),
            ("early_help", help_began),
        ]
    )
    told = known.told(ASSESSMENT_TO_NEXT_DAYS, "assessments", "section_47", "care", "in_need_plans")
    done = completed != NEVER
    outcome = _where_none(
        outcome, done & (outcome == OPEN), completed <= told, "not_in_need", told != UNKNOWN
    )
    outcome = np.where(done, outcome, OPEN)
    return Stays(child, began, completed, outcome, *known.window("assessments"), told)


def section_47_stays(known: Known) -> Stays:
    """Enquiries: to care, a protection plan, a conference without one, a plan, or none.

    A conference that stands without its enquiry counts from the day on which it was held.
    """
    rows = known.cleaned["section_47"]
    child, conference = rows["child"], rows["conference_on"]
    on = np.where(rows["on"] == UNKNOWN, conference, rows["on"])
    met = np.where(conference == UNKNOWN, NEVER, conference)
    until = on + SECTION_47_TO_PLAN_DAYS
    _, care = known.first("care", child, on, until)
    _, after = known.first("protection_plans", child, on, until)
    from_conference = np.where(met == NEVER, UNKNOWN, met)
    until_met = np.where(met == NEVER, UNKNOWN, met + CONFERENCE_TO_PLAN_DAYS)
    _, after_met = known.first("protection_plans", child, from_conference, until_met)
    protection = np.minimum(after, after_met)
    said = (rows["plan"] == YES) & (protection == NEVER) & (met != NEVER)
    protection = np.where(said, met, protection)
    outcome, left = earliest([("care_entry", care), ("child_protection_plan", protection)])
    without = (outcome == OPEN) & (met != NEVER)
    outcome = np.where(without, "conference_without_plan", outcome)
    left = np.where(without, met, left)
    _, plan = known.first("in_need_plans", child, on, until)
    plans = known.cleaned["in_need_plans"]
    goes_on = open_on(child, until, plans["child"], plans["began_on"], ended_of(plans))
    supported = (outcome == OPEN) & ((plan != NEVER) | goes_on)
    outcome = np.where(supported, "child_in_need_plan", outcome)
    told = known.told(SECTION_47_TO_PLAN_DAYS, "section_47", "protection_plans", "care")
    too_soon = without & (on > told) & (rows["plan"] != NO)
    outcome = np.where(too_soon, TOO_RECENT, outcome)
    none_seen = outcome == OPEN
    outcome = _where_none(outcome, none_seen, on <= told, "not_substantiated", told != UNKNOWN)
    left = np.where(left == NEVER, np.where(plan != NEVER, plan, UNKNOWN), left)
    return Stays(child, on, left, outcome, *known.window("section_47"), told)


def plan_stays(known: Known, table: str) -> Stays:
    """Child in need or child protection plans: what came first of all that can end them."""
    rows = known.cleaned[table]
    child, began, ended = rows["child"], rows["began_on"], ended_of(rows)
    until = np.where(ended == NEVER, NEVER, ended + PLAN_TO_NEXT_DAYS)
    _, care = known.first("care", child, began, until)
    _, court = known.first("pre_proceedings", child, began, until)
    candidates = [("care_entry", care), ("pre_proceedings", court)]
    tables = [table, "care"]
    closing = "steps_down"
    if table == "in_need_plans":
        _, enquiry = known.first("section_47", child, began + 1, until)
        _, protection = known.first("protection_plans", child, began + 1, until)
        candidates.append(("section_47", np.minimum(enquiry, protection)))
        tables += ["section_47", "protection_plans"]
        closing = "closes"
    outcome, left = earliest(
        [(name, np.where(day == NEVER, NEVER, np.minimum(day, ended))) for name, day in candidates]
        + [(closing, ended)]
    )
    last = outcome == closing
    near = until + PLAN_TO_NEXT_DAYS
    away = last & known.closed_because(MOVED_AWAY, child, ended - PLAN_TO_NEXT_DAYS, near)
    outcome = np.where(away, "moves_away", outcome)
    if table == "in_need_plans":
        soon = np.where(ended == NEVER, NEVER, ended + CONTACT_TO_EARLY_HELP_DAYS)
        handed = last & ~away & (known.first("early_help", child, ended, soon)[1] != NEVER)
        outcome = np.where(handed, "step_down", outcome)
    born = known.cleaned.birth[child]
    adult = (born != UNKNOWN) & (left != NEVER) & (left - born >= ADULT_DAYS)
    outcome = np.where(adult, GROWN_UP, outcome)
    told = known.told(PLAN_TO_NEXT_DAYS, *tables)
    outcome = np.where((outcome == closing) & (left > told), TOO_RECENT, outcome)
    return Stays(child, began, left, outcome, *known.window(table), told)
