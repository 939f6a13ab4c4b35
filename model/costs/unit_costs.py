"""Unit costs: what each stage of the pathway costs, who pays, and how sure that is.

`load_unit_costs` reads one set of `parameters/unit_costs.toml` for one area and checks that it
leaves no stage unpriced. Sets are separate worlds: what one does not price it prices at zero and
says so, and never borrows. The module holds no price and counts no episode; `model.costs` does.

What an ended cost is worth in cash (`CASHABILITY`, the column `cashability`):

| name                  | meaning |
|-----------------------|---------|
| cashable when it ends | bought one by one: the price ends with it |
| whole posts           | staff time: cash only in whole posts, after a notice period |
| hardly                | the council's own capacity, there with one child fewer |
| not cashable          | no budget falls |
| income                | money received, free to use: lost with the case |
| ring-fenced income    | money received for one purpose: lost with the case, never bankable |
| programme spending    | of `programme_costs`: spent while the programme runs |
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from model import root as project
from model.costs.entries import unit_cost
from model.costs.prices import Deflator, load_deflator
from model.costs.unit_cost import (
    CASHABILITY,
    EACH_END,
    EACH_OUTCOME,
    EACH_START,
    EACH_WEEK,
    ENGLAND,
    INCOME,
    KINDS,
    NOT_ATTACHED,
    NOT_IN_LOG,
    PAYERS,
    SOCIETY,
    WEEKS_IN,
    MarginalShare,
    UnitCost,
)
from model.episodes import STAGE_CODES
from model.errors import InputError, Where, unknown
from model.parameters.area_files import file_of, files
from model.parameters.evidence import check_text, read_toml, said, sources
from model.pathway import ATTRIBUTES

FILE = "unit_costs.toml"
PARTNER_FILE = "partner_costs.toml"
CURRENT = "current"
ABOUT: tuple[str, ...] = ("title", "note")  # keys of a set that are no costs


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
        """The costs of a stage, income with them, in the file's order."""
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
        stays = [cost for cost in self.of_stage(stage) if cost.when != EACH_OUTCOME]
        priced = [cost for cost in stays if not cost.is_income]
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

    def marginal_share(self, cost: str) -> float:
        """The part of a cost's average price that ends when one week less is used, 0 to 1.

        1 where the cost states none: its whole price, subject to its cashability rule.

        Raises
        ------
        InputError for the name of no cost of this set.
        """
        found = self.named(cost).marginal
        return 1.0 if found is None else found.value

    def named(self, cost: str) -> UnitCost:
        """A cost of this set by name.

        Raises
        ------
        InputError for the name of no cost of this set, with the nearest right one.
        """
        if cost not in self.costs:
            raise unknown(Where(self.file, self.cost_set), cost, self.costs, "cost")
        return self.costs[cost]

    def table(self, base_year: str = "") -> pd.DataFrame:
        """Every cost as published and in base-year prices, one row each, for a register.

        `low` and `high` are in the unit and prices of `gbp_published`; `marginal_share` is empty
        where none is stated; `over` is "lifetime" for sums over a life.
        """
        year = base_year or self.deflator.base_year
        return pd.DataFrame([self._row(cost, year) for cost in self.costs.values()])

    def _row(self, cost: UnitCost, year: str) -> dict[str, Any]:
        low, high = cost.published_range
        return {
            "cost": cost.name,
            "stage": ", ".join(cost.stages),
            "when": cost.when,
            "only": ", ".join(f"{k} = {' or '.join(v)}" for k, v in cost.only.items()),
            "counted": cost.counted,
            "gbp_published": cost.gbp_published,
            "low": low,
            "high": high,
            "unit": cost.evidence.unit,
            "price_year": cost.evidence.price_year,
            "area": cost.area,
            "gbp_per_unit": cost.gbp_per_unit(self.deflator, year),
            "base_year": year,
            "payer": cost.payer,
            "paid_by": cost.paid_by,
            "kind": cost.kind,
            "cashability": cost.cashability,
            "over": cost.over,
            "marginal_share": None if cost.marginal is None else cost.marginal.value,
            "grade": cost.evidence.grade,
            "source": ", ".join(cost.evidence.sources),
            "note": cost.reason or cost.evidence.note,
        }


def cost_sets(root: str | Path | None = None, file: str = FILE) -> dict[str, str]:
    """The sets of costs that there are to choose from: name and title, in the file's order.

    Raises
    ------
    InputError for a set without a title.
    """
    return {name: str(one["title"]) for name, one in _read_sets(project.find(root), file).items()}


