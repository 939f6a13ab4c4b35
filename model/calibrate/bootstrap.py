"""Resampling children, to say how far an estimate could have come out otherwise.

A resample draws as many children as there are, with replacement, and with a child all of its
records (Efron and Tibshirani 1993, chapter 8: the unit that is independent is resampled, here the
child). Nothing is estimated again from records: every estimate is a function of sums over
children, so a resample is one more row of sums. Row 0 is the data as they are.

What it does not know: brothers and sisters, whose records go together; whoever counts families'
stages widens the spread by the children of a family (`design_effect`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]
RESAMPLES = 200
AT_A_TIME = 50


@dataclass(frozen=True)
class Resamples:
    """How often each resample holds each child.

    Attributes
    ----------
    weights : uint8, shape (children, 1 + resamples); column 0 is all ones.
    """

    weights: NDArray[np.uint8] = field(repr=False)

    def sums(
        self, child: NDArray[np.int64], cell: NDArray[np.int64], amount: Floats, cells: int
    ) -> Floats:
        """Sum of amounts by cell in the data and in every resample.

        Parameters
        ----------
        child, cell, amount : one entry a record; `cell` below `cells`.

        Returns
        -------
        Shape (1 + resamples, cells).
        """
        there, place = np.unique(child, return_inverse=True)
        table = sparse.csr_array((amount, (cell, place)), shape=(cells, len(there)))
        weights = self.weights[there]
        columns = weights.shape[1]
        found = np.empty((columns, cells))
        for first in range(0, columns, AT_A_TIME):
            some = weights[:, first : first + AT_A_TIME].astype(np.float64)
            found[first : first + AT_A_TIME] = (table @ some).T
        return found

    def counts(self, child: NDArray[np.int64], cell: NDArray[np.int64], cells: int) -> Floats:
        """Number of records by cell in the data and in every resample; as `sums`."""
        return self.sums(child, cell, np.ones(len(child)), cells)


def resample(children: int, seed: int = 1, resamples: int = RESAMPLES) -> Resamples:
    """Resamples of so many children, the same for the same seed."""
    luck = np.random.default_rng(seed)
    weights = np.ones((children, 1 + resamples), np.uint8)
    for place in range(1, 1 + resamples):
        drawn = luck.integers(0, max(children, 1), size=children)
        weights[:, place] = np.minimum(np.bincount(drawn, minlength=children), 255)
    return Resamples(weights)


def log_sd(values: Floats, design_effect: float = 1.0) -> float:
    """Relative spread of an estimate: standard deviation of its logarithm over the resamples.

    Parameters
    ----------
    values : shape (1 + resamples,), the data first. design_effect : by how much the variance is
        larger because children come in families.
    """
    others = values[1:]
    others = others[np.isfinite(others) & (others > 0)]
    if len(others) < 2:
        return float("nan")
    return float(np.log(others).std(ddof=1) * np.sqrt(design_effect))


def sd(values: Floats, design_effect: float = 1.0) -> float:
    """Standard deviation of an estimate over the resamples, in its own unit."""
    others = values[1:][np.isfinite(values[1:])]
    return float(others.std(ddof=1) * np.sqrt(design_effect)) if len(others) > 1 else float("nan")
