"""The pathway as a map: a card for each stage, and arrows between them.

The stages, their order and where they lead come from `model.pathway`; only the place of each
card is said here, and a stage without a place is an error. It is handed one table of stages and
one of flows and computes no figure. `narrow` lists the cards for a phone (HTML);
`model.pathway_svg` draws the map for a desk and for print.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

import pandas as pd

from model.pathway import BESIDE, GONE, PATHWAY, REJOINS_FAMILY, RETURN, SAME_STAGE, STEP_DOWN
from model.wording import millions, stage_label, whole

# Each stage's lane (a column of the map) and row; the front door stands above all lanes.
FRONT_DOOR, EARLY_HELP, SOCIAL_CARE, PROTECTION, CARE = (
    "Front door",
    "Early help",
    "Social care",
    "Child protection",
    "Care",
)
LANES = (EARLY_HELP, SOCIAL_CARE, PROTECTION, CARE)
PLACES: dict[str, tuple[str, float, float]] = {
    "contact": (FRONT_DOOR, 0.0, 0),
    "screening": (FRONT_DOOR, 1.0, 0),
    RETURN: (FRONT_DOOR, 2.5, 0),
    "early_help_offer": (EARLY_HELP, 0, 1),
    "early_help_wait": (EARLY_HELP, 0, 2),
    "early_help_assessment": (EARLY_HELP, 0, 3),
    "early_help_plan": (EARLY_HELP, 0, 4),
    "referral": (SOCIAL_CARE, 1, 1),
    "assessment": (SOCIAL_CARE, 1, 2),
    "child_in_need_plan": (SOCIAL_CARE, 1, 3),
    STEP_DOWN: (SOCIAL_CARE, 1, 4),
    "section_47": (PROTECTION, 2, 2),
    "child_protection_plan": (PROTECTION, 2, 3),
    "pre_proceedings": (PROTECTION, 2, 4),
    "looked_after": (CARE, 3, 3),
    "after_care": (CARE, 3, 4),
}
BESIDE_LANES = {"reassessment": SOCIAL_CARE, "care_proceedings": CARE}

FEWEST = 0.002  # of the widest arrow; fewer are in the table only


@dataclass(frozen=True)
class Card:
    """One stage on the map: its figures as text."""

    stage: str
    title: str
    entering: str
    open: str
    wait: str
    gbp: str
    leaving: str


@dataclass(frozen=True)
class Arrow:
    """Families (or children, into and out of care) that go from one stage to another."""

    start: str
    end: str
    count: float


def lane_of(stage: str) -> str:
    """The part of the pathway that a stage belongs to."""
    return PLACES[stage][0] if stage in PLACES else BESIDE_LANES[stage]


def check_places() -> None:
    """Every stage of the declaration has its place on the map, and no other has.

    Raises ValueError.
    """
    names = {stage.name for stage in PATHWAY}
    if names != set(PLACES) or set(BESIDE) != set(BESIDE_LANES):
        odd = sorted((names ^ set(PLACES)) | (set(BESIDE) ^ set(BESIDE_LANES)))
        raise ValueError(f"stages without a place on the map, or places without a stage: {odd}")


def cards(stages: pd.DataFrame, flows: pd.DataFrame) -> list[Card]:
    """A card for each stage.

    Parameters
    ----------
    stages : as `answers.stages_in`. flows : as `answers.flows_in`.
    """
    check_places()
    away = flows[flows["to"] == RETURN].groupby("stage")["families"].sum()
    found = []
    for row in stages.itertuples():
        if row.stage not in PLACES:
            continue
        in_care = row.stage in ("looked_after", "after_care")
        enter = f"{whole(row.families)} families · {whole(row.children)} children"
        there = f"{whole(row.families_open)} families there at year end"
        if row.families_open < 1:
            there = ""
        if in_care:
            enter = f"{whole(row.children)} children enter"
            there = f"{whole(row.children_open)} children there at year end"
        if row.stage == RETURN:
            there = "after advice, help or a plan"
        leaving = away.get(row.stage, 0.0)
        found.append(
            Card(
                row.stage,
                stage_label(row.stage),
                enter,
                there,
                wait_in_words(row),
                millions(row.gbp) if row.gbp > 0 else "",
                f"{whole(leaving)} leave and may come back" if leaving >= 1 else "",
            )
        )
    return found


def wait_in_words(row: object) -> str:
    """In how long 50%, and 90%, of those served were taken up; empty where nobody waits."""
    stage = getattr(row, "stage", "")
    half, most = getattr(row, "median_working_days", 0.0), getattr(row, "p90_working_days", 0.0)
    if stage == "screening":
        half, most = getattr(row, "median_hours", 0.0), getattr(row, "p90_hours", 0.0)
        return f"wait: 50% in {half:.0f} h, 90% in {most:.0f} h" if most > 0 else ""
    if stage not in ("early_help_wait", "assessment", "child_in_need_plan"):
        return ""
    if math.isnan(most):
        return ""
    if most <= 0:
        return "no wait for a worker"
    return f"wait: 50% in {half:.0f}, 90% in {most:.0f} days"


def arrows(flows: pd.DataFrame) -> list[Arrow]:
    """Where families go, those who leave or start the same stage again left out."""
    found: dict[tuple[str, str], float] = {}
    for row in flows.itertuples():
        to = STEP_DOWN if row.to == REJOINS_FAMILY else row.to
        if to in ("", GONE, RETURN, SAME_STAGE):
            continue
        in_children = row.splits or row.stage in ("looked_after", "after_care")
        key = (row.stage, to)
        found[key] = found.get(key, 0.0) + (row.children if in_children else row.families)
    return [Arrow(start, end, count) for (start, end), count in found.items()]


def drawn(every: Iterable[Arrow]) -> tuple[list[Arrow], float]:
    """The arrows wide enough to draw, and the smallest count that is."""
    known = list(every)
    most = max((arrow.count for arrow in known), default=0.0)
    least = math.ceil(most * FEWEST)
    return [arrow for arrow in known if arrow.count >= least and not is_detour(arrow)], least


def is_detour(arrow: Arrow) -> bool:
    """An arrow that skips the front door downwards; the table has it."""
    return arrow.start == "contact" and lane_of(arrow.end) not in (FRONT_DOOR, EARLY_HELP)


def heading(name: str, cost: pd.Series) -> str:
    """A lane's name with its yearly cost."""
    return f"{name}: {millions(float(cost.get(name, 0.0)))} a year"


