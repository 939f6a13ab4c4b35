"""Savings for leadership: how much, how sure, by when, whose budget, can it be banked.

`case` prices a comparison once; every table, sentence and picture is made of it, so that they
agree. It knows no screen.
"""

from model.savings.about import About, about
from model.savings.break_even import what_must_be_true
from model.savings.case import BASES, CASH, CONSTANT, COUNCIL, EVERYBODY, Case, case
from model.savings.sentences import (
    banked_says,
    caveats,
    headline,
    net_cost_says,
    payback_says,
    payers_say,
    points,
    total_says,
    value_says,
)
from model.savings.tables import (
    by_cashability,
    by_payer,
    by_year,
    cashable_share,
    every_table,
    payback,
    payback_months,
    waterfall,
)

__all__ = [
    "BASES",
    "CASH",
    "CONSTANT",
    "COUNCIL",
    "EVERYBODY",
    "About",
    "Case",
    "about",
    "banked_says",
    "by_cashability",
    "by_payer",
    "by_year",
    "case",
    "cashable_share",
    "caveats",
    "every_table",
    "headline",
    "net_cost_says",
    "payback",
    "payback_months",
    "payback_says",
    "payers_say",
    "points",
    "total_says",
    "value_says",
    "waterfall",
    "what_must_be_true",
]
