"""A return of looked-after children becomes the care that a person would write down from it."""

from __future__ import annotations

import os
import time
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from model.errors import InputError
from model.pathway import ATTRIBUTES
from model.returns import ssda903
from model.returns.faults import counted
from model.returns.placements import placement_of
from model.returns.sheets import open_sheets
from model.returns.ssda903_codes import EPISODE_CODES, TABLES, TEMPORARY_CODES
from tests.returns.care_files import (
    CHILDREN,
    EPISODES,
    episodes,
    header,
    kinds,
    read_episodes,
    read_texts,
)

XML = """<?xml version='1.0' encoding='us-ascii'?>
<EXPSSDA903>
<CHILD><HEADER><CHILDID>701</CHILDID><SEX>2</SEX><DOB>04/07/2011</DOB><ETHNIC>WBRI</ETHNIC><UASC />
<AREVIEW><REVIEW>27/09/2023</REVIEW><REVIEW_CODE>PN0</REVIEW_CODE></AREVIEW></HEADER>
<EPISODE><DECOM>01/06/2023</DECOM><RNE>S</RNE><LS>C2</LS><CIN>N1</CIN><PL>U4</PL>
<PLACE_PROVIDER>PR1</PLACE_PROVIDER><DEC>01/09/2023</DEC><REC>X1</REC></EPISODE>
<EPISODE><DECOM>01/09/2023</DECOM><RNE>P</RNE><LS>C2</LS><CIN>N1</CIN><PL>K2</PL>
<PLACE_PROVIDER>PR4</PLACE_PROVIDER><DEC>20/01/2024</DEC><REC>E4A</REC></EPISODE></CHILD>
<CHILD><HEADER><CHILDID>702</CHILDID><SEX>1</SEX><DOB>09/02/2018</DOB><ETHNIC>WBRI</ETHNIC>
<DUC>09/02/2036</DUC></HEADER>
<EPISODE><DECOM>15/05/2023</DECOM><RNE>S</RNE><LS>V2</LS><CIN>N4</CIN><PL>U1</PL>
<PLACE_PROVIDER>PR1</PLACE_PROVIDER><DEC /><REC /></EPISODE></CHILD>
</EXPSSDA903>
"""


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


def care(records) -> list[tuple]:
    """Each episode as child, days (as text), codes and placement."""
    return [
        (
            row.child,
            str(row.began_on.date()),
            "" if pd.isna(row.ended_on) else str(row.ended_on.date()),
            row.began,
            row.ended,
            row.placement,
        )
        for row in records["care"].itertuples()
    ]


PLAIN = [
    ("701", "2023-06-01", "2023-09-01", "S", "X1", "in_house_foster"),
    ("701", "2023-09-01", "2024-01-20", "P", "E4A", "childrens_home"),
    ("702", "2023-05-15", "", "S", "", "kinship"),
]


def test_header_and_episodes_become_children_and_care(tmp_path):
    records = read_episodes(tmp_path)
    assert records.faults == []
    assert care(records) == PLAIN
    assert list(records["care"]["period_began_on"]) == [
        day("2023-06-01"),
        day("2023-06-01"),
        day("2023-05-15"),
    ]
    assert list(records["care"]["need"]) == ["N1", "N1", "N4"]
    assert list(records["care"]["legal"]) == ["C2", "C2", "V2"]
    assert list(records["care"]["line"]) == [2, 3, 4]
    assert list(records["children"]["birth_on"]) == [day("2011-07-04"), day("2018-02-09")]
    assert records["children"]["asylum_seeking"].isna().all()


def test_the_year_is_told_by_the_days(tmp_path):
    (window,) = read_episodes(tmp_path).covered
    assert (window.table, window.first, window.last) == (
        "care",
        day("2023-04-01"),
        day("2024-03-31"),
    )
    assert window.every_spell


def test_asylum_seeking_children_are_those_of_their_table(tmp_path):
    records = read_texts(
        tmp_path,
        episodes=episodes(),
        header=header(),
        uasc="CHILD,SEX,DOB,DUC\n702,1,09/02/2018,09/02/2036\n",
    )
    assert records.faults == []
    assert list(records["children"]["asylum_seeking"]) == [False, True]


