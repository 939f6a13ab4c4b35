"""Numbers from 0 to 1 for parameter draws: addressed, and spread more evenly than luck.

A draw of a name is a hash of (seed, name, draw), so that it is the same whatever else is drawn,
however many draws are asked for and wherever they are made. The first 1, 2, 4, 8, ... draws of a
name fall one into each of so many equal slices, as in a Latin hypercube that grows: the van der
Corput sequence with its order and its digits scrambled by name (Owen, 1995, "Randomly permuted
(t,m,s)-nets"; one dimension a name, padded as in Burley, 2020, "Practical hash-based Owen
scrambling"). It knows no distribution and no parameter.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from model import luck

DIGITS = 32
LEVELS = np.arange(DIGITS, dtype=np.uint64)
FROM_TOP = np.uint64(DIGITS) - LEVELS
Words = NDArray[np.uint64]


def stratified(seed: int, names: Sequence[str], draw: int) -> NDArray[np.float64]:
    """A number strictly between 0 and 1 for each name; shape (names,).

    Parameters
    ----------
    seed : of the draws. names : addresses; equal names get equal numbers.
    draw : from 0 to 2**32 - 1.
    """
    order, digits = _keys(seed, tuple(names))
    place = scrambled(np.full(len(names), draw, np.uint64), order)
    words = scrambled(reversed_digits(place), digits)
    return np.asarray((words.astype(np.float64) + 0.5) * 2.0**-DIGITS)


@lru_cache(maxsize=64)
def _keys(seed: int, names: tuple[str, ...]) -> tuple[Words, Words]:
    """Two keys for each name: one for the order of its slices, one for the digits."""
    start = luck.mix(seed & luck.MASK)
    parts = [
        [luck.mix(start ^ zlib.crc32(f"{name} {part}".encode())) for name in names]
        for part in ("order", "digits")
    ]
    order, digits = np.array(parts, np.uint64).reshape(2, len(names))
    return order, digits


def scrambled(words: Words, keys: Words) -> Words:
    """Each binary digit flipped, or not, by a hash of the digits above it; same shape."""
    above = words[:, None] >> FROM_TOP | np.uint64(1) << LEVELS
    hashed = luck.mix_array(keys[:, None] + above * np.uint64(luck.CASE_STEP))
    flips = (hashed & np.uint64(1)) << (FROM_TOP - np.uint64(1))
    return np.asarray(words ^ flips.sum(axis=1, dtype=np.uint64))


def reversed_digits(words: Words) -> Words:
    """The binary digits from last to first; same shape."""
    digits = words[:, None] >> LEVELS & np.uint64(1)
    return np.asarray((digits << (FROM_TOP - np.uint64(1))).sum(axis=1, dtype=np.uint64))
