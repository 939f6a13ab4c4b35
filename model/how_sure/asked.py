"""A question about how sure an answer is, and what was found: what a screen asks a server for.

It runs nothing. An analysis is a list of runs, its steps; a server does one after the other, shows
how far it is, and may stop between replications (`model.how_sure.steps`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from model.how_sure.strength import STRENGTHS
from model.how_sure.uptake import ODDS
from model.questions import Question, Redesign
from model.results import Sampling

ONE_WAY, STRENGTH, UPTAKE = "one_way", "strength", "uptake"
WHICH = (ONE_WAY, STRENGTH, UPTAKE)
MOST_RUN = 12  # assumptions that need runs of their own
ROOM = 400  # steps: prices and programme costs cost no run, and are all among them


@dataclass(frozen=True)
class Analysis:
    """One analysis of how sure one redesign's saving is.

    Attributes
    ----------
    question : the comparison, of one redesign. which : one of `WHICH`.
    basis : of money, as `savings.BASES`. futures : of each run.
    known, known_sampling : the council's saving in each future that is there already; they choose
        which assumptions are worth a run.
    """

    question: Question
    which: str
    basis: str
    futures: int
    known: tuple[float, ...] = ()
    known_sampling: Sampling | None = None

    @property
    def runs(self) -> Sampling:
        """The futures of each run. One way: at central values; the others with draws if asked."""
        asked = self.question.sampling
        if self.which == ONE_WAY or not asked.draws:
            return Sampling(self.futures, 0, asked.seed)
        return asked.of_tasks(max(asked.whole_tasks(self.futures), 2))

    @property
    def runs_at_most(self) -> int:
        """How many runs it takes at most, both ends of each assumption and one with none moved."""
        return {ONE_WAY: 1 + 2 * MOST_RUN, STRENGTH: len(STRENGTHS), UPTAKE: len(ODDS)}[self.which]

    @property
    def future_years(self) -> int:
        """Futures of scenarios times years: what the work is measured by."""
        return self.runs_at_most * self.runs.futures * 2 * self.years

    # What a register of questions wants to know (`model.jobs`); a task is a step here.

    @property
    def sampling(self) -> Sampling:
        """The steps, more than there are."""
        return Sampling(ROOM if self.which == ONE_WAY else self.runs_at_most)

    @property
    def until_enough(self) -> bool:
        """It has a number of steps that is known."""
        return False

    @property
    def redesigns(self) -> tuple[Redesign, ...]:
        """The one redesign."""
        return self.question.redesigns[:1]

    @property
    def years(self) -> int:
        """Years of each run."""
        return self.question.years

    def is_answered_by(self, other: object) -> bool:
        """Only by itself."""
        return self == other


@dataclass(frozen=True)
class Finding:
    """What an analysis found.

    Attributes
    ----------
    question : that was asked. digest : of the numbers it was made of.
    table : as `one_way_table`, `strength_table` or `run_uptake`; None until the last step is done.
    steps : done.
    """

    question: Analysis
    digest: str
    table: pd.DataFrame | None
    steps: int

    @property
    def size_bytes(self) -> int:
        """What it takes in memory."""
        if self.table is None:
            return 0
        return int(self.table.memory_usage(deep=True).sum())

    def with_digest(self, digest: str) -> Finding:
        """The same, said to be of these numbers."""
        return replace(self, digest=digest)
