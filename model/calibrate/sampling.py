"""The posterior on an emulator: how plausible each setting of the knobs is, and draws from it.

The likelihood is Gaussian on the scale of the fit. Its covariance is the emulator's noise (chance,
with its correlation between figures, and lack of fit), the emulator's own variance, each figure's
reporting error, and a discrepancy for each kind of figure that is estimated with the knobs
(Kennedy and O'Hagan 2001, with a discrepancy independent between years: a model whose rates stay
cannot follow yearly swings). Drawn with the affine-invariant ensemble sampler `emcee`
(Goodman and Weare 2010; Foreman-Mackey and others 2013). It runs no model.
"""

from __future__ import annotations

from dataclasses import dataclass

import emcee
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from model.calibrate.emulator import Emulator

Array = NDArray[np.float64]
WALKERS_EACH = 8  # for each number that is not known
BURNT = 0.3  # part of the steps that is thrown away
FURTHEST = 6.0  # standard deviations of the prior: the sampler looks no further


@dataclass(frozen=True)
class Problem:
    """What the figures should be, and what was thought before.

    Attributes
    ----------
    aim, error : figures and their reporting error on the scale of the fit; shape (figures,).
    kind_places : which discrepancy each figure has; shape (figures,).
    prior_mean, prior_sd : of the log factors; shape (knobs,).
    gap_mean, gap_sd : of the logarithm of each discrepancy; shape (kinds,).
    """

    aim: Array
    error: Array
    kind_places: NDArray[np.int64]
    prior_mean: Array
    prior_sd: Array
    gap_mean: Array
    gap_sd: Array

    @property
    def knobs(self) -> int:
        """How many knobs there are."""
        return len(self.prior_mean)


def log_posterior(
    problem: Problem, emulator: Emulator | None, state: Array, temper: float = 1.0
) -> Array:
    """Log density, up to a constant, of knobs and discrepancies; shape (states,).

    Parameters
    ----------
    emulator : None gives the prior. state : standardised log factors, then standardised log
        discrepancies; shape (states, knobs + kinds). temper : all variances times this.
    """
    prior = -0.5 * np.sum(state**2, axis=1)
    prior[np.any(np.abs(state) > FURTHEST, axis=1)] = -np.inf
    if emulator is None:
        return prior
    knobs, gaps = split(problem, state)
    off = problem.aim - emulator.mean(knobs)
    covariance = covariances(problem, emulator, knobs, gaps) * temper
    lower = np.linalg.cholesky(covariance)
    scaled = np.linalg.solve(lower, off[:, :, None])[:, :, 0]
    spread = np.log(np.diagonal(lower, axis1=1, axis2=2)).sum(axis=1)
    return np.asarray(prior - 0.5 * np.sum(scaled**2, axis=1) - spread)


def split(problem: Problem, state: Array) -> tuple[Array, Array]:
    """Log factors, and discrepancies as standard deviations, out of standardised numbers."""
    knobs = problem.prior_mean + state[:, : problem.knobs] * problem.prior_sd
    gaps = np.exp(problem.gap_mean + state[:, problem.knobs :] * problem.gap_sd)
    return knobs, gaps


def covariances(problem: Problem, emulator: Emulator, knobs: Array, gaps: Array) -> Array:
    """Covariance of the figures about the emulator at each state; (states, figures, figures)."""
    own = problem.error**2 + gaps[:, problem.kind_places] ** 2
    noise = emulator.noise * (1.0 + emulator.unsure(knobs))[:, None, None]
    places = np.arange(len(problem.aim))
    noise[:, places, places] += own
    return noise


def implausibility(problem: Problem, emulator: Emulator, knobs: Array, gaps: Array) -> Array:
    """How many standard deviations each figure is from its aim; shape (states, figures)."""
    covariance = covariances(problem, emulator, knobs, gaps)
    sd = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2))
    return np.abs(problem.aim - emulator.mean(knobs)) / sd


def beginnings(problem: Problem, emulator: Emulator | None, temper: float, luck: Array) -> Array:
    """Where the walkers begin: about the likeliest knobs, as far as a straight line says.

    Parameters
    ----------
    luck : standard normal numbers, one row a walker; shape (walkers, knobs + kinds).
    """
    if emulator is None:
        return luck
    middle = np.zeros((1, luck.shape[1]))
    knobs, gaps = split(problem, middle)
    lower = np.linalg.cholesky(covariances(problem, emulator, knobs, gaps)[0] * temper)

    def off(scaled: Array) -> Array:
        point = problem.prior_mean + scaled[None, :] * problem.prior_sd
        left = np.linalg.solve(lower, (problem.aim - emulator.mean(point))[0])
        return np.concatenate([left, scaled])

    limits = (-FURTHEST + 0.5, FURTHEST - 0.5)
    found = least_squares(off, middle[0, : problem.knobs], bounds=limits)
    spread = np.linalg.cholesky(np.linalg.inv(found.jac.T @ found.jac))
    begin = luck.copy()
    begin[:, : problem.knobs] = found.x + luck[:, : problem.knobs] @ spread.T
    return begin


def drawn_states(
    problem: Problem,
    emulator: Emulator | None,
    wanted: int,
    seed: int,
    steps: int,
    temper: float = 1.0,
) -> tuple[Array, float]:
    """Draws from the posterior, and how many independent ones the sampler made.

    Parameters
    ----------
    wanted : draws. seed : of the sampler. steps : of each of its walkers.

    Returns
    -------
    states, shape (wanted, knobs + kinds), as `log_posterior` takes them; and the effective number
        of independent draws among all that the sampler made, of the worst known number.
    """
    size = problem.knobs + len(problem.gap_mean)
    walkers = WALKERS_EACH * size
    luck = np.random.default_rng(seed).standard_normal((walkers, size))
    begin = np.clip(beginnings(problem, emulator, temper, luck), 0.1 - FURTHEST, FURTHEST - 0.1)
    sampler = emcee.EnsembleSampler(
        walkers,
        size,
        lambda state: log_posterior(problem, emulator, state, temper),
        vectorize=True,
    )
    sampler.random_state = np.random.RandomState(seed % 2**32).get_state()
    sampler.run_mcmc(begin, steps)
    burnt = int(BURNT * steps)
    chain = sampler.get_chain(discard=burnt, flat=True)
    kept = sampler.get_chain(discard=burnt)
    times = emcee.autocorr.integrated_time(kept, tol=0, quiet=True)
    chosen = np.linspace(0, len(chain) - 1, wanted).round().astype(int)
    return chain[chosen], len(chain) / max(float(np.nanmax(times)), 1.0)


__all__ = ["Problem", "drawn_states", "implausibility", "log_posterior", "split"]
