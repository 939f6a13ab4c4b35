"""Where in the pathway a redesign makes a difference: link by link, drawn with its sign."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pandas as pd
import pytest

from model import flow_difference, worked_example
from model import flow_difference_svg as drawn
from model.results import TABLES, Results, Sampling

YEAR = "2025-26"


def results(flows) -> Results:
    """A run whose stays ended so: (stage, outcome, families, children) by future."""
    rows = [
        {
            "future": future,
            "period": YEAR,
            "stage": stage,
            "outcome": outcome,
            "families": families,
            "children": children,
        }
        for future, one in enumerate(flows)
        for stage, outcome, families, children in one
    ]
    tables = {name: pd.DataFrame() for name in TABLES} | {"flows": pd.DataFrame(rows)}
    return Results(
        area="anywhere",
        scenario="baseline",
        start=date(2025, 4, 1),
        years=1,
        sampling=Sampling(len(flows)),
        base_year="2024-25",
        cost_set="current",
        **tables,
    )


TODAY = results(
    [
        [
            ("screening", "referral", 100, 180),
            ("screening", "early_help_recommendation", 50, 90),
            ("child_in_need_plan", "care_entry", 3, 4),
            ("screening", "household_changed", 0, 7),
        ]
    ]
    * 2
)
REDESIGN = results(
    [
        [
            ("screening", "referral", 90, 170),
            ("screening", "early_help_recommendation", 80, 140),
            ("child_in_need_plan", "care_entry", 2, 2),
        ],
        [
            ("screening", "referral", 110, 190),
            ("screening", "early_help_recommendation", 70, 130),
            ("child_in_need_plan", "care_entry", 2, 3),
        ],
    ]
)


def test_families_before_care_and_children_into_it():
    found = flow_difference.flow_differences(TODAY, REDESIGN).set_index(["stage", "to"])
    helped = found.loc["screening", "early_help_offer"]
    assert (helped["difference"], helped["counted_in"]) == (25, "families")
    care = found.loc["child_in_need_plan", "looked_after"]
    assert (care["difference"], care["counted_in"]) == (-1.5, "children")


def test_a_change_is_clear_only_where_the_range_has_no_nought():
    found = flow_difference.flow_differences(TODAY, REDESIGN).set_index(["stage", "to"])["change"]
    assert found["screening", "early_help_offer"] == "more"
    assert found["child_in_need_plan", "looked_after"] == "fewer"
    assert found["screening", "referral"] == "no clear change"


def test_a_household_that_changes_goes_along_no_link():
    found = flow_difference.flow_differences(TODAY, REDESIGN)
    assert len(found) == 3


def test_the_headline_names_the_largest_clear_link():
    table = flow_difference.flow_differences(TODAY, REDESIGN)
    says = flow_difference.headline(table)
    assert "25 more families go from screening to early help offer" in says
    nothing = flow_difference.flow_differences(TODAY, TODAY)
    assert flow_difference.headline(nothing) == "No link of the pathway changes clearly"


def test_runs_of_other_families_are_refused():
    other = replace(REDESIGN, sampling=Sampling(2, seed=9))
    with pytest.raises(ValueError, match="sampling"):
        flow_difference.flow_differences(TODAY, other)


def test_the_picture_shows_the_sign_by_form_and_by_number():
    table = flow_difference.flow_differences(TODAY, REDESIGN)
    document = drawn.svg(table)
    root = ElementTree.fromstring(document)
    texts = [one.text for one in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "+25" in texts
    assert "−2" in texts  # 1.5 fewer children, to the nearest whole
    dashed = [one for one in root.iter() if "stroke-dasharray" in one.attrib]
    assert len(dashed) == 2  # the link with fewer, and its entry in the key
    title = root.find("{http://www.w3.org/2000/svg}title")
    assert "Screening to early help offer +25 families" in title.text


def test_stages_say_who_enters_and_what_is_spent():
    example = worked_example.load()
    pair = (example.baseline, example.scenario)
    found = flow_difference.stage_differences(*pair, period=example.periods[-1])
    found = found.set_index("stage")
    mean = [
        one.stages[(one.stages["stage"] == "early_help_plan")]
        .loc[lambda rows: rows["period"] == example.periods[-1]]["families"]
        .mean()
        for one in pair
    ]
    assert found.loc["early_help_plan", "difference"] == pytest.approx(mean[1] - mean[0])
    costs = [one.costs[one.costs["financial_year"] == example.periods[-1]] for one in pair]
    gbp = [one["gbp"].sum() / example.sampling.futures for one in costs]
    beside = [
        one[~one["stage"].isin(found.index)]["gbp"].sum() / example.sampling.futures
        for one in costs
    ]
    assert found["gbp"].sum() == pytest.approx(gbp[1] - gbp[0] - (beside[1] - beside[0]))
