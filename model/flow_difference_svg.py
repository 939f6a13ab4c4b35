"""The difference that a redesign makes, drawn on the map of the pathway as one SVG document.

More along a link is a full line, fewer a dashed one, and every line carries its signed number, so
that nothing hangs on colour. Links without a clear change are thin and grey. It computes no figure.
"""

from __future__ import annotations

from html import escape

import pandas as pd

from model.charts import QUIET, REDESIGN, THIRD
from model.flow_difference import FEWER, LEAVES, MORE, in_words, link_words
from model.pathway import PATHWAY, RETURN
from model.pathway_map import FRONT_DOOR, LANES, PLACES, Arrow, Card, is_detour
from model.pathway_svg import (
    BELOW_DOOR,
    CARD,
    CARD_H,
    CARD_W,
    COLUMN,
    EDGE,
    FONT,
    INK,
    LANE,
    LANE_FOOT,
    MARGIN,
    ROW,
    TOP,
    WIDTH,
    left,
    link,
    ports,
    text,
    top,
)
from model.wording import change_in_spending, signed, signed_range, stage_label

FAINT, FAINT_WIDTH = "#B1B4B6", 1.0
DASHES = "7 5"
FAR_THINNER = 1e6  # a link so much smaller than the widest is drawn as thin as any
KEY_HEIGHT = 62


def svg(table: pd.DataFrame, entering: pd.DataFrame | None = None) -> str:
    """The map of the difference as an SVG document.

    Parameters
    ----------
    table : as `flow_difference.flow_differences`, by link.
    entering : as `flow_difference.stage_differences`, to write on the cards; None for none.
    """
    cards = _cards(entering)
    by_name = {card.stage: card for card in cards}
    clear, faint = _arrows(table)
    words = {(row.stage, row.to): signed(row.difference) for row in table.itertuples()}
    ends = ports([*clear, *faint], by_name)
    most = max((arrow.count for arrow in clear), default=1.0)
    change = {(row.stage, row.to): row.change for row in table.itertuples()}
    height = TOP + 4 * ROW + BELOW_DOOR + CARD_H + LANE_FOOT + KEY_HEIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" '
        f'width="{WIDTH}" height="{height:.0f}" font-family="{FONT}" role="img">',
        f"<title>{escape(in_words(table))}</title>",
        f'<rect width="{WIDTH}" height="{height:.0f}" fill="#FFFFFF"/>',
        *_lanes(),
    ]
    parts += [link(one, by_name, ends, most * FAR_THINNER, FAINT, "", " ")[0] for one in faint]
    lines = []
    for arrow in sorted(clear, key=lambda one: -one.count):
        more = change[arrow.start, arrow.end] == MORE
        ink, dashes = (REDESIGN, "") if more else (THIRD, DASHES)
        lines.append(link(arrow, by_name, ends, most, ink, dashes, words[arrow.start, arrow.end]))
    parts += [line for line, _ in lines]
    parts += [_card_svg(card) for card in cards]
    parts += [label for _, label in lines]
    parts += _key(height)
    return "".join([*parts, "</svg>"])


def png(table: pd.DataFrame, entering: pd.DataFrame | None = None) -> bytes:
    """The map of the difference as a PNG picture, made without a browser."""
    import vl_convert

    return bytes(vl_convert.svg_to_png(svg(table, entering), scale=2))


def narrow_rows(table: pd.DataFrame) -> list[str]:
    """The clear links as lines of text, for a narrow screen or a list."""
    clear = table[table["change"].isin((MORE, FEWER))]
    return [
        f"{link_words(row.stage, row.to)}: {signed(row.difference)} {row.counted_in} "
        f"({signed_range(row.low, row.high)})"
        for row in clear.itertuples()
    ]


def _arrows(table: pd.DataFrame) -> tuple[list[Arrow], list[Arrow]]:
    """The links that change clearly and those that do not; leaving is in the table only."""
    clear, faint = [], []
    for row in table.itertuples():
        arrow = Arrow(row.stage, row.to, abs(row.difference))
        if row.to in (LEAVES, RETURN) or row.to not in PLACES or is_detour(arrow):
            continue
        if row.change in (MORE, FEWER) and abs(row.difference) >= 0.5:
            clear.append(arrow)
        elif row.baseline >= 1:
            faint.append(arrow)
    return clear, faint


def _cards(entering: pd.DataFrame | None) -> list[Card]:
    """A card for each stage, with how many more or fewer enter it."""
    rows = {} if entering is None else {row.stage: row for row in entering.itertuples()}
    found = []
    for stage in PATHWAY:
        row = rows.get(stage.name)
        title = stage_label(stage.name)
        if row is None:
            found.append(Card(stage.name, title, "", "", "", "", ""))
            continue
        more = f"{signed(row.difference)} {row.counted_in} enter"
        span = f"80% of futures: {signed_range(row.low, row.high)}"
        spent = f"spending: {change_in_spending(-row.gbp)}" if abs(row.gbp) >= 1 else ""
        found.append(Card(stage.name, title, more, span, spent, "", ""))
    return found


def _lanes() -> list[str]:
    found = [text(MARGIN + 8, TOP - 14, FRONT_DOOR, 16, INK, "bold")]
    y = TOP + ROW + BELOW_DOOR - 14
    height = 3 * ROW + CARD_H + LANE_FOOT + 10
    for place, name in enumerate(LANES):
        x = MARGIN + place * COLUMN - 6
        found.append(
            f'<rect x="{x:.0f}" y="{y}" width="{CARD_W + 26}" height="{height}" rx="10" '
            f'fill="{LANE}"/>'
        )
        found.append(text(x + 14, y + height - 14, name, 16, INK, "bold"))
    return found


def _card_svg(card: Card) -> str:
    x, y = left(card), top(card)
    lines = [
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{CARD_W}" height="{CARD_H}" rx="7" '
        f'fill="{CARD}" stroke="{EDGE}" stroke-width="1.3"/>',
        text(x + 10, y + 24, card.title, 16, EDGE, "bold"),
    ]
    for place, line in enumerate(filter(None, (card.entering, card.open, card.wait))):
        lines.append(text(x + 10, y + 48 + 20 * place, line, 14, INK if not place else QUIET))
    return "".join(lines)


def _key(height: float) -> list[str]:
    """What the lines mean."""
    y, found = height - 40, []
    entries = (
        (REDESIGN, "", 5.0, "more go this way"),
        (THIRD, DASHES, 5.0, "fewer go this way"),
        (FAINT, "", FAINT_WIDTH, "no clear change (80% of simulated futures include none)"),
    )
    x = MARGIN + 8.0
    for ink, dashes, width, words in entries:
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        found.append(
            f'<path d="M{x:.0f},{y:.0f} h44" stroke="{ink}" stroke-width="{width}"{dashed}/>'
        )
        found.append(text(x + 52, y + 5, words, 14, INK))
        x += 90 + 7.2 * len(words)
    note = (
        "Families over the period shown; children into, within and out of care. Leaving and "
        "coming back are in the table."
    )
    found.append(text(MARGIN + 8, y + 28, note, 14, QUIET))
    return found
