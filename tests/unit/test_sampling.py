"""Which futures there are, and what their spread and the error of their mean say."""

import numpy as np
import pytest

from model.results import Sampling, by_task, chance_error, spread, standard_error
from model.uncertainty.stratified import stratified

EVEN, ONCE = Sampling(3, 10), Sampling(3, 10, repeated=4)
CENTRAL = Sampling(7)


@pytest.mark.parametrize("sampling", [EVEN, ONCE, CENTRAL, Sampling(2, 3, repeated=8)])
def test_the_futures_of_all_tasks_are_all_futures_in_order(sampling):
    tasks = [list(sampling.of_task(task)) for task in range(sampling.tasks)]
    assert [f for own in tasks for f in own] == list(range(sampling.futures))
    assert sampling.task_of_each().tolist() == [t for t, own in enumerate(tasks) for _ in own]
    for futures in range(sampling.futures + 1):
        whole = sampling.whole_tasks(futures)
        assert sampling.before(whole) <= futures
        assert whole == sampling.tasks or futures < sampling.before(whole + 1)


def test_only_the_first_draws_are_run_several_times():
    assert ONCE.futures == 4 * 3 + 6
    assert [len(ONCE.of_task(task)) for task in (0, 3, 4, 9)] == [3, 3, 1, 1]
    assert ONCE.says == ("10 draws, the first 4 with 3 replications each and the others with one")
    assert EVEN.says == Sampling(3, 10, repeated=10).says == "10 draws with 3 replications each"
    assert CENTRAL.says == "7 replications at central values"


def test_a_run_starts_as_another_whatever_their_length():
    assert ONCE.starts_as(ONCE.of_tasks(99))
    assert CENTRAL.starts_as(Sampling(2))
    assert not ONCE.starts_as(EVEN)
    assert not ONCE.starts_as(CENTRAL)
    assert not ONCE.starts_as(Sampling(3, 10, 2, repeated=4))


def test_chance_and_ignorance_are_told_apart_though_most_draws_are_run_once():
    random = np.random.default_rng(5)
    sampling = Sampling(2, 3000, repeated=1000)
    draw = random.normal(0, 3, 3000)[sampling.task_of_each()]
    found = spread(draw + random.normal(0, 2, sampling.futures), sampling)
    assert found.chance == pytest.approx(4, rel=0.1)
    assert found.ignorance == pytest.approx(9, rel=0.1)


def test_the_spread_of_equal_draws_is_the_textbooks():
    values = np.random.default_rng(6).normal(size=30)
    by_draw = values.reshape(10, 3)
    within = by_draw.var(axis=1, ddof=1).mean()
    between = by_draw.mean(axis=1).var(ddof=1) - within / 3
    found = spread(values, EVEN)
    assert found.chance == pytest.approx(within)
    assert found.ignorance == pytest.approx(max(between, 0))
    assert by_task(values, EVEN) == pytest.approx(by_draw.mean(axis=1))


def saving(seed: int, sampling: Sampling) -> np.ndarray:
    """A saving that three assumptions decide, two of them together, and chance."""
    names = ("effect", "price", "volume")
    place = np.array([stratified(seed, names, draw) for draw in range(sampling.tasks)])
    known = (place - 0.5) @ [2.0, 1.0, 0.5] + 2 * (place[:, 0] - 0.5) * (place[:, 2] - 0.5)
    luck = np.random.default_rng(seed).normal(0, 0.3, sampling.futures)
    return known[sampling.task_of_each()] + luck


def test_the_error_that_is_said_is_the_error_that_is_made():
    """Means of many seeds about the truth, which is nought, against the error that each says."""
    sampling = Sampling(2, 64, repeated=16)
    found = [saving(seed, sampling) for seed in range(300)]
    made = np.sqrt(np.mean([one.mean() ** 2 for one in found]))
    said = np.sqrt(np.mean([standard_error(one, sampling) ** 2 for one in found]))
    assert made <= said <= 1.35 * made
    alone = np.sqrt(np.mean([one.var(ddof=1) / len(one) for one in found]))
    assert said < 0.6 * alone  # what draws spread evenly are good for
    far = [abs(one.mean()) > 1.645 * standard_error(one, sampling) for one in found]
    assert np.mean(far) < 0.1


def test_the_same_holds_for_how_often_something_happens():
    sampling = Sampling(2, 128, repeated=16)
    many = Sampling(1, 4096)
    truth = (saving(10_000, many) > 0.3).mean()
    pays = [saving(seed, sampling) > 0.3 for seed in range(150)]
    made = np.sqrt(np.mean([(one.mean() - truth) ** 2 for one in pays]))
    said = np.sqrt(np.mean([chance_error(one, sampling) ** 2 for one in pays]))
    assert made <= 1.05 * said
    assert said <= 1.35 * made


def test_agreement_is_not_certainty():
    sampling = Sampling(2, 48, repeated=16)
    for all_alike in (np.ones(64, bool), np.zeros(64, bool)):
        assert chance_error(all_alike, sampling) == pytest.approx(np.sqrt(49 / 50**3))
