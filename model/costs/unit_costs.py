"""Unit costs: what each stage of the pathway costs, who pays, and how sure that is.

`load_unit_costs` reads one set of `parameters/unit_costs.toml` for one area and checks that it
leaves no stage unpriced. The module holds no price and counts no episode; `model.costs` does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from model import root as project
from model.costs.prices import Deflator, load_deflator
from model.episodes import OUTCOME_CODES, STAGE_CODES
from model.errors import InputError, Where, listed, unknown
from model.parameters.evidence import (
    Evidence,
    check_choice,
    check_evidence,
    check_in_range,
    check_keys,
    check_number,
    check_text,
    check_texts,
    read_toml,
    said,
    sources,
)
from model.pathway import ATTRIBUTES

FILE = "unit_costs.toml"
CURRENT = "current"
ENGLAND = "england"

EACH_WEEK, EACH_START, EACH_END, EACH_OUTCOME = (
    "each week open",
    "each stay started",
    "each stay ended",
    "each outcome",
)
UNITS: dict[str, tuple[str, ...]] = {
    EACH_WEEK: ("GBP per week", "GBP per month", "GBP per year"),
    EACH_START: ("GBP per stay",),
    EACH_END: ("GBP per stay",),
    EACH_OUTCOME: ("GBP per event",),
}
# The outturn's own convention: a year has 365 days.
WEEKS_IN: dict[str, float] = {
    "GBP per week": 1.0,
    "GBP per month": 365 / 12 / 7,
    "GBP per year": 365 / 7,
}
COUNTED: tuple[str, ...] = ("family", "child")
PAYERS: tuple[str, ...] = (
    "council_childrens_services",
    "council_other",
    "health",
    "police",
    "schools",
    "justice",
    "housing",
    "central_government",
)
KINDS: tuple[str, ...] = ("fiscal", "economic", "social")
CASHABILITY: tuple[str, ...] = (
    "cashable when it ends",
    "whole posts",
    "hardly",
    "not cashable",
)
REQUIRED: tuple[str, ...] = (
    "stage",
    "when",
    "counted",
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
OPTIONAL: tuple[str, ...] = ("only", "outcome", "share", "children_per_case", "note", "reason")
NOT_IN_LOG = ("age",)  # worked out from the birth, and so in no row's attributes


@dataclass(frozen=True)
class UnitCost:
    """The price of one thing, as its source states it.

    Attributes
    ----------
    name : the key in the file.
    stages : the stages that it prices.
    when : each week open, each stay started, each stay ended, or each outcome.
    only : attribute values that it is confined to; empty for all rows of the stages.
    outcomes : the outcomes that it prices, for "each outcome".
    counted : "family" (one price a case) or "child" (one for each child).
    gbp_published : GBP in `evidence.unit`, in prices of `evidence.price_year`.
    area : whose figure it is, the area's own or england.
    share : the part of the published figure that is counted.
    children_per_case : how many children one published unit covers.
    payer, kind, cashability : who pays, fiscal or not, and what a saving of it is worth in cash.
    evidence : unit, price year, grade, sources, uncertainty, note.
    reason : why it is zero by decision; empty for a price.
    """

    name: str
    stages: tuple[str, ...]
    when: str
    only: Mapping[str, tuple[str, ...]]
    outcomes: tuple[str, ...]
    counted: str
    gbp_published: float
    area: str
    share: float
    children_per_case: float
    payer: str
    kind: str
    cashability: str
    evidence: Evidence
    reason: str = ""

    def gbp_per_unit(self, deflator: Deflator, base_year: str) -> float:
        """GBP for each week, stay or outcome counted, in prices of the base year."""
        per_unit = self.gbp_published * self.share / self.children_per_case
        per_unit /= WEEKS_IN.get(self.evidence.unit, 1.0)
        return deflator.to_prices(per_unit, self.evidence.price_year, base_year)


@dataclass(frozen=True)
class UnitCosts:
    """One set of unit costs for one area, with the deflator that carries them.

    Attributes
    ----------
    area, cost_set : which area and which set of the file.
    costs : by name, in the file's order.
    deflator : price levels by financial year.
    file : where they stand, from the project's root.
    """

    area: str
    cost_set: str
    costs: Mapping[str, UnitCost]
    deflator: Deflator
    file: str

    def of_stage(self, stage: str) -> list[UnitCost]:
        """The costs of a stage, in the file's order."""
        return [cost for cost in self.costs.values() if stage in cost.stages]

    def check_priced(self, stage: str, values: Mapping[str, Iterable[str]]) -> None:
        """Refuse a stage, or a kind of case in it, that has no price.

        Parameters
        ----------
        stage : a name in `episodes.STAGE_CODES`.
        values : for each attribute, the values to be priced, as far as a cost is confined to any.

        Raises
        ------
        InputError
            Naming the stage, or the stage, attribute and value.
        """
        priced = [cost for cost in self.of_stage(stage) if cost.when != EACH_OUTCOME]
        where = Where(self.file, self.cost_set)
        remedy = "Add a price, or value = 0 with the reason."
        if not priced:
            raise InputError(where, f"no price for the stage {stage!r}", remedy=remedy)
        for attribute in dict.fromkeys(name for cost in priced for name in cost.only):
            known = {value for cost in priced for value in cost.only.get(attribute, ())}
            for value in values.get(attribute, ()):
                if value not in known:
                    found = f"no price for the stage {stage!r} with the {attribute} {value!r}"
                    raise InputError(where, found, remedy=remedy)

    def table(self, base_year: str = "") -> pd.DataFrame:
        """Every unit cost as published and in base-year prices, one row each, for a register."""
        year = base_year or self.deflator.base_year
        rows = [
            {
                "cost": cost.name,
                "stage": ", ".join(cost.stages),
                "when": cost.when,
                "only": ", ".join(f"{k} = {' or '.join(v)}" for k, v in cost.only.items()),
                "counted": cost.counted,
                "gbp_published": cost.gbp_published,
                "unit": cost.evidence.unit,
                "price_year": cost.evidence.price_year,
                "area": cost.area,
                "gbp_per_unit": cost.gbp_per_unit(self.deflator, year),
                "base_year": year,
                "payer": cost.payer,
                "kind": cost.kind,
                "cashability": cost.cashability,
                "grade": cost.evidence.grade,
                "source": ", ".join(cost.evidence.sources),
                "note": cost.reason or cost.evidence.note,
            }
            for cost in self.costs.values()
        ]
        return pd.DataFrame(rows)


