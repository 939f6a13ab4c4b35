"""A census year's tables as XML, in the order of the schema's elements.

Empty cells have no element. Knows the tree, and nothing of what is in it.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

import pandas as pd

from model.synthesise.returns import Shape

NAMESPACE = "http://www.education.gov.uk/schemas/cin"
COUNCIL = "999"  # no council's
IDENTIFIERS = (
    "LAchildID",
    "UPN",
    "FormerUPN",
    "UPNunknown",
    "PersonBirthDate",
    "ExpectedPersonBirthDate",
    "GenderCurrent",
    "Sex",
)
BEFORE_PARTS = (
    "CINreferralDate",
    "ReferralSource",
    "PrimaryNeedCode",
    "CINclosureDate",
    "ReasonForClosure",
    "DateOfInitialCPC",
)
PARTS: dict[str, tuple[str, ...]] = {
    "Assessments": (
        "AssessmentActualStartDate",
        "AssessmentInternalReviewDate",
        "AssessmentAuthorisationDate",
    ),
    "CINPlanDates": ("CINPlanStartDate", "CINPlanEndDate"),
    "Section47": (
        "S47ActualStartDate",
        "InitialCPCtarget",
        "DateOfInitialCPC",
        "ICPCnotRequired",
    ),
    "ChildProtectionPlans": (
        "CPPstartDate",
        "CPPendDate",
        "InitialCategoryOfAbuse",
        "LatestCategoryOfAbuse",
        "NumberOfPreviousCPP",
    ),
}
ORDER = ("Assessments", "CINPlanDates", "Section47", "ReferralNFA", "ChildProtectionPlans")
YES_NO = ("ReferralNFA", "ICPCnotRequired")
TRUE_FALSE = {"1": "true", "0": "false"}
Rows = dict[Any, list[dict[str, Any]]]


def census_xml(year: int, parts: dict[str, pd.DataFrame], shape: Shape) -> bytes:
    """The census of a year, as a file.

    Parameters
    ----------
    year : named by its March. parts : tables by element (`cin_census.census`).
    shape : whether in a namespace, and how yes and no are written.
    """
    lines = ['<?xml version="1.0" encoding="utf-8"?>']
    lines.append(f'<Message xmlns="{NAMESPACE}">' if year in shape.namespaces else "<Message>")
    lines += header(year)
    lines.append("<Children>")
    details = grouped(parts["CINdetails"], "child")
    within = {name: grouped(parts[name], "episode") for name in PARTS}
    reviews = grouped(parts["Reviews"], "item")
    yes_no = TRUE_FALSE if year in shape.true_false else {}
    for child in rows_of(parts["Child"]):
        lines += ["<Child>", *identity(child)]
        for episode in details.get(child["child"], []):
            lines += episode_lines(episode, within, reviews, yes_no)
        lines.append("</Child>")
    lines += ["</Children>", "</Message>", ""]
    return "\n".join(lines).encode("utf-8")


def header(year: int) -> list[str]:
    """Which return it is, and whose."""
    return [
        "<Header>",
        "<CollectionDetails>",
        "<Collection>CIN</Collection>",
        f"<Year>{year}</Year>",
        f"<ReferenceDate>{year}-03-31</ReferenceDate>",
        "</CollectionDetails>",
        "<Source>",
        "<SourceLevel>L</SourceLevel>",
        f"<LEA>{COUNCIL}</LEA>",
        "<SoftwareCode>INVENTED</SoftwareCode>",
        "<Release>1</Release>",
        "<SerialNo>001</SerialNo>",
        f"<DateTime>{year}-07-01T12:00:00</DateTime>",
        "</Source>",
        "</Header>",
    ]


def identity(child: dict[str, Any]) -> list[str]:
    """Who the child is."""
    disability = element("Disability", child["Disability"])
    return [
        "<ChildIdentifiers>",
        *(element(tag, child.get(tag)) for tag in IDENTIFIERS if child.get(tag) is not None),
        "</ChildIdentifiers>",
        "<ChildCharacteristics>",
        element("Ethnicity", child["Ethnicity"]),
        f"<Disabilities>{disability}</Disabilities>",
        "</ChildCharacteristics>",
    ]


def episode_lines(
    episode: dict[str, Any], within: dict[str, Rows], reviews: Rows, yes_no: dict[str, str]
) -> list[str]:
    """One episode of need with all that is in it."""
    lines = ["<CINdetails>", *elements(episode, BEFORE_PARTS, yes_no)]
    for name in ORDER:
        if name == "ReferralNFA":
            lines += elements(episode, (name,), yes_no)
            continue
        for row in within[name].get(episode["episode"], []):
            lines += [f"<{name}>", *elements(row, PARTS[name], yes_no)]
            if row.get("AssessmentFactors") is not None:
                factor = element("AssessmentFactors", row["AssessmentFactors"])
                lines.append(
                    f"<FactorsIdentifiedAtAssessment>{factor}</FactorsIdentifiedAtAssessment>"
                )
            days = [one["CPPreviewDate"] for one in reviews.get(row.get("item"), [])]
            if name == "ChildProtectionPlans" and days:
                lines += ["<Reviews>", *(element("CPPreviewDate", day) for day in days)]
                lines.append("</Reviews>")
            lines.append(f"</{name}>")
    return [*lines, "</CINdetails>"]


def elements(row: dict[str, Any], tags: tuple[str, ...], yes_no: dict[str, str]) -> list[str]:
    """The elements of a row that have a value."""
    found = []
    for tag in tags:
        value = row.get(tag)
        if value is not None:
            found.append(element(tag, yes_no.get(value, value) if tag in YES_NO else value))
    return found


def element(tag: str, value: object) -> str:
    """One element; days in ISO form."""
    text = value.isoformat() if isinstance(value, date) else escape(str(value))
    return f"<{tag}>{text}</{tag}>"


def grouped(table: pd.DataFrame, key: str) -> Rows:
    """The rows of a table by key, in order."""
    found: Rows = defaultdict(list)
    for row in rows_of(table):
        found[row[key]].append(row)
    return found


def rows_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """A table's rows."""
    return table.to_dict(orient="records")
