"""Every redesign runs where it makes sense, and does what its document says it changes."""

from __future__ import annotations

from datetime import date

import pytest

from model import claims, parameters, scenarios, simulate
from model.compare import differences
from model.errors import InputError
from model.inputs import resolve
from model.results import Results, Sampling

START, YEARS = date(2025, 4, 1), 5
NAMES = scenarios.names()[1:]
TABLES = ("measures", "localities")


def areas_of(name: str) -> tuple[str, ...]:
    """Where a scenario makes sense."""
    return scenarios.load(name).areas or tuple(parameters.areas())


@pytest.fixture(scope="module")
def sefton() -> dict[str, Results]:
    """Two replications of every scenario that makes sense in Sefton, five years each."""
    names = ["baseline", *(name for name in NAMES if "sefton" in areas_of(name))]
    plans = simulate.prepare_together("sefton", names, start=START, years=YEARS, tables=TABLES)
    return {found.scenario: found for found in simulate.run_together(plans, Sampling(2))}


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_runs_for_five_years_where_it_makes_sense(name: str) -> None:
    for area in areas_of(name):
        found = resolve(area, name, start=START, years=YEARS)
        assert found.change_dates[0] == START and found.change_dates[-1] < found.horizon


def test_scenarios_run_in_areas_other_than_sefton() -> None:
    for area in ("stockport", "england"):
        names = [name for name in NAMES if area in areas_of(name)]
        plans = simulate.prepare_together(
            area, ["baseline", *names], start=START, years=YEARS, tables=("measures",)
        )
        found = simulate.run_together(plans, Sampling(1))
        assert [one.scenario for one in found[1:]] == names
        assert all(len(one.measures) for one in found)


@pytest.mark.parametrize("area", ["stockport", "england"])
@pytest.mark.parametrize("name", ["bootle_pilot", "family_support_plan", "vacancies_filled"])
def test_a_scenario_refuses_to_run_where_it_makes_no_sense(name: str, area: str) -> None:
    with pytest.raises(InputError, match="Allowed: sefton"):
        resolve(area, name, start=START, years=YEARS)


def test_what_a_scenario_puts_in_is_seen_where_its_document_says(sefton) -> None:
    seen = 0
    for name, results in sefton.items():
        for row in claims_about(name, sefton["baseline"], results):
            assert row.verdict not in ("put in, but overruled", "not measured in this run")
            seen += row.verdict == "as put in"
    assert seen >= 20


def test_where_the_model_disagrees_with_a_claim_it_says_so(sefton) -> None:
    rows = {
        (name, row.measure): row
        for name, results in sefton.items()
        for row in claims_about(name, sefton["baseline"], results)
    }
    longer = rows["sefton_pathway_2014", "early_help_wait_working_days_mean"]
    assert (longer.put_in, longer.verdict) == ("emerges", "disagrees")
    assert rows["early_help_less", "referrals"].verdict == "agrees"
    assert rows["vacancies_filled", "assessments_within_45_share"].verdict == (
        "disagrees: no change at all"
    )


def claims_about(name: str, baseline: Results, results: Results):
    """The rows of the table of claims; none for the baseline."""
    return claims.table(name, "sefton", (baseline, results)).itertuples() if claims_of(name) else ()


def claims_of(name: str) -> bool:
    """Whether documents claim anything of it."""
    return bool(claims.claims_of(name))


def test_claims_are_about_runs_of_one_area(sefton) -> None:
    pair = sefton["baseline"], sefton["step_down"]
    with pytest.raises(ValueError, match="a run of sefton, not of stockport"):
        claims.table("step_down", "stockport", pair)


def test_a_stress_test_combines_with_any_redesign() -> None:
    stress = [name for name in NAMES if scenarios.load(name).evidence == "definition"]
    assert len(stress) == 3
    for name in NAMES:
        plan = scenarios.load(name)
        for other in stress if name not in stress else ():
            for area in plan.areas or ("sefton",):
                both = resolve(area, f"{name}+{other}", start=START, years=YEARS)
                assert len(both.scenario.changes) == len(plan.changes) + 1


def test_dearer_placements_cost_more_and_change_nobody_s_help() -> None:
    names = ["baseline", "placement_prices_up_10"]
    tables = ("measures", "costs")
    plans = simulate.prepare_together("sefton", names, start=START, years=1, tables=tables)
    usual, dearer = simulate.run_together(plans, Sampling(1))
    assert (differences(usual, dearer)["difference"].fillna(0) == 0).all()
    sums = [one.costs.groupby("cost")["gbp"].sum() for one in (usual, dearer)]
    ratio = sums[1] / sums[0]
    assert ratio["childrens_home_placement"] == pytest.approx(1.1)
    assert ratio["agency_foster_placement"] == pytest.approx(1.1)
    assert ratio["social_work"] == pytest.approx(1.0)
