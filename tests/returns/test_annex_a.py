"""Annex A, read exactly: every list, every way in which councils send it, several extracts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model.returns import annex_a
from model.returns.cin_census_shape import SOURCE_OF_CODE
from model.returns.faults import Severity
from model.returns.records import Records
from tests.returns.annex_files import (
    DISABILITY,
    HEADINGS,
    contact,
    day,
    old_workbook,
    open_document,
    table,
    text_table,
    workbook,
)

EXTRACT = date(2024, 3, 31)
ON = "Date of Contact"
ID = "Child Unique ID"


def rows_of(records: Records, name: str) -> list[tuple]:
    """The rows of a table as plain values, without where they came from."""
    frame = records[name].drop(columns=["file", "line"])
    return [
        tuple(
            None
            if pd.isna(cell)
            else f"{cell:%Y-%m-%d}"
            if isinstance(cell, pd.Timestamp)
            else bool(cell)
            if isinstance(cell, bool | np.bool_)
            else cell
            for cell in row
        )
        for row in frame.itertuples(index=False)
    ]


def kinds(records: Records) -> list[tuple[str, int, str]]:
    """Part, line and kind of every fault that is more than a note about the whole file."""
    return [(one.part, one.line, one.kind) for one in records.faults if one.line]


WHOLE = {
    "Front_Sheet": [["Annex A", "of a council"], ["Prepared by", "somebody"]],
    "List_1": table(1, contact(), contact("00123", Gender="b) Female"), title=True),
    "List_2": table(
        2,
        {
            ID: 4711,
            "Assessment start date": day("2024-01-10"),
            "Assessment completion date": day("2024-02-20"),
            "Organisation completing assessment": "St Mary's Primary School",
        },
        {
            ID: 123,
            "Assessment start date": day("2023-11-01"),
            "Organisation completing assessment": "Council Early Help Team",
        },
    ),
    "List 3": table(
        3,
        {
            ID: 4711,
            "Date of referral": day("2024-03-02"),
            "Referral Source": "6",
            "Referral NFA?": "No",
            "Allocated Worker": "Zebedee Quux",
        },
        {
            ID: 123,
            "Date of referral": day("2024-03-05"),
            "Referral Source": "2A",
            "Referral NFA?": 1,
        },
    ),
    "L4 Assessments": table(
        4,
        {
            ID: 4711,
            DISABILITY: "b) No",
            "Continuous Assessment Start Date": day("2024-03-04"),
            "Continuous Assessment Date of Authorisation": day("2024-03-25"),
            "Was the child assessed as requiring LA children\u2019s social care support": "Y",
        },
    ),
    "List_5": table(
        5,
        {
            ID: 4711,
            "Strategy discussion initiating Section 47 Enquiry Start Date": day("2024-03-06"),
            "Was an Initial Child Protection Conference deemed unnecessary?": "b) No",
            "Date of Initial Child Protection Conference": day("2024-03-20"),
            "Did the Initial Child Protection Conference Result in a Child Protection Plan": True,
        },
    ),
    "List_6": table(
        6,
        {
            ID: 4711,
            DISABILITY: "a) Yes",
            "CIN Start Date": day("2024-03-02"),
            "Primary Need Code": "N1 - Abuse or neglect",
            "Case status": "b) Child Protection plan",
        },
        {
            ID: 123,
            "CIN Start Date": day("2023-06-01"),
            "Primary Need Code": "Family dysfunction",
            "CIN Closure Date": day("2024-01-15"),
            "Reason for Closure": "RC7",
            "Case status": "e) Closed episode",
        },
    ),
    "List_7": table(
        7,
        {
            ID: 4711,
            "Child Protection Plan Start Date": day("2024-03-20"),
            "Initial Category of Abuse": "a) Neglect",
            "Latest Category of Abuse": "d) Emotional abuse",
            "Number of Previous Child Protection Plans": 0,
        },
    ),
    "List_8": table(
        8,
        {
            ID: 88,
            "Date of Birth": day("2010-05-05"),
            "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N)": "a) Yes",
            "Date Started to be Looked After": day("2023-01-10"),
            "Child's Category of Need": "N8",
            "Child's Legal Status": "V2: Single period under S20",
            "Start Date of Most Recent Placement": day("2023-09-01"),
            "Placement Type": "f) U6: Foster placement - not FFA",
            "Placement Provider": "e) PR4: Private provision",
            "Placement postcode": "ZZ9 9ZZ",
        },
        {
            ID: 89,
            "Date Started to be Looked After": day("2023-12-01"),
            "Date Ceased to be Looked After ": day("2024-02-02"),
            "Reason Ceased to be Looked After": "e) E4A: Returned home - part of planning",
            "Placement Type": "p) K2: Children's Homes",
        },
    ),
    "List_9": table(9, {ID: 90, "Eligibility Category": "b) Former relevant child"}),
    "List_10": table(
        10,
        {
            ID: 91,
            "Family identifier": "FAMILY-7",
            "Date the Child Entered Care": day("2022-05-01"),
            "Date of Decision that Child Should be Placed for Adoption": day("2023-02-01"),
            "Date Placed for Adoption": day("2023-08-01"),
            "Date of Adoption Order ": day("2024-01-31"),
        },
    ),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Records:
    path = workbook(tmp_path_factory.mktemp("annex") / "annex.xlsx", WHOLE)
    return annex_a.read([path], EXTRACT)


WHOLE_ANSWER = {
    "children": [
        ("4711", "2015-06-01", True, None),
        ("123", "2015-06-01", None, None),
        ("88", "2010-05-05", None, True),
        ("89", None, None, None),
        ("90", None, None, None),
        ("91", None, None, None),
    ],
    "contacts": [("4711", "2024-03-01", "police"), ("123", "2024-03-01", "police")],
    "early_help": [
        ("4711", "2024-01-10", "2024-02-20", "partner"),
        ("123", "2023-11-01", None, "council"),
    ],
    "referrals": [
        ("4711", "2024-03-02", "police", False),
        ("123", "2024-03-05", "school", True),
    ],
    "assessments": [("4711", "2024-03-04", "2024-03-25", True)],
    "section_47": [("4711", "2024-03-06", "2024-03-20", False, True)],
    "in_need": [
        ("4711", "2024-03-02", None, "", "N1", "protection_plan"),
        ("123", "2023-06-01", "2024-01-15", "RC7", "N5", "closed"),
    ],
    "in_need_plans": [],
    "protection_plans": [("4711", "2024-03-20", None, "NEG", "0")],
    "pre_proceedings": [],
    "care": [
        ("88", "2023-09-01", None, "2023-01-10", "P", "", "V2", "N8", "agency_foster", "PR4"),
        ("89", "2023-12-01", "2024-02-02", "2023-12-01", "S", "E4A", "", "", "childrens_home", ""),
    ],
    "care_leavers": [("90", "former_relevant")],
    "adoptions": [("91", "2022-05-01", "2023-02-01", "2023-08-01", "2024-01-31")],
}


@pytest.mark.parametrize("name", WHOLE_ANSWER)
def test_a_whole_workbook_gives_exactly_these_records(whole, name):
    assert rows_of(whole, name) == WHOLE_ANSWER[name]


def test_a_clean_workbook_has_no_fault_by_line(whole):
    assert kinds(whole) == []


def test_each_record_keeps_the_line_it_came_from(whole):
    assert list(whole["contacts"]["line"]) == [3, 4]  # the title stands in line 1
    assert list(whole["referrals"]["line"]) == [2, 3]
    assert set(whole["contacts"]["file"]) == {"annex.xlsx"}


def test_six_months_are_covered_and_the_latest_spell_alone_in_lists_6_to_8(whole):
    covered = {one.table: one for one in whole.covered}
    assert covered["contacts"].first == pd.Timestamp("2023-09-30")
    assert covered["contacts"].last == pd.Timestamp(EXTRACT)
    assert covered["adoptions"].first == pd.Timestamp("2023-03-31")
    latest_alone = {name for name, one in covered.items() if not one.every_spell}
    assert latest_alone == {"in_need", "protection_plans", "care"}


def test_a_sheet_that_is_no_list_is_said_and_hides_nothing(whole):
    said = [one for one in whole.recognised if one.part == "Front_Sheet"]
    assert [(one.what, one.used) for one in said] == [("no list of Annex A", 0)]


def test_columns_that_identify_and_are_not_needed_never_leave_the_sheet(whole):
    everything = "".join(frame.to_csv() for frame in whole.tables.values())
    for word in ("Zebedee", "ZZ9", "FAMILY-7", "Female"):
        assert word not in everything


LIST_1 = table(1, contact("0101"), contact("x7", on=day("2024-02-29")))
ANSWER_1 = [("101", "2024-03-01", "police"), ("X7", "2024-02-29", "police")]


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("List 1.csv", {}),
        ("List 1.csv", {"encoding": "utf-8-sig"}),
        ("List 1.csv", {"encoding": "utf-16"}),
        ("List 1.csv", {"encoding": "utf-16-le"}),
        ("List 1.csv", {"encoding": "utf-16-be"}),
        ("List 1.csv", {"encoding": "cp1252"}),
        ("List 1.csv", {"delimiter": ";"}),
        ("List 1.tsv", {"delimiter": "\t"}),
        ("contacts.txt", {"delimiter": "|"}),
    ],
)
def test_a_list_as_text_reads_the_same_however_it_was_saved(tmp_path, name, options):
    path = text_table(tmp_path / name, LIST_1, **options)
    assert rows_of(annex_a.read([path], EXTRACT), "contacts") == ANSWER_1


def test_open_document_and_old_excel_read_the_same(tmp_path):
    ods = open_document(tmp_path / "annex.ods", {"List 1": LIST_1})
    with_text = [[c.strftime("%d/%m/%Y") if isinstance(c, date) else c for c in r] for r in LIST_1]
    xls = old_workbook(tmp_path / "annex.xls", "List_1", with_text)
    for path in (ods, xls):
        assert rows_of(annex_a.read([path], EXTRACT), "contacts") == ANSWER_1


def test_rows_repeated_below_an_open_document_table_are_not_rows(tmp_path):
    tail = (
        '<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    path = open_document(tmp_path / "annex.ods", {"List 1": LIST_1}, last_rows=tail)
    assert len(annex_a.read([path], EXTRACT)["contacts"]) == 2


@pytest.mark.parametrize(
    "written",
    [
        "2024-03-01",
        "01/03/2024",
        "1/3/24",
        "01-Mar-2024",
        "1 March 2024",
        "01.03.2024",
        "45352",
        45352,
        20240301,
        "2024-03-01T09:30:00",
        "01/03/2024 09:30",
        "20240301",
        "Fri 1 Mar 2024",
        "2024-03-01 00:00:00",
        "45352.5",
        "1st March 2024",
    ],
)
def test_a_day_is_the_same_day_however_it_is_written(tmp_path, written):
    path = workbook(tmp_path / "annex.xlsx", {"List_1": table(1, contact(on=written))})
    assert rows_of(annex_a.read([path], EXTRACT), "contacts")[0][1] == "2024-03-01"


@pytest.mark.parametrize("written", [123, 123.0, "123", "00123", "123.0", " 123 ", "'123", "123 "])
def test_a_child_is_the_same_child_however_the_id_is_written(tmp_path, written):
    path = workbook(tmp_path / "annex.xlsx", {"List_1": table(1, contact(written))})
    assert rows_of(annex_a.read([path], EXTRACT), "contacts")[0][0] == "123"


@pytest.mark.parametrize(
    ("written", "source"),
    [
        ("q) 6: Police", "police"),
        ("6", "police"),
        (6, "police"),
        ("6: Police", "police"),
        ("POLICE", "police"),
        ("6 - Police", "police"),
        ("e) 2A: Schools", "school"),
        ("2B: Education services", "school"),
        ("f) 2b Education Services", "school"),
        ("School nurse", "health"),
        ("3B", "health"),
        ("Health Visitor", "health"),
        ("A&E (Emergency Department)", "health"),
        ("m) 4: Housing", "council_services"),
        ("5C: LA services", "council_services"),
        ("n) 5A", "council_services"),
        ("a) 1A: Individual", "family_and_public"),
        ("INDIVIDUAL \u2013 family member, relative or carer", "family_and_public"),
        ("t) 9: Anonymous", "family_and_public"),
        ("7: Other legal agency", "other"),
        ("s) 8: Other", "other"),
        ("u) 10: Unknown", "other"),
        (10, "other"),
        ("CAFCASS", "other"),
        (None, ""),
        ("N/A", ""),
    ],
)
def test_a_source_is_known_by_code_letter_or_words(tmp_path, written, source):
    rows = table(1, contact(**{"Contact Source": written}))
    path = workbook(tmp_path / "annex.xlsx", {"List_1": rows})
    records = annex_a.read([path], EXTRACT)
    assert rows_of(records, "contacts")[0][2] == source
    assert kinds(records) == []


def test_annex_a_and_the_census_call_a_source_the_same(tmp_path):
    rows = table(1, *(contact(n, **{"Contact Source": n}) for n in SOURCE_OF_CODE))
    path = workbook(tmp_path / "annex.xlsx", {"List_1": rows})
    sources = annex_a.read([path], EXTRACT)["contacts"].set_index("child")["source"]
    assert dict(sources) == SOURCE_OF_CODE


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("a) Yes", True),
        ("Yes", True),
        ("y", True),
        (1, True),
        ("1.0", True),
        ("TRUE", True),
        (True, True),
        ("NFA", True),
        ("b) No", False),
        ("N", False),
        (0, False),
        (False, False),
        ("c) Unknown", None),
        ("", None),
    ],
)
def test_yes_and_no_are_known_however_they_are_written(tmp_path, written, said):
    row = {ID: 1, "Date of referral": day("2024-03-01"), "Referral NFA?": written}
    other = {ID: 2, "Date of referral": day("2024-03-01"), "Referral NFA?": "Yes"}
    path = workbook(tmp_path / "annex.xlsx", {"List_3": table(3, row, other)})
    records = annex_a.read([path], EXTRACT)
    assert rows_of(records, "referrals")[0][3] is said
    assert kinds(records) == []


@pytest.mark.parametrize(
    "headings",
    [
        ("CHILD UNIQUE ID", "date of contact", "Contact source"),
        ("  Child  Unique-ID ", "Date\nof\nContact", "Contact_Source"),
        ("Child ID", "Contact Date", "Source of Contact"),
        ("ChildUniqueID", "DateOfContact", "ContactSource"),
    ],
)
@pytest.mark.parametrize("sheet", ["List_1", "List 1", "L1 Contacts", "Contacts", "Sheet1"])
def test_a_list_is_known_by_its_headings_whatever_its_sheet_is_called(tmp_path, headings, sheet):
    rows = [["Contacts in the last six months"], [], ["Prepared", "today"], list(headings)]
    rows.append([5, day("2024-03-01"), "6"])
    path = workbook(tmp_path / "annex.xlsx", {sheet: rows})
    records = annex_a.read([path], EXTRACT)
    assert rows_of(records, "contacts") == [("5", "2024-03-01", "police")]
    assert list(records["contacts"]["line"]) == [5]


def test_lists_in_files_of_one_folder_are_one_extract(tmp_path):
    first = text_table(tmp_path / "contacts.csv", table(1, contact()))
    row = {ID: 4711, "Date of referral": day("2024-03-20"), "Referral Source": "6"}
    second = text_table(tmp_path / "referrals.csv", table(3, row))
    records = annex_a.read([first, second])
    assert {one.last for one in records.covered} == {pd.Timestamp("2024-03-20")}


def extract(path: Path, *rows: dict, number: int = 2) -> Path:
    return workbook(path, {"List_1": table(1, contact()), f"List_{number}": table(number, *rows)})


EH = {ID: 7, "Assessment start date": day("2023-12-01")}
DONE = EH | {"Assessment completion date": day("2024-03-10")}


def test_a_newer_extract_says_how_a_spell_ended_and_repeats_count_once(tmp_path):
    older = workbook(
        tmp_path / "2023-12.xlsx",
        {"List_1": table(1, contact(1, day("2023-12-31"))), "List_2": table(2, EH)},
    )
    newer = workbook(
        tmp_path / "2024-03.xlsx",
        {
            "List_1": table(1, contact(1, day("2023-12-31")), contact(2, day("2024-03-31"))),
            "List_2": table(2, DONE),
        },
    )
    records = annex_a.read([newer, older], EXTRACT)
    assert rows_of(records, "early_help") == [("7", "2023-12-01", "2024-03-10", "")]
    assert [row[0] for row in rows_of(records, "contacts")] == ["1", "2"]
    said = {(one.file, one.part, one.line, one.severity, one.kind) for one in records.faults}
    assert (
        "2023-12.xlsx",
        "List_1",
        2,
        Severity.NOTED,
        "a row that a newer extract repeats",
    ) in said
    assert (
        "2023-12.xlsx",
        "List_2",
        2,
        Severity.REPAIRED,
        "a spell that a newer extract tells otherwise",
    ) in said


def test_the_day_that_is_given_is_the_newest_extracts(tmp_path):
    older = workbook(tmp_path / "a.xlsx", {"List_1": table(1, contact(1, day("2023-12-31")))})
    newer = workbook(tmp_path / "b.xlsx", {"List_1": table(1, contact(2, day("2024-03-30")))})
    last = {one.file: one.last for one in annex_a.read([older, newer], EXTRACT).covered}
    # Two files of one list in one folder: their names tell them apart.
    assert last == {"a.xlsx": pd.Timestamp("2023-12-31"), "b.xlsx": pd.Timestamp("2024-03-31")}


def test_a_later_placement_in_a_newer_extract_ends_the_one_before(tmp_path):
    care = {ID: 9, "Date Started to be Looked After": day("2023-01-01")}
    first = care | {
        "Start Date of Most Recent Placement": day("2023-01-01"),
        "Placement Type": "U1",
    }
    second = care | {
        "Start Date of Most Recent Placement": day("2024-02-01"),
        "Placement Type": "K2",
    }
    older = workbook(
        tmp_path / "old.xlsx",
        {"List_1": table(1, contact(1, day("2023-12-31"))), "List_8": table(8, first)},
    )
    newer = extract(tmp_path / "new.xlsx", second, number=8)
    rows = rows_of(annex_a.read([older, newer], EXTRACT), "care")
    assert [(r[1], r[2], r[4], r[5], r[8]) for r in rows] == [
        ("2023-01-01", "2024-02-01", "S", "X1", "kinship"),
        ("2024-02-01", None, "P", "", "childrens_home"),
    ]


@pytest.mark.parametrize("mistyped", [1, 3])
def test_mistyped_years_do_not_move_the_extract(tmp_path, mistyped):
    rows = [contact(n, day("2024-01-01") + pd.Timedelta(days=n % 90)) for n in range(1, 301)]
    rows += [contact(301 + n, day(f"2034-03-0{n + 1}")) for n in range(mistyped)]
    path = workbook(tmp_path / "annex.xlsx", {"List_1": table(1, *rows)})
    records = annex_a.read([path])
    assert records.covered[0].last == pd.Timestamp("2024-03-30")
    assert ("List_1", 302, "a day after the extract") in kinds(records)


def test_day_numbers_of_a_workbook_that_counts_from_1904(tmp_path):
    import openpyxl
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    for row in table(1, contact(1, 45352 - 1462), contact(2)):
        book.active.append(row)
    book.save(tmp_path / "annex.xlsx")
    records = annex_a.read([tmp_path / "annex.xlsx"], EXTRACT)
    assert {row[1] for row in rows_of(records, "contacts")} == {"2024-03-01"}


def test_every_heading_of_the_template_that_is_read_is_in_the_readers_table():
    from model.returns.annex_a_header import find_list
    from model.returns.sheets import Sheet

    for number, headings in HEADINGS.items():
        found = find_list(Sheet("f", "any name", [list(headings)], [1]))
        assert found is not None
        assert found.annex_list.number == number
        assert found.usable
        missing = {one.column for one in found.faults}
        assert missing == set(), number
