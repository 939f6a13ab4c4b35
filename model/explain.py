"""A scenario in plain English: every change from today, and what evidence there is for it.

It reads a scenario and an area's numbers, and writes a text. It runs nothing: what a scenario
does to families is for a run to show.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model import parameters, scenarios
from model.parameters import Parameters
from model.parameters.catalogue import WITH_OUTCOMES, Spec, spec_named
from model.parameters.evidence import Source, sources
from model.parameters.values import dense
from model.pathway import EFFECTS
from model.scenarios import BASELINE, Scenario, changed_values
from model.scenarios.changes import Change, Value
from model.scenarios.programme_costs import ProgrammeCost
from model.scenarios.run_dates import THROUGHOUT
from model.tables import written
from model.wording import GRADES

USUAL_AREA = "sefton"
NEUTRAL = {"multiply": 1.0, "odds_ratio": 1.0, "add": 0.0}

# What a group of parameters is about, in words; the part that follows is the stage or pool.
GROUPS: dict[str, str] = {
    "hazard_ratio": "how soon and how often {part} ends",
    "odds_ratio": "the odds of each decision at {part}",
    "duration_ratio": "how long {part} takes",
    "capacity": "how many {part} there are",
}
NAMES: dict[str, str] = {
    "screening.officers_adopting": "officers who screen below the threshold",
    "screening.ends": "what screening decides",
    "screening.routed_share": "contacts put on the below-threshold pathway, whoever takes them",
    "early_help_wait.lead": "share of families whose lead practitioner is a partner's",
    "demand.ratio": "how many new families contact the council",
    "price_ratio.placements": "what a week in a placement costs",
    "reassessment.chance": "chance that a family is assessed again while its plan is open",
    "pre_proceedings.conference_offered": "families at pre-proceedings offered a conference",
    "child_in_need_plan.ends": "how child in need plans end",
    "assessment.ends": "what an assessment decides",
    "step_down.ends": "where a hand-over after social care leads",
}
# What a reader may think is changed; said to stay as it is unless the scenario touches it.
STAYS: dict[str, tuple[str, ...]] = {
    "how many families come": ("demand", "population"),
    "how contacts are screened": ("screening", "odds_ratio.screening"),
    "how many key workers and partners' places there are": (
        "capacity.key_workers",
        "capacity.partner_lead_practitioners",
    ),
    "how fast early help plans end, and how": ("hazard_ratio.early_help_plan", "early_help_plan"),
    "what social care decides at referral and assessment": (
        "odds_ratio.referral",
        "odds_ratio.assessment",
        "assessment.ends",
    ),
    "child in need plans": ("hazard_ratio.child_in_need_plan", "child_in_need_plan"),
    "child protection enquiries": ("odds_ratio.section_47", "duration_ratio.section_47"),
    "how many social workers there are": ("capacity.social_workers",),
    "who enters care from pre-proceedings": ("pre_proceedings", "hazard_ratio.pre_proceedings"),
    "how long children stay in care": ("hazard_ratio.looked_after", "looked_after"),
    "what placements cost": ("price_ratio",),
    "what early help does for a family": ("effect",),
}
REACHES_MORE_FAMILIES = ("screening", "odds_ratio.screening", "capacity.screening_officers")


def explain(name: str | Scenario, area: str | None = None, root: str | Path | None = None) -> str:
    """Everything that a scenario changes from today, in plain English.

    Parameters
    ----------
    name : of a scenario, or several with `+` between them; or one already loaded or made.
    area : whose numbers to show; None for the first that the scenario makes sense in.
    root : the project's folder; None for the usual one.

    Returns
    -------
    Text of several paragraphs: what the documents say, each change with today's value, the new
    value, dates, place, reason, sources, grade and range, programme costs, and what stays.

    Raises
    ------
    InputError
        For an unknown scenario or area.
    """
    plan = scenarios.load(name, root) if isinstance(name, str) else name
    chosen = area or (plan.areas[0] if plan.areas else USUAL_AREA)
    known = parameters.load(chosen, root)
    cited = sources(known.root)
    parts = [*heading(plan, cited)]
    if plan.name == BASELINE:
        return "\n".join([*parts, "", "Nothing changes."])
    parts += ["", f"What changes from today (each by itself; figures for {known.area.title})"]
    for number, change in enumerate(plan.changes, 1):
        parts += [*change_lines(number, change, plan, known, cited)]
    parts += ["", "What it costs to bring about", *cost_lines(plan, cited)]
    parts += ["", "What evidence there is that it works", *evidence_lines(plan, known)]
    parts += ["", "What it does not change", *stays_lines(plan)]
    return "\n".join(parts)


def heading(plan: Scenario, cited: dict[str, Source]) -> Iterator[str]:
    """What the scenario is, where it makes sense and which documents it comes from."""
    yield f"{plan.title} ({plan.name})"
    for text in (plan.rationale, plan.theory_of_change):
        if text:
            yield text
    if plan.evidence:
        yield f"Evidence: {graded(plan.evidence)}."
    for document in plan.documents:
        yield f"Document: {title_of(document, cited)}."
    if plan.extends:
        yield f"Builds on: {', '.join(plan.extends)}."
    yield f"Makes sense in: {', '.join(plan.areas) or 'every area'}."
    if plan.already_in_baseline:
        yield f"Already in today's arrangements: {plan.already_in_baseline}"


def change_lines(
    number: int, change: Change, plan: Scenario, known: Parameters, cited: dict[str, Source]
) -> Iterator[str]:
    """One change: what, from what to what, when, where, why, and how sure."""
    today, then = before_and_after(change, known)
    from_it = f" [from {change.scenario}]" if change.scenario != plan.name else ""
    yield f"{number}. {words_of(change.parameter).capitalize()}{part_of(change)}{from_it}"
    yield f"   today {span(today)}, then {span(then)} ({said_how(change)}); {change.parameter}"
    yield f"   when: {dates_of(change)}; where: {', '.join(change.localities) or 'everywhere'}"
    yield f"   why: {change.why}"
    yield f"   evidence: {graded(change.grade)}; {range_of(change, today)}"
    yield f"   sources: {'; '.join(title_of(one, cited) for one in change.sources)}"
    if change.note:
        yield f"   note: {change.note}"


def words_of(parameter: str) -> str:
    """A parameter in words."""
    group, _, part = parameter.partition(".")
    if parameter in NAMES:
        return NAMES[parameter]
    if group in GROUPS:
        return GROUPS[group].format(part=part.replace("_", " "))
    return parameter.replace(".", ": ").replace("_", " ")


def part_of(change: Change) -> str:
    """Which part of the parameter a change is about, in words."""
    parts = [f"{dim} {' or '.join(names).replace('_', ' ')}" for dim, names in change.at.items()]
    return f", for {', '.join(parts)}" if parts else ""


def before_and_after(
    change: Change, known: Parameters
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The numbers that a change is about, today and once its last step is in force, by itself."""
    spec, entry = spec_named(change.parameter), known[change.parameter]
    assert spec is not None
    localities = known.area.localities
    today = dense(entry.value, spec, entry.by, localities)
    then = changed_values.apply(today, spec, change, change.steps[-1][1], localities, held=True)
    about = region(change, spec, change.steps[-1][1], localities)
    return np.atleast_1d(today[about]).ravel(), np.atleast_1d(then[about]).ravel()


