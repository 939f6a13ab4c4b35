"""How sure: which assumptions move the answer, how weak the effect, how low the uptake may be.

Each analysis is a list of runs, to be done by whoever runs them, and a table of what they gave.
"""

from model.how_sure.assumptions import Assumption, assumptions_of
from model.how_sure.one_way import (
    OneWayRun,
    one_way_runs,
    one_way_table,
    plans_of,
    results_of_run,
    run_one_way,
    saving_of_council,
)
from model.how_sure.ranking import rank_correlations, worth_a_run
from model.how_sure.strength import (
    STRENGTHS,
    breaks_even_at,
    plans_at,
    run_strengths,
    strength_says,
    strength_table,
)
from model.how_sure.uptake import run_uptake, uptake_says, with_odds_of_declining
from model.how_sure.worlds import moved, weakened, weakens

__all__ = [
    "STRENGTHS",
    "Assumption",
    "OneWayRun",
    "assumptions_of",
    "breaks_even_at",
    "moved",
    "one_way_runs",
    "one_way_table",
    "plans_at",
    "plans_of",
    "rank_correlations",
    "results_of_run",
    "run_one_way",
    "run_strengths",
    "run_uptake",
    "saving_of_council",
    "strength_says",
    "strength_table",
    "uptake_says",
    "weakened",
    "weakens",
    "with_odds_of_declining",
    "worth_a_run",
]
