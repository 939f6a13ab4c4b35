"""A day out of whatever stands in a date column.

Text is tried against written-out forms in a stated order: year first (2019-04-09, 2019/04/09,
20190409), then day first as England writes it (09/04/2019, 9.4.2019, 09-04-2019), day first with
two digits for the year, then with the month's name (09-Apr-2019, 9 April 2019). A month is never
read before its day: 04/31/2019 is an impossible date, not 31 April's neighbour. A clock time after
the day is read and left out. Numbers count days as Excel does, from 1900 or from 1904.

A year of two digits is 2000 to 2049 up to 49, and 1950 to 1999 from 50. This module cannot tell a
date whose day and month were swapped before it was written down.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache

import numpy as np

from model.returns.sheets import Cell, distinct, is_blank

EARLIEST = date(1960, 1, 1)
LATEST = date(2099, 12, 31)
PIVOT = 50  # two digits below it are 20xx, from it 19xx
SINCE_1900 = date(1899, 12, 30)  # Excel's day 0, as its day 60 does not exist
SINCE_1904 = date(1904, 1, 1)
LAST_PHANTOM_SERIAL = 60  # days up to Excel's 29 February 1900 are one off; none is plausible
LARGEST_SERIAL = 100_000

UNREADABLE = "a date that cannot be read"
IMPOSSIBLE = "a date that does not exist"
OUT_OF_BOUNDS = "a date in an impossible year"
PLACEHOLDER = "a placeholder in place of a date"

PLACEHOLDERS = frozenset(
    {
        date(1, 1, 1),
        date(1753, 1, 1),
        date(1899, 12, 30),
        date(1899, 12, 31),
        date(1900, 1, 1),
        date(1901, 1, 1),
        date(2999, 12, 31),
        date(3000, 1, 1),
        date(9999, 12, 31),
    }
)
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "january"),
            ("feb", "february"),
            ("mar", "march"),
            ("apr", "april"),
            ("may",),
            ("jun", "june"),
            ("jul", "july"),
            ("aug", "august"),
            ("sep", "sept", "september"),
            ("oct", "october"),
            ("nov", "november"),
            ("dec", "december"),
        ),
        1,
    )
    for name in names
}
CLOCK = (
    r"(?:(?:[T\s]\s*|,\s*)\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d{1,9})?)?\s*(?:[AaPp]\.?[Mm]\.?)?"
    r"\s*(?:Z|UTC|GMT|BST|[+-]\d{2}:?\d{2})?)?"
)
# Tried in this order; the first that fits the text decides.
FORMS = tuple(
    re.compile(form + CLOCK, re.ASCII)
    for form in (
        r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})",
        r"(?P<year>\d{4})[/.](?P<month>\d{1,2})[/.](?P<day>\d{1,2})",
        r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})",
        r"(?P<day>\d{1,2})\s?[/.\-]\s?(?P<month>\d{1,2})\s?[/.\-]\s?(?P<year>\d{4})",
        r"(?P<day>\d{1,2})[/.\-](?P<month>\d{1,2})[/.\-](?P<year>\d{2})",
        r"(?:[A-Za-z]{3,9},?\s+)?(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s\-/.]+(?P<name>[A-Za-z]{3,9})"
        r"[\s\-/.,]+(?P<year>\d{4}|\d{2})",
    )
)
SERIAL_TEXT = re.compile(r"\d{5}(?:\.\d{1,12})?", re.ASCII)


@dataclass(frozen=True)
class Days:
    """A column of days.

    Attributes
    ----------
    day : datetime64[D], NaT where blank or faulty. kind : of the fault, "" where there is none.
    """

    day: np.ndarray = field(repr=False)
    kind: np.ndarray


def day_of(
    cell: Cell, *, from_1904: bool = False, earliest: date = EARLIEST, latest: date = LATEST
) -> tuple[date | None, str]:
    """The day in a cell, and the kind of fault: (None, "") for a blank cell.

    Parameters
    ----------
    cell : as `model.returns.sheets` gives it. from_1904 : of its sheet.
    earliest, latest : years outside are a fault.
    """
    if is_blank(cell):
        return None, ""
    if isinstance(cell, datetime):
        day: date | None = cell.date()
        kind = ""
    elif isinstance(cell, date):
        day, kind = cell, ""
    elif isinstance(cell, bool):
        day, kind = None, UNREADABLE
    elif isinstance(cell, str):
        day, kind = _day_in_text(cell.strip().strip("'").strip(), from_1904)
    else:
        day, kind = _day_in_number(cell or 0, from_1904)
    if day is None:
        return None, kind
    if day in PLACEHOLDERS:
        return None, PLACEHOLDER
    if not earliest <= day <= latest:
        return None, OUT_OF_BOUNDS
    return day, ""


def _day_in_number(number: float, from_1904: bool) -> tuple[date | None, str]:
    """Excel's day number, or a whole number such as 20190409."""
    if not abs(number) < 10**9:  # nor infinite
        return None, UNREADABLE
    if number == int(number) and 19_000_101 <= number <= 20_991_231:
        return _day_in_text(str(int(number)), from_1904)
    if number in (0, 1, 2) and not from_1904:
        return None, PLACEHOLDER
    if not LAST_PHANTOM_SERIAL < number < LARGEST_SERIAL:
        return None, UNREADABLE
    return (SINCE_1904 if from_1904 else SINCE_1900) + timedelta(days=int(number)), ""


@lru_cache(maxsize=1 << 16)
def _day_in_text(text: str, from_1904: bool) -> tuple[date | None, str]:
    if SERIAL_TEXT.fullmatch(text):
        return _day_in_number(float(text), from_1904)
    for form in FORMS:
        found = form.fullmatch(text)
        if found:
            return _calendar_day(found.groupdict())
    return None, UNREADABLE


def _calendar_day(part: dict[str, str | None]) -> tuple[date | None, str]:
    name = part.get("name")
    month = MONTHS.get(name.lower()) if name else int(part["month"] or 0)
    if month is None:
        return None, UNREADABLE
    written = part["year"] or ""
    year = int(written)
    if len(written) == 2:
        year += 2000 if year < PIVOT else 1900
    try:
        return date(year, month, int(part["day"] or 0)), ""
    except ValueError:
        return None, IMPOSSIBLE


def days_of(
    cells: Sequence[Cell],
    *,
    from_1904: bool = False,
    earliest: date = EARLIEST,
    latest: date = LATEST,
) -> Days:
    """The days of a column, each distinct value read once; parameters as in `day_of`."""
    values, which = distinct(cells)
    read = [day_of(one, from_1904=from_1904, earliest=earliest, latest=latest) for one in values]
    days = np.array([day for day, _ in read], dtype="datetime64[D]")
    kinds = np.array([kind for _, kind in read], dtype=object)
    return Days(days[which], kinds[which])
