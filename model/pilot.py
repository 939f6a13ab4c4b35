"""The Stockport pilot of 2011 replayed: four weeks, one officer of five, 87 cases.

A plausibility check and no validation: the split of the cases is an input, and their number
hangs on how many children a contacted family has. The range is worked out from the parameters'
own uncertainty before anything is run.
"""

from __future__ import annotations

from concurrent.futures import Executor

import numpy as np
import pandas as pd

from model import luck, network, published
from model.engines.choice import engine_named
from model.episodes import ATTRIBUTE_SHIFT, OUTCOME_CODE, STAGE_CODE, EpisodeLog
from model.inputs import Inputs, resolve
from model.network import Network
from model.pathway import ATTRIBUTES
from model.starting import Opening

SCENARIO = "stockport_pilot"
WEEKS, SETTLING_WEEKS = 4, 4
WEEK = 7 * 24 * 60
OUTCOMES = {
    "pilot_early_help_recommendations": "early_help_recommendation",
    "pilot_universal_recommendations": "universal_recommendation",
    "pilot_already_open": "already_open",
}
TOTAL = "pilot_cases_on_pathway"
SAYS = (
    "The Stockport pilot replayed (four weeks, one officer of five on the new practice): a "
    "plausibility check, the split is an input. The range was fixed before the run, from the "
    "uncertainty of contacts and of children per family."
)


def expected(opening: Opening, inputs: Inputs) -> dict[str, tuple[float, float, float]]:
    """Cases in four weeks worked out from the inputs alone: central, low and high.

    Low and high multiply the ranges of the volume of contacts and of children per family.
    """
    contacts = opening.steady.flow_into(STAGE_CODE["screening"]) * WEEKS * 7 / 365.25
    one_officer = float(inputs.number("screening.adopters_share")) * contacts
    practice = ATTRIBUTES["practice"].index("below_threshold")
    ends = inputs.shares("screening.ends")[practice, :, 0, :]
    needs = needs_at_screening(opening)
    outcomes = inputs.outcomes("screening.ends")
    low, high = 1.0, 1.0
    for name in ("population.contacts_per_10000", "population.children_per_family"):
        uncertainty = inputs.parameters[name].uncertainty
        low, high = low * float(uncertainty.low or 1.0), high * float(uncertainty.high or 1.0)
    found = {}
    for measure, outcome in OUTCOMES.items():
        central = one_officer * float((needs * ends[:, outcomes.index(outcome)]).sum())
        found[measure] = (central, central * low, central * high)
    totals = np.array(list(found.values())).sum(axis=0)
    return {TOTAL: (float(totals[0]), float(totals[1]), float(totals[2])), **found}


def needs_at_screening(opening: Opening) -> np.ndarray:
    """Shares of the families screened at each level of need, in the steady state."""
    steady = opening.steady
    flows = np.zeros(len(ATTRIBUTES["need"]))
    for position in steady.of_stage(STAGE_CODE["screening"]):
        need = steady.nodes[position][1] >> ATTRIBUTE_SHIFT["need"] & 15
        flows[need] += steady.flows[position]
    return flows / flows.sum()


def count(log: EpisodeLog) -> dict[str, int]:
    """Families put on the pathway by the new practice in four weeks, after four to settle."""
    since, until = SETTLING_WEEKS * WEEK, (SETTLING_WEEKS + WEEKS) * WEEK
    end = log.column("end")
    chosen = (log.column("stage") == STAGE_CODE["screening"]) & (end >= since) & (end < until)
    chosen &= log.attribute("practice") == ATTRIBUTES["practice"].index("below_threshold")
    outcome = log.column("outcome")[chosen]
    found = {m: int((outcome == OUTCOME_CODE[name]).sum()) for m, name in OUTCOMES.items()}
    return {TOTAL: sum(found.values()), **found}


def one(
    opening: Opening, inputs: Inputs, built: Network, seed: int, replication: int
) -> dict[str, int]:
    """One replay."""
    cases = opening.cases(inputs, built, luck.run_key(seed, replication))
    return count(engine_named()(built, cases, seed, replication))


def replay(
    opening: Opening, replications: int, seed: int, executor: Executor | None = None
) -> pd.DataFrame:
    """The pilot's figures beside the model's.

    Returns
    -------
    DataFrame with the columns measure, published, expected, expected_low, expected_high (fixed
    before the run), simulated, low, high (80% of replications), inside (published within the
    range fixed before).
    """
    usual = opening.inputs
    inputs = resolve(usual.area.name, SCENARIO, start=usual.start, years=1)
    short = Opening(resolve(usual.area.name, start=usual.start, years=1), opening.network)
    built = network.build(inputs, short.inputs)
    before = expected(short, inputs)
    if executor is None:
        runs = [one(short, inputs, built, seed, number) for number in range(replications)]
    else:
        futures = [
            executor.submit(one, short, inputs, built, seed, number)
            for number in range(replications)
        ]
        runs = [future.result() for future in futures]
    counted = pd.DataFrame(runs)
    figures = published.of_area(published.load(), usual.area.name)
    rows = []
    for name, (central, low, high) in before.items():
        known = float(figures.loc[name].dropna().iloc[-1])
        rows.append(
            {
                "measure": name,
                "published": known,
                "expected": central,
                "expected_low": low,
                "expected_high": high,
                "simulated": float(counted[name].mean()),
                "low": float(counted[name].quantile(0.1)),
                "high": float(counted[name].quantile(0.9)),
                "inside": low <= known <= high,
            }
        )
    return pd.DataFrame(rows)
