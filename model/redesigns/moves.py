"""Where the levers stand in a redesign, place by place, and what it is like to move one.

A place is a locality, or the whole area for a lever that does not differ by locality. What a file
says in ways that no lever moves is left as it is and listed apart. It runs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from model.errors import InputError, Where
from model.parameters import Parameters
from model.parameters.catalogue import spec_named
from model.redesigns.drafts import MOST_CHANGES, Draft, Table
from model.redesigns.levers import NEUTRAL, Lever, levers, matches, row_of, today
from model.scenarios import WEAKEST_LAST
from model.scenarios.run_dates import THROUGHOUT

EVERYWHERE = ""
MOST_STEPS = 24
TOLERANCE = 1e-9
DATES = ("value", "from", "ramp")
Steps = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Standing:
    """Where a lever stands.

    Attributes
    ----------
    by_place : when and value in each place; no steps where it is as today.
    neutral : the value that changes nothing, in each place.
    """

    by_place: dict[str, Steps]
    neutral: dict[str, float]

    @property
    def moved(self) -> bool:
        """Whether it stands elsewhere than today anywhere."""
        return any(self.by_place.values())


def places_of(lever: Lever, area: Parameters) -> tuple[str, ...]:
    """Where a lever can have a value of its own."""
    localities = area.area.localities
    return localities if lever.by_locality and len(localities) > 1 else (EVERYWHERE,)


def whole_run_only(lever: Lever) -> bool:
    """Whether what the lever moves is read once, as a run starts, so that it has no later date."""
    spec = spec_named(lever.parameter)
    assert spec is not None
    return spec.whole_run


def standing(draft: Draft, lever: Lever, area: Parameters) -> Standing | None:
    """Where a lever stands in a draft; None where the draft moves it in a way of its own."""
    places = places_of(lever, area)
    found: dict[str, Steps] = dict.fromkeys(places, ())
    for row in draft.changes:
        if not matches(lever, row):
            continue
        covered = _covered(row, places)
        steps = _steps(row)
        if covered is None or steps is None or any(found[place] for place in covered):
            return None
        found |= dict.fromkeys(covered, steps)
    return Standing(found, _neutral(lever, area, places))


def moved(
    draft: Draft, lever: Lever, place: str, steps: Iterable[tuple[str, float]], area: Parameters
) -> Draft:
    """The draft with a lever moved in one place; the other places stay as they are.

    Parameters
    ----------
    place : a locality, or `EVERYWHERE`. steps : when and value; none, or nothing but today's
        value, puts it back.

    Raises
    ------
    InputError for a lever that the draft moves in a way of its own, or too many steps.
    """
    now = standing(draft, lever, area)
    where = Where(draft.title, lever.label)
    if now is None:
        raise InputError(where, "changes that no lever makes", remedy="Take those out first.")
    wanted = _tidied(steps, now.neutral[place])
    if len(wanted) > MOST_STEPS:
        raise InputError(where, f"{len(wanted)} steps", f"at most {MOST_STEPS}")
    places = places_of(lever, area)
    rows: list[Table] = []
    spot: int | None = None  # others stay where they are: draws are addressed by it
    old: Table | None = None
    for row in draft.changes:
        covered = _covered(row, places) if matches(lever, row) else None
        if covered is None:
            rows.append(row)
            continue
        if place in covered:
            old, spot = row, len(rows)
            covered = tuple(one for one in covered if one != place)
        if covered:
            rows.append(_in(row, covered, places))
    if wanted:
        new = _row(lever, wanted, area, old)
        rows.insert(len(rows) if spot is None else spot, _in(new, (place,), places))
    rows = _together(rows, lever, places)
    if len(rows) > MOST_CHANGES:
        raise InputError(where, f"{len(rows)} changes", f"at most {MOST_CHANGES}")
    table = {name: value for name, value in draft.table.items() if name != "change"}
    return replace(draft, table=_graded(table | ({"change": rows} if rows else {})))


def others(draft: Draft, area: Parameters) -> list[tuple[int, Table]]:
    """Changes that no lever shows, with their places in the draft, counted from 0."""
    shown = [lever for lever in levers() if standing(draft, lever, area) is not None]
    every = enumerate(draft.changes)
    return [(number, row) for number, row in every if not any(matches(one, row) for one in shown)]


def moved_levers(draft: Draft, area: Parameters) -> dict[str, Standing]:
    """The levers that stand elsewhere than today, by name."""
    found = {lever.name: standing(draft, lever, area) for lever in levers()}
    return {name: one for name, one in found.items() if one is not None and one.moved}


def _neutral(lever: Lever, area: Parameters, places: tuple[str, ...]) -> dict[str, float]:
    if lever.how in NEUTRAL:
        return dict.fromkeys(places, NEUTRAL[lever.how])
    now = today(lever, area)
    return {place: now.by_locality.get(place, now.value) for place in places}


def _covered(row: Table, places: tuple[str, ...]) -> tuple[str, ...] | None:
    """The places that a change is about; None where they are not those of the lever."""
    named = row.get("localities")
    if not named:
        return places
    return tuple(named) if set(named) <= set(places) else None


def _steps(row: Table) -> Steps | None:
    """When and value; None for values that are tables."""
    steps = row.get("ramp") or [[row.get("from", THROUGHOUT), row["value"]]]
    if any(isinstance(value, dict) for _, value in steps):
        return None
    return tuple((str(when), float(value)) for when, value in steps)


def _tidied(steps: Iterable[tuple[str, float]], neutral: float) -> Steps:
    """Steps from the first one that differs from today's value."""
    found = [(when, float(np.round(value, 9))) for when, value in steps]
    while found and abs(found[0][1] - neutral) < TOLERANCE:
        del found[0]
    return tuple(found)


