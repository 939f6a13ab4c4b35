"""A few families, priced on paper: the table must agree to the penny.

The run goes from 1 March 2025 to the end of May 2025, so that 31 days are in 2024-25 and 61 in
2025-26. Prices are made up and are not those of parameters/unit_costs.toml.
"""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from model.costs import (
    COLUMNS,
    UnitCost,
    UnitCosts,
    partner_costs,
    price,
    programme_costs,
    total,
    totals,
)
from model.costs.prices import Deflator
from model.episodes import (
    ATTRIBUTE_SHIFT,
    CASES_PER_FAMILY,
    FIRST_ARRIVAL_FAMILY,
    OPEN,
    OUTCOME_CODE,
    STAGE_CODE,
    EpisodeLog,
    sorted_rows,
)
from model.errors import InputError, Where
from model.parameters.evidence import Evidence, Uncertainty
from model.pathway import ATTRIBUTES
from model.scenarios.programme_costs import ProgrammeCost

DAY = 24 * 60
APRIL = 31 * DAY
HORIZON = 92 * DAY
NEW = FIRST_ARRIVAL_FAMILY * CASES_PER_FAMILY
OLD = 5 * CASES_PER_FAMILY
# 100 pounds of 2023-24 are 125 of 2024-25.
DEFLATOR = Deflator({"2023-24": 80.0, "2024-25": 100.0}, "2024-25", {}, "by hand")


def cost(name, stage, when, unit, gbp, counted="child", **others):
    known = {
        "only": {},
        "outcomes": (),
        "payer": "council_childrens_services",
        "cashability": "whole posts",
        "share": 1.0,
        "children_per_case": 1.0,
        "price_year": "2024-25",
        "kind": "fiscal",
        "paid_by": "",
        "over": "year",
    } | others
    evidence = Evidence(unit, "weak", ("own_judgement",), Uncertainty("fixed"), known["price_year"])
    return UnitCost(
        name,
        (stage,),
        when,
        known["only"],
        known["outcomes"],
        counted,
        gbp,
        "england",
        known["share"],
        known["children_per_case"],
        known["payer"],
        known["kind"],
        known["cashability"],
        evidence,
        paid_by=known["paid_by"],
        over=known["over"],
    )


COSTS = (
    cost("screening", "screening", "each stay ended", "GBP per stay", 40, "family",
         price_year="2023-24"),
    cost("plan", "child_in_need_plan", "each week open", "GBP per week", 70),
    cost("plan_opened", "child_in_need_plan", "each stay started", "GBP per stay", 300, "family"),
    cost("plan_closed", "child_in_need_plan", "each stay ended", "GBP per stay", 100, "family"),
    cost("agency", "looked_after", "each week open", "GBP per week", 1001,
         only={"placement": ("agency_foster",)}, cashability="cashable when it ends"),
    cost("home", "looked_after", "each week open", "GBP per year", 365_000,
         only={"placement": ("childrens_home",)}, cashability="cashable when it ends"),
    cost("adoption", "looked_after", "each outcome", "GBP per event", 27_000,
         outcomes=("adopted",)),
    cost("court", "care_proceedings", "each stay started", "GBP per stay", 3_200,
         payer="justice", children_per_case=1.6, share=0.5),
)  # fmt: skip
UNIT_COSTS = UnitCosts("sefton", "by_hand", {one.name: one for one in COSTS}, DEFLATOR, "by hand")


def row(start, case, nth, stage, end, outcome="", mask=1, spent=0, **attributes):
    state = 0
    for name, value in attributes.items():
        code = value if isinstance(value, int) else ATTRIBUTES[name].index(value)
        state |= code << ATTRIBUTE_SHIFT[name]
    ending = OUTCOME_CODE[outcome] if outcome else OPEN
    return [start, case, nth, STAGE_CODE[stage], OPEN, end, ending, -1, mask, state, spent]


