"""Savings of a small redesign worked out by hand: causes, payers, chances, payback, break-even."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import compare, economics, savings
from model.economics.price_book import Facts, PriceBook
from model.results import TABLES, Results, Sampling
from model.savings import CONSTANT, COUNCIL, EVERYBODY
from model.savings.causes import cause_of
from model.savings.sentences import in_ten
from model.wording import pounds

YEARS = ("2026-27", "2027-28", "2028-29")
ASSUMED = economics.load()
OURS = "council_childrens_services"
HOME = ("looked_after", "childrens_home_placement", OURS, "cashable when it ends")
SECURE = ("looked_after", "secure_placement", OURS, "cashable when it ends")
SCHOOL = ("early_help_plan", "early_help_support_by_partner", "schools", "not cashable")
OWN_HELP = ("early_help_plan", "early_help_support_by_council", OURS, "not cashable")
TEAM = ("programme", "team", OURS, "programme spending")


@dataclass(frozen=True)
class Level:
    """Prices that do not rise."""

    def level(self, year: str) -> float:
        return 1.0


BOOK = PriceBook(
    base_year="2026-27",
    levels=Level(),
    costs={line[1]: Facts("strong", "2026-27") for line in (HOME, SECURE, SCHOOL, OWN_HELP)},
    programme={"team": Facts("strong", "2026-27")},
    effect_grade="weak",
)
ABOUT = savings.About(
    area="anywhere",
    scenario="redesign",
    area_title="Anywhere",
    scenario_title="A redesign",
    evidence="weak",
    forecast_note="",
    rationale="Help comes earlier.",
    start=date(2026, 4, 1),
    years=3,
    base_year="2026-27",
    cost_set="current",
    sampling=Sampling(4),
    made_on=date(2026, 5, 1),
)


def table(lines) -> pd.DataFrame:
    """A costs table: (line, pounds by future and year)."""
    rows = [
        (future, year, *line[:2], line[2], "fiscal", line[3], float(gbp), "pounds", 1.0, float(gbp))
        for line, futures in lines
        for future, years in enumerate(futures)
        for year, gbp in zip(YEARS, years, strict=True)
    ]
    columns = ["future", "financial_year", "stage", "cost", "payer", "kind", "cashability"]
    columns += ["quantity", "quantity_unit", "gbp_per_unit", "gbp"]
    return pd.DataFrame(rows, columns=columns)


def results(lines, programme=(), futures=4) -> Results:
    tables = {name: pd.DataFrame() for name in TABLES}
    tables["costs"] = table(lines)
    if programme:
        tables["programme"] = table(programme)
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


def same(*years, futures=4):
    return [years] * futures


# Homes cost 1,000 a year today. In the four futures the redesign saves 300, 200, 100 and 0 of it a
# year; schools pay 50 more; the team costs 240 in the first year and nothing after.
TODAY = results([(HOME, same(1000, 1000, 1000)), (SCHOOL, same(0, 0, 0))])
REDESIGN = results(
    [
        (HOME, [(700,) * 3, (800,) * 3, (900,) * 3, (1000,) * 3]),
        (SCHOOL, same(50, 50, 50)),
    ],
    [(TEAM, same(240, 0, 0))],
)


def case(baseline=TODAY, scenario=REDESIGN, basis=savings.CASH):
    said = replace(ABOUT, sampling=baseline.sampling)
    return savings.case(baseline, scenario, said, basis, BOOK, ASSUMED)


def test_the_running_total_year_by_year():
    found = savings.by_year(case())
    assert found["cumulative_gbp"].tolist() == pytest.approx([150 - 240, 300 - 240, 450 - 240])
    assert found["programme_gbp"].tolist() == pytest.approx([240, 0, 0])
    # Futures end the years at (60, 360, 660), (-40, 160, 360), (-140, -40, 60) and (-240,) * 3.
    assert found["chance_of_payback"].tolist() == [0.25, 0.5, 0.75]


def test_the_waterfall_leads_from_each_cause_to_the_net():
    found = savings.waterfall(case(), EVERYBODY).set_index("step")
    assert found["gbp"].to_dict() == pytest.approx(
        {
            "early help by partners": -150,
            "children's homes": 450,
            "gross": 300,
            "programme": -240,
            "net": 60,
        }
    )
    assert found.loc["children's homes", ["starts_gbp", "ends_gbp"]].tolist() == [-150, 300]
    assert found.loc["programme", ["starts_gbp", "ends_gbp"]].tolist() == [300, 60]
    assert "early help by partners" not in savings.waterfall(case())["step"].tolist()


def test_small_kinds_of_placement_are_drawn_as_one_and_the_sum_stays():
    before = results([(HOME, same(1000, 0, 0)), (SECURE, same(10, 0, 0)), (KINSHIP, same(9, 0, 0))])
    after = results(
        [(HOME, same(900, 0, 0)), (SECURE, same(9, 0, 0)), (KINSHIP, same(8, 0, 0))],
        [(TEAM, same(0, 0, 0))],
    )
    book = replace(BOOK, costs=BOOK.costs | {KINSHIP[1]: Facts("strong", "2026-27")})
    made = savings.case(before, after, ABOUT, savings.CASH, book, ASSUMED)
    brief = savings.waterfall(made, least=0.05).set_index("step")["gbp"]
    assert brief.to_dict() == pytest.approx(
        {"children's homes": 100, "other placements": 2, "gross": 102, "programme": 0, "net": 102}
    )


KINSHIP = ("looked_after", "kinship_placement", OURS, "cashable when it ends")


def test_who_pays_and_who_gains():
    found = savings.by_payer(case()).set_index("payer")
    assert found["net_gbp"].to_dict() == pytest.approx({"schools": -150, OURS: 210})
    assert found.index[0] == "schools"
    assert found.loc[OURS, "chance_of_saving"] == 0.75
    assert found.loc["schools", "cashable_gbp"] == 0
    assert "Schools, £150 more" in savings.payers_say(case())


def test_what_can_be_banked_adds_up_to_the_net():
    found = savings.by_cashability(case())
    assert found["net_gbp"].sum() == pytest.approx(210)
    assert (found["cashable_gbp"] + found["not_cash_gbp"]).tolist() == pytest.approx(
        found["net_gbp"].tolist()
    )
    assert savings.cashable_share(case()) == pytest.approx(1.0)


def test_payback_by_month_and_by_year():
    # In the second future the total is -40 after a year and rises by 200 a year.
    months = savings.payback_months(case())
    assert months[1] == pytest.approx(12 + 12 * 40 / 200)
    assert months[3] == np.inf
    found = savings.payback(case())
    assert found["chance_of_payback"].tolist() == [0.25, 0.5, 0.75]
    assert (found["standard_error"] > 0).all()
    assert "in 3 in 4 futures" in savings.payback_says(case(), COUNCIL)
    # By future the months are 0, 14.4, 28.8 and never: the third of four reaches the half.
    assert "August 2028" in savings.payback_says(case(), COUNCIL)


def test_all_futures_alike_are_not_certainty():
    never = results([(HOME, same(1100, 1100, 1100))], [(TEAM, same(1, 0, 0))])
    found = savings.payback(case(results([(HOME, same(1000, 1000, 1000))]), never))
    assert found["chance_of_payback"].tolist() == [0, 0, 0]
    assert found["standard_error"].tolist() == pytest.approx([(5 / 6**3) ** 0.5] * 3)


def test_what_would_have_to_be_true():
    found = savings.what_must_be_true(case()).set_index("condition")
    assert found.loc["What the council saves on services", "breaks_even_at"] == pytest.approx(240)
    programme = found.loc["What the programme costs over the run"]
    assert (programme["today"], programme["breaks_even_at"]) == pytest.approx((240, 450))
    # Placements save 450 of the net 210: at 240 / 450 of their price the net is nought.
    price = found.loc["Price of placements, all together", "breaks_even_at"]
    assert price == pytest.approx(240 / 450)
    cheaper = [
        replace(one, costs=one.costs.assign(gbp=one.costs["gbp"] * price))
        for one in (TODAY, REDESIGN)
    ]
    assert savings.by_year(case(*cheaper))["cumulative_gbp"].iloc[-1] == pytest.approx(0, abs=1e-9)


def test_constant_prices_agree_with_the_comparison():
    found = savings.by_year(case(basis=CONSTANT))
    stated = compare.savings(TODAY, REDESIGN, compare.COUNCIL)
    for column in ("gross_gbp", "net_gbp", "cumulative_gbp", "cumulative_low_gbp"):
        assert found[column].tolist() == pytest.approx(stated[column].tolist())


def test_cash_agrees_with_the_financial_case():
    stated = economics.financial_case(TODAY, REDESIGN, BOOK, ASSUMED)
    found = savings.by_year(case(), COUNCIL)
    own = stated.by_year[stated.by_year["payer"] == COUNCIL]
    assert found["cumulative_gbp"].tolist() == pytest.approx(own["cumulative_gbp"].tolist())
    summary = stated.summary.set_index(["holder", "figure"])["value"]
    last = found["cumulative_cashable_gbp"].iloc[-1]
    assert last == pytest.approx(summary[COUNCIL, "cashable_net_saving"])


def test_the_headline_says_when_nothing_is_clear_and_never_promises():
    says = savings.headline(case())
    assert says.startswith("Projected over 3 years: no clear saving for the council, £210 less")
    assert "80% of simulated futures" in says
    assert "will save" not in says
    sure = replace(REDESIGN, costs=table([(HOME, same(500, 500, 500)), (SCHOOL, same(0, 0, 0))]))
    assert f"the council spends {pounds(1500 - 240)} less" in savings.headline(case(scenario=sure))


def test_three_caveats_name_the_evidence_the_forecast_and_the_range():
    lines = savings.caveats(case())
    assert len(lines) == 3
    assert "weak" in lines[0]
    assert "not been tested" in lines[1]
    assert "chance only" in lines[2]
    noted = replace(ABOUT, forecast_note="The forecast does not beat no change")
    made = savings.case(TODAY, REDESIGN, noted, savings.CASH, BOOK, ASSUMED)
    assert savings.caveats(made)[1] == "The forecast does not beat no change."


@pytest.mark.parametrize(
    ("share", "futures", "says"),
    [
        (0.31, 100, "3 in 10 futures"),
        (0.02, 100, "fewer than 1 in 10 futures"),
        (0.98, 100, "more than 9 in 10 futures"),
        (0.0, 100, "none of the 100 futures"),
        (1.0, 100, "all of the 100 futures"),
        (0.5, 4, "2 in 4 futures"),
        (1.0, 1, "1 in 1 future"),
    ],
)
def test_chances_as_people_say_them(share, futures, says):
    assert in_ten(share, futures) == says


def test_an_unknown_stage_never_drops_out_of_the_sum():
    lines = pd.DataFrame(
        [("service", "a new stage", "a new cost", OURS, "fiscal")],
        columns=["source", "stage", "cost", "payer", "kind"],
    )
    assert cause_of(lines).tolist() == ["other services"]


def test_an_unknown_basis_is_refused():
    with pytest.raises(ValueError, match="basis"):
        case(basis="guess")


@settings(derandomize=True, deadline=None, max_examples=12)
@given(st.lists(st.floats(-1e7, 1e7, allow_nan=False), min_size=12, max_size=12), st.floats(0, 1e6))
def test_every_waterfall_adds_up_to_the_penny(pounds_by_year, programme):
    futures = [tuple(pounds_by_year[k : k + 3]) for k in range(0, 12, 3)]
    after = results(
        [(HOME, futures), (SCHOOL, [tuple(reversed(one)) for one in futures])],
        [(TEAM, same(programme, programme / 3, 0))],
    )
    made = case(scenario=after)
    for holder in (COUNCIL, EVERYBODY):
        steps = savings.waterfall(made, holder, 0.1)
        parts = steps[(steps["kind"] == "part")]["gbp"].sum()
        net = steps.set_index("step").loc["net", "gbp"]
        assert parts == pytest.approx(net, abs=0.005)
        assert net == pytest.approx(savings.by_year(made, holder)["cumulative_gbp"].iloc[-1])
