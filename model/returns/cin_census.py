"""The children in need census (XML), read into records.

Census years to March 2009 and later, with or without a namespace, in UTF-8 or UTF-16. Each file is
read from beginning to end one child at a time, so that a large council's fits the memory.

What the census does not know: contacts, early help, what an assessment found (only that a case
was closed after it), whether a conference made a plan, and anything before a child's referral.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from model.errors import InputError, Where
from model.returns.cin_census_child import read_child
from model.returns.cin_census_group import Notebook
from model.returns.cin_census_header import Census, read_header
from model.returns.cin_census_modules import Gathered
from model.returns.cin_census_years import one_spell_once
from model.returns.faults import Severity, shape_of
from model.returns.given import Given
from model.returns.limits import Deadline
from model.returns.records import Covered, Recognised, Records, typed
from model.returns.refused import refusal
from model.returns.xml_guard import LIMITS, Element, Limits, read_records, tags_at_start

WHAT = "children in need census of the year to 31 March"
# Tables of which the census holds every spell that touches its year.
TABLES = (
    "referrals",
    "assessments",
    "section_47",
    "in_need",
    "in_need_plans",
    "protection_plans",
    "pre_proceedings",
)


def recognise(path: Given) -> bool:
    """Whether a file looks like a children in need census, from its first characters."""
    tags = tags_at_start(path)
    named = {"CINdetails", "ChildIdentifiers", "CollectionDetails"} & set(tags)
    return bool(tags) and tags[0] == "Message" and bool(named or "Header" in tags)


def read(
    paths: Sequence[Given], deadline: Deadline | None = None, *, limits: Limits = LIMITS
) -> Records:
    """Read one or more censuses of one council; a spell in several years is one spell.

    Parameters
    ----------
    paths : of the files, in any order. deadline : when to give up; a fresh one a file when absent.
    limits : how large a file may be.

    Returns
    -------
    Records
        With faults by line. Of a spell that two censuses hold, the later one's row. A file that
        is refused beside others is a fault.

    Raises
    ------
    InputError : none of the files is a census that can be read, or they are of several councils.
    """
    censuses: list[tuple[Census, Records]] = []
    errors: list[InputError] = []
    for path in paths:
        try:
            censuses.append(_read_one(path, deadline, limits))
        except InputError as error:
            errors.append(error)
    if not censuses:
        raise errors[0] if errors else InputError(Where("CIN census"), "no file")
    councils = sorted({census.council for census, _ in censuses} - {""})
    if len(councils) > 1:
        raise InputError(
            Where(paths[-1].name, "LEA"),
            f"censuses of {len(councils)} councils ({', '.join(councils)})",
            "files of one council",
            "Read each council's files by themselves.",
        )
    censuses.sort(key=lambda one: one[0].year)
    every = one_spell_once(
        [records for _, records in censuses], [census.year for census, _ in censuses]
    )
    every.faults.extend(refusal(error) for error in errors)
    return every


class _Reading:
    """One file while it is read: the header first, then child by child."""

    def __init__(self, file: str) -> None:
        self.book = Notebook(file)
        self.gathered = Gathered()
        self.census: Census | None = None

    def header(self, element: Element) -> None:
        """Keep the year and the council."""
        if self.census is None:
            self.census = read_header(element, self.book)
            return
        self.book.write(
            "Header",
            element.line,
            "a second header",
            Severity.BLANKED,
            done="The first was used.",
            allowed="one",
        )

    def child(self, element: Element) -> None:
        """Turn one child into rows."""
        if self.census is None:
            raise InputError(
                Where(self.book.file, f"line {element.line}"),
                "children before any header",
                "a Header with the Year and the ReferenceDate first",
                "Without its year the census cannot be used.",
            )
        read_child(element, self.census, self.book, self.gathered)

    def stray(self, tag: str, parents: tuple[str, ...], line: int) -> None:
        """Note an element that stands where only the header and children may."""
        self.book.write(
            parents[-1],
            line,
            "an element that a census does not have",
            Severity.BLANKED,
            found=shape_of(tag),
            done="It was not used, nor what stands inside it.",
            allowed="Child" if parents[-1] == "Children" else "Header and Children",
        )


def _read_one(path: Given, deadline: Deadline | None, limits: Limits) -> tuple[Census, Records]:
    reading = _Reading(path.name)
    root = read_records(
        path,
        {
            ("Message", "Header"): reading.header,
            ("Message", "Children", "Child"): reading.child,
        },
        limits=limits,
        deadline=deadline or Deadline(),
        stray=reading.stray,
    )
    if root != "Message":
        raise InputError(
            Where(path.name),
            "XML of another kind",
            "a children in need census: a Message with a Header and Children",
        )
    if reading.census is None or not reading.gathered.children:
        raise InputError(
            Where(path.name),
            "a census without a child" if reading.census else "a Message without a Header",
            "a Header and at least one Child",
        )
    return reading.census, _records(reading, reading.census)


def _records(reading: _Reading, census: Census) -> Records:
    file, gathered = reading.book.file, reading.gathered
    tables = {}
    for name, rows in gathered.rows.items():
        table = pd.DataFrame(rows)
        table["file"] = file
        tables[name] = typed(name, table)
    for name in TABLES[:-1] if census.year < 2026 else TABLES:
        if name not in tables:
            reading.book.write(
                name,
                0,
                "nothing of this kind in the whole census",
                Severity.NOTED,
                done="It was taken as not reported, not as nought.",
            )
    covered = [
        Covered(name, file, pd.Timestamp(census.first), pd.Timestamp(census.last))
        for name in TABLES
        if name in tables
    ]
    recognised = Recognised(
        file,
        "CINdetails",
        f"{WHAT} {census.year}",
        gathered.details,
        len(tables.get("referrals", ())),
    )
    return Records(tables, covered, [recognised], reading.book.every_fault(), census.council)
