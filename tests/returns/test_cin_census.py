"""A children in need census becomes the records that a person would write down from it."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

import pandas as pd
import pytest

from model.errors import InputError
from model.returns import cin_census
from model.returns.cin_census_shape import REFERRAL_SOURCES, source_of
from model.returns.faults import counted
from model.returns.xml_guard import Limits
from tests.returns.census_files import (
    CHILD,
    PRE_PROCEEDINGS,
    WHOLE,
    read_text,
    replaced,
)


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


def only(records, table: str) -> dict:
    """The single row of a table."""
    assert len(records[table]) == 1
    return records[table].iloc[0].to_dict()


def test_one_child_becomes_one_row_of_each_kind(tmp_path):
    records = read_text(tmp_path, WHOLE)
    assert records.faults == []
    assert records.council == "201"
    child = only(records, "children")
    assert (child["child"], child["birth_on"]) == ("KID7001", day("2012-12-06"))
    assert child["disabled"] is False or child["disabled"] == False  # noqa: E712
    referral = only(records, "referrals")
    assert (referral["on"], referral["source"]) == (day("2023-05-02"), "police")
    assert not referral["no_further_action"]
    need = only(records, "in_need")
    assert (need["began_on"], need["ended_on"]) == (day("2023-05-02"), day("2024-02-20"))
    assert (need["reason"], need["need"]) == ("RC7", "N1")
    assessment = only(records, "assessments")
    assert (assessment["began_on"], assessment["ended_on"]) == (
        day("2023-05-03"),
        day("2023-06-20"),
    )
    assert pd.isna(assessment["in_need"])
    enquiry = only(records, "section_47")
    assert (enquiry["on"], enquiry["conference_on"]) == (day("2023-06-21"), day("2023-07-10"))
    assert not enquiry["conference_unnecessary"]
    plan = only(records, "in_need_plans")
    assert (plan["began_on"], plan["ended_on"]) == (day("2023-12-11"), day("2024-02-20"))
    protection = only(records, "protection_plans")
    assert (protection["began_on"], protection["ended_on"]) == (
        day("2023-07-10"),
        day("2023-12-10"),
    )
    assert (protection["category"], protection["previous"]) == ("NEG", "1")


def test_the_days_covered_are_the_census_year(tmp_path):
    records = read_text(tmp_path, WHOLE)
    assert {(one.first, one.last) for one in records.covered} == {
        (day("2023-04-01"), day("2024-03-31"))
    }
    tables = {one.table for one in records.covered}
    assert {"referrals", "assessments", "protection_plans", "section_47"} <= tables
    assert not tables & {"contacts", "early_help", "care", "pre_proceedings"}


def test_a_part_with_no_row_is_not_taken_as_nought(tmp_path):
    start, end = CHILD.index("        <CINPlanDates>"), CHILD.index("        <Section47>")
    records = read_text(tmp_path, replaced((CHILD[start:end], "")))
    assert "in_need_plans" not in {one.table for one in records.covered}
    assert [(one.part, one.kind) for one in records.faults] == [
        ("in_need_plans", "nothing of this kind in the whole census")
    ]


def test_lines_are_those_of_the_file(tmp_path):
    records = read_text(tmp_path, WHOLE)
    lines = WHOLE.splitlines()
    assert lines[only(records, "referrals")["line"] - 1].strip() == "<CINdetails>"
    assert lines[only(records, "protection_plans")["line"] - 1].strip() == "<ChildProtectionPlans>"


@pytest.mark.parametrize(
    "text",
    [
        WHOLE.replace("<Message>", '<Message xmlns="http://example.org/cin">'),
        WHOLE.replace("<Message>", '<c:Message xmlns:c="urn:x">').replace(
            "</Message>", "</c:Message>"
        ),
        '<?xml version="1.0" encoding="UTF-8"?>\n' + WHOLE,
        "\ufeff" + WHOLE,
        ('<?xml version="1.0" encoding="utf-16"?>' + WHOLE).encode("utf-16"),
        ('<?xml version="1.0" encoding="utf-16"?>' + WHOLE).encode("utf-8"),
        WHOLE.encode("utf-16-le"),
        WHOLE.encode("utf-16-be"),
        ('<?xml version="1.0" encoding="ISO-8859-1"?>' + WHOLE).encode("latin-1"),
        WHOLE.replace("\n", ""),
        WHOLE.replace("\n", "\r\n"),
        WHOLE.replace("<Message>", "<!-- from the case system -->\n<Message>"),
    ],
    ids=[
        "namespace",
        "prefix",
        "declared",
        "mark",
        "utf-16",
        "utf-16 in name alone",
        "utf-16 without mark",
        "utf-16 big end first",
        "latin",
        "one line",
        "windows lines",
        "comment",
    ],
)
def test_the_same_census_in_any_dress(tmp_path, text):
    records = read_text(tmp_path, text)
    assert records.faults == []
    assert cin_census.recognise(tmp_path / "census_1.xml")
    assert {
        name: len(table) for name, table in records.tables.items() if len(table)
    } == dict.fromkeys(
        (
            "children",
            "referrals",
            "assessments",
            "section_47",
            "in_need",
            "in_need_plans",
            "protection_plans",
        ),
        1,
    )


@pytest.mark.parametrize("year", range(2017, 2027))
def test_every_shape_since_2017_is_read(tmp_path, year):
    """The older name of the child's sex, its school year, and pre-proceedings since 2026."""
    years = {"2024": year, "2023": year - 1, "2012": year - 12}
    text = re.sub("2024|2023|2012", lambda found: str(years[found[0]]), WHOLE)
    if year < 2024:
        text = replaced(("<Sex>F</Sex>", "<GenderCurrent>2</GenderCurrent>"), text=text)
    if year == 2017:
        text = replaced(
            ("</LAchildID>", "</LAchildID><PersonSchoolYear>6</PersonSchoolYear>"), text=text
        )
    if year == 2026:
        more = PRE_PROCEEDINGS.replace("2024", "2026").replace("2023", "2025")
        text = replaced(("      </CINdetails>", more + "      </CINdetails>"), text=text)
    records = read_text(tmp_path, text)
    assert records.faults == []
    assert len(records["pre_proceedings"]) == (year == 2026)
    assert records.recognised[0].what.endswith(str(year))


