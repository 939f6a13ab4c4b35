"""Measures: stays and not rows, children and families, periods, queues and workloads."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import measures
from model.episodes import STAGE_CODE, STAGE_CODES
from model.measures.linked_log import NEVER, linked, sorted_with_positions
from model.measures.periods import periods_of
from model.measures.rereferrals import FEWEST_STAYS
from model.measures.spells import spells
from model.pathway import ATTRIBUTES
from tests.unit.hand_logs import DAY, LOCALITIES, calendar_of, log_of, stay

ROOT = Path(__file__).resolve().parents[2]
FAMILY_STAGES = ("contact", "referral", "assessment", "child_in_need_plan", "section_47", "return")


def one(table: pd.DataFrame, **chosen) -> pd.Series:
    """The one row of a table with these values."""
    for column, value in chosen.items():
        table = table[table[column] == value]
    assert len(table) == 1, table
    return table.iloc[0]


# --- periods ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "names", "complete"),
    [
        ("month", ("2025-02", "2025-03", "2025-04"), [False, True, False]),
        ("financial_year", ("2024-25", "2025-26"), [False, False]),
        ("statistics_year", ("2025", "2026"), [False, False]),
        ("run", ("run",), [True]),
    ],
)
def test_periods_follow_the_calendar_and_say_when_they_are_not_complete(kind, names, complete):
    periods = periods_of(log_of([], 60, start="2025-02-10"), kind)
    assert periods.names == names
    assert periods.complete.tolist() == complete
    assert periods.edges[0] == 0 and periods.edges[-1] == 60 * DAY


def test_a_whole_year_is_complete_and_a_century_is_written_with_two_digits():
    log = log_of([], 366, start="2099-04-01")
    assert periods_of(log, "financial_year").names == ("2099-00", "2100-01")
    assert periods_of(log, "financial_year").complete.tolist() == [True, False]


def test_the_last_minute_of_march_is_in_march_and_the_next_in_april():
    periods = periods_of(log_of([], 60, start="2025-03-01"))
    assert periods.of(np.array([31 * DAY - 1, 31 * DAY])).tolist() == [0, 1]


def test_a_run_of_no_length_has_no_periods():
    with pytest.raises(ValueError, match="no periods"):
        periods_of(log_of([], 0))


# --- stays ------------------------------------------------------------------------------------


def test_a_change_of_household_neither_ends_nor_begins_a_stay():
    log = log_of(
        [
            stay(100, "child_in_need_plan", 3, 10, "household_changed", children=(1, 2)),
            stay(100, "child_in_need_plan", 10, 20, "household_changed", children=(1,)),
            stay(100, "child_in_need_plan", 20, 25, "closes", children=(1, 2, 3)),
        ],
        days=30,
    )
    began = measures.starts(log).iloc[0]
    assert (began.families, began.children, began.children_joining) == (1, 2, 2)
    ended = measures.flows(log)
    closed, left = (one(ended, outcome=name) for name in ("closes", "household_changed"))
    assert (closed.families, closed.children) == (1, 3)
    assert (left.families, left.children) == (0, 1)


def test_cases_open_at_the_start_did_not_begin():
    log = log_of(
        [
            stay(1, "assessment", 0, 12, "not_in_need", spent=5000),
            stay(1, "return", 12, left_from="not_in_need"),
            stay(100, "contact", 0, 0, "to_screening"),  # arrives in the very first minute
        ],
        days=30,
    )
    began = measures.starts(log).set_index("stage").families.to_dict()
    assert began == {"contact": 1, "return": 1}
    opening = one(measures.stocks(log), stage="assessment", period="at start")
    assert opening.families == 1
    assert np.isnan(opening.mean_families)


def test_a_child_of_a_family_there_at_the_start_can_still_enter_care_later():
    log = log_of(
        [
            stay(1, "child_protection_plan", 0, 9, "care_entry"),
            stay(1, "looked_after", 9, child=1),
        ],
        days=30,
    )
    assert one(measures.starts(log), stage="looked_after").children == 1


def test_work_beside_a_plan_is_counted_apart_and_breaks_nothing():
    log = log_of(
        [
            stay(100, "reassessment", 5, 15, "completed"),
            stay(100, "child_in_need_plan", 5, 10, "household_changed", children=(1, 2)),
            stay(100, "reassessment", 10, 40, "completed"),
            stay(100, "child_in_need_plan", 10, 50, "closes"),
        ],
        days=60,
    )
    began = measures.starts(log, period="run").set_index("stage")
    assert began.families.to_dict() == {"child_in_need_plan": 1, "reassessment": 2}
    april = measures.stocks(log)
    assert one(april, stage="child_in_need_plan", period="2025-04").families == 1
    assert one(april, stage="reassessment", period="2025-04").families == 1


def test_brothers_and_sisters_in_care_are_one_family():
    log = log_of(
        [
            stay(100, "looked_after", 3, 10, "moves", child=1),
            stay(100, "looked_after", 3, 20, "returns_home", child=2),
            stay(100, "looked_after", 10, child=1),
        ],
        days=30,
    )
    began = measures.starts(log).iloc[0]
    assert (began.families, began.children) == (2, 3)  # entering together; then a move
    open_then = one(measures.stocks(log), period="2025-04")
    assert (open_then.families, open_then.children) == (1, 1)
    assert open_then.mean_families == pytest.approx(27 / 30)
    assert open_then.mean_children == pytest.approx((27 + 17) / 30)


def test_a_spell_is_one_whichever_cases_it_runs_through():
    """The second child goes from the plan into care and home again without a gap."""
    log = log_of(
        [
            stay(100, "child_protection_plan", 2, 5, "care_entry", children=(1, 2)),
            stay(100, "child_protection_plan", 5, 9, "steps_down", children=(1,)),
            stay(100, "looked_after", 5, 8, "returns_home", child=2),
            stay(100, "step_down", 8, 20, "closed", children=(2,)),
        ],
        days=30,
    )
    rows = linked(log)
    every = np.arange(len(rows.start))
    found = spells(rows, every, "children")
    assert list(zip(found.start // DAY, found.stop // DAY, strict=True)) == [(2, 9), (2, 20)]
    assert len(spells(rows, every, "families").start) == 1


# --- waits, limits, workloads -----------------------------------------------------------------


def test_unallocated_families_are_those_without_a_worker_at_the_months_end():
    log = log_of(
        [
            stay(1, "assessment", 0, 50, "not_in_need", served_day=35, children=(1, 2)),
            stay(2, "assessment", 0, 50, "not_in_need", served_day=0),
            stay(100, "child_in_need_plan", 5, 20, "household_changed", children=(1, 2)),
            stay(100, "child_in_need_plan", 20, served_day=40),
            stay(101, "assessment", 5, 25, "not_in_need"),
        ],
        days=61,
    )
    found = measures.measure(log, calendar_of(log), "unallocated_families", "month")
    assert found.value.tolist() == [2, 0]
    queue = measures.waiting(log)
    assert one(queue, stage="assessment", period="at start").children == 2
    left = one(measures.waits(log, calendar_of(log)), stage="assessment", period="2025-04")
    assert (left.families, left.families_never_served) == (0, 1)
    late = one(measures.waits(log, calendar_of(log)), stage="assessment", period="2025-05")
    assert (late.families, late.mean_calendar_days) == (1, 35)


def test_a_wait_that_began_before_the_run_counts_what_was_spent():
    log = log_of(
        [stay(1, "early_help_wait", 0, 10, "allocated", served_day=10, spent=4 * DAY)], days=365
    )
    waited = measures.waits(log, calendar_of(log), period="run").iloc[0]
    assert waited.mean_calendar_days == 14
    assert waited.mean_working_days == 8 + 3  # 1 to 11 April, and four days at 253 of 365


def test_the_time_spent_in_a_plain_duration_is_in_working_minutes():
    log = log_of(
        [
            stay(1, "assessment", 0, 14.5, "not_in_need", spent=35 * 8 * 60),  # 35 and 10 days
            stay(2, "assessment", 0, 14.5, "not_in_need", spent=36 * 8 * 60),
        ],
        days=365,
    )
    found = measures.timeliness(log, calendar_of(log), {"assessment": 45}, period="run").iloc[0]
    assert (found.families, found.families_within) == (2, 1)


def test_only_conferences_count_for_the_limit_of_a_section_47_enquiry():
    log = log_of(
        [
            stay(100, "section_47", 2.5, 13.5, "child_protection_plan"),
            stay(101, "section_47", 2.5, 50.5, "conference_without_plan"),
            stay(102, "section_47", 2.5, 3.5, "not_substantiated"),
        ],
        days=60,
    )
    found = measures.timeliness(log, calendar_of(log), {"section_47": 15}, period="run").iloc[0]
    assert (found.families, found.families_within) == (2, 1)
    assert found.limit_working_days == 15


def test_caseloads_are_told_by_pool_and_for_each_worker():
    log = log_of(
        [
            stay(1, "early_help_plan", 0, served_day=0, lead="council", locality="South"),
            stay(2, "early_help_plan", 0, served_day=0, lead="partner", locality="South"),
            stay(3, "assessment", 0, children=(1, 2)),  # unallocated
            stay(100, "child_protection_plan", 3, 12, "care_entry", served_day=3),
            stay(100, "looked_after", 12, child=1, served_day=12, placement="agency_foster"),
            stay(101, "child_in_need_plan", 3, served_day=20, children=(1, 2, 3)),
        ],
        days=30,
    )
    workers = {("social_workers", "all"): 0.5, ("key_workers", "South"): [1.0, 2.0]}
    found = measures.caseload(log, workers)
    social = one(found, pool="social_workers", period="2025-04")
    assert (social.cases, social.children) == (2, 4)
    assert (social.cases_per_worker, social.children_per_worker) == (4, 8)
    assert one(found, pool="key_workers", period="at start").cases_per_worker == 1
    assert one(found, pool="key_workers", period="2025-04").cases_per_worker == 0.5
    partner = one(found, pool="partner_lead_practitioners", period="2025-04")
    assert partner.cases == 1 and np.isnan(partner.cases_per_worker)
    assert one(found, pool="agency_foster", period="2025-04").children == 1
    assert one(found, pool="social_workers", period="at start").cases == 0


# --- re-referrals -----------------------------------------------------------------------------


def referral(family, day, **more):
    """A referral of a day without further action, and the family's leaving."""
    return [
        stay(family, "referral", day, day + 1, "no_further_action", **more),
        stay(family, "return", day + 1, day + 1.5, "comes_back", left_from="no_further_action"),
    ]


