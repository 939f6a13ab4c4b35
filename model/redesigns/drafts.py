"""A redesign on the drawing board: edited step by step, every step undone at will.

A draft is the tables of a scenario file and nothing else, so that the app, the command line and a
colleague's editor speak of the same thing. Nothing here changes a draft in place: an edit gives a
new one. It knows levers and scenario files; it runs nothing and draws nothing.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import tomlkit
import tomlkit.items

from model import root as project
from model import scenarios
from model.errors import InputError, Where
from model.parameters import Parameters
from model.parameters.evidence import check_text
from model.parameters.reading import read_toml
from model.redesigns.levers import Lever, matches, row_of
from model.scenarios import Scenario

Table = dict[str, Any]
BLANK_TITLE = "My redesign"
BLANK_RATIONALE = "Built in the app."
# Of a redesign put together here: what a person chose is an assumption until it is tried.
BLANK_EVIDENCE = "assumption"
MOST_CHANGES, MOST_COSTS = 60, 30
MERGED = ("change", "programme_cost")


@dataclass(frozen=True)
class Draft:
    """A redesign while it is being built.

    Attributes
    ----------
    table : as a scenario file states it. based_on : name of the scenario that it began as; empty
        for a blank one.
    """

    table: Table
    based_on: str = ""

    @cached_property
    def toml(self) -> str:
        """The scenario file that the command line reads."""
        document = tomlkit.document()
        for key, value in self.table.items():
            document[key] = _rows(value) if key in MERGED else value
        return tomlkit.dumps(document)

    @property
    def title(self) -> str:
        """What people call it."""
        return str(self.table["title"])

    @property
    def changes(self) -> list[Table]:
        """Its changes, as the file's [[change]] tables."""
        return list(self.table.get("change", []))

    @property
    def costs(self) -> list[Table]:
        """Its programme costs, as the file's [[programme_cost]] tables."""
        return list(self.table.get("programme_cost", []))

    @property
    def empty(self) -> bool:
        """Whether it changes nothing yet."""
        return not self.table.get("change")


def blank(title: str = BLANK_TITLE) -> Draft:
    """A redesign that changes nothing yet."""
    return Draft({"title": title, "rationale": BLANK_RATIONALE, "evidence": BLANK_EVIDENCE})


def started_from(name: str, root: str | Path | None = None) -> Draft:
    """A scenario of the library, with all that it extends, as a draft of its own.

    Raises
    ------
    InputError for an unknown scenario.
    """
    scenarios.load(name, root)
    return Draft(_whole(name, project.find(root)), based_on=name)


def _whole(name: str, folder: Path) -> Table:
    """A scenario's tables with those of the scenarios that it extends put before its own."""
    table = read_toml(folder / project.SCENARIOS / f"{name}.toml", folder)
    parents = [_whole(parent, folder) for parent in table.pop("extends", [])]
    for key in MERGED:
        rows = [row for one in (*parents, table) for row in one.get(key, [])]
        once = [row for place, row in enumerate(rows) if row not in rows[:place]]
        if once:
            table[key] = once
    limits = [set(one["areas"]) for one in (*parents, table) if one.get("areas")]
    if limits:
        table["areas"] = sorted(set.intersection(*limits))
    return table


def with_words(draft: Draft, title: str, rationale: str = "") -> Draft:
    """The draft under another title, and with another reason where one is given."""
    table = {**draft.table, "title": title.strip() or BLANK_TITLE}
    return replace(draft, table=table | ({"rationale": rationale} if rationale.strip() else {}))


def with_lever(
    draft: Draft,
    lever: Lever,
    steps: list[tuple[str, float]],
    area: Parameters,
    localities: Iterable[str] = (),
    why: str = "",
) -> Draft:
    """The draft with one lever moved in some localities; an earlier move of it there gives way.

    Parameters
    ----------
    steps : when and value; empty to leave the lever where it is today.
    localities : where; empty for everywhere.
    """
    where = tuple(localities)
    rows = [row for row in draft.changes if not (matches(lever, row) and _clash(row, where))]
    if steps:
        rows.append(row_of(lever, steps, area, where, why))
    return _with(draft, "change", rows, MOST_CHANGES)


def steps_of(draft: Draft, lever: Lever, locality: str = "") -> list[tuple[str, float]]:
    """Where a lever stands in a draft: when and value; empty where it is as today."""
    for row in draft.changes:
        if matches(lever, row) and row.get("localities", []) == ([locality] if locality else []):
            ramp = row.get("ramp") or [[row.get("from", "start"), row["value"]]]
            return [(str(when), float(value)) for when, value in ramp]
    return []


def without_change(draft: Draft, place: int) -> Draft:
    """The draft without the change at a place, counted from 0."""
    rows = [row for number, row in enumerate(draft.changes) if number != place]
    return _with(draft, "change", rows, MOST_CHANGES)


