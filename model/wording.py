"""Figures and names as people say them: pounds, ranges, chances, stages, measures, payers.

It formats what others worked out. It knows no run, no chart and no file.
"""

from __future__ import annotations

from datetime import date

MILLION, THOUSAND = 1e6, 1e3
ENOUGH_FOR_MILLIONS, ENOUGH_FOR_THOUSANDS = 950_000, 950
MINUS = "−"
FEW_FUTURES = 10

LABELS: dict[str, str] = {
    "contacts": "Contacts",
    "screening_wait_hours_p90": "Hours until nine in ten contacts are taken up",
    "screened_within_1_day_share": "Contacts decided on within a working day, share",
    "early_help_wait_working_days_median": "Working days until half have a lead practitioner",
    "early_help_wait_working_days_p90": "Working days until nine in ten have a lead practitioner",
    "unallocated_families": "Families without a social worker at year end",
    "reentry_share": "Started to be looked after again, share",
    "screened_to_early_help": "Screened to early help",
    "screened_to_universal": "Screened to universal services",
    "early_help_started": "Early help started",
    "early_help_open": "In early help at year end",
    "early_help_waiting": "Waiting for early help at year end",
    "early_help_step_ups": "Stepped up from early help",
    "rereferral_share": "Re-referrals, share",
    "rereferrals": "Re-referrals",
    "assessments_within_45_share": "Assessments within 45 days, share",
    "children_in_need": "Children in need (all open episodes)",
    "child_in_need_plans_open": "On child in need plans at year end",
    "child_protection_plans_open": "On child protection plans at year end",
    "child_protection_plans_started": "Child protection plans started",
    "section_47_enquiries": "Section 47 enquiries",
    "initial_conferences": "Initial conferences",
    "looked_after": "Looked after at year end",
    "looked_after_started": "Started to be looked after",
    "looked_after_ceased": "Ceased to be looked after",
    "looked_after_change": "Change in looked after over the year",
    "placement_share_foster": "Placed in foster care, share",
    "placement_share_childrens_home": "Placed in children's homes, share",
    "placement_share_supported": "In supported accommodation, share",
    "placement_share_with_parents": "Placed with parents, share",
    "care_entry_within_24_months_per_100_children_in_early_help": (
        "Care entry in 24 months per 100 helped"
    ),
    "contacts_to_referral_share": "Contacts that became referrals, share",
    "screened_below_threshold": "Screened in the new way",
    "universal_taken_up": "Universal offers taken up",
    "universal_uptake_share": "Universal offers taken up, share",
    "first_presentations": "Families new to the council",
    "first_presentations_at_high_need": "New families at level 4 or referred",
    "first_presentations_at_high_need_share": "New families at level 4 or referred, share",
    "early_help_offers": "Referred to early help",
    "early_help_accepted": "Accepted early help",
    "early_help_uptake_share": "Accepted early help, share",
    "early_help_assessments": "Early help assessments completed",
    "early_help_assessments_in_12_months": "Early help assessments in the last 12 months",
    "team_around_family_in_12_months": "Team around the family in the last 12 months",
    "early_help_offer_to_allocation_working_days_mean": (
        "Working days from offer to lead practitioner"
    ),
    "early_help_plan_days_mean": "Days on an early help plan, mean",
    "early_help_plan_days_median": "Days on an early help plan, median",
    "early_help_led_by_council": "Led by the council's key workers at year end",
    "early_help_led_by_partners": "Led by partners at year end",
    "early_help_started_by_partners_share": "Early help started by partners, share",
    "early_help_step_up_share": "Stepped up from early help, share",
    "early_help_wait_escalations": "Referred to social care while waiting for early help",
    "assessed_to_early_help": "Handed to early help by an assessment",
    "step_downs": "Stepped down from social care",
    "step_downs_to_early_help": "Stepped down to early help",
    "step_downs_held": "Step-downs that held for 12 months",
    "step_downs_returned": "Step-downs that returned within 12 months",
    "step_downs_too_recent": "Step-downs too recent to tell",
    "step_downs_held_share": "Step-downs that held, share of those followed",
    "inappropriate_referrals": "Referrals not taken on",
    "inappropriate_referral_share": "Referrals not taken on, share",
    "referrals_assessed_share": "Referrals assessed, share",
    "referrals_within_1_day_share": "Referrals decided within a working day, share",
    "referral_to_assessment_working_days_mean": "Working days from referral to assessment done",
    "family_help_open": "In Family Help at year end",
    "repeat_plans": "Second or later child protection plans",
    "repeat_plan_share": "Second or later child protection plans, share",
    "strategy_meetings": "Strategy meetings that led to an enquiry",
    "section_47_to_conference_share": "Enquiries that led to a conference, share",
    "conference_to_plan_share": "Conferences that led to a plan, share",
    "council_childrens_services": "Council: children's services",
    "council_other": "Council: other budgets",
    "cashable when it ends": "Placements: can be banked when they end",
    "whole posts": "Staff time: only in whole posts",
    "hardly": "In-house capacity: hardly",
    "not cashable": "Cannot be banked",
    "income": "Income from others",
    "ring-fenced income": "Ring-fenced income: cannot be banked",
    "section_47": "Section 47 enquiry",
    "step_down": "Step-down",
    "pre_proceedings": "Pre-proceedings",
    "return": "Known, may come back",
    "key_workers": "Council key workers",
    "in_house_foster": "In-house foster carers",
    "agency_foster": "Agency foster carers",
    "childrens_home": "Children's homes",
}