def test_a_referral_within_a_year_of_another_is_a_rereferral_and_a_day_later_is_not():
    log = log_of(
        referral(100, 10) + referral(100, 375, children=(1, 2)) + referral(101, 10)
        + referral(101, 376),
        days=730,
    )  # fmt: skip
    counted = measures.measure(log, calendar_of(log), "rereferrals", "run")
    assert counted.value.tolist() == [2]
    again = measures.measure(log, calendar_of(log), "rereferral_share", "run")
    assert again.value.tolist() == [2 / 5]


def test_a_family_that_left_before_the_run_counts_by_when_and_how_it_left():
    """With nothing to learn from: 100 days ago after no further action, or after advice."""
    left = {"spent": 100 * DAY}
    log = log_of(
        [
            stay(1, "return", 0, 200, "comes_back", left_from="no_further_action", **left),
            stay(1, "referral", 200, 201, "assessment"),
            stay(2, "return", 0, 300, "comes_back", left_from="no_further_action", **left),
            stay(2, "referral", 300, 301, "assessment"),
            stay(3, "return", 0, 200, "comes_back", left_from="advice", **left),
            stay(3, "referral", 200, 201, "assessment"),
            stay(4, "referral", 0, 1, "no_further_action", spent=60),
            stay(4, "return", 1, 360, "comes_back", left_from="no_further_action"),
            stay(4, "referral", 360, 361, "assessment"),
        ],
        days=730,
    )
    found = measures.measure(log, calendar_of(log), "rereferrals", "run")
    assert found.value.tolist() == [2]  # families 1 and 4


