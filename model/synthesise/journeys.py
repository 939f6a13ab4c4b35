"""What happened to each child of a run, as tables of events, before any return asks for them.

One table for each kind of event that a return has rows of; everything that the run knows to its
end, so that a return of an earlier day is a view of it (`known_on`). Words are the pathway's; what
they are called in a return is said by `codes`. This module knows no return and no file.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.measures.protection import PLAN_OF_PROTECTION
from model.measures.statutory import IN_NEED, IN_NEED_STAGES
from model.synthesise import codes
from model.synthesise.simulated import Simulated

HELP = ("early_help_assessment", "early_help_plan")
HELPED = "early_help_plan"
CARE_LEAVER, AFTER_CARE = "care_leaver", "after_care"
NOT_IN_NEED = ("not_in_need", "early_help", "not_substantiated", "household_changed", "grown_up")
CONFERENCE_WITH_PLAN, CONFERENCE_WITHOUT = "child_protection_plan", "conference_without_plan"
DAYS_TO_CARE_FROM_REFERRAL = "assessment.limit_working_days"


def contacts(run: Simulated) -> pd.DataFrame:
    """Contacts at the front door, once for each child: child, on, source.

    Families who come by the early help door or move in are not contacts of the front door.
    """
    row = run.rows_in("contact")
    row = row[~np.isin(run.attribute(row, "source"), codes.NO_CONTACT)]
    row, number = run.each_child(row)
    return in_order(
        pd.DataFrame(
            {
                "child": run.everyone.at(number),
                "on": run.days(run.rows.start[row]).astype("datetime64[s]"),
                "source": run.attribute(row, "source"),
            }
        ),
        "on",
    )


def early_help(run: Simulated) -> pd.DataFrame:
    """Early help of each child: began, assessed (NaT until then), ended, lead.

    Help open at the start in the plan began with an assessment that had taken its limit.
    """
    table = run.spans(run.rows_in(*HELP))
    assessed = run.spans(run.rows_in(HELP[0]))[["child", "start", "ended"]]
    assessed = assessed.rename(columns={"ended": "assessed"})
    table = table.merge(assessed, on=["child", "start"], how="left", validate="one_to_one")
    in_plan = (run.stage(table["first"].to_numpy()) == HELPED) & table["from_before"]
    table["assessed"] = table["assessed"].mask(in_plan, table["began"])
    limit = int(run.prepared.inputs.number("early_help_assessment.limit_working_days"))
    table["began"] = table["began"].mask(in_plan, back(run, table["began"], limit))
    table["lead"] = run.attribute(table["first"].to_numpy(), "lead")
    return in_order(table[["child", "began", "assessed", "ended", "lead", "from_before"]])


def referrals(run: Simulated) -> pd.DataFrame:
    """Referrals of each child: on, decided, source, no_further_action, from_before."""
    table = run.spans(run.rows_in("referral"))
    outcome = run.outcome(table["last"].to_numpy())
    table["no_further_action"] = outcome == "no_further_action"
    table["source"] = run.attribute(table["first"].to_numpy(), "source")
    table = table.rename(columns={"began": "on", "ended": "decided"})
    columns = ["child", "on", "decided", "source", "no_further_action", "from_before"]
    return in_order(table[columns], "on")


def assessments(run: Simulated, episodes: pd.DataFrame) -> pd.DataFrame:
    """Assessments of each child: began, ended, in_need (when ended), kind, factor, left_early.

    Three kinds: after a referral; an enquiry straight from the referral, which counts as one; and
    a further one beside a plan, which is completed at the latest when the episode of need closes.

    Parameters
    ----------
    episodes : from `in_need`.
    """
    first = run.spans(run.rows_in("assessment")).assign(kind="first")
    enquiry = run.spans(run.rows_in("section_47"))
    straight = run.led_here(enquiry["last"].to_numpy()) == "referral"
    enquiry = enquiry[straight].assign(kind="enquiry")
    row, number = run.each_child(run.rows_in("reassessment"))
    again = pd.DataFrame(
        {
            "child": run.everyone.at(number),
            "began": run.days(run.rows.start[row]).astype("datetime64[s]"),
            "ended": run.days(run.rows.stop[row]).astype("datetime64[s]"),
            "from_before": False,
            "first": row,
            "last": row,
            "kind": "again",
        }
    )
    again["ended"] = not_after_closure(again, episodes)
    table = pd.concat([first, enquiry, again], ignore_index=True)
    last = table["last"].to_numpy()
    table["in_need"] = ~np.isin(run.outcome(last), NOT_IN_NEED)
    table["factor"] = np.where(table["in_need"], by_issue(run, last, FACTORS), codes.NO_FACTORS)
    # A child who turns 18, or leaves the family, before the others' assessment is completed.
    table["left_early"] = run.outcome(last) == "household_changed"
    columns = ["child", "began", "ended", "in_need", "kind", "factor", "from_before", "left_early"]
    return in_order(table[columns])


def not_after_closure(again: pd.DataFrame, episodes: pd.DataFrame) -> pd.Series:
    """When further assessments end: with the child's episode of need at the latest."""
    closing = episodes[["child", "began", "ended"]].rename(
        columns={"began": "opened", "ended": "closed"}
    )
    asked = again[["child", "began"]].reset_index()
    both = pd.merge_asof(
        asked.sort_values("began"),
        closing.sort_values("opened"),
        left_on="began",
        right_on="opened",
        by="child",
    ).set_index("index")
    closed = both["closed"].reindex(again.index)
    ended = again["ended"].fillna(pd.Timestamp.max.floor("D"))
    least = ended.where(closed.isna() | (ended <= closed), closed)
    return least.mask(least == pd.Timestamp.max.floor("D"))


