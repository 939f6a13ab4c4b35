"""The parameters of an area: every number that the model uses, checked, with what stands behind it.

`load("sefton")` reads parameters/*.toml and then the area's own file, which overrides or adds. It
knows nothing of scenarios and runs nothing.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from model import root as project
from model.errors import InputError, Where, listed, unknown
from model.parameters.area_files import (
    AREAS,
    Area,
    area_file,
    area_named,
    areas,
    file_of,
    folder_of,
    lineage,
)
from model.parameters.catalogue import (
    CASELOAD_NAME,
    DERIVED,
    OTHER_FILES,
    SPECS,
    Kind,
    Spec,
    spec_named,
)
from model.parameters.evidence import (
    EVIDENCE_KEYS,
    Evidence,
    Source,
    Uncertainty,
    check_choice,
    check_evidence,
    check_in_range,
    check_keys,
    check_texts,
    read_toml,
    sources,
    sources_in,
)
from model.parameters.knobs import Joint, read_joint
from model.parameters.values import check_value, leaves, numbers

SOURCES_FILE = "sources.toml"
OPTIONAL_KEYS = ("by", "price_year", "fitted_to", "note", "group")
ONE_NUMBER = (Kind.NUMBER, Kind.SHARE, Kind.RATIO)


@dataclass(frozen=True)
class Parameter:
    """One named value and what stands behind it.

    Attributes
    ----------
    name : ``group.name``.
    value : nested by the attributes of `by`, then the leaf of its kind (`model.parameters.values`).
    by : the attributes that the value is nested by; a part of those the catalogue declares.
    evidence : unit, grade, sources, uncertainty, price year, fit and note.
    file : where it stands, from the project's root.
    area : the area whose file that is; empty for all areas.
    """

    name: str
    value: Any
    by: tuple[str, ...]
    evidence: Evidence
    file: str
    area: str = ""

    @property
    def unit(self) -> str:
        """The unit that the value is stated in."""
        return self.evidence.unit

    @property
    def uncertainty(self) -> Uncertainty:
        """How far the value may be from the truth."""
        return self.evidence.uncertainty

    @property
    def sources(self) -> tuple[str, ...]:
        """Ids of its sources in parameters/sources.toml."""
        return self.evidence.sources

    @property
    def grade(self) -> str:
        """How good the evidence is."""
        return self.evidence.grade

    @property
    def price_year(self) -> str:
        """Financial year of a sum of money; empty for anything else."""
        return self.evidence.price_year

    @property
    def fitted_to(self) -> tuple[str, ...]:
        """Published measures that set this number."""
        return self.evidence.fitted_to

    @property
    def note(self) -> str:
        """Free text."""
        return self.evidence.note


@dataclass(frozen=True)
class Parameters(Mapping[str, Parameter]):
    """Every parameter of one area, by name.

    Attributes
    ----------
    area : whose they are.
    entries : by name, in the catalogue's order.
    sources : every source, by id.
    root : the project's folder that they were read from.
    posterior : what calibration found that some of them may be together; None where none did.
    folder : the area folder that they were read from; None for an area of the project's own.
    """

    area: Area
    entries: dict[str, Parameter]
    sources: dict[str, Source]
    root: Path
    posterior: Joint | None = None
    folder: Path | None = None

    def __getitem__(self, name: str) -> Parameter:
        """The parameter of this name; an unknown one is an error with the nearest name."""
        if name not in self.entries:
            raise unknown(Where(f"the parameters of {self.area.title}"), name, self.entries)
        return self.entries[name]

    def __iter__(self) -> Iterator[str]:
        """Names, in the catalogue's order."""
        return iter(self.entries)

    def __len__(self) -> int:
        """How many there are."""
        return len(self.entries)

    def with_values(self, values: Mapping[str, Any]) -> Parameters:
        """The same parameters with other values, such as one draw from their distributions.

        Parameters
        ----------
        values : by name, shaped as the TOML files write them for the parameter's own `by`
            (a leaf `Bands` or `Shape` may be given as it is).

        Raises
        ------
        InputError
            For an unknown name or a value that its kind does not allow.
        """
        changed = dict(self.entries)
        for name, value in values.items():
            entry, spec = self[name], spec_named(name)
            assert spec is not None
            where = Where("other values", name)
            checked = check_value(value, spec, entry.by, self.area.localities, where)
            changed[name] = replace(entry, value=checked)
        return replace(self, entries=changed)