def test_what_the_run_shows_of_a_kind_of_stay_is_used_for_those_open_at_its_start():
    """Half of the plans that begin after the first year follow a referral 200 days before."""
    seen = []
    for k in range(FEWEST_STAYS):
        family = 100 + k
        if k % 2:
            seen.append(stay(family, "referral", 400, 401, "assessment"))
        seen.append(stay(family, "child_in_need_plan", 600, 650, "closes"))
    opening = [
        stay(1, "child_in_need_plan", 0, 50, "closes", spent=50 * DAY),
        stay(1, "referral", 100, 101, "no_further_action"),  # 200 + 50 + 100 days: within a year
        stay(2, "child_in_need_plan", 0, 50, "closes", spent=50 * DAY),
        stay(2, "referral", 120, 121, "no_further_action"),  # 200 + 50 + 120 days: too late
    ]
    log = log_of(opening + seen, days=730)
    found = measures.measure(log, calendar_of(log), "rereferrals", "run")
    assert found.value.tolist() == [0.5]


# --- the list of measures ---------------------------------------------------------------------


def test_the_list_says_for_each_measure_what_it_sums():
    listed = measures.dictionary()
    assert listed.measure.is_unique
    assert set(listed.counted_in) <= {"families", "children"}
    assert set(listed.kind) <= {"flow", "stock", "share", "average"}
    for each in measures.MEASURES.values():
        assert each.definition.endswith(".")
        assert set(each.counts.stages) <= set(STAGE_CODES)
        missing = [name for name in each.counts.stages if name not in each.stages]
        assert not missing, (each.name, missing)


