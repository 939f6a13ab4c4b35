"""A folder of returns: everything recognised by content, refusals said, nobody given away."""

from __future__ import annotations

import json
import traceback
from datetime import date
from pathlib import Path

import pytest

from model.__main__ import main
from model.errors import InputError
from model.returns import folder
from model.returns.faults import Severity
from tests.returns import care_files, census_files
from tests.returns.annex_files import DISABILITY, contact, day, table, text_table, workbook

ID = "Child Unique ID"
SECRET_IDS = ("734512", "CH-0098-Q", "00881177")
SECRET_BIRTHS = (date(2013, 11, 23), date(2012, 10, 19))


@pytest.fixture
def mixed(tmp_path) -> Path:
    """Three kinds of return, and things that are none, in folders."""
    workbook(tmp_path / "annex.xlsx", {"List_1": table(1, contact(701), contact(5))})
    (tmp_path / "care").mkdir()
    (tmp_path / "care" / "episodes.csv").write_text(care_files.episodes())
    (tmp_path / "care" / "header.csv").write_text(care_files.header())
    (tmp_path / "census.xml").write_text(census_files.WHOLE)
    (tmp_path / "minutes.pdf").write_bytes(b"%PDF-1.7")
    (tmp_path / "broken.xlsx").write_bytes(b"%PDF-1.7")
    (tmp_path / "other.xml").write_text("<a><b/></a>")
    (tmp_path / "~$annex.xlsx").write_bytes(b"lock")
    text_table(tmp_path / "lunch.csv", [["soup", "fish"], [1, 2]])
    return tmp_path


def test_every_file_is_recognised_by_its_content(mixed):
    records = folder.read_folder(mixed, date(2024, 3, 31))
    assert len(records["contacts"]) == 2
    assert len(records["care"])
    assert len(records["in_need"])
    said = {(one.file, one.what) for one in records.recognised}
    for name in ("minutes.pdf", "other.xml", "lunch.csv"):
        assert (name, "no return that is read") in said
    assert not any("~$" in file for file, _ in said)
    refused = [one for one in records.faults if one.severity is Severity.REFUSED]
    assert [(one.file, one.kind) for one in refused] == [
        ("broken.xlsx", "a PDF document, not what its name says")
    ]


def test_a_child_in_several_returns_keeps_the_id(mixed):
    records = folder.read_folder(mixed, date(2024, 3, 31))
    assert "701" in set(records["contacts"]["child"]) & set(records["care"]["child"])


def test_progress_is_told_to_the_end(mixed):
    steps: list[tuple[int, int]] = []
    folder.read_folder(mixed, progress=lambda done, of: steps.append((done, of)))
    assert steps[-1][0] == steps[-1][1]
    assert [done for done, _ in steps] == list(range(1, len(steps) + 1))


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path):
    outside = workbook(tmp_path / "secret.xlsx", {"List_1": table(1, contact())})
    inside = tmp_path / "returns"
    inside.mkdir()
    (inside / "annex.xlsx").symlink_to(outside)
    (inside / "up").symlink_to(tmp_path)
    workbook(inside / "mine.xlsx", {"List_1": table(1, contact(5))})
    records = folder.read_folder(inside)
    assert list(records["contacts"]["child"]) == ["5"]
    refused = {one.file: one.kind for one in records.faults if one.severity is Severity.REFUSED}
    assert refused == dict.fromkeys(("annex.xlsx", "up"), "a link that leads out of the folder")


def test_folders_too_deep_and_too_many_files_are_bounded(tmp_path, monkeypatch):
    deep = tmp_path
    for _ in range(folder.DEEPEST + 1):
        deep = deep / "d"
        deep.mkdir()
    workbook(tmp_path / "annex.xlsx", {"List_1": table(1, contact())})
    workbook(deep / "annex.xlsx", {"List_1": table(1, contact(6))})
    records = folder.read_folder(tmp_path)
    assert list(records["contacts"]["child"]) == ["4711"]
    assert any("folders deep" in one.kind for one in records.faults)
    monkeypatch.setattr(folder, "MOST_FILES", 3)
    for number in range(4):
        (tmp_path / f"{number}.csv").write_text("a,b\n")
    with pytest.raises(InputError, match="more than 3 files"):
        folder.read_folder(tmp_path)


def test_a_folder_without_anything_usable_is_an_error(tmp_path):
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    with pytest.raises(InputError, match="no return that can be used"):
        folder.read_folder(tmp_path)
    with pytest.raises(InputError, match="no folder of this name"):
        folder.read_folder(tmp_path / "gone")


def test_a_return_that_its_reader_refuses_hides_no_other(tmp_path):
    (tmp_path / "a.xml").write_text(census_files.WHOLE)
    broken = census_files.WHOLE.replace("</Message>", "")
    (tmp_path / "b.xml").write_text(broken)
    records = folder.read_folder(tmp_path)
    assert len(records["in_need"])
    assert {one.file for one in records.faults if one.severity is Severity.REFUSED} == {"b.xml"}


