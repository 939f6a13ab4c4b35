"""The pathway as a drawn map: a card for each stage, arrows as wide as the families they carry.

The stages, their order and where they lead come from `model.pathway`; only the place of each
card on the page is said here, and a stage without a place is an error. It is handed one table of
stages and one of flows, and computes no figure. Wide for a desk and for print (SVG); narrow, as
a list of cards, for a phone (HTML).
"""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from itertools import pairwise

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

WIDTH, MARGIN, CARD_W, CARD_H = 1160, 12, 218, 108
COLUMN, ROW, TOP, BELOW_DOOR, LANE_FOOT = 304, 156, 40, 36, 40
WIDEST, THINNEST, FEWEST = 11.0, 1.2, 0.002
INK, QUIET, LINE, LANE, CARD, EDGE = (
    "#0B0C0C",
    "#505A5F",
    "#7A93AC",
    "#F3F5F7",
    "#FFFFFF",
    "#12436D",
)
FONT = "'Source Sans', 'Source Sans Pro', Arial, 'Liberation Sans', sans-serif"


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

    @property
    def x(self) -> float:
        """The left edge."""
        return MARGIN + 8 + PLACES[self.stage][1] * COLUMN

    @property
    def y(self) -> float:
        """The upper edge."""
        row = PLACES[self.stage][2]
        return TOP + row * ROW + (BELOW_DOOR if row else 0)


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
    """How long half, and nine in ten, of those served had waited; empty where nobody waits."""
    stage = getattr(row, "stage", "")
    half, most = getattr(row, "median_working_days", 0.0), getattr(row, "p90_working_days", 0.0)
    if stage == "screening":
        half, most = getattr(row, "median_hours", 0.0), getattr(row, "p90_hours", 0.0)
        return f"wait: half {half:.0f} h, 9 in 10 {most:.0f} h" if most > 0 else ""
    if stage not in ("early_help_wait", "assessment", "child_in_need_plan"):
        return ""
    if math.isnan(most):
        return ""
    return f"wait: half {half:.0f}, 9 in 10 {most:.0f} days" if most > 0 else "no wait for a worker"


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


def svg(stages: pd.DataFrame, flows: pd.DataFrame, alt: str) -> str:
    """The wide map as an SVG document.

    Parameters
    ----------
    stages : as `answers.stages_in`. flows : as `answers.flows_in`. alt : the map in words.
    """
    every = cards(stages, flows)
    by_name = {card.stage: card for card in every}
    shown, least = drawn(arrows(flows))
    most = max((arrow.count for arrow in shown), default=1.0)
    height = TOP + 4 * ROW + BELOW_DOOR + CARD_H + LANE_FOOT + 44
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" '
        f'width="{WIDTH}" height="{height:.0f}" font-family="{FONT}" role="img">',
        f"<title>{escape(alt)}</title>",
        f'<rect width="{WIDTH}" height="{height:.0f}" fill="#FFFFFF"/>',
        *lanes(stages),
    ]
    ends = ports(shown, by_name)
    lines = [link(arrow, by_name, ends, most) for arrow in shown]
    parts += [line for line, _ in lines]
    parts += [card_svg(card) for card in every]
    parts += [label for _, label in lines]
    note = (
        "Families a year along each arrow; children where they enter or leave care. "
        f"Arrows with fewer than {least:.0f} a year are in the table only."
    )
    parts.append(text(MARGIN + 8, height - 16, note, 13, QUIET))
    return "".join([*parts, "</svg>"])


def lanes(stages: pd.DataFrame) -> list[str]:
    """The lanes with their names and what each costs."""
    cost = stages.groupby(stages["stage"].map(lane_of))["gbp"].sum()
    found = [text(MARGIN + 8, TOP - 14, heading(FRONT_DOOR, cost), 16, INK, "bold")]
    y = TOP + ROW + BELOW_DOOR - 14
    height = 3 * ROW + CARD_H + LANE_FOOT + 10
    for place, name in enumerate(LANES):
        x = MARGIN + place * COLUMN - 6
        found.append(
            f'<rect x="{x:.0f}" y="{y}" width="{CARD_W + 28}" height="{height}" rx="10" '
            f'fill="{LANE}"/>'
        )
        found.append(text(x + 14, y + height - 14, heading(name, cost), 16, INK, "bold"))
    return found


