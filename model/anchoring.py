"""What is known of today holds in every draw: children referred, and how busy early help is.

Drawn one by one, numbers contradict each other: more contacts, more of them referred and fewer
places together make a today that nobody has seen, with referrals half as high again as published
and a queue for early help of a thousand families. So the volume of contacts follows what was
drawn of the way from contact to referral, and the places of early help follow its load. What is
unsure then is how today comes about, not what it is. It knows steady states and runs nothing.
"""

from __future__ import annotations

from dataclasses import replace
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


def anchored(drawn: Parameters, today: Opening, world: Opening) -> Parameters:
    """The parameters of a draw, once contacts and places of early help agree with today.

    Parameters
    ----------
    drawn : parameters of the draw. today : the opening at central values.
    world : the opening that the drawn parameters lead to.
    """
    ratio = children_referred(today) / children_referred(world)
    values: dict[str, Any] = {
        CONTACTS: {
            source: contacts * (1.0 if source in NOT_CONTACTS else ratio)
            for source, contacts in drawn[CONTACTS].value.items()
        }
    }
    for lead, name in PLACES.items():
        before, now = load_of(today, lead), load_of(world, lead) * ratio
        if before > 0:
            value = today.inputs.parameters[name].value
            values[name] = times(value, now / before / held_by_each(drawn, today, name))
    entries = {name: replace(drawn[name], value=value) for name, value in values.items()}
    return replace(drawn, entries={**drawn.entries, **entries})


def held_by_each(drawn: Parameters, today: Opening, name: str) -> float:
    """How many families each unit of a parameter of places holds, beside today."""
    if name != PLACES["council"]:
        return 1.0
    return drawn[FAMILIES_EACH].value / today.inputs.parameters[FAMILIES_EACH].value


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
