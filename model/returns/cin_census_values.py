"""Values of a children in need census: days, codes, yes and no, numbers, each read or said.

Tolerated, and said: days written another way, codes in small letters, yes and no in words.
"""

from __future__ import annotations

import re

from model.errors import listed
from model.returns.cin_census_group import Group, Notebook
from model.returns.cin_census_shape import Holds, Kind
from model.returns.dates import PLACEHOLDER, day_of
from model.returns.faults import Severity, shape_of
from model.returns.xml_guard import Element

ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d(T[\d:.]*)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
YES_NO = {"0": False, "1": True, "false": False, "true": True}
YES_NO_WORDS = {"n": False, "y": True, "no": False, "yes": True}


def missing(part: str, line: int, tag: str, holds: Holds, book: Notebook) -> None:
    """Say that a required element is not there, or is empty."""
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


def no_value(part: str, inside: Element, tag: str, holds: Holds, book: Notebook) -> None:
    """Say that an element holds nothing."""
    if holds.required:
        missing(part, inside.line, tag, holds, book)
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
        no_value(part, inside, tag, holds, book)
        return
    if day is None:
        no_end = holds.ends and said == PLACEHOLDER
        if holds.ends and not no_end:
            group.lost.add(tag)
        book.write(
            part,
            inside.line,
            said,
            Severity.BLANKED if no_end else _lost(holds),
            column=tag,
            found=shape_of(inside.text),
            done="It was taken as no end." if no_end else _done(part, holds),
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
    return Severity.DROPPED if holds.essential or holds.ends else Severity.BLANKED


def _done(part: str, holds: Holds) -> str:
    if not holds.needed:
        return "It is not needed."
    if holds.ends:
        return "The spell was not used: without its end it would count as open."
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
