"""What a reader is given: a file on disk, or one that is held in memory and was never written.

The readers ask very little of a path: its name and ending, its size and its bytes. `InMemory`
answers the same, so that an upload is read by the same readers, with the same limits, and touches
no disk. It knows no format.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import BinaryIO

LONGEST_NAME = 120


@dataclass(frozen=True)
class Size:
    """What `stat` is asked for.

    Attributes
    ----------
    st_size : bytes.
    """

    st_size: int


@dataclass(frozen=True)
class InMemory:
    """A file that is held in memory.

    Attributes
    ----------
    name : with its ending, without a folder. data : its bytes, never shown.
    """

    name: str
    data: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Leave out folders and marks that no file's name has: a name comes from outside."""
        plain = PureWindowsPath(PurePosixPath(self.name).name).name
        plain = "".join(one if one.isprintable() else "?" for one in plain)
        object.__setattr__(self, "name", plain[-LONGEST_NAME:] or "a file without a name")

    @property
    def suffix(self) -> str:
        """The ending, with its dot."""
        return PurePosixPath(self.name).suffix

    def is_file(self) -> bool:
        """Whether there is something to read: always."""
        return True

    def stat(self) -> Size:
        """Its size."""
        return Size(len(self.data))

    def open(self, mode: str = "rb") -> BinaryIO:
        """Its bytes, to be read."""
        assert mode == "rb"
        return io.BytesIO(self.data)

    def read_bytes(self) -> bytes:
        """Its bytes."""
        return self.data


Given = Path | InMemory