def test_a_referral_without_further_action_is_no_episode_of_need(tmp_path):
    start = CHILD.index("        <PrimaryNeedCode>")
    end = CHILD.index("        <ReferralNFA>")
    last = CHILD.index("        <ChildProtectionPlans>"), CHILD.index("      </CINdetails>")
    text = replaced(
        (CHILD[start:end], ""),
        ("<ReferralNFA>0", "<ReferralNFA>true"),
        (CHILD[last[0] : last[1]], ""),
    )
    records = read_text(tmp_path, text)
    assert only(records, "referrals")["no_further_action"]
    assert len(records["in_need"]) == 0


def test_action_after_no_further_action_takes_the_mark_away(tmp_path):
    records = read_text(tmp_path, replaced(("<ReferralNFA>0", "<ReferralNFA>1")))
    assert pd.isna(only(records, "referrals")["no_further_action"])
    assert len(records["in_need"]) == 1


@pytest.mark.parametrize(
    ("end", "table"),
    [
        ("<CINclosureDate>2024-02-20", "in_need"),
        ("<AssessmentAuthorisationDate>2023-06-20", "assessments"),
        ("<CINPlanEndDate>2024-02-20", "in_need_plans"),
        ("<CPPendDate>2023-12-10", "protection_plans"),
    ],
)
def test_a_spell_with_an_unreadable_end_is_not_counted_as_open(tmp_path, end, table):
    tag = end.partition(">")[0]
    lost = read_text(tmp_path, replaced((end, f"{tag}>31/13/2023")))
    assert len(lost[table]) == 0
    assert len(lost["referrals"]) == 1
    open_ended = read_text(tmp_path, replaced((end, f"{tag}>9999-12-31")))
    assert len(open_ended[table]) == 1


