"""The assumptions to look at first: weak evidence, and the saving goes with them.

How much the saving goes with an assumption is its rank correlation over the futures that are
there already (`how_sure.ranking`), so it costs no run and is no answer by itself: with few draws
some go together by chance, and the table says which. It is an errand, because getting a comparison
ready takes a second or two.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from model.answers import Answer
from model.futures import ready
from model.how_sure.assumptions import assumptions_of
from model.how_sure.one_way import saving_of_council
from model.how_sure.ranking import rank_correlations
from model.questions import Question
from model.results import Sampling

# How little a grade bears, for the order of the list; numbers of no meaning but their order.
WEAKNESS: dict[str, int] = {
    "assumption": 3,
    "recalled": 3,
    "weak": 3,
    "fitted": 2,
    "moderate": 2,
    "strong": 1,
    "definition": 0,
}


@dataclass(frozen=True)
class RankAssumptions:
    """An errand: every assumption of a comparison, the weak and influential first.

    Attributes
    ----------
    question : about one redesign. digest : of the numbers behind it.
    saving : of the council in each future, pounds. sampling : of these futures.
    """

    question: Question
    digest: str
    saving: tuple[float, ...]
    sampling: Sampling

    def bring(self) -> pd.DataFrame:
        """Make the comparison ready, run nothing, and rank."""
        plans = ready(self.question)[:2]
        chosen = assumptions_of(plans)
        joint = plans[0].inputs.parameters.posterior
        table = rank_correlations(chosen, np.array(self.saving), self.sampling, joint)
        own = {one.key for one in chosen if one.of_redesign}
        return ordered(table.assign(of_redesign=table["key"].isin(own)))


def request(answer: Answer) -> RankAssumptions:
    """The errand for an answer."""
    question = replace(answer.question, beside=())
    saving = saving_of_council(answer.baseline, answer.scenario)
    return RankAssumptions(question, answer.digest, tuple(saving.tolist()), answer.sampling)


def ordered(table: pd.DataFrame) -> pd.DataFrame:
    """The list to read from the top.

    Those that are told from chance come first, then the effects of help and what the redesign
    itself states, then the others; among equals the weakest grade, then what goes with the saving
    most.

    Parameters
    ----------
    table : as `rank_correlations`, with of_redesign.
    """
    keys = pd.DataFrame(
        {
            "by_chance": table["by_chance"].astype(bool),
            "others": ~table["of_redesign"].astype(bool),
            "weakness": -table["grade"].map(WEAKNESS),
            "size": -table["correlation"].abs(),
        }
    )
    return table.loc[keys.sort_values(list(keys), kind="stable").index].reset_index(drop=True)
