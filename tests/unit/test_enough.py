"""How many futures are enough: the rule stops when it may, and never for the wrong reason."""

import numpy as np
import pandas as pd
import pytest

from model.enough import CHECK_EVERY, Rule, Watch, judge
from model.results import REPEATED, Sampling

SPENT = np.full(400, 1e6)


def test_a_sure_saving_needs_as_many_draws_as_a_chance_of_one_can_be_known_with():
    saving = np.full(400, 5000.0)
    found = [judge(saving[:n], SPENT[:n], Sampling(n), Rule()).enough for n in range(1, 101)]
    assert found.index(True) + 1 == 48
    assert all(found[47:])


def test_an_even_chance_needs_hundreds():
    saving = np.tile([1000.0, -1000.0], 200)
    assert not judge(saving[:200], SPENT[:200], Sampling(200), Rule()).enough
    error = judge(saving, SPENT, Sampling(400), Rule()).chance_error
    assert error == pytest.approx(0.5 / 20, rel=0.01)
    many = np.tile(saving, 2)
    assert judge(many, np.tile(SPENT, 2), Sampling(800), Rule()).enough


def test_the_mean_saving_may_be_uncertain_by_2_percent_of_spending_or_what_was_asked_for():
    random = np.random.default_rng(2)
    saving = 1e6 + random.normal(0, 6e5, 400)
    saving[saving < 0] = 1.0
    error = saving.std(ddof=1) / 20
    strict = judge(saving, SPENT, Sampling(400), Rule())
    assert strict.error_gbp == pytest.approx(error) and strict.allowed_gbp == 2e4
    assert not strict.enough
    assert judge(saving, SPENT, Sampling(400), Rule(accuracy_gbp=4e4)).enough
    assert judge(saving, SPENT, Sampling(400), Rule(accuracy_gbp=1e3)).allowed_gbp == 2e4


def test_futures_of_one_draw_do_not_count_as_many():
    of_block = np.random.default_rng(3).normal(0, 1e3, 50)
    saving = np.repeat(of_block, 8)  # four draws of two replications each
    found = judge(saving, SPENT, Sampling(2, 200), Rule())
    assert found.error_gbp == pytest.approx(of_block.std(ddof=1) / 50**0.5)
    pays = (of_block > 0).astype(float)
    assert found.chance_error == pytest.approx(pays.std(ddof=1) / 50**0.5)
    few = judge(saving[:40], SPENT[:40], Sampling(2, 20), Rule())
    assert few.error_gbp == pytest.approx(saving[:40:2].std(ddof=1) / 20**0.5)


def test_never_below_the_floor_and_the_cap_is_said():
    saving = np.full(60, 5000.0)
    assert not judge(saving, SPENT[:60], Sampling(60), Rule(floor=64)).enough
    even = np.tile([1.0, -1.0], 50)
    found = judge(even, SPENT[:100], Sampling(100), Rule(cap=100))
    assert found.capped and not found.enough and "the most allowed" in found.says


def tables(futures: range, gbp: float, programme: float) -> dict[str, pd.DataFrame]:
    """A future's money: what the council and the schools pay."""
    rows = [(f, payer, gbp) for f in futures for payer in ("council_childrens_services", "schools")]
    costs = pd.DataFrame(rows, columns=["future", "payer", "gbp"])
    paid = [(f, "council_childrens_services", programme) for f in futures]
    return {"costs": costs, "programme": pd.DataFrame(paid, columns=["future", "payer", "gbp"])}


def test_a_watch_stops_only_at_its_checkpoints_and_counts_the_councils_money_alone():
    sampling = Sampling(2, 500)
    watch = Watch(Rule(), sampling, ["baseline", "redesign"])
    for task in range(500):
        futures = sampling.of_task(task)
        found = {
            "baseline": tables(futures, 1000.0, 0.0),
            "redesign": tables(futures, 900.0, 40.0),
        }
        if watch.add(found, futures):
            break
    assert (task + 1) % CHECK_EVERY == 0 and task + 1 == 48
    verdict = watch.verdicts()[0]
    assert verdict.allowed_gbp == pytest.approx(20.0) and verdict.chance == 1.0
    assert verdict.futures == 96


@pytest.mark.parametrize(("draws", "per_draw", "futures"), [(True, None, 1000), (True, 3, 999)])
def test_the_cap_is_in_whole_draws(draws, per_draw, futures):
    found = Rule().sampling(draws, 1, per_draw)
    assert found.futures == futures
    assert found.repeated == (None if per_draw else REPEATED)
    assert Rule(cap=200).sampling(False, 1) == Sampling(200, 0, 1)
