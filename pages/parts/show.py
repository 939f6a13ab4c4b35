"""How a picture and a table are shown: words above, chart and table, downloads below."""

from __future__ import annotations

import io
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from model.answers import Answer
from model.charts import Picture, drawn_as, styled
from model.tables import LONGEST_SHEET_NAME, figure, heading, safe_text
from model.wording import MINUS, whole
from pages.parts.once import kept, once

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS_SHOWN = 15
COUNTED = ("families", "children", "cases", "places")
ROW_PIXELS, HEAD_PIXELS = 35, 38
AXIS_PIXELS = 34


@dataclass(frozen=True)
class Drawn:
    """A picture and what the browser draws it from."""

    picture: Picture
    spec: dict[str, Any]


def chart(answer: Answer, make: Callable[..., Picture], *args: Hashable, key: str = "") -> None:
    """A picture of an answer, made once for everybody: ``show.chart(answer, pictures.banked)``.

    Parameters
    ----------
    make : a function of a module that gives a `Picture` of the answer. args : its further
        arguments. key : tells it apart where one page shows it twice.
    """
    _draw(once(answer, _drawn, make, *args), key)


def picture(what: Picture, key: str = "") -> None:
    """A picture: headline, subtitle, chart, table, footer, downloads of data, PNG and SVG."""
    _draw(Drawn(what, spec_of(what)), key)


def timeless(make: Callable[..., Picture], *args: Hashable, key: str = "") -> None:
    """A picture of something that is no answer, made once for these arguments."""
    _draw(kept(_made, make, *args), key)


def _made(make: Callable[..., Picture], *args: Hashable) -> Drawn:
    made = make(*args)
    return Drawn(made, spec_of(made))


def _drawn(answer: Answer, make: Callable[..., Picture], *args: Hashable) -> Drawn:
    return _made(make, answer, *args)


def spec_of(what: Picture) -> dict[str, Any]:
    """The chart for a screen: its alternative text speaks for it, not each of its marks."""
    found: dict[str, Any] = what.chart.to_dict(validate=False)
    height = found.get("height")
    if isinstance(height, int | float):  # on a screen it is the height with the axis
        found["height"] = height + AXIS_PIXELS
    return found | {"config": look_of_charts()}


@cache
def look_of_charts() -> dict[str, Any]:
    """The one look of all charts, as `charts.styled` has it: putting it on each takes long."""
    found: dict[str, Any] = styled(alt.Chart({"values": []}).mark_bar()).to_dict()["config"]
    return found | {"aria": False, "mark": {"aria": False}}


def _draw(drawn: Drawn, key: str) -> None:
    what = drawn.picture
    name = key or what.name
    with st.container(border=True):
        st.markdown(f"**{_plain(what.headline)}**")
        st.caption(_plain(what.subtitle))
        shown, rows = st.tabs(["Chart", "Table"], key=f"tabs_{name}", on_change="rerun")
        if shown.open:
            with shown:
                st.vega_lite_chart(spec=drawn.spec, theme=None, width="stretch", alt=what.alt)
        if rows.open:
            with rows:
                table(what.table, what.headline)
        with st.container(horizontal=True, gap="small"):
            _download("Table (CSV)", f"{what.name}.csv", lambda: csv(what.table), "text/csv", name)
            for kind, mime in (("png", "image/png"), ("svg", "image/svg+xml")):
                _download(
                    f"Chart ({kind.upper()})",
                    f"{what.name}.{kind}",
                    partial(drawn_as, what, kind),
                    mime,
                    name,
                )
        st.caption(_plain(what.footer))


def table(rows: pd.DataFrame, alt: str, height: int | None = None) -> None:
    """A table with figures written as people write them."""
    shown = rows.reset_index(drop=True).rename(columns=heading)
    formats = {
        heading(name): _format_of(str(name).replace("_", " "))
        for name in rows.columns
        if pd.api.types.is_numeric_dtype(rows[name]) and rows[name].dtype != bool
    }
    most = min(len(shown), MOST_ROWS_SHOWN) * ROW_PIXELS + HEAD_PIXELS
    styler = shown.style.format(formats, na_rep="")
    if "unit" in shown:
        money = shown["unit"] == "GBP"
        styler.format(_pounds, subset=(money, list(formats)), na_rep="")
    words = f"Table: {alt}"
    st.dataframe(styler, hide_index=True, height=height or most, placeholder="–", alt=words)


def table_with_csv(rows: pd.DataFrame, alt: str, name: str) -> None:
    """A table and its download."""
    table(rows, alt)
    _download("Table (CSV)", f"{name}.csv", lambda: csv(rows), "text/csv", name)


Tables = Mapping[str, pd.DataFrame]


def workbook_button(
    label: str, name: str, tables: Tables | Callable[[], Tables], about: str | Callable[[], str]
) -> None:
    """One button for every table in one Excel file; what is a function is called when clicked."""
    st.download_button(
        label,
        lambda: workbook(
            tables() if callable(tables) else tables, about() if callable(about) else about
        ),
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
    """How the figures of a column are written: pounds, chances, people, or as they are."""
    if "gbp" in column:
        return _pounds
    if column.startswith("chance of"):
        return _percent
    return whole if column.split(" ")[0] in COUNTED else _figure


def _pounds(value: float) -> str:
    return f"£{value:,.0f}" if value >= 0 else f"−£{-value:,.0f}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"


def _figure(value: float) -> str:
    if value == round(value) and abs(value) < 1e15:
        return f"{value:,.0f}".replace("-", MINUS)
    return figure(value).replace("-", MINUS)