def test_measures_that_are_published_have_the_published_name():
    with (ROOT / "parameters" / "published.csv").open(encoding="utf-8") as file:
        published = {row["measure"] for row in csv.DictReader(file)}
    compared = {
        "referrals", "rereferrals", "rereferral_share", "assessments",
        "assessments_within_45_share", "children_in_need", "child_in_need_plans_open",
        "child_in_need_plans_started", "section_47_enquiries", "initial_conferences",
        "initial_conferences_within_15_share", "child_protection_plans_started",
        "child_protection_plans_ended", "child_protection_plans_open", "looked_after_started",
        "looked_after_ceased", "looked_after", "placement_share_foster",
        "placement_share_childrens_home", "placement_share_supported",
        "placement_share_with_parents", "asylum_seeking_share", "cases_held",
    }  # fmt: skip
    assert compared <= published
    assert compared <= set(measures.MEASURES)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda log, cal: measures.measure(log, cal, "referals"), "Did you mean 'referrals'"),
        (lambda log, cal: measures.flows(log, by=("localty",)), "Did you mean 'locality'"),
        (lambda log, cal: measures.flows(log, by=("age",)), "unknown attribute 'age'"),
        (lambda log, cal: measures.flows(log, period="months"), "Did you mean 'month'"),
        (lambda log, cal: measures.timeliness(log, cal, {"screning": 1}), "'screening'"),
        (
            lambda log, cal: measures.measure(log, cal, "referrals", counted_in="child"),
            "Did you mean 'children'",
        ),
    ],
)
def test_a_wrong_name_is_refused_with_the_nearest_right_one(call, message):
    log = log_of([stay(100, "contact", 1, 1, "to_screening")], days=30)
    with pytest.raises(ValueError, match=message):
        call(log, calendar_of(log))


