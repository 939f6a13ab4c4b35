"""Which council and which year a children in need census speaks of.

The census of a year covers 1 April to 31 March. The header says the year twice, as a year and as a
reference date; where the two do not agree the reference date counts, if it is a 31 March.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from model.errors import InputError, Where
from model.returns.cin_census_elements import read_group
from model.returns.cin_census_group import Group, Notebook
from model.returns.faults import Severity, shape_of
from model.returns.xml_guard import Element

FIRST_YEAR = 2009  # the census began with the half year to March 2009
LAST_YEAR_KNOWN = 2026
LAST_YEAR = 2100


@dataclass(frozen=True)
class Census:
    """The council and the year of one file.

    Attributes
    ----------
    year : of the 31 March on which the census year ends. council : number of the council, three
        digits; "" where the header has none that can be right.
    """

    year: int
    council: str

    @property
    def first(self) -> datetime.date:
        """First day that the census covers."""
        return datetime.date(self.year - 1, 4, 1)

    @property
    def last(self) -> datetime.date:
        """Last day that the census covers, its reference date."""
        return datetime.date(self.year, 3, 31)


def read_header(header: Element, book: Notebook) -> Census:
    """The census year and the council.

    Raises
    ------
    InputError : it is another return, or no year can be told.
    """
    group = read_group(header, 0, book)
    details = [read_group(one, 0, book) for one in group.groups.get("CollectionDetails", [])]
    sources = [read_group(one, 0, book) for one in group.groups.get("Source", [])]
    if not details:
        raise InputError(
            Where(book.file, "Header"),
            "a header without CollectionDetails",
            "Collection, Year and ReferenceDate",
            "Without its year the census cannot be used.",
        )
    _is_census(details[0], book)
    return Census(_year(details[0], book), _council(sources[0] if sources else None, book))


def _is_census(details: Group, book: Notebook) -> None:
    collection = details.texts.get("Collection", "")
    if not collection:
        book.write(
            "CollectionDetails",
            details.element.line,
            "the header does not say which return it is",
            Severity.NOTED,
            column="Collection",
            done="It was read as a children in need census, which its children look like.",
            allowed="CIN",
        )
    elif collection.upper() != "CIN":
        short = re.fullmatch(r"[A-Za-z]{2,8}", collection)
        raise InputError(
            Where(book.file, f"Collection, line {details.line_of('Collection')}"),
            f"a return of another kind ({collection if short else shape_of(collection)})",
            "CIN, the children in need census",
        )


def _year(details: Group, book: Notebook) -> int:
    """The year of the census, told from the reference date and the year of the header."""
    stated = details.texts.get("Year", "")
    year = int(stated) if re.fullmatch(r"[0-9]{4}", stated) else 0
    reference = details.days.get("ReferenceDate")
    found = year
    if reference and (reference.month, reference.day) == (3, 31):
        found = reference.year
        if year != found:
            book.write(
                "CollectionDetails",
                details.line_of("Year"),
                "the year does not agree with the reference date",
                Severity.REPAIRED,
                column="Year",
                found=stated if year else shape_of(stated),
                done=f"The reference date counts: the census of the year to 31 March {found}.",
                allowed=str(found),
            )
    elif year:
        book.write(
            "CollectionDetails",
            details.line_of("ReferenceDate"),
            "the reference date is not a 31 March",
            Severity.REPAIRED,
            column="ReferenceDate",
            found=reference.isoformat() if reference else "none",
            done=f"The year counts: it was read as {year}-03-31.",
            allowed=f"{year}-03-31",
        )
    if not FIRST_YEAR <= found <= LAST_YEAR:
        raise InputError(
            Where(book.file, f"CollectionDetails, line {details.element.line}"),
            "no year of a census" if not found else f"the year {found}",
            f"a Year from {FIRST_YEAR} and a ReferenceDate of 31 March",
            "Without its year the census cannot be used.",
        )
    if found > LAST_YEAR_KNOWN:
        book.write(
            "CollectionDetails",
            details.line_of("Year"),
            "a census of a later year than this reader knows",
            Severity.NOTED,
            column="Year",
            found=str(found),
            done=f"It was read in the shape of {LAST_YEAR_KNOWN}.",
        )
    return found


def _council(source: Group | None, book: Notebook) -> str:
    stated = source.texts.get("LEA", "") if source else ""
    level = source.texts.get("SourceLevel", "") if source else ""
    if source and level != "L":
        book.write(
            "Source",
            source.line_of("SourceLevel"),
            "the return is not said to come from a council",
            Severity.NOTED,
            column="SourceLevel",
            found=shape_of(level),
            done="It was used.",
            allowed="L",
        )
    if re.fullmatch(r"[2-9][0-9]{2}", stated):
        return stated
    if stated or source is None:
        book.write(
            "Source",
            source.line_of("LEA") if source else 0,
            "no number of a council",
            Severity.BLANKED,
            column="LEA",
            found=shape_of(stated),
            done="The council is unknown.",
            allowed="three digits, from 200",
        )
    return ""
