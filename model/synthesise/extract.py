"""What an extract of a run is: the day on which it was taken, and how far back it looks."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from model.synthesise.journeys import known_on
from model.synthesise.simulated import Simulated

ASSESSMENT, INTERVENTION = "assessment", "intervention"
COMPLETIONS = (ASSESSMENT, INTERVENTION)  # what the completion date of early help ends


@dataclass(frozen=True)
class Extract:
    """The day of an extract and the months before it.

    Attributes
    ----------
    run : what happened. tables : from `journeys`, by name. day : of the extract, the last one
    known. months : before it, from the day after. completion : one of COMPLETIONS.
    """

    run: Simulated
    tables: dict[str, pd.DataFrame] = field(repr=False)
    day: pd.Timestamp
    months: int
    completion: str

    @property
    def first(self) -> pd.Timestamp:
        """The first day of the window."""
        return self.first_of(self.months)

    def first_of(self, months: int) -> pd.Timestamp:
        """The first day of so many months that end with the extract's day."""
        return self.day + pd.Timedelta(days=1) - pd.DateOffset(months=months)

    def known(self, table: str, began: str, *ended: str) -> pd.DataFrame:
        """A table as it was known on the day."""
        return known_on(self.tables[table], self.day, began, *ended)
