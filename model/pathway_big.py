"""The map of the pathway with one figure on each card, drawn large: volumes, waits, cases, pounds.

It takes the tables of the map and computes no figure. `card` draws one on the wide map
(`pathway_svg.svg`), `narrow` lists them for a telephone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape

import pandas as pd

from model.pathway import PATHWAY
from model.pathway_map import FRONT_DOOR, LANES, PLACES, Card, lane_of, wait_in_words
from model.pathway_svg import CARD, CARD_H, CARD_W, EDGE, INK, QUIET, left, text, top
from model.wording import millions, stage_label, whole

EVERYTHING, VOLUME, WAITS, CASES, POUNDS = (
    "Everything",
    "Families a year",
    "Waits",
    "Open at year end",
    "Pounds a year",
)
ON_THE_MAP: tuple[str, ...] = (EVERYTHING, VOLUME, WAITS, CASES, POUNDS)
IN_CARE = ("looked_after", "after_care")
TRACK = "#DEE0E2"


@dataclass(frozen=True)
class Big:
    """One figure of a stage, to be drawn large.

    Attributes
    ----------
    figure, remark : as text. share : of the largest on the map, 0 to 1.
    """

    figure: str
    remark: str
    share: float


def one_figure(stages: pd.DataFrame, which: str) -> dict[str, Big]:
    """One figure for each stage of the map.

    Parameters
    ----------
    stages : as `answers.stages_in`. which : of `ON_THE_MAP`, not everything.

    Returns
    -------
    By stage; stages without such a figure (nobody waits there) are left out.
    """
    say: Callable[[object], tuple[float, str, str]] = {
        VOLUME: _volume,
        WAITS: _wait,
        CASES: _cases,
        POUNDS: _money,
    }[which]
    found = {row.stage: say(row) for row in stages.itertuples() if row.stage in PLACES}
    most = max((size for size, _, _ in found.values()), default=0.0)
    return {
        str(stage): Big(figure, remark, size / most)
        for stage, (size, figure, remark) in found.items()
        if size > 0 and figure
    }


def _volume(row: object) -> tuple[float, str, str]:
    families, children = getattr(row, "families", 0.0), getattr(row, "children", 0.0)
    if getattr(row, "stage", "") in IN_CARE:
        return children, whole(children), "children enter in the year"
    return families, whole(families), f"families, {whole(children)} children, in the year"


def _cases(row: object) -> tuple[float, str, str]:
    families, children = getattr(row, "families_open", 0.0), getattr(row, "children_open", 0.0)
    if getattr(row, "stage", "") == "return":
        return 0.0, "", ""
    if getattr(row, "stage", "") in IN_CARE:
        return children, whole(children), "children there at year end"
    if families < 1:
        return 0.0, "", ""
    return families, whole(families), f"families, {whole(children)} children, at year end"


def _money(row: object) -> tuple[float, str, str]:
    gbp = getattr(row, "gbp", 0.0)
    return gbp, millions(gbp) if gbp > 0 else "", "in the year"


def _wait(row: object) -> tuple[float, str, str]:
    words = wait_in_words(row)
    if not words.startswith("wait"):
        return 0.0, "", ""
    half, most = getattr(row, "median_hours", 0.0), getattr(row, "p90_hours", 0.0)
    if getattr(row, "stage", "") == "screening":
        return most, f"{most:.0f} hours", f"wait 9 in 10 at most; half {half:.0f} hours"
    days = getattr(row, "p90_working_days", 0.0)
    middle = getattr(row, "median_working_days", 0.0)
    return most, f"{days:.0f} working days", f"wait 9 in 10 at most; half {middle:.0f} days"


def card(one: Card, big: Mapping[str, Big]) -> str:
    """A stage's card with its one figure, and a bar as long as its share of the largest."""
    x, y = left(one), top(one)
    drawn = [
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{CARD_W}" height="{CARD_H}" rx="7" '
        f'fill="{CARD}" stroke="{EDGE}" stroke-width="1.3"/>',
        text(x + 10, y + 23, one.title, 16, EDGE, "bold"),
    ]
    found = big.get(one.stage)
    if found is None:
        return "".join([*drawn, text(x + 10, y + 56, "–", 20, QUIET)])
    drawn += [
        text(x + 10, y + 58, found.figure, 27, INK, "bold"),
        text(x + 10, y + 80, found.remark, 14, QUIET),
        f'<rect x="{x + 10:.1f}" y="{y + 92:.1f}" width="{CARD_W - 20}" height="9" '
        f'fill="{TRACK}"/>',
        f'<rect x="{x + 10:.1f}" y="{y + 92:.1f}" height="9" fill="{EDGE}" '
        f'width="{max((CARD_W - 20) * found.share, 2):.1f}"/>',
    ]
    return "".join(drawn)


def narrow(big: Mapping[str, Big]) -> str:
    """The same figures as a list, for a narrow screen (HTML)."""
    parts = []
    for lane in (FRONT_DOOR, *LANES):
        here = [stage.name for stage in PATHWAY if lane_of(stage.name) == lane]
        rows = "".join(_row(name, big[name]) for name in here if name in big)
        if rows:
            parts.append(f'<h4 class="fp-lane">{escape(lane)}</h4>{rows}')
    return "".join(parts)


def _row(stage: str, one: Big) -> str:
    return (
        f'<div class="fp-card"><div class="fp-card-head"><b>{escape(stage_label(stage))}</b>'
        f"<b>{escape(one.figure)}</b></div><div>{escape(one.remark)}</div>"
        f'<div style="height: 8px; background: {TRACK}"><div style="height: 8px; '
        f'background: {EDGE}; width: {max(100 * one.share, 1):.0f}%"></div></div></div>'
    )


def in_words(big: Mapping[str, Big]) -> str:
    """The figures in a sentence, for whoever cannot see them."""
    return "; ".join(
        f"{stage_label(stage)}: {one.figure} {one.remark}" for stage, one in big.items()
    )
