"""How much each assumption of parameters/money.toml matters: the answer at the ends of its range.

One assumption is moved at a time; what they do together is not shown, nor is any chance attached.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from model.economics.assumptions import MOVED_TOGETHER, NUMBERS, Assumptions
from model.economics.economic import economic_case
from model.economics.financial import MARGINAL, financial_case
from model.economics.price_book import PriceBook
from model.results import Results

FIGURES = {
    "net_present_value_of_the_public_sector": ("economic", "public sector", "net_present_value"),
    "net_present_value_of_the_council": ("economic", "the council", "net_present_value"),
    "cashable_net_saving_of_the_council": ("financial", "the council", "cashable_net_saving"),
}


def sensitivities(
    baseline: Results,
    scenario: Results,
    book: PriceBook,
    assumptions: Assumptions,
    price: str = MARGINAL,
) -> pd.DataFrame:
    """The main figures with each assumption at the low and at the high end of its range.

    Parameters are those of the cases.

    Returns
    -------
    DataFrame with assumption, figure, at_low, central, at_high (GBP, means over futures), swing
    (how far apart the ends are), the widest swing of any figure first.
    """
    central = _figures(baseline, scenario, book, assumptions, price)
    rows = []
    for name, low, high in _ends(assumptions):
        at_low, at_high = (
            _figures(baseline, scenario, book, assumptions.with_values({name: end}), price)
            for end in (low, high)
        )
        for figure in FIGURES:
            ends = (at_low[figure], at_high[figure])
            rows.append(
                {
                    "assumption": name,
                    "figure": figure,
                    "at_low": ends[0],
                    "central": central[figure],
                    "at_high": ends[1],
                    "swing": abs(ends[1] - ends[0]),
                }
            )
    table = pd.DataFrame(rows)
    widest = table.groupby("assumption")["swing"].transform("max")
    order = table.assign(widest=widest).sort_values(
        ["widest", "assumption"], ascending=[False, True]
    )
    return order.drop(columns="widest").reset_index(drop=True)


def _ends(
    assumptions: Assumptions,
) -> Iterator[tuple[str, float | Mapping[str, float], float | Mapping[str, float]]]:
    """Every assumption that has a range, with its ends; numbers of one table move together."""
    for name in NUMBERS:
        ends = assumptions.ends(name)
        if ends is not None:
            yield name, *ends
    for name, most in MOVED_TOGETHER.items():
        low, high = (
            {key: min(value * factor, most) for key, value in assumptions.table(name).items()}
            for factor in assumptions.factors(name)
        )
        yield name, low, high


def _figures(
    baseline: Results, scenario: Results, book: PriceBook, assumptions: Assumptions, price: str
) -> dict[str, float]:
    cases = {
        "economic": economic_case(baseline, scenario, book, assumptions, price).summary,
        "financial": financial_case(baseline, scenario, book, assumptions, price).summary,
    }
    found = {}
    for name, (case, holder, figure) in FIGURES.items():
        table = cases[case]
        chosen = table[(table["holder"] == holder) & (table["figure"] == figure)]
        found[name] = float(chosen["value"].iloc[0])
    return found