def load(area: str, root: str | Path | None = None) -> Parameters:
    """Every parameter of an area, checked.

    Parameters
    ----------
    area : name of an area, or the path of an area folder (`area_files`).
    root : the project's folder; None for the usual one (`model.root.find`).

    Raises
    ------
    InputError
        For anything missing, unknown, impossible or contradictory in the files, naming the file,
        the key, what was found, what is allowed, and the nearest right name.
    """
    folder = project.find(root)
    council, _, path = area_file(area, folder)
    if not council.localities:
        found = "an area without localities, which only other areas build on"
        where = Where(project.shown(path, folder), "area.localities")
        raise InputError(where, found, f"one of {listed(areas(folder))}")
    known_sources = _sources(area, folder)
    raw = _raw_entries(area, folder)
    measures = _measures(folder)
    entries = {
        name: _parameter(entry, council.localities, known_sources, measures)
        for name, entry in raw.items()
    }
    _check_complete(entries, council)
    ordered = (*SPECS, *sorted(name for name in entries if name not in SPECS))
    in_order = {name: entries[name] for name in ordered if name in entries}
    own = None if path.parent == folder_of(folder) else path.parent
    joint = read_joint(own) if own else None
    return Parameters(council, in_order, known_sources, folder, joint, own)


def _sources(area: str, root: Path) -> dict[str, Source]:
    """Every source that an area's numbers may cite: the project's, and those of its own folder."""
    found = sources(root)
    for name in lineage(area, root):
        own = file_of(name, root).parent / SOURCES_FILE
        if own.parent != folder_of(root) and own.is_file():
            found |= sources_in(own, root)
    return found


@dataclass(frozen=True)
class _Entry:
    """A parameter's table as it stands in a file."""

    spec: Spec
    table: dict[str, Any]
    where: Where
    area: str


def _raw_entries(area: str, root: Path) -> dict[str, _Entry]:
    """The entries in force in an area: for all areas, of those it extends, then its own."""
    entries = _shared_entries(root)
    for name in lineage(area, root):
        council, groups, path = area_file(name, root)
        for entry in _entries_in(groups, project.shown(path, root), council.name):
            entries[entry.spec.name] = entry
    return entries


def _shared_entries(root: Path) -> dict[str, _Entry]:
    """The entries for all areas."""
    entries: dict[str, _Entry] = {}
    for path in sorted((root / project.PARAMETERS).glob("*.toml")):
        if path.name in OTHER_FILES:
            continue
        file = project.shown(path, root)
        for entry in _entries_in(read_toml(path, root), file, ""):
            if entry.spec.name in entries:
                other = entries[entry.spec.name].where.file
                found = f"an entry that also stands in {other}"
                raise InputError(entry.where, found, "each parameter once", "Take one out.")
            if entry.spec.per_area:
                raise InputError(
                    entry.where,
                    "a parameter that every area states for itself",
                    f"an entry in {project.PARAMETERS}/{AREAS}/",
                    "Move it to the files of the areas, or to one that they extend.",
                )
            entries[entry.spec.name] = entry
    return entries


def shared(area: Area, root: Path) -> dict[str, Parameter]:
    """The parameters for all areas, as one with this area's localities reads them."""
    known_sources, measures = sources(root), _measures(root)
    return {
        name: _parameter(entry, area.localities, known_sources, measures)
        for name, entry in _shared_entries(root).items()
    }


