"""An auditor asks where every number comes from, and opens the answer in a spreadsheet."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from model.errors import InputError
from model.parameters.register import ALL_AREAS, COLUMNS, export, register
from tests.synthetic import AREA, write_synthetic_root


def test_every_number_has_a_row_with_its_source(tmp_path: Path) -> None:
    frame = register(AREA, write_synthetic_root(tmp_path))
    assert list(frame.columns) == list(COLUMNS)
    assert not frame.duplicated(["area", "name", "key"]).any()
    row = frame[(frame["name"] == "contact.ends") & (frame["key"] == "to_screening")].iloc[0]
    assert (row["area"], row["value"], row["unit"]) == (ALL_AREAS, 0.9, "share of families")
    assert (row["distribution"], row["low"], row["high"]) == ("triangular", 0.8, 1.25)
    assert (row["relative"], row["grade"], row["file"]) == (
        "yes",
        "assumption",
        "parameters/all.toml",
    )
    assert (row["source"], row["publisher"], row["year"], row["place"]) == (
        "Invented",
        "Nobody",
        "2025",
        "Testshire",
    )
    effort = frame[frame["name"] == "screening.effort"].set_index("key")["value"]
    assert effort.to_dict() == {
        "0_to_20_minutes": 0.5,
        "20_to_60_minutes": 0.5,
    }
    assert set(frame.loc[frame["name"] == "screening.effort", "unit"]) == {"share of stays"}
    plan = frame[frame["name"] == "assessment.duration"].set_index("key")["value"]
    assert plan["40_working_days_on"] == 0.1
    assert plan["beyond_working_days"] == 10
    shape = frame[frame["name"] == "return.time_shape"]["key"]
    assert "comes_back.104_weeks_on" in set(shape)
    assert set(frame[frame["name"] == "capacity.key_workers"]["area"]) == {AREA}


def test_the_range_of_an_effect_stands_beside_its_ratio(tmp_path: Path) -> None:
    value = {"ratio": 0.85, "delay_weeks": 13, "full_until_weeks": 52, "gone_by_weeks": 104}
    override = {
        "value": value,
        "uncertainty": {"distribution": "lognormal", "low": 0.6, "high": 1.1},
    }
    root = write_synthetic_root(tmp_path, **{"effect.universal_on_return": override})
    frame = register(AREA, root)
    low = frame[frame["name"] == "effect.universal_on_return"].set_index("key")["low"]
    assert low["ratio"] == 0.6
    assert pd.isna(low["delay_weeks"])


def test_all_areas_together_repeat_nothing(tmp_path: Path) -> None:
    root = write_synthetic_root(tmp_path)
    own = root / "parameters/areas" / f"{AREA}.toml"
    (own.parent / "elsewhere.toml").write_text(own.read_text())
    frame = register(root=root)
    assert set(frame["area"]) == {ALL_AREAS, AREA, "elsewhere"}
    assert (frame["name"] == "contact.ends").sum() == 4
    assert (frame["name"] == "capacity.social_workers").sum() == 2


def test_no_text_of_an_export_runs_as_a_formula(tmp_path: Path) -> None:
    override = {"value": 40, "note": '=HYPERLINK("http://example.org")'}
    root = write_synthetic_root(tmp_path, **{"capacity.social_workers": override})
    frame = register(AREA, root)
    text = export(frame, tmp_path / "register.csv").read_text(encoding="utf-8-sig")
    assert "'=HYPERLINK" in text
    book = openpyxl.load_workbook(export(frame, tmp_path / "register.xlsx"))
    assert book.sheetnames == ["register", "columns"]
    cells = [cell for row in book["register"].iter_rows() for cell in row]
    assert not any(cell.data_type == "f" for cell in cells)
    assert any(str(cell.value).startswith("'=HYPERLINK") for cell in cells)
    values = [cell.value for cell in next(book["register"].iter_rows(min_row=2))]
    assert isinstance(values[3], float), "numbers stay numbers"
    assert not list(tmp_path.glob(".unfinished*"))


def test_an_export_is_a_table_or_a_workbook(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\.csv or \.xlsx"):
        export(pd.DataFrame(), tmp_path / "register.pdf")
