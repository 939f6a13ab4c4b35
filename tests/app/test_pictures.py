"""Pictures and the map: honest charts, with words and a table to each, and files that open."""

from __future__ import annotations

import importlib
import io
import re
from xml.etree import ElementTree

import pandas as pd
import pytest
from openpyxl import load_workbook

from model import answers, charts, pathway_map, pathway_svg, pictures, worked_example
from model.pathway import PATHWAY
from model.results import YEARLY
from pages.parts import show


@pytest.fixture(scope="module")
def example():
    """The committed answer."""
    return worked_example.load()


def every_picture(example):
    """One of each kind."""
    last = example.periods[-1]
    check = worked_example.load_check("stockport")
    return [
        pictures.cost_of_stages(example, last),
        pictures.doing_nothing(example, "looked_after"),
        pictures.fit(check.rows, check.title, "Source"),
        pictures.fit_by_year(check.rows, "referrals", check.title, "Source"),
    ]


def test_every_picture_has_its_words_and_its_table(example):
    for picture in every_picture(example):
        for words in (picture.headline, picture.subtitle, picture.footer, picture.alt):
            assert words
            assert "nan" not in words
        assert len(picture.table)
        assert "will save" not in picture.headline


def test_the_footer_says_source_date_version_and_what_the_range_is(example):
    footer = pictures.cost_of_stages(example, example.periods[-1]).footer
    assert "Family Pathways 0" in footer
    assert str(example.made_on.year) in footer
    assert "80% of simulated futures; chance and what is not known" in footer


def test_bars_begin_at_zero(example):
    """No bar's scale leaves zero out; bars of the check's published range are no amounts."""
    for picture in every_picture(example):
        if picture.name.startswith("fit"):
            continue
        for layer in picture.chart.to_dict()["layer"]:
            mark = layer.get("mark", {})
            if isinstance(mark, dict) and mark.get("type") == "bar":
                for channel in ("x", "y"):
                    scale = layer["encoding"].get(channel, {}).get("scale", {})
                    assert scale.get("zero", True)


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_a_chart_becomes_a_file_with_its_headline(example, kind):
    picture = pictures.doing_nothing(example, "looked_after")
    made = charts.drawn_as(picture, kind)
    if kind == "svg":
        assert picture.headline.split(":")[0] in made.decode()
    else:
        assert made.startswith(b"\x89PNG")
        assert len(made) > 10_000


def test_the_map_draws_every_stage_of_the_declaration(example):
    stages = answers.stages_in(example, example.periods[0])
    flows = answers.flows_in(example, example.periods[0])
    document = pathway_svg.svg(stages, flows, "The map")
    root = ElementTree.fromstring(document)
    said = " ".join(root.itertext())
    narrow = pathway_map.narrow(stages, flows)
    for card in pathway_map.cards(stages, flows):
        assert card.title in said
        assert card.title in re.sub("&#x27;", "'", narrow)
    assert len(pathway_map.cards(stages, flows)) == len(PATHWAY)


def test_a_stage_without_a_place_on_the_map_is_an_error(monkeypatch):
    monkeypatch.setattr(pathway_map, "PATHWAY", PATHWAY[1:])
    with pytest.raises(ValueError, match="contact"):
        pathway_map.check_places()


def test_the_money_on_the_map_is_the_money_in_the_results(example):
    period = example.periods[0]
    stages = answers.stages_in(example, period)
    costs = example.baseline.costs
    spent = costs[costs["financial_year"] == period]["gbp"].sum() / example.sampling.futures
    assert stages["gbp"].sum() == pytest.approx(spent)
    lanes = stages.groupby(stages["stage"].map(pathway_map.lane_of))["gbp"].sum()
    assert lanes.sum() == pytest.approx(spent)


def test_what_payers_save_adds_up_to_what_everybody_saves(example):
    by_payer = answers.saving_by_payer(example)["net_gbp"].sum()
    everybody = answers.savings(example)["cumulative_gbp"].iloc[-1]
    assert by_payer == pytest.approx(everybody)


def test_an_answer_comes_back_from_its_files_as_it_was(example, tmp_path):
    worked_example.save(example, tmp_path)
    again = worked_example.load(tmp_path)
    assert again.question == example.question
    assert again.digest == example.digest
    for name in YEARLY:
        for ours, theirs in zip(
            (again.baseline, again.scenario), (example.baseline, example.scenario), strict=True
        ):
            pd.testing.assert_frame_equal(getattr(ours, name), getattr(theirs, name))


def test_no_cell_of_a_download_is_a_formula():
    table = pd.DataFrame({"what": ["=1+1", "fine"], "figure": [-1.0, 2.0]})
    assert b"'=1+1" in show.csv(table)
    book = load_workbook(io.BytesIO(show.workbook({"figures": table}, "about\n=danger()")))
    assert book["figures"]["A2"].value == "'=1+1"
    assert book["figures"]["B2"].value == -1
    assert book["about"]["A3"].value == "'=danger()"
    assert all(cell.data_type != "f" for sheet in book for row in sheet for cell in row)


@pytest.mark.parametrize("module", ["model.wording", "model.explain", "model.tables"])
def test_the_examples_in_the_docstrings_hold(module):
    import doctest

    assert doctest.testmod(importlib.import_module(module)).failed == 0
