"""The pathway: every stage in the order in which a family meets it.

Read downwards: contact, screening, early help, step-up to social care, care entry, and back.
Each stage says who it is about, which place it needs, how its time passes, and which competing
things can end it, where each leads, and which named parameter governs it.

This module knows no number, no engine, no money and no council. `model.network` joins it to
numbers; the diagram in the README and in the app is drawn from it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Unit(StrEnum):
    """Who a stage is about: a family (with the children concerned), or one child in care."""

    FAMILY = "family"
    CHILD = "child"


class Time(StrEnum):
    """How time passes in a stage."""

    AT_ONCE = "at once"  # decided in the minute of arrival
    EFFORT = "effort"  # a waited-for officer works on it, in office hours
    DURATION = "duration"  # a plain duration in working days, then a decision
    HAZARDS = "hazards"  # competing risks, each with its own rate, the earliest wins


class Wait(StrEnum):
    """What happens when no place is free."""

    BLOCKS = "blocks"  # the family waits its turn before anything starts
    WAITING_STAGE = "waiting stage"  # the stage is the wait; other things can end it meanwhile
    CLOCK_RUNS = "clock runs"  # unallocated: the statutory clock runs while it waits for a worker
    AT_ONCE = "at once"  # allocated at once, over the limit if need be


class Rates(StrEnum):
    """How the evidence for a stage of competing risks is written down."""

    BANDS = "bands"  # share of stays that ended in each time band, and the split by outcome
    YEARLY = "yearly"  # events per year at risk, by outcome, and their shape over time in stage


class Scope(StrEnum):
    """Which of the family's children a stage counts (four different averages)."""

    CONTACTED = "contacted"
    EARLY_HELP = "early_help"
    REFERRED = "referred"
    CARE_ENTRY = "care_entry"


GONE = "gone"  # leaves the model for good
SAME_STAGE = "same stage"  # starts the same stage again; its clock goes on
REJOINS_FAMILY = "rejoins family"  # a child goes back to the open family case, or opens a step-down

# Every attribute that a parameter can depend on, with its values in order. Localities are the
# area's own. `age` is worked out from the child's birth at the moment it is asked for.
ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "locality": (),
    "source": (
        "police",
        "school",
        "health",
        "council_services",
        "family_and_public",
        "other",
        "early_help_door",
        "moved_in",
        "asylum_seeking",
    ),
    "need": ("level_1", "level_2", "level_3", "level_4"),
    "stream": ("ordinary", "disabled", "asylum_seeking"),
    "issue": (
        "domestic_abuse",
        "parental_mental_health",
        "parental_substance_misuse",
        "neglect",
        "child_mental_health",
        "behaviour_and_school",
        "disability",
        "missing_from_home",
        "poverty_and_housing",
    ),
    "practice": ("conventional", "below_threshold"),
    "uptake": ("not_taken_up", "taken_up"),
    "lead": ("council", "partner"),
    "help": ("not_additional", "universal", "additional"),
    "left_from": (
        "advice",
        "universal",
        "help_declined",
        "help_met",
        "help_disengaged",
        "no_further_action",
        "not_in_need",
        "plan_closed",
        "care_ended",
    ),
    "placement": (
        "kinship",
        "in_house_foster",
        "agency_foster",
        "childrens_home",
        "supported_accommodation",
        "with_parents",
        "secure",
    ),
    "after": ("care_leaver", "special_guardianship", "adoption"),
    "reunified": ("no", "yes"),
    "age": ("under_1", "1_4", "5_9", "10_15", "16_17"),
}

# Effects of help that a family would not have had under today's arrangements, each with the
# attributes that a family must have for it to act. Each is a named ratio with a delay and a
# fade-out (parameters/effects.toml).
EFFECTS: dict[str, dict[str, str]] = {
    "early_help_on_step_up": {"help": "additional"},
    "early_help_on_return": {"help": "additional"},
    "early_help_on_care_entry": {"help": "additional"},
    "early_help_detection": {"help": "additional"},
    "universal_on_return": {"help": "universal", "uptake": "taken_up"},
}


@dataclass(frozen=True)
class Draw:
    """An attribute settled by luck, on entering a stage or on leaving it, by a named parameter."""

    attribute: str
    parameter: str
    by: tuple[str, ...] = ()


@dataclass(frozen=True)
class End:
    """One way in which a stay in a stage can end.

    outcome: its name, in the field's words; to: where it leads. `sets` writes attributes of the
    case. `sets_if_new` writes them only where today's arrangements would have decided otherwise
    for the same family; `help_begins` counts its effects from this minute, not from the first
    stage that marks help. `splits` takes some of the children into care; `rest` is where the
    others go. `effects` are the named effects that act on it. `otherwise` marks the outcome
    that takes what the others leave.
    """

    outcome: str
    to: str
    sets: dict[str, str] = field(default_factory=dict)
    sets_if_new: dict[str, str] = field(default_factory=dict)
    help_begins: bool = False
    splits: bool = False
    rest: str = ""
    effects: tuple[str, ...] = ()
    otherwise: bool = False
    draws: tuple[Draw, ...] = ()


