"""A run as an inspection extract: Annex A, lists 1 to 10, as they stood on one day.

Lists 1 to 5 hold what happened in the window (and assessments and enquiries that go on), lists 6
to 8 the latest spell of each child open on the day or ended in the window, list 9 care leavers,
list 10 adoptions of at least a year. Nothing after the day of the extract is known. Workers,
teams, visits, reviews and whatever else the run does not know are made up. This module knows no
file.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.synthesise import codes
from model.synthesise.annex_a_care import adopted, care_leavers, looked_after
from model.synthesise.annex_a_columns import ABOUT, COLUMNS, DISABILITY, TEAM
from model.synthesise.extract import ASSESSMENT, Extract
from model.synthesise.people import ETHNICITIES
from model.synthesise.simulated import Simulated

ADOPTION_MONTHS = 12
MONTHS_BACK = 12  # "in the last 12 months"
VISIT_DAYS = 28
FIRST_REVIEW_DAYS, REVIEW_DAYS = 91, 182
TEAMS, WORKERS = 8, 120
PROTECTED_FIRST = ("looked_after", "protection_plan", "in_need_plan", "assessment")


def annex_a(extract: Extract) -> dict[int, pd.DataFrame]:
    """Lists 1 to 10: by number, a table with the template's columns; days are dates."""
    made = {
        1: contacts(extract),
        2: early_help(extract),
        3: referrals(extract),
        4: assessments(extract),
        5: section_47(extract),
        6: in_need(extract),
        7: protection_plans(extract),
        8: looked_after(extract),
        9: care_leavers(extract),
        10: adopted(extract, max(extract.months, ADOPTION_MONTHS)),
    }
    return {number: as_list(extract, number, table) for number, table in made.items()}


def as_list(extract: Extract, number: int, table: pd.DataFrame) -> pd.DataFrame:
    """The template's columns in order: about the child, what the list asks, the team."""
    run, child = extract.run, table["child"].to_numpy()
    everyone = run.everyone
    born = pd.Series(everyone.born[child].astype("datetime64[s]"))
    unborn = (born > extract.day).to_numpy()
    labels = [codes.ethnicity_label(code, ETHNICITIES) for code in everyone.ethnicity[child]]
    gender = np.where(everyone.male[child], codes.GENDERS[True], codes.GENDERS[False])
    about = {
        ABOUT[0]: everyone.id[child],
        ABOUT[1]: np.where(unborn, codes.UNBORN_GENDER, gender),
        ABOUT[2]: labels,
        ABOUT[3]: born,
        ABOUT[4]: np.where(unborn, -1, whole_years(born, extract.day)),
        DISABILITY: np.where(everyone.disabled[child], codes.YES, codes.NO),
        TEAM[0]: everyone.pick(child, "team", tuple(f"Team {k + 1}" for k in range(TEAMS))),
        TEAM[1]: everyone.pick(child, "worker", tuple(f"Worker {k + 1}" for k in range(WORKERS))),
    }
    given = {name: column.to_numpy() for name, column in table.items()}
    whole = {name: given.get(name, about.get(name)) for name in COLUMNS[number]}
    empty = np.full(len(table), None, object)
    return pd.DataFrame({k: as_cells(empty if v is None else v) for k, v in whole.items()})


def as_cells(column: np.ndarray | pd.Series | list) -> pd.Series:
    """A column as cells: dates, texts and whole numbers, None where empty; numbered anew."""
    found = pd.Series(column).reset_index(drop=True)
    empty = found.isna().to_numpy(bool)
    if found.dtype.kind == "M":
        cells = found.dt.date.to_numpy(object, copy=True)
    else:
        cells = found.to_numpy(object, copy=True)
        empty = empty | np.array([cell == "" for cell in cells], bool)
    cells[empty] = None
    return pd.Series(cells, dtype=object)


def whole_years(born: pd.Series, day: pd.Timestamp) -> np.ndarray:
    """Age at the last birthday."""
    not_yet = (born.dt.month > day.month) | ((born.dt.month == day.month) & (born.dt.day > day.day))
    return (day.year - born.dt.year - not_yet.astype(int)).to_numpy()


