"""The Savings page on paper: no sidebar, one column, nothing cut in two; and what to take away."""

from __future__ import annotations

from functools import partial

import streamlit as st

from model.answers import Answer
from model.documents import KINDS
from pages.parts import savings_case

LABELS = {"docx": "Word briefing", "pptx": "Slides", "xlsx": "Excel, every table"}
ON_PAPER = """
<style>
.fp-answers { display: grid; grid-template-columns: 12rem 1fr; gap: 0; margin: 0.4rem 0; }
.fp-answers dt, .fp-answers dd { margin: 0; padding: 7px 10px 7px 0; line-height: 1.45;
  border-top: 1px solid #DEE0E2; }
.fp-answers dt { font-weight: 650; color: #12436D; }
@media (max-width: 700px) {
  .fp-answers { grid-template-columns: 1fr; }
  .fp-answers dd { border-top: 0; padding-top: 0; }
}
@media print {
  @page { size: A4; margin: 14mm; }
  [data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stToolbar"],
  [data-testid="stStatusWidget"], [data-testid="stExpandSidebarButton"], [data-baseweb="tab-list"],
  [role="tablist"], .stButton, .stDownloadButton, [data-testid="stButtonGroup"], .stSelectbox,
  .stRadio, .st-key-print_row, .st-key-basis_row, .st-key-finance, .st-key-savings_links,
  [data-testid="stProgress"] { display: none !important; }
  html, body, #root, .stApp, .stMain, [data-testid="stAppViewContainer"],
  [data-testid="stMain"] { position: static !important; overflow: visible !important;
    height: auto !important; display: block !important; inset: auto !important; }
  .stMainBlockContainer { padding: 0 !important; max-width: none !important;
    width: 100% !important; }
  [data-testid="stHorizontalBlock"] { display: block !important; }
  [data-testid="stColumn"] { width: 100% !important; }
  .fp-boxes { grid-template-columns: repeat(3, 1fr) !important; }
  .fp-box { padding: 6px 10px; }
  .fp-box .figure { font-size: 1.3rem; }
  .fp-headline { font-size: 1.3rem; }
  body { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  .fp-box, .fp-answers dt, .fp-answers dd, [class*="st-key-picture_"], .stAlert, li
    { break-inside: avoid; }
  h1, h2, h3, .fp-headline { break-after: avoid; }
  .stVegaLiteChart, .stVegaLiteChart * { max-width: 100% !important; }
  canvas, svg.marks { height: auto !important; }
}
</style>
"""
PRINT = "<script>setTimeout(() => window.print(), 400);</script>"


def lay_out() -> None:
    """Lay the style for screen and paper over the page."""
    st.html(ON_PAPER)


def take_away(answer: Answer, basis: str) -> None:
    """Buttons for the documents and for print; each document is made once, when asked for."""
    stem = f"{answer.scenario.area}_{answer.question.scenario.replace('+', '_with_')}"
    with st.container(horizontal=True, key="print_row"):
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
        if st.button("Print this page", icon=":material/print:", key="print"):
            st.html(PRINT, unsafe_allow_javascript=True)
    st.caption(
        "Each says what this page says, with the same figures, and takes a few seconds to make."
    )