ROWS = [
    # Open when the run began with two children; one turns 18 on day 10; the plan ends on day 38.
    row(0, OLD, 0, "child_in_need_plan", 10 * DAY, "household_changed", 0b11, spent=9 * DAY),
    row(10 * DAY, OLD, 1, "child_in_need_plan", 38 * DAY, "closes", 0b10, spent=19 * DAY),
    # Screened on the last day of March until the first of April, then three children on a plan.
    # One of them enters care on day 45: the same plan goes on for two, still open at the end.
    row(30 * DAY, NEW, 0, "screening", APRIL, "referral", 0b111, locality=1),
    row(APRIL, NEW, 1, "child_in_need_plan", 45 * DAY, "care_entry", 0b111, locality=1),
    row(45 * DAY, NEW, 2, "child_in_need_plan", OPEN, "", 0b110, locality=1),
    # That child: agency foster care, proceedings beside it, a move to a home, adopted on day 87.
    row(45 * DAY, NEW + 1, 0, "looked_after", 59 * DAY, "moves", locality=1,
        placement="agency_foster"),
    row(45 * DAY, NEW + 1, 1, "care_proceedings", OPEN, locality=1),
    row(59 * DAY, NEW + 1, 2, "looked_after", 87 * DAY, "adopted", locality=1,
        placement="childrens_home"),
]  # fmt: skip
LOG = EpisodeLog(
    sorted_rows(np.array(ROWS, np.int64)), HORIZON, (), ("north", "south"), "2025-03-01"
)

# cost, financial year -> quantity, price in 2024-25, pounds
EXPECTED = {
    ("screening", "2025-26"): (1, 50.0, 50.00),  # 40 of 2023-24, ended on 1 April
    # 10 days x 2 children + 21 days x 1 = 41 child-days before 1 April
    ("plan", "2024-25"): (41 / 7, 70.0, 410.00),
    # 7 x 1, then 14 x 3 and 47 x 2 = 143 child-days
    ("plan", "2025-26"): (143 / 7, 70.0, 1430.00),
    ("plan_opened", "2025-26"): (1, 300.0, 300.00),  # the new one; the old one opened before
    ("plan_closed", "2025-26"): (1, 100.0, 100.00),  # the old one; the new one is open
    ("agency", "2025-26"): (2, 1001.0, 2002.00),
    ("home", "2025-26"): (4, 7000.0, 28_000.00),
    ("adoption", "2025-26"): (1, 27_000.0, 27_000.00),
    ("court", "2025-26"): (1, 1000.0, 1000.00),  # 3,200 x half / 1.6 children
}


def test_every_quantity_and_pound_is_the_one_worked_out_on_paper():
    table = price(LOG, UNIT_COSTS)
    assert tuple(table.columns) == COLUMNS
    found = {
        (line.cost, line.financial_year): (line.quantity, line.gbp_per_unit, round(line.gbp, 2))
        for line in table.itertuples()
    }
    assert found.keys() == EXPECTED.keys()
    for key, expected in EXPECTED.items():
        assert found[key] == pytest.approx(expected), key
    assert round(total(table), 2) == 60_292.00


def test_the_total_falls_to_payers_localities_and_cash_as_on_paper():
    table = price(LOG, UNIT_COSTS, by=("locality",))
    assert totals(table, "payer").round(2).to_dict() == {
        "council_childrens_services": 59_292.00,
        "justice": 1000.00,
    }
    # In the north the old family: 41 and 7 child-days at 10 pounds a day, and closing.
    assert totals(table, "locality").round(2).to_dict() == {"north": 580.00, "south": 59_712.00}
    assert totals(table, ["cashability"])["cashable when it ends"] == pytest.approx(30_002)


def test_units_say_what_was_counted():
    units = price(LOG, UNIT_COSTS).set_index("cost")["quantity_unit"]
    assert units["screening"] == "family-stays"
    assert set(units["plan"]) == {"child-weeks"}
    assert units["adoption"] == "child-events"


def programme(**values):
    lines = {"gbp_per_year": None, "gbp_once": None, "years": None, "price_year": "2024-25"}
    lines |= {"funder": "council_childrens_services", "name": "posts"} | values
    return ProgrammeCost(
        where=Where("scenarios/by_hand.toml", "programme_cost.1"),
        scenario="by_hand",
        low_gbp=0.0,
        high_gbp=1e6,
        sources=("own_judgement",),
        grade="weak",
        **lines,
    )


