"""One change to one parameter: the tables [[change]] of a scenario's file.

It checks them as far as that can be done without an area; `changed_values` lays a change onto an
area's numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from model.errors import InputError, Where, listed, unknown
from model.parameters.catalogue import (
    DERIVED,
    SPECS,
    WITH_OUTCOMES,
    Kind,
    Spec,
    spec_named,
    values_of,
)
from model.parameters.evidence import (
    Uncertainty,
    check_choice,
    check_evidence,
    check_in_range,
    check_keys,
    check_number,
    check_text,
    check_texts,
    said,
)
from model.parameters.values import NUMERIC
from model.scenarios.run_dates import THROUGHOUT, check_when

HOWS: tuple[str, ...] = ("set", "multiply", "add", "odds_ratio")
WITH_ODDS = (Kind.SHARE, Kind.SPLIT)
CHANGE_KEYS: tuple[str, ...] = ("parameter", "how", "why", "grade", "source", "uncertainty")
CHANGE_OPTIONS: tuple[str, ...] = ("at", "value", "ramp", "from", "localities", "note")

Value = float | dict[str, float]


@dataclass(frozen=True)
class Change:
    """One change to one parameter, in part or in whole.

    Attributes
    ----------
    where : its place in the scenario's file.
    scenario : the scenario that states it (which may be one that another extends).
    parameter : name in the catalogue.
    at : for each attribute, the values that it applies to; `outcome` for a part of the value.
        An attribute that is absent applies throughout.
    how : one of `HOWS`.
    steps : (when, value), in the order of the file; `when` is a date or "start + N months", the
        value one number or a table of outcomes.
    localities : to which it applies; empty for all of them.
    why, grade, sources, uncertainty, note : what stands behind it.
    """

    where: Where
    scenario: str
    parameter: str
    at: dict[str, tuple[str, ...]]
    how: str
    steps: tuple[tuple[date | str, Value], ...]
    localities: tuple[str, ...]
    why: str
    grade: str
    sources: tuple[str, ...]
    uncertainty: Uncertainty
    note: str = ""


def change(row: dict[str, Any], scenario: str, where: Where, cited: Collection[str]) -> Change:
    """One table [[change]], checked as far as it can be without an area."""
    check_keys(row, where, CHANGE_KEYS, CHANGE_OPTIONS)
    spec = _spec(row["parameter"], where.at("parameter"))
    how = check_choice(row["how"], where.at("how"), HOWS, "way of changing")
    if how == "odds_ratio" and spec.kind not in WITH_ODDS:
        found = f"'odds_ratio' for {spec.name}, which is no share but {spec.kind}"
        raise InputError(where.at("how"), found, listed(HOWS[:3]))
    localities: tuple[str, ...] = ()
    if "localities" in row:
        localities = check_texts(row["localities"], where.at("localities"))
    if localities and "locality" not in spec.dims:
        found = f"localities for {spec.name}, which does not differ by locality"
        raise InputError(where.at("localities"), found, "no localities here")
    at = _at(row.get("at", {}), spec, where.at("at"))
    steps = _steps(row, where)
    for _, value in steps:
        _check_step(value, spec, how, at, where)
    evidence = check_evidence(row, where, cited)
    _check_range(steps, evidence.uncertainty, where.at("uncertainty"))
    return Change(
        where,
        scenario,
        spec.name,
        at,
        how,
        steps,
        localities,
        check_text(row["why"], where.at("why")),
        evidence.grade,
        evidence.sources,
        evidence.uncertainty,
        evidence.note,
    )


def _spec(name: object, where: Where) -> Spec:
    """The parameter that a change names, which must be one that can change."""
    text = check_text(name, where)
    if text in DERIVED:
        found = f"{text!r}, which is worked out from {DERIVED[text][0]}"
        raise InputError(where, found, remedy=f"Change {DERIVED[text][0]} instead.")
    spec = spec_named(text)
    if spec is None:
        raise unknown(where, text, SPECS, "parameter")
    if spec.kind not in NUMERIC:
        levers = [
            f"{lever}.{text.split('.')[0]}"
            for lever in ("hazard_ratio", "duration_ratio")
            if f"{lever}.{text.split('.')[0]}" in SPECS
        ]
        remedy = f"Change {levers[0]} instead." if levers else ""
        raise InputError(
            where, f"{text!r}, which scenarios leave as it is ({spec.kind})", "", remedy
        )
    return spec


def _at(table: object, spec: Spec, where: Where) -> dict[str, tuple[str, ...]]:
    """The part of the value that a change is about, by attribute."""
    allowed = [dim for dim in spec.dims if dim != "locality"]
    if spec.kind in WITH_OUTCOMES:
        allowed.append("outcome")
    given = check_keys(table, where, (), allowed)
    at = {}
    for dim, found in given.items():
        at[dim] = check_texts(found, where.at(dim))
        if dim == "outcome" and spec.over_localities:
            continue
        known = spec.outcomes if dim == "outcome" else values_of(dim, ())
        for one in at[dim]:
            check_choice(one, where.at(dim), known, "outcome" if dim == "outcome" else dim)
    return at


def _steps(row: dict[str, Any], where: Where) -> tuple[tuple[date | str, Value], ...]:
    """Dates and values: one of them, or a ramp."""
    if ("value" in row) == ("ramp" in row):
        raise InputError(where, "both or neither of value and ramp", "one of value and ramp")
    if "value" in row:
        start = check_when(row.get("from", THROUGHOUT), where.at("from"))
        return ((start, _number_or_table(row["value"], where.at("value"))),)
    if "from" in row:
        raise InputError(where.at("from"), "from beside a ramp, which has its own dates")
    ramp = row["ramp"]
    pairs = isinstance(ramp, list) and ramp
    if not pairs or not all(isinstance(step, list) and len(step) == 2 for step in ramp):
        raise InputError(where.at("ramp"), said(ramp), 'pairs such as ["start + 3 months", 2]')
    return tuple(
        (
            check_when(when, where.at(f"ramp[{number}]")),
            _number_or_table(value, where.at(f"ramp[{number}]")),
        )
        for number, (when, value) in enumerate(ramp, 1)
    )


def _number_or_table(found: object, where: Where) -> Value:
    if isinstance(found, dict):
        return {key: check_number(one, where.at(key)) for key, one in found.items()}
    return check_number(found, where)


def _check_step(
    value: Value, spec: Spec, how: str, at: Mapping[str, tuple[str, ...]], where: Where
) -> None:
    """A value must fit the way of changing and the part that it changes."""
    here = where.at("value")
    if isinstance(value, dict):
        if spec.kind not in WITH_OUTCOMES or "outcome" in at:
            raise InputError(here, "a table of outcomes", "one number")
        for outcome in value:
            if not spec.over_localities:
                check_choice(outcome, here.at(outcome), spec.outcomes, "outcome")
    elif spec.kind is Kind.SPLIT and "outcome" not in at:
        remedy = "Name it in at = { outcome = ... }, or write value = { outcome = share, ... }."
        raise InputError(
            here, f"one number for the whole split {spec.name}", "a share of an outcome", remedy
        )
    numbers = value.values() if isinstance(value, dict) else (value,)
    for number in numbers:
        if how == "odds_ratio" and number <= 0:
            raise InputError(here, f"{number:g}", "an odds ratio above 0")
        if how == "multiply" and number < 0:
            raise InputError(here, f"{number:g}", "a factor of at least 0")


def _check_range(
    steps: tuple[tuple[date | str, Value], ...], uncertainty: Uncertainty, where: Where
) -> None:
    """Low and high must agree with a change of one number, and be factors on any other."""
    last = steps[-1][1]
    if uncertainty.distribution == "fixed" or uncertainty.relative:
        return
    if isinstance(last, dict):
        remedy = "Write low and high as factors, with relative = true."
        raise InputError(where, "low and high for a table of numbers", "factors", remedy)
    check_in_range(uncertainty, [last], where)
