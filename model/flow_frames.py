"""Families moving through the pathway: a sample of one simulated future, ready to be animated.

One replication at central values is run under today's arrangements and under a redesign, for the
same families with the same luck. Of the families of a *group* (those who reach early help, say)
the same few hundred are taken from both logs, by a hash of their numbers, and each is followed
from place to place. A *place* is one or more stages of the pathway. Families are invented; a
family in the sample stands for nobody.

Positions are known by day. What runs beside a stage (court proceedings, a repeated assessment)
moves nobody. This module draws nothing, and says nothing of how sure anything is: one future is
no evidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model import luck
from model.episodes import CASES_PER_FAMILY, OPEN, STAGE_CODE, STAGE_CODES, EpisodeLog
from model.futures import ready
from model.pathway import BESIDE, RETURN, STEP_DOWN
from model.questions import Question
from model.results import Sampling
from model.simulate import replicate

MOST_FAMILIES = 240
REPLICATION = 0
PURPOSE = "flow_sample"
AWAY = -1  # not yet known, gone, or (a child) at home with the family
MINUTES_A_DAY = 1440

Ints = NDArray[np.int64]
Moves = tuple[tuple[int, int], ...]  # (day, place) in order; each holds until the next


@dataclass(frozen=True)
class Place:
    """Where a family or a child can be seen: one or more stages.

    Attributes
    ----------
    name, title : of the place. stages : that it sums.
    """

    name: str
    title: str
    stages: tuple[str, ...]


PLACES: tuple[Place, ...] = (
    Place("front_door", "Front door", ("contact", "screening")),
    Place("offered", "Offered early help or waiting", ("early_help_offer", "early_help_wait")),
    Place("early_help", "In early help", ("early_help_assessment", "early_help_plan")),
    Place("assessment", "Referral and assessment", ("referral", "assessment")),
    Place("child_in_need", "Child in need plan", ("child_in_need_plan",)),
    Place("section_47", "Section 47 enquiry", ("section_47",)),
    Place(
        "protection",
        "Child protection plan or pre-proceedings",
        ("child_protection_plan", "pre_proceedings"),
    ),
    Place("looked_after", "Looked after", ("looked_after",)),
    Place("after_care", "After care", ("after_care",)),
    Place("step_down", "Step-down", (STEP_DOWN,)),
    Place("closed", "Closed, may come back", (RETURN,)),
)
EARLY_HELP = ("offered", "early_help")
SOCIAL_CARE = ("assessment", "child_in_need", "section_47", "protection")
CARE = ("looked_after",)

BEYOND, EVERYONE, IN_CARE, DIFFERENT = "beyond", "everyone", "care", "different"
# Which families are followed, and how the group is called.
GROUPS: dict[str, str] = {
    BEYOND: "Families who go beyond the front door",
    DIFFERENT: "Families whose path the redesign changes",
    IN_CARE: "Families with a child in care",
    EVERYONE: "Every family in contact with services",
}
OF_GROUP: dict[str, tuple[str, ...]] = {
    BEYOND: EARLY_HELP + SOCIAL_CARE + CARE,
    IN_CARE: CARE,
    EVERYONE: tuple(one.name for one in PLACES if one.name not in ("closed", "after_care")),
}


@dataclass(frozen=True)
class Flow:
    """A sample of families, followed under two arrangements.

    Attributes
    ----------
    group : of `GROUPS`. start : first day. days : of the run.
    titles : of the arrangements, today's first.
    in_group : families of the group in this future; the sample is of `families` of them.
    family : for each traveller its family's number in the sample; a traveller is a family, or a
        child in care. child : for each traveller 0 for a family, else which child.
    moves : by arrangement, then by traveller.
    """

    group: str
    start: date
    days: int
    titles: tuple[str, str]
    in_group: int
    family: tuple[int, ...]
    child: tuple[int, ...]
    moves: tuple[tuple[Moves, ...], ...]

    @property
    def families(self) -> int:
        """Families in the sample."""
        return len(set(self.family))


@dataclass(frozen=True)
class LookAtFlow:
    """An errand: the flows of every group of families, for one redesign beside today.

    Attributes
    ----------
    question : about one redesign. digest : of the numbers behind it.
    """

    question: Question
    digest: str

    def bring(self) -> dict[str, Flow]:
        """Run both arrangements once and take the samples, by group."""
        plans = ready(self.question)[:2]
        seed = self.question.sampling.seed
        logs = [replicate(plan, seed, REPLICATION) for plan in plans]
        titles = (plans[0].inputs.scenario.title, plans[1].inputs.scenario.title)
        return {group: flow_of(logs, titles, group, seed) for group in GROUPS}


def request(question: Question, digest: str, redesign: int = 0) -> LookAtFlow:
    """The errand for a question; how many futures it asks for makes no difference.

    Parameters
    ----------
    redesign : which of the question's redesigns.
    """
    chosen = question.redesigns[redesign]
    seed = question.sampling.seed
    one = replace(
        question,
        scenario=chosen.name,
        text=chosen.text,
        beside=(),
        sampling=Sampling(1, 0, seed),
        until_enough=False,
    )
    return LookAtFlow(one, digest)


def flow_of(
    logs: Sequence[EpisodeLog],
    titles: tuple[str, str],
    group: str,
    seed: int,
    most: int = MOST_FAMILIES,
) -> Flow:
    """The same sample of families in two logs.

    Parameters
    ----------
    logs : of one replication under both arrangements. titles : of these.
    group : of `GROUPS`. seed : of the run. most : families in the sample.
    """
    every = families_in(logs, group)
    chosen = sampled(every, seed, most)
    cases = np.unique(np.concatenate([_cases_of(log, chosen) for log in logs]))
    moves = tuple(_moves_of(log, cases) for log in logs)
    first = logs[0]
    return Flow(
        group,
        date.fromisoformat(first.start_date),
        first.horizon_minutes // MINUTES_A_DAY,
        titles,
        len(every),
        tuple(np.searchsorted(chosen, cases // CASES_PER_FAMILY).tolist()),
        tuple((cases % CASES_PER_FAMILY).tolist()),
        moves,
    )


def families_in(logs: Sequence[EpisodeLog], group: str) -> Ints:
    """Numbers of the families of a group, under either arrangement, in order."""
    if group == DIFFERENT:
        return _different(logs[0], logs[1])
    stages = [stage for one in PLACES if one.name in OF_GROUP[group] for stage in one.stages]
    codes = [STAGE_CODE[stage] for stage in stages]
    found = [
        log.column("case")[np.isin(log.column("stage"), codes)] // CASES_PER_FAMILY for log in logs
    ]
    return np.unique(np.concatenate(found))


def sampled(families: Ints, seed: int, most: int = MOST_FAMILIES) -> Ints:
    """At most so many of these families, by a hash of their numbers: the same in every run."""
    keys = luck.case_keys(luck.run_key(seed, REPLICATION), families * CASES_PER_FAMILY)
    order = np.argsort(luck.uniforms(keys, PURPOSE), kind="stable")
    return np.sort(families[order[:most]])


def month_ends(flow: Flow) -> list[date]:
    """The last day of each month of the run."""
    last = flow.start + timedelta(days=flow.days - 1)
    months = pd.date_range(flow.start, last, freq="ME")
    return [day.date() for day in months]


def by_month(flow: Flow) -> pd.DataFrame:
    """Where the sample is at the end of each month.

    Returns
    -------
    DataFrame with arrangement, month (its last day), place (title), families, children (in care;
    elsewhere they are with their family).
    """
    ends = month_ends(flow)
    days = np.array([(day - flow.start).days for day in ends])
    children = np.array(flow.child) > 0
    parts = []
    for title, moves in zip(flow.titles, flow.moves, strict=True):
        at = np.array([places_at(one, days) for one in moves]).reshape(len(moves), len(days))
        for number, place in enumerate(PLACES):
            there = at == number
            parts.append(
                pd.DataFrame(
                    {
                        "arrangement": title,
                        "month": ends,
                        "place": place.title,
                        "families": there[~children].sum(axis=0),
                        "children": there[children].sum(axis=0),
                    }
                )
            )
    return pd.concat(parts, ignore_index=True)


def places_at(moves: Moves, days: Ints) -> Ints:
    """Where a traveller is at the end of each of these days; AWAY before the first move."""
    if not moves:
        return np.full(len(days), AWAY)
    when, where = np.array(moves).T
    found = np.searchsorted(when, days, side="right") - 1
    return np.where(found >= 0, where[found], AWAY)


def as_json(flow: Flow) -> dict[str, object]:
    """What a player needs, small: each traveller's moves as one list of day, place, day, place."""
    return {
        "group": flow.group,
        "start": flow.start.isoformat(),
        "days": flow.days,
        "titles": list(flow.titles),
        "places": [[one.name, one.title] for one in PLACES],
        "family": list(flow.family),
        "child": list(flow.child),
        "moves": [
            [[number for move in one for number in move] for one in moves] for moves in flow.moves
        ],
    }


