"""Results of simulated futures on disk: kept by what was asked, written whole or not at all.

One *entry* is the futures of one scenario of one area, in a folder named by the SHA-256 of
everything that decides the result. Future k never depends on how many are asked for, so an entry
grows, and a run that was stopped goes on where it was. Futures are kept in *blocks*: one file each,
a zip of Parquet tables that ends with the SHA-256 of all that comes before. Whatever does not fit
its seal, its name or its folder is never read as a result.

Only simulated, aggregated tables belong here; nothing about any one child or family is ever given
to it. It runs nothing, and knows no area, scenario or measure.
"""

from __future__ import annotations

import os
import re
import time
import weakref
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from model.caches import children, drop, put, unfinished, user_cache_folder
from model.errors import InputError, Where
from model.store_blocks import (
    FORMAT,
    Block,
    block_name,
    check_tables,
    numbers,
    packed,
    runs,
    share,
    span,
    typed,
    unpacked,
    verified,
)
from model.store_folders import (
    MANIFEST,
    NOT_OURS,
    clear,
    drop_superseded,
    fault,
    in_use,
    key_of,
    look,
    plain,
    sound,
    summary,
    sweep,
    write_manifest,
)

FOLDER_VARIABLE = "FAMILY_PATHWAYS_STORE"
LIMIT_VARIABLE = "FAMILY_PATHWAYS_STORE_LIMIT"
DEFAULT_LIMIT = 2 * 1024**3  # bytes
ENTRY_NAME = re.compile(r"[0-9a-f]{64}")
BYTES = {"": 1, "B": 1} | {
    f"{prefix}{ending}": base**power
    for power, prefix in enumerate("KMGT", start=1)
    for ending, base in (("", 1024), ("B", 1000), ("IB", 1024))
}
SUMMARY = {
    "key": "str",
    "area": "str",
    "scenario": "str",
    "futures": "int64",
    "bytes": "int64",
    "made_on": "datetime64[us, UTC]",
    "last_used": "datetime64[us, UTC]",
    "seconds": "float64",
}
PAUSES = (0.02, 0.1, 0.5)  # seconds
TRIES = 9  # at a block that other processes write too
ELSEWHERE = f"name another folder in {FOLDER_VARIABLE}, or run with --no-store."


class Store:
    """The folder in which results of simulation runs are kept, and its limit.

    Parameters
    ----------
    folder : None for what FAMILY_PATHWAYS_STORE names, else `results` in the user's cache folder.
    limit_bytes : what all entries may take; None for FAMILY_PATHWAYS_STORE_LIMIT, else 2 GiB.

    Raises
    ------
    InputError for a limit that is no size, or a user without a home folder.
    """

    def __init__(self, folder: Path | None = None, limit_bytes: int | None = None) -> None:
        """Make nothing yet."""
        self.folder = usual_folder() if folder is None else Path(folder)
        self.limit_bytes = usual_limit() if limit_bytes is None else limit_bytes
        self._free_bytes = -1  # not measured yet

    def entry(self, about: Mapping[str, Any], notes: Mapping[str, Any] | None = None) -> Entry:
        """The entry for a question; it is made when absent, and in use as long as you hold it.

        Parameters
        ----------
        about : plain JSON values, everything that decides the result; its hash names the entry.
        notes : what does not decide it, such as engine and versions of libraries.

        Raises
        ------
        InputError when the folder cannot be written.
        """
        return Entry(self, about, notes or {})

    def entries(self) -> pd.DataFrame:
        """What is kept, last used first.

        Returns
        -------
        DataFrame with the columns key, area, scenario, futures, bytes, made_on, last_used (UTC)
        and seconds of work. Files are counted, not verified: see `check`.
        """
        found = [summary(folder) for folder in self._folders()]
        table = pd.DataFrame([one for one in found if one], columns=list(SUMMARY)).astype(SUMMARY)
        return table.sort_values(["last_used", "key"], ascending=False, ignore_index=True)

    def prune(self, limit_bytes: int | None = None) -> list[str]:
        """Remove entries, least recently used first, until the limit is kept.

        Entries that a running process holds stay. What killed runs left behind goes too.

        Parameters
        ----------
        limit_bytes : None for the store's own limit; 0 empties the store.

        Returns
        -------
        Names of the entries and leftovers removed.
        """
        removed = [name for folder in self._folders() for name in sweep(folder)]
        limit = self.limit_bytes if limit_bytes is None else limit_bytes
        table = self.entries()
        total = int(table["bytes"].sum())
        for key, size in table.loc[::-1, ["key", "bytes"]].itertuples(index=False):
            if total > limit and not in_use(self.folder / key):
                clear(self.folder / key)
                removed.append(key)
                total -= size
        self._free_bytes = max(limit - total, 0)
        return removed

    def check(self) -> list[str]:
        """Verify every file again: a message for each that is damaged or not ours."""
        verified.cache_clear()
        ours = self._folders()
        foreign = [path for path in children(self.folder) if path not in ours]
        faults = [fault(path, "a name that is not ours", NOT_OURS, parts=1) for path in foreign]
        return faults + [message for folder in ours for message in look(folder).faults]

    def _folders(self) -> list[Path]:
        """The folders of the entries, by name."""
        found = children(self.folder)
        return [path for path in found if ENTRY_NAME.fullmatch(path.name) and path.is_dir()]

    def _grown(self, size: int) -> None:
        """Keep the limit after a write: measure only once what was free is used up."""
        self._free_bytes -= size
        if self._free_bytes < 0:
            self.prune()


