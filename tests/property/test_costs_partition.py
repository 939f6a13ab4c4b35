"""Whatever the log, its cost is the sum of its parts, and cutting a stay in two changes nothing."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.costs import load_unit_costs, price, total, totals
from model.costs.unit_costs import EACH_WEEK
from model.episodes import (
    ATTRIBUTE_SHIFT,
    CASES_PER_FAMILY,
    COLUMNS,
    FIRST_ARRIVAL_FAMILY,
    HOUSEHOLD_CHANGED,
    OPEN,
    OUTCOME_CODE,
    STAGE_CODE,
    STAGE_CODES,
    EpisodeLog,
    sorted_rows,
)
from model.pathway import ATTRIBUTES

LOCALITIES = ("southport", "central", "bootle")
HORIZON = 3 * 365 * 24 * 60
UNIT_COSTS = load_unit_costs("sefton")
DIMENSIONS = ("locality", "lead", "placement", "after", "stream", "need")
START, CASE, NTH, STAGE, END, OUTCOME, MASK, SPENT = (
    COLUMNS.index(name)
    for name in ("start", "case", "nth", "stage", "end", "outcome", "mask", "spent")
)


@st.composite
def stay(draw):
    """One stay of a case of its own, lately arrived or open at the start, ended or open."""
    row = [0] * len(COLUMNS)
    before = draw(st.booleans())
    row[START] = 0 if before else draw(st.integers(0, HORIZON))
    family = draw(st.integers(1, 1000)) + (0 if before else FIRST_ARRIVAL_FAMILY)
    row[CASE] = family * CASES_PER_FAMILY + draw(st.integers(0, 15))
    row[STAGE] = draw(st.sampled_from(sorted(STAGE_CODE.values())))
    row[COLUMNS.index("served")] = row[COLUMNS.index("place")] = OPEN
    is_open = draw(st.booleans())
    row[END] = OPEN if is_open else draw(st.integers(row[START], HORIZON))
    endings = [code for name, code in OUTCOME_CODE.items() if name != HOUSEHOLD_CHANGED]
    row[OUTCOME] = OPEN if is_open else draw(st.sampled_from(endings))
    row[MASK] = draw(st.integers(1, 2**6 - 1))
    row[SPENT] = draw(st.integers(0, 10**6)) if before else 0
    for name in DIMENSIONS:
        values = ATTRIBUTES[name] or LOCALITIES
        code = draw(st.integers(0, len(values) - 1))
        row[COLUMNS.index("state")] |= code << ATTRIBUTE_SHIFT[name]
    return row


STAYS = st.lists(stay(), min_size=1, max_size=30, unique_by=lambda row: row[CASE])
STARTS = st.dates(date(2019, 1, 1), date(2030, 12, 31))


def log_of(rows, start="2025-03-31"):
    array = sorted_rows(np.array(rows, np.int64).reshape(-1, len(COLUMNS)))
    return EpisodeLog(array, HORIZON, (), LOCALITIES, str(start))


@given(STAYS)
def test_every_row_is_price_times_quantity_and_any_partition_sums_to_the_total(rows):
    whole = price(log_of(rows), UNIT_COSTS)
    assert (whole["gbp"] == whole["quantity"] * whole["gbp_per_unit"]).all()
    income = whole["kind"] == "income"
    assert (whole["quantity"] > 0).all() and (whole.loc[~income, "gbp"] >= 0).all()
    assert total(whole[income]) == 0
    for column in ("financial_year", "stage", "cost", "payer", "kind", "cashability"):
        assert totals(whole, column).sum() == pytest.approx(total(whole), abs=1e-6)
    for by in (("locality",), ("locality", "need", "stream"), ("placement",)):
        parts = price(log_of(rows), UNIT_COSTS, by=by)
        assert total(parts) == pytest.approx(total(whole), abs=1e-6)
        again = parts.groupby(["financial_year", "stage", "cost"])["quantity"].sum()
        expected = whole.groupby(["financial_year", "stage", "cost"])["quantity"].sum()
        assert again.sort_index().to_numpy() == pytest.approx(expected.sort_index().to_numpy())


@given(STAYS, STAYS)
def test_two_logs_together_cost_what_they_cost_apart(some, others):
    others = [[*row[:CASE], row[CASE] + 2**40, *row[CASE + 1 :]] for row in others]
    both = total(price(log_of([*some, *others]), UNIT_COSTS))
    apart = total(price(log_of(some), UNIT_COSTS)) + total(price(log_of(others), UNIT_COSTS))
    assert both == pytest.approx(apart, abs=1e-6)


@given(STAYS, STARTS)
def test_where_the_financial_years_fall_moves_money_between_years_and_makes_none(rows, start):
    moved = price(log_of(rows, start), UNIT_COSTS)
    assert total(moved) == pytest.approx(total(price(log_of(rows), UNIT_COSTS)), abs=1e-6)
    last = start + timedelta(minutes=HORIZON)
    assert set(moved["financial_year"].str[:4].astype(int)) <= set(
        range(start.year - 1, last.year + 1)
    )


@given(STAYS, st.data())
def test_a_stay_cut_in_two_rows_costs_what_it_cost_in_one(rows, data):
    cut = []
    for row in rows:
        end = HORIZON if row[END] == OPEN else row[END]
        at = data.draw(st.integers(row[START], end))
        first, second = list(row), list(row)
        first[END], first[OUTCOME] = at, OUTCOME_CODE[HOUSEHOLD_CHANGED]
        second[START], second[NTH] = at, 1
        second[SPENT] = row[SPENT] + at - row[START]
        cut += [first, second]
    assert total(price(log_of(cut), UNIT_COSTS)) == pytest.approx(
        total(price(log_of(rows), UNIT_COSTS)), abs=1e-6
    )


@given(STAYS)
def test_every_week_of_every_child_is_counted_once(rows):
    table = price(log_of(rows), UNIT_COSTS)
    weekly = {name for name, cost in UNIT_COSTS.costs.items() if cost.when == EACH_WEEK}
    for stage in ("child_in_need_plan", "child_protection_plan", "pre_proceedings"):
        lines = table[(table["stage"] == stage) & table["cost"].isin(weekly)]
        minutes = sum(
            ((HORIZON if row[END] == OPEN else row[END]) - row[START]) * row[MASK].bit_count()
            for row in rows
            if STAGE_CODES[row[STAGE]] == stage
        )
        assert lines["quantity"].sum() == pytest.approx(minutes / (7 * 24 * 60))
