"""What is known of today holds in every draw: children referred, and how busy early help is.

Drawn one by one, numbers contradict each other: more contacts, more of them referred and fewer
places together make a today that nobody has seen, with referrals half as high again as published
and a queue for early help of a thousand families. So the volume of contacts follows what was
drawn of the way from contact to referral, and the places of early help follow its load. What is
unsure then is how today comes about, not what it is. It knows steady states and runs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from model.episodes import ATTRIBUTE_SHIFT
from model.parameters import Parameters
from model.pathway import ATTRIBUTES, STAGE_NAMES, Scope
from model.population import ASYLUM
from model.starting import Opening

CONTACTS = "population.contacts_per_10000"
PLACES = {"council": "capacity.key_workers", "partner": "capacity.partner_lead_practitioners"}
FAMILIES_EACH = "capacity.families_per_key_worker"
WITH_PLACE = ("early_help_assessment", "early_help_plan")
NOT_CONTACTS = (ASYLUM, "moved_in")


@dataclass(frozen=True)
class Load:
    """Early help that today's families need, and the places there are for it.

    Attributes
    ----------
    places : families that could be held if none had to wait. value : of the parameter of places.
    families_each : that one unit of it holds, 1 where a unit is a place.
    """

    places: float
    value: Any
    families_each: float


def anchored(
    drawn: Parameters, today: Opening, world: Opening, aim: float | None = None
) -> Parameters:
    """The parameters of a draw, once contacts and places of early help agree with today.

    Parameters
    ----------
    drawn : parameters of the draw. today : the opening at central values.
    world : the opening that the drawn parameters lead to.
    aim : children referred a year; today's when None.
    """
    referred = children_referred(today) if aim is None else aim
    ratio = referred / children_referred(world)
    contacts = {
        source: number * (1.0 if source in NOT_CONTACTS else ratio)
        for source, number in drawn[CONTACTS].value.items()
    }
    entries = {**drawn.entries, CONTACTS: replace(drawn[CONTACTS], value=contacts)}
    return places_following(replace(drawn, entries=entries), loads_of(today), world, ratio)


def loads_of(today: Opening) -> dict[str, Load]:
    """How busy early help is, by who leads it."""
    known = today.inputs.parameters
    return {
        lead: Load(load_of(today, lead), known[name].value, families_each(known, name))
        for lead, name in PLACES.items()
    }


def places_following(
    parameters: Parameters, today: dict[str, Load], world: Opening, ratio: float = 1.0
) -> Parameters:
    """The same parameters with places of early help in proportion to what is needed of them.

    Parameters
    ----------
    today : from `loads_of` the opening at central values. world : that the parameters lead to.
    ratio : of contacts to those of `world`.
    """
    entries = dict(parameters.entries)
    for lead, name in PLACES.items():
        before, now = today[lead].places, load_of(world, lead) * ratio
        if before > 0:
            each = families_each(parameters, name) / today[lead].families_each
            value = times(today[lead].value, now / before / each)
            entries[name] = replace(parameters[name], value=value)
    return replace(parameters, entries=entries)


def families_each(parameters: Parameters, name: str) -> float:
    """How many families each unit of a parameter of places holds."""
    return float(parameters[FAMILIES_EACH].value) if name == PLACES["council"] else 1.0


def children_referred(opening: Opening) -> float:
    """Children a year in families referred, in the steady state."""
    families = opening.steady.flow_into(STAGE_NAMES.index("referral"))
    return families * opening.children[str(Scope.REFERRED)]


def load_of(opening: Opening, lead: str) -> float:
    """Places of early help that today's families need, if none had to wait."""
    code, steady = ATTRIBUTES["lead"].index(lead), opening.steady
    positions = [
        position
        for stage in WITH_PLACE
        for position in steady.of_stage(STAGE_NAMES.index(stage))
        if steady.nodes[position][1] >> ATTRIBUTE_SHIFT["lead"] & 15 == code
    ]
    return float(steady.stock(positions).sum()) if positions else 0.0


def times(value: Any, factor: float) -> Any:
    """A value, however nested, times a factor."""
    if isinstance(value, dict):
        return {name: times(inner, factor) for name, inner in value.items()}
    return value * factor
