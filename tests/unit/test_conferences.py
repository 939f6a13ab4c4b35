"""Families at pre-proceedings are offered a conference: only those gain who had no offer."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from model.inputs import resolve
from model.inputs.conferences import ENDS, care_share, share_without

START = date(2025, 4, 1)


def share(**numbers: float) -> float:
    """`care_share` of plain numbers."""
    return float(care_share(*(np.array(numbers[key]) for key in ("all", "today", "then", "ratio"))))


def test_the_share_without_an_offer_and_the_share_with_one_make_up_what_is_published() -> None:
    without = float(share_without(np.array(0.42), np.array(0.33), np.array(0.70)))
    odds = without / (1 - without) * 0.70
    assert 0.33 * odds / (1 + odds) + 0.67 * without == pytest.approx(0.42)
    assert without == pytest.approx(0.448, abs=0.003)
    assert odds / (1 + odds) == pytest.approx(0.362, abs=0.003)


def test_nothing_changes_where_as_many_are_offered_one_as_today() -> None:
    assert share(all=0.42, today=0.33, then=0.33, ratio=0.7) == pytest.approx(0.42)
    assert share(all=0.42, today=0.33, then=1.0, ratio=1.0) == pytest.approx(0.42)


def test_the_more_are_offered_one_today_the_less_is_left_to_gain() -> None:
    left = [share(all=0.42, today=today, then=0.95, ratio=0.7) for today in (0.0, 0.3, 0.6, 0.9)]
    assert left == sorted(left) and left[-1] < 0.42


def test_a_scenario_changes_the_ends_from_its_day_on_and_an_area_s_own_baseline_never() -> None:
    usual = resolve("sefton", start=START, years=2)
    found = resolve("sefton", "conference_pre_proceedings", start=START, years=2)
    care = found.outcomes(ENDS).index("care_entry")
    before, after = found.shares(ENDS, 0)[care], found.shares(ENDS, 1)[care]
    assert found.change_dates == (START, date(2025, 7, 1))
    assert before == usual.shares(ENDS)[care] == pytest.approx(0.42)
    assert after == pytest.approx(0.366, abs=0.002)
    assert found.shares(ENDS, 1).sum() == pytest.approx(1.0)
