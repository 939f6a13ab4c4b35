"""The fitter on simulators whose posterior is known, so that any error is its own."""

import numpy as np
import pytest

from model.calibrate.fit import fit_with
from model.calibrate.knobs import scales
from model.errors import InputError
from tests.calibrate.stand_ins import NO_GAP, SOME_GAP, Curved, figures, knobs, task

SLOPES = np.array([[1.0, 0.2], [0.3, 1.0], [0.8, -0.6], [0.1, 0.9]])
TRUTH = [1.3, 0.8]


def exact(simulator: Curved, aim: list[float]):
    """Mean and covariance of the log factors, by the formula for straight lines (Lindley 1972)."""
    mean, sd = scales(knobs(simulator.slopes.shape[1]))
    precision = simulator.slopes.T @ simulator.slopes / simulator.chance**2 + np.diag(sd**-2.0)
    covariance = np.linalg.inv(precision)
    off = np.log(np.array(aim) + 0.5) - np.log(1000)
    right = simulator.slopes.T @ off / simulator.chance**2 + mean / sd**2
    return covariance @ right, covariance


def test_the_posterior_of_a_straight_simulator_is_the_one_of_the_formula():
    simulator = Curved(SLOPES)
    luck = np.array([0.5, -1.0, 0.3, 0.8])
    aim = simulator.at(TRUTH, luck)
    found = fit_with(simulator, task(figures(aim), 2, NO_GAP, runs=1500))
    mean, covariance = exact(simulator, aim)
    sd = np.sqrt(np.diag(covariance))
    assert np.abs(found.logs.mean(axis=0) - mean).max() < 0.35 * sd.min()
    assert found.logs.std(axis=0) == pytest.approx(sd, rel=0.2)
    assert np.corrcoef(found.logs.T)[0, 1] == pytest.approx(covariance[0, 1] / sd.prod(), abs=0.15)


def test_a_bent_simulator_gives_back_its_truth_and_the_later_waves_look_near_it():
    simulator = Curved(SLOPES, bend=0.4)
    found = fit_with(simulator, task(figures(simulator.at(TRUTH)), 2, NO_GAP))
    off = np.abs(found.logs.mean(axis=0) - np.log(TRUTH))
    assert (off < 2 * found.logs.std(axis=0)).all() and off.max() < 0.06
    first, last = simulator.points[0], simulator.points[2]
    assert np.abs(last - np.log(TRUTH)).mean() < 0.5 * np.abs(first - np.log(TRUTH)).mean()


def test_ranges_hold_the_truth_about_nine_times_in_ten():
    inside = []
    generator = np.random.default_rng(20)
    mean, sd = scales(knobs(2))
    for seed in range(12):
        truth = np.exp(mean + sd * generator.standard_normal(2))
        simulator = Curved(SLOPES)
        aim = simulator.at(list(truth), generator.standard_normal(4))
        found = fit_with(simulator, task(figures(aim), 2, NO_GAP, runs=150, seed=seed))
        low, high = np.quantile(found.logs, [0.05, 0.95], axis=0)
        inside += list((low <= np.log(truth)) & (np.log(truth) <= high))
    # 24 intervals of nine in ten: fewer than 18 hold the truth twice in a hundred times by chance.
    assert sum(inside) >= 18


def test_without_figures_that_tell_anything_the_prior_comes_back():
    simulator = Curved(SLOPES)
    found = fit_with(simulator, task(figures(simulator.at(TRUTH), sd=1e6), 2, NO_GAP))
    assert found.learnt["spread_ratio"].to_numpy() == pytest.approx(1, abs=0.12)
    assert not found.learnt["learnt"].any()
    assert found.not_learnt() == ["Knob 0", "Knob 1"]
    assert np.abs(found.logs.mean(axis=0)).max() < 0.15 * scales(knobs(2))[1].max() * 2


def test_a_knob_that_moves_nothing_is_not_learnt_and_the_other_is():
    simulator = Curved(np.array([[1.0, 0.0], [0.9, 0.0], [1.1, 0.0]]))
    found = fit_with(simulator, task(figures(simulator.at(TRUTH)), 2, NO_GAP))
    assert found.learnt["learnt"].tolist() == [True, False]


def test_two_knobs_that_only_work_together_are_learnt_together():
    simulator = Curved(np.array([[1.0, 1.0], [0.9, 0.9], [1.1, 1.1]]))
    found = fit_with(simulator, task(figures(simulator.at(TRUTH)), 2, NO_GAP))
    assert np.corrcoef(found.logs.T)[0, 1] < -0.9
    assert found.logs.sum(axis=1).std() < 0.1
    rows = np.log(np.array(found.joint().factors))
    assert np.corrcoef(rows.T)[0, 1] < -0.9, "the area's table keeps what hangs together"


def test_a_figure_that_nothing_reaches_is_a_miss_and_not_an_error():
    simulator = Curved(np.array([[1.0], [1.0], [0.0]]))
    aim = [*simulator.at([1.0])[:2], 5_000.0]
    found = fit_with(simulator, task(figures(aim), 1, SOME_GAP))
    worst = found.misses().iloc[0]
    assert worst["measure"] == "section_47_enquiries"
    assert worst["miss_share"] == pytest.approx(-0.8, abs=0.02)


def test_the_discrepancy_is_found_from_how_far_the_figures_are_off():
    slopes = np.array([[1.0], [1.0], [1.0], [1.0], [1.0]])
    simulator = Curved(slopes, chance=0.01)
    base = np.array(simulator.at([1.0]))
    near, far = base * np.exp(0.01 * np.array([1, -1, 1, -1, 1])), base.copy()
    far *= np.exp(0.2 * np.array([1, -1, 1, -1, 1]))
    small, large = (
        np.median(fit_with(simulator, task(figures(list(aim)), 1, SOME_GAP)).gaps)
        for aim in (near, far)
    )
    assert small < 0.06 < 0.12 < large


def test_the_emulator_is_tried_on_runs_that_it_has_not_seen():
    simulator = Curved(SLOPES)
    errors = fit_with(simulator, task(figures(simulator.at(TRUTH)), 2, NO_GAP)).emulator_errors
    assert errors["sd"].to_numpy() == pytest.approx(1, abs=0.4)
    assert errors["over_chance"].to_numpy() == pytest.approx(1, abs=0.5)
    crooked = Wavy(SLOPES)
    errors = fit_with(crooked, task(figures(crooked.at(TRUTH)), 2, NO_GAP)).emulator_errors
    assert errors["over_chance"].max() > 1.5, "what a quadratic cannot follow is said"


class Wavy(Curved):
    """A simulator that no quadratic follows."""

    def mean(self, logs):
        return super().mean(logs) + 0.15 * np.sin(40 * logs.sum(axis=1))[:, None]


def test_the_same_seed_gives_the_same_posterior_and_another_does_not():
    simulator = Curved(SLOPES)
    aim = figures(simulator.at(TRUTH))
    one, again, other = (
        fit_with(Curved(SLOPES), task(aim, 2, NO_GAP, runs=150, seed=seed)).logs
        for seed in (3, 3, 4)
    )
    assert np.array_equal(one, again) and not np.array_equal(one, other)


def test_too_few_runs_for_so_many_knobs_is_refused():
    with pytest.raises(InputError, match="at least 96 for these knobs"):
        task(figures([1000.0]), 5, NO_GAP, runs=50)
    with pytest.raises(InputError, match="no knob"):
        task(figures([1000.0]), 0, NO_GAP)
