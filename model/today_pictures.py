"""Pictures of today: how full each pool of workers and places is."""

from __future__ import annotations

import pandas as pd

from model import charts
from model.answers import Answer
from model.charts import Picture, in_words
from model.headlines import futures_in, source
from model.tables import written
from model.today_figures import how_full
from model.wording import whole

FULL_PERCENT = 95.0


def fullness(answer: Answer, period: str) -> Picture:
    """How full each pool is at a year's end."""
    table = how_full(answer, period)
    limited = table[table["places"].notna()].reset_index(drop=True)
    says = [
        f"{row.percent_full:.0f}% ({written(row.cases)} of {whole(row.places)})"
        for row in limited.itertuples()
    ]
    shown = limited.assign(label=limited["pool"], value=limited["percent_full"] / 100, says=says)
    return Picture(
        "how_full",
        headline(limited),
        f"Cases held at the end of {period}, percent of places. Means of {futures_in(answer)}. "
        f"{answer.area_title}",
        source(answer),
        in_words("Bar chart", zip(shown["label"], shown["says"], strict=True)),
        charts.plain_bars(shown, "share"),
        table,
    )


def headline(limited: pd.DataFrame) -> str:
    """Which pools are full, or how full the fullest is."""
    full = limited[limited["percent_full"] >= FULL_PERCENT]
    if len(full):
        names = "; ".join(name[:1].lower() + name[1:] for name in full["pool"])
        return f"Full or nearly so: {names}"
    most = limited.loc[limited["percent_full"].idxmax()]
    return f"The fullest is {most['pool'].lower()}, at {most['percent_full']:.0f}%"
