"""Which assumptions move the answer: each at both ends of its range, the others where they are.

The families and their luck are the same in every run, so that a difference is the assumption's
doing. What several do together is not shown. Prices and programme costs need no run of their own:
the same episodes are priced anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.compare import COUNCIL, net_savings
from model.how_sure.assumptions import CHANGE, PRICE, PROGRAMME, Assumption
from model.how_sure.worlds import HIGH, LOW, moved
from model.results import Results, Sampling, standard_error
from model.simulate import Prepared, run_together

ENDS: dict[str, float] = {"low": LOW, "high": HIGH}
MONEY = ("costs", "programme")
REPRICED = (PRICE, PROGRAMME)
Array = NDArray[np.float64]
Saving = Callable[[Results, Results], Array]


@dataclass(frozen=True)
class OneWayRun:
    """One assumption at one end of its range.

    Attributes
    ----------
    assumption : which is moved. end : "low" or "high".
    """

    assumption: Assumption
    end: str

    @property
    def key(self) -> tuple[str, str]:
        """What tells runs apart."""
        return self.assumption.key, self.end


def saving_of_council(baseline: Results, scenario: Results) -> Array:
    """What the council saves over the run in each future, programme paid; constant prices."""
    gross, programme = net_savings(baseline, scenario, COUNCIL)
    return (gross - programme).sum(axis=1).to_numpy(float)


def one_way_runs(chosen: Sequence[Assumption]) -> list[OneWayRun]:
    """The runs to do: two for each assumption."""
    return [OneWayRun(one, end) for one in chosen for end in ENDS]


def plans_of(plans: Sequence[Prepared], run: OneWayRun) -> list[Prepared]:
    """The plans of one run, for `simulate.run_together`; money only."""
    found = moved(plans, run.assumption, ENDS[run.end])
    return [replace(plan, tables=MONEY) for plan in found]


def results_of_run(
    plans: Sequence[Prepared],
    run: OneWayRun,
    central: Sequence[Results],
    executor: Executor | None = None,
) -> list[Results]:
    """The results of one run, baseline first.

    Parameters
    ----------
    central : of the same plans with nothing moved; without draws. What cannot differ from it is
        taken from it: the episodes where a price moves, the baseline where a change does.
    """
    changed = plans_of(plans, run)
    if run.assumption.kind in REPRICED:
        return [repriced(*one) for one in zip(central, plans, changed, strict=True)]
    sampling = central[0].sampling
    if run.assumption.kind == CHANGE and _same_baseline(plans, changed):
        return [central[0], *run_together(changed[1:], sampling, executor)]
    return run_together(changed, sampling, executor)


def run_one_way(
    plans: Sequence[Prepared],
    chosen: Sequence[Assumption],
    sampling: Sampling,
    saving: Saving = saving_of_council,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """Move each assumption to both ends of its range and see what becomes of the saving.

    Parameters
    ----------
    plans : of one redesign, from `simulate.prepare_together`: the baseline, then the redesign.
    sampling : of the futures of each run; its draws are left out. saving : of a pair of results.
    executor : for the runs. progress : told (done, all) runs.

    Returns
    -------
    DataFrame as `one_way_table`.
    """
    sampling = Sampling(sampling.replications, 0, sampling.seed)
    money = [replace(plan, tables=MONEY) for plan in plans]
    runs = one_way_runs(chosen)
    central = run_together(money, sampling, executor)
    found: dict[tuple[str, str], Array] = {}
    for number, run in enumerate(runs, 1):
        pair = results_of_run(money, run, central, executor)
        found[run.key] = saving(*pair)
        if progress:
            progress(number, len(runs))
    return one_way_table(chosen, saving(*central), found, sampling)


def one_way_table(
    chosen: Sequence[Assumption],
    central: Array,
    found: Mapping[tuple[str, str], Array],
    sampling: Sampling,
) -> pd.DataFrame:
    """What each assumption does to the mean saving, the widest first.

    Parameters
    ----------
    central : the saving in each future with nothing moved. found : the same for each run, by
        (key, end). sampling : of these futures.

    Returns
    -------
    DataFrame with key, assumption, kind, grade, at_low_gbp, central_gbp, at_high_gbp (means over
    futures; low and high are the ends of the assumption's own 80%), swing_gbp, standard_error_gbp
    (Monte Carlo, of the larger difference from the centre, the same futures side by side) and
    changes_the_sign (whether one end saves and another does not).
    """
    rows = []
    for one in chosen:
        ends = {end: found[one.key, end] for end in ENDS}
        means = {end: float(values.mean()) for end, values in ends.items()}
        errors = [standard_error(values - central, sampling) for values in ends.values()]
        every = [*means.values(), float(central.mean())]
        rows.append(
            {
                "key": one.key,
                "assumption": one.words,
                "kind": one.kind,
                "grade": one.grade,
                "at_low_gbp": means["low"],
                "central_gbp": float(central.mean()),
                "at_high_gbp": means["high"],
                "swing_gbp": max(every) - min(every),
                "standard_error_gbp": max(errors),
                "changes_the_sign": min(every) < 0 < max(every),
            }
        )
    table = pd.DataFrame(rows)
    return table.sort_values("swing_gbp", ascending=False, kind="stable", ignore_index=True)


def repriced(results: Results, before: Prepared, after: Prepared) -> Results:
    """The same episodes at other prices and programme costs."""
    old, new = before.unit_costs.costs, after.unit_costs.costs
    factors = {
        name: new[name].gbp_published / one.gbp_published
        for name, one in old.items()
        if one.gbp_published and new[name].gbp_published != one.gbp_published
    }
    costs = before.inputs.scenario.programme_costs, after.inputs.scenario.programme_costs
    stated = {
        one.name: _pounds(other) / _pounds(one)
        for one, other in zip(*costs, strict=True)
        if _pounds(one)
    }
    return replace(
        results,
        costs=_times(results.costs, factors),
        programme=_times(results.programme, stated),
    )


def _times(table: pd.DataFrame, factors: Mapping[str, float]) -> pd.DataFrame:
    if not len(table) or not factors:
        return table
    factor = table["cost"].map(dict(factors)).astype(float).fillna(1.0)
    return table.assign(gbp=table["gbp"] * factor, gbp_per_unit=table["gbp_per_unit"] * factor)


def _pounds(cost: object) -> float:
    once = getattr(cost, "gbp_once", None)
    return float(once if once is not None else getattr(cost, "gbp_per_year", 0.0))


def _same_baseline(plans: Sequence[Prepared], changed: Sequence[Prepared]) -> bool:
    """Whether a run leaves the baseline's numbers as they were."""
    return plans[0].inputs.digest() == changed[0].inputs.digest()