class Entry:
    """The futures of one scenario of one area; ask the store for it.

    Attributes
    ----------
    key : names it. folder : holds it. about, notes : what it was asked for with.
    """

    def __init__(self, store: Store, about: Mapping[str, Any], notes: Mapping[str, Any]) -> None:
        """Make its folder where there is none, and mark it as in use."""
        self.store, self.about, self.notes = store, plain(about), plain(notes)
        self.key = key_of(about)
        self.folder = store.folder / self.key
        self._mark = unfinished(self.folder, "in-use")
        with writing(store.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            with suppress(OSError):  # a store may be read where it cannot be written
                self._mark.touch()
            self._release = weakref.finalize(self, drop, self._mark)
            if not (self.folder / MANIFEST).exists() and not any(map(span, children(self.folder))):
                write_manifest(self.folder, self.about, self.notes, 0.0)
        self._touch()

    def close(self) -> None:
        """Let go of the entry, so that it may be pruned; the same as when nobody holds it."""
        self._release()

    @property
    def faults(self) -> list[str]:
        """Messages on what is damaged or not ours: the file, what was found, what happens now."""
        return look(self.folder).faults

    def held(self, wanted: int) -> set[int]:
        """The futures below `wanted` that are there, whole and undamaged."""
        return numbers(look(self.folder).whole, wanted)

    def write(
        self, first: int, tables: Mapping[str, pd.DataFrame], futures: int, seconds: float
    ) -> None:
        """Keep the futures first, ..., first + futures - 1, all or none of them.

        Futures that are held already stay as they are; damaged blocks of these futures go.

        Parameters
        ----------
        first, futures : the first future and how many. seconds : of work they took.
        tables : by name, the same names in every block; each has a column `future` (integer). The
            index is not kept; rows are sorted by future and otherwise stay in order.

        Raises
        ------
        InputError when the folder cannot be written. ValueError or TypeError for tables that are
        not of these futures, or that would not come back as they are.
        """
        check_tables(tables, first, futures)
        first, end = int(first), int(first) + int(futures)
        with writing(self.store.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            if self._release.alive:
                self._mark.touch()
            sweep(self.folder)
            if not sound(self.folder):  # blocks with this entry's key count again
                write_manifest(self.folder, self.about, self.notes, 0.0)
            written = self._keep(tables, range(first, end), float(seconds) / futures)
            whole = drop_superseded(look(self.folder))
            work = sum(block.says["seconds"] for block in whole)
            write_manifest(self.folder, self.about, self.notes, work)
            self.store._grown(written)

    def read(
        self,
        table: str,
        wanted: int,
        where: Mapping[str, Any] | None = None,
        columns: list[str] | None = None,
    ) -> pd.DataFrame:
        """The futures below `wanted` of one table, in the order of the futures.

        Parameters
        ----------
        table : its name. wanted : how many futures; all must be held.
        where : keep rows in which a column has this value, or one of these values.
        columns : only these; all when None.

        Raises
        ------
        InputError when futures are missing, or for the name of a table or column not there.
        """
        if wanted < 1:
            raise ValueError(f"{wanted} futures were asked for: at least one")
        whole = self._settled(wanted)
        if missing := set(range(wanted)) - numbers(whole, wanted):
            found = f"{len(missing)} of the {wanted} futures missing, the first is {min(missing)}"
            raise InputError(Where(self.key), found, remedy="Run them again.")
        self._touch()
        blocks = [block for block in whole if block.first < wanted]
        try:
            parts = [unpacked(block, table, wanted, where or {}, columns) for block in blocks]
        except (OSError, zipfile.BadZipFile) as error:
            remedy = "Another process replaced or removed it just now: run again."
            raise InputError(Where(self.key), "a block that is gone", "", remedy) from error
        rows = pa.concat_tables(parts, promote_options="permissive").to_pandas()
        return typed(rows, [block.says["tables"][table]["types"] for block in blocks])

    def _keep(self, tables: Mapping[str, pd.DataFrame], asked: range, seconds: float) -> int:
        """Write the futures that are not held yet, at so many seconds each; the bytes written.

        Where another process wrote some of them meanwhile in blocks cut otherwise, its blocks stay.
        """
        written = 0
        for _ in range(TRIES):
            seen = look(self.folder)
            missing = runs(set(asked) - numbers(seen.whole, asked.stop))
            if not missing:
                break
            for path in [*seen.damaged, *(block.path for block in seen.double)]:
                if any(share(path, *run) for run in missing):
                    drop(path)
            for first, last in missing:
                says = {
                    "format": FORMAT,
                    "key": self.key,
                    "first": first,
                    "last": last,
                    "seconds": seconds * (last - first + 1),
                    "notes": self.notes,
                }
                content = packed(says, tables)
                path = self.folder / block_name(first, last)
                put(path, content)
                written += len(content)
                double = [block.path for block in look(self.folder).double]
                if path in double or any(share(other, first, last) for other in double):
                    drop(path)
        return written

    def _settled(self, wanted: int) -> list[Block]:
        """The whole blocks; another process may be exchanging some, so wait for it a little."""
        whole = look(self.folder).whole
        for seconds in PAUSES:
            if len(numbers(whole, wanted)) == wanted or not in_use(self.folder, but=self._mark):
                break
            time.sleep(seconds)
            whole = look(self.folder).whole
        return whole

    def _touch(self) -> None:
        """Note that the entry was used now."""
        with suppress(OSError):
            os.utime(self.folder / MANIFEST)


def report(store: Store) -> pd.DataFrame:
    """The entries for printing: the first digits of the key, megabytes, minutes of work."""
    table = store.entries()
    return pd.DataFrame(
        {
            "entry": table["key"].str.slice(0, 12),
            "area": table["area"],
            "scenario": table["scenario"],
            "futures": table["futures"],
            "megabytes": table["bytes"] / 1e6,
            "minutes_of_work": table["seconds"] / 60,
            "made_on": table["made_on"].dt.strftime("%Y-%m-%d %H:%M"),
            "last_used": table["last_used"].dt.strftime("%Y-%m-%d %H:%M"),
        }
    )


# --- where, and how much --------------------------------------------------------------------------


def usual_folder() -> Path:
    """The folder of results: from the environment, else in the user's cache folder."""
    named_folder = os.environ.get(FOLDER_VARIABLE)
    if named_folder:
        return Path(named_folder).expanduser()
    try:
        return user_cache_folder() / "results"
    except RuntimeError:
        remedy = f"Name a folder in {FOLDER_VARIABLE}, or run with --no-store."
        raise InputError(Where("the result store"), "no home folder", "", remedy) from None


def usual_limit() -> int:
    """What the store may take in bytes: from the environment, else 2 GiB."""
    text = os.environ.get(LIMIT_VARIABLE, "").strip()
    return bytes_of(text, LIMIT_VARIABLE) if text else DEFAULT_LIMIT


def bytes_of(text: str, key: str) -> int:
    """A size such as 500MB or 2GiB in bytes; `key` is where it was written."""
    size = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([A-Z]*)", text.strip().upper())
    if size is None or size[2] not in BYTES:
        raise InputError(Where(key), repr(text), "a size such as 500MB or 2GiB")
    return int(float(size[1]) * BYTES[size[2]])


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Say what to do when the store cannot be written."""
    try:
        yield
    except OSError as error:
        found = f"that it cannot be written ({error.strerror or error})"
        remedy = f"Free space or allow writing there, {ELSEWHERE}"
        raise InputError(Where(f"the result store {folder}"), found, "", remedy) from error
