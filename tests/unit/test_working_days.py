"""Working days are those of an English office: no weekends, no bank holidays, no summer time."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.working_days import (
    MINUTES_PER_DAY,
    WorkingCalendar,
    epoch_at,
    months_between,
    working_days,
    years_after,
)

OPENS, CLOSES = 9 * 60, 17 * 60
START = date(2025, 4, 1)
DAYS = 800
CALENDAR = WorkingCalendar(START, DAYS, OPENS, CLOSES)
ALWAYS_OPEN = WorkingCalendar(START, DAYS, OPENS, CLOSES, every_day=True)

# https://www.gov.uk/bank-holidays, England and Wales.
BANK_HOLIDAYS = {
    date(2025, 1, 1): "New Year's Day",
    date(2025, 4, 18): "Good Friday",
    date(2025, 4, 21): "Easter Monday",
    date(2025, 5, 5): "Early May bank holiday",
    date(2025, 5, 26): "Spring bank holiday",
    date(2025, 8, 25): "Summer bank holiday",
    date(2025, 12, 25): "Christmas Day",
    date(2025, 12, 26): "Boxing Day",
    date(2026, 1, 1): "New Year's Day",
    date(2026, 4, 3): "Good Friday",
    date(2026, 4, 6): "Easter Monday",
    date(2026, 5, 4): "Early May bank holiday",
    date(2026, 5, 25): "Spring bank holiday",
    date(2026, 8, 31): "Summer bank holiday",
    date(2026, 12, 25): "Christmas Day",
    date(2026, 12, 28): "Boxing Day (substitute day)",
}

moments = st.integers(0, (DAYS - 400) * MINUTES_PER_DAY)
calendars = st.sampled_from([CALENDAR, ALWAYS_OPEN])


def minute(day: date, hour: int = 0, minutes: int = 0) -> int:
    """Minutes from the start of the calendar to a time of day."""
    return (day - START).days * MINUTES_PER_DAY + hour * 60 + minutes


# --- days -----------------------------------------------------------------------------------------


def test_weekdays_but_bank_holidays_are_working_days():
    first = date(2025, 1, 1)
    found = working_days(first, 730)
    for day in (first + timedelta(days=number) for number in range(730)):
        expected = day.weekday() < 5 and day not in BANK_HOLIDAYS
        assert found[(day - first).days] == expected, day


def test_a_year_has_as_many_working_days_as_the_government_counts():
    assert working_days(date(2025, 1, 1), 365).sum() == 253
    assert working_days(date(2026, 1, 1), 365).sum() == 253


def test_a_calendar_goes_on_over_the_turn_of_years():
    assert working_days(date(2023, 12, 31), 3).tolist() == [False, False, True]


# --- adding working time --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("starts", "working_minutes", "ends"),
    [
        (minute(date(2025, 4, 1), 9), 60, minute(date(2025, 4, 1), 10)),
        (minute(date(2025, 4, 1), 3), 60, minute(date(2025, 4, 1), 10)),
        (minute(date(2025, 4, 1), 16), 120, minute(date(2025, 4, 2), 10)),
        (minute(date(2025, 4, 1), 22), 1, minute(date(2025, 4, 2), 9, 1)),
        (minute(date(2025, 4, 1), 9), 480, minute(date(2025, 4, 1), 17)),
        (minute(date(2025, 4, 1), 9), 481, minute(date(2025, 4, 2), 9, 1)),
        # Thursday before Easter, at four: Friday to Monday are no working days.
        (minute(date(2025, 4, 17), 16), 90, minute(date(2025, 4, 22), 9, 30)),
        (minute(date(2025, 12, 24), 16, 30), 31, minute(date(2025, 12, 29), 9, 1)),
    ],
)
def test_work_goes_on_in_office_hours_only(starts, working_minutes, ends):
    assert CALENDAR.add_working(starts, working_minutes) == ends


@given(calendars, moments, st.integers(1, 100 * 480))
def test_so_much_work_has_been_done_when_it_is_done_and_not_a_minute_before(calendar, at, work):
    done = calendar.add_working(at, work)
    assert done > at
    assert calendar.worked_by(done) - calendar.worked_by(at) == work
    assert calendar.worked_by(done - 1) - calendar.worked_by(at) == work - 1


@given(calendars, moments)
def test_no_work_takes_no_time(calendar, at):
    assert calendar.add_working(at, 0) == at


@given(calendars, moments, st.integers(0, 5_000), st.integers(0, 5_000))
def test_two_pieces_of_work_take_as_long_as_one_of_their_sum(calendar, at, one, other):
    in_turn = calendar.add_working(calendar.add_working(at, one), other)
    assert in_turn == calendar.add_working(at, one + other)


@given(moments, st.integers(0, 50_000))
def test_where_every_day_is_a_working_day_work_takes_its_own_time(at, work):
    assert ALWAYS_OPEN.add_working(at, work) == at + work


def test_clocks_never_change():
    """Every day has 1,440 minutes, on 30 March and 26 October 2025 too (no summer time)."""
    for day in (date(2025, 10, 26), date(2026, 3, 29)):
        next_day = day + timedelta(days=1)
        assert CALENDAR.minute_of(next_day) - CALENDAR.minute_of(day) == MINUTES_PER_DAY
        assert CALENDAR.date_of(minute(day, 23, 59)) == day
    before, after = minute(date(2025, 10, 24), 9), minute(date(2025, 10, 27), 9)
    assert CALENDAR.worked_by(after) - CALENDAR.worked_by(before) == CLOSES - OPENS


def test_work_that_outlasts_the_calendar_ends_after_it():
    last = DAYS * MINUTES_PER_DAY
    assert CALENDAR.add_working(last - 1, 10_000) > last
    assert CALENDAR.worked_by(last + 5) == CALENDAR.worked_by(last)


# --- counting -------------------------------------------------------------------------------------


def test_working_days_between_two_moments():
    monday, next_monday = minute(date(2025, 4, 14), 10), minute(date(2025, 4, 28), 15)
    number = CALENDAR.working_day_number(np.array([monday, next_monday]))
    assert number[1] - number[0] == 8  # two weeks less Good Friday and Easter Monday


@given(st.lists(moments, min_size=1, max_size=10))
def test_working_day_numbers_count_the_working_days_up_to_each(at):
    found = CALENDAR.working_day_number(np.array(at))
    for moment, number in zip(at, found.tolist(), strict=True):
        assert number == CALENDAR.is_working_day[: moment // MINUTES_PER_DAY + 1].sum()


# --- dates ----------------------------------------------------------------------------------------


@given(st.integers(0, DAYS - 1), st.integers(0, MINUTES_PER_DAY - 1))
def test_dates_and_minutes_tell_the_same(days, within):
    day = START + timedelta(days=days)
    assert CALENDAR.date_of(CALENDAR.minute_of(day) + within) == day


def test_months_start_on_their_first_day_and_the_run_on_minute_0():
    found = CALENDAR.month_starts(12)
    days = [30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 28, 31]
    assert found[0] == 0
    assert np.diff(found).tolist() == [number * MINUTES_PER_DAY for number in days]
    within = WorkingCalendar(date(2024, 2, 15), 60, OPENS, CLOSES)
    assert within.month_starts(2).tolist() == [0, 15 * MINUTES_PER_DAY, 46 * MINUTES_PER_DAY]


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2025, 4, 1), date(2026, 4, 1), 12),
        (date(2025, 4, 1), date(2025, 4, 2), 1),
        (date(2025, 4, 15), date(2025, 5, 15), 1),
        (date(2025, 4, 15), date(2025, 5, 16), 2),
        (date(2025, 4, 1), date(2035, 4, 1), 120),
    ],
)
def test_months_begun_between_two_dates(start, end, months):
    assert months_between(start, end) == months


def test_the_same_day_years_later():
    assert years_after(date(2025, 4, 1), 3) == date(2028, 4, 1)
    assert years_after(date(2024, 2, 29), 1) == date(2025, 2, 28)
    assert years_after(date(2024, 2, 29), 4) == date(2028, 2, 29)


def test_an_epoch_begins_in_the_minute_of_its_date():
    changes = [0, 100, 250]
    assert [epoch_at(changes, at) for at in (0, 99, 100, 249, 250, 9_999)] == [0, 0, 1, 1, 2, 2]