def test_a_log_without_a_row_gives_tables_without_a_case():
    log = log_of([], days=30)
    calendar = calendar_of(log)
    for table in (
        measures.starts(log),
        measures.flows(log),
        measures.stocks(log),
        measures.waits(log, calendar),
        measures.waiting(log),
        measures.timeliness(log, calendar, {"assessment": 45}),
        measures.caseload(log),
    ):
        assert table.empty
    found = measures.all_measures(log, calendar, "month").set_index("measure")
    assert found.value.fillna(0).eq(0).all()


# --- what holds for every log -----------------------------------------------------------------


def invented_log(seed: int):
    """A log of families who walk at random through a few stages, some children into care."""
    luck = np.random.default_rng(seed)
    stays = []
    for family in [*range(1, 12), *range(100, 130)]:
        fixed = {
            "locality": str(luck.choice(LOCALITIES)),
            "need": str(luck.choice(ATTRIBUTES["need"])),
        }
        day = 0.0 if family < 100 else luck.integers(0, 700 * DAY) / DAY
        home = {int(k) for k in luck.choice(4, luck.integers(1, 4), replace=False) + 1}
        away: set[int] = set()
        while day < 720 and luck.random() < 0.9:
            stage = str(luck.choice(FAMILY_STAGES))
            day = walk(luck, stays, family, stage, day, home, away, fixed)
            if not home:
                break
    return log_of(stays, days=730)


def walk(luck, stays, family, stage, day, home, away, fixed):
    """One stay, perhaps cut by changes of the household, perhaps ending in care for a child."""
    served = None if luck.random() < 0.3 else day
    for _ in range(int(luck.integers(0, 3))):
        until = day + luck.integers(0, 40 * DAY) / DAY
        if until > 729:
            break
        counted = tuple(home)
        stays.append(stay(family, stage, day, until, "household_changed", children=counted,
                          served_day=served, **fixed))  # fmt: skip
        home |= {int(luck.integers(1, 6))} - away
        day = until
    until = day + (0 if stage == "contact" else luck.integers(0, 200 * DAY) / DAY)
    last = {"children": tuple(home), "served_day": served, **fixed}
    if until > 729:
        stays.append(stay(family, stage, day, **last))
        return until
    leaves = stage != "contact" and luck.random() < 0.3
    stays.append(stay(family, stage, day, until, "care_entry" if leaves else "closes", **last))
    if leaves:
        child = home.pop()
        away.add(child)
        back = until + luck.integers(0, 100 * DAY) / DAY
        ended = (None, "") if back > 729 else (back, "moves")
        stays.append(stay(family, "looked_after", until, *ended, child=child, **fixed))
        if ended[0] is not None:
            stays.append(stay(family, "looked_after", back, child=child, **fixed))
    return until


some_log = st.integers(0, 10_000).map(invented_log)
for_a_few = settings(max_examples=20)


@for_a_few
@given(some_log, st.sampled_from(["month", "statistics_year"]))
def test_what_is_open_is_what_was_open_and_began_less_what_ended(log, period):
    keys = ["period", "stage", "locality"]
    by = ("locality",)
    stock = measures.stocks(log, by, period).set_index(keys)
    began = measures.starts(log, by, period).set_index(keys)
    ended = measures.flows(log, by, period).groupby(keys)[["families", "children"]].sum()
    began["children"] += began.children_joining
    for (stage, locality), open_then in stock.groupby(level=["stage", "locality"]):
        units = ["children"] if stage == "looked_after" else ["families", "children"]
        for unit in units:
            series = open_then.droplevel(["stage", "locality"])[unit]
            change = pd.Series(0, series.index[1:])
            for table, sign in ((began, 1), (ended, -1)):
                if (stage, locality) in table.index.droplevel("period"):
                    moved = table.xs((stage, locality), level=["stage", "locality"])[unit]
                    change = change.add(sign * moved, fill_value=0)
            expected = series.iloc[0] + change[series.index[1:]].cumsum()
            assert series.iloc[1:].tolist() == expected.tolist(), (stage, locality, unit)


