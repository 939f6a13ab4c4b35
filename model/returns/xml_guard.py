"""An XML return read one record at a time, within limits, whatever somebody put into the file.

Nothing outside the file is ever opened: document types, entities and external references are
refused (defusedxml). Size, depth, number of elements, attributes, length of a text, size of one
record and time are limited, so that no file can fill the memory or hang the reader. Every element
keeps the number of its line. Prefixes of namespaces are taken off.

This module does not know what an element means.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import InputSource

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from model.errors import InputError, Where
from model.returns.given import Given
from model.returns.limits import Deadline

FIRST_BYTES = 4096
ENCODINGS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0", "utf-16le"),
    (b"\0<", "utf-16be"),
)
DECLARED = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
TOO_LARGE = "Nothing was read from it. A return that is really so large can be split by child."


@dataclass(frozen=True)
class Limits:
    """How large an XML return may be; a large council's stays far below each.

    Attributes
    ----------
    megabytes, elements, depth, attributes : of the file; of these, attributes of one element.
    text_characters : of one element. record_elements : elements inside one record (one child).
    token_bytes : bytes that may pass without one whole tag or text.
    """

    megabytes: int = 600
    elements: int = 20_000_000
    depth: int = 24
    attributes: int = 32
    text_characters: int = 4_000
    record_elements: int = 20_000
    token_bytes: int = 1_000_000


LIMITS = Limits()


class Element:
    """One element: its tag without prefix, its line, its text, and the elements inside it."""

    __slots__ = ("inside", "line", "tag", "text")

    def __init__(self, tag: str, line: int) -> None:
        self.tag = tag
        self.line = line
        self.text = ""
        self.inside: list[Element] = []

    def __repr__(self) -> str:
        """Tag and line alone: the text may be a child's."""
        return f"Element({self.tag!r}, line {self.line})"


def first_characters(path: Given) -> str:
    """The first few thousand characters of a file, in whatever encoding; "" where it is none."""
    try:
        with path.open("rb") as file:
            start = file.read(FIRST_BYTES)
    except OSError:
        return ""
    encoding = _encoding(start) or "utf-8"
    return start.decode(encoding, errors="replace").lstrip("\ufeff")


def tags_at_start(path: Given) -> list[str]:
    """The first opening tags of a file, without prefixes; empty where it is no XML."""
    start = first_characters(path).lstrip()
    if not start.startswith("<"):
        return []
    plain = re.sub(r"<!--.*?-->", "", start, flags=re.DOTALL)
    return re.findall(r"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)", plain)


def read_records(
    path: Given,
    records: dict[tuple[str, ...], Callable[[Element], None]],
    *,
    limits: Limits = LIMITS,
    deadline: Deadline | None = None,
    stray: Callable[[str, tuple[str, ...], int], None] | None = None,
) -> str:
    """Read a file from beginning to end and hand over each record as soon as it is whole.

    Parameters
    ----------
    path : the file.
    records : what to do with each record, by where it stands, such as ("Message", "Header").
    limits : how large the file may be. deadline : when to give up.
    stray : told of every element outside the records that leads to none: tag, parents, line.

    Returns
    -------
    str : tag of the outermost element.

    Raises
    ------
    InputError : the file cannot be opened, is not well-formed XML, holds a document type or an
        entity, or goes beyond a limit.
    """
    where = Where(path.name)
    handler = _Records(where, records, limits, stray)
    try:
        _parse(path, handler, deadline or Deadline())
    except OSError as fault:
        raise InputError(
            where, "a file that cannot be opened", remedy=str(fault.strerror)
        ) from None
    except DefusedXmlException:
        raise InputError(
            where,
            "a document type or an entity inside the file",
            "plain XML: no DOCTYPE, no ENTITY, nothing from outside",
            "Nothing was read from it. Ask the system that wrote it for the return as it is sent "
            "to the department.",
        ) from None
    except SAXParseException as fault:
        raise _not_well_formed(where, fault) from None
    except (SAXException, ValueError, LookupError) as fault:
        # What goes wrong while a record is made is a mistake of its reader, not of the file.
        if isinstance(fault, InputError) or handler.handing_over:
            raise
        raise InputError(where, "text that no XML reader understands") from None
    return handler.root


def _parse(path: Given, handler: _Records, deadline: Deadline) -> None:
    """Feed the file to the parser that refuses whatever reaches outside it."""
    size, most = path.stat().st_size, handler.limits.megabytes
    if size > most * 1_000_000:
        raise InputError(
            handler.where, f"a file of {size / 1e6:,.0f} MB", f"at most {most} MB", TOO_LARGE
        )
    parser = DefusedExpatParser(forbid_dtd=True)
    parser.setContentHandler(handler)
    source = InputSource(path.name)
    with path.open("rb") as file:
        start = file.read(FIRST_BYTES)
        file.seek(0)
        source.setByteStream(_Watched(file, handler, deadline))
        source.setEncoding(_encoding(start))
        parser.parse(source)


