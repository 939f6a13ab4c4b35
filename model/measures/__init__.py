"""Measures: what happened in a run, as plain tables with the names that councils use.

The public face of measuring. `measure` and `all_measures` give the named measures of the list
(`MEASURES`), those that are compared with published figures and those that the app shows.
`starts`, `flows`, `stocks`, `waits`, `waiting`, `timeliness` and `caseload` give the whole
pathway, stage by stage. Every table can be split by locality, source, need, stream or another
attribute, and counts families and children both.

Pass `linked(log)` in place of a log to link it once for several tables. No money, no published
figure and no uncertainty here: one log, one table.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from model.episodes import EpisodeLog
from model.measures.asked_for import ASKED_FOR
from model.measures.care import CARE
from model.measures.caseloads import caseload
from model.measures.countings import tally_once
from model.measures.early import EARLY_HELP
from model.measures.flows import flows, starts, stocks
from model.measures.front_door import FRONT_DOOR
from model.measures.linked_log import LinkedLog, linked
from model.measures.periods import check_name, periods_of
from model.measures.presenting import PRESENTING
from model.measures.protection import PROTECTION
from model.measures.record import Measure
from model.measures.statutory import IN_NEED_MEASURES, REFERRAL_AND_ASSESSMENT, WORKLOAD
from model.measures.tallies import COUNTED_IN, CountsWorkingDays, View, strings, view_of
from model.measures.transitions import TRANSITIONS
from model.measures.waits import timeliness, waiting, waits

__all__ = [
    "COUNTED_IN",
    "MEASURES",
    "CountsWorkingDays",
    "Measure",
    "all_measures",
    "asked_for",
    "caseload",
    "dictionary",
    "flows",
    "linked",
    "measure",
    "periods_of",
    "starts",
    "stocks",
    "timeliness",
    "waiting",
    "waits",
]

OWN, BOTH = "own", "both"
COUNTED_AS = (OWN, *COUNTED_IN, BOTH)

MEASURES: dict[str, Measure] = {
    each.name: each
    for each in (
        *FRONT_DOOR,
        *EARLY_HELP,
        *TRANSITIONS,
        *REFERRAL_AND_ASSESSMENT,
        *IN_NEED_MEASURES,
        *PROTECTION,
        *CARE,
        *WORKLOAD,
        *PRESENTING,
    )
}


def measure(
    log: EpisodeLog | LinkedLog,
    calendar: CountsWorkingDays,
    name: str,
    period: str = "financial_year",
    by: Sequence[str] = (),
    counted_in: str = OWN,
) -> pd.DataFrame:
    """One named measure by period.

    Parameters
    ----------
    log : the log, or `linked(log)`. calendar : counts working days.
    name : a name in `MEASURES`.
    period : "month", "financial_year", "statistics_year" or "run".
    by : attributes to split by, such as ("locality", "need").
    counted_in : "own" for the measure's own way, "families", "children" or "both".

    Returns
    -------
    DataFrame with the columns measure, unit, counted_in, period, the attributes of `by`, and
    value. Counts are 0 where nothing happened; shares and waits are NaN.

    Raises
    ------
    ValueError for an unknown measure, period, attribute or way of counting.
    """
    return all_measures(log, calendar, period, by, (name,), counted_in)


def all_measures(
    log: EpisodeLog | LinkedLog,
    calendar: CountsWorkingDays,
    period: str = "financial_year",
    by: Sequence[str] = (),
    names: Sequence[str] | None = None,
    counted_in: str = OWN,
) -> pd.DataFrame:
    """Every named measure, or those of `names`, by period; columns as `measure` has them.

    A run that starts or stops within a period has a part of it only: see
    `periods_of(log, period).complete`.
    """
    wanted = list(MEASURES) if names is None else list(names)
    for name in wanted:
        check_name(name, MEASURES, "measure")
    check_name(counted_in, COUNTED_AS, "way of counting")
    view = view_of(log, by, period)
    values, heads = [], []
    for name in wanted:
        for unit in _units(MEASURES[name], counted_in):
            values.append(tally_once(MEASURES[name].counts, view, calendar, unit))
            heads.append((name, MEASURES[name].unit, unit))
    return _measure_table(view, heads, values)


def dictionary() -> pd.DataFrame:
    """What every measure is: one row each, for the app, for reports and for docs/measures.md.

    Returns
    -------
    DataFrame with the columns measure, definition, unit, counted_in ("families" or "children"),
    kind, stages, source (of the definition), council_return (its name in the council's own
    return).
    """
    columns = ("definition", "unit", "counted_in", "kind", "stages", "source", "council_return")
    return pd.DataFrame(
        {"measure": each.name, **{column: getattr(each, column) for column in columns}}
        for each in MEASURES.values()
    )


def asked_for() -> pd.DataFrame:
    """What each document wants measured, and whether the model tells it.

    Returns
    -------
    DataFrame with the columns document, asks_for, standing ("simulated", "attached to an outcome"
    or "out of scope"), measures (names, with commas between), says (why not, or what to know).
    """
    return pd.DataFrame(
        {
            "document": each.document,
            "asks_for": each.asks_for,
            "standing": each.standing,
            "measures": ", ".join(each.measures(tuple(MEASURES))),
            "says": each.says,
        }
        for each in ASKED_FOR
    )


def _units(each: Measure, counted_in: str) -> tuple[str, ...]:
    """The ways in which a measure is to be counted."""
    if counted_in == BOTH:
        return COUNTED_IN
    return (each.counted_in if counted_in == OWN else counted_in,)


def _measure_table(
    view: View, heads: list[tuple[str, str, str]], values: list[np.ndarray]
) -> pd.DataFrame:
    """One row for each measure, period and group that occurs in the log."""
    present = np.flatnonzero(np.bincount(view.group, minlength=view.groups)) if view.by else [0]
    periods, groups = len(view.periods), len(present)
    head = np.repeat(np.arange(len(heads)), periods * groups)
    code = np.tile(present, len(heads) * periods)
    by: dict[str, object] = {}
    for attribute, labels in zip(reversed(view.by), reversed(view.labels), strict=True):
        code, place = np.divmod(code, len(labels))
        by[attribute] = strings(labels, place)
    period = np.tile(np.repeat(np.arange(periods), groups), len(heads))
    found = [np.asarray(value)[present].T.ravel() for value in values]
    return pd.DataFrame(
        {
            **{
                column: strings([each[place] for each in heads], head)
                for place, column in enumerate(("measure", "unit", "counted_in"))
            },
            "period": strings(view.periods.names, period),
            **{attribute: by[attribute] for attribute in view.by},
            "value": np.concatenate([*found, np.zeros(0)]),
        }
    )
