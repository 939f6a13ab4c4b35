"""The measures of step-up and step-down between early help and social care, by family.

Not known: why a family came back. A referral within the 12 months counts as a return whatever is
decided on it.
"""

from __future__ import annotations

from model.measures.countings import Completed, Ended, Share, Sum
from model.measures.definitions import SEFTON_STRATEGY, STOCKPORT
from model.measures.early import HELP, STEP_UPS
from model.measures.followed import HELD, RETURNED, TOO_RECENT, SteppedDown
from model.measures.record import Measure
from model.measures.tallies import CHILDREN, FAMILIES

TO_EARLY_HELP = "step_down ended with early_help"
FOLLOWED = f"{TO_EARLY_HELP}, followed to a start of referral or looked_after"

TRANSITIONS = (
    Measure(
        "early_help_step_up_share",
        "Families who stepped up to a referral, of all whose early help ended.",
        "share of families whose early help ended in period",
        FAMILIES,
        "early_help_assessment and early_help_plan ended with step_up",
        SEFTON_STRATEGY,
        "none",
        Share(STEP_UPS, Ended(HELP)),
    ),
    Measure(
        "early_help_wait_escalations",
        "Families referred to social care while they waited for a lead practitioner.",
        "families in period",
        FAMILIES,
        "early_help_wait ended with escalates",
        SEFTON_STRATEGY,
        "none",
        Completed("early_help_wait", ("escalates",)),
    ),
    Measure(
        "assessed_to_early_help",
        "Children whom a social worker's assessment handed to early help.",
        "children in period",
        CHILDREN,
        "assessment ended with early_help",
        STOCKPORT,
        "CIN census CINclosureDate, reason RC9",
        Completed("assessment", ("early_help",)),
    ),
    Measure(
        "step_downs",
        "Families handed on when social care or care had ended, to early help or to nobody.",
        "families in period",
        FAMILIES,
        "step_down ended with early_help or closed",
        STOCKPORT,
        "none",
        Completed("step_down", ("early_help", "closed")),
    ),
    Measure(
        "step_downs_to_early_help",
        "Families handed from social care to early help. Those that held, those that returned and"
        " those too recent to tell add up to it.",
        "families in period",
        FAMILIES,
        TO_EARLY_HELP,
        STOCKPORT,
        "none",
        SteppedDown(),
    ),
    Measure(
        "step_downs_held",
        "Successful step-downs: in the 12 months after being handed to early help the family was"
        " not referred and no child entered care.",
        "families in period",
        FAMILIES,
        FOLLOWED,
        STOCKPORT,
        "none",
        SteppedDown(HELD),
    ),
    Measure(
        "step_downs_returned",
        "Families who were referred, or had a child enter care, within 12 months of being handed"
        " to early help.",
        "families in period",
        FAMILIES,
        FOLLOWED,
        STOCKPORT,
        "none",
        SteppedDown(RETURNED),
    ),
    Measure(
        "step_downs_too_recent",
        "Families handed to early help less than 12 months before the run's end: too recent to"
        " tell, whatever was seen of them.",
        "families in period",
        FAMILIES,
        TO_EARLY_HELP,
        STOCKPORT,
        "none",
        SteppedDown(TOO_RECENT),
    ),
    Measure(
        "step_downs_held_share",
        "Successful step-downs, of those to early help that were followed for 12 months.",
        "share of step-downs in period",
        FAMILIES,
        FOLLOWED,
        STOCKPORT,
        "none",
        Share(SteppedDown(HELD), Sum((SteppedDown(HELD), SteppedDown(RETURNED)))),
    ),
)
