"""Knobs: what calibration turns, and the joint posterior that it found for an area.

`parameters/knobs.toml` says which numbers are fitted and how far they may be from the template;
an area that was fitted keeps its own copy beside its `posterior.csv`. A knob's value is a factor
on the numbers in the area's file: 1 leaves them as they are. Nothing is run or fitted here.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.errors import InputError, Where, listed, unknown
from model.parameters.catalogue import SPECS, WITH_OUTCOMES, Kind, Spec
from model.parameters.reading import check_keys, check_number, check_text, check_texts, read_toml

KNOBS_FILE = "knobs.toml"
POSTERIOR_FILE = "posterior.csv"
MOST_KNOBS = 12
STREAM = "stream"
Moved = tuple["Move", float]
MOVABLE = (Kind.NUMBER, Kind.RATIO, Kind.SHARE, Kind.SPLIT, Kind.COUNTS, Kind.YEARLY)


@dataclass(frozen=True)
class Move:
    """What a knob does to one parameter.

    Attributes
    ----------
    parameter : its name.
    outcomes : that the factor works on; empty for a parameter of one number.
    against : outcomes of a split that make room; the others keep their share.
    only : streams that are moved; empty for all.
    """

    parameter: str
    outcomes: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    only: tuple[str, ...] = ()


@dataclass(frozen=True)
class Knob:
    """One free number of the fit: a factor on one or a few parameters.

    Attributes
    ----------
    name, title : as in the file, and as people say it.
    low, high : 5th and 95th percentile of the factor before the fit (lognormal around 1).
    moves : what it moves. shown_by : published measures that tell most about it.
    note : free text.
    """

    name: str
    title: str
    low: float
    high: float
    moves: tuple[Move, ...]
    shown_by: tuple[str, ...] = ()
    note: str = ""

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the parameters that it moves."""
        return tuple(dict.fromkeys(move.parameter for move in self.moves))


@dataclass(frozen=True)
class Joint:
    """A joint posterior of an area's knobs: rows are equally likely worlds.

    Attributes
    ----------
    knobs : in the order of the columns.
    factors : one row a world, each a factor on the numbers in the area's file; neighbouring rows
        are alike, so that rows far apart in order are spread.
    """

    knobs: tuple[Knob, ...]
    factors: tuple[tuple[float, ...], ...]

    @property
    def parameters(self) -> frozenset[str]:
        """Names of the parameters that the posterior speaks of."""
        return frozenset(name for knob in self.knobs for name in knob.parameters)

    def row(self, u: float) -> tuple[float, ...]:
        """The world at a place from 0 to 1 in the order of the rows."""
        return self.factors[min(int(u * len(self.factors)), len(self.factors) - 1)]


def read_knobs(path: Path, root: Path | None = None) -> tuple[Knob, ...]:
    """The knobs of a file, checked against the catalogue of parameters.

    Raises
    ------
    InputError for an unknown parameter, outcome, stream or key, a range without 1 in it, or more
    than a dozen knobs.
    """
    table = read_toml(path, root)
    where = Where(path.name)
    if len(table) > MOST_KNOBS:
        raise InputError(where, f"{len(table)} knobs", f"at most {MOST_KNOBS}")
    return tuple(_knob(name, entry, where.at(name)) for name, entry in table.items())


def _knob(name: str, entry: object, where: Where) -> Knob:
    keys = ("title", "low", "high", "moves")
    table = check_keys(entry, where, keys, ("shown_by", "note"))
    low = check_number(table["low"], where.at("low"))
    high = check_number(table["high"], where.at("high"))
    if not 0 < low < 1 < high:
        raise InputError(where, f"low {low:g} and high {high:g}", "0 < low < 1 < high")
    if not isinstance(table["moves"], list) or not table["moves"]:
        raise InputError(where.at("moves"), "no moves", f"[[{name}.moves]] with a parameter")
    return Knob(
        name,
        check_text(table["title"], where.at("title")),
        low,
        high,
        tuple(_move(one, where.at("moves")) for one in table["moves"]),
        check_texts(table["shown_by"], where.at("shown_by")) if "shown_by" in table else (),
        check_text(table.get("note", ""), where.at("note"), empty=True),
    )


def _move(entry: object, where: Where) -> Move:
    table = check_keys(entry, where, ("parameter",), ("outcomes", "against", "only"))
    name = check_text(table["parameter"], where.at("parameter"))
    spec = SPECS.get(name)
    if spec is None or spec.kind not in MOVABLE:
        movable = [one for one, each in SPECS.items() if each.kind in MOVABLE]
        raise unknown(where.at("parameter"), name, movable, "parameter that a knob can move")
    texts = {
        key: check_texts(table[key], where.at(key)) if key in table else ()
        for key in ("outcomes", "against", "only")
    }
    move = Move(name, **texts)
    _check_outcomes(move, spec, where)
    if move.only and STREAM not in spec.dims:
        raise InputError(where.at("only"), f"{name}, which has no streams", "no key 'only'")
    return move


