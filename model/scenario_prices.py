"""Unit costs at a scenario's prices: what a placement costs where the scenario changes that.

It knows one lever, `price_ratio.placements`; prices themselves stand in the unit costs.
"""

from __future__ import annotations

from dataclasses import replace

from model.costs.unit_costs import UnitCosts
from model.inputs import Inputs
from model.pathway import ATTRIBUTES

LEVER = "price_ratio.placements"
ATTRIBUTE = "placement"


def at_scenario_prices(inputs: Inputs, unit_costs: UnitCosts) -> UnitCosts:
    """The unit costs with each kind of placement at the scenario's price.

    Income that comes with a placement, such as the share that health pays, stays as it is.
    """
    ratios = dict(zip(ATTRIBUTES[ATTRIBUTE], inputs.number(LEVER).tolist(), strict=True))
    if all(ratio == 1.0 for ratio in ratios.values()):
        return unit_costs
    costs = {
        name: replace(cost, gbp_published=cost.gbp_published * ratios[kinds[0]])
        if len(kinds := tuple(cost.only.get(ATTRIBUTE, ()))) == 1 and not cost.is_income
        else cost
        for name, cost in unit_costs.costs.items()
    }
    return replace(unit_costs, costs=costs)


__all__ = ["at_scenario_prices"]
