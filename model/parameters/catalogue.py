"""Every parameter that the model uses: its kind, what it can depend on, its units, its outcomes.

Most of the list follows from `model.pathway`: a stage that is declared there needs its numbers
here. To add any other parameter, add one line to `_levers`, `_capacity` or `_council`. The list
holds no number: the numbers are in `parameters/*.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from model import pathway
from model.pathway import ATTRIBUTES, BESIDE, EFFECTS, PATHWAY, Draw, Rates, Stage, Time, Wait


class Kind(StrEnum):
    """What kind of value a parameter has."""

    NUMBER = "number"
    SHARE = "share"  # 0 to 1
    RATIO = "ratio"  # above 0
    SPLIT = "split"  # outcome -> share, adding up to 1
    BANDS = "bands"  # shares of a whole by time band
    YEARLY = "yearly"  # outcome -> events per year at risk
    SHAPE = "shape"  # outcome -> factors by time band
    RATIOS = "ratios"  # outcome -> ratio above 0
    COUNTS = "counts"  # name -> number
    TEXT = "text"
    DATE = "date"


WITH_OUTCOMES = (Kind.SPLIT, Kind.YEARLY, Kind.SHAPE, Kind.RATIOS, Kind.COUNTS)

# Files in parameters/ that other modules read.
OTHER_FILES: tuple[str, ...] = (
    "sources.toml",
    "unit_costs.toml",
    "partner_costs.toml",
    "money.toml",
    "prices.toml",
    "knobs.toml",
    "calibration.toml",
)

MONTHS: tuple[str, ...] = (
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "january",
    "february",
    "march",
)
HOUSEHOLDS: tuple[str, ...] = ("1", "2", "3", "4", "5", "6")
EFFECT_PARTS: tuple[str, ...] = ("ratio", "delay_weeks", "full_until_weeks", "gone_by_weeks")

# What an area may say about its open cases on a date, as `caseload.at_YYYY_MM_DD`. A stock that
# it does not state comes from the steady state.
STOCKS: tuple[str, ...] = (
    "assessment",
    "child_in_need_plan",
    "disabled_child_in_need_plan",
    "section_47",
    "child_protection_plan",
    "pre_proceedings",
    "looked_after",
    "looked_after_asylum_seeking",
    "early_help_plan",
    "early_help_wait",
    "after_care",
    "step_down",
)
CASELOAD_NAME = re.compile(r"caseload\.at_(\d{4})_(\d{2})_(\d{2})")

# Worked out from other parameters, never written in a file: one number over another.
DERIVED: dict[str, tuple[str, str]] = {
    "screening.adopters_share": ("screening.officers_adopting", "capacity.screening_officers"),
}


# Groups of parameters that are read once, as a run starts.
WHOLE_RUN_GROUPS: tuple[str, ...] = (
    "calendar",
    "population",
    "caseload",
    "effect",
    "price_ratio",
)

# What the age at which a stage ends in any case depends on, where it depends on anything.
ENDS_AT_BY: dict[str, tuple[str, ...]] = {"after_care.ends_at_age_years": ("after",)}


@dataclass(frozen=True)
class Spec:
    """What a parameter of this name must look like.

    Attributes
    ----------
    name : ``group.name``; in a file the table [group.name].
    kind : what kind of value it has.
    units : the units that it may be stated in.
    dims : the attributes that it may depend on, in order; a file may leave some out.
    outcomes : names within the value, in order (splits, rates, ratios and counts).
    over_localities : its outcomes are the area's localities.
    some_outcomes : a file may leave some of the outcomes out.
    per_area : every area states its own.
    optional : may be missing altogether.
    least : smallest number allowed; None for no limit.
    at_least_in_order : outcomes whose numbers must not fall in this order.
    range_of : the one outcome that low and high speak of.
    """

    name: str
    kind: Kind
    units: tuple[str, ...]
    dims: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    over_localities: bool = False
    some_outcomes: bool = False
    per_area: bool = False
    optional: bool = False
    least: float | None = 0.0
    at_least_in_order: tuple[str, ...] = ()
    range_of: str = ""

    @property
    def whole_run(self) -> bool:
        """Whether one value holds for the whole run: a scenario may change it, but not midway."""
        ages = {stage.ends_at for stage in PATHWAY}
        return self.name.split(".")[0] in WHOLE_RUN_GROUPS or self.name in ages

    def outcomes_in(self, localities: tuple[str, ...]) -> tuple[str, ...]:
        """The names within the value, in order, for an area with these localities."""
        return localities if self.over_localities else self.outcomes


def values_of(dim: str, localities: tuple[str, ...]) -> tuple[str, ...]:
    """The values of an attribute in order; those of `locality` are the area's own."""
    return localities if dim == "locality" else ATTRIBUTES[dim]


