"""Which engine runs: the compiled twin where it can, else the SimPy reference.

Both return the same log, so the choice changes nothing but the time.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from model.engines import compiled_engine, simpy_engine
from model.engines.cases import Cases
from model.episodes import EpisodeLog
from model.errors import InputError, Where, listed
from model.network import Network

AUTO, SIMPY, COMPILED = "auto", "simpy", "compiled"
ENGINES = (AUTO, SIMPY, COMPILED)
Engine = Callable[[Network, Cases, int, int], EpisodeLog]


@cache
def engine_named(name: str = AUTO) -> Engine:
    """The engine of this name; `auto` is the compiled one where Numba is installed.

    Raises
    ------
    InputError
        For an unknown name, and for the compiled engine on a machine without Numba.
    """
    if name not in ENGINES:
        raise InputError(Where("--engine"), repr(name), listed(ENGINES))
    if name == COMPILED and not compiled_engine.available():
        where = Where("--engine")
        raise InputError(where, "compiled, but Numba is not installed", f"{AUTO} or {SIMPY}")
    if name != SIMPY and compiled_engine.available():
        return compiled_engine.run
    return simpy_engine.run


def slow_for_lack_of_numba(name: str) -> bool:
    """Whether the SimPy engine runs only because the compiled one cannot."""
    return name == AUTO and not compiled_engine.available()
