"""Small pathways for tests: a few stages, invented numbers, hand-made families.

A test declares the stages that its story needs (real ones, made smaller with `ending_in`, or its
own), names only the numbers that matter, and runs the reference engine:

>>> stages = (ending_in("referral"),)                                         # doctest: +SKIP
>>> numbers = {"referral.duration": days(1), "referral.ends": {"assessment": 1.0}}
>>> log = run(small_network(stages, numbers), arriving(every_hour), seed=1)   # doctest: +SKIP

What a test leaves out is neutral: ratios and paces of 1, no overload, places without limit.
`same_as` and `share_is` say whether a result is what theory says, give or take what chance alone
allows; a tolerance is never chosen by hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from model.engines import simpy_engine
from model.engines.cases import Cases
from model.episodes import CASES_PER_FAMILY, COLUMNS, FIRST_ARRIVAL_FAMILY, EpisodeLog
from model.hazards import CELLS, MINUTES_PER
from model.inputs import Bands, Inputs, Shape, resolve
from model.network import NONE, Network, NetworkBuilder
from model.parameters.catalogue import SPECS, Kind
from model.pathway import (
    ATTRIBUTES,
    GONE,
    PATHWAY,
    POOLS,
    STAGE_NAMES,
    End,
    Scope,
    Stage,
    Time,
    Unit,
    stage_named,
)
from model.population import pack
from tests.synthetic import AREA, write_synthetic_root

START = date(2025, 4, 1)
DAY = 1440
WEEK = 7 * DAY
YEAR = MINUTES_PER["years"]
CHILDREN = 6
UNLIMITED = -1
# One test in a thousand would fail by chance alone, were the seeds not fixed.
CONFIDENCE = 0.999

NEUTRAL: dict[str, Any] = {
    "calendar.opens_at_minute": 9 * 60,
    "calendar.closes_at_minute": 17 * 60,
    "capacity.families_per_key_worker": 1,
    "capacity.cases_per_social_worker": 1,
    **{f"capacity.{pool}": UNLIMITED for pool in POOLS},
    "screening.routed_share": {"conventional": 0.0, "below_threshold": 1.0},
}
EFFECT_PARTS = ("ratio", "delay_weeks", "full_until_weeks", "gone_by_weeks")


# --- numbers --------------------------------------------------------------------------------------


class SmallInputs:
    """The part of `model.inputs.Inputs` that a network is built from, over a plain dictionary.

    A value is a number, or a number for each outcome by name (those left out are 0; the outcome
    marked `otherwise` takes what the others leave), or either of them for each value of the
    attributes that the stage declares. `dated` holds the values that change, by date.
    """

    def __init__(
        self,
        stages: Sequence[Stage],
        numbers: Mapping[str, Any],
        days: int,
        localities: tuple[str, ...],
        dated: Mapping[date, Mapping[str, Any]],
    ) -> None:
        self.start, self.localities = START, localities
        self.horizon = START + timedelta(days=days)
        self.change_dates = (START, *sorted(dated))
        self.declared = dict(declared(stages))
        epochs = [{**NEUTRAL, **numbers}]
        for day in sorted(dated):
            epochs.append({**epochs[-1], **dated[day]})
        self.epochs = epochs
        known = {*self.declared, *NEUTRAL, *(f"{s.name}.effort" for s in stages)}
        for name in {name for epoch in epochs for name in epoch} - known:
            if not name.startswith("effect.") and not name.endswith(OTHER_VALUES):
                raise KeyError(f"{name} is no number of this small network")

    def shares(self, name: str, epoch: int = 0) -> NDArray[np.float64]:
        """Any numeric value in force, laid out over its attributes and outcomes."""
        if name not in self.declared:
            return np.array(float(self.epochs[epoch][name]))
        attributes, outcomes, rest, usual = self.declared[name]
        value = self.epochs[epoch].get(name, usual)
        if value is None:
            raise KeyError(f"this small network needs {name}")
        return self.laid_out(value, attributes, outcomes, rest)

    number = yearly = shares

    def varies(self, name: str) -> bool:
        """Whether the value may differ between dates."""
        return any(epoch.get(name) != self.epochs[0].get(name) for epoch in self.epochs)

    def laid_out(
        self, value: Any, attributes: tuple[str, ...], outcomes: tuple[str, ...], rest: str
    ) -> NDArray[np.float64]:
        """A value as a dense array; what does not name an attribute's values holds for all."""
        if attributes:
            names = self.localities if attributes[0] == "locality" else ATTRIBUTES[attributes[0]]
            each = value if isinstance(value, Mapping) and set(value) == set(names) else None
            parts = [each[name] if each else value for name in names]
            return np.stack([self.laid_out(p, attributes[1:], outcomes, rest) for p in parts])
        if not outcomes:
            return np.array(float(value))
        if not isinstance(value, Mapping):
            return np.full(len(outcomes), float(value))
        if strangers := set(value) - set(outcomes):
            raise KeyError(f"{strangers} are none of the outcomes {outcomes}")
        found = {name: float(value.get(name, 0.0)) for name in outcomes}
        if rest and rest not in value:
            found[rest] = 1.0 - sum(found.values())
        return np.array(list(found.values()))

    def counts(self, name: str, epoch: int = 0) -> dict[str, float]:
        """Numbers by name; an effect that is not named does nothing."""
        nothing = dict(zip(EFFECT_PARTS, (1.0, 0.0, 0.0, 0.0), strict=True))
        return self.epochs[epoch].get(name, nothing)

    def bands(self, name: str, index: tuple[int, ...] = ()) -> Bands:
        """Bands, the same whatever they depend on."""
        return self.epochs[0][name]

    def shape(self, name: str) -> Shape:
        """How rates change with time in the stage; not at all unless the test says so."""
        outcomes = self.declared[name.replace(".time_shape", ".yearly_rates")][1]
        return self.epochs[0].get(name) or Shape((0,), "weeks", dict.fromkeys(outcomes, (1.0,)))

    def outcomes(self, name: str) -> tuple[str, ...]:
        """The names along the last axis."""
        return self.declared[name][1]

    def dimensions(self, name: str) -> tuple[str, ...]:
        """The attributes that a value depends on."""
        return self.declared[name][0] if name in self.declared else ()