def test_an_unborn_child_has_an_expected_birth(tmp_path):
    text = replaced(
        (
            "<PersonBirthDate>2012-12-06</PersonBirthDate>",
            "<ExpectedPersonBirthDate>2024-06-01</ExpectedPersonBirthDate>",
        )
    )
    records = read_text(tmp_path, text)
    assert only(records, "children")["birth_on"] == day("2024-06-01")
    assert records.faults == []


def test_a_disability_is_any_code_but_none(tmp_path):
    text = replaced(("<Disability>NONE<", "<Disability>LD<"))
    assert only(read_text(tmp_path, text), "children")["disabled"]
    start, end = CHILD.index("        <Disabilities>"), CHILD.index("      </ChildCharacteristics>")
    silent = read_text(tmp_path, replaced((CHILD[start:end], "")))
    assert pd.isna(only(silent, "children")["disabled"])


def test_a_case_open_in_one_census_and_closed_in_the_next_is_one_spell(tmp_path):
    closure = CHILD.index("        <CINclosureDate>"), CHILD.index("        <Assessments>")
    earlier = replaced(
        (CHILD[closure[0] : closure[1]], ""),
        ("<CINPlanEndDate>2024-02-20</CINPlanEndDate>", ""),
        ("<CPPendDate>2023-12-10</CPPendDate>", "<CPPendDate>2023-12-10</CPPendDate>"),
    )
    later = replaced(
        ("<Year>2024", "<Year>2025"),
        ("2024-03-31", "2025-03-31"),
        ("<CINclosureDate>2024-02-20", "<CINclosureDate>2024-05-01"),
        ("<CINPlanEndDate>2024-02-20", "<CINPlanEndDate>2024-05-01"),
    )
    for order in ((earlier, later), (later, earlier)):
        records = read_text(tmp_path, *order)
        assert only(records, "in_need")["ended_on"] == day("2024-05-01")
        assert only(records, "in_need_plans")["ended_on"] == day("2024-05-01")
        kinds = {(one.part, one.kind) for one in records.faults}
        assert ("in_need", "spells that a later census has again") in kinds
        assert len({(one.table, one.first) for one in records.covered}) == 12


def test_files_of_two_councils_are_not_mixed(tmp_path):
    with pytest.raises(InputError, match=r"censuses of 2 councils \(201, 343\)"):
        read_text(tmp_path, WHOLE, replaced(("201", "343")))


def test_one_refused_file_does_not_hide_the_others(tmp_path):
    records = read_text(tmp_path, WHOLE, WHOLE[:900])
    assert len(records["referrals"]) == 1
    assert [(one.file, str(one.severity)) for one in records.faults] == [
        ("census_2.xml", "refused")
    ]


def test_every_source_has_a_word_in_the_pathway():
    words = {code: source_of(code) for code in REFERRAL_SOURCES}
    assert all(words.values())
    assert words["1A"] == words["9"] == "family_and_public"
    assert words["10"] == "other" and words["6"] == "police"


def test_a_large_census_is_read_in_seconds_one_child_at_a_time(tmp_path):
    children = "".join(CHILD.replace("KID7001", f"KID{number}") for number in range(2_000))
    path = tmp_path / "large.xml"
    path.write_text(WHOLE.replace(CHILD, children))
    started = time.process_time()
    records = cin_census.read([path], limits=Limits(record_elements=60))
    assert len(records["referrals"]) == 2_000
    assert time.process_time() - started < 5  # 20,000 children: a few seconds


