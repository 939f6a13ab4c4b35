"""How long it takes to calibrate one area from nothing but published statistics."""

from __future__ import annotations

import time
from typing import Any

from benchmarks.apart import apart
from benchmarks.figures import Figure, Found, Settings, found
from model import calibrate, parameters, published
from model.executors import executor_for, processors

QUICK_RUNS = 216
AIM_SECONDS = 120.0


def calibrated(area: str, runs: int) -> dict[str, Any]:
    """One fit on every processor, its processes started for it, as the command does."""
    began = time.perf_counter()
    table = published.load()
    known = parameters.areas()[area]
    council = calibrate.area_of(known.title, known.code, known.kind, known.localities)
    with executor_for(None, runs) as executor:
        settings = calibrate.Settings(runs, executor=executor)
        calibrate.calibrate_published(table[table["area"] == area], council, settings=settings)
    return {"seconds": time.perf_counter() - began, "runs": runs, "processors": processors()}


def from_published(settings: Settings) -> Found:
    """Calibration of one area from published statistics; the aim is for the usual runs alone."""
    runs = QUICK_RUNS if settings.quick else calibrate.RUNS
    told = apart(calibrated, "stockport" if settings.quick else settings.area, runs)
    what = f"calibration from published statistics, {runs} runs"
    aim = None if settings.quick else AIM_SECONDS
    return found([Figure(what, told["seconds"], "s", at_most=aim)], told)
