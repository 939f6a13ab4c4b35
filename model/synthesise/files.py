"""Writes synthetic returns into a folder: all or nothing, the same bytes for the same returns.

Knows how a workbook, a csv file and a census file are written, and nothing of what is in them.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd

from model.errors import InputError, Where, listed
from model.synthesise.annex_a_columns import LIST_NAMES
from model.synthesise.census_xml import census_xml
from model.synthesise.returns import ANNEX_A, Shape, SyntheticReturns, file_of

ANNEX_A_CSV, CENSUS, SSDA903 = "annex_a_csv", "cin_census", "ssda903"
FORMATS = (ANNEX_A, CENSUS, SSDA903)
ALL_FORMATS = (ANNEX_A, ANNEX_A_CSV, CENSUS, SSDA903)
MANIFEST = "synthetic_returns.json"
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip file can hold
STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
EPOCH = rb"\g<1>1980-01-01T00:00:00Z"


def write(
    returns: SyntheticReturns, folder: Path | str, formats: tuple[str, ...] = FORMATS
) -> list[Path]:
    """Write returns into a folder, whole or not at all.

    Parameters
    ----------
    folder : is made; must not exist yet, be empty, or hold earlier synthetic returns.
    formats : of ALL_FORMATS: annex_a (a workbook), annex_a_csv (one csv a list), cin_census,
        ssda903.

    Returns
    -------
    The files written, the manifest (what they are, and every fault put in, counted) the last.

    Raises
    ------
    InputError when the folder holds anything else, or for an unknown format.
    """
    folder = Path(folder)
    unknown = [one for one in formats if one not in ALL_FORMATS]
    if unknown:
        raise InputError(Where("synthesise"), repr(unknown[0]), listed(ALL_FORMATS), "Choose some.")
    check_folder(folder)
    contents = dict(files_of(returns, formats))
    contents[MANIFEST] = manifest(returns, list(contents))
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, content in contents.items():
            (made / name).write_bytes(content)
        if folder.exists():
            shutil.rmtree(folder)
        made.chmod(0o755)
        made.replace(folder)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    return [folder / name for name in contents]


def check_folder(folder: Path) -> None:
    """Refuse a folder with anything that is not of earlier synthetic returns."""
    if not folder.exists():
        return
    there = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else ["a file"]
    ours: set[str] = set()
    if MANIFEST in there:
        ours = {MANIFEST, *json.loads((folder / MANIFEST).read_text("utf-8")).get("files", [])}
    foreign = [name for name in there if name not in ours]
    if foreign:
        raise InputError(
            Where(f"--out {folder}"),
            f"{foreign[0]} is there",
            "a new or empty folder, or one of earlier synthetic returns",
            "Name another folder.",
        )


def files_of(returns: SyntheticReturns, formats: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    """Every file's name and content."""
    for day, lists in returns.annex_a.items():
        extract = f"{ANNEX_A}_{day}"
        if ANNEX_A in formats:
            yield file_of(f"{extract}/1"), workbook(extract, lists, returns.shape)
        if ANNEX_A_CSV in formats:
            for number, table in lists.items():
                name = f"{extract}_list_{number}.csv"
                yield name, as_csv(table, f"{extract}/{number}", name, returns.shape, number)
    if CENSUS in formats:
        for year, parts in returns.census.items():
            yield f"cin_census_{year}.xml", census_xml(year, parts, returns.shape)
    if SSDA903 in formats:
        for year, tables in returns.ssda903.items():
            for part, table in tables.items():
                whole = f"ssda903_{year}/{part}"
                name = file_of(whole)
                yield name, as_csv(table, whole, name, returns.shape)


def manifest(returns: SyntheticReturns, files: list[str]) -> bytes:
    """What the files are and which faults were put into them, by kind and place, counted."""
    document: dict[str, Any] = {
        **returns.notes,
        "files": files,
        "injected": [asdict(one) for one in returns.injected],
    }
    return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode("utf-8")


def headings(table: pd.DataFrame, name: str, shape: Shape) -> list[str]:
    """A table's headings, as the shape has them."""
    return [shape.headings.get((name, column), column) for column in table.columns]


def title(number: int) -> str:
    """A list's title, as the template has it above the heading."""
    return f"List {number}: {LIST_NAMES[number]}"


def workbook(extract: str, lists: dict[int, pd.DataFrame], shape: Shape) -> bytes:
    """An extract of Annex A as a workbook, one sheet a list."""
    book = openpyxl.Workbook(write_only=True)
    for name in shape.extra_sheets:
        sheet = book.create_sheet(name)
        sheet.append(["Annex A - Child level data"])
        sheet.append(["INVENTED: nobody in this file exists"])
    for number, table in lists.items():
        name = f"{extract}/{number}"
        sheet = book.create_sheet(shape.sheets.get(name, f"List_{number}"))
        if name in shape.titles:
            sheet.append([title(number)])
        sheet.append(headings(table, name, shape))
        for row in table.itertuples(index=False, name=None):
            sheet.append(row)
    found = io.BytesIO()
    book.save(found)
    return without_time(found.getvalue())


def without_time(archive: bytes) -> bytes:
    """A workbook without the moment at which it was made."""
    found = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as read,
        zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as written,
    ):
        for name in sorted(read.namelist(), key=lambda one: (one != "[Content_Types].xml", one)):
            content = read.read(name)
            if name == "docProps/core.xml":
                content = STAMP.sub(EPOCH, content)
            member = zipfile.ZipInfo(name, LONG_AGO)
            member.compress_type = zipfile.ZIP_DEFLATED
            written.writestr(member, content)
    return found.getvalue()


def as_csv(
    table: pd.DataFrame, name: str, file: str, shape: Shape, number: int | None = None
) -> bytes:
    """A table as csv, days as dd/mm/yyyy."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    if number is not None and name in shape.titles:
        writer.writerow([title(number)])
    writer.writerow(headings(table, name, shape))
    for row in table.itertuples(index=False, name=None):
        writer.writerow([as_text(cell) for cell in row])
    return text.getvalue().encode(shape.encodings.get(file, "utf-8"))


def as_text(cell: object) -> object:
    """A cell as csv has it."""
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return "" if cell is None else cell
