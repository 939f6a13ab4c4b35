"""One child of a children in need census as rows of the records.

A referral makes a referral; if action followed, an episode of need until its closure; and what
stands inside it its assessments, enquiries and plans. A referral marked "no further action" that
shows action after all loses the mark: what was done is harder evidence than a tick.

This module does not know the other years' censuses (`model.returns.cin_census_years`), nor whether
a conference led to a plan: the census does not say so, and the event history links them.
"""

from __future__ import annotations

import datetime
import itertools

from model.returns.cin_census_elements import read_group
from model.returns.cin_census_group import Group, Notebook
from model.returns.cin_census_header import Census
from model.returns.cin_census_modules import MODULES, Gathered, lone_conference, read_module
from model.returns.cin_census_order import Day, Order
from model.returns.cin_census_shape import source_of
from model.returns.faults import Severity, shape_of
from model.returns.identity import child_id
from model.returns.xml_guard import Element


def read_child(child: Element, census: Census, book: Notebook, gathered: Gathered) -> None:
    """Turn one Child element into rows.

    Parameters
    ----------
    child : the element. census : council and year. book : takes the faults.
    gathered : takes the rows.
    """
    gathered.children += 1
    group = read_group(child, census.year, book)
    order = Order(census, book)
    identifiers = [
        read_group(one, census.year, book) for one in group.groups.get("ChildIdentifiers", [])
    ]
    traits = [
        read_group(one, census.year, book) for one in group.groups.get("ChildCharacteristics", [])
    ]
    details = group.groups.get("CINdetails", [])
    gathered.details += len(details)
    identity = _identity(identifiers, book)
    if not identity:
        return
    if identity in gathered.seen:
        book.write(
            "Child",
            child.line,
            "a child that is there twice",
            Severity.NOTED,
            done="What stands in both was used; the same referral once.",
        )
    else:
        gathered.seen[identity] = set()
        _add_child(identity, child.line, identifiers[0], traits, order, gathered)
    spells: list[tuple[datetime.date, Day, int]] = []
    for element in details:
        read_details(identity, element, order, gathered, spells)
    _overlaps(spells, book)


def _identity(identifiers: list[Group], book: Notebook) -> str:
    """The council's id of the child; "" where there is none that can be used."""
    if not identifiers:
        return ""
    stated = identifiers[0].texts.get("LAchildID", "")
    identity, kind = child_id(stated)
    if stated and not identity:
        book.write(
            "ChildIdentifiers",
            identifiers[0].line_of("LAchildID"),
            kind,
            Severity.DROPPED,
            column="LAchildID",
            found=shape_of(stated),
            done="The child was not used.",
            allowed="the id that the council's own system gave the child",
        )
    return identity


def _add_child(
    identity: str,
    line: int,
    identifiers: Group,
    traits: list[Group],
    order: Order,
    gathered: Gathered,
) -> None:
    book, year = order.book, order.census.year
    disabilities = [
        code
        for one in traits
        for inside in one.groups.get("Disabilities", [])
        for code in read_group(inside, year, book).codes_all.get("Disability", [])
    ]
    if "NONE" in disabilities and len(set(disabilities)) > 1:
        book.write(
            "Disabilities",
            line,
            "NONE beside a disability",
            Severity.NOTED,
            column="Disability",
            done="The disability was used.",
        )
    gathered.add(
        "children",
        line,
        child=identity,
        birth_on=order.birth(identifiers),
        disabled=any(code != "NONE" for code in disabilities) if disabilities else None,
    )


