"""The command line as an analyst uses it: every command, JSON, files, and wrong names."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from model.__main__ import main
from model.check import COLUMNS

ROOT = Path(__file__).parents[2]
ONE = ["--draws", "0", "--replications", "1", "--workers", "1"]
SHORT = ["--area", "stockport", "--years", "1", *ONE]


def test_run_prints_one_json_document(capsys):
    assert main(["run", *SHORT, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["area"] == "stockport"
    assert document["scenario"] == "baseline"
    assert {row["measure"] for row in document["measures"]} >= {"referrals", "looked_after"}
    assert all(row["gbp"] is not None for row in document["costs"])


def test_compare_says_what_a_redesign_changes_and_writes_it(capsys, tmp_path):
    folder = tmp_path / "result"
    arguments = ["compare", *SHORT, "baseline", "stockport_pathway"]
    assert main([*arguments, "--out", str(folder)]) == 0
    printed = capsys.readouterr()
    assert "stockport_pathway against baseline" in printed.out
    assert "tables written to" in printed.err
    assert {path.name for path in tmp_path.iterdir()} == {"result"}
    document = json.loads((folder / "result.json").read_text())
    saved = document["compared"][0]["savings"]
    read = pd.read_csv(folder / "stockport_pathway_savings.csv")
    assert read["net_gbp"].sum() == pytest.approx(sum(row["net_gbp"] for row in saved))
    book = pd.read_excel(folder / "tables.xlsx", sheet_name=None)
    assert len(book) == 5


def test_results_are_not_written_over_something_else(capsys, tmp_path):
    (tmp_path / "letter.txt").write_text("mine")
    assert main(["run", *SHORT, "--out", str(tmp_path)]) == 2
    assert "letter.txt is there" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_check_gives_every_row_that_was_promised(capsys):
    arguments = ["check", "--area", "sefton", "--replications", "1", "--workers", "1"]
    assert main([*arguments, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    rows = document["rows"]
    assert set(rows[0]) == set(COLUMNS)
    assert len(rows) == document["of"]
    assert {row["measure"] for row in rows if not row["inside"]} == set(document["missed"])
    assert all(len(row["years"]) == 3 for row in rows)


def test_register_lists_every_number_with_its_source(capsys, tmp_path):
    file = tmp_path / "register.csv"
    assert main(["register", "--area", "sefton", "--out", str(file)]) == 0
    table = pd.read_csv(file, keep_default_na=False)
    assert len(table) > 500
    assert {"name", "value", "unit", "grade"} <= set(table.columns)


def test_scenarios_are_listed(capsys):
    assert main(["scenarios", "--json"]) == 0
    names = {row["scenario"] for row in json.loads(capsys.readouterr().out)}
    assert {"baseline", "stockport_pathway"} <= names


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["run", "--area", "seftom", "--years", "1"], "sefton"),
        (["run", *SHORT, "stockport_pathwai"], "stockport_pathway"),
        (["compare", *SHORT, "baseline"], "two or more names"),
        (["run", *SHORT, "--start", "2019-04-01"], "caseload"),
        (["compare", "--area", "sefton", "baseline", "stockport_pilot"], "stockport"),
    ],
)
def test_a_wrong_name_is_refused_with_the_remedy(capsys, arguments, says):
    assert main(arguments) == 2
    assert says in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ on Windows")
def test_an_interrupted_run_leaves_nothing_behind(tmp_path):
    arguments = ["run", "--area", "sefton", "--years", "10", "--draws", "400"]
    command = [sys.executable, "-m", "model", *arguments, "--out", str(tmp_path / "result")]
    running = subprocess.Popen(
        command, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )
    assert b"started" in running.stderr.readline()
    time.sleep(2)
    os.killpg(running.pid, signal.SIGINT)
    _, errors = running.communicate(timeout=60)
    assert running.returncode == 130
    assert b"nothing was written" in errors
    assert list(tmp_path.iterdir()) == []
