"""Synthetic returns as files: the published schemas' shape, the same bytes, faults as counted."""

from __future__ import annotations

import ast
import csv
import json
import os
import re
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from model.__main__ import main
from model.synthesise import synthesise, write
from model.synthesise.annex_a_columns import COLUMNS
from model.synthesise.ssda903 import EPISODES, HEADER, UASC
from tests.returns.synthetic_run import MARCHES, returns, run

REFERENCE = os.environ.get("FAMILY_PATHWAYS_REFERENCE", "")
needs_reference = pytest.mark.skipif(not REFERENCE, reason="FAMILY_PATHWAYS_REFERENCE is not set")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """The run without faults, written; Annex A of the last six months."""
    place = tmp_path_factory.mktemp("synthetic") / "returns"
    write(returns(window_months=6), place)
    return place


# --- the shape that the schemas give --------------------------------------------------------------


def schema(name: str) -> list[dict[str, str]]:
    path = Path(REFERENCE) / "returns" / "schemas" / name
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_every_list_has_its_columns_and_every_return_its_tables(folder):
    book = CalamineWorkbook.from_path(folder / "annex_a_2025-03-31.xlsx")
    assert book.sheet_names == [f"List_{number}" for number in range(1, 11)]
    for number, columns in COLUMNS.items():
        assert tuple(book.get_sheet_by_name(f"List_{number}").to_python()[0]) == columns
    for part, columns in (("header", HEADER), ("episodes", EPISODES), ("uasc", UASC)):
        first = (folder / f"ssda903_2024_{part}.csv").read_text().splitlines()[0]
        assert first == ",".join(columns)


@needs_reference
def test_columns_are_those_of_the_template_and_the_return():
    listed: dict[int, list[str]] = {}
    for row in schema("annex_a_2019_columns.csv"):
        listed.setdefault(int(row["list"]), []).append(row["column"])
    assert all(list(columns) == listed[number] for number, columns in COLUMNS.items())
    rows = schema("ssda903_columns.csv")
    for table, columns in (("Header", HEADER), ("Episodes", EPISODES), ("UASC", UASC)):
        assert [row["column"] for row in rows if row["table"] == table] == list(columns)


@needs_reference
def test_codes_of_annex_a_are_ofsteds():
    allowed = {row["preferred_code"] for row in schema("annex_a_2019_codes.csv")}
    allowed |= {"c) Not stated/recorded (or unborn)"}  # as the guidance has it
    for number, column in (
        (1, "Contact Source"),
        (1, "Gender"),
        (1, "Ethnicity"),
        (3, "Referral Source"),
        (6, "Primary Need Code"),
        (6, "Reason for Closure"),
        (6, "Case status"),
        (7, "Initial Category of Abuse"),
        (8, "Child's Legal Status"),
        (8, "Reason Ceased to be Looked After"),
        (8, "Placement Type"),
        (8, "Placement Provider"),
    ):
        assert set(returns().newest[number][column].dropna()) <= allowed, column


@needs_reference
def test_codes_of_the_ssda903_are_those_of_its_year():
    rows = schema("ssda903_codes_by_year.csv")
    for year in MARCHES:
        for table in ("episodes", "header", "uasc"):
            for row in (one for one in rows if one["table"] == table):
                since = max(
                    int(one["valid_from_return_year"])
                    for one in rows
                    if (one["table"], one["column"]) == (table, row["column"])
                    and int(one["valid_from_return_year"]) <= year
                )
                if int(row["valid_from_return_year"]) == since:
                    found = set(returns().ssda903[year][table][row["column"]].dropna())
                    assert found <= set(row["codes"].split()), (year, row["column"])