def test_programme_costs_fall_in_the_year_in_which_they_are_spent():
    lines = [
        programme(name="manager", gbp_per_year=73_000.0, starts=date(2025, 1, 1), years=1.5),
        programme(name="set-up", gbp_once=4_000.0, price_year="2023-24", starts=date(2025, 4, 1)),
        programme(name="set-up long ago", gbp_once=9_999.0, starts=date(2024, 4, 1)),
    ]
    table = programme_costs(lines, date(2025, 3, 1), date(2027, 3, 1), DEFLATOR)
    spent = table.set_index(["cost", "financial_year"])["gbp"]
    # Paid from January 2025, for a year and 182 days (half of 365, to the even day): to 1 July
    # 2026 inclusive. March 2025 is 31 days of the run, April to 1 July 2026 is 92.
    assert spent["manager", "2024-25"] == pytest.approx(31 * 200)
    assert spent["manager", "2025-26"] == pytest.approx(73_000)
    assert spent["manager", "2026-27"] == pytest.approx(92 * 200)
    assert spent["set-up", "2025-26"] == pytest.approx(5_000)
    assert len(spent) == 4
    assert tuple(table.columns) == COLUMNS
    assert set(table["stage"]) == {"programme"}


GRANT = cost("grant", "looked_after", "each week open", "GBP per week", 500, kind="income",
             cashability="ring-fenced income", paid_by="central_government",
             only={"placement": ("agency_foster",)})  # fmt: skip


def test_a_grant_is_below_zero_for_the_council_and_above_for_who_pays_it():
    with_grant = UnitCosts(
        "sefton", "by_hand", {**UNIT_COSTS.costs, "grant": GRANT}, DEFLATOR, "by hand"
    )
    table = price(LOG, with_grant)
    rows = table[table["cost"] == "grant"].set_index("payer")
    # Two weeks of agency foster care.
    assert rows["quantity"].tolist() == [2, 2]
    assert rows.loc["council_childrens_services", ["gbp_per_unit", "gbp"]].tolist() == [-500, -1000]
    assert rows.loc["central_government", "gbp"] == 1000
    # What the council bears is less by the grant; what everyone bears is the same.
    assert totals(table, "payer")["council_childrens_services"] == pytest.approx(58_292.00)
    assert round(total(table), 2) == 60_292.00


PARTNERS = UnitCosts(
    "sefton",
    "by_hand",
    {
        one.name: one
        for one in (
            # A tenth of children on a plan miss school, at 3,650 pounds a year: 1 pound a day.
            cost("absence", "child_in_need_plan", "each week open", "GBP per year", 3_650,
                 payer="society", cashability="not cashable", share=0.1),
            cost("life", "looked_after", "each stay started", "GBP per stay", 80_000,
                 payer="society", kind="social", over="lifetime", price_year="2023-24"),
            replace(cost("kept", "", "not attached", "GBP per event", 9_999), stages=()),
        )
    },
    DEFLATOR,
    "by hand",
)  # fmt: skip


def test_partner_costs_of_a_year_and_of_a_life_stand_apart():
    table = partner_costs(LOG, PARTNERS)
    assert tuple(table.columns) == (*COLUMNS, "over")
    found = {
        (one.cost, one.financial_year, one.over): round(one.gbp, 2) for one in table.itertuples()
    }
    # 41 child-days before 1 April and 143 after it; one child enters care, at 2024-25 prices.
    assert found == {
        ("absence", "2024-25", "year"): 41.00,
        ("absence", "2025-26", "year"): 143.00,
        ("life", "2025-26", "lifetime"): 100_000.00,
    }
    by_locality = partner_costs(LOG, PARTNERS, by=("locality",))
    assert by_locality.columns[-1] == "locality"
    assert total(by_locality) == pytest.approx(total(table))


def test_a_base_year_reaches_programme_costs_and_is_checked_without_any():
    line = [programme(name="posts", gbp_per_year=36_500.0, starts=date(2024, 1, 1))]
    spoken = (date(2025, 3, 1), date(2025, 4, 1), DEFLATOR)
    now, then = (total(programme_costs(line, *spoken, year)) for year in ("2024-25", "2023-24"))
    assert (now, then) == (pytest.approx(3100), pytest.approx(3100 * 0.8))
    with pytest.raises(InputError, match="no price level for 2030-31"):
        programme_costs([], *spoken, "2030-31")
