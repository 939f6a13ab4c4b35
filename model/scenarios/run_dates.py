"""Dates in a scenario: a day of the calendar, or so many months after the run's start."""

from __future__ import annotations

import calendar
import re
from contextlib import suppress
from datetime import date

from model.errors import InputError, Where
from model.parameters.reading import said

AFTER_START = re.compile(r"start(?:\s*\+\s*(\d+)\s+months?)?")
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
THROUGHOUT = "start"


def check_when(found: object, where: Where) -> date | str:
    """A date, or a number of months after the start, as it stands in the file."""
    if type(found) is date:
        return found
    if isinstance(found, str):
        if AFTER_START.fullmatch(found.strip()):
            return found.strip()
        if ISO_DATE.fullmatch(found.strip()):
            with suppress(ValueError):  # 30 February
                return date.fromisoformat(found.strip())
    raise InputError(where, said(found), "a date such as '2026-04-13', or 'start + 6 months'")


def on(when: date | str, start: date) -> date:
    """The date that is meant, for a run that starts on `start`.

    Months after the 28th end with the month: a month after 31 January is the last of February.
    """
    if isinstance(when, date):
        return when
    match = AFTER_START.fullmatch(when)
    assert match is not None
    years, month = divmod(start.month - 1 + int(match.group(1) or 0), 12)
    year = start.year + years
    day = min(start.day, calendar.monthrange(year, month + 1)[1])
    return date(year, month + 1, day)


def said_on(when: date | str, start: date) -> str:
    """A date as an error message says it, with the day that is meant where it does not tell."""
    return str(when) if isinstance(when, date) else f"{when}, that is {on(when, start)}"
