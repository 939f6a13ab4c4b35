"""What the lists of Annex A say about each child: birth, disability, asylum.

One row a child and file. Where a file gives a child several dates of birth, the one that most
rows give holds, and the others are reported by line.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from model.returns.annex_a_rows import ListRows
from model.returns.faults import Severity
from model.returns.records import typed


def children_of(lists: Sequence[ListRows]) -> pd.DataFrame:
    """The table `children` out of every list of every extract; faults go to the lists."""
    told = [_told(place, rows) for place, rows in enumerate(lists)]
    if not told:
        return typed("children", pd.DataFrame())
    rows = pd.concat(told, ignore_index=True)
    if rows.empty:
        return typed("children", pd.DataFrame())
    births = _births(rows)
    _report_others(rows, births, lists)
    by_child = rows.groupby(["file", "child"], sort=False)
    children = by_child.agg(
        line=("line", "first"), disabled=("disabled", "max"), asylum_seeking=("asylum", "max")
    )
    children["birth_on"] = births
    children = children.reset_index()
    for name in ("disabled", "asylum_seeking"):
        said = children[name]
        children[name] = said.map({0.0: False, 1.0: True}).astype("boolean")
    return typed("children", children)


def _told(place: int, rows: ListRows) -> pd.DataFrame:
    kept = rows.kept
    values = rows.values.loc[kept]

    def said(name: str) -> pd.Series:
        if name not in values:
            return pd.Series(float("nan"), index=values.index)
        return values[name].astype("Float64").astype("float64")

    return pd.DataFrame(
        {
            "file": rows.file,
            "list": place,
            "row": values.index,
            "line": rows.lines[kept],
            "child": values["child"],
            "birth": values["birth_on"],
            "disabled": said("disabled"),
            "asylum": said("asylum_seeking"),
        }
    )


def _births(rows: pd.DataFrame) -> pd.Series:
    """By file and child the date of birth that most rows give, the first of equals."""
    known = rows.dropna(subset=["birth"])
    times = known.groupby(["file", "child", "birth"], sort=False).size().rename("times")
    most = times.reset_index().sort_values("times", ascending=False, kind="stable")
    return most.drop_duplicates(["file", "child"]).set_index(["file", "child"])["birth"]


def _report_others(rows: pd.DataFrame, births: pd.Series, lists: Sequence[ListRows]) -> None:
    at = pd.MultiIndex.from_frame(rows[["file", "child"]])
    held = births.reindex(at).to_numpy()
    other = rows[rows["birth"].notna().to_numpy() & (rows["birth"].to_numpy() != held)]
    for place, several in other.groupby("list"):
        annex_rows = lists[int(str(place))]
        marked = pd.Series(False, index=annex_rows.values.index)
        marked.loc[several["row"]] = True
        annex_rows.note(
            marked.to_numpy(),
            "another date of birth than the child's other rows",
            Severity.REPAIRED,
            "birth_on",
            done="The one that most rows give was used.",
        )
