"""Records of several returns become one history: repeats, ends, periods of care, windows."""

import numpy as np
import pandas as pd
import pytest

from model.pathway import STAGE_NAMES, stage_named
from model.returns.history import NOT_ASKED, OPEN, TOO_RECENT, history, pathways
from model.returns.linking import NEVER, UNKNOWN, first_within, open_since, same_event
from model.returns.records import Covered, Records, typed
from tests.returns.written_records import records_of

WHOLE = ("2024-04-01", "2025-03-31")


def outcomes(records, stage):
    """How the stays of a stage ended, by child and entry."""
    return list(history(records).stays[stage].outcome)


def test_a_referral_in_two_returns_is_one():
    """List 3 gives the day it was decided on, the census the day it came: two days apart."""
    found = history(
        records_of(
            WHOLE,
            referrals=[
                {"child": "1", "on": "2024-05-03", "file": "annex_a.xlsx", "source": "police"},
                {"child": "1", "on": "2024-05-01", "file": "cin.xml", "no_further_action": True},
                {"child": "1", "on": "2024-09-01", "file": "cin.xml", "no_further_action": False},
            ],
        )
    )
    rows = found.cleaned["referrals"]
    assert list(found.events["on"].astype(str)) == ["2024-05-01", "2024-09-01"]
    assert list(rows["no_further_action"]) == [1, 0]
    assert list(rows["source"]) == ["police", ""]
    assert found.cleaned.repeats["referrals"] == 1


def test_two_referrals_of_one_return_a_day_apart_are_two():
    """Only different returns tell of the same event on different days."""
    rows = [{"child": "1", "on": f"2024-05-0{day}"} for day in (1, 2)]
    assert len(history(records_of(WHOLE, referrals=rows)).cleaned["referrals"]["child"]) == 2


def test_the_return_that_reaches_furthest_says_whether_a_plan_has_ended():
    """Open in last year's census, ended in this year's; and the other way round is still open."""
    older = {"child": "1", "began_on": "2023-06-01", "file": "a.xml"}
    newer = {"child": "1", "began_on": "2023-06-01", "file": "b.xml", "ended_on": "2024-08-01"}
    spans = [
        Covered("in_need_plans", "a.xml", pd.Timestamp("2023-04-01"), pd.Timestamp("2024-03-31")),
        Covered("in_need_plans", "b.xml", pd.Timestamp("2024-04-01"), pd.Timestamp("2025-03-31")),
    ]
    tables = records_of(None, in_need_plans=[older, newer]).tables
    ended = history(Records(tables, spans)).cleaned["in_need_plans"]["ended_on"]
    assert list(ended) == [np.datetime64("2024-08-01").astype("datetime64[D]").astype(int)]
    swapped = records_of(
        None, in_need_plans=[{**older, "file": "b.xml"}, {**newer, "file": "a.xml"}]
    ).tables
    assert list(history(Records(swapped, spans)).cleaned["in_need_plans"]["ended_on"]) == [UNKNOWN]


def test_episodes_of_care_that_follow_on_each_other_are_one_period():
    """A move, then a new legal status, then home; then care again a month later."""
    rows = [
        ("2024-04-10", "2024-05-10", "S", "X1", "kinship"),
        ("2024-05-10", "2024-06-20", "P", "X1", "in_house_foster"),
        ("2024-06-20", "2024-08-01", "L", "E4A", "in_house_foster"),
        ("2024-09-01", None, "S", "", "childrens_home"),
    ]
    names = ("began_on", "ended_on", "began", "ended", "placement")
    care = [dict(zip(names, row, strict=True)) | {"child": "1"} for row in rows]
    found = history(records_of(WHOLE, care=care))
    assert list(found.stays["looked_after"].outcome) == ["returns_home", OPEN]
    assert [event for event, _ in pathways(found).iloc[0]] == [
        "care began",
        "moved in care",
        "care ended",
        "care began",
    ]


def test_list_8_and_the_return_of_episodes_tell_of_one_period():
    """List 8 has the latest placement and the day care began; the SSDA903 every episode."""
    care = [
        {"child": "1", "began_on": "2024-04-10", "ended_on": "2024-05-10", "began": "S"}
        | {"ended": "X1", "placement": "kinship", "file": "903.csv"},
        {"child": "1", "began_on": "2024-05-10", "began": "P", "placement": "in_house_foster"}
        | {"file": "903.csv"},
        {"child": "1", "began_on": "2024-05-10", "period_began_on": "2024-04-10"}
        | {"placement": "in_house_foster", "file": "annex_a.xlsx"},
    ]
    found = history(records_of(WHOLE, care=care))
    assert len(found.care.child) == 1
    assert len(found.care.moved_on) == 1


