"""One statistics file: what table it is, its places, its years, and its figures as numbers.

It reads text and knows which symbols of the Department for Education mean that a figure is not
published. Whatever is neither a number nor such a symbol is an error that names the line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from model.errors import InputError, Where, listed, nearest
from model.returns.given import Given
from model.returns.published_lait import LAIT
from model.returns.published_layouts import PLACE, Layout
from model.returns.published_text import text_table

WITHHELD = frozenset({"c", "x", "z", "k", "u", "low", "high", "-", "--", "~", ":", "*", "", ".."})
YEARS = range(1990, 2051)
LEVELS = {
    "national": ("country_code", "country_name"),
    "regional": ("region_code", "region_name"),
    "local authority": ("new_la_code", "la_name"),
}
OF_COUNCIL = ("new_la_code", "la_name")
ALIKE = 0.6  # share of a layout's own columns that make a file a damaged one of its kind
LEAST = 2  # and how many at the least
NUMBERING = re.compile(r"^\d([a-z](\.\d+[ivx]*)?\.?|\.)\s+")
NUMBER = re.compile(r"-?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?(e-?\d+)?%?")


@dataclass(frozen=True)
class Place:
    """A place that statistics are published for.

    Attributes
    ----------
    area : the name that a table of published figures gives it, such as north_west.
    code : of the Office for National Statistics; empty where the file gives none.
    name : as published. level : national, regional or local authority.
    old_code : the Department for Education's three digits; empty for none.
    """

    area: str
    code: str
    name: str
    level: str
    old_code: str = ""


@dataclass(frozen=True)
class Read:
    """One file, read.

    Attributes
    ----------
    name : of the file. layout : what it is. title : of the publication.
    places : in it. latest : its last year.
    figures : DataFrame, rows (area, year), columns as the layout names them; missing where
        withheld.
    """

    name: str
    layout: Layout
    title: str
    places: tuple[Place, ...]
    latest: int
    figures: pd.DataFrame


def read_table(path: Given, name: str, layouts: Sequence[Layout]) -> Read | None:
    """A file as a table of figures; None where it is no table that we know.

    Raises
    ------
    InputError for a table that lacks a column, and for years, places or figures that are wrong.
    """
    table = text_table(path, name)
    layout = layout_of(table, name, layouts)
    if layout is None:
        return None
    if not len(table):
        raise InputError(Where(name), "a header and no row", f"rows of {layout.table}")
    kept, places = placed(table, layout, name)
    if layout.labels:
        kept = with_labels_used(kept, layout, name)
    year = years_of(kept, layout, name)
    figures = (long_figures if layout.labels else wide_figures)(kept, layout, year, name)
    latest = int(year.max())
    title = layout.title.format(before=latest - 1, latest=latest)
    return Read(name, layout, title, places, latest, figures)


# --- recognition --------------------------------------------------------------------------------


def same(text: str) -> str:
    """A column or label without what releases vary: case, spaces, numbering, "Total"."""
    plain = NUMBERING.sub("", " ".join(str(text).split()).lower())
    plain = plain.replace("/ ", "/").replace(" /", "/")
    if plain.startswith("total ") and not plain.endswith(" children"):
        plain = plain.removeprefix("total ")
    return plain


def layout_of(table: pd.DataFrame, name: str, layouts: Sequence[Layout]) -> Layout | None:
    """The layout whose columns, and for a long file labels, the table has.

    Raises
    ------
    InputError when nearly all columns of a layout are there, but not all.
    """
    there = {column.lower() for column in table.columns}
    complete = [one for one in layouts if all(c.lower() in there for c in needed_by(one))]
    for layout in sorted(complete, key=lambda one: -len(one.needed)):
        if not layout.telling or tells(table, layout):
            return layout
    if complete:
        return None
    damaged = [(share_there(one, there), one) for one in layouts]
    share, likely = max(damaged, key=lambda pair: pair[0])
    if share < ALIKE:
        return None
    missing = [column for column in needed_by(likely) if column.lower() not in there]
    close = nearest(missing[0], [c for c in table.columns if c != "line"])
    raise InputError(
        Where(name, "columns"),
        f"a table like {likely.table} without the column {listed(missing)}",
        f"the columns {listed(needed_by(likely))}",
        f"Is it the column {close!r}?" if close else "Download the whole table.",
    )


def needed_by(layout: Layout) -> tuple[str, ...]:
    """All columns that a file of this kind must have."""
    return layout.needed if layout is LAIT else ("time_period", *layout.needed)


def share_there(layout: Layout, there: set[str]) -> float:
    """Share of a layout's own columns that a file has; the place's columns tell nothing.

    A long file is none of a kind whose labels it has no columns for.
    """
    if not all(label.lower() in there for label in layout.labels):
        return 0.0
    own = [c.lower() for c in layout.needed if c not in PLACE]
    found = sum(column in there for column in own)
    return found / len(own) if found >= LEAST else 0.0


def tells(table: pd.DataFrame, layout: Layout) -> bool:
    """Whether a long file holds a label that only this layout has."""
    found = set(labels_of(table, layout).unique())
    return any(tied(label) in found for label in layout.telling)


def tied(label: str) -> str:
    """A layout's own label, `group / name`, in the form in which labels are compared."""
    return " / ".join(same(part) for part in label.split(" / ", 1))