def narrow(stages: pd.DataFrame, flows: pd.DataFrame) -> str:
    """The same figures as a list of cards, for a narrow screen (HTML)."""
    every = {card.stage: card for card in cards(stages, flows)}
    onward: dict[str, list[Arrow]] = {}
    for arrow in drawn(arrows(flows))[0]:
        onward.setdefault(arrow.start, []).append(arrow)
    cost = stages.groupby(stages["stage"].map(lane_of))["gbp"].sum()
    parts = []
    for lane in (FRONT_DOOR, *LANES):
        parts.append(f'<h4 class="fp-lane">{escape(heading(lane, cost))}</h4>')
        here = [stage.name for stage in PATHWAY if lane_of(stage.name) == lane]
        parts += [card_html(every[name], onward.get(name, [])) for name in here]
    return "".join(parts)


def card_html(card: Card, onward: list[Arrow]) -> str:
    """A stage's card with where its families go on to."""
    body = [line for line in (card.entering, card.open, card.wait, card.leaving) if line]
    rows = "".join(f"<div>{escape(line)}</div>" for line in body)
    to = "".join(
        f"<li>{whole(one.count)} to {escape(stage_label(one.end).lower())}</li>"
        for one in sorted(onward, key=lambda arrow: -arrow.count)
    )
    return (
        f'<div class="fp-card"><div class="fp-card-head"><b>{escape(card.title)}</b>'
        f"<b>{escape(card.gbp)}</b></div>{rows}{f'<ul>{to}</ul>' if to else ''}</div>"
    )
