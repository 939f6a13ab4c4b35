"""The briefing: one comparison on two pages of Word, for those who decide.

Heading styles, a table's head repeated on every page, a text for every picture, British English as
the language: it reads well aloud too. Every figure comes from the same tables as the screen.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Length, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from model.charts import Picture, bare
from model.savings import Case, by_year, caveats, headline, points, what_must_be_true
from model.savings import pictures as drawn
from model.savings.case import COUNCIL
from model.wording import change_in_spending, pounds, pounds_range

LANGUAGE = "en-GB"
BLUE, QUIET = RGBColor(0x12, 0x43, 0x6D), RGBColor(0x50, 0x5A, 0x5F)
HEAD_FILL = "12436D"
BODY, SMALL = Pt(10), Pt(8)
CHART_PIXELS = 800
WIDE, TALLEST = Cm(17.4), Cm(12.4)
NOT_ALLOWED = {ord(one): None for one in map(chr, range(32)) if one not in "\t\n"}


def briefing(case: Case, extra: Sequence[str] = ()) -> bytes:
    """The Word document of a comparison.

    Parameters
    ----------
    case : the comparison, priced. extra : sentences of what was found out beside it, such as how
        weak the effect may be.

    Returns
    -------
    The bytes of a .docx file.
    """
    document = _empty(f"Projected savings: {case.about.scenario_title}, {case.about.area_title}")
    _words(document, f"Projected savings: {case.about.scenario_title}", "Title")
    _quiet(document, f"{case.about.asked}. {_first_capital(case.says)}.")
    _words(document, headline(case) + ".").runs[0].bold = True
    if case.about.rationale:
        _words(document, case.about.rationale)
    _words(document, "At a glance", "Heading 1")
    _table(document, ("Question", "Answer"), points(case), (Cm(3.6), Cm(13.8)))
    _picture(document, drawn.running_total(case))
    _table(document, *_years(case))
    _picture(document, drawn.causes(case, brief=True))
    _words(document, "What would have to be true", "Heading 1")
    for row in what_must_be_true(case).itertuples():
        _words(document, f"{row.condition}: {_lower(row.says)}.", "List Bullet")
    for sentence in extra:
        _words(document, f"{sentence.rstrip('.')}.", "List Bullet")
    _words(document, "Before you rely on it", "Heading 1")
    for line in caveats(case):
        _words(document, line, "List Bullet")
    _quiet(document, case.about.source)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _years(
    case: Case,
) -> tuple[Sequence[str], Sequence[Sequence[str]], Sequence[Length], str]:
    """The council's years as a table: head, rows, widths, caption."""
    rows = [
        (
            row.financial_year,
            change_in_spending(row.gross_gbp),
            pounds(row.programme_gbp),
            pounds(row.net_gbp),
            pounds(row.cumulative_gbp),
            pounds_range(row.cumulative_low_gbp, row.cumulative_high_gbp),
            pounds(row.cumulative_cashable_gbp),
        )
        for row in by_year(case, COUNCIL).itertuples()
    ]
    head = ("Year", "Services", "Programme", "Net", "Running total", "80% of futures", "Cash")
    widths = (Cm(1.9), Cm(2.7), Cm(2.2), Cm(2.2), Cm(2.6), Cm(3.6), Cm(2.2))
    caption = "The council, by financial year. Cash: what of the running total can be banked."
    return head, rows, widths, caption


def _empty(title: str) -> DocumentType:
    """A document with our fonts, margins, language and properties."""
    document = Document()
    properties = document.core_properties
    properties.title, properties.language = _plain(title), LANGUAGE
    properties.author, properties.comments = "Family Pathways", ""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(1.8)
    section.top_margin = section.bottom_margin = Cm(1.4)
    for name, size in (("Normal", BODY), ("Title", Pt(20)), ("Heading 1", Pt(12.5))):
        style = document.styles[name]
        style.font.name, style.font.size = "Arial", size
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(kind), None)
        style.paragraph_format.space_after = Pt(3)
        style.paragraph_format.space_before = Pt(7 if name == "Heading 1" else 0)
        if name != "Normal":
            style.font.color.rgb = BLUE
    document.styles["List Bullet"].paragraph_format.space_after = Pt(1)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)
    return document


def _words(document: DocumentType, text: str, style: str = "Normal") -> Paragraph:
    return document.add_paragraph(_plain(text), style=style)


def _quiet(document: DocumentType, text: str) -> None:
    run = _words(document, text).runs[0]
    run.font.size, run.font.color.rgb = SMALL, QUIET


def _picture(document: DocumentType, what: Picture) -> None:
    """A chart under its headline, with its text alternative and its subtitle."""
    _words(document, what.headline, "Heading 1").paragraph_format.keep_with_next = True
    place = document.add_paragraph()
    place.alignment = WD_ALIGN_PARAGRAPH.CENTER
    place.paragraph_format.keep_with_next = True
    shape = place.add_run().add_picture(io.BytesIO(bare(what, CHART_PIXELS)), width=WIDE)
    if shape.height > TALLEST:
        shape.width, shape.height = Length(shape.width * TALLEST // shape.height), TALLEST
    shape._inline.docPr.set("descr", what.alt)
    shape._inline.docPr.set("title", _plain(what.headline))
    _quiet(document, f"{what.subtitle}.")


def _table(
    document: DocumentType,
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[Length],
    caption: str = "",
) -> None:
    """A table whose head is repeated on every page and whose rows are not split."""
    table = document.add_table(rows=1, cols=len(head), style="Table Grid")
    table.autofit = False
    for cell, words in zip(table.rows[0].cells, head, strict=True):
        _cell(cell, words, bold=True, ink=RGBColor(255, 255, 255))
        _fill(cell)
    _mark(table.rows[0]._tr.get_or_add_trPr(), "w:tblHeader")
    for row in rows:
        added = table.add_row()
        _mark(added._tr.get_or_add_trPr(), "w:cantSplit")
        for place, (cell, words) in enumerate(zip(added.cells, row, strict=True)):
            _cell(cell, str(words), bold=place == 0)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width
    _quiet(document, caption or " ")


def _cell(cell: _Cell, words: str, bold: bool = False, ink: RGBColor | None = None) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(1)
    run = paragraph.add_run(_plain(words))
    run.bold, run.font.size = bold, Pt(9)
    if ink is not None:
        run.font.color.rgb = ink


def _fill(cell: _Cell) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", HEAD_FILL)):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _mark(properties: object, name: str) -> None:
    properties.append(OxmlElement(name))  # type: ignore[attr-defined]


def _plain(text: str) -> str:
    """Text that XML can hold."""
    return str(text).translate(NOT_ALLOWED)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _first_capital(text: str) -> str:
    return text[:1].upper() + text[1:]


__all__ = ["briefing"]