def contacts(extract: Extract) -> pd.DataFrame:
    """List 1: contacts in the window."""
    table = within(extract.known("contacts", "on"), "on", extract.first)
    return table.assign(
        **{"Date of Contact": table["on"], "Contact Source": source_labels(extract, table)}
    )


def early_help(extract: Extract) -> pd.DataFrame:
    """List 2: early help assessments begun or completed in the window, and help that goes on."""
    table = extract.known("early_help", "began", "assessed", "ended")
    ended = table["assessed"] if extract.completion == ASSESSMENT else table["ended"]
    goes_on = table["ended"].isna()
    table = table.assign(completed=ended)[
        (table["began"] >= extract.first) | (ended >= extract.first) | goes_on
    ]
    return table.assign(
        **{
            "Assessment start date": table["began"],
            "Assessment completion date": table["completed"],
            "Organisation completing assessment": table["lead"].map(codes.LEAD_LABELS),
        }
    )


def referrals(extract: Extract) -> pd.DataFrame:
    """List 3: referrals in the window; the count is of those before each child's latest."""
    known = extract.known("referrals", "on", "decided")
    table = within(known, "on", extract.first)
    nfa = table["no_further_action"] & table["decided"].notna()
    return table.assign(
        **{
            "Date of referral": table["on"],
            "Referral Source": source_labels(extract, table),
            "Referral NFA?": np.where(nfa, codes.YES, codes.NO),
            "Number of Referrals in Last 12 Months": before_latest(known, "on")
            .reindex(table["child"])
            .to_numpy(),
        }
    )


def assessments(extract: Extract) -> pd.DataFrame:
    """List 4: assessments begun or authorised in the window, and those that go on."""
    table = extract.known("assessments", "began", "ended")
    in_window = (table["began"] >= extract.first) | (table["ended"] >= extract.first)
    table = table[in_window | table["ended"].isna()]
    found = np.where(table["in_need"], codes.YES, codes.NO)
    return table.assign(
        **{
            "Continuous Assessment Start Date": table["began"],
            "Child Seen During Continuous Assessment": codes.YES,
            "Continuous Assessment Date of Authorisation": table["ended"],
            COLUMNS[4][9]: pd.Series(found, table.index).where(table["ended"].notna()),
        }
    )


def section_47(extract: Extract) -> pd.DataFrame:
    """List 5: enquiries begun or settled in the window, and those that go on."""
    known = extract.known("section_47", "on", "ended")
    in_window = (known["on"] >= extract.first) | (known["ended"] >= extract.first)
    table = known[in_window | known["ended"].isna()]
    decided = table["ended"].notna()
    held = decided & table["conference"]
    counts = before_latest(known, "on"), before_latest(known[known["conference"]], "ended")
    needless = np.where(table["conference"], codes.NO, codes.YES)
    planned = np.where(table["plan"], codes.YES, codes.NO)
    return table.assign(
        **{
            COLUMNS[5][6]: table["on"],
            COLUMNS[5][7]: pd.Series(needless, table.index).where(decided),
            COLUMNS[5][8]: table["ended"].where(held),
            COLUMNS[5][9]: pd.Series(planned, table.index).where(held),
            COLUMNS[5][10]: counts[0].reindex(table["child"]).to_numpy(),
            COLUMNS[5][11]: counts[1].reindex(table["child"]).fillna(0).astype(int).to_numpy(),
        }
    )


def in_need(extract: Extract) -> pd.DataFrame:
    """List 6: each child's latest episode of need, without care leavers and mere referrals."""
    table = extract.known("in_need", "began", "ended", "leaver_on")
    # For this list an episode ends when care does.
    table["ended"] = table["leaver_on"].fillna(table["ended"])
    table["reason"] = table["reason"].mask(table["leaver_on"].notna(), codes.OTHER_REASON)
    latest = latest_of_each(table, extract.first)
    status = status_on(extract)
    latest["status"] = status.reindex(latest["child"]).to_numpy()
    closed = latest["ended"].notna()
    latest.loc[closed, "status"] = "closed"
    latest = latest[latest["status"].notna() & ~(closed & latest["no_further_action"])]
    return latest.assign(
        **{
            "CIN Start Date": latest["began"],
            "Primary Need Code": latest["need"].map(codes.NEED_LABELS),
            "Date Child Was Last Seen": visited(extract, latest, "seen"),
            "CIN Closure Date": latest["ended"],
            "Reason for Closure": latest["reason"].map(codes.REASON_LABELS).where(closed),
            "Case status": latest["status"].map(codes.STATUS_LABELS),
        }
    )


