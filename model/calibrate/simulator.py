"""The simulator as a fit sees it: knobs in, the figures that are compared out.

Each run starts at the first year's caseload under today's arrangements and is counted for the
targets alone. Places of early help follow their load, as in draws (`model.anchoring`): how many
there are is not known, only that today's families fit. Luck is addressed, so that a run's figures
hang on its seed, its number and its factors alone, whoever computes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import numpy as np
from numpy.typing import NDArray

from model import luck, measures, network
from model.anchoring import Load, loads_of, places_following
from model.calibrate.knobs import Knob
from model.calibrate.targets import RUN, Targets
from model.engines.choice import AUTO, engine_named
from model.executors import in_order
from model.inputs import Inputs, resolve
from model.parameters import Parameters
from model.starting import Opening
from model.turning import turned
from model.uncertainty import Draw, drawn_parameters

AT_ONCE = 8  # runs that a worker takes in one go
Progress = Callable[[int, int], None]
Points = NDArray[np.float64]
Simulator = Callable[[Points, int], NDArray[np.float64]]


@dataclass(frozen=True)
class Bench:
    """What a worker needs to run points of a fit: numbers only.

    Attributes
    ----------
    parameters : of the area, at factors of 1. knobs : in the order of a point's factors.
    start, years : of every run. seed : of its luck.
    measures, periods : of each figure compared, in order.
    loads : of early help at factors of 1, by who leads.
    unsure : parameters drawn anew within their ranges in every run, so that what is not known of
        them is part of what a fit takes for noise.
    """

    parameters: Parameters
    knobs: tuple[Knob, ...]
    start: date
    years: int
    seed: int
    measures: tuple[str, ...]
    periods: tuple[str, ...]
    loads: dict[str, Load]
    unsure: tuple[str, ...] = ()


def bench_of(
    parameters: Parameters,
    knobs: Sequence[Knob],
    targets: Targets,
    start: date,
    years: int,
    seed: int,
    unsure: tuple[str, ...] = (),
) -> Bench:
    """Everything ready for runs of one area; arguments as in `Bench`."""
    usual = resolve(parameters.area.name, start=start, years=years, parameters=parameters)
    opening = Opening(usual, network.build(usual))
    return Bench(
        parameters,
        tuple(knobs),
        start,
        years,
        seed,
        tuple(targets.table["measure"]),
        tuple(targets.table["period"]),
        loads_of(opening),
        unsure,
    )


def figures_of(bench: Bench, factors: Sequence[float], number: int) -> NDArray[np.float64]:
    """The figures compared, from one run; shape (targets,).

    Parameters
    ----------
    factors : of each knob. number : of the run, which says its luck.
    """
    again = partial(
        resolve, bench.parameters.area.name, start=bench.start, years=bench.years, held=True
    )
    parameters = turned(unsure_drawn(bench, number), bench.knobs, factors)
    first: Inputs = again(parameters=parameters)
    opening = Opening(first, network.build(first))
    inputs = again(parameters=places_following(parameters, bench.loads, opening))
    built = network.build(inputs)
    cases = opening.cases(inputs, built, luck.run_key(bench.seed, number))
    log = engine_named(AUTO)(built, cases, bench.seed, number)
    names = tuple(dict.fromkeys(bench.measures))
    table = measures.all_measures(
        measures.linked(log),
        built.calendar,
        RUN if RUN in bench.periods else "financial_year",
        names=names,
    )
    values = table.set_index(["measure", "period"])["value"]
    return np.array(
        [
            values[measure, period]
            for measure, period in zip(bench.measures, bench.periods, strict=True)
        ]
    )


def unsure_drawn(bench: Bench, number: int) -> Parameters:
    """The area's parameters with those that are unsure drawn for one run."""
    if not bench.unsure:
        return bench.parameters
    drawn = drawn_parameters(bench.parameters, Draw(bench.seed, number))
    moved = {name: drawn[name] for name in bench.unsure}
    return replace(bench.parameters, entries={**bench.parameters.entries, **moved})


def simulator_of(
    bench: Bench, executor: Executor | None = None, step: Callable[[int], None] | None = None
) -> Simulator:
    """A function from points (log factors, one row each) and the first run's number to figures.

    Parameters
    ----------
    executor : whoever computes; None computes here. step : told how many runs were just done.
    """

    def simulate(points: Points, first: int) -> NDArray[np.float64]:
        found = []
        for batch, figures in in_order(executor, partial(_batch, bench), batches(points, first)):
            found.append(figures)
            if step:
                step(len(batch[0]))
        return np.concatenate(found)

    return simulate


def batches(points: Points, first: int) -> Iterator[tuple[Points, int]]:
    """A few points at a time, with the number of the first one's run."""
    for start in range(0, len(points), AT_ONCE):
        yield points[start : start + AT_ONCE], first + start


def _batch(bench: Bench, batch: tuple[Points, int]) -> NDArray[np.float64]:
    points, first = batch
    return np.stack([figures_of(bench, np.exp(point), first + k) for k, point in enumerate(points)])


__all__ = ["Bench", "Simulator", "bench_of", "figures_of", "simulator_of"]
