"""How the pages look beyond Streamlit's theme: width, figures in boxes, the map on a phone."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import streamlit as st

# Drawn here: Streamlit would fetch its own icons for the browser's tab from the internet.
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    '<g fill="none" stroke="#12436D" stroke-width="3">'
    '<path d="M6 16h6c6 0 4-9 12-9M12 16c6 0 4 9 12 9"/></g>'
    '<g fill="#28A197"><circle cx="6" cy="16" r="4.5"/><circle cx="25" cy="7" r="4.5"/>'
    '<circle cx="25" cy="25" r="4.5"/></g></svg>'
)
STYLE = """
<style>
.stMainBlockContainer { max-width: 1240px; padding: 3.4rem 2.5rem 3rem 2.5rem; }
.stAppDeployButton { display: none; }
.fp-group { margin: 0.6rem 0 0.1rem 0; font-size: 0.9rem; color: #505A5F; }
[data-testid="stExpandSidebarButton"] { width: auto !important; padding: 4px 10px !important; }
[data-testid="stExpandSidebarButton"]::after { content: "Menu and choices"; font-size: 0.95rem; }
h1 { font-size: 2.1rem !important; }
.fp-boxes { display: grid; grid-template-columns: repeat(auto-fit, minmax(190px, 1fr)); gap: 12px; }
.fp-box { border: 1px solid #B1B4B6; border-left: 6px solid #12436D; border-radius: 6px;
  padding: 10px 14px; background: #FFFFFF; }
.fp-box.redesign { border-left-color: #28A197; }
.fp-box .name { color: #505A5F; font-size: 0.92rem; }
.fp-box .figure { font-size: 1.75rem; font-weight: 650; line-height: 1.25; color: #0B0C0C; }
.fp-box .range { color: #505A5F; font-size: 0.9rem; }
.fp-headline { font-size: 1.55rem; line-height: 1.3; font-weight: 650; color: #12436D;
  margin: 0.1rem 0 0.4rem 0; }
.fp-map { overflow-x: auto; }
.fp-map img { width: 100%; height: auto; display: block; }
.fp-list { display: none; }
.fp-lane { margin: 1rem 0 0.4rem 0; font-size: 1.05rem; }
.fp-card { border: 1.3px solid #12436D; border-radius: 7px; padding: 8px 12px; margin-bottom: 8px;
  font-size: 0.95rem; color: #505A5F; }
.fp-card b { color: #12436D; }
.fp-card-head { display: flex; justify-content: space-between; gap: 8px; }
.fp-card ul { margin: 4px 0 0 0; padding-left: 1.1rem; color: #0B0C0C; }
@media (max-width: 700px) {
  .fp-map { display: none; }
  .stMarkdown table { font-size: 0.8rem; }
  .stMarkdown td:first-child { overflow-wrap: anywhere; }
  .stMarkdown th, .stMarkdown td { padding: 4px !important; }
  .fp-list { display: block; }
  .fp-headline { font-size: 1.25rem; }
  .fp-boxes { grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 8px; }
  .fp-box { padding: 8px 10px; }
  .fp-box .figure { font-size: 1.35rem; }
  h1 { font-size: 1.7rem !important; }
  .stMainBlockContainer { padding-left: 1rem; padding-right: 1rem; }
}
</style>
"""


def lay_out() -> None:
    """Lay the style over the page."""
    st.html(STYLE)


def headline(words: str) -> None:
    """The one sentence of a page."""
    st.html(f'<p class="fp-headline" role="heading" aria-level="2">{escape(words)}</p>')


def boxes(figures: Iterable[tuple[str, str, str]], redesign: bool = False) -> None:
    """Figures in boxes side by side.

    Parameters
    ----------
    figures : name, figure, range or remark, all as text.
    redesign : whether they are about the redesign (its colour) or about today.
    """
    kind = "fp-box redesign" if redesign else "fp-box"
    cells = "".join(
        f'<div class="{kind}"><div class="name">{escape(name)}</div>'
        f'<div class="figure">{escape(figure)}</div><div class="range">{escape(remark)}</div></div>'
        for name, figure, remark in figures
    )
    st.html(f'<div class="fp-boxes">{cells}</div>')


def wide_and_narrow(image: str, alt: str, narrow: str) -> None:
    """A picture for a wide screen and its list for a narrow one."""
    st.html(
        f'<div class="fp-map"><img src="{image}" alt="{escape(alt, quote=True)}" '
        'style="width: 100%; height: auto"></div>'
        f'<div class="fp-list">{narrow}</div>'
    )