GRADES: dict[str, str] = {
    "strong": "Published counts or repeated good studies of the thing itself",
    "moderate": "One good study, or published figures close to the thing itself",
    "weak": "Small, old or indirect studies, another place, or no comparison group",
    "assumption": "Our judgement; no figure was found",
    "recalled": "A figure known to practitioners, without a source that we could check",
    "definition": "True by definition or by law",
    "fitted": "Set so that the model agrees with published statistics",
}


# Measures of which there is one for each source, issue or level: how their names begin.
BEGINNINGS: dict[str, str] = {
    "screened_from_": "Screened, from",
    "screened_issue_": "Screened, issue:",
    "early_help_started_level_": "Early help started at level",
    "early_help_plans_ended_": "Early help plans ended, issue:",
    "early_help_outcomes_met_": "Early help outcomes met, issue:",
}


def label(name: str) -> str:
    """A stage, measure, payer or pool as people say it.

    >>> label("looked_after"), label("early_help_plan"), label("screened_from_police")
    ('Looked after at year end', 'Early help plan', 'Screened, from police')
    """
    for beginning, words in BEGINNINGS.items():
        if name.startswith(beginning):
            return f"{words} {name.removeprefix(beginning).replace('_', ' ')}"
    return LABELS.get(name) or name.replace("_", " ").capitalize()


def stage_label(name: str) -> str:
    """A stage as people say it; some measures have the same name as a stage.

    >>> stage_label("looked_after")
    'Looked after'
    """
    return "Looked after" if name == "looked_after" else label(name)


def pounds(gbp: float) -> str:
    """A sum of money, no more digits than matter.

    >>> pounds(1_987_006), pounds(-372_400), pounds(12.4)
    ('£2.0m', '−£372,000', '£12')
    """
    sign, size = (MINUS if round(gbp) < 0 else ""), abs(gbp)
    if size >= ENOUGH_FOR_MILLIONS:
        return f"{sign}£{size / MILLION:,.1f}m"
    if size >= ENOUGH_FOR_THOUSANDS:
        return f"{sign}£{round(size / THOUSAND) * 1000:,}"
    return f"{sign}£{size:,.0f}"


def millions(gbp: float) -> str:
    """A sum of money where there is little room.

    >>> millions(296_394), millions(43_126_690), millions(36_966)
    ('£0.3m', '£43.1m', '£37k')
    """
    sign, size = (MINUS if gbp < 0 else ""), abs(gbp)
    if size < MILLION / 20:
        return f"{sign}£{size / THOUSAND:,.0f}k"
    return f"{sign}£{size / MILLION:,.1f}m"


