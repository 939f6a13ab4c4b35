"""Who comes and with what: measures by source, presenting issue, level of need, and outcome.

One measure for each value, so that they stand in every table of results. Any other split is made
with `by`, such as `measure(log, calendar, "referrals", by=("source", "issue"))`.

Not known: a secondary issue. A family has one presenting issue, which stays with it, and which of
the ten headline outcomes was reached is not simulated.
"""

from __future__ import annotations

from model.measures.countings import Began, Completed, CountsEvents
from model.measures.definitions import OUTCOMES_FRAMEWORK, SEFTON_STRATEGY, STOCKPORT
from model.measures.early import HELP
from model.measures.parts import Having
from model.measures.record import Measure
from model.measures.tallies import FAMILIES
from model.pathway import ATTRIBUTES

# Families that come to the early help door, move in with a plan or seek asylum are not screened.
SCREENED_SOURCES = ("police", "school", "health", "council_services", "family_and_public", "other")
IN_WORDS: dict[str, str] = {
    "family_and_public": "the family or the public",
    "other": "another source",
    "parental_mental_health": "a parent's mental health",
    "parental_substance_misuse": "a parent's substance misuse",
    "child_mental_health": "a child's mental health",
    "missing_from_home": "a child missing from home",
}


def words(value: str) -> str:
    """An attribute's value as it stands in a sentence."""
    return IN_WORDS.get(value, value.replace("_", " "))


def by_value(
    name: str,
    definition: str,
    unit: str,
    stages: str,
    about: tuple[str, str],
    counts: CountsEvents,
    attribute: str,
    values: tuple[str, ...] = (),
) -> tuple[Measure, ...]:
    """One measure, counted by family, for each value of an attribute.

    Parameters
    ----------
    name, definition, unit, stages : as in `Measure`; "{}" stands for the value.
    about : the source of the definition, and the name in the council's return.
    counts : what is counted. attribute : see `pathway.ATTRIBUTES`. values : empty for all.
    """
    return tuple(
        Measure(
            name.format(value),
            definition.format(words(value)),
            unit,
            FAMILIES,
            f"{stages}, {attribute} {value}",
            *about,
            Having(counts, attribute, (value,)),
        )
        for value in values or ATTRIBUTES[attribute]
    )


PRESENTING = (
    *by_value(
        "screened_from_{}",
        "Contacts screened that came from {}.",
        "contacts in period",
        "ends of screening",
        (STOCKPORT, "Annex A list 1, source of the contact"),
        Completed("screening"),
        "source",
        SCREENED_SOURCES,
    ),
    *by_value(
        "screened_issue_{}",
        "Contacts screened whose presenting issue was {}.",
        "contacts in period",
        "ends of screening",
        (STOCKPORT, "none"),
        Completed("screening"),
        "issue",
    ),
    *by_value(
        "early_help_started_{}",
        "Families whose early help began, at {} of need.",
        "families in period",
        "starts of early_help_assessment or early_help_plan",
        (SEFTON_STRATEGY, "none"),
        Began(HELP),
        "need",
    ),
    *by_value(
        "early_help_plans_ended_{}",
        "Early help plans that ended, in whatever way, where the presenting issue was {}.",
        "plans ending in period",
        "ends of early_help_plan",
        (OUTCOMES_FRAMEWORK, "none"),
        Completed("early_help_plan"),
        "issue",
    ),
    *by_value(
        "early_help_outcomes_met_{}",
        "Early help plans closed with outcomes met, where the presenting issue was {}.",
        "plans ending in period",
        "early_help_plan ended with outcomes_met",
        (OUTCOMES_FRAMEWORK, "none"),
        Completed("early_help_plan", ("outcomes_met",)),
        "issue",
    ),
)
