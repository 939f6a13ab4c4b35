"""Annex A files that others made, with the faults that their notes list.

They stand in a folder that the environment variable FAMILY_PATHWAYS_REFERENCE names.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from model.returns import annex_a
from model.returns.faults import Severity
from tests.returns.test_annex_a import kinds, rows_of

FOLDER = os.environ.get("FAMILY_PATHWAYS_REFERENCE", "")
pytestmark = pytest.mark.skipif(not FOLDER, reason="FAMILY_PATHWAYS_REFERENCE is not set")
JOURNEYS = "returns/annexa_cscdp_journeys/annexa_example.xlsx"
CLEANER = "returns/annexa_cscdp_cleaner"

# The 43 rows of the linked workbook, read out by hand.
BY_HAND: dict[str, list[tuple]] = {
    "contacts": [
        ("1111", "2019-01-09", ""),
        ("2222", "2019-01-12", ""),
        ("3333", "2019-01-15", ""),
        ("4444", "2019-01-18", ""),
        ("5555", "2019-01-21", ""),
        ("2222", "2019-01-24", ""),
        ("5555", "2019-01-27", ""),
        ("2222", "2019-01-30", ""),
        ("6523", "2019-02-02", ""),
        ("4589", "2019-02-05", ""),
        ("3569", "2019-02-08", ""),
        ("4447", "2019-02-11", ""),
        ("6666", "2019-04-01", ""),
    ],
    "early_help": [
        ("2222", "2019-03-10", "2019-03-17", ""),
        ("6666", "2019-07-30", None, ""),
    ],
    "referrals": [
        ("1111", "2019-03-01", "", None),
        ("3333", "2019-03-08", "", None),
        ("4444", "2019-03-15", "", None),
        ("3333", "2019-03-22", "", None),
        ("6666", "2019-03-29", "", None),
        ("7777", "2019-04-05", "", None),
        ("6666", "2019-04-12", "", None),
        ("6895", "2019-04-19", "", None),
        ("2458", "2019-04-26", "", None),
        ("1141", "2019-05-03", "", None),
        ("5555", "2019-02-20", "", None),
    ],
    "assessments": [
        ("1111", "2019-04-11", "2019-05-26", None),
        ("3333", "2019-04-13", "2019-05-28", None),
        ("5555", "2019-04-15", "2019-05-30", None),
        ("3333", "2019-04-17", None, None),
        ("7777", "2019-04-19", None, None),
    ],
    "section_47": [
        ("8888", "2019-08-21", None, None, None),
        ("4444", "2019-09-02", None, None, None),
        ("2547", None, "2020-04-06", None, None),
        ("2458", "2019-05-01", None, None, None),
    ],
    "in_need": [
        ("1111", "2019-05-01", None, "", "", ""),
        ("4444", "2019-07-01", None, "", "", ""),
    ],
    "protection_plans": [
        ("4444", "2019-03-04", "2020-01-01", "", ""),
        ("9999", "2019-10-05", None, "", ""),
        ("2547", "2020-05-15", None, "", ""),
    ],
    "care": [
        ("9999", "2019-10-30", "2019-11-03", "2019-10-30", "S", "", "", "", "", ""),
        ("2458", "2019-11-09", None, "2019-11-09", "S", "", "", "", "", ""),
        ("9685", "2019-11-19", "2020-03-31", "2019-11-19", "S", "", "", "", "", ""),
    ],
    "in_need_plans": [],
    "pre_proceedings": [],
    "care_leavers": [],
    "adoptions": [],
}


@pytest.fixture(scope="module")
def journeys():
    return annex_a.read([Path(FOLDER) / JOURNEYS])


@pytest.mark.parametrize("table", BY_HAND)
def test_the_linked_workbook_gives_what_a_person_reads_out_of_it(journeys, table):
    assert rows_of(journeys, table) == BY_HAND[table]


def test_all_43_rows_are_used_and_what_is_blank_in_them_is_said(journeys):
    assert sum(len(rows) for rows in BY_HAND.values()) == 43
    assert sum(one.used for one in journeys.recognised) == 43
    assert kinds(journeys) == [
        ("List_5", 4, "a conference without its strategy discussion"),
    ]
    blank = [one.column for one in journeys.faults if one.kind == "a column without a value"]
    assert blank.count("Date of Birth") == 8  # in every list with rows
    assert {"Contact Source", "Referral NFA?", "Placement Type", "Primary Need Code"} <= set(blank)
    assert journeys["children"]["birth_on"].isna().all()
    empty = [one.part for one in journeys.faults if one.kind == "a list without a row"]
    assert empty == ["List_9", "List_10"]


def test_its_day_is_the_latest_event(journeys):
    assert {one.last for one in journeys.covered} == {pd.Timestamp("2020-05-15")}


def read(name: str):
    return annex_a.read([Path(FOLDER) / CLEANER / name])


def test_the_template_with_a_title_row_and_five_referrals():
    records = read("2015-01-sample.xlsx")
    assert rows_of(records, "referrals") == [
        ("1", "2015-03-15", "school", True),
        ("2", "2015-03-15", "health", False),
        ("3", "2015-03-15", "police", True),
        ("4", "2015-03-15", "school", False),
        ("5", "2015-03-15", "school", False),
    ]
    assert kinds(records) == []
    assert list(records["children"]["birth_on"]) == [pd.Timestamp("2014-01-01")] * 5
    others = {one.part for one in records.recognised if one.what == "no list of Annex A"}
    assert others == {"Front_Sheet", "FAQ_and_changes", "Guidance", "Codes_used"}


@pytest.mark.parametrize("name", ["2016-01-sample.xlsx", "2016-02-sample.xlsx"])
def test_a_template_that_nobody_filled_in_gives_no_record_and_says_so(name):
    records = read(name)
    assert all(table.empty for table in records.tables.values())
    assert records.covered == []
    assert sum(one.kind == "a list without a row" for one in records.faults) == 10


def test_the_old_workbook_with_days_as_text_and_a_row_twice():
    records = read("example-A-2005.xls")
    assert rows_of(records, "contacts") == [("1001", "2010-01-01", "police")]
    began = ["2010-01-01"] * 5 + [f"2010-01-0{n}" for n in range(2, 8)]
    assert [row[1] for row in rows_of(records, "early_help")] == began
    assert [row[0] for row in rows_of(records, "early_help")] == [str(n) for n in range(1005, 1016)]
    assert kinds(records) == [("List_2", 8, "a row that stands twice")]


def test_the_workbook_of_mixed_days_a_birth_in_words_and_a_row_twice():
    records = read("example-B-2004.xlsx")
    assert [row[1:3] for row in rows_of(records, "early_help")] == [
        ("2010-01-01", "2010-01-15")
    ] * 9
    assert sorted(kinds(records)) == [
        ("List_2", 10, "a date that cannot be read"),
        ("List_2", 12, "a row that stands twice"),
    ]
    births = records["children"].set_index("child")["birth_on"]
    assert births.isna().sum() == 1
    assert pd.isna(births["1008"])
    unreadable = next(one for one in records.faults if one.severity is Severity.BLANKED)
    assert unreadable.found == "aaa aa 9 aaa 9999"


def test_two_extracts_of_one_council_are_joined():
    paths = [
        Path(FOLDER) / CLEANER / name for name in ("example-A-2005.xls", "example-B-2004.xlsx")
    ]
    records = annex_a.read(paths, date(2010, 6, 30))
    assert len(records["contacts"]) == 1  # the same contact in both
    assert len(records["early_help"]) == 15  # 11 and 9, of which 5 are the same
