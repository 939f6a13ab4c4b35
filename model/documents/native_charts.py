"""Charts that PowerPoint draws itself, from the tables of a case: a reader can open their numbers.

A waterfall is a stack of bars on an invisible one. Where a bar passes nought it has a part on
either side. Everything is in millions or thousands of pounds, and each bar's name carries its
figure.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd
from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.dml import MSO_LINE
from pptx.oxml.ns import qn
from pptx.slide import Slide
from pptx.util import Length, Pt

from model.savings import Case, by_payer, by_year, waterfall
from model.savings.case import COUNCIL
from model.savings.pictures import LEAST_BRIEF, STEPS
from model.wording import change_in_spending, first_capital, label

MILLION, THOUSAND = 1e6, 1e3
TEAL, PURPLE, INK, QUIET, GRID = (
    RGBColor(0x28, 0xA1, 0x97),
    RGBColor(0x80, 0x16, 0x50),
    RGBColor(0x0B, 0x0C, 0x0C),
    RGBColor(0x50, 0x5A, 0x5F),
    RGBColor(0xDE, 0xE0, 0xE2),
)
WHITE = RGBColor(255, 255, 255)
IN_MILLIONS, IN_THOUSANDS = '£0.0"m";"−"£0.0"m"', '£#,##0"k";"−"£#,##0"k"'
FEWEST_MILLIONS = 2e6  # below it, thousands say more
UNSEEN, LESS, MORE, TOTAL = "where the bar begins", "less spent", "more spent", "total"
BELOW = " (below zero)"
Place = tuple[Length, Length, Length, Length]


def cumulative(slide: Slide, case: Case, place: Place, alt: str, holder: str = COUNCIL) -> Chart:
    """The running total by year as lines: the mean, and the ends of its range dashed."""
    table = by_year(case, holder)
    scale, shown = _scale(table[["cumulative_low_gbp", "cumulative_high_gbp"]].abs().max().max())
    data = CategoryChartData(number_format=shown)
    data.categories = list(table["financial_year"])
    names = {
        "Nine in ten futures are below": "cumulative_high_gbp",
        "Mean of all futures": "cumulative_gbp",
        "Nine in ten futures are above": "cumulative_low_gbp",
    }
    for name, column in names.items():
        data.add_series(name, [value / scale for value in table[column]])
    chart = _added(slide, XL_CHART_TYPE.LINE_MARKERS, data, place, alt)
    chart.has_legend = True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    chart.legend.font.size = Pt(12)
    for number, series in enumerate(chart.plots[0].series):
        series.smooth = False
        middle = number == 1
        series.format.line.color.rgb = TEAL if middle else QUIET
        series.format.line.width = Pt(3.5 if middle else 1.5)
        series.format.line.dash_style = MSO_LINE.SOLID if middle else MSO_LINE.DASH
        series.marker.format.fill.solid()
        series.marker.format.fill.fore_color.rgb = TEAL if middle else QUIET
        series.marker.format.line.color.rgb = TEAL if middle else QUIET
        series.marker.size = 9 if middle else 5
        where = XL_LABEL_POSITION.BELOW if number == 2 else XL_LABEL_POSITION.ABOVE
        _labelled(series, shown, where, range(len(table)) if middle else [len(table) - 1])
    _axes(chart, shown)
    return chart


def causes(slide: Slide, case: Case, place: Place, alt: str, holder: str = COUNCIL) -> Chart:
    """From gross to net as a waterfall of stacked bars."""
    table = waterfall(case, holder, LEAST_BRIEF)
    scale, shown = _scale(table[["starts_gbp", "ends_gbp"]].abs().max().max())
    data = CategoryChartData(number_format=shown)
    data.categories = [
        f"{STEPS.get(name) or first_capital(name)}: {change_in_spending(gbp)}"
        for name, gbp in zip(table["step"], table["gbp"], strict=True)
    ]
    for name, values in stacked(table).items():
        data.add_series(name, [value / scale for value in values])
    chart = _added(slide, XL_CHART_TYPE.BAR_STACKED, data, place, alt)
    chart.has_legend = False
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 35, 100
    for series in plot.series:
        _bar(series, series.name.removesuffix(BELOW))
    _axes(chart, shown, upside_down=True)
    return chart


def stacked(table: pd.DataFrame) -> dict[str, list[float]]:
    """A waterfall as the series of stacked bars, in pounds; what is seen adds up to each step.

    Parameters
    ----------
    table : as `savings.waterfall`.

    Returns
    -------
    By name of the series, one number a step: an unseen one from nought to where the bar begins,
    then less spent, more spent and totals, each above and below nought.
    """
    kinds = (UNSEEN, LESS, MORE, TOTAL)
    found = {f"{kind}{side}": [0.0] * len(table) for kind in kinds for side in ("", BELOW)}
    for number, row in enumerate(table.itertuples()):
        low, high = sorted((float(row.starts_gbp), float(row.ends_gbp)))
        kind = TOTAL if row.kind == "total" else (LESS if row.gbp >= 0 else MORE)
        found[kind][number] = max(high, 0.0) - max(low, 0.0)
        found[f"{kind}{BELOW}"][number] = min(low, 0.0) - min(high, 0.0)
        found[UNSEEN][number] = max(low, 0.0)
        found[f"{UNSEEN}{BELOW}"][number] = min(high, 0.0)
    return found


def payers(slide: Slide, case: Case, place: Place, alt: str) -> Chart:
    """Who pays and who gains, as bars on both sides of nought."""
    every = by_payer(case)
    table = every[every[["low_gbp", "high_gbp"]].abs().max(axis=1) >= 1]
    table = table if len(table) else every
    scale, shown = _scale(table["net_gbp"].abs().max())
    data = CategoryChartData(number_format=shown)
    data.categories = [
        f"{label(payer)}: {change_in_spending(gbp)}"
        for payer, gbp in zip(table["payer"], table["net_gbp"], strict=True)
    ]
    data.add_series(LESS, [max(gbp, 0.0) / scale for gbp in table["net_gbp"]])
    data.add_series(MORE, [min(gbp, 0.0) / scale for gbp in table["net_gbp"]])
    chart = _added(slide, XL_CHART_TYPE.BAR_STACKED, data, place, alt)
    chart.has_legend = False
    chart.plots[0].gap_width, chart.plots[0].overlap = 60, 100
    for series in chart.plots[0].series:
        _bar(series, series.name)
    _axes(chart, shown, upside_down=True)
    return chart


def _added(slide: Slide, kind: Any, data: CategoryChartData, place: Place, alt: str) -> Chart:
    frame: Any = slide.shapes.add_chart(kind, *place, data)  # type: ignore[arg-type]
    named = frame._element.nvGraphicFramePr.cNvPr
    named.set("descr", alt)
    chart: Chart = frame.chart
    chart.has_title = False
    chart.font.name, chart.font.size, chart.font.color.rgb = "Arial", Pt(12), INK
    return chart


def _scale(most_gbp: float) -> tuple[float, str]:
    """What pounds are divided by, and how the figures are then shown."""
    if most_gbp >= FEWEST_MILLIONS:
        return MILLION, IN_MILLIONS
    return THOUSAND, IN_THOUSANDS


def _labelled(series: Any, shown: str, where: Any, points: Iterable[int]) -> None:
    """The figures of some points of a line."""
    for point in points:
        label_of = series.points[point].data_label
        label_of.position = where
        label_of.font.size, label_of.font.bold = Pt(12), True
        tag = label_of._get_or_add_dLbl()
        for name in ("c:showLegendKey", "c:showCatName", "c:showSerName", "c:showPercent"):
            tag.find(qn(name)).set("val", "0")
        tag.find(qn("c:showVal")).set("val", "1")
        number = tag.makeelement(qn("c:numFmt"), {"formatCode": shown, "sourceLinked": "0"})
        tag.find(qn("c:idx")).addnext(number)


def _bar(series: Any, kind: str) -> None:
    """A full bar for what is saved, an outlined one for what is spent, a dark one for a total."""
    look = series.format
    if kind == UNSEEN:
        look.fill.background()
        look.line.fill.background()
        return
    look.fill.solid()
    look.fill.fore_color.rgb = {LESS: TEAL, MORE: WHITE, TOTAL: INK}.get(kind, INK)
    look.line.color.rgb = {LESS: TEAL, MORE: PURPLE, TOTAL: INK}.get(kind, INK)
    look.line.width = Pt(1.75)
    series.invert_if_negative = False


def _axes(chart: Chart, shown: str, upside_down: bool = False) -> None:
    """Faint lines, names away from the bars, the first category on top of a bar chart."""
    value, category = chart.value_axis, chart.category_axis
    value.major_gridlines.format.line.color.rgb = GRID
    value.format.line.fill.background()
    value.tick_labels.number_format = shown
    value.tick_labels.number_format_is_linked = False
    value.tick_labels.font.size = category.tick_labels.font.size = Pt(12)
    category.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    category.has_major_gridlines = False
    category.format.line.color.rgb = INK
    if upside_down:
        category.reverse_order = True
        value._element.find(qn("c:crosses")).set("val", "max")


__all__ = ["causes", "cumulative", "payers", "stacked"]
