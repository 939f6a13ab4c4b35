"""The values of a template: each number of the base moved to where a council's figures say.

Each part takes the base's value and what the council's published figures are relative to those
that the base was fitted to. It reads no file and fits nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from model.calibrate.known_figures import (
    POPULATION,
    KnownFigures,
    asylum_start_share,
    asylum_stock_share,
    mean_growth,
)
from model.calibrate.template_basis import Basis
from model.parameters.values import Bands

# Sources of contacts, and the published sources of referrals that each stands for.
SOURCES: dict[str, tuple[str, ...]] = {
    "police": ("police",),
    "school": ("schools", "education_services"),
    "health": ("health",),
    "council_services": ("la_services", "housing"),
    "family_and_public": ("individual", "anonymous"),
    "other": ("other_legal_agency", "other", "unknown"),
}
ASSESSMENT_BANDS = tuple(
    f"assessment_band_share_{end}"
    for end in ("same_day", "1_10", "11_20", "21_30", "31_40", "41_45", "46_50", "51_60", "61_plus")
)
PLACEMENTS: dict[str, str] = {
    "kinship": "foster",
    "in_house_foster": "foster",
    "agency_foster": "foster",
    "childrens_home": "childrens_home",
    "secure": "childrens_home",
    "supported_accommodation": "supported",
    "with_parents": "with_parents",
}
AGES: dict[str, str] = {
    "under_1": "under_1",
    "1_4": "1_4",
    "5_9": "5_9",
    "10_15": "10_15",
    "16_17": "16_plus",
}
LEAST = 0.02  # share left to the outcome that gives way
WITHHELD_CHILDREN = 3.0  # counts of 1 to 5 are withheld: their middle
OLDEST = 1  # years that a stock may be older than the day it stands for

Part = Callable[[Basis], Any]


def parts() -> dict[str, Part]:
    """How each parameter of a template follows, by its name."""
    return {
        "population.children_0_17": lambda basis: float(round(basis.children())),
        "population.growth_per_year": lambda basis: round(mean_growth(basis.own), 5),
        "population.contacts_per_10000": contacts,
        "capacity.screening_officers": lambda b: float(
            max(round(b.value("capacity.screening_officers") * b.size()), 1)
        ),
        "capacity.key_workers": lambda b: scaled(b.value("capacity.key_workers"), b.size()),
        "capacity.partner_lead_practitioners": lambda b: scaled(
            b.value("capacity.partner_lead_practitioners"), b.size()
        ),
        "capacity.social_workers": social_workers,
        "capacity.in_house_foster": foster("capacity.in_house_foster"),
        "capacity.agency_foster": foster("capacity.agency_foster"),
        "referral.ends": referral_ends,
        "assessment.duration": assessment_duration,
        "assessment.ends": assessment_ends,
        "child_in_need_plan.ends": plan_ends("child_in_need_plan.ends", "closes", 2),
        "child_in_need_plan.pace": plan_pace,
        "section_47.duration": enquiry_duration,
        "section_47.ends": enquiry_ends,
        "child_protection_plan.ends": plan_ends("child_protection_plan.ends", "steps_down", 1),
        "child_protection_plan.pace": lambda b: (
            b.value("child_protection_plan.pace")
            * b.relative("child_protection_plans_started", "child_protection_plans_open")
        ),
        "looked_after.pace": lambda b: (
            b.value("looked_after.pace") * b.relative("looked_after_ceased", "looked_after")
        ),
        "looked_after.placement": placements_sought,
        "return.pace": lambda b: b.value("return.pace") * b.relative("rereferral_share"),
        "caseload.placement": lambda b: by_placement(b.value("caseload.placement"), b),
        "caseload.looked_after_age": ages,
    }


def scaled(value: Any, factor: float) -> Any:
    """A value, however nested, times a factor."""
    if isinstance(value, Mapping):
        return {name: scaled(inner, factor) for name, inner in value.items()}
    return round(float(value) * factor, 2)


# --- demand and capacity --------------------------------------------------------------------------


def contacts(basis: Basis) -> dict[str, float]:
    """Contacts by source: the base's per referral, split by the council's sources of referrals."""
    base = dict(basis.value("population.contacts_per_10000"))
    rate = basis.relative("referrals", POPULATION)
    total = sum(base[source] for source in SOURCES) * rate
    shares = source_shares(basis, base)
    found = {source: total * share for source, share in shares.items()}
    people = basis.own.mean(POPULATION)
    return {
        **found,
        "early_help_door": base["early_help_door"] * rate,
        "moved_in": base["moved_in"] * rate,
        "asylum_seeking": asylum_starts(basis) / people * 10_000,
    }


def source_shares(basis: Basis, base: Mapping[str, float]) -> dict[str, float]:
    """Shares of contacts by source; the base's where too much is withheld."""
    whole = sum(base[source] for source in SOURCES)
    usual = {source: base[source] / whole for source in SOURCES}
    found = {
        source: float(
            np.nansum([basis.own.mean(f"referral_source_share_{one}") for one in published])
        )
        for source, published in SOURCES.items()
    }
    told = sum(found.values())
    if told < 1 - 5 * LEAST or min(found.values()) <= 0:
        return usual
    return {source: share / told for source, share in found.items()}


