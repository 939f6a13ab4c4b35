"""The register of assumptions on the screen: filters, table, and one number looked at closely."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import pandas as pd
import streamlit as st

from model import parameters
from model.parameters import Parameters
from model.parameters.evidence import Source
from model.parameters.register import COLUMNS, register
from model.register_words import PARTS, by_parameter, found, graded, in_words
from model.tables import figure
from model.wording import GRADES, first_capital, label
from pages.parts import choices, show

SHOWN = ["part", "number", "which", "value", "unit", "range", "grade", "price_year", "source"]
NOTHING_FOUND = "Nothing is found. Take out a word or a filter."


@st.cache_data(max_entries=8, show_spinner=False)
def numbers_of(area: str, fingerprint: str) -> pd.DataFrame:
    """The register of an area, read once for each state of the files."""
    return register(area)


@st.cache_data(max_entries=8, show_spinner=False)
def words_of(area: str, fingerprint: str) -> pd.DataFrame:
    """The same in words."""
    return in_words(numbers_of(area, fingerprint), known(area, fingerprint).area.title)


@st.cache_data(max_entries=32, show_spinner=False)
def lines_of(here: pd.DataFrame) -> pd.DataFrame:
    """The numbers found, a line for each table."""
    return by_parameter(here)


@st.cache_resource(max_entries=8, show_spinner=False)
def known(area: str, fingerprint: str) -> Parameters:
    """The parameters of an area, with their sources."""
    return parameters.load(area)


def draw(area: str) -> None:
    """Every number: search, filter, table, downloads; then one of them closely."""
    files = choices.fingerprint()
    every = words_of(area, files)
    here = filters(every)
    if here.empty:
        st.info(NOTHING_FOUND, icon=":material/search_off:")
        return
    grouped = lines_of(here)
    each = st.toggle("A line for every single number", False, key="every_number")
    st.caption(
        f"{len(here):,} of {len(every):,} numbers, in {len(grouped)} tables. A range is 5th to "
        "95th percentile, or both ends. Change a number in the file that it names, or, where a "
        "service can change it, in Build a redesign."
    )
    if each:
        show.table(here[SHOWN], "every number of the register of assumptions")
    else:
        show.table(grouped, "the register of assumptions")
    raw = numbers_of(area, files).loc[here.index]
    with st.container(horizontal=True):
        show.workbook_button(
            f"These {len(here):,} numbers (Excel)",
            f"register_{area}.xlsx",
            {"register": raw, "columns": columns(), "sources": sources_of(area, raw)},
            f"Register of assumptions: {known(area, files).area.title}\n"
            + "\n".join(graded(grade) for grade in GRADES),
        )
        st.download_button(
            f"These {len(here):,} numbers (CSV)",
            lambda: show.csv(raw),
            file_name=f"register_{area}.csv",
            mime="text/csv",
            on_click="ignore",
            icon=":material/download:",
        )
    closely(area, here)


def grades_strip(counts: pd.Series) -> None:
    """How many numbers are of each grade, and what the grade means."""
    cells = "".join(
        f'<div class="fp-box"><div class="name">{grade.capitalize()}</div>'
        f'<div class="figure">{int(counts[grade]):,}</div><div class="range">{escape(says)}</div>'
        "</div>"
        for grade, says in GRADES.items()
        if counts.get(grade, 0)
    )
    columns = "grid-template-columns: repeat(auto-fit, minmax(128px, 1fr))"
    st.html(f'<div class="fp-boxes" style="{columns}">{cells}</div>')


def filters(every: pd.DataFrame) -> pd.DataFrame:
    """Search and filters; returns the rows that are left."""
    words = st.text_input(
        "Search names, notes, sources and files",
        placeholder="for example: step-up, foster, Stockport",
        key="search",
    )
    left, middle, right = st.columns(3)
    parts = left.multiselect("Part of the pathway", PARTS, key="parts", placeholder="All parts")
    grades = middle.multiselect(
        "Grade of the evidence",
        list(GRADES),
        format_func=str.capitalize,
        key="grades",
        placeholder="All grades",
    )
    titles = sorted({title for text in every["source"] for title in text.split("; ") if title})
    sources = right.multiselect("Source", titles, key="sources", placeholder="All sources")
    return found(every, words, tuple(parts), tuple(grades), tuple(sources))


def closely(area: str, here: pd.DataFrame) -> None:
    """One parameter of those found, with everything that stands behind it."""
    titles = here.drop_duplicates("name").set_index("name")["number"]
    st.subheader("Look closely at one")
    name = st.selectbox("Number", list(titles.index), format_func=titles.__getitem__, key="closely")
    if name is None:
        return
    everything = known(area, choices.fingerprint())
    one = everything[name]
    rows = words_of(area, choices.fingerprint())
    rows = rows[rows["name"] == name]
    with st.container(border=True):
        st.markdown(f"**{titles[name]}** · `{name}`")
        single = len(rows) == 1
        if single:
            st.markdown(f"**Value**: {figure(rows['value'].item())} {one.unit}")
        st.markdown(
            "\n".join(
                f"- **{what}**: {words}"
                for what, words in (
                    ("Evidence", graded(one.grade)),
                    ("Range", " or ".join(dict.fromkeys(rows["range"]))),
                    ("Prices of", one.price_year),
                    ("Set by published figures", ", ".join(label(m) for m in one.fitted_to)),
                    ("Stated in", f"`{one.file}`, for {rows['stated_in'].iloc[0]}"),
                    ("Note", plain(one.note)),
                )
                if words
            )
        )
        st.markdown("**Sources**\n" + cited(everything.sources[each] for each in one.sources))
        if not single:
            st.caption(f"Its {len(rows)} numbers, in {one.unit}")
            show.table(rows[["which", "value", "range"]], f"every number of {titles[name]}")


def cited(sources: Iterable[Source]) -> str:
    """Sources as a list, with links where there are any."""
    lines = []
    for source in sources:
        title = plain(source.title)
        linked = f"[{title}]({source.url})" if source.url.startswith("https://") else title
        note = f" {plain(source.note)}" if source.note else ""
        lines.append(
            f"- {linked}. {plain(source.publisher)}, {source.year}; measured in "
            f"{plain(source.place)}.{note}"
        )
    return "\n".join(lines)


def sources_of(area: str, numbers: pd.DataFrame) -> pd.DataFrame:
    """Every source of these numbers, with how many of them cite it."""
    counts: dict[str, int] = {}
    for text in numbers["source"]:
        for title in text.split("; "):
            counts[title] = counts.get(title, 0) + 1
    every = known(area, choices.fingerprint()).sources.values()
    rows = [
        {
            "source": one.title,
            "publisher": one.publisher,
            "year": one.year,
            "measured_in": one.place,
            "numbers": counts[one.title],
            "note": one.note,
            "link": one.url,
        }
        for one in every
        if one.title in counts
    ]
    table = pd.DataFrame(
        rows, columns=["source", "publisher", "year", "measured_in", "numbers", "note", "link"]
    )
    return table.sort_values("numbers", ascending=False, ignore_index=True)


def columns() -> pd.DataFrame:
    """What the columns of the register mean."""
    return pd.DataFrame({"column": list(COLUMNS), "meaning": list(COLUMNS.values())})


def plain(words: str) -> str:
    """Words that Markdown leaves alone."""
    for mark in ("\\", "`", "*", "_", "[", "]", "<", "$", "~"):
        words = words.replace(mark, f"\\{mark}")
    return first_capital(words)


def draw_sources(area: str) -> None:
    """Every source, with links, and how many numbers cite it."""
    table = sources_of(area, numbers_of(area, choices.fingerprint()))
    st.caption(
        f"{len(table)} sources stand behind the numbers. A source without a link is a document, or "
        "was read as a file."
    )
    st.dataframe(
        table.rename(columns=lambda name: name.replace("_", " ")),
        hide_index=True,
        alt="Table: sources of the numbers",
        column_config={"link": st.column_config.LinkColumn("link", display_text="Open")},
    )
    st.download_button(
        "Sources (CSV)",
        show.csv(table),
        file_name="sources.csv",
        mime="text/csv",
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
    )
