"""A strategist reads what a scenario changes, and how weak or strong the evidence for it is."""

from __future__ import annotations

import numpy as np
import pytest

from model import claims, scenarios
from model.errors import InputError
from model.explain import explain, includes_none
from model.measures import MEASURES
from model.parameters import load as parameters_of
from model.parameters.evidence import sources

NAMES = scenarios.names()[1:]
NEVER_MEASURED = "assumption"


@pytest.mark.parametrize("name", NAMES)
def test_every_change_and_cost_is_told_with_all_that_stands_behind_it(name):
    plan, text = scenarios.load(name), explain(name)
    cited = sources(parameters_of("sefton").root)
    assert plan.title in text and plan.rationale in text and plan.theory_of_change in text
    for number, change in enumerate(plan.changes, 1):
        assert f"{number}. " in text
        assert change.why in text and change.parameter in text
        assert all(cited[source].title in text for source in change.sources)
        assert all(locality in text for locality in change.localities)
    for cost in plan.programme_costs:
        assert cost.name in text and f"{cost.low_gbp:,.0f} to £{cost.high_gbp:,.0f}" in text
    assert "What it does not change" in text


def test_today_s_and_the_new_value_the_day_and_the_place_are_told():
    text = explain("bootle_pilot")
    assert "today 1, then 0.6 (times 0.6); duration_ratio.early_help_offer" in text
    assert "when: from 13 April 2026; where: Bootle" in text
    assert "range 0.3 to 1, no change included" in text
    assert "placements cost" in text.partition("What it does not change")[2]


def test_a_ramp_is_told_step_by_step_and_numbers_are_those_of_the_area_asked_for():
    text = explain("stockport_pathway", "stockport")
    assert "figures for Stockport" in text
    assert "1 from 1 month after the start, 2 from 2 months after the start" in text
    assert "[from step_down]" in text


def test_the_named_effects_are_told_where_families_are_reached_and_only_there():
    assert "early help on step up: hazard ratio 0.85 (0.68 to 1.06), weak" in explain(
        "domestic_incidents"
    )
    assert "hazard ratio 0.85" not in explain("vacancies_filled")
    assert "Odds of care with a conference offered: 0.7" in explain("conference_pre_proceedings")


def test_two_scenarios_are_told_as_one_and_the_baseline_as_nothing():
    text = explain("bootle_pilot+demand_up_10")
    assert "[from bootle_pilot]" in text and "[from demand_up_10]" in text
    assert explain("baseline").endswith("Nothing changes.")
    with pytest.raises(InputError, match="Did you mean 'bootle_pilot'"):
        explain("bootle_pilt")


@pytest.mark.parametrize("name", NAMES)
def test_what_nobody_has_measured_may_do_nothing(name):
    """A number that the scenario merely assumes has a range that holds no change."""
    known = parameters_of(scenarios.load(name).areas[0] if scenarios.load(name).areas else "sefton")
    for change in scenarios.load(name).changes:
        how_much_is_asked = change.how == "set" or change.parameter.startswith("capacity.")
        if change.grade == NEVER_MEASURED and not how_much_is_asked:
            assert includes_none(change), (name, change.parameter)
            assert "none" in change.why or "both ways" in change.why, (name, change.parameter)
    assert known.area.name


# --- claims --------------------------------------------------------------------------------------


def test_every_scenario_has_claims_about_measures_that_there_are():
    assert set(claims.CLAIMS) == set(NAMES)
    known = sources(parameters_of("sefton").root)
    for name, made in claims.CLAIMS.items():
        localities = parameters_of("sefton").area.localities
        for claim in made:
            assert claim.measure in MEASURES, (name, claim.measure)
            assert claim.expected in claims.DIRECTIONS
            assert not claim.document or claim.document in known
            assert not claim.locality or claim.locality in localities


@pytest.mark.parametrize(
    ("expected", "put_in", "low", "high", "says"),
    [
        ("fewer", False, -3.0, -1.0, "agrees"),
        ("fewer", False, 1.0, 3.0, "disagrees"),
        ("fewer", False, -1.0, 3.0, "cannot tell: the range spans zero"),
        ("more", True, 1.0, 3.0, "as put in"),
        ("more", True, -3.0, -1.0, "put in, but overruled"),
        ("more", False, 0.0, 0.0, "disagrees: no change at all"),
        ("no change", False, 0.0, 0.0, "agrees"),
        ("no change", False, 1.0, 2.0, "disagrees"),
        ("not stated", False, 1.0, 2.0, "no claim to judge; the model gives more"),
        ("fewer", False, np.nan, np.nan, "not measured in this run"),
    ],
)
def test_only_what_emerges_agrees_or_disagrees(expected, put_in, low, high, says):
    claim = claims.Claim("", "to see", "referrals", expected, put_in=put_in)
    assert claims.verdict(claim, low, high) == says


def test_scenarios_run_as_one_answer_for_the_claims_of_each():
    both = claims.claims_of("step_down+demand_up_10")
    assert set(both) == {*claims.CLAIMS["step_down"], *claims.CLAIMS["demand_up_10"]}