def _read_sets(folder: Path, file: str) -> dict[str, dict[str, Any]]:
    """Every set of a file, each with its title."""
    where = Where(f"{project.PARAMETERS}/{file}")
    sets = read_toml(folder / project.PARAMETERS / file, folder)
    for name, one in sets.items():
        if not isinstance(one, dict):
            raise InputError(where.at(name), said(one), "a set of costs")
        if "title" not in one:
            raise InputError(where.at(name), "no key 'title'", remedy="Add 'title'.")
        check_text(one["title"], where.at(name, "title"))
    return sets


def load_unit_costs(
    area: str, cost_set: str = CURRENT, root: str | Path | None = None
) -> UnitCosts:
    """The unit costs of an area, checked and complete.

    Parameters
    ----------
    area : name of an area; one without figures of its own takes those of the area that it
        extends, and in the end England's.
    cost_set : a set of parameters/unit_costs.toml, of `cost_sets`; sets are never mixed.
    root : the project's folder; None for the usual one.

    Raises
    ------
    InputError
        For an unknown area, set, key, stage, outcome or attribute value; a negative cost; a cost
        without a price year, or with one outside the deflator's table; a zero without a reason;
        a stage without a price.
    """
    loaded = _load(area, cost_set, root, FILE, partners=False)
    for stage in STAGE_CODES:
        loaded.check_priced(stage, ATTRIBUTES)
    return loaded


def load_partner_costs(
    area: str, cost_set: str = CURRENT, root: str | Path | None = None
) -> UnitCosts:
    """What partners and society bear beside the council's budget, by need and outcome.

    They are no prices of stages: not every stage has one, and some are attached to none. Take the
    set of the same name as the unit costs.

    Parameters
    ----------
    area, cost_set, root : as `load_unit_costs`, of parameters/partner_costs.toml.

    Raises
    ------
    InputError as `load_unit_costs`, but for a stage without a price.
    """
    return _load(area, cost_set, root, PARTNER_FILE, partners=True)


def _load(
    area: str, cost_set: str, root: str | Path | None, file: str, partners: bool
) -> UnitCosts:
    """One set of a file of costs for an area."""
    folder = project.find(root)
    shown = f"{project.PARAMETERS}/{file}"
    sets = _read_sets(folder, file)
    if cost_set not in sets:
        raise unknown(Where(shown), cost_set, sets, "set of unit costs")
    tables = {name: one for name, one in sets[cost_set].items() if name not in ABOUT}
    places = _lineage(area, tables, folder)
    deflator, known = load_deflator(folder), tuple(sources(folder))
    costs = {}
    for name, table in tables.items():
        where = Where(shown, f"{cost_set}.{name}")
        costs[name] = unit_cost(name, table, where, places, known, partners)
        deflator.level(costs[name].evidence.price_year)
    return UnitCosts(places[0], cost_set, costs, deflator, shown)


def _lineage(area: str, tables: Mapping[str, Any], folder: Path) -> tuple[str, ...]:
    """Areas whose figures to look for, the area itself first and England last."""
    known = files(folder)
    values = (table.get("value") for table in tables.values() if isinstance(table, dict))
    priced = {name for value in values if isinstance(value, dict) for name in value}
    if area not in known and area in {*priced, ENGLAND}:  # it has prices and cannot be run
        return tuple(dict.fromkeys((area, ENGLAND)))
    found: list[str] = []
    path: Path | None = file_of(area, folder)
    while path is not None and path.stem not in found:
        found.append(path.stem)
        about = read_toml(path, folder).get("area", {})
        parent = str(about.get("extends", "")) if isinstance(about, dict) else ""
        found += [parent] if parent in priced - set(known) else []
        path = known.get(parent)
    return tuple(dict.fromkeys((*found, ENGLAND)))


__all__ = [
    "CASHABILITY",
    "CURRENT",
    "EACH_END",
    "EACH_OUTCOME",
    "EACH_START",
    "EACH_WEEK",
    "INCOME",
    "KINDS",
    "NOT_ATTACHED",
    "NOT_IN_LOG",
    "PAYERS",
    "SOCIETY",
    "WEEKS_IN",
    "MarginalShare",
    "UnitCost",
    "UnitCosts",
    "cost_sets",
    "load_partner_costs",
    "load_unit_costs",
]
