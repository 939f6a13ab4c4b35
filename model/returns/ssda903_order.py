"""The episodes of each child, one after the other: overlaps, gaps, and codes that contradict them.

What can be told from the row beside it is put right and said: an open episode ends on the day the
next begins; a new period begins with S; within a period the reason is what changed. Where a gap
stands between two rows that both say the care went on, a row is missing and the care went on.

This module does not know whether a child was really at home in a gap that the rows do not explain.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.returns.faults import Severity
from model.returns.ssda903_codes import GOES_ON, STARTS
from model.returns.ssda903_rows import ADULT_YEARS, DAYS_A_YEAR, Book


def in_order(
    rows: pd.DataFrame, births: pd.Series, first_day: pd.Timestamp, book: Book
) -> pd.DataFrame:
    """The episodes, put into an order that can be, with the period that each belongs to.

    Parameters
    ----------
    rows : of every return, each episode once. births : by child.
    first_day : the first day that any return covers.

    Returns
    -------
    DataFrame like rows, sorted, with `period` (a number) and `period_began_on` (NaT where the
        period's first episode does not start it).
    """
    rows = _of_age(rows, births, book)
    rows = rows.sort_values(["child", "began_on"], kind="stable").reset_index(drop=True)
    _ends_before_next(rows, book)
    _gaps(rows, book)
    _contradictions(rows, first_day, book)
    return _periods(rows)


def _of_age(rows: pd.DataFrame, births: pd.Series, book: Book) -> pd.DataFrame:
    """Episodes before birth are not used; those of adults are noted."""
    born = pd.to_datetime(rows["child"].map(births))
    before = rows["began_on"] < born
    book.rows(
        rows[before],
        "an episode that begins before the child's birth",
        Severity.DROPPED,
        "DECOM",
        done="The row was not used: either day may be the wrong one.",
    )
    years = (rows["began_on"] - born).dt.days / DAYS_A_YEAR
    book.rows(
        rows[years >= ADULT_YEARS],
        f"an episode that begins at {ADULT_YEARS} or later",
        Severity.NOTED,
        "DECOM",
        done="It was used.",
        allowed="children until their 18th birthday",
    )
    return rows[~before]


def _next(rows: pd.DataFrame, column: str) -> pd.Series:
    """The value of the child's next episode; missing for its last."""
    return rows.groupby("child", sort=False)[column].shift(-1)


def _ends_before_next(rows: pd.DataFrame, book: Book) -> None:
    """Only a child's last episode may be open, and none may reach into the next."""
    following, how = _next(rows, "began_on"), _next(rows, "began")
    still_open = rows["ended_on"].isna() & following.notna()
    over = rows["ended_on"] > following
    book.rows(
        rows[still_open],
        "an open episode that another follows",
        Severity.REPAIRED,
        "DEC",
        done="It was ended on the day the next begins.",
        allowed="a DEC on every episode but the child's last",
    )
    book.rows(
        rows[over],
        "an episode that reaches into the next",
        Severity.REPAIRED,
        "DEC",
        done="It was ended on the day the next begins.",
        allowed="the next DECOM or earlier",
    )
    changed = still_open | over
    rows.loc[changed, "ended_on"] = following[changed]
    rows.loc[changed & (how != STARTS), "ended"] = GOES_ON
    rows.loc[changed & (how == STARTS) & (rows["ended"] == GOES_ON), "ended"] = ""


def _gaps(rows: pd.DataFrame, book: Book) -> None:
    """Days between two episodes of a child: a new period, or a row that is missing."""
    following, how = _next(rows, "began_on"), _next(rows, "began")
    gap = rows["ended_on"] < following
    missing = gap & (rows["ended"] == GOES_ON) & (how != STARTS)
    book.rows(
        rows[missing],
        "a gap between two episodes that both say the care went on",
        Severity.REPAIRED,
        "DEC",
        done="The care was taken to have gone on, in the earlier placement, until the next row.",
        allowed="the next DECOM, or a row for the days between",
    )
    rows.loc[missing, "ended_on"] = following[missing]
    renewed = np.flatnonzero(gap & ~missing & (how != STARTS)) + 1
    book.rows(
        rows.iloc[renewed],
        "a new period of care that does not say S",
        Severity.REPAIRED,
        "RNE",
        done="It was read as S, started to be looked after.",
        allowed=STARTS,
        found=rows["began"].iloc[renewed],
    )
    rows.loc[renewed, "began"] = STARTS
    ended = ((gap & (how == STARTS)) | (following.isna() & rows["ended_on"].notna())) & (
        rows["ended"] == GOES_ON
    )
    book.rows(
        rows[ended],
        "X1 on an episode that nothing follows",
        Severity.BLANKED,
        "REC",
        done="The period was ended; the reason is unknown.",
        allowed="the reason why the period ended",
        found=GOES_ON,
    )
    rows.loc[ended, "ended"] = ""


def _contradictions(rows: pd.DataFrame, first_day: pd.Timestamp, book: Book) -> None:
    """Codes that say another thing than the days of the rows."""
    following, how = _next(rows, "began_on"), _next(rows, "began")
    same_day = rows["ended_on"] == following
    within = np.flatnonzero(same_day & (how == STARTS) & (rows["ended"] == GOES_ON)) + 1
    book.rows(
        rows.iloc[within],
        "S within a period of care",
        Severity.REPAIRED,
        "RNE",
        done="It was read as what changed: placement (P), legal status (L) or both (B).",
        allowed="L, P, T, B or U",
        found=STARTS,
    )
    rows.loc[within, "began"] = _what_changed(rows, within)
    book.rows(
        rows[same_day & (how != STARTS) & (rows["ended"] != GOES_ON) & (rows["ended"] != "")],
        "an ending, and on the same day the care goes on",
        Severity.NOTED,
        "REC",
        done="The care was taken to have gone on.",
        allowed=GOES_ON,
    )
    first = ~rows["child"].duplicated() & (rows["began_on"] > first_day)
    book.rows(
        rows[first & (rows["began"] != STARTS)],
        "a child's first episode that does not say S",
        Severity.NOTED,
        "RNE",
        done="It was used; an earlier episode may be missing.",
        allowed=STARTS,
    )


def _what_changed(rows: pd.DataFrame, at: np.ndarray) -> list[str]:
    changed = [
        (rows[name].to_numpy()[at] != rows[name].to_numpy()[at - 1]) for name in ("place", "legal")
    ]
    words = {(True, True): "B", (True, False): "P", (False, True): "L", (False, False): "P"}
    return [words[bool(place), bool(legal)] for place, legal in zip(*changed, strict=True)]


def _periods(rows: pd.DataFrame) -> pd.DataFrame:
    """Number the periods; episodes of one follow on each other without a day between."""
    same = rows["child"].eq(rows["child"].shift())
    goes_on = same & rows["began_on"].eq(rows["ended_on"].shift())
    rows["period"] = (~goes_on).cumsum()
    first = rows.drop_duplicates("period").set_index("period")
    starts = first["began_on"].where(first["began"] == STARTS)
    rows["period_began_on"] = rows["period"].map(starts)
    return rows