OTHER_VALUES = (".duration", ".ended_by_band", ".time_shape")
Declared = tuple[tuple[str, ...], tuple[str, ...], str, Any]


def declared(stages: Sequence[Stage]) -> Iterator[tuple[str, Declared]]:
    """What each number of these stages depends on, its outcomes, and its neutral value."""
    for stage in stages:
        name, every = stage.name, tuple(end.outcome for end in stage.ends)
        rest = next((end.outcome for end in stage.ends if end.otherwise), "")
        certain = every[-1] if stage.ends_at else ""
        rated = tuple(o for o in every if o not in (certain, "allocated"))
        yield f"{name}.ends", (stage.by, every, rest, None)
        yield f"{name}.yearly_rates", (stage.by, rated, "", None)
        yield f"{name}.pace", (stage.pace_by, (), "", 1.0)
        yield f"hazard_ratio.{name}", (("locality",), rated, "", 1.0)
        yield f"duration_ratio.{name}", (("locality",), (), "", 1.0)
        yield f"{name}.overload_stretch", ((), (), "", 0.0)
        if stage.ends_at:
            yield stage.ends_at, ((), (), "", None)
        for beside in stage.beside:
            yield beside.chance, (beside.by, (), "", None)
        for draw in (*stage.draws, *(draw for end in stage.ends for draw in end.draws)):
            values = ATTRIBUTES[draw.attribute]
            yield draw.parameter, (draw.by, values if len(values) > 2 else (), "", None)
    for pool, spread in POOLS.items():
        by = ("locality",) if spread == "locality" else ()
        yield f"capacity.{pool}", (by, (), "", UNLIMITED)


def days(*edges: float, shares: Sequence[float] = (), beyond: float | None = None) -> Bands:
    """A duration in working days: exactly so many, or shares of stays between these edges."""
    if not shares:
        return Bands((edges[0], edges[0]), "working_days", (1.0,), None)
    return Bands(edges, "working_days", tuple(shares), beyond)


def ending_in(name: str, to: str = GONE, **keys: Any) -> Stage:
    """A stage of the real pathway cut out of it: every way of ending it leads to one place."""
    stage = stage_named(name)
    ends = tuple(replace(end, to=to, splits=False, rest="", draws=()) for end in stage.ends)
    return replace(stage, **{"ends": ends, "draws": (), "beside": (), **keys})


def leads(outcome: str, to: str = GONE, **keys: Any) -> End:
    """One way of ending a stage."""
    return End(outcome, to, **keys)


def small_network(
    stages: Sequence[Stage],
    numbers: Mapping[str, Any],
    *,
    run_days: int = 365,
    localities: tuple[str, ...] = ("Here",),
    dated: Mapping[date, Mapping[str, Any]] | None = None,
    usual: Mapping[str, Any] | None = None,
    every_day: bool = True,
) -> Network:
    """A network of these stages.

    Parameters
    ----------
    numbers : by parameter name. dated : values that change, by date, in force from then on.
    usual : numbers under today's arrangements, where they differ.
    every_day : every minute is working time, so that elapsed and working time are one.
    """
    inputs = SmallInputs(stages, numbers, run_days, localities, dated or {})
    today = SmallInputs(stages, {**numbers, **(usual or {})}, run_days, localities, {})
    return NetworkBuilder(inputs, today, tuple(stages), every_day).build()


