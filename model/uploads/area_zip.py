"""Area folders out of the app and into it, as zip files; and those that the app keeps.

A zip file that comes in is looked through before anything is unpacked: its size, what it unpacks
to, and that it holds nothing but the files of one area folder. What passes is tried (its numbers
are loaded and a network is built of them) before anybody can choose it. An area folder holds no
child. It calibrates nothing.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from model import network
from model import parameters as files
from model import root as project
from model.asking import latest_start
from model.backtest.notes import BESIDE as SCORES_FILE
from model.caches import put, unfinished
from model.calibrate.area_folder import REPORT_FILE, SOURCES_FILE, TARGETS_FILE
from model.errors import InputError, Where, listed
from model.inputs import resolve
from model.parameters.area_files import AREAS, AREAS_VARIABLE, is_area_folder
from model.parameters.knobs import KNOBS_FILE, POSTERIOR_FILE

BESIDE = (SOURCES_FILE, KNOBS_FILE, POSTERIOR_FILE, TARGETS_FILE, REPORT_FILE, SCORES_FILE)
MOST_PACKED, MOST_UNPACKED, MOST_MEMBERS = 5_000_000, 30_000_000, 20
MOST_KEPT = 50
NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
ALLOWED = "a zip file of one area folder, as this app and `calibrate` make them"
PLAIN_NAME = re.compile(r"[\w .,'&()/-]{1,80}")
MARKUP = re.compile(r"\]\(|<[A-Za-z/!]|javascript:", re.IGNORECASE)
LONG_AGO = (1980, 1, 1, 0, 0, 0)


def zip_of(name: str, texts: Mapping[str, str]) -> bytes:
    """An area folder as a zip file; the same bytes for the same area."""
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in sorted(texts):
            member = zipfile.ZipInfo(f"{name}/{file}", LONG_AGO)
            member.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(member, texts[file])
    return found.getvalue()


def texts_of_zip(data: bytes, file: str = "the zip file") -> dict[str, str]:
    """The files of an area folder out of a zip file.

    Raises
    ------
    InputError for anything else, and for what is too large, locked or damaged.
    """
    where = Where(file)
    if len(data) > MOST_PACKED:
        raise InputError(where, f"a file of {len(data) / 1e6:,.0f} MB", "at most 5 MB")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            members = [one for one in packed.infolist() if not one.is_dir()]
            check_members(members, where)
            texts = {
                PurePosixPath(one.filename).name: packed.read(one).decode("utf-8")
                for one in members
            }
    except InputError:
        raise
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, NotImplementedError, ValueError):
        raise InputError(where, "no zip file that can be read", ALLOWED) from None
    area_file(texts, where)
    for name, text in texts.items():
        if name != REPORT_FILE and MARKUP.search(text):
            raise InputError(Where(name), "a link or a tag in a text", "plain text")
    return texts


def check_members(members: list[zipfile.ZipInfo], where: Where) -> None:
    """Refuse an archive that holds anything but one folder's few small files."""
    sizes = sum(one.file_size for one in members)
    if sizes > MOST_UNPACKED or len(members) > MOST_MEMBERS:
        found = f"{len(members):,} files of {sizes / 1e6:,.0f} MB"
        raise InputError(where, found, f"{MOST_MEMBERS} files, {MOST_UNPACKED / 1e6:.0f} MB")
    if any(one.flag_bits & 1 for one in members):
        raise InputError(where, "a zip file with a password", "one without")
    folders = {str(PurePosixPath(one.filename).parent) for one in members}
    if len(folders) > 1:
        raise InputError(where, f"{len(folders)} folders", "one area folder", "Zip it alone.")
    names = [PurePosixPath(one.filename).name for one in members]
    strange = [one for one in names if one not in BESIDE and not one.endswith(".toml")]
    if strange:
        raise InputError(where, f"a file {strange[0][:60]!r}", ALLOWED)


def area_file(texts: Mapping[str, str], where: Where) -> str:
    """The name of the area: that of the one file that is its own.

    Raises
    ------
    InputError for none, several, or a name that is none.
    """
    own = [one for one in texts if one.endswith(".toml") and one not in BESIDE]
    if len(own) != 1:
        found = f"{len(own)} areas' files ({listed(own)})" if own else "no area's file"
        raise InputError(where, found, ALLOWED)
    name = own[0].removesuffix(".toml")
    if not NAME.fullmatch(name):
        allowed = "small letters, digits and _, such as sefton_2026.toml"
        raise InputError(where, f"an area's file called {own[0][:60]!r}", allowed)
    return name