def asylum_starts(basis: Basis) -> float:
    """Children a year who arrive alone seeking asylum; the middle of what is withheld otherwise."""
    share = asylum_start_share(basis.own, basis.national)
    starts = basis.own.mean("looked_after_started")
    found = share * starts
    return found if np.isfinite(found) else WITHHELD_CHILDREN


def social_workers(basis: Basis) -> float:
    """Case-holding social workers, as counted; the base's per child where they are not."""
    own = basis.own.mean("case_holders_fte")
    per_child = float(basis.value("capacity.social_workers")) * basis.size()
    return round(own if np.isfinite(own) else per_child, 1)


def foster(name: str) -> Part:
    """Foster places in proportion to the children looked after."""

    def places(basis: Basis) -> float:
        children = basis.children() / float(basis.value("population.children_0_17"))
        return float(
            round(float(basis.value(name)) * children * basis.relative("looked_after", POPULATION))
        )

    return places


# --- assessment and plans -------------------------------------------------------------------------


def referral_ends(basis: Basis) -> dict[str, dict[str, float]]:
    """No further action as published; strategy discussions by enquiries a referral."""
    none = basis.own.per("referrals_no_further_action", "referrals")
    enquiries = basis.relative("section_47_enquiries", "referrals")
    found = {}
    for stream, ends in basis.value("referral.ends").items():
        closed = none if np.isfinite(none) else ends["no_further_action"]
        discussed = ends["strategy_discussion"]
        if stream != "disabled":
            odds = discussed / (1 - discussed) * enquiries
            discussed = odds / (1 + odds)
        discussed *= (1 - closed) / (1 - ends["no_further_action"])
        found[stream] = {
            "no_further_action": closed,
            "strategy_discussion": discussed,
            "assessment": 1 - closed - discussed,
        }
    return found


def assessment_duration(basis: Basis) -> Bands:
    """The published bands; the base's where any is withheld."""
    base: Bands = basis.value("assessment.duration")
    shares = np.array([basis.own.mean(band) for band in ASSESSMENT_BANDS])
    if not np.isfinite(shares).all() or len(shares) != len(base.shares):
        return base
    return replace(base, shares=tuple(float(one) for one in shares / shares.sum()))


def assessment_ends(basis: Basis) -> dict[str, dict[str, float]]:
    """Plans and care by what follows a referral; not in need gives way."""
    plans, care = plans_per_referral(basis), basis.care()
    found = {}
    for stream, ends in basis.value("assessment.ends").items():
        moved = dict(ends)
        if stream != "disabled":
            moved["child_in_need_plan"] = ends["child_in_need_plan"] * plans
        moved["care_entry"] = ends["care_entry"] * care
        found[stream] = giving_way(moved, "not_in_need")
    return found


def plans_per_referral(basis: Basis) -> float:
    """Child in need plans begun per referral over the base's; by children in need where unknown."""
    if np.isfinite(basis.own.per("child_in_need_plans_started", "referrals")):
        return basis.relative("child_in_need_plans_started", "referrals")
    return basis.relative("children_in_need", "referrals")


def plan_pace(basis: Basis) -> dict[str, float]:
    """Ordinary plans by ends a plan; disabled children's so that their number would stay."""
    base = basis.value("child_in_need_plan.pace")
    ends = basis.relative("child_in_need_plans_ended", "child_in_need_plans_open")
    disabled = basis.relative("referrals", POPULATION) / basis.relative(
        "disabled_children_in_need", POPULATION
    )
    return {
        stream: pace * (disabled if stream == "disabled" else ends) for stream, pace in base.items()
    }


