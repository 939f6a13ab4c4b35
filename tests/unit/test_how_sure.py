"""How sure: one assumption at a time, weaker effects, and which draws go with the saving."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from model import how_sure, simulate
from model.compare import COUNCIL, net_savings
from model.how_sure import one_way
from model.how_sure.assumptions import CHANGE, EFFECT, FITTED, KNOB, PARAMETER, PRICE, PROGRAMME
from model.parameters.knobs import Joint, Knob, Move
from model.results import Sampling
from model.uncertainty import Draw

START, SCENARIO = date(2025, 4, 1), "stockport_pathway"


@pytest.fixture(scope="module")
def plans():
    """A comparison of one year, ready to run."""
    found = simulate.prepare_together("sefton", ["baseline", SCENARIO], start=START, years=1)
    return [replace(plan, tables=one_way.MONEY) for plan in found]


@pytest.fixture(scope="module")
def every(plans):
    return {one.key: one for one in how_sure.assumptions_of(plans)}


@pytest.fixture(scope="module")
def central(plans):
    """Two futures of it, nothing moved."""
    return simulate.run_together(plans, Sampling(2))


def values(plan) -> dict[str, object]:
    return {name: one.value for name, one in plan.inputs.parameters.items()}


# --- what is moved -------------------------------------------------------------------------------


def test_the_assumptions_of_the_redesign_come_first_and_each_once(every):
    kinds = [one.of_redesign for one in every.values()]
    assert kinds == sorted(kinds, reverse=True)
    assert {one.kind for one in every.values()} == {PARAMETER, CHANGE, PROGRAMME, PRICE}
    assert "early_help_effect" in every  # three hazard ratios that move together
    assert not any(key.startswith("effect.early_help_on") for key in every)


def test_an_effect_moves_with_its_group_and_nothing_else_does(plans, every):
    moved = how_sure.moved(plans, every["early_help_effect"], 0.1)
    before, after = (values(one[0]) for one in (plans, moved))
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {f"effect.early_help_on_{door}" for door in ("step_up", "return")} | {
        "effect.early_help_on_care_entry"
    }
    ratios = [after[name]["ratio"] for name in sorted(changed)]
    assert all(
        ratio < before[name]["ratio"] for ratio, name in zip(ratios, sorted(changed), strict=True)
    )


def test_one_outcome_of_a_split_grows_and_the_others_give_way(plans, every):
    key = "screening.ends.early_help_recommendation"
    low, high = (how_sure.moved(plans, every[key], place)[0] for place in (0.1, 0.9))
    shares = [one.inputs.shares("screening.ends") for one in (low, plans[0], high)]
    names = low.inputs.outcomes("screening.ends")
    own = [float(one[..., names.index("early_help_recommendation")].mean()) for one in shares]
    assert own[0] < own[1] < own[2]
    for one in shares:
        assert one.sum(axis=-1) == pytest.approx(np.ones(one.shape[:-1]))


def test_a_change_of_the_redesign_leaves_the_baseline_alone(plans, every):
    change = next(one for one in every.values() if one.kind == CHANGE)
    moved = how_sure.moved(plans, change, 0.9)
    assert moved[0].inputs.digest() == plans[0].inputs.digest()
    assert moved[1].inputs.digest() != plans[1].inputs.digest()


def test_a_knob_of_a_joint_posterior_moves_by_itself(plans):
    name = "child_in_need_plan.pace"
    knobs = (
        Knob("pace", "Pace of plans", 0.8, 1.25, (Move(name),)),
        Knob("step_up", "Step-ups", 0.8, 1.25, (Move("early_help_plan.pace"),)),
    )
    factors = tuple((1 + 0.1 * n, 2.0) for n in range(11))
    usual = plans[0].opening.inputs
    known = replace(usual.parameters, posterior=Joint(knobs, factors))
    opening = replace_inputs(plans[0], known)
    fitted = [replace(plan, opening=opening, inputs=opening.inputs) for plan in plans[:1]]
    found = {one.key: one for one in how_sure.assumptions_of(fitted)}
    assert found[KNOB + "pace"].kind == FITTED
    assert name not in found
    assert found[KNOB + "pace"].low == pytest.approx(1.1)
    moved = how_sure.moved(fitted, found[KNOB + "pace"], 0.9)[0].inputs.parameters
    assert moved[name].value == pytest.approx({k: v * 1.9 for k, v in known[name].value.items()})
    assert moved["early_help_plan.pace"].value == known["early_help_plan.pace"].value


def replace_inputs(plan, parameters):
    """The same opening with other parameters."""
    from model.starting import Opening

    return Opening(replace(plan.opening.inputs, parameters=parameters), plan.opening.network)


# --- prices need no run --------------------------------------------------------------------------


def test_a_price_moved_needs_no_run_and_gives_what_a_run_gives(plans, every, central):
    run = how_sure.OneWayRun(every["price.childrens_home_placement"], "high")
    quick = how_sure.results_of_run(plans, run, central)
    slow = simulate.run_together(how_sure.plans_of(plans, run), central[0].sampling)
    for ours, theirs in zip(quick, slow, strict=True):
        assert ours.costs["gbp"].to_numpy() == pytest.approx(theirs.costs["gbp"].to_numpy())
    assert quick[0].costs["gbp"].sum() > central[0].costs["gbp"].sum()


def test_a_programme_cost_moved_changes_the_programme_alone(plans, every, central):
    one = next(each for each in every.values() if each.kind == PROGRAMME)
    run = how_sure.OneWayRun(one, "high")
    quick = how_sure.results_of_run(plans, run, central)
    slow = simulate.run_together(how_sure.plans_of(plans, run), central[0].sampling)
    assert quick[1].programme["gbp"].to_numpy() == pytest.approx(slow[1].programme["gbp"])
    pd.testing.assert_frame_equal(quick[1].costs, central[1].costs)


# --- weaker effects ------------------------------------------------------------------------------


def test_the_full_strength_is_the_comparison_itself(plans):
    for before, after in zip(plans, how_sure.weakened(plans, 1.0), strict=True):
        assert after.inputs.digest() == before.inputs.digest()


def test_no_strength_leaves_no_effect_and_what_is_decided(plans):
    found = how_sure.weakened(plans, 0.0)
    parameters = found[0].inputs.parameters
    for name, one in parameters.items():
        if name.startswith(EFFECT) and name != "effect.early_help_detection":
            assert one.value["ratio"] == 1
            assert one.uncertainty.distribution == "fixed" or "universal" in name
    assert parameters["effect.early_help_detection"].value["ratio"] > 1
    left = {change.parameter for change in found[1].inputs.scenario.changes}
    assert "screening.officers_adopting" in left
    assert "step_down.ends" not in left
    assert "step_down.ends" in how_sure.weakens(plans)


def test_half_the_strength_is_half_way_with_its_range(plans):
    half = how_sure.weakened(plans, 0.5)[0].inputs.parameters["effect.early_help_on_step_up"]
    whole = plans[0].inputs.parameters["effect.early_help_on_step_up"]
    assert half.value["ratio"] == pytest.approx((1 + whole.value["ratio"]) / 2)
    assert half.uncertainty.low == pytest.approx((1 + whole.uncertainty.low) / 2)
    assert half.uncertainty.high == pytest.approx((1 + whole.uncertainty.high) / 2)


def test_where_it_stops_paying_is_read_between_the_steps():
    table = how_sure.strength_table(
        {
            0.0: np.array([-100.0, -100.0]),
            0.5: np.array([-70.0, 30.0]),
            1.0: np.array([50.0, 70.0]),
        },
        Sampling(2),
    )
    assert table["net_gbp"].tolist() == [-100, -20, 60]
    assert table["chance_of_saving"].tolist() == [0, 0.5, 1]
    assert how_sure.breaks_even_at(table) == pytest.approx(0.5 + 0.5 * 20 / 80)
    assert "below 62% of what the evidence has" in how_sure.strength_says(table)


@pytest.mark.parametrize(
    ("net", "says"),
    [((1, 2, 3), "even without any effect"), ((-3, -2, -1), "does not pay for the council at any")],
)
def test_where_no_strength_decides_it_says_so(net, says):
    steps = {
        share: np.array([float(value)] * 2) for share, value in zip((0, 0.5, 1), net, strict=True)
    }
    table = how_sure.strength_table(steps, Sampling(2))
    assert np.isnan(how_sure.breaks_even_at(table))
    assert says in how_sure.strength_says(table)


def test_higher_odds_of_declining_lower_the_uptake_of_the_redesign_alone(plans):
    table = how_sure.run_uptake(plans, Sampling(1), odds=(4.0, 1.0))
    assert table["odds_of_declining"].tolist() == [4, 1]
    low, high = table["uptake_share"]
    assert 0 < low < high < 1
    assert low / (1 - low) == pytest.approx(high / (1 - high) / 4, rel=0.2)
    asked = how_sure.with_odds_of_declining(plans, 4.0)
    assert asked[0].inputs.digest() == plans[0].inputs.digest()


def test_the_uptake_at_which_it_stops_paying():
    table = pd.DataFrame({"uptake_share": [0.4, 0.6, 0.8], "net_gbp": [-30.0, -10.0, 30.0]})
    assert how_sure.breaks_even_at(table, "uptake_share") == pytest.approx(0.65)
    assert "fewer than 65% of families" in how_sure.uptake_says(table)
    worse = table.assign(net_gbp=[30.0, 10.0, -5.0])
    assert "less the more families accept" in how_sure.uptake_says(worse)


# --- one at a time -------------------------------------------------------------------------------


def test_the_table_has_the_widest_first_and_says_which_turn_the_sign(every):
    first, second = list(every.values())[:2]
    found = {
        (first.key, "low"): np.array([90.0, 110.0]),
        (first.key, "high"): np.array([100.0, 140.0]),
        (second.key, "low"): np.array([-60.0, -20.0]),
        (second.key, "high"): np.array([150.0, 150.0]),
    }
    table = how_sure.one_way_table([first, second], np.array([95.0, 105.0]), found, Sampling(2))
    assert table["key"].tolist() == [second.key, first.key]
    assert table["swing_gbp"].tolist() == [190, 20]
    assert table["changes_the_sign"].tolist() == [True, False]
    # Beside the centre the second's low end differs by -155 and -125.
    assert table["standard_error_gbp"].iloc[0] == pytest.approx(15)


def test_runs_of_one_assumption_agree_with_a_run_by_hand(plans, every, central):
    chosen = [every["price.childrens_home_placement"]]
    seen = []
    table = how_sure.run_one_way(
        plans, chosen, Sampling(2), progress=lambda done, total: seen.append((done, total))
    )
    assert seen == [(1, 2), (2, 2)]
    gross, programme = net_savings(*central, COUNCIL)
    assert table["central_gbp"].iloc[0] == pytest.approx((gross - programme).sum(axis=1).mean())


# --- what goes with the saving -------------------------------------------------------------------


def test_the_assumption_that_makes_the_saving_is_ranked_first(every):
    sampling, key = Sampling(2, 64, 3), "early_help_effect"
    places = [Draw(3, number).at([key])(key) for number in range(64)]
    saving = np.repeat([1e6 * (1 - place) for place in places], 2)
    table = how_sure.rank_correlations(list(every.values()), saving, sampling)
    assert table["key"].iloc[0] == key
    assert table["correlation"].iloc[0] == pytest.approx(-1)
    assert not table["by_chance"].iloc[0]
    assert table["by_chance"].iloc[1:].mean() > 0.9
    chosen = how_sure.worth_a_run(list(every.values()), saving, sampling, most=5)
    assert chosen[0].key == key
    assert sum(one.kind not in (PRICE, PROGRAMME) for one in chosen) == 5


def test_few_draws_rank_nothing(every):
    table = how_sure.rank_correlations(list(every.values()), np.zeros(4), Sampling(4))
    assert len(table) == 0