def with_effort(network: Network, quantiles_minutes: NDArray[np.float64] | float) -> Network:
    """The network with every effort and duration drawn from one quantile table, in minutes."""
    table = np.broadcast_to(quantiles_minutes, network.quantiles.shape)
    return replace(network, quantiles=np.array(table, np.float64))


def exponential_minutes(mean_minutes: float) -> NDArray[np.float64]:
    """Quantiles of an exponential in the engine's equal cells; the last cell keeps its mean."""
    body = -np.log1p(-np.arange(CELLS) / CELLS)
    return mean_minutes * np.append(body, np.log(CELLS) + 2.0)


# --- families -------------------------------------------------------------------------------------


def arriving(
    minutes: Sequence[int] | NDArray[np.int64],
    stage: int = 0,
    children: int | Sequence[int] = 1,
    age_years: float = 5.0,
    spent: int | Sequence[int] = 0,
    first_family: int = FIRST_ARRIVAL_FAMILY,
    care_entry: int = 1,
    **attributes: Any,
) -> Cases:
    """Families that appear in a stage at these minutes, numbered in this order.

    Parameters
    ----------
    children : at home, for all or for each. care_entry : bits of those who would enter care.
    attributes : codes, for all or for each, such as need=3 or locality=[0, 1].
    """
    at = np.asarray(minutes, np.int64)
    whole = np.zeros(len(at), np.int64)
    numbers = first_family + np.arange(len(at), dtype=np.int64)
    household = (1 << (whole + np.asarray(children))) - 1
    scopes = np.stack([household] * len(Scope), axis=1)
    scopes[:, -1] = household & care_entry
    births = at[:, None] - round(age_years * YEAR) + np.zeros(CHILDREN, np.int64)
    order = np.lexsort((numbers, at))
    everyone = Cases(
        minute=at,
        case=numbers * CASES_PER_FAMILY,
        stage=whole + stage,
        state=whole + pack(**{k: np.asarray(v, np.int64) for k, v in attributes.items()}),
        household=household,
        scopes=scopes,
        births=births,
        spent=whole + np.asarray(spent),
        floor=np.zeros(len(at)),
    )
    return chosen(everyone, order)


def chosen(cases: Cases, which: NDArray[Any]) -> Cases:
    """Some of the cases, by position or by flag."""
    columns = {name: getattr(cases, name)[which] for name in Cases.__dataclass_fields__}
    return Cases(**columns)


def poisson_minutes(
    random: np.random.Generator, per_minute: float, until: int
) -> NDArray[np.int64]:
    """Minutes of a Poisson stream of arrivals."""
    count = random.poisson(per_minute * until)
    return np.sort(random.integers(0, until, count))


def run(network: Network, cases: Cases, seed: int = 1, replication: int = 0) -> EpisodeLog:
    """One replication on the reference engine."""
    return simpy_engine.run(network, cases, seed, replication)


def rows_of(log: EpisodeLog, stage: str, network: Network) -> dict[str, NDArray[np.int64]]:
    """The columns of the log's rows in one of the network's stages, by name."""
    here = log.column("stage") == network.stage_names.index(stage)
    return {name: log.column(name)[here] for name in COLUMNS}


def time_in_stage(log: EpisodeLog, rows: Mapping[str, NDArray]) -> NDArray[np.int64]:
    """Minutes of each stay within the run; an open stay counts up to the horizon."""
    return np.where(rows["end"] == NONE, log.horizon_minutes, rows["end"]) - rows["start"]


# --- a whole invented council ---------------------------------------------------------------------


@cache
def invented_area() -> Inputs:
    """Three years of the synthetic area, read once for every test that makes its numbers up."""
    with TemporaryDirectory() as folder:
        root = write_synthetic_root(Path(folder))
        return resolve(AREA, start=START, years=3, root=root)


def invented(inputs: Inputs, seed: int, roomy: bool = False) -> Inputs:
    """A council's inputs with every split, rate, pace and number of places made up.

    Parameters
    ----------
    inputs : of any area, for what is kept: durations, limits, dates. seed : of the invention.
    roomy : places without number; else so few that families wait for all of them.
    """
    random = np.random.default_rng(seed)
    arrays = dict(inputs.arrays)
    for name, array in inputs.arrays.items():
        kind = SPECS[name].kind if name in SPECS else Kind.SHARE
        if name.startswith("capacity."):
            few = random.integers(1, 8, array.shape)
            arrays[name] = np.full(array.shape, 1e4) if roomy else few.astype(float)
        elif kind is Kind.SPLIT:
            evenness = np.full(array.shape[-1], random.uniform(0.3, 2.0))
            arrays[name] = random.dirichlet(evenness, array.shape[:-1])
        elif kind is Kind.YEARLY:
            arrays[name] = random.exponential(1.0, array.shape)
        elif kind is Kind.SHARE:
            arrays[name] = random.random(array.shape)
        elif name.endswith(".pace"):
            arrays[name] = random.uniform(0.5, 4.0, array.shape)
        elif name.endswith(".overload_stretch"):
            arrays[name] = random.uniform(0.0, 1.0, array.shape)
    return replace(inputs, arrays=arrays)


