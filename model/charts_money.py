"""Charts of savings and of how sure they are, in the look of `model.charts`.

A redesign keeps its colour. What is saved is a full bar and what is spent an outlined one, and the
words over it say which, so that nothing hangs on colour. They place the figures of their tables
and compute none.
"""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from model.charts import (
    BAR_PIXELS,
    GRID,
    INK,
    QUIET,
    REDESIGN,
    YEAR_PIXELS,
    Chart,
    bar_rows,
    legend_on_top,
    marks_of,
    no_change,
    number_axis,
    told_by_lines,
    words_over,
)
from model.charts import FOURTH as ORANGE
from model.charts import THIRD as PURPLE
from model.charts import TODAY as BLUE

REDESIGNS = (REDESIGN, PURPLE, ORANGE, QUIET)  # in the order in which they were chosen
MOST_AT_ONCE = 4  # scenarios that can be told apart
SHAPE_OF: dict[str, str] = {
    BLUE: "circle",
    REDESIGN: "square",
    PURPLE: "triangle-up",
    ORANGE: "diamond",
    QUIET: "cross",
}
DASH_OF: dict[str, list[int]] = {
    BLUE: [1, 0],
    REDESIGN: [6, 4],
    PURPLE: [2, 3],
    ORANGE: [9, 3, 2, 3],
    QUIET: [12, 4],
}
FULL, OUTLINED, TOTAL = "saved", "spent", "total"
SHARE_AXIS = "format(datum.value * 10, '.0f') + ' in 10'"
TALL_PIXELS = 300


def waterfall(table: pd.DataFrame, colour: str = REDESIGN) -> Chart:
    """From gross to net: a bar for each step, that begins where the one before it ended.

    Parameters
    ----------
    table : label, starts, ends, form ("saved", "spent" or "total"), says, range; in order.
    """
    spans = table["range"].map(lambda words: f" ({words})" if words else "")
    rows, below, height = bar_rows(table, (table["says"] + spans).tolist())
    values = alt.X(
        "starts:Q", axis=number_axis("pounds"), scale=alt.Scale(padding=12, nice=True), title=None
    )
    forms = [FULL, OUTLINED, TOTAL]
    fill = alt.Color("form:N", scale=marks_of(forms, (colour, "white", INK)), legend=None)
    edge = alt.Stroke("form:N", scale=marks_of(forms, (colour, PURPLE, INK)), legend=None)
    bars = rows.mark_bar(height=BAR_PIXELS, yOffset=below, strokeWidth=2).encode(
        x=values, x2="ends:Q", color=fill, stroke=edge, tooltip=_tooltip()
    )
    return alt.layer(bars, no_change("x"), words_over(rows, height)).properties(
        height=height * len(table), width="container"
    )


def fan(table: pd.DataFrame, colour: str = REDESIGN, unit: str = "pounds") -> Chart:
    """A running total by year as a line, with its range as a band and its figures.

    Parameters
    ----------
    table : label (the year), value, low, high, says.
    """
    years = alt.X("label:N", sort=None, title=None, axis=_years_axis(len(table)))
    values = alt.Y("value:Q", axis=number_axis(unit), scale=alt.Scale(padding=26), title=None)
    each = alt.Chart(table).encode(x=years)
    band = each.mark_area(opacity=0.2, color=colour).encode(y="low:Q", y2="high:Q")
    edges = [
        each.mark_line(color=colour, strokeWidth=1, strokeDash=[3, 3]).encode(y=f"{end}:Q")
        for end in ("low", "high")
    ]
    line = each.mark_line(color=colour, strokeWidth=3).encode(y=values)
    points = each.mark_point(color=colour, size=70, filled=True, opacity=1).encode(
        y="value:Q", tooltip=_tooltip()
    )
    return alt.layer(band, *edges, line, points, no_change("y"), *_over_points(each)).properties(
        height=TALL_PIXELS, width="container"
    )


def chance_line(table: pd.DataFrame, colour: str = REDESIGN) -> Chart:
    """A chance by year, or by step, from none to all futures, with an even chance marked.

    Parameters
    ----------
    table : label, value (0 to 1), low, high (plus and minus a standard error), says.
    """
    years = alt.X("label:N", sort=None, title=None, axis=_years_axis(len(table)))
    axis = alt.Axis(
        labelExpr=SHARE_AXIS,
        values=[0, 0.2, 0.4, 0.6, 0.8, 1],
        domain=False,
        ticks=False,
        title=None,
    )
    values = alt.Y("value:Q", axis=axis, scale=alt.Scale(domain=[0, 1.08]), title=None)
    each = alt.Chart(table).encode(x=years)
    even = alt.Chart().mark_rule(color=QUIET, strokeDash=[4, 3]).encode(y=alt.datum(0.5))
    line = each.mark_line(color=colour, strokeWidth=3).encode(y=values)
    errors = each.mark_rule(color=INK, strokeWidth=2).encode(y="low:Q", y2="high:Q")
    points = each.mark_point(color=colour, size=80, filled=True, opacity=1).encode(
        y="value:Q", tooltip=["label", "says"]
    )
    return alt.layer(even, errors, line, points, *_over_points(each)).properties(
        height=YEAR_PIXELS, width="container"
    )