def labels_of(table: pd.DataFrame, layout: Layout) -> pd.Series:
    """What each row of a long file counts, in the form in which labels are compared."""
    by_name = {column.lower(): column for column in table.columns}
    parts = [table[by_name[label.lower()]].map(same) for label in layout.labels]
    joined = parts[0]
    for part in parts[1:]:
        joined = joined + " / " + part
    return joined


# --- places and years -----------------------------------------------------------------------------


def area_of(name: str) -> str:
    """A place's name as tables of figures write it: north_west."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def placed(
    table: pd.DataFrame, layout: Layout, name: str
) -> tuple[pd.DataFrame, tuple[Place, ...]]:
    """The rows of the nation, regions and councils, with their area; and the places."""
    table = table.rename(columns={c: c.lower() for c in table.columns})
    if layout is LAIT:
        named = table["la and regions"].str.strip()
        level = named.map(lambda text: "national" if text == "England" else "local authority")
        kept = table.assign(area=named.map(area_of), place_name=named, place_code="", level=level)
    else:
        kept = by_level(table, name)
    kept = kept.assign(old_code=kept.get("old_la_code", ""))
    every = kept.drop_duplicates("area")
    places = tuple(
        Place(row.area, row.place_code, row.place_name, row.level, row.old_code)
        for row in every.itertuples()
    )
    return kept, places


def by_level(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """The rows of each level that we use, with code and name of the place."""
    level = table["geographic_level"].str.strip().str.lower()
    parts = []
    for one, (code, called) in LEVELS.items():
        rows = table[level == one]
        if not len(rows):
            continue
        for column in (code, called):
            if column not in table.columns:
                raise InputError(
                    Where(name, "columns"),
                    f"rows of the level {one} without the column {column}",
                    f"the columns {code} and {called}",
                    f"Is it the column {nearest(column, table.columns)!r}?",
                )
        nameless = rows[called].str.strip() == ""
        if nameless.any():
            line = int(rows.loc[nameless, "line"].iloc[0])
            raise InputError(Where(name, f"line {line}, {called}"), "nothing", "a place's name")
        names, codes = rows[called].str.strip(), rows[code].str.strip()
        parts.append(
            rows.assign(area=names.map(area_of), place_name=names, place_code=codes, level=one)
        )
    if not parts:
        found = listed(sorted(set(table["geographic_level"]))) or "nothing"
        raise InputError(
            Where(name, "geographic_level"), found, "National, Regional or Local authority"
        )
    return pd.concat(parts).sort_index()


def years_of(table: pd.DataFrame, layout: Layout, name: str) -> pd.Series:
    """The year of each row, of the 31 March that ends it."""
    column = "years" if layout is LAIT else "time_period"
    text = table[column].str.strip()
    found = text.map(year_in)
    wrong = found.isna() | ~found.isin(YEARS)
    if wrong.any():
        line = int(table.loc[wrong, "line"].iloc[0])
        shown = text[wrong].iloc[0]
        allowed = f"a year from {YEARS[0]} to {YEARS[-1]}, such as 2025, 202425 or 2024-25"
        raise InputError(Where(name, f"line {line}, {column}"), repr(shown), allowed)
    return found.astype(int) + layout.years_on


def year_in(text: str) -> float:
    """2025, 202425 or 2024-25 (OT) as the year 2025; missing for anything else."""
    match = re.fullmatch(r"(\d{4})(?:[-/]?(\d{2}))?(?: ?\(\w+\))?", text)
    if match is None:
        return float("nan")
    year, end = int(match[1]), match[2]
    if end is None:
        return float(year)
    return float(year + 1) if (year + 1) % 100 == int(end) else float("nan")


# --- figures ------------------------------------------------------------------------------------


def used_by(layout: Layout) -> list[str]:
    """Every column or label that a layout's figures are made of."""
    parts = ((*figure.top, *figure.less, *figure.over) for figure in layout.figures)
    return list(dict.fromkeys(column for part in parts for column in part))


