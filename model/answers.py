"""The answer to a question about redesigns: the tables that screens and reports show.

An answer holds what the futures of today's arrangements and of the redesign gave. The
functions below turn it into tables for one chart each: means over futures, with the range
that holds 80% of them. It runs nothing, reads no file, and knows no chart and no screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from model import __version__, compare
from model.compare import COVERAGE
from model.pathway import BESIDE, PATHWAY, Scope, stage_named
from model.questions import Question, Redesign, digest_of
from model.results import FUTURE, TABLES, Results, Sampling
from model.scenarios import BASELINE

FAMILIES = "families"
CHILDREN = "children"
COUNTED_BY_FAMILY = (Scope.CONTACTED, Scope.EARLY_HELP)
STAGES = (*(stage.name for stage in PATHWAY), *BESIDE)


@dataclass(frozen=True)
class Answer:
    """What the runs gave.

    Attributes
    ----------
    question : what was asked. digest : of every number that went in (`digest_of`).
    area_title, scenario_title, evidence : as the files said when it was asked.
    baseline, scenario : results of the two.
    made_on : day. version : of the model.
    beside : of further redesigns, each set beside the same futures of today's arrangements.
    """

    question: Question
    digest: str
    area_title: str
    scenario_title: str
    evidence: str
    baseline: Results
    scenario: Results
    made_on: date
    version: str = __version__
    beside: tuple[Answer, ...] = ()

    @property
    def each(self) -> tuple[Answer, ...]:
        """One answer for each redesign that was asked about, in order."""
        return (self, *self.beside)

    @property
    def size_bytes(self) -> int:
        """What its tables take in memory."""
        results = [self.baseline, *(one.scenario for one in self.each)]
        tables = [getattr(one, name) for one in results for name in TABLES]
        return int(sum(table.memory_usage(deep=True).sum() for table in tables))

    @property
    def sampling(self) -> Sampling:
        """Which futures were simulated."""
        return self.baseline.sampling

    @property
    def periods(self) -> list[str]:
        """The financial years of the run, in order."""
        return [str(name) for name in self.baseline.measures["period"].unique()]

    def of(self, name: str) -> Results:
        """The results of the baseline or of the scenario."""
        return self.baseline if name == BASELINE else self.scenario


def counted_in(stage: str) -> str:
    """Whether a stage is counted by family or by child: statutory work is, by child."""
    if stage in BESIDE:
        return CHILDREN
    return FAMILIES if stage_named(stage).scope in COUNTED_BY_FAMILY else CHILDREN


def stages_in(answer: Answer, period: str, name: str = BASELINE) -> pd.DataFrame:
    """Every stage in one year: who enters, who is there, how long they wait, and what it costs.

    Returns
    -------
    DataFrame, in the order of the pathway: stage, counted_in, families, children (entering in
    the year; for looked after, starting to be), families_open, children_open (at its end), the
    waits, and gbp. Means over futures.
    """
    table = answer.of(name).stages
    table = table[table["period"] == period]
    mean = table.groupby("stage").mean(numeric_only=True).drop(columns=FUTURE)
    found = mean.reindex(STAGES).rename_axis("stage").reset_index()
    starting = _measure(answer.of(name), "looked_after_started", period)["value"].mean()
    found.loc[found["stage"] == "looked_after", CHILDREN] = starting
    found.insert(1, "counted_in", [counted_in(stage) for stage in found["stage"]])
    costs = answer.of(name).costs
    spent = costs[costs["financial_year"] == period].groupby("stage")["gbp"].sum()
    found["gbp"] = found["stage"].map(spent / answer.sampling.futures).fillna(0.0)
    return found


def flows_in(answer: Answer, period: str, name: str = BASELINE) -> pd.DataFrame:
    """Where the stays that ended in one year led; means over futures.

    Returns
    -------
    DataFrame with stage, outcome, to (empty where the pathway declares none: the household
    changed, or its children grew up), splits (some children enter care), families, children.
    """
    table = answer.of(name).flows
    table = table[table["period"] == period]
    counts = table.groupby(["stage", "outcome"], sort=False)[[FAMILIES, CHILDREN]].sum()
    found = (counts / answer.sampling.futures).reset_index()
    ends = {(stage.name, end.outcome): end for stage in PATHWAY for end in stage.ends}
    declared = [ends.get(key) for key in zip(found["stage"], found["outcome"], strict=True)]
    found.insert(2, "to", [end.to if end else "" for end in declared])
    found.insert(3, "splits", [bool(end and end.splits) for end in declared])
    order = {stage: place for place, stage in enumerate(STAGES)}
    return found.sort_values("stage", key=lambda each: each.map(order), kind="stable")


def pools_in(answer: Answer, period: str, name: str = BASELINE) -> pd.DataFrame:
    """Cases that each pool of workers or places holds at a year's end, and its places.

    Returns
    -------
    DataFrame with pool, locality, cases, children, places (NaN where unlimited).
    """
    table = answer.of(name).pools
    table = table[table["period"] == period]
    keys = ["pool", "locality"]
    return table.groupby(keys, sort=False)[["cases", CHILDREN, "places"]].mean().reset_index()


def trend(answer: Answer, measure: str, names: tuple[str, ...]) -> pd.DataFrame:
    """One measure by year under each scenario.

    Returns
    -------
    DataFrame with scenario, period, value (mean over futures), low, high (80% of them).
    """
    parts = []
    for name in names:
        grouped = _measure(answer.of(name), measure).groupby("period", sort=False)["value"]
        low, high = (grouped.quantile(share) for share in COVERAGE)
        table = pd.DataFrame({"value": grouped.mean(), "low": low, "high": high}).reset_index()
        parts.append(table.assign(scenario=name))
    return pd.concat(parts, ignore_index=True)[["scenario", "period", "value", "low", "high"]]


def changes_in(answer: Answer, measures: tuple[str, ...], period: str) -> pd.DataFrame:
    """What the redesign changes in these measures in one year, in their order.

    Returns
    -------
    DataFrame as `compare.differences`.
    """
    table = compare.differences(answer.baseline, answer.scenario)
    table = table[table["period"] == period].set_index("measure")
    return table.loc[[name for name in measures if name in table.index]].reset_index()


def by_locality(answer: Answer, measure: str, period: str) -> pd.DataFrame:
    """What the redesign changes in one measure and year, in each locality."""
    table = compare.differences(answer.baseline, answer.scenario, by_locality=True)
    table = table[(table["measure"] == measure) & (table["period"] == period)]
    return table.reset_index(drop=True)


def savings(answer: Answer, payers: tuple[str, ...] = ()) -> pd.DataFrame:
    """`compare.savings` of the two."""
    return compare.savings(answer.baseline, answer.scenario, payers)


def saving_by_payer(answer: Answer) -> pd.DataFrame:
    """Who gains and who pays over the whole run, programme costs included.

    Returns
    -------
    DataFrame with payer, net_gbp (positive is saved), low_gbp, high_gbp, chance_of_saving;
    who pays most comes first.
    """
    funders = answer.scenario.programme.get("payer", pd.Series(dtype=str))
    payers = dict.fromkeys([*answer.baseline.costs["payer"], *funders])
    rows = []
    for payer in payers:
        last = savings(answer, (payer,)).iloc[-1]
        rows.append(
            {
                "payer": payer,
                "net_gbp": last["cumulative_gbp"],
                "low_gbp": last["cumulative_low_gbp"],
                "high_gbp": last["cumulative_high_gbp"],
                "chance_of_saving": last["chance_of_saving"],
            }
        )
    return pd.DataFrame(rows).sort_values("net_gbp", ignore_index=True)


def council_by_cashability(answer: Answer) -> pd.DataFrame:
    """How the council's spending on services changes, by whether the money can be banked.

    Returns
    -------
    DataFrame with payer, cashability, baseline_gbp, scenario_gbp, difference_gbp, low_gbp,
    high_gbp; services only, the whole run; below zero is less spent.
    """
    by = ("payer", "cashability")
    table = compare.cost_differences(answer.baseline, answer.scenario, by)
    return table[table["payer"].isin(compare.COUNCIL)].reset_index(drop=True)


def spending_by_stage(answer: Answer) -> pd.DataFrame:
    """How everybody's spending on services changes, by stage, over the whole run."""
    table = compare.cost_differences(answer.baseline, answer.scenario, ("stage",))
    changed = table[(table["baseline_gbp"] > 0) | (table["scenario_gbp"] > 0)]
    order = {stage: place for place, stage in enumerate(STAGES)}
    return changed.sort_values("stage", key=lambda each: each.map(order), ignore_index=True)


