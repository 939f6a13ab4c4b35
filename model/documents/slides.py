"""The slides: one message each, charts that PowerPoint draws itself, sources in the notes.

Every figure comes from the same tables as the screen, the briefing and the workbook.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.presentation import Presentation as PresentationType
from pptx.shapes.autoshape import Shape
from pptx.slide import Slide
from pptx.util import Cm, Length, Pt

from model.charts import Picture
from model.documents import native_charts
from model.savings import (
    Case,
    caveats,
    headline,
    payback_says,
    payers_say,
    points,
    what_must_be_true,
)
from model.savings import pictures as drawn
from model.savings.case import COUNCIL
from model.wording import first_capital

LANGUAGE = "en-GB"
WIDE, HIGH = Cm(33.867), Cm(19.05)
EDGE = Cm(1.6)
ONLY_A_TITLE = 5  # of the layouts of an empty presentation
BLUE, INK, QUIET = (
    RGBColor(0x12, 0x43, 0x6D),
    RGBColor(0x0B, 0x0C, 0x0C),
    RGBColor(0x50, 0x5A, 0x5F),
)
CHART: native_charts.Place = (EDGE, Cm(4.6), Length(WIDE - 2 * EDGE), Cm(11.4))
UNDER: native_charts.Place = (EDGE, Cm(16.1), Length(WIDE - 2 * EDGE), Cm(1.6))
TEXT: native_charts.Place = (EDGE, Cm(4.4), Length(WIDE - 2 * EDGE), Cm(12.6))
PICTURE_HIGH = Cm(14.3)


def slides(
    case: Case,
    map_png: bytes = b"",
    map_headline: str = "",
    map_alt: str = "",
    map_lines: Sequence[tuple[str, str]] = (),
    extra: Sequence[str] = (),
) -> bytes:
    """The slides of a comparison.

    Parameters
    ----------
    case : the comparison, priced.
    map_png, map_headline, map_alt, map_lines : the map of the difference, its headline, its words
        and the links to name beside it; none where it is empty.
    extra : sentences found out beside it, such as how weak the effect may be.

    Returns
    -------
    The bytes of a .pptx file.
    """
    show = Presentation()
    show.slide_width, show.slide_height = WIDE, HIGH
    properties = show.core_properties
    properties.title = f"Projected savings: {case.about.scenario_title}, {case.about.area_title}"
    properties.author, properties.language = "Family Pathways", LANGUAGE
    first = _slide(show, case, properties.title, case.about.asked)
    _lines(first, [("", f"{headline(case)}."), *points(case)])
    total, who = drawn.running_total(case), drawn.payers(case)
    causes = drawn.causes(case, brief=True)
    _charted(
        show,
        case,
        total,
        native_charts.cumulative,
        f"{first_capital(payback_says(case, COUNCIL))}.",
    )
    _charted(show, case, causes, native_charts.causes)
    _charted(show, case, who, native_charts.payers, f"{payers_say(case)}.")
    if map_png:
        _mapped(show, case, map_png, (map_headline, map_alt), map_lines)
    last = _slide(show, case, "What would have to be true, and what to know before relying on it")
    must = [(row.condition, f"{row.says}.") for row in what_must_be_true(case).itertuples()]
    found = [("How weak the effect may be", f"{one.rstrip('.')}.") for one in extra]
    known = zip(("Evidence", "Forecast", "Ranges"), caveats(case), strict=True)
    _lines(last, [*must, *found, *known], size=15)
    for run in _runs(show):
        run._r.get_or_add_rPr().set("lang", LANGUAGE)
    buffer = io.BytesIO()
    show.save(buffer)
    return buffer.getvalue()


def _charted(
    show: PresentationType,
    case: Case,
    what: Picture,
    chart: Callable[..., object],
    under: str = "",
) -> None:
    """A slide with one chart under its headline."""
    slide = _slide(show, case, what.headline, what.subtitle)
    chart(slide, case, CHART, what.alt)
    if under:
        _text(slide, under, UNDER, 13, INK)


def _mapped(
    show: PresentationType,
    case: Case,
    png: bytes,
    words: tuple[str, str],
    lines: Sequence[tuple[str, str]],
) -> None:
    """A slide with the map of the difference, and its largest links beside it.

    Parameters
    ----------
    words : headline and text alternative. lines : links and their figures.
    """
    slide = _slide(show, case, words[0])
    shape: Any = slide.shapes.add_picture(io.BytesIO(png), EDGE, Cm(3.5), height=PICTURE_HIGH)
    shape._element.nvPicPr.cNvPr.set("descr", words[1])
    beside = Length(EDGE + shape.width + Cm(0.8))
    place = (beside, Cm(3.6), Length(WIDE - EDGE - beside), PICTURE_HIGH)
    said = [*lines, ("In brackets", "80% of simulated futures; whole run.")]
    _lines(slide, said, size=13, place=place)


def _slide(
    show: PresentationType, case: Case, head: str, subtitle: str = "", size: int = 24
) -> Slide:
    """A slide with its message as the title, subtitle, footer, and sources in the notes."""
    slide = show.slides.add_slide(show.slide_layouts[ONLY_A_TITLE])
    title = slide.shapes.title
    title.left, title.top, title.width, title.height = (
        EDGE,
        Cm(0.9),
        Length(WIDE - 2 * EDGE),
        Cm(2.5),
    )
    title.text_frame.word_wrap = True
    title.text = head
    for paragraph in title.text_frame.paragraphs:
        paragraph.alignment = None
        paragraph._p.get_or_add_pPr().set("algn", "l")
        for run in paragraph.runs:
            run.font.size, run.font.bold, run.font.name = Pt(size), True, "Arial"
            run.font.color.rgb = BLUE
    if subtitle:
        _text(slide, subtitle, (EDGE, Cm(3.4), Length(WIDE - 2 * EDGE), Cm(1.1)), 12, QUIET)
    where = (EDGE, Cm(17.9), Length(WIDE - 2 * EDGE), Cm(0.8))
    _text(slide, case.about.source, where, 10, QUIET)
    notes = slide.notes_slide.notes_text_frame
    if notes is not None:
        lines = (case.about.asked, f"Money: {case.says}.", case.about.source, *caveats(case))
        notes.text = "\n".join(lines)
    return slide


def _lines(
    slide: Slide,
    lines: Sequence[tuple[str, str]],
    size: int = 18,
    place: native_charts.Place = TEXT,
) -> None:
    """Sentences one below the other, each after its name in bold; all bold without a name."""
    box = slide.shapes.add_textbox(*place)
    box.text_frame.word_wrap = True
    for number, (name, says) in enumerate(lines):
        frame = box.text_frame
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        for words, bold in ((f"{name}: " if name else "", True), (says, not name)):
            run = paragraph.add_run()
            run.text, run.font.bold = words, bold
            run.font.size, run.font.name, run.font.color.rgb = Pt(size), "Arial", INK
        paragraph.space_after = Pt(size * 0.55)


def _text(slide: Slide, words: str, place: native_charts.Place, size: int, ink: RGBColor) -> Shape:
    box = slide.shapes.add_textbox(*place)
    box.text_frame.word_wrap = True
    run = box.text_frame.paragraphs[0].add_run()
    run.text, run.font.size, run.font.name = words, Pt(size), "Arial"
    run.font.color.rgb = ink
    return box


def _runs(show: PresentationType) -> list[Any]:
    """Every run of text on every slide and in every note."""
    frames = [
        shape.text_frame
        for slide in show.slides
        for shape in [*slide.shapes, *slide.notes_slide.shapes]
        if shape.has_text_frame
    ]
    return [run for frame in frames for paragraph in frame.paragraphs for run in paragraph.runs]
