"""What a redesign's programme costs: sums, staff, and how they end."""

from datetime import date
from pathlib import Path

import pytest

from model import scenarios
from model.costs import load_deflator, programme_costs
from model.errors import InputError
from model.inputs import resolve
from model.scenarios.posts import load_posts

START, END = date(2025, 4, 1), date(2030, 4, 1)
CHANGE = {
    "parameter": "demand.ratio",
    "how": "multiply",
    "value": 0.9,
    "why": "A test.",
    "grade": "assumption",
    "source": ["own_judgement"],
    "uncertainty": {"distribution": "triangular", "low": 0.8, "high": 1.0},
}
STAFF = {
    "name": "Two and a half key workers",
    "funder": "council_childrens_services",
    "staff": {"grade": "key_worker", "wte": 2.5},
    "source": ["own_judgement"],
    "grade": "assumption",
}


def with_cost(**more):
    row = {key: value for key, value in {**STAFF, **more}.items() if value is not None}
    table = {
        "title": "Test",
        "rationale": "A test.",
        "theory_of_change": "A test changes nothing.",
        "evidence": "assumption",
        "change": [CHANGE],
        "programme_cost": [row],
    }
    return scenarios.parse(table, "test")


def by_year(plan):
    inputs = resolve("sefton", plan, start=START, years=5)
    table = programme_costs(inputs.programme_costs, START, END, load_deflator())
    return table.set_index("financial_year")["quantity"].round(3).to_dict()


def test_staff_cost_salary_and_on_costs_by_grade_and_whole_time_equivalent():
    cost = with_cost().programme_costs[0]
    post = load_posts()["key_worker"]
    assert cost.gbp_per_year == pytest.approx(2.5 * post.salary_gbp * (1 + post.on_costs_share))
    assert cost.low_gbp < cost.gbp_per_year < cost.high_gbp
    assert (cost.staff_grade, cost.wte, cost.price_year) == ("key_worker", 2.5, "2024-25")


def test_a_programme_ends_at_once_or_over_months():
    assert by_year(with_cost(years=2)) == {"2025-26": 1.0, "2026-27": 1.0}
    found = by_year(with_cost(years=2, ramp_down_months=12))
    assert found == pytest.approx({"2025-26": 1.0, "2026-27": 1.0, "2027-28": 0.5}, abs=0.005)
    slow = by_year(with_cost(years=1, ramp_down_months=24))
    expected = {"2025-26": 1.0, "2026-27": 0.75, "2027-28": 0.25}
    assert slow == pytest.approx(expected, abs=0.005)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"staff": {"grade": "key_wrker", "wte": 1}}, "key_worker"),
        ({"staff": {"grade": "key_worker"}}, "wte"),
        ({"gbp_per_year": 5.0}, "2 of gbp_per_year, gbp_once, staff"),
        ({"low": 1.0}, "low beside staff"),
        ({"ramp_down_months": 3}, "does not end"),
        ({"staff": None, "gbp_once": 5.0}, "low"),
    ],
)
def test_a_line_that_does_not_add_up_is_refused(more, says):
    with pytest.raises(InputError, match=says):
        with_cost(**more)


def test_the_grades_are_those_of_the_file():
    text = (Path(__file__).parents[2] / "parameters" / "money.toml").read_text(encoding="utf-8")
    assert {f"[posts.{grade}]" for grade in load_posts()} <= set(text.splitlines())