@pytest.mark.parametrize(
    "form", ["iso", "small heads", "other order", "title", "semicolon", "mark"]
)
def test_the_same_episodes_in_any_dress(tmp_path, form):
    text: str | bytes = episodes()
    if form == "iso":
        lines = []
        for line in EPISODES:
            cells = [
                "-".join(reversed(cell.split("/"))) if "/" in cell else cell
                for cell in line.split(",")
            ]
            lines.append(",".join(cells))
        text = episodes(*lines)
    elif form == "small heads":
        text = (
            text.lower().replace("child,", "Child ID,", 1).upper().replace("CHILD ID", "child id")
        )
    elif form == "other order":
        rows = [line.split(",") for line in text.strip().split("\n")]
        text = "\n".join(",".join(reversed(row)) for row in rows)
    elif form == "title":
        text = "Looked after children 2023 to 2024\n\n" + text
    elif form == "semicolon":
        text = text.replace(",", ";")
    else:
        text = ("\ufeff" + text).encode("utf-16-le")
    records = read_texts(tmp_path, episodes=text, header=header())
    assert care(records) == PLAIN
    assert records.faults == []


def test_one_workbook_with_sheets(tmp_path):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, text in (("Header", header()), ("Episodes", episodes())):
        sheet = book.create_sheet(name)
        for line in text.strip().split("\n"):
            sheet.append(line.split(","))
    path = tmp_path / "903.xlsx"
    book.save(path)
    sheets = open_sheets(path)
    assert [ssda903.recognise_sheet(sheet) for sheet in sheets] == ["header", "episodes"]
    records = ssda903.read(sheets)
    assert care(records) == PLAIN
    assert records.faults == []


def test_the_xml_form_says_the_same(tmp_path):
    path = tmp_path / "903.xml"
    path.write_text(XML)
    assert ssda903.recognise_xml(path)
    records = ssda903.read([], [path])
    assert care(records) == PLAIN
    assert records.faults == []
    assert list(records["children"]["asylum_seeking"]) == [False, True]
    assert list(records["care"]["line"]) == [5, 7, 11]


def test_the_same_xml_on_one_line_keeps_each_episode_apart(tmp_path):
    path = tmp_path / "903.xml"
    path.write_text(XML.replace("\n", "").replace("15/05/2023", "soon"))
    records = ssda903.read([], [path])
    assert care(records) == PLAIN[:2]


def test_every_table_is_recognised_by_its_columns(tmp_path):
    for name, shape in TABLES.items():
        path = tmp_path / "anything.csv"
        path.write_text(",".join(shape.columns) + "\n" + ",".join("1" for _ in shape.columns))
        assert ssda903.recognise_sheet(open_sheets(path)[0]) == name


def test_an_episode_open_in_one_return_and_closed_in_the_next_is_one(tmp_path):
    later = episodes(
        "702,15/05/2023,S,V2,N4,U1,PR1,04/11/2024,E4A,",
        "703,01/07/2024,S,C2,N1,U4,PR4,,,",
    )
    records = read_texts(
        tmp_path,
        **{
            "2023-24 episodes": episodes(),
            "2023-24 header": header(),
            "2024-25 episodes": later,
            "2024-25 header": header(CHILDREN[1], "703,1,01/01/2015,WBRI,A3,,"),
        },
    )
    assert care(records) == [
        *PLAIN[:2],
        ("702", "2023-05-15", "2024-11-04", "S", "E4A", "kinship"),
        ("703", "2024-07-01", "", "S", "", "agency_foster"),
    ]
    assert kinds(records) == [("open in one return, closed in the next", "DECOM", 4)]
    assert [(one.first, one.last) for one in records.covered] == [
        (day("2023-04-01"), day("2024-03-31")),
        (day("2024-04-01"), day("2025-03-31")),
    ]


def test_an_episode_that_a_year_between_leaves_out_goes_on(tmp_path):
    records = read_texts(
        tmp_path,
        episodes_2024=episodes(*EPISODES),
        episodes_2025=episodes("703,01/07/2024,S,C2,N1,U4,PR4,01/10/2024,E4A,"),
        episodes_2026=episodes("702,15/05/2023,S,V2,N4,U1,PR1,04/11/2025,E4A,"),
        header=header(*CHILDREN, "703,1,01/01/2015,WBRI,A3,,"),
    )
    assert ("702", "2023-05-15", "2025-11-04", "S", "E4A", "kinship") in care(records)
    assert ("an episode that a return between others leaves out", "DECOM", 4) in kinds(records)


