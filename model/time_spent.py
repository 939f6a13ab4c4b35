"""How far along open stays are: time already spent, from how stays of their kind are spread.

It knows no stage and no case; luck comes in as numbers from 0 to 1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.hazards import CELLS
from model.steady_state import Stay, minutes_in_bands


def age_of_stay(
    stay: Stay, u: NDArray[np.float64], cap: NDArray[np.float64] | None = None
) -> NDArray[np.int64]:
    """Time already spent in open stays: spread as the share of stays that last so long.

    Parameters
    ----------
    u : luck, shape (cases,). cap : longest time possible for each case, minutes.
    """
    limit = np.full(len(u), stay.limit) if cap is None else np.minimum(cap, stay.limit)
    edges = stay.edges
    out = np.zeros(len(u))
    for value in np.unique(limit):
        here = limit == value
        minutes, _ = minutes_in_bands(edges, stay.rates, float(value))
        total = minutes.sum()
        if total <= 0:
            continue
        reached = np.cumsum(minutes) / total
        band = np.searchsorted(reached, u[here], side="right").clip(0, len(edges) - 1)
        before = np.concatenate(([0.0], reached))[band]
        inside = np.clip((u[here] - before) / np.maximum(reached[band] - before, 1e-300), 0, 1)
        rate = stay.rates[band]
        upper = np.minimum(np.append(edges[1:], np.inf)[band], value)
        width = upper - edges[band]
        decay = -np.expm1(-rate * np.minimum(width, 1e15))
        along = np.where(
            rate > 0,
            -np.log1p(-inside * decay) / np.where(rate > 0, rate, 1.0),
            inside * np.where(np.isfinite(width), width, 0.0),
        )
        out[here] = edges[band] + along
    return out.astype(np.int64)


def age_of_duration(
    table: NDArray[np.float64], u: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Working minutes already spent of a plain duration, and the share of stays shorter."""
    longer = 1.0 - (np.arange(CELLS) + 0.5) / CELLS
    reached = np.concatenate(([0.0], np.cumsum(longer * np.diff(table))))
    place = np.interp(u, reached / reached[-1], np.arange(CELLS + 1))
    spent = np.interp(place, np.arange(CELLS + 1), table)
    return spent.astype(np.int64), place / CELLS