def _check_outcomes(move: Move, spec: Spec, where: Where) -> None:
    """Outcomes where the kind has them, and room made for them where they must add up to 1."""
    if spec.kind not in WITH_OUTCOMES:
        if move.outcomes or move.against:
            raise InputError(where, f"outcomes of {move.parameter}", "none: it is one number")
        return
    known = spec.outcomes_in(())
    for outcome in (*move.outcomes, *move.against):
        if outcome not in known:
            raise unknown(where, outcome, known, "outcome")
    if not move.outcomes or set(move.outcomes) & set(move.against):
        raise InputError(where, f"outcomes {listed(move.outcomes)}", "some that are not `against`")
    if (spec.kind is Kind.SPLIT) != bool(move.against):
        allowed = "`against` for a split, and for a split alone"
        raise InputError(where, f"{len(move.against)} outcomes against", allowed)


def read_joint(folder: Path) -> Joint | None:
    """The joint posterior that lies in an area's folder; None where there is none.

    Raises
    ------
    InputError for a table whose columns are not the knobs of the folder's own `knobs.toml`, or
    that holds anything but numbers above 0.
    """
    path = folder / POSTERIOR_FILE
    if not path.is_file():
        return None
    knobs = read_knobs(folder / KNOBS_FILE)
    where = Where(f"{folder.name}/{POSTERIOR_FILE}")
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    names = [knob.name for knob in knobs]
    if not lines or lines[0] != names:
        found = listed(lines[0]) if lines else "an empty file"
        raise InputError(where.at("columns"), found, listed(names))
    rows = tuple(_row(line, number, len(names), where) for number, line in enumerate(lines[1:], 2))
    if not rows:
        raise InputError(where, "no rows", "one row for each world that is drawn")
    return Joint(knobs, rows)


def _row(line: Sequence[str], number: int, width: int, where: Where) -> tuple[float, ...]:
    here = where.at(f"line {number}")
    if len(line) != width:
        raise InputError(here, f"{len(line)} columns", f"{width}")
    try:
        found = tuple(float(text) for text in line)
    except ValueError:
        raise InputError(here, ", ".join(line), "numbers") from None
    if not all(math.isfinite(one) and one > 0 for one in found):
        raise InputError(here, ", ".join(line), "numbers above 0")
    return found


def moved_value(value: Any, by: tuple[str, ...], spec: Spec, moves: Sequence[Moved]) -> Any:
    """A value once every knob that moves it has worked on it, in whatever order.

    Parameters
    ----------
    value : nested by the attributes of `by`. spec : of its parameter.
    moves : which part, with the factor on it. Factors multiply: the value moved by f and then by g
        is the value moved by their product.
    """
    if by:
        return {
            name: moved_value(inner, by[1:], spec, _of_stream(moves, by[0], name))
            for name, inner in value.items()
        }
    if spec.kind is Kind.SPLIT:
        return _moved_split(value, moves)
    if isinstance(value, dict):
        by_outcome = _factors(value, moves)
        return {name: number * by_outcome[name] for name, number in value.items()}
    factor = math.prod(factor for _, factor in moves)
    if spec.kind is Kind.SHARE:
        return value * factor / (1.0 - value + value * factor)
    return value * factor


def _of_stream(moves: Sequence[Moved], attribute: str, name: str) -> list[Moved]:
    """The moves that reach one value of an attribute."""
    if attribute != STREAM:
        return list(moves)
    return [(move, factor) for move, factor in moves if not move.only or name in move.only]


def _factors(value: Mapping[str, float], moves: Sequence[Moved]) -> dict[str, float]:
    """The factor on each outcome."""
    found = dict.fromkeys(value, 1.0)
    for move, factor in moves:
        for name in move.outcomes:
            if name in found:
                found[name] *= factor
    return found


def _moved_split(value: Mapping[str, float], moves: Sequence[Moved]) -> dict[str, float]:
    """A split whose outcomes share what they and those against them had; the others stay."""
    by_outcome = _factors(value, moves)
    pool = {name for move, _ in moves for name in (*move.outcomes, *move.against)}
    before = sum(value[name] for name in pool)
    after = sum(value[name] * by_outcome[name] for name in pool)
    scale = before / after if after > 0 else 1.0
    return {
        name: share * by_outcome[name] * scale if name in pool else share
        for name, share in value.items()
    }


__all__ = ["Joint", "Knob", "Move", "moved_value", "read_joint", "read_knobs"]