def test_an_open_episode_that_later_returns_forget_is_said(tmp_path):
    records = read_texts(
        tmp_path,
        episodes_2024=episodes(),
        episodes_2025=episodes("703,01/07/2024,S,C2,N1,U4,PR4,01/10/2024,E4A,"),
        header=header(*CHILDREN, "703,1,01/01/2015,WBRI,A3,,"),
    )
    assert ("an open episode that no later return has", "DEC", 4) in kinds(records)
    assert PLAIN[2] in care(records)


def test_years_put_below_each_other_in_one_file(tmp_path):
    years = [
        [f"7{year}{at},01/07/20{year},S,C2,N1,U4,PR4,01/02/20{year + 1},E4A," for at in range(6)]
        for year in (21, 22, 23)
    ]
    head = episodes().split("\n")[0]
    records = read_texts(
        tmp_path, all_episodes=episodes(*years[0], head, *years[1], head, *years[2])
    )
    (window,) = records.covered
    assert (window.first, window.last) == (day("2021-04-01"), day("2024-03-31"))
    assert len(records["care"]) == 18
    assert [one.kind for one in records.faults] == ["several years in one file", "no header"]


def test_a_year_that_is_not_over_ends_with_its_latest_day(tmp_path):
    lines = [f"7{at},{1 + at:02d}/07/2023,S,C2,N1,U4,PR4,,," for at in range(25)]
    (window,) = read_texts(tmp_path, episodes=episodes(*lines), header=header()).covered
    assert (window.first, window.last) == (day("2023-04-01"), day("2023-07-25"))


def test_short_breaks_are_counted_apart(tmp_path):
    records = read_episodes(tmp_path, *EPISODES[:2], EPISODES[2].replace("V2", "V4"))
    assert care(records) == PLAIN[:2]
    fault = next(one for one in records.faults if one.kind == "an agreed short break")
    assert (fault.line, fault.found, str(fault.severity)) == (4, "V4", "dropped")


def test_a_temporary_absence_keeps_the_placement(tmp_path):
    records = read_episodes(
        tmp_path,
        EPISODES[0],
        "701,01/09/2023,P,C2,N1,T3,PR1,10/09/2023,X1,OTHER",
        "701,10/09/2023,P,C2,N1,U4,PR1,20/01/2024,E4A,",
        EPISODES[2],
    )
    assert [row[5] for row in care(records)][:3] == ["in_house_foster"] * 3
    assert records.faults == []


@pytest.mark.parametrize(
    ("place", "provider", "kind"),
    [
        ("U1", "PR4", "kinship"),
        ("U4", "PR1", "in_house_foster"),
        ("U6", "PR4", "agency_foster"),
        ("K1", "PR2", "secure"),
        ("K2", "PR4", "childrens_home"),
        ("H5", "PR4", "supported_accommodation"),
        ("P1", "PR0", "with_parents"),
        ("P2", "PR0", "supported_accommodation"),
        ("S1", "PR4", "childrens_home"),
        ("Z1", "PR4", "childrens_home"),
        ("A4", "PR1", ""),
    ],
)
def test_placements_in_the_pathways_words(tmp_path, place, provider, kind):
    line = f"702,15/05/2023,S,V2,N4,{place},{provider},,,"
    records = read_episodes(tmp_path, *EPISODES[:2], line)
    assert care(records)[2][5] == kind
    assert kind in (*ATTRIBUTES["placement"], "")


def test_every_placement_code_of_the_return_is_known_to_the_placements():
    for code in EPISODE_CODES["PLACE"]:
        shared = "Z1" if code.startswith("Z1") else code
        if code not in (*TEMPORARY_CODES, "A3", "A4", "A5", "A6"):
            assert placement_of(shared, "PR1") in ATTRIBUTES["placement"]


def test_a_header_alone_says_nothing_about_care(tmp_path):
    records = read_texts(tmp_path, header=header())
    assert len(records["children"]) == 2
    assert records.covered == []
    assert [one.kind for one in records.faults] == ["no episode that can be used"]


def test_tables_that_are_not_needed_are_no_return(tmp_path):
    with pytest.raises(InputError, match="no episodes, header or asylum-seeking children"):
        read_texts(tmp_path, reviews="CHILD,DOB,REVIEW,REVIEW_CODE\n1,01/01/2010,02/02/2024,PN1\n")


