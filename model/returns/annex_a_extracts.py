"""Extracts of Annex A: which files belong together, of which day they are, what the newest says.

A workbook is an extract. Files that hold one list each are one extract when they stand in one
folder, or, where a list stands there twice, when their names agree apart from the list's. The day
of an extract is the caller's for the newest, else the latest day on which anything in it happened.

A spell that two extracts tell of is taken from the newer one; rows that only the older one has
stay. An episode of care that a newer extract shows in a later placement ended when that began.

Not known here: whether a row that a newer extract left out was withdrawn or just too old for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

import numpy as np
import pandas as pd

from model.returns.annex_a_checks import days_of_events
from model.returns.annex_a_header import LIST_NAME, Found
from model.returns.annex_a_lists import folded
from model.returns.annex_a_rows import ListRows
from model.returns.faults import Fault, Severity

STRAY_GAP_DAYS = 60
STRAY_SHARE = 0.01
FEWEST_TO_JUDGE = 200

# What makes two rows of two extracts the same event, by table.
SAME_EVENT: dict[str, tuple[str, ...]] = {
    "contacts": ("child", "on"),
    "early_help": ("child", "began_on"),
    "referrals": ("child", "on"),
    "assessments": ("child", "began_on"),
    "section_47": ("child", "on"),
    "in_need": ("child", "began_on"),
    "protection_plans": ("child", "began_on"),
    "care": ("child", "began_on"),
    "care_leavers": ("child",),
    "adoptions": ("child", "decision_on"),
}


def grouped(found: Iterable[Found]) -> list[list[Found]]:
    """Lists that belong to one extract, together; in order of their files' names."""
    by_file: dict[str, list[Found]] = {}
    for one in found:
        by_file.setdefault(one.sheet.file, []).append(one)
    groups = [lists for _, lists in sorted(by_file.items()) if len(lists) > 1]
    single: dict[str, list[Found]] = {}
    for file, lists in sorted(by_file.items()):
        if len(lists) == 1:
            single.setdefault(str(PurePosixPath(file).parent), []).extend(lists)
    for lists in single.values():
        numbers = [one.annex_list.number for one in lists]
        if len(set(numbers)) == len(numbers):
            groups.append(lists)
            continue
        by_name: dict[str, list[Found]] = {}
        for one in lists:
            stem = PurePosixPath(one.sheet.file).stem.replace("_", " ")
            by_name.setdefault(folded(LIST_NAME.sub("", stem)), []).append(one)
        groups.extend(by_name.values())
    return groups


def latest_day(lists: Iterable[ListRows]) -> pd.Timestamp | None:
    """The latest day on which anything happened, strays left out; None where nothing did.

    Strays are one day in a hundred or fewer (only among two hundred days or more) that lie over
    sixty days after all others: mistyped years must not move the extract.
    """
    days = np.sort(np.concatenate([days_of_events(one) for one in lists] or [np.array([])]))
    if not len(days):
        return None
    last = len(days) - 1
    if len(days) >= FEWEST_TO_JUDGE:
        fewest = len(days) - 1 - max(1, int(len(days) * STRAY_SHARE))
        gaps = np.diff(days.astype("datetime64[D]")).astype(np.int64)
        wide = [at for at in range(fewest, len(gaps)) if at >= 0 and gaps[at] > STRAY_GAP_DAYS]
        last = wide[0] if wide else last
    return pd.Timestamp(days[last])


def newest_says(
    table: str, extracts: Sequence[pd.DataFrame], parts: Sequence[dict[str, str]]
) -> tuple[pd.DataFrame, list[Fault]]:
    """One table out of the same list of several extracts, and what was left out of the older.

    Parameters
    ----------
    table : of the records. extracts : its rows by extract, oldest first, with `file` and `line`.
    parts : by extract, file -> its part, to say where.
    """
    key = list(SAME_EVENT[table])
    held: pd.DataFrame | None = None
    faults: list[Fault] = []
    for rows in reversed(extracts):
        if held is None:
            held = rows
            continue
        told = _events(rows, key).isin(_events(held, key))
        same = _same_rows(rows, held)
        faults.extend(_left_out(rows[told], same[told], parts))
        held = pd.concat([rows[~told], held], ignore_index=True)
    assert held is not None
    if table == "care" and len(extracts) > 1:
        held = _moved_on(held)
    return held, faults


def _events(rows: pd.DataFrame, key: list[str]) -> pd.MultiIndex:
    """What tells events apart; an enquiry whose own day is unknown by that of its conference."""
    if "conference_on" in rows:
        rows = rows.assign(on=rows["on"].fillna(rows["conference_on"]))
    return pd.MultiIndex.from_frame(rows[key])


def _same_rows(rows: pd.DataFrame, held: pd.DataFrame) -> np.ndarray:
    columns = [name for name in rows.columns if name not in ("file", "line")]
    return pd.MultiIndex.from_frame(rows[columns].astype(str)).isin(
        pd.MultiIndex.from_frame(held[columns].astype(str))
    )


def _left_out(rows: pd.DataFrame, same: np.ndarray, parts: Sequence[dict[str, str]]) -> list[Fault]:
    part_of = {file: part for one in parts for file, part in one.items()}
    return [
        Fault(
            str(file),
            part_of.get(str(file), ""),
            int(line),
            "a row that a newer extract repeats"
            if repeated
            else "a spell that a newer extract tells otherwise",
            Severity.NOTED if repeated else Severity.REPAIRED,
            done="It was counted once." if repeated else "The newer extract's row was used.",
        )
        for file, line, repeated in zip(rows["file"], rows["line"], same, strict=True)
    ]


def _moved_on(care: pd.DataFrame) -> pd.DataFrame:
    """Open episodes of a period whose child a newer extract shows in a later placement, ended."""
    order = care.sort_values(["child", "period_began_on", "began_on"], kind="stable").index
    sorted_care = care.loc[order]
    following = sorted_care.groupby(["child", "period_began_on"], sort=False)["began_on"].shift(-1)
    open_before = sorted_care["ended_on"].isna() & following.notna()
    sorted_care.loc[open_before, "ended_on"] = following[open_before]
    sorted_care.loc[open_before, "ended"] = "X1"
    return sorted_care.sort_index()