@dataclass(frozen=True)
class Beside:
    """A status or piece of work that runs beside the stage and changes nothing in it."""

    stage: str
    chance: str
    by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stage:
    """One stage of the pathway; `{name}.ends` and its fellows are the parameters that govern it."""

    name: str
    unit: Unit
    scope: Scope
    words: str
    time: Time
    ends: tuple[End, ...]
    rates: Rates | None = None
    by: tuple[str, ...] = ()  # what the shares or rates of its ends depend on
    pace_by: tuple[str, ...] = ()  # what the pace of a hazard stage depends on
    duration_by: tuple[str, ...] = ()
    place: tuple[str, ...] = ()  # pools by `place_by`; see POOLS
    place_by: str = ""
    wait: Wait | None = None
    draws: tuple[Draw, ...] = ()
    beside: tuple[Beside, ...] = ()
    placement: bool = False  # needs a placement, tried in the order of SPILL
    limit_working_days: str = ""  # parameter of the statutory limit, where there is one
    ends_at: str = ""  # parameter of the age, or time in the stage, at which it ends in any case
    marks_help: bool = False  # the effects of help are counted from here
    counts_in_caseload: bool = True


# Pools of places. `by locality` pools are one for each of the area's localities.
POOLS: dict[str, str] = {
    "screening_officers": "area",
    "key_workers": "locality",
    "partner_lead_practitioners": "area",
    "social_workers": "area",
    "in_house_foster": "area",
    "agency_foster": "area",
    "childrens_home": "area",
}

# Where a child goes when the chosen kind of placement is full; a kind that is no pool is unlimited.
SPILL: dict[str, tuple[str, ...]] = {
    "in_house_foster": ("in_house_foster", "agency_foster", "childrens_home"),
    "agency_foster": ("agency_foster", "childrens_home"),
}

RETURN = "return"
STEP_DOWN = "step_down"

# What a family is marked with when a child comes home from care.
SETS_ON_REJOINING: dict[str, str] = {"reunified": "yes", "left_from": "care_ended"}

