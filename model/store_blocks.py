"""A block of the store: one file with the tables of some futures, sealed and named by them.

The file is a zip of Parquet tables and of `block.json`, which says what they are. Its comment,
the last 64 bytes, is the SHA-256 of all that comes before. This module does not know where blocks
are kept, nor what is in the tables beyond the number of the future.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Collection, Mapping
from functools import lru_cache, reduce
from itertools import pairwise
from operator import and_
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.compute as compute
import pyarrow.parquet as parquet

from model.errors import Where, unknown

FORMAT = 1
ABOUT_BLOCK = "block.json"
BLOCK_NAME = re.compile(r"futures-(\d{6,12})-(\d{6,12})\.zip")
TABLE_NAME = re.compile(r"[a-z][a-z0-9_]*")
SEAL_DIGITS = 64


class DamageError(Exception):
    """What is wrong with a file of the store, in words that follow "found"."""


class Block(NamedTuple):
    """A file with the futures from `first` to `last`, and what it says about itself."""

    path: Path
    first: int
    last: int
    says: dict[str, Any]


@lru_cache(maxsize=16_384)
def verified(path: Path, size: int, changed: int, number: int) -> dict[str, Any]:
    """What a block says about itself, once its seal, folder and name are found to be right.

    Remembered for as long as size, time of change and number of the file stay as they are.
    """
    content = path.read_bytes()
    body, seal = content[:-SEAL_DIGITS], content[-SEAL_DIGITS:]
    if hashlib.sha256(body).hexdigest().encode() != seal:
        raise DamageError("contents that do not match their checksum: cut short or changed")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            says = json.loads(archive.read(ABOUT_BLOCK))
            members = set(archive.namelist()) - {ABOUT_BLOCK}
        if says["format"] != FORMAT:
            raise DamageError(f"format {says['format']!r}, where this program knows {FORMAT}")
        if says["key"] != path.parent.name:
            raise DamageError("futures of another entry")
        if block_name(says["first"], says["last"]) != path.name:
            raise DamageError(f"the futures {says['first']} to {says['last']}, against its name")
        if members != {f"{name}.parquet" for name in says["tables"]}:
            raise DamageError("a table missing, or one too many")
    except (zipfile.BadZipFile, ValueError, TypeError, KeyError):
        raise DamageError("no readable block") from None
    return dict(says)


def block_name(first: int, last: int) -> str:
    """The name of the block with the futures from first to last."""
    return f"futures-{first:06d}-{last:06d}.zip"


def span(path: Path) -> tuple[int, int] | None:
    """The first and last future that a name promises; None for what is not the name of a block."""
    match = BLOCK_NAME.fullmatch(path.name)
    return (int(match[1]), int(match[2])) if match else None


def share(path: Path, first: int, last: int) -> bool:
    """Whether the name of a block promises any of the futures from first to last."""
    found = span(path)
    return found is not None and found[0] <= last and found[1] >= first


def numbers(blocks: list[Block], below: int, start: int = 0) -> set[int]:
    """The futures in blocks, from start and below a number."""
    return {
        future
        for block in blocks
        for future in range(max(block.first, start), min(block.last + 1, below))
    }


def runs(futures: set[int]) -> list[tuple[int, int]]:
    """Futures as runs of consecutive numbers: the first and last of each."""
    ordered = sorted(futures)
    breaks = [(a, b) for a, b in pairwise(ordered) if b != a + 1]
    firsts = ordered[:1] + [b for _, b in breaks]
    lasts = [a for a, _ in breaks] + ordered[-1:]
    return list(zip(firsts, lasts, strict=True))


def check_tables(tables: Mapping[str, pd.DataFrame], first: int, futures: int) -> None:
    """Refuse tables that are not of these futures."""
    if first < 0 or futures < 1 or not tables:
        raise ValueError(f"no block: {futures} futures from {first}, {len(tables)} tables")
    for name, table in tables.items():
        if not TABLE_NAME.fullmatch(name):
            raise ValueError(f"the table name {name!r}: small letters, digits and _ only")
        if not table.columns.is_unique or not all(isinstance(c, str) for c in table.columns):
            raise ValueError(f"the table {name} needs columns with one name each")
        if "future" not in table.columns or table["future"].dtype.kind not in "iu":
            raise ValueError(f"the table {name} has no integer column future")
        if not table["future"].between(first, first + futures - 1).all():
            raise ValueError(
                f"the table {name} has futures outside {first} to {first + futures - 1}"
            )


def packed(says: dict[str, Any], tables: Mapping[str, pd.DataFrame]) -> bytes:
    """A block as it is on disk: a zip whose comment, its last 64 bytes, is its SHA-256."""
    inside: dict[str, Any] = {}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, table in tables.items():
            rows = table[table["future"].between(says["first"], says["last"])]
            rows = rows.sort_values("future", kind="stable", ignore_index=True)
            inside[name] = {"rows": len(rows), "types": types_of(rows)}
            archive.writestr(zipfile.ZipInfo(f"{name}.parquet"), as_parquet(name, rows))
        about = json.dumps({**says, "tables": inside}, indent=1, allow_nan=False)
        archive.writestr(zipfile.ZipInfo(ABOUT_BLOCK), about)
        archive.comment = b"0" * SEAL_DIGITS
    body = buffer.getvalue()[:-SEAL_DIGITS]
    return body + hashlib.sha256(body).hexdigest().encode()


def as_parquet(name: str, rows: pd.DataFrame) -> bytes:
    """A table as Parquet; refuses one that would not come back as it is."""
    sink = io.BytesIO()
    try:
        arrow = pa.Table.from_pandas(rows, preserve_index=False)
        parquet.write_table(arrow, sink, compression="zstd")
        back = typed(parquet.read_table(sink).to_pandas(), [types_of(rows)])
    except pa.ArrowException as error:
        raise TypeError(f"the table {name} cannot be kept: {error}") from None
    changed = [str(c) for c in rows if c not in back or not rows[c].equals(back[c])]
    if changed or types_of(back) != types_of(rows):
        raise TypeError(f"the table {name} would not come back as it is: {changed}")
    return sink.getvalue()


def unpacked(
    block: Block, table: str, wanted: int, where: Mapping[str, Any], columns: list[str] | None
) -> pa.Table:
    """The rows of one table of a block that a reader asks for."""
    place = Where("/".join(block.path.parts[-2:]), table)
    if table not in block.says["tables"]:
        raise unknown(place, table, block.says["tables"], "table")
    types = block.says["tables"][table]["types"]
    for column in [*where, *(columns or ())]:
        if column not in types:
            raise unknown(place, column, types, "column")
    keep = [one_of(column, value) for column, value in where.items()]
    if block.last >= wanted:
        keep.append(compute.field("future") < wanted)
    with zipfile.ZipFile(block.path) as archive:
        content = pa.BufferReader(archive.read(f"{table}.parquet"))
    filters = reduce(and_, keep) if keep else None
    return parquet.read_table(content, columns=columns, filters=filters)


def one_of(column: str, value: Any) -> compute.Expression:
    """The rows in which a column has a value, or one of several."""
    several = isinstance(value, Collection) and not isinstance(value, (str, bytes))
    values = list(value) if several else [value]
    return compute.field(column).isin(values) if values else compute.scalar(False)


def types_of(table: pd.DataFrame) -> dict[str, Any]:
    """The type of each column in JSON; of a category also what it may be, and in which order."""
    return {column: type_in_json(table[column].dtype) for column in table.columns}


def type_in_json(kind: Any) -> Any:
    """A column's type in JSON."""
    if isinstance(kind, pd.CategoricalDtype):
        values, of = kind.categories.tolist(), str(kind.categories.dtype)
        return {"categories": values, "of": of, "ordered": kind.ordered}
    return str(kind)


def typed(rows: pd.DataFrame, written: list[dict[str, Any]]) -> pd.DataFrame:
    """Columns of the types that they were written with; categories that differ are joined."""
    for column in rows.columns:
        kinds: list[Any] = [types.get(column) for types in written]
        kind, alike = kinds[0], all(one == kinds[0] for one in kinds)
        if all(isinstance(one, dict) for one in kinds):
            values = dict.fromkeys(value for one in kinds for value in one["categories"])
            index = pd.Index(list(values), dtype=kind["of"])
            joined = pd.CategoricalDtype(index, kind["ordered"] and alike)
            rows[column] = pd.Categorical(rows[column], dtype=joined)
        elif alike and str(rows[column].dtype) != kind:
            rows[column] = rows[column].astype(kind)
    return rows
