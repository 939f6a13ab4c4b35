"""The folder of one entry of the store: what it holds, what is damaged, and what it says of itself.

A message names a file from the store folder, says what was found and what happens now. This module
does not know which question an entry answers, nor who writes it.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from model.caches import UNFINISHED, children, drop, left_behind, put
from model.errors import InputError, Where
from model.store_blocks import FORMAT, Block, DamageError, numbers, span, verified

MANIFEST = "manifest.json"
RUN_AGAIN = "Its futures are run again, and it is replaced."
ONLY_HERE = "Futures that only it holds are run again, and it is removed."
NOT_OURS = "It is not read and not touched; remove it if it is not needed."


class Look(NamedTuple):
    """What an entry holds.

    Attributes
    ----------
    whole : what is read, in order. double : sealed, but with futures that a whole block holds too.
    damaged : files with the name of a block. faults : a message on all that is not read.
    """

    whole: list[Block]
    double: list[Block]
    damaged: list[Path]
    faults: list[str]


def key_of(about: Mapping[str, Any]) -> str:
    """The name of the entry for a question: the SHA-256 of its canonical JSON."""
    return hashlib.sha256(canonical(about)).hexdigest()


def plain(about: Any) -> Any:
    """JSON values as they come back from a file; refuses what JSON cannot hold."""
    if isinstance(about, Mapping):
        about = dict(about)
    return json.loads(json.dumps(about, allow_nan=False))


def canonical(about: Any) -> bytes:
    """The one way to write JSON values down: sorted, no spaces, ASCII."""
    return json.dumps(plain(about), sort_keys=True, separators=(",", ":")).encode()


def sweep(folder: Path) -> list[str]:
    """Remove what killed runs left behind in an entry; the names of it."""
    found = [path for path in children(folder) if left_behind(path)]
    for path in found:
        drop(path)
    return [f"{folder.name}/{path.name}" for path in found]


def in_use(folder: Path, but: Path | None = None) -> bool:
    """Whether a running process holds an entry, other than by one mark."""
    return any(UNFINISHED.fullmatch(path.name) and path != but for path in children(folder))


def clear(folder: Path) -> None:
    """Remove an entry, the manifest last; what is not ours stays."""
    for path in children(folder):
        if span(path) or path.name == MANIFEST:
            drop(path)
    with suppress(OSError):
        folder.rmdir()


def fault(path: Path, found: str, remedy: str, parts: int = 2) -> str:
    """A message on a file, named from the store folder."""
    return str(InputError(Where("/".join(path.parts[-parts:])), found, "", remedy))


def manifest(folder: Path) -> dict[str, Any]:
    """What an entry says about itself; raises DamageError where it cannot be trusted."""
    try:
        content = (folder / MANIFEST).read_bytes()
        says = json.loads(content)
        del says["sha256"]
    except OSError as error:
        raise DamageError(f"that it cannot be read ({error.strerror})") from None
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        raise DamageError("no readable JSON with a checksum") from None
    if says.get("format") != FORMAT:
        raise DamageError(f"format {says.get('format')!r}, where this program knows {FORMAT}")
    if content != sealed(says):
        raise DamageError("contents that do not match their checksum")
    if key_of(says["about"]) != folder.name:
        raise DamageError("the question of another entry than the folder is named for")
    return dict(says)


def sealed(says: dict[str, Any]) -> bytes:
    """A manifest as it is on disk, with the SHA-256 of what it says."""
    return json.dumps({**says, "sha256": key_of(says)}, indent=1).encode()


def sound(folder: Path) -> bool:
    """Whether the manifest of an entry can be trusted."""
    try:
        manifest(folder)
    except DamageError:
        return False
    return True


def write_manifest(
    folder: Path, about: Mapping[str, Any], notes: Mapping[str, Any], seconds: float
) -> None:
    """Replace what an entry says about itself; when and by what it was made stays."""
    says = {"format": FORMAT, "about": about, "notes": notes, "seconds": seconds}
    says["made_on"] = datetime.now(UTC).isoformat(timespec="seconds")
    if sound(folder):
        says |= {name: manifest(folder)[name] for name in ("notes", "made_on")}
    put(folder / MANIFEST, sealed(says))


def look(folder: Path) -> Look:
    """Verify what an entry holds; of blocks that share a future, the first is read."""
    seen = Look([], [], [], [])
    for path in sorted(children(folder), key=by_future):
        promised = span(path)
        try:
            if promised is not None:
                status = path.stat()
                says = verified(path, status.st_size, status.st_mtime_ns, status.st_ino)
                seen_as(Block(path, *promised, says), seen)
            elif path.name != MANIFEST and not UNFINISHED.fullmatch(path.name):
                seen.faults.append(fault(path, "a name that is not ours", NOT_OURS))
        except FileNotFoundError:  # another process has just removed it
            continue
        except DamageError as damage:
            seen.damaged.append(path)
            seen.faults.append(fault(path, str(damage), RUN_AGAIN))
        except OSError as error:
            seen.damaged.append(path)
            found = f"that it cannot be read ({error.strerror})"
            seen.faults.append(fault(path, found, RUN_AGAIN))
    if seen.whole or (folder / MANIFEST).exists():
        try:
            manifest(folder)
        except DamageError as damage:
            remedy = "The entry is not read until a run writes to it."
            seen.faults.insert(0, fault(folder / MANIFEST, str(damage), remedy))
            seen.whole.clear()
    return seen


def by_future(path: Path) -> tuple[int, int, str]:
    """The order of blocks: by first future, the longer first."""
    first, last = span(path) or (-1, -1)
    return first, -last, path.name


def seen_as(block: Block, seen: Look) -> None:
    """Count a sealed block as whole, or as one that holds futures a second time."""
    if seen.whole and block.first <= seen.whole[-1].last:
        seen.double.append(block)
        found = f"futures that {seen.whole[-1].path.name} holds too"
        seen.faults.append(fault(block.path, found, ONLY_HERE))
    else:
        seen.whole.append(block)


def drop_superseded(seen: Look) -> list[Block]:
    """Remove blocks left out whose futures are all held elsewhere; the whole ones."""
    for path in [*seen.damaged, *(block.path for block in seen.double)]:
        first, last = span(path) or (0, -1)
        if len(numbers(seen.whole, last + 1, first)) == last - first + 1:
            drop(path)
    return seen.whole


def summary(folder: Path) -> dict[str, Any] | None:
    """A row of `Store.entries`; None for a folder without files of ours."""
    ours = [path for path in children(folder) if span(path) or path.name == MANIFEST]
    if not ours:
        return None
    try:
        says = manifest(folder)
    except DamageError:
        says = {"about": {"area": "(damaged)", "scenario": "(damaged)"}}
    try:
        status = [path.stat() for path in ours]
    except OSError:  # another process has just removed it
        return None
    futures, end = 0, 0
    for first, last in sorted(found for found in map(span, ours) if found):
        futures += max(last + 1 - max(first, end), 0)
        end = max(end, last + 1)
    return {
        "key": folder.name,
        "area": printable(says["about"].get("area", "")),
        "scenario": printable(says["about"].get("scenario", "")),
        "futures": futures,
        "bytes": sum(one.st_size for one in status),
        "made_on": says.get("made_on"),
        "last_used": datetime.fromtimestamp(status[-1].st_mtime, UTC),
        "seconds": says.get("seconds", math.nan),
    }


def printable(name: Any) -> str:
    """A name as text that every table can hold."""
    return str(name).encode(errors="replace").decode()
