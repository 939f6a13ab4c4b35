"""How many cases and children each pool of workers and places holds.

Social workers, key workers, screening officers and foster places, month by month, and for each
full-time worker where their number is handed in. A case holds a worker from when it is served
to the end of the stay; unallocated cases hold nobody. How many workers there are is not known
here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from model.episodes import EpisodeLog
from model.measures.linked_log import Ints, LinkedLog
from model.measures.tallies import (
    AT_START,
    Floats,
    Stretches,
    codes_of,
    condensed,
    share,
    stock,
    table,
    view_of,
    whole,
)
from model.pathway import ATTRIBUTES, PATHWAY, POOLS, Stage, Wait

ALL_LOCALITIES = "all"
POOL_CODE: dict[str, int] = {name: code for code, name in enumerate(POOLS)}
Workers = Mapping[tuple[str, str], float | Sequence[float]]


def caseload(
    log: EpisodeLog | LinkedLog,
    full_time_workers: Workers | None = None,
    period: str = "month",
) -> pd.DataFrame:
    """Cases and children that each pool of workers or places holds at the end of each period.

    A case is a family, or one child in care. Children in care count for their social worker and
    for their placement.

    Parameters
    ----------
    log : the log, or `stays.linked(log)`.
    full_time_workers : full-time equivalents by (pool, locality), such as
        {("social_workers", "all"): 120.0}; one number, or one for the start and each period.
    period : see `periods.PERIODS`.

    Returns
    -------
    DataFrame with the columns
        period : first "at start".
        pool : see `pathway.POOLS`. locality : "all" for pools of the whole area.
        cases, children : held.
        full_time_workers, cases_per_worker, children_per_worker : NaN where not handed in.
    """
    view = view_of(log, period=period)
    localities = (ALL_LOCALITIES, *view.linked.log.localities)
    row, pool, start = held(view.linked)
    place_of = np.where(OF_A_LOCALITY[pool], codes_of(view.linked, "locality", row) + 1, 0)
    code = pool * len(localities) + place_of
    present, place = condensed(code, len(POOLS) * len(localities))
    rows = view.linked
    was_held = rows.open_at_start[row] & (start == 0)
    values: dict[str, Floats] = {}
    for name, weight in (("cases", None), ("children", rows.children[row])):
        found = Stretches(np.arange(len(row)), start, rows.stop[row], was_held, weight)
        values[name] = stock(view.periods, found, lambda held: place[held], len(present))
    workers = np.full((len(present), len(view.periods) + 1), np.nan)
    for position, number in enumerate(present.tolist()):
        key = (tuple(POOLS)[number // len(localities)], localities[number % len(localities)])
        workers[position] = (full_time_workers or {}).get(key, np.nan)
    return table(
        (AT_START, *view.periods.names),
        {"pool": tuple(POOLS), "locality": localities},
        present,
        {
            **{name: whole(value) for name, value in values.items()},
            "full_time_workers": workers,
            "cases_per_worker": share(values["cases"], workers),
            "children_per_worker": share(values["children"], workers),
        },
    )


def held(linked_log: LinkedLog, pool_name: str = "") -> tuple[Ints, Ints, Ints]:
    """Rows that hold a place, which pool's (position in POOLS), and from when (minutes).

    A row stands here twice where it holds places of two pools. `pool_name` leaves out the stages
    that have nothing to do with a pool.
    """
    rows, pools, starts = [], [], []
    for stage in PATHWAY:
        if pool_name and pool_name not in stage.place and not stage.placement:
            continue
        here = linked_log.rows_in((stage.name,))
        if stage.place and stage.wait is not Wait.WAITING_STAGE:
            begin = np.maximum(linked_log.served[here], linked_log.start[here])
            holds = begin < linked_log.stop[here]
            rows.append(here[holds])
            pools.append(_pool_of(linked_log, stage, here[holds]))
            starts.append(begin[holds])
        if stage.placement:
            pool = PLACEMENT_POOL[codes_of(linked_log, "placement", here)]
            rows.append(here[pool >= 0])
            pools.append(pool[pool >= 0])
            starts.append(linked_log.start[here[pool >= 0]])
    return np.concatenate(rows), np.concatenate(pools), np.concatenate(starts)


def _pool_of(linked_log: LinkedLog, stage: Stage, row: Ints) -> Ints:
    """The pool that each of these rows of a stage holds a place of."""
    pools = np.array([POOL_CODE[name] for name in stage.place], np.int64)
    if not stage.place_by:
        return np.full(len(row), pools[0])
    return pools[codes_of(linked_log, stage.place_by, row)]


OF_A_LOCALITY = np.array([spread == "locality" for spread in POOLS.values()])
PLACEMENT_POOL = np.array([POOL_CODE.get(kind, -1) for kind in ATTRIBUTES["placement"]], np.int64)
