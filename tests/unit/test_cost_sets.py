"""Sets of costs stay apart; income, marginal prices, forecasts and growth are never silent."""

import shutil
from dataclasses import replace

import pytest

from model.costs import (
    CASHABILITY,
    cost_sets,
    load_deflator,
    load_growth,
    load_partner_costs,
    load_unit_costs,
)
from model.costs.unit_costs import PARTNER_FILE
from model.episodes import STAGE_CODES
from model.errors import InputError
from model.pathway import ATTRIBUTES
from model.root import find
from model.uncertainty import Draw, drawn_unit_costs

STOCKPORT = "stockport_2011"
FILES = ("unit_costs.toml", "partner_costs.toml", "prices.toml", "sources.toml")

# Every cost that the Stockport document names, in the pounds of the document.
OF_STAGES = {
    "family_assessment": 350,
    "family_support": 1250,
    "child_in_care": 36653,
    "common_assessment_by_council": 3000,
}
OF_PARTNERS = {
    "learning_mentor": 12600,
    "hospital_admission": 274,
    "truancy_over_a_lifetime": 44468,
    "psychologist": 810,
    "counsellor": 38.5,
    "residential_rehabilitation": 717,
    "rehabilitation_under_18": 4000,
    "nuisance_eviction": 6872,
    "six_months_in_custody": 51409,
    "potential_saving": 100000,
}


@pytest.fixture
def files(tmp_path):
    """A copy of the files that costs are read from, to spoil."""
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "parameters").mkdir()
    for name in FILES:
        shutil.copy(find() / "parameters" / name, tmp_path / "parameters")
    return tmp_path


def spoil(root, file, before, after):
    path = root / "parameters" / file
    text = path.read_text("utf-8")
    assert before in text, before
    path.write_text(text.replace(before, after, 1), "utf-8")


# --- sets ---------------------------------------------------------------------------------------


def test_the_sets_of_both_files_have_the_same_names_and_a_title():
    assert list(cost_sets()) == ["current", STOCKPORT]
    assert list(cost_sets(file=PARTNER_FILE)) == list(cost_sets())
    assert all(cost_sets().values())


@pytest.mark.parametrize("area", ["england", "sefton", "stockport"])
def test_every_set_prices_every_stage(area):
    for name in cost_sets():
        unit_costs = load_unit_costs(area, name)
        assert unit_costs.cost_set == name
        for stage in STAGE_CODES:
            unit_costs.check_priced(stage, ATTRIBUTES)


def test_the_stockport_set_holds_what_the_document_names_and_borrows_nothing():
    stages, partners = (
        load_unit_costs("stockport", STOCKPORT),
        load_partner_costs("sefton", STOCKPORT),
    )
    named = {name: cost.gbp_published for name, cost in stages.costs.items()}
    assert OF_STAGES.items() <= named.items()
    assert stages.costs["common_assessment_by_council"].published_range == (1000, 8000)
    assert {name: cost.gbp_published for name, cost in partners.costs.items()} == OF_PARTNERS
    for cost in (*stages.costs.values(), *partners.costs.values()):
        assert "stockport_pathway" in cost.evidence.sources
        assert cost.evidence.price_year <= "2010-11"
        assert not cost.is_income
    assert not set(named) & set(load_unit_costs("stockport").costs)
    assert stages.costs["not_priced"].reason.startswith("Not priced by the document")


def test_an_unknown_set_is_an_error_with_the_nearest_name():
    for load in (load_unit_costs, load_partner_costs):
        with pytest.raises(InputError, match="Did you mean 'stockport_2011'"):
            load("stockport", "stockport_2012")


def test_every_cost_says_who_pays_what_kind_how_cashable_and_how_sure():
    for name in cost_sets():
        for load in (load_unit_costs, load_partner_costs):
            table = load("sefton", name).table()
            words = table[["payer", "kind", "cashability", "grade", "source", "price_year", "note"]]
            assert (words != "").all().all()
            assert set(table["cashability"]) <= set(CASHABILITY)
            assert (table["low"] <= table["gbp_published"]).all()
            assert (table["high"] >= table["gbp_published"]).all()


