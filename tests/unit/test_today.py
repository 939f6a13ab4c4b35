"""What Today shows: one figure large on the map, localities, pools, caseload, the back-test."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

import pandas as pd
import pytest

from model import (
    answers,
    backtest_kept,
    pathway_big,
    pathway_svg,
    today_figures,
    today_pictures,
    worked_example,
)
from model.backtest.report import UNCONDITIONAL
from model.backtest.rivals import NO_CHANGE
from model.backtest.scoring import SCORE_COLUMNS
from model.parameters import area_named
from model.pathway_big import CASES, EVERYTHING, ON_THE_MAP, POUNDS, VOLUME, WAITS


@pytest.fixture(scope="module")
def answer():
    """The worked example."""
    return worked_example.load()


@pytest.fixture(scope="module")
def stages(answer):
    """Its first year."""
    return answers.stages_in(answer, answer.periods[0])


@pytest.mark.parametrize("which", [one for one in ON_THE_MAP if one != EVERYTHING])
def test_each_figure_of_the_map_is_that_of_its_table_and_bars_are_shares_of_the_largest(
    stages, which
):
    big = pathway_big.one_figure(stages, which)
    assert max(one.share for one in big.values()) == 1.0
    assert min(one.share for one in big.values()) > 0.0
    table = stages.set_index("stage")
    if which == VOLUME:
        assert big["contact"].figure == f"{table.loc['contact', 'families']:,.0f}"
        assert big["looked_after"].figure == f"{table.loc['looked_after', 'children']:,.0f}"
    if which == CASES:
        assert big["looked_after"].figure == f"{table.loc['looked_after', 'children_open']:,.0f}"
        assert "return" not in big
    if which == POUNDS:
        assert max(big, key=lambda stage: big[stage].share) == table["gbp"].idxmax()
    if which == WAITS:
        assert set(big) <= {"screening", "early_help_wait", "assessment", "child_in_need_plan"}


def test_the_map_with_one_figure_has_every_card_and_says_it_in_words(answer, stages):
    big = pathway_big.one_figure(stages, CASES)
    flows = answers.flows_in(answer, answer.periods[0])
    drawn = pathway_svg.svg(stages, flows, "words", partial(pathway_big.card, big=big))
    listed, said = pathway_big.narrow(big), pathway_big.in_words(big)
    for stage, one in big.items():
        assert f">{one.figure}<" in drawn
        assert one.figure in listed
        assert f"{one.figure} {one.remark}" in said
        assert stage in stages["stage"].tolist()


def test_localities_add_up_to_the_area(answer):
    table = today_figures.by_locality(answer, answer.periods[0]).set_index("measure")
    localities = [name for name in table.columns if name != "unit"]
    assert localities == ["Southport", "Central", "Bootle"]
    every = answer.baseline.measures
    every = every[(every["period"] == answer.periods[0]) & (every["measure"] == "contacts")]
    counted = table.loc["Contacts", localities].str.replace(",", "").astype(int).sum()
    assert counted == pytest.approx(every["value"].mean(), abs=2)
    assert table.loc["Assessments within 45 days, share", "Bootle"].endswith("%")


def test_a_pool_is_as_full_as_its_cases_over_its_places_and_none_without_a_limit(answer):
    table = today_figures.how_full(answer, answer.periods[0]).set_index("pool")
    workers = table.loc["Social workers"]
    assert workers["percent_full"] == pytest.approx(100 * workers["cases"] / workers["places"])
    assert pd.isna(table.loc["Children's homes", "percent_full"])
    picture = today_pictures.fullness(answer, answer.periods[0])
    assert "Children's homes" not in picture.alt
    assert "Social workers" in picture.alt


def test_the_caseload_is_that_of_the_day_before_the_start_with_its_source():
    table = today_figures.caseload("sefton", date(2025, 4, 1))
    assert set(table["on"]) == {date(2025, 3, 31)}
    assert table["source"].str.contains("Children looked after").all()
    earlier = today_figures.caseload("sefton", date(2022, 4, 1))
    assert set(earlier["on"]) == {date(2022, 3, 31)}
    assert today_figures.caseload("sefton", date(2000, 4, 1)).empty


def scores(*rows):
    """Scores of forecasts for Sefton: method, years ahead, error as a share, whether inside."""
    table = pd.DataFrame(
        [
            {
                "area": "sefton",
                "origin": 2021,
                "horizon": ahead,
                "year": 2021 + ahead,
                "measure": "looked_after",
                "method": method,
                "forecast": 100.0,
                "low": 90.0,
                "high": 110.0,
                "actual": 100.0,
                "error": 0.0,
                "percent": share,
                "scaled": 10 * share,
                "inside": inside,
            }
            for method, ahead, share, inside in rows
        ]
    )
    return table[list(SCORE_COLUMNS)]


def kept_of(monkeypatch, folder, table):
    file = folder / "scores.csv"
    if table is not None:
        table.to_csv(file, index=False)
    monkeypatch.setattr(backtest_kept, "table_of", lambda area, root=None: file)
    unsaid = replace(area_named("sefton"), forecast_note="")
    monkeypatch.setattr(backtest_kept, "area_named", lambda area, root=None: unsaid)
    return backtest_kept.read("sefton")


def test_without_a_back_test_nothing_is_claimed(monkeypatch, tmp_path):
    kept = kept_of(monkeypatch, tmp_path, None)
    said = backtest_kept.in_words(kept, "Sefton")
    assert kept.errors is None
    assert "No back-test is kept for Sefton" in said
    assert "Treat savings as a comparison" in said


@pytest.mark.parametrize(
    ("ours", "ahead", "says"),
    [
        (0.04, 3, "came closer to what happened than assuming no change"),
        (0.20, 3, "assuming no change was as good or better at three years"),
        (0.04, 1, "no third year is published"),
    ],
)
def test_a_back_test_is_told_as_it_went(monkeypatch, tmp_path, ours, ahead, says):
    rows = [(UNCONDITIONAL, ahead, ours, True), (NO_CHANGE, ahead, 0.1, None)]
    one_more = [(UNCONDITIONAL, 1, ours, False), (NO_CHANGE, 1, 0.1, None)]
    kept = kept_of(monkeypatch, tmp_path, scores(*rows, *one_more))
    said = backtest_kept.in_words(kept, "Sefton")
    assert says in said
    assert "Of 2 figures that came later, the 80% range held 1 (50%)" in said
    model = kept.errors.iloc[0]
    assert model["percent_off_1_year_ahead"] == f"{100 * ours:.0f}%"
    assert model["percent_off_3_years_ahead"] == (f"{100 * ours:.0f}%" if ahead == 3 else "–")
