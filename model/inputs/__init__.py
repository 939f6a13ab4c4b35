"""The numbers of one run: an area's parameters under a scenario, date by date, as dense arrays.

`resolve("sefton", "below_threshold", start=date(2025, 4, 1), years=5)` joins the two. It knows
nothing of networks, engines or money beyond carrying the programme costs along.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model import parameters as files
from model import scenarios
from model.errors import InputError, Where, listed, unknown
from model.inputs import resolving
from model.inputs.conferences import offer_conferences
from model.parameters import Area, Parameters
from model.parameters.catalogue import CASELOAD_NAME, DERIVED, Kind, Spec, spec_named, values_of
from model.parameters.values import NUMERIC, Bands, Shape
from model.scenarios import BASELINE, Scenario, run_dates
from model.scenarios.programme_costs import ProgrammeCost

Array = NDArray[np.float64]
ONE_NUMBER = (Kind.NUMBER, Kind.SHARE, Kind.RATIO)


@dataclass(frozen=True)
class Inputs:
    """Everything that a run needs to know, with the value in force on every date.

    Epoch e runs from `change_dates[e]` to the day before `change_dates[e + 1]`.

    Attributes
    ----------
    area : name, title, code and localities of the area.
    start, years, horizon : first day, length in years, and the day after the last.
    change_dates : dates on which anything changes, ascending; the first is the start.
    scenario : the scenario, with the changes of all that it extends.
    programme_costs : with `starts` as a date.
    parameters : the area's parameters before the scenario.
    arrays : by name, shape (epochs or 1, *dimensions, outcomes if any).
    """

    area: Area
    start: date
    years: int
    horizon: date
    change_dates: tuple[date, ...]
    scenario: Scenario
    programme_costs: tuple[ProgrammeCost, ...]
    parameters: Parameters
    arrays: dict[str, Array] = field(repr=False)

    @property
    def localities(self) -> tuple[str, ...]:
        """The area's localities, in order."""
        return self.area.localities

    def number(self, name: str, epoch: int = 0) -> Array:
        """A number, share or ratio in force in an epoch; shape: one axis for each dimension."""
        return self._in_force(name, epoch, ONE_NUMBER)

    def shares(self, name: str, epoch: int = 0) -> Array:
        """Any numeric parameter in force in an epoch, the odds ratios of decisions included.

        Returns
        -------
        float64 array, shape (*dimensions,), and outcomes last for a kind that has any.
        """
        return self._in_force(name, epoch, NUMERIC)

    def yearly(self, name: str, epoch: int = 0) -> Array:
        """Events per year at risk in an epoch; shape (*dimensions, outcomes)."""
        return self._in_force(name, epoch, (Kind.YEARLY,))

    def counts(self, name: str, epoch: int = 0) -> dict[str, float]:
        """Numbers by name in an epoch; those that the area does not state are left out."""
        array = self._in_force(name, epoch, (Kind.COUNTS,))
        named = zip(self.outcomes(name), array.tolist(), strict=True)
        return {outcome: number for outcome, number in named if number == number}

    def bands(self, name: str, index: tuple[int, ...] = ()) -> Bands:
        """Shares by time band, for one combination of the declared dimensions.

        Parameters
        ----------
        index : position of each attribute's value, one for each of `dimensions(name)`.
        """
        spec = self._spec(name, (Kind.BANDS,))
        if len(index) != len(spec.dims):
            raise ValueError(f"{name} has the dimensions {spec.dims}, not {len(index)} of them")
        leaf = self.parameters[name].value
        for dim, position in zip(spec.dims, index, strict=True):
            if dim in self.parameters[name].by:
                leaf = leaf[values_of(dim, self.localities)[position]]
        assert isinstance(leaf, Bands)
        return leaf

    def shape(self, name: str) -> Shape:
        """How rates differ with the time already spent in a stage."""
        self._spec(name, (Kind.SHAPE,))
        leaf = self.parameters[name].value
        assert isinstance(leaf, Shape)
        return leaf

    def outcomes(self, name: str) -> tuple[str, ...]:
        """The names along the last axis, in order; empty for one number."""
        return self._spec(name).outcomes_in(self.localities)

    def dimensions(self, name: str) -> tuple[str, ...]:
        """The attributes that a parameter is declared to depend on, in order."""
        return self._spec(name).dims

    def varies(self, name: str) -> bool:
        """Whether the value differs between any two epochs."""
        self._spec(name)
        array = self.arrays.get(name)
        return array is not None and bool((array != array[:1])[~np.isnan(array)].any())

    def caseload_dates(self) -> dict[date, str]:
        """Dates for which the area states its open cases, with the parameter's name."""
        found = ((name, CASELOAD_NAME.fullmatch(name)) for name in self.parameters)
        return {date(*map(int, match.groups())): name for name, match in found if match}

    def digest(self) -> str:
        """SHA-256 of every resolved number, date, locality and programme cost."""
        text = [self.area.name, self.localities, self.start, self.horizon, self.change_dates]
        text += [(cost.name, *_amounts(cost)) for cost in self.programme_costs]
        total = hashlib.sha256(repr(text).encode())
        for name in sorted({*self.arrays, *self.parameters}):
            array = self.arrays.get(name)
            total.update(name.encode())
            if array is None:
                total.update(repr(self.parameters[name].value).encode())
            else:
                total.update(repr(array.shape).encode())
                total.update(array.astype("<f8").tobytes())
        return total.hexdigest()

    def _in_force(self, name: str, epoch: int, kinds: tuple[Kind, ...]) -> Array:
        self._spec(name, kinds)
        array = self.arrays[name]
        if not 0 <= epoch < len(self.change_dates):
            raise IndexError(f"epoch {epoch} of {len(self.change_dates)}")
        return array[epoch if len(array) > 1 else 0]

    def _spec(self, name: str, kinds: tuple[Kind, ...] = ()) -> Spec:
        spec = _spec_or_derived(name)
        if spec is None or (name not in DERIVED and name not in self.parameters):
            raise unknown(Where(f"the inputs of {self.area.title}"), name, self.parameters)
        if kinds and spec.kind not in kinds:
            raise TypeError(f"{name} is {spec.kind}, not {listed(kinds)}")
        return spec