def invented_cases(random: np.random.Generator, horizon: int, localities: int) -> Cases:
    """Families of every kind: newcomers, open cases in every stage, children in care.

    Children are of all ages, some about to turn 18; which of them a stage counts is arbitrary.
    """
    come = random.integers(0, horizon * 3 // 4, 250)
    come[::2] -= come[::2] % WEEK  # half of them on the same few mornings, so that they queue
    come.sort()
    parts = [some(random, come, STAGE_NAMES.index("contact"), FIRST_ARRIVAL_FAMILY, localities)]
    for code, stage in enumerate(PATHWAY):
        if stage.time in (Time.AT_ONCE, Time.EFFORT):
            continue
        number = int(random.integers(1, 9))
        is_child = stage.unit is Unit.CHILD
        first = code * 1_000
        parts.append(some(random, np.zeros(number, int), code, first, localities, is_child))
    columns = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in Cases.__dataclass_fields__
    }
    everyone = Cases(**columns)
    return chosen(everyone, np.lexsort((everyone.case, everyone.minute)))


def some(
    random: np.random.Generator,
    at: NDArray[np.int64],
    stage: int,
    first_family: int,
    localities: int,
    child: bool = False,
) -> Cases:
    """Families, or children in care, of one stage."""
    count = len(at)
    household = (1 << random.integers(1, CHILDREN + 1, count)) - 1
    settled = {
        name: random.integers(0, len(ATTRIBUTES[name]), count)
        for name in ("source", "need", "issue", "practice", "lead", "help", "left_from", "after")
    }
    settled["stream"] = random.integers(0, 2, count)
    settled["locality"] = random.integers(0, localities, count)
    open_before = at == 0
    plain = PATHWAY[stage].time is Time.DURATION
    age_years = random.uniform(-0.3, 18.2, (count, CHILDREN))
    if child:  # in care, or lately of age
        youngest, oldest = (1.0, 17.9) if PATHWAY[stage].placement else (16.0, 20.9)
        age_years[:, 0] = random.uniform(youngest, oldest, count)
    return Cases(
        minute=at,
        case=(first_family + np.arange(count)) * CASES_PER_FAMILY + child,
        stage=np.full(count, stage),
        state=pack(**settled),
        household=np.zeros(count, np.int64) if child else household,
        scopes=random.integers(0, 2**CHILDREN, (count, len(Scope))) & household[:, None],
        births=at[:, None] - np.round(age_years * YEAR).astype(np.int64),
        spent=np.where(open_before, random.integers(1, 5 * YEAR, count), 0),
        floor=np.where(open_before & plain, random.random(count), 0.0),
    )


# --- what chance allows ---------------------------------------------------------------------------


def allowed_error(values: Sequence[float] | NDArray, comparisons: int = 1) -> float:
    """How far the mean over replications may lie from the truth by chance (Student's t).

    Parameters
    ----------
    values : one for each replication.
    comparisons : how many such means are looked at together (Bonferroni).
    """
    found = np.asarray(values, float)
    error = found.std(ddof=1) / np.sqrt(len(found))
    tail = (1 - CONFIDENCE) / 2 / comparisons
    return float(stats.t.ppf(1 - tail, len(found) - 1) * error)


def same_as(values: Sequence[float] | NDArray, expected: float, no_wider_than: float = 1.0) -> None:
    """The mean over replications is as expected, give or take what chance allows.

    Parameters
    ----------
    values : one for each replication.
    no_wider_than : the largest standard error, as a share of what is expected, with which the
        test still says something.
    """
    found = np.asarray(values, float)
    error = found.std(ddof=1) / np.sqrt(len(found))
    assert error <= no_wider_than * abs(expected), f"standard error {error:g}: too few runs"
    allowed = allowed_error(found)
    assert abs(found.mean() - expected) <= allowed, (
        f"{found.mean():g}, expected {expected:g}, allowed {allowed:g}"
    )


def share_is(count: int, out_of: int, expected: float) -> None:
    """A count is what a known chance gives, within the binomial distribution's own error."""
    tail = (1 - CONFIDENCE) / 2
    low, high = stats.binom.ppf([tail, 1 - tail], out_of, expected)
    assert low <= count <= high, (
        f"{count} of {out_of} is {count / out_of:.4f}, expected {expected:.4f}"
    )
