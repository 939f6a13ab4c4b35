"""Pictures of up to four scenarios side by side, one a measure.

It joins the tables of `model.several` to the marks of `model.charts_money`. A colour, and a shape,
belongs to a scenario in all of them.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from model import charts_money
from model.charts import Chart, Picture, in_words, with_words
from model.measures import MEASURES
from model.savings.about import About
from model.wording import first_capital, label, percent, points, signed, whole

SHARE, POINTS = "share", "points"


def side_by_side(about: About, table: pd.DataFrame, today: str) -> list[Picture]:
    """How each measure stands under each scenario in one year: one picture a measure.

    Parameters
    ----------
    about : of the comparison (any of the redesigns). table : as `several.levels` of one period.
    today : the name of today's arrangements in the table.
    """
    names = list(dict.fromkeys(table["scenario"]))
    found = []
    for measure, own in table.groupby("measure", sort=False):
        shown = _shown(own, "value", percent if unit_of(own) == SHARE else whole)
        ends = [f"{row.value_says} {row.label.lower()}" for row in shown.iloc[[0]].itertuples()]
        rest = [f"{row.value_says} with {row.label}" for row in shown.iloc[1:].itertuples()]
        said = "; ".join([*ends, *rest])
        subtitle = (
            f"{MEASURES[str(measure)].definition} {first_capital(str(own['unit'].iloc[0]))}. Mean "
            "and 80% of simulated futures; the difference, future by future, has a narrower "
            "range. The axis need not begin at zero"
        )
        chart = charts_money.dots(shown, names, unit_of(own), today)
        head = f"{label(str(measure))}: {said}"
        found.append(_picture(about, f"levels_{measure}", head, subtitle, chart, own, shown))
    return found


def changes_side_by_side(about: About, table: pd.DataFrame) -> list[Picture]:
    """What each redesign changes in each measure in one year: one picture a measure.

    Parameters
    ----------
    about : of the comparison. table : as `several.changes` of one period.
    """
    names = list(dict.fromkeys(table["scenario"]))
    found = []
    for measure, own in table.groupby("measure", sort=False):
        shown = _shown(own, "difference", points if unit_of(own) == SHARE else signed)
        clear = [
            f"{row.label} {row.value_says}"
            for row in shown.itertuples()
            if row.low > 0 or row.high < 0
        ]
        none = "no redesign changes it clearly" if len(names) > 1 else "no clear change"
        said = "; ".join(clear) or none
        subtitle = (
            f"Difference from today's arrangements, {difference_in(own)}. Mean and 80% of the "
            "differences, future by future; upright line: no change"
        )
        chart = charts_money.dots(shown, names, POINTS if unit_of(own) == SHARE else unit_of(own))
        head = f"{label(str(measure))}: {said}"
        found.append(_picture(about, f"changes_{measure}", head, subtitle, chart, own, shown))
    return found


def unit_of(table: pd.DataFrame) -> str:
    """The unit of an axis for the rows of one measure: "share" or "people"."""
    return SHARE if str(table["unit"].iloc[0]).startswith(SHARE) else "people"


def difference_in(table: pd.DataFrame) -> str:
    """What a difference in the rows of one measure is counted in."""
    unit = str(table["unit"].iloc[0])
    return f"percentage points, {unit}" if unit_of(table) == SHARE else unit


def _shown(table: pd.DataFrame, value: str, write: Callable[[float], str]) -> pd.DataFrame:
    """A table with words."""
    shown = with_words(table, value, "low", "high", write)
    means = shown["value"].map(write)
    spans = zip(shown["low"], shown["high"], strict=True)
    words = [
        f"{mean} ({write(low)} to {write(high)})" if low < high else mean
        for mean, (low, high) in zip(means, spans, strict=True)
    ]
    return shown.assign(label=shown["scenario"], value_says=means, says=words)


def _picture(
    about: About,
    name: str,
    headline: str,
    subtitle: str,
    chart: Chart,
    table: pd.DataFrame,
    shown: pd.DataFrame,
) -> Picture:
    period = str(table["period"].iloc[0])
    rows = zip(shown["label"], shown["says"], strict=True)
    return Picture(
        name,
        headline,
        f"{subtitle}. {about.area_title}, {period}".replace("..", "."),
        about.source,
        in_words("Dot chart", rows),
        chart,
        table,
    )
