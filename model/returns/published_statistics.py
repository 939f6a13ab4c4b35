"""Government statistics files as downloaded, as rows of the shape of parameters/published.csv.

Files are told by their columns and labels, never by their names: the Department for Education's
Explore Education Statistics (wide and long), the Local Authority Interactive Tool's long extract,
and mid-year population estimates. Any council in them can be read, by its code of the Office for
National Statistics or by name. Withheld figures (c, x, z, low, k, -) stay missing: nothing is
guessed. It knows no model and no parameter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from model.errors import InputError, Where, listed, unknown
from model.published import COLUMNS
from model.returns.given import Given
from model.returns.published_care import CARE_TABLES
from model.returns.published_in_need import IN_NEED_TABLES
from model.returns.published_lait import LAIT
from model.returns.published_layouts import Figure, Layout
from model.returns.published_tables import Place, Read, area_of, read_table

LAYOUTS: tuple[Layout, ...] = (*IN_NEED_TABLES, *CARE_TABLES, LAIT)
POPULATION = "population_0_17"
PER = 10_000
DECIMALS = 6
LARGER = ("national", "regional")  # their counts are published to the nearest 10
NO_COUNCIL_FILES = "statistics files (csv) as downloaded from Explore Education Statistics"


@dataclass(frozen=True)
class PublishedStatistics:
    """What a folder of statistics files holds.

    Attributes
    ----------
    rows : DataFrame in the shape of parameters/published.csv, for every place in the files.
    places : every place, the nation first, then regions, then councils.
    recognised : name of each file that was used, and the table that it is.
    not_used : names of files that are no table that we know.
    """

    rows: pd.DataFrame
    places: tuple[Place, ...]
    recognised: dict[str, str]
    not_used: tuple[str, ...]


def read(folder: str | Path) -> PublishedStatistics:
    """Read every statistics file in a folder, or one file.

    Parameters
    ----------
    folder : of csv files; folders inside it are read too.

    Raises
    ------
    InputError
        When no file is a statistics table that we know; a table that lacks one of its columns; a
        year, a place or a figure that cannot be right, or stands twice with two values.
    """
    top = Path(folder)
    files = {
        path.relative_to(top).as_posix() if path != top else path.name: path
        for path in files_in(top)
    }
    return read_files(files, str(top))


def read_files(files: Mapping[str, Given], where: str = "the files") -> PublishedStatistics:
    """As `read`, of files by the names to give them, on disk or in memory.

    Parameters
    ----------
    where : what an error calls them all.
    """
    used: list[Read] = []
    not_used = []
    for name, path in files.items():
        found = read_table(path, name, LAYOUTS)
        if found is None:
            not_used.append(name)
        else:
            used.append(found)
    if not used:
        seen = f"none that we know among {listed(not_used)}" if not_used else "no csv file"
        raise InputError(Where(where), seen, NO_COUNCIL_FILES, tables_known())
    rows = rows_of(used)
    places = {place.area: place for file in reversed(used) for place in file.places}
    recognised = {file.name: file.layout.table for file in used}
    return PublishedStatistics(rows, in_order(places.values()), recognised, tuple(not_used))


def files_in(top: Path) -> list[Path]:
    """The csv files of a folder, in the order of their names; or the file itself."""
    if top.is_file():
        return [top]
    if not top.is_dir():
        raise InputError(Where(str(top)), "no such file or folder", NO_COUNCIL_FILES)
    return sorted(path for path in top.rglob("*") if path.suffix.lower() == ".csv")


def tables_known() -> str:
    """The tables that are read, as a remedy says them."""
    return f"The tables read are: {', '.join(layout.table for layout in LAYOUTS)}."


def in_order(places: Iterable[Place]) -> tuple[Place, ...]:
    """The nation, regions, then councils, each by name."""
    levels = (*LARGER, "local authority")
    return tuple(sorted(places, key=lambda place: (levels.index(place.level), place.name)))


# --- rows ---------------------------------------------------------------------------------------


def rows_of(read_files: Sequence[Read]) -> pd.DataFrame:
    """The rows of every file, the preferred table first, later releases before earlier ones."""
    order = {layout.table: place for place, layout in enumerate(LAYOUTS)}
    ranked = sorted(read_files, key=lambda file: (order[file.layout.table], -file.latest))
    parts = [
        figure_rows(file, figure)
        for file in ranked
        for figure in file.layout.figures
        if not figure.per_10000
    ]
    found = first_of_each(parts)
    people = found[found["measure"] == POPULATION].set_index(["area", "year"])["value"]
    larger = {p.area for f in read_files for p in f.places if p.level in LARGER}
    parts = [
        counts_from_rate(figure_rows(file, figure), people, larger)
        for file in ranked
        for figure in file.layout.figures
        if figure.per_10000
    ]
    found = first_of_each([found, *parts])
    names = list(dict.fromkeys(f.measure for layout in LAYOUTS for f in layout.figures))
    measure = found["measure"].map(names.index)
    found = found.assign(_order=measure).sort_values(["area", "_order", "year"], kind="stable")
    return found[list(COLUMNS)].reset_index(drop=True)


def first_of_each(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """One row for each area, measure and year: the first that is not withheld."""
    every = pd.concat(parts, ignore_index=True)
    return every.drop_duplicates(["area", "measure", "year"]).reset_index(drop=True)


def figure_rows(file: Read, figure: Figure) -> pd.DataFrame:
    """One measure of one file, where all that it is made of is published."""
    value = figure_values(file, figure).dropna()
    table = pd.DataFrame(
        {
            "area": value.index.get_level_values("area"),
            "measure": figure.measure,
            "year": value.index.get_level_values("year"),
            "value": value.to_numpy(),
            "unit": figure.unit,
            "source_title": file.title,
            "publisher": figure.publisher or file.layout.publisher,
            "table": table_named(file.layout, figure),
            "used_for_fitting": "no",
            "note": figure.note,
        }
    )
    return table.astype({"area": str, "year": int, "value": float})


def table_named(layout: Layout, figure: Figure) -> str:
    """The table, and for LAIT its indicators."""
    if layout is not LAIT:
        return layout.table
    over = f" over {' + '.join(figure.over)}" if figure.over else ""
    return f"{layout.table} {' + '.join(figure.top)}{over}"


def figure_values(file: Read, figure: Figure) -> pd.Series:
    """A measure by area and year: the sum of its columns, as a share where it is one."""
    made_of = dict.fromkeys((*figure.top, *figure.less, *figure.over))
    columns = file.figures.reindex(columns=list(made_of))
    value = columns[list(figure.top)].sum(axis=1, skipna=False)
    if figure.less:
        value = value - columns[list(figure.less)].sum(axis=1, skipna=False)
    if figure.over:
        whole = columns[list(figure.over)].sum(axis=1, skipna=False)
        too_large = value > whole
        if too_large.any():
            area, year = value.index[too_large.argmax()]
            raise InputError(
                Where(file.name, f"{area}, {year}, {' + '.join(figure.top)}"),
                f"{value[too_large].iloc[0]:g}, more than the {whole[too_large].iloc[0]:g} of"
                f" {' + '.join(figure.over)}",
                "a part of it",
            )
        value = (value / whole.where(whole > 0)).round(DECIMALS)
    if figure.percent:
        check_percentages(file, figure, value)
        value = (value / 100).round(DECIMALS)
    return value


def check_percentages(file: Read, figure: Figure, value: pd.Series) -> None:
    """A percentage lies between 0 and 100."""
    wrong = (value < 0) | (value > 100)
    if wrong.any():
        area, year = value.index[wrong.argmax()]
        where = Where(file.name, f"{area}, {year}, {' + '.join(figure.top)}")
        raise InputError(where, f"{value[wrong].iloc[0]:g}", "a percentage from 0 to 100")


def counts_from_rate(rows: pd.DataFrame, people: pd.Series, larger: set[str]) -> pd.DataFrame:
    """Counts worked back from rates per 10,000 children; of larger places to the nearest 10.

    Places and years without a population are left out.
    """
    children = people.reindex(pd.MultiIndex.from_frame(rows[["area", "year"]])).to_numpy()
    count = rows["value"] * children / PER
    rounded = count.round(0).where(~rows["area"].isin(larger), count.round(-1))
    return rows.assign(value=rounded).dropna(subset=["value"])


# --- one council --------------------------------------------------------------------------------


def of_council(statistics: PublishedStatistics, council: str) -> tuple[Place, pd.DataFrame]:
    """One place's rows, by its code (E08000014, 343) or its name.

    Returns
    -------
    The place, and its rows in the shape of parameters/published.csv.

    Raises
    ------
    InputError
        When the files hold no such place (the nearest code or name is given), or no year in which
        its population and anything else are both published.
    """
    wanted = council.strip()
    for place in statistics.places:
        if wanted.lower() in {place.code.lower(), place.old_code, place.name.lower(), place.area}:
            break
    else:
        names = [place.name for place in statistics.places]
        codes = [place.code for place in statistics.places if place.code]
        known = codes if wanted[:1].upper() in "EW" and wanted[1:3].isdigit() else names
        raise unknown(Where("the statistics files", "council"), wanted, known, "council")
    rows = statistics.rows[statistics.rows["area"] == place.area].reset_index(drop=True)
    check_overlap(rows, place)
    return place, rows


def check_overlap(rows: pd.DataFrame, place: Place) -> None:
    """Population and other figures must share a year."""
    where = Where("the statistics files", place.name)
    people = set(rows.loc[rows["measure"] == POPULATION, "year"])
    others = set(rows.loc[rows["measure"] != POPULATION, "year"])
    remedy = "Add the mid-year population estimates of the years wanted."
    if not people:
        raise InputError(where, "no population aged 0 to 17", "one for some year", remedy)
    if not people & others:
        raise InputError(
            where,
            f"population of {spoken(people)} and other figures of {spoken(others)}",
            "at least one year in which both are published",
            remedy,
        )


def spoken(years: set[int]) -> str:
    """Years as a person says them."""
    return f"{min(years)} to {max(years)}" if years else "no year"


__all__ = ["LAYOUTS", "Place", "PublishedStatistics", "area_of", "of_council", "read"]