@needs_reference
@pytest.mark.parametrize(
    ("year", "tree"), [(2023, "cin_2022_tree.txt"), (2025, "cin_2026_tree.txt")]
)
def test_the_census_follows_the_schemas_tree(folder, year, tree):
    text = (Path(REFERENCE) / "returns" / "schemas" / tree).read_text()
    types = {
        name: re.findall(r"^  (\w+) (\S*) ?\[(\d)", body, re.MULTILINE)
        for name, body in re.findall(r"CTYPE (\w+)\n((?: .*\n)+)", text)
    }
    codes = {
        n: set(ast.literal_eval(v))
        for n, v in re.findall(r"TYPE (\w+) (\[.+\])$", text, re.MULTILINE)
    }

    def check(element: ET.Element, kind: str) -> None:
        order = [tag for tag, _, _ in types[kind]]
        found = [child.tag for child in element]
        assert [order.index(tag) for tag in found] == sorted(order.index(tag) for tag in found)
        for tag, inner, least in types[kind]:
            assert int(least) == 0 or tag in found, (kind, tag)
            for child in (one for one in element if one.tag == tag):
                if inner in types:
                    check(child, inner)
                elif codes.get(inner):
                    assert child.text in codes[inner], (tag, child.text)

    check(ET.parse(folder / f"cin_census_{year}.xml").getroot(), "messagetype")


# --- the same bytes, whole or not at all ----------------------------------------------------------


def test_the_same_run_and_seed_give_the_same_bytes(folder, tmp_path):
    one = run()
    again = synthesise(one.prepared, one.rows.log, one.cases, window_months=6, seed=one.seed)
    files = write(again, tmp_path / "again")
    for path in files:
        assert path.read_bytes() == (folder / path.name).read_bytes(), path.name
    other = synthesise(one.prepared, one.rows.log, one.cases, window_months=6, seed=2)
    assert not set(other.newest[8]["Gender"]) - {"a) Male", "b) Female"}
    assert list(other.newest[1]["Child Unique ID"]) != list(again.newest[1]["Child Unique ID"])


def test_an_earlier_folder_is_replaced_whole_and_kept_when_writing_fails(tmp_path):
    place = tmp_path / "returns"
    write(returns(window_months=6), place, ("ssda903",))
    broken = returns(window_months=6)
    broken = replace(broken, census={2023: {}})
    with pytest.raises(KeyError):
        write(broken, place, ("cin_census",))
    assert (place / "ssda903_2025_header.csv").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["returns"]
    write(returns(window_months=6), place, ("cin_census",))
    assert not (place / "ssda903_2025_header.csv").exists()


def test_the_manifest_says_that_all_is_invented_and_names_every_file(folder):
    manifest = json.loads((folder / "synthetic_returns.json").read_text("utf-8"))
    assert manifest["warning"].startswith("INVENTED")
    there = {path.name for path in folder.iterdir()}
    assert there == {*manifest["files"], "synthetic_returns.json"}
    assert manifest["injected"] == []


# --- faults are as counted ------------------------------------------------------------------------


def count(kind: str, table: str, column: str = "") -> int:
    number = table.removeprefix("List ")
    return sum(
        one.count
        for one in returns("many").injected
        if one.kind == kind and one.part == table and (not column or one.column == column)
        if number
    )


def test_each_kind_of_fault_is_there_as_often_as_the_manifest_counts():
    plain, faulty = returns().newest[3], returns("many").newest[3]
    ids = faulty["Child Unique ID"]
    assert ids.isna().sum() == count("id left empty", "List 3")
    assert ids.fillna("").str.endswith(".0").sum() == count("id with .0", "List 3")
    assert ids.fillna("").str.startswith("00").sum() == count("id with leading zeros", "List 3")
    assert len(faulty) - len(plain) == count("row twice", "List 3")
    days = faulty["Date of referral"]
    text = days[days.map(lambda cell: isinstance(cell, str))]
    assert text.str.fullmatch(r"\d{4}-\d\d-\d\d").sum() == count(
        "day as text in ISO form", "List 3", "Date of referral"
    )
    assert text.str.fullmatch(r"\d\d/\d\d/\d\d").sum() == count(
        "year in two digits", "List 3", "Date of referral"
    )
    assert days.map(lambda cell: isinstance(cell, int)).sum() == count(
        "day as a serial number of Excel", "List 3", "Date of referral"
    )
    ahead = days.map(lambda cell: isinstance(cell, date) and cell > date(2025, 3, 31)).sum()
    assert ahead == count("day after the extract", "List 3", "Date of referral")
    codes = faulty["Referral Source"].fillna("")
    assert (codes == "QQ9").sum() == count("code that is not in the list", "List 3")