def section_47(run: Simulated) -> pd.DataFrame:
    """Enquiries of each child: on, ended, conference and plan (known when ended).

    When an enquiry takes a brother or sister into care, the children who stay at home get a plan,
    and so had a conference.
    """
    table = run.spans(run.rows_in("section_47"))
    last = table["last"].to_numpy()
    outcome = run.outcome(last)
    stays_home = outcome == "care_entry"
    entered = run.spans(run.rows_in("looked_after"))[["child", "start"]]
    taken = pd.MultiIndex.from_frame(table[["child", "stop"]]).isin(
        pd.MultiIndex.from_frame(entered)
    )
    stays_home &= ~taken
    table["plan"] = (outcome == CONFERENCE_WITH_PLAN) | stays_home
    table["conference"] = table["plan"] | (outcome == CONFERENCE_WITHOUT)
    table["stays_home"] = stays_home
    table = table.rename(columns={"began": "on"})
    columns = ["child", "on", "ended", "conference", "plan", "stays_home", "from_before"]
    return in_order(table[columns], "on")


def in_need(run: Simulated) -> pd.DataFrame:
    """Episodes of need of each child: the whole open statutory time, care leavers' too.

    Returns
    -------
    DataFrame with the columns child, began (the referral), ended, no_further_action (nothing but
    a referral), reason (RC code, known when ended), need, factor, source, from_before, leaver_on
    (the day from which the episode is a care leaver's alone; NaT otherwise) and by_referral.
    """
    table = run.spans(IN_NEED.chosen(run.rows))
    first, last = table["first"].to_numpy(), table["last"].to_numpy()
    only = (run.stage(first) == "referral") & (run.stage(last) == "referral")
    table["no_further_action"] = only & (run.outcome(last) == "no_further_action")
    table["reason"] = reasons(run, last)
    table["need"] = by_issue(run, first, NEEDS)
    table["source"] = run.attribute(first, "source")
    table["by_referral"] = run.stage(first) == "referral"
    leaver = run.stage(last) == AFTER_CARE
    leaver_on = run.days(run.rows.start[last]).astype("datetime64[s]")
    alone = leaver & (first == last) & table["from_before"]
    table["leaver_on"] = pd.Series(leaver_on).where(leaver).mask(alone, table["began"])
    earlier = table["from_before"] & ~np.isin(
        run.stage(first), ["referral", "assessment", "section_47"]
    )
    limit = int(run.prepared.inputs.number(DAYS_TO_CARE_FROM_REFERRAL))
    table["began"] = table["began"].mask(earlier, back(run, table["began"], limit))
    columns = ["child", "began", "ended", "no_further_action", "reason", "need", "source"]
    return in_order(table[[*columns, "from_before", "leaver_on", "by_referral"]])


