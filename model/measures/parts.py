"""Ways of counting a part of another counting: by source, issue, need, lead practitioner, uptake.

All the parts of a counting are tallied at one go, so that many measures can share it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.episodes import attribute_of
from model.measures.countings import CountsEvents, Open
from model.measures.linked_log import Ints
from model.measures.tallies import (
    CountsWorkingDays,
    Floats,
    View,
    codes_of,
    stock,
    values_of,
)
from model.pathway import ATTRIBUTES


@dataclass(frozen=True)
class Having:
    """Of what is counted, those with some values of an attribute.

    Events have the attribute as the row began to which they happened: what a family brought with
    it, as a rule, and not what the event itself settled.

    of : the counting. attribute : see `pathway.ATTRIBUTES`, but for locality and age.
    values : of the attribute.
    """

    of: CountsEvents | Open
    attribute: str
    values: tuple[str, ...]

    @property
    def kind(self) -> str:
        """What kind of number it gives."""
        return self.of.kind

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages that it looks at."""
        return self.of.stages

    def tally(self, view: View, calendar: CountsWorkingDays, counted_in: str) -> Floats:
        """The part in each group and period; shape (groups, periods)."""
        key = (Having, self.of, self.attribute, counted_in, calendar)
        if key not in view.kept:
            view.kept[key] = self._every_part(view, calendar, counted_in)
        names = ATTRIBUTES[self.attribute]
        return view.kept[key][[names.index(value) for value in self.values]].sum(axis=0)

    def _every_part(self, view: View, calendar: CountsWorkingDays, counted_in: str) -> Floats:
        """Every part; shape (values of the attribute, groups, periods)."""
        values, periods = len(values_of(view.linked, self.attribute)), len(view.periods)
        if isinstance(self.of, Open):
            then = self._stocks(self.of, view, counted_in, values)
        else:
            state, cell, weight = _cells(self.of, view, calendar, counted_in)
            cells = view.groups * periods
            code = attribute_of(state, self.attribute) * cells + cell
            then = np.bincount(code, weight, minlength=values * cells).astype(np.float64)
        return then.reshape(values, view.groups, periods)

    def _stocks(self, of: Open, view: View, counted_in: str, values: int) -> Floats:
        """Every part of a stock at each period's end."""

        def part_of(row: Ints) -> Ints:
            """A number for the value and the group of each row."""
            return codes_of(view.linked, self.attribute, row) * view.groups + view.group_of(row)

        found = of.found(view, counted_in)
        return stock(view.periods, found, part_of, values * view.groups)[:, 1:]


def _cells(
    of: CountsEvents, view: View, calendar: CountsWorkingDays, counted_in: str
) -> tuple[Ints, Ints, Ints | Floats | None]:
    """The packed attributes of each event, a number for its group and period, and its weight."""

    def found() -> tuple[Ints, Ints, Ints | Floats | None]:
        """What every attribute of these events shares."""
        events = of.found(view.linked, calendar, counted_in)
        cell = view.group_of(events.row) * len(view.periods) + view.periods.of(events.minute)
        return view.linked.state[events.row], cell, events.weight

    key = (_cells, of, counted_in, calendar)
    if key not in view.kept:
        view.kept[key] = found()
    return view.kept[key]