def region(
    change: Change, spec: Spec, value: Value, localities: tuple[str, ...]
) -> tuple[NDArray[np.intp], ...]:
    """Where in the parameter's array a change acts."""
    where = list(changed_values.positions(spec, change, localities))
    if spec.kind in WITH_OUTCOMES:
        names = spec.outcomes_in(localities)
        named = tuple(value) if isinstance(value, dict) else change.at.get("outcome", names)
        where.append([names.index(one) for one in named])
    return np.ix_(*where)


def span(numbers: NDArray[np.float64]) -> str:
    """One number, or the smallest and largest of several that differ."""
    low, high = float(np.nanmin(numbers)), float(np.nanmax(numbers))
    return written(low) if np.isclose(low, high) else f"{written(low)} to {written(high)}"


def said_how(change: Change) -> str:
    """The way of changing with its last value, such as "times 0.95"."""
    last = change.steps[-1][1]
    numbers = "each by its own" if isinstance(last, dict) else f"{last:g}"
    return {
        "set": f"set to {numbers}",
        "add": f"{numbers} more",
        "multiply": f"times {numbers}",
        "odds_ratio": f"odds times {numbers}",
    }[change.how]


def dates_of(change: Change) -> str:
    """When a change is in force, with every step of a ramp."""
    if len(change.steps) == 1:
        when = change.steps[0][0]
        return "throughout" if when == THROUGHOUT else f"from {day_of(when)}"
    steps = (f"{value:g} from {day_of(when)}" for when, value in change.steps)
    return "in steps, " + ", ".join(steps)


def day_of(when: date | str) -> str:
    """A day as people write it, or so many months after a run starts.

    >>> day_of("start"), day_of("start + 1 months"), day_of("start + 6 months")
    ('the start', '1 month after the start', '6 months after the start')
    """
    if isinstance(when, date):
        return f"{when.day} {when:%B %Y}"
    if when == THROUGHOUT:
        return "the start"
    months = when.partition("+")[2].split()[0]
    return f"{months} month{'' if months == '1' else 's'} after the start"


