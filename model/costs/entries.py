"""One entry of a file of costs: what it must say, read and checked.

The module holds no price, knows no set of costs as a whole, and counts no episode.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from model.costs.unit_cost import (
    CASHABILITY,
    COUNTED,
    EACH_OUTCOME,
    ENGLAND,
    INCOME,
    KINDS,
    NOT_ATTACHED,
    NOT_IN_LOG,
    OPEN_INCOME,
    OVER_LIFETIME,
    OVER_YEAR,
    PAYERS,
    RING_FENCED,
    SOCIETY,
    UNITS,
    MarginalShare,
    UnitCost,
)
from model.episodes import OUTCOME_CODES, STAGE_CODES
from model.errors import InputError, Where, listed
from model.parameters.evidence import (
    GRADES,
    check_choice,
    check_evidence,
    check_in_range,
    check_keys,
    check_number,
    check_text,
    check_texts,
    said,
)
from model.pathway import ATTRIBUTES

REQUIRED: tuple[str, ...] = (
    "when",
    "value",
    "unit",
    "price_year",
    "payer",
    "kind",
    "cashability",
    "grade",
    "source",
    "uncertainty",
)
ATTACHED: tuple[str, ...] = ("stage", "counted")  # required unless the cost is not attached
OPTIONAL: tuple[str, ...] = (
    *ATTACHED,
    "only",
    "outcome",
    "share",
    "children_per_case",
    "marginal_share",
    "paid_by",
    "note",
    "reason",
)
MARGINAL_KEYS: tuple[str, ...] = ("value", "low", "high", "grade", "source", "note")


def unit_cost(
    name: str,
    table: object,
    where: Where,
    lineage: tuple[str, ...],
    known: tuple[str, ...],
    partners: bool = False,
) -> UnitCost:
    """One entry of a file of costs, checked.

    Parameters
    ----------
    name, table, where : the entry and its place. lineage : areas whose figures to look for.
    known : sources. partners : whether it is an entry of avoided partner costs.

    Raises
    ------
    InputError
        For a missing or unknown key, a negative cost, a zero without a reason, a cost without a
        price year, income without its payer.
    """
    entry = check_keys(table, where, REQUIRED, (*OPTIONAL, "over") if partners else OPTIONAL)
    when = check_choice(entry["when"], where.at("when"), tuple(UNITS), "moment")
    if (when == NOT_ATTACHED) and not partners:
        raise InputError(where.at("when"), said(when), "a cost that is counted")
    stages = _stages(entry, when, where)
    gbp, area = _value(entry["value"], where.at("value"), lineage)
    evidence = check_evidence(entry, where, known, UNITS[when])
    check_in_range(evidence.uncertainty, [gbp], where.at("uncertainty"))
    payers = (*PAYERS, SOCIETY) if partners else PAYERS
    kind = check_choice(entry["kind"], where.at("kind"), KINDS[:-1] if partners else KINDS, "kind")
    cashability = check_choice(
        entry["cashability"], where.at("cashability"), tuple(CASHABILITY), "rule"
    )
    counted = entry.get("counted", "child")
    over = entry.get("over", OVER_YEAR)
    return UnitCost(
        name,
        stages,
        when,
        _only(entry.get("only", {}), where.at("only")),
        _outcomes(entry, when, where),
        check_choice(counted, where.at("counted"), COUNTED, "count"),
        gbp,
        area,
        check_number(entry.get("share", 1), where.at("share"), 0.0, 1.0),
        check_number(entry.get("children_per_case", 1), where.at("children_per_case"), 1.0),
        check_choice(entry["payer"], where.at("payer"), payers, "payer"),
        kind,
        cashability,
        evidence,
        _reason(entry, gbp, when, where),
        _paid_by(entry, kind, cashability, where),
        check_choice(over, where.at("over"), (OVER_YEAR, OVER_LIFETIME), "period"),
        _marginal(entry.get("marginal_share"), where.at("marginal_share"), known),
    )


def _stages(entry: Mapping[str, Any], when: str, where: Where) -> tuple[str, ...]:
    """The stages that are priced, which only a cost that is not attached has none of."""
    if when == NOT_ATTACHED:
        for key in ("stage", "counted", "only", "share", "children_per_case"):
            if key in entry:
                raise InputError(where.at(key), f"{key!r} in a cost that is not attached", "none")
        return ()
    for key in ATTACHED:
        if key not in entry:
            raise InputError(where, f"no key {key!r}", remedy=f"Add {key!r}.")
    stages = check_texts(entry["stage"], where.at("stage"))
    for stage in stages:
        check_choice(stage, where.at("stage"), STAGE_CODES, "stage")
    return stages


def _value(found: object, where: Where, lineage: tuple[str, ...]) -> tuple[float, str]:
    """The nearest area's figure, and whose it is; every figure in the table is checked."""
    if not isinstance(found, dict):
        return check_number(found, where, 0.0), ENGLAND
    figures = {name: check_number(one, where.at(name), 0.0) for name, one in found.items()}
    if ENGLAND not in figures:
        raise InputError(where, f"figures for {listed(figures)}", f"also one for {ENGLAND}")
    area = next(name for name in lineage if name in figures)
    return figures[area], area


