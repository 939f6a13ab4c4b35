"""An emulator: the simulator's figures as a quadratic of the knobs, with what it does not know.

On the scale of the fit, where factors add up, a quadratic is close over the region that matters.
What it leaves is chance and lack of fit together, and its covariance between figures is kept: a
year with many starts of care is one with many children looked after. A response surface in the
sense of Box and Wilson (1951), with the leave-one-out errors of linear smoothers (Allen 1974).
It knows no model: points and figures are given to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
RUNS_PER_TERM = 2.0  # fewer runs than this and interactions are left out
PENALTIES = (0.01, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)  # on curvature, in runs' worth
BARELY = 1e-6  # on the straight part, so that it can always be solved


@dataclass(frozen=True)
class Emulator:
    """A fitted response surface of several figures.

    Attributes
    ----------
    middle, width : of the points it was made from, by knob; they are put on this scale first.
    crossed : whether pairs of knobs are among its terms.
    weights : shape (terms, figures). gram : inverse of the penalised cross-product of terms.
    noise : covariance of figures about the surface, shape (figures, figures).
    runs : how many it was made from. errors : leave-one-out errors in standard deviations, shape
        (runs, figures).
    """

    middle: Array
    width: Array
    crossed: bool
    weights: Array
    gram: Array
    noise: Array
    runs: int
    errors: Array

    def mean(self, points: Array) -> Array:
        """Figures on the scale of the fit at some points; shape (points, figures)."""
        return self.terms(points) @ self.weights

    def unsure(self, points: Array) -> Array:
        """Variance of the surface itself, as a multiple of the noise; shape (points,)."""
        terms = self.terms(points)
        return np.einsum("ij,jk,ik->i", terms, self.gram, terms)

    def terms(self, points: Array) -> Array:
        """The terms of the quadratic at some points; shape (points, terms)."""
        return terms_of((points - self.middle) / self.width, self.crossed)


def terms_of(scaled: Array, crossed: bool) -> Array:
    """1, each knob, each squared, and each pair multiplied."""
    columns = [np.ones((len(scaled), 1)), scaled, scaled**2]
    if crossed and scaled.shape[1] > 1:
        pairs = list(combinations(range(scaled.shape[1]), 2))
        left, right = (list(side) for side in zip(*pairs, strict=True))
        columns.append(scaled[:, left] * scaled[:, right])
    return np.concatenate(columns, axis=1)


def emulator_of(points: Array, figures: Array) -> Emulator:
    """The emulator made from runs.

    Parameters
    ----------
    points : log factors, shape (runs, knobs). figures : on the scale of the fit, shape (runs,
        figures), all finite.

    Raises
    ------
    ValueError for fewer runs than a straight line in every knob needs twice over.
    """
    runs, knobs = points.shape
    if runs < 2 * (2 * knobs + 2):
        raise ValueError(f"{runs} runs for {knobs} knobs; at least {2 * (2 * knobs + 2)}")
    middle, width = points.mean(axis=0), np.maximum(points.std(axis=0), 1e-9)
    pairs = 1 + 2 * knobs + knobs * (knobs - 1) // 2
    crossed = runs >= RUNS_PER_TERM * pairs
    terms = terms_of((points - middle) / width, crossed)
    scale = figures.std(axis=0) + 1e-12
    best: tuple[float, Any, Any, Any] | None = None
    for penalty in PENALTIES:
        ridge = np.full(terms.shape[1], penalty)
        ridge[: 1 + knobs] = BARELY
        gram = np.linalg.inv(terms.T @ terms + np.diag(ridge))
        leverage = np.einsum("ij,jk,ik->i", terms, gram, terms)
        left = (figures - terms @ (gram @ (terms.T @ figures))) / (1 - leverage)[:, None]
        score = float(np.mean((left / scale) ** 2))
        if best is None or score < best[0]:
            best = score, gram, leverage, left
    assert best is not None
    _, gram, leverage, left = best
    kept = left * (1 - leverage)[:, None]
    noise = kept.T @ kept / (runs - leverage.sum())
    noise += np.diag(np.full(len(noise), 1e-10))
    sd = np.sqrt(np.diag(noise) * (1 + leverage[:, None] / (1 - leverage[:, None])))
    weights = gram @ (terms.T @ figures)
    return Emulator(middle, width, crossed, weights, gram, noise, runs, left / sd)


__all__ = ["Emulator", "emulator_of"]
