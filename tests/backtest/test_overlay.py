"""A forecast that was kept, what happened laid over it, and the words that go with savings."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from model import backtest, parameters
from model.backtest import notes, origins
from model.backtest.report import AreaResult, as_markdown, error_table, series_table
from model.backtest.series import SERIES
from model.errors import InputError
from tests.backtest import small_council
from tests.backtest.test_scoring_by_hand import scores

ROOT = Path(__file__).parents[2]


def kept(tmp_path, **changed):
    """A forecast of March 2021 by the rivals, with a model's numbers beside them."""
    table = origins.rivals_of("smallham", small_council.rows(), 2021, 4)
    model = table[table["method"] == "no change"].assign(method="model", low=0.0, high=1e6)
    every = pd.concat([table, model], ignore_index=True)
    found = origins.Forecast("smallham", "Smallham", 2021, 4, every, {}, {"digest": "abc"})
    path = origins.write(found, tmp_path / "old.json")
    if changed:
        document = json.loads(path.read_text()) | changed
        path.write_text(json.dumps({k: v for k, v in document.items() if v is not None}))
    return path


def test_a_forecast_comes_back_as_it_was_kept(tmp_path):
    path = kept(tmp_path)
    found = backtest.read(path)
    again = origins.write(found, tmp_path / "again.json")
    assert again.read_text() == path.read_text()


def test_what_happened_is_laid_over_an_old_forecast(tmp_path):
    rows = small_council.rows()
    result = backtest.overlay(backtest.read(kept(tmp_path)), rows)
    one = result.scores.set_index(["method", "measure", "year"]).loc[
        ("no change", "looked_after", 2023)
    ]
    actual = rows.set_index(["measure", "year"])["value"]
    assert one["forecast"] == actual["looked_after", 2021]
    assert one["actual"] == actual["looked_after", 2023]
    assert one["error"] == pytest.approx(one["forecast"] - one["actual"])
    assert result.covered.of == 4 * len(SERIES)


def test_only_years_published_by_now_are_scored(tmp_path):
    rows = small_council.rows()
    result = backtest.overlay(backtest.read(kept(tmp_path)), rows[rows["year"] <= 2022])
    assert set(result.scores["year"]) == {2022}


def test_nothing_published_since_is_an_error(tmp_path):
    rows = small_council.rows()
    with pytest.raises(InputError, match="no figure of the years to March 2022 to 2025"):
        backtest.overlay(backtest.read(kept(tmp_path)), rows[rows["year"] <= 2021])


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"kind": "something else"}, "some other document"),
        ({"origin": None}, "no origin"),
        ({"forecasts": []}, "no forecasts"),
        ({"forecasts": [{"area": "x"}]}, "rows without"),
    ],
)
def test_a_file_that_is_no_forecast_is_refused(tmp_path, changed, says):
    with pytest.raises(InputError, match=says):
        backtest.read(kept(tmp_path, **changed))


def test_a_file_that_is_not_there_or_not_json(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        backtest.read(tmp_path / "none.json")
    (tmp_path / "bad.json").write_text("{")
    with pytest.raises(InputError, match="no JSON"):
        backtest.read(tmp_path / "bad.json")


def test_a_kept_forecast_is_taken_only_where_it_is_of_the_same_figures(tmp_path):
    path = kept(tmp_path)
    assert backtest.taken(path, "abc") is not None
    assert backtest.taken(path, "abd") is None


@pytest.mark.parametrize("hide", [0, 5])
def test_no_more_than_four_years_are_hidden(hide):
    with pytest.raises(InputError, match="1 to 4 years"):
        backtest.origins_of(small_council.rows(), [hide])


def test_origins_follow_from_the_years_hidden():
    found = backtest.origins_of(small_council.rows(), [1, 2, 3, 4])
    assert found == [(2021, 4), (2022, 3), (2023, 2), (2024, 1)]


# --- words ----------------------------------------------------------------------------------------


def result(**changed):
    return AreaResult("here", "Hereford", scores(**changed))


def test_where_no_change_is_not_beaten_a_sentence_says_so_with_its_figures():
    said = backtest.sentence(result(model=(100, 100, 190)))
    assert said.startswith("For Hereford, in back-tests from March 2020, assuming no change was as")
    assert "off by 5.0 times a usual year's change, no change by 4.0 (mean of 4 figures)" in said


def test_where_it_is_beaten_nothing_is_said():
    assert backtest.sentence(result()) == ""


def test_the_tables_hold_one_and_three_years_of_every_method():
    table = error_table(scores())
    assert table["method"].tolist() == ["model", "no change"]
    assert table.loc[0, "percent_3"] == pytest.approx(14 / 140)
    assert table.loc[0, "to_no_change_3"] == pytest.approx(1.4 / 4)
    by_series = series_table(scores())
    assert by_series["series"].tolist() == [one.title for one in SERIES]
    assert by_series["model_1"].tolist() == pytest.approx([6 / 120] * 4)


def test_the_text_says_all_of_it():
    text = as_markdown([result(model=(100, 100, 190))])
    for part in ("| Hereford | model |", "Coverage", "assuming no change was as good or better"):
        assert part in text


def test_the_sentence_goes_into_the_area_s_file_and_out_again():
    text = '# Here.\n\n[area]\ntitle = "Here"  # a comment\n\n[population.x]\nvalue = 1\n'
    noted = notes.with_note(text, "No change was as good.")
    assert 'forecast_note = "No change was as good."' in noted
    assert noted.replace('forecast_note = "No change was as good."\n', "") == text
    assert notes.with_note(noted, "") == text


@pytest.fixture
def project(tmp_path):
    for folder in ("parameters", "scenarios"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / "parameters" / notes.TABLE).unlink(missing_ok=True)
    return tmp_path


def test_the_verdict_is_written_into_the_area_s_file_and_its_scores_are_kept(project):
    path, table = notes.keep(result(model=(100, 100, 190)), "stockport", project)
    assert parameters.areas(project)["stockport"].forecast_note.startswith("For Hereford")
    assert table == project / "parameters/backtests.csv"
    kept_one = notes.kept({"here": "Hereford"}, project)[0]
    assert backtest.sentence(kept_one) == backtest.sentence(result(model=(100, 100, 190)))
    assert as_markdown([kept_one]) == as_markdown([result(model=(100, 100, 190))])
    notes.keep(result(), "stockport", project)
    assert parameters.areas(project)["stockport"].forecast_note == ""
    assert "forecast_note" not in path.read_text()
    assert len(notes.read_scores(table)) == len(scores())


def test_a_region_has_scores_but_no_file_to_take_a_sentence(project):
    assert notes.keep(result(), "north_west", project) == [project / "parameters/backtests.csv"]


def test_what_is_not_kept_is_an_error(project):
    with pytest.raises(InputError, match=r"no back-test of there.*with --keep"):
        notes.kept({"there": "There"}, project)
    (project / "parameters" / notes.TABLE).write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match="columns: found a, b"):
        notes.kept({"there": "There"}, project)


def test_an_area_folder_takes_the_verdict_and_its_scores(project):
    folder = project / "calibrated"
    folder.mkdir()
    shutil.copy(project / "parameters/areas/stockport.toml", folder / "ayton.toml")
    path, table = notes.keep(result(model=(100, 100, 190)), str(folder), project)
    assert path == folder / "ayton.toml" and "forecast_note" in path.read_text()
    assert table == folder / "backtest.csv"
