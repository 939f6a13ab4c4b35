"""A template says what a council's published figures say, and nothing is made up where they end."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from model import network, published
from model.anchoring import children_referred
from model.calibrate import from_published
from model.calibrate.known_figures import KnownFigures, mean_growth, relative
from model.calibrate.template_parts import giving_way
from model.errors import InputError
from model.inputs import resolve
from model.parameters import Area
from model.starting import Opening

YEARS = (2022, 2023, 2024)
AYTON = Area("ayton", "Ayton", "E06000901", "council", ("North", "South"))


@pytest.fixture(scope="module")
def rows():
    table = published.load()
    return table[table["area"] == "sefton"].reset_index(drop=True)


@pytest.fixture(scope="module")
def template(rows):
    return from_published.template(rows, start_year=2024, years=YEARS, known=2024, area=AYTON)


def mean(rows, measure):
    return rows[(rows["measure"] == measure) & rows["year"].isin(YEARS)]["value"].mean()


def test_the_caseload_is_that_of_the_31_march_before_the_start(template):
    found = template["caseload.at_2024_03_31"].value
    assert found["looked_after"] == 581
    assert found["child_protection_plan"] == 278
    assert found["child_in_need_plan"] == 801
    assert found["disabled_child_in_need_plan"] == 297
    assert found["looked_after_asylum_seeking"] == 15
    assert [name for name in template if name.startswith("caseload.at_")] == [
        "caseload.at_2024_03_31"
    ]


def test_the_area_is_the_council_with_its_own_localities(template):
    assert template.area == AYTON
    assert template["population.locality_share"].value == {"North": 0.5, "South": 0.5}


def test_contacts_follow_referrals_and_their_sources(rows, template):
    contacts = template["population.contacts_per_10000"].value
    sources = ("police", "school", "health", "council_services", "family_and_public", "other")
    total = sum(contacts[one] for one in sources)
    police = mean(rows, "referral_source_share_police")
    assert contacts["police"] / total == pytest.approx(police, rel=0.03)
    starts = mean(rows, "looked_after_started") * mean(rows, "asylum_seeking_start_share")
    per_10000 = starts / mean(rows, "population_0_17") * 10_000
    assert contacts["asylum_seeking"] == pytest.approx(per_10000)


def test_no_further_action_and_durations_are_as_published(rows, template):
    ends = template["referral.ends"].value["ordinary"]
    both = rows[rows["year"].isin(YEARS)].pivot(index="year", columns="measure", values="value")
    told = both[["referrals_no_further_action", "referrals"]].dropna().sum()
    share = told["referrals_no_further_action"] / told["referrals"]
    assert ends["no_further_action"] == pytest.approx(share)
    bands = template["assessment.duration"].value
    assert sum(bands.shares[:6]) == pytest.approx(
        mean(rows, "assessments_within_45_share"), abs=0.01
    )
    enquiry = template["section_47.duration"].value
    within = sum(s for s, edge in zip(enquiry.shares, enquiry.edges, strict=False) if edge < 15)
    assert within == pytest.approx(mean(rows, "initial_conferences_within_15_share"))


def test_every_split_adds_up_to_one(template):
    def check(value):
        inner = list(value.values())
        if isinstance(inner[0], dict):
            for one in inner:
                check(one)
        else:
            assert sum(inner) == pytest.approx(1)

    for name in ("referral.ends", "assessment.ends", "section_47.ends", "child_in_need_plan.ends"):
        check(template[name].value)


def test_its_steady_state_is_near_the_published_flows(rows):
    found = from_published.template(rows, start_year=2022, years=(2023, 2024, 2025), known=2025)
    inputs = resolve(found.area.name, start=date(2022, 4, 1), years=1, parameters=found)
    opening = Opening(inputs, network.build(inputs))
    referrals = rows[(rows["measure"] == "referrals") & (rows["year"] > 2022)]["value"].mean()
    assert children_referred(opening) == pytest.approx(referrals, rel=0.15)


def test_what_is_withheld_stays_as_in_the_base(rows, template):
    some = rows[~rows["measure"].str.startswith(("assessment_band", "placement_share"))]
    found = from_published.template(some, start_year=2024, years=YEARS, known=2024)
    england = from_published.files.load("england")
    assert found["assessment.duration"].value == england["assessment.duration"].value
    placements = found["caseload.placement"].value
    assert placements == pytest.approx(england["caseload.placement"].value, abs=0.01)
    assert template["assessment.duration"].value != england["assessment.duration"].value


def test_a_stock_that_is_too_old_is_left_out(rows):
    known = rows[~((rows["measure"] == "child_in_need_plans_open") & (rows["year"] > 2022))]
    found = from_published.template(known, start_year=2024, years=YEARS, known=2024)
    assert "child_in_need_plan" not in found["caseload.at_2024_03_31"].value


def test_targets_are_the_figures_of_the_years_fitted(rows):
    found = from_published.targets(rows, (2023, 2024, 2025), 2024)
    assert set(found["year"]) == {2023, 2024}
    assert {"referrals", "looked_after", "children_in_need"} <= set(found["measure"])
    assert (found["sd"] > 0).all()


def test_an_average_council_keeps_growth_and_shares(rows):
    found = from_published.average_council(rows, 5000, 2024)

    def ratio(measure):
        before, after = (
            t[t["measure"] == measure].set_index("year")["value"] for t in (rows, found)
        )
        return (after / before).round(12)

    people = found[found["measure"] == "population_0_17"].set_index("year")["value"]
    assert people[2024] == pytest.approx(5000)
    assert ratio("looked_after").nunique() == 1
    assert set(ratio("rereferral_share")) == {1.0}


@pytest.mark.parametrize(
    ("lost", "start_year", "says"),
    [
        ("looked_after", 2024, "looked_after: found no figure of any year"),
        ("population_0_17", 2024, "population_0_17: found no figure of any year"),
        ("", 2014, "looked_after: found no figure for 31 March 2014"),
    ],
)
def test_a_template_without_what_it_needs_is_refused(rows, lost, start_year, says):
    with pytest.raises(InputError, match=says):
        from_published.template(
            rows[rows["measure"] != lost], start_year=start_year, years=YEARS, known=2024
        )


def test_years_without_referrals_are_refused(rows):
    lost = (rows["measure"] == "referrals") & rows["year"].isin(YEARS)
    with pytest.raises(InputError, match="referrals: found no figure for any of the years 2022"):
        from_published.template(rows[~lost], start_year=2024, years=YEARS, known=2024)


def test_growth_is_the_mean_of_three_years(rows):
    people = {2018: 50.0, 2021: 100.0, 2022: 110.0, 2023: 121.0, 2024: 133.1}
    table = rows.head(len(people)).assign(
        measure="population_0_17", year=list(people), value=list(people.values())
    )
    assert mean_growth(KnownFigures(table, YEARS)) == pytest.approx(0.1)


def test_a_figure_that_is_not_known_moves_nothing(rows):
    nothing = KnownFigures(rows.head(0), YEARS)
    assert relative(nothing, KnownFigures(rows, YEARS), "looked_after") == 1.0


def test_the_outcome_that_gives_way_keeps_something():
    found = giving_way({"a": 0.7, "b": 0.6, "c": 0.1}, "c")
    assert sum(found.values()) == pytest.approx(1)
    assert found["c"] == pytest.approx(0.02) and found["a"] / found["b"] == pytest.approx(7 / 6)
    assert np.isclose(giving_way({"a": 0.2, "b": 0.3, "c": 0.9}, "c")["c"], 0.5)