def graded(grade: str) -> str:
    """A grade of evidence with its meaning."""
    return f"{grade} ({GRADES[grade][0].lower()}{GRADES[grade][1:]})" if grade in GRADES else grade


def range_of(change: Change, today: NDArray[np.float64]) -> str:
    """The range of the last value, and whether it includes no change at all."""
    uncertainty = change.uncertainty
    if uncertainty.distribution == "fixed":
        return "no range: it is what is asked"
    factor = " times that" if uncertainty.relative else ""
    found = f"range {uncertainty.low:g} to {uncertainty.high:g}{factor}"
    return found + (", no change included" if includes_none(change, today) else "")


def includes_none(change: Change, today: NDArray[np.float64] | None = None) -> bool:
    """Whether the range of a change holds the value that changes nothing.

    Parameters
    ----------
    today : the numbers that it is about; needed for a change that sets them.
    """
    uncertainty, last = change.uncertainty, change.steps[-1][1]
    if uncertainty.distribution == "fixed":
        return False
    low, high = uncertainty.low, uncertainty.high
    if uncertainty.relative:
        if isinstance(last, dict):
            return low <= 1.0 <= high
        low, high = sorted((low * last, high * last))
    if change.how == "set":
        return today is not None and low <= float(np.nanmean(today)) <= high
    return low <= NEUTRAL[change.how] <= high


def cost_lines(plan: Scenario, cited: dict[str, Source]) -> Iterator[str]:
    """The programme costs, one line each."""
    for cost in plan.programme_costs:
        yield f"- {cost_line(cost, cited)}"
    if not plan.programme_costs:
        yield "- Nothing is stated: services are paid for as they are used."


def cost_line(cost: ProgrammeCost, cited: dict[str, Source]) -> str:
    """One programme cost in words."""
    once = cost.gbp_once is not None
    pounds = cost.gbp_once if once else cost.gbp_per_year
    long = "" if cost.years is None else f" for {cost.years:g} years"
    starts = "from the start" if cost.starts == THROUGHOUT else f"from {day_of(cost.starts)}"
    text = (
        f"{cost.name}: £{pounds:,.0f} {'once' if once else 'a year'}{long}, {starts} "
        f"(£{cost.low_gbp:,.0f} to £{cost.high_gbp:,.0f}, {cost.price_year} prices), paid by "
        f"{cost.funder.replace('_', ' ')}; {cost.grade}; "
        f"{'; '.join(title_of(one, cited) for one in cost.sources)}."
    )
    return f"{text} {cost.note}".rstrip()


def evidence_lines(plan: Scenario, known: Parameters) -> Iterator[str]:
    """How many changes stand on what, and the named effects that act on families."""
    grades = [change.grade for change in plan.changes]
    counted = ", ".join(f"{grades.count(grade)} {grade}" for grade in dict.fromkeys(grades))
    none = sum(includes_none(one, before_and_after(one, known)[0]) for one in plan.changes)
    yield f"- Changes by grade: {counted}; {none} of {len(grades)} ranges include no change."
    if any(touches(plan, prefix) for prefix in REACHES_MORE_FAMILIES):
        yield (
            "- Help that families would not have had today acts through these named effects, "
            "and through nothing else:"
        )
        for name in EFFECTS:
            entry = known[f"effect.{name}"]
            limits = entry.uncertainty
            yield (
                f"  - {name.replace('_', ' ')}: hazard ratio {entry.value['ratio']:g} "
                f"({limits.low:g} to {limits.high:g}), {entry.evidence.grade}"
            )
    if touches(plan, "pre_proceedings.conference"):
        entry = known["pre_proceedings.conference_odds_ratio"]
        yield (
            f"- Odds of care with a conference offered: {entry.value:g} times those without "
            f"({entry.uncertainty.low:g} to {entry.uncertainty.high:g}), {entry.evidence.grade}."
        )


def touches(plan: Scenario, prefix: str) -> bool:
    """Whether a scenario changes a parameter, or one of a group."""
    return any(one.parameter.startswith(prefix) for one in plan.changes)


def stays_lines(plan: Scenario) -> Iterator[str]:
    """What a reader may look for in vain."""
    for text, prefixes in STAYS.items():
        if not any(touches(plan, prefix) for prefix in prefixes):
            yield f"- {text}"
    yield "- Any other number: what differs in the results follows from the changes above."


def title_of(source: str, cited: dict[str, Source]) -> str:
    """A source's title, publisher and year; its name where it is no known source."""
    if source not in cited:
        return source
    found = cited[source]
    return f"{found.title} ({found.publisher}, {found.year})"


__all__ = ["explain", "includes_none"]