def test_a_series_of_short_breaks_is_no_period_of_care():
    """Legal statuses V3 and V4."""
    rows = [{"child": "1", "began_on": "2024-05-01", "legal": legal} for legal in ("V3", "V4")]
    assert len(history(records_of(WHOLE, care=rows)).care.child) == 0


def test_leaving_care_about_the_18th_birthday_is_turning_18():
    """Whatever the reason code says."""
    records = records_of(
        WHOLE,
        children=[{"child": "1", "birth_on": "2006-06-15"}],
        care=[{"child": "1", "began_on": "2020-01-01", "ended_on": "2024-06-14", "ended": "E8"}],
    )
    assert outcomes(records, "looked_after") == ["turns_18"]


def test_need_code_n2_and_not_the_flag_makes_the_disabled_stream():
    """Where a return states a need; the flag of another child stands in for it."""
    records = records_of(
        WHOLE,
        children=[{"child": one, "disabled": True} for one in ("1", "2")],
        in_need=[{"child": "1", "began_on": "2024-05-01", "need": "N1"}],
    )
    assert list(history(records).cleaned.stream) == ["ordinary", "disabled"]


def chain(**changed):
    """A referral, an assessment, an enquiry, a conference and a plan, in the usual times."""
    tables = {
        "referrals": [{"child": "1", "on": "2024-05-01", "no_further_action": False}],
        "assessments": [{"child": "1", "began_on": "2024-05-02", "ended_on": "2024-06-20"}],
        "section_47": [{"child": "1", "on": "2024-06-20", "conference_on": "2024-07-08"}],
        "protection_plans": [{"child": "1", "began_on": "2024-07-08"}],
        "in_need_plans": [{"child": "9", "began_on": "2024-04-02"}],
        "care": [{"child": "9", "began_on": "2024-04-02"}],
    }
    return records_of(WHOLE, **(tables | changed))


def test_a_chain_from_referral_to_plan_is_read_stage_by_stage():
    """Each stay leads to the next one of the pathway."""
    spells = history(chain()).spells()
    ours = spells[spells["stage"].isin(["referral", "assessment", "section_47"])]
    assert list(ours["outcome"]) == ["assessment", "section_47", "child_protection_plan"]
    assert list(ours["next_stage"]) == ["assessment", "section_47", "child_protection_plan"]


def test_an_enquiry_before_the_assessment_is_completed_came_straight_from_the_referral():
    """And the assessment beside it is none of its own."""
    records = chain(section_47=[{"child": "1", "on": "2024-05-03", "conference_on": "2024-05-24"}])
    found = history(records)
    assert list(found.stays["referral"].outcome) == ["strategy_discussion"]
    assert len(found.stays["assessment"].child) == 0


@pytest.mark.parametrize(
    ("plan_on", "outcome"),
    [
        ("2024-08-19", "child_protection_plan"),  # 60 days after the enquiry
        ("2024-08-22", "child_protection_plan"),  # 63 days after it, 45 after the conference
        ("2024-08-23", "conference_without_plan"),
    ],
)
def test_a_plan_belongs_to_the_enquiry_up_to_the_last_day_of_the_windows(plan_on, outcome):
    """60 days from the enquiry, or 45 from the conference."""
    plans = [{"child": "1", "began_on": plan_on}]
    assert outcomes(chain(protection_plans=plans), "section_47") == [outcome]


def test_a_further_assessment_beside_a_plan_is_a_reassessment():
    """Unless a referral since the plan began led to it."""
    tables = {
        "assessments": [{"child": "1", "began_on": "2024-10-01", "ended_on": "2024-11-01"}],
        "in_need_plans": [{"child": "1", "began_on": "2024-08-01"}],
    }
    again = history(records_of(WHOLE, **tables))
    assert len(again.stays["reassessment"].child) == 1
    assert len(again.stays["assessment"].child) == 0
    tables["referrals"] = [{"child": "1", "on": "2024-09-28"}]
    new = history(records_of(WHOLE, **tables))
    assert len(new.stays["assessment"].child) == 1