def _row(lever: Lever, steps: Steps, area: Parameters, old: Table | None) -> Table:
    """A change; where only its dates are new, what stood behind it stands."""
    if old is not None and [value for _, value in _steps(old) or ()] == [one for _, one in steps]:
        kept = {name: value for name, value in old.items() if name not in DATES}
        made = row_of(lever, list(steps), area)
        dated = {name: made[name] for name in DATES if name in made}
        first = {name: kept.pop(name) for name in ("parameter", "at", "how") if name in kept}
        return first | dated | kept
    return row_of(lever, list(steps), area)


def _in(row: Table, covered: tuple[str, ...], places: tuple[str, ...]) -> Table:
    """The change in some places only."""
    plain: Table = {name: value for name, value in row.items() if name != "localities"}
    if set(covered) == set(places):
        return plain
    before = {name: plain.pop(name) for name in ("parameter", "at", "how", *DATES) if name in plain}
    return {**before, "localities": [one for one in places if one in covered], **plain}


def _together(rows: list[Table], lever: Lever, places: tuple[str, ...]) -> list[Table]:
    """Changes of a lever that differ in nothing but their places are one."""
    found: list[Table] = []
    for row in rows:
        same = next(
            (
                number
                for number, one in enumerate(found)
                if matches(lever, row) and _without_places(one) == _without_places(row)
            ),
            None,
        )
        if same is None:
            found.append(row)
            continue
        both = (*(_covered(found[same], places) or ()), *(_covered(row, places) or ()))
        found[same] = _in(row, both, places)
    return found


def _without_places(row: Table) -> Table:
    return {name: value for name, value in row.items() if name != "localities"}


def _graded(table: Table) -> Table:
    """The whole is graded no better than the weakest of its changes that is no decision."""
    grades = [str(row["grade"]) for row in table.get("change", [])]
    evidence: Any = table.get("evidence")
    known = [one for one in (evidence, *grades) if one in WEAKEST_LAST]
    return table | ({"evidence": max(known, key=WEAKEST_LAST.index)} if known else {})


__all__ = [
    "EVERYWHERE",
    "Standing",
    "Steps",
    "moved",
    "moved_levers",
    "others",
    "places_of",
    "standing",
    "whole_run_only",
]