@for_a_few
@given(some_log)
def test_stocks_are_those_that_one_counts_row_by_row(log):
    edges = periods_of(log).edges[1:]
    rows = linked(log)
    found = measures.stocks(log).set_index(["period", "stage"])
    names = periods_of(log).names
    for name, edge in zip(names, edges.tolist(), strict=True):
        is_open = (rows.start < edge) & (rows.stop >= edge)
        for stage in found.index.get_level_values("stage").unique():
            here = is_open & (rows.stage == STAGE_CODE[stage])
            assert found.loc[(name, stage), "children"] == rows.children[here].sum()
            assert found.loc[(name, stage), "families"] == len(set(rows.family[here].tolist()))


@for_a_few
@given(some_log, st.sampled_from(["families", "children"]))
def test_each_stock_measure_changes_by_what_began_less_what_ended(log, unit):
    calendar = calendar_of(log)
    for stock, began, ended in (
        ("children_in_need", "children_in_need_started", "children_in_need_ended"),
        ("child_in_need_plans_open", "child_in_need_plans_started", "child_in_need_plans_ended"),
        ("looked_after", "looked_after_started", "looked_after_ceased"),
    ):
        table = measures.all_measures(
            log, calendar, "month", names=(stock, began, ended), counted_in=unit
        )
        wide = table.pivot(index="period", columns="measure", values="value")
        change = wide[stock].diff().dropna()
        assert change.tolist() == (wide[began] - wide[ended]).iloc[1:].tolist(), stock


@for_a_few
@given(some_log, st.sampled_from([("locality",), ("need",), ("locality", "need")]))
def test_the_parts_add_up_to_the_whole(log, by):
    calendar = calendar_of(log)
    adds = [name for name, each in measures.MEASURES.items() if each.kind in ("flow", "stock")]
    adds.remove("rereferrals")
    keys = ["measure", "counted_in", "period"]
    whole = measures.all_measures(log, calendar, names=adds, counted_in="both")
    parts = measures.all_measures(log, calendar, by=by, names=adds, counted_in="both")
    added = parts.groupby(keys).value.sum()
    assert added.to_dict() == whole.set_index(keys).value.to_dict()


@for_a_few
@given(some_log)
def test_flows_of_months_add_up_to_the_year_and_a_year_ends_as_its_last_month(log):
    calendar = calendar_of(log)
    tables = {period: measures.all_measures(log, calendar, period) for period in ("month", "run")}
    for name, each in measures.MEASURES.items():
        months, run = (table[table.measure == name].value for table in tables.values())
        if each.kind == "flow":
            assert months.sum() == pytest.approx(run.iloc[0]), name
        elif each.kind == "stock":
            assert months.iloc[-1] == run.iloc[0], name


@for_a_few
@given(some_log)
def test_a_table_is_the_same_whatever_was_asked_of_the_linked_log_before(log):
    rows, calendar, slower = linked(log), calendar_of(log), calendar_of(log)
    slower.day_minutes *= 2
    for each, period, by in (
        (calendar, "month", ()),
        (calendar, "financial_year", ("locality",)),
        (slower, "financial_year", ()),
        (calendar, "financial_year", ()),
    ):
        kept = measures.all_measures(rows, each, period, by, counted_in="both")
        fresh = measures.all_measures(log, each, period, by, counted_in="both")
        pd.testing.assert_frame_equal(kept, fresh, check_exact=True)


@for_a_few
@given(st.lists(st.integers(0, 5)), st.sampled_from([1, 2**20, 2**60]))
def test_rows_are_sorted_the_same_whether_or_not_key_and_position_fit_in_one_number(keys, times):
    key = np.array(keys, np.int64) * times
    order, in_order = sorted_with_positions(key)
    assert order.tolist() == np.argsort(key, kind="stable").tolist()
    assert in_order.tolist() == sorted(key.tolist())


def test_what_never_stops_is_later_than_everything():
    log = log_of([stay(100, "return", 3)], days=30)
    assert linked(log).stays.stop.tolist() == [NEVER]
