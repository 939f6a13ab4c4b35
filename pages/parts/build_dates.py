"""Months to choose from: when something begins."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

import streamlit as st

from model.scenarios.run_dates import THROUGHOUT, on
from pages.parts.build_state import Site

USUAL_MONTHS = 6  # after the start: what is decided today begins about then
MONTHS_A_YEAR = 12


def months(where: Site, also: Iterable[str] = ()) -> dict[str, str]:
    """What may be chosen, in order: the start, each month of the run, and what a file says.

    Returns
    -------
    Words by what a scenario file says: "start", or a day.
    """
    every = [on(f"start + {n} months", where.start) for n in range(1, where.years * MONTHS_A_YEAR)]
    days = {THROUGHOUT: where.start} | {day.isoformat(): day for day in every}
    days |= {when: day_of(when, where) for when in also}
    found = sorted(days.items(), key=lambda one: (one[1], one[0] != THROUGHOUT))
    return {when: said(when, day, where) for when, day in found}


def said(when: str, day: date, where: Site) -> str:
    """A date in words."""
    if when == THROUGHOUT:
        return f"the start ({day:%B %Y})"
    words = f"{day:%B %Y}" if day.day == where.start.day else f"{day.day} {day:%B %Y}"
    if day >= on(f"start + {where.years * MONTHS_A_YEAR} months", where.start):
        return f"{words} (after the run ends)"
    return words if when == day.isoformat() else f"{words} ({when})"


def day_of(when: str, where: Site) -> date:
    """The day that is meant."""
    try:
        return date.fromisoformat(when)
    except ValueError:
        return on(when, where.start)


def usual(where: Site) -> str:
    """When something begins unless the person says otherwise."""
    found = on(f"start + {USUAL_MONTHS} months", where.start)
    return found.isoformat()


def after(when: str, where: Site) -> str:
    """A month later."""
    day = day_of(when, where)
    start = day.replace(day=1)
    return on("start + 1 months", start).isoformat()


def picker(
    label: str, key: str, now: str, where: Site, on_change: Callable[[], None], beside: bool = False
) -> str:
    """A choice of months that stands at `now`.

    Parameters
    ----------
    beside : whether it stands beside what begins, so that "from" is in it and not over it.
    """
    options = months(where, [now])
    st.session_state[key] = now
    found: str = st.selectbox(
        label,
        list(options),
        format_func=lambda when: f"from {options[when]}" if beside else options[when],
        key=key,
        on_change=on_change,
        label_visibility="collapsed" if beside else "visible",
    )
    return found
