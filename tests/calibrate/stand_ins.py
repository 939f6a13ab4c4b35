"""Cheap simulators with known answers, and what a fit of them needs."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.calibrate.fit import Task, task_of
from model.calibrate.knobs import Discrepancy
from model.calibrate.targets import FEWEST_CASES, targets_of
from model.parameters.knobs import Knob, Move

MEASURES = (
    "referrals",
    "assessments",
    "section_47_enquiries",
    "looked_after",
    "looked_after_ceased",
)
YEAR = 2025
NO_GAP = {kind: Discrepancy(1e-4, 2e-4) for kind in ("flow", "stock", "share")}
SOME_GAP = {kind: Discrepancy(0.02, 0.2) for kind in ("flow", "stock", "share")}


def knobs(count: int) -> tuple[Knob, ...]:
    """Knobs that a stand-in turns; what they would move in the model is nobody's business here."""
    move = Move("return.pace")
    return tuple(Knob(f"knob_{k}", f"Knob {k}", 0.5, 2.0, (move,)) for k in range(count))


def figures(values: list[float], sd: float = 0.0) -> pd.DataFrame:
    """Targets of one year."""
    names = list(MEASURES[: len(values)])
    return pd.DataFrame(
        {"measure": names, "year": YEAR, "value": values, "sd": sd, "unit": "children"}
    )


class Curved:
    """Figures whose logarithm is a quadratic of the log factors, with luck about it.

    Parameters
    ----------
    slopes : shape (figures, knobs). bend : of each squared log factor. chance : of the logarithm.
    """

    def __init__(self, slopes: np.ndarray, bend: float = 0.0, chance: float = 0.03) -> None:
        self.slopes, self.bend, self.chance = np.asarray(slopes, float), bend, chance
        self.points: list[np.ndarray] = []

    def mean(self, logs: np.ndarray) -> np.ndarray:
        """Logarithms of the figures without luck; shape (points, figures)."""
        return np.log(1000) + logs @ self.slopes.T + self.bend * (logs**2) @ np.abs(self.slopes.T)

    def __call__(self, logs: np.ndarray, first: int) -> np.ndarray:
        """Figures of one run at each point."""
        self.points.append(logs)
        luck = np.stack(
            [
                np.random.default_rng(first + k).standard_normal(len(self.slopes))
                for k in range(len(logs))
            ]
        )
        return np.exp(self.mean(logs) + self.chance * luck) - FEWEST_CASES

    def at(self, truth: list[float], luck: np.ndarray | None = None) -> list[float]:
        """The figures that would be published where this is the truth."""
        found = self.mean(np.log([truth]))[0]
        found = found if luck is None else found + self.chance * luck
        return list(np.exp(found) - FEWEST_CASES)


def task(table: pd.DataFrame, count: int, gaps: dict[str, Discrepancy], **keys: int) -> Task:
    """A fit of a stand-in."""
    chosen = {"runs": 240, "seed": 1} | keys
    return task_of(knobs(count), targets_of(table, YEAR, 1), gaps, **chosen)
