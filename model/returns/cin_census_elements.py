"""One group of elements of a children in need census, checked against the shape of the census.

What stands in the wrong place, is missing, empty, repeated or cannot be read becomes a fault with
the element's line. Tolerated, and said: days written as day/month/year, codes in small letters,
yes and no in words, tags that differ by capitals alone.

This module does not know whether the days of a group are in a possible order.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field

from model.errors import InputError, Where, listed, nearest
from model.returns.cin_census_shape import CENSUS, PARENTS, TAGS, Holds, Kind
from model.returns.dates import day_of
from model.returns.faults import Fault, Severity, shape_of
from model.returns.xml_guard import Element

MOST_FAULTS = 200_000
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d(T[\d:.]*)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
YES_NO = {"0": False, "1": True, "false": False, "true": True}
YES_NO_WORDS = {"n": False, "y": True, "no": False, "yes": True}
LOWER_TAGS = {tag.lower(): tag for tag in TAGS}


@dataclass
class Notebook:
    """Where faults of one file are written down while it is read."""

    file: str
    faults: list[Fault] = field(default_factory=list, repr=False)

    def write(
        self,
        part: str,
        line: int,
        kind: str,
        severity: Severity,
        *,
        column: str = "",
        found: str = "",
        done: str = "",
        allowed: str = "",
    ) -> None:
        """Keep one fault.

        Raises
        ------
        InputError : there are so many that the file cannot be what it claims.
        """
        if len(self.faults) >= MOST_FAULTS:
            raise InputError(
                Where(self.file),
                f"more than {MOST_FAULTS:,} faults",
                remedy="Nothing was read from it: the first faults say what is wrong throughout.",
            )
        self.faults.append(
            Fault(self.file, part, line, kind, severity, column, found, done, allowed)
        )


@dataclass(frozen=True)
class Group:
    """What a group of elements holds, checked.

    Attributes
    ----------
    element : the group. days, codes, flags, texts : values by tag, where they can be read.
    codes_all : every code of a repeated element. groups : the groups inside, by tag.
    lines : line of each element, by tag.
    """

    element: Element
    days: dict[str, datetime.date] = field(default_factory=dict, repr=False)
    codes: dict[str, str] = field(default_factory=dict, repr=False)
    codes_all: dict[str, list[str]] = field(default_factory=dict, repr=False)
    flags: dict[str, bool] = field(default_factory=dict, repr=False)
    texts: dict[str, str] = field(default_factory=dict, repr=False)
    groups: dict[str, list[Element]] = field(default_factory=dict, repr=False)
    lines: dict[str, int] = field(default_factory=dict, repr=False)

    def line_of(self, tag: str) -> int:
        """Line of an element; of the group where the element is not there."""
        return self.lines.get(tag, self.element.line)


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
            _missing(part, element.line, tag, holds, book)
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


def _missing(part: str, line: int, tag: str, holds: Holds, book: Notebook) -> None:
    book.write(
        part,
        line,
        "a required element is missing or empty",
        Severity.DROPPED if holds.essential else Severity.NOTED,
        column=tag,
        done=_without(part) if holds.essential else "It is unknown.",
        allowed=str(holds.kind) if holds.kind != Kind.GROUP else f"one {tag}",
    )


def _without(part: str) -> str:
    """What is done without an essential value."""
    if part == "CINdetails":
        return "Its referral and episode were not used; what stands inside it was."
    return "The child was not used." if part == "ChildIdentifiers" else f"This {part} was not used."


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
        _no_value(part, inside, tag, holds, book)
        return
    READ[holds.kind](tag, inside, holds, group, year, book)


def _no_value(part: str, inside: Element, tag: str, holds: Holds, book: Notebook) -> None:
    if holds.required:
        _missing(part, inside.line, tag, holds, book)
        return
    book.write(
        part,
        inside.line,
        "an element without a value",
        Severity.NOTED,
        column=tag,
        done="It was taken as absent.",
    )


def _read_day(
    tag: str, inside: Element, holds: Holds, group: Group, year: int, book: Notebook
) -> None:
    part = group.element.tag
    day, said = day_of(inside.text)
    if day is None and not said:
        _no_value(part, inside, tag, holds, book)
        return
    if day is None:
        book.write(
            part,
            inside.line,
            said,
            _lost(holds),
            column=tag,
            found=shape_of(inside.text),
            done=_done(part, holds),
            allowed=str(Kind.DAY),
        )
        return
    if not ISO_DAY.fullmatch(inside.text):
        book.write(
            part,
            inside.line,
            "a date written another way",
            Severity.REPAIRED,
            column=tag,
            found=shape_of(inside.text),
            done="It was read, the day before the month.",
            allowed=str(Kind.DAY),
        )
    group.days.setdefault(tag, day)


def _lost(holds: Holds) -> Severity:
    if not holds.needed:
        return Severity.NOTED
    return Severity.DROPPED if holds.essential else Severity.BLANKED


def _done(part: str, holds: Holds) -> str:
    if not holds.needed:
        return "It is not needed."
    return _without(part) if holds.essential else "It was not used."


def _read_code(
    tag: str, inside: Element, holds: Holds, group: Group, year: int, book: Notebook
) -> None:
    part, code = group.element.tag, inside.text.upper()
    if code not in holds.codes:
        book.write(
            part,
            inside.line,
            "a code that is not in the published list",
            _lost(holds),
            column=tag,
            found=shape_of(inside.text),
            done=_done(part, holds),
            allowed=listed(holds.codes),
        )
        return
    if code != inside.text:
        book.write(
            part,
            inside.line,
            "a code in small letters",
            Severity.REPAIRED,
            column=tag,
            found=code,
            done="It was read in capitals.",
        )
    since = holds.since.get(code, 0)
    if year and year < since:
        book.write(
            part,
            inside.line,
            "a code that came in a later year",
            Severity.NOTED,
            column=tag,
            found=code,
            done="It was used.",
            allowed=f"{code} from the census of {since}",
        )
    group.codes.setdefault(tag, code)
    group.codes_all.setdefault(tag, []).append(code)


def _read_yes_no(
    tag: str, inside: Element, holds: Holds, group: Group, year: int, book: Notebook
) -> None:
    part, text = group.element.tag, inside.text.lower()
    if text in YES_NO_WORDS:
        book.write(
            part,
            inside.line,
            "a yes or no in words",
            Severity.REPAIRED,
            column=tag,
            done="It was read as meant.",
            allowed=str(Kind.YES_NO),
        )
    flag = YES_NO.get(text, YES_NO_WORDS.get(text))
    if flag is None:
        book.write(
            part,
            inside.line,
            "neither yes nor no",
            _lost(holds),
            column=tag,
            found=shape_of(inside.text),
            done=_done(part, holds),
            allowed=str(Kind.YES_NO),
        )
        return
    group.flags[tag] = flag


def _read_count(
    tag: str, inside: Element, holds: Holds, group: Group, year: int, book: Notebook
) -> None:
    if not re.fullmatch(r"[0-9]{1,2}", inside.text):
        book.write(
            group.element.tag,
            inside.line,
            "a number that cannot be",
            Severity.BLANKED,
            column=tag,
            found=shape_of(inside.text),
            done="It was not used.",
            allowed="a whole number from 0 to 99",
        )
        return
    group.texts[tag] = str(int(inside.text))


def _read_text(
    tag: str, inside: Element, holds: Holds, group: Group, year: int, book: Notebook
) -> None:
    if holds.needed:
        group.texts[tag] = inside.text


READ = {
    Kind.DAY: _read_day,
    Kind.CODE: _read_code,
    Kind.YES_NO: _read_yes_no,
    Kind.COUNT: _read_count,
    Kind.TEXT: _read_text,
}
