"""Luck that is addressed, never consumed.

Every draw is a hash of (seed, replication, case, purpose, nth), so the same case has the same
luck in every scenario, in every engine, in any order and on any number of processes. The mixing
function is SplitMix64's finaliser (Steele, Lea and Flood, 2014). This module knows no
distribution and no stage.
"""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray

MASK = 0xFFFFFFFFFFFFFFFF
CASE_STEP = 0x9E3779B97F4A7C15
PURPOSE_STEP = 0xD1B54A32D192ED03
NTH_STEP = 0xABC98388FB8FAC03
REPLICATION_STEP = 0x8CB92BA72F3D8DD7
TO_UNIT = 2.0**-53


def mix(z: int) -> int:
    """Scramble a 64-bit number (SplitMix64's finaliser)."""
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def run_key(seed: int, replication: int) -> int:
    """The key of one replication: the same seed and replication give the same luck."""
    return mix((mix(seed & MASK) + replication * REPLICATION_STEP) & MASK)


def case_key(key: int, case: int) -> int:
    """The key of one case in a replication."""
    return mix((key + case * CASE_STEP) & MASK)


def uniform(key_of_case: int, purpose: int, nth: int) -> float:
    """The luck of a case for a purpose on its nth stay: a number from 0 up to, never at, 1."""
    z = mix((key_of_case + purpose * PURPOSE_STEP + nth * NTH_STEP) & MASK)
    return (z >> 11) * TO_UNIT


def purpose(name: str) -> int:
    """The address of a purpose, from its name, the same whatever else the pathway holds."""
    return zlib.crc32(name.encode())


def mix_array(z: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """`mix` for an array; same shape."""
    z = z ^ (z >> np.uint64(30))
    z *= np.uint64(0xBF58476D1CE4E5B9)
    z ^= z >> np.uint64(27)
    z *= np.uint64(0x94D049BB133111EB)
    z ^= z >> np.uint64(31)
    return z


def case_keys(key: int, cases: NDArray[np.int64]) -> NDArray[np.uint64]:
    """`case_key` for an array of cases; shape (cases,)."""
    return mix_array(np.uint64(key) + cases.astype(np.uint64) * np.uint64(CASE_STEP))


def uniforms(keys_of_cases: NDArray[np.uint64], name: str, nth: int = 0) -> NDArray[np.float64]:
    """The luck of many cases for one named purpose; shape (cases,)."""
    step = np.uint64((purpose(name) * PURPOSE_STEP + nth * NTH_STEP) & MASK)
    return (mix_array(keys_of_cases + step) >> np.uint64(11)).astype(np.float64) * TO_UNIT
