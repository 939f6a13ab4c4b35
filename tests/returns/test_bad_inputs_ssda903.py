"""Bad returns of looked-after children, each with the message that it must give, and the line."""

from __future__ import annotations

import re
import time

import pytest

from model.errors import InputError
from model.returns import ssda903
from model.returns.faults import Severity
from model.returns.sheets import open_sheets
from tests.returns.care_files import (
    CHILDREN,
    EPISODE_HEAD,
    EPISODES,
    HEADER_HEAD,
    episodes,
    header,
    read_texts,
)
from tests.returns.test_ssda903 import XML

CODE = "a code that is not in the published list"
OTHER_YEAR = "a code of another year"
FIRST, MOVE, STAYS = EPISODES


ENDED_2022 = tuple(f"71{at},01/07/2021,S,C2,N1,U4,PR4,01/10/2021,E4A," for at in range(6))
ENDED_2024 = tuple(f"72{at},01/07/2023,S,C2,N1,U4,PR4,01/10/2023,E4A," for at in range(9))
MONTHS = tuple(f"73{at},{at + 1:02d}/07/2023,S,C2,N1,U4,PR4,,," for at in range(20))


def also(line: str) -> str:
    """The usual episodes and one more, on line 5."""
    return episodes(*EPISODES, line)


# name: (tables, kind, severity, column, line, words that must be there)
FAULTS: dict[str, tuple] = {
    # Columns
    "a column misspelt": (
        {"episodes": episodes(*EPISODES, head=EPISODE_HEAD.replace("PLACE,", "PLACEE,"))},
        ("a column that the table has not", "noted", "", 1, "the nearest right name is PLACE"),
    ),
    "and what it leaves": (
        {"episodes": episodes(*EPISODES, head=EPISODE_HEAD.replace("PLACE,", "PLACEE,"))},
        ("a column is missing", "blanked", "PLACE", 1, "unknown throughout"),
    ),
    "a column twice": (
        {"episodes": episodes(*EPISODES, head=EPISODE_HEAD.replace("CIN", "LS"))},
        ("a column that is there twice", "noted", "", 1, "(LS)"),
    ),
    "a child's number for a head": (
        {"episodes": episodes(*EPISODES, head=EPISODE_HEAD + ",A7712345")},
        ("a column that the table has not", "noted", "", 1, "a9999999"),
    ),
    # Ids
    "no child": (
        {"episodes": also(",01/05/2023,S,C2,N1,U4,PR1,,,")},
        ("a row without a child id", "dropped", "CHILD", 5, "not used"),
    ),
    "a rounded child": (
        {"episodes": also("1.23E+17,01/05/2023,S,C2,N1,U4,PR1,,,")},
        ("a child id that a spreadsheet has rounded", "dropped", "CHILD", 5, "9.99a+99"),
    ),
    "a child that is none": (
        {"episodes": also("0000,01/05/2023,S,C2,N1,U4,PR1,,,")},
        ("a child id that is none", "dropped", "CHILD", 5, ""),
    ),
    "leading zeros here and there": (
        {"episodes": episodes(FIRST, "0" + MOVE, STAYS)},
        ("ids with and without leading zeros", "repaired", "CHILD", 0, "the same children"),
    ),
    "a child twice in the header": (
        {"header": header(*CHILDREN, CHILDREN[0])},
        ("a child that is there twice", "dropped", "CHILD", 4, "first row"),
    ),
    "a child without header": (
        {"header": header(CHILDREN[0])},
        ("a child with episodes and no row in the header", "noted", "CHILD", 4, "age is unknown"),
    ),
    "a header without episodes": (
        {"header": header(*CHILDREN, "703,1,09/02/2018,WBRI,A2,,")},
        ("a child of the header without an episode in the year", "noted", "CHILD", 4, "left out"),
    ),
    "no header": (
        {"header": None},
        ("no header", "noted", "", 0, "ages"),
    ),
    # Dates
    "no begin": (
        {"episodes": also("703,,S,C2,N1,U4,PR1,,,")},
        ("an episode without the day on which it began", "dropped", "DECOM", 5, ""),
    ),
    "a begin that no calendar has": (
        {"episodes": also("703,31/06/2023,S,C2,N1,U4,PR1,,,")},
        ("a date that does not exist", "dropped", "DECOM", 5, "99/99/9999"),
    ),
    "month before day": (
        {"episodes": also("703,06/30/2023,S,C2,N1,U4,PR1,,,")},
        ("a date that does not exist", "dropped", "DECOM", 5, ""),
    ),
    "words for an end": (
        {"episodes": also("703,01/06/2023,S,C2,N1,U4,PR1,last week,E4A,")},
        ("a date that cannot be read", "dropped", "DEC", 5, "aaaa aaaa"),
    ),
    "a placeholder": (
        {"episodes": also("703,01/01/1900,S,C2,N1,U4,PR1,,,")},
        ("a placeholder in place of a date", "dropped", "DECOM", 5, ""),
    ),
    "a placeholder for no end": (
        {"episodes": also("703,01/06/2023,S,C2,N1,U4,PR1,31/12/9999,,")},
        ("a placeholder in place of a date", "blanked", "DEC", 5, "no end"),
    ),
    "a birth that cannot be read": (
        {"header": header(CHILDREN[0], "702,1,unknown,WBRI,A2,,")},
        ("a date that cannot be read", "blanked", "DOB", 3, ""),
    ),
    "another birth among the asylum-seeking": (
        {"uasc": "CHILD,SEX,DOB,DUC\n702,1,10/02/2018,09/02/2036\n"},
        ("another birth than in the header", "noted", "DOB", 2, ""),
    ),
    # Order within a row
    "an end before its begin": (
        {"episodes": also("703,01/06/2023,S,C2,N1,U4,PR1,31/05/2023,E4A,")},
        ("an end before its begin", "dropped", "DEC", 5, "either day"),
    ),
    "an end after the year": (
        {"episodes": also("703,01/06/2023,S,C2,N1,U4,PR1,01/05/2024,E4A,")},
        ("an end after the year of the return", "blanked", "DEC", 5, "2024-03-31"),
    ),
    "a begin after the year": (
        {"episodes": also("703,01/06/2024,S,C2,N1,U4,PR1,,,")},
        ("a begin after the year of the return", "dropped", "DECOM", 5, "2024-03-31"),
    ),
    "an end before the year": (
        {"episodes": also("703,01/06/2022,S,C2,N1,U4,PR1,01/02/2023,E4A,")},
        ("an end before the year of the return", "noted", "DEC", 5, "2023-04-01"),
    ),
    "an episode before birth": (
        {
            "episodes": also("703,01/06/2023,S,C2,N1,U4,PR1,,,"),
            "header": header(*CHILDREN, "703,1,01/07/2023,WBRI,A2,,"),
        },
        ("an episode that begins before the child's birth", "dropped", "DECOM", 5, ""),
    ),
    "an adult": (
        {
            "episodes": also("703,01/06/2023,S,C2,N1,U4,PR1,,,"),
            "header": header(*CHILDREN, "703,1,01/07/1999,WBRI,A2,,"),
        },
        ("an episode that begins at 18 or later", "noted", "DECOM", 5, ""),
    ),
    "X1 on an open row": (
        {"episodes": episodes(FIRST, MOVE, STAYS.replace("PR1,,", "PR1,,X1"))},
        ("X1 on an episode that has not ended", "repaired", "REC", 4, "taken away"),
    ),
    "a reason without a day": (
        {"episodes": episodes(FIRST, MOVE, STAYS.replace("PR1,,", "PR1,,E4A"))},
        ("a reason for ending without a day", "blanked", "REC", 4, "still open"),
    ),
    "an end without a reason": (
        {"episodes": episodes(FIRST, MOVE.replace("E4A", ""), STAYS)},
        ("an end without its reason", "noted", "REC", 3, ""),
    ),
    # Order between rows
    "the same begin twice": (
        {"episodes": also(FIRST)},
        ("the same child and begin twice in one return", "dropped", "DECOM", 5, "first row"),
    ),
    "an open episode in the middle": (
        {"episodes": episodes(FIRST.replace("01/09/2023,X1", ","), MOVE, STAYS)},
        ("an open episode that another follows", "repaired", "DEC", 2, "the day the next begins"),
    ),
    "episodes that overlap": (
        {"episodes": episodes(FIRST.replace("01/09/2023", "11/09/2023"), MOVE, STAYS)},
        ("an episode that reaches into the next", "repaired", "DEC", 2, "the day the next begins"),
    ),
    "a gap inside a period": (
        {"episodes": episodes(FIRST.replace("01/09/2023", "11/08/2023"), MOVE, STAYS)},
        ("a gap between two episodes that both say the care went on", "repaired", "DEC", 2, "went"),
    ),
    "a new period that does not say so": (
        {"episodes": also("701,01/03/2024,P,C2,N1,U4,PR1,,,")},
        ("a new period of care that does not say S", "repaired", "RNE", 5, "(P)"),
    ),
    "X1 and then nothing": (
        {"episodes": episodes(FIRST, MOVE.replace("E4A", "X1"), STAYS)},
        ("X1 on an episode that nothing follows", "blanked", "REC", 3, "reason is unknown"),
    ),
    "X1 and then a new start": (
        {"episodes": episodes(FIRST.replace("01/09", "01/08"), MOVE.replace(",P,", ",S,"), STAYS)},
        ("X1 on an episode that nothing follows", "blanked", "REC", 2, "reason is unknown"),
    ),
    "a start within a period": (
        {"episodes": episodes(FIRST, MOVE.replace(",P,", ",S,"), STAYS)},
        ("S within a period of care", "repaired", "RNE", 3, "what changed"),
    ),
    "an ending, and care goes on": (
        {"episodes": episodes(FIRST.replace("X1", "E4A"), MOVE, STAYS)},
        ("an ending, and on the same day the care goes on", "noted", "REC", 2, "X1"),
    ),
    "a first episode that continues": (
        {"episodes": episodes(FIRST.replace(",S,", ",L,"), MOVE, STAYS)},
        ("a child's first episode that does not say S", "noted", "RNE", 2, "missing"),
    ),
    # Codes
    "a legal status of no list": (
        {"episodes": episodes(FIRST.replace("C2", "C9"), MOVE, STAYS)},
        (CODE, "blanked", "LS", 2, "C1, C2"),
    ),
    "a reason for a new episode of no list": (
        {"episodes": episodes(FIRST.replace(",S,", ",Q,"), MOVE, STAYS)},
        (CODE, "blanked", "RNE", 2, "S, L, P"),
    ),
    "a need of no list": (
        {"episodes": episodes(FIRST.replace("N1", "N99"), MOVE, STAYS)},
        (CODE, "blanked", "CIN", 2, "N8"),
    ),
    "a placement of no list": (
        {"episodes": episodes(FIRST.replace("U4", "U9"), MOVE, STAYS)},
        (CODE, "blanked", "PLACE", 2, "(a9)"),
    ),
    "a provider of no list": (
        {"episodes": episodes(FIRST.replace("PR1", "PR9"), MOVE, STAYS)},
        (CODE, "blanked", "PLACE_PROVIDER", 2, "PR5"),
    ),
    "a reason for ending of no list": (
        {"episodes": episodes(FIRST, MOVE.replace("E4A", "E4"), STAYS)},
        (CODE, "blanked", "REC", 3, "E4A"),
    ),
    "a foster placement of nobody": (
        {"episodes": episodes(FIRST.replace("PR1", ""), MOVE, STAYS)},
        ("a foster placement without its provider", "blanked", "PLACE", 2, "unknown"),
    ),
    "a placement of 2025 in 2024": (
        {"episodes": episodes(FIRST, MOVE, STAYS.replace("U1", "K3"))},
        (OTHER_YEAR, "noted", "PLACE", 4, "from 2025"),
    ),
    "a guardianship code of 2018 in 2024": (
        {"episodes": episodes(FIRST, MOVE.replace("E4A", "E43"), STAYS)},
        (OTHER_YEAR, "noted", "REC", 3, "until 2018"),
    ),
    "a short break": (
        {"episodes": episodes(FIRST, MOVE, STAYS.replace("V2", "V3"))},
        ("an agreed short break", "dropped", "LS", 4, "published statistics"),
    ),
    "adopters": (
        {"episodes": episodes(FIRST, MOVE, STAYS.replace("U1", "A4"))},
        ("a placement with adopters, which the pathway has no kind for", "noted", "PLACE", 4, ""),
    ),
    "a period that starts on holiday": (
        {"episodes": episodes(FIRST, MOVE, STAYS.replace("U1", "T2"))},
        ("a period that starts with a temporary placement", "blanked", "PLACE", 4, ""),
    ),
    # Years
    "a name that says another year": (
        {"episodes": None, "episodes_2019": episodes()},
        ("the name of the file says another year", "noted", "", 0, "31 March 2024"),
    ),
    "several years in one file": (
        {"episodes": episodes(*ENDED_2022, *ENDED_2024)},
        ("several years in one file", "noted", "DEC", 0, "2022 to 2024"),
    ),
    "a year that is not over": (
        {"episodes": episodes(*MONTHS)},
        ("a year that is not over", "noted", "", 0, "nothing after 2023-07-20"),
    ),
    "closed, then open in a later year": (
        {
            "episodes_2025": episodes(
                MOVE.replace("20/01/2024,E4A", ","), "703,01/07/2024,S,C2,N1,U4,PR4,01/10/2024,E4A,"
            )
        },
        ("closed in one return, open in a later one", "repaired", "DECOM", 3, "later return"),
    ),
    "closed on two days": (
        {
            "episodes_2025": episodes(
                MOVE.replace("20/01/2024", "02/05/2024"),
                "703,01/07/2024,S,C2,N1,U4,PR4,01/10/2024,E4A,",
            )
        },
        ("closed on another day in a later return", "repaired", "DECOM", 3, "later return"),
    ),
    "another birth in a later year": (
        {
            "episodes_2025": episodes(STAYS, "701,01/07/2024,S,C2,N1,U4,PR4,01/10/2024,E4A,"),
            "header_2025": header("702,1,10/02/2018,WBRI,A2,,", CHILDREN[0]),
        },
        ("another birth than in an earlier year", "noted", "DOB", 2, "latest"),
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named_with_its_line_and_what_was_done(tmp_path, name):
    tables, (kind, severity, column, line, words) = FAULTS[name]
    texts = {"episodes": episodes(), "header": header()} | tables
    records = read_texts(tmp_path, **{key: text for key, text in texts.items() if text})
    found = [one for one in records.faults if (one.kind, one.column) == (kind, column)]
    assert found, [str(one) for one in records.faults]
    assert {one.severity for one in found} == {Severity(severity)}
    assert line in {one.line for one in found}
    assert any(words in str(one) for one in found)
    for said in map(str, records.faults):
        assert not re.search(r"\b70[123]\b|04/07/2011|2011-07-04|7712345", said)


REFUSED: dict[str, tuple[str | bytes, str]] = {
    "no begin column": (
        episodes(*EPISODES, head=EPISODE_HEAD.replace("DECOM", "DECOMM")),
        "no column DECOM in the episodes of care.*Is it DECOMM",
    ),
    "no end column": (
        episodes(*EPISODES, head=EPISODE_HEAD.replace(",DEC,", ",END,")),
        "no column DEC in the episodes of care",
    ),
    "a header without births": (
        header(*CHILDREN, head=HEADER_HEAD.replace("DOB", "D")),
        "no column DOB in the header",
    ),
    "columns that are not the department's": (
        "id,start,end\n1,01/01/2023,\n",
        "no table of the return of looked-after children",
    ),
    "an empty table": ("a\n", "no table of the return of looked-after children"),
    "heads alone, of a table not needed": (
        "CHILD,DOB,MISSING,MIS_START,MIS_END\n",
        "no episodes, header or asylum-seeking children",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_table_that_cannot_be_used_is_refused(tmp_path, name):
    text, message = REFUSED[name]
    with pytest.raises(InputError, match=message):
        read_texts(tmp_path, table=text)


def test_one_refused_table_does_not_hide_the_others(tmp_path):
    records = read_texts(
        tmp_path, episodes=episodes(), header=REFUSED["a header without births"][0]
    )
    assert len(records["care"]) == 3
    refused = [one for one in records.faults if one.severity is Severity.REFUSED]
    assert [one.kind for one in refused] == ["no column DOB in the header, one row a child"]


BAD_XML: dict[str, tuple[str, str]] = {
    "cut short": (XML[:700], "not well-formed"),
    "another root": ("<feed><entry/></feed>", "XML of another kind"),
    "no children": ("<EXPSSDA903></EXPSSDA903>", "XML of another kind"),
    "billion laughs": (
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><EXPSSDA903>&b;</EXPSSDA903>',
        "a document type or an entity",
    ),
    "depth": ("<EXPSSDA903><CHILD>" + "<a>" * 10_000, "elements inside each other"),
    "text": (XML.replace("701", "7" * 2_000_000), "more than 4,000 characters"),
}


@pytest.mark.parametrize("name", BAD_XML)
def test_xml_that_is_no_return_is_refused_in_a_moment(tmp_path, name):
    text, message = BAD_XML[name]
    path = tmp_path / "bad.xml"
    path.write_text(text)
    started = time.process_time()
    with pytest.raises(InputError, match=message):
        ssda903.read([], [path])
    assert time.process_time() - started < 3


@pytest.mark.parametrize(
    ("old", "new", "kind", "line"),
    [
        ("<RNE>S</RNE>", "<RNEW>S</RNEW>", "an element that the return has not", 5),
        ("<EPISODE>", "<EPISOD>", "an element that the return has not", 5),
        (
            "<ETHNIC>WBRI</ETHNIC>",
            "<NAME>Sam Smith</NAME>",
            "an element that the return has not",
            3,
        ),
        ("01/06/2023", "31/06/2023", "a date that does not exist", 5),
        ("<CHILDID>701</CHILDID>", "", "a row without a child id", 3),
    ],
)
def test_a_fault_in_the_xml_form_has_its_line(tmp_path, old, new, kind, line):
    text = XML.replace(old, new, 1)
    if new == "<EPISOD>":
        text = text.replace("</EPISODE>", "</EPISOD>", 1)
    path = tmp_path / "903.xml"
    path.write_text(text)
    records = ssda903.read([], [path])
    assert (kind, line) in {(one.kind, one.line) for one in records.faults}
    assert not any("Smith" in str(one) for one in records.faults)


def test_more_faults_than_a_return_can_have(tmp_path, monkeypatch):
    monkeypatch.setattr("model.returns.ssda903_rows.MOST_FAULTS", 10)
    with pytest.raises(InputError, match="more than 10 faults"):
        read_texts(tmp_path, episodes=episodes(*(f"{at},never,S" for at in range(1, 30))))


def test_nobody_is_named_by_the_tables(tmp_path):
    records = read_texts(tmp_path, episodes=episodes(), header=header())
    (tmp_path / "shown.csv").write_text(episodes())
    sheet = open_sheets(tmp_path / "shown.csv")[0]
    for shown in (records, sheet, *records.recognised):
        assert not re.search(r"\b70[12]\b|2011", repr(shown))
