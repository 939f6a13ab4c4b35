"""Places: the pools of a network, their capacity by date, and the order of spill."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.inputs import Inputs
from model.network.arrays import NONE
from model.pathway import ATTRIBUTES, POOLS, SPILL


class Places:
    """The pools of a network, one for each locality where they are the locality's own.

    Attributes
    ----------
    names : of the pools, in order. first : position of each kind's first pool.
    capacity : int64, shape (epochs, pools); NONE is unlimited.
    """

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs
        self.names: list[str] = []
        self.first: dict[str, int] = {}
        self.capacity = self.add_pools()

    def add_pools(self) -> NDArray[np.int64]:
        """Name the pools and give each its capacity by epoch; shape (epochs, pools)."""
        columns: list[list[float]] = []
        for name, spread in POOLS.items():
            self.first[name] = len(self.names)
            if spread == "locality":
                self.names += [f"{name}: {locality}" for locality in self.inputs.localities]
            else:
                self.names.append(name)
            columns += self.places_of(name)
        return np.array(columns, np.float64).T.round().astype(np.int64)

    def places_of(self, name: str) -> list[list[float]]:
        """Places of a pool by epoch, one list for each locality; NONE when it is unlimited."""
        number = self.inputs.number
        if name == "childrens_home":
            return [[NONE for _ in range(len(self.inputs.change_dates))]]
        if name == "key_workers":
            each = [
                np.atleast_1d(number("capacity.key_workers", epoch))
                * number("capacity.families_per_key_worker", epoch)
                for epoch in range(len(self.inputs.change_dates))
            ]
            return [
                [float(np.rint(block[k])) for block in each]
                for k in range(len(self.inputs.localities))
            ]
        held = [number(f"capacity.{name}", epoch) for epoch in range(len(self.inputs.change_dates))]
        if name == "social_workers":
            per = [
                number("capacity.cases_per_social_worker", epoch)
                for epoch in range(len(self.inputs.change_dates))
            ]
            held = [workers * cases for workers, cases in zip(held, per, strict=True)]
        return [[float(np.rint(value)) for value in held]]

    def spill_table(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Pools tried for each kind of placement, and the placement that each pool gives."""
        kinds = ATTRIBUTES["placement"]
        longest = max(len(chain) for chain in SPILL.values())
        spill = np.full((len(kinds), longest), NONE, np.int64)
        gives = np.full(len(self.names), NONE, np.int64)
        for kind, chain in SPILL.items():
            for place, pool in enumerate(chain):
                spill[kinds.index(kind), place] = self.first[pool]
                gives[self.first[pool]] = kinds.index(pool)
        return spill, gives
