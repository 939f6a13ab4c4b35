"""The dictionary of measures as Markdown, between two marks of a file.

`python -m model.measures --update docs/measures.md` writes it; a test holds the two in step.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from model import measures
from model.errors import InputError, Where
from model.measures.asked_for import ASKED_FOR, SIMULATED, Asked
from model.measures.definitions import DOCUMENTS

START_MARK = "<!-- measures:start -->"
END_MARK = "<!-- measures:end -->"
TABLE_MARK = "measures."  # before the name of a table that answers, not a measure
HEADINGS = ("measure", "definition", "unit", "counted in", "source", "council's own return")


def markdown() -> str:
    """What the documents ask for, then every measure."""
    lines = ["## What the documents ask for"]
    for document in DOCUMENTS:
        asked = [each for each in ASKED_FOR if each.document == document]
        rows = [(each.asks_for, standing(each), answers(each)) for each in asked]
        lines += ["", f"### {document}", "", *table(("asks for", "standing", "answer"), rows)]
    found = measures.dictionary()
    lines += ["", f"## The {len(found)} measures", ""]
    columns = ("measure", "definition", "unit", "counted_in", "source", "council_return")
    rows = [(f"`{name}`", *rest) for name, *rest in found[list(columns)].itertuples(index=False)]
    return "\n".join([*lines, *table(HEADINGS, rows)])


def standing(asked: Asked) -> str:
    """Where it stands, in bold where the model does not simulate it."""
    return asked.standing if asked.standing == SIMULATED else f"**{asked.standing}**"


def answers(asked: Asked) -> str:
    """The measures and tables that answer it, and what is to be said."""
    names = ", ".join(f"`{name}`" for name in asked.answers)
    return ". ".join(part for part in (names, asked.says) if part)


def table(headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    """The lines of a Markdown table."""
    body = ["| " + " | ".join(row) + " |" for row in rows]
    return ["| " + " | ".join(headings) + " |", "|---" * len(headings) + "|", *body]


def updated(text: str) -> str:
    """A text with what stands between its marks written anew.

    Raises ValueError when the marks are not there.
    """
    before, found_start, rest = text.partition(START_MARK)
    _, found_end, after = rest.partition(END_MARK)
    if not (found_start and found_end):
        raise ValueError(f"no marks for the measures: {START_MARK} and {END_MARK}")
    return f"{before}{START_MARK}\n{markdown()}\n{END_MARK}{after}"


def update(path: Path) -> None:
    """Write the measures into a Markdown file between its marks.

    Raises InputError when the marks are not there.
    """
    try:
        text = updated(path.read_text(encoding="utf-8"))
    except ValueError as error:
        allowed = f"{START_MARK}, {END_MARK}"
        raise InputError(Where(str(path)), "no marks for the measures", allowed) from error
    path.write_text(text, encoding="utf-8")
