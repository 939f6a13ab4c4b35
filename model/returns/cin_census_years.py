"""Several children in need censuses below each other, each spell once.

A case that is open on 31 March stands in this year's census and again in the next one's. Both rows
are the same spell if child and first day agree; the later census knows more, so its row is kept.

This module does not know a child that changed its id between two years.
"""

from __future__ import annotations

import pandas as pd

from model.returns.faults import Fault, Severity
from model.returns.records import Records, joined, typed

KEYS = {
    "children": ("child",),
    "referrals": ("child", "on"),
    "assessments": ("child", "began_on"),
    "section_47": ("child", "on"),  # by the conference's day where its own is unknown
    "in_need": ("child", "began_on"),
    "in_need_plans": ("child", "began_on"),
    "protection_plans": ("child", "began_on"),
    "pre_proceedings": ("child", "began_on"),
}


def one_spell_once(parts: list[Records], years: list[int]) -> Records:
    """All years below each other, without the rows of spells that a later census has again.

    Parameters
    ----------
    parts : the censuses, the earliest first. years : of each.
    """
    if len(parts) == 1:
        return parts[0]
    every = joined(parts)
    for at in range(1, len(parts)):
        if years[at] == years[at - 1]:
            every.faults.append(
                Fault(
                    _file(parts[at]),
                    "Header",
                    0,
                    "two files of the same census year",
                    Severity.NOTED,
                    found=str(years[at]),
                    done="Of a spell in both, the row of the file given later was used.",
                )
            )
    for name, keys in KEYS.items():
        table = pd.concat([part.tables[name] for part in parts], keys=range(len(parts)))
        at = pd.Series(table.index.get_level_values(0), index=table.index)
        known_by = {key: table[key] for key in keys}
        if name == "section_47":
            known_by["on"] = table["on"].fillna(table["conference_on"])
        latest = at.groupby(list(known_by.values()), dropna=False).transform("max")
        gone = at < latest
        every.tables[name] = typed(name, table[~gone])
        every.faults.extend(_again(name, gone.groupby(level=0).sum(), parts))
        if name == "in_need":
            every.faults.extend(_reopened(table[gone], table[~gone], list(keys), parts))
    return every


def _file(part: Records) -> str:
    return part.recognised[0].file


def _again(name: str, counts: pd.Series, parts: list[Records]) -> list[Fault]:
    return [
        Fault(
            _file(parts[int(at)]),
            name,
            0,
            "spells that a later census has again",
            Severity.NOTED,
            found=f"{count} rows",
            done="The later census counts.",
        )
        for at, count in counts.items()
        if count
    ]


def _reopened(
    gone: pd.DataFrame, kept: pd.DataFrame, keys: list[str], parts: list[Records]
) -> list[Fault]:
    """Faults for episodes that one census closed and a later one shows open."""
    closed = gone.dropna(subset=["ended_on"])[keys].drop_duplicates()
    still_open = kept[kept["ended_on"].isna()]
    at = pd.Series(still_open.index.get_level_values(0), index=still_open.index)
    both = still_open[keys].assign(at=at).merge(closed, on=keys)
    return [
        Fault(
            _file(parts[int(place)]),
            "in_need",
            0,
            "closed in an earlier census, open in a later one",
            Severity.NOTED,
            found=f"{len(rows)} rows",
            done="The later census counts: it is open.",
        )
        for place, rows in both.groupby("at")
    ]
