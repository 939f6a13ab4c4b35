"""Briefing, slides and workbook: they open, say the same as the tables, and hold no formula."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

import pandas as pd
import pytest
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook
from pptx import Presentation

from model import savings, scenarios, worked_example
from model.documents import SAYS, briefing, everything, excel, presentation, report, workbook
from model.documents.native_charts import stacked
from model.documents.workbook import sheet_names
from model.results import Sampling
from model.savings import pictures
from model.wording import pounds, pounds_range

HOSTILE = ("=1+1", "+SUM(A1)", "-2+3", "@cmd", "\tx", "\rx", '=HYPERLINK("http://x","y")')


@pytest.fixture(scope="module")
def example():
    """The committed answer."""
    return worked_example.load()


@pytest.fixture(scope="module")
def case(example):
    """The committed answer, priced."""
    return savings.case(example.baseline, example.scenario)


@pytest.fixture(scope="module")
def word(case):
    return Document(io.BytesIO(briefing(case, ["It stops paying below 40%"])))


@pytest.fixture(scope="module")
def show(case, example):
    return Presentation(io.BytesIO(presentation(case, example.baseline, example.scenario)))


def cells(table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


# --- Word ----------------------------------------------------------------------------------------


def test_the_briefing_opens_with_its_headline_title_and_language(word, case):
    texts = [paragraph.text for paragraph in word.paragraphs]
    assert f"{savings.headline(case)}." in texts
    assert "It stops paying below 40%." in texts
    for line in savings.caveats(case):
        assert line in texts
    assert case.about.source in texts
    assert word.core_properties.title.startswith("Projected savings: Stockport")
    languages = {one.get(qn("w:val")) for one in word.styles.element.iter(qn("w:lang"))}
    assert languages == {"en-GB"}
    styles = [paragraph.style.name for paragraph in word.paragraphs]
    assert styles[0] == "Title"
    assert styles.count("Heading 1") >= 4


def test_the_figures_of_the_briefing_are_those_of_the_tables(word, case):
    rows = cells(word.tables[1])[1:]
    for row, stated in zip(rows, savings.by_year(case).itertuples(), strict=True):
        assert row[0] == stated.financial_year
        assert row[3] == pounds(stated.net_gbp)
        assert row[4] == pounds(stated.cumulative_gbp)
        assert row[5] == pounds_range(stated.cumulative_low_gbp, stated.cumulative_high_gbp)
        assert row[6] == pounds(stated.cumulative_cashable_gbp)
    assert [tuple(row) for row in cells(word.tables[0])[1:]] == savings.points(case)


def test_every_picture_has_words_and_every_table_a_head(word, case):
    drawings = [one.get("descr") for one in word.element.iter(qn("wp:docPr"))]
    assert drawings == [
        pictures.running_total(case).alt,
        pictures.causes(case, brief=True).alt,
    ]
    for table in word.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


def test_control_characters_in_a_title_do_not_break_the_documents(case):
    odd = replace(case, about=replace(case.about, scenario_title="A\x00 b\x0b & <c>"))
    found = Document(io.BytesIO(briefing(odd)))
    assert found.paragraphs[0].text == "Projected savings: A b & <c>"


# --- slides --------------------------------------------------------------------------------------


def test_the_native_charts_hold_the_figures_of_the_tables(show, case):
    charts = [shape.chart for slide in show.slides for shape in slide.shapes if shape.has_chart]
    assert len(charts) == 3
    lines = {series.name: list(series.values) for series in charts[0].plots[0].series}
    years = savings.by_year(case)
    assert lines["Mean of all futures"] == pytest.approx((years["cumulative_gbp"] / 1e6).tolist())
    steps = savings.waterfall(case, least=pictures.LEAST_BRIEF)
    seen = [series for series in charts[1].plots[0].series if "begins" not in series.name]
    length = [abs(value) for value in map(sum, zip(*(one.values for one in seen), strict=True))]
    assert length == pytest.approx((steps["gbp"].abs() / 1e6).tolist())
    payers = savings.by_payer(case)
    payers = payers[payers[["low_gbp", "high_gbp"]].abs().max(axis=1) >= 1]
    bars = charts[2].plots[0].series
    total = [sum(pair) for pair in zip(*(one.values for one in bars), strict=True)]
    assert total == pytest.approx((payers["net_gbp"] / 1e6).tolist())


def test_every_slide_has_a_title_a_source_and_words_for_what_is_drawn(show, case):
    for slide in show.slides:
        assert slide.shapes.title.text
        assert case.about.source in slide.notes_slide.notes_text_frame.text
        for shape in slide.shapes:
            if shape.has_chart:
                assert shape._element.nvGraphicFramePr.cNvPr.get("descr")
            if shape.shape_type is not None and "PICTURE" in str(shape.shape_type):
                assert "map of the pathway" in shape._element.nvPicPr.cNvPr.get("descr").lower()
    assert show.core_properties.title.startswith("Projected savings")
    words = [
        run._r.rPr.get("lang")
        for slide in show.slides
        for shape in slide.shapes
        if shape.has_text_frame
        for paragraph in shape.text_frame.paragraphs
        for run in paragraph.runs
    ]
    assert set(words) == {"en-GB"}


def test_a_bar_that_passes_nought_has_a_part_on_either_side():
    table = pd.DataFrame(
        {
            "kind": ["part", "part", "total"],
            "gbp": [100.0, -250.0, -150.0],
            "starts_gbp": [0.0, 100.0, 0.0],
            "ends_gbp": [100.0, -150.0, -150.0],
        }
    )
    found = stacked(table)
    assert found["less spent"] == [100, 0, 0]
    assert (found["more spent"][1], found["more spent (below zero)"][1]) == (100, -150)
    assert found["total (below zero)"] == [0, 0, -150]
    assert sum(map(abs, found["where the bar begins"])) == 0


def test_a_redesign_that_changes_nothing_and_a_single_future_have_documents_too(example):
    one = Sampling(1)
    few = {
        name: getattr(example.baseline, name).loc[lambda rows: rows["future"] == 0]
        for name in ("costs", "partners")
    }
    alone = replace(example.baseline, sampling=one, programme=pd.DataFrame(), **few)
    same = replace(alone, scenario=example.question.scenario)
    nothing = savings.case(alone, same)
    assert "Nothing changes for the council" in pictures.causes(nothing).headline
    assert savings.payers_say(nothing) == "nobody's spending changes"
    empty = {name: pd.DataFrame() for name in ("measures", "localities", "flows", "stages")}
    documents = report(nothing, replace(alone, **empty), replace(same, **empty))
    assert set(documents) == {"docx", "pptx", "xlsx"}
    for picture in pictures.every_picture(nothing):
        assert "nan" not in picture.alt + picture.headline


# --- Excel ---------------------------------------------------------------------------------------


def test_every_table_has_its_sheet_its_words_and_its_figures(example, case):
    plan = scenarios.load(example.question.scenario)
    pair = (replace(example.baseline, localities=pd.DataFrame()), example.scenario)
    tables = everything(case, *pair, plan)
    assert set(tables) <= set(SAYS)
    short = {name: table.head(40) for name, table in tables.items()}
    book = load_workbook(io.BytesIO(workbook("Title", ["A line"], short, SAYS)))
    assert book.sheetnames == ["README", *tables]
    assert book.properties.title == "Title"
    for name, table in short.items():
        sheet = book[name]
        assert sheet.freeze_panes == "B2"
        assert sheet.max_row == len(table) + 1
        for place, column in enumerate(table.columns, 1):
            if pd.api.types.is_float_dtype(table[column]):
                found = [sheet.cell(row, place).value for row in range(2, len(table) + 2)]
                stated = [None if pd.isna(one) else one for one in table[column]]
                assert found == pytest.approx(stated)
    assert "£" in book["waterfall_council"]["C2"].number_format


def test_the_readme_says_the_question_the_sources_and_the_versions(example, case):
    empty = {name: pd.DataFrame() for name in ("measures", "localities", "flows", "stages")}
    pair = [replace(one, **empty) for one in (example.baseline, example.scenario)]
    book = load_workbook(io.BytesIO(excel(case, *pair)))
    text = "\n".join(str(row[0].value) for row in book["README"].iter_rows())
    for words in (case.about.asked, savings.headline(case), "Family Pathways", "Seed 1", "£"):
        assert words in text
    assert "waterfall_council" in text


def test_no_text_becomes_a_formula():
    table = pd.DataFrame({"=A1": HOSTILE, "n": [1.0] * len(HOSTILE)})
    file = workbook(HOSTILE[0], list(HOSTILE), {"=evil[1]:": table}, {"=evil[1]:": "=1"})
    book = load_workbook(io.BytesIO(file))
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                if isinstance(cell.value, str):
                    assert not cell.value.startswith(("=", "+", "-", "@", "\t", "\r"))
    with zipfile.ZipFile(io.BytesIO(file)) as parts:
        sheets = [
            parts.read(name)
            for name in parts.namelist()
            if re.search(r"worksheets/\w+\.xml$", name)
        ]
    assert len(sheets) == 2
    assert not any(re.search(rb"<f[ >]", sheet) for sheet in sheets)


def test_control_characters_do_not_break_a_sheet():
    table = pd.DataFrame({"name": ["a\x00b\x1fc", None], "list": [[1, 2], {"a": 1}]})
    book = load_workbook(io.BytesIO(workbook("x", [], {"t": table})))
    assert book["t"]["A2"].value == "abc"
    assert book["t"]["A3"].value is None


def test_sheet_names_are_short_allowed_and_each_once():
    names = [f"{'a' * 40}{number}" for number in range(3)] + ["readme", "a/b", "b"]
    found = sheet_names({name: pd.DataFrame() for name in names})
    assert all(len(name) <= 31 for name in found.values())
    assert len({name.lower() for name in found.values()} | {"readme"}) == len(names) + 1
    assert found["a/b"] == "a b"
