"""What stands inside a referral of a children in need census: assessments, enquiries and plans.

Two of the same kind that begin on the same day within one referral are one. This module does not
know whether a conference led to a plan: the census does not say so.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from model.returns.cin_census_elements import read_group
from model.returns.cin_census_group import Group
from model.returns.cin_census_order import Day, Order
from model.returns.faults import Severity, shape_of

MODULES = (
    "Assessments",
    "Section47",
    "CINPlanDates",
    "ChildProtectionPlans",
    "PreProceedingsandFGDM",
)
TABLE_OF_MODULE = {
    "Assessments": "assessments",
    "Section47": "section_47",
    "CINPlanDates": "in_need_plans",
    "ChildProtectionPlans": "protection_plans",
    "PreProceedingsandFGDM": "pre_proceedings",
}
BEGINS = {
    "Assessments": "AssessmentActualStartDate",
    "Section47": "S47ActualStartDate",
    "CINPlanDates": "CINPlanStartDate",
    "ChildProtectionPlans": "CPPstartDate",
    "PreProceedingsandFGDM": "PPStartDate",
}
# Groups of which the records need nothing: only their form is looked at.
FORM_ALONE = {"FactorsIdentifiedAtAssessment", "Reviews"}


@dataclass
class Gathered:
    """Rows by table, while a census is read.

    Attributes
    ----------
    rows : of each table. seen : children already read. counts : what was read, for the report.
    """

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict, repr=False)
    seen: dict[str, set[datetime.date]] = field(default_factory=dict, repr=False)
    children: int = 0
    details: int = 0

    def add(self, table: str, line: int, **values: Any) -> None:
        """One row more."""
        self.rows.setdefault(table, []).append({**values, "line": line})


def read_module(
    identity: str,
    module: str,
    found: list[Group],
    referral: Day,
    closed: Day,
    order: Order,
    gathered: Gathered,
) -> None:
    """Every assessment, enquiry or plan of one kind that stands inside a referral."""
    seen: set[datetime.date] = set()
    tag = BEGINS[module]
    for group in found:
        for name in FORM_ALONE & group.groups.keys():
            for inside in group.groups[name]:
                read_group(inside, order.census.year, order.book)
        begin = order.begin(group, tag)
        if begin is None or not order.follows(group, tag, begin, referral):
            continue
        if begin in seen:
            order.book.write(
                module,
                group.element.line,
                f"the same begin twice in one referral ({module})",
                Severity.DROPPED,
                column=tag,
                done="The first was used.",
            )
            continue
        row = _row(module, group, begin, closed, order)
        if row is not None:
            seen.add(begin)
            gathered.add(TABLE_OF_MODULE[module], group.element.line, child=identity, **row)


def _row(
    module: str, group: Group, begin: datetime.date, closed: Day, order: Order
) -> dict[str, Any] | None:
    """The values of one row; None where its days are impossible."""
    if module == "Section47":
        conference, possible = order.end(group, "DateOfInitialCPC", begin)
        unnecessary = group.flags.get("ICPCnotRequired")
        if unnecessary and conference:
            order.book.write(
                module,
                group.line_of("ICPCnotRequired"),
                "a conference that was not required, yet held",
                Severity.BLANKED,
                column="ICPCnotRequired",
                done="The conference was used.",
            )
            unnecessary = False
        row = {"on": begin, "conference_on": conference, "conference_unnecessary": unnecessary}
        return row if possible else None
    if module == "Assessments":
        end, possible = order.end(group, "AssessmentAuthorisationDate", begin)
        return {"began_on": begin, "ended_on": end} if possible else None
    if module == "PreProceedingsandFGDM":
        tag = "StepDecisionDate" if "StepDecisionDate" in group.days else "CourtAppDate"
        end, possible = order.end(group, tag, begin)
        outcome = group.texts.get("PPOutcome", "")
        short = outcome if len(outcome) <= 4 and outcome.isalnum() else ""
        if outcome and not short:
            order.book.write(
                module,
                group.line_of("PPOutcome"),
                "an outcome that is no code",
                Severity.BLANKED,
                column="PPOutcome",
                found=shape_of(outcome),
                done="It is unknown.",
            )
        return {"began_on": begin, "ended_on": end, "outcome": short} if possible else None
    protection = module == "ChildProtectionPlans"
    tag = "CPPendDate" if protection else "CINPlanEndDate"
    end, possible = order.end(group, tag, begin)
    if not possible:
        return None
    end = order.with_case(group, tag, end, begin, closed)
    if not protection:
        return {"began_on": begin, "ended_on": end}
    category = group.codes.get("InitialCategoryOfAbuse") or group.codes.get("LatestCategoryOfAbuse")
    previous = group.texts.get("NumberOfPreviousCPP", "")
    return {"began_on": begin, "ended_on": end, "category": category, "previous": previous}


def lone_conference(
    identity: str, group: Group, enquiries: list[Group], order: Order, gathered: Gathered
) -> None:
    """A conference of the episode that no section 47 enquiry of it names: a transfer, mostly."""
    day = order.conference(group)
    if day is None or any(day == one.days.get("DateOfInitialCPC") for one in enquiries):
        return
    if enquiries:
        order.book.write(
            "CINdetails",
            group.line_of("DateOfInitialCPC"),
            "a conference on another day than that of its enquiry",
            Severity.NOTED,
            column="DateOfInitialCPC",
            done="It was kept as a conference of its own.",
        )
    gathered.add(
        "section_47",
        group.line_of("DateOfInitialCPC"),
        child=identity,
        conference_on=day,
        conference_unnecessary=False,
    )
