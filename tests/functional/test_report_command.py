"""The command `report`: three documents that open and say what the command line says."""

from __future__ import annotations

from docx import Document
from openpyxl import load_workbook
from pptx import Presentation

from model.__main__ import main

FEW = ["--area", "sefton", "--years", "1", "--draws", "0", "--replications", "2"]
HERE = ["--workers", "1", "--no-store"]


def test_the_three_documents_open_and_agree_with_what_is_printed(tmp_path, capsys):
    status = main(["report", *FEW, *HERE, "--out", str(tmp_path / "new"), "early_help_more"])
    assert status == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].startswith("Projected over 1 year: ")
    stem = tmp_path / "new" / "sefton_early_help_more"
    word = Document(f"{stem}.docx")
    assert printed[0] in [paragraph.text for paragraph in word.paragraphs]
    answers = {row.cells[0].text: row.cells[1].text for row in word.tables[0].rows}
    show = Presentation(f"{stem}.pptx")
    slide = "\n".join(one.text_frame.text for one in show.slides[0].shapes if one.has_text_frame)
    readme = load_workbook(f"{stem}.xlsx", read_only=True)["README"]
    lines = [str(row[0]) for row in readme.iter_rows(values_only=True)]
    for line in printed[1:6]:
        name, _, says = line.partition(": ")
        assert answers[name] == says
        assert line in slide
        assert line in lines


def test_it_says_where_the_documents_must_go(capsys):
    assert main(["report", *FEW, *HERE, "early_help_more"]) == 2
    assert "--out FOLDER" in capsys.readouterr().err


def test_the_baseline_has_no_report(tmp_path, capsys):
    assert main(["report", *FEW, *HERE, "--out", str(tmp_path), "baseline"]) == 2
    assert "a redesign" in capsys.readouterr().err
