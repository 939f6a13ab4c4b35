"""How large, how wide and how slow a return may be before it is refused.

A council's largest list is a few hundred thousand rows of a few dozen columns. These limits
leave room for ten times that and stop what no council sends: archives that unpack to the size of
a disk, a sheet of a million columns, a file that never ends.

This module knows no file format.
"""

from __future__ import annotations

import time

from model.errors import InputError, Where

MIB = 2**20
LARGEST_FILE_BYTES = 200 * MIB
LARGEST_MEMBER_BYTES = 600 * MIB
LARGEST_UNPACKED_BYTES = 1_000 * MIB
LARGEST_PACKING_RATIO = 250  # deflate can reach 1,032; workbooks reach about 60
SMALLEST_SUSPECT_BYTES = 10 * MIB  # below this, no ratio is dangerous
MOST_MEMBERS = 2_000
MOST_SHEETS = 200
MOST_ROWS = 2_000_000
MOST_COLUMNS = 1_000
MOST_CELLS = 30_000_000  # rows x columns of one sheet, as it must be held in memory
LONGEST_CELL = 32_767  # characters; as Excel's own limit
SECONDS_A_FILE = 300.0


class Deadline:
    """The moment after which a file is given up; loops over its rows ask it.

    Parameters
    ----------
    seconds : from now.
    """

    def __init__(self, seconds: float = SECONDS_A_FILE) -> None:
        """Start the clock."""
        self.seconds = seconds
        self._ends = time.monotonic() + seconds

    def check(self, file: str) -> None:
        """Raise InputError when the time is over."""
        if time.monotonic() > self._ends:
            raise InputError(
                Where(file),
                f"a file that took more than {self.seconds:.0f} seconds to read",
                remedy="Split it, one list or year a file.",
            )


def check_table(file: str, part: str, rows: int, columns: int) -> None:
    """Raise InputError for a sheet or table too long or too wide to be a return.

    Parameters
    ----------
    file, part : where. rows, columns : up to the last cell that holds something.
    """
    where = Where(file, part)
    if rows > MOST_ROWS:
        raise InputError(
            where,
            f"{rows:,} rows",
            f"up to {MOST_ROWS:,} rows",
            "Delete what stands far below the last row, or split the file.",
        )
    if columns > MOST_COLUMNS:
        raise InputError(
            where,
            f"{columns:,} columns",
            f"up to {MOST_COLUMNS:,} columns",
            "Delete what stands far to the right of the last column.",
        )
    if rows * columns > MOST_CELLS:
        raise InputError(
            where,
            f"{rows:,} rows of {columns:,} columns",
            f"up to {MOST_CELLS:,} cells",
            "Delete what stands far from the table, or split the file.",
        )