def _entries_in(groups: Mapping[str, Any], file: str, area: str) -> Iterator[_Entry]:
    """Every entry of a file, its name checked against the catalogue."""
    every_name = (*SPECS, "caseload.at_YYYY_MM_DD")
    for group, tables in groups.items():
        known_groups = dict.fromkeys(name.split(".")[0] for name in every_name)
        if group not in known_groups or not isinstance(tables, dict):
            raise unknown(Where(file, group), group, known_groups, "group of parameters")
        for last, table in tables.items():
            where = Where(file, f"{group}.{last}")
            spec = spec_named(where.key)
            if where.key in DERIVED:
                top, bottom = DERIVED[where.key]
                raise InputError(where, "a derived number", f"{top} and {bottom} instead")
            _check_caseload_date(where)
            if spec is None:
                close = [name for name in every_name if name.startswith(f"{group}.")]
                raise unknown(where, where.key, close, "parameter")
            keys = ("unit", *EVIDENCE_KEYS, "value")
            yield _Entry(spec, check_keys(table, where, keys, OPTIONAL_KEYS), where, area)


def _check_caseload_date(where: Where) -> None:
    """The date in the name of a caseload must be a day of the calendar."""
    match = CASELOAD_NAME.fullmatch(where.key)
    if match is None:
        return
    try:
        date(*map(int, match.groups()))
    except ValueError:
        raise InputError(where, "a day that does not exist", "caseload.at_YYYY_MM_DD") from None


def _parameter(
    entry: _Entry,
    localities: tuple[str, ...],
    known_sources: Mapping[str, Source],
    measures: frozenset[str] | None,
) -> Parameter:
    """An entry with its value and its evidence checked."""
    spec, table, where = entry.spec, entry.table, entry.where
    by = _check_by(table.get("by", []), spec, where.at("by"))
    value = check_value(table["value"], spec, by, localities, where.at("value"))
    evidence = check_evidence(table, where, known_sources, spec.units, measures)
    _check_range(value, by, spec, evidence.uncertainty, where.at("uncertainty"))
    return Parameter(spec.name, value, by, evidence, where.file, entry.area)


def _check_by(found: object, spec: Spec, where: Where) -> tuple[str, ...]:
    """The attributes that a value is nested by: some of those declared, in their order."""
    dims = check_texts(found, where) if found else ()
    for dim in dims:
        check_choice(dim, where, spec.dims, "attribute")
    in_order = tuple(dim for dim in spec.dims if dim in dims)
    if dims != in_order:
        raise InputError(where, str(list(dims)), f"this order: {list(in_order)}")
    return dims


def _check_range(
    value: Any, by: tuple[str, ...], spec: Spec, uncertainty: Uncertainty, where: Where
) -> None:
    """Low and high must agree with the value, and be factors where it holds many numbers."""
    if uncertainty.distribution == "fixed" or uncertainty.relative:
        return
    if spec.kind not in ONE_NUMBER and not spec.range_of:
        remedy = "Write low and high as factors, with relative = true."
        found = f"low and high in the value's unit, for a value of many numbers ({spec.kind})"
        raise InputError(where, found, "factors on the whole value", remedy)
    every = (number for _, leaf in leaves(value, len(by)) for number in numbers(leaf))
    spoken_of = [number for name, number in every if name == spec.range_of]
    check_in_range(uncertainty, spoken_of, where)


def _check_complete(entries: Mapping[str, Parameter], area: Area) -> None:
    """Every name of the catalogue must have its number."""
    missing = [spec for spec in SPECS.values() if spec.name not in entries and not spec.optional]
    if missing:
        own = f"{AREAS}/{area.name}.toml" if missing[0].per_area else "*.toml"
        others = listed(spec.name for spec in missing[1:])
        raise InputError(
            Where(f"{project.PARAMETERS}/{own}", missing[0].name),
            "no such parameter" + (f"; nor {others}" if others else ""),
            f"a table [{missing[0].name}] with a value of the kind {missing[0].kind}",
            "Add it.",
        )


def _measures(root: Path) -> frozenset[str] | None:
    """The names of the published measures; None where there is no published.csv."""
    path = root / project.PARAMETERS / "published.csv"
    if not path.is_file():
        return None
    return _measures_in(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _measures_in(path: Path, _: int) -> frozenset[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return frozenset(row["measure"] for row in csv.DictReader(file))


__all__ = [
    "Area",
    "Parameter",
    "Parameters",
    "area_named",
    "areas",
    "check_evidence",
    "load",
    "read_toml",
    "shared",
    "sources",
]
