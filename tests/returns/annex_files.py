"""Small Annex A files for the tests: workbooks, text tables, an OpenDocument and an old Excel file.

Headings are typed out from Ofsted's template, apart from the reader's own tables.
"""

from __future__ import annotations

import csv
import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl

Rows = Sequence[Sequence[Any]]

PERSON = (
    "Child Unique ID",
    "Gender",
    "Ethnicity",
    "Date of Birth",
    "Age of Child (Years)",
)
DISABILITY = "Does the Child have a Disability"
TEAM = ("Allocated Team", "Allocated Worker")
HEADINGS: dict[int, tuple[str, ...]] = {
    1: (*PERSON, "Date of Contact", "Contact Source"),
    2: (
        *PERSON,
        "Assessment start date",
        "Assessment completion date",
        "Organisation completing assessment",
    ),
    3: (
        *PERSON,
        "Date of referral",
        "Referral Source",
        "Referral NFA?",
        "Number of Referrals in Last 12 Months",
        *TEAM,
    ),
    4: (
        *PERSON,
        DISABILITY,
        "Continuous Assessment Start Date",
        "Child Seen During Continuous Assessment",
        "Continuous Assessment Date of Authorisation",
        "Was the child assessed as requiring LA children\u2019s social care support",
        *TEAM,
    ),
    5: (
        *PERSON,
        DISABILITY,
        "Strategy discussion initiating Section 47 Enquiry Start Date",
        "Was an Initial Child Protection Conference deemed unnecessary?",
        "Date of Initial Child Protection Conference",
        "Did the Initial Child Protection Conference Result in a Child Protection Plan",
        "Number of Section 47 Enquiries in the last 12 months",
        "Number of ICPCs in the last 12 months",
        *TEAM,
    ),
    6: (
        *PERSON,
        DISABILITY,
        "CIN Start Date",
        "Primary Need Code",
        "Date Child Was Last Seen",
        "CIN Closure Date",
        "Reason for Closure",
        "Case status",
        *TEAM,
    ),
    7: (
        *PERSON,
        DISABILITY,
        "Child Protection Plan Start Date",
        "Initial Category of Abuse",
        "Latest Category of Abuse",
        "Child Protection Plan End Date",
        "Number of Previous Child Protection Plans",
        *TEAM,
    ),
    8: (
        *PERSON,
        "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N)",
        DISABILITY,
        "Date Started to be Looked After",
        "Child's Category of Need",
        "Child's Legal Status",
        "Date Ceased to be Looked After ",
        "Reason Ceased to be Looked After",
        "Start Date of Most Recent Placement",
        "Placement Type",
        "Placement Provider",
        "Placement postcode",
        *TEAM,
    ),
    9: (*PERSON, DISABILITY, *TEAM, "Eligibility Category", "LA In Touch "),
    10: (
        "Child Unique ID",
        "Family identifier",
        *PERSON[1:],
        DISABILITY,
        "Date the Child Entered Care",
        "Date of Decision that Child Should be Placed for Adoption",
        "Date of Placement Order",
        "Date Placed for Adoption",
        "Date of Adoption Order ",
    ),
}


def day(text: str) -> date:
    """A day out of 2024-03-01."""
    return date.fromisoformat(text)


def table(number: int, *rows: Mapping[str, Any], title: bool = False) -> list[list[Any]]:
    """A list with its header, each row given by heading; the rest blank."""
    headings = HEADINGS[number]
    for row in rows:
        unknown = set(row) - set(headings)
        assert not unknown, unknown
    body = [[row.get(one) for one in headings] for row in rows]
    return [*([[f"List {number}: a title"]] if title else []), list(headings), *body]


FIRST_OF_MARCH = date(2024, 3, 1)


def contact(child: Any = 4711, on: Any = FIRST_OF_MARCH, **more: Any) -> dict[str, Any]:
    """A row of list 1; more by heading."""
    return {
        "Child Unique ID": child,
        "Date of Birth": day("2015-06-01"),
        "Date of Contact": on,
        "Contact Source": "q) 6: Police",
        **more,
    }


