"""A fit is made once; the demand that is given brings the referrals that were published."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from model.backtest import fits
from model.backtest import forecast as forecasting
from tests.backtest import small_council

ORIGIN = 2021


@pytest.fixture
def counted_fits(monkeypatch):
    made = []

    def fit(parameters, knobs, targets, **settings):
        made.append(settings["seed"])
        return small_council.posterior_without_a_fit(parameters, knobs, targets, **settings)

    monkeypatch.setattr(fits, "fit", fit)
    return made


def test_a_fit_of_the_same_figures_is_not_made_again(counted_fits, tmp_path):
    rows, path = small_council.rows(), tmp_path / "fits" / "one.json"
    first = fits.fit_before(rows, ORIGIN, kept=path)
    again = fits.fit_before(small_council.changed_after(rows, ORIGIN, 3), ORIGIN, kept=path)
    assert counted_fits == [1]
    assert np.array_equal(first.logs, again.logs)
    assert (first.said, first.knobs, first.digest) == (again.said, again.knobs, again.digest)


def test_other_figures_or_another_seed_are_another_fit(counted_fits, tmp_path):
    rows, path = small_council.rows(), tmp_path / "one.json"
    fits.fit_before(rows, ORIGIN, kept=path)
    fits.fit_before(rows, ORIGIN, kept=path, seed=2)
    other = rows.assign(
        value=rows["value"].where(rows["measure"] != "referrals", rows["value"] + 1)
    )
    fits.fit_before(other, ORIGIN, kept=path, seed=2)
    assert counted_fits == [1, 2, 2]


def slow_to_follow(world, executor=None, progress=None):
    """Futures in which referrals follow only half of the change of contacts, on the logarithm."""
    demand = np.array(world.demand or (1.0,) * world.years)
    figures = np.zeros((len(world.factors), world.years, len(forecasting.COUNTED)))
    place = forecasting.COUNTED.index(forecasting.REFERRALS)
    figures[:, :, place] = 1000 * np.sqrt(demand)
    return figures


@pytest.mark.parametrize("published", [{2022: 1500, 2023: 1200}, {2022: 700}])
def test_the_demand_given_brings_the_published_referrals(monkeypatch, published):
    monkeypatch.setattr(forecasting, "futures_of", slow_to_follow)
    monkeypatch.setattr(
        forecasting, "replace", lambda old, **new: SimpleNamespace(**vars(old) | new)
    )
    world = SimpleNamespace(factors=((1.0,),) * 40, years=2, origin=ORIGIN, demand=())
    rows = pd.DataFrame(
        [{"measure": "referrals", "year": year, "value": n} for year, n in published.items()]
    )
    demand = forecasting.demand_given(rows, slow_to_follow(world), world)
    wanted = list(published.values()) + [list(published.values())[-1]] * (2 - len(published))
    assert 1000 * np.sqrt(demand) == pytest.approx(wanted, rel=0.03)
