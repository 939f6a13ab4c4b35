"""The fitter on the model itself: a small area with a truth that it must find."""

import numpy as np
import pandas as pd
import pytest

from model import parameters
from model.calibrate.fit import fit
from model.calibrate.simulator import bench_of, figures_of, simulator_of
from model.calibrate.targets import targets_of
from model.errors import InputError
from model.executors import threads
from model.turning import turned
from tests import synthetic
from tests.calibrate.invented_area import KNOBS, START, root_in

MEASURES = ("referrals", "assessments", "looked_after_ceased", "looked_after")  # as the model lists
TRUTH = (1.25, 0.7)


def table(values):
    return pd.DataFrame(
        {"measure": MEASURES, "year": 2026, "value": values, "sd": 0.0, "unit": "children"}
    )


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    return parameters.load(synthetic.AREA, root_in(tmp_path_factory.mktemp("root")))


@pytest.fixture(scope="module")
def truth(known):
    """What would be published: the mean of runs at the truth with luck of their own."""
    aims = targets_of(table([1.0] * len(MEASURES)), 2026, 1)
    bench = bench_of(known, KNOBS, aims, START, 1, seed=77)
    assert bench.measures == MEASURES
    return table(np.mean([figures_of(bench, TRUTH, k) for k in range(6)], axis=0)), aims


@pytest.mark.slow
def test_the_truth_of_a_small_area_is_found(known, truth):
    found = fit(known, KNOBS, truth[0], start=START, years=1, runs=120)
    low, high = np.quantile(found.logs, [0.025, 0.975], axis=0)
    assert (low <= np.log(TRUTH)).all() and (np.log(TRUTH) <= high).all()
    assert found.learnt["learnt"].tolist() == [True, True]
    assert found.predictive["inside"].all()


def test_a_run_is_the_same_whoever_computes_it(known, truth):
    bench = bench_of(known, KNOBS, truth[1], START, 1, seed=3)
    points = np.log(np.array([[1.0, 1.0], [1.2, 0.9], [0.8, 1.4]] * 6))
    here = simulator_of(bench)(points, 40)
    with threads(2) as two:
        assert np.array_equal(simulator_of(bench, two)(points, 40), here)
    assert np.array_equal(simulator_of(bench)(points[9:], 49), here[9:])
    assert not np.array_equal(simulator_of(bench)(points, 41), here), "luck goes by the number"


def test_progress_tells_every_run(known, truth):
    seen = []
    bench = bench_of(known, KNOBS, truth[1], START, 1, seed=3)
    simulator_of(bench, step=seen.append)(np.zeros((11, 2)), 0)
    assert seen == [8, 3]


def test_knobs_at_one_leave_the_area_as_it_is(known):
    same = turned(known, KNOBS, (1.0, 1.0))
    for name in known:
        assert same[name].value == known[name].value


def test_factors_multiply(known):
    twice = turned(turned(known, KNOBS, (1.2, 0.7)), KNOBS, (1.5, 1.1))
    once = turned(known, KNOBS, (1.2 * 1.5, 0.7 * 1.1))
    for name in ("population.contacts_per_10000", "looked_after.pace"):
        assert twice[name].value == pytest.approx(once[name].value)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"measure": "refferals"}, "referrals"),
        ({"year": 2031}, "a year of the run: 2026 to 2026"),
        ({"value": -1.0}, "a number from 0"),
        ({"sd": np.nan}, "a number from 0"),
    ],
)
def test_a_target_that_cannot_be_is_refused(change, words):
    rows = table([100.0] * len(MEASURES)).astype({"value": float})
    for column, value in change.items():
        rows.loc[0, column] = value
    with pytest.raises(InputError, match=words):
        targets_of(rows, 2026, 1)


def test_a_target_twice_and_none_at_all_are_refused():
    rows = table([100.0] * len(MEASURES))
    with pytest.raises(InputError, match="twice"):
        targets_of(pd.concat([rows, rows]), 2026, 1)
    with pytest.raises(InputError, match="no figure"):
        targets_of(rows.iloc[:0], 2026, 1)