def with_cost(draft: Draft, row: Table, place: int | None = None) -> Draft:
    """The draft with a programme cost added, or put in the place of another."""
    rows = draft.costs
    if place is None:
        rows.append(row)
    else:
        rows[place] = row
    return _with(draft, "programme_cost", rows, MOST_COSTS)


def without_cost(draft: Draft, place: int) -> Draft:
    """The draft without the programme cost at a place, counted from 0."""
    rows = [row for number, row in enumerate(draft.costs) if number != place]
    return _with(draft, "programme_cost", rows, MOST_COSTS)


def cost_row(
    name: str,
    funder: str,
    gbp: float,
    *,
    once: bool,
    price_year: str,
    starts: str,
    years: float | None = None,
    spread: float = 0.0,
) -> Table:
    """A programme cost as a scenario file states it.

    Parameters
    ----------
    gbp : pounds, once or a year. spread : share by which it may be more or less.
    """
    row: Table = {"name": name, "funder": funder}
    row["gbp_once" if once else "gbp_per_year"] = float(gbp)
    row |= {"low": gbp * (1 - spread), "high": gbp * (1 + spread), "price_year": price_year}
    row |= {"from": starts, "source": ["own_judgement"], "grade": "assumption"}
    return row | ({"years": float(years)} if years and not once else {})


def staff_row(name: str, funder: str, grade: str, wte: float, starts: str) -> Table:
    """Programme staff as a scenario file states them: the salary of the grade is looked up."""
    row: Table = {"name": name, "funder": funder, "staff": {"grade": grade, "wte": float(wte)}}
    return row | {"from": starts, "source": ["own_judgement"], "grade": "assumption"}


def scenario_of(draft: Draft, name: str = "draft", root: str | Path | None = None) -> Scenario:
    """The scenario that the model runs.

    Raises
    ------
    InputError for anything wrong in it, as for a file.
    """
    return scenarios.parse(deepcopy(draft.table), name, root)


def _rows(rows: list[Table]) -> tomlkit.items.AoT:
    """Tables [[change]], what is nested in them on one line, as people write it."""
    found = tomlkit.aot()
    for row in rows:
        table = tomlkit.table()
        for key, value in row.items():
            if isinstance(value, dict):
                inline = tomlkit.inline_table()
                inline.update(value)
                table[key] = inline
            else:
                table[key] = value
        found.append(table)
    return found


def from_toml(
    text: str, name: str, root: str | Path | None = None, unfinished: bool = False
) -> Draft:
    """A draft from the text of a scenario file; what it extends is put in.

    Parameters
    ----------
    unfinished : whether it may change nothing yet.

    Raises
    ------
    InputError for text that is no TOML, or no scenario.
    """
    where = Where(name)
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = f"text that is no TOML ({error})"
        raise InputError(where, found, "a scenario file, as exported by the app") from None
    if unfinished and not any(table.get(key) for key in (*MERGED, "extends")):
        check_text(table.get("title"), where.at("title"))
        return Draft(table)
    parents = table.get("extends", [])
    plan = scenarios.parse(deepcopy(table), name.removesuffix(".toml"), root)
    if parents:
        folder = project.find(root)
        found_parents = [_whole(parent, folder) for parent in plan.extends]
        table.pop("extends")
        for key in MERGED:
            rows = [row for one in (*found_parents, table) for row in one.get(key, [])]
            if rows:
                table[key] = rows
    return Draft(table)


def _with(draft: Draft, key: str, rows: list[Table], most: int) -> Draft:
    if len(rows) > most:
        raise InputError(Where(draft.title, key), f"{len(rows)} of them", f"at most {most}")
    table = {name: value for name, value in draft.table.items() if name != key}
    return replace(draft, table=table | ({key: rows} if rows else {}))


def _clash(row: Table, localities: tuple[str, ...]) -> bool:
    """Whether a change is about the same places, or one of the two is about all of them."""
    theirs = row.get("localities", [])
    return not theirs or not localities or bool(set(theirs) & set(localities))


@dataclass(frozen=True)
class History:
    """A draft with all that came before it, so that an edit can be undone and done again."""

    now: Draft
    before: tuple[Draft, ...] = ()
    after: tuple[Draft, ...] = ()

    def then(self, draft: Draft) -> History:
        """One edit more; an edit that changes nothing is none."""
        if draft.table == self.now.table:
            return self
        return History(draft, (*self.before, self.now)[-MOST_UNDONE:])

    def undone(self) -> History:
        """One edit back."""
        if not self.before:
            return self
        return History(self.before[-1], self.before[:-1], (self.now, *self.after))

    def redone(self) -> History:
        """One edit forward again."""
        if not self.after:
            return self
        return History(self.after[0], (*self.before, self.now), self.after[1:])


MOST_UNDONE = 100

__all__ = [
    "Draft",
    "History",
    "blank",
    "cost_row",
    "from_toml",
    "scenario_of",
    "staff_row",
    "started_from",
    "steps_of",
    "with_cost",
    "with_lever",
    "with_words",
    "without_change",
    "without_cost",
]
