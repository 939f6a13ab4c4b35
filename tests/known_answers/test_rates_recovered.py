"""Episodes with known daily rates: the rates that are estimated from their records are those."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from model import parameters
from model.calibrate.bootstrap import resample
from model.calibrate.estimates import estimate
from model.calibrate.person_time import at_risk, cells_of, events, exposure
from model.calibrate.rates import care_counts, looked_after, plan_counts
from model.calibrate.study import Study
from model.returns.history import history
from model.returns.records import Covered, Records, typed

YEARS_SEEN = ("2018-04-01", "2025-03-31")
FIRST, LAST = (pd.Timestamp(day) for day in YEARS_SEEN)
# Days in care at which rates change, and events a day in each band: about those of the nation,
# doubled or halved so that the template alone would be far off.
EDGES = np.array([0, 56, 182, 364, 728, 1820])
A_DAY = {
    "E4A": np.array([12.0, 6.0, 5.0, 3.0, 2.0, 1.5]) / 3652.5,
    "E45": np.array([0.4, 1.0, 3.0, 3.6, 2.0, 1.0]) / 3652.5,
    "E11": np.array([0.2, 0.4, 1.0, 3.0, 2.4, 0.6]) / 3652.5,
}
WORDS = {"E4A": "returns_home", "E45": "special_guardianship", "E11": "adopted"}


def time_until(luck, rates, count):
    """Days until an event with rates that change at EDGES; one for each of so many."""
    budget = luck.exponential(size=count)
    spent = np.concatenate(([0.0], np.cumsum(rates[:-1] * np.diff(EDGES))))
    band = np.searchsorted(spent, budget, side="right") - 1
    return EDGES[band] + (budget - spent[band]) / rates[band]


def episodes(luck, count, age=(2, 3)):
    """Periods of care that began over twelve years, as the returns of seven show them."""
    began = FIRST - pd.to_timedelta(1825.0 - luck.uniform(0, 4382, count), unit="D")
    times = {code: time_until(luck, rates, count) for code, rates in A_DAY.items()}
    days = np.min(list(times.values()), axis=0)
    code = np.array(list(times))[np.argmin(list(times.values()), axis=0)]
    ended = began + pd.to_timedelta(days, unit="D")
    born = began - pd.to_timedelta(luck.uniform(*age, count) * 365.25, unit="D")
    rows = pd.DataFrame(
        {
            "child": [f"c{k}" for k in range(count)],
            "began_on": began.floor("D"),
            "ended_on": ended.floor("D"),
            "ended": code,
            "began": "S",
            "placement": "kinship",
            "file": "care.csv",
            "birth_on": born.floor("D"),
        }
    )
    seen = rows[(rows["ended_on"] >= FIRST) & (rows["began_on"] <= LAST)]
    still = seen["ended_on"] > LAST
    return seen.assign(ended_on=seen["ended_on"].mask(still), ended=seen["ended"].mask(still, ""))


def records_of_care(rows):
    """Records of these episodes, and of the children."""
    tables = {"care": typed("care", rows), "children": typed("children", rows)}
    return Records(tables, [Covered("care", "care.csv", FIRST, LAST)])


def study_of(records, resamples=2):
    """A history with its template, England's."""
    found = history(records)
    sampled = resample(len(found.cleaned.birth), 1, resamples)
    return Study(found, sampled, parameters.load("england"))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_daily_rates_of_competing_risks_are_recovered_within_5_percent(seed):
    """Each outcome's events over time at risk, over all bands and in every band with 5,000 events
    or more (where chance alone is 1.4%): some came years before the returns begin, and some are
    still there at their end."""
    study = study_of(records_of_care(episodes(np.random.default_rng(seed), 150_000)))
    days, found, outcomes = care_counts(study)
    days, found = days[0].sum(axis=(0, 1)), found[0].sum(axis=(0, 1))
    told = 0
    for code, rates in A_DAY.items():
        seen = found[:, outcomes.index(WORDS[code])]
        assert seen.sum() / (days * rates).sum() == pytest.approx(1, abs=0.05)
        for band in np.flatnonzero(seen >= 5_000):
            assert seen[band] / days[band] == pytest.approx(rates[band], rel=0.05)
            told += 1
    assert told >= 5