def read_details(
    identity: str,
    element: Element,
    order: Order,
    gathered: Gathered,
    spells: list[tuple[datetime.date, Day, int]],
) -> None:
    """Turn one CINdetails into a referral, an episode of need, and what stands inside."""
    group = read_group(element, order.census.year, order.book)
    referral, repeated = _referral(identity, group, order, gathered)
    closed, possible = (
        order.end(group, "CINclosureDate", referral) if referral is not None else (None, True)
    )
    if not repeated:
        _closure(group, order)
    inside = {
        module: [
            read_group(one, order.census.year, order.book) for one in group.groups.get(module, [])
        ]
        for module in MODULES
    }
    if referral is not None:
        active = any(inside.values()) or any(
            tag in group.days or tag in group.lost for tag in ("CINclosureDate", "DateOfInitialCPC")
        )
        nothing_done = _no_further_action(group, active, order.book)
        gathered.add(
            "referrals",
            element.line,
            child=identity,
            on=referral,
            source=source_of(group.codes.get("ReferralSource", "")),
            no_further_action=nothing_done,
        )
        if possible and not nothing_done:
            spells.append((referral, closed, element.line))
            _add_need(identity, group, referral, closed, order, gathered)
    for module, found in inside.items():
        read_module(identity, module, found, referral, closed, order, gathered)
    lone_conference(identity, group, inside["Section47"], order, gathered)


def _referral(identity: str, group: Group, order: Order, gathered: Gathered) -> tuple[Day, bool]:
    """The day of the referral, and whether the child was there with it before."""
    referral = order.begin(group, "CINreferralDate")
    if referral is None:
        return None, False
    if referral not in gathered.seen[identity]:
        gathered.seen[identity].add(referral)
        return referral, False
    order.book.write(
        "CINdetails",
        group.element.line,
        "the same referral of the same child twice",
        Severity.DROPPED,
        column="CINreferralDate",
        done="The first was used, with what stands inside each.",
    )
    return None, True


def _add_need(
    identity: str,
    group: Group,
    referral: datetime.date,
    closed: Day,
    order: Order,
    gathered: Gathered,
) -> None:
    """The episode of need that the referral opened."""
    gathered.add(
        "in_need",
        group.element.line,
        child=identity,
        began_on=referral,
        ended_on=closed,
        reason=group.codes.get("ReasonForClosure", "") if closed else "",
        need=group.codes.get("PrimaryNeedCode", ""),
    )
    _in_year(group, closed, order)


def _no_further_action(group: Group, active: bool, book: Notebook) -> bool | None:
    mark = group.flags.get("ReferralNFA")
    if not (mark and active):
        return mark
    book.write(
        "CINdetails",
        group.line_of("ReferralNFA"),
        "no further action, yet action follows",
        Severity.BLANKED,
        column="ReferralNFA",
        done="The action was used; whether the referral was taken on is unknown.",
        allowed="0, or nothing after the referral",
    )
    return None


def _closure(group: Group, order: Order) -> None:
    """A reason and a day of closure come together, and a death with its reason."""
    if "CINclosureDate" in group.lost:
        return
    closed, reason = "CINclosureDate" in group.days, "ReasonForClosure" in group.codes
    if closed != reason:
        has, lacks = ("CINclosureDate", "ReasonForClosure")
        if reason:
            has, lacks = lacks, has
        order.book.write(
            "CINdetails",
            group.line_of(has),
            "a closure without a reason" if closed else "a reason for closure without its day",
            Severity.NOTED if closed else Severity.BLANKED,
            column=lacks,
            done="The reason is unknown." if closed else "It was taken as still open.",
            allowed="both, or neither",
        )


def _in_year(group: Group, closed: Day, order: Order) -> None:
    if closed is not None and closed < order.census.first:
        order.book.write(
            "CINdetails",
            group.line_of("CINclosureDate"),
            "closed before the census year began",
            Severity.NOTED,
            column="CINclosureDate",
            done="It was kept, outside the days that the census covers.",
            allowed=f"{order.census.first} to {order.census.last}",
        )


def _overlaps(spells: list[tuple[datetime.date, Day, int]], book: Notebook) -> None:
    """Two episodes of need of one child at the same time."""
    ordered = sorted(spells, key=lambda one: one[0])
    for (_, ended, _), (began, _, line) in itertools.pairwise(ordered):
        if ended is None or began < ended:
            book.write(
                "CINdetails",
                line,
                "a referral while an earlier episode is open",
                Severity.NOTED,
                column="CINreferralDate",
                done="Both were used.",
                allowed="one open episode at a time",
            )