def fit_index(check: pd.DataFrame) -> pd.DataFrame:
    """A check's rows with every figure as a percentage of the published mean.

    Rows whose published figures are not all above zero (a change in a stock) have no such
    percentage and are left out.

    Returns
    -------
    DataFrame with measure, low, high (of the published years), simulated, simulated_low,
    simulated_high, inside, used_as_input.
    """
    table = check[(check["published"] > 0) & (check["low"] > 0)]
    percent = 100.0 / table["published"]
    ends = pd.DataFrame(table["interval"].tolist(), index=table.index)
    return pd.DataFrame(
        {
            "measure": table["measure"],
            "low": table["low"] * percent,
            "high": table["high"] * percent,
            "simulated": table["simulated"] * percent,
            "simulated_low": ends[0] * percent,
            "simulated_high": ends[1] * percent,
            "inside": table["inside"],
            "used_as_input": table["used_as_input"],
        }
    ).reset_index(drop=True)


def _measure(results: Results, measure: str, period: str = "") -> pd.DataFrame:
    """The rows of one measure, in all years or in one."""
    table = results.measures
    table = table[table["measure"] == measure]
    return table[table["period"] == period] if period else table


__all__ = [
    "Answer",
    "Question",
    "Redesign",
    "by_locality",
    "changes_in",
    "council_by_cashability",
    "counted_in",
    "digest_of",
    "fit_index",
    "flows_in",
    "pools_in",
    "saving_by_payer",
    "savings",
    "spending_by_stage",
    "stages_in",
    "trend",
]
