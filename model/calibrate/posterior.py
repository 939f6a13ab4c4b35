"""What a fit found: the joint posterior of the knobs, and how far to trust it.

Tables for the report and for the area's folder. It fits and runs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.calibrate.emulator import Emulator
from model.calibrate.knobs import Joint, Knob
from model.calibrate.sampling import Problem, split
from model.calibrate.targets import Targets
from model.uncertainty.distributions import Z_OF_TAIL

Array = NDArray[np.float64]
INTERVAL = (0.05, 0.95)
LEARNT = 0.2  # the spread must shrink by so much, else the figures taught nothing about a knob
SLICES = 8  # of the order of rows, along the first direction in which they differ


@dataclass(frozen=True)
class Wave:
    """One round of runs.

    Attributes
    ----------
    name : of the round. runs : in it.
    share : of the points looked at that were not implausible.
    emulator : made after it.
    """

    name: str
    runs: int
    share: float
    emulator: Emulator


@dataclass(frozen=True)
class Tried:
    """Runs of the simulator once the posterior was known.

    Attributes
    ----------
    logs, gaps : log factors and discrepancies of some draws; shape (runs, knobs or kinds).
    simulated : figures of a run of each, in their own units; shape (runs, figures).
    repeated : figures of runs at the middle that differ by luck alone; shape (runs, figures).
    """

    logs: Array
    gaps: Array
    simulated: Array
    repeated: Array


@dataclass(frozen=True)
class Posterior:
    """A joint posterior of the knobs, and what shows how far to trust it.

    Attributes
    ----------
    knobs : in the order of the columns.
    logs : log factors, one row a draw; shape (draws, knobs).
    gaps : discrepancy of each kind of figure, one row a draw; shape (draws, kinds).
    kinds : of figures. targets : as fitted to.
    learnt : table of the knobs: knob, title, prior_low, prior_high, median, low, high (factors,
        90%), spread_ratio (posterior over prior, of logarithms), learnt.
    predictive : table of the figures: measure, year, unit, published, simulated, low, high (90%
        of what the fit holds possible, discrepancy included), inside, model_low, model_high
        (chance and knobs alone), inside_model, miss_share.
    emulator_errors : table by measure: measure, mean, sd, beyond_2 (of its errors in standard
        deviations on the runs at draws of the posterior, which it had not seen: 0, 1 and 0.05
        where it is good), left_out_sd (the same of runs left out one by one), over_chance (its
        noise over the spread of runs that differ by luck alone: above 1, lack of fit).
    waves : table: wave, runs, not_implausible_share.
    independent_draws : that the sampler made, of the number it knows worst.
    """

    knobs: tuple[Knob, ...]
    logs: Array
    gaps: Array
    kinds: tuple[str, ...]
    targets: Targets
    learnt: pd.DataFrame
    predictive: pd.DataFrame
    emulator_errors: pd.DataFrame
    waves: pd.DataFrame
    independent_draws: float

    @property
    def centre(self) -> Array:
        """The factors that the area's file takes: the mean of the log factors; shape (knobs,)."""
        return np.asarray(np.exp(self.logs.mean(axis=0)))

    def joint(self) -> Joint:
        """The draws as factors on the centre, ordered so that neighbours are alike."""
        about = self.logs - self.logs.mean(axis=0)
        rows = np.exp(about[spread_order(about)])
        return Joint(self.knobs, tuple(tuple(float(f"{one:.6g}") for one in row) for row in rows))

    def not_learnt(self) -> list[str]:
        """Titles of the knobs whose spread shrank by less than a fifth."""
        return self.learnt.loc[~self.learnt["learnt"], "title"].tolist()

    def misses(self) -> pd.DataFrame:
        """Figures outside the 90% interval of chance and knobs, the furthest off first."""
        rows = self.predictive[~self.predictive["inside_model"]]
        return rows.sort_values("miss_share", key=np.abs, ascending=False)


def posterior_of(
    knobs: Sequence[Knob],
    targets: Targets,
    problem: Problem,
    emulator: Emulator,
    waves: Sequence[Wave],
    states: Array,
    independent: float,
    tried: Tried,
) -> Posterior:
    """Everything that is told about a fit.

    Parameters
    ----------
    states : draws as the sampler gives them. independent : draws among those that the sampler made.
    """
    logs, gaps = split(problem, states)
    return Posterior(
        tuple(knobs),
        logs,
        gaps,
        targets.kinds,
        targets,
        learnt_table(knobs, problem, logs),
        predictive_table(targets, problem, tried.gaps, tried.simulated),
        error_table(targets, emulator, tried),
        pd.DataFrame(
            {
                "wave": [wave.name for wave in waves],
                "runs": [wave.runs for wave in waves],
                "not_implausible_share": [wave.share for wave in waves],
            }
        ),
        independent,
    )