def test_ten_thousand_episodes_take_seconds(tmp_path):
    lines = [
        f"{at},{1 + at % 28:02d}/06/2023,S,C2,N1,U4,PR1,{1 + at % 28:02d}/03/2024,X1,\n"
        f"{at},{1 + at % 28:02d}/03/2024,P,C2,N1,K2,PR4,,,"
        for at in range(1, 5001)
    ]
    births = [f"{at},2,04/07/2011,WBRI,A1,," for at in range(1, 5001)]
    started = time.process_time()
    records = read_episodes(tmp_path, *lines, children=tuple(births))
    assert len(records["care"]) == 10_000
    assert records.faults == []
    assert time.process_time() - started < 5


REFERENCE = "FAMILY_PATHWAYS_REFERENCE"
without_reference = pytest.mark.skipif(REFERENCE not in os.environ, reason="no reference files")


def faults_of(records) -> dict[str, int]:
    return counted(records.faults).groupby("kind")["count"].sum().to_dict()


@without_reference
def test_five_years_of_dummy_returns_load_with_the_faults_of_their_notes():
    folder = Path(os.environ[REFERENCE]) / "returns" / "ssda903_csdm_2017_2021"
    sheets = [sheet for path in sorted(folder.glob("*.csv")) for sheet in open_sheets(path)]
    assert all(ssda903.recognise_sheet(sheet) for sheet in sheets)
    records = ssda903.read(sheets)
    assert len(records["children"]) == 820
    assert sum(one.rows for one in records.recognised if "episodes of care" in one.what) == 3737
    assert [one.last.year for one in records.covered] == [2018, 2019, 2020, 2021, 2022]
    found = faults_of(records)
    # 910 of the same child and begin in two years; X1 or another reason on all 996 open rows.
    assert found["open in one return, closed in the next"] == 910
    open_rows = ("X1 on an episode that has not ended", "a reason for ending without a day")
    assert [found[kind] for kind in open_rows] == [708, 288]
    first_year = [
        one
        for one in records.faults
        if one.file == "2017-header.csv"
        and one.kind == "a child of the header without an episode in the year"
    ]
    assert len(first_year) == 132
    assert found == {
        "open in one return, closed in the next": 910,
        "X1 on an episode that has not ended": 708,
        "a reason for ending without a day": 288,
        "a child of the header without an episode in the year": 378,
        "an episode that a return between others leaves out": 269,
        "an open episode that no later return has": 27,
        "an open episode that another follows": 2,
        "an episode that reaches into the next": 40,
        "a new period of care that does not say S": 10,
        "an end after the year of the return": 3,
        "a code of another year": 84,
        "an agreed short break": 431,
        "a placement with adopters, which the pathway has no kind for": 101,
    }
    assert len(records["care"]) == 3737 - 910 - 431


@without_reference
def test_one_dummy_return_as_csv_and_another_as_xml():
    folder = Path(os.environ[REFERENCE]) / "returns" / "ssda903_validator_fake"
    sheets = [sheet for path in sorted(folder.glob("*.csv")) for sheet in open_sheets(path)]
    records = ssda903.read(sheets)
    found = faults_of(records)
    assert len(records["children"]) == 2675
    assert records["children"]["asylum_seeking"].sum() == 132
    assert found["a child of the header without an episode in the year"] == 552
    # 72 overlaps or open rows that are not the last; 1,413 open rows, all with a reason.
    overlaps = ("an open episode that another follows", "an episode that reaches into the next")
    assert [found[kind] for kind in overlaps] == [11, 61]
    open_rows = ("X1 on an episode that has not ended", "a reason for ending without a day")
    assert sum(found[kind] for kind in open_rows) == 1413
    assert ssda903.recognise_xml(folder / "fake_903.xml")
    xml = ssda903.read([], [folder / "fake_903.xml"])
    assert len(xml["children"]) == 253
    assert faults_of(xml) == {
        "X1 on an episode that has not ended": 110,
        "a reason for ending without a day": 23,
        "an end after the year of the return": 1,
        "an open episode that another follows": 1,
        "an episode that reaches into the next": 6,
        "a period that starts with a temporary placement": 45,
        "a code of another year": 15,
        "a child of the header without an episode in the year": 55,
        "an agreed short break": 76,
        "a placement with adopters, which the pathway has no kind for": 77,
    }
    assert len(xml["care"]) == 459 - 76