def certain_outcome(stage: Stage) -> str:
    """The outcome that comes with age or time in any case, and so has no rate; else empty."""
    return stage.ends[-1].outcome if stage.ends_at else ""


def outcomes_with_rates(stage: Stage) -> tuple[str, ...]:
    """The outcomes of a stage of competing risks that have a rate of their own.

    Left out are the one that comes in any case (`turns_18`) and, where the stage is a wait,
    the end of waiting (`allocated`), which capacity decides.
    """
    left_out = {certain_outcome(stage)}
    if stage.wait is Wait.WAITING_STAGE:
        left_out.add(stage.ends[0].outcome)
    return tuple(end.outcome for end in stage.ends if end.outcome not in left_out)


def outcomes_with_odds(stage: Stage) -> tuple[str, ...]:
    """The outcomes of a decided stage whose odds a scenario can change: all but the rest."""
    return tuple(end.outcome for end in stage.ends if not end.otherwise)


def is_decided(stage: Stage) -> bool:
    """Whether a stage ends by a decision, and not by competing risks."""
    return stage.time is not Time.HAZARDS


def _share_of(stage: Stage) -> str:
    return "share of children" if stage.unit is pathway.Unit.CHILD else "share of families"


def _ends(stage: Stage) -> Spec:
    outcomes = tuple(end.outcome for end in stage.ends)
    return Spec(f"{stage.name}.ends", Kind.SPLIT, (_share_of(stage),), stage.by, outcomes)


def _of_time(stage: Stage) -> Iterator[Spec]:
    """The parameters that say how long a stage lasts and how it ends."""
    units: tuple[str, ...]
    name, share, rated = stage.name, _share_of(stage), outcomes_with_rates(stage)
    if is_decided(stage):
        yield _ends(stage)
    if stage.time is Time.DURATION:
        units = (share, "share of stays", "working days")
        yield Spec(f"{name}.duration", Kind.BANDS, units, stage.duration_by)
    if stage.time is Time.EFFORT:
        units = (share, "share of stays", "minutes")
        yield Spec(f"{name}.effort", Kind.BANDS, units, stage.duration_by)
    if stage.rates is Rates.BANDS:
        dims = tuple(dim for dim in stage.pace_by if dim != "locality")
        yield Spec(f"{name}.ended_by_band", Kind.BANDS, (share, "share of stays"), dims)
        yield _ends(stage)
    if stage.rates is Rates.YEARLY:
        units = ("events per year at risk", "events per year")
        yield Spec(f"{name}.yearly_rates", Kind.YEARLY, units, stage.by, rated)
        yield Spec(f"{name}.time_shape", Kind.SHAPE, ("ratio",), (), rated)
    if stage.time is Time.HAZARDS:
        yield Spec(f"{name}.pace", Kind.RATIO, ("ratio",), stage.pace_by)


def _of_rules(stage: Stage) -> Iterator[Spec]:
    """Limits, ages, overload, draws of luck, and what runs beside a stage."""
    if stage.limit_working_days:
        yield Spec(stage.limit_working_days, Kind.NUMBER, ("working days",))
    if stage.ends_at:
        dims = ENDS_AT_BY.get(stage.ends_at, ())
        yield Spec(stage.ends_at, Kind.NUMBER, ("years",), dims)
    if stage.wait is Wait.CLOCK_RUNS:
        stretch = ("share longer for each 100% of caseload over plan", "share", "ratio")
        yield Spec(f"{stage.name}.overload_stretch", Kind.NUMBER, stretch)
    for draw in (*stage.draws, *(draw for end in stage.ends for draw in end.draws)):
        if draw.parameter not in DERIVED:
            yield _drawn(draw, _share_of(stage))
    for beside in stage.beside:
        yield Spec(beside.chance, Kind.SHARE, ("share of children", "share of families"), beside.by)


def _drawn(draw: Draw, unit: str) -> Spec:
    """An attribute with two values is a share, that of the second; any other is a split."""
    values = ATTRIBUTES[draw.attribute]
    if len(values) == 2:
        return Spec(draw.parameter, Kind.SHARE, (unit,), draw.by)
    return Spec(draw.parameter, Kind.SPLIT, (unit,), draw.by, values)