def test_the_command_says_what_is_there_and_ends_well(mixed, capsys):
    assert main(["returns", str(mixed), "--extract-date", "2024-03-31"]) == 0
    out = capsys.readouterr().out
    for words in ("What was recognised", "Refused", "broken.xlsx", "list 1, contacts", "Records"):
        assert words in out


def test_the_command_as_json(mixed, capsys):
    assert main(["returns", str(mixed), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["usable"]
    assert document["records"]["contacts"] == 2
    assert [one["file"] for one in document["refused"]] == ["broken.xlsx"]
    assert all(one["last"] for one in document["covered"])


def test_the_command_ends_badly_where_nothing_is_usable(tmp_path, capsys):
    (tmp_path / "annex.xlsx").write_bytes(b"%PDF-1.7")
    assert main(["returns", str(tmp_path)]) == 2
    assert "a PDF document" in capsys.readouterr().out


def test_long_runs_of_one_fault_are_cut_short(tmp_path, capsys):
    rows = [contact(n, on="31/02/2024") for n in range(1, 61)]
    workbook(tmp_path / "annex.xlsx", {"List_1": table(1, *rows, contact(99))})
    assert main(["returns", str(tmp_path)]) == 0
    assert "and 40 more of this kind" in capsys.readouterr().out


def secret_files(tmp_path: Path) -> Path:
    """Faults of every sort on rows about children whom nothing may give away."""
    births = SECRET_BIRTHS
    people = [
        {ID: one, "Date of Birth": births[n % 2], DISABILITY: "zq"}
        for n, one in enumerate(SECRET_IDS)
    ]
    bad = [births[0].strftime("%d/%m/%Y") + "?", births[1].strftime("%Y%m%d%H"), "CH-0098-Q"]
    workbook(
        tmp_path / "annex.xlsx",
        {
            "List_1": table(
                1,
                *(contact(one, births[0], **{"Contact Source": one}) for one in SECRET_IDS),
                *(contact(one, **{"Date of Birth": births[1]}) for one in SECRET_IDS),
                *(contact(one, **{"Date of Birth": births[1]}) for one in SECRET_IDS),
                *(contact(SECRET_IDS[0], **{"Date of Birth": text}) for text in bad),
                contact(SECRET_IDS[1] + "\u2603"),
                contact(734512.5),
            ),
            "List_4": table(
                4,
                *(one | {"Continuous Assessment Start Date": day("2024-03-01")} for one in people),
                *(one | {"Continuous Assessment Start Date": "CH-0098-Q"} for one in people),
            ),
            "List_8": table(
                8,
                *(
                    {k: v for k, v in one.items() if k != DISABILITY}
                    | {"Date Started to be Looked After": births[0]}
                    for one in people
                ),
            ),
        },
    )
    text_table(
        tmp_path / "contacts.csv",
        [[ID, "Date of Birth", "Date of Contact", "Contact Source"]]
        + [[one, births[0], "x", one] for one in SECRET_IDS],
    )
    return tmp_path


def written(one: date) -> list[str]:
    return [
        one.strftime(form) for form in ("%d/%m/%Y", "%Y-%m-%d", "%d %b %Y", "%Y%m%d", "%d/%m/%y")
    ]


def given_away(text: str) -> list[str]:
    secrets = [*SECRET_IDS, "881177", *(w for one in SECRET_BIRTHS for w in written(one))]
    return [secret for secret in secrets if secret.lower() in text.lower()]


def test_no_id_and_no_birth_leaves_in_faults_reprs_or_command_output(tmp_path, capsys):
    place = secret_files(tmp_path)
    records = folder.read_folder(place, date(2024, 3, 31))
    assert len(records.faults) > 30
    told = [str(one) + repr(one) for one in records.faults]
    told += [repr(records), str(records), repr(records.recognised), repr(records.covered)]
    for switches in ((), ("--json",)):
        assert main(["returns", str(place), "--extract-date", "2024-03-31", *switches]) == 0
        streams = capsys.readouterr()
        told += [streams.out, streams.err]
    assert given_away("\n".join(told)) == []


def test_no_id_leaves_in_the_text_of_an_error(tmp_path):
    path = tmp_path / "List 1.csv"
    path.write_text(f'{ID},Date of Contact\n{SECRET_IDS[0]},"{SECRET_IDS[1]}{"x" * 200_000}\n')
    broken = tmp_path / "annex.xlsx"
    whole = workbook(tmp_path / "whole.xlsx", {"List_1": table(1, contact(SECRET_IDS[1]))})
    broken.write_bytes(whole.read_bytes()[:-300])
    whole.unlink()
    for name in (path, broken):
        with pytest.raises(InputError) as raised:
            folder.annex_a.read([name])
        text = "".join(traceback.format_exception(raised.value)) + repr(raised.value)
        assert given_away(text) == []


def test_nothing_is_written_beside_the_returns(mixed):
    before = {path: path.stat().st_mtime_ns for path in mixed.rglob("*")}
    folder.read_folder(mixed)
    assert {path: path.stat().st_mtime_ns for path in mixed.rglob("*")} == before