def plan_ends(name: str, gives_way: str, deep: int) -> Part:
    """Care entries from a plan; the commonest other ending gives way."""

    def ends_of(basis: Basis) -> Any:
        care = basis.care()

        def moved(value: Any, left: int) -> Any:
            if left:
                return {key: moved(inner, left - 1) for key, inner in value.items()}
            return giving_way({**value, "care_entry": value["care_entry"] * care}, gives_way)

        return moved(basis.value(name), deep)

    return ends_of


def giving_way(ends: dict[str, float], outcome: str) -> dict[str, float]:
    """Shares that add up to 1 because one outcome gives way; all others too where it cannot."""
    others = {name: share for name, share in ends.items() if name != outcome}
    total = sum(others.values())
    if total > 1 - LEAST:
        others = {name: share * (1 - LEAST) / total for name, share in others.items()}
    found = {**others, outcome: 1 - sum(others.values())}
    return {name: found[name] for name in ends}


def enquiry_duration(basis: Basis) -> Bands:
    """The base's bands, tilted so that the published share ends within 15 working days."""
    base: Bands = basis.value("section_47.duration")
    share = basis.own.mean("initial_conferences_within_15_share")
    within = np.array([edge < 15 for edge in base.edges[: len(base.shares)]])
    before = float(np.array(base.shares)[within].sum())
    if not np.isfinite(share) or not 0 < before < 1:
        return base
    share = float(np.clip(share, LEAST, 1 - LEAST))
    factor = np.where(within, share / before, (1 - share) / (1 - before))
    return replace(base, shares=tuple(float(one) for one in np.array(base.shares) * factor))


def enquiry_ends(basis: Basis) -> dict[str, float]:
    """Conferences and plans an enquiry; not substantiated gives way."""
    ends = dict(basis.value("section_47.ends"))
    conferences = ends["child_protection_plan"] + ends["conference_without_plan"]
    conferences *= basis.relative("initial_conferences", "section_47_enquiries")
    plans = ends["child_protection_plan"] * basis.relative(
        "child_protection_plans_started", "section_47_enquiries"
    )
    ends["child_protection_plan"] = plans
    ends["conference_without_plan"] = max(conferences - plans, LEAST / 2)
    ends["care_entry"] *= basis.care()
    return giving_way(ends, "not_substantiated")


# --- care -----------------------------------------------------------------------------------------


def by_placement(shares: Mapping[str, float], basis: Basis) -> dict[str, float]:
    """Shares by placement moved by the published ones; unchanged where they are withheld."""
    moved = {
        kind: share * basis.relative(f"placement_share_{PLACEMENTS[kind]}")
        for kind, share in shares.items()
    }
    total = sum(moved.values())
    return {kind: share / total for kind, share in moved.items()}


def placements_sought(basis: Basis) -> Any:
    """The kind first sought, by age; asylum-seeking children's as in the base."""
    return {
        age: {
            stream: dict(shares) if stream == "asylum_seeking" else by_placement(shares, basis)
            for stream, shares in streams.items()
        }
        for age, streams in basis.value("looked_after.placement").items()
    }


def ages(basis: Basis) -> dict[str, float]:
    """Ages of children looked after: the council's, else the nation's, else the base's."""
    for figures in (basis.own, basis.national):
        if figures is None:
            continue
        shares = {
            age: nearest_figure(figures, f"looked_after_age_share_{end}", basis.start_year)
            for age, end in AGES.items()
        }
        total = sum(shares.values())
        if np.isfinite(total):
            return {age: share / total for age, share in shares.items()}
    return dict(basis.value("caseload.looked_after_age"))


def nearest_figure(figures: KnownFigures, measure: str, year: int) -> float:
    """A figure of the year nearest to one, of those known; missing where there is none."""
    found = figures.by_year(measure)
    if found.empty:
        return float("nan")
    return float(found.iloc[int(np.abs(found.index.to_numpy() - year).argmin())])


def caseload(basis: Basis) -> dict[str, float]:
    """Open cases on the 31 March before the run; what is not published is left out."""
    own, year = basis.own, basis.start_year
    asylum = asylum_stock_share(own, basis.national, year) * own.at("looked_after", year)
    stocks = {
        "child_in_need_plan": own.latest("child_in_need_plans_open", year, year - OLDEST),
        "disabled_child_in_need_plan": own.latest("disabled_children_in_need", year, year - OLDEST),
        "child_protection_plan": own.at("child_protection_plans_open", year),
        "looked_after": own.at("looked_after", year),
        "looked_after_asylum_seeking": asylum if np.isfinite(asylum) else WITHHELD_CHILDREN,
    }
    return {name: float(round(count)) for name, count in stocks.items() if np.isfinite(count)}