@pytest.mark.parametrize(
    ("file", "before", "after", "complaint"),
    [
        ("unit_costs.toml", "title = ", "titel = ", "no key 'title'"),
        ("unit_costs.toml", 'paid_by = "central_government"\n', "", "no paid_by"),
        ("unit_costs.toml", 'paid_by = "health"', 'paid_by = "helth"', "'health'"),
        ("unit_costs.toml", 'kind = "income"\n', 'kind = "fiscal"\n', "for income"),
        ("unit_costs.toml", "value = 0.62, low = 0.5", "value = 0.62, low = 0.7", "low to high"),
        ("unit_costs.toml", "value = 0.62,", "value = 1.62,", "at most 1"),
        ("unit_costs.toml", "value = 1001\n", "value = -1001\n", "at least 0"),
        ("unit_costs.toml", 'when = "each week open"', 'when = "not attached"', "is counted"),
        ("partner_costs.toml", 'over = "lifetime"', 'over = "life"', "'lifetime'"),
        ("partner_costs.toml", "value = 140\n", "value = -140\n", "at least 0"),
        ("partner_costs.toml", 'price_year = "2008-09"\n', "", "'price_year'"),
        ("partner_costs.toml", 'price_year = "2008-09"', 'price_year = "1998-99"', "1998-99"),
        ("partner_costs.toml", 'stage = "contact"\n', "", "no key 'stage'"),
        ("partner_costs.toml", 'kind = "social"', 'kind = "income"', "'income'"),
        ("prices.toml", "true\nyearly_rate", "false\nyearly_rate", "no outturn"),
        ("prices.toml", 'last_year = "2059-60"\n', "", "'last_year'"),
    ],
)  # fmt: skip
def test_a_spoilt_file_is_an_error_that_says_where_and_what(files, file, before, after, complaint):
    spoil(files, file, before, after)
    with pytest.raises(InputError, match=complaint):
        load_unit_costs("sefton", root=files)
        load_partner_costs("england", root=files)


# --- income and marginal prices -----------------------------------------------------------------


def test_income_says_who_pays_it_and_whether_it_is_ring_fenced():
    costs = load_unit_costs("sefton").costs
    income = {name: cost for name, cost in costs.items() if cost.is_income}
    assert income["asylum_seeking_grant"].paid_by == "central_government"
    assert income["asylum_seeking_grant"].cashability == "ring-fenced income"
    assert income["health_share_of_homes"].cashability == "income"
    assert all(cost.payer == "council_childrens_services" for cost in income.values())
    assert all(not cost.paid_by for name, cost in costs.items() if name not in income)


def test_a_stage_is_not_priced_by_income_alone():
    costs = load_unit_costs("sefton")
    income = {name: cost for name, cost in costs.costs.items() if cost.is_income}
    with pytest.raises(InputError, match="no price for the stage 'looked_after'"):
        replace(costs, costs=income).check_priced("looked_after", {})


def test_bought_placements_end_whole_and_own_ones_do_not():
    costs = load_unit_costs("sefton")
    assert costs.marginal_share("agency_foster_placement") == 1
    assert costs.marginal_share("childrens_home_placement") == 1
    assert costs.marginal_share("in_house_foster_placement") == pytest.approx(
        585.95 / 939.58, abs=0.01
    )
    assert costs.marginal_share("social_work") == 1  # the rule of whole posts is another matter
    with pytest.raises(InputError, match="Did you mean 'social_work'"):
        costs.marginal_share("social_worker")


def test_draws_move_income_and_partner_costs_too():
    for load in (load_unit_costs, load_partner_costs):
        known = load("sefton")
        moved = drawn_unit_costs(known, Draw(1, 3))
        for name, cost in moved.costs.items():
            assert (cost.gbp_published == known.costs[name].gbp_published) == (
                cost.evidence.uncertainty.distribution == "fixed"
            )
            assert (cost.over, cost.paid_by) == (known.costs[name].over, known.costs[name].paid_by)


# --- prices -------------------------------------------------------------------------------------


def test_which_years_are_forecasts_is_known():
    deflator = load_deflator()
    assert not deflator.is_forecast("2024-25")
    assert deflator.is_forecast("2025/26")
    assert deflator.factor("2025-26", "2027-28") == pytest.approx(1.02**2)
    with pytest.raises(InputError, match="no price level for 2060-61"):
        deflator.is_forecast("2060-61")
    grades = {name: one.grade for name, one in deflator.evidence.items()}
    assert (grades["recalled"], grades["assumed"]) == ("recalled", "assumption")


def test_placement_prices_grow_only_where_it_is_said_and_from_their_own_year():
    growth, costs = load_growth(), load_unit_costs("sefton").costs
    for rate in growth.rates.values():
        assert set(rate.costs) <= set(costs)
    assert growth.factor("childrens_home_placement", "2023-24") == 1
    assert growth.factor("childrens_home_placement", "2026-27") == pytest.approx(1.067**2)
    assert growth.factor("childrens_home_placement", "2026-27", at="low") == 1
    assert growth.factor("social_work", "2030-31") == 1


def test_the_growth_of_homes_is_that_of_the_outturn():
    deflator = load_deflator()
    real = 7385 / 3945 / deflator.factor("2018-19", "2024-25")
    rate = load_growth().rate_of("childrens_home_placement")
    assert rate is not None and rate.yearly == pytest.approx(real ** (1 / 6) - 1, abs=0.0005)
