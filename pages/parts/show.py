"""How a picture and a table are shown: words above, chart and table, downloads below."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from model.charts import Picture, drawn_as, styled
from model.tables import LONGEST_SHEET_NAME, figure, safe_text
from model.wording import whole

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS_SHOWN = 15
COUNTED = ("families", "children", "cases", "places")
ROW_PIXELS, HEAD_PIXELS = 35, 38


def picture(what: Picture, key: str = "") -> None:
    """A picture: headline, subtitle, chart or table, footer, downloads."""
    name = key or what.name
    with st.container(border=True):
        st.markdown(f"**{_plain(what.headline)}**")
        st.caption(_plain(what.subtitle))
        chart, rows = st.tabs(["Chart", "Table"])
        with chart:
            st.altair_chart(for_screen(what), theme=None, width="stretch", alt=what.alt)
        with rows:
            table(what.table, what.headline)
        with st.container(horizontal=True, gap="small"):
            _download("Table (CSV)", f"{what.name}.csv", lambda: csv(what.table), "text/csv", name)
            _download(
                "Chart (PNG)", f"{what.name}.png", lambda: drawn_as(what, "png"), "image/png", name
            )
            _download(
                "Chart (SVG)",
                f"{what.name}.svg",
                lambda: drawn_as(what, "svg"),
                "image/svg+xml",
                name,
            )
        st.caption(_plain(what.footer))


def for_screen(what: Picture) -> Any:
    """The chart for a screen: its alternative text speaks for it, not each of its marks."""
    chart = styled(what.chart)
    chart.config["aria"] = False
    chart.config["mark"] = {"aria": False}
    return chart


def table(rows: pd.DataFrame, alt: str, height: int | None = None) -> None:
    """A table with figures written as people write them."""
    shown = rows.rename(columns=lambda name: str(name).replace("_", " "))
    formats = {
        name: _format_of(str(name))
        for name in shown.columns
        if pd.api.types.is_numeric_dtype(shown[name]) and shown[name].dtype != bool
    }
    most = min(len(shown), MOST_ROWS_SHOWN) * ROW_PIXELS + HEAD_PIXELS
    styler = shown.style.format(formats, na_rep="")
    words = f"Table: {alt}"
    st.dataframe(styler, hide_index=True, height=height or most, placeholder="–", alt=words)


def table_with_csv(rows: pd.DataFrame, alt: str, name: str) -> None:
    """A table and its download."""
    table(rows, alt)
    _download("Table (CSV)", f"{name}.csv", lambda: csv(rows), "text/csv", name)


def workbook_button(label: str, name: str, tables: Mapping[str, pd.DataFrame], about: str) -> None:
    """One button for every table in one Excel file."""
    st.download_button(
        label,
        lambda: workbook(tables, about),
        file_name=name,
        mime=EXCEL,
        on_click="ignore",
        icon=":material/download:",
        key=f"workbook_{name}",
    )


def csv(rows: pd.DataFrame) -> bytes:
    """A table as CSV that no spreadsheet takes for formulas."""
    return rows.map(safe_text).to_csv(index=False).encode("utf-8-sig")


def workbook(tables: Mapping[str, pd.DataFrame], about: str) -> bytes:
    """Tables as one Excel file; the first sheet says what they are."""
    buffer = io.BytesIO()
    with pd.ExcelWriter(buffer, engine="openpyxl") as book:
        lines = pd.DataFrame(
            {"About these tables": [safe_text(line) for line in about.split("\n")]}
        )
        lines.to_excel(book, sheet_name="about", index=False)
        book.sheets["about"].column_dimensions["A"].width = 120
        for name, rows in tables.items():
            sheet = name[:LONGEST_SHEET_NAME]
            rows.map(safe_text).to_excel(book, sheet_name=sheet, index=False, freeze_panes=(1, 0))
            made = book.book.worksheets[-1]
            for column in made.columns:
                longest = max(len(str(cell.value or "")) for cell in column[:200])
                width = min(max(longest + 2, 10), 60)
                made.column_dimensions[column[0].column_letter].width = width
    return buffer.getvalue()


def _download(label: str, file: str, make: Callable[[], bytes], mime: str, key: str) -> None:
    st.download_button(
        label,
        make,
        file_name=file,
        mime=mime,
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
        key=f"{label}_{key}",
        help=f"Download {file}",
    )


def _plain(words: str) -> str:
    """Words that Markdown leaves alone: a pound or a tilde means nothing to it, a dollar does."""
    return words.replace("$", r"\$")


def _format_of(column: str) -> Callable[[float], str]:
    """How the figures of a column are written: pounds, people, or as they are."""
    if "gbp" in column:
        return _pounds
    return whole if column.split(" ")[0] in COUNTED else _figure


def _pounds(value: float) -> str:
    return f"£{value:,.0f}" if value >= 0 else f"−£{-value:,.0f}"


def _figure(value: float) -> str:
    if value == round(value) and abs(value) < 1e15:
        return f"{value:,.0f}"
    return figure(value)