def _only(found: object, where: Where) -> dict[str, tuple[str, ...]]:
    """The attribute values that a cost is confined to."""
    if not isinstance(found, dict):
        raise InputError(where, said(found), 'a table such as { lead = "council" }')
    names = [name for name, values in ATTRIBUTES.items() if values and name not in NOT_IN_LOG]
    only = {}
    for attribute, values in found.items():
        check_choice(attribute, where, names, "attribute")
        only[attribute] = check_texts(values, where.at(attribute))
        for value in only[attribute]:
            check_choice(value, where.at(attribute), ATTRIBUTES[attribute], attribute)
    return only


def _outcomes(entry: Mapping[str, Any], when: str, where: Where) -> tuple[str, ...]:
    """The outcomes that are priced, which only a cost of "each outcome" has."""
    if (when == EACH_OUTCOME) != ("outcome" in entry):
        found = "an outcome" if "outcome" in entry else "no outcome"
        raise InputError(where, f"{found} with when = {when!r}", f"an outcome with {EACH_OUTCOME}")
    if when != EACH_OUTCOME:
        return ()
    outcomes = check_texts(entry["outcome"], where.at("outcome"))
    for outcome in outcomes:
        check_choice(outcome, where.at("outcome"), OUTCOME_CODES, "outcome")
    return outcomes


def _reason(entry: Mapping[str, Any], gbp: float, when: str, where: Where) -> str:
    """Why a cost is zero or not attached; either must have a reason, and a price has none."""
    explained = "reason" in entry
    if gbp == 0 and not explained:
        raise InputError(where, "a zero without a reason", "a price, or a reason", "Add 'reason'.")
    if when == NOT_ATTACHED and not explained:
        raise InputError(where, "a cost that is not attached, without a reason", "a reason")
    if gbp > 0 and when != NOT_ATTACHED and explained:
        raise InputError(where.at("reason"), "a reason for a zero", "none beside a price")
    if ("share" in entry or "children_per_case" in entry) and not entry.get("note"):
        found = "a share or children_per_case without a note"
        raise InputError(where, found, "a note that says where it comes from", "Add 'note'.")
    return check_text(entry["reason"], where.at("reason")) if explained else ""


def _paid_by(entry: Mapping[str, Any], kind: str, cashability: str, where: Where) -> str:
    """Who pays an income, which only income has, with a rule of its own."""
    income_rules = (OPEN_INCOME, RING_FENCED)
    if (kind == INCOME) != (cashability in income_rules):
        found = f"kind {kind!r} with cashability {cashability!r}"
        raise InputError(where, found, f"{listed(income_rules)} for income, and for nothing else")
    if (kind == INCOME) != ("paid_by" in entry):
        found = f"kind {kind!r} and {'' if 'paid_by' in entry else 'no '}paid_by"
        raise InputError(where, found, "paid_by for income, and for nothing else")
    if kind != INCOME:
        return ""
    return check_choice(entry["paid_by"], where.at("paid_by"), PAYERS, "payer")


def _marginal(found: object, where: Where, known: tuple[str, ...]) -> MarginalShare | None:
    """The part of the price that ends with one week less, where it is stated."""
    if found is None:
        return None
    entry = check_keys(found, where, MARGINAL_KEYS)
    low, value, high = (
        check_number(entry[key], where.at(key), 0.0, 1.0) for key in ("low", "value", "high")
    )
    if not low <= value <= high:
        raise InputError(where, f"{value:g} with low {low:g} and high {high:g}", "low to high")
    cited = check_texts(entry["source"], where.at("source"))
    for source in cited:
        check_choice(source, where.at("source"), known, "source")
    grade = check_choice(entry["grade"], where.at("grade"), GRADES, "grade")
    return MarginalShare(
        value, low, high, grade, cited, check_text(entry["note"], where.at("note"))
    )
