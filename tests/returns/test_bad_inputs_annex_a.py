"""Bad Annex A files, each with the message that it must give."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from model.errors import InputError
from model.returns import annex_a, limits
from model.returns.faults import Severity
from model.returns.guard import let_in
from model.returns.limits import Deadline
from model.returns.sheets import open_sheets
from tests.returns.annex_files import (
    DISABILITY,
    ODS_HEAD,
    ODS_KIND,
    ODS_TAIL,
    contact,
    day,
    old_workbook,
    open_document,
    table,
    text_table,
    workbook,
)

EXTRACT = date(2024, 3, 31)
ID = "Child Unique ID"
ON = "Date of Contact"
BORN = "Date of Birth"
SOURCE = "Contact Source"
Made = Callable[[Path], Path]


def of_bytes(name: str, data: bytes) -> Made:
    """A file of these bytes."""

    def made(folder: Path) -> Path:
        (folder / name).write_bytes(data)
        return folder / name

    return made


def archive(name: str, parts: dict[str, bytes], packed: int = zipfile.ZIP_DEFLATED) -> Made:
    """A zip archive of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packed) as opened:
        for part, text in parts.items():
            opened.writestr(part, text)
    return of_bytes(name, out.getvalue())


BOOK = (
    b'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://'
    b'schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
    b'<sheet name="List_1" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
LINKS = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="rId1" Target="worksheets/sheet1.xml" Type="http://schemas.openxmlformats'
    b'.org/officeDocument/2006/relationships/worksheet"/></Relationships>'
)
ROOT = LINKS.replace(b"worksheets/sheet1.xml", b"xl/workbook.xml").replace(
    b"relationships/worksheet", b"relationships/officeDocument"
)


def excel(sheet: bytes, name: str = "annex.xlsx", **more: bytes) -> Made:
    """A workbook whose one sheet has this inside its sheetData."""
    parts = {
        "[Content_Types].xml": b"<Types/>",
        "_rels/.rels": ROOT,
        "xl/workbook.xml": BOOK,
        "xl/_rels/workbook.xml.rels": LINKS,
        "xl/worksheets/sheet1.xml": b"<worksheet><sheetData>" + sheet + b"</sheetData></worksheet>",
        **{part.replace("__", "/"): text for part, text in more.items()},
    }
    return archive(name, parts)


def locked_archive(folder: Path) -> Path:
    data = bytearray(archive("a", {"xl/workbook.xml": BOOK})(folder).read_bytes())
    data[6] |= 1
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    return of_bytes("annex.xlsx", bytes(data))(folder)


def lying_archive(folder: Path) -> Path:
    data = bytearray(excel(b"<row/>")(folder).read_bytes())
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 5)
    return of_bytes("annex.xlsx", bytes(data))(folder)


