"""The Savings page on paper: no sidebar, one column, nothing cut in two; and what to take away."""

from __future__ import annotations

from functools import partial

import streamlit as st

from model.answers import Answer
from model.documents import KINDS
from pages.parts import savings_case

LABELS = {"docx": "Word briefing", "pptx": "Slides", "xlsx": "Excel, every table"}
PAPER = "_paper"
STYLE = """
<style>
.fp-answers { display: grid; grid-template-columns: 12rem 1fr; gap: 0; margin: 0.4rem 0 !important;
  padding: 0 !important; }
.fp-answers dt, .fp-answers dd { margin: 0 !important; padding: 7px 10px 7px 0; line-height: 1.45;
  border-top: 1px solid #DEE0E2; }
.fp-answers dt { font-weight: 650; color: #12436D; }
@media (max-width: 700px) {
  .fp-answers { grid-template-columns: 1fr; }
  .fp-answers dd { border-top: 0; padding-top: 0; }
}
@media print {
  @page { size: A4; margin: 13mm; }
  [data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stToolbar"],
  [data-testid="stStatusWidget"], [data-testid="stExpandSidebarButton"], [role="tablist"],
  .stButton, .stDownloadButton, [data-testid="stButtonGroup"], .stSelectbox, .stRadio,
  .stExpander, [data-testid="stPageLink"], .st-key-paper_row, .stVerticalBlock.st-key-take_away,
  .stVerticalBlock.st-key-finance, [data-testid="stProgress"],
  .stHorizontalBlock:has(> .stElementContainer > .stDownloadButton) { display: none !important; }
  html, body, #root, .stApp, .stMain, [data-testid="stAppViewContainer"], [data-testid="stMain"],
  .stAppViewContainer > div { position: static !important; overflow: visible !important;
    height: auto !important; display: block !important; inset: auto !important; }
  .stMainBlockContainer { padding: 0 !important; width: 100% !important;
    max-width: none !important; }
  body { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  .fp-box, .fp-answers dt, .fp-answers dd, .stAlert, li, .stVegaLiteChart,
  [data-testid="stVerticalBlock"]:has(> [data-testid="stElementContainer"] .stTabs)
    { break-inside: avoid; }
  .stVerticalBlock, [data-testid="stLayoutWrapper"] { display: block !important; }
  [class*="st-key-part_"] { break-before: page; }
  .stVerticalBlock > * { margin-bottom: 0.45rem; }
  h1, h2, h3, .fp-headline { break-after: avoid; }
  [data-testid="stElementContainer"]:has(h3) { break-after: avoid; }
  .stVegaLiteChart, .stVegaLiteChart * { max-width: 100% !important; }
  canvas, svg.marks { height: auto !important; }
  .stTabPanel { padding-top: 0 !important; }
}
</style>
"""
AS_PAPER = """
<style>
html { font-size: 13px !important; }
[data-testid="stSidebar"], [data-testid="stExpandSidebarButton"] { display: none !important; }
.stMainBlockContainer { max-width: 760px !important; padding-left: 0 !important;
  padding-right: 0 !important; margin: 0 auto; }
.fp-boxes { grid-template-columns: repeat(5, 1fr) !important; gap: 6px !important; }
.fp-box { padding: 6px 8px !important; }
.fp-box .figure { font-size: 1.35rem !important; }
.fp-headline { font-size: 1.35rem !important; }
.stVerticalBlock { gap: 0.7rem; }
</style>
"""
PRINT = "<script>setTimeout(() => window.print(), 300);</script>"


def lay_out() -> bool:
    """Lay the style for screen and paper over the page; whether it is shown as on paper."""
    st.html(STYLE)
    if not st.session_state.get(PAPER):
        return False
    st.html(AS_PAPER)
    with st.container(horizontal=True, key="paper_row"):
        st.button("Back to the screen", on_click=_show, args=(False,), icon=":material/arrow_back:")
        if st.button("Print", icon=":material/print:", type="primary"):
            st.html(PRINT, unsafe_allow_javascript=True)
    return True


def part(title: str, name: str) -> None:
    """The heading of a part that begins on a page of its own."""
    with st.container(key=f"part_{name}"):
        st.subheader(title)


def _show(on_paper: bool) -> None:
    st.session_state[PAPER] = on_paper


def take_away(answer: Answer, basis: str) -> None:
    """Buttons for the documents and for print; each document is made once, when asked for."""
    with st.container(key="take_away"):
        _buttons(answer, basis)
        st.caption(
            "Each says what this page says, with the same figures, and takes a few seconds to make."
        )


def _buttons(answer: Answer, basis: str) -> None:
    stem = f"{answer.scenario.area}_{answer.question.scenario.replace('+', '_with_')}"
    with st.container(horizontal=True):
        for kind, label in LABELS.items():
            st.download_button(
                label,
                partial(savings_case.document, answer, basis, kind),
                file_name=f"{stem}.{kind}",
                mime=KINDS[kind],
                on_click="ignore",
                icon=":material/download:",
                type="primary" if kind == "docx" else "secondary",
                key=f"document_{kind}",
            )
        st.button(
            "Print view", on_click=_show, args=(True,), icon=":material/print:", key="print_view"
        )
