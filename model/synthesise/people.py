"""The children of a simulated run, each with an invented id and invented particulars.

Births come from the simulation. Everything else about a person (id, pupil number, sex, ethnicity)
is made up, spread evenly on purpose over what a return allows, so that nothing can be learnt from
it, and is the same for the same child in every return. This module knows no stage and no return.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model import luck
from model.engines.cases import Cases
from model.episodes import CASES_PER_FAMILY, attribute_of
from model.measures.periods import MINUTES_PER_DAY
from model.pathway import ATTRIBUTES

Ints = NDArray[np.int64]
Days = NDArray[np.datetime64]

FIRST_ID, ID_STEP = 1_000_003, 7  # seven digits, and gaps, as in a council's own system
PUPIL_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
PUPIL_DIGITS = 10**12
WHITE, MIXED = ("WBRI", "WIRI", "WIRT", "WOTH", "WROM"), ("MWBC", "MWBA", "MWAS", "MOTH")
ASIAN, BLACK = ("AIND", "APKN", "ABAN", "AOTH"), ("BCRB", "BAFR", "BOTH")
ETHNICITIES = (*WHITE, *MIXED, *ASIAN, *BLACK, "CHNE", "OOTH")


@dataclass(frozen=True)
class People:
    """Children, one entry each, sorted by number.

    Attributes
    ----------
    number : of the child in the log: its family's case + 1 to 15.
    id, pupil : as a council would write them. born : day of birth, or the day it is expected.
    male : bool. ethnicity : code. disabled, asylum_seeking : bool.
    keys : of their luck in whatever else is made up about them.
    """

    number: Ints
    id: NDArray[np.object_]
    pupil: NDArray[np.object_]
    born: Days
    male: NDArray[np.bool_]
    ethnicity: NDArray[np.object_]
    disabled: NDArray[np.bool_]
    asylum_seeking: NDArray[np.bool_]
    keys: NDArray[np.uint64]

    def __repr__(self) -> str:
        """A count: nobody is shown, though all are invented."""
        return f"People({len(self.number)} children)"

    def at(self, number: Ints) -> Ints:
        """The position of children by their number."""
        return np.searchsorted(self.number, number)

    def luck(self, position: int, what: str, nth: int = 0) -> float:
        """The luck of one child for a purpose, 0 up to 1."""
        return luck.uniform(int(self.keys[position]), luck.purpose(f"synthetic {what}"), nth)

    def lucks(self, position: Ints, what: str) -> NDArray[np.float64]:
        """The luck of children for a purpose, 0 up to 1; shape as `position`."""
        return luck.uniforms(self.keys[position], f"synthetic {what}")

    def pick(self, position: Ints, what: str, choices: tuple[str, ...]) -> NDArray[np.object_]:
        """One of several for each child, by luck that is addressed by child and purpose."""
        u = self.lucks(position, what)
        return np.array(choices, object)[(u * len(choices)).astype(int)]


def people(number: Ints, cases: Cases, start: np.datetime64, seed: int) -> People:
    """The children with these numbers.

    Parameters
    ----------
    number : of children, in any order, repeated or not. cases : everyone whom the run meets.
    start : the run's first day. seed : of what is made up.
    """
    number = np.unique(number)
    family = cases.case // CASES_PER_FAMILY
    order = np.argsort(family, kind="stable")
    row = order[np.searchsorted(family[order], number // CASES_PER_FAMILY)]
    minutes = cases.births[row, number % CASES_PER_FAMILY - 1]
    stream = attribute_of(cases.state[row], "stream")
    keys = luck.case_keys(luck.run_key(seed, 0), number)
    u = luck.uniforms(keys, "synthetic ethnicity")
    return People(
        number=number,
        id=ids(keys),
        pupil=pupil_numbers(keys),
        born=start + np.floor_divide(minutes, MINUTES_PER_DAY).astype("timedelta64[D]"),
        male=luck.uniforms(keys, "synthetic sex") < 0.5,
        ethnicity=np.array(ETHNICITIES, object)[(u * len(ETHNICITIES)).astype(int)],
        disabled=stream == ATTRIBUTES["stream"].index("disabled"),
        asylum_seeking=stream == ATTRIBUTES["stream"].index("asylum_seeking"),
        keys=keys,
    )


def ids(keys: NDArray[np.uint64]) -> NDArray[np.object_]:
    """An id for each child, none twice, in an order that has nothing to do with who came when."""
    rank = np.empty(len(keys), np.int64)
    rank[np.argsort(keys, kind="stable")] = np.arange(len(keys))
    return np.array([str(FIRST_ID + ID_STEP * one) for one in rank], object)


def pupil_numbers(keys: NDArray[np.uint64]) -> NDArray[np.object_]:
    """Unique pupil numbers: a letter and twelve digits."""
    letter = (luck.uniforms(keys, "synthetic pupil letter") * len(PUPIL_LETTERS)).astype(int)
    digits = (luck.uniforms(keys, "synthetic pupil number") * PUPIL_DIGITS).astype(np.int64)
    pairs = zip(letter.tolist(), digits.tolist(), strict=True)
    return np.array([f"{PUPIL_LETTERS[one]}{other:012d}" for one, other in pairs], object)
