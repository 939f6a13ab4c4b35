"""Workbooks that are zip archives (xlsx, xlsm, ods), looked through before anything parses them.

Every member is unpacked here once, its real size counted whatever the archive declares, and the
sheets are measured, so that the parser that follows is only given what fits in memory. Macros
are carried along unread, links to other files are never followed.

This module does not know what a sheet is about.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import ParseError
from xml.sax.saxutils import unescape

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from model.errors import InputError, Where
from model.returns.limits import (
    LARGEST_MEMBER_BYTES,
    LARGEST_PACKING_RATIO,
    LARGEST_UNPACKED_BYTES,
    MIB,
    MOST_CELLS,
    MOST_MEMBERS,
    MOST_SHEETS,
    SMALLEST_SUSPECT_BYTES,
    Deadline,
    check_table,
)

CHUNK_BYTES = 4 * MIB
FEW_COLUMNS = 702  # up to ZZ
ODS_MARK = b"application/vnd.oasis.opendocument.spreadsheet"
RELATIONSHIP = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

# Cells that hold something: <c ...> that is not closed at once.
CELL = re.compile(rb"<(?:\w+:)?c(?=[\s>])[^>]*(?<!/)>")
PLACED_CELL = re.compile(
    rb"<(?:\w+:)?c\s(?:[^>]*?\s)?r\s*=\s*[\"']([A-Za-z]{1,7})(\d{1,10})[\"'][^>]*(?<!/)>"
)
PLAIN_TAG = re.compile(rb"<(?:c|row)[\s/>]")
PREFIXED_TAG = re.compile(rb"<\w+:(?:c|row)[\s/>]")
WIDE_COLUMN = re.compile(rb"r\s*=\s*[\"']([A-Za-z]{2,7})\d")
LONG_ROW = re.compile(rb"r\s*=\s*[\"'][A-Za-z]{0,7}(\d{6,10})[\"']")
ROW = re.compile(rb"<(?:\w+:)?row(?=[\s>])[^>]*>")
ROW_NUMBER = re.compile(rb"<(?:\w+:)?row\s(?:[^>]*?\s)?r\s*=\s*[\"'](\d{1,10})[\"']")
ANY_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
FORMULA = re.compile(
    rb"<(?:\w+:)?c\s([^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
REFERENCE = re.compile(rb"(?:^|\s)r\s*=\s*[\"']([A-Z]{1,3})(\d{1,7})[\"']")
ODS_TOKEN = re.compile(
    rb"<table:table\s([^>]*)>|<table:table-row\b([^>]*)>|(</table:table-row>)"
    rb"|<table:(?:covered-)?table-cell\b([^>]*)>"
)
TABLE_NAME = re.compile(rb"table:name\s*=\s*[\"']([^\"']*)[\"']")
ROWS_REPEATED = re.compile(rb"table:number-rows-repeated\s*=\s*[\"'](\d{1,12})")
COLUMNS_REPEATED = re.compile(rb"table:number-columns-repeated\s*=\s*[\"'](\d{1,12})")


@dataclass(frozen=True)
class Looked:
    """What the look through a workbook told.

    Attributes
    ----------
    from_1904 : whether its day numbers count from 1 January 1904.
    uncalculated : by sheet name, (line, column) from 1 of formulas that hold no value.
    """

    from_1904: bool = False
    uncalculated: dict[str, tuple[tuple[int, int], ...]] = field(default_factory=dict)


def look_through_xlsx(file: str, data: bytes, deadline: Deadline) -> Looked:
    """Refuse an xlsx or xlsm that is dangerous, locked, or not one; measure its sheets."""
    sheets: dict[str, tuple[tuple[int, int], ...]] = {}
    parts: dict[str, bytes] = {}
    for name, text in members(file, data, deadline):
        if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name, re.IGNORECASE):
            check_table(file, "", *_extent(text))
            sheets[name.lower()] = _uncalculated(text)
        elif name.lower() in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
            parts[name.lower()] = text
    if "xl/workbook.xml" not in parts:
        raise not_what_it_claims(file, "an archive without a workbook in it", "an Excel workbook")
    if len(sheets) > MOST_SHEETS:
        raise InputError(Where(file), f"{len(sheets):,} sheets", f"up to {MOST_SHEETS} sheets")
    named = _sheet_files(file, parts)
    since = re.search(rb"date1904\s*=\s*[\"'](?:1|true)", parts["xl/workbook.xml"])
    return Looked(
        since is not None,
        {name: sheets[target] for name, target in named.items() if sheets.get(target)},
    )


def look_through_ods(file: str, data: bytes, deadline: Deadline) -> Looked:
    """Refuse an ods that is dangerous, locked, or not one; measure its tables."""
    found = dict.fromkeys(("mimetype", "content.xml", "META-INF/manifest.xml"), b"")
    for name, text in members(file, data, deadline):
        if name in found:
            found[name] = text
    if not found["mimetype"].startswith(ODS_MARK) or not found["content.xml"]:
        raise not_what_it_claims(
            file, "an archive without a spreadsheet in it", "an OpenDocument spreadsheet"
        )
    if b"encryption-data" in found["META-INF/manifest.xml"]:
        raise locked(file)
    return Looked(False, _look_through_tables(file, found["content.xml"]))


def members(file: str, data: bytes, deadline: Deadline) -> Iterator[tuple[str, bytes]]:
    """Name and content of every member, unpacked within bounds; raises InputError."""
    where = Where(file)
    try:
        listed = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, struct.error, EOFError, OverflowError):
        raise InputError(where, "a damaged archive", "a whole workbook", "Save it again.") from None
    except (UnicodeError, NotImplementedError):
        raise InputError(where, "an archive that no spreadsheet program writes") from None
    if len(listed) > MOST_MEMBERS:
        raise InputError(where, f"an archive of {len(listed):,} parts", f"up to {MOST_MEMBERS:,}")
    total = 0
    seen: set[str] = set()
    for one in listed:
        name = one.filename
        if name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name:
            raise InputError(where, "an archive with a part that points outside of it")
        if name.lower() in seen:
            raise InputError(where, "an archive with two parts of one name")
        seen.add(name.lower())
        if one.flag_bits & 0x1:
            raise locked(file)
        text = _unpacked(file, data, one, deadline)
        total += len(text)
        if total > LARGEST_UNPACKED_BYTES:
            raise _bomb(file)
        if b"<!DOCTYPE" in text[:4096] or b"<!ENTITY" in text[:4096]:
            raise InputError(
                where, "a workbook that declares entities of its own", "a plain workbook"
            )
        yield name, text


def _unpacked(file: str, data: bytes, one: zipfile.ZipInfo, deadline: Deadline) -> bytes:
    """The content of a member, its size counted while it unpacks, whatever is declared."""
    damaged = InputError(Where(file), "a damaged archive", "a whole workbook", "Save it again.")
    start = one.header_offset
    if data[start : start + 4] != b"PK\x03\x04":
        raise damaged
    name_bytes, extra_bytes = struct.unpack("<HH", data[start + 26 : start + 30])
    start += 30 + name_bytes + extra_bytes
    packed = data[start : start + one.compress_size]
    if len(packed) != one.compress_size:
        raise damaged
    if one.compress_type == zipfile.ZIP_STORED:
        text = packed
    elif one.compress_type == zipfile.ZIP_DEFLATED:
        text = _inflated(file, packed, deadline, damaged)
    else:
        raise InputError(Where(file), "an archive packed in a way that no spreadsheet program uses")
    if len(text) != one.file_size or zlib.crc32(text) != one.CRC:
        raise InputError(
            Where(file), "an archive that is not of the size it declares", "a whole workbook"
        )
    return text


def _inflated(file: str, packed: bytes, deadline: Deadline, damaged: InputError) -> bytes:
    unpack = zlib.decompressobj(-zlib.MAX_WBITS)
    pieces: list[bytes] = []
    total, waiting = 0, packed
    try:
        while not unpack.eof:
            piece = unpack.decompress(waiting, CHUNK_BYTES)
            waiting = unpack.unconsumed_tail
            total += len(piece)
            if total > LARGEST_MEMBER_BYTES or (
                total > SMALLEST_SUSPECT_BYTES and total > LARGEST_PACKING_RATIO * len(packed)
            ):
                raise _bomb(file)
            if not piece and not waiting and not unpack.eof:
                raise damaged
            deadline.check(file)
            pieces.append(piece)
    except zlib.error:
        raise damaged from None
    return b"".join(pieces)


def _extent(text: bytes) -> tuple[int, int]:
    """Rows and columns of a worksheet: of all cells where that is little, else of those in use."""
    quick = _quick_extent(text)
    if quick is not None and quick[1] <= FEW_COLUMNS and quick[0] * quick[1] <= MOST_CELLS:
        return quick
    return _extent_in_use(text)


def _quick_extent(text: bytes) -> tuple[int, int] | None:
    """Rows and columns that no cell exceeds; None where cells leave their place to be counted."""
    tags = len(PLAIN_TAG.findall(text))
    if PREFIXED_TAG.search(text) or tags > text.count(b' r="'):
        return None
    letters = set(WIDE_COLUMN.findall(text))
    columns = max((column_number(one) for one in letters), default=26)
    rows = max((int(one) for one in set(LONG_ROW.findall(text))), default=99_999)
    return rows, columns


def _extent_in_use(text: bytes) -> tuple[int, int]:
    """Rows and columns up to the last cell of a worksheet that holds something."""
    placed = PLACED_CELL.findall(text)
    letters = {column for column, _ in placed}
    columns = max((column_number(one) for one in letters), default=0)
    rows = max((int(row) for _, row in placed), default=0)
    if len(CELL.findall(text)) > len(placed):  # cells that leave their place to be counted
        pieces = ROW.split(text)
        columns = max(columns, *(len(CELL.findall(piece)) for piece in pieces))
        numbers = [int(one) for one in ROW_NUMBER.findall(text)]
        rows = max(rows, len(pieces) - 1, *numbers, 0)
    return rows, columns


def column_number(letters: bytes) -> int:
    """The number of a column: A is 1, AA is 27."""
    number = 0
    for one in letters.upper():
        number = number * 26 + one - 64
    return number


def _uncalculated(text: bytes) -> tuple[tuple[int, int], ...]:
    """Places of formulas without a value that was kept when the workbook was saved."""
    if not ANY_FORMULA.search(text):
        return ()
    places = []
    for attributes, value in FORMULA.findall(text):
        if value and re.search(rb"\bt\s*=\s*[\"']str[\"']", attributes):
            continue  # a formula whose value is the empty text
        place = REFERENCE.search(attributes)
        if place:
            places.append((int(place[2]), column_number(place[1])))
    return tuple(places)


def _sheet_files(file: str, parts: dict[str, bytes]) -> dict[str, str]:
    """Sheet name -> its part in the archive, in lower case."""
    try:
        book = fromstring(parts["xl/workbook.xml"])
        links = fromstring(parts.get("xl/_rels/workbook.xml.rels", b"<none/>"))
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise InputError(
            Where(file), "a damaged workbook", "a whole one", "Save it again."
        ) from None
    targets = {one.get("Id"): one.get("Target", "") for one in links}
    named = {}
    for one in book.iter():
        target = targets.get(one.get(RELATIONSHIP)) if one.tag.endswith("}sheet") else None
        if target:
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            named[one.get("name", "")] = path.lower()
    return named


def _look_through_tables(file: str, text: bytes) -> dict[str, tuple[tuple[int, int], ...]]:
    """Refuse tables too long or wide once repeats are written out; formulas without a value."""
    uncalculated: dict[str, list[tuple[int, int]]] = {}
    name = ""
    rows = row_repeats = width = last_width = widest = 0
    for token in ODS_TOKEN.finditer(text):
        named, row, end, cell = token.groups()
        if named is not None:
            found = TABLE_NAME.search(named)
            name = unescape(found[1].decode("utf-8", "replace")) if found else ""
            rows = widest = 0
        if row is not None:
            row_repeats, width, last_width = _repeats(ROWS_REPEATED, row), 0, 0
        elif cell is not None:
            width += _repeats(COLUMNS_REPEATED, cell)
            if not cell.endswith(b"/") or b"office:" in cell:
                last_width = width
            if b"table:formula" in cell and b"office:value-type" not in cell:
                uncalculated.setdefault(name, []).append((rows + 1, width))
                last_width = width
        if end or (row is not None and row.endswith(b"/")):
            rows += row_repeats
            if last_width:
                widest = max(widest, last_width)
                check_table(file, "", rows, widest)
    return {name: tuple(places) for name, places in uncalculated.items()}


def _repeats(pattern: re.Pattern[bytes], attributes: bytes) -> int:
    found = pattern.search(attributes)
    return int(found[1]) if found else 1


def locked(file: str) -> InputError:
    """The error for a workbook that a password protects."""
    return InputError(
        Where(file),
        "a workbook protected by a password",
        "a workbook without one",
        "Remove the password in Excel (File, Info, Protect Workbook) and save it again.",
    )


def not_what_it_claims(file: str, found: str, claimed: str) -> InputError:
    """The error for content that is not what the file's name says."""
    return InputError(
        Where(file), found, claimed, "Save it again from the program that made it, as what it is."
    )


def _bomb(file: str) -> InputError:
    return InputError(
        Where(file),
        "an archive that unpacks to far more than a return holds",
        f"up to {LARGEST_UNPACKED_BYTES // MIB:,} MB unpacked",
        "Save the lists alone as a new workbook.",
    )
