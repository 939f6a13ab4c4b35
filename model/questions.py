"""A question about redesigns: what to run, for which area, over which years, and how sure.

It holds no result and runs nothing. It reads files only to say on which numbers an answer stands.
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from model import __version__, parameters, scenarios
from model.costs import CURRENT, UnitCosts, load_partner_costs, load_unit_costs
from model.errors import InputError, Where
from model.inputs import resolve
from model.parameters import Parameters
from model.results import Sampling
from model.scenarios import BASELINE, Scenario
from model.uncertainty import changes_of, price_ranges_of, ranges_of

WORDS_ONLY = ("grade", "source", "note")  # of a unit cost: they change no figure
MOST_REDESIGNS = 4  # side by side on one screen, beside today's arrangements


@dataclass(frozen=True)
class Redesign:
    """A redesign that is asked about.

    Attributes
    ----------
    name : of its file in scenarios/; where there is no file, any name.
    text : of a scenario file, for a redesign that is being edited; empty where the file counts.
    """

    name: str
    text: str = ""

    def plan(self) -> Scenario:
        """The scenario itself.

        Raises
        ------
        InputError for anything wrong in the file or the text.
        """
        if not self.text:
            return scenarios.load(self.name)
        try:
            table = tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            where = Where(f"{self.name}.toml")
            raise InputError(where, f"no readable TOML ({error})", "a scenario file") from None
        return scenarios.parse(table, self.name)


@dataclass(frozen=True)
class Question:
    """What to run: redesigns beside today's arrangements, for the same families.

    Attributes
    ----------
    area, scenario : names. start, years : first day and whole years.
    sampling : of the futures; the most of them where `until_enough`.
    until_enough : stop as soon as more futures would not change what is said (`model.enough`).
    cost_set : of the unit costs (`costs.cost_sets`).
    text : of the redesign, where it is in no file (`Redesign.text`).
    beside : further redesigns, run for the same families.
    """

    area: str
    scenario: str
    start: date
    years: int
    sampling: Sampling
    until_enough: bool = False
    cost_set: str = CURRENT
    text: str = ""
    beside: tuple[Redesign, ...] = ()

    @property
    def redesigns(self) -> tuple[Redesign, ...]:
        """Every redesign asked about, in order."""
        return (Redesign(self.scenario, self.text), *self.beside)

    @property
    def future_years(self) -> int:
        """Futures of scenarios times years: what the work is measured by."""
        return self.sampling.futures * (1 + len(self.redesigns)) * self.years

    def is_answered_by(self, other: object) -> bool:
        """Whether the other asks the same, of at least as many futures."""
        if not isinstance(other, Question) or self.until_enough != other.until_enough:
            return False
        more = other.sampling.futures >= self.sampling.futures
        return more and self.is_about_the_same_as(other)

    def is_about_the_same_as(self, other: Question) -> bool:
        """Whether only the number of futures may differ."""
        same = replace(other, sampling=self.sampling, until_enough=self.until_enough) == self
        return same and self.sampling.starts_as(other.sampling)


def check_question(question: Question) -> None:
    """Refuse redesigns that cannot stand side by side.

    Raises
    ------
    InputError for more than four of them, or two of one name.
    """
    names = [one.name for one in question.redesigns]
    where = Where("the comparison", "redesigns")
    if len(names) > MOST_REDESIGNS:
        allowed = f"at most {MOST_REDESIGNS} beside today's arrangements"
        raise InputError(where, f"{len(names)} redesigns", allowed, "Take some out.")
    for name in names:
        if name == BASELINE or names.count(name) > 1:
            found = f"the name {name!r} for several, or for today's arrangements"
            raise InputError(where, found, "a name of its own for each", "Rename one of them.")


@dataclass(frozen=True)
class Numbers:
    """What the files say of an area, whatever is asked.

    Attributes
    ----------
    parameters : of the area. prices : of the council, and of its partners and society.
    """

    parameters: Parameters
    prices: tuple[UnitCosts, ...]

    @classmethod
    def read(cls, area: str, cost_set: str) -> Numbers:
        """As the files are now; InputError for anything wrong in them."""
        prices = tuple(load(area, cost_set) for load in (load_unit_costs, load_partner_costs))
        return cls(parameters.load(area), prices)

    @cached_property
    def prices_said(self) -> tuple[bytes, ...]:
        """Each of the prices without what changes no figure."""
        words = list(WORDS_ONLY)
        return tuple(one.table().drop(columns=words).to_csv().encode() for one in self.prices)


def digest_of(question: Question, numbers: Numbers | None = None) -> str:
    """SHA-256 of every number that a run of this question uses.

    Parameters
    ----------
    numbers : of the area; as the files are now when None.

    Raises
    ------
    InputError for anything wrong in the files or in the choice.
    """
    check_question(question)
    total = hashlib.sha256(__version__.encode())
    plans: list[str | Scenario] = [BASELINE, *(one.plan() for one in question.redesigns)]
    numbers = numbers or Numbers.read(question.area, question.cost_set)
    known = numbers.parameters
    for plan in plans:
        inputs = resolve(
            known.area.name, plan, start=question.start, years=question.years, parameters=known
        )
        total.update(inputs.digest().encode())
        if question.sampling.draws:
            total.update(repr((ranges_of(inputs.parameters), changes_of(inputs.scenario))).encode())
    for prices, said in zip(numbers.prices, numbers.prices_said, strict=True):
        total.update(said)
        if question.sampling.draws:
            total.update(repr(price_ranges_of(prices)).encode())
    return total.hexdigest()


__all__ = ["MOST_REDESIGNS", "Numbers", "Question", "Redesign", "check_question", "digest_of"]
