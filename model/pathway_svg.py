"""The map of the pathway drawn as one SVG document, for a desk and for print.

Arrows are as wide as the families that they carry (by the square root, so that the small ones can
be seen) and each is attached to a card's side at a place of its own. It computes no figure.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Mapping
from html import escape
from itertools import pairwise

import pandas as pd

from model.pathway_map import (
    FRONT_DOOR,
    LANES,
    PLACES,
    Arrow,
    Card,
    arrows,
    cards,
    drawn,
    heading,
    lane_of,
)
from model.wording import whole

WIDTH, MARGIN, CARD_W, CARD_H = 1198, 12, 236, 112
COLUMN, ROW, TOP, BELOW_DOOR, LANE_FOOT = 307, 158, 40, 38, 42
WIDEST, THINNEST = 11.0, 1.2
INK, QUIET, LINE, LANE, CARD, EDGE = (
    "#0B0C0C",
    "#505A5F",
    "#7A93AC",
    "#F3F5F7",
    "#FFFFFF",
    "#12436D",
)
FONT = "'Source Sans', 'Source Sans Pro', Arial, 'Liberation Sans', sans-serif"

Point = tuple[float, float]


def left(card: Card) -> float:
    """The left edge of a card."""
    return MARGIN + 8 + PLACES[card.stage][1] * COLUMN


def top(card: Card) -> float:
    """The upper edge of a card."""
    row = PLACES[card.stage][2]
    return TOP + row * ROW + (BELOW_DOOR if row else 0)


def svg(
    stages: pd.DataFrame,
    flows: pd.DataFrame,
    alt: str,
    draw_card: Callable[[Card], str] | None = None,
) -> str:
    """The wide map as an SVG document.

    Parameters
    ----------
    stages : as `answers.stages_in`. flows : as `answers.flows_in`. alt : the map in words.
    draw_card : draws a card another way, such as `pathway_big.card`.
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
    parts += [(draw_card or card_svg)(card) for card in every]
    parts += [label for _, label in lines]
    note = (
        "Families a year along each arrow; children where they enter or leave care. "
        f"Arrows with fewer than {least:.0f} a year are in the table only."
    )
    parts.append(text(MARGIN + 8, height - 16, note, 14, QUIET))
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
            f'<rect x="{x:.0f}" y="{y}" width="{CARD_W + 26}" height="{height}" rx="10" '
            f'fill="{LANE}"/>'
        )
        found.append(text(x + 14, y + height - 14, heading(name, cost), 16, INK, "bold"))
    return found


def ports(shown: list[Arrow], by_name: Mapping[str, Card]) -> dict[tuple[Arrow, str], float]:
    """Where on a card's side each arrow is attached, so that none lies on another."""
    sides: dict[tuple[str, str], list[tuple[float, Arrow, str]]] = {}
    for arrow in shown:
        start, end = by_name[arrow.start], by_name[arrow.end]
        leave, arrive = directions(start, end)
        along = left if leave in ("top", "bottom") else top
        sides.setdefault((arrow.start, leave), []).append((along(end), arrow, "start"))
        sides.setdefault((arrow.end, arrive), []).append((along(start), arrow, "end"))
    found: dict[tuple[Arrow, str], float] = {}
    for members in sides.values():
        members.sort(key=lambda member: (member[0], member[1].start, member[2]))
        for place, (_, arrow, which) in enumerate(members, start=1):
            found[arrow, which] = place / (len(members) + 1)
    return found


def directions(start: Card, end: Card) -> tuple[str, str]:
    """The sides on which an arrow leaves and arrives."""
    if left(start) == left(end):
        return ("bottom", "top") if top(end) > top(start) else ("top", "bottom")
    if start.stage == "screening" and top(end) > top(start):
        return "bottom", "top"
    if start.stage == "contact" and end.stage == "early_help_offer":
        return "bottom", "top"
    return ("right", "left") if left(end) > left(start) else ("left", "right")


def anchor(card: Card, side: str, share: float) -> tuple[float, float]:
    """A point on a card's side."""
    if side in ("top", "bottom"):
        return left(card) + CARD_W * share, top(card) + (CARD_H if side == "bottom" else 0)
    return left(card) + (CARD_W if side == "right" else 0), top(card) + CARD_H * share


