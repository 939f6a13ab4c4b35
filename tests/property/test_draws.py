"""Futures in many worlds: the same whoever runs them, and no spread where nothing is unsure."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pandas as pd
import pytest

from model import compare, simulate
from model.enough import Rule
from model.executors import processes
from model.keeping import KeptInStore
from model.parameters.evidence import Uncertainty
from model.results import YEARLY, Sampling
from model.simulate import Prepared
from model.store import Store
from tests import synthetic

START = date(2025, 4, 1)
FIXED = Uncertainty("fixed")


@pytest.fixture(scope="module")
def plans(tmp_path_factory):
    """Today and fewer key workers, in the invented area, where most numbers are unsure."""
    root = synthetic.with_prices(synthetic.write_synthetic_root(tmp_path_factory.mktemp("root")))
    fewer = synthetic.change("capacity.key_workers", 6)
    synthetic.add_scenario(root, "fewer", changes=[fewer])
    usual = simulate.prepare(synthetic.AREA, start=START, years=1, root=root)
    redesign = simulate.prepare(
        synthetic.AREA, "fewer", start=START, years=1, root=root, beside=usual
    )
    return [usual, redesign]


@pytest.fixture(scope="module")
def here(plans):
    """Futures run here, one after another; the same ones are run once for all tests."""
    return cache(lambda sampling: simulate.run_together(plans, sampling))


@pytest.fixture(scope="module")
def two():
    """Two processes."""
    with processes(2) as found:
        yield found


def same(ours, theirs):
    for one, other in zip(ours, theirs, strict=True):
        assert one.sampling == other.sampling
        for name in YEARLY:
            pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))


def test_the_same_futures_from_threads_processes_and_here(plans, here, two):
    sampling = Sampling(2, 4)
    with ThreadPoolExecutor(3) as threads:
        same(simulate.run_together(plans, sampling, threads), here(sampling))
    same(simulate.run_together(plans, sampling, two), here(sampling))


def test_a_future_does_not_hang_on_how_many_there_are(plans, here):
    few = here(Sampling(2, 2))
    for one, other in zip(few, here(Sampling(2, 12)), strict=True):
        table = other.costs[other.costs["future"] < 4]
        pd.testing.assert_frame_equal(one.costs, table.reset_index(drop=True))
    assert not few[0].costs.equals(simulate.run_together(plans, Sampling(2, 2, seed=2))[0].costs)


def test_a_redesign_run_alone_or_beside_others_is_the_same(plans, here):
    alone = simulate.run_together(plans[1:], Sampling(2, 2))
    same(here(Sampling(2, 2))[1:], alone)


def collapsed(plan: Prepared) -> Prepared:
    """The same run with every range a point."""
    known = plan.inputs.parameters
    entries = {
        name: replace(one, evidence=replace(one.evidence, uncertainty=FIXED))
        for name, one in known.items()
    }
    scenario = plan.inputs.scenario
    changes = tuple(replace(one, uncertainty=FIXED) for one in scenario.changes)
    prices, borne = (
        {
            name: replace(cost, evidence=replace(cost.evidence, uncertainty=FIXED))
            for name, cost in each.costs.items()
        }
        for each in (plan.unit_costs, plan.partners)
    )
    inputs = replace(
        plan.inputs,
        parameters=replace(known, entries=entries),
        scenario=replace(scenario, changes=changes),
    )
    return replace(
        plan,
        inputs=inputs,
        unit_costs=replace(plan.unit_costs, costs=prices),
        partners=replace(plan.partners, costs=borne),
    )


def test_where_every_range_is_a_point_draws_change_nothing(plans):
    certain = [collapsed(plan) for plan in plans]
    opening = replace_opening(certain[0])
    certain = [replace(plan, opening=opening) for plan in certain]
    drawn = simulate.run_together(certain, Sampling(2, 4))
    central = simulate.run_together(plans, Sampling(8))
    for one, other in zip(drawn, central, strict=True):
        for name in YEARLY:
            pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))


def replace_opening(plan: Prepared):
    """The opening of a run whose ranges are points."""
    from model.starting import Opening

    return Opening(plan.inputs, plan.network)


def test_draws_spread_the_results_and_both_parts_are_told(here):
    found = here(Sampling(2, 12))
    table = compare.spreads(*found, ("early_help_started", "looked_after")).set_index("figure")
    row = table.loc["early_help_started"]
    assert row["ignorance_sd"] > 0 and row["chance_sd"] > 0
    assert 0 < row["ignorance_share"] <= 1
    gross, programme = compare.net_savings(*found)
    total = (gross - programme).sum(axis=1).to_numpy()
    parts = table.loc["net_saving"]
    both = parts["chance_sd"] ** 2 + parts["ignorance_sd"] ** 2
    assert both == pytest.approx(total.var(ddof=1), rel=0.35)
    assert "what is not known" in found[0].sampling.ranges_say


def test_the_rule_stops_at_the_same_future_on_any_number_of_workers(plans, two, monkeypatch):
    def stops_at(rule):
        most = rule.sampling(True, 1)
        alone = simulate.run_together(plans, most, rule=rule)
        same(simulate.run_together(plans, most, two, rule=rule), alone)
        return alone[0].sampling, most

    at, most = stops_at(Rule(floor=4, cap=12, accuracy_gbp=1e9))
    assert at == most, "so few futures leave the chance of payback open"
    monkeypatch.setattr("model.enough.CHANCE_POINTS", 1.0)
    at, most = stops_at(Rule(floor=16, cap=32, accuracy_gbp=1e9))
    assert at == most.of_tasks(8) != most


def test_what_the_store_gives_back_is_what_was_run(plans, here, tmp_path):
    sampling = Sampling(2, 4)
    few = simulate.run_together(plans, Sampling(2, 2), keeper=KeptInStore(Store(tmp_path)))
    assert few[0].futures == 4
    ran = []
    again = simulate.run_together(
        plans, sampling, progress=lambda d, n: ran.append(d), keeper=KeptInStore(Store(tmp_path))
    )
    same(again, here(sampling))
    assert ran == [1, 2, 3, 4]
    assert Store(tmp_path).entries()["futures"].tolist() == [8, 8]
    rule = Rule(floor=4, cap=12)
    ruled = simulate.run_together(plans, sampling, rule=rule)
    from_store = simulate.run_together(
        plans, sampling, rule=rule, keeper=KeptInStore(Store(tmp_path))
    )
    same(from_store, ruled)


def test_a_world_that_the_evidence_allows_is_always_possible(plans):
    for seed in range(3):
        found = simulate.run_together(plans, Sampling(1, 3, seed))
        for one in found:
            assert np.isfinite(one.costs["gbp"]).all()
