"""What the words mean: the glossary on the screen, with search."""

from __future__ import annotations

from html import escape

import streamlit as st

from model.glossary import KINDS, Term, found, terms
from model.wording import first_capital

STYLE = """
<style>
.fp-terms { margin: 0; columns: 2 380px; column-gap: 32px; }
.fp-terms > div { break-inside: avoid; padding: 8px 0; border-top: 1px solid #B1B4B6; }
.fp-terms dt { font-weight: 650; color: #12436D; font-size: 1.05rem; }
.fp-terms dt .kind { font-weight: 400; font-size: 0.9rem; color: #505A5F; padding-left: 6px; }
.fp-terms dd { margin: 2px 0 0 0; }
.fp-terms .law { color: #505A5F; font-size: 0.9rem; }
</style>
"""


def draw() -> None:
    """The glossary."""
    left, right = st.columns([2, 1])
    words = left.text_input(
        "Search the glossary", placeholder="for example: MASH, section 47", key="glossary_search"
    )
    kinds = right.multiselect(
        "About", KINDS, format_func=first_capital, key="glossary_kinds", placeholder="Everything"
    )
    here = found(words, tuple(kinds))
    st.caption(f"{len(here)} of {len(terms())} terms.")
    if here:
        st.html(f'{STYLE}<dl class="fp-terms">{"".join(map(entry, here))}</dl>')
    else:
        st.info("No term is found. Take out a word.", icon=":material/search_off:")


def entry(term: Term) -> str:
    """One term."""
    lines = [f"<div>{escape(term.says)}</div>"]
    if term.here:
        lines.append(f"<div><b>In this model:</b> {escape(term.here)}</div>")
    if term.law:
        lines.append(f'<div class="law">{escape(term.law)}</div>')
    kind = f'<span class="kind">{escape(term.kind)}</span>'
    return f"<div><dt>{escape(term.title)} {kind}</dt><dd>{''.join(lines)}</dd></div>"
