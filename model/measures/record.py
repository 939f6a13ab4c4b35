"""The record of one measure: its name, its meaning, and how it is counted."""

from __future__ import annotations

from dataclasses import dataclass

from model.measures.countings import Counting


@dataclass(frozen=True)
class Measure:
    """One measure.

    Attributes
    ----------
    name : as in `parameters/published.csv` where it is published.
    definition : what it is, in plain words.
    unit : what one of it is.
    counted_in : "families" or "children", as the published figure or the council counts it.
    stages : which stages it sums, and how.
    source : where the definition comes from, one of `definitions.SOURCES`.
    council_return : what it is called in the council's own return; "none" where there is none.
    counts : how it is counted.
    """

    name: str
    definition: str
    unit: str
    counted_in: str
    stages: str
    source: str
    council_return: str
    counts: Counting

    @property
    def kind(self) -> str:
        """A "flow" adds up over periods, a "stock" is at a period's end; "share", "average"."""
        return self.counts.kind
