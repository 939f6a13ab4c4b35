"""One group of elements of a children in need census, checked against the shape of the census.

What stands in the wrong place, is missing, empty, repeated or cannot be read becomes a fault with
the element's line. A tag that differs by capitals alone is read, and said.

This module does not know whether the days of a group are in a possible order.
"""

from __future__ import annotations

import re

from model.errors import listed, nearest
from model.returns.cin_census_group import Group, Notebook
from model.returns.cin_census_shape import CENSUS, PARENTS, TAGS, Holds, Kind
from model.returns.cin_census_values import READ, missing, no_value
from model.returns.faults import Severity, shape_of
from model.returns.xml_guard import Element

LOWER_TAGS = {tag.lower(): tag for tag in TAGS}


def read_group(element: Element, year: int, book: Notebook) -> Group:
    """Read one group, whose tag is in `CENSUS`, as the census of a year asks for it.

    Parameters
    ----------
    element : the group. year : census year, of 31 March; 0 where not known yet.
    book : takes the faults.
    """
    part = element.tag
    shape = CENSUS[part]
    group = Group(element)
    if element.text:
        book.write(
            part,
            element.line,
            "text between elements",
            Severity.NOTED,
            found=shape_of(element.text),
            done="It was passed over.",
        )
    seen: set[str] = set()
    for inside in element.inside:
        tag = _right_tag(part, inside, book)
        if not tag:
            continue
        holds = shape[tag]
        if tag in seen and not holds.many:
            book.write(
                part,
                inside.line,
                "an element that may stand only once",
                Severity.BLANKED,
                column=tag,
                done="The first was used.",
            )
            continue
        seen.add(tag)
        group.lines.setdefault(tag, inside.line)
        _read_one(tag, inside, holds, group, year, book)
    for tag, holds in shape.items():
        if holds.required and tag not in seen:
            missing(part, element.line, tag, holds, book)
    return group


def _right_tag(part: str, inside: Element, book: Notebook) -> str:
    """The tag, put right where only its capitals are wrong; "" where it has no place here."""
    shape = CENSUS[part]
    tag = inside.tag
    if tag in shape:
        return tag
    same = LOWER_TAGS.get(tag.lower(), "")
    if same in shape:
        book.write(
            part,
            inside.line,
            "a tag with the wrong capitals",
            Severity.REPAIRED,
            column=same,
            done=f"It was read as {same}.",
            allowed=same,
        )
        return same
    if same:
        book.write(
            part,
            inside.line,
            "an element in the wrong place",
            Severity.BLANKED,
            column=same,
            done="It was not used.",
            allowed=f"inside {listed(PARENTS[same])}",
        )
        return ""
    close = nearest(tag, shape)
    book.write(
        part,
        inside.line,
        "an element that a census does not have",
        Severity.BLANKED,
        # A tag is shown only where it is a slip of a right one: it could be anything.
        column=tag if close and not re.search(r"\d{3}", tag) else "",
        found="" if close else shape_of(tag),
        done="It was not used.",
        allowed=f"the nearest right name is {close}" if close else listed(shape),
    )
    return ""


def _read_one(
    tag: str, inside: Element, holds: Holds, group: Group, year: int, book: Notebook
) -> None:
    part = group.element.tag
    if holds.from_year and year and year < holds.from_year:
        book.write(
            part,
            inside.line,
            "an element that the census of this year does not have",
            Severity.NOTED,
            column=tag,
            done="It was used.",
            allowed=f"from the census of {holds.from_year}",
        )
    if holds.kind == Kind.GROUP:
        group.groups.setdefault(tag, []).append(inside)
        return
    if inside.inside:
        book.write(
            part,
            inside.line,
            "elements where a value belongs",
            Severity.BLANKED,
            column=tag,
            done="It was not used.",
            allowed=str(holds.kind),
        )
        return
    if not inside.text:
        no_value(part, inside, tag, holds, book)
        return
    READ[holds.kind](tag, inside, holds, group, year, book)
