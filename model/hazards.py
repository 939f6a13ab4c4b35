"""Durations: published bands into rates and quantile tables.

Durations of help and care are mixtures with a large mass in the first months and a long tail, so
they are kept as bands, never as one exponential. Engines only look these tables up: with
+ - x / alone two engines agree to the last bit. This module knows no stage and no luck.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

CELLS = 4096
MINUTES_PER = {
    "minutes": 1,
    "days": 1440,
    "weeks": 7 * 1440,
    "years": 525_960,  # 365.25 days
}


def rates_from_bands(
    edges: Sequence[float], shares: Sequence[float], beyond: float
) -> NDArray[np.float64]:
    """Rate of ending in each band, from the share of stays that ended in it.

    Parameters
    ----------
    edges : lower edges of the bands, starting at 0; the last band is open-ended.
    shares : share of stays that ended in each band, summing to 1.
    beyond : mean time spent beyond the last edge, in the unit of `edges`.

    Returns
    -------
    Rates per unit of `edges`, shape (bands,): -ln(left after / left before) / width.
    """
    left_before = 1.0 - np.concatenate(([0.0], np.cumsum(shares)[:-1]))
    left_after = np.maximum(1.0 - np.cumsum(shares)[:-1], 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        closed = -np.log(left_after / left_before[:-1]) / np.diff(np.asarray(edges, float))
    return np.concatenate((np.nan_to_num(closed, nan=0.0), [1.0 / beyond]))


def survival(
    edges: NDArray[np.float64], rates: NDArray[np.float64], at: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Share of stays still going after each time; edges and `at` in one unit, rates per unit."""
    widths = np.diff(edges)
    cumulative = np.concatenate(([0.0], np.cumsum(rates[:-1] * widths)))
    band = np.clip(np.searchsorted(edges, at, side="right") - 1, 0, len(edges) - 1)
    return np.exp(-(cumulative[band] + rates[band] * (at - edges[band])))


@lru_cache(maxsize=1)
def unit_exponential_table() -> NDArray[np.float64]:
    """Quantiles of the unit exponential in 4,096 cells, the last cell refined into 4,096 more.

    Shape (2 * (CELLS + 1),): the coarse quantiles, then those of the last cell.
    """
    coarse = [-math.log1p(-k / CELLS) for k in range(CELLS)]
    fine = [math.log(CELLS) - math.log1p(-k / CELLS) for k in range(CELLS)]
    last = 2 * math.log(CELLS) + 1.0
    table = np.array([*coarse, fine[0], *fine, last])
    table.flags.writeable = False
    return table


def quantile_table(
    edges: Sequence[float], shares: Sequence[float], beyond: float | None
) -> NDArray[np.float64]:
    """Quantiles of a banded duration in 4,096 cells; shape (CELLS + 1,), the unit of `edges`.

    Within a band stays are spread evenly; beyond the last edge they tail off exponentially.
    """
    reached = np.concatenate(([0.0], np.cumsum(shares)))
    points = np.linspace(0.0, 1.0, CELLS + 1)
    closed = len(edges) - 1
    quantiles = np.interp(points, reached[: closed + 1], np.asarray(edges, float))
    if beyond is not None:
        start, width = reached[closed], max(reached[-1] - reached[closed], 1e-12)
        inside = points > start
        left = np.maximum(1.0 - (points[inside] - start) / width, 1.0 / (8 * CELLS))
        quantiles[inside] = edges[-1] - beyond * np.log(left)
    quantiles[0] = 0.0  # where nobody ends in the first band too: time spent counts from here
    return quantiles


def mean_of_table(table: NDArray[np.float64]) -> float:
    """Mean of a duration held as a quantile table."""
    return float((table[:-1] + table[1:]).mean() / 2)
