"""How long a plain stage lasts, in working days, from stays that were seen only in part.

The Kaplan-Meier estimate with delayed entry (Kaplan and Meier 1958; Andersen et al. 1993): on each
working day those who end over those who are still there and already seen. Then cut into the bands
that a parameter file states. Durations count working days after the day of the start: the same day
is 0, as published statistics count; a run's durations are not whole days (`unsmeared`). It knows no
stage.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from model.calibrate.bootstrap import Resamples
from model.calibrate.person_time import Risk
from model.calibrate.shrinkage import NATIONAL_WORTH, mixed
from model.parameters.values import Bands
from model.returns.linking import Days, Ints
from model.working_days import working_days

Floats = NDArray[np.float64]
LONGEST_WORKING_DAYS = 400
EPOCH = date(1970, 1, 1)


def working_days_between(first: Days, last: Days) -> Ints:
    """Working days after the first day, up to and including the last."""
    if not len(first):
        return np.zeros(0, np.int64)
    low, high = int(first.min()), int(last.max())
    working = working_days(EPOCH + timedelta(days=low), high - low + 2)
    before = np.concatenate(([0], np.cumsum(working)))
    return before[last - low + 1] - before[first - low + 1]


def still_there(resamples: Resamples, risk: Risk) -> tuple[Floats, Floats]:
    """Share still going after each working day, in the data and every resample.

    Returns
    -------
    left : shape (1 + resamples, LONGEST_WORKING_DAYS): share that lasts longer than each day.
    ends : ends seen, shape (1 + resamples,).
    """
    seen = np.flatnonzero((risk.stop > risk.start) | risk.ended)
    child, ended = risk.child[seen], risk.ended[seen]
    top = LONGEST_WORKING_DAYS - 1
    came = np.minimum(working_days_between(risk.entered[seen], risk.start[seen]), top)
    # An open stay was last seen on the day before it stops being at risk.
    last = np.where(ended, risk.stop[seen], risk.stop[seen] - 1)
    went = np.minimum(working_days_between(risk.entered[seen], last), top)
    cells = LONGEST_WORKING_DAYS
    coming = resamples.counts(child, came, cells)
    going = resamples.counts(child, went, cells)
    ending = resamples.counts(child[ended], went[ended], cells)
    there = np.cumsum(coming, axis=1) - np.concatenate(
        (np.zeros((len(going), 1)), np.cumsum(going, axis=1)[:, :-1]), axis=1
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        chance = np.where(there > 0, ending / there, 0.0)
    left = np.asarray(np.cumprod(1.0 - chance, axis=1), np.float64)
    return left, ending.sum(axis=1)


def unsmeared(gone: Floats, edges: Floats, beyond: float | None) -> Floats:
    """Share that ended by each edge, from the share that ended by that many counted days.

    A stay of 10.4 working days is counted as 10 or 11, so that half a day's ends of the next band
    are counted before an edge. Within a band ends are taken as even; solved from the last edge
    back.

    Parameters
    ----------
    gone : ended within so many counted days at each edge but the first, (..., edges - 1).

    Returns
    -------
    Shares that ended by each edge, from 0 to 1, with 1 at the end where the last band is open.
    """
    closed = beyond is None
    reached = np.zeros((len(gone), len(edges) + (not closed)))
    reached[:, -1] = 1.0
    for place in range(len(edges) - 1 - closed, 0, -1):
        after = place + 1
        width = edges[after] - edges[place] if after < len(edges) else float(beyond or 1.0)
        part = min(0.5 / width, 0.5)
        before = (gone[:, place - 1] - part * reached[:, after]) / (1.0 - part)
        reached[:, place] = np.clip(before, 0.0, reached[:, after])
    return np.maximum.accumulate(reached, axis=1)


def banded(left: Floats, ends: Floats, national: Bands) -> tuple[Bands, Floats]:
    """The bands of a parameter file, few ends leaning on the national shares.

    Parameters
    ----------
    left, ends : as `still_there` returns them. national : edges, and what is leaned on.

    Returns
    -------
    The bands of the data, and the mean of the bands in every resample (shape (1 + resamples,)).
    """
    edges = np.asarray(national.edges)
    gone = 1.0 - left[:, np.minimum(edges[1:].astype(np.int64), left.shape[1] - 1)]
    shares = np.diff(unsmeared(gone, edges, national.beyond), axis=1)
    own = mixed(shares * ends[:, None], np.asarray(national.shares), NATIONAL_WORTH)
    middles = (edges[1:] + edges[:-1]) / 2
    if national.beyond is not None:
        middles = np.append(middles, edges[-1] + national.beyond)
    share = own[0] / own[0].sum()
    kept = Bands(national.edges, national.unit, tuple(float(s) for s in share), national.beyond)
    return kept, own @ middles
