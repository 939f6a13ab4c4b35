"""The evidence note's break-even arithmetic, from the library of costs and published figures.

An illustration and no result: it takes the whole spell of care as prevented, at average cost.
"""

import pytest

from model import published
from model.costs import load_unit_costs

YEAR = 2025
WEEKS_IN_A_YEAR = 365 / 7
MONTHS = 6
# Looked after at 19 to 24 months per 100 children: families helped, and their matched comparison
# (national evaluation of the Troubled Families Programme, 2019). The programme's first phase was
# found to have no discernible impact.
HELPED, COMPARED = 1.7, 2.5
CHILDREN_PER_FAMILY = 2.5  # Buckinghamshire 2021-22, mostly statutory families: an upper bound


@pytest.fixture(scope="module")
def england():
    return published.of_area(published.load(), "england")[YEAR]


@pytest.fixture(scope="module")
def gbp_per_episode():
    """Six months of early help in 2024-25 prices, whoever leads."""
    costs = load_unit_costs("england")
    gbp = {name: one.gbp_per_unit(costs.deflator, "2024-25") for name, one in costs.costs.items()}
    once = ("offer", "assessment_by_council", "first_meeting_by_council", "closing_by_council")
    weeks = MONTHS / 12 * WEEKS_IN_A_YEAR
    return (
        sum(gbp[f"early_help_{name}"] for name in once)
        + weeks * gbp["early_help_support_by_council"]
    )


def gbp_per_care_year(england):
    return england["gbp_per_week_looked_after"] * WEEKS_IN_A_YEAR


def ratio(england, gbp_per_episode, fewer_per_100, children_per_episode=1.0):
    """Pounds of care not needed for each pound of early help."""
    years_in_care = england["looked_after"] / england["looked_after_ceased"]
    care_years = fewer_per_100 / 100 * years_in_care * children_per_episode
    return care_years * gbp_per_care_year(england) / gbp_per_episode


def test_an_episode_costs_what_the_evidence_note_says(gbp_per_episode):
    assert gbp_per_episode == pytest.approx(2200, rel=0.01)


def test_a_care_year_prevented_per_fifty_episodes_pays_for_them(england, gbp_per_episode):
    assert gbp_per_care_year(england) == pytest.approx(109_500, rel=0.001)
    assert gbp_per_care_year(england) / gbp_per_episode == pytest.approx(50, rel=0.02)


def test_the_answer_turns_on_the_effect_and_on_child_or_family(england, gbp_per_episode):
    fewer = COMPARED - HELPED
    assert ratio(england, gbp_per_episode, fewer) == pytest.approx(0.95, abs=0.02)
    by_family = ratio(england, gbp_per_episode, fewer, CHILDREN_PER_FAMILY)
    assert by_family == pytest.approx(2.4, abs=0.05)
    assert ratio(england, gbp_per_episode, 0.0, CHILDREN_PER_FAMILY) == 0
