"""The lists of Ofsted's Annex A as data (`annex_a_lists.toml`): their columns and headings.

This module reads no return and knows no code (see `annex_a_codes`).
"""

from __future__ import annotations

import tomllib
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

DATA = Path(__file__).with_name("annex_a_lists.toml")


class Holds(StrEnum):
    """What stands in a column."""

    ID = "child id"
    DAY = "day"
    YES_NO = "yes or no"
    CODE = "code"
    COUNT = "count"
    TEXT = "text"


@dataclass(frozen=True)
class Column:
    """A column of a list.

    Attributes
    ----------
    name : of the record's column, or of a step on the way to it. holds : what stands in it.
    headings : Ofsted's own first, then others. codes : of `annex_a_codes.CODE_SETS`, for codes
    and yes or no. key : whether the list cannot be used without the column.
    """

    name: str
    holds: Holds
    headings: tuple[str, ...]
    codes: str = ""
    key: bool = False

    @cached_property
    def folded_headings(self) -> tuple[str, ...]:
        """The headings' letters and digits."""
        return tuple(map(folded, self.headings))


@dataclass(frozen=True)
class AnnexList:
    """One list of Annex A.

    Attributes
    ----------
    number, title : as Ofsted numbers and names it. table : of the records that it fills; "" for
        a list that is not used. columns : those that are read.
    signs : headings that tell the list, besides its key columns.
    months : before the extract that it covers.
    every_spell : False where the list holds only the latest spell of each child.
    """

    number: int
    title: str
    table: str
    columns: tuple[Column, ...]
    signs: tuple[str, ...] = ()
    months: int = 6
    every_spell: bool = True

    @property
    def name(self) -> str:
        """Such as "list 3, referrals"."""
        return f"list {self.number}, {self.title.lower()}"

    @cached_property
    def headings_of_signs(self) -> tuple[str, ...]:
        """Headings that tell the list, folded."""
        return tuple(map(folded, self.signs))

    def column(self, name: str) -> Column | None:
        """The column of this name, if the list has it."""
        return next((one for one in self.columns if one.name == name), None)


def folded(heading: object) -> str:
    """The letters and digits of a heading, in lower case, accents and all else left out."""
    text = unicodedata.normalize("NFKD", str(heading)).lower()
    return "".join(one for one in text if one.isascii() and one.isalnum())


def _column(row: dict[str, Any]) -> Column:
    return Column(
        row["name"],
        Holds(row["holds"]),
        tuple(row["headings"]),
        row.get("codes", ""),
        row.get("key", False),
    )


def _lists() -> tuple[AnnexList, ...]:
    data = tomllib.loads(DATA.read_text(encoding="utf-8"))
    common = {row["name"]: _column(row) for row in data["common"]}
    return tuple(
        AnnexList(
            row["number"],
            row["title"],
            row["table"],
            (*(common[name] for name in row["common"]), *map(_column, row["columns"])),
            tuple(row["signs"]),
            row["months"],
            row["every_spell"],
        )
        for row in data["list"]
    )


LISTS = _lists()
