"""A statistics file as text, line by line: its encoding, and whether every row is whole.

It knows no table and no column.
"""

from __future__ import annotations

import csv
import io

import pandas as pd

from model.errors import InputError, Where
from model.returns.given import Given

MOST_BYTES = 300_000_000
AS_MANY = "a header, and rows with as many values as it has columns"


def text_table(path: Given, name: str) -> pd.DataFrame:
    """A csv file as text, lines numbered as a person counts in the column `line`."""
    where = Where(name)
    if path.stat().st_size > MOST_BYTES:
        found = f"a file of {path.stat().st_size / 1e6:,.0f} MB"
        raise InputError(where, found, f"at most {MOST_BYTES / 1e6:,.0f} MB")
    text = decoded(path.read_bytes(), where)
    if not text.strip():
        raise InputError(where, "an empty file", "a csv file with a header and rows")
    check_rows(text, where)
    try:
        table = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False, index_col=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError(where, f"no csv table ({error})", AS_MANY) from None
    table.columns = [str(column).strip() for column in table.columns]
    return table.assign(line=range(2, len(table) + 2))


def check_rows(text: str, where: Where) -> None:
    """Every row must have as many values as the header: a cut or shifted row tells nothing."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader)
        for row in reader:
            if row and len(row) != len(header):
                raise InputError(
                    Where(where.file, f"line {reader.line_num}"),
                    f"{len(row)} values under {len(header)} columns",
                    AS_MANY,
                    "Put quotes around numbers with a comma in them; download a cut file again.",
                )
    except csv.Error as error:
        raise InputError(where, f"no csv table ({error})", AS_MANY) from None


def decoded(raw: bytes, where: Where) -> str:
    """Text in UTF-8, UTF-16 with its mark, or Windows-1252, which older downloads are in."""
    if raw[:2] == b"PK":
        remedy = "Unpack it, or save the sheet as csv."
        raise InputError(where, "a zip file or workbook", "a csv file", remedy)
    if b"\0" in raw[:4000] and raw[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError(where, "a file that is not text", "a csv file")
    try:
        if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return raw.decode("utf-16")
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")
