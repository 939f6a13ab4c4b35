"""Families known but not helped, as a child's records tell them: who comes back, and when.

Built from the stays of the other stages. Only children who stand in a list of contacts before
they leave are followed, because only they would be seen to come back.

Not known here: help declined or completed, and a brother's or sister's contact.
"""

from __future__ import annotations

import numpy as np

from model.returns.chains import GROWN_UP, Known, Stays, ended_of
from model.returns.linking import NEVER, OPEN, UNKNOWN, Days, Ints, first_within, open_on

ADULT_DAYS = round(18 * 365.25)
# Which outcome of which stage leaves a family known but not helped.
LEAVES: dict[str, tuple[tuple[str, ...], str]] = {
    "contact": (("advice_only",), "advice"),
    "referral": (("no_further_action",), "no_further_action"),
    "assessment": (("not_in_need",), "not_in_need"),
    "child_in_need_plan": (("closes",), "plan_closed"),
    "looked_after": (("returns_home",), "care_ended"),
}


def return_stays(known: Known, stays: dict[str, Stays]) -> Stays:
    """Times between leaving and the next contact; `placement` holds what was left from."""
    contacts = known.cleaned["contacts"]
    first, last = known.window("contacts")
    parts = [
        _left_from(stays[stage], outcomes, words) for stage, (outcomes, words) in LEAVES.items()
    ]
    child = np.concatenate([part[0] for part in parts])
    left = np.concatenate([part[1] for part in parts])
    words = np.concatenate([np.full(len(part[0]), part[2], dtype=object) for part in parts])
    long_before = np.full(len(child), first)
    _, seen = first_within(child, long_before, left, contacts["child"], contacts["on"])
    kept = (left != UNKNOWN) & (seen != NEVER) & ~_in_need(known, child, left)
    child, left, words = child[kept], left[kept], words[kept]
    _, back = first_within(
        child, left + 1, np.full(len(child), last), contacts["child"], contacts["on"]
    )
    _, care = known.first("care", child, left + 1, np.full(len(child), last))
    born = known.cleaned.birth[child]
    grown_up = np.where(born == UNKNOWN, NEVER, born + ADULT_DAYS)
    back, care = (np.where(on < grown_up, on, NEVER) for on in (back, care))
    outcome = np.where(care < back, "care_entry", np.where(back < NEVER, "comes_back", OPEN))
    outcome = np.where((outcome == OPEN) & (grown_up <= last), GROWN_UP, outcome)
    return Stays(
        child,
        left,
        np.minimum(np.minimum(back, care), grown_up),
        outcome.astype("U32"),
        first,
        last,
        min(last, known.window("care")[1]) if known.cleaned.has("care") else last,
        words,
    )


def _left_from(stays: Stays, outcomes: tuple[str, ...], words: str) -> tuple[Ints, Days, str]:
    chosen = np.isin(stays.outcome, outcomes) & (stays.left != NEVER)
    return stays.child[chosen], stays.left[chosen], words


def _in_need(known: Known, child: Ints, left: Days) -> np.ndarray:
    """Whether an assessment, a plan or care goes on the day after leaving."""
    found = np.zeros(len(child), bool)
    for table in ("assessments", "in_need_plans", "protection_plans"):
        rows = known.cleaned[table]
        found |= open_on(child, left + 1, rows["child"], rows["began_on"], ended_of(rows))
    care = known.care
    return found | open_on(child, left + 1, care.child, care.began, care.ended)
