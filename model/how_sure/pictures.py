"""Pictures of how sure an answer is: the tornado, the strength of the effect, chance and ignorance.

It joins the tables of this package to the marks of `model.charts_money`.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from model import charts, charts_money
from model.charts import Picture, in_words, with_words
from model.how_sure.strength import strength_says
from model.how_sure.told_apart import FIGURES
from model.how_sure.uptake import uptake_says
from model.results import Sampling
from model.savings.about import About
from model.savings.sentences import in_ten
from model.wording import first_capital, pounds, spending_range

MOST_BARS = 12
HOLDERS = {figure: first_capital(holder) for holder, figure in FIGURES.items()}
MONEY = "{base_year} prices, not discounted"
SAVED = "Above zero is saved, below zero is spent on top"


def tornado(about: About, table: pd.DataFrame, sampling: Sampling, money: str = "") -> Picture:
    """Which assumptions move the saving most, each at both ends of its range.

    Parameters
    ----------
    about : of the comparison. table : as `one_way_table`. sampling : of the runs behind it.
    money : how it is stated; constant prices when empty.
    """
    about = replace(about, sampling=Sampling(sampling.replications, 0, sampling.seed))
    shown = table.head(MOST_BARS)
    first = shown.iloc[0]
    span = spending_range(*sorted((first["at_low_gbp"], first["at_high_gbp"])))
    signs = int(table["changes_the_sign"].sum())
    turns = f"{signs or 'None'} of {len(table)} assumptions, moved alone,"
    words = shown.assign(
        label=shown["assumption"],
        low=shown["at_low_gbp"],
        high=shown["at_high_gbp"],
        says=[
            f"{pounds(row.at_low_gbp)} at its low end, {pounds(row.at_high_gbp)} at its high end"
            f" ({row.grade})"
            for row in shown.itertuples()
        ],
    )
    return _picture(
        about,
        "tornado",
        f"One assumption moves the answer most ({_lower(first['assumption'])}): the council "
        f"spends {span}. {turns} turn{'' if signs > 1 else 's'} a saving into a cost or back",
        "What the council saves over the run, £, with each assumption at the low (outlined) and "
        "the high end (full) of its own 80%, one at a time, the others at their central values. "
        f"Upright line: nothing moved. Means of {about.futures}, the same in every run",
        charts_money.tornado(words, float(first["central_gbp"])),
        table,
        words,
        "Tornado chart",
        money,
    )


def strength(about: About, table: pd.DataFrame, sampling: Sampling, money: str = "") -> Picture:
    """The saving where what help and the redesign do for families is weaker than stated.

    Parameters
    ----------
    about : of the comparison. table : as `strength_table`. sampling : of the runs behind it.
    """
    about = replace(about, sampling=sampling)
    shown = with_words(table, "net_gbp", "low_gbp", "high_gbp", pounds)
    shown = shown.assign(
        label=["no effect" if share == 0 else f"{100 * share:.0f}%" for share in table["strength"]],
    )
    last = in_ten(float(table["chance_of_saving"].iloc[0]), about.sampling.futures)
    return _picture(
        about,
        "strength",
        f"{strength_says(table)}",
        "What the council saves over the run, £, by how strong the effect on families is beside "
        f"what the evidence has (100%). Band: 80% of simulated futures. {SAVED}. Without any "
        f"effect it saves in {last}",
        charts_money.threshold(shown),
        table,
        shown,
        "Line chart by strength of the effect",
        money,
    )


def uptake(about: About, table: pd.DataFrame, sampling: Sampling, money: str = "") -> Picture:
    """The saving where more, or fewer, families accept early help under the redesign.

    Parameters
    ----------
    about : of the comparison. table : as `run_uptake`. sampling : of the runs behind it.
    """
    about = replace(about, sampling=sampling)
    shown = with_words(table, "net_gbp", "low_gbp", "high_gbp", pounds)
    shown = shown.assign(label=[f"{100 * share:.0f}%" for share in table["uptake_share"]])
    return _picture(
        about,
        "uptake",
        uptake_says(table),
        "What the council saves over the run, £, by the share of families who accept early help "
        f"under the redesign. Band: 80% of simulated futures. {SAVED}",
        charts_money.threshold(shown),
        table,
        shown,
        "Line chart by uptake",
        money,
    )


def chance_and_ignorance(about: About, spreads: pd.DataFrame, money: str = "") -> Picture:
    """How much of what is unsure is chance, and how much better evidence could remove.

    Parameters
    ----------
    spreads : as `told_apart`; money rows are drawn, the council's the last of them.
    money : how it is stated; constant prices when empty.
    """
    table = spreads[spreads["unit"] == "GBP"]
    rows = []
    for row in table.itertuples():
        for what, deviation in (("chance", row.chance_sd), ("not known", row.ignorance_sd)):
            rows.append(
                {
                    "label": f"{HOLDERS[row.figure]}: {what}",
                    "value": deviation,
                    "says": pounds(deviation),
                }
            )
    shown = pd.DataFrame(rows)
    share = float(table["ignorance_share"].iloc[-1])
    return _picture(
        about,
        "chance_and_ignorance",
        f"Better evidence could remove {100 * share:.0f}% of what is unsure of the council's "
        "saving (of its variance); the rest is chance",
        "Standard deviation of the net saving over the run, £, of the council and of everybody: "
        "from chance alone, and from what is not known of the parameters alone",
        charts.plain_bars(shown, "pounds", charts.REDESIGN),
        table,
        shown,
        "Bar chart",
        money,
    )


def _picture(
    about: About,
    name: str,
    headline: str,
    subtitle: str,
    chart: charts.Chart,
    table: pd.DataFrame,
    shown: pd.DataFrame,
    kind: str,
    money: str,
) -> Picture:
    prices = money or MONEY.format(base_year=about.base_year)
    return Picture(
        name,
        first_capital(headline),
        f"{subtitle}. {about.area_title}, {about.years} years from {about.start:%B %Y}; {prices}",
        about.source,
        in_words(kind, zip(shown["label"], shown["says"], strict=True)),
        chart,
        table,
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