def with_labels_used(table: pd.DataFrame, layout: Layout, name: str) -> pd.DataFrame:
    """The rows of a long file that we use, with the layout's own label of each."""
    own = {tied(label): label for label in used_by(layout)}
    label = labels_of(table, layout).map(own)
    if label.isna().all():
        found = f"no row that says {used_by(layout)[0]!r} or any other label that is used"
        raise InputError(Where(name, listed(layout.labels)), found, f"rows of {layout.table}")
    return table.assign(label=label)[label.notna()]


def wide_figures(table: pd.DataFrame, layout: Layout, year: pd.Series, name: str) -> pd.DataFrame:
    """The figures of a wide file by area and year."""
    keys = [table["area"].rename("area"), year.rename("year")]
    values = {
        column: numbers(table[column.lower()], table["line"], name, column)
        for column in used_by(layout)
        if column.lower() in table.columns
    }
    found = pd.DataFrame(values)
    found.index = pd.MultiIndex.from_arrays(keys)
    refuse_doubles(found, table["line"].to_numpy(), name)
    return found[~found.index.duplicated()]


def long_figures(table: pd.DataFrame, layout: Layout, year: pd.Series, name: str) -> pd.DataFrame:
    """The figures of a long file by area and year, a column for each label that is used."""
    value = numbers(table[layout.number.lower()], table["line"], name, layout.number)
    found = pd.DataFrame(
        {"area": table["area"], "year": year, "label": table["label"], "value": value}
    ).set_index(["area", "year", "label"])
    refuse_doubles(found, table["line"].to_numpy(), name)
    return found[~found.index.duplicated()]["value"].unstack("label")


def numbers(text: pd.Series, lines: pd.Series, name: str, column: str) -> pd.Series:
    """Figures as numbers; missing where a symbol says that they are not published."""
    plain = text.str.strip()
    withheld = plain.str.lower().isin(WITHHELD)
    wrong = ~withheld & ~plain.str.fullmatch(NUMBER)
    if wrong.any():
        line = int(lines[wrong].iloc[0])
        raise InputError(
            Where(name, f"line {line}, {column}"),
            repr(plain[wrong].iloc[0]),
            "a number, or a symbol for a figure that is not published (c, x, z, k, low, -)",
        )
    found = pd.to_numeric(plain.where(~withheld).str.replace("[,%]", "", regex=True))
    negative = found < 0
    if negative.any():
        line = int(lines[negative].iloc[0])
        raise InputError(
            Where(name, f"line {line}, {column}"), plain[negative].iloc[0], "nought or more"
        )
    return found.astype(float)


def refuse_doubles(found: pd.DataFrame, lines: Sequence[int], name: str) -> None:
    """A place and year that stand twice must say the same."""
    double = found.index.duplicated()
    if not double.any():
        return
    for place in double.nonzero()[0]:
        key = found.index[place]
        first, again = found.loc[key].iloc[0], found.iloc[place]
        if not first.equals(again):
            said = ", ".join(str(part) for part in key)
            raise InputError(
                Where(name, f"line {lines[place]}"),
                f"a second row with other figures for {said}",
                "one row for each place, year and label",
            )
