"""What a kind of published file is, and how a measure follows from its columns.

A layout says what columns and labels tell a file of government statistics, and how each measure
follows from its columns: a figure as it stands, a sum, a share of another column, or a rate per
10,000 children made a count. Layouts stand in order of preference: where two give the same
measure for the same place and year, the first does. It knows no value, no file name and no area.

Names of columns and labels are those of the Department for Education's Explore Education
Statistics, its Local Authority Interactive Tool (LAIT), and mid-year population estimates.
"""

from __future__ import annotations

from dataclasses import dataclass

DFE = "Department for Education"
PLACE = ("geographic_level", "country_code", "country_name")


@dataclass(frozen=True)
class Figure:
    """How one measure follows from a file's columns.

    Attributes
    ----------
    measure, unit : as in parameters/published.csv.
    top : columns (or labels of a long file) that are added up.
    less : columns that are taken away from that sum.
    over : columns whose sum it is divided by; empty for none.
    percent : the sum is a percentage, to be divided by 100.
    per_10000 : the sum is a rate per 10,000 children aged 0-17, to be made a count.
    note : what a reader must know. publisher : where it is not the layout's.
    """

    measure: str
    unit: str
    top: tuple[str, ...]
    less: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    percent: bool = False
    per_10000: bool = False
    note: str = ""
    publisher: str = ""


@dataclass(frozen=True)
class Layout:
    """A kind of published file.

    Attributes
    ----------
    table : name of the table. title : of the publication, with the file's years filled in.
    publisher : who publishes it.
    needed : columns that tell the file, besides `time_period` and the columns of the place.
    labels : for a long file, the columns whose words name what a row counts; empty for a wide one.
    number : the column of a long file's figures.
    telling : labels of which a long file must hold one, to be of this kind.
    years_on : years between the file's own year and the 31 March that ends ours.
    figures : the measures.
    """

    table: str
    title: str
    publisher: str
    needed: tuple[str, ...]
    figures: tuple[Figure, ...]
    labels: tuple[str, ...] = ()
    number: str = ""
    telling: tuple[str, ...] = ()
    years_on: int = 0


def each(measure: str, unit: str, column: str, note: str = "") -> Figure:
    """A figure as it stands in one column."""
    return Figure(measure, unit, (column,), note=note)


def share(measure: str, unit: str, top: tuple[str, ...], over: str, note: str = "") -> Figure:
    """Some columns as a share of another."""
    return Figure(measure, unit, top, over=(over,), note=note)


def bands(prefix: str, unit: str, columns: dict[str, str], over: str, note: str) -> list[Figure]:
    """The shares of a set of bands: the end of each measure's name, and its column."""
    return [share(f"{prefix}_{end}", unit, (c,), over, note) for end, c in columns.items()]
