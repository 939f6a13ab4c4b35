"""Where a sample of families is, month by month, as small pictures side by side (SVG).

One small picture for each place, all to the same scale of months, each with a scale of its own
upwards; today's arrangements as a full line, the redesign as dashes. It computes no figure.
"""

from __future__ import annotations

import textwrap
from html import escape

import pandas as pd

from model.charts import INK, PUBLISHED, QUIET, REDESIGN, TODAY
from model.flow_frames import PLACES, Flow, by_month
from model.pathway_svg import FONT, text
from model.wording import day

WIDTH, HEIGHT, GAP, HEAD = 268, 84, 26, 44
LEFT, FOOT = 34, 22
LINE, NARROW_CHARACTERS = 20, 28  # of the legend where there is room for one column
INKS, DASHES = (TODAY, REDESIGN), ("", "7 4")
IN_CARE = ("Looked after", "After care")


def counted(table: pd.DataFrame) -> pd.DataFrame:
    """The sample by month with one count for each place: children in care, families elsewhere."""
    children = table["place"].isin(IN_CARE)
    return table.assign(count=table["children"].where(children, table["families"]))


def side_by_side(table: pd.DataFrame) -> pd.DataFrame:
    """The counts of both arrangements next to each other, one row for each month and place.

    Parameters
    ----------
    table : as `flow_frames.by_month`.
    """
    wide = counted(table).pivot_table(
        index=["month", "place"], columns="arrangement", values="count", sort=False
    )
    wide = wide[list(dict.fromkeys(table["arrangement"]))].astype(int).reset_index()
    wide.insert(2, "counted", wide["place"].map(_counted_in))
    return wide.rename_axis(columns=None)


def small_multiples(flow: Flow, columns: int) -> str:
    """The sample by month as one SVG document.

    Parameters
    ----------
    columns : of small pictures; fewer for a narrow screen.
    """
    table = counted(by_month(flow))
    rows = -(-len(PLACES) // columns)
    wide = columns * (WIDTH + GAP)
    legend, below = _legend(flow.titles, columns)
    high = HEAD + rows * (HEIGHT + HEAD + FOOT) + below + 10
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" '
        f'height="{high}" font-family="{FONT}" role="img">',
        f"<title>{escape(alt(flow))}</title>",
        f'<rect width="{wide}" height="{high}" fill="#FFFFFF"/>',
        *legend,
    ]
    for number, place in enumerate(PLACES):
        x = (number % columns) * (WIDTH + GAP)
        y = HEAD + (number // columns) * (HEIGHT + HEAD + FOOT) + below
        here = table[table["place"] == place.title]
        parts.append(f'<g transform="translate({x} {y})">{_one(here, flow.titles)}</g>')
    return "".join([*parts, "</svg>"])


def alt(flow: Flow) -> str:
    """The small pictures in words: where the sample is at the end."""
    table = counted(by_month(flow))
    last = table[table["month"] == table["month"].max()]
    today, redesign = (last[last["arrangement"] == title] for title in flow.titles)
    pairs = zip(today["place"], today["count"], redesign["count"], strict=True)
    said = "; ".join(
        f"{place}: {one} {_counted_in(place)} and {other}" for place, one, other in pairs
    )
    return (
        f"Where {flow.families} sampled families are at the end of each month. On "
        f"{day(max(last['month']))}, under {flow.titles[0]} and under {flow.titles[1]}: {said}."
    )


def _counted_in(place: str) -> str:
    return "children" if place in IN_CARE else "families"


def _legend(titles: tuple[str, str], columns: int) -> tuple[list[str], int]:
    """Which line is which, and how far it reaches below the head.

    Side by side where there is room, under one another and in lines of their own where not.
    """
    found, x, y = [], 4, 16
    for number, title in enumerate(titles):
        dashes = f' stroke-dasharray="{DASHES[number]}"' if DASHES[number] else ""
        found.append(
            f'<path d="M{x},{y - 5} h36" stroke="{INKS[number]}" stroke-width="3"{dashes}/>'
        )
        lines = textwrap.wrap(title, NARROW_CHARACTERS) if columns < 3 else [title]
        found += [text(x + 44, y + LINE * k, line, 15, INK) for k, line in enumerate(lines)]
        x, y = (x, y + LINE * len(lines)) if columns < 3 else (x + 420, y)
    return found, max(y - HEAD + 2, 0)


def _one(here: pd.DataFrame, titles: tuple[str, str]) -> str:
    """One place: its name, a line for each arrangement, the highest count and both years."""
    place = str(here["place"].iloc[0])
    most = max(int(here["count"].max()), 1)
    months = sorted(here["month"].unique())
    parts = [
        text(0, 24, f"{place}{', children' if place in IN_CARE else ''}", 14, INK, "bold"),
        f'<path d="M{LEFT},{HEAD - 8 + HEIGHT} h{WIDTH - LEFT}" stroke="{PUBLISHED}"/>',
        text(LEFT - 6, HEAD - 2, str(most), 13, QUIET, anchor="end"),
        text(LEFT - 6, HEAD - 8 + HEIGHT, "0", 13, QUIET, anchor="end"),
        text(LEFT, HEAD + 8 + HEIGHT, f"{months[0]:%b %Y}", 13, QUIET),
        text(WIDTH, HEAD + 8 + HEIGHT, f"{months[-1]:%b %Y}", 13, QUIET, anchor="end"),
    ]
    for number, title in enumerate(titles):
        counts = here[here["arrangement"] == title]["count"].tolist()
        step = (WIDTH - LEFT) / max(len(counts) - 1, 1)
        points = " ".join(
            f"{LEFT + k * step:.1f},{HEAD - 8 + HEIGHT * (1 - count / most):.1f}"
            for k, count in enumerate(counts)
        )
        dashes = f' stroke-dasharray="{DASHES[number]}"' if DASHES[number] else ""
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="{INKS[number]}" '
            f'stroke-width="2.2"{dashes}/>'
        )
    return "".join(parts)
