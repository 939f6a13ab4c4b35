"""Parameters with knobs turned: the world that one row of a joint posterior describes.

It knows knobs and parameters; it draws, fits and runs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from model.parameters import Parameters
from model.parameters.catalogue import SPECS
from model.parameters.knobs import Knob, Move, moved_value


def turned(parameters: Parameters, knobs: Sequence[Knob], factors: Sequence[float]) -> Parameters:
    """The same parameters once each knob stands at its factor; 1 leaves them as they are.

    Parameters
    ----------
    factors : one for each knob, above 0.
    """
    entries = dict(parameters.entries)
    moves: dict[str, list[tuple[Move, float]]] = {}
    for knob, factor in zip(knobs, factors, strict=True):
        for move in knob.moves:
            moves.setdefault(move.parameter, []).append((move, float(factor)))
    for name, found in moves.items():
        entry = entries[name]
        value = moved_value(entry.value, entry.by, SPECS[name], found)
        entries[name] = replace(entry, value=value)
    return replace(parameters, entries=entries)


__all__ = ["turned"]
