"""How far something that goes on step by step is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Standing:
    """How far a run is.

    Attributes
    ----------
    tasks : done. expected : that it will take in all, as far as one can tell now.
    finished : whether no more are needed.
    """

    tasks: int
    expected: int
    finished: bool