def heading(name: str, cost: pd.Series) -> str:
    """A lane's name with its yearly cost."""
    return f"{name}: {millions(float(cost.get(name, 0.0)))} a year"


def ports(shown: list[Arrow], by_name: dict[str, Card]) -> dict[tuple[Arrow, str], float]:
    """Where on a card's side each arrow is attached, so that none lies on another."""
    sides: dict[tuple[str, str], list[tuple[float, Arrow, str]]] = {}
    for arrow in shown:
        start, end = by_name[arrow.start], by_name[arrow.end]
        leave, arrive = directions(start, end)
        along = "x" if leave in ("top", "bottom") else "y"
        sides.setdefault((arrow.start, leave), []).append((getattr(end, along), arrow, "start"))
        sides.setdefault((arrow.end, arrive), []).append((getattr(start, along), arrow, "end"))
    found: dict[tuple[Arrow, str], float] = {}
    for members in sides.values():
        members.sort(key=lambda member: (member[0], member[1].start, member[2]))
        for place, (_, arrow, which) in enumerate(members, start=1):
            found[arrow, which] = place / (len(members) + 1)
    return found


def directions(start: Card, end: Card) -> tuple[str, str]:
    """The sides on which an arrow leaves and arrives."""
    if start.x == end.x:
        return ("bottom", "top") if end.y > start.y else ("top", "bottom")
    if start.stage == "screening" and end.y > start.y:
        return "bottom", "top"
    if start.stage == "contact" and end.stage == "early_help_offer":
        return "bottom", "top"
    return ("right", "left") if end.x > start.x else ("left", "right")


def anchor(card: Card, side: str, share: float) -> tuple[float, float]:
    """A point on a card's side."""
    if side in ("top", "bottom"):
        return card.x + CARD_W * share, card.y + (CARD_H if side == "bottom" else 0)
    return card.x + (CARD_W if side == "right" else 0), card.y + CARD_H * share


def link(
    arrow: Arrow,
    by_name: dict[str, Card],
    ends: dict[tuple[Arrow, str], float],
    most: float,
) -> tuple[str, str]:
    """An arrow as a line, and its count as a label."""
    start, end = by_name[arrow.start], by_name[arrow.end]
    leave, arrive = directions(start, end)
    x1, y1 = anchor(start, leave, ends[arrow, "start"])
    x2, y2 = anchor(end, arrive, ends[arrow, "end"])
    width = max(THINNEST, WIDEST * math.sqrt(arrow.count / most))
    tip = 5 + width * 0.7
    if leave in ("top", "bottom"):
        sign = 1 if y2 > y1 else -1
        y2 -= sign * tip
        bend = max(abs(y2 - y1) * 0.5, 14) * sign
        path = f"M{x1:.1f},{y1:.1f} C{x1:.1f},{y1 + bend:.1f} {x2:.1f},{y2 - bend:.1f} "
        at = ((x1 + x2) / 2, (y1 + y2) / 2)
        head = triangle(x2, y2, 0, sign, tip)
    else:
        sign = 1 if x2 > x1 else -1
        x2 -= sign * tip
        if abs(end.x - start.x) > COLUMN * 1.5:
            line, at = round_trip(x1, y1, x2, y2, sign, start, end)
            path = line
        else:
            bend = abs(x2 - x1) * 0.5 * sign
            path = f"M{x1:.1f},{y1:.1f} C{x1 + bend:.1f},{y1:.1f} {x2 - bend:.1f},{y2:.1f} "
            near_start = 0.26 if abs(y2 - y1) > CARD_H else 0.5
            at = on_curve(near_start, (x1, y1), (x1 + bend, y1), (x2 - bend, y2), (x2, y2))
        head = triangle(x2, y2, sign, 0, tip)
    line = (
        f'<path d="{path}{x2:.1f},{y2:.1f}" fill="none" stroke="{LINE}" '
        f'stroke-width="{width:.1f}" stroke-opacity="0.75"/>{head}'
    )
    return line, count_label(*at, whole(arrow.count))


