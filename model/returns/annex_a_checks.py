"""What cannot be right in the rows of a list, and what is done about it.

In this order: rows without the date that makes them an event, rows that stand twice, days after
the extract, an end before its start, births that fit no event, then what only one list can get
wrong. The less certain day of two is blanked, never moved; an event is dropped only where its own
day cannot be right.

This module compares days within a row. What several lists or extracts say about one child is
compared in `annex_a_extracts`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from model.returns.annex_a_rows import ListRows
from model.returns.faults import Fault, Severity
from model.returns.placements import (
    ADOPTION_CODES,
    FOSTER_CODES,
    PROVIDERS,
    TEMPORARY_CODES,
    placement_of,
)

LONGEST_BEFORE_BIRTH_DAYS = 300  # a pregnancy, and a little for a day that was estimated
LARGEST_AGE_YEARS = 25
ADULT_YEARS = 18
DAYS_A_YEAR = 365.25
LONGEST_EXPECTED_DAYS = 300  # an expected birth lies no further ahead

# The day that makes a row an event, by table; a row without any of them is not used.
EVENT_DAYS: dict[str, tuple[str, ...]] = {
    "contacts": ("on",),
    "early_help": ("began_on",),
    "referrals": ("on",),
    "assessments": ("began_on",),
    "section_47": ("on", "conference_on"),
    "in_need": ("began_on",),
    "protection_plans": ("began_on",),
    "care": ("period_began_on",),
    "adoptions": ("decision_on", "entered_care_on", "placed_on", "order_on"),
}
BORN_FIRST = ("care", "care_leavers", "adoptions")  # nobody is in care before birth


def days_of_events(rows: ListRows) -> np.ndarray:
    """Every day on which something began or ended, of rows in use, without blanks."""
    table = rows.annex_list.table
    names = (*EVENT_DAYS.get(table, ()), "ended_on", "conference_on", "placed_on", "order_on")
    found = [
        rows.values.loc[rows.kept, name].to_numpy()
        for name in dict.fromkeys(names)
        if name in rows.values
    ]
    days = np.concatenate(found) if found else np.array([], dtype="datetime64[s]")
    return days[~np.isnat(days)].astype("datetime64[D]")


def check_rows(rows: ListRows) -> None:
    """Drop rows that are no event, and rows that stand twice."""
    names = EVENT_DAYS.get(rows.annex_list.table, ())
    if names:
        blank = rows.values[list(names)].isna().all(axis=1).to_numpy()
        rows.drop(blank, "a row without its date", names[0])
    if len(rows.values):
        repeated = np.zeros(len(rows.values), dtype=bool)
        repeated[rows.kept] = rows.values.loc[rows.kept].duplicated().to_numpy()
        rows.drop(repeated, "a row that stands twice", done="It was counted once.")


def check_days(rows: ListRows, extract_on: pd.Timestamp) -> None:
    """Days against the extract's, against each other, and against births.

    Parameters
    ----------
    rows : of one list, changed in place. extract_on : day of the extract.
    """
    values = rows.values
    table = rows.annex_list.table
    after = "Nothing can have happened after the extract; the {} was not used."
    names = EVENT_DAYS.get(table, ())
    for name in names[:1]:
        rows.drop(
            (values[name] > extract_on).to_numpy(),
            "a day after the extract",
            name,
            done=after.format("row"),
        )
    for name in (*names[1:], "ended_on", "placed_on"):
        if name in values and name not in names[:1]:
            rows.blank(
                (values[name] > extract_on).to_numpy(),
                "a day after the extract",
                name,
                done=after.format("day"),
            )
    start = names[0] if names else ""
    if "ended_on" in values:
        rows.blank(
            (values["ended_on"] < values[start]).to_numpy(),
            "an end before its start",
            "ended_on",
            done="The end was taken as blank, the spell as still open.",
        )
    _check_births(rows, start, extract_on)
    special = SPECIAL.get(table)
    if special:
        special(rows)


def _check_births(rows: ListRows, start: str, extract_on: pd.Timestamp) -> None:
    birth = rows.values["birth_on"]
    event = rows.values[start] if start else pd.Series(extract_on, index=birth.index)
    age_days = (event - birth).dt.days
    done = "The date of birth was taken as blank, the event was used."
    rows.blank(
        ((birth - extract_on).dt.days > LONGEST_EXPECTED_DAYS).to_numpy(),
        "a birth long after the extract",
        "birth_on",
        done=done,
    )
    early = 0 if rows.annex_list.table in BORN_FIRST else -LONGEST_BEFORE_BIRTH_DAYS
    kind = "an event before birth" if early == 0 else "an event more than nine months before birth"
    rows.blank((age_days < early).to_numpy(), kind, "birth_on", done=done)
    rows.blank(
        (age_days > (LARGEST_AGE_YEARS + 1) * DAYS_A_YEAR).to_numpy(),
        f"a person over {LARGEST_AGE_YEARS} at the event",
        "birth_on",
        done=done,
    )
    adult = (age_days >= ADULT_YEARS * DAYS_A_YEAR) & rows.values["birth_on"].notna()
    if rows.annex_list.table not in ("care_leavers", "adoptions"):
        rows.note(
            adult.to_numpy(),
            f"a person of {ADULT_YEARS} or over at the event",
            Severity.NOTED,
            "birth_on",
            done="Used as it is.",
        )


def _check_section_47(rows: ListRows) -> None:
    values = rows.values
    conference = values["conference_on"]
    rows.blank(
        (conference < values["on"]).to_numpy(),
        "a conference before its strategy discussion",
        "conference_on",
        done="The conference was taken as blank.",
    )
    conference = values["conference_on"]
    rows.blank(
        (values["conference_unnecessary"].fillna(False) & conference.notna()).to_numpy(dtype=bool),
        "a conference that was unnecessary and yet took place",
        "conference_unnecessary",
        done="It was taken as having taken place.",
    )
    rows.note(
        (values["plan"].fillna(False) & conference.isna()).to_numpy(dtype=bool),
        "a plan out of a conference without a day",
        Severity.NOTED,
        "conference_on",
        done="The plan counts; the day of the conference is unknown.",
    )
    rows.note(
        values["on"].isna().to_numpy(),
        "a conference without its strategy discussion",
        Severity.NOTED,
        "on",
        done="The conference counts; the enquiry's day is unknown.",
    )
    rows.drop(
        (values["on"].isna() & values["conference_on"].isna()).to_numpy(), "a row without its date"
    )


def _check_assessments(rows: ListRows) -> None:
    values = rows.values
    rows.note(
        (values["in_need"].notna() & values["ended_on"].isna()).to_numpy(),
        "an outcome of an assessment that has not ended",
        Severity.NOTED,
        "in_need",
        done="Used as it is.",
    )


def _check_reason(rows: ListRows, column: str) -> None:
    """A reason for an end that has not come, or an end whose reason is not said."""
    values = rows.values
    rows.blank(
        ((values[column] != "") & values["ended_on"].isna()).to_numpy(),
        "a reason for ending without an end",
        column,
        done="The spell was taken as still open.",
    )
    if (values[column] != "").any():
        rows.note(
            ((values[column] == "") & values["ended_on"].notna()).to_numpy(),
            "an end without a reason",
            Severity.NOTED,
            column,
            done="The end counts; its reason is unknown.",
        )


def _check_in_need(rows: ListRows) -> None:
    _check_reason(rows, "reason")
    values = rows.values
    closed = values["status"] == "closed"
    rows.blank(
        (closed & values["ended_on"].isna()).to_numpy(),
        "a closed episode without its end",
        "status",
        done="The episode was taken as still open.",
    )
    rows.blank(
        (values["status"].ne("") & ~closed & values["ended_on"].notna()).to_numpy(),
        "an open status of an episode that has ended",
        "status",
        done="The episode was taken as ended.",
    )
    _note_several(rows)


def _check_plans(rows: ListRows) -> None:
    values = rows.values
    values["category"] = values["category"].where(
        values["category"] != "", values["latest_category"]
    )
    _note_several(rows)


def _check_care(rows: ListRows) -> None:
    values = rows.values
    _check_reason(rows, "ended")
    rows.blank(
        (values["placed_on"] < values["period_began_on"]).to_numpy(),
        "a placement that began before the care",
        "placed_on",
        done="The placement was taken to have begun with the care.",
    )
    rows.blank(
        (values["placed_on"] > values["ended_on"]).to_numpy(),
        "a placement that began after the care ended",
        "placed_on",
        done="The placement was taken to have begun with the care.",
    )
    rows.blank(
        (values["ended"] == "X1").to_numpy(),
        "a reason for ending that says that care goes on",
        "ended",
    )
    kinds, providers = values["placement_type"], values["provider"]
    rows.note(
        (kinds.isin(FOSTER_CODES) & ~providers.isin(PROVIDERS)).to_numpy(),
        "a foster placement without a provider",
        Severity.BLANKED,
        "provider",
        done="Whether it is the council's own is unknown, so the placement was taken as blank.",
        allowed="PR0 to PR5",
    )
    rows.note(
        kinds.isin((*ADOPTION_CODES, *TEMPORARY_CODES)).to_numpy(),
        "a placement that the pathway does not have",
        Severity.NOTED,
        "placement_type",
        done="Placed for adoption, or away for a time: the placement is blank, the care counts.",
    )
    pairs = list(zip(kinds, providers, strict=True))
    known = {pair: placement_of(*pair) for pair in set(pairs)}
    values["placement"] = np.array([known[pair] for pair in pairs], dtype=object)
    _note_several(rows)


def _check_adoptions(rows: ListRows) -> None:
    values = rows.values
    for later, earlier, what in (
        ("placed_on", "decision_on", "a placement for adoption before its decision"),
        ("order_on", "placed_on", "an adoption order before the placement"),
        ("order_on", "decision_on", "an adoption order before the decision"),
    ):
        rows.blank((values[later] < values[earlier]).to_numpy(), what, later)


def _note_several(rows: ListRows) -> None:
    """More than one entry of a child in a list that holds the latest alone."""
    several = np.zeros(len(rows.values), dtype=bool)
    several[rows.kept] = rows.values.loc[rows.kept, "child"].duplicated().to_numpy()
    rows.note(
        several,
        "a second entry for a child",
        Severity.NOTED,
        "child",
        done="Both were used; this list should hold each child's latest alone.",
    )


def note_before(rows: ListRows, first: pd.Timestamp) -> None:
    """Say how many events lie before the months that the list covers."""
    names = EVENT_DAYS.get(rows.annex_list.table, ())
    if not names or not rows.annex_list.every_spell:
        return
    latest = rows.values[names[0]]
    if "ended_on" in rows.values:
        latest = rows.values["ended_on"].fillna(pd.Timestamp.max.floor("s"))
    early = int(((latest < first).to_numpy() & rows.kept).sum())
    if early:
        rows.faults.append(
            Fault(
                rows.file,
                rows.part,
                0,
                "rows from before the months that the list covers",
                Severity.NOTED,
                rows.heading(names[0]),
                found=f"{early} rows",
                done="They were used, and the list is not taken to be whole for that time.",
            )
        )


SPECIAL: dict[str, Callable[[ListRows], None]] = {
    "section_47": _check_section_47,
    "assessments": _check_assessments,
    "in_need": _check_in_need,
    "protection_plans": _check_plans,
    "care": _check_care,
    "adoptions": _check_adoptions,
}
