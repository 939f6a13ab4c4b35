"""How far along open stays are: time already spent, from how stays of their kind are spread.

It knows no stage and no case; luck comes in as numbers from 0 to 1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.hazards import CELLS
from model.steady_state import minutes_in_bands


def age_of_stay(
    edges: NDArray[np.float64],
    rates: NDArray[np.float64],
    limits: NDArray[np.float64],
    kind: NDArray[np.int64],
    u: NDArray[np.float64],
) -> NDArray[np.int64]:
    """Time already spent in open stays: spread as the share of stays that last so long.

    Parameters
    ----------
    edges : minutes, lower edges of the bands. rates : per minute, shape (kinds, bands).
    limits : longest time possible for each kind of stay, minutes.
    kind, u : of each case, which kind of stay it is in, and its luck.
    """
    minutes, _ = minutes_in_bands(edges, rates, limits)
    total = minutes.sum(axis=1)
    reached = np.cumsum(minutes, axis=1) / np.where(total > 0, total, 1.0)[:, None]
    band = np.zeros(len(u), np.int64)
    for column in reached.T[:-1]:
        band += column[kind] <= u
    before = np.column_stack((np.zeros(len(total)), reached))[kind, band]
    inside = np.clip((u - before) / np.maximum(reached[kind, band] - before, 1e-300), 0, 1)
    rate = rates[kind, band]
    width = np.minimum(np.append(edges[1:], np.inf)[band], limits[kind]) - edges[band]
    decay = -np.expm1(-rate * np.minimum(width, 1e15))
    along = np.where(
        rate > 0,
        -np.log1p(-inside * decay) / np.where(rate > 0, rate, 1.0),
        inside * np.where(np.isfinite(width), width, 0.0),
    )
    return np.where(total[kind] > 0, edges[band] + along, 0.0).astype(np.int64)


def age_of_duration(
    table: NDArray[np.float64], u: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Working minutes already spent of a plain duration, and the share of stays shorter."""
    longer = 1.0 - (np.arange(CELLS) + 0.5) / CELLS
    reached = np.concatenate(([0.0], np.cumsum(longer * np.diff(table))))
    place = np.interp(u, reached / reached[-1], np.arange(CELLS + 1))
    spent = np.interp(place, np.arange(CELLS + 1), table)
    return spent.astype(np.int64), place / CELLS