def test_the_rates_of_the_area_file_are_those_of_the_episodes():
    """Yearly rate times shape over time, as a run would use them: within 5% in each band that
    has 5,000 events, from children of one age band throughout."""
    rows = episodes(np.random.default_rng(11), 150_000, age=(10, 10.2))
    study = study_of(records_of_care(rows))
    entries = {one.name: one for one in looked_after(study)}
    yearly = entries["looked_after.yearly_rates"].value["10_15"]["ordinary"]
    shape = entries["looked_after.time_shape"].value
    found, outcomes = care_counts(study)[1:]
    told = 0
    for code, rates in A_DAY.items():
        outcome = WORDS[code]
        seen = found[0].sum(axis=0)[3][:, outcomes.index(outcome)]
        for band in np.flatnonzero(seen >= 5_000):
            daily = yearly[outcome] * shape[outcome][band] / 365.25
            assert daily == pytest.approx(rates[band], rel=0.05)
            told += 1
    assert told >= 6


def test_plans_that_end_at_known_rates_give_their_bands():
    """A plan's rate of ending by time on it, with those that began before the first day."""
    luck = np.random.default_rng(21)
    rows = episodes(luck, 60_000)
    plans = typed("protection_plans", rows.assign(file="plans.csv"))
    care = typed("care", rows.iloc[:0])
    records = Records(
        {"protection_plans": plans, "care": care},
        [Covered(name, "plans.csv", FIRST, LAST) for name in ("protection_plans", "care")],
    )
    study = study_of(records)
    days, ends, _, edges = plan_counts(study, "child_protection_plan")
    total = sum(A_DAY.values())
    for low, high, at_risk_days, seen in zip(
        edges, np.append(edges[1:], 3000), days[0].sum(axis=0), ends[0].sum(axis=0), strict=True
    ):
        # The rate is constant in a band of the plan wherever no edge of EDGES lies within it.
        inside = EDGES[(low < EDGES) & (high > EDGES)]
        if not len(inside) and seen >= 2_000:
            rate = total[np.searchsorted(EDGES, low, side="right") - 1]
            assert seen / at_risk_days == pytest.approx(rate, rel=0.05)


def three_children():
    """One goes home after 100 days, one is adopted after 200, one stays; seen for 365 days."""
    rows = pd.DataFrame(
        [
            ("a", "2024-01-01", "2024-04-10", "E4A"),  # 100 days
            ("b", "2023-10-01", "2024-04-18", "E11"),  # 200 days; 92 of them before the returns
            ("c", "2024-07-01", None, ""),  # 184 days to the end of the year
        ],
        columns=["child", "began_on", "ended_on", "ended"],
    )
    for name in ("began_on", "ended_on"):
        rows[name] = pd.to_datetime(rows[name])
    rows["birth_on"] = pd.Timestamp("2012-01-15")  # twelve years old
    rows = rows.assign(file="x", began="S", placement="kinship")
    tables = {"care": typed("care", rows), "children": typed("children", rows)}
    span = Covered("care", "x", pd.Timestamp("2024-01-01"), pd.Timestamp("2024-12-31"))
    return Records(tables, [span])


def test_three_children_counted_by_hand():
    """Days at risk in each band, and two ends: all worked out on paper.

    In the first band (days 0 to 55) a has 56 days, c 56, b none: its first 92 were not seen.
    In the second (56 to 181) a has 44, b 90 (day 92 to 181), c 126. In the third b has 18 (182 to
    199), c 2 (182 and 183).
    """
    study = study_of(three_children())
    days, found, outcomes = care_counts(study)
    assert days[0].sum(axis=(0, 1)).tolist() == [112, 260, 20, 0, 0, 0]
    assert found[0].sum() == 2
    home = found[0].sum(axis=(0, 1))[:, outcomes.index("returns_home")]
    adopted = found[0].sum(axis=(0, 1))[:, outcomes.index("adopted")]
    assert home.tolist() == [0, 1, 0, 0, 0, 0]
    assert adopted.tolist() == [0, 0, 1, 0, 0, 0]
    by_age = days[0].sum(axis=(0, 2))
    assert by_age.tolist() == [0, 0, 0, 392, 0]


