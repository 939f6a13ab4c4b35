"""Fit the knobs to figures: history matching in waves, then a joint posterior on the emulator.

`fit` runs the simulator over what is thought possible (a scrambled Sobol sequence), makes an
emulator, looks only where it is not implausible (Craig and others 1997; Vernon, Goldstein and
Bower 2010), and runs again there, twice. The posterior is drawn on the last emulator and tried on
real runs. Everything is told: how good the emulator is, what was learnt about each knob, which
figures are missed. It does not know where figures come from.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import qmc

from model.calibrate.emulator import Emulator, emulator_of
from model.calibrate.knobs import Discrepancy, Knob, load_discrepancies, scales
from model.calibrate.posterior import Posterior, Tried, Wave, posterior_of
from model.calibrate.sampling import Problem, drawn_states, implausibility, split
from model.calibrate.simulator import Progress, Simulator, bench_of, simulator_of
from model.calibrate.targets import Targets, discrepancies_of, targets_of
from model.errors import InputError, Where
from model.parameters import Parameters

Array = NDArray[np.float64]
RUNS = 720  # of the simulator, in three waves; the predictive check comes on top
WAVES = (1 / 3, 1 / 4, 5 / 12)
DRAWS = 512  # rows of the posterior
TRIED = 32  # of them with the simulator itself
REPEATED = 16  # runs at the middle, which differ by luck alone
IMPLAUSIBLE = 3.0  # standard deviations (Pukelsheim 1994: holds 95% of any single-peaked spread)
ALLOWED_OFF = 2  # figures that may be further off before a point is implausible
WIDER = 4.0  # the next wave looks where all errors are twice as large
STEPS, WAVE_STEPS = 800, 200  # of the sampler
HELD_IN = 2.5  # standard deviations of the prior: the first wave looks no further


@dataclass(frozen=True)
class Task:
    """A fit that is ready to run on any simulator: what `fit` makes of its arguments."""

    knobs: tuple[Knob, ...]
    targets: Targets
    problem: Problem
    runs: int
    seed: int


def fit(
    parameters: Parameters,
    knobs: Sequence[Knob],
    targets: pd.DataFrame,
    *,
    start: date,
    years: int,
    runs: int = RUNS,
    seed: int = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
    whole_run: bool = False,
    unsure: tuple[str, ...] = (),
) -> Posterior:
    """Fit an area's knobs to figures, with a joint posterior of what they may be.

    Parameters
    ----------
    parameters : of the area, with a caseload at the day before the start.
    knobs : what is free; at most a dozen.
    targets : columns measure, year (of its 31 March), value, sd (of the figure's own error),
        unit; years of the run only.
    start, years : of every run. runs : of the simulator in all waves. seed : of design, luck and
        sampler; the same seed gives the same result on any number of processes.
    executor : any `concurrent.futures.Executor`; None computes here.
    progress : told (done, all) runs.
    whole_run : each figure is of a year like any other and compared with all of the run.
    unsure : parameters drawn anew within their ranges in every run: counted ones, so that what is
        fitted beside them is not surer than they are.

    Raises
    ------
    InputError for a target that cannot be met, or too few runs for so many knobs.
    """
    known = targets_of(targets, start.year + 1, years, whole_run)
    task = task_of(knobs, known, load_discrepancies(parameters.root), runs, seed)
    bench = bench_of(parameters, task.knobs, known, start, years, seed, unsure)
    total, done = task.runs + TRIED + REPEATED, 0

    def step(count: int) -> None:
        nonlocal done
        done += count
        if progress:
            progress(done, total)

    return fit_with(simulator_of(bench, executor, step), task)


def task_of(
    knobs: Sequence[Knob],
    targets: Targets,
    discrepancies: dict[str, Discrepancy],
    runs: int,
    seed: int,
) -> Task:
    """A fit for any simulator, checked."""
    if not knobs:
        raise InputError(Where("the fit"), "no knob", "at least one")
    needed = int(np.ceil(2 * (2 * len(knobs) + 2) / min(WAVES)))
    if runs < needed:
        raise InputError(Where("the fit"), f"{runs} runs", f"at least {needed} for these knobs")
    prior_mean, prior_sd = scales(knobs)
    gap_mean, gap_sd = discrepancies_of(targets, discrepancies)
    problem = Problem(
        targets.aim,
        targets.error,
        targets.kind_places(),
        prior_mean,
        prior_sd,
        gap_mean,
        gap_sd,
    )
    return Task(tuple(knobs), targets, problem, runs, seed)


def fit_with(simulate: Simulator, task: Task) -> Posterior:
    """Fit with any simulator: points (log factors) and the first run's number in, figures out."""
    sizes = [round(task.runs * part) for part in WAVES]
    points, waves = first_points(task, sizes[0]), []
    every, figures = points, task.targets.on_scale(simulate(points, 0))
    emulator, last = emulator_of(every, figures), points
    waves.append(Wave("prior", len(points), 1.0, emulator))
    for number, size in enumerate(sizes[1:], start=1):
        points, share = next_points(task, emulator, size, number)
        found = task.targets.on_scale(simulate(points, sum(sizes[:number])))
        # The first wave says where to look; what is fitted to is made of the waves that looked.
        kept = every if number == 1 else last
        keep = figures if number == 1 else figures[-len(last) :]
        near = plausible(task, emulator, kept)
        every = np.concatenate([kept[near], points])
        figures = np.concatenate([keep[near], found])
        emulator, last = emulator_of(every, figures), points
        waves.append(Wave(f"wave {number + 1}", len(points), share, emulator))
    states, independent = drawn_states(task.problem, emulator, DRAWS, task.seed, STEPS)
    tried = tried_out(simulate, task, states)
    return posterior_of(
        task.knobs, task.targets, task.problem, emulator, waves, states, independent, tried
    )


def tried_out(simulate: Simulator, task: Task, states: Array) -> Tried:
    """Real runs at draws of the posterior, and some with other luck at its middle."""
    chosen = states[np.linspace(0, len(states) - 1, TRIED).round().astype(int)]
    logs, gaps = split(task.problem, chosen)
    middle = np.tile(split(task.problem, states)[0].mean(axis=0), (REPEATED, 1))
    return Tried(logs, gaps, simulate(logs, task.runs), simulate(middle, task.runs + TRIED))


def first_points(task: Task, size: int) -> Array:
    """Points spread over the prior; shape (size, knobs), log factors."""
    problem = task.problem
    sobol = qmc.Sobol(problem.knobs, seed=np.random.default_rng(task.seed))
    below = sobol.random(2 ** int(np.ceil(np.log2(size))))[:size]
    scaled = np.clip(ndtri(np.clip(below, 1e-9, 1 - 1e-9)), -HELD_IN, HELD_IN)
    return np.asarray(problem.prior_mean + scaled * problem.prior_sd)


def next_points(task: Task, emulator: Emulator, size: int, number: int) -> tuple[Array, float]:
    """Points where the emulator says the figures may be met, and which part of those looked at."""
    seed = task.seed + 1000 * number
    states, _ = drawn_states(task.problem, emulator, 4 * size, seed, WAVE_STEPS, WIDER)
    knobs, gaps = split(task.problem, states)
    off = np.sort(implausibility(task.problem, emulator, knobs, gaps), axis=1)
    worst = off[:, max(off.shape[1] - 1 - ALLOWED_OFF, 0)]
    good = np.flatnonzero(worst < IMPLAUSIBLE)
    share = len(good) / len(states)
    if len(good) < size:  # nothing meets the figures: the least implausible, and the misses show
        good = np.argsort(worst, kind="stable")[:size]
    chosen = good[np.linspace(0, len(good) - 1, size).round().astype(int)]
    return knobs[chosen], share


def plausible(task: Task, emulator: Emulator, points: Array) -> NDArray[np.bool_]:
    """Which earlier points lie where the emulator is to be good: not far off on most figures."""
    gaps = np.exp(np.tile(task.problem.gap_mean, (len(points), 1)))
    off = np.sort(implausibility(task.problem, emulator, points, gaps), axis=1)
    return np.asarray(off[:, max(off.shape[1] - 1 - ALLOWED_OFF, 0)] < 2 * IMPLAUSIBLE)


__all__ = ["RUNS", "Task", "fit", "fit_with", "task_of"]