def link(
    arrow: Arrow,
    by_name: Mapping[str, Card],
    ends: dict[tuple[Arrow, str], float],
    most: float,
    ink: str = LINE,
    dashes: str = "",
    words: str = "",
) -> tuple[str, str]:
    """An arrow as a line, and its count, or other words, as a label.

    Parameters
    ----------
    ink : colour of the line. dashes : of the line, as SVG has them; empty for a full line.
    """
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
        head = triangle(x2, y2, 0, sign, tip, ink)
    else:
        sign = 1 if x2 > x1 else -1
        x2 -= sign * tip
        if abs(left(end) - left(start)) > COLUMN * 1.5:
            line, at = round_trip(x1, y1, x2, y2, sign, start, end)
            path = line
        else:
            bend = abs(x2 - x1) * 0.5 * sign
            path = f"M{x1:.1f},{y1:.1f} C{x1 + bend:.1f},{y1:.1f} {x2 - bend:.1f},{y2:.1f} "
            near_start = 0.26 if abs(y2 - y1) > CARD_H else 0.5
            at = on_curve(near_start, (x1, y1), (x1 + bend, y1), (x2 - bend, y2), (x2, y2))
        head = triangle(x2, y2, sign, 0, tip, ink)
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    line = (
        f'<path d="{path}{x2:.1f},{y2:.1f}" fill="none" stroke="{ink}" '
        f'stroke-width="{width:.1f}" stroke-opacity="0.75"{dashed}/>{head}'
    )
    return line, count_label(*at, words or whole(arrow.count))


def round_trip(
    x1: float, y1: float, x2: float, y2: float, sign: int, start: Card, end: Card
) -> tuple[str, tuple[float, float]]:
    """A line that passes the cards between two lanes in the gap under the upper card's row."""
    gap = (COLUMN - CARD_W) / 2 * sign
    upper = min(top(start), top(end)) if top(start) != top(end) else top(start)
    level = upper + CARD_H + (ROW - CARD_H) / 2 + (0 if sign > 0 else 8)
    xa, xb = x1 + gap, x2 - gap
    path = (
        f"M{x1:.1f},{y1:.1f} C{x1 + gap * 0.8:.1f},{y1:.1f} {x1 + gap * 0.6:.1f},{level:.1f} "
        f"{xa:.1f},{level:.1f} L{xb:.1f},{level:.1f} "
        f"C{xb + gap * 0.5:.1f},{level:.1f} {x2 - gap * 0.9:.1f},{y2:.1f} "
    )
    return path, (xa + gap * 0.9, level)


def on_curve(share: float, *points: Point) -> Point:
    """The point so far along a Bézier curve (de Casteljau's construction)."""
    while len(points) > 1:
        points = tuple(
            (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]))
            for a, b in pairwise(points)
        )
    return points[0]


def triangle(x: float, y: float, dx: int, dy: int, size: float, ink: str = LINE) -> str:
    """The head of an arrow that points along (dx, dy)."""
    half = size * 0.75
    tip = (x + dx * size, y + dy * size)
    one, other = (x - dy * half, y + dx * half), (x + dy * half, y - dx * half)
    points = " ".join(f"{px:.1f},{py:.1f}" for px, py in (tip, one, other))
    return f'<polygon points="{points}" fill="{ink}"/>'


def count_label(x: float, y: float, words: str) -> str:
    """A count on a white ground, so that it can be read on a line."""
    wide = 9 + 7.8 * len(words)
    return (
        f'<rect x="{x - wide / 2:.1f}" y="{y - 9:.1f}" width="{wide:.1f}" height="18" rx="9" '
        f'fill="#FFFFFF" fill-opacity="0.92"/>'
        f"{text(x, y + 5, words, 14, INK, anchor='middle')}"
    )


def card_svg(card: Card) -> str:
    """A stage's card."""
    x, y = left(card), top(card)
    body = [line for line in (card.entering, card.open, card.wait, card.leaving) if line]
    lines = [
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{CARD_W}" height="{CARD_H}" rx="7" '
        f'fill="{CARD}" stroke="{EDGE}" stroke-width="1.3"/>',
        text(x + 10, y + 23, card.title, 15, EDGE, "bold"),
    ]
    if card.gbp:
        lines.append(text(x + CARD_W - 6, y + 23, card.gbp, 14, INK, "bold", "end"))
    for place, line in enumerate(body):
        lines.append(text(x + 10, y + 45 + 19 * place, line, 14, INK if not place else QUIET))
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


def as_image(document: str) -> str:
    """An SVG document as the address of an image."""
    return "data:image/svg+xml;base64," + base64.b64encode(document.encode()).decode()
