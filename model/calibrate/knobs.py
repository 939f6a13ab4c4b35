"""The knobs of a fit and how far each may be from the template, from the project's own files.

What a knob is and how it is read stands in `model.parameters.knobs`, because an area that was
fitted carries its knobs with it; here is what only a fit needs.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model import root as project
from model.errors import InputError, Where
from model.parameters.knobs import KNOBS_FILE, Joint, Knob, Move, read_knobs
from model.parameters.reading import check_keys, check_number, read_toml
from model.uncertainty.distributions import Z_OF_TAIL

SETTINGS_FILE = "calibration.toml"
KINDS = ("flow", "stock", "share")


@dataclass(frozen=True)
class Discrepancy:
    """How far figures may lie from a model that does not change: 5th and 95th percentile."""

    low: float
    high: float

    @property
    def middle(self) -> float:
        """Mean of its logarithm."""
        return math.log(self.low * self.high) / 2

    @property
    def spread(self) -> float:
        """Standard deviation of its logarithm."""
        return math.log(self.high / self.low) / (2 * Z_OF_TAIL)


def load_knobs(root: str | Path | None = None) -> tuple[Knob, ...]:
    """The project's knobs (`parameters/knobs.toml`).

    Raises
    ------
    InputError for anything wrong in the file.
    """
    folder = project.find(root)
    return read_knobs(folder / project.PARAMETERS / KNOBS_FILE, folder)


def load_discrepancies(root: str | Path | None = None) -> dict[str, Discrepancy]:
    """How far figures may lie from the model, by kind (`parameters/calibration.toml`)."""
    folder = project.find(root)
    path = folder / project.PARAMETERS / SETTINGS_FILE
    where = Where(project.shown(path, folder))
    table = check_keys(read_toml(path, folder), where, ("discrepancy",))
    kinds = check_keys(table["discrepancy"], where.at("discrepancy"), KINDS)
    return {kind: _discrepancy(kinds[kind], where.at(f"discrepancy.{kind}")) for kind in KINDS}


def _discrepancy(table: object, where: Where) -> Discrepancy:
    known = check_keys(table, where, ("low", "high"), ("note",))
    low, high = (check_number(known[key], where.at(key)) for key in ("low", "high"))
    if not 0 < low < high:
        raise InputError(where, f"low {low:g} and high {high:g}", "0 < low < high")
    return Discrepancy(low, high)


def scales(knobs: Sequence[Knob]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and standard deviation of each knob's log factor before the fit."""
    low = np.log([knob.low for knob in knobs])
    high = np.log([knob.high for knob in knobs])
    return (low + high) / 2, (high - low) / (2 * Z_OF_TAIL)


def without(knobs: Sequence[Knob], estimated: Collection[str]) -> tuple[Knob, ...]:
    """The knobs that are still free once these parameters were estimated from records."""
    return tuple(knob for knob in knobs if not set(knob.parameters) & set(estimated))


__all__ = [
    "Discrepancy",
    "Joint",
    "Knob",
    "Move",
    "load_discrepancies",
    "load_knobs",
    "scales",
    "without",
]
