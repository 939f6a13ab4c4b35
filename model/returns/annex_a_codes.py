"""The codes of Annex A, as councils write them, into the words of the records.

A code may stand with Ofsted's letter before it (`q) 6: Police`), alone (`6`), with its words
(`6: Police`, `Police [6]`) or as words only (`police`). Where a council writes a source in words
of its own, the one group that the words name is taken; words that name none or several are not
guessed. A code whose words say something else (`7 - Police`: in an older list of codes 7 was the
police) is not guessed either.

This module does not know which column of which list it reads.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from model.errors import nearest
from model.returns.annex_a_lists import folded
from model.returns.annex_a_words import CodeSet
from model.returns.sheets import Cell, distinct, is_blank

UNKNOWN_CODE = "a code that the list does not have"
CONTRADICTION = "a code whose words say something else"
SEVERAL = "words that name several codes"
LETTER = re.compile(r"^[a-z]{1,2}\d?[)\].]\s*(?=\S)", re.IGNORECASE)
WHOLE = re.compile(r"^(\d+)\.0+$")
LONGEST_CODE_CELL = 300


@dataclass(frozen=True)
class Codes:
    """A column of codes.

    Attributes
    ----------
    value : text, "" where blank, unknown or faulty. kind : of the fault, "" where none.
    allowed : the nearest allowed, by place, for faults.
    """

    value: np.ndarray = field(repr=False)
    kind: np.ndarray
    allowed: dict[int, str]


def code_of(cell: Cell, codes: CodeSet) -> tuple[str, str]:
    """What a cell becomes, and the kind of fault: ("", "") for a blank or a stated unknown."""
    if is_blank(cell):
        return "", ""
    if isinstance(cell, bool):
        text = "yes" if cell else "no"
    elif isinstance(cell, float) and cell.is_integer():
        text = str(int(cell))
    else:
        text = WHOLE.sub(
            r"\1", " ".join(str(cell).replace("\u2019", "'").replace("\u2018", "'").split())
        )
    text = text[:LONGEST_CODE_CELL]
    bare = LETTER.sub("", text)
    plain = folded(bare)
    if plain in codes.words:
        return codes.words[plain], ""
    code = _code_in(bare, codes)
    named = {value for pattern, value in codes.keywords if pattern.search(bare)}
    if code:
        value = codes.values[code]
        if len(named) == 1 and named != {value}:
            return "", CONTRADICTION
        return value, ""
    if plain in codes.unknown:
        return "", ""
    if len(named) == 1:
        return named.pop(), ""
    if len(named) > 1:
        return (codes.several, "") if codes.several else ("", SEVERAL)
    return "", UNKNOWN_CODE


def _code_in(text: str, codes: CodeSet) -> str:
    """The code that a text begins with, or that stands in brackets in it; "" where none does."""
    if not codes.values:
        return ""
    begins = re.match(r"[\"'(\[]*([A-Za-z]{0,3}\s?\d{0,2}[A-Za-z]?)(?![A-Za-z0-9])", text)
    inside = re.findall(r"[(\[]([A-Za-z]{0,3}\d{0,2}[A-Za-z]?)[)\]]", text)
    for one in (begins[1] if begins else "", *inside):
        code = one.replace(" ", "").upper()
        if code in codes.values:
            return code
    return ""


def codes_of(cells: Sequence[Cell], codes: CodeSet) -> Codes:
    """The codes of a column, each distinct value read once."""
    distinct_cells, which = distinct(cells)
    read = [code_of(one, codes) for one in distinct_cells]
    values = np.array([value for value, _ in read], dtype=object)
    kinds = np.array([kind for _, kind in read], dtype=object)
    close = {
        place: _allowed(cell, codes) for place, cell in enumerate(distinct_cells) if kinds[place]
    }
    faulty = np.flatnonzero(np.isin(which, list(close)))
    return Codes(values[which], kinds[which], {int(at): close[int(which[at])] for at in faulty})


def _allowed(cell: Cell, codes: CodeSet) -> str:
    near = nearest(str(cell)[:LONGEST_CODE_CELL], codes.labels)
    return f"{'; '.join(codes.labels)}{f' (the nearest is {near})' if near else ''}"