def _cases_of(log: EpisodeLog, families: Ints) -> Ints:
    """The cases of these families that the log follows."""
    case = log.column("case")
    return np.unique(case[np.isin(case // CASES_PER_FAMILY, families) & _followed(log)])


def _followed(log: EpisodeLog) -> NDArray[np.bool_]:
    """Rows of stages that are places; what runs beside a stage is none."""
    beside = [STAGE_CODE[name] for name in BESIDE]
    return ~np.isin(log.column("stage"), beside)


def _moves_of(log: EpisodeLog, cases: Ints) -> tuple[Moves, ...]:
    """The moves of each case, in the order of `cases`."""
    place_of = np.full(len(STAGE_CODES), AWAY)
    for number, place in enumerate(PLACES):
        place_of[[STAGE_CODE[stage] for stage in place.stages]] = number
    case = log.column("case")
    keep = np.flatnonzero(np.isin(case, cases) & _followed(log))
    order = keep[np.lexsort((log.column("nth")[keep], log.column("start")[keep], case[keep]))]
    start, end = log.column("start")[order], log.column("end")[order]
    where, at = place_of[log.column("stage")[order]], np.searchsorted(cases, case[order])
    bounds = np.searchsorted(at, np.arange(len(cases) + 1))
    return tuple(
        _moves(start[first:last].tolist(), end[first:last].tolist(), where[first:last].tolist())
        for first, last in pairwise(bounds)
    )


def _moves(starts: list[int], ends: list[int], places: list[int]) -> Moves:
    """The moves of one case from its stays in order; a stay that goes on is one move."""
    found: list[tuple[int, int]] = []
    for number, (start, end, place) in enumerate(zip(starts, ends, places, strict=True)):
        if not found or found[-1][1] != place:
            found.append((start // MINUTES_A_DAY, place))
        goes_on = number + 1 < len(starts) and starts[number + 1] == end
        if end != OPEN and not goes_on:
            found.append((end // MINUTES_A_DAY, AWAY))
    return tuple(found)


def _different(one: EpisodeLog, other: EpisodeLog) -> Ints:
    """Families whose stays are not the same in both logs."""
    families = [log.column("case")[_followed(log)] // CASES_PER_FAMILY for log in (one, other)]
    every = np.unique(np.concatenate(families))
    sums = [
        _sum_of_stays(log, family, every)
        for log, family in zip((one, other), families, strict=True)
    ]
    return every[sums[0] != sums[1]]


def _sum_of_stays(log: EpisodeLog, family: Ints, every: Ints) -> NDArray[np.uint64]:
    """A number for each family that tells its stays apart from other ones."""
    keep = _followed(log)
    found = np.zeros(len(family), np.uint64)
    for name in ("case", "start", "stage", "end"):
        found = luck.mix_array(found + log.column(name)[keep].astype(np.uint64))
    total = np.zeros(len(every), np.uint64)
    np.add.at(total, np.searchsorted(every, family), found)
    return total
