"""A file of a return, let in or refused before anything parses it.

The size, the real content (never the name alone) and, for workbooks, everything packed inside
are looked at first. What passes is in memory and of a known kind; what does not is refused with
an InputError that names the file, what it really is, and what to do.

This module does not know what a return says.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from model.errors import InputError, Where
from model.returns.given import Given
from model.returns.guard_xls import ENCRYPTED_STREAM, OLE_MARK, look_through_xls
from model.returns.guard_zip import (
    Looked,
    locked,
    look_through_ods,
    look_through_xlsx,
    not_what_it_claims,
)
from model.returns.limits import LARGEST_FILE_BYTES, MIB, Deadline


class Kind(StrEnum):
    """What a file really is."""

    XLSX = "Excel workbook"
    XLS = "old Excel workbook"
    ODS = "OpenDocument spreadsheet"
    XML = "XML file"
    TEXT = "text file"


CLAIMED = {
    ".xlsx": Kind.XLSX,
    ".xlsm": Kind.XLSX,
    ".xls": Kind.XLS,
    ".ods": Kind.ODS,
    ".xml": Kind.XML,
    ".csv": Kind.TEXT,
    ".tsv": Kind.TEXT,
    ".txt": Kind.TEXT,
}
ALLOWED = "xlsx, xlsm, xls, ods, csv, tsv, txt or xml"
ARCHIVE_END = b"PK\x05\x06"
LONGEST_ARCHIVE_END = 66_000
PASSWORD = "a workbook protected by a password"
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
# Beginnings that give a kind away, and what to call it.
BEGINNINGS = (
    (b"%PDF", "a PDF document"),
    (b"{\\rtf", "a rich text document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3", "a database"),
    (b"PAR1", "a Parquet file"),
)


@dataclass(frozen=True)
class Content:
    """A file that was let in.

    Attributes
    ----------
    file : its name, as faults give it. kind : what it is. data : its bytes (never shown).
    looked : what the look through a workbook told.
    """

    file: str
    kind: Kind
    data: bytes = field(repr=False)
    looked: Looked = field(default_factory=Looked)


def let_in(path: Given, file: str = "", deadline: Deadline | None = None) -> Content:
    """The bytes of a file that is what it claims and of a size that can be read.

    Parameters
    ----------
    path : of the file. file : name to give it in faults; its own without the folder when empty.
    deadline : for the whole file; a fresh one when absent.

    Raises
    ------
    InputError
        For a kind that is not read, a size out of bounds, a damaged, locked or dangerous file,
        and content that is not what the name says.
    """
    name = file or path.name
    deadline = deadline or Deadline()
    claimed = CLAIMED.get(path.suffix.lower())
    if claimed is None:
        raise InputError(
            Where(name),
            f"a file that ends in {path.suffix[:10]!r}" if path.suffix else "a file without ending",
            ALLOWED,
            "Save it as xlsx." if path.suffix.lower() == ".xlsb" else "",
        )
    data = _bytes_of(path, name)
    found = real_kind(data)
    if found == PASSWORD:
        raise locked(name)
    if found != claimed:
        raise not_what_it_claims(name, f"{_with_article(found)}, not what its name says", claimed)
    looked = Looked()
    if claimed is Kind.XLSX:
        looked = look_through_xlsx(name, data, deadline)
    elif claimed is Kind.XLS:
        looked = look_through_xls(name, data, deadline)
    elif claimed is Kind.ODS:
        looked = look_through_ods(name, data, deadline)
    return Content(name, claimed, data, looked)


def _bytes_of(path: Given, name: str) -> bytes:
    where = Where(name)
    try:
        if not path.is_file():
            raise InputError(where, "no file of this name")
        with path.open("rb") as opened:
            data = opened.read(LARGEST_FILE_BYTES + 1)
    except OSError as error:
        raise InputError(where, f"a file that cannot be opened ({error.strerror})") from None
    if len(data) > LARGEST_FILE_BYTES:
        raise InputError(
            where,
            f"a file of more than {LARGEST_FILE_BYTES // MIB} MB",
            f"up to {LARGEST_FILE_BYTES // MIB} MB",
            "Split it, one list or year a file.",
        )
    if not data:
        raise InputError(where, "an empty file", remedy="Export it again.")
    return data


def real_kind(data: bytes) -> Kind | str:
    """What the bytes are: a `Kind`, or in words what else.

    An Excel file under a password is an Office file of the old form whatever its ending.
    """
    start = data[:4096]
    if start.startswith(b"PK\x03\x04"):
        return _kind_of_archive(data)
    if start.startswith(OLE_MARK):
        if ENCRYPTED_STREAM in data:
            return PASSWORD
        return Kind.XLS
    for beginning, what in BEGINNINGS:
        if start.startswith(beginning):
            return what
    text = _plain(start)
    if text is None:
        return "a file of an unknown kind (not text)"
    if text.startswith(("<!doctype html", "<html", "<head", "<table", "<body")):
        return "a web page"
    if text.startswith("<"):
        return Kind.XML
    return Kind.TEXT


def _kind_of_archive(data: bytes) -> Kind | str:
    if ARCHIVE_END not in data[-LONGEST_ARCHIVE_END:]:
        return "a damaged archive"
    if b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet" in data[:200]:
        return Kind.ODS
    if b"xl/workbook.xml" in data:
        return Kind.XLSX
    if b"xl/workbook.bin" in data:
        return "a binary Excel workbook (xlsb)"
    if b"word/document.xml" in data:
        return "a Word document"
    return "a zip archive"


def _plain(start: bytes) -> str | None:
    """The beginning in lower case without marks and blanks; None where it is not text."""
    if start.startswith(UTF_16_MARKS) or b"\x00" in start:
        text = decoded_utf_16(start)
        if text is None:
            return None
    else:
        text = start.decode("latin-1").removeprefix("\xef\xbb\xbf")
    controls = sum(ord(one) < 32 and one not in "\t\r\n\f" for one in text)
    return None if controls > 0 else text.lstrip("\ufeff \t\r\n\f").lower()


def decoded_utf_16(data: bytes) -> str | None:
    """Text of two bytes a letter, with its mark or without; None where it is not that."""
    data = data[: len(data) // 2 * 2]
    if data.startswith(UTF_16_MARKS):
        order = "utf-16"
    elif data[1:2000:2].count(0) > len(data[1:2000:2]) * 0.4:
        order = "utf-16-le"
    elif data[0:2000:2].count(0) > len(data[0:2000:2]) * 0.4:
        order = "utf-16-be"
    else:
        return None
    try:
        return data.decode(order)
    except UnicodeDecodeError:
        return None


def _with_article(found: Kind | str) -> str:
    if not isinstance(found, Kind):
        return found
    return f"an {found}" if found[0].lower() in "aeiox" else f"a {found}"