def load_unit_costs(
    area: str, cost_set: str = CURRENT, root: str | Path | None = None
) -> UnitCosts:
    """The unit costs of an area, checked and complete.

    Parameters
    ----------
    area : name of an area; one without figures of its own takes those of the area that it
        extends, and in the end England's.
    cost_set : a set of parameters/unit_costs.toml; sets are never mixed.
    root : the project's folder; None for the usual one.

    Raises
    ------
    InputError
        For an unknown area, set, key, stage, outcome or attribute value; a negative cost; a cost
        without a price year, or with one outside the deflator's table; a zero without a reason;
        a stage without a price.
    """
    folder = project.find(root)
    file = f"{project.PARAMETERS}/{FILE}"
    sets = read_toml(folder / project.PARAMETERS / FILE, folder)
    if cost_set not in sets:
        raise unknown(Where(file), cost_set, sets, "set of unit costs")
    lineage = _lineage(area, sets[cost_set], folder)
    deflator, known = load_deflator(folder), sources(folder)
    costs = {}
    for name, table in sets[cost_set].items():
        where = Where(file, f"{cost_set}.{name}")
        costs[name] = _unit_cost(name, table, where, lineage, tuple(known))
        deflator.level(costs[name].evidence.price_year)
    loaded = UnitCosts(area, cost_set, costs, deflator, file)
    for stage in STAGE_CODES:
        loaded.check_priced(stage, ATTRIBUTES)
    return loaded


def _lineage(area: str, tables: Mapping[str, Any], folder: Path) -> tuple[str, ...]:
    """Areas whose figures to look for, the area itself first and England last."""
    files = {path.stem: path for path in (folder / project.PARAMETERS / "areas").glob("*.toml")}
    values = (table.get("value") for table in tables.values() if isinstance(table, dict))
    priced = {name for value in values if isinstance(value, dict) for name in value}
    known = sorted({*files, *priced, ENGLAND})
    lineage = [check_choice(area, Where("the area of the unit costs"), known, "area")]
    while lineage[-1] in files:
        about = read_toml(files[lineage[-1]], folder).get("area", {})
        parent = about.get("extends", "") if isinstance(about, dict) else ""
        if not parent or parent in lineage:
            break
        lineage.append(str(parent))
    return (*dict.fromkeys(lineage), *([ENGLAND] if ENGLAND not in lineage else []))


def _unit_cost(
    name: str, table: object, where: Where, lineage: tuple[str, ...], known: tuple[str, ...]
) -> UnitCost:
    """One entry of the file, checked."""
    entry = check_keys(table, where, REQUIRED, OPTIONAL)
    stages = check_texts(entry["stage"], where.at("stage"))
    for stage in stages:
        check_choice(stage, where.at("stage"), STAGE_CODES, "stage")
    when = check_choice(entry["when"], where.at("when"), tuple(UNITS), "moment")
    gbp, area = _value(entry["value"], where.at("value"), lineage)
    evidence = check_evidence(entry, where, known, UNITS[when])
    check_in_range(evidence.uncertainty, [gbp], where.at("uncertainty"))
    share = check_number(entry.get("share", 1), where.at("share"), 0.0, 1.0)
    children = check_number(entry.get("children_per_case", 1), where.at("children_per_case"), 1.0)
    return UnitCost(
        name,
        stages,
        when,
        _only(entry.get("only", {}), where.at("only")),
        _outcomes(entry, when, where),
        check_choice(entry["counted"], where.at("counted"), COUNTED, "count"),
        gbp,
        area,
        share,
        children,
        check_choice(entry["payer"], where.at("payer"), PAYERS, "payer"),
        check_choice(entry["kind"], where.at("kind"), KINDS, "kind"),
        check_choice(entry["cashability"], where.at("cashability"), CASHABILITY, "rule"),
        evidence,
        _reason(entry, gbp, where),
    )


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


def _reason(entry: Mapping[str, Any], gbp: float, where: Where) -> str:
    """Why a cost is zero; a zero must have a reason, and a price has none."""
    if gbp == 0 and "reason" not in entry:
        raise InputError(where, "a zero without a reason", "a price, or a reason", "Add 'reason'.")
    if gbp > 0 and "reason" in entry:
        raise InputError(where.at("reason"), "a reason for a zero", "none beside a price")
    if ("share" in entry or "children_per_case" in entry) and not entry.get("note"):
        found = "a share or children_per_case without a note"
        raise InputError(where, found, "a note that says where it comes from", "Add 'note'.")
    return check_text(entry["reason"], where.at("reason")) if "reason" in entry else ""
