"""What the process of an upload can be asked to do, and what it sends back: aggregates alone.

A task carries what it needs and is never kept, hashed or logged: its `repr` shows no byte.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Protocol

import pandas as pd

from model import backtest, calibrate, parameters, published
from model.backtest.report import AreaResult
from model.calibrate.area_folder import texts_of
from model.errors import InputError, Where
from model.parameters import Area
from model.returns import published_statistics
from model.returns.folder import survey_files
from model.returns.given import InMemory
from model.returns.published_statistics import PublishedStatistics, of_council
from model.returns.records import Records
from model.uploads.quality import Quality, quality_of

COUNCIL = "council"
THOUSAND = 1_000
FIT_SHARE = 0.8  # of a back-test's time that goes into fits; the rest are futures
Progress = Callable[[int, int], None]


@dataclass
class Table:
    """What lies on the process's table: it goes when the process ends.

    Attributes
    ----------
    executor : whoever computes. told : how far a task is, (done, all); raises when it is to stop.
    records : of the returns read. statistics : of the statistics files read.
    """

    executor: Executor | None
    told: Progress
    records: Records | None = None
    statistics: PublishedStatistics | None = None


class Works(Protocol):
    """A task: something that the process does with what lies on its table."""

    def work(self, table: Table) -> object:
        """Do it; what it gives goes through a pipe and holds no child."""


@dataclass(frozen=True)
class Calibration:
    """A calibrated area, and how far to trust it.

    Attributes
    ----------
    name, title : of the area. texts : of its folder's files by name. report : the whole report.
    predictive, misses, learnt : as `calibrate.Posterior` has them. not_learnt : titles.
    warnings, questions : lines of the report.
    """

    name: str
    title: str
    texts: dict[str, str] = field(repr=False)
    report: str = field(repr=False)
    predictive: pd.DataFrame = field(repr=False)
    misses: pd.DataFrame = field(repr=False)
    learnt: pd.DataFrame = field(repr=False)
    not_learnt: tuple[str, ...]
    warnings: tuple[str, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True)
class Tested:
    """A back-test: what it says, and its tables.

    Attributes
    ----------
    result : with the scores. note : the sentence that goes with savings; may be empty.
    errors : `report.error_table`.
    """

    result: AreaResult
    note: str
    errors: pd.DataFrame


@dataclass(frozen=True)
class ReadReturns:
    """Read uploaded returns, and report on them; they stay on the table."""

    files: tuple[InMemory, ...] = field(repr=False)

    def work(self, table: Table) -> Quality:
        """Read them."""
        table.records = None
        table.records = survey_files({one.name: one for one in self.files}, None, table.told)
        return quality_of(table.records)


@dataclass(frozen=True)
class ReadStatistics:
    """Read uploaded statistics files; gives the councils in them as (code or name, title)."""

    files: tuple[InMemory, ...] = field(repr=False)

    def work(self, table: Table) -> tuple[tuple[str, str], ...]:
        """Read them."""
        found = published_statistics.read_files({one.name: one for one in self.files})
        table.statistics = found
        return tuple((one.code or one.area, one.name) for one in found.places)


@dataclass(frozen=True)
class CalibrateReturns:
    """Calibrate a council to the returns on the table.

    Attributes
    ----------
    title, code : of the council; the title where it has no code.
    population : children aged 0-17. localities : names. runs : of the simulator.
    completion : what the completion date of early help ends, or None.
    contact_unit : what one row of the list of contacts is.
    """

    title: str
    code: str
    population: float
    completion: str | None = None
    contact_unit: str = calibrate.CONTACT_UNITS[0]
    localities: tuple[str, ...] = ()
    runs: int = calibrate.RUNS

    def work(self, table: Table) -> Calibration:
        """Count and fit."""
        if table.records is None:
            raise InputError(Where("calibrate"), "no returns", "uploaded returns")
        area = calibrate.area_of(self.title, self.code or self.title, COUNCIL, self.localities)
        found, says = calibrate.calibrate_returns(
            table.records,
            area,
            self.population,
            completion=self.completion,
            contact_unit=self.contact_unit,
            settings=settings_of(self.runs, table),
        )
        return as_told(found, says)


@dataclass(frozen=True)
class CalibratePublished:
    """Calibrate a council to published statistics.

    Attributes
    ----------
    council : code or name in the statistics on the table; or with `own_table`, an area of the
    project's own table. runs : of the simulator.
    """

    council: str
    own_table: bool = False
    runs: int = calibrate.RUNS

    def work(self, table: Table) -> Calibration:
        """Fit."""
        rows, area = self.figures(table)
        found, says = calibrate.calibrate_published(
            rows, area, settings=settings_of(self.runs, table)
        )
        return as_told(found, says)

    def figures(self, table: Table) -> tuple[pd.DataFrame, Area]:
        """The published rows, and whose they are."""
        if self.own_table:
            every = published.load()
            known = parameters.areas()[self.council]
            area = calibrate.area_of(known.title, known.code, known.kind, known.localities)
            return every[every["area"] == self.council], area
        if table.statistics is None:
            raise InputError(Where("calibrate"), "no statistics files", "uploaded statistics")
        place, rows = of_council(table.statistics, self.council)
        return rows, calibrate.area_of(place.name, place.code or place.area, COUNCIL)


@dataclass(frozen=True)
class BackTest:
    """Back-test an area of the project's own table, or a council of the statistics on the table.

    Attributes
    ----------
    council, own_table : as for `CalibratePublished`. hide : numbers of years to hide.
    runs : of each fit. futures : of each forecast.
    """

    council: str
    own_table: bool = True
    hide: tuple[int, ...] = (1, 2, 3, 4)
    runs: int = calibrate.RUNS
    futures: int = 100

    def work(self, table: Table) -> Tested:
        """Fit, forecast and score, one origin after another."""
        if self.own_table:
            subject = backtest.shipped_subject(self.council)
        elif table.statistics is None:
            raise InputError(Where("back-test"), "no statistics files", "uploaded statistics")
        else:
            subject = backtest.subject_from_files(*of_council(table.statistics, self.council))
        steps = Origins(len(self.hide), table.told)
        result, _ = backtest.backtest(
            subject,
            self.hide,
            executor=table.executor,
            begun=steps.begin,
            progress=steps.step,
            futures=self.futures,
            runs=self.runs,
        )
        return Tested(result, backtest.sentence(result), backtest.report.error_table(result.scores))


class Origins:
    """One measure of progress for all origins of a back-test: fits first, then futures.

    Parameters
    ----------
    origins : how many. told : how far it is, in thousandths.
    """

    def __init__(self, origins: int, told: Progress) -> None:
        self.origins, self.told = origins, told
        self.origin, self.part, self.last = -1, 0, 0

    def begin(self, _name: str) -> None:
        """Another origin."""
        self.origin, self.part, self.last = self.origin + 1, 0, 0

    def step(self, done: int, of: int) -> None:
        """So many runs of the part under way; a part that begins anew counts from nought."""
        if done < self.last:
            self.part = 1
        self.last = done
        share = done / max(of, 1)
        inside = FIT_SHARE * share if not self.part else FIT_SHARE + (1 - FIT_SHARE) * share
        whole = (max(self.origin, 0) + min(inside, 1.0)) / self.origins
        self.told(round(THOUSAND * whole), THOUSAND)


def settings_of(runs: int, table: Table) -> calibrate.Settings:
    """How a fit is run here."""
    return calibrate.Settings(runs, executor=table.executor, progress=table.told)


def as_told(found: calibrate.Calibrated, says: str) -> Calibration:
    """What leaves the process of a calibration."""
    posterior, area = found.posterior, found.parameters.area
    first = says.split("\n## ")[0]
    asked = next((part for part in says.split("\n## ") if part.startswith("Please answer")), "")
    return Calibration(
        area.name,
        area.title,
        texts_of(found, says),
        says,
        posterior.predictive,
        posterior.misses(),
        posterior.learnt,
        tuple(posterior.not_learnt()),
        bullets(first),
        bullets(asked),
    )


def bullets(text: str) -> tuple[str, ...]:
    """The points of a list in Markdown.

    >>> bullets("Head\\n\\n- one\\n- two")
    ('one', 'two')
    """
    return tuple(line[2:] for line in text.splitlines() if line.startswith("- "))