def pounds_range(low: float, high: float) -> str:
    """A range of money.

    >>> pounds_range(1_000_000, 3_600_000)
    '£1.0m to £3.6m'
    """
    return f"{pounds(low)} to {pounds(high)}"


def change_in_spending(saved: float) -> str:
    """What a saving, or its opposite, does to spending.

    >>> change_in_spending(2e6), change_in_spending(-4e5)
    ('£2.0m less', '£400,000 more')
    """
    return f"{pounds(abs(saved))} {'less' if saved >= 0 else 'more'}"


def spending_range(low: float, high: float) -> str:
    """A range of savings as changes in spending, the smaller change first.

    >>> spending_range(5e5, 3.5e6), spending_range(-13e6, -10.2e6), spending_range(-2e5, 1.5e6)
    ('£500,000 to £3.5m less', '£10.2m to £13.0m more', '£200,000 more to £1.5m less')
    """
    if low >= 0:
        return f"{pounds(low)} to {pounds(high)} less"
    if high <= 0:
        return f"{pounds(-high)} to {pounds(-low)} more"
    return f"{pounds(-low)} more to {pounds(high)} less"


def whole(value: float) -> str:
    """A count of people.

    >>> whole(12381.2), whole(-10.2)
    ('12,381', '−10')
    """
    rounded = round(value)
    return f"{MINUS if rounded < 0 else ''}{abs(rounded):,}"


def signed(value: float) -> str:
    """A change in a count.

    >>> signed(1376.4), signed(-10.2), signed(0.2)
    ('+1,376', '−10', '0')
    """
    rounded = round(value)
    return f"+{rounded:,}" if rounded > 0 else whole(rounded)


def percent(share: float) -> str:
    """A share.

    >>> percent(0.3214), percent(0.0042)
    ('32.1%', '0.4%')
    """
    return f"{100 * share:.1f}%"


def points(change: float) -> str:
    """A change in a share, in percentage points.

    >>> points(0.0403), points(-0.004), points(0.0001)
    ('+4.0 points', '−0.4 points', '0 points')
    """
    size = f"{abs(100 * change):.1f}"
    if size == "0.0":
        return "0 points"
    return f"{'+' if change > 0 else MINUS}{size} points"


def signed_range(low: float, high: float) -> str:
    """A range of changes in a count.

    >>> signed_range(-18.5, -4.2)
    '−18 to −4'
    """
    return f"{signed(low)} to {signed(high)}"


def futures(share: float, replications: int) -> str:
    """A chance as a count of simulated futures.

    >>> futures(0.8, 10)
    '8 in 10 simulated futures'
    """
    return f"{round(share * replications)} in {simulated(replications)}"


def simulated(replications: int) -> str:
    """How many futures were simulated.

    >>> simulated(1), simulated(10)
    ('1 simulated future', '10 simulated futures')
    """
    return f"{replications} simulated future{'' if replications == 1 else 's'}"


def years(number: int) -> str:
    """A number of years.

    >>> years(1), years(5)
    ('1 year', '5 years')
    """
    return f"{number} year{'' if number == 1 else 's'}"


def day(when: date) -> str:
    """A date as people write it.

    >>> day(date(2025, 4, 1))
    '1 April 2025'
    """
    return f"{when.day} {when:%B %Y}"


def duration(seconds: float) -> str:
    """How long something takes, roughly.

    >>> duration(7.2), duration(38), duration(200)
    ('about 10 seconds', 'about 40 seconds', 'about 3 minutes')
    """
    if seconds < 90:
        tens = max(10, round(seconds / 10) * 10) if seconds > 5 else 5
        return f"about {tens} seconds"
    return f"about {round(seconds / 60)} minutes"


def first_capital(text: str) -> str:
    """A text that begins like a sentence; the rest stays as it is."""
    return text[:1].upper() + text[1:]
