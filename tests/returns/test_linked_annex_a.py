"""The linked dummy Annex A: 43 rows, and the pathways that a person reads out of them."""

import os
from collections import Counter
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from model.returns.history import NOT_ASKED, OPEN, TOO_RECENT, history, pathways
from tests.returns.written_records import records_of

FILE = "returns/annexa_cscdp_journeys/annexa_example.xlsx"
# Sheet -> table, and its date columns (as the sheet counts them, from 0).
SHEETS = {
    "List_1": ("contacts", {"on": 5}),
    "List_2": ("early_help", {"began_on": 5, "ended_on": 6}),
    "List_3": ("referrals", {"on": 5}),
    "List_4": ("assessments", {"began_on": 6, "ended_on": 8}),
    "List_5": ("section_47", {"on": 6, "conference_on": 8}),
    "List_6": ("in_need", {"began_on": 6, "ended_on": 9}),
    "List_7": ("protection_plans", {"began_on": 6, "ended_on": 12}),
    "List_8": ("care", {"began_on": 7, "ended_on": 19}),
}

# Read out of the workbook by a person, child by child.
READ_BY_A_PERSON = {
    1111: "contact 09-01-19, referral 01-03-19, assessment began 11-04-19,"
    " in need from 01-05-19, assessment completed 26-05-19",
    2222: "contact 12-01-19, contact 24-01-19, contact 30-01-19, early help began 10-03-19,"
    " early help completed 17-03-19",
    3333: "contact 15-01-19, referral 08-03-19, referral 22-03-19, assessment began 13-04-19,"
    " assessment began 17-04-19, assessment completed 28-05-19",
    4444: "contact 18-01-19, child protection plan began 04-03-19, referral 15-03-19,"
    " in need from 01-07-19, section 47 enquiry 02-09-19, child protection plan ended 01-01-20",
    5555: "contact 21-01-19, contact 27-01-19, referral 20-02-19, assessment began 15-04-19,"
    " assessment completed 30-05-19",
    6523: "contact 02-02-19",
    4589: "contact 05-02-19",
    3569: "contact 08-02-19",
    4447: "contact 11-02-19",
    6666: "referral 29-03-19, contact 01-04-19, referral 12-04-19, early help began 30-07-19",
    7777: "referral 05-04-19, assessment began 19-04-19",
    6895: "referral 19-04-19",
    2458: "referral 26-04-19, section 47 enquiry 01-05-19, care began 09-11-19",
    1141: "referral 03-05-19",
    8888: "section 47 enquiry 21-08-19",
    2547: "initial conference 06-04-20, child protection plan began 15-05-20",
    9999: "child protection plan began 05-10-19, care began 30-10-19, care ended 03-11-19",
    9685: "care began 19-11-19, care ended 31-03-20",
}


def as_read(text):
    """A line above as events."""
    found = []
    for event in text.split(", "):
        name, on = event.rsplit(" ", 1)
        day, month, year = map(int, on.split("-"))
        found.append((name, date(2000 + year, month, day)))
    return tuple(found)


def workbook(name):
    """The rows of the dummy workbook, as a person sees them, as records."""
    folder = os.environ.get("FAMILY_PATHWAYS_REFERENCE")
    if not folder or not (Path(folder) / FILE).is_file():
        pytest.skip("the dummy workbook is not here")
    book = openpyxl.load_workbook(Path(folder) / FILE, data_only=True, read_only=True)
    tables = {}
    for sheet, (table, columns) in SHEETS.items():
        rows = [row for row in book[sheet].iter_rows(min_row=2, values_only=True) if row[0]]
        tables[table] = [
            {"child": str(row[0]), "file": name} | {key: row[at] for key, at in columns.items()}
            for row in rows
        ]
    return tables


def written():
    """The same rows, written down: what the workbook holds."""
    tables = {table: [] for table, _ in SHEETS.values()}
    spells = {
        "early help": "early_help",
        "assessment": "assessments",
        "child protection plan": "protection_plans",
        "care": "care",
    }
    for child, text in READ_BY_A_PERSON.items():
        for name, on in as_read(text):
            row = {"child": str(child)}
            if name in ("contact", "referral", "section 47 enquiry"):
                table = {"contact": "contacts", "referral": "referrals"}.get(name, "section_47")
                tables[table].append(row | {"on": on})
            elif name == "initial conference":
                tables["section_47"].append(row | {"conference_on": on})
            elif name == "in need from":
                tables["in_need"].append(row | {"began_on": on})
            elif name.endswith("began"):
                tables[spells[name.removesuffix(" began")]].append(row | {"began_on": on})
            else:
                stage, _, _ = name.rpartition(" ")
                opened = [one for one in tables[spells[stage]] if one["child"] == str(child)]
                opened[0]["ended_on"] = on
    return tables


