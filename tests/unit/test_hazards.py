"""Published bands become rates and quantile tables, and give the bands back."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from model.hazards import (
    CELLS,
    MINUTES_PER,
    mean_of_table,
    quantile_table,
    rates_from_bands,
    survival,
    unit_exponential_table,
)


@st.composite
def bands(draw, closed: bool = False):
    """Edges, shares and what lies beyond, as a publication may have them."""
    widths = draw(st.lists(st.floats(0.5, 50), min_size=1, max_size=8))
    edges = np.concatenate(([0.0], np.cumsum(widths)))
    count = len(edges) - 1 if closed else len(edges)
    weights = np.array(draw(st.lists(st.floats(0.01, 1), min_size=count, max_size=count)))
    beyond = None if closed else draw(st.floats(0.5, 100))
    return edges, weights / weights.sum(), beyond


# --- rates ----------------------------------------------------------------------------------------


@given(bands())
def test_as_many_stays_go_on_past_each_edge_as_published(published):
    edges, shares, beyond = published
    rates = rates_from_bands(edges, shares, beyond)
    assert survival(edges, rates, edges) == pytest.approx(
        1.0 - np.concatenate(([0.0], np.cumsum(shares)[:-1])), abs=1e-9
    )


@given(bands(), st.floats(0.0, 5.0))
def test_beyond_the_last_edge_stays_end_at_one_rate(published, further):
    edges, shares, beyond = published
    rates = rates_from_bands(edges, shares, beyond)
    left = survival(edges, rates, np.array([edges[-1], edges[-1] + further * beyond]))
    assert left[1] == pytest.approx(left[0] * np.exp(-further))


def test_rates_of_a_known_table():
    """Half end in the first 10 weeks, half of the rest in the next 20; then 8 weeks on average."""
    rates = rates_from_bands([0, 10, 30], [0.5, 0.25, 0.25], 8)
    assert rates == pytest.approx([np.log(2) / 10, np.log(2) / 20, 1 / 8])


def test_a_band_in_which_nobody_ends_has_no_rate():
    rates = rates_from_bands([0, 5, 10], [0.0, 0.4, 0.6], 10)
    assert rates[0] == 0.0
    assert survival(np.array([0.0, 5, 10]), rates, np.array([4.9]))[0] == 1.0


def test_rates_in_other_units_give_the_same_stays():
    weeks = np.array([0, 13, 26, 52])
    shares, beyond = [0.2, 0.3, 0.3, 0.2], 40
    minutes = weeks * MINUTES_PER["weeks"]
    in_weeks = rates_from_bands(weeks, shares, beyond)
    in_minutes = rates_from_bands(minutes, shares, beyond * MINUTES_PER["weeks"])
    assert in_minutes * MINUTES_PER["weeks"] == pytest.approx(in_weeks)


def test_a_week_has_seven_days_and_a_year_365_and_a_quarter():
    assert MINUTES_PER["weeks"] == 7 * MINUTES_PER["days"] == 7 * 24 * 60
    assert MINUTES_PER["years"] == 365.25 * MINUTES_PER["days"]


# --- quantile tables ------------------------------------------------------------------------------


@given(bands(closed=True))
def test_a_closed_table_has_the_mean_of_its_bands(published):
    edges, shares, _ = published
    expected = (shares * (edges[:-1] + edges[1:]) / 2).sum()
    table = quantile_table(edges, shares, None)
    assert len(table) == CELLS + 1
    # A band's edge falls within a cell: there the table cuts a corner, one cell wide.
    assert mean_of_table(table) == pytest.approx(expected, abs=len(edges) * edges[-1] / CELLS)


@given(bands())
def test_an_open_table_has_the_mean_of_its_bands_and_its_tail(published):
    edges, shares, beyond = published
    assume(shares[-1] > 0.02)
    middles = (shares[:-1] * (edges[:-1] + edges[1:]) / 2).sum()
    expected = middles + shares[-1] * (edges[-1] + beyond)
    table = quantile_table(edges, shares, beyond)
    longest = edges[-1] + beyond * np.log(8 * CELLS)
    assert mean_of_table(table) == pytest.approx(expected, abs=len(edges) * longest / CELLS)


@given(bands())
def test_tables_rise_and_give_the_published_shares_back(published):
    edges, shares, beyond = published
    table = quantile_table(edges, shares, beyond)
    assert (np.diff(table) >= 0).all()
    below = np.searchsorted(table, edges, side="right") / CELLS
    reached = np.concatenate(([0.0], np.cumsum(shares)[:-1]))
    assert below == pytest.approx(reached, abs=2 / CELLS)


def test_the_median_of_a_known_table():
    table = quantile_table([0, 10, 45, 60], [0.4, 0.4, 0.2], None)
    assert table[CELLS // 2] == pytest.approx(10 + 35 * 0.1 / 0.4, rel=1e-3)
    assert table[0] == 0.0
    assert table[-1] == 60.0


def test_the_median_beyond_the_last_edge():
    table = quantile_table([0, 10], [0.2, 0.8], 30)
    assert table[CELLS // 2] == pytest.approx(10 - 30 * np.log(0.5 / 0.8), rel=1e-3)


def test_a_band_in_which_nobody_ends_is_passed_over():
    table = quantile_table([0, 5, 10], [0.0, 1.0], None)
    assert table[1:].min() >= 5.0
    assert mean_of_table(table) == pytest.approx(7.5, abs=0.01)


# --- the unit exponential -------------------------------------------------------------------------


EXPONENTIAL = unit_exponential_table()


def budget(u: float) -> float:
    """The hazard budget at u, read from the table as the engines read it."""
    table = EXPONENTIAL
    cell = u * CELLS
    offset = 0
    if cell >= CELLS - 1:
        cell, offset = (cell - (CELLS - 1)) * CELLS, CELLS + 1
    place = int(cell)
    low, high = table[offset + place], table[offset + place + 1]
    return float(low + (high - low) * (cell - place))


def test_the_unit_exponential_has_mean_1_and_variance_1():
    coarse, fine = EXPONENTIAL[:CELLS], EXPONENTIAL[CELLS + 1 :]
    widths = np.concatenate((np.full(CELLS - 1, 1 / CELLS), np.full(CELLS, 1 / CELLS**2)))
    low = np.concatenate((coarse[:-1], fine[:-1]))
    high = np.concatenate((coarse[1:], fine[1:]))
    mean = (widths * (low + high) / 2).sum()
    square = (widths * (low**2 + low * high + high**2) / 3).sum()
    # A chord lies above the curve: k cells from the end by 1 / 12 k^2 on average.
    excess = np.pi**2 / 6 / 12 / CELLS
    assert 1.0 <= mean <= 1.0 + excess
    assert 1.0 <= square - mean**2 <= 1.0 + 2.0 * (1.0 + np.log(CELLS)) * excess


@pytest.mark.parametrize("u", [0.0, 1e-6, 0.1, 0.5, 0.9, 0.999, 0.99975, 0.9999, 0.999999])
def test_the_unit_exponentials_quantiles(u):
    exact, from_end = -np.log1p(-u), (1 - u) * CELLS
    cells_left = np.floor(from_end if from_end >= 1 else from_end * CELLS)
    chord_above_curve = 1 / 8 / cells_left**2  # at most, so many cells from the end
    assert exact - 1e-12 <= budget(u) <= exact + chord_above_curve


def test_one_stay_in_ten_million_has_a_budget_above_sixteen():
    """The last cell is refined: a rare event is not made rarer, nor certain."""
    assert budget(1 - 1e-7) == pytest.approx(np.log(1e7), rel=0.01)
    assert 16 < budget(1 - 2.0**-53) < 18.5


def test_the_unit_exponential_rises_without_a_jump_where_the_cells_grow_fine():
    edge = 1 - 1 / CELLS
    u = np.sort(
        np.concatenate((np.linspace(0, 1 - 2.0**-53, 5_000), edge + np.arange(-9, 9) * 1e-9))
    )
    found = np.array([budget(float(one)) for one in u])
    assert (np.diff(found) >= 0).all()
    assert budget(edge) == pytest.approx(budget(edge - 1e-9), abs=1e-4)