def test_a_birthday_moves_the_time_at_risk_to_the_next_age():
    """Ten on 1 July: 100 days in care from 1 May are 61 at 5 to 9 and 39 at 10 to 15."""
    stays = history(three_children()).stays["looked_after"]
    one = replace(
        stays,
        child=np.array([0]),
        entered=np.array([19844]),
        left=np.array([19944]),
        outcome=np.array(["returns_home"]),
    )
    risk = at_risk(one)
    born = np.array([round(19844 + 61 - 10 * 365.25)])
    cells = cells_of(risk, np.array([0.0]), born)
    assert cells.cell.tolist() == [2, 3]
    assert cells.days == pytest.approx([61, 39], abs=0.5)
    assert cells.event_cell.tolist() == [3]


def test_the_order_of_rows_changes_nothing():
    """Shuffled records give the same estimates, entry by entry."""
    rows = episodes(np.random.default_rng(31), 3_000)
    shuffled = rows.sample(frac=1, random_state=5)
    template = parameters.load("england")
    one, other = (
        estimate(records_of_care(table), template, 50_000, resamples=2)
        for table in (rows, shuffled)
    )
    assert {n: e.value for n, e in one.entries.items()} == {
        n: e.value for n, e in other.entries.items()
    }
    pd.testing.assert_frame_equal(one.targets.drop(columns="sd"), other.targets.drop(columns="sd"))


def test_splitting_an_episode_where_only_the_legal_status_changed_changes_nothing():
    """Every period written as two episodes that follow on each other, the second no move."""
    rows = episodes(np.random.default_rng(41), 3_000)
    middle = rows["began_on"] + (rows["ended_on"].fillna(LAST) - rows["began_on"]) // 2
    middle = middle.dt.floor("D")
    first = rows.assign(ended_on=middle, ended="X1")
    second = rows.assign(began_on=middle, began="L")
    whole = study_of(records_of_care(rows))
    split = study_of(records_of_care(pd.concat([first, second], ignore_index=True)))
    for one, other in zip(care_counts(whole)[:2], care_counts(split)[:2], strict=True):
        np.testing.assert_array_equal(one[0], other[0])


def test_the_bootstrap_gives_the_spread_of_poisson_counts():
    """One event a child at most: the spread of a count is its square root."""
    luck = np.random.default_rng(51)
    children = 20_000
    child = np.flatnonzero(luck.uniform(size=children) < 0.05)
    sampled = resample(children, 1, 1_000)
    counts = sampled.counts(child, np.zeros(len(child), np.int64), 1)[:, 0]
    assert counts[0] == len(child)
    assert counts[1:].std(ddof=1) == pytest.approx(np.sqrt(len(child) * 0.95), rel=0.1)


def test_a_child_brings_all_its_records_into_a_resample():
    """Ten events each of 500 children spread ten times as much, not by the square root of ten."""
    sampled = resample(5_000, 1, 1_000)
    child = np.repeat(np.arange(500), 10)
    counts = sampled.counts(child, np.zeros(len(child), np.int64), 1)[:, 0]
    assert counts[1:].std(ddof=1) == pytest.approx(10 * np.sqrt(500 * 0.9), rel=0.1)


def test_exposure_and_events_add_up_over_cells():
    """However the bands are cut, days at risk and events are the same in all."""
    stays = study_of(records_of_care(episodes(np.random.default_rng(61), 2_000)))
    care = stays.history.stays["looked_after"]
    risk = at_risk(care)
    totals = set()
    none = np.zeros(len(care.child), np.int64)
    for edges in ([0.0], [0.0, 30.0], [0.0, 7.0, 400.0, 401.0]):
        cells = cells_of(risk, np.array(edges))
        days = exposure(stays.resamples, risk, cells, none, 1, len(edges))
        code = np.where(cells.event_cell >= 0, 0, -1)
        sizes = (1, len(edges), 1)
        found = events(stays.resamples, care.child, cells.event_cell, code, none, sizes)
        totals.add((days[0].sum(), found[0].sum()))
    assert len(totals) == 1
