"""The writings of the benchmark pathway, by name, and which of them this computer can run."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable
from importlib.util import find_spec

from benchmarks import benchmark_pathway, cpp_loop, usual_way
from benchmarks.benchmark_pathway import Load
from model import luck
from model.engines import compiled_engine, simpy_engine
from model.engines.cases import Cases
from model.episodes import EpisodeLog
from model.network import Network

USUAL, OURS, COMPILED = "the usual way", "our SimPy engine", "our compiled engine"
CPP, CIW, SALABIM = "a plain C++ loop", "Ciw", "salabim"
PACKAGES = {CIW: "ciw", SALABIM: "salabim"}
SEED, REPLICATION = 1, 0

Run = Callable[[], tuple[EpisodeLog, float]]  # the log, and processor seconds


def can_run(writing: str) -> bool:
    """Whether what a writing needs is installed."""
    if writing == COMPILED:
        return compiled_engine.available()
    if writing == CPP:
        return cpp_loop.compiler() is not None
    return writing not in PACKAGES or find_spec(PACKAGES[writing]) is not None


def benchmark_run(writing: str, load: Load) -> Run:
    """One replication of the benchmark pathway, ready to go, in one of its writings."""
    built = benchmark_pathway.build(load)
    cases = benchmark_pathway.arrivals(load, luck.run_key(SEED, REPLICATION))
    if writing in (OURS, COMPILED):
        return our_run(writing, built, cases)
    if writing == CPP:
        return lambda: cpp_loop.run(built, load, cases, SEED, REPLICATION)
    module = usual_way
    if writing in PACKAGES:
        module = importlib.import_module(f"benchmarks.{PACKAGES[writing]}_writing")
    return timed(lambda: module.run(built, load, cases, SEED, REPLICATION))


def our_run(writing: str, built: Network, cases: Cases) -> Run:
    """A run of one of our engines; of the compiled one, once its kernel is there."""
    engine = compiled_engine if writing == COMPILED else simpy_engine
    if writing == COMPILED:
        engine.run(built, cases, SEED, REPLICATION)
    return timed(lambda: engine.run(built, cases, SEED, REPLICATION))


def timed(run: Callable[[], EpisodeLog]) -> Run:
    """A run that also says how long it took."""

    def with_seconds() -> tuple[EpisodeLog, float]:
        began = time.process_time()
        log = run()
        return log, time.process_time() - began

    return with_seconds
