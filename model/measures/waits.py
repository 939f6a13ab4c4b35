"""How long families wait, who is still waiting, and what is done within the statutory limits.

A wait runs from the start of a stay until a place or a worker is given; where the stage is
itself the wait (early help wait) it is the length of the stay. Working days are counted by a
calendar that is handed in; limits are parameters and are handed in too.

Not known here: why a family waits, and what happened before the run started beyond the minutes
that the log says were spent. Those minutes count at the run's own share of working days.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from model.compiling import compiled
from model.episodes import OUTCOME_CODE, OUTCOME_CODES, STAGE_CODE, STAGE_CODES, EpisodeLog
from model.measures.linked_log import NEVER, NONE, Flags, Ints, LinkedLog, LinkedStays
from model.measures.periods import MINUTES_PER_DAY, check_name
from model.measures.tallies import (
    AT_START,
    CHILDREN,
    COUNTED_IN,
    CountsWorkingDays,
    Floats,
    Stretches,
    among,
    condensed,
    grouped_quantiles,
    share,
    spent_before,
    stock,
    table,
    tallies,
    view_of,
    whole,
)
from model.pathway import PATHWAY, Wait, stage_named

MINUTES_PER_HOUR = 60

# The statutory clock of an assessment starts with the referral, not when the assessment does.
CLOCK_STARTS_WITH: dict[str, str] = {"assessment": "referral"}
# The limit of a section 47 enquiry is one on holding the conference: others do not count.
LIMIT_COUNTS_OUTCOMES: dict[str, tuple[str, ...]] = {
    "section_47": ("child_protection_plan", "conference_without_plan"),
}

MEDIAN, NINETIETH = 0.5, 0.9
STAGES_WITH_PLACE: tuple[str, ...] = tuple(stage.name for stage in PATHWAY if stage.place)
STAGES_THAT_WAIT: tuple[str, ...] = tuple(
    stage.name for stage in PATHWAY if stage.place and stage.wait is not Wait.AT_ONCE
)
# By stage code: whether the stage is itself a wait.
IS_THE_WAIT = np.isin(
    STAGE_CODES, [stage.name for stage in PATHWAY if stage.wait is Wait.WAITING_STAGE]
)
# By outcome code, and last for what is still open: whether a waiting stage that ends so leads to
# a stage with the same kind of place.
LEADS_TO_A_PLACE = np.isin(
    (*OUTCOME_CODES, ""),
    [
        end.outcome
        for stage in PATHWAY
        if stage.wait is Wait.WAITING_STAGE
        for end in stage.ends
        if end.to in STAGES_WITH_PLACE and stage_named(end.to).place == stage.place
    ],
)


@dataclass(frozen=True)
class Waits:
    """Stays whose wait is over, one entry each.

    Attributes
    ----------
    row : position of the stay's first row. stage : code.
    over_at : minutes, when it was served, or left without.
    served : whether it was served.
    minutes, working_days : how long it waited; only told where it was served.
    """

    row: Ints
    stage: Ints
    over_at: Ints
    served: Flags
    minutes: Ints
    working_days: Ints

    def of(self, stages: tuple[str, ...]) -> Waits:
        """Those in some stages."""
        chosen = among([STAGE_CODE[name] for name in stages], self.stage)
        return Waits(*(getattr(self, each.name)[chosen] for each in fields(self)))


def waits(
    log: EpisodeLog | LinkedLog,
    calendar: CountsWorkingDays,
    by: Sequence[str] = (),
    period: str = "month",
) -> pd.DataFrame:
    """How long families waited for a place or a worker, by the period in which the wait ended.

    Only waits that ended are averaged; who still waits is in `waiting`. Cases that had their
    place before the run started are left out. Hours are by the clock, nights and all.

    Parameters
    ----------
    log : the log, or `stays.linked(log)`. calendar : counts working days.
    by : attributes to split by. period : see `periods.PERIODS`.

    Returns
    -------
    DataFrame with the columns period, stage, the attributes of `by`, and
        families, children : served in the period (a child in care is a family of its own here).
        families_never_served, children_never_served : the stay ended without a place.
        mean_, median_, p90_ each of working_days, calendar_days, hours : of those served, over
        families; NaN where none was.
    """
    view = view_of(log, by, period)
    over = waits_over(view.linked, calendar)
    code = over.stage * view.groups + view.group_of(over.row)
    present, place = condensed(code, len(STAGE_CODES) * view.groups)
    shape = (len(present), len(view.periods))
    values: dict[str, Ints | Floats] = {}
    for suffix, chosen in (("", over.served), ("_never_served", ~over.served)):
        where, when = place[chosen], over.over_at[chosen]
        weights = {"families": None, "children": view.linked.children[over.row[chosen]]}
        for unit, counted in tallies(view.periods, where, when, len(present), weights).items():
            values[unit + suffix] = whole(counted)
    at = over.served
    cell = place[at] * len(view.periods) + view.periods.of(over.over_at[at])
    days = summary(cell, over.working_days[at], shape)
    minutes = summary(cell, over.minutes[at], shape)
    for name in days:
        values[f"{name}_working_days"] = days[name]
        values[f"{name}_calendar_days"] = minutes[name] / MINUTES_PER_DAY
        values[f"{name}_hours"] = minutes[name] / MINUTES_PER_HOUR
    columns = {"stage": STAGE_CODES, **dict(zip(view.by, view.labels, strict=True))}
    return table(view.periods.names, columns, present, values)


def waiting(
    log: EpisodeLog | LinkedLog, by: Sequence[str] = (), period: str = "month"
) -> pd.DataFrame:
    """Who is waiting at the end of each period: the queues, and unallocated families.

    Families in the early help wait, in the screening queue, and in assessments and child in need
    plans without a social worker.

    Parameters
    ----------
    log, by, period : as for `waits`.

    Returns
    -------
    DataFrame with the columns period (first "at start"), stage, the attributes of `by`,
    families, children.
    """
    view = view_of(log, by, period)
    rows = view.linked
    size = len(STAGE_CODES) * view.groups

    def code_of(row: Ints) -> Ints:
        """A number for the stage and group of each row."""
        return rows.stage[row] * view.groups + view.group_of(row)

    present, _ = condensed(code_of(rows.rows_in(STAGES_THAT_WAIT)), size)
    found = (waiting_stretches(rows, STAGES_THAT_WAIT, unit) for unit in COUNTED_IN)
    values = {
        unit: whole(stock(view.periods, each, code_of, size)[present])
        for unit, each in zip(COUNTED_IN, found, strict=True)
    }
    columns = {"stage": STAGE_CODES, **dict(zip(view.by, view.labels, strict=True))}
    return table((AT_START, *view.periods.names), columns, present, values)


def waiting_stretches(rows: LinkedLog, stages: tuple[str, ...], counted_in: str) -> Stretches:
    """The time that families, or children, wait in these stages for a place or a worker."""
    row = rows.rows_in(stages)
    until = np.minimum(np.maximum(rows.served[row], rows.start[row]), rows.stop[row])
    # A case that had its worker when the run started was not waiting on day 0.
    had_place = rows.open_at_start[row] & (until == 0) & ~IS_THE_WAIT[rows.stage[row]]
    row, until = row[~had_place], until[~had_place]
    weight = rows.children[row] if counted_in == CHILDREN else None
    return Stretches(row, rows.start[row], until, rows.open_at_start[row], weight)


def timeliness(
    log: EpisodeLog | LinkedLog,
    calendar: CountsWorkingDays,
    limits: Mapping[str, float],
    by: Sequence[str] = (),
    period: str = "financial_year",
) -> pd.DataFrame:
    """The share of stays that ended within a limit of working days, by when they ended.

    An assessment's clock starts with the referral that led straight to it. For section 47 only
    enquiries that ended in an initial conference count, from the strategy discussion.

    Parameters
    ----------
    log : the log, or `stays.linked(log)`. calendar : counts working days.
    limits : working days by stage, such as {"screening": 1, "assessment": 45}.
    by, period : as for `waits`.

    Returns
    -------
    DataFrame with the columns period, stage, the attributes of `by`, limit_working_days, and
        families, children : ended in the period.
        families_within, children_within : of those, within the limit.
        families_share, children_share : the one over the other; NaN where none ended.

    Raises
    ------
    ValueError for a stage that does not exist.
    """
    view = view_of(log, by, period)
    for name in limits:
        check_name(name, STAGE_CODES, "stage")
    limit = np.full(len(STAGE_CODES), np.nan)
    limit[[STAGE_CODE[name] for name in limits]] = list(limits.values())
    ended = view.linked.stays_in(tuple(limits))
    ended = ended.chosen(ended.stop != NEVER)
    for name, outcomes in LIMIT_COUNTS_OUTCOMES.items():
        counts = among([OUTCOME_CODE[outcome] for outcome in outcomes], ended.outcome)
        ended = ended.chosen(counts | (ended.stage != STAGE_CODE[name]))
    within = clock_working_days(calendar, ended) <= limit[ended.stage]
    last = ended.last
    code = ended.stage * view.groups + view.group_of(last)
    present, place = condensed(code, len(STAGE_CODES) * view.groups)
    children = view.linked.children[last]
    weights = {
        "families": None,
        "families_within": within,
        "children": children,
        "children_within": children * within,
    }
    counted = tallies(view.periods, place, ended.stop, len(present), weights)
    values = {
        "limit_working_days": np.repeat(
            limit[present // view.groups][:, None], len(view.periods), axis=1
        ),
        **{name: whole(array) for name, array in counted.items()},
        **{
            f"{u}_share": share(counted[f"{u}_within"], counted[u])
            for u in ("families", "children")
        },
    }
    columns = {"stage": STAGE_CODES, **dict(zip(view.by, view.labels, strict=True))}
    return table(view.periods.names, columns, present, values)


def clock_working_days(
    calendar: CountsWorkingDays, stays: LinkedStays, clock_from: str = ""
) -> Ints:
    """Working days from the start of the statutory clock to the end of each of these stays.

    Parameters
    ----------
    clock_from : the stage whose start is the clock's, where it led straight to the stay; when
        empty, as `CLOCK_STARTS_WITH` has it.
    """
    rows, clock = stays.rows, stays.first.copy()
    for name, starts_with in CLOCK_STARTS_WITH.items():
        here = np.flatnonzero((stays.stage == STAGE_CODE[name]) | bool(clock_from))
        before = stays.chosen(here).before
        starts_it = rows.stage[before] == STAGE_CODE[clock_from or starts_with]
        starts_it &= before != NONE
        clock[here[starts_it]] = before[starts_it]
    _, spent_days = spent_before(rows, calendar, clock)
    days = working_days_between(calendar, rows.start[clock], stays.stop)
    return days + np.rint(spent_days).astype(np.int64)


def waits_over(
    rows: LinkedLog, calendar: CountsWorkingDays, stages: tuple[str, ...] = STAGES_WITH_PLACE
) -> Waits:
    """The waits that are over in these stages, however they ended; found once for a log."""
    every = rows.once((waits_over, calendar), lambda: _every_wait_over(rows, calendar))
    return every if stages == STAGES_WITH_PLACE else every.of(stages)


def _every_wait_over(rows: LinkedLog, calendar: CountsWorkingDays) -> Waits:
    """The waits that are over in all stages with a place, stage by stage."""
    stays = rows.stays_in(STAGES_WITH_PLACE)
    over_at, served = np.empty_like(stays.start), np.empty(len(stays.start), bool)
    end_waits(
        stays.stage,
        stays.outcome,
        stays.start,
        stays.stop,
        stays.served,
        stays.open_at_start,
        IS_THE_WAIT,
        LEADS_TO_A_PLACE,
        over_at,
        served,
    )
    chosen = np.flatnonzero(over_at != NEVER)
    stays, over_at = stays.chosen(chosen), over_at[chosen]
    spent, spent_days = spent_before(rows, calendar, stays.first)
    until = np.maximum(over_at, stays.start)
    days = working_days_between(calendar, stays.start, until)
    return Waits(
        row=stays.first,
        stage=stays.stage,
        over_at=over_at,
        served=served[chosen],
        minutes=until - stays.start + np.rint(spent).astype(np.int64),
        working_days=days + np.rint(spent_days).astype(np.int64),
    )


@compiled
def end_waits(
    stage: Ints,
    outcome: Ints,
    start: Ints,
    stop: Ints,
    served: Ints,
    open_at_start: Flags,
    is_the_wait: Flags,
    leads_to_a_place: Flags,
    over_at: Ints,
    was_served: Flags,
) -> None:
    """When the wait of each stay was over, and whether with a place.

    NEVER while it goes on, and for a stay that had its place before the run started.
    """
    for i in range(len(stage)):
        given = served[i] if served[i] <= stop[i] else NEVER
        if is_the_wait[stage[i]]:
            given = stop[i] if leads_to_a_place[outcome[i]] else NEVER
        had_place = open_at_start[i] and given == 0 and not is_the_wait[stage[i]]
        over_at[i] = NEVER if had_place else min(given, stop[i])
        was_served[i] = given != NEVER


def working_days_between(calendar: CountsWorkingDays, start: Ints, stop: Ints) -> Ints:
    """Working days that passed from one minute to another."""
    return calendar.working_day_number(stop) - calendar.working_day_number(start)


def summary(cell: Ints, value: Ints, shape: tuple[int, int]) -> dict[str, Floats]:
    """Mean, median and 90th percentile in each cell; NaN where a cell is empty."""
    cells = shape[0] * shape[1]
    number = np.bincount(cell, minlength=cells).astype(np.float64)
    mean = share(np.bincount(cell, value, minlength=cells).astype(np.float64), number)
    median, ninetieth = grouped_quantiles(cell, value, cells, (MEDIAN, NINETIETH))
    found = {"mean": mean, "median": median, "p90": ninetieth}
    return {name: values.reshape(shape) for name, values in found.items()}
