"""Which records belong together: the windows in days, and the search that applies them.

A return says when things happened, never which referral an assessment came of. Two records of a
child are taken for one chain when the second falls into the window after the first. Every window
is a convention of this model (the first three are those of the sector's own linked statistics);
none is a statutory limit, and none is a parameter: they say how a file is read.

Days are whole numbers since 1 January 1970. This module knows no stage and no return.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

# An assessment that starts so many days after a referral came of it.
REFERRAL_TO_ASSESSMENT_DAYS = 30
# A child protection plan that starts so many days after an enquiry began came of it.
SECTION_47_TO_PLAN_DAYS = 60
# A child protection plan that starts so many days after an initial conference came of it.
CONFERENCE_TO_PLAN_DAYS = 45
# A referral so many days after a contact came of it: due in a day, some are written up late.
CONTACT_TO_REFERRAL_DAYS = 10
# Early help that begins so many days after a contact came of it: offer, consent and a wait.
CONTACT_TO_EARLY_HELP_DAYS = 60
# What begins so many days after an assessment's completion came of it.
ASSESSMENT_TO_NEXT_DAYS = 30
# What begins so many days after a plan's end is why it ended.
PLAN_TO_NEXT_DAYS = 14
# Records of the same event in two returns may differ by so many days.
SAME_EVENT_DAYS = 3
# An episode of care that starts so many days after the last one ended goes on with it.
SAME_CARE_DAYS = 1

# How a stay ended, where that is no outcome of the pathway.
OPEN = ""
TOO_RECENT = "too recent to tell"
NOT_ASKED = "no return asks"

Days = NDArray[np.int64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
UNKNOWN = -(2**40)  # a day that no record states
NEVER = 2**40  # a day that has not come
NONE = -1
DAY_BITS = 20  # a day's place in a key; 2,800 years
FIRST_DAY = -200_000  # 1422: before any date of birth


def as_days(dates: pd.Series) -> Days:
    """Dates as days since 1970; UNKNOWN where there is none."""
    values = dates.to_numpy().astype("datetime64[D]")
    return np.where(np.isnat(values), UNKNOWN, values.astype(np.int64))


def as_dates(days: Days) -> NDArray[np.datetime64]:
    """Days since 1970 as dates; NaT where unknown, or not come yet."""
    known = (days != UNKNOWN) & (days != NEVER)
    dates = np.where(known, days, 0).astype("datetime64[D]").astype("datetime64[s]")
    dates[~known] = np.datetime64("NaT")
    return dates


def keys_of(child: Ints, on: Days) -> Ints:
    """Child and day as one number that sorts by both; the day must be known."""
    return (child << DAY_BITS) + np.clip(on - FIRST_DAY, 0, 2**DAY_BITS - 1)


def first_within(
    child: Ints, least: Days, most: Days, other_child: Ints, other_on: Days
) -> tuple[Ints, Days]:
    """For each record the first other one of the same child in its window.

    Parameters
    ----------
    child, least, most : of each record, the first and last day of its window.
    other_child, other_on : of the records to be found; unknown days are not found.

    Returns
    -------
    position among the others (NONE where there is none), and its day (NEVER where none).
    """
    known = np.flatnonzero((other_on != UNKNOWN) & (other_on != NEVER))
    keys = keys_of(other_child[known], other_on[known])
    order = np.argsort(keys, kind="stable")
    keys, known = keys[order], known[order]
    place = np.searchsorted(keys, keys_of(child, least))
    there = (place < len(keys)) & (least != UNKNOWN) & (most != UNKNOWN)
    found = np.where(there, place, 0)
    if not len(keys):
        return np.full(len(child), NONE), np.full(len(child), NEVER)
    there &= (keys[found] >> DAY_BITS == child) & (other_on[known[found]] <= most)
    position = np.where(there, known[found], NONE)
    return position, np.where(there, other_on[position], NEVER)


def open_since(child: Ints, on: Days, other_child: Ints, began: Days, ended: Days) -> Days:
    """When the child's latest spell began that had begun by a day and was still open on it.

    Parameters
    ----------
    child, on : the questions. other_child, began, ended : the spells; `ended` NEVER while open.

    Returns
    -------
    The day on which it began; NEVER where none was open.
    """
    order = np.argsort(keys_of(other_child, began), kind="stable")
    keys = keys_of(other_child[order], began[order])
    place = np.searchsorted(keys, keys_of(child, on), side="right") - 1
    if not len(keys):
        return np.full(len(child), NEVER)
    found = order[np.maximum(place, 0)]
    there = (place >= 0) & (other_child[found] == child) & (ended[found] >= on)
    return np.where(there, began[found], NEVER)


def open_on(child: Ints, on: Days, other_child: Ints, began: Days, ended: Days) -> Flags:
    """Whether the child's latest spell that had begun by a day was still open on it."""
    return open_since(child, on, other_child, began, ended) != NEVER


def same_event(child: Ints, on: Days, file: Ints, apart_days: int = SAME_EVENT_DAYS) -> Ints:
    """A number for each event, shared by the records that tell of the same one.

    Records of a child on one day are one event; so are those of different files at most
    `apart_days` apart. Two of one file on different days are two.
    """
    order = np.lexsort((file, on, child))
    c, day, f = child[order], on[order], file[order]
    gap = np.diff(day)
    goes_on = (np.diff(c) == 0) & ((gap == 0) | ((gap <= apart_days) & (np.diff(f) != 0)))
    number = np.empty(len(order), np.int64)
    number[order] = np.cumsum(np.append(True, ~goes_on)[: len(order)]) - 1
    return number