def truncated(folder: Path) -> Path:
    whole = workbook(folder / "whole.xlsx", {"List_1": table(1, contact())}).read_bytes()
    return of_bytes("annex.xlsx", whole[: len(whole) // 2])(folder)


def xlsx_named(name: str) -> Made:
    def made(folder: Path) -> Path:
        whole = workbook(folder / "whole.xlsx", {"List_1": table(1, contact())})
        return of_bytes(name, whole.read_bytes())(folder)

    return made


CFB = bytes.fromhex("d0cf11e0a1b11ae1")
ENCRYPTED = CFB + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 4000
HEADER_1 = "Child Unique ID,Date of Contact,Contact Source\n"


def circle(folder: Path) -> Path:
    """An old workbook whose chain of sectors never ends."""
    path = old_workbook(folder / "annex.xls", "List_1", [["Child Unique ID"]])
    data = bytearray(path.read_bytes())
    fat = len(data) - 512
    data[fat : fat + 4] = struct.pack("<I", 1)
    data[fat + 4 : fat + 8] = struct.pack("<I", 0)
    path.write_bytes(bytes(data))
    return path


def old(extra: bytes = b"", in_sheet: bytes = b"") -> Made:
    return lambda folder: old_workbook(
        folder / "annex.xls", "List_1", [["Child Unique ID"]], extra, in_sheet
    )


FAR = struct.pack("<HHHHHd", 0x0203, 14, 65_535, 60_000, 0, 1.0)

# name: (the file, words that its error must have)
REFUSED: dict[str, tuple[Made, tuple[str, ...]]] = {
    "an empty file": (of_bytes("List 1.csv", b""), ("an empty file", "Export it again")),
    "a missing file": (lambda folder: folder / "gone.xlsx", ("no file of this name",)),
    "a folder in place of a file": (
        lambda folder: (folder / "a.xlsx").mkdir() or folder / "a.xlsx",
        ("no file of this name",),
    ),
    "a kind that is not read": (of_bytes("annex.docx", b"PK"), ("'.docx'", "xlsx, xlsm, xls")),
    "a binary workbook": (of_bytes("annex.xlsb", b"PK"), ("'.xlsb'", "Save it as xlsx")),
    "a file without ending": (of_bytes("annex", b"x"), ("a file without ending",)),
    "a PDF named xlsx": (of_bytes("annex.xlsx", b"%PDF-1.7 ..."), ("a PDF document",)),
    "a PDF named csv": (of_bytes("List 1.csv", b"%PDF-1.7 ..."), ("a PDF document",)),
    "a web page named xls": (
        of_bytes("annex.xls", b"<html><table><tr><td>Child Unique ID"),
        ("a web page, not what its name says", "old Excel workbook"),
    ),
    "a table of a web page named xls": (
        of_bytes("annex.xls", b"\r\n<TABLE><tr>"),
        ("a web page",),
    ),
    "an xlsx named csv": (xlsx_named("List 1.csv"), ("an Excel workbook, not", "text file")),
    "an xlsx named xls": (xlsx_named("annex.xls"), ("an Excel workbook, not", "old Excel")),
    "an xlsx named ods": (xlsx_named("annex.ods"), ("an Excel workbook, not", "OpenDocument")),
    "a csv named xlsx": (of_bytes("annex.xlsx", b"a,b\n1,2\n"), ("a text file, not",)),
    "a csv named xls": (of_bytes("annex.xls", b"a,b\n1,2\n"), ("a text file, not",)),
    "an old workbook named xlsx": (
        of_bytes("annex.xlsx", CFB + b"\0" * 600),
        ("an old Excel workbook, not",),
    ),
    "an XML file named csv": (of_bytes("a.csv", b"<?xml version='1.0'?><a/>"), ("an XML file",)),
    "a program named xlsx": (of_bytes("annex.xlsx", b"MZ\x90\0\3"), ("a program",)),
    "a gzip named csv": (of_bytes("List 1.csv", b"\x1f\x8b\x08\0"), ("a gzip archive",)),
    "a picture named xlsx": (of_bytes("annex.xlsx", b"\x89PNG\r\n\x1a\n"), ("a picture",)),
    "noise named csv": (of_bytes("List 1.csv", bytes(range(1, 256)) * 9), ("unknown kind",)),
    "a word document named xlsx": (
        archive("annex.xlsx", {"word/document.xml": b"<a/>"}),
        ("a Word document",),
    ),
    "an archive of anything named xlsx": (
        archive("annex.xlsx", {"holiday.txt": b"sun"}),
        ("a zip archive, not",),
    ),
    "a workbook under a password": (
        of_bytes("annex.xlsx", ENCRYPTED),
        ("protected by a password", "Remove the password"),
    ),
    "an old workbook under a password": (
        old(struct.pack("<HHHHH", 0x002F, 6, 1, 1, 1)),
        ("protected by a password",),
    ),
    "an archive with locked parts": (locked_archive, ("protected by a password",)),
    "an open document under a password": (
        lambda folder: open_document(
            folder / "annex.ods", {"List 1": table(1)}, manifest="<m><encryption-data/></m>"
        ),
        ("protected by a password",),
    ),
    "half a workbook": (truncated, ("annex.xlsx", "a damaged archive")),
    "an archive that lies about its size": (lying_archive, ("not of the size it declares",)),
    "a bomb": (
        archive("annex.xlsx", {"xl/workbook.xml": BOOK, "xl/media/a.bin": b"\0" * 2**26}),
        ("unpacks to far more",),
    ),
    "an archive of thousands of parts": (
        archive("annex.xlsx", {"xl/workbook.xml": BOOK} | {f"xl/{n}": b"" for n in range(2_100)}),
        ("2,101 parts", "up to 2,000"),
    ),
    "a part that points outside": (
        archive("annex.xlsx", {"xl/workbook.xml": BOOK, "../../etc/passwd": b"x"}),
        ("points outside",),
    ),
    "a part with a root": (
        archive("annex.xlsx", {"xl/workbook.xml": BOOK, "/etc/passwd": b"x"}),
        ("points outside",),
    ),
    "two parts of one name": (
        archive("annex.xlsx", {"xl/workbook.xml": BOOK, "xl/A": b"x", "xl/a": b"y"}),
        ("two parts of one name",),
    ),
    "a workbook that declares entities": (
        excel(b"", xl__styles=b'<!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>'),
        ("declares entities of its own",),
    ),
    "a workbook whose table of sheets is damaged": (
        archive("annex.xlsx", {"xl/workbook.xml": b"<workbook><sheets"}),
        ("a damaged workbook",),
    ),
    "a million columns in a csv": (
        of_bytes("List 1.csv", b"a" + b"," * 999_999 + b"b\n"),
        ("1,000,000 columns", "up to 1,000 columns"),
    ),
    "a cell far to the right": (
        excel(b'<row r="1"><c r="XFD1"><v>1</v></c></row>'),
        ("16,384 columns", "far to the right"),
    ),
    "a cell in the last corner": (
        excel(b'<row r="1048576"><c r="ALK1048576"><v>1</v></c></row>'),
        ("1,048,576 rows of 999 columns", "30,000,000 cells"),
    ),
    "cells that hide their place": (
        excel(b"<row>" + b"<c><v>1</v></c>" * 1_500 + b"</row>"),
        ("1,500 columns",),
    ),
    "a column name of five letters": (
        excel(b'<row r="1"><c r="AAAAA1"><v>1</v></c></row>'),
        ("columns", "up to 1,000"),
    ),
    "an old workbook with a cell that no sheet has": (
        old(in_sheet=FAR),
        ("60,001 columns",),
    ),
    "an old workbook that goes round in circles": (circle, ("a damaged workbook",)),
    "an old workbook of nothing": (
        of_bytes("annex.xls", CFB + b"\0" * 5_000),
        ("a damaged workbook",),
    ),
    "a table that repeats a cell a billion times": (
        archive(
            "annex.ods",
            {
                "mimetype": ODS_KIND.encode(),
                "content.xml": (
                    ODS_HEAD + '<table:table table:name="L"><table:table-row><table:table-cell '
                    'office:value-type="float" office:value="1" '
                    'table:number-columns-repeated="1000000000"/></table:table-row></table:table>'
                    + ODS_TAIL
                ).encode(),
            },
            zipfile.ZIP_STORED,
        ),
        ("1,000,000,000 columns",),
    ),
    "a table that repeats a row a billion times": (
        lambda folder: open_document(
            folder / "annex.ods",
            {"L": []},
            last_rows='<table:table-row table:number-rows-repeated="1000000000">'
            '<table:table-cell office:value-type="float" office:value="1"/></table:table-row>',
        ),
        ("1,000,000,000 rows", "up to 2,000,000 rows"),
    ),
    "an open document without content": (
        archive("annex.ods", {"mimetype": ODS_KIND.encode()}, zipfile.ZIP_STORED),
        ("without a spreadsheet in it",),
    ),
    "a quotation mark that never closes": (
        of_bytes("List 1.csv", (HEADER_1 + '1,"' + "x" * 200_000).encode()),
        ("a cell of more than 32,767 characters", "quotation mark"),
    ),
    "a cell as long as a book": (
        of_bytes("List 1.csv", (HEADER_1 + "1," + "x" * 40_000 + ",6\n").encode()),
        ("a cell of more than 32,767 characters",),
    ),
    "no list at all": (
        lambda folder: workbook(folder / "a.xlsx", {"Lunch": [["Soup", "Fish"], [1, 2]]}),
        ("no list of Annex A",),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_file_is_refused_with_its_reason(tmp_path, name):
    make, words = REFUSED[name]
    with pytest.raises(InputError) as raised:
        annex_a.read([make(tmp_path)], EXTRACT)
    for word in words:
        assert word in str(raised.value), str(raised.value)


def test_a_file_over_the_limit_of_size_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("model.returns.guard.LARGEST_FILE_BYTES", limits.MIB)
    path = of_bytes("List 1.csv", b"a,b\n" * 2**19)(tmp_path)
    with pytest.raises(InputError, match="a file of more than 1 MB"):
        let_in(path)


def test_a_csv_of_too_many_rows_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("model.returns.sheets.MOST_ROWS", 100)
    monkeypatch.setattr(limits, "MOST_ROWS", 100)
    path = text_table(tmp_path / "List 1.csv", [["a", "b"]] * 200)
    with pytest.raises(InputError, match="up to 100 rows"):
        open_sheets(path)


def test_a_file_that_takes_too_long_is_given_up(tmp_path):
    path = text_table(tmp_path / "List 1.csv", [["a", "b"]] * 20_000)
    with pytest.raises(InputError, match="more than 0 seconds to read"):
        open_sheets(path, deadline=Deadline(0))


def test_macros_are_carried_along_unread(tmp_path):
    path = workbook(tmp_path / "a.xlsx", {"List_1": table(1, contact())})
    with zipfile.ZipFile(path, "a") as opened:
        opened.writestr("xl/vbaProject.bin", b"Sub Auto_Open()")
        opened.writestr("xl/externalLinks/externalLink1.xml", b"<externalLink/>")
    renamed = path.rename(tmp_path / "a.xlsm")
    assert len(annex_a.read([renamed], EXTRACT)["contacts"]) == 1


def one(number: int, row: dict, *more: dict) -> dict[str, list]:
    return {f"List_{number}": table(number, row, *more)}


REFERRED = {ID: 1, "Date of referral": day("2024-03-01")}
ASSESSED = {ID: 1, "Continuous Assessment Start Date": day("2024-03-01")}
ENDED = "Continuous Assessment Date of Authorisation"
SUPPORT = "Was the child assessed as requiring LA children\u2019s social care support"
STRATEGY = "Strategy discussion initiating Section 47 Enquiry Start Date"
CONFERENCE = "Date of Initial Child Protection Conference"
S47 = {ID: 1, STRATEGY: day("2024-03-01")}
IN_NEED = {ID: 1, "CIN Start Date": day("2024-03-01")}
PLAN = {ID: 1, "Child Protection Plan Start Date": day("2024-03-01")}
CARE = {ID: 1, "Date Started to be Looked After": day("2024-03-01")}
LEFT = "Date Ceased to be Looked After "
PLACED = "Start Date of Most Recent Placement"
ADOPTION = {
    ID: 1,
    "Date of Decision that Child Should be Placed for Adoption": day("2023-05-01"),
}
S, D, B, R, N = "refused", "dropped", "blanked", "repaired", "noted"

# name: (sheets, kind, severity, line, column, words that the fault as a sentence must have)
FAULTS: dict[str, tuple[dict[str, list], str, str, int, str, str]] = {
    # Ids
    "no id": (one(1, contact(None)), "a row without a child id", D, 2, ID, "not used"),
    "an id of N/A": (one(1, contact("N/A")), "a row without a child id", D, 2, ID, ""),
    "an id of words": (one(1, contact("Not known")), "a row without a child id", D, 2, ID, ""),
    "an id in scientific notation": (
        one(1, contact("1.23E+15")),
        "a child id that a spreadsheet has rounded",
        D,
        2,
        ID,
        "not used",
    ),
    "an id of more digits than a number keeps": (
        one(1, contact(1234567890123456789)),
        "a child id that a spreadsheet has rounded",
        D,
        2,
        ID,
        "",
    ),
    "an id with a fraction": (one(1, contact(12.5)), "a child id that is none", D, 2, ID, ""),
    "an id below nothing": (one(1, contact(-3)), "a child id that is none", D, 2, ID, ""),
    "an id of zeros": (one(1, contact("000")), "a child id that is none", D, 2, ID, ""),
    "a day in place of an id": (
        one(1, contact(datetime(2024, 1, 1))),
        "a child id that is none",
        D,
        2,
        ID,
        "",
    ),
    "ids with and without zeros": (
        one(1, contact("0077"), contact("77", day("2024-02-01"))),
        "child ids with and without leading zeros",
        R,
        0,
        ID,
        "taken as one child's",
    ),
    "a total below the rows": (
        {"List_1": [*table(1, contact()), ["Total:", None, None, None, None, None, 1]]},
        "a child id that is none",
        D,
        3,
        ID,
        "",
    ),
    # Days
    "no day": (one(1, contact(on=None)), "a row without its date", D, 2, ON, "not used"),
    "a day of N/A": (one(1, contact(on="N/A")), "a row without its date", D, 2, ON, ""),
    "31 February": (
        one(1, contact(on="31/02/2024")),
        "a date that does not exist",
        B,
        2,
        ON,
        "(99/99/9999)",
    ),
    "a month before its day": (
        one(1, contact(on="03/31/2024")),
        "a date that does not exist",
        B,
        2,
        ON,
        "",
    ),
    "words in place of a day": (
        one(1, contact(**{BORN: "May be 8 Jan 2000"})),
        "a date that cannot be read",
        B,
        2,
        BORN,
        "(aaa aa 9 aaa 9999)",
    ),
    "a month in another language": (
        one(1, contact(on="1 M\u00e4rz 2024")),
        "a date that cannot be read",
        B,
        2,
        ON,
        "",
    ),
    "yes in place of a day": (one(1, contact(on=True)), "a date that cannot be read", B, 2, ON, ""),
    "a number that is no day": (one(1, contact(on=7)), "a date that cannot be read", B, 2, ON, ""),
    "a day too far": (
        one(1, contact(on="01/03/2204")),
        "a date in an impossible year",
        B,
        2,
        ON,
        "",
    ),
    "a day long ago": (
        one(1, contact(on="01/03/1204")),
        "a date in an impossible year",
        B,
        2,
        ON,
        "",
    ),
    "Excel's nothing": (
        one(1, contact(**{BORN: "01/01/1900"})),
        "a placeholder in place of a date",
        B,
        2,
        BORN,
        "",
    ),
    "SQL's never": (
        one(1, contact(**{BORN: "9999-12-31"})),
        "a placeholder in place of a date",
        B,
        2,
        BORN,
        "",
    ),
    "the 29th of a common February": (
        one(1, contact(on="29/02/2023")),
        "a date that does not exist",
        B,
        2,
        ON,
        "",
    ),
    # Logic
    "a contact after the extract": (
        one(1, contact(on=day("2024-04-01"))),
        "a day after the extract",
        D,
        2,
        ON,
        "the row was not used",
    ),
    "an end after the extract": (
        one(4, ASSESSED | {ENDED: day("2024-04-02")}),
        "a day after the extract",
        B,
        2,
        ENDED,
        "the day was not used",
    ),
    "an end before its start": (
        one(4, ASSESSED | {ENDED: day("2024-02-01")}),
        "an end before its start",
        B,
        2,
        ENDED,
        "as still open",
    ),
    "a referral long before birth": (
        one(3, REFERRED | {BORN: day("2025-01-01")}),
        "an event more than nine months before birth",
        B,
        2,
        BORN,
        "the event was used",
    ),
    "a birth years ahead": (
        one(3, REFERRED | {BORN: day("2027-01-01")}),
        "a birth long after the extract",
        B,
        2,
        BORN,
        "",
    ),
    "care before birth": (
        one(8, CARE | {BORN: day("2024-03-20")}),
        "an event before birth",
        B,
        2,
        BORN,
        "",
    ),
    "a person of thirty": (
        one(3, REFERRED | {BORN: day("1990-01-01")}),
        "a person over 25 at the event",
        B,
        2,
        BORN,
        "",
    ),
    "a person of nineteen": (
        one(3, REFERRED | {BORN: day("2005-01-01")}),
        "a person of 18 or over at the event",
        N,
        2,
        BORN,
        "Used as it is",
    ),
    "a conference before its strategy discussion": (
        one(5, S47 | {CONFERENCE: day("2024-02-01")}),
        "a conference before its strategy discussion",
        B,
        2,
        CONFERENCE,
        "",
    ),
    "a conference without its strategy discussion": (
        one(5, {ID: 1, CONFERENCE: day("2024-02-01")}),
        "a conference without its strategy discussion",
        N,
        2,
        STRATEGY,
        "The conference counts",
    ),
    "a conference that was unnecessary": (
        one(
            5,
            S47
            | {
                CONFERENCE: day("2024-03-09"),
                "Was an Initial Child Protection Conference deemed unnecessary?": "Yes",
            },
        ),
        "a conference that was unnecessary and yet took place",
        B,
        2,
        "Was an Initial Child Protection Conference deemed unnecessary?",
        "",
    ),
    "a plan out of no conference": (
        one(
            5,
            S47
            | {
                "Did the Initial Child Protection Conference Result in a Child Protection Plan": "Y"
            },
        ),
        "a plan out of a conference without a day",
        N,
        2,
        CONFERENCE,
        "",
    ),
    "an outcome of an open assessment": (
        one(
            4,
            ASSESSED | {SUPPORT: "a) Yes"},
        ),
        "an outcome of an assessment that has not ended",
        N,
        2,
        "Was the child assessed as requiring LA children's social care support",
        "",
    ),
    "a reason without an end": (
        one(6, IN_NEED | {"Reason for Closure": "RC7"}),
        "a reason for ending without an end",
        B,
        2,
        "Reason for Closure",
        "still open",
    ),
    "a closed episode without an end": (
        one(6, IN_NEED | {"Case status": "Closed episode"}),
        "a closed episode without its end",
        B,
        2,
        "Case status",
        "",
    ),
    "an open status of an ended episode": (
        one(6, IN_NEED | {"Case status": "a", "CIN Closure Date": day("2024-03-09")}),
        "an open status of an episode that has ended",
        B,
        2,
        "Case status",
        "",
    ),
    "two entries in a list of the latest": (
        one(7, PLAN, PLAN | {"Child Protection Plan Start Date": day("2023-12-01")}),
        "a second entry for a child",
        N,
        3,
        ID,
        "Both were used",
    ),
    "a placement before the care": (
        one(8, CARE | {PLACED: day("2024-02-01")}),
        "a placement that began before the care",
        B,
        2,
        PLACED,
        "",
    ),
    "a placement after the care": (
        one(8, CARE | {LEFT: day("2024-03-09"), PLACED: day("2024-03-20")}),
        "a placement that began after the care ended",
        B,
        2,
        PLACED,
        "",
    ),
    "a foster placement of nobody": (
        one(8, CARE | {"Placement Type": "U6"}),
        "a foster placement without a provider",
        B,
        2,
        "Placement Provider",
        "PR0 to PR5",
    ),
    "a placement for adoption": (
        one(8, CARE | {"Placement Type": "A5"}),
        "a placement that the pathway does not have",
        N,
        2,
        "Placement Type",
        "",
    ),
    "an order before the placement": (
        one(
            10,
            ADOPTION
            | {
                "Date Placed for Adoption": day("2023-09-01"),
                "Date of Adoption Order ": day("2023-08-01"),
            },
        ),
        "an adoption order before the placement",
        B,
        2,
        "Date of Adoption Order",
        "",
    ),
    "another birth of the same child": (
        one(
            1,
            contact(),
            contact(on=day("2024-02-01")),
            contact(on=day("2024-01-05"), **{BORN: day("2015-07-01")}),
        ),
        "another date of birth than the child's other rows",
        R,
        4,
        BORN,
        "most rows",
    ),
    "the same row twice": (
        one(1, contact(), contact()),
        "a row that stands twice",
        D,
        3,
        "",
        "counted once",
    ),
    # Codes
    "an unknown source": (
        one(1, contact(**{SOURCE: "Zebra crossing"})),
        "a code that the list does not have",
        B,
        2,
        SOURCE,
        "6: Police",
    ),
    "a source with a slip of the pen": (
        one(1, contact(**{SOURCE: "Polise"})),
        "a code that the list does not have",
        B,
        2,
        SOURCE,
        "the nearest is 6: Police",
    ),
    "a number that is no source": (
        one(1, contact(**{SOURCE: 42})),
        "a code that the list does not have",
        B,
        2,
        SOURCE,
        "",
    ),
    "a code of an older list": (
        one(1, contact(**{SOURCE: "7 - Police"})),
        "a code whose words say something else",
        B,
        2,
        SOURCE,
        "",
    ),
    "words of two sources": (
        one(1, contact(**{SOURCE: "Police and hospital"})),
        "words that name several codes",
        B,
        2,
        SOURCE,
        "",
    ),
    "maybe in place of yes": (
        one(3, REFERRED | {"Referral NFA?": "maybe"}),
        "a code that the list does not have",
        B,
        2,
        "Referral NFA?",
        "a) Yes; b) No",
    ),
    "an unknown need": (
        one(6, IN_NEED | {"Primary Need Code": "N12"}),
        "a code that the list does not have",
        B,
        2,
        "Primary Need Code",
        "N1: Abuse or neglect",
    ),
    "an unknown reason": (
        one(6, IN_NEED | {"CIN Closure Date": day("2024-03-09"), "Reason for Closure": "RC77"}),
        "a code that the list does not have",
        B,
        2,
        "Reason for Closure",
        "RC7",
    ),
    "an unknown category": (
        one(7, PLAN | {"Initial Category of Abuse": "Bad weather"}),
        "a code that the list does not have",
        B,
        2,
        "Initial Category of Abuse",
        "Neglect",
    ),
    "an unknown legal status": (
        one(8, CARE | {"Child's Legal Status": "Q9"}),
        "a code that the list does not have",
        B,
        2,
        "Child's Legal Status",
        "C1: ICO",
    ),
    "an unknown placement": (
        one(8, CARE | {"Placement Type": "Lighthouse"}),
        "a code that the list does not have",
        B,
        2,
        "Placement Type",
        "",
    ),
    "an episode's end in place of the care's": (
        one(8, CARE | {LEFT: day("2024-03-09"), "Reason Ceased to be Looked After": "X1"}),
        "a reason for ending that says that care goes on",
        B,
        2,
        "Reason Ceased to be Looked After",
        "",
    ),
    "an unknown eligibility": (
        one(9, {ID: 1, "Eligibility Category": "Platinum"}),
        "a code that the list does not have",
        B,
        2,
        "Eligibility Category",
        "Relevant child",
    ),
    "a disability of no list": (
        one(4, ASSESSED | {DISABILITY: "perhaps so"}),
        "a code that the list does not have",
        B,
        2,
        DISABILITY,
        "",
    ),
    "more plans than a childhood holds": (
        one(7, PLAN | {"Number of Previous Child Protection Plans": 4000}),
        "a number that cannot be right",
        B,
        2,
        "Number of Previous Child Protection Plans",
        "0 to 30",
    ),
    # Headings
    "no heading of the date": (
        {"List_1": [[ID, "Dat of Contct", SOURCE], [1, day("2024-03-01"), "6"]]},
        "a list without a column that it needs",
        S,
        1,
        ON,
        "the nearest heading stands in column 2",
    ),
    "no heading of the id": (
        {"List_1": [["Name", ON, SOURCE], [1, day("2024-03-01"), "6"]]},
        "a list without a column that it needs",
        S,
        1,
        ID,
        "The list was not used",
    ),
    "no headings": (
        {"List_3": [[1, day("2024-03-01"), "6"]]},
        "a list without its headings",
        S,
        0,
        "",
        "'Date of referral'",
    ),
    "a column left out": (
        {"List_1": [[ID, ON], [1, day("2024-03-01")]]},
        "a column that is missing",
        N,
        1,
        SOURCE,
        "blank throughout",
    ),
    "a heading twice": (
        {"List_1": [[ID, ON, ON, SOURCE], [1, day("2024-03-01"), None, "6"]]},
        "a heading that stands twice",
        N,
        1,
        ON,
        "The first",
    ),
    "the header again in the middle": (
        {"List_1": [*table(1, contact()), *table(1, contact(5))]},
        "a header in the middle of the rows",
        D,
        3,
        "",
        "not used",
    ),
    "another list's name": (
        {"List_4": table(1, contact())},
        "a sheet that is not the list that its name says",
        N,
        1,
        "",
        "read as list 1",
    ),
    # Lists and extracts
    "a column of nothing": (
        one(1, contact(**{SOURCE: None})),
        "a column without a value",
        N,
        0,
        SOURCE,
        "",
    ),
    "a list of nothing": (
        {"List_1": table(1, contact()), "List_2": table(2)},
        "a list without a row",
        N,
        0,
        "",
        "not filled in",
    ),
    "contacts of years ago": (
        one(1, contact(), contact(2, day("2021-01-01"))),
        "rows from before the months that the list covers",
        N,
        0,
        ON,
        "1 rows",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_bad_row_is_reported_with_its_line_and_what_was_done(tmp_path, name):
    sheets, kind, severity, line, column, words = FAULTS[name]
    records = annex_a.read([workbook(tmp_path / "annex.xlsx", sheets)], EXTRACT)
    found = [one for one in records.faults if one.kind == kind and one.column == column]
    assert [(one.line, one.severity) for one in found] == [(line, Severity(severity))], [
        str(one) for one in records.faults
    ]
    assert found[0].file == "annex.xlsx"
    assert found[0].done
    assert words in str(found[0])


def test_there_are_at_least_as_many_bad_inputs_as_promised():
    assert len(REFUSED) + len(FAULTS) >= 120


def formula_book(folder: Path, cached: bool) -> Path:
    path = workbook(folder / "annex.xlsx", {"List_1": table(1, contact(), contact(5))})
    if not cached:
        book = openpyxl.load_workbook(path)
        book["List_1"]["G3"] = '="6"'
        book.save(path)
    return path


def test_a_formula_without_a_value_is_blank_and_reported(tmp_path):
    records = annex_a.read([formula_book(tmp_path, cached=False)], EXTRACT)
    found = [one for one in records.faults if one.kind == "a formula without a value"]
    assert [(one.part, one.line, one.column) for one in found] == [("List_1", 3, "column 7")]
    assert list(records["contacts"]["source"]) == ["police", ""]


@pytest.mark.parametrize(
    ("cell", "value", "reported"),
    [
        (b'<c r="A1"><f>1+1</f><v>2</v></c>', 2, False),
        (b'<c r="A1"><f>1+1</f><v/></c>', None, True),
        (b'<c r="A1"><f>1+1</f></c>', None, True),
        (b'<c r="A1" t="str"><f>IF(B1="","",B1)</f><v></v></c>', None, False),
    ],
)
def test_a_formula_counts_by_the_value_that_was_kept(tmp_path, cell, value, reported):
    more = b'<row r="1">' + cell + b'</row><row r="2"><c r="A2"><v>9</v></c></row>'
    sheet = open_sheets(excel(more)(tmp_path))[0]
    assert bool(sheet.faults) == reported
    assert sheet.rows == ([[value], [9]] if value else [[9]])


def test_a_hidden_sheet_is_read_and_said(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx", {"Front": [["x"]], "List_1": table(1, contact())}, ["List_1"]
    )
    records = annex_a.read([path], EXTRACT)
    assert len(records["contacts"]) == 1
    assert "a hidden sheet" in {one.kind for one in records.faults}