WHERE_FROM = {"workbook": lambda: workbook("annexa_example.xlsx"), "written": written}


@pytest.fixture(params=WHERE_FROM)
def read_out(request):
    """Its history, from the workbook itself, and from the same rows written in this test."""
    tables = WHERE_FROM[request.param]()
    assert sum(map(len, tables.values())) == 43
    return history(records_of(("2019-01-01", "2020-06-30"), **tables))


def test_gives_the_pathways_that_a_person_reads_out_of_it(read_out):
    """Each child's events, in order, each once."""
    expected = Counter(as_read(text) for text in READ_BY_A_PERSON.values())
    assert Counter(pathways(read_out)) == expected


def test_links_by_the_windows_and_says_no_only_where_the_window_has_run_out(read_out):
    """Every stay and how it ended, worked out by hand with the windows' lengths."""
    spells = read_out.spells()
    spells = spells[spells["stage"] != "return"]
    found = Counter(
        (row.stage, row.entered_on.date(), row.outcome) for row in spells.itertuples(index=False)
    )
    assert found == Counter(
        (stage, as_read(f"x {on}")[0][1], outcome) for stage, on, outcome in LINKED_BY_HAND
    )


CONTACTS = [
    *("09-01", "12-01", "15-01", "18-01", "21-01", "24-01"),
    *("27-01", "02-02", "05-02", "08-02", "11-02"),
]
LINKED_BY_HAND = [
    # Eleven contacts with no referral in 10 days and no early help in 60.
    *(("contact", f"{on}-19", "advice_only") for on in CONTACTS if on not in ("12-01", "24-01")),
    # 2222: early help on 10 March, 57, 45 and 39 days after the three contacts; a referral: none.
    ("contact", "12-01-19", "early_help_recommendation"),
    ("contact", "24-01-19", "early_help_recommendation"),
    ("contact", "30-01-19", "early_help_recommendation"),
    # 6666: a referral 11 days after the contact is one day too late; early help 120 days after.
    ("contact", "01-04-19", "advice_only"),
    ("early_help", "10-03-19", NOT_ASKED),
    ("early_help", "30-07-19", OPEN),
    # 1111: 41 days to the assessment; 3333: 36 and 22; 5555: 54; 7777: 14; 2458: 5 to an enquiry.
    ("referral", "01-03-19", "no_further_action"),
    ("referral", "08-03-19", "no_further_action"),
    ("referral", "22-03-19", "assessment"),
    ("referral", "15-03-19", "no_further_action"),
    ("referral", "20-02-19", "no_further_action"),
    ("referral", "29-03-19", "no_further_action"),
    ("referral", "12-04-19", "no_further_action"),
    ("referral", "05-04-19", "assessment"),
    ("referral", "19-04-19", "no_further_action"),
    ("referral", "26-04-19", "strategy_discussion"),
    ("referral", "03-05-19", "no_further_action"),
    # Completed, but no list of child in need plans: what came of it was not asked.
    ("assessment", "11-04-19", NOT_ASKED),
    ("assessment", "13-04-19", NOT_ASKED),
    ("assessment", "15-04-19", NOT_ASKED),
    ("assessment", "17-04-19", OPEN),
    ("assessment", "19-04-19", OPEN),
    ("section_47", "21-08-19", "not_substantiated"),
    ("section_47", "02-09-19", "not_substantiated"),
    ("section_47", "01-05-19", "not_substantiated"),
    ("section_47", "06-04-20", "child_protection_plan"),  # a conference, 39 days
    ("child_protection_plan", "04-03-19", "steps_down"),
    ("child_protection_plan", "05-10-19", "care_entry"),
    ("child_protection_plan", "15-05-20", OPEN),
    ("looked_after", "30-10-19", NOT_ASKED),
    ("looked_after", "09-11-19", OPEN),
    ("looked_after", "19-11-19", NOT_ASKED),
]


def test_an_enquiry_too_recent_for_a_plan_is_not_one_without():
    """With the extract 30 days after the enquiry nothing is said of it; after 61 days, none."""
    tables = {
        "section_47": [{"child": "1", "on": "2020-04-06"}],
        "protection_plans": [{"child": "2", "began_on": "2020-01-01"}],
        "care": [{"child": "3", "began_on": "2020-01-01"}],
    }
    soon = history(records_of(("2020-01-01", "2020-05-06"), **tables)).stays["section_47"]
    late = history(records_of(("2020-01-01", "2020-06-06"), **tables)).stays["section_47"]
    assert list(soon.outcome) == [TOO_RECENT]
    assert list(late.outcome) == ["not_substantiated"]
