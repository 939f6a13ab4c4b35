"""Who pays for staff that a redesign adds: nobody, unless a programme cost says so.

Services are priced by the family, child and week, whoever gives them, so that posts cost nothing
by themselves. This module knows posts and cost lines. It knows no result.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from model.compare import COUNCIL, cost_differences
from model.explain import day_of
from model.parameters import Parameters
from model.redesigns.drafts import Draft, staff_row, with_cost
from model.redesigns.levers import lever_named
from model.redesigns.moves import moved_levers
from model.results import Results
from model.scenarios.posts import Post, load_posts
from model.scenarios.run_dates import THROUGHOUT, on

CHILDRENS_SERVICES = "council_childrens_services"
SMALLEST = 0.05  # of a whole-time equivalent


@dataclass(frozen=True)
class Unpaid:
    """Staff of one grade that a redesign adds.

    Attributes
    ----------
    post : its salary and its stages. lever : that adds them.
    added, paid : whole-time equivalents once all steps are in force, and those that cost lines
        of the grade pay for.
    steps : when and how many, for those that nobody pays for.
    """

    post: Post
    lever: str
    added: float
    paid: float
    steps: tuple[tuple[str, float], ...]

    @property
    def missing(self) -> float:
        """Whole-time equivalents that nobody pays for."""
        return max(self.added - self.paid, 0.0)

    @property
    def gbp_per_year(self) -> float:
        """Their pay with on-costs, in prices of the salary's year."""
        return self.missing * self.post.gbp_per_year


def added_staff(
    draft: Draft, area: Parameters, start: date, root: str | Path | None = None
) -> list[Unpaid]:
    """Staff that a draft adds, by lever, and how many of them a cost line pays for.

    Parameters
    ----------
    start : first day of the run, from which "start + N months" counts.
    """
    posts = load_posts(root)
    found = []
    for name, stands in moved_levers(draft, area).items():
        grade = lever_named(name).staff
        if not grade:
            continue
        rises = [
            (when, value - before)
            for steps in stands.by_place.values()
            for (when, value), before in zip(steps, [0.0, *(v for _, v in steps)], strict=False)
        ]
        added = sum(rise for _, rise in rises)
        paid = sum(
            float(row["staff"]["wte"])
            for row in draft.costs
            if row.get("staff", {}).get("grade") == grade
        )
        if added > SMALLEST:
            found.append(Unpaid(posts[grade], name, added, paid, _unpaid(rises, paid, start)))
    return found


def with_pay(draft: Draft, unpaid: Unpaid) -> Draft:
    """The draft with the pay of those that nobody pays for, each from their first day."""
    label = unpaid.post.grade.replace("_", " ")
    for when, wte in unpaid.steps:
        begins = "" if when == THROUGHOUT else f" from {said_of(when)}"
        name = f"Pay of {wte:g} {label}{'s' if wte != 1 else ''}{begins}"
        row = staff_row(name, CHILDRENS_SERVICES, unpaid.post.grade, wte, when)
        draft = with_cost(draft, row)
    return draft


def priced_already_gbp_per_year(post: Post, baseline: Results, scenario: Results) -> float:
    """What the work of a grade costs the council more in an answer, family by family, a year.

    Mean over futures and over the years of the run; the pay of added posts pays for this too.
    """
    table = cost_differences(baseline, scenario, ("stage", "payer"))
    own = table["stage"].isin(post.stages) & table["payer"].isin(COUNCIL)
    return float(table.loc[own, "difference_gbp"].sum()) / scenario.years


def _unpaid(
    rises: list[tuple[str, float]], paid: float, start: date
) -> tuple[tuple[str, float], ...]:
    """Those who come last are those that nobody pays for; those who leave again are left out."""
    by_day: dict[str, float] = {}
    for when, rise in rises:
        if rise > 0:
            by_day[when] = by_day.get(when, 0.0) + rise
    steps = []
    for when in sorted(by_day, key=lambda one: _day(one, start)):
        covered = min(paid, by_day[when])
        paid -= covered
        if by_day[when] - covered > SMALLEST:
            steps.append((when, round(by_day[when] - covered, 6)))
    return tuple(steps)


def said_of(when: str) -> str:
    """A date of a draft as people write it."""
    try:
        return day_of(date.fromisoformat(when))
    except ValueError:
        return day_of(when)


def _day(when: str, start: date) -> date:
    try:
        return date.fromisoformat(when)
    except ValueError:
        return on(when, start)