def test_what_no_return_asks_is_neither_yes_nor_no():
    """Without a list of plans nothing is said of what came of an assessment."""
    tables = {"assessments": [{"child": "1", "began_on": "2024-05-01", "ended_on": "2024-06-01"}]}
    assert outcomes(records_of(WHOLE, **tables), "assessment") == [NOT_ASKED]


def test_what_is_recent_is_too_recent():
    """Completed ten days before the extract: nothing followed yet."""
    late = [{"child": "1", "began_on": "2025-02-01", "ended_on": "2025-03-21"}]
    plans = [{"child": "9", "began_on": "2024-07-08"}]
    records = chain(assessments=late, protection_plans=plans)
    assert outcomes(records, "assessment") == [TOO_RECENT]


def test_every_outcome_is_one_of_the_pathway_or_says_that_it_is_not_known():
    """Stage by stage."""
    allowed = {OPEN, TOO_RECENT, NOT_ASKED, "grown_up"}
    for stage, stays in history(chain()).stays.items():
        if stage in STAGE_NAMES and stage != "contact":
            words = {end.outcome for end in stage_named(stage).ends}
            assert set(stays.outcome) <= words | allowed


def test_a_history_shows_counts_and_nobody():
    """Neither id nor date of birth stands in what is printed."""
    records = records_of(
        WHOLE,
        children=[{"child": "SECRET77", "birth_on": "2019-11-23"}],
        referrals=[{"child": "SECRET77", "on": "2024-05-01"}],
    )
    found = history(records)
    for shown in (repr(found), str(found), repr(found.cleaned), repr(found.stays["referral"])):
        assert "SECRET77" not in shown
        assert "2019-11-23" not in shown
        assert "18223" not in shown  # the same day, as a number


def test_no_records_give_an_empty_history():
    """No table, no stay, no error."""
    found = history(Records())
    assert len(found.events) == 0
    assert len(found.spells()) == 0


def test_a_list_of_contacts_that_goes_back_evenly_is_complete_from_its_first_rows():
    """Six months are asked for and the list holds a year of them; a few strays are not a year."""
    days = pd.date_range("2024-04-01", "2025-03-31", freq="D")
    rows = pd.DataFrame({"child": [str(k) for k in range(len(days))], "on": days, "file": "a"})
    span = [Covered("contacts", "a", pd.Timestamp("2024-10-01"), pd.Timestamp("2025-03-31"))]
    found = history(Records({"contacts": typed("contacts", rows)}, span)).cleaned
    assert found.windows["contacts"][0] == days[0].to_datetime64().astype("datetime64[D]").astype(
        int
    )
    few = rows[(rows["on"] >= "2024-10-01") | (rows.index % 20 == 0)]
    strays = history(Records({"contacts": typed("contacts", few)}, span)).cleaned
    assert not strays.longer


def test_the_search_finds_what_a_slow_one_finds():
    """The first record of the same child in a window, against a loop."""
    luck = np.random.default_rng(3)
    child, other = luck.integers(0, 6, 80), luck.integers(0, 6, 90)
    on, other_on = luck.integers(-50, 50, 80), luck.integers(-50, 50, 90)
    other_on[:5] = UNKNOWN
    position, day = first_within(child, on, on + 7, other, other_on)
    for k in range(80):
        days = [d for c, d in zip(other, other_on, strict=True) if c == child[k]]
        inside = [d for d in days if on[k] <= d <= on[k] + 7]
        assert day[k] == (min(inside) if inside else NEVER)
        assert not inside or (other[position[k]], other_on[position[k]]) == (child[k], min(inside))


def test_a_spell_is_open_from_its_first_day_to_its_last():
    """Both included; a later one of the same child hides an earlier."""
    on = np.array([9, 10, 20, 21, 35])
    since = open_since(
        np.zeros(5, int), on, np.array([0, 0]), np.array([10, 30]), np.array([20, NEVER])
    )
    assert list(since) == [NEVER, 10, 10, NEVER, 30]


def test_records_of_one_event_share_a_number():
    """Same day always; near days only across files; another child never."""
    child, on = np.array([1, 1, 1, 1, 2]), np.array([5, 5, 7, 30, 5])
    assert list(same_event(child, on, np.array([0, 0, 1, 1, 0]))) == [0, 0, 0, 1, 2]
    assert list(same_event(child, on, np.zeros(5, int))) == [0, 0, 1, 2, 3]
