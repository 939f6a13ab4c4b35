"""A folder of returns, whatever is in it: what each file is, what it says, what is wrong with it.

Every file is looked at and recognised by its content. A file that is refused, or is no return, is
said and hides none of the others. Links that lead out of the folder are not followed; the number
of files, and how deep folders may lie in each other, are bounded.

A new reader is one more line in `READERS`. This module knows no format, and does not compare what
two kinds of return say about one child (see `model.returns.history`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from model.errors import InputError, Where
from model.returns import annex_a, cin_census, ssda903
from model.returns.annex_a_header import find_list
from model.returns.faults import Fault, Severity
from model.returns.given import Given
from model.returns.guard import CLAIMED, let_in
from model.returns.limits import SECONDS_A_FILE, Deadline
from model.returns.records import Recognised, Records, joined
from model.returns.refused import refusal
from model.returns.sheets import Sheet, sheets_of

MOST_FILES = 2_000
DEEPEST = 6
PASSED_OVER = ("~$", ".")  # Excel's lock files, hidden files
XML_ENDING = ".xml"
UNRECOGNISED = "no return that is read"

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Reader:
    """One kind of return.

    Attributes
    ----------
    name : of the return. owns_sheet : whether a sheet or text table is part of it.
    owns_xml : whether an XML file is. read : sheets, XML files, extract date, deadline -> records.
    """

    name: str
    owns_sheet: Callable[[Sheet], bool]
    owns_xml: Callable[[Given], bool]
    read: Callable[[list[Sheet], list[Given], date | None, Deadline], Records]


def _never(_: object) -> bool:
    return False


READERS = (
    Reader(
        "Ofsted's Annex A",
        lambda sheet: find_list(sheet) is not None,
        _never,
        lambda sheets, _, extract_date, deadline: annex_a.read_sheets(
            sheets, extract_date, deadline
        ),
    ),
    Reader(
        "children in need census",
        _never,
        cin_census.recognise,
        lambda _, paths, __, deadline: cin_census.read(paths, deadline),
    ),
    Reader(
        "SSDA903",
        lambda sheet: bool(ssda903.recognise_sheet(sheet)),
        ssda903.recognise_xml,
        lambda sheets, paths, _, deadline: ssda903.read(sheets, paths, deadline),
    ),
)


@dataclass
class _Sorted:
    """What each reader is to read, and what was said about the rest."""

    sheets: dict[str, list[Sheet]] = field(default_factory=dict)
    paths: dict[str, list[Given]] = field(default_factory=dict)
    said: Records = field(default_factory=Records)


def read_folder(
    folder: Path, extract_date: date | None = None, progress: Progress | None = None
) -> Records:
    """Everything that can be used in a folder of returns.

    Parameters
    ----------
    folder : with files, and folders of files, of any names. extract_date : of the newest Annex A.
    progress : called with (files done, files in all).

    Raises
    ------
    InputError
        For a folder that does not exist, and one in which nothing can be used.
    """
    records = survey_folder(folder, extract_date, progress)
    if not usable(records):
        refused = {one.file for one in records.faults if one.severity is Severity.REFUSED}
        raise InputError(
            Where(Path(folder).name or "."),
            f"no return that can be used ({len(refused)} files refused, "
            f"{len(records.recognised)} looked at)",
            "Annex A workbooks, children in need census XML, SSDA903 tables or XML",
            "python -m model returns FOLDER says what is wrong with each file.",
        )
    return records


def usable(records: Records) -> bool:
    """Whether anything became a record."""
    return any(len(table) for table in records.tables.values())


def survey_folder(
    folder: Path, extract_date: date | None = None, progress: Progress | None = None
) -> Records:
    """As `read_folder`, but a folder without anything usable gives its faults and no error."""
    folder = Path(folder)
    if not folder.is_dir():
        raise InputError(Where(str(folder)), "no folder of this name", "a folder of returns")
    said = Records()
    files = {path.relative_to(folder).as_posix(): path for path in _files(folder, said)}
    return survey_files(files, extract_date, progress, said)


def survey_files(
    files: Mapping[str, Given],
    extract_date: date | None = None,
    progress: Progress | None = None,
    said: Records | None = None,
) -> Records:
    """As `survey_folder`, of files by the names to give them, on disk or in memory.

    Parameters
    ----------
    said : what is known already of files that are not among them.
    """
    sorted_out = _Sorted(said=said or Records())
    steps = len(files) + len(READERS)
    for done, (name, path) in enumerate(files.items(), 1):
        _sort(path, name, sorted_out)
        if progress is not None:
            progress(done, steps)
    parts = [sorted_out.said]
    for place, reader in enumerate(READERS, 1):
        sheets = sorted_out.sheets.get(reader.name, [])
        paths = sorted_out.paths.get(reader.name, [])
        if sheets or paths:
            parts.append(_read(reader, sheets, paths, extract_date))
        if progress is not None:
            progress(len(files) + place, steps)
    return joined(parts)


def _files(folder: Path, said: Records) -> list[Path]:
    """Files to look at, in order of their names; says which links and depths were left out."""
    inside = folder.resolve()
    found: list[Path] = []
    for path, depth in _walk(folder, 0):
        name = path.relative_to(folder).as_posix()
        if depth > DEEPEST:
            said.faults.append(_refused(name, f"a folder more than {DEEPEST} folders deep"))
        elif path.is_symlink() and not path.resolve().is_relative_to(inside):
            said.faults.append(_refused(name, "a link that leads out of the folder"))
        elif path.is_symlink() and path.is_dir():
            said.faults.append(_refused(name, "a link to a folder"))
        elif path.is_file():
            found.append(path)
        if len(found) > MOST_FILES:
            raise InputError(
                Where(folder.name),
                f"more than {MOST_FILES:,} files",
                f"a folder of up to {MOST_FILES:,} files",
                "Give the folder that holds the returns alone.",
            )
    return sorted(found)


def _walk(folder: Path, depth: int) -> Iterator[tuple[Path, int]]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith(PASSED_OVER):
            continue
        if path.is_dir() and not path.is_symlink():
            if depth >= DEEPEST:
                yield path, depth + 1
                continue
            yield from _walk(path, depth + 1)
        else:
            yield path, depth


def _refused(file: str, kind: str) -> Fault:
    return Fault(file, "", 0, kind, Severity.REFUSED, done="It was not looked at.")


def _sort(path: Given, file: str, sorted_out: _Sorted) -> None:
    """Give a file, or each sheet of it, to the reader whose return it is."""
    ending = path.suffix.lower()
    if ending not in CLAIMED and ending != ".xlsb":
        sorted_out.said.recognised.append(Recognised(file, "", UNRECOGNISED, 0, 0))
        return
    try:
        if ending == XML_ENDING:
            _sort_xml(path, file, sorted_out)
            return
        deadline = Deadline()
        for sheet in sheets_of(let_in(path, file, deadline), deadline):
            owner = next((one for one in READERS if one.owns_sheet(sheet)), None)
            if owner is not None:
                sorted_out.sheets.setdefault(owner.name, []).append(sheet)
            else:
                sorted_out.said.recognised.append(
                    Recognised(file, sheet.name, UNRECOGNISED, len(sheet.rows), 0)
                )
    except InputError as error:
        sorted_out.said.faults.append(refusal(error))


def _sort_xml(path: Given, file: str, sorted_out: _Sorted) -> None:
    owner = next((one for one in READERS if one.owns_xml(path)), None)
    if owner is not None:
        sorted_out.paths.setdefault(owner.name, []).append(path)
        return
    let_in(path, file)
    sorted_out.said.recognised.append(Recognised(file, "", UNRECOGNISED, 0, 0))


def _read(
    reader: Reader, sheets: list[Sheet], paths: list[Given], extract_date: date | None
) -> Records:
    """What a reader makes of its files; those that it refuses are left out, one after another."""
    faults: list[Fault] = []
    while sheets or paths:
        files = len({sheet.file for sheet in sheets}) + len(paths)
        try:
            records = reader.read(sheets, paths, extract_date, Deadline(SECONDS_A_FILE * files))
        except InputError as error:
            faults.append(refusal(error))
            left_sheets = [one for one in sheets if one.file != error.where.file]
            left_paths = [one for one in paths if one.name != error.where.file]
            if len(left_sheets) == len(sheets) and len(left_paths) == len(paths):
                break
            sheets, paths = left_sheets, left_paths
            continue
        records.faults[:0] = faults
        return records
    return Records(faults=faults)