PATHWAY: tuple[Stage, ...] = (
    Stage(
        "contact",
        Unit.FAMILY,
        Scope.CONTACTED,
        "Someone tells the council about a family, or the family asks",
        Time.AT_ONCE,
        by=("source",),
        ends=(
            End("early_help_door", "early_help_offer"),
            End("moved_in_with_plan", "child_in_need_plan"),
            End("moved_in_with_protection_plan", "child_protection_plan"),
            End("to_screening", "screening", otherwise=True),
        ),
    ),
    Stage(
        "screening",
        Unit.FAMILY,
        Scope.CONTACTED,
        "An officer at the front door decides what the contact needs",
        Time.EFFORT,
        duration_by=("practice",),
        by=("practice", "need", "locality"),
        place=("screening_officers",),
        wait=Wait.BLOCKS,
        draws=(
            Draw("practice", "screening.adopters_share"),
            Draw("practice", "screening.routed_share", by=("practice", "source", "issue")),
            Draw("uptake", "screening.universal_uptake", by=("locality",)),
        ),
        limit_working_days="screening.limit_working_days",
        ends=(
            End("referral", "referral"),
            End(
                "early_help_recommendation",
                "early_help_offer",
                sets_if_new={"help": "additional"},
            ),
            End(
                "universal_recommendation",
                RETURN,
                sets={"left_from": "universal"},
                sets_if_new={"help": "universal"},
                help_begins=True,
            ),
            End("already_open", GONE),
            End("advice_only", RETURN, sets={"left_from": "advice"}, otherwise=True),
        ),
    ),
    Stage(
        "early_help_offer",
        Unit.FAMILY,
        Scope.EARLY_HELP,
        "The family is offered early help and consents or declines",
        Time.DURATION,
        by=("source", "locality"),
        limit_working_days="early_help_offer.limit_working_days",
        ends=(
            End("declined", RETURN, sets={"left_from": "help_declined"}),
            End("accepted", "early_help_wait", otherwise=True),
        ),
    ),
    Stage(
        "early_help_wait",
        Unit.FAMILY,
        Scope.EARLY_HELP,
        "The family waits for a lead practitioner with a free place",
        Time.HAZARDS,
        rates=Rates.YEARLY,
        by=("help",),
        place=("key_workers", "partner_lead_practitioners"),
        place_by="lead",
        wait=Wait.WAITING_STAGE,
        draws=(Draw("lead", "early_help_wait.lead", by=("locality",)),),
        ends=(
            End("allocated", "early_help_assessment"),
            End("disengages", RETURN, sets={"left_from": "help_disengaged"}),
            End("escalates", "referral", sets={"need": "level_4"}),
        ),
    ),
    Stage(
        "early_help_assessment",
        Unit.FAMILY,
        Scope.EARLY_HELP,
        "The lead practitioner assesses the family's needs with them",
        Time.DURATION,
        by=("help",),
        place=("key_workers", "partner_lead_practitioners"),
        place_by="lead",
        wait=Wait.AT_ONCE,
        limit_working_days="early_help_assessment.limit_working_days",
        ends=(
            End(
                "step_up",
                "referral",
                sets={"need": "level_4"},
                effects=("early_help_on_step_up",),
            ),
            End("disengaged", RETURN, sets={"left_from": "help_disengaged"}),
            End("plan_agreed", "early_help_plan", otherwise=True),
        ),
    ),
    Stage(
        "early_help_plan",
        Unit.FAMILY,
        Scope.EARLY_HELP,
        "A team around the family helps, with reviews",
        Time.HAZARDS,
        rates=Rates.BANDS,
        by=("need", "help"),
        pace_by=("locality",),
        place=("key_workers", "partner_lead_practitioners"),
        place_by="lead",
        wait=Wait.AT_ONCE,
        marks_help=True,
        ends=(
            End("outcomes_met", RETURN, sets={"left_from": "help_met"}),
            End("disengaged", RETURN, sets={"left_from": "help_disengaged"}),
            End(
                "step_up",
                "referral",
                sets={"need": "level_4"},
                effects=("early_help_on_step_up", "early_help_detection"),
            ),
            End("moves_away", GONE),
        ),
    ),
    Stage(
        "referral",
        Unit.FAMILY,
        Scope.REFERRED,
        "A manager decides within a working day whether social care takes it on",
        Time.DURATION,
        by=("stream", "locality"),
        limit_working_days="referral.limit_working_days",
        ends=(
            End("no_further_action", RETURN, sets={"left_from": "no_further_action"}),
            End("strategy_discussion", "section_47"),
            End("assessment", "assessment", otherwise=True),
        ),
    ),
    Stage(
        "assessment",
        Unit.FAMILY,
        Scope.REFERRED,
        "A social worker assesses the child and family",
        Time.DURATION,
        by=("stream", "locality"),
        place=("social_workers",),
        wait=Wait.CLOCK_RUNS,
        limit_working_days="assessment.limit_working_days",
        ends=(
            End(
                "care_entry",
                "looked_after",
                splits=True,
                rest="child_in_need_plan",
                effects=("early_help_on_care_entry",),
            ),
            End("section_47", "section_47"),
            End("child_in_need_plan", "child_in_need_plan"),
            End("early_help", "early_help_offer"),
            End(
                "not_in_need",
                RETURN,
                sets={"left_from": "not_in_need"},
                otherwise=True,
            ),
        ),
    ),
    Stage(
        "child_in_need_plan",
        Unit.FAMILY,
        Scope.REFERRED,
        "A child in need plan, with a social worker",
        Time.HAZARDS,
        rates=Rates.BANDS,
        by=("stream", "reunified"),
        pace_by=("stream", "locality"),
        place=("social_workers",),
        wait=Wait.CLOCK_RUNS,
        beside=(Beside("reassessment", "reassessment.chance", by=("locality",)),),
        ends=(
            End("closes", RETURN, sets={"left_from": "plan_closed"}),
            End("step_down", STEP_DOWN, sets={"left_from": "plan_closed"}),
            End("section_47", "section_47"),
            End("pre_proceedings", "pre_proceedings"),
            End(
                "care_entry",
                "looked_after",
                splits=True,
                rest=SAME_STAGE,
                effects=("early_help_on_care_entry",),
            ),
            End("moves_away", GONE),
        ),
    ),
    Stage(
        "section_47",
        Unit.FAMILY,
        Scope.REFERRED,
        "A child protection enquiry and, where needed, an initial conference",
        Time.DURATION,
        by=("locality",),
        place=("social_workers",),
        wait=Wait.AT_ONCE,
        limit_working_days="section_47.limit_working_days",
        ends=(
            End(
                "care_entry",
                "looked_after",
                splits=True,
                rest="child_protection_plan",
                effects=("early_help_on_care_entry",),
            ),
            End(
                "child_protection_plan",
                "child_protection_plan",
                effects=("early_help_detection",),
            ),
            End("conference_without_plan", "child_in_need_plan"),
            End("child_in_need_plan", "child_in_need_plan"),
            End(
                "not_substantiated",
                RETURN,
                sets={"left_from": "not_in_need"},
                otherwise=True,
            ),
        ),
    ),
    Stage(
        "child_protection_plan",
        Unit.FAMILY,
        Scope.REFERRED,
        "A child protection plan, reviewed at three months and then every six",
        Time.HAZARDS,
        rates=Rates.BANDS,
        by=("reunified",),
        pace_by=("locality",),
        place=("social_workers",),
        wait=Wait.AT_ONCE,
        beside=(Beside("reassessment", "reassessment.chance", by=("locality",)),),
        ends=(
            End("steps_down", "child_in_need_plan"),
            End("pre_proceedings", "pre_proceedings"),
            End(
                "care_entry",
                "looked_after",
                splits=True,
                rest=SAME_STAGE,
                effects=("early_help_on_care_entry",),
            ),
            End("moves_away", GONE),
        ),
    ),
    Stage(
        "pre_proceedings",
        Unit.FAMILY,
        Scope.REFERRED,
        "The last chance to avoid court; a family group conference may be offered",
        Time.HAZARDS,
        rates=Rates.BANDS,
        pace_by=("locality",),
        place=("social_workers",),
        wait=Wait.AT_ONCE,
        ends=(
            End("diverted", "child_in_need_plan"),
            End(
                "care_entry",
                "looked_after",
                splits=True,
                rest="child_in_need_plan",
                effects=("early_help_on_care_entry",),
            ),
        ),
    ),
    Stage(
        "looked_after",
        Unit.CHILD,
        Scope.CARE_ENTRY,
        "A child is looked after, in one placement after another",
        Time.HAZARDS,
        rates=Rates.YEARLY,
        by=("age", "stream"),
        pace_by=("age", "stream"),
        place=("social_workers",),
        wait=Wait.AT_ONCE,
        draws=(Draw("placement", "looked_after.placement", by=("age", "stream")),),
        placement=True,
        beside=(Beside("care_proceedings", "care_proceedings.chance", by=("age", "stream")),),
        ends_at="after_care.adult_age_years",
        ends=(
            End("moves", SAME_STAGE),
            End("returns_home", REJOINS_FAMILY),
            End(
                "special_guardianship",
                "after_care",
                sets={"after": "special_guardianship"},
            ),
            End("adopted", "after_care", sets={"after": "adoption"}),
            End("leaves_for_other_reasons", GONE),
            End("turns_18", "after_care", sets={"after": "care_leaver"}),
        ),
    ),
    Stage(
        "after_care",
        Unit.CHILD,
        Scope.CARE_ENTRY,
        "Care leaver support, or a guardianship or adoption allowance",
        Time.HAZARDS,
        rates=Rates.YEARLY,
        by=("after",),
        ends_at="after_care.ends_at_age_years",
        ends=(
            End("breaks_down", "looked_after"),
            End("support_ends", GONE),
            End("ends_by_age", GONE),
        ),
    ),
    Stage(
        STEP_DOWN,
        Unit.FAMILY,
        Scope.REFERRED,
        "Social care or care has ended; the family is handed on",
        Time.HAZARDS,
        rates=Rates.BANDS,
        by=("reunified",),
        pace_by=("locality",),
        ends=(
            End("early_help", "early_help_offer"),
            End("closed", RETURN),
            End("care_entry", "looked_after", splits=True, rest=SAME_STAGE),
        ),
    ),
    Stage(
        RETURN,
        Unit.FAMILY,
        Scope.CONTACTED,
        "The family is known but not helped; it may come back",
        Time.HAZARDS,
        rates=Rates.YEARLY,
        by=("left_from", "help"),
        pace_by=("left_from",),
        ends_at="return.forgotten_after_years",
        counts_in_caseload=False,
        ends=(
            End(
                "comes_back",
                "contact",
                effects=("early_help_on_return", "early_help_detection", "universal_on_return"),
                draws=(
                    Draw("need", "return.need_on_return", by=("need",)),
                    Draw("source", "return.source_on_return"),
                ),
            ),
            End("care_entry", "looked_after", splits=True, rest=STEP_DOWN),
            End("not_known_again", GONE),
        ),
    ),
)

# What runs beside a stage, with a duration of its own.
BESIDE: dict[str, str] = {
    "reassessment": "A further assessment of a family whose plan is open",
    "care_proceedings": "The court decides on an order for the child",
}

STAGE_NAMES: tuple[str, ...] = tuple(stage.name for stage in PATHWAY)


def stage_named(name: str) -> Stage:
    """The stage with this name.

    Raises KeyError for a name that is no stage.
    """
    for stage in PATHWAY:
        if stage.name == name:
            return stage
    raise KeyError(name)
