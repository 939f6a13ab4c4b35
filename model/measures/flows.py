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

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd

from model.episodes import OUTCOME_CODES, STAGE_CODES, EpisodeLog
from model.measures.linked_log import NEVER, ONE_AT_A_TIME, Ints, LinkedLog
from model.measures.spells import first_of_each, spells
from model.measures.stay_counts import CHILD, FAMILY, ROW, counted
from model.measures.tallies import (
    AT_START,
    COUNTED_IN,
    FAMILIES,
    Floats,
    Stretches,
    View,
    mean_stock,
    stock,
    table,
    tally,
    view_of,
    whole,
)

# Stages that several children of a family can be in apart, and what runs beside a stage.
SHARED = tuple(name for name in STAGE_CODES if name not in ONE_AT_A_TIME)


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
    rows, counts = view.linked, counted(view)
    shared = rows.stays_in(SHARED)
    shared = shared.chosen(~shared.open_at_start)
    once = first_of_each(rows.family[shared.first], shared.start, shared.stage)
    came_late = rows.mask[rows.changed_to] & ~rows.mask[rows.changed_from]
    joined, came = rows.changed_to[came_late != 0], np.bitwise_count(came_late[came_late != 0])
    in_cells = partial(_in_cells, view, len(counts.started))
    together = in_cells(shared.stage[once], shared.first[once], shared.start[once])
    joining = in_cells(rows.stage[joined], joined, rows.start[joined], came)
    values = {
        "families": counts.started[..., FAMILY] + together,
        "children": counts.started[..., CHILD],
        "children_joining": joining,
    }
    present = np.flatnonzero(counts.started[..., ROW].any(axis=1) | joining.any(axis=1))
    return _table(view, view.periods.names, {"stage": STAGE_CODES}, present, present, values)


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
    rows, counts = view.linked, counted(view)

    def ending(stage: Ints, outcome: Ints) -> Ints:
        """Where in the counts each way of ending a stage is."""
        return np.searchsorted(counts.endings, stage * len(OUTCOME_CODES) + outcome)

    shared = rows.stays_in(SHARED)
    shared = shared.chosen(shared.stop != NEVER)
    ended = ending(shared.stage, shared.outcome)
    once = first_of_each(rows.family[shared.last], shared.stop, ended)
    went_early = rows.mask[rows.changed_from] & ~rows.mask[rows.changed_to]
    left, went = rows.changed_from[went_early != 0], np.bitwise_count(went_early[went_early != 0])
    in_cells = partial(_in_cells, view, len(counts.ended))
    together = in_cells(ended[once], shared.last[once], shared.stop[once])
    leaving = in_cells(ending(rows.stage[left], rows.outcome[left]), left, rows.stop[left], went)
    values = {
        "families": counts.ended[..., FAMILY] + together,
        "children": counts.ended[..., CHILD] + leaving,
    }
    present = np.flatnonzero(counts.ended[..., ROW].any(axis=1) | leaving.any(axis=1))
    which, group = np.divmod(present, view.groups)
    code = counts.endings[which] * view.groups + group
    columns = {"stage": STAGE_CODES, "outcome": OUTCOME_CODES}
    return _table(view, view.periods.names, columns, code, present, values)


def stocks(
    log: EpisodeLog | LinkedLog, by: Sequence[str] = (), period: str = "month"
) -> pd.DataFrame:
    """Families and children in each stage at the end of each period, and on average in it.

    Open at the end of March is what had begun, and had not ended, when 1 April began. The first
    rows are day 0, under the period "at start". Families of children in care are counted once
    however many of their children are there.

    Parameters
    ----------
    log, by, period : as for `starts`.

    Returns
    -------
    DataFrame with the columns period, stage, the attributes of `by`, and
        families, children : open at the end of the period.
        mean_families, mean_children : the average over the period's minutes; NaN at the start.
    """
    view = view_of(log, by, period)
    rows, counts = view.linked, counted(view)
    size, lengths = len(counts.change), np.diff(view.periods.edges)

    def cell_of(row: Ints) -> Ints:
        """The cell of each of these rows."""
        return rows.stage[row] * view.groups + view.group_of(row)

    cell = rows.stage * view.groups + view.group
    found = spells(rows, rows.rows_in(SHARED), FAMILIES, within=cell)
    shared = Stretches(found.first, found.start, found.stop, found.open_at_start)
    of_shared = stock(view.periods, shared, cell_of, size)
    means_of_shared = mean_stock(view.periods, shared, cell_of, size, of_shared)
    values, means = {}, {}
    for place, unit in enumerate(COUNTED_IN):
        then = np.cumsum(np.hstack([counts.there[:, None], counts.change]), axis=1)[..., place]
        mean = then[:, :-1] + counts.minutes[..., place] / lengths
        if unit == FAMILIES:
            then, mean = then + whole(of_shared), mean + means_of_shared
        values[unit] = then
        means[f"mean_{unit}"] = np.hstack([np.full((size, 1), np.nan), mean])
    present = np.flatnonzero(counts.there[:, ROW] + counts.change[..., ROW].sum(axis=1))
    names = (AT_START, *view.periods.names)
    return _table(view, names, {"stage": STAGE_CODES}, present, present, values | means)


def _in_cells(
    view: View, cells: int, kind: Ints, row: Ints, minute: Ints, weight: Ints | None = None
) -> Ints:
    """Events of these rows counted by kind, group and period; shape (cells, periods)."""
    cell = kind * view.groups + view.group_of(row)
    return whole(tally(view.periods, cell, minute, cells, weight))


def _table(
    view: View,
    names: Sequence[str],
    columns: Mapping[str, Sequence[str]],
    code: Ints,
    present: Ints,
    values: Mapping[str, Ints | Floats],
) -> pd.DataFrame:
    """The table of what is present, whose codes count off the columns and the groups."""
    columns = {**columns, **dict(zip(view.by, view.labels, strict=True))}
    return table(names, columns, code, {name: each[present] for name, each in values.items()})
