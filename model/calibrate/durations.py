"""How long a plain stage lasts, in working days, from stays that were seen only in part.

The Kaplan-Meier estimate with delayed entry (Kaplan and Meier 1958; Andersen et al. 1993): on each
working day those who end over those who are still there and already seen. Then cut into the bands
that a parameter file states. Durations count working days after the day of the start: the same day
is 0, as published statistics count. It knows no stage.
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
    # A first band that ends at 1 holds what ended on the same day, as published.
    after = np.where(edges[1:] == 1, 0, edges[1:]).astype(np.int64)
    gone = 1.0 - left[:, np.minimum(after, left.shape[1] - 1)]
    reached = np.concatenate((np.zeros((len(left), 1)), gone), axis=1)
    if national.beyond is None:
        reached[:, -1] = 1.0
        shares = np.diff(reached, axis=1)
    else:
        shares = np.diff(np.concatenate((reached, np.ones((len(left), 1))), axis=1), axis=1)
    own = mixed(shares * ends[:, None], np.asarray(national.shares), NATIONAL_WORTH)
    middles = (edges[1:] + edges[:-1]) / 2
    if national.beyond is not None:
        middles = np.append(middles, edges[-1] + national.beyond)
    share = own[0] / own[0].sum()
    kept = Bands(national.edges, national.unit, tuple(float(s) for s in share), national.beyond)
    return kept, own @ middles
