"""Dense tables over attributes and dates, and quantile tables of durations."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.episodes import ATTRIBUTE_SHIFT
from model.hazards import MINUTES_PER, quantile_table
from model.inputs import Bands, Inputs
from model.pathway import ATTRIBUTES


class Tables:
    """Collects every number of a network, in one flat array that dense tables point into.

    Parameters
    ----------
    inputs : the area's numbers. working_day_minutes : minutes of a working day.
    """

    def __init__(self, inputs: Inputs, working_day_minutes: int) -> None:
        self.inputs, self.working_day_minutes = inputs, working_day_minutes
        self.records: list[tuple[int, ...]] = []
        self.values: list[NDArray[np.float64]] = []
        self.size = 0
        self.quantiles: list[NDArray[np.float64]] = []

    def table(self, by: tuple[str, ...], by_epoch: list[NDArray[np.float64]], width: int) -> int:
        """Add a dense table [epoch, *by, width]; returns its index.

        Equal epochs are kept once, and an attribute that changes nothing gets the stride 0.
        """
        same = all(np.array_equal(block, by_epoch[0]) for block in by_epoch[1:])
        blocks = by_epoch[:1] if same else by_epoch
        sizes = [self.size_of(attribute) for attribute in by]
        matters = [
            any(
                bool((np.diff(np.reshape(block, (*sizes, width)), axis=axis) != 0).any())
                for block in blocks
            )
            for axis in range(len(by))
        ]
        record = [self.size, 0 if same else int(np.prod(sizes, dtype=int)) * width]
        for place in range(3):
            if place < len(by):
                stride = int(np.prod(sizes[place + 1 :], dtype=int)) * width * matters[place]
                record += [ATTRIBUTE_SHIFT[by[place]], stride]
            else:
                record += [0, 0]
        for block in blocks:
            flat = np.ascontiguousarray(np.asarray(block, np.float64)).reshape(-1)
            if flat.size != int(np.prod(sizes, dtype=int)) * width:
                raise AssertionError(f"table over {by} has {flat.size} values")
            self.values.append(flat)
            self.size += flat.size
        self.records.append(tuple(record))
        return len(self.records) - 1

    def size_of(self, attribute: str) -> int:
        """How many values an attribute has."""
        if attribute == "locality":
            return len(self.inputs.localities)
        return len(ATTRIBUTES[attribute])

    def epochs(self, name: str) -> range:
        """The epochs in which a parameter has values of its own: one where nothing changes it."""
        return range(len(self.inputs.change_dates) if self.inputs.varies(name) else 1)

    def number_table(self, name: str, by: tuple[str, ...] = ()) -> int:
        """A table of one number for each combination of attributes."""
        return self.table(by, [self.inputs.shares(name, epoch) for epoch in self.epochs(name)], 1)

    def shares_table(
        self, name: str, by: tuple[str, ...], width: int, source: Inputs | None = None
    ) -> int:
        """A table of shares; a two-valued attribute is given as one probability."""
        found = source or self.inputs
        blocks = []
        for epoch in range(1) if source else self.epochs(name):
            shares = found.shares(name, epoch)
            if shares.ndim == len(by):
                shares = np.stack([1.0 - shares, shares], axis=-1)
            blocks.append(shares)
        return self.table(by, blocks, width)

    def add_quantiles(self, bands: Bands) -> int:
        """The quantile table of a duration, in (working) minutes; returns its row."""
        per = self.working_day_minutes if bands.unit == "working_days" else MINUTES_PER[bands.unit]
        table = quantile_table(bands.edges, bands.shares, bands.beyond)
        self.quantiles.append(table * per)
        return len(self.quantiles) - 1