def status_on(extract: Extract) -> pd.Series:
    """What each child with an open case is, the first of the template's order that applies."""
    stages = extract.known("statuses", "began", "ended")
    plans = extract.known("protection_plans", "began", "ended").assign(status="protection_plan")
    there = pd.concat([stages[stages["ended"].isna()], plans[plans["ended"].isna()]])
    rank = there["status"].map({status: k for k, status in enumerate(PROTECTED_FIRST)})
    first = there.assign(rank=rank).sort_values("rank", kind="stable").drop_duplicates("child")
    return first.set_index("child")["status"]


def protection_plans(extract: Extract) -> pd.DataFrame:
    """List 7: each child's latest protection plan."""
    table = extract.known("protection_plans", "began", "ended")
    table = latest_of_each(table, extract.first)
    category = table["category"].map(codes.CATEGORY_LABELS)
    return table.assign(
        **{
            "Child Protection Plan Start Date": table["began"],
            "Initial Category of Abuse": category,
            "Latest Category of Abuse": category,
            "Date of the Last Statutory Visit": visited(extract, table, "visit"),
            "Was the Child Seen Alone?": codes.YES,
            "Date of latest review conference": reviewed(extract, table),
            "Child Protection Plan End Date": table["ended"],
            COLUMNS[7][13]: codes.NO,
            "Number of Previous Child Protection Plans": table["previous"],
        }
    )


def reviewed(extract: Extract, table: pd.DataFrame) -> pd.Series:
    """The latest review: three months after the start, then every six months."""
    until = table["ended"].fillna(extract.day)
    days = (until - table["began"]).dt.days
    later = (days - FIRST_REVIEW_DAYS) // REVIEW_DAYS * REVIEW_DAYS + FIRST_REVIEW_DAYS
    held = table["began"] + pd.to_timedelta(later, unit="D")
    return held.where(days >= FIRST_REVIEW_DAYS)


def visited(extract: Extract, table: pd.DataFrame, what: str) -> pd.Series:
    """The last visit: some days before the end, or the extract, and not before the start."""
    until = table["ended"].fillna(extract.day)
    u = extract.run.everyone.lucks(table["child"].to_numpy(), what)
    seen = until - pd.to_timedelta((u * VISIT_DAYS).astype(int), unit="D")
    return seen.where(seen >= table["began"], table["began"])


def latest_of_each(table: pd.DataFrame, first: pd.Timestamp) -> pd.DataFrame:
    """The latest spell of each child, of those open or ended since the first day."""
    latest = table.sort_values("began", kind="stable").drop_duplicates("child", keep="last")
    return latest[latest["ended"].isna() | (latest["ended"] >= first)].copy()


def before_latest(table: pd.DataFrame, day: str) -> pd.Series:
    """How many each child had in the twelve months before its latest, by child."""
    latest = table.groupby("child")[day].transform("max")
    since = latest - pd.DateOffset(months=MONTHS_BACK)
    earlier = (table[day] < latest) & (table[day] >= since)
    return earlier.groupby(table["child"]).sum().astype(int)


def within(table: pd.DataFrame, day: str, first: pd.Timestamp) -> pd.DataFrame:
    """Rows since the first day."""
    return table[table[day] >= first]


def source_labels(extract: Extract, table: pd.DataFrame) -> np.ndarray:
    """Contact or referral sources as Annex A writes them: `q) 6: Police`."""
    found = source_codes(extract.run, table)
    return np.array([codes.SOURCE_LABELS[code] for code in found], object)


def source_codes(run: Simulated, table: pd.DataFrame) -> list[str]:
    """The code of each row's source; one of several by luck."""
    u = run.everyone.lucks(table["child"].to_numpy(), "source")
    choices = [codes.SOURCE_CODES[source] for source in table["source"]]
    return [some[int(luck * len(some))] for some, luck in zip(choices, u, strict=True)]
