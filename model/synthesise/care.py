"""Children looked after in a run, episode by episode, as a return of looked-after children has it.

A period of care is a child's time looked after without a gap; an episode is the part of it with
one placement and one legal status. A day is the shortest time: of two placements on one day the
later counts. This module knows no return and no file.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pandas as pd

from model.synthesise import codes
from model.synthesise.journeys import NEEDS, by_issue
from model.synthesise.simulated import Simulated

ADULT_YEARS = 18
Chosen = TypeVar("Chosen")
DAY_COLUMNS = ("period_began", "period_ended", "began", "ended")
COLUMNS = (
    "child",
    "period",
    "began",
    "ended",
    "rne",
    "legal",
    "need",
    "place",
    "provider",
    "rec",
    "reason_moved",
    "period_began",
    "period_ended",
    "from_before",
)


@dataclass(frozen=True)
class Period:
    """One period of care; days as timestamps, `ended` and `proceedings_end` None while open.

    Attributes
    ----------
    child : position in `everyone`. number : of the period.
    placements : the day on which each began, its kind in the pathway's words, and its luck.
    proceedings, proceedings_end : whether care proceedings began with it, and when they ended.
    outcome : how it ended, in the pathway's words; "" while open.
    """

    child: int
    number: int
    began: pd.Timestamp
    ended: pd.Timestamp | None
    placements: tuple[tuple[pd.Timestamp, str, float], ...]
    proceedings: bool
    proceedings_end: pd.Timestamp | None
    outcome: str
    stream: str
    need: str
    disabled: bool
    from_before: bool


def care(run: Simulated) -> pd.DataFrame:
    """Episodes of care, in order of child and time.

    Returns
    -------
    DataFrame with COLUMNS: child (position), period (number), days (NaT while open), codes of the
    SSDA903 return (rec "" while open, X1 where another episode follows) and from_before (the
    period was open when the run started).
    """
    made = [one for period in periods_of(run) for one in episodes_of(period)]
    table = pd.DataFrame(made, columns=list(COLUMNS))
    for name in DAY_COLUMNS:
        table[name] = pd.to_datetime(table[name]).astype("datetime64[s]")
    return table


def periods_of(run: Simulated) -> list[Period]:
    """Every period of care, in order of child and time."""
    table = run.spans(run.rows_in("looked_after"))
    born = run.everyone.born[table["child"].to_numpy()].astype("datetime64[s]")
    last = table["last"].to_numpy()
    outcome = run.outcome(last)
    # Nobody is looked after before birth, or after the eighteenth birthday.
    table["began"] = np.maximum(table["began"].to_numpy(), born)
    adult = np.minimum(table["ended"].to_numpy(), birthday(born, ADULT_YEARS))
    table["ended"] = np.where(outcome == "turns_18", adult, table["ended"].to_numpy())
    table["ended"] = table["ended"].astype("datetime64[s]")
    stream, need = run.attribute(last, "stream"), by_issue(run, last, NEEDS)
    placed, court = placements(run, table), proceedings(run)
    numbers = run.everyone.number[table["child"].to_numpy()]
    found: list[Period] = []
    for k, row in enumerate(table.itertuples()):
        ended = None if pd.isna(row.ended) else row.ended
        if ended is not None and ended < row.began:
            continue  # over before the child was born
        begun = court.get((int(numbers[k]), row.start))
        found.append(
            Period(
                child=row.child,
                number=len(found),
                began=row.began,
                ended=ended,
                placements=tuple(placed[k]),
                proceedings=begun is not None,
                proceedings_end=begun[0] if begun else None,
                outcome=str(outcome[k]),
                stream=str(stream[k]),
                need=str(need[k]),
                disabled=bool(run.everyone.disabled[row.child]),
                from_before=row.from_before,
            )
        )
    return found


def birthday(born: np.ndarray, years: int) -> np.ndarray:
    """The day on which somebody is so many years old; 28 February for those of the 29th."""
    month = born.astype("datetime64[M]")
    day = (born.astype("datetime64[D]") - month.astype("datetime64[D]")).astype(int)
    then = month + 12 * years
    length = ((then + 1).astype("datetime64[D]") - then.astype("datetime64[D]")).astype(int)
    return (then.astype("datetime64[D]") + np.minimum(day, length - 1)).astype("datetime64[s]")


def placements(
    run: Simulated, table: pd.DataFrame
) -> dict[int, list[tuple[pd.Timestamp, str, float]]]:
    """The placements of each period, by its place in the table: day, kind, and luck."""
    row, number = run.each_child(run.rows_in("looked_after"))
    child, start = run.everyone.at(number), run.rows.start[row]
    span = run.rows.log.horizon_minutes + 1
    periods = table["child"].to_numpy() * span + table["start"].to_numpy()
    order = np.argsort(child * span + start, kind="stable")
    row, child, start = row[order], child[order], start[order]
    of = np.searchsorted(periods, child * span + start, side="right") - 1
    kinds, days = run.attribute(row, "placement"), run.days(start)
    found: dict[int, list[tuple[pd.Timestamp, str, float]]] = defaultdict(list)
    for k, one, day, kind in zip(of.tolist(), child.tolist(), days, kinds, strict=True):
        began = max(pd.Timestamp(day), table["began"].iat[k])
        nth = len(found[k])
        begun = table["began"].iat[k] if nth == 0 else began
        found[k].append((begun, str(kind), run.everyone.luck(one, "placement", nth)))
    return found


def proceedings(run: Simulated) -> dict[tuple[int, int], tuple[pd.Timestamp | None]]:
    """When care proceedings ended, by child and the minute in which the period began."""
    row = run.rows_in("care_proceedings")
    ended = [None if pd.isna(day) else pd.Timestamp(day) for day in run.days(run.rows.stop[row])]
    keys = zip(run.rows.case[row].tolist(), run.rows.start[row].tolist(), strict=True)
    return {key: (day,) for key, day in zip(keys, ended, strict=True)}


def episodes_of(period: Period) -> list[tuple]:
    """The episodes of one period, a row of COLUMNS each."""
    placed = {day: (kind, u) for day, kind, u in period.placements}  # the last of a day counts
    legal = dict(legal_statuses(period))
    inside = sorted(
        day
        for day in placed.keys() | legal.keys()
        if day == period.began or period.ended is None or day < period.ended
    )
    found: list[tuple] = []
    kind, u, status = "", 0.0, ""
    for k, day in enumerate(inside):
        moved, changed = day in placed, day in legal
        kind, u = placed.get(day, (kind, u))
        status = legal.get(day, status)
        follows = k + 1 < len(inside)
        ended = inside[k + 1] if follows else period.ended
        place, provider = one_of(codes.PLACES[kind], u)
        rne = codes.STARTED if k == 0 else began_because(moved, changed)
        rec = codes.NEW_EPISODE if follows else ceased(period, kind, u)
        moves_on = follows and inside[k + 1] in placed
        why = one_of(codes.REASONS_FOR_MOVE, u) if moves_on else ""
        head = (period.child, period.number, day, ended, rne, status, period.need)
        tail = (place, provider, rec, why, period.began, period.ended, period.from_before)
        found.append(head + tail)
    return found


def began_because(moved: bool, changed: bool) -> str:
    """Why an episode within a period began."""
    if moved and changed:
        return codes.BOTH
    return codes.MOVED if moved else codes.LEGAL_CHANGE


def legal_statuses(period: Period) -> list[tuple[pd.Timestamp, str]]:
    """Legal statuses, each with its first day: an interim order while the court decides.

    Who was in care when the run started and came without proceedings known to it is under a care
    order, unaccompanied children and others are accommodated.
    """
    order = codes.PLACEMENT_ORDER if period.outcome == "adopted" else codes.CARE_ORDER
    if not period.proceedings:
        in_order = period.outcome == "adopted" or period.from_before
        accommodated = period.stream == "asylum_seeking" or not in_order
        return [(period.began, codes.VOLUNTARY if accommodated else order)]
    if period.proceedings_end is None:
        return [(period.began, codes.INTERIM_ORDER)]
    decided = max(period.proceedings_end, period.began)
    return [(period.began, codes.INTERIM_ORDER), (decided, order)]


def ceased(period: Period, kind: str, u: float) -> str:
    """Why a period ended, as a code; "" while it is open."""
    if period.ended is None:
        return ""
    if period.outcome == "special_guardianship":
        return codes.GUARDIANSHIP.get(kind, codes.OTHER_GUARDIANSHIP)
    if period.outcome == "turns_18" and period.disabled:
        return codes.TO_ADULT_SERVICES
    return one_of(codes.CEASED[period.outcome], u)


def one_of(choices: tuple[Chosen, ...], u: float) -> Chosen:
    """One of several, by luck."""
    return choices[int(u * len(choices))]
