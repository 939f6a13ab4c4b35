"""Which referrals are re-referrals: the family was referred before, within twelve months.

The log knows the referrals of the run. For a family that was there before the run started and
has not been referred since, it knows only where the family stood on day 0 and for how long. How
long before that the last referral was, it learns from families of the run: among stays of the
same kind that began after the first year, how many had been referred how long before. So such a
referral counts as the *share* of a re-referral that it most likely was, and the first year of a
run is on the same footing as the later ones.

Not known here: referrals to another council, and a family that is the same under another name.
"""

from __future__ import annotations

import numpy as np

from model.episodes import CASES_PER_FAMILY, STAGE_CODE
from model.measures.linked_log import Ints, LinkedLog
from model.measures.tallies import CountsWorkingDays, Floats, codes_of, spent_before
from model.pathway import ATTRIBUTES, PATHWAY, RETURN, STAGE_NAMES

TWELVE_MONTHS_MINUTES = 365 * 24 * 60
# Below this many observed stays of a kind, a share learnt from them says too little.
FEWEST_STAYS = 30
# Where too few were observed: families last known to social care are taken to have been referred
# as the stay began, or as they left; other families never.
KNOWN_TO_SOCIAL_CARE = ("no_further_action", "not_in_need", "plan_closed", "care_ended")
AFTER_REFERRAL = ("assessment", "child_in_need_plan", "section_47", "child_protection_plan")
NOT_LATELY = np.iinfo(np.int64).max // 4


def rereferrals(linked_log: LinkedLog, calendar: CountsWorkingDays) -> tuple[Ints, Floats]:
    """Referrals that began in the run, and how far each is a re-referral.

    Returns
    -------
    row : int64, the first row of each referral that began in the run.
    share : float64, same shape: 1 when an earlier referral of the family began within twelve
        months before; 0 when none did; in between for families not referred since before day 0.
    """
    row, family, since = _since_last_referral(linked_log, calendar)
    stage = linked_log.stage[row]
    begins = ~linked_log.continued[row] & ~linked_log.open_at_start[row]
    is_referral = begins & (stage == STAGE_CODE["referral"])
    share = (since <= TWELVE_MONTHS_MINUTES).astype(np.float64)
    first = np.flatnonzero(linked_log.open_at_start[row])
    first_of_family = np.full(int(family.max(initial=0)) + 1, -1)
    first_of_family[family[first]] = first
    opening = first_of_family[family]
    unknown = np.flatnonzero(is_referral & (since == NOT_LATELY) & (opening >= 0))
    start = linked_log.start[row]
    kind = _kind_of_stay(linked_log, row)
    spent, _ = spent_before(linked_log, calendar, row[opening[unknown]])
    elapsed = start[unknown] + np.rint(spent).astype(np.int64)
    fresh = begins & (linked_log.spent[row] == 0)  # not a stay that goes on under another plan
    observed = fresh & (start >= TWELVE_MONTHS_MINUTES) & ~is_referral
    share[unknown] = _chances(
        kind[opening[unknown]], TWELVE_MONTHS_MINUTES - elapsed, kind[observed], since[observed]
    )
    return row[is_referral], share[is_referral]


def _since_last_referral(
    linked_log: LinkedLog, calendar: CountsWorkingDays
) -> tuple[Ints, Ints, Ints]:
    """The families' rows by family and time, and the minutes since the last referral before each.

    Returns the row, its family, and minutes (NOT_LATELY where the log knows of none).
    """
    rows = max(len(linked_log.start), 1)
    is_family = linked_log.case % CASES_PER_FAMILY == 0
    chosen = np.flatnonzero(is_family & (linked_log.stage < len(PATHWAY)))
    family, row = np.divmod(np.sort(linked_log.family[chosen] * rows + chosen), rows)
    start = linked_log.start[row]
    began = start - np.rint(spent_before(linked_log, calendar, row)[0]).astype(np.int64)
    referral = linked_log.stage[row] == STAGE_CODE["referral"]
    earliest = int(began.min(initial=0))
    span = int(start.max(initial=0)) - earliest + 2
    mark = np.where(referral & ~linked_log.continued[row], family * span + began - earliest + 1, 0)
    latest = np.maximum.accumulate(mark)[:-1] if len(mark) else mark
    last = np.append(0, latest)[: len(row)]
    known = (last > family * span) & (last // span == family)
    since = np.where(known, start - (last - family * span + earliest - 1), NOT_LATELY)
    return row, family, since


def _kind_of_stay(linked_log: LinkedLog, row: Ints) -> Ints:
    """A number for the stage, and for families who left also for how they left."""
    left_from = codes_of(linked_log, "left_from")[row]
    returns = linked_log.stage[row] == STAGE_CODE[RETURN]
    return np.where(returns, len(STAGE_NAMES) + left_from, linked_log.stage[row])


def _chances(kind: Ints, within: Ints, observed_kind: Ints, observed_since: Ints) -> Floats:
    """The share of observed stays of each kind that began within so long after a referral."""
    chance = np.zeros(len(kind))
    for number in np.unique(kind):
        here = kind == number
        since = np.sort(observed_since[observed_kind == number])
        if len(since) >= FEWEST_STAYS:
            chance[here] = np.searchsorted(since, within[here], side="right") / len(since)
        else:
            chance[here] = (within[here] >= 0) & _lately_referred(int(number))
    return chance


def _lately_referred(kind: int) -> bool:
    """Whether stays of a kind are taken to begin with a referral where none were observed."""
    if kind < len(STAGE_NAMES):
        return STAGE_NAMES[kind] in AFTER_REFERRAL
    return ATTRIBUTES["left_from"][kind - len(STAGE_NAMES)] in KNOWN_TO_SOCIAL_CARE