def test_faults_of_the_other_returns_are_as_counted():
    details = returns("many").census[2024]["CINdetails"]
    wrong = details["CINClosureDate"].notna().sum()
    by_place = Counter()
    for one in returns("many").injected:
        by_place[one.kind, one.file] += one.count
    assert wrong == by_place["tag that the schema does not have", "cin_census_2024.xml"]
    ended = details["CINclosureDate"].notna() | details["CINClosureDate"].notna()
    reason_only = details["ReasonForClosure"].notna() & ~ended
    assert reason_only.sum() == by_place["reason for an end without its day", "cin_census_2024.xml"]
    plain = returns().ssda903[2024]["episodes"]
    faulty = returns("many").ssda903[2024]["episodes"]
    file = "ssda903_2024_episodes.csv"
    added = by_place["row twice", file] - by_place["episode of the whole year left out", file]
    assert len(faulty) - len(plain) == added
    open_x1 = (faulty["REC"] == "X1") & faulty["DEC"].isna()
    assert open_x1.sum() >= by_place["X1 on an open episode", file] > 0


def test_no_row_has_two_faults_and_the_rest_is_untouched():
    plain, faulty = returns().newest[1], returns("many").newest[1]
    faulty = faulty.iloc[: len(plain)]
    changed = (plain != faulty) & ~(plain.isna() & faulty.isna())
    assert changed.sum(axis=1).max() == 1
    in_list = [one for one in returns("many").injected if one.part == "List 1" and one.column]
    cells = [one.count for one in in_list if one.kind != "heading written another way"]
    assert changed.to_numpy().sum() == sum(cells)


def test_files_are_written_as_the_manifest_says(tmp_path):
    faulty = returns("few")
    short = {number: table.head(20) for number, table in faulty.newest.items()}
    write(replace(faulty, annex_a={"2025-03-31": short}), tmp_path / "faulty")
    first = (tmp_path / "faulty" / "ssda903_2023_episodes.csv").read_bytes()
    assert first[:2] in (b"\xff\xfe", b"\xfe\xff")
    assert (tmp_path / "faulty" / "ssda903_2024_episodes.csv").read_bytes()[:3] == b"\xef\xbb\xbf"
    book = CalamineWorkbook.from_path(tmp_path / "faulty" / "annex_a_2025-03-31.xlsx")
    assert {"Front_Sheet", "Guidance", "List 3", "list_5"} <= set(book.sheet_names)
    rows = book.get_sheet_by_name("List_1").to_python()
    assert rows[0][0] == "List 1: Contacts" and rows[1][0] == "Child Unique Identifier"
    text = (tmp_path / "faulty" / "cin_census_2023.xml").read_text("utf-8")
    assert "<Message xmlns=" in text
    assert ">true<" in (tmp_path / "faulty" / "cin_census_2025.xml").read_text("utf-8")


# --- the command ----------------------------------------------------------------------------------


def test_the_command_writes_a_folder_and_says_that_it_is_invented(tmp_path, capsys):
    out = tmp_path / "small"
    asked = "synthesise --area sefton --start 2022-04-01 --years 1 --size 0.02 --faults few"
    assert main([*asked.split(), "--format", "ssda903", "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "invented" in said and "ssda903_2023_episodes.csv" in said
    assert (out / "synthetic_returns.json").exists()
    assert main([*asked.split(), "--size", "0", "--out", str(out)]) == 2
    assert pd.read_csv(out / "ssda903_2023_header.csv")["CHILD"].is_unique
