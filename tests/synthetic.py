"""A small, complete and balanced project root, made from the catalogue, for tests.

`write_synthetic_root(tmp_path)` writes parameters/*.toml, an area "testshire" with the localities
North and South, sources and an empty baseline scenario. Every number is round and invented; none
is evidence. Because the names come from the catalogue's SPECS, a parameter that is added there is
here at once.

To see what one number does, name it:

>>> root = write_synthetic_root(tmp_path, **{"capacity.social_workers": 30})      # doctest: +SKIP
>>> root = write_synthetic_root(tmp_path, **{"screening.ends": {"by": ["need"], "value": ...}})
... # doctest: +SKIP
>>> add_scenario(root, "more_workers", changes=[change("capacity.social_workers", 60)])
... # doctest: +SKIP
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from model.parameters.catalogue import SPECS, Kind, Spec

PROJECT = Path(__file__).resolve().parents[1]
AREA = "testshire"
LOCALITIES = ("North", "South")
CASELOAD = "caseload.at_2025_03_31"

EVIDENCE: dict[str, Any] = {
    "grade": "assumption",
    "source": "invented",
    "uncertainty": {"distribution": "triangular", "low": 0.8, "high": 1.25, "relative": True},
}

# About in balance: the caseload below is close to what these flows hold in a steady state, and
# every kind of place has some to spare. Some 1,100 children are contacts in a year, of 10,000.
SCALARS: dict[str, Any] = {
    "calendar.opens_at_minute": 540,
    "calendar.closes_at_minute": 1020,
    "screening.officers_adopting": 0,
    "screening.limit_working_days": 1,
    "screening.universal_uptake": 0.5,
    "early_help_offer.limit_working_days": 20,
    "early_help_wait.lead": 0.5,
    "early_help_assessment.limit_working_days": 45,
    "referral.limit_working_days": 1,
    "assessment.limit_working_days": 45,
    "assessment.overload_stretch": 0.2,
    "child_in_need_plan.overload_stretch": 0.2,
    "section_47.limit_working_days": 15,
    "reassessment.chance": 0.5,
    "care_proceedings.chance": 0.5,
    "after_care.adult_age_years": 18,
    "after_care.ends_at_age_years": 21,
    "return.forgotten_after_years": 5,
    "capacity.screening_officers": 5,
    "capacity.key_workers": 10,
    "capacity.families_per_key_worker": 4,
    "capacity.partner_lead_practitioners": 60,
    "capacity.social_workers": 40,
    "capacity.cases_per_social_worker": 8,
    "capacity.in_house_foster": 40,
    "capacity.agency_foster": 20,
    "population.children_0_17": 10000,
    "population.growth_per_year": 0,
    "population.demand_trend_per_year": 0,
    "population.sibling_age_gap_years": 3,
    "population.disabled_share": 0.05,
}
LEAVES: dict[str, dict[str, float]] = {
    "population.children_per_family": {
        "contacted": 1.5,
        "early_help": 2.0,
        "referred": 1.8,
        "care_entry": 1.4,
    },
    "population.contacts_per_10000": {
        "police": 300,
        "school": 200,
        "health": 200,
        "council_services": 100,
        "family_and_public": 100,
        "other": 100,
        "early_help_door": 100,
        "moved_in": 20,
        "asylum_seeking": 10,
    },
    CASELOAD: {
        "assessment": 20,
        "child_in_need_plan": 100,
        "section_47": 8,
        "child_protection_plan": 30,
        "pre_proceedings": 8,
        "looked_after": 60,
        "looked_after_asylum_seeking": 10,
        "early_help_plan": 150,
        "after_care": 50,
        "step_down": 30,
    },
}
# Shares of the outcomes that are not nothing; the last outcome takes the rest.
SPLITS: dict[str, dict[str, float]] = {
    "contact.ends": {"early_help_door": 0.1},
    "screening.ends": {
        "referral": 0.3,
        "early_help_recommendation": 0.15,
        "universal_recommendation": 0.1,
        "already_open": 0.05,
    },
    "early_help_offer.ends": {"declined": 0.2},
    "early_help_assessment.ends": {"step_up": 0.05, "disengaged": 0.15},
    "early_help_plan.ends": {"outcomes_met": 0.7, "disengaged": 0.2, "step_up": 0.1},
    "referral.ends": {"no_further_action": 0.1, "strategy_discussion": 0.2},
    "assessment.ends": {
        "care_entry": 0.02,
        "section_47": 0.08,
        "child_in_need_plan": 0.3,
        "early_help": 0.1,
    },
    "child_in_need_plan.ends": {
        "closes": 0.6,
        "step_down": 0.2,
        "section_47": 0.1,
        "pre_proceedings": 0.05,
        "care_entry": 0.05,
    },
    "section_47.ends": {
        "care_entry": 0.05,
        "child_protection_plan": 0.4,
        "conference_without_plan": 0.05,
        "child_in_need_plan": 0.2,
    },
    "child_protection_plan.ends": {
        "steps_down": 0.75,
        "pre_proceedings": 0.1,
        "care_entry": 0.15,
    },
    "pre_proceedings.ends": {"diverted": 0.5},
    "step_down.ends": {"early_help": 0.2, "closed": 0.8},
    "looked_after.placement": {
        "kinship": 0.2,
        "in_house_foster": 0.4,
        "agency_foster": 0.2,
        "childrens_home": 0.2,
    },
    "caseload.placement": {
        "kinship": 0.2,
        "in_house_foster": 0.4,
        "agency_foster": 0.2,
        "childrens_home": 0.2,
    },
    "population.households": {"1": 0.4, "2": 0.3, "3": 0.2, "4": 0.1},
    "population.asylum_seeking_age": {"10_15": 0.2, "16_17": 0.8},
    "return.source_on_return": {"police": 0.5, "school": 0.5},
}
# Events per year at risk; any other is one in ten years.
YEARLY: dict[str, float] = {
    "moves": 0.5,
    "returns_home": 0.2,
    "comes_back": 0.2,
    "care_entry": 0.002,
}
BANDS: dict[str, dict[str, Any]] = {
    "referral.duration": {"edges_working_days": [0, 1], "shares": [1.0]},
    "effort": {"edges_minutes": [0, 20, 60], "shares": [0.5, 0.5]},
    "duration": {
        "edges_working_days": [0, 10, 40],
        "shares": [0.5, 0.4, 0.1],
        "beyond_working_days": 10,
    },
    "ended_by_band": {
        "edges_weeks": [0, 13, 26, 52],
        "shares": [0.3, 0.3, 0.2, 0.2],
        "beyond_weeks": 26,
    },
}
BY_ATTRIBUTE: dict[str, dict[str, Any]] = {
    "screening.routed_share": {
        "by": ["practice"],
        "value": {"conventional": 0, "below_threshold": 1},
    },
}
EFFECT = {"ratio": 0.9, "delay_weeks": 4, "full_until_weeks": 52, "gone_by_weeks": 104}


def even_split(names: tuple[str, ...]) -> dict[str, float]:
    """Equal shares in hundredths; the last name takes what is left."""
    return split_of(names, dict.fromkeys(names[:-1], round(1 / len(names), 2)))


def split_of(names: tuple[str, ...], shares: dict[str, float]) -> dict[str, float]:
    """These shares, nothing for the names left out, and what is left for the last name."""
    first = dict.fromkeys(names[:-1], 0.0) | {k: v for k, v in shares.items() if k != names[-1]}
    return first | {names[-1]: round(1 - sum(first.values()), 6)}


def value_of(spec: Spec) -> Any:
    """A sensible round value for a parameter, the same for all of its dimensions."""
    names = spec.outcomes_in(LOCALITIES)
    if spec.name in LEAVES:
        return LEAVES[spec.name]
    if spec.name.startswith("effect."):
        return EFFECT
    if spec.kind is Kind.SPLIT:
        shares = SPLITS.get(spec.name)
        return even_split(names) if shares is None else split_of(names, shares)
    if spec.kind is Kind.YEARLY:
        return {name: YEARLY.get(name, 0.1) for name in names}
    if spec.kind in (Kind.RATIOS, Kind.COUNTS):
        return dict.fromkeys(names, 1.0)
    if spec.kind is Kind.BANDS:
        return BANDS.get(spec.name, BANDS[spec.name.split(".")[1]])
    if spec.kind is Kind.SHAPE:
        return {"edges_weeks": [0, 26, 104]} | {name: [1.5, 1.0, 0.5] for name in names}
    return SCALARS.get(spec.name, 1.0)


def write_synthetic_root(path: Path, **overrides: Any) -> Path:
    """Write a complete minimal project root and return its folder.

    Parameters
    ----------
    path : an empty folder, such as pytest's tmp_path.
    **overrides : by parameter name (`**{"capacity.social_workers": 30}`): another value; or a
        table of entry keys to replace (`{"by": [...], "value": ..., "grade": ...}`); or None to
        leave the parameter out. A name that the catalogue does not know is written as it is,
        which the loader must refuse.
    """
    entries: dict[str, dict[str, Any]] = {
        name: {"unit": spec.units[0], **EVIDENCE, "value": value_of(spec)}
        | BY_ATTRIBUTE.get(name, {})
        for name, spec in SPECS.items()
    }
    entries[CASELOAD] = {"unit": "children", **EVIDENCE, "value": LEAVES[CASELOAD]}
    for name, override in overrides.items():
        if override is None:
            del entries[name]
        elif isinstance(override, dict) and "value" in override:
            entries[name] = {"unit": "ratio", **EVIDENCE, **entries.get(name, {}), **override}
        else:
            entries[name] = {
                "unit": "ratio",
                **EVIDENCE,
                **entries.get(name, {}),
                "value": override,
            }
    folder = path / "parameters"
    (folder / "areas").mkdir(parents=True, exist_ok=True)
    (path / "scenarios").mkdir(exist_ok=True)
    source = {"title": "Invented", "publisher": "Nobody", "year": 2025, "place": "Testshire"}
    write_toml(folder / "sources.toml", {"invented": source})
    own = {name for name in entries if _per_area(name)}
    write_toml(folder / "all.toml", _grouped(entries, set(entries) - own))
    area = {"title": "Testshire", "code": "E00000000", "kind": "invented"}
    head = {"area": {**area, "localities": list(LOCALITIES)}}
    write_toml(folder / "areas" / f"{AREA}.toml", {**head, **_grouped(entries, own)})
    write_toml(path / "scenarios" / "baseline.toml", {"title": "Today's arrangements go on"})
    return path


def change(parameter: str, value: Any, **keys: Any) -> dict[str, Any]:
    """A [[change]] table with evidence; `how` is "set" unless it is given."""
    table = {"parameter": parameter, "how": "set", "value": value, "why": "to see", **EVIDENCE}
    table |= {"from" if key == "from_" else key: found for key, found in keys.items()}
    return {key: found for key, found in table.items() if found is not None}


def add_scenario(root: Path, name: str, changes: list[dict[str, Any]], **keys: Any) -> Path:
    """Write scenarios/<name>.toml with these changes and return its path."""
    head = {"title": name, "rationale": "To see what happens.", "evidence": "assumption"}
    path = root / "scenarios" / f"{name}.toml"
    write_toml(path, {**head, "change": changes, **keys})
    return path


def write_toml(path: Path, table: dict[str, Any]) -> None:
    """Write nested tables as TOML; every table below the first level is written inline."""
    lines = []
    for key, found in table.items():
        if not isinstance(found, dict):
            lines.append(f"{toml(key)} = {toml_value(found)}")
    for key, found in table.items():
        if isinstance(found, dict):
            lines.append(f"\n[{toml(key)}]")
            lines += [f"{toml(name)} = {toml_value(inner)}" for name, inner in found.items()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def toml(key: str) -> str:
    """A key, in quotes."""
    return '"' + str(key).replace("\\", "\\\\").replace('"', '\\"') + '"'


def toml_value(found: Any) -> str:
    """A value as TOML writes it."""
    if isinstance(found, bool):
        return str(found).lower()
    if isinstance(found, str):
        return toml(found)
    if isinstance(found, dict):
        inner = ", ".join(f"{toml(key)} = {toml_value(one)}" for key, one in found.items())
        return f"{{ {inner} }}"
    if isinstance(found, (list, tuple)):
        return "[" + ", ".join(toml_value(one) for one in found) + "]"
    return str(found)


def _per_area(name: str) -> bool:
    return name == CASELOAD or (name in SPECS and SPECS[name].per_area)


def _grouped(entries: dict[str, dict[str, Any]], names: set[str]) -> dict[str, dict[str, Any]]:
    """Entries as group -> name -> table."""
    groups: dict[str, dict[str, Any]] = {}
    for name in entries:
        if name in names:
            group, last = name.split(".", 1)
            groups.setdefault(group, {})[last] = entries[name]
    return groups


def with_prices(root: Path) -> Path:
    """The invented area with England's unit costs, and the sources that they cite."""
    real, invented = PROJECT / "parameters", root / "parameters"
    for name in ("unit_costs.toml", "partner_costs.toml", "prices.toml"):
        shutil.copy(real / name, invented / name)
    sources = [folder / "sources.toml" for folder in (real, invented)]
    together = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    (invented / "sources.toml").write_text(together, encoding="utf-8")
    return root
