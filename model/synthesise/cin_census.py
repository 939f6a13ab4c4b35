"""A run as children in need census returns, one for each census year (1 April to 31 March).

Every episode of need open at any time in the year, with what happened in it that touches the
year. Tables first, one for each repeating element, then XML in the order of the schema. The
census of 2024 and later has Sex in place of GenderCurrent and closure reason RC9. A referral
without further action is an episode of its own, without a closure. This module knows no fault.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from model.synthesise import codes
from model.synthesise.annex_a import as_cells, source_codes
from model.synthesise.journeys import known_on
from model.synthesise.simulated import Simulated

SEX_SINCE = 2024  # census year; GenderCurrent before
CONFERENCE_LIMIT = "section_47.limit_working_days"
REVIEW_FIRST_DAYS, REVIEW_DAYS = 91, 182
KEYS = ("child", "episode", "item")  # how the tables hang together; no element of the census


@dataclass(frozen=True)
class Year:
    """A census year: named by the March in which it ends.

    Attributes
    ----------
    run : what happened. tables : from `journeys`, by name. ends : the March.
    """

    run: Simulated
    tables: dict[str, pd.DataFrame] = field(repr=False)
    ends: int

    @property
    def first(self) -> pd.Timestamp:
        """1 April."""
        return pd.Timestamp(self.ends - 1, 4, 1)

    @property
    def day(self) -> pd.Timestamp:
        """31 March: the reference date, the last day known."""
        return pd.Timestamp(self.ends, 3, 31)

    def open_in(self, table: str, began: str = "began", *others: str) -> pd.DataFrame:
        """What of a table was open at any time in the year, as known at its end."""
        ended = others[0] if others else "ended"
        known = known_on(self.tables[table], self.day, began, *(others or (ended,)))
        return known[known[ended].isna() | (known[ended] >= self.first)]


def census(year: Year) -> dict[str, pd.DataFrame]:
    """The census of a year as tables.

    Returns
    -------
    dict of DataFrames named after the elements: Child, CINdetails, Assessments, CINPlanDates,
    Section47, ChildProtectionPlans, Reviews. Columns are elements in the schema's order, and
    the KEYS: child (position), episode (number in CINdetails), item (plan of a review).
    """
    details = episodes(year)
    parts = {
        "Assessments": assessments(year),
        "CINPlanDates": in_need_plans(year),
        "Section47": section_47(year),
        "ChildProtectionPlans": protection_plans(year),
    }
    placed = {name: in_episode(part, details) for name, part in parts.items()}
    plans = placed["ChildProtectionPlans"]
    plans["item"] = np.arange(len(plans))
    found = {"Child": children(year, details), "CINdetails": details, **placed}
    found["Reviews"] = reviews(year, plans)
    keep = ("began", "ended", "on")
    tables = {k: v.drop(columns=[c for c in keep if c in v]) for k, v in found.items()}
    return {name: with_cells(table.reset_index(drop=True)) for name, table in tables.items()}


def with_cells(table: pd.DataFrame) -> pd.DataFrame:
    """Days as dates, None where empty; keys stay whole numbers."""
    columns = {k: v if k in KEYS else as_cells(v) for k, v in table.items()}
    return pd.DataFrame(columns)


def episodes(year: Year) -> pd.DataFrame:
    """CINdetails: a row for each episode of need."""
    table = year.open_in("in_need")
    # What is a mere referral is known when it is decided.
    nfa = table["no_further_action"] & table["ended"].notna()
    closed = table["ended"].where(~nfa)
    reason = table["reason"].where(closed.notna())
    if year.ends < codes.EARLY_HELP_REASON_SINCE:
        reason = reason.replace(codes.EARLY_HELP_REASON, "RC8")
    found = pd.DataFrame(
        {
            "child": table["child"],
            "CINreferralDate": table["began"],
            "ReferralSource": source_codes(year.run, table),
            "PrimaryNeedCode": table["need"].where(~nfa),
            "CINclosureDate": closed,
            "ReasonForClosure": reason,
            "ReferralNFA": np.where(nfa, "1", "0"),
            "began": table["began"],
            "ended": table["ended"],
        }
    )
    found = found.sort_values(["child", "began"], kind="stable").reset_index(drop=True)
    return found.assign(episode=np.arange(len(found)))


def in_episode(part: pd.DataFrame, details: pd.DataFrame) -> pd.DataFrame:
    """Each row of a part in the child's episode that was open as it began.

    Where an episode closes and another opens on one day, what begins then is of the later one.
    """
    asked = part.assign(at=part["began"]).sort_values("at", kind="stable")
    opened = details[["child", "began", "episode"]].rename(columns={"began": "opened"})
    opened = opened.sort_values("opened", kind="stable")
    found = pd.merge_asof(asked, opened, left_on="at", right_on="opened", by="child")
    found = found[found["episode"].notna()].drop(columns=["at", "opened"])
    found["episode"] = found["episode"].astype("int64")
    return found.sort_values(["episode", "began"], kind="stable").reset_index(drop=True)


def children(year: Year, details: pd.DataFrame) -> pd.DataFrame:
    """Child: who they are."""
    everyone, child = year.run.everyone, np.unique(details["child"])
    born = pd.Series(everyone.born[child].astype("datetime64[s]"))
    unborn = born > year.day
    male = everyone.male[child]
    sex = (
        ("Sex", np.where(unborn, "U", np.where(male, "M", "F")))
        if year.ends >= SEX_SINCE
        else ("GenderCurrent", np.where(unborn, "0", np.where(male, "1", "2")))
    )
    school_age = ~unborn & (born <= year.day - pd.DateOffset(years=5))
    return pd.DataFrame(
        {
            "child": child,
            "LAchildID": everyone.id[child],
            "UPN": pd.Series(everyone.pupil[child]).where(school_age),
            "UPNunknown": np.where(school_age, "", "UN1"),
            "PersonBirthDate": born.where(~unborn),
            "ExpectedPersonBirthDate": born.where(unborn),
            sex[0]: sex[1],
            "Ethnicity": everyone.ethnicity[child],
            "Disability": np.where(everyone.disabled[child], "LD", "NONE"),
        }
    )


def assessments(year: Year) -> pd.DataFrame:
    """Assessments open in the year."""
    table = year.open_in("assessments")
    done = table["ended"].notna()
    return table[["child", "began"]].assign(
        AssessmentActualStartDate=table["began"],
        AssessmentAuthorisationDate=table["ended"],
        AssessmentFactors=table["factor"].where(done),
    )


def in_need_plans(year: Year) -> pd.DataFrame:
    """Child in need plans open in the year."""
    table = year.open_in("in_need_plans")
    return table[["child", "began"]].assign(
        CINPlanStartDate=table["began"], CINPlanEndDate=table["ended"]
    )


def section_47(year: Year) -> pd.DataFrame:
    """Enquiries open in the year; whether a conference is needed is known when they end."""
    table = year.open_in("section_47", "on", "ended")
    limit = int(year.run.prepared.inputs.number(CONFERENCE_LIMIT))
    began = table["on"].to_numpy().astype("datetime64[D]")
    target = year.run.working_days_after(began, limit).astype("datetime64[s]")
    held = table["conference"] & table["ended"].notna()
    needless = ~table["conference"] & table["ended"].notna()
    return table[["child"]].assign(
        began=table["on"],
        S47ActualStartDate=table["on"],
        InitialCPCtarget=pd.Series(target, index=table.index).where(~needless),
        DateOfInitialCPC=table["ended"].where(held),
        ICPCnotRequired=np.where(needless, "1", "0"),
    )


def protection_plans(year: Year) -> pd.DataFrame:
    """Child protection plans open in the year."""
    table = year.open_in("protection_plans")
    return table[["child", "began", "ended"]].assign(
        CPPstartDate=table["began"],
        CPPendDate=table["ended"],
        InitialCategoryOfAbuse=table["category"],
        LatestCategoryOfAbuse=table["category"],
        NumberOfPreviousCPP=table["previous"].astype(str),
    )


def reviews(year: Year, plans: pd.DataFrame) -> pd.DataFrame:
    """Reviews of protection plans: three months after the start, then every six months."""
    made = []
    for plan in plans.itertuples():
        until = year.day if pd.isna(plan.ended) else plan.ended
        day = plan.began + pd.Timedelta(days=REVIEW_FIRST_DAYS)
        while day <= until:
            made.append((plan.item, day))
            day += pd.Timedelta(days=REVIEW_DAYS)
    return pd.DataFrame(made, columns=["item", "CPPreviewDate"])
