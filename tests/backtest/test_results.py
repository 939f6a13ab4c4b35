"""What the document says of the back-test is what its scores say; so do the areas' sentences."""

from __future__ import annotations

from pathlib import Path

import pytest

from model import backtest, parameters, published
from model.backtest import notes
from model.backtest.scoring import scored

AREAS = ("sefton", "stockport", "england", "north_west")
DOCUMENT = Path(__file__).parents[2] / "docs" / "backtest.md"
START, END = "<!-- results:start -->\n", "<!-- results:end -->"


@pytest.fixture(scope="module")
def results():
    return notes.kept({name: backtest.shipped_subject(name).title for name in AREAS})


def test_the_document_shows_the_scores_that_are_kept(results):
    text = DOCUMENT.read_text(encoding="utf-8")
    shown = text.split(START)[1].split(END)[0]
    assert shown.strip() == backtest.as_markdown(results).strip()


def test_every_origin_and_horizon_of_the_protocol_is_there(results):
    for one in results:
        model = one.scores[one.scores["method"] == backtest.UNCONDITIONAL]
        found = {(int(row.origin), int(row.horizon)) for row in model.itertuples()}
        assert found == {(o, h) for o in (2021, 2022, 2023, 2024) for h in range(1, 2026 - o)}
        assert one.covered.of == 40


def test_the_scores_are_those_of_the_published_figures(results):
    for one in results:
        subject = backtest.shipped_subject(one.area)
        for origin, rows in one.scores.groupby("origin"):
            again = scored(rows.reset_index(drop=True), subject.at(int(origin)))
            assert again["actual"].tolist() == pytest.approx(rows["actual"].tolist(), rel=1e-5)
            # Six digits of a forecast are kept.
            assert again["scaled"].tolist() == pytest.approx(rows["scaled"].tolist(), abs=1e-3)


def test_the_sentence_of_each_verdict_stands_in_its_area_s_file(results):
    areas = parameters.areas()
    for one in results:
        if one.area in areas:
            assert areas[one.area].forecast_note == backtest.sentence(one)


def test_the_areas_are_those_of_the_published_figures():
    assert set(AREAS) == set(published.load()["area"])
