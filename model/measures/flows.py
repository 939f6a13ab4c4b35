"""How many families and children begin, end, and are open, stage by stage.

Three tables of the pathway: starts, flows (ends by outcome) and stocks. For every stage and
every group that does not change while a stay lasts (locality, source, stream):

    families open at the end = open at the start + families started - families ended
    children open at the end = open at the start + children started and joining - children ended

The first does not hold where brothers and sisters can be in a stage apart (care and after care)
and for what runs beside a stage: there the stock counts each family once, however many of its
children came at different times.

Stays are counted, not rows: where only the children counted change, the stay goes on. This
module knows no working day and no published statistic.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from model.episodes import (
    OUTCOME_CODES,
    STAGE_CODES,
    EpisodeLog,
)
from model.measures.linked_log import (
    NEVER,
    ONE_AT_A_TIME,
    Flags,
    Ints,
    LinkedLog,
)
from model.measures.spells import first_of_each, spells
from model.measures.tallies import (
    AT_START,
    COUNTED_IN,
    FAMILIES,
    Floats,
    View,
    condensed,
    mean_stock,
    stock,
    stretches,
    table,
    tallies,
    view_of,
    whole,
)

# Stages that several children of a family can be in apart, and what runs beside a stage.
SHARED = tuple(name for name in STAGE_CODES if name not in ONE_AT_A_TIME)
MEANS = tuple(f"mean_{unit}" for unit in COUNTED_IN)


def starts(
    log: EpisodeLog | LinkedLog, by: Sequence[str] = (), period: str = "month"
) -> pd.DataFrame:
    """Stays that began, by stage: contacts, referrals, plans, placements.

    Cases open at the run's start did not begin. For children in care, brothers and sisters who
    begin in the same minute are one family.

    Parameters
    ----------
    log : the log, or `stays.linked(log)` to link it once for several tables.
    by : attributes to split by, such as ("locality", "need"), as the stay began.
    period : "month", "financial_year", "statistics_year" or "run".

    Returns
    -------
    DataFrame with the columns period, stage, the attributes of `by`, and
        families : stays that began (for children in care, families).
        children : children counted as they began.
        children_joining : children who joined a stay that went on.
    """
    view = view_of(log, by, period)
    rows, stays = view.linked, view.linked.stays
    first = stays.first[~stays.open_at_start]
    came_late = rows.mask[rows.changed_to] & ~rows.mask[rows.changed_from]
    joined = rows.changed_to[came_late != 0]
    row = np.concatenate([first, joined])
    is_start = np.arange(len(row)) < len(first)
    families = is_start & _once_for_a_family(view, row, rows.start[row], rows.stage[row])
    joining = np.bitwise_count(came_late[came_late != 0])
    code = rows.stage[row] * view.groups + view.group_of(row)
    weights = {
        "families": families,
        "children": np.where(is_start, rows.children[row], 0),
        "children_joining": np.concatenate([np.zeros(len(first), np.int64), joining]),
    }
    columns = {"stage": STAGE_CODES, **dict(zip(view.by, view.labels, strict=True))}
    return _tallied(view, code, rows.start[row], columns, weights)


def flows(
    log: EpisodeLog | LinkedLog, by: Sequence[str] = (), period: str = "month"
) -> pd.DataFrame:
    """Stays that ended, by stage and outcome.

    Children are those counted as the stay ended, whatever became of each: of a family's children
    some may enter care at an ending called care_entry. The outcome household_changed holds the
    children who left a stay that went on; no family ended there.

    Parameters
    ----------
    log, by, period : as for `starts`; attributes as the stay's last row began.

    Returns
    -------
    DataFrame with the columns period, stage, outcome, the attributes of `by`, families, children.
    """
    view = view_of(log, by, period)
    rows, stays = view.linked, view.linked.stays
    last = stays.last[stays.stop != NEVER]
    went_early = rows.mask[rows.changed_from] & ~rows.mask[rows.changed_to]
    left = rows.changed_from[went_early != 0]
    row = np.concatenate([last, left])
    is_end = np.arange(len(row)) < len(last)
    ending = rows.stage[row] * len(OUTCOME_CODES) + rows.outcome[row]
    families = is_end & _once_for_a_family(view, row, rows.stop[row], ending)
    leaving = np.bitwise_count(went_early[went_early != 0]).astype(np.int64)
    code = ending * view.groups + view.group_of(row)
    weights = {
        "families": families,
        "children": np.concatenate([rows.children[last], leaving]),
    }
    columns = {
        "stage": STAGE_CODES,
        "outcome": OUTCOME_CODES,
        **dict(zip(view.by, view.labels, strict=True)),
    }
    return _tallied(view, code, rows.stop[row], columns, weights)


def stocks(
    log: EpisodeLog | LinkedLog,
    by: Sequence[str] = (),
    period: str = "month",
    means: bool = True,
) -> pd.DataFrame:
    """Families and children in each stage at the end of each period, and on average in it.

    Open at the end of March is what had begun, and had not ended, when 1 April began. The first
    rows are day 0, under the period "at start". Families of children in care are counted once
    however many of their children are there.

    Parameters
    ----------
    log, by, period : as for `starts`. means : whether the averages are wanted.

    Returns
    -------
    DataFrame with the columns period, stage, the attributes of `by`, and
        families, children : open at the end of the period.
        mean_families, mean_children : the average over the period's minutes; NaN at the start.
    """
    view = view_of(log, by, period)
    rows = view.linked
    code = rows.stage * view.groups + view.group
    present, place = condensed(code, len(STAGE_CODES) * view.groups)
    size = len(present)
    every = np.arange(len(rows.start))
    one = rows.rows_in(ONE_AT_A_TIME)
    shared = spells(rows, rows.rows_in(SHARED), FAMILIES, within=place)
    families = stretches(
        np.concatenate([one, shared.first]),
        np.concatenate([rows.start[one], shared.start]),
        np.concatenate([rows.stop[one], shared.stop]),
        np.concatenate([rows.open_at_start[one], shared.open_at_start]),
    )
    children = stretches(every, rows.start, rows.stop, rows.open_at_start, rows.children)
    values: dict[str, Ints | Floats] = {}
    for name, found in (("families", families), ("children", children)):
        then = stock(view.periods, found, lambda row: place[row], size)
        values[name] = whole(then)
        if means:
            mean = mean_stock(view.periods, found, lambda row: place[row], size, then)
            values[f"mean_{name}"] = np.hstack([np.full((size, 1), np.nan), mean])
    values = {name: values[name] for name in (*COUNTED_IN, *(MEANS if means else ()))}
    columns = {"stage": STAGE_CODES, **dict(zip(view.by, view.labels, strict=True))}
    return table((AT_START, *view.periods.names), columns, present, values)


def _once_for_a_family(view: View, row: Ints, minute: Ints, what: Ints) -> Flags:
    """Which rows count a family: all, but one only of those who do the same in a minute."""
    counts = np.ones(len(row), bool)
    shared = np.flatnonzero(~view.linked.in_stages(ONE_AT_A_TIME)[row])
    counts[shared] = first_of_each(view.linked.family[row[shared]], minute[shared], what[shared])
    return counts


def _tallied(
    view: View,
    code: Ints,
    minute: Ints,
    columns: dict[str, tuple[str, ...]],
    weights: dict[str, Ints | Flags],
) -> pd.DataFrame:
    """The table of events by code and period, one column of counts for each weight."""
    size = int(np.prod([len(labels) for labels in columns.values()], dtype=int))
    present, place = condensed(code, size)
    values = {
        name: whole(each)
        for name, each in tallies(view.periods, place, minute, len(present), weights).items()
    }
    return table(view.periods.names, columns, present, values)