def tornado(table: pd.DataFrame, central: float, colour: str = REDESIGN) -> Chart:
    """What each assumption does to the answer, at the low and at the high end of its range.

    Parameters
    ----------
    table : label, low, high (the answer at the low and the high end of the assumption), says;
        the widest first. central : the answer as it is.
    """
    rows, below, height = bar_rows(table, table["says"].tolist())
    scale = alt.Scale(padding=12, zero=False, nice=True)
    axis = number_axis("pounds")
    middle = alt.datum(central)
    at_low = rows.mark_bar(
        height=BAR_PIXELS, yOffset=below, color="white", stroke=colour, strokeWidth=2
    ).encode(x=alt.X("low:Q", scale=scale, axis=axis, title=None), x2=alt.X2(datum=central))
    at_high = rows.mark_bar(
        height=BAR_PIXELS, yOffset=below, color=colour, stroke=colour, strokeWidth=2
    ).encode(x=alt.X("high:Q", scale=scale), x2=alt.X2(datum=central), tooltip=["label", "says"])
    line = alt.Chart().mark_rule(color=INK, strokeWidth=2).encode(x=middle)
    return alt.layer(at_low, at_high, line, words_over(rows, height)).properties(
        height=height * len(table), width="container"
    )


def threshold(table: pd.DataFrame, colour: str = REDESIGN) -> Chart:
    """The answer at each strength of the effect, with its range; nought is where it stops paying.

    Parameters
    ----------
    table : label (the strength in words), value, low, high, says; weakest first.
    """
    return fan(table, colour)


def colours_of(names: list[str], today: str = "") -> list[str]:
    """The colour of each scenario: dark blue for today's arrangements, then the redesigns'.

    Parameters
    ----------
    names : in order, as people say them. today : which of them is today's; empty for none.

    Raises
    ------
    ValueError for more than four: no more can be told apart.
    """
    if len(names) > MOST_AT_ONCE:
        raise ValueError(f"{len(names)} scenarios, at most {MOST_AT_ONCE}")
    redesigns = iter(REDESIGNS)
    return [BLUE if name == today else next(redesigns) for name in names]


def dots(table: pd.DataFrame, names: list[str], unit: str, today: str = "") -> Chart:
    """One measure under up to four scenarios: a dot with its range for each.

    Parameters
    ----------
    table : scenario, value, low, high, says; `label` is what stands over each.
    names : the scenarios in order. today : which of them is today's; empty for differences, where
        a line marks nought. unit : "pounds" or "people".

    Raises
    ------
    ValueError for more than four.
    """
    colours = colours_of(names, today)
    colour = alt.Color("scenario:N", scale=marks_of(names, colours), legend=None)
    shapes = marks_of(names, [SHAPE_OF[one] for one in colours])
    shape = alt.Shape("scenario:N", scale=shapes, legend=None)
    rows, below, height = bar_rows(table, table["says"].tolist())
    scale = alt.Scale(padding=16, zero=not today, nice=True)
    values = alt.X("value:Q", axis=number_axis(unit), title=None, scale=scale)
    spans = rows.mark_rule(strokeWidth=3, yOffset=below).encode(
        x="low:Q", x2="high:Q", color=colour
    )
    points = rows.mark_point(size=130, filled=True, opacity=1, yOffset=below).encode(
        x=values, color=colour, shape=shape, tooltip=["scenario", "says"]
    )
    zero = [] if today else [no_change("x")]
    return alt.layer(*zero, spans, points, words_over(rows, height)).properties(
        height=height * len(table), width="container"
    )


def several_lines(
    table: pd.DataFrame, names: list[str], unit: str = "pounds", today: str = ""
) -> Chart:
    """Up to four scenarios by year, each a line of its own colour, dashes and name at its end.

    Parameters
    ----------
    table : scenario, period, value, low, high, says. names : in order. today : which is today's.
    """
    colours = colours_of(names, today)
    scale = marks_of(names, colours)
    colour = alt.Color("scenario:N", title=None, scale=scale, legend=legend_on_top())
    silent = alt.Color("scenario:N", scale=scale, legend=None)
    dash = alt.StrokeDash(
        "scenario:N",
        title=None,
        scale=marks_of(names, [DASH_OF[one] for one in colours]),
        legend=legend_on_top(),
    )
    years = alt.X("period:N", sort=None, title=None, axis=_years_axis(table["period"].nunique()))
    values = alt.Y("value:Q", title=None, axis=number_axis(unit), scale=alt.Scale(nice=True))
    each = alt.Chart(table).encode(x=years)
    bands = each.mark_area(opacity=0.12).encode(y="low:Q", y2="high:Q", color=silent)
    drawn = each.mark_line(strokeWidth=3).encode(y=values, color=colour, strokeDash=dash)
    points = each.mark_point(size=60, filled=True, opacity=1).encode(
        y="value:Q",
        color=silent,
        shape=alt.Shape(
            "scenario:N", scale=marks_of(names, [SHAPE_OF[one] for one in colours]), legend=None
        ),
        tooltip=["scenario", "period", "says"],
    )
    return told_by_lines(alt.layer(bands, no_change("y"), drawn, points)).properties(
        height=TALL_PIXELS, width="container"
    )


def _over_points(each: alt.Chart) -> list[alt.Chart]:
    """The figure of each point as text on a white ground, on its side away from nought."""
    found = []
    for side, baseline, dy in (
        ("datum.value >= 0", "bottom", -8),
        ("datum.value < 0", "top", 8),
    ):
        look: dict[str, Any] = {"fontSize": 13, "baseline": baseline, "dy": dy}
        ground = each.mark_text(color="white", stroke="white", strokeWidth=4, **look)
        words = each.mark_text(color=INK, **look)
        found += [
            one.transform_filter(side).encode(y="value:Q", text="says:N") for one in (ground, words)
        ]
    return found


def _years_axis(number: int) -> alt.Axis:
    return alt.Axis(labelAngle=-45 if number > 6 else 0, domain=False, ticks=False, gridColor=GRID)


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("label:N", title=" "),
        alt.Tooltip("says:N", title="mean"),
        alt.Tooltip("range:N", title="80% of futures"),
    ]
