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
from model.measures.linked_log import NONE, Ints, LinkedLog
from model.measures.tallies import CountsWorkingDays, Floats, codes_of, spent_before
from model.pathway import ATTRIBUTES, RETURN, STAGE_NAMES

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


def _rereferrals(rows: LinkedLog, calendar: CountsWorkingDays) -> tuple[Ints, Floats]:
    """What `rereferrals` returns."""
    referral = _referrals(rows)
    since = _since_last_referral(rows, calendar, referral)
    began = ~rows.continued[referral] & ~rows.open_at_start[referral]
    referral, since = referral[began], since[began]
    share = (since <= TWELVE_MONTHS_MINUTES).astype(np.float64)

    first = np.flatnonzero(rows.open_at_start)
    first = first[rows.case[first] % CASES_PER_FAMILY == 0]
    first_of_family = np.full(int(rows.family.max(initial=0)) + 1, NONE)
    first_of_family[rows.family[first]] = first
    opened = first_of_family[rows.family[referral]]
    unknown = np.flatnonzero((since == NOT_LATELY) & (opened != NONE))
    opened = opened[unknown]
    spent, _ = spent_before(rows, calendar, opened)
    elapsed = rows.start[referral[unknown]] + np.rint(spent).astype(np.int64)
    share[unknown] = _chances(
        rows, calendar, _kind_of_stay(rows, opened), TWELVE_MONTHS_MINUTES - elapsed
    )
    return referral, share


def _referrals(rows: LinkedLog) -> Ints:
    """The rows of referrals, by family and time."""
    row = rows.rows_in(("referral",))
    return row[rows.case[row] % CASES_PER_FAMILY == 0]


def _since_last_referral(rows: LinkedLog, calendar: CountsWorkingDays, row: Ints) -> Ints:
    """Minutes since the family's last referral before each row; NOT_LATELY if none is known.

    The rows are of families, by family and time, with all their referrals.
    """
    family, start = rows.family[row], rows.start[row]
    began = start - np.rint(spent_before(rows, calendar, row)[0]).astype(np.int64)
    earliest = int(began.min(initial=0))
    span = int(start.max(initial=0)) - earliest + 2
    referral = (rows.stage[row] == STAGE_CODE["referral"]) & ~rows.continued[row]
    mark = np.where(referral, family * span + began - earliest + 1, 0)
    latest = np.maximum.accumulate(mark)[:-1] if len(mark) else mark
    last = np.append(0, latest)[: len(row)]
    known = last > family * span
    return np.where(known, start - (last - family * span + earliest - 1), NOT_LATELY)


def _kind_of_stay(linked_log: LinkedLog, row: Ints) -> Ints:
    """A number for the stage, and for families who left also for how they left."""
    stage = linked_log.stage[row]
    left_from = codes_of(linked_log, "left_from", row)
    return np.where(stage == STAGE_CODE[RETURN], len(STAGE_NAMES) + left_from, stage)


def _chances(rows: LinkedLog, calendar: CountsWorkingDays, kind: Ints, within: Ints) -> Floats:
    """The chance that stays of each kind began within so long (minutes) after a referral.

    That is the share of observed stays of the kind that did.
    """
    kinds = np.flatnonzero(np.bincount(kind)).tolist()
    stages = {STAGE_NAMES[each] if each < len(STAGE_NAMES) else RETURN for each in kinds}
    fresh = rows.in_stages(tuple(stages - {"referral"})) & (rows.start >= TWELVE_MONTHS_MINUTES)
    fresh &= rows.spent == 0  # not a stay that goes on under another plan
    fresh &= (rows.case % CASES_PER_FAMILY == 0) & ~rows.continued
    row = np.flatnonzero(fresh)
    observed = np.bincount(_kind_of_stay(rows, row), minlength=KINDS)

    referral = _referrals(rows)
    was_referred = np.zeros(int(rows.family.max(initial=0)) + 1, bool)
    was_referred[rows.family[referral]] = True
    followed = np.concatenate([row[was_referred[rows.family[row]]], referral])
    row = rows.by_case[np.sort(rows.place_by_case[followed])]
    since = _since_last_referral(rows, calendar, row)
    known = (since != NOT_LATELY) & (rows.stage[row] != STAGE_CODE["referral"])
    known_kind, since = _kind_of_stay(rows, row[known]), since[known]
    chance = np.zeros(len(kind))
    for each in kinds:
        here = kind == each
        if observed[each] >= FEWEST_STAYS:
            found = np.sort(since[known_kind == each])
            chance[here] = np.searchsorted(found, within[here], side="right") / observed[each]
        else:
            chance[here] = (within[here] >= 0) & _lately_referred(each)
    return chance


def _lately_referred(kind: int) -> bool:
    """Whether stays of a kind are taken to begin with a referral where none were observed."""
    if kind < len(STAGE_NAMES):
        return STAGE_NAMES[kind] in AFTER_REFERRAL
    return ATTRIBUTES["left_from"][kind - len(STAGE_NAMES)] in KNOWN_TO_SOCIAL_CARE
