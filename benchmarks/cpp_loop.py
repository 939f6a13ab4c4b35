"""The plain C++ event loop (cpp_loop.cpp): compiled here, given its numbers, its log read back.

A limit to hold our engines against: one file for one pathway, nothing in it can be changed without
writing it again. It runs where a C++ compiler is installed.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.benchmark_pathway import SHARES, STAGES, START, Load
from benchmarks.families import (
    CODE,
    DURATIONS,
    EXPONENTIAL,
    NEEDS,
    PLACE_NAMES,
    PURPOSE,
    RATES,
    STAGE,
)
from model import luck
from model.engines.cases import Cases
from model.episodes import ATTRIBUTE_SHIFT, CASES_PER_FAMILY, COLUMNS, EpisodeLog
from model.hazards import CELLS
from model.network import Network
from model.pathway import GONE

SOURCE = Path(__file__).with_suffix(".cpp")
OPTIONS = ("-std=c++17", "-O3", "-march=native", "-ffp-contract=off")
MOST_ENDS, MOST_BANDS = 3, 8
POOLS = tuple(dict.fromkeys(PLACE_NAMES.values()))
MOST_FAMILIES = 2**24

# The structs of cpp_loop.cpp.
RISK = np.dtype(
    [
        *((name, np.int64) for name in ("outcome_code", "to", "sets_need", "purpose")),
        ("share", np.float64, len(NEEDS)),
        ("rate", np.float64, MOST_BANDS),
    ]
)
STAGE_NUMBERS = np.dtype(
    [
        ("ends", np.int64),
        ("bands", np.int64),
        ("edge", np.int64, MOST_BANDS),
        ("end", RISK, MOST_ENDS),
    ]
)
WHOLE = ("families", "horizon", "first_case", "case_step", "need_shift", "cells")
KEYS = ("run_key", "case_factor", "purpose_factor", "nth_factor")
NUMBERS = np.dtype(
    [
        *((name, np.int64) for name in WHOLE),
        *((name, np.uint64) for name in KEYS),
        ("capacity", np.int64, len(POOLS)),
        ("place_code", np.int64, len(POOLS)),
        ("stage", STAGE_NUMBERS, len(STAGES)),
    ]
)


def compiler() -> str | None:
    """The system's C++ compiler, or None; CXX names another."""
    named = (os.environ.get("CXX"), "c++", "g++", "clang++")
    return next((path for name in named if name and (path := shutil.which(name))), None)


@cache
def program() -> Path:
    """The program, compiled once for this process."""
    made = folder() / ("cpp_loop.exe" if sys.platform == "win32" else "cpp_loop")
    command = [str(compiler()), *OPTIONS, "-o", str(made), str(SOURCE)]
    subprocess.run(command, check=True, capture_output=True, text=True)
    return made


@cache
def folder() -> Path:
    """A folder that goes when this process ends."""
    made = TemporaryDirectory()
    atexit.register(made.cleanup)
    return Path(made.name)


def stage_numbers() -> np.ndarray:
    """The pathway's numbers, one row for each stage."""
    found = np.zeros(len(STAGES), STAGE_NUMBERS)
    for stage, numbers in zip(STAGES, found, strict=True):
        numbers["ends"] = len(stage.ends)
        edges, rates = RATES.get(stage.name, ([0], {}))
        numbers["bands"] = len(edges)
        numbers["edge"][: len(edges)] = edges
        for place, end in enumerate(stage.ends):
            risk = numbers["end"][place]
            risk["outcome_code"] = CODE[stage.name, end.outcome]
            risk["to"] = len(STAGES) if end.to == GONE else STAGE[end.to]
            risk["sets_need"] = NEEDS.index(end.sets["need"]) if "need" in end.sets else -1
            risk["purpose"] = PURPOSE[stage.name, end.outcome]
            if end.outcome in rates:
                risk["rate"][: len(edges)] = rates[end.outcome]
            elif stage.name in SHARES:
                risk["share"] = np.array(SHARES[stage.name])[..., place]
    return found


def numbers_of(network: Network, load: Load, cases: Cases, key: int) -> bytes:
    """The file of numbers."""
    if len(cases.case) >= MOST_FAMILIES:
        raise ValueError(f"{len(cases.case)} families: the C++ loop has numbers for 2^24")
    head = np.zeros(1, NUMBERS)
    values = {
        "families": len(cases.case),
        "horizon": load.horizon_minutes,
        "first_case": int(cases.case.min()),
        "case_step": CASES_PER_FAMILY,
        "need_shift": ATTRIBUTE_SHIFT["need"],
        "cells": CELLS,
        "run_key": key,
        "case_factor": luck.CASE_STEP,
        "purpose_factor": luck.PURPOSE_STEP,
        "nth_factor": luck.NTH_STEP,
        "capacity": (load.screening_officers, load.key_worker_places, load.social_worker_places),
        "place_code": [network.places.index(name) for name in POOLS],
        "stage": stage_numbers(),
    }
    for name, value in values.items():
        head[name] = value
    need = cases.state >> ATTRIBUTE_SHIFT["need"] & 15
    tables = (DURATIONS["screening"], DURATIONS["assessment"], EXPONENTIAL)
    arrivals = np.column_stack((cases.minute, cases.case, need))
    return b"".join(
        (head.tobytes(), *(np.array(table).tobytes() for table in tables), arrivals.tobytes())
    )


def run(
    network: Network, load: Load, cases: Cases, seed: int, replication: int
) -> tuple[EpisodeLog, float]:
    """Run one replication; its log, and the seconds of processor time that the loop took."""
    numbers, log = folder() / "numbers", folder() / "log"
    numbers.write_bytes(numbers_of(network, load, cases, luck.run_key(seed, replication)))
    command = [str(program()), str(numbers), str(log)]
    told = subprocess.run(command, check=True, capture_output=True, text=True)
    found = EpisodeLog(
        rows=np.frombuffer(log.read_bytes(), np.int64).reshape(-1, len(COLUMNS)),
        horizon_minutes=network.horizon,
        places=network.places,
        localities=network.localities,
        start_date=START.isoformat(),
    )
    return found, float(told.stdout)