# What the notes beside the published dummy files say of each, and no more than that.
NFA = "no further action, yet action follows"
BEFORE = "a begin before the referral it belongs to"
AFTER_CASE = "a plan that goes on after its case was closed"
OTHER_DAY = "a conference on another day than that of its enquiry"
EARLY = "closed before the census year began"
YEARS = "the year does not agree with the reference date"
STRAY = "text between elements"
NOTHING = "nothing of this kind in the whole census"
BEGIN = "a begin after the reference date"
OLD = "a child older than 26 on the reference date"
EXAMPLE_1970 = {
    ("Assessments", BEFORE): 1,
    ("Section47", BEFORE): 1,
    ("ChildProtectionPlans", BEFORE): 1,
    ("ChildProtectionPlans", AFTER_CASE): 1,
    ("ChildIdentifiers", OLD): 1,
    ("CINdetails", EARLY): 1,
    ("CINdetails", OTHER_DAY): 1,
    ("assessments", NOTHING): 1,
}
EXAMPLE_2021 = EXAMPLE_1970 | {
    ("ChildIdentifiers", STRAY): 1,
    ("ChildIdentifiers", "a date in an impossible year"): 1,
}
EXAMPLE_2022 = {
    ("Section47", BEFORE): 1,
    ("ChildProtectionPlans", BEFORE): 1,
    ("ChildProtectionPlans", AFTER_CASE): 1,
    ("ChildIdentifiers", STRAY): 1,
    ("CINdetails", EARLY): 1,
    ("CINdetails", OTHER_DAY): 1,
    ("CollectionDetails", YEARS): 1,
}
EXAMPLE_2024 = EXAMPLE_2022 | {
    ("Assessments", BEGIN): 1,
    ("ChildIdentifiers", "a child id that is none"): 1,
    ("assessments", NOTHING): 1,
    ("ChildIdentifiers", "a code that is not in the published list"): 1,
    ("FactorsIdentifiedAtAssessment", "a code that is not in the published list"): 1,
}
EXPECTED = {
    "BAR_cin_2022.xml": EXAMPLE_1970
    | {("ChildIdentifiers", "an expected birth of a child who is born"): 1},
    "CIN_Census_2021.xml": EXAMPLE_2021,
    "CIN_la_issues_2887Q.xml": EXAMPLE_2021,
    "CIN_header_issues_100.xml": EXAMPLE_2021
    | {("CollectionDetails", "the reference date is not a 31 March"): 1},
    "CIN_Census_2021_copy.xml": EXAMPLE_2022,
    "CIN_Census_2021_no_assessment_factors.xml": EXAMPLE_2022,
    "CIN2rows.xml": EXAMPLE_2022
    | {
        ("ChildProtectionPlans", BEFORE): 2,
        (
            "ChildProtectionPlans",
            "the same begin twice in one referral (ChildProtectionPlans)",
        ): 1,
    },
    "CIN_Census_2024.xml": EXAMPLE_2024,
    "CIN_Census_2026.xml": EXAMPLE_2024
    | {
        ("PreProceedingsandFGDM", BEGIN): 1,
        ("CINdetails", "an element that the census of this year does not have"): 1,
    },
    "fake_CIN_data.xml": {
        ("CollectionDetails", "the reference date is not a 31 March"): 1,
        ("CINdetails", NFA): 334,
        ("CINdetails", BEGIN): 46,
        ("CINdetails", "a conference after the reference date"): 35,
        ("CINdetails", "an end after the reference date"): 23,
        ("CINdetails", EARLY): 183,
        ("ChildIdentifiers", "a birth after the reference date"): 6,
        ("Disabilities", "NONE beside a disability"): 3,
        ("assessments", NOTHING): 1,
        ("in_need_plans", NOTHING): 1,
        ("protection_plans", NOTHING): 1,
    },
}


@pytest.mark.skipif("FAMILY_PATHWAYS_REFERENCE" not in os.environ, reason="no reference files")
@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_the_dummy_files_load_with_the_faults_their_notes_list(name):
    folder = Path(os.environ["FAMILY_PATHWAYS_REFERENCE"]) / "returns" / "cin_xml_fakes"
    records = cin_census.read([folder / name])
    table = counted(records.faults)
    found = table.groupby(["part", "kind"])["count"].sum().to_dict()
    assert found == EXPECTED[name]
    if name == "fake_CIN_data.xml":
        assert len(records["children"]) == 332
        assert records.recognised[0].rows == 402