def home_of(root: str | Path | None = None) -> Path:
    """Where the app keeps area folders: the first that FAMILY_PATHWAYS_AREAS names, or `areas/`."""
    named = [Path(one) for one in os.environ.get(AREAS_VARIABLE, "").split(os.pathsep) if one]
    return next((one for one in named if not is_area_folder(one)), project.find(root) / AREAS)


def kept_areas(root: str | Path | None = None) -> list[str]:
    """Names of the areas that the app keeps."""
    home = home_of(root)
    if not home.is_dir():
        return []
    return [path.name for path in sorted(home.iterdir()) if is_area_folder(path)]


def adopt(texts: Mapping[str, str], root: str | Path | None = None) -> str:
    """Try an area and keep it, so that everybody here can choose it by its name.

    Returns
    -------
    The name to choose it by: its own, or with a number where another area has that name.

    Raises
    ------
    InputError for an area that cannot be run, and when too many are kept.
    """
    name = area_file(texts, Where("the area folder"))
    home = home_of(root)
    for kept in kept_areas(root):
        if same(home / kept, kept, name, texts):
            return kept
    if len(kept_areas(root)) >= MOST_KEPT:
        raise InputError(Where(AREAS), f"{MOST_KEPT} areas", f"{MOST_KEPT}", "Remove one first.")
    free = free_name(name, set(files.areas(root)) | set(kept_areas(root)))
    made = unfinished(home)
    try:
        place = made / free
        place.mkdir(parents=True)
        for file, text in texts.items():
            put(place / (f"{free}.toml" if file == f"{name}.toml" else file), text.encode())
        tried(place, root)
        place.rename(home / free)
    except OSError as error:
        allowed = "a place to write to: areas/, or the folder that FAMILY_PATHWAYS_AREAS names"
        raise InputError(Where(AREAS), f"{error.strerror}", allowed) from None
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return free


def tried(place: Path, root: str | Path | None) -> None:
    """Load the area and build its network; whatever is wrong is told without a path."""
    try:
        area = files.area_named(str(place), root)
        for name in (area.title, *area.localities):
            if not PLAIN_NAME.fullmatch(name):
                raise InputError(Where(f"{area.name}.toml"), repr(name[:80]), "a plain name")
        inputs = resolve(str(place), start=latest_start(str(place)), years=1, root=root)
        network.build(inputs)
    except InputError as error:
        where = Where(Path(error.where.file).name, error.where.key)
        raise InputError(where, error.found, error.allowed, error.remedy) from None


def free_name(name: str, taken: set[str]) -> str:
    """The name, or with the first number that is free."""
    number = 2
    found = name
    while found in taken:
        found, number = f"{name}_{number}", number + 1
    return found


def same(place: Path, kept: str, name: str, texts: Mapping[str, str]) -> bool:
    """Whether what is kept is this area, whatever number it got."""
    if not re.fullmatch(re.escape(name) + r"(_\d+)?", kept):
        return False
    there = {path.name for path in place.iterdir()} - {SCORES_FILE}
    wanted = {f"{kept}.toml" if one == f"{name}.toml" else one for one in texts} - {SCORES_FILE}
    if there != wanted:
        return False
    return all(
        (place / (f"{kept}.toml" if file == f"{name}.toml" else file)).read_text("utf-8") == text
        for file, text in texts.items()
        if file != SCORES_FILE
    )


def remove(name: str, root: str | Path | None = None) -> None:
    """Remove an area that the app keeps.

    Raises
    ------
    InputError for a name that is none of them.
    """
    if name not in kept_areas(root):
        raise InputError(Where(AREAS), repr(name), listed(kept_areas(root)) or "none is kept")
    shutil.rmtree(home_of(root) / name, ignore_errors=True)


def folder_texts(name: str, root: str | Path | None = None) -> dict[str, str]:
    """The files of an area that the app keeps."""
    if name not in kept_areas(root):
        raise InputError(Where(AREAS), repr(name), listed(kept_areas(root)) or "none is kept")
    place = home_of(root) / name
    return {path.name: path.read_text("utf-8") for path in sorted(place.iterdir())}