def round_trip(
    x1: float, y1: float, x2: float, y2: float, sign: int, start: Card, end: Card
) -> tuple[str, tuple[float, float]]:
    """A line that passes the cards between two lanes in the gap under the upper card's row."""
    gap = (COLUMN - CARD_W) / 2 * sign
    upper = min(start.y, end.y) if start.y != end.y else start.y
    level = upper + CARD_H + (ROW - CARD_H) / 2 + (0 if sign > 0 else 8)
    xa, xb = x1 + gap, x2 - gap
    path = (
        f"M{x1:.1f},{y1:.1f} C{x1 + gap * 0.8:.1f},{y1:.1f} {x1 + gap * 0.6:.1f},{level:.1f} "
        f"{xa:.1f},{level:.1f} L{xb:.1f},{level:.1f} "
        f"C{xb + gap * 0.5:.1f},{level:.1f} {x2 - gap * 0.9:.1f},{y2:.1f} "
    )
    return path, (xa + gap * 0.9, level)


Point = tuple[float, float]


def on_curve(share: float, *points: Point) -> Point:
    """The point so far along a Bézier curve (de Casteljau's construction)."""
    while len(points) > 1:
        points = tuple(
            (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]))
            for a, b in pairwise(points)
        )
    return points[0]


def triangle(x: float, y: float, dx: int, dy: int, size: float) -> str:
    """The head of an arrow that points along (dx, dy)."""
    half = size * 0.75
    tip = (x + dx * size, y + dy * size)
    left, right = (x - dy * half, y + dx * half), (x + dy * half, y - dx * half)
    points = " ".join(f"{px:.1f},{py:.1f}" for px, py in (tip, left, right))
    return f'<polygon points="{points}" fill="{LINE}"/>'


def count_label(x: float, y: float, words: str) -> str:
    """A count on a white ground, so that it can be read on a line."""
    wide = 9 + 7.4 * len(words)
    return (
        f'<rect x="{x - wide / 2:.1f}" y="{y - 9:.1f}" width="{wide:.1f}" height="18" rx="9" '
        f'fill="#FFFFFF" fill-opacity="0.92"/>'
        f'{text(x, y + 4.5, words, 13, INK, anchor="middle")}'
    )


def card_svg(card: Card) -> str:
    """A stage's card."""
    x, y = card.x, card.y
    body = [line for line in (card.entering, card.open, card.wait, card.leaving) if line]
    lines = [
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{CARD_W}" height="{CARD_H}" rx="7" '
        f'fill="{CARD}" stroke="{EDGE}" stroke-width="1.3"/>',
        text(x + 10, y + 21, card.title, 15, EDGE, "bold"),
    ]
    if card.gbp:
        lines.append(text(x + CARD_W - 9, y + 21, card.gbp, 14, INK, "bold", "end"))
    for place, line in enumerate(body):
        lines.append(text(x + 10, y + 43 + 18 * place, line, 13, INK if not place else QUIET))
    return "".join(lines)


def text(
    x: float,
    y: float,
    words: str,
    size: float,
    colour: str,
    weight: str = "normal",
    anchor: str = "start",
) -> str:
    """Words at a place."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}" '
        f'font-weight="{weight}" text-anchor="{anchor}">{escape(words)}</text>'
    )


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
        for stage in PATHWAY:
            if lane_of(stage.name) == lane:
                parts.append(card_html(every[stage.name], onward.get(stage.name, [])))
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


def as_image(document: str) -> str:
    """An SVG document as the address of an image."""
    return "data:image/svg+xml;base64," + base64.b64encode(document.encode()).decode()