def _levers() -> Iterator[Spec]:
    """What scenarios change and the baseline leaves at 1, and the effects of help."""
    units: tuple[str, ...]
    for stage in PATHWAY:
        if is_decided(stage):
            # The odds may differ by locality only where the split itself does.
            dims = ("locality",) if "locality" in stage.by else ()
            odds = outcomes_with_odds(stage)
            units = ("odds ratio", "ratio")
            yield Spec(f"odds_ratio.{stage.name}", Kind.RATIOS, units, dims, odds)
        else:
            rated = outcomes_with_rates(stage)
            units = ("hazard ratio", "ratio")
            yield Spec(f"hazard_ratio.{stage.name}", Kind.RATIOS, units, ("locality",), rated)
        if stage.time in (Time.DURATION, Time.EFFORT):
            name = f"duration_ratio.{stage.name}"
            yield Spec(name, Kind.RATIO, ("ratio",), ("locality",))
    yield Spec("demand.ratio", Kind.RATIO, ("ratio",), ("source", "locality"))
    yield Spec("price_ratio.placements", Kind.RATIO, ("ratio",), ("placement",))
    yield Spec("pre_proceedings.conference_offered", Kind.SHARE, ("share of families",))
    yield Spec("pre_proceedings.conference_odds_ratio", Kind.RATIO, ("odds ratio", "ratio"))
    for name in EFFECTS:
        yield Spec(
            f"effect.{name}",
            Kind.COUNTS,
            ("hazard ratio", "ratio"),
            outcomes=EFFECT_PARTS,
            at_least_in_order=EFFECT_PARTS[1:],
            range_of="ratio",
        )


def _capacity() -> Iterator[Spec]:
    """Office hours, staff and places."""
    number, fte = Kind.NUMBER, ("full-time equivalents",)
    officers, places, clock = ("officers",), ("places",), ("minutes after midnight",)
    yield Spec("calendar.opens_at_minute", number, clock)
    yield Spec("calendar.closes_at_minute", number, clock)
    yield Spec("screening.officers_adopting", number, officers, per_area=True)
    yield Spec("capacity.screening_officers", number, officers, per_area=True)
    yield Spec("capacity.key_workers", number, fte, ("locality",), per_area=True)
    yield Spec("capacity.families_per_key_worker", number, ("families",))
    yield Spec("capacity.partner_lead_practitioners", number, places, per_area=True)
    yield Spec("capacity.social_workers", number, fte, per_area=True)
    yield Spec("capacity.cases_per_social_worker", number, ("children",))
    yield Spec("capacity.in_house_foster", number, places, per_area=True)
    yield Spec("capacity.agency_foster", number, places, per_area=True)


def _council() -> Iterator[Spec]:
    """Population, demand and today's caseload."""
    split, number, counts = Kind.SPLIT, Kind.NUMBER, Kind.COUNTS
    child, family, children = ("share of children",), ("share of families",), ("children",)
    yearly, per_year = ("children per 10,000 aged 0-17 per year",), ("share per year",)
    sources, needs, issues = ATTRIBUTES["source"], ATTRIBUTES["need"], ATTRIBUTES["issue"]
    ages, placements = ATTRIBUTES["age"], ATTRIBUTES["placement"]
    scopes = tuple(str(scope) for scope in pathway.Scope)
    yield Spec("population.children_0_17", number, children, per_area=True)
    yield Spec("population.growth_per_year", number, per_year, least=-1.0)
    yield Spec("population.demand_trend_per_year", number, per_year, least=-1.0)
    yield Spec("population.locality_share", split, child, over_localities=True, per_area=True)
    yield Spec("population.households", split, family, (), HOUSEHOLDS)
    yield Spec("population.children_per_family", counts, children, (), scopes)
    yield Spec("population.age_of_index_child", split, child, ("stream",), ages)
    yield Spec("population.sibling_age_gap_years", number, ("years",))
    yield Spec("population.asylum_seeking_age", split, child, (), ages)
    yield Spec("population.contacts_per_10000", counts, yearly, (), sources, per_area=True)
    yield Spec("population.month_share", split, ("share of contacts",), (), MONTHS)
    yield Spec("population.need_at_contact", split, family, ("source",), needs)
    yield Spec("population.issue", split, family, ("source",), issues)
    yield Spec("population.disabled_share", Kind.SHARE, family, ("source",))
    yield Spec("caseload.looked_after_age", split, child, (), ages)
    yield Spec("caseload.placement", split, child, (), placements, per_area=True)


def _complete() -> dict[str, Spec]:
    specs: dict[str, Spec] = {}
    beside = tuple(
        Spec(f"{name}.duration", Kind.BANDS, ("share of stays", "weeks", "working days"))
        for name in BESIDE
    )
    stages = (spec for stage in PATHWAY for part in (_of_time, _of_rules) for spec in part(stage))
    for spec in (*stages, *beside, *_levers(), *_capacity(), *_council()):
        if specs.setdefault(spec.name, spec) != spec:
            raise ValueError(f"the parameter {spec.name} is declared twice, differently")
    return specs


SPECS: dict[str, Spec] = _complete()


def spec_named(name: str) -> Spec | None:
    """What a parameter of this name must look like; None for a name that the model has no use for.

    `caseload.at_YYYY_MM_DD` may stand for any date.
    """
    if CASELOAD_NAME.fullmatch(name):
        return Spec(
            name,
            Kind.COUNTS,
            ("children and families", "children"),
            outcomes=STOCKS,
            some_outcomes=True,
            per_area=True,
            optional=True,
        )
    return SPECS.get(name)
