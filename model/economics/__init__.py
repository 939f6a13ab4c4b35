"""Invest to save: the financial and the economic case of a redesign, from priced episodes.

`financial_case` is cash by budget holder and year; `economic_case` is real, discounted and
corrected for optimism; `reconcile` ties both to the episodes. It knows no engine and no screen.
"""

from model.economics.assumptions import Assumptions, load
from model.economics.economic import EconomicCase, economic_case
from model.economics.financial import AVERAGE, MARGINAL, PRICES, FinancialCase, financial_case
from model.economics.price_book import PriceBook, price_book
from model.economics.reconciliation import price_times_quantity, reconcile
from model.economics.residual import under_way
from model.economics.sensitivities import sensitivities
from model.economics.statements import statement_by_line, statement_of_value

__all__ = [
    "AVERAGE",
    "MARGINAL",
    "PRICES",
    "Assumptions",
    "EconomicCase",
    "FinancialCase",
    "PriceBook",
    "economic_case",
    "financial_case",
    "load",
    "price_book",
    "price_times_quantity",
    "reconcile",
    "sensitivities",
    "statement_by_line",
    "statement_of_value",
    "under_way",
]