def workbook(path: Path, sheets: Mapping[str, Rows], hidden: Sequence[str] = ()) -> Path:
    """An Excel workbook with these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        if name in hidden:
            sheet.sheet_state = "hidden"
    book.save(path)
    return path


def text_table(path: Path, rows: Rows, delimiter: str = ",", encoding: str = "utf-8") -> Path:
    """A csv; days as 01/03/2024."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    for row in rows:
        writer.writerow(
            ["" if c is None else c.strftime("%d/%m/%Y") if isinstance(c, date) else c for c in row]
        )
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def _ods_cell(cell: Any) -> str:
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, date):
        return (
            f'<table:table-cell office:value-type="date" office:date-value="{cell.isoformat()}">'
            f"<text:p>{cell:%d/%m/%Y}</text:p></table:table-cell>"
        )
    if isinstance(cell, int | float):
        return (
            f'<table:table-cell office:value-type="float" office:value="{cell}">'
            f"<text:p>{cell}</text:p></table:table-cell>"
        )
    return (
        '<table:table-cell office:value-type="string">'
        f"<text:p>{escape(str(cell))}</text:p></table:table-cell>"
    )


ODS_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
    "<office:body><office:spreadsheet>"
)
ODS_TAIL = "</office:spreadsheet></office:body></office:document-content>"
ODS_KIND = "application/vnd.oasis.opendocument.spreadsheet"


def open_document(
    path: Path, sheets: Mapping[str, Rows], last_rows: str = "", manifest: str = ""
) -> Path:
    """An OpenDocument spreadsheet, written by hand; `last_rows` is put after each sheet's."""
    body = "".join(
        f'<table:table table:name="{name}">'
        + "".join(
            "<table:table-row>" + "".join(map(_ods_cell, row)) + "</table:table-row>"
            for row in rows
        )
        + f"{last_rows}</table:table>"
        for name, rows in sheets.items()
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", ODS_KIND)
        archive.writestr("content.xml", ODS_HEAD + body + ODS_TAIL, zipfile.ZIP_DEFLATED)
        archive.writestr(
            "META-INF/manifest.xml",
            manifest
            or '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:'
            f'1.0"><manifest:file-entry manifest:media-type="{ODS_KIND}" '
            'manifest:full-path="/"/></manifest:manifest>',
        )
    return path


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def old_workbook(
    path: Path, name: str, rows: Rows, extra: bytes = b"", in_sheet: bytes = b""
) -> Path:
    """An old Excel workbook (BIFF8) with one sheet of texts and numbers, written by hand."""
    label = bytes([len(name), 0]) + name.encode("ascii")
    start = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)) + extra
    sheet_at = len(start) + 4 + 6 + len(label) + 4
    book = start + _record(0x0085, struct.pack("<IH", sheet_at, 0) + label) + _record(0x000A, b"")
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            place = struct.pack("<HHH", at, column, 0)
            if isinstance(cell, int | float):
                sheet += _record(0x0203, place + struct.pack("<d", cell))
            elif cell is not None:
                text = str(cell)
                sheet += _record(
                    0x0204, place + struct.pack("<HB", len(text), 0) + text.encode("latin-1")
                )
    stream = book + sheet + in_sheet + _record(0x000A, b"")
    path.write_bytes(_compound(stream))
    return path


def _compound(stream: bytes) -> bytes:
    """The stream as the one file of a compound document."""
    sector = 512
    stream += b"\0" * (max(4096, -(-len(stream) // sector) * sector) - len(stream))
    count = len(stream) // sector
    fat_sectors = -(-(count + 1) // 127)
    fat = [*range(1, count), 0xFFFFFFFE, 0xFFFFFFFE, *[0xFFFFFFFD] * fat_sectors]
    fat += [0xFFFFFFFF] * (fat_sectors * 128 - len(fat))
    header = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 16
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack(
        "<IIIIIIIII", 0, fat_sectors, count, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0
    )
    difat = [count + 1 + one for one in range(fat_sectors)]
    header += struct.pack("<109I", *difat, *[0xFFFFFFFF] * (109 - len(difat)))
    directory = _entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1)
    directory += _entry("Workbook", 2, 0, len(stream)) + b"\0" * 256
    return header + stream + directory + struct.pack(f"<{len(fat)}I", *fat)


def _entry(name: str, kind: int, first: int, size: int, child: int = 0xFFFFFFFF) -> bytes:
    text = name.encode("utf-16-le")
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBB", len(text) + 2, kind, 1)
        + struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child)
        + b"\0" * 36
        + struct.pack("<IQ", first, size)
    )
