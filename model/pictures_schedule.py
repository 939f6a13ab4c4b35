"""The schedule of a redesign as a picture: what begins when, and what is paid for how long."""

from __future__ import annotations

from datetime import date
from typing import Any

import altair as alt
import pandas as pd

from model.charts import (
    INK,
    LINE_CHARACTERS,
    REDESIGN,
    TODAY,
    Chart,
    Picture,
    in_words,
)
from model.explain import day_of
from model.redesigns.telling import Begun, begun
from model.scenarios import Scenario
from model.scenarios.run_dates import on
from model.wording import day, years

CHANGED, PAID = "changed", "paid for"
ROW_PIXELS, BAR_PIXELS = 64, 14
AXES_PIXELS = 70  # for dates and legend: a screen fits them into the chart's height


def schedule(plan: Scenario, start: date, whole_years: int) -> Picture:
    """When each thing of a redesign begins, over the years of a run.

    Parameters
    ----------
    plan : the redesign. start, whole_years : of the run.
    """
    end = on(f"start + {12 * whole_years} months", start)
    rows = pd.DataFrame([_row(one, start, end) for one in begun(plan)])
    rows["over"] = rows["what"].map(rows.groupby("what", sort=False).apply(_over))
    first = min(rows["from"])
    return Picture(
        name="schedule",
        headline=f"The first change begins {_when(first, start)}",
        subtitle=f"What is changed and paid for, {years(whole_years)} from {day(start)}",
        footer="Dates as the redesign states them; a step shows the value from then on.",
        alt=in_words("Timeline", zip(rows["what"], rows["says"], strict=True)),
        chart=_chart(rows, start, end),
        table=rows[["what", "kind", "from", "until", "says"]].rename(columns={"says": "in words"}),
    )


def _row(one: Begun, start: date, end: date) -> dict[str, object]:
    """One bar: from its day, or the start of the run, to its own end or that of the run."""
    begins = max(on(one.when, start), start)
    until = end
    if one.until is not None:
        until = min(on(one.until, start), end)
    if one.years is not None:
        until = min(on(f"start + {round(12 * one.years)} months", begins), end)
    if one.once:
        until = begins
    ends = "" if until in (begins, end) else f" to {day(until)}"
    said = f"from {day_of(one.when)}" if isinstance(one.when, date) else _when(begins, start)
    return {
        "what": one.what,
        "value": one.value,
        "kind": PAID if one.paid else CHANGED,
        "from": begins,
        "until": until,
        "says": f"{one.value} {said}{ends}",
    }


def _over(lane: pd.DataFrame) -> str:
    """What stands over a bar: what, and from the first value to the last."""
    values = list(dict.fromkeys(lane["value"]))
    said = values[0] if len(values) == 1 else f"{values[0]}, in steps to {values[-1]}"
    what = str(lane.name)
    together = f"{what}: {said}"
    return together if len(together) <= LINE_CHARACTERS else f"{what}\n{said}"


def _when(begins: date, start: date) -> str:
    return "at the start of the run" if begins == start else f"on {day(begins)}"


def _chart(rows: pd.DataFrame, start: date, end: date) -> Chart:
    table = rows[["what", "kind", "says", "over"]].assign(
        begins=rows["from"].map(_noon), ends=rows["until"].map(_noon)
    )
    lanes = list(dict.fromkeys(table["what"]))
    y = alt.Y("what:N", sort=lanes, axis=None, scale=alt.Scale(padding=0))
    base = alt.Chart(table).encode(y=y)
    span = alt.Scale(domain=[_noon(start), _noon(end)])
    axis = alt.Axis(format="%b %Y", tickCount=4, domain=False, title=None)
    begins = alt.X("begins:T", scale=span, axis=axis)
    kinds = [CHANGED, PAID]
    colours = alt.Scale(domain=kinds, range=[REDESIGN, TODAY])
    colour = alt.Color("kind:N", scale=colours, legend=alt.Legend(orient="top", title=None))
    shapes = alt.Scale(domain=kinds, range=["circle", "square"])
    shape = alt.Shape("kind:N", scale=shapes, legend=None)
    low = ROW_PIXELS / 2 - BAR_PIXELS
    bars = base.mark_bar(height=BAR_PIXELS, yOffset=low, stroke="white", strokeWidth=2).encode(
        x=begins, x2="ends:T", color=colour, tooltip=["what", "says"]
    )
    marks = base.mark_point(filled=True, size=90, yOffset=low, opacity=1).encode(
        x=begins, color=colour, shape=shape
    )
    look: dict[str, Any] = {"align": "left", "baseline": "top", "fontSize": 13, "lineBreak": "\n"}
    words = (
        alt.Chart(table.drop_duplicates("what"))
        .mark_text(dy=5 - ROW_PIXELS / 2, color=INK, **look)
        .encode(x=alt.value(0), y=y, text="over:N")
    )
    height = ROW_PIXELS * len(lanes) + AXES_PIXELS
    return alt.layer(bars, marks, words).properties(height=height, width="container")


def _noon(day_: date) -> str:
    return f"{day_.isoformat()}T12:00:00"