def learnt_table(knobs: Sequence[Knob], problem: Problem, logs: Array) -> pd.DataFrame:
    """What was learnt about each knob; columns as in `Posterior`."""
    low, high = np.exp(np.quantile(logs, INTERVAL, axis=0))
    ratio = logs.std(axis=0) / problem.prior_sd
    return pd.DataFrame(
        {
            "knob": [knob.name for knob in knobs],
            "title": [knob.title for knob in knobs],
            "prior_low": [knob.low for knob in knobs],
            "prior_high": [knob.high for knob in knobs],
            "median": np.exp(np.median(logs, axis=0)),
            "low": low,
            "high": high,
            "spread_ratio": ratio,
            "learnt": ratio <= 1 - LEARNT,
        }
    )


def predictive_table(
    targets: Targets, problem: Problem, gaps: Array, simulated: Array
) -> pd.DataFrame:
    """Published beside simulated at draws of the posterior; columns as in `Posterior`."""
    scaled = targets.on_scale(simulated)
    middle, sd = scaled.mean(axis=0), scaled.std(axis=0, ddof=1)
    z = Z_OF_TAIL
    beyond = np.sqrt(sd**2 + problem.error**2 + np.mean(gaps[:, problem.kind_places] ** 2, axis=0))
    model_low, model_high = targets.from_scale(middle - z * sd), targets.from_scale(middle + z * sd)
    low, high = targets.from_scale(middle - z * beyond), targets.from_scale(middle + z * beyond)
    published = targets.table["value"].to_numpy(float)
    mean = simulated.mean(axis=0)
    return pd.DataFrame(
        {
            "measure": targets.table["measure"],
            "year": targets.table["year"],
            "unit": targets.table["unit"],
            "published": published,
            "simulated": mean,
            "low": low,
            "high": high,
            "inside": (published >= low) & (published <= high),
            "model_low": model_low,
            "model_high": model_high,
            "inside_model": (published >= model_low) & (published <= model_high),
            "miss_share": mean / np.where(published > 0, published, np.nan) - 1,
        }
    )


def error_table(targets: Targets, emulator: Emulator, tried: Tried) -> pd.DataFrame:
    """How well the emulator foretells runs that it has not seen; columns as in `Posterior`."""
    noise = np.diag(emulator.noise)
    sd = np.sqrt(noise * (1 + emulator.unsure(tried.logs)[:, None]))
    unseen = (targets.on_scale(tried.simulated) - emulator.mean(tried.logs)) / sd
    chance = targets.on_scale(tried.repeated).var(axis=0, ddof=1)
    rows = []
    for measure in targets.measures:
        own = (targets.table["measure"] == measure).to_numpy()
        errors = unseen[:, own]
        rows.append(
            {
                "measure": measure,
                "mean": float(errors.mean()),
                "sd": float(np.sqrt(np.mean(errors**2))),
                "beyond_2": float((np.abs(errors) > 2).mean()),
                "left_out_sd": float(emulator.errors[:, own].std()),
                "over_chance": float(np.sqrt(noise[own].sum() / max(chance[own].sum(), 1e-12))),
            }
        )
    return pd.DataFrame(rows)


def spread_order(about: Array) -> NDArray[np.int64]:
    """An order of rows in which neighbours are alike: along the first two directions of spread."""
    scaled = about / np.maximum(about.std(axis=0), 1e-12)
    directions = np.linalg.svd(scaled, full_matrices=False)[2]
    signs = np.sign(directions[:, [0]] + 1e-12)  # the sign of a direction is nobody's choice
    first = scaled @ (directions[0] * signs[0])
    second = scaled @ (directions[min(1, len(directions) - 1)] * signs[min(1, len(signs) - 1)])
    slices = np.array_split(np.argsort(first, kind="stable"), min(SLICES, len(about)))
    order = []
    for number, rows in enumerate(slices):
        inner = rows[np.argsort(second[rows], kind="stable")]
        order.append(inner if number % 2 == 0 else inner[::-1])
    return np.concatenate(order)


__all__ = ["Posterior", "Wave", "posterior_of"]