def reasons(run: Simulated, last: np.ndarray) -> np.ndarray:
    """Why an episode closed, by how its last row ended; adult services for disabled children."""
    outcome, stage = run.outcome(last), run.stage(last)
    of_outcome = codes.REASON_OF_OUTCOME
    found = np.array([of_outcome.get(one, codes.OTHER_REASON) for one in outcome], object)
    found[(stage == "assessment") & (outcome == "early_help")] = codes.EARLY_HELP_REASON
    grown_up = np.isin(outcome, ["grown_up", "household_changed"])
    disabled = run.attribute(last, "stream") == "disabled"
    found[grown_up & disabled] = codes.ADULT_SERVICES
    return found


def in_need_plans(run: Simulated) -> pd.DataFrame:
    """Child in need plans of each child: began, ended, need, from_before."""
    table = run.spans(run.rows_in("child_in_need_plan"))
    table["need"] = by_issue(run, table["first"].to_numpy(), NEEDS)
    return in_order(table[["child", "began", "ended", "need", "from_before"]])


def protection_plans(run: Simulated) -> pd.DataFrame:
    """Protection plans of each child: began, ended, category, previous, from_before.

    Pre-proceedings that follow a plan are part of it; those from a child in need plan are none.
    """
    table = run.spans(PLAN_OF_PROTECTION.chosen(run.rows))
    first = table["first"].to_numpy()
    table = table[table["from_before"] | (run.stage(first) == "child_protection_plan")]
    table["category"] = by_issue(run, table["first"].to_numpy(), CATEGORIES)
    table = in_order(table)
    table["previous"] = table.groupby("child").cumcount()
    return table[["child", "began", "ended", "category", "previous", "from_before"]]


def care_leavers(run: Simulated) -> pd.DataFrame:
    """Care leavers with support: began, ended."""
    row = run.rows_in(AFTER_CARE)
    table = run.spans(row[run.attribute(row, "after") == CARE_LEAVER])
    return in_order(table[["child", "began", "ended", "from_before"]])


def statuses(run: Simulated) -> pd.DataFrame:
    """The time of each child in each statutory stage: status, began, ended; for Annex A list 6."""
    parts = [
        run.spans(run.rows_in(stage)).assign(status=STATUS_OF_STAGE[stage])
        for stage in IN_NEED_STAGES
        if stage in STATUS_OF_STAGE
    ]
    table = pd.concat(parts, ignore_index=True)
    return in_order(table[["child", "began", "ended", "status"]])


STATUS_OF_STAGE = {
    "assessment": "assessment",
    "section_47": "assessment",
    "child_in_need_plan": "in_need_plan",
    "child_protection_plan": "protection_plan",
    "pre_proceedings": "in_need_plan",  # unless on a plan, which comes first
    "looked_after": "looked_after",
    "step_down": "in_need_plan",
}
NEEDS = codes.NEED_OF_ISSUE, codes.NEED_OF_STREAM
FACTORS = codes.FACTOR_OF_ISSUE, codes.FACTOR_OF_STREAM
CATEGORIES: tuple[dict[str, str], dict[str, str]] = (codes.CATEGORY_OF_ISSUE, {})


def by_issue(
    run: Simulated, row: np.ndarray, tables: tuple[dict[str, str], dict[str, str]]
) -> np.ndarray:
    """A code from the issue that the family presents with, or from its stream where that rules."""
    of_issue, of_stream = tables
    pairs = zip(run.attribute(row, "issue"), run.attribute(row, "stream"), strict=True)
    return np.array([of_stream.get(stream, of_issue[issue]) for issue, stream in pairs], object)


def back(run: Simulated, day: pd.Series, working_days: int) -> pd.Series:
    """So many working days before each day."""
    days = day.to_numpy().astype("datetime64[D]")
    found = run.working_days_after(days, -working_days).astype("datetime64[s]")
    return pd.Series(found, index=day.index)


def in_order(table: pd.DataFrame, day: str = "began") -> pd.DataFrame:
    """Sorted by day and child, numbered anew."""
    return table.sort_values([day, "child"], kind="stable").reset_index(drop=True)


def known_on(table: pd.DataFrame, day: pd.Timestamp, began: str, *ended: str) -> pd.DataFrame:
    """A table as it was known at the end of a day: nothing later has begun or ended."""
    seen = table[table[began] <= day].copy()
    for name in ended:
        seen[name] = seen[name].where(seen[name] <= day)
    return seen