def _amounts(cost: ProgrammeCost) -> tuple[object, ...]:
    return (cost.funder, cost.gbp_per_year, cost.gbp_once, cost.price_year, cost.starts, cost.years)


def _spec_or_derived(name: str) -> Spec | None:
    return Spec(name, Kind.SHARE, ("share",)) if name in DERIVED else spec_named(name)


def resolve(
    area: str,
    scenario: str | Scenario = BASELINE,
    *,
    start: date,
    years: int,
    root: str | Path | None = None,
    parameters: Parameters | None = None,
    held: bool = False,
) -> Inputs:
    """The numbers of a run.

    Parameters
    ----------
    area : name of the area, or the path of an area folder.
    scenario : name of a scenario, or one already loaded or made (`scenarios.parse`).
    start : first day of the run; years : whole years that it lasts.
    root : the project's folder; None for the usual one.
    parameters : of the area, to use instead of those in the files, such as a draw; `root` is then
        the folder that they were read from.
    held : for a draw: a number that a change would take beyond what is possible stays at the end
        of it, and a change may come to nothing.

    Raises
    ------
    InputError
        For anything wrong in the files; for a scenario that does not belong in the area, changes
        nothing, changes something after the end, or makes a number impossible.
    """
    if years < 1:
        raise InputError(Where("the run"), f"{years} years", "at least 1 year")
    known = parameters if parameters is not None else files.load(area, root)
    if parameters is not None and known.area.name != area:
        raise ValueError(f"parameters of {known.area.name} for a run of {area}")
    plan = scenarios.load(scenario, known.root) if isinstance(scenario, str) else scenario
    _check_area(plan, known.area)
    horizon = run_dates.on(f"start + {12 * years} months", start)
    resolving.check_conflicts(plan)
    dated = [resolving.dated(change, start, horizon) for change in plan.changes]
    dates = tuple(sorted({start, *(day for one in dated for day, _ in one.steps)}))
    arrays = resolving.arrays(known, dated, dates, held)
    resolving.derive(arrays, known, plan, held)
    offer_conferences(arrays, known.area.localities, known)
    resolving.apply_odds(arrays, known.area.localities)
    for array in arrays.values():
        array.flags.writeable = False
    costs = tuple(_dated_cost(cost, start, horizon) for cost in plan.programme_costs)
    return Inputs(
        area=known.area,
        start=start,
        years=years,
        horizon=horizon,
        change_dates=dates,
        scenario=plan,
        programme_costs=costs,
        parameters=known,
        arrays=arrays,
    )


def _check_area(plan: Scenario, area: Area) -> None:
    if not plan.makes_sense_in(area.name):
        raise InputError(
            Where(f"scenarios/{plan.name}.toml", "areas"),
            f"a run of this scenario in {area.name!r}",
            listed(plan.areas),
            "Run it there, or add the area where the scenario makes sense.",
        )


def _dated_cost(cost: ProgrammeCost, start: date, horizon: date) -> ProgrammeCost:
    day = run_dates.on(cost.starts, start)
    if day >= horizon:
        found = run_dates.said_on(cost.starts, start) + f", for a run that ends on {horizon}"
        raise InputError(cost.where.at("from"), found, "a date before the end")
    return replace(cost, starts=day)


__all__ = ["Bands", "Inputs", "Shape", "resolve"]
