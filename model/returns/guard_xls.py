"""Old Excel workbooks (xls), looked through before anything parses them.

The file is a small file system of its own; its workbook is a stream of records. This reads as
much of both as is needed to see that the workbook is whole, not locked, and of a size that fits
in memory (Microsoft's MS-CFB and MS-XLS describe the two formats).

This module does not know what a sheet is about.
"""

from __future__ import annotations

import struct

from model.errors import InputError, Where
from model.returns.guard_zip import Looked, locked, not_what_it_claims
from model.returns.limits import Deadline, check_table

OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LAST_SECTOR = 0xFFFFFFFA  # sector numbers from here on are marks, not sectors
SMALLEST_STREAM_BYTES = 4096
DIRECTORY_ENTRY_BYTES = 128
DIFAT_IN_HEADER = 109
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")

BEGINS_SHEET = 0x0809
LOCKED = 0x002F
DATE_MODE = 0x0022
SINGLE_CELLS = {0x0006, 0x0203, 0x0204, 0x0205, 0x0206, 0x027E, 0x00D6, 0x00FD, 0x0406}
SEVERAL_CELLS = 0x00BD
ROWS_BETWEEN_CHECKS = 1 << 16


def look_through_xls(file: str, data: bytes, deadline: Deadline) -> Looked:
    """Refuse an xls that is dangerous, locked, or not one; measure its sheets."""
    if ENCRYPTED_STREAM in data:
        raise locked(file)
    try:
        stream = _workbook_stream(file, data)
        return _look_through_records(file, stream, deadline)
    except (struct.error, IndexError):
        raise _damaged(file) from None


def _workbook_stream(file: str, data: bytes) -> bytes:
    """The stream of records, its sectors in order."""
    shift = struct.unpack_from("<H", data, 30)[0]
    if shift not in (9, 12):
        raise _damaged(file)
    sector_bytes = 1 << shift
    following = _following(file, data, sector_bytes)
    directory = _chain(file, data, struct.unpack_from("<I", data, 48)[0], following, sector_bytes)
    for at in range(0, len(directory) - DIRECTORY_ENTRY_BYTES + 1, DIRECTORY_ENTRY_BYTES):
        entry = directory[at : at + DIRECTORY_ENTRY_BYTES]
        name_bytes = struct.unpack_from("<H", entry, 64)[0]
        name = entry[: max(0, min(name_bytes, 64) - 2)].decode("utf-16-le", "replace")
        if name in ("Workbook", "Book"):
            first, size = struct.unpack_from("<II", entry, 116)
            if size < SMALLEST_STREAM_BYTES:
                raise _damaged(file)
            return _chain(file, data, first, following, sector_bytes)[:size]
    raise not_what_it_claims(file, "an Office file without a workbook in it", "an Excel workbook")


def _following(file: str, data: bytes, sector_bytes: int) -> list[int]:
    """For every sector, the one that follows it."""
    sectors = [one for one in struct.unpack_from(f"<{DIFAT_IN_HEADER}I", data, 76)]
    more = struct.unpack_from("<I", data, 68)[0]
    seen: set[int] = set()
    per_sector = sector_bytes // 4
    while more < LAST_SECTOR:
        if more in seen:
            raise _damaged(file)
        seen.add(more)
        listed = struct.unpack_from(f"<{per_sector}I", data, (more + 1) * sector_bytes)
        sectors.extend(listed[:-1])
        more = listed[-1]
    following: list[int] = []
    for one in sectors:
        if one < LAST_SECTOR:
            following.extend(struct.unpack_from(f"<{per_sector}I", data, (one + 1) * sector_bytes))
    return following


def _chain(file: str, data: bytes, first: int, following: list[int], sector_bytes: int) -> bytes:
    pieces: list[bytes] = []
    at = first
    while at < LAST_SECTOR:
        if len(pieces) > len(following):  # it runs in a circle
            raise _damaged(file)
        start = (at + 1) * sector_bytes
        pieces.append(data[start : start + sector_bytes])
        at = following[at]
    return b"".join(pieces)


def _look_through_records(file: str, stream: bytes, deadline: Deadline) -> Looked:
    at = count = rows = columns = 0
    from_1904 = False
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        body = at + 4
        if kind in SINGLE_CELLS:
            row, column = struct.unpack_from("<HH", stream, body)
            rows, columns = max(rows, row + 1), max(columns, column + 1)
        elif kind == SEVERAL_CELLS:
            row = struct.unpack_from("<H", stream, body)[0]
            column = struct.unpack_from("<H", stream, body + size - 2)[0]
            rows, columns = max(rows, row + 1), max(columns, column + 1)
        elif kind == BEGINS_SHEET:
            check_table(file, "", rows, columns)
            rows = columns = 0
        elif kind == LOCKED:
            raise locked(file)
        elif kind == DATE_MODE:
            from_1904 = struct.unpack_from("<H", stream, body)[0] == 1
        at = body + size
        count += 1
        if count % ROWS_BETWEEN_CHECKS == 0:
            deadline.check(file)
    check_table(file, "", rows, columns)
    return Looked(from_1904)


def _damaged(file: str) -> InputError:
    return InputError(Where(file), "a damaged workbook", "a whole one", "Save it again.")
