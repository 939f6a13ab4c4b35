"""Tables drawn as charts, in one look: Government Analysis Function colours, bars from zero.

A chart computes no figure: it places those of its table. Today's arrangements are always dark
blue, the redesign always teal, and neither is told by colour alone. Every chart comes as a
`Picture`, with a headline that says what it shows, a subtitle, a footer, a text alternative and
its table. This module knows no run and no screen.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd

TODAY, REDESIGN, THIRD, FOURTH = "#12436D", "#28A197", "#801650", "#F46A25"
INK, QUIET, GRID, PUBLISHED = "#0B0C0C", "#505A5F", "#DEE0E2", "#B1B4B6"
FONT = "Source Sans, Arial, sans-serif"
FILE_FONT = "Arial, Liberation Sans, DejaVu Sans, sans-serif"
LINE_CHARACTERS = 52  # as many as a telephone shows on one line
ONE_LINE_ROW, LINE_PIXELS, BAR_PIXELS = 48, 16, 15
YEAR_PIXELS = 260
FILE_PIXELS, FILE_CHARACTERS = 760, 100
POUNDS_AXIS = (
    "(datum.value < 0 ? '−£' : '£') + (abs(datum.value) >= 1e6 ? format(abs(datum.value) / 1e6,"
    " ',.1f') + 'm' : (abs(datum.value) >= 1e3 ? format(abs(datum.value) / 1e3, ',.0f') + 'k' :"
    " format(abs(datum.value), ',.0f')))"
)
WHOLE_AXIS = "(datum.value < 0 ? '−' : '') + format(abs(datum.value), ',.0f')"
SHARE_AXIS = "(datum.value < 0 ? '−' : '') + format(abs(datum.value) * 100, ',.3~f') + '%'"
POINTS_AXIS = SHARE_AXIS.removesuffix(" + '%'")
AXIS_NUMBERS = {
    "pounds": POUNDS_AXIS,
    "people": WHOLE_AXIS,
    "share": SHARE_AXIS,
    "points": POINTS_AXIS,
}


Chart = alt.LayerChart | alt.FacetChart


@dataclass(frozen=True)
class Picture:
    """A chart with everything that must go with it.

    Attributes
    ----------
    name : of its files. headline : what it shows. subtitle : measure, unit, place, period, prices.
    footer : source, date and version. alt : the same in words. chart, table : what is shown.
    """

    name: str
    headline: str
    subtitle: str
    footer: str
    alt: str
    chart: Chart
    table: pd.DataFrame


def in_words(kind: str, rows: Iterable[tuple[str, str]]) -> str:
    """A text alternative: what kind of chart, and each figure in it."""
    return f"{kind}. " + "; ".join(f"{name}: {figure}" for name, figure in rows) + "."


def over_bars(names: Iterable[str], figures: Iterable[str]) -> list[str]:
    """What stands over each bar: name and figure, on lines of their own where one is too short."""
    pairs = list(zip(names, figures, strict=True))
    one_line = [f"{name}: {figure}" for name, figure in pairs]
    if max(map(len, one_line), default=0) <= LINE_CHARACTERS:
        return one_line
    return [
        f"{textwrap.fill(name, LINE_CHARACTERS)}\n{textwrap.fill(figure, LINE_CHARACTERS)}"
        for name, figure in pairs
    ]


def change_bars(table: pd.DataFrame, unit: str, colour: str = REDESIGN) -> Chart:
    """A bar for each row, from zero, with its range as a line; name and figures stand over it.

    Parameters
    ----------
    table : label, value, low, high, says (the figure as text), range (its range as text).
    unit : "pounds" or "people".
    """
    spans = table["range"].map(lambda words: f" ({words})" if words else "")
    words = (table["says"] + spans).tolist()
    rows, below, height = bar_rows(table, words)
    values = alt.X("value:Q", axis=number_axis(unit), scale=alt.Scale(padding=12), title=None)
    bars = rows.mark_bar(height=BAR_PIXELS, yOffset=below).encode(
        x=values, color=alt.value(colour), tooltip=_tooltip()
    )
    ranges = rows.mark_rule(strokeWidth=2, color=INK, yOffset=below).encode(x="low:Q", x2="high:Q")
    ends = [
        rows.mark_tick(thickness=2, size=10, color=INK, yOffset=below).encode(x=f"{end}:Q")
        for end in ("low", "high")
    ]
    return alt.layer(bars, no_change("x"), ranges, *ends, words_over(rows, height)).properties(
        height=height * len(table), width="container"
    )


def year_bars(table: pd.DataFrame, unit: str, colour: str = REDESIGN) -> Chart:
    """A bar for each year, from zero, with its range as a line and its figure as text.

    Parameters
    ----------
    table : label (the year), value, low, high, says. unit : "pounds" or "people".
    """
    turned = -45 if len(table) > 6 else 0
    years = alt.X(
        "label:N",
        sort=None,
        title=None,
        axis=alt.Axis(labelAngle=turned, ticks=False, domain=False),
    )
    columns = alt.Chart(table).encode(x=years)
    values = alt.Y("value:Q", axis=number_axis(unit), scale=alt.Scale(padding=28), title=None)
    bars = columns.mark_bar(width={"band": 0.55}).encode(
        y=values, color=alt.value(colour), tooltip=_tooltip()
    )
    ranges = columns.mark_rule(strokeWidth=2, color=INK).encode(y="low:Q", y2="high:Q")
    ends = [
        columns.mark_tick(thickness=2, size=12, color=INK, orient="horizontal").encode(y=f"{end}:Q")
        for end in ("low", "high")
    ]
    return alt.layer(bars, no_change("y"), ranges, *ends, *figures_beyond(columns)).properties(
        height=YEAR_PIXELS, width="container"
    )


def plain_bars(table: pd.DataFrame, unit: str, colour: str = TODAY) -> Chart:
    """A bar for each row, from zero; name and figure stand over it.

    Parameters
    ----------
    table : label, value, says. unit : as `number_axis`.
    """
    rows, below, height = bar_rows(table, table["says"].tolist())
    values = alt.X("value:Q", axis=number_axis(unit), scale=alt.Scale(nice=True), title=None)
    bars = rows.mark_bar(height=BAR_PIXELS, yOffset=below, color=colour).encode(
        x=values, tooltip=["label", "says"]
    )
    return alt.layer(bars, words_over(rows, height)).properties(
        height=height * len(table), width="container"
    )


def lines(table: pd.DataFrame, names: list[str], from_zero: bool = False) -> Chart:
    """A line by year for each scenario, with its range as a band.

    Parameters
    ----------
    table : scenario (as people say it), period, value, low, high, says.
    names : the scenarios in order, today's arrangements first.
    """
    legend = legend_on_top() if len(names) > 1 else None
    scale = marks_of(names, (TODAY, REDESIGN))
    silent = alt.Color("scenario:N", scale=scale, legend=None)
    colour = alt.Color("scenario:N", title=None, scale=scale, legend=legend)
    dash = alt.StrokeDash(
        "scenario:N", title=None, scale=marks_of(names, ([1, 0], [6, 4])), legend=legend
    )
    turned = -45 if table["period"].nunique() > 6 else 0
    years = alt.X(
        "period:N", sort=None, title=None, axis=alt.Axis(labelAngle=turned), scale=apart()
    )
    values = alt.Y(
        "value:Q",
        title=None,
        axis=number_axis("people"),
        scale=alt.Scale(zero=from_zero, nice=True),
    )
    each = alt.Chart(table).encode(x=years)
    bands = each.mark_area(opacity=0.15).encode(y="low:Q", y2="high:Q", color=silent)
    drawn = each.mark_line(strokeWidth=3).encode(y=values, color=colour, strokeDash=dash)
    points = each.mark_point(size=55, filled=True).encode(
        y="value:Q", color=silent, tooltip=["scenario", "period", "says"]
    )
    return told_by_lines(alt.layer(bands, drawn, points)).properties(
        height=YEAR_PIXELS, width="container"
    )


def fit_dots(table: pd.DataFrame) -> Chart:
    """Published range and simulated figure of each measure, the published mean being 100.

    Parameters
    ----------
    table : label, low, high, simulated, simulated_low, simulated_high, verdict ("inside" or
        "missed"), says.
    """
    rows, below, height = bar_rows(table, table["says"].tolist())
    scale = alt.Scale(zero=False, nice=True, padding=12)
    axis = alt.Axis(title="Published mean = 100", orient="top", format=".0f", tickCount=5)
    published = rows.mark_bar(height=BAR_PIXELS, yOffset=below, color=PUBLISHED).encode(
        x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q", tooltip=["label", "says"]
    )
    mean = alt.Chart().mark_rule(color=QUIET, strokeDash=[4, 3]).encode(x=alt.datum(100))
    interval = rows.mark_rule(color=TODAY, strokeWidth=2, yOffset=below).encode(
        x="simulated_low:Q", x2="simulated_high:Q"
    )
    shape = alt.Shape(
        "verdict:N",
        scale=alt.Scale(domain=["inside", "missed"], range=["circle", "cross"]),
        legend=None,
    )
    dots = rows.mark_point(size=130, filled=True, color=TODAY, opacity=1, yOffset=below).encode(
        x="simulated:Q", shape=shape, tooltip=["label", "says"]
    )
    return alt.layer(published, mean, interval, dots, words_over(rows, height)).properties(
        height=height * len(table), width="container"
    )


def fit_years(table: pd.DataFrame) -> Chart:
    """One measure year by year, published beside simulated.

    Parameters
    ----------
    table : which ("published" or "simulated"), year, value, says.
    """
    names = ["published", "simulated"]
    scale = marks_of(names, (QUIET, TODAY))
    silent = alt.Color("which:N", scale=scale, legend=None)
    colour = alt.Color("which:N", title=None, scale=scale, legend=legend_on_top())
    dash = alt.StrokeDash(
        "which:N", title=None, scale=marks_of(names, ([6, 4], [1, 0])), legend=legend_on_top()
    )
    years = alt.X("year:N", title=None, axis=alt.Axis(labelAngle=0), scale=apart())
    values = alt.Y("value:Q", title=None, scale=alt.Scale(zero=True, nice=True))
    each = alt.Chart(table).encode(x=years)
    drawn = each.mark_line(strokeWidth=3).encode(y=values, color=colour, strokeDash=dash)
    points = each.mark_point(size=70, filled=True).encode(
        y="value:Q", color=silent, tooltip=["which", "year", "says"]
    )
    return told_by_lines(alt.layer(drawn, points)).properties(height=YEAR_PIXELS, width="container")


def styled(chart: Any, font: str = FONT) -> Any:
    """A chart in the one look, for a screen or a file."""
    return (
        chart.configure(font=font, background="white")
        .configure_view(stroke=None)
        .configure_axis(
            labelFontSize=13,
            labelColor=INK,
            labelLimit=190,
            titleFontSize=13,
            titleColor=QUIET,
            titleFontWeight="normal",
            gridColor=GRID,
            domainColor=PUBLISHED,
            tickColor=PUBLISHED,
        )
        .configure_legend(labelFontSize=13, labelColor=INK, symbolSize=160)
    )


def for_file(picture: Picture) -> Any:
    """The chart as it stands alone in a file: with headline, subtitle and footer on it."""

    def wrapped(text: str) -> list[str]:
        return textwrap.wrap(text, FILE_CHARACTERS)

    heading = alt.TitleParams(
        text=textwrap.wrap(picture.headline, FILE_CHARACTERS * 3 // 4),
        subtitle=wrapped(picture.subtitle),
        anchor="start",
        fontSize=18,
        subtitleFontSize=13,
        subtitleColor=QUIET,
        color=INK,
        offset=14,
    )
    footer = (
        alt.Chart(alt.InlineData([{}]))
        .mark_text(align="left", baseline="top", fontSize=11, color=QUIET)
        .encode(x=alt.value(0), y=alt.value(0), text=alt.value(wrapped(picture.footer)))
        .properties(width=FILE_PIXELS, height=16 * len(wrapped(picture.footer)))
    )
    body = picture.chart.properties(width=FILE_PIXELS, title=heading, description=picture.alt)
    whole = told_by_lines(alt.vconcat(body, footer, spacing=8, padding=16))
    return styled(whole, FILE_FONT)


def drawn_as(picture: Picture, kind: str) -> bytes:
    """The picture as a file: "svg" or "png", made without a browser."""
    return rendered(for_file(picture), kind)


def bare(picture: Picture, width: int = FILE_PIXELS) -> bytes:
    """The chart alone as PNG, for a document that has its words beside it."""
    chart = picture.chart.properties(width=width, description=picture.alt)
    return rendered(styled(told_by_lines(chart), FILE_FONT).properties(padding=6), "png")


def rendered(chart: Any, kind: str) -> bytes:
    """A chart as SVG or PNG; its fonts are there on every computer, whatever else is not."""
    import matplotlib
    import vl_convert

    vl_convert.register_font_directory(str(Path(matplotlib.get_data_path()) / "fonts" / "ttf"))
    document = chart.to_dict()
    if kind == "svg":
        return vl_convert.vegalite_to_svg(document).encode()
    return bytes(vl_convert.vegalite_to_png(document, scale=2))


def with_words(
    table: pd.DataFrame, value: str, low: str, high: str, figure: Callable[[float], str]
) -> pd.DataFrame:
    """A table with the columns that charts read: value, low, high, and their words.

    Parameters
    ----------
    value, low, high : columns of the table. figure : a number as text.
    """
    renamed = table.rename(columns={value: "value", low: "low", high: "high"})
    ranges = zip(renamed["low"], renamed["high"], strict=True)
    return renamed.assign(
        says=renamed["value"].map(figure),
        range=[f"{figure(low)} to {figure(high)}" if low < high else "" for low, high in ranges],
    )


def bar_rows(table: pd.DataFrame, words: list[str]) -> tuple[alt.Chart, float, int]:
    """Rows for bars with words over them: the chart, how far a bar lies below the row's middle,
    and the height of a row."""
    over = over_bars(table["label"], words)
    height = ONE_LINE_ROW + LINE_PIXELS * max((text.count("\n") for text in over), default=0)
    bands = alt.Y("label:N", sort=list(table["label"]), axis=None, scale=alt.Scale(padding=0))
    below = height / 2 - BAR_PIXELS - 3
    return alt.Chart(table.assign(over=over)).encode(y=bands), below, height


def words_over(rows: alt.Chart, height: int) -> Chart:
    """The words over each bar, on a white ground."""
    look: dict[str, Any] = {"align": "left", "baseline": "top", "fontSize": 13, "lineBreak": "\n"}
    look["dy"] = 6 - height / 2
    ground = rows.mark_text(color="white", stroke="white", strokeWidth=5, **look)
    words = rows.mark_text(color=INK, **look)
    return alt.layer(*(each.encode(x=alt.value(0), text="over:N") for each in (ground, words)))


def number_axis(unit: str) -> alt.Axis:
    """Numbers of a unit along an axis: "pounds", "people", "share" (in percent), its "points"."""
    return alt.Axis(
        labelExpr=AXIS_NUMBERS[unit], tickCount=5, title=None, domain=False, ticks=False
    )


def legend_on_top() -> alt.Legend:
    """A legend over the chart, one series a line."""
    return alt.Legend(orient="top", direction="vertical", labelLimit=320, symbolStrokeWidth=3)


def told_by_lines(chart: Any) -> Any:
    """A chart whose legend shows its lines, colour and dashes, and nothing of other marks."""
    return chart.resolve_legend(color="independent", strokeDash="independent")


def apart() -> alt.Scale:
    """Years that stand apart."""
    return alt.Scale(padding=0.3)


def marks_of(names: list[str], marks: Iterable[Any]) -> alt.Scale:
    """A scale that gives each name its own mark, in order."""
    return alt.Scale(domain=names, range=list(marks)[: len(names)])


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("label:N", title=" "),
        alt.Tooltip("says:N", title="mean"),
        alt.Tooltip("range:N", title="80% of futures"),
    ]


def no_change(channel: str) -> alt.Chart:
    """The line of no change."""
    return alt.Chart().mark_rule(color=INK, strokeWidth=1).encode(**{channel: alt.datum(0)})


def figures_beyond(columns: alt.Chart) -> list[alt.Chart]:
    """The figure of each column as text, beyond the end of its range."""
    above = columns.mark_text(color=INK, fontSize=13, baseline="bottom", dy=-5)
    below = columns.mark_text(color=INK, fontSize=13, baseline="top", dy=5)
    upper = above.transform_filter("datum.value >= 0").transform_calculate(
        at="max(datum.high, datum.value)"
    )
    lower = below.transform_filter("datum.value < 0").transform_calculate(
        at="min(datum.low, datum.value)"
    )
    return [text.encode(y="at:Q", text="says:N") for text in (upper, lower)]
