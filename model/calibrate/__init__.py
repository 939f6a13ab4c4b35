"""Calibration: a council's returns, or nothing but published statistics, into an area that runs.

- `calibrate_published` and `calibrate_returns` give a calibrated area and its report;
  `write` puts both into an area folder, which `--area` takes in place of a name.
- `estimate` counts what returns show; `fit` finds what nothing shows, with a joint posterior.

What is fitted (`parameters/knobs.toml`) is at most a dozen numbers. The model keeps its rates over
the years, so no fit follows a single year's swing: the report says how far off that leaves it.
"""

from __future__ import annotations

from pathlib import Path

from model.calibrate.area_folder import Calibrated, check_place, texts_of, write_area_folder
from model.calibrate.estimates import Estimates, estimate
from model.calibrate.fit import RUNS, fit
from model.calibrate.knobs import load_knobs
from model.calibrate.posterior import Posterior
from model.calibrate.returns_route import calibrate_returns
from model.calibrate.routes import Settings, area_of, calibrate_published
from model.calibrate.volumes import CONTACT_UNITS


def write(folder: str | Path, found: Calibrated, says: str) -> None:
    """Write a calibrated area and its report as an area folder, whole or not at all.

    Raises
    ------
    InputError where something else than an area folder lies.
    """
    write_area_folder(Path(folder), texts_of(found, says))


__all__ = [
    "CONTACT_UNITS",
    "RUNS",
    "Calibrated",
    "Estimates",
    "Posterior",
    "Settings",
    "area_of",
    "calibrate_published",
    "calibrate_returns",
    "check_place",
    "estimate",
    "fit",
    "load_knobs",
    "write",
]