def _not_well_formed(where: Where, fault: SAXParseException) -> InputError:
    """The complaint, by line; expat's own words name no value."""
    line = fault.getLineNumber() or 0
    return InputError(
        where.at(f"line {line}") if line else where,
        f"XML that is not well-formed ({fault.getMessage()})",
        remedy="Nothing was read from it: the file may be cut short, or was edited by hand.",
    )


def _encoding(start: bytes) -> str | None:
    """The encoding that the bytes show, where they show one; else the file's own word counts."""
    for mark, name in ENCODINGS:
        if start.startswith(mark):
            return name
    declared = DECLARED.match(start)
    # Written as UTF-16 by the program, kept as UTF-8 by whoever saved it: common, and harmless.
    return "utf-8" if declared and declared[1].lower().startswith(b"utf-16") else None


class _Watched(io.RawIOBase):
    """The bytes of a file, looked at on their way to the parser: time, and tags without end."""

    def __init__(self, file: Any, handler: _Records, deadline: Deadline) -> None:
        self.file = file
        self.handler = handler
        self.deadline = deadline
        self.read_bytes = 0

    def read(self, size: int = -1) -> bytes:
        where = self.handler.where
        self.deadline.check(where.file)
        if self.handler.heard:
            self.read_bytes = 0
            self.handler.heard = False
        most = self.handler.limits.token_bytes
        if self.read_bytes > most:
            raise InputError(
                where.at(f"line {self.handler.line()}"),
                f"one tag, comment or text of more than {most / 1e6:g} MB",
                remedy=TOO_LARGE,
            )
        found: bytes = self.file.read(size)
        self.read_bytes += len(found)
        return found


class _Records(ContentHandler):
    """Builds each record and hands it over; counts as it goes."""

    def __init__(
        self,
        where: Where,
        records: dict[tuple[str, ...], Callable[[Element], None]],
        limits: Limits,
        stray: Callable[[str, tuple[str, ...], int], None] | None,
    ) -> None:
        super().__init__()
        self.where = where
        self.records = records
        self.limits = limits
        self.stray = stray
        self.ways = {way[:length] for way in records for length in range(1, len(way) + 1)}
        self.heard = False
        self.handing_over = False
        self.root = ""
        self.way: list[str] = []
        self.open: list[Element] = []
        self.elements = 0
        self.in_record = 0
        self.locator: Any = None

    def setDocumentLocator(self, locator: Any) -> None:  # noqa: N802 - the name is SAX's
        """Kept, for the numbers of lines."""
        self.locator = locator

    def line(self) -> int:
        """The line being read, from 1."""
        return int(self.locator.getLineNumber() or 0)

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802 - the name is SAX's
        """One tag opens: inside a record it is kept, outside it is only counted."""
        self.heard = True
        tag = name.rpartition(":")[2] if ":" in name else name
        self.elements += 1
        self.way.append(tag)
        self.in_record += 1
        limits = self.limits
        if (
            self.in_record > limits.record_elements
            or self.elements > limits.elements
            or len(self.way) > limits.depth
            or len(attrs) > limits.attributes
            or len(tag) > limits.text_characters
        ):
            self._refuse(len(attrs), tag)
        if self.open:
            element = Element(tag, self.line())
            self.open[-1].inside.append(element)
            self.open.append(element)
        else:
            self._outside(tag)

    def _outside(self, tag: str) -> None:
        """A tag outside the records: one of them, on the way to one, or a stranger."""
        self.in_record = 0
        way = tuple(self.way)
        if len(way) == 1:
            self.root = tag
        if way in self.records:
            self.open.append(Element(tag, self.line()))
        elif self.stray and way not in self.ways and way[:-1] in self.ways:
            self.stray(tag, way[:-1], self.line())

    def _refuse(self, attributes: int, tag: str) -> None:
        limits = self.limits
        for count, most, what in (
            (self.elements, limits.elements, "elements in the file"),
            (len(self.way), limits.depth, "elements inside each other"),
            (attributes, limits.attributes, "attributes of one element"),
            (self.in_record, limits.record_elements, "elements inside one record"),
            (len(tag), limits.text_characters, "characters in a tag"),
        ):
            if count > most:
                raise self._too_much(what, most)

    def _too_much(self, what: str, most: int) -> InputError:
        return InputError(
            self.where.at(f"line {self.line()}"),
            f"more than {most:,} {what}",
            f"at most {most:,}",
            "Nothing was read from it: no return looks like this.",
        )

    def characters(self, content: str) -> None:
        """Text, inside a record kept with its element."""
        self.heard = True
        if self.open:
            element = self.open[-1]
            element.text += content
            if len(element.text) > self.limits.text_characters:
                if not element.text.strip():
                    element.text = ""
                    return
                raise self._too_much("characters in one element", self.limits.text_characters)

    def endElement(self, name: str) -> None:  # noqa: N802 - the name is SAX's
        """One tag closes; a record that closes is handed over."""
        self.heard = True
        if self.open:
            element = self.open.pop()
            element.text = element.text.strip()
            if not self.open:
                self.handing_over = True
                self.records[tuple(self.way)](element)
                self.handing_over = False
        self.way.pop()
