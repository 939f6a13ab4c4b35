"""The return of looked-after children (SSDA903), read into records.

Header, episodes and asylum-seeking children, as csv files, sheets of a workbook or XML, of one
year or several. Each year is told by its days; the same episode in several years is one. Agreed
short breaks (legal statuses V3 and V4) are no periods of care and are left out, as in the
published statistics. The other tables are recognised and not needed.

What the return does not know: anything before care, and a child's locality.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from model.errors import InputError, Where
from model.returns.faults import Fault, Severity
from model.returns.given import Given
from model.returns.limits import Deadline
from model.returns.placements import ADOPTION_CODES, FOSTER_CODES, placement_of
from model.returns.records import Covered, Recognised, Records, typed
from model.returns.refused import refusal
from model.returns.sheets import Sheet
from model.returns.ssda903_codes import OTHER_PLACEMENTS, RESPITE, TABLES, TEMPORARY_CODES
from model.returns.ssda903_order import in_order
from model.returns.ssda903_rows import Book, read_children, read_episode_codes, read_episodes
from model.returns.ssda903_tables import (
    Table,
    recognise_sheet,
    recognise_xml,
    table_of,
    tables_of_xml,
)
from model.returns.ssda903_years import Return, join_years, reach_of, within_year, year_of

__all__ = ["read", "recognise_sheet", "recognise_xml"]


def read(
    sheets: Sequence[Sheet] = (),
    xml_paths: Sequence[Given] = (),
    deadline: Deadline | None = None,
) -> Records:
    """Read the tables of one or more years of one council.

    Parameters
    ----------
    sheets : recognised sheets and csv files. xml_paths : files of the XML form.
    deadline : when to give up; a fresh one a file when absent.

    Returns
    -------
    Records
        children and care, with faults by line; a table that cannot be used is a fault.

    Raises
    ------
    InputError : nothing of it can be used.
    """
    book = Book()
    tables, errors = _tables(sheets, xml_paths, deadline)
    book.faults += [refusal(error) for error in errors]
    for table in tables:
        book.faults += table.faults
    groups = _groups(tables)
    returns, recognised = _returns(tables, groups, book, errors)
    if not any(table.name in ("episodes", "header", "uasc") for table in tables):
        raise errors[0] if errors else _nothing(tables)
    children = _children(tables, groups, returns, book)
    care = _care(returns, children, book)
    covered = [Covered("care", one.file, one.first, one.last) for one in returns]
    used = care.groupby(["file", "part"]).size() if len(care) else {}
    told = [
        Recognised(one.file, one.part, one.what, one.rows, int(used.get((one.file, one.part), 0)))
        if TABLES["episodes"].words in one.what
        else one
        for one in recognised
    ]
    return Records(
        {"children": typed("children", children), "care": typed("care", care)},
        covered,
        told,
        book.faults,
    )


def _nothing(tables: list[Table]) -> InputError:
    return InputError(
        Where(tables[0].file if tables else "SSDA903"),
        "no episodes, header or asylum-seeking children",
        "at least the episodes of a return of looked-after children",
    )


def _tables(
    sheets: Sequence[Sheet], xml_paths: Sequence[Given], deadline: Deadline | None
) -> tuple[list[Table], list[InputError]]:
    tables: list[Table] = []
    errors: list[InputError] = []
    for sheet in sheets:
        try:
            tables.append(table_of(sheet))
        except InputError as error:
            errors.append(error)
    for path in xml_paths:
        try:
            tables += tables_of_xml(path, deadline)
        except InputError as error:
            errors.append(error)
    return tables, errors


def _groups(tables: list[Table]) -> dict[str, list[Table]]:
    """Tables of one return together; all of them where only one return has episodes."""
    groups: dict[str, list[Table]] = {}
    for table in tables:
        groups.setdefault(table.group, []).append(table)
    with_episodes = [
        name for name, found in groups.items() if any(one.name == "episodes" for one in found)
    ]
    return {with_episodes[0]: tables} if len(with_episodes) == 1 else groups


def _returns(
    tables: list[Table],
    groups: dict[str, list[Table]],
    book: Book,
    errors: list[InputError],
) -> tuple[list[Return], list[Recognised]]:
    """Each return's episodes, within its year, the earliest year first; and what was recognised."""
    returns = []
    for group, found in groups.items():
        for table in found:
            if table.name != "episodes" or not table.lines:
                continue
            rows = read_episodes(table, book)
            if rows.empty:
                continue
            try:
                year, first = year_of(rows, table.file, book)
            except InputError as error:
                errors.append(error)
                book.faults.append(refusal(error))
                continue
            rows = read_episode_codes(table, rows, year, book)
            reaches = reach_of(rows, year, table.file, book)
            one = Return(group, table.file, year, first, rows, reaches)
            returns.append(replace(one, rows=within_year(one, book)))
    if not returns:
        book.faults.append(
            Fault(
                tables[0].file if tables else "SSDA903",
                "episodes",
                0,
                "no episode that can be used",
                Severity.NOTED,
                done="Nothing was learnt about care.",
            )
        )
    recognised = [
        Recognised(
            table.file,
            table.part,
            f"SSDA903 {TABLES[table.name].words}"
            + ("" if TABLES[table.name].needed else " (not needed)"),
            len(table.lines),
            len(table.lines) if TABLES[table.name].needed else 0,
        )
        for table in tables
    ]
    return sorted(returns, key=lambda one: one.year), recognised


