"""The outturn check: every line is there, stocks are told from money, the rest is unallocated."""

import pandas as pd
import pytest

from model import section_251
from model.costs import load_unit_costs
from model.errors import InputError
from model.section_251 import LINES, check_table, outturn


def costs_of(*rows, future=0):
    """A table of costs with (cost, gbp), each of two child-weeks."""
    return pd.DataFrame(
        {
            "future": future,
            "financial_year": "2024-25",
            "stage": "looked_after",
            "cost": [cost for cost, _ in rows],
            "payer": "council_childrens_services",
            "kind": "fiscal",
            "quantity": 2.0,
            "quantity_unit": "child-weeks",
            "gbp": [float(gbp) for _, gbp in rows],
        }
    )


@pytest.mark.parametrize("area", ["sefton", "stockport", "england"])
def test_the_lines_add_up_to_the_published_total(area):
    spent = outturn(area)
    for part in ("expenditure", "income"):
        lines = spent.loc[[line.name for line in LINES], part].sum()
        assert lines == pytest.approx(spent.loc["total", part], abs=50)
        looked_after = spent.loc[list(section_251.LOOKED_AFTER_LINES), part].sum()
        assert looked_after == pytest.approx(spent.loc["looked_after_total", part], abs=50)


def test_the_outturn_is_the_published_one():
    assert outturn("sefton").loc["residential_care", "expenditure"] == 28_942_000
    assert outturn("stockport").loc["total", "expenditure"] == 81_359_980
    assert outturn("sefton").loc["residential_care", "income"] == 409_000


def test_every_line_is_there_with_what_it_checks_and_the_mean_over_futures():
    futures = [
        costs_of(("childrens_home_placement", 20e6), ("early_help_offer", 1e6)),
        costs_of(("childrens_home_placement", 24e6), future=1),
    ]
    table = check_table(pd.concat(futures), "sefton").set_index("line")
    homes = table.loc["residential_care"]
    assert homes[["simulated_gbp", "outturn_gbp"]].tolist() == [22e6, 28_942_000]
    assert homes["child_weeks"] == 2
    assert (homes["low_gbp"], homes["high_gbp"]) == pytest.approx((20.4e6, 23.6e6))
    assert homes["checks"] == "a check of stocks, not of money"
    assert table.loc["family_support", "simulated_gbp"] == pytest.approx(0.5e6)
    assert table.loc["family_support", "checks"] == "a check of money"
    assert table.loc["youth_justice", "checks"] == "unallocated: no scenario can save it"
    assert pd.isna(table.loc["youth_justice", "simulated_gbp"])
    assert table.loc["total", "simulated_gbp"] == pytest.approx(22.5e6)
    assert table.loc["unallocated", "outturn_gbp"] == pytest.approx(112_508_000 - 22.5e6)
    assert len(table) == len(LINES) + 3


def test_what_partners_pay_and_what_comes_in_is_left_out():
    table = pd.concat(
        [
            costs_of(("childrens_home_placement", 20e6)),
            costs_of(("health_share_of_homes", -1e6)).assign(kind="income"),
            costs_of(("care_proceedings_court", 1e6)).assign(payer="justice"),
        ]
    )
    assert check_table(table, "sefton").set_index("line").loc["total", "simulated_gbp"] == 20e6


def test_every_price_that_the_council_pays_has_a_line():
    placed = {name for line in LINES for name in line.costs}
    costs = load_unit_costs("sefton").costs
    assert placed <= set(costs)
    for name, cost in costs.items():
        paid = cost.payer == "council_childrens_services" and not cost.is_income
        if paid and cost.gbp_published > 0:
            assert name in placed, name


def test_lines_priced_by_the_same_outturn_are_called_checks_of_stocks():
    costs = load_unit_costs("sefton").costs
    for line in LINES:
        sources = {source for name in line.costs for source in costs[name].evidence.sources}
        assert ("s251_unit_costs_2024_25" in sources) == ("stocks" in line.checks), line.name


def test_what_cannot_be_checked_is_an_error():
    table = costs_of(("childrens_home_placement", 20e6))
    with pytest.raises(InputError, match="Did you mean 'sefton'"):
        check_table(table, "seffton")
    with pytest.raises(InputError, match="a run through 2024-25"):
        check_table(table.assign(financial_year="2025-26"), "sefton")
    with pytest.raises(InputError, match="child_in_care"):
        check_table(costs_of(("child_in_care", 1e6)), "stockport")
