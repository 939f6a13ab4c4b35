"""What was simulated, written as returns and read back is what was simulated.

The writer and the readers know the formats apart from each other. Without faults nothing worse
than a note is said and the records are equal; with faults every kind that was put in is reported.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from model import parameters
from model.__main__ import main
from model.calibrate.returns_route import RETURNS_SOURCE
from model.returns.faults import Severity
from model.returns.folder import read_folder
from model.returns.records import Records
from model.synthesise import codes, write
from tests.returns.synthetic_run import MARCHES, returns, run, tables

SIX_MONTHS = 6
FIRST, LAST = pd.Timestamp(2022, 4, 1), pd.Timestamp(2025, 3, 31)


@pytest.fixture(scope="module")
def plain(tmp_path_factory) -> Records:
    """The returns without faults, read."""
    folder = tmp_path_factory.mktemp("plain") / "returns"
    write(returns(window_months=SIX_MONTHS), folder)
    return read_folder(folder)


@pytest.fixture(scope="module")
def faulty_folder(tmp_path_factory) -> Path:
    """The returns with faults."""
    folder = tmp_path_factory.mktemp("faulty") / "returns"
    write(returns("few", SIX_MONTHS), folder)
    return folder


@pytest.fixture(scope="module")
def faulty(faulty_folder) -> Records:
    """The returns with faults, read."""
    return read_folder(faulty_folder)


def rows(table: pd.DataFrame, *columns: str) -> Counter:
    """The rows of a table, each as texts; days as days."""
    made = []
    for name in columns:
        column = table[name]
        if column.dtype.kind == "M":
            made.append(column.dt.strftime("%Y-%m-%d").fillna(""))
        elif str(column.dtype) == "boolean":
            made.append(column.map({True: "yes", False: "no"}, na_action=None).fillna(""))
        else:
            made.append(column.fillna("").astype(str))
    return Counter(zip(*made, strict=True))


def simulated(name: str, **more: object) -> pd.DataFrame:
    """A table of what happened, with ids as in the returns."""
    table = tables()[name]
    return table.assign(child=run().everyone.id[table["child"].to_numpy()], **more)


def read(records: Records, table: str, start: str) -> pd.DataFrame:
    """The records of a table that came from files whose names start so."""
    found = records[table]
    return found[found["file"].str.startswith(start)]


def yes_no(flags: pd.Series, known: pd.Series) -> pd.Series:
    return flags.map({True: "yes", False: "no"}).where(known, "")


# --- without faults -------------------------------------------------------------------------------


def test_nothing_worse_than_a_note_is_said_of_returns_without_faults(plain):
    worse = [one for one in plain.faults if one.severity is not Severity.NOTED]
    # A spell in several extracts is one spell: that is said, and is no fault of a file.
    joined = {"a row that a newer extract repeats", "a spell that a newer extract tells otherwise"}
    assert {one.kind for one in worse} <= joined
    unread = [one for one in plain.recognised if one.used < one.rows and "903" not in one.what]
    assert unread == []


def test_contacts_come_back(plain):
    assert rows(plain["contacts"], "child", "on", "source") == rows(
        simulated("contacts"), "child", "on", "source"
    )


def test_early_help_comes_back(plain):
    table = simulated("early_help")
    table = table[table["assessed"].isna() | (table["assessed"] >= FIRST) | table["ended"].isna()]
    seen = set(rows(plain["early_help"], "child", "began_on", "ended_on", "lead"))
    assert set(rows(table, "child", "began", "assessed", "lead")) <= seen


def test_referrals_come_back(plain):
    table = simulated("referrals")
    table = table[table["on"] >= FIRST]
    told = {source: "council_services" for source in ("early_help_door", "moved_in")}  # 5B, 5C
    table["source"] = table["source"].replace(told)
    table["nfa"] = yes_no(table["no_further_action"], table["child"].notna())
    assert rows(
        read(plain, "referrals", "annex_a"), "child", "on", "source", "no_further_action"
    ) == rows(table, "child", "on", "source", "nfa")


def test_assessments_come_back_with_their_results(plain):
    table = simulated("assessments")
    table["found"] = yes_no(table["in_need"], table["ended"].notna())
    found = read(plain, "assessments", "annex_a")
    assert rows(found, "child", "began_on", "ended_on", "in_need") == rows(
        table, "child", "began", "ended", "found"
    )
    in_census = read(plain, "assessments", "cin_census")
    assert rows(in_census, "child", "began_on", "ended_on") == rows(
        table, "child", "began", "ended"
    )


def test_enquiries_come_back_with_their_conferences(plain):
    table = simulated("section_47")
    decided = table["ended"].notna()
    table["conference_on"] = table["ended"].where(table["conference"])
    table["unnecessary"] = yes_no(~table["conference"], decided)
    table["made_plan"] = yes_no(table["plan"], decided & table["conference"])
    found = read(plain, "section_47", "annex_a")
    assert rows(found, "child", "on", "conference_on", "conference_unnecessary", "plan") == rows(
        table, "child", "on", "conference_on", "unnecessary", "made_plan"
    )
    in_census = read(plain, "section_47", "cin_census")
    assert rows(in_census, "child", "on", "conference_on") == rows(
        table, "child", "on", "conference_on"
    )


def test_episodes_of_need_come_back(plain):
    table = simulated("in_need")
    table = table[~table["no_further_action"]]
    early = table["ended"] < pd.Timestamp(codes.EARLY_HELP_REASON_SINCE - 1, 4, 1)
    table["reason"] = table["reason"].mask(early & (table["reason"] == "RC9"), "RC8")
    table["reason"] = table["reason"].where(table["ended"].notna(), "")
    found = read(plain, "in_need", "cin_census")
    assert rows(found, "child", "began_on", "ended_on", "reason", "need") == rows(
        table, "child", "began", "ended", "reason", "need"
    )


def test_plans_come_back(plain):
    assert rows(plain["in_need_plans"], "child", "began_on", "ended_on") == rows(
        simulated("in_need_plans"), "child", "began", "ended"
    )
    table = simulated("protection_plans")
    columns = ("child", "began_on", "ended_on", "category", "previous")
    assert rows(read(plain, "protection_plans", "cin_census"), *columns) == rows(
        table, "child", "began", "ended", "category", "previous"
    )


def test_episodes_of_care_come_back(plain):
    kind_of = {place: kind for kind, some in codes.PLACES.items() for place, _ in some}
    kind_of |= {"U4": "foster", "U6": "foster"}  # in house or agency: the provider says
    table = simulated("care")
    table["kind"] = table["place"].map(kind_of)
    agency = table["provider"].isin(["PR4", "PR5"])
    foster = agency.map({True: "agency_foster", False: "in_house_foster"})
    table["kind"] = table["kind"].where(table["kind"] != "foster", foster)
    found = read(plain, "care", "ssda903")
    assert rows(
        found, "child", "began_on", "ended_on", "began", "ended", "legal", "placement", "provider"
    ) == rows(table, "child", "began", "ended", "rne", "rec", "legal", "kind", "provider")


def test_births_and_streams_come_back(plain):
    everyone = run().everyone
    born = dict(zip(everyone.id, pd.to_datetime(everyone.born), strict=True))
    children = plain["children"].dropna(subset=["birth_on"])
    assert len(children) > len(tables()["in_need"]["child"].unique())
    assert all(born[one] == day for one, day in zip(children["child"], children["birth_on"]))  # noqa: B905
    alone = set(everyone.id[everyone.asylum_seeking]) & set(plain["care"]["child"])
    said = plain["children"]
    assert set(said[said["asylum_seeking"].fillna(False)]["child"]) >= alone


def test_what_was_asked_is_what_is_covered(plain):
    contacts = [one for one in plain.covered if one.table == "contacts"]
    assert len(contacts) == len(returns(window_months=SIX_MONTHS).annex_a)
    care = [one for one in plain.covered if one.table == "care" and "ssda903" in one.file]
    assert [(one.first, one.last) for one in care] == [
        (pd.Timestamp(year - 1, 4, 1), pd.Timestamp(year, 3, 31)) for year in MARCHES
    ]


# --- with faults ----------------------------------------------------------------------------------

# What was put in, and how the readers say it; empty where it is right as it is, and so no fault.
REPORTED: dict[str, tuple[str, ...]] = {
    "day as text": (),
    "day as text in ISO form": (),
    "day as a serial number of Excel": (),
    "year in two digits": (),
    "day that cannot be read": ("cannot be read", "does not exist"),
    "id with .0": (),
    "id with leading zeros": ("leading zeros",),
    "id left empty": ("without a child id",),
    "end before the start": ("an end before",),
    "reason for an end without its day": ("a reason for", "a closed episode without its end"),
    "code that is not in the list": ("a code that",),
    "code without its letter": (),
    "day after the extract": ("after the extract", "before the months", "18 or over", "over 25"),
    "X1 on an open episode": ("X1 on an episode",),
    "tag that the schema does not have": ("closure without a reason", "tag", "element"),
    "episode of the whole year left out": ("leaves out", "without an episode", "no later return"),
    "row twice": ("stands twice", "twice in one return"),
    "rows out of order": (),
    "title above the heading": (),
    "heading written another way": (),
    "sheet named another way": (),
    "sheet without data": (),
    "file in utf-16": (),
    "file in utf-8-sig": (),
    "elements in a namespace": (),
    "true and false for 1 and 0": (),
}


def test_every_kind_of_fault_that_was_put_in_is_reported_or_is_none(faulty, plain):
    assert set(REPORTED) == {one.kind for one in returns("few", SIX_MONTHS).injected}
    before = Counter((one.file, one.kind) for one in plain.faults)
    found = Counter((one.file, one.kind) for one in faulty.faults) - before
    for kind, words in REPORTED.items():
        if words:
            said = sum(n for (_, one), n in found.items() if any(word in one for word in words))
            assert said > 0, kind


def test_what_is_written_another_way_is_read_as_it_was(faulty, plain):
    """Titles, encodings, text days, serials, ids with .0: no row is lost to them."""
    put_in = Counter()
    for one in returns("few", SIX_MONTHS).injected:
        if one.part == "List 1" and REPORTED[one.kind]:
            put_in[one.kind] += one.count
    lost = len(plain["contacts"]) - len(faulty["contacts"])
    birth = sum(
        one.count
        for one in returns("few", SIX_MONTHS).injected
        if one.part == "List 1" and one.column in ("Date of Birth", "Contact Source")
    )
    assert 0 <= lost <= sum(put_in.values()) - put_in["row twice"] - put_in["id with leading zeros"]
    assert birth > 0


# --- privacy --------------------------------------------------------------------------------------


EXAMPLE = "09/04/2019"  # what a message gives as a day that can be read


def personal(text: str) -> set[str]:
    """Every id, pupil number and day of birth of the returns that stands in a text.

    Births since shortly before the run are left out: a report names days of those years.
    """
    everyone = run().everyone
    born = pd.DatetimeIndex(everyone.born)
    born = born[born < FIRST - pd.Timedelta(days=60)]
    words = {*everyone.id, *everyone.pupil}
    for form in ("%d/%m/%Y", "%d/%m/%y", "%Y-%m-%d"):
        words |= set(born.strftime(form))
    return words & set(re.findall(r"[\w/.-]*\w", text)) - {EXAMPLE}


def everything_in(folder: Path) -> str:
    """Whatever was written below a folder, as text."""
    found = io.StringIO()
    for path in folder.rglob("*"):
        if path.is_file():
            found.write(path.name + path.read_bytes().decode("utf-8", "replace"))
    return found.getvalue()


def test_the_search_finds_who_is_in_the_returns(faulty_folder):
    text = (faulty_folder / "ssda903_2025_header.csv").read_text("utf-8")
    found = personal(text)
    assert len(found) >= 3 * (text.count("\n") - 1) * 0.9  # id, pupil number, most births


def test_the_report_on_returns_tells_no_id_and_no_date_of_birth(
    faulty_folder, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("FAMILY_PATHWAYS_STORE", str(tmp_path / "store"))
    monkeypatch.chdir(tmp_path)
    assert main(["returns", str(faulty_folder), "--json"]) == 0
    said = capsys.readouterr()
    text = said.out + said.err + everything_in(tmp_path)
    assert text.count('"line"') > 100
    assert personal(text) == set()


def test_nor_does_the_report_to_read(tmp_path, monkeypatch, capsys):
    write(returns("few", SIX_MONTHS), tmp_path / "returns", ("ssda903",))
    monkeypatch.chdir(tmp_path)
    assert main(["returns", "returns"]) == 0
    said = capsys.readouterr()
    assert "DECOM" in said.out
    assert personal(said.out + said.err) == set()


def test_calibration_makes_an_area_and_writes_no_id_and_no_date_of_birth(
    faulty_folder, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("FAMILY_PATHWAYS_STORE", str(tmp_path / "store"))
    monkeypatch.chdir(tmp_path)
    asked = f"calibrate --returns {faulty_folder} --council Anytown --population 6400 --runs 64"
    assert main([*asked.split(), "--completion", "assessment", "--out", "anytown"]) == 0
    said = capsys.readouterr()
    text = said.out + said.err + everything_in(tmp_path)
    assert "[section_47.ends]" in text and "posterior.csv" in text
    assert personal(text) == set()
    written = everything_in(tmp_path)
    assert not [one for one in run().everyone.id if one in written]
    known = parameters.load(str(tmp_path / "anytown"))
    assert [knob.name for knob in known.posterior.knobs] == [
        "need_at_contact",
        "protection_plan_to_care",
    ]
    assert known["section_47.ends"].sources == (RETURNS_SOURCE,)
    report = (tmp_path / "anytown" / "report.md").read_text(encoding="utf-8")
    for part in ("Counted beside simulated", "Please answer", "Not in the returns"):
        assert part in report
