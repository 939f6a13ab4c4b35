"""A finance officer checks the statements, part years, help under way, and what each guess does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import economics
from model.economics.cash import of_whole_posts
from model.economics.economic import later
from model.economics.financial import payback_month
from model.economics.price_book import Facts, PriceBook
from model.results import TABLES, Results, Sampling

YEARS = ("2026-27", "2027-28", "2028-29")
PLACEMENT = ("looked_after", "placement", "council_childrens_services", "cashable when it ends")
SOCIAL_WORK = ("assessment", "social_work", "council_childrens_services", "whole posts")
HELP = ("early_help_plan", "help", "schools", "not cashable")
TEAM = ("programme", "team", "council_childrens_services", "programme spending")
COUNCIL = "the council"


@dataclass(frozen=True)
class OnePercent:
    """Prices that rise by 1% a year from 2026-27."""

    def level(self, year: str) -> float:
        return 1.01 ** (int(year[:4]) - 2026)


BOOK = PriceBook(
    base_year="2026-27",
    levels=OnePercent(),
    costs={
        "placement": Facts("strong", "2026-27", marginal_share=0.9),
        "social_work": Facts("moderate", "2026-27"),
        "help": Facts("weak", "2026-27"),
    },
    programme={"team": Facts("moderate", "2026-27")},
    effect_grade="weak",
    growth=lambda cost, year: 1.03 ** (int(year[:4]) - 2026) if cost == "placement" else 1.0,
)
ASSUMED = economics.load()


def rows(lines, years, futures) -> pd.DataFrame:
    """(line, price, quantities by year); the quantities grow by a tenth from future to future."""
    found = [
        (future, year, *line[:3], "fiscal", line[3], q * (1 + future / 10), "units", float(price))
        for future in range(futures)
        for line, price, quantities in lines
        for year, q in zip(years, quantities, strict=True)
    ]
    columns = ["future", "financial_year", "stage", "cost", "payer", "kind", "cashability"]
    table = pd.DataFrame(found, columns=[*columns, "quantity", "quantity_unit", "gbp_per_unit"])
    return table.assign(gbp=table["quantity"] * table["gbp_per_unit"])


def results(lines, programme=(), years=YEARS, start=date(2026, 4, 1), futures=2, **tables):
    """A run that cost so much."""
    none = {name: pd.DataFrame() for name in TABLES}
    own = {"costs": rows(lines, years, futures), "programme": rows(programme, years, futures)}
    return Results(
        area="anywhere",
        scenario="redesign" if programme else "baseline",
        start=start,
        years=3,
        sampling=Sampling(futures),
        base_year="2026-27",
        cost_set="current",
        **(none | own | tables),
    )


TODAY = results(
    [(PLACEMENT, 1000, (900, 900, 900)), (SOCIAL_WORK, 40, (9e3,) * 3), (HELP, 30, (50,) * 3)]
)
REDESIGN = results(
    [
        (PLACEMENT, 1000, (880, 820, 700)),
        (SOCIAL_WORK, 40, (8e3, 5e3, 4e3)),
        (HELP, 30, (80, 90, 95)),
    ],
    [(TEAM, 60_000, (1, 1, 0.5))],
)
PAIR = (TODAY, REDESIGN, BOOK, ASSUMED)


# --- the statements -------------------------------------------------------------------------------


def test_every_line_and_year_ties_to_its_price_times_quantity():
    table = economics.statement_by_line(*PAIR)
    row = table.set_index(["cost", "financial_year"]).loc[("placement", "2028-29")]
    assert (row["baseline_quantity"], row["scenario_quantity"]) == pytest.approx((945, 735))
    assert row["baseline_gbp"] - row["scenario_gbp"] == pytest.approx(210_000)
    assert row["marginal_price_gbp"] == pytest.approx(-21_000)
    factor = 1.01**2 * 1.03**2
    assert row["net_gbp"] == pytest.approx(189_000 * factor)
    assert set(table["quantity_unit"]) == {"units"}
    whole = economics.financial_case(*PAIR).by_year
    everybody = whole[whole["payer"] == "everybody"]
    assert table["net_gbp"].sum() == pytest.approx(everybody["net_gbp"].sum(), abs=0.005)


def test_the_statement_of_value_ends_at_the_present_value():
    table = economics.statement_of_value(*PAIR)
    summary = economics.economic_case(*PAIR).summary.set_index(["holder", "figure"])["value"]
    for view, own in table.groupby("view"):
        value = summary.loc[(view, "net_present_value")]
        assert own["gbp"].sum() == pytest.approx(value, abs=0.005)
    optimism = table[table["step"] == "optimism in benefits"]
    assert (optimism["gbp"] < 0).all()


@settings(max_examples=40)  # of six kinds: two prices, one to three futures
@given(
    st.lists(st.floats(0, 1e5, allow_nan=False), min_size=18, max_size=18),
    st.lists(st.floats(0, 3, allow_nan=False), min_size=3, max_size=3),
    st.sampled_from(["marginal", "average"]),
    st.integers(1, 3),
)
def test_both_statements_balance_whatever_the_quantities(quantities, programme, price, futures):
    lines = ((PLACEMENT, 1000.01), (SOCIAL_WORK, 40.37), (HELP, 0.3))
    runs = [
        results(
            [(line, p, quantities[k : k + 3]) for (line, p), k in zip(lines, starts, strict=True)],
            [(TEAM, 40_000.49, programme)] if paid else (),
            futures=futures,
        )
        for starts, paid in (((0, 3, 6), False), ((9, 12, 15), True))
    ]
    lines_found = economics.statement_by_line(*runs, BOOK, ASSUMED, price)
    of_value = economics.statement_of_value(*runs, BOOK, ASSUMED, price)
    case = economics.financial_case(*runs, BOOK, ASSUMED, price).by_year
    everybody = case[case["payer"] == "everybody"]
    assert lines_found["net_gbp"].sum() == pytest.approx(everybody["net_gbp"].sum(), abs=0.01)
    assert len(of_value) == 2 * 3 * 7


def test_a_statement_of_wrong_rows_is_refused():
    wrong = replace(TODAY, costs=TODAY.costs.assign(gbp=TODAY.costs["gbp"] + 0.01))
    with pytest.raises(ValueError, match="not its price times its quantity"):
        economics.statement_by_line(wrong, REDESIGN, BOOK, ASSUMED)


# --- a run that starts in October -----------------------------------------------------------------

HALF = 182 / 365  # October to March


def of_october(lines, programme=()):
    years = (*YEARS, "2029-30")
    return results(lines, programme, years, date(2026, 10, 1), futures=1)


def test_a_flat_budget_is_that_of_a_whole_year():
    level = replace(BOOK, levels=replace(OnePercent()), growth=lambda *_: 1.0)
    flat = [1000 * HALF, 1000, 1000, 1000 * (1 - HALF)]
    same = of_october([(PLACEMENT, 1000, flat)])
    case = economics.financial_case(same, same, level, ASSUMED).by_year
    found = case[case["payer"] == COUNCIL].set_index("financial_year")["avoided_growth_gbp"]
    whole = 1000 * 1000 * 1.01
    assert found["2027-28"] == pytest.approx(0)
    assert found["2026-27"] == pytest.approx((1_000_000 - whole) * HALF)
    assert abs(found).max() < 0.02 * whole, "a part of a year is no fall in spending"


def test_posts_of_a_part_of_a_year_cost_a_part_of_a_year():
    found = of_whole_posts(np.array([[30_000.0, 60_000.0]]), 50_000.0, 3, np.array([0.5, 1.0]))
    assert found.tolist() == [[50_000 * 0.5 - 50_000 * 0.25, 50_000.0]]


def test_notice_goes_on_after_a_short_year():
    found = of_whole_posts(np.array([[5_000.0, 50_000.0]]), 50_000.0, 3, np.array([0.1, 1.0]))
    assert found == pytest.approx(np.array([[0.0, 50_000 * (1 - 0.15)]]))


def test_payback_counts_the_months_of_a_part_of_a_year():
    totals = np.array([[-60.0, 60.0, 80.0]])
    assert payback_month(totals, np.array([0.5, 1.0, 0.5])).tolist() == [12.0]


def test_money_outside_the_run_is_refused():
    late = results([(PLACEMENT, 1000, (1, 1, 1))], start=date(2027, 4, 1))
    with pytest.raises(ValueError, match="money in 2026-27"):
        economics.financial_case(late, late, BOOK, ASSUMED)


# --- optimism in time -----------------------------------------------------------------------------


def test_a_delay_of_more_than_a_year_moves_whole_years():
    assert later(np.array([[12.0, 24.0, 36.0]]), 15).tolist() == [[0.0, 9.0, 21.0]]
    assert later(np.array([[1.0, 2.0]]), 0).tolist() == [[1.0, 2.0]]
    assert later(np.array([[1.0, 2.0]]), 60).tolist() == [[0.0, 0.0]]


# --- help under way -------------------------------------------------------------------------------


def stages(families, open_then) -> pd.DataFrame:
    """Starting and open by year, for early help, in both futures."""
    found = [
        {"future": future, "period": year, "stage": "early_help_plan", "families": families[k]}
        | {"families_open": open_then[k]}
        for future in range(2)
        for k, year in enumerate(YEARS)
    ]
    return pd.DataFrame(found)


def test_help_under_way_is_stated_with_what_it_has_cost():
    before = replace(TODAY, stages=stages((10, 10, 10), (5, 5, 5)))
    after = replace(REDESIGN, stages=stages((20, 20, 20), (5, 10, 15)))
    table = economics.under_way(before, after).set_index("figure")
    assert table.loc["open_at_the_end", ["baseline", "scenario", "value"]].tolist() == [5, 15, 10]
    # of 15 in the last year 5 are open; of 30, 15; each future's spending is 30 pounds a unit
    means = 30 * 50 * 1.05 / 3, 30 * 95 * 1.05 / 2
    assert table.loc["spent_on_them", ["baseline", "scenario"]].tolist() == pytest.approx(means)
    assert economics.under_way(TODAY, REDESIGN).empty


# --- what each guess does -------------------------------------------------------------------------


def test_every_assumption_with_a_range_is_moved_to_its_ends():
    table = economics.sensitivities(*PAIR)
    ranged = {name for name in ASSUMED.entries if name not in ("optimism.confidence",)}
    moved = set(table["assumption"])
    assert moved <= ranged
    assert {"cash.notice_months", "benefits.attribution", "optimism.correction"} <= moved
    found = table.set_index(["assumption", "figure"])
    value = "net_present_value_of_the_public_sector"
    assert (
        found.loc[("benefits.attribution", value), "at_low"]
        < found.loc[("benefits.attribution", value), "at_high"]
    )
    assert found.loc[("cash.notice_months", value), "swing"] == 0
    cash = "cashable_net_saving_of_the_council"
    assert (
        found.loc[("cash.notice_months", cash), "at_low"]
        >= found.loc[("cash.notice_months", cash), "at_high"]
    )
    assert table["swing"].iloc[0] == table["swing"].max()
