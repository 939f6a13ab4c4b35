"""Which child a row is about: one id for one child, however a spreadsheet has mangled it.

The same child stands as 123 in a workbook, "00123" in a csv, "123.0" where a csv went through a
statistics program, and " 123 " where a case system padded it. So: blanks around are dropped, a
trailing .0 is dropped, leading zeros of ids that are digits alone are dropped (a spreadsheet has
dropped them already in some of the files), and letters are made capitals.

What cannot be known is refused, not guessed: blanks, ids of zeros alone, fractions, and numbers
so long that a spreadsheet has already rounded their last digits (16 digits and more, 1.23E+15).
A text without a digit ("Total") is no id.

This module cannot tell two children whom a council gave ids that differ by leading zeros alone;
where one column holds both spellings, `ids_of` says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from model.returns.sheets import Cell, distinct, is_blank

LONGEST_ID = 50
MOST_EXACT_DIGITS = 15  # as many as a spreadsheet keeps of a number

NO_ID = "a row without a child id"
ROUNDED = "a child id that a spreadsheet has rounded"
NOT_AN_ID = "a child id that is none"
WORDS = frozenset({"unknown", "not known", "n/k", "nk", "tbc", "tba", "test", "temp", "x", "?"})

TRAILING_ZERO = re.compile(r"(\d+)\.0+", re.ASCII)
SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE]\+?\d+", re.ASCII)
FRACTION = re.compile(r"[+-]?\d*[.,]\d+", re.ASCII)
PLAIN = re.compile(r"[\w][\w /\\.\-_#:()]*", re.ASCII)


@dataclass(frozen=True)
class Ids:
    """A column of child ids.

    Attributes
    ----------
    child : text, "" where faulty. kind : of the fault, "" where there is none.
    zeros_differ : how many children stand there with and without leading zeros.
    """

    child: np.ndarray = field(repr=False)
    kind: np.ndarray
    zeros_differ: int = 0


def child_id(cell: Cell) -> tuple[str, str]:
    """The id in a cell and the kind of fault: ("", kind) where there is no id to use."""
    if is_blank(cell):
        return "", NO_ID
    if isinstance(cell, bool | date):
        return "", NOT_AN_ID
    if isinstance(cell, int | float):
        return _id_in_number(cell)
    return _id_in_text(" ".join(str(cell).replace("\u200b", "").split()).removeprefix("'").strip())


def _id_in_number(number: float) -> tuple[str, str]:
    if abs(number) >= 10**MOST_EXACT_DIGITS:
        return "", ROUNDED
    if number != int(number) or number < 0:
        return "", NOT_AN_ID
    return ("", NOT_AN_ID) if number == 0 else (str(int(number)), "")


def _id_in_text(text: str) -> tuple[str, str]:
    if not text:
        return "", NO_ID
    if text.lower() in WORDS:
        return "", NO_ID
    if SCIENTIFIC.fullmatch(text):
        return "", ROUNDED
    whole = TRAILING_ZERO.fullmatch(text)
    text = whole[1] if whole else text
    plain = len(text) <= LONGEST_ID and PLAIN.fullmatch(text) and any(map(str.isdigit, text))
    if FRACTION.fullmatch(text) or not plain:
        return "", NOT_AN_ID
    if text.isdecimal():
        text = text.lstrip("0")
        return (text, "") if text else ("", NOT_AN_ID)
    return text.upper(), ""


def ids_of(cells: Sequence[Cell]) -> Ids:
    """The ids of a column, each distinct value read once."""
    values, which = distinct(cells)
    read = [child_id(one) for one in values]
    children = np.array([child for child, _ in read], dtype=object)
    kinds = np.array([kind for _, kind in read], dtype=object)
    pairs = [(child, _padded(cell)) for cell, child in zip(values, children, strict=True) if child]
    padded = {child for child, zeros in pairs if zeros}
    plain = {child for child, zeros in pairs if not zeros}
    return Ids(children[which], kinds[which], len(padded & plain))


def _padded(cell: Cell) -> bool:
    return isinstance(cell, str) and cell.strip().removeprefix("'").startswith("0")
