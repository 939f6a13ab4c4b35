"""Families open at the start are like those who make contact."""

from datetime import date

import numpy as np
import pytest

from model import luck, simulate
from model.episodes import ATTRIBUTE_SHIFT
from model.pathway import ATTRIBUTES
from model.population import ASYLUM


@pytest.mark.parametrize("area", ["sefton", "stockport"])
def test_issues_at_the_start_are_spread_as_at_contact(area):
    plan = simulate.prepare(area, start=date(2025, 4, 1), years=1)
    cases = plan.opening.cases(plan.inputs, plan.network, luck.run_key(1, 0))
    sources = cases.state >> ATTRIBUTE_SHIFT["source"] & 15
    issue = cases.state >> ATTRIBUTE_SHIFT["issue"] & 15
    families = (cases.case % 16 == 0) & (sources != ATTRIBUTES["source"].index(ASYLUM))
    width = len(ATTRIBUTES["issue"])
    spread = [
        np.bincount(issue[families & chosen], minlength=width)
        for chosen in (cases.minute == 0, cases.minute > 0)
    ]
    at_start, contacts = (one / one.sum() for one in spread)
    assert abs(at_start - contacts).max() < 0.03
