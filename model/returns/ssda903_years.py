"""Which year a return speaks of, and several years' returns as one history.

A return of the year to 31 March holds every episode that touches the year, so its ends all lie in
it: the year is that of most ends, or of the latest begins where nothing ended. The name of a file
is a hint alone. The same episode stands in each year that it touches, open and then closed: child
and day of begin make it one, and the later return knows more.

This module does not know a child whose id changed, and cannot tell an episode that a later return
forgot from one that ended unrecorded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pandas as pd

from model.errors import InputError, Where
from model.returns.faults import Fault, Severity
from model.returns.ssda903_rows import Book

FIRST_YEAR, LAST_YEAR = 1992, 2100
SEVERAL_YEARS_SHARE = 0.2  # a file with more ends than this outside one year holds several years
FEWEST_ENDS = 5  # in a year that such a file is said to hold
# Silent days at the end of a year, in events that would have been expected there: with 7, silence
# has a chance below 1 in 1,000 if events come evenly.
EVENTS_MISSED = 7.0
SILENT_DAYS = 14  # at least; weekends and Easter are silent anyway


@dataclass(frozen=True)
class Return:
    """One return.

    Attributes
    ----------
    group : of its tables' names. file : of its episodes. year, first_year : of the 31 March on
        which it ends, and of that of the earliest year it holds (the same but for joined files).
    rows : its episodes. reaches : last day of a year that is not over; NaT where it is.
    """

    group: str
    file: str
    year: int
    first_year: int
    rows: pd.DataFrame = field(repr=False)
    reaches: pd.Timestamp = pd.NaT

    @property
    def first(self) -> pd.Timestamp:
        """First day that it covers."""
        return pd.Timestamp(self.first_year - 1, 4, 1)

    @property
    def last(self) -> pd.Timestamp:
        """Last day that it covers."""
        return pd.Timestamp(self.year, 3, 31) if pd.isna(self.reaches) else self.reaches


def year_ending(days: pd.Series) -> pd.Series:
    """The year of the 31 March on or after each day."""
    return days.dt.year + ((days.dt.month > 3).astype(int))


def year_of(rows: pd.DataFrame, file: str, book: Book) -> tuple[int, int]:
    """Last and first year of the return that holds these episodes.

    Raises
    ------
    InputError : the days are of no year of a return.
    """
    ends = year_ending(rows["ended_on"].dropna())
    begins = year_ending(rows["began_on"])
    counts = ends.value_counts()
    year = int(counts[counts == counts.max()].index.max()) if len(ends) else int(begins.max())
    first = year
    outside = float((ends != year).mean()) if len(ends) else 0.0
    common = counts[counts >= max(FEWEST_ENDS, 0.02 * counts.sum())].index
    if outside > SEVERAL_YEARS_SHARE and len(common) > 1:
        year, first = int(common.max()), int(common.min())
        book.faults.append(
            Fault(
                file,
                "episodes",
                0,
                "several years in one file",
                Severity.NOTED,
                "DEC",
                f"ends in the years to March {first} to {year}",
                "It was taken to cover all of them.",
            )
        )
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InputError(Where(file), f"episodes of the year {year}", "a year of a return")
    named = {int(one) for one in re.findall(r"(?<!\d)(20\d\d)(?!\d)", file)}
    if named and not named & {year, year - 1}:
        book.faults.append(
            Fault(
                file,
                "episodes",
                0,
                "the name of the file says another year",
                Severity.NOTED,
                found=", ".join(map(str, sorted(named))),
                done=f"Its days count: the return of the year to 31 March {year}.",
            )
        )
    return year, first


def reach_of(rows: pd.DataFrame, year: int, file: str, book: Book) -> pd.Timestamp:
    """The last day of a return whose year is not over; NaT for a whole year.

    Told by silence: a year is not over where nothing began or ended for so long before its 31
    March that, at the pace of the days before, `EVENTS_MISSED` events would have come.
    """
    start, end = pd.Timestamp(year - 1, 4, 1), pd.Timestamp(year, 3, 31)
    days = pd.concat([rows["began_on"], rows["ended_on"]]).dropna()
    days = days[(days >= start) & (days <= end)]
    if days.empty:
        return pd.NaT
    latest = days.max()
    silent, before = (end - latest).days, (latest - start).days + 1
    if silent < SILENT_DAYS or len(days) * silent <= EVENTS_MISSED * before:
        return pd.NaT
    book.faults.append(
        Fault(
            file,
            "episodes",
            0,
            "a year that is not over",
            Severity.NOTED,
            found=f"nothing after {latest.date()}",
            done="The return was taken to end with its latest day.",
            allowed=f"a whole year, to {end.date()}",
        )
    )
    return latest


def within_year(one: Return, book: Book) -> pd.DataFrame:
    """The episodes without what lies after the year that the return speaks of."""
    rows = one.rows
    later = rows["began_on"] > one.last
    book.rows(
        rows[later],
        "a begin after the year of the return",
        Severity.DROPPED,
        "DECOM",
        done="The row was not used.",
        allowed=f"at latest {one.last.date()}",
    )
    rows = rows[~later].copy()
    after = rows["ended_on"] > one.last
    book.rows(
        rows[after],
        "an end after the year of the return",
        Severity.BLANKED,
        "DEC",
        done="It was taken as still open at the end of the year.",
        allowed=f"at latest {one.last.date()}",
    )
    rows.loc[after, "ended_on"] = pd.NaT
    rows.loc[after, "ended"] = ""
    book.rows(
        rows[rows["ended_on"] < one.first],
        "an end before the year of the return",
        Severity.NOTED,
        "DEC",
        done="It was used, outside the days that the return covers.",
        allowed=f"{one.first.date()} to {one.last.date()}",
    )
    twice = rows.duplicated(["child", "began_on"])
    book.rows(
        rows[twice],
        "the same child and begin twice in one return",
        Severity.DROPPED,
        "DECOM",
        done="The first row was used.",
    )
    return rows[~twice]


def join_years(returns: list[Return], book: Book) -> pd.DataFrame:
    """The episodes of all returns, each once, the latest return's row.

    Parameters
    ----------
    returns : the earliest year first, each `within_year`.
    """
    every = pd.concat(
        [one.rows.assign(year=one.year, order=at) for at, one in enumerate(returns)],
        ignore_index=True,
    )
    every = every.sort_values(["child", "began_on", "order"], kind="stable")
    same = ["child", "began_on"]
    if len(returns) == 1:
        return every
    later = every.duplicated(same, keep="last")
    earlier, kept = every[later], every[~later]
    _open_then(earlier, every, book)
    _left_out(every, returns, book)
    _forgotten(kept, returns, book)
    return kept.reset_index(drop=True)


def _open_then(earlier: pd.DataFrame, every: pd.DataFrame, book: Book) -> None:
    """What became, in the next return that has it, of each row that was overtaken."""
    following = every.groupby(["child", "began_on"])["ended_on"].shift(-1)[earlier.index]
    was_open, is_open = earlier["ended_on"].isna(), following.isna()
    for mask, kind, severity in (
        (was_open & ~is_open, "open in one return, closed in the next", Severity.NOTED),
        (was_open & is_open, "open in one return, still open in the next", Severity.NOTED),
        (~was_open & is_open, "closed in one return, open in a later one", Severity.REPAIRED),
        (
            ~was_open & ~is_open & (following != earlier["ended_on"]),
            "closed on another day in a later return",
            Severity.REPAIRED,
        ),
        (
            ~was_open & ~is_open & (following == earlier["ended_on"]),
            "closed in one return, and again in a later one",
            Severity.NOTED,
        ),
    ):
        book.rows(
            earlier[mask],
            kind,
            severity,
            "DECOM",
            done="It is one episode; the later return's row was used.",
        )


def _left_out(every: pd.DataFrame, returns: list[Return], book: Book) -> None:
    """Episodes that touch a year whose return does not have them, though others do."""
    years = sorted({one.year for one in returns})
    spans = every.groupby(["child", "began_on"], sort=False).agg(
        last=("year", "max"), years=("year", "nunique"), first_row=("order", "idxmin")
    )
    begun = year_ending(pd.Series(spans.index.get_level_values(1), index=spans.index))
    there = pd.Series(0, index=spans.index)
    for year in years:
        there += (year >= begun) & (year <= spans["last"])
    missing = there - spans["years"]
    rows = every.loc[spans.loc[missing > 0, "first_row"]]
    book.rows(
        rows,
        "an episode that a return between others leaves out",
        Severity.NOTED,
        "DECOM",
        done="It was taken to have gone on all the while.",
        allowed="every episode that touches the year, in each year's return",
    )


def _forgotten(kept: pd.DataFrame, returns: list[Return], book: Book) -> None:
    """Open episodes of an earlier return that no later one has."""
    rows = kept[kept["ended_on"].isna() & (kept["year"] < returns[-1].year)]
    book.rows(
        rows,
        "an open episode that no later return has",
        Severity.NOTED,
        "DEC",
        done="It was taken as open until the child's next episode, or still.",
        allowed="every episode that touches the year, in each year's return",
    )
