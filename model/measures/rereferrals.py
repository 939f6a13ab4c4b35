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

from model.episodes import BITS_PER_ATTRIBUTE, CASES_PER_FAMILY, STAGE_CODE
from model.measures.linked_log import Flags, Ints, LinkedLog
from model.measures.tallies import CountsWorkingDays, Floats, codes_of, spent_before
from model.pathway import ATTRIBUTES, PATHWAY, RETURN, STAGE_NAMES

TWELVE_MONTHS_MINUTES = 365 * 24 * 60
# Below this many observed stays of a kind, a share learnt from them says too little.
FEWEST_STAYS = 30
# Where too few were observed: families last known to social care are taken to have been referred
# as the stay began, or as they left; other families never.
KNOWN_TO_SOCIAL_CARE = ("no_further_action", "not_in_need", "plan_closed", "care_ended")
AFTER_REFERRAL = ("assessment", "child_in_need_plan", "section_47", "child_protection_plan")
KINDS = len(STAGE_NAMES) + (1 << BITS_PER_ATTRIBUTE)  # of stays, told apart by `_kind_of_stay`
NOT_LATELY = np.iinfo(np.int64).max // 4


def rereferrals(linked_log: LinkedLog, calendar: CountsWorkingDays) -> tuple[Ints, Floats]:
    """Referrals that began in the run, and how far each is a re-referral.

    Returns
    -------
    row : int64, the first row of each referral that began in the run.
    share : float64, same shape: 1 when an earlier referral of the family began within twelve
        months before; 0 when none did; in between for families not referred since before day 0.
    """
    return linked_log.once((rereferrals, calendar), lambda: _rereferrals(linked_log, calendar))


def _rereferrals(linked_log: LinkedLog, calendar: CountsWorkingDays) -> tuple[Ints, Floats]:
    """What `rereferrals` returns."""
    rows = linked_log
    is_family = (rows.case % CASES_PER_FAMILY == 0) & (rows.stage < len(PATHWAY))
    begins = is_family & ~rows.continued & ~rows.open_at_start
    row, family, since = _since_last_referral(rows, calendar, is_family)
    is_referral = begins[row] & (rows.stage[row] == STAGE_CODE["referral"])
    share = (since <= TWELVE_MONTHS_MINUTES).astype(np.float64)
    first = np.flatnonzero(rows.open_at_start[row])
    first_of_family = np.full(int(family.max(initial=0)) + 1, -1)
    first_of_family[family[first]] = first
    opening = first_of_family[family]
    unknown = np.flatnonzero(is_referral & (since == NOT_LATELY) & (opening >= 0))
    opened = row[opening[unknown]]
    spent, _ = spent_before(rows, calendar, opened)
    elapsed = rows.start[row[unknown]] + np.rint(spent).astype(np.int64)
    fresh = begins & (rows.spent == 0)  # not a stay that goes on under another plan
    fresh &= (rows.start >= TWELVE_MONTHS_MINUTES) & (rows.stage != STAGE_CODE["referral"])
    known = np.flatnonzero(fresh[row] & (since != NOT_LATELY))
    share[unknown] = _chances(
        _kind_of_stay(rows, opened),
        TWELVE_MONTHS_MINUTES - elapsed,
        _kind_of_stay(rows, row[known]),
        since[known],
        np.bincount(_kind_of_stay(rows, np.flatnonzero(fresh)), minlength=KINDS),
    )
    return row[is_referral], share[is_referral]


def _since_last_referral(
    linked_log: LinkedLog, calendar: CountsWorkingDays, is_family: Flags
) -> tuple[Ints, Ints, Ints]:
    """Rows of families ever referred, by family and time; minutes since the referral before each.

    Returns the row, its family, and minutes (NOT_LATELY where the log knows of none).
    """
    referral = is_family & (linked_log.stage == STAGE_CODE["referral"])
    referral &= ~linked_log.continued
    was_referred = np.zeros(int(linked_log.family.max(initial=0)) + 1, bool)
    was_referred[linked_log.family[referral]] = True
    row = linked_log.by_case[(is_family & was_referred[linked_log.family])[linked_log.by_case]]
    family, start = linked_log.family[row], linked_log.start[row]
    began = start - np.rint(spent_before(linked_log, calendar, row)[0]).astype(np.int64)
    earliest = int(began.min(initial=0))
    span = int(start.max(initial=0)) - earliest + 2
    mark = np.where(referral[row], family * span + began - earliest + 1, 0)
    latest = np.maximum.accumulate(mark)[:-1] if len(mark) else mark
    last = np.append(0, latest)[: len(row)]
    since = np.where(
        last > family * span, start - (last - family * span + earliest - 1), NOT_LATELY
    )
    return row, family, since


def _kind_of_stay(linked_log: LinkedLog, row: Ints) -> Ints:
    """A number for the stage, and for families who left also for how they left."""
    stage = linked_log.stage[row]
    left_from = codes_of(linked_log, "left_from", row)
    return np.where(stage == STAGE_CODE[RETURN], len(STAGE_NAMES) + left_from, stage)


def _chances(
    kind: Ints, within: Ints, known_kind: Ints, known_since: Ints, observed: Ints
) -> Floats:
    """The share of observed stays of each kind that began within so long after a referral.

    `known_kind` and `known_since` are of the stays that the log knows to have followed a
    referral; `observed` is the number of all, by kind.
    """
    chance = np.zeros(len(kind))
    for number in np.flatnonzero(np.bincount(kind)).tolist():
        here = kind == number
        if observed[number] >= FEWEST_STAYS:
            since = np.sort(known_since[known_kind == number])
            chance[here] = np.searchsorted(since, within[here], side="right") / observed[number]
        else:
            chance[here] = (within[here] >= 0) & _lately_referred(number)
    return chance


def _lately_referred(kind: int) -> bool:
    """Whether stays of a kind are taken to begin with a referral where none were observed."""
    if kind < len(STAGE_NAMES):
        return STAGE_NAMES[kind] in AFTER_REFERRAL
    return ATTRIBUTES["left_from"][kind - len(STAGE_NAMES)] in KNOWN_TO_SOCIAL_CARE