def _children(
    tables: list[Table], groups: dict[str, list[Table]], returns: list[Return], book: Book
) -> pd.DataFrame:
    """One row a child; of several years' headers the latest counts."""
    order = {one.group: place for place, one in enumerate(returns)}
    found = []
    for group in sorted(groups, key=lambda name: order.get(name, -1)):
        here = read_children(groups[group], book)
        rows = [one.rows for one in returns if one.group == group]
        header = any(one.name == "header" for one in groups[group])
        if header and rows:
            _both_ways(here, pd.concat(rows), book)
        found.append(here)
    every = pd.concat(found, ignore_index=True)
    known = every.dropna(subset=["birth_on"])
    births = known.groupby("child")["birth_on"].transform("first")
    book.rows(
        known[known["birth_on"] != births],
        "another birth than in an earlier year",
        Severity.NOTED,
        "DOB",
        done="The latest was used.",
    )
    every["asylum_seeking"] = every["asylum_seeking"].astype("boolean")
    asylum = every.groupby("child")["asylum_seeking"].max()
    without = every[every["birth_on"].isna()]
    every = pd.concat([without, known]).drop_duplicates("child", keep="last").sort_index()
    every["asylum_seeking"] = every["child"].map(asylum)
    if not any(table.name == "header" for table in tables):
        book.faults.append(
            Fault(
                tables[0].file,
                "header",
                0,
                "no header",
                Severity.NOTED,
                done="The ages of the children are unknown.",
                allowed="the header of each year",
            )
        )
    return every


def _both_ways(children: pd.DataFrame, rows: pd.DataFrame, book: Book) -> None:
    """Children of the header without an episode, and of the episodes without a header."""
    book.rows(
        children[~children["child"].isin(rows["child"])],
        "a child of the header without an episode in the year",
        Severity.NOTED,
        "CHILD",
        done="An episode that spans the year may have been left out of it.",
        allowed="every episode that touches the year",
    )
    lacking = rows[~rows["child"].isin(children["child"])].drop_duplicates("child")
    book.rows(
        lacking,
        "a child with episodes and no row in the header",
        Severity.NOTED,
        "CHILD",
        done="The age is unknown.",
        allowed="one row a child in the header",
    )


def _care(returns: list[Return], children: pd.DataFrame, book: Book) -> pd.DataFrame:
    if not returns:
        return pd.DataFrame()
    rows = join_years(returns, book)
    births = children.dropna(subset=["birth_on"]).set_index("child")["birth_on"]
    rows = in_order(rows, births, min(one.first for one in returns), book)
    rows = _placements(rows, book)
    respite = rows["legal"].isin(RESPITE)
    book.rows(
        rows[respite],
        "an agreed short break",
        Severity.DROPPED,
        "LS",
        done="It was left out, as the published statistics do.",
        found=rows.loc[respite, "legal"],
    )
    return rows[~respite]


def _placements(rows: pd.DataFrame, book: Book) -> pd.DataFrame:
    """Add the pathway's kind of placement; an absence keeps that of the episode before."""
    place = rows["place"].where(~rows["place"].isin(OTHER_PLACEMENTS), OTHER_PLACEMENTS[0])
    rows["placement"] = [placement_of(*pair) for pair in zip(place, rows["provider"], strict=True)]
    absent = rows["place"].isin(TEMPORARY_CODES)
    kept = rows["placement"].where(~absent).groupby(rows["period"]).ffill()
    rows["placement"] = kept.fillna("")
    for mask, kind, severity, done in (
        (
            absent & kept.isna(),
            "a period that starts with a temporary placement",
            Severity.BLANKED,
            "The placement is unknown.",
        ),
        (
            rows["place"].isin(FOSTER_CODES) & (rows["provider"] == ""),
            "a foster placement without its provider",
            Severity.BLANKED,
            "Whether in-house or agency is unknown.",
        ),
        (
            rows["place"].isin(ADOPTION_CODES),
            "a placement with adopters, which the pathway has no kind for",
            Severity.NOTED,
            "The placement was left blank.",
        ),
    ):
        book.rows(rows[mask], kind, severity, "PLACE", done=done, found=rows.loc[mask, "place"])
    return rows
