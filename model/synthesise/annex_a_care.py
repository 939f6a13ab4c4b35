"""Annex A lists 8 to 10: children in care, care leavers, adoptions.

What the run does not know (reviews, health checks, the stages of an adoption, addresses) is made
up and in order.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.synthesise import codes
from model.synthesise.annex_a_columns import COLUMNS
from model.synthesise.extract import Extract

HEALTH_DAYS, REVIEW_DAYS, VISIT_DAYS = 300, 180, 40
ADOPTION_STEPS = 5  # decision, placement order, matching and placing between care and the order
MONTHS_BACK = 12
HERE, COUNCIL, POSTCODE, URN = "a) In", "Anytown", "ZZ1 1ZZ", "SC000000"


def looked_after(extract: Extract) -> pd.DataFrame:
    """List 8: each child's latest period of care, with its latest placement and legal status."""
    known = extract.known("care", "began", "ended", "period_ended")
    known = known.assign(rec=known["rec"].where(known["ended"].notna(), ""))
    last = known.sort_values("began", kind="stable").drop_duplicates("period", keep="last")
    again = second_period(last, extract)
    latest = last.drop_duplicates("child", keep="last")
    there = latest["period_ended"].isna() | (latest["period_ended"] >= extract.first)
    latest = latest[there].copy()
    everyone, child = extract.run.everyone, latest["child"].to_numpy()
    until = latest["period_ended"].fillna(extract.day)
    ceased = latest["rec"].map(codes.CEASED_LABELS).where(latest["period_ended"].notna())
    asylum = everyone.asylum_seeking[child]
    column = COLUMNS[8]
    return latest.assign(
        **{
            column[5]: np.where(asylum, codes.YES, codes.NO),
            "Date Started to be Looked After": latest["period_began"],
            "Child's Category of Need": latest["need"].map(codes.NEED_LABELS),
            column[9]: np.where(again.reindex(child).fillna(False), codes.YES, codes.NO),
            "Start date of current legal status": legal_since(known, latest),
            "Child's Legal Status": latest["legal"].map(codes.LEGAL_LABELS),
            "Date of Latest Statutory Review": lately(extract, latest, until, REVIEW_DAYS, "a"),
            "Date of Last Social Work Visit": lately(extract, latest, until, VISIT_DAYS, "b"),
            "What is the permanence plan for this child?": "f) Long-term fostering",
            column[15]: lately(extract, latest, until, REVIEW_DAYS, "a"),
            "Date of Last Health Assessment": lately(extract, latest, until, HEALTH_DAYS, "c"),
            "Date of Last Dental Check": lately(extract, latest, until, HEALTH_DAYS, "d"),
            column[18]: placements(known, extract).reindex(latest["period"]).to_numpy(),
            "Date Ceased to be Looked After": latest["period_ended"],
            "Reason Ceased to be Looked After": ceased,
            "Start Date of Most Recent Placement": placed_since(known, latest),
            "Placement Type": latest["place"].map(codes.PLACE_LABELS),
            "Placement Provider": latest["provider"].map(codes.PROVIDER_LABELS),
            "Placement postcode": POSTCODE,
            "URN of Placement": URN,
            "Placement Location": HERE,
            "LA of Placement": COUNCIL,
            column[28]: 0,
            column[29]: 0,
        }
    )


def second_period(last: pd.DataFrame, extract: Extract) -> pd.Series:
    """Whether an earlier period of the child ended in the last 12 months, by child."""
    since = extract.first_of(MONTHS_BACK)
    is_latest = ~last.duplicated("child", keep="last")
    earlier = ~is_latest & (last["period_ended"] >= since)
    return earlier.groupby(last["child"]).any()


def legal_since(known: pd.DataFrame, latest: pd.DataFrame) -> np.ndarray:
    """Since when each child's present legal status holds."""
    return since_change(known, latest, ["legal"])


def placed_since(known: pd.DataFrame, latest: pd.DataFrame) -> np.ndarray:
    """Since when each child is in the present placement."""
    moved = known[known["rne"] != codes.LEGAL_CHANGE]
    return moved.groupby("period")["began"].max().reindex(latest["period"]).to_numpy()


def since_change(known: pd.DataFrame, latest: pd.DataFrame, columns: list[str]) -> np.ndarray:
    """The first day of the last run of equal values within each period."""
    ordered = known.sort_values(["period", "began"], kind="stable")
    same = (ordered[["period", *columns]] == ordered[["period", *columns]].shift()).all(axis=1)
    changed = ordered[~same]
    return changed.groupby("period")["began"].max().reindex(latest["period"]).to_numpy()


def placements(known: pd.DataFrame, extract: Extract) -> pd.Series:
    """How many placements each period had in the last 12 months, one at least."""
    since = extract.first_of(MONTHS_BACK)
    there = known[known["ended"].isna() | (known["ended"] >= since)]
    began = (there["rne"] != codes.LEGAL_CHANGE) & (there["began"] >= since)
    carried = (there["began"] < since).groupby(there["period"]).any()
    count = began.groupby(there["period"]).sum() + carried
    return count.reindex(known["period"].unique()).fillna(1).clip(lower=1).astype(int)


def lately(
    extract: Extract, table: pd.DataFrame, until: pd.Series, days: int, what: str
) -> pd.Series:
    """Some day in the last so many before the end; none when the period is younger than it."""
    u = extract.run.everyone.lucks(table["child"].to_numpy(), f"lately {what}")
    found = until - pd.to_timedelta((u * days).astype(int), unit="D")
    return found.where(found >= table["period_began"])


def care_leavers(extract: Extract) -> pd.DataFrame:
    """List 9: care leavers with support on the day."""
    table = extract.known("care_leavers", "began", "ended")
    table = table[table["ended"].isna()].drop_duplicates("child", keep="last")
    return table.assign(
        **{
            "Eligibility Category": "b) Former relevant child",
            "LA In Touch": codes.YES,
            "Type of Accommodation": "U: Independent living",
            "Suitability of Accommodation": "a) Suitable",
            "Activity Status": "F3: Full time in training or employment",
        }
    )


def adopted(extract: Extract, months: int) -> pd.DataFrame:
    """List 10: children adopted; the steps before the order are spread evenly since care began."""
    known = extract.known("care", "began", "ended", "period_ended")
    ended = known["rec"].isin(codes.CEASED["adopted"]) & known["ended"].notna()
    table = known[ended & (known["ended"] >= extract.first_of(months))]
    length = table["period_ended"] - table["period_began"]
    steps = {
        name: (table["period_began"] + length * (k + 1) / ADOPTION_STEPS).dt.floor("D")
        for k, name in enumerate(COLUMNS[10][8:12])
    }
    return table.assign(
        **{
            "Date the Child Entered Care": table["period_began"],
            **steps,
            "Date of Adoption Order": table["period_ended"],
        }
    )
