"""The worked example of docs/money.md, to the penny, and each rule by itself."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import economics
from model.economics.cash import of_whole_posts
from model.economics.discounting import Rates, rates, sensitivity_rates
from model.economics.economic import confidence, later
from model.economics.financial import payback_month
from model.economics.price_book import Facts, PriceBook
from model.results import TABLES, Results, Sampling

PAGE = (Path(__file__).parents[2] / "docs" / "money.md").read_text(encoding="utf-8")
YEARS = ("2026-27", "2027-28", "2028-29")
ASSUMED = economics.load()


@dataclass(frozen=True)
class TwoPercent:
    """Prices that rise by 2% a year from 2026-27."""

    def level(self, year: str) -> float:
        return 1.02 ** (int(year[:4]) - 2026)


BOOK = PriceBook(
    base_year="2026-27",
    levels=TwoPercent(),
    costs={
        "placement": Facts("strong", "2026-27"),
        "early_help": Facts("weak", "2026-27"),
        "own_foster": Facts("strong", "2026-27", marginal_share=0.6),
        "social_work": Facts("strong", "2026-27"),
    },
    programme={"team": Facts("strong", "2026-27")},
    effect_grade="weak",
)
PLACEMENT = ("looked_after", "placement", "council_childrens_services", "cashable when it ends")
SCHOOL = ("early_help_plan", "early_help", "schools", "not cashable")
OWN_FOSTER = ("looked_after", "own_foster", "council_childrens_services", "hardly")
SOCIAL_WORK = ("child_in_need_plan", "social_work", "council_childrens_services", "whole posts")
TEAM = ("programme", "team", "council_childrens_services", "programme spending")


def rows(lines, futures=1) -> pd.DataFrame:
    """A costs table: (line, price, quantities by year), the same in every future."""
    found = [
        (future, year, *line[:2], line[2], "fiscal", line[3], float(q), "units", float(price))
        for future in range(futures)
        for line, price, quantities in lines
        for year, q in zip(YEARS, quantities, strict=True)
    ]
    columns = ["future", "financial_year", "stage", "cost", "payer", "kind", "cashability"]
    table = pd.DataFrame(found, columns=[*columns, "quantity", "quantity_unit", "gbp_per_unit"])
    return table.assign(gbp=table["quantity"] * table["gbp_per_unit"])


def results(lines, programme=(), futures=1, partners=None) -> Results:
    """A run that cost so much."""
    tables = {name: pd.DataFrame() for name in TABLES}
    tables |= {"costs": rows(lines, futures), "programme": rows(programme, futures)}
    if partners is not None:
        tables["partners"] = partners
    return Results(
        area="anywhere",
        scenario="redesign" if programme else "baseline",
        start=date(2026, 4, 1),
        years=3,
        sampling=Sampling(futures),
        base_year="2026-27",
        cost_set="current",
        **tables,
    )


TODAY = results([(PLACEMENT, 1000, (1000, 1000, 1000)), (SCHOOL, 800, (0, 0, 0))])
REDESIGN = results(
    [(PLACEMENT, 1000, (900, 800, 700)), (SCHOOL, 800, (2, 4, 6))], [(TEAM, 40000, (1, 1, 1))]
)


def of_page(heading: str, first: str) -> list[float]:
    """The numbers of one row of a table of the page, below a heading."""
    part = PAGE[PAGE.index(heading) :]
    line = next(row for row in part.splitlines() if row.startswith(f"| {first} |"))
    return [float(cell.replace(",", "")) for cell in line.split("|")[2:5]]


def case(baseline=TODAY, scenario=REDESIGN, **more):
    return economics.financial_case(baseline, scenario, BOOK, ASSUMED, **more)


def column(table: pd.DataFrame, payer: str, name: str) -> list[float]:
    key = "payer" if "payer" in table else "view"
    return table.loc[table[key] == payer, name].round(2).tolist()


# --- the worked example ---------------------------------------------------------------------------


def test_the_financial_case_of_the_page_to_the_penny():
    found, head = case().by_year, "**Financial case**"
    assert column(found, "the council", "gross_gbp") == of_page(
        head, "in prices of the year (× 1, 1.02, 1.0404)"
    )
    assert column(found, "the council", "programme_gbp") == of_page(
        head, "programme (× 1, 1.02, 1.0404)"
    )
    assert column(found, "the council", "net_gbp") == of_page(head, "the council, net")
    assert column(found, "the council", "cumulative_gbp") == of_page(
        head, "the council, cumulative"
    )
    assert column(found, "schools", "net_gbp") == of_page(head, "schools, net")
    assert column(found, "the council", "cashable_gbp") == of_page(head, "the council, net")
    assert column(found, "schools", "cashable_gbp") == [0, 0, 0]


def test_the_economic_case_of_the_page_to_the_penny():
    found, head = economics.economic_case(TODAY, REDESIGN, BOOK, ASSUMED), "**Economic case**"
    table = found.by_year
    assert column(table, "public sector", "benefits_gbp") == of_page(
        head, "4 months later (⅔ of this year's, ⅓ of last year's)"
    )
    assert column(table, "public sector", "costs_gbp") == of_page(
        head, "costs: programme and school"
    )
    assert column(table, "public sector", "net_gbp") == of_page(head, "net")
    assert column(table, "public sector", "discounted_net_gbp") == of_page(head, "discounted")
    value = found.summary.set_index(["holder", "figure"]).loc[
        ("public sector", "net_present_value"), "value"
    ]
    said = re.search(r"Net present value of the public sector: £([\d,.]+\d)", PAGE)
    assert round(value, 2) == float(said[1].replace(",", ""))
    assert "less 25% and 4 months later, costs plus 0%" in found.says


def test_the_statement_of_the_page_balances():
    table = economics.reconcile(TODAY, REDESIGN, BOOK, ASSUMED)
    ours = table[table["payer"] == "council_childrens_services"].set_index("step")["gbp"]
    assert ours["services of the baseline"] == 3_000_000
    assert ours["net saving"] == pytest.approx(493_704)
    assert ours.iloc[:5].sum() == pytest.approx(ours["net saving"], abs=0.005)
    schools = table[table["payer"] == "schools"].set_index("step")["gbp"]
    assert schools["cashable net saving"] == 0


# --- discounting ----------------------------------------------------------------------------------


def test_the_green_books_factors():
    factors = rates(ASSUMED).factors(40)
    known = {0: 1.0, 1: 0.96618, 5: 0.84197, 10: 0.70892, 30: 0.35628, 31: 0.34590}
    assert {year: round(float(factors[year]), 5) for year in known} == known
    assert sensitivity_rates(ASSUMED).factors(2)[1] == pytest.approx(1 / 1.03)
    assert Rates(0.0, 0.0).factors(3).tolist() == [1, 1, 1]


# --- one rule each --------------------------------------------------------------------------------


def assumed(**values):
    return ASSUMED.with_values({name.replace("__", "."): v for name, v in values.items()})


def economic(assumptions=ASSUMED, book=BOOK, baseline=TODAY, scenario=REDESIGN):
    found = economics.economic_case(baseline, scenario, book, assumptions)
    return found.summary.set_index(["holder", "figure"])["value"].loc["public sector"]


def test_deadweight_and_attribution_take_their_share_of_benefits_and_leave_costs():
    plain = economic()
    fewer = economic(assumed(benefits__deadweight=0.2, benefits__attribution=0.5))
    assert fewer["present_value_of_benefits"] == pytest.approx(
        0.4 * plain["present_value_of_benefits"]
    )
    assert fewer["present_value_of_costs"] == plain["present_value_of_costs"]


@pytest.mark.parametrize(("grade", "off", "months"), [("strong", 0.0, 0), ("assumption", 0.4, 6)])
def test_optimism_goes_by_the_grade_of_the_evidence(grade, off, months):
    book = replace(BOOK, effect_grade=grade)
    found = economics.economic_case(TODAY, REDESIGN, book, ASSUMED)
    plain = np.array([100_000, 200_000, 300_000]) * (1 - off)
    expected = later(plain[None, :], months)[0]
    assert column(found.by_year, "public sector", "benefits_gbp") == pytest.approx(expected)


def test_old_prices_are_trusted_less():
    assert confidence("strong", "2026-27", 2026, ASSUMED) == 1
    assert confidence("strong", "2022-23", 2026, ASSUMED) == 4
    assert confidence("strong", "2011-12", 2026, ASSUMED) == 6
    dear = replace(BOOK, programme={"team": Facts("strong", "2011-12")})
    rise = economic(book=dear)["present_value_of_costs"] / economic()["present_value_of_costs"]
    assert rise == pytest.approx(1.4)


def test_a_loss_is_never_made_smaller():
    worse = economic(baseline=replace(REDESIGN, programme=pd.DataFrame()), scenario=TODAY)
    assert worse["present_value_of_benefits"] == pytest.approx(
        -later(np.array([[1e5, 2e5, 3e5]]), 4)[0] @ rates(ASSUMED).factors(3)
    )


def test_switching_values_bring_the_value_to_nought():
    plain = economic()
    fall, rise = plain["benefits_may_fall_by"], plain["costs_may_rise_by"]
    benefits, costs = plain["present_value_of_benefits"], plain["present_value_of_costs"]
    assert benefits * (1 - fall) == pytest.approx(costs)
    assert costs * (1 + rise) == pytest.approx(benefits)
    assert plain["fiscal_return"] == pytest.approx(benefits / costs)


def test_whole_posts_only_after_notice():
    freed = np.array([[25_000.0, 45_000.0, 85_000.0, 30_000.0, -10_000.0]])
    found = of_whole_posts(freed, 40_000.0, 3)
    assert found.tolist() == [[0.0, 30_000.0, 70_000.0, 0.0, -10_000.0]]


def test_staff_time_is_cash_in_whole_posts_of_its_grade():
    post = ASSUMED.posts["social_worker"]
    gbp = post.gbp_per_year / TwoPercent().level(post.evidence.price_year)
    freed = 2.5 * gbp / ASSUMED.number("cash.pay_share")
    before = results([(SOCIAL_WORK, 1, (9e6, 9e6, 9e6))])
    after = results([(SOCIAL_WORK, 1, (9e6 - freed,) * 3)], [(TEAM, 0.0, (1, 1, 1))])
    found = column(case(before, after).by_year, "the council", "cashable_gbp")
    expected = [2 * gbp * 0.75, 2 * gbp * 1.02, 2 * gbp * 1.0404]
    assert found == pytest.approx(expected, abs=0.02)


def test_in_house_places_release_their_marginal_price_and_hardly_any_cash():
    before = results([(OWN_FOSTER, 500, (100, 100, 100))])
    after = results([(OWN_FOSTER, 500, (80, 80, 80))], [(TEAM, 0.0, (1, 1, 1))])
    marginal, average = (case(before, after, price=p).by_year for p in ("marginal", "average"))
    assert column(marginal, "the council", "gross_gbp")[0] == 6_000
    assert column(average, "the council", "gross_gbp")[0] == 10_000
    assert column(marginal, "the council", "cashable_gbp")[0] == 600


def test_avoided_growth_is_not_a_cut():
    before = results([(PLACEMENT, 1000, (100, 130, 160))])
    after = results([(PLACEMENT, 1000, (100, 110, 120))], [(TEAM, 0.0, (1, 1, 1))])
    table = case(before, after).by_year
    assert column(table, "the council", "net_gbp") == pytest.approx([0, 20_400, 41_616])
    assert column(table, "the council", "cut_gbp")[1] == pytest.approx(100_000 - 112_200)
    assert column(table, "the council", "avoided_growth_gbp")[1] == pytest.approx(32_600)


def test_payback_is_the_month_from_which_the_total_stays_at_nought():
    totals = np.array(
        [[-60.0, 60.0, 80.0], [10.0, -10.0, 5.0], [1.0, 2.0, 3.0], [-1.0, -2.0, -1.0]]
    )
    assert payback_month(totals).tolist() == [18.0, 32.0, 0.0, np.inf]


def test_peak_funding_and_the_chances_come_from_the_futures():
    dear = results(
        [(PLACEMENT, 1000, (1000, 960, 900)), (SCHOOL, 800, (0, 0, 0))], [(TEAM, 40000, (1, 1, 1))]
    )
    found = case(scenario=dear)
    summary = found.summary.set_index(["holder", "figure"])["value"]["the council"]
    assert summary["peak_funding"] == pytest.approx(40_000)
    assert summary["payback_month"] == pytest.approx(
        12 * (2 + 40_000 / (104_040 - 41_616)), rel=0.1
    )
    chances = found.chances[found.chances["holder"] == "the council"]
    assert chances["chance_of_payback"].tolist() == [0.0, 0.0, 1.0]


def test_lifetime_values_stand_apart():
    about = {"future": 0, "financial_year": "2026-27", "payer": "society"}
    table = pd.DataFrame(
        [
            about | {"cost": "a life", "over": "lifetime", "gbp": 1e6},
            about | {"cost": "a year", "over": "year", "gbp": 3e4},
        ]
    )
    with_partners = replace(TODAY, partners=table)
    none = replace(REDESIGN, partners=table.assign(gbp=0.0))
    found = economics.economic_case(with_partners, none, BOOK, ASSUMED)
    plain = economic()
    ratio = found.summary.set_index(["holder", "figure"])["value"].loc["public sector"]
    spared = 3e4 * 0.75 * (2 / 3 + 1 / 3 * rates(ASSUMED).factors(2)[1])
    gain = plain["present_value_of_benefits"] + spared
    assert ratio["net_present_value"] == plain["net_present_value"]
    assert ratio["benefit_cost_ratio"] == pytest.approx(gain / plain["present_value_of_costs"])
    apart = found.apart.set_index("cost")
    assert apart.loc["a life", "says"] == "over a lifetime: never added"


@given(
    st.lists(st.floats(0, 1e6, allow_nan=False), min_size=12, max_size=12),
    st.floats(0, 1e5),
    st.sampled_from(["marginal", "average"]),
)
def test_every_statement_balances(quantities, programme, price):
    lines = (PLACEMENT, SCHOOL, OWN_FOSTER, SOCIAL_WORK)
    prices = (1000.01, 800.3, 0.37, 21.5)
    before = results(
        [
            (line, p, quantities[k : k + 3])
            for k, (line, p) in enumerate(zip(lines, prices, strict=True))
        ],
        futures=2,
    )
    after = results(
        [
            (line, p, quantities[9 - k : 12 - k])
            for k, (line, p) in enumerate(zip(lines, prices, strict=True))
        ],
        [(TEAM, programme, (1, 0.5, 0.25))],
        futures=2,
    )
    table = economics.reconcile(before, after, BOOK, ASSUMED, price)
    for _, own in table.groupby("payer"):
        steps = own.set_index("step")["gbp"]
        assert steps.iloc[:5].sum() == pytest.approx(steps["net saving"], abs=0.01)


def test_a_line_that_is_not_price_times_quantity_is_refused():
    wrong = replace(TODAY, costs=TODAY.costs.assign(gbp=TODAY.costs["gbp"] + 0.01))
    with pytest.raises(ValueError, match="not its price times its quantity"):
        economics.price_times_quantity(wrong)


def test_runs_that_did_not_meet_the_same_families_are_refused():
    with pytest.raises(ValueError, match="sampling"):
        case(scenario=replace(REDESIGN, sampling=Sampling(1, seed=2)))


def test_luck_alone_is_no_loss():
    """Futures that differ by chance, with no effect on the mean, keep a mean of about nought."""
    random = np.random.default_rng(4)
    weeks = random.normal(1000.0, 100.0, (400, 3))
    weeks = np.concatenate([weeks, 2000.0 - weeks])  # every future with its mirror image
    tables = rows([(PLACEMENT, 1000, (0, 0, 0))], futures=800)
    quantity = weeks.reshape(-1)
    costs = tables.assign(quantity=quantity, gbp=quantity * 1000.0)
    level = tables.assign(quantity=1000.0, gbp=1e6)
    before = replace(TODAY, sampling=Sampling(800), costs=level)
    after = replace(TODAY, sampling=Sampling(800), costs=costs, scenario="redesign")
    assert abs(economic(baseline=before, scenario=after)["net_present_value"]) < 1.0
