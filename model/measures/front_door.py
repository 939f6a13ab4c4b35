"""The measures of the front door: contacts, screening, and what it recommends, by family.

What each counts, in plain words, and what a council's own return calls it. The limit written
here (one working day) belongs to the definition of the statistic and is no parameter. Not known:
whether a universal service that a family took up did it any good.
"""

from __future__ import annotations

from model.measures.countings import Began, Completed, Share, stages
from model.measures.definitions import (
    INSPECTION,
    OURS,
    SAFEGUARDING_PRESSURES,
    STOCKPORT,
    WORKING_TOGETHER,
)
from model.measures.followed import FirstPresented
from model.measures.longer_countings import Waited
from model.measures.parts import Having
from model.measures.record import Measure
from model.measures.tallies import FAMILIES

MINUTES_PER_HOUR = 60
UNIVERSAL = Completed("screening", ("universal_recommendation",))
TAKEN_UP = Having(UNIVERSAL, "uptake", ("taken_up",))
NEW_FAMILY = "starts of contact of a family that is new"
AT_HIGH_NEED = f"{NEW_FAMILY}, need level_4 or screening ended with referral"

FRONT_DOOR = (
    Measure(
        "contacts",
        "Contacts with the council about a family, those that come back included.",
        "contacts in period",
        FAMILIES,
        "starts of contact",
        INSPECTION,
        "Annex A list 1",
        Began(stages("contact")),
    ),
    Measure(
        "screened",
        "Contacts on which a screening officer has decided.",
        "contacts in period",
        FAMILIES,
        "ends of screening",
        STOCKPORT,
        "Annex A list 1",
        Completed("screening"),
    ),
    Measure(
        "screened_to_early_help",
        "Contacts screened with the recommendation of early help.",
        "contacts in period",
        FAMILIES,
        "screening ended with early_help_recommendation",
        STOCKPORT,
        "none",
        Completed("screening", ("early_help_recommendation",)),
    ),
    Measure(
        "screened_to_universal",
        "Contacts screened with the recommendation of universal services.",
        "contacts in period",
        FAMILIES,
        "screening ended with universal_recommendation",
        STOCKPORT,
        "none",
        Completed("screening", ("universal_recommendation",)),
    ),
    Measure(
        "screened_already_open",
        "Contacts screened that joined a plan already open.",
        "contacts in period",
        FAMILIES,
        "screening ended with already_open",
        STOCKPORT,
        "none",
        Completed("screening", ("already_open",)),
    ),
    Measure(
        "screened_within_1_day_share",
        "Contacts decided on by the end of the next working day, of all decided on.",
        "share of contacts screened in period",
        FAMILIES,
        "ends of screening",
        WORKING_TOGETHER,
        "none",
        Share(Completed("screening", within_working_days=1), Completed("screening")),
    ),
    Measure(
        "screening_wait_hours_mean",
        "Hours by the clock from arrival to an officer taking it up, on average.",
        "hours",
        FAMILIES,
        "screening, from start to served",
        OURS,
        "none",
        Waited("screening", "mean", MINUTES_PER_HOUR),
    ),
    Measure(
        "screening_wait_hours_p90",
        "Hours by the clock within which nine in ten contacts are taken up by an officer.",
        "hours",
        FAMILIES,
        "screening, from start to served",
        OURS,
        "none",
        Waited("screening", "p90", MINUTES_PER_HOUR),
    ),
    Measure(
        "screened_below_threshold",
        "Contacts screened in the new way, which also takes needs below the threshold of social"
        " care.",
        "contacts in period",
        FAMILIES,
        "ends of screening, practice below_threshold",
        STOCKPORT,
        "the pathway's own database",
        Having(Completed("screening"), "practice", ("below_threshold",)),
    ),
    Measure(
        "universal_taken_up",
        "Families recommended to universal services who took up the offer.",
        "families in period",
        FAMILIES,
        "screening ended with universal_recommendation, uptake taken_up",
        STOCKPORT,
        "the pathway's own database",
        TAKEN_UP,
    ),
    Measure(
        "universal_uptake_share",
        "Families who took up the offer of universal services, of all recommended to them.",
        "share of universal recommendations in period",
        FAMILIES,
        "screening ended with universal_recommendation, uptake taken_up",
        STOCKPORT,
        "the pathway's own database",
        Share(TAKEN_UP, UNIVERSAL),
    ),
    Measure(
        "contacts_to_referral_share",
        "Contacts screened as a referral to social care, of all screened.",
        "share of contacts screened in period",
        FAMILIES,
        "screening ended with referral",
        SAFEGUARDING_PRESSURES,
        "Annex A lists 1 and 3",
        Share(Completed("screening", ("referral",)), Completed("screening")),
    ),
    Measure(
        "first_presentations",
        "Families that the council did not know who made contact; those that moved in with a plan,"
        " and unaccompanied asylum-seeking children, are not counted.",
        "families in period",
        FAMILIES,
        NEW_FAMILY,
        STOCKPORT,
        "none",
        FirstPresented(),
    ),
    Measure(
        "first_presentations_at_high_need",
        "Families that the council did not know whose first contact was at level 4 of need, or was"
        " screened as a referral to social care.",
        "families in period",
        FAMILIES,
        AT_HIGH_NEED,
        STOCKPORT,
        "none",
        FirstPresented(at_high_need=True),
    ),
    Measure(
        "first_presentations_at_high_need_share",
        "First contacts at level 4 of need, or screened as a referral, of all first contacts.",
        "share of first contacts in period",
        FAMILIES,
        AT_HIGH_NEED,
        STOCKPORT,
        "none",
        Share(FirstPresented(at_high_need=True), FirstPresented()),
    ),
)
