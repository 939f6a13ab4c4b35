"""Synthetic returns say what the run's measures say, and hold nothing that cannot be."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from model.errors import InputError
from model.measures import measure
from model.measures.countings import Completed, Sum
from model.measures.tallies import view_of
from model.synthesise import synthesise, write
from model.synthesise.area_runs import read_values, ready
from model.synthesise.codes import NO_CONTACT
from tests.returns.synthetic_run import MARCHES, by_year, measured, returns, run, tables


def from_the_run(table: pd.DataFrame) -> pd.DataFrame:
    return table[~table["from_before"]]


# --- counts are the measures' ---------------------------------------------------------------------


def test_list_1_holds_every_contact_but_those_that_do_not_come_to_the_front_door():
    calendar, rows = run().prepared.network.calendar, run().rows

    table = measure(rows, calendar, "contacts", "statistics_year", ("source",), "children")
    front_door = table[~table["source"].isin(NO_CONTACT)]
    expected = front_door.groupby("period").sum(numeric_only=True).iloc[:, -1].round().tolist()
    assert by_year(returns().newest[1]["Date of Contact"]) == expected


@pytest.mark.parametrize(
    ("number", "column", "name"),
    [
        (3, "Date of referral", "referrals"),
        (5, "Strategy discussion initiating Section 47 Enquiry Start Date", "section_47_enquiries"),
        (2, "Assessment start date", "early_help_started"),
    ],
)
def test_what_began_in_a_year_is_as_the_run_measures_it(number, column, name):
    assert by_year(returns().newest[number][column]) == measured(name)


def test_referrals_without_further_action_are_as_measured():
    table = tables()["referrals"]
    closed = table[table["no_further_action"]]
    assert by_year(closed["decided"]) == measured("referrals_no_further_action")
    latest = returns().newest[3]
    marked = latest[latest["Referral NFA?"] == "a) Yes"]
    assert len(marked) == (closed["on"] >= pd.Timestamp(run().start)).sum()


def test_assessments_are_as_measured_but_for_children_who_left_before_the_end():

    after_referral = Sum(
        (Completed("assessment"), Completed("section_47", straight_from="referral"))
    )
    view = view_of(run().rows, (), "statistics_year")
    expected = after_referral.tally(view, run().prepared.network.calendar, "children")
    table = tables()["assessments"]
    counted = table[(table["kind"] != "again") & ~table["left_early"]]
    assert by_year(counted["ended"]) == expected.sum(axis=0).round().astype(int).tolist()
    beside = table[table["kind"] == "again"]
    row = run().rows_in("reassessment")
    assert len(beside) == run().rows.children[row].sum()


def test_conferences_are_as_measured_but_for_children_left_at_home_when_one_enters_care():
    table = tables()["section_47"]
    counted = table[table["conference"] & ~table["stays_home"]]
    assert by_year(counted["ended"]) == measured("initial_conferences")


def test_the_census_of_each_year_counts_what_the_run_measures():
    started, ended = measured("children_in_need_started"), measured("children_in_need_ended")
    plans, plans_ended = (
        measured(f"child_protection_plans_{word}") for word in ("started", "ended")
    )
    enquiries, in_need = measured("section_47_enquiries"), measured("children_in_need")
    for k, year in enumerate(MARCHES):
        parts = returns().census[year]
        details = parts["CINdetails"]
        assert by_year(details["CINreferralDate"])[k] == started[k]
        nfa = details["ReferralNFA"] == "1"
        decided = tables()["in_need"]
        decided = decided[decided["no_further_action"]]
        assert by_year(details["CINclosureDate"])[k] + by_year(decided["ended"])[k] == ended[k]
        assert (details["CINclosureDate"].isna() & ~nfa).sum() == in_need[k]
        assert by_year(parts["ChildProtectionPlans"]["CPPstartDate"])[k] == plans[k]
        assert by_year(parts["ChildProtectionPlans"]["CPPendDate"])[k] == plans_ended[k]
        assert by_year(parts["Section47"]["S47ActualStartDate"])[k] == enquiries[k]


def test_child_in_need_plans_are_as_measured_but_for_disabled_children():
    table = tables()["in_need_plans"]
    ordinary = from_the_run(table[table["need"] != "N2"])
    assert by_year(ordinary["began"]) == measured("child_in_need_plans_started")
    assert len(table[table["need"] == "N2"]) > 0


def test_each_ssda903_counts_who_started_ceased_and_was_there_as_measured():
    started, ceased = measured("looked_after_started"), measured("looked_after_ceased")
    there = measured("looked_after")
    shifted = days_that_moved()
    for k, year in enumerate(MARCHES):
        episodes = returns().ssda903[year]["episodes"]
        firsts = episodes[episodes["RNE"] == "S"]
        lasts = episodes[episodes["REC"].notna() & (episodes["REC"] != "X1")]
        assert abs(by_year(firsts["DECOM"])[k] - started[k]) <= shifted
        assert abs(by_year(lasts["DEC"])[k] - ceased[k]) <= shifted
        assert abs(episodes["DEC"].isna().sum() - there[k]) <= shifted


def days_that_moved() -> int:
    """Periods that would change their year: care before birth, or after the 18th birthday."""
    spans = run().spans(run().rows_in("looked_after"))
    care = tables()["care"].drop_duplicates("period")[["child", "period_began", "period_ended"]]

    def years(days: pd.Series) -> np.ndarray:
        return np.where(days.isna(), 0, days.dt.year + (days.dt.month > 3))

    ours, theirs = (
        set(zip(table["child"], years(table[began]), years(table[ended]), strict=True))
        for table, began, ended in (
            (care, "period_began", "period_ended"),
            (spans, "began", "ended"),
        )
    )
    moved = len(theirs - ours)
    assert moved <= 3  # else the reasons above are not all
    return moved


def test_lists_7_to_9_hold_who_is_open_as_measured():
    lists = returns().newest
    there = lists[8]["Date Ceased to be Looked After"].isna().sum()
    assert abs(there - measured("looked_after")[-1]) <= days_that_moved()
    assert len(lists[9]) == measured("care_leavers_supported")[-1]
    plans = lists[7]["Child Protection Plan End Date"].isna().sum()
    assert plans + in_pre_proceedings_without_plan() == measured("child_protection_plans_open")[-1]


def in_pre_proceedings_without_plan() -> int:
    there = run().spans(run().rows_in("pre_proceedings"))
    there = set(there[there["ended"].isna()]["child"])
    plans = tables()["protection_plans"]
    return len(there - set(plans[plans["ended"].isna()]["child"]))


def test_moves_are_as_measured_but_for_two_on_one_day():
    care = tables()["care"]
    moved = care[care["rne"].isin(["P", "B"])]
    expected = measured("placement_moves")
    assert all(0 <= b - a <= 2 for a, b in zip(by_year(moved["began"]), expected, strict=True))


# --- nothing that cannot be -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "began", "ended"),
    [
        ("early_help", "began", "assessed"),
        ("early_help", "assessed", "ended"),
        ("referrals", "on", "decided"),
        ("assessments", "began", "ended"),
        ("section_47", "on", "ended"),
        ("in_need", "began", "ended"),
        ("in_need_plans", "began", "ended"),
        ("protection_plans", "began", "ended"),
        ("care", "began", "ended"),
        ("care", "period_began", "period_ended"),
    ],
)
def test_nothing_ends_before_it_begins(table, began, ended):
    found = tables()[table].dropna(subset=[began, ended])
    assert len(found) and (found[ended] >= found[began]).all()


def test_a_child_is_in_one_episode_of_care_at_a_time():
    care = tables()["care"].sort_values(["child", "began", "ended"], kind="stable")
    same = care["child"].to_numpy()[1:] == care["child"].to_numpy()[:-1]
    ended, began = care["ended"].to_numpy()[:-1][same], care["began"].to_numpy()[1:][same]
    assert not np.isnat(ended).any()
    assert (ended <= began).all()
    follows = care["rec"].to_numpy()[:-1][same] == "X1"
    assert (ended[follows] == began[follows]).all()
    started_anew = care["rne"].to_numpy()[1:][same] == "S"
    assert (started_anew == ~follows).all()


def test_everything_in_the_census_lies_in_its_episode_of_need():
    for year in MARCHES:
        parts = returns().census[year]
        details = parts["CINdetails"].set_index("episode")
        for name, column in (
            ("Assessments", "AssessmentActualStartDate"),
            ("Assessments", "AssessmentAuthorisationDate"),
            ("CINPlanDates", "CINPlanStartDate"),
            ("CINPlanDates", "CINPlanEndDate"),
            ("Section47", "S47ActualStartDate"),
            ("Section47", "DateOfInitialCPC"),
            ("ChildProtectionPlans", "CPPstartDate"),
            ("ChildProtectionPlans", "CPPendDate"),
        ):
            part = parts[name].dropna(subset=[column])
            episode = details.loc[part["episode"]]
            assert (part[column].to_numpy() >= episode["CINreferralDate"].to_numpy()).all()
            closed = episode["CINclosureDate"].notna().to_numpy()
            last = episode["CINclosureDate"].to_numpy()[closed]
            assert (part[column].to_numpy()[closed] <= last).all(), (year, name, column)


def test_nobody_is_looked_after_before_birth_or_after_turning_18():
    care = tables()["care"]
    born = pd.Series(run().everyone.born[care["child"].to_numpy()])
    assert (care["began"] >= born).all()
    adult = born + pd.DateOffset(years=18)
    assert (care["ended"].dropna() <= adult[care["ended"].notna()]).all()


def test_a_child_who_comes_back_keeps_its_id_and_no_two_children_share_one():
    everyone = run().everyone
    assert len(set(everyone.id)) == len(everyone.id)
    assert returns().newest[1]["Child Unique ID"].duplicated().any()
    in_care = set(returns().newest[8]["Child Unique ID"])
    assert in_care & set(returns().ssda903[2025]["header"]["CHILD"])
    births = {}
    for table in returns().newest.values():
        for one, born in zip(table["Child Unique ID"], table["Date of Birth"], strict=True):
            assert births.setdefault(one, born) == born


def test_nothing_is_known_after_the_day_of_the_extract():
    found = returns(extract_date="2024-02-15", window_months=6)
    last, first = date(2024, 2, 15), date(2023, 8, 16)
    for table in found.newest.values():
        for column in table.columns.difference(["Date of Birth"]):
            days = [cell for cell in table[column] if isinstance(cell, date)]
            assert not days or max(days) <= last
    assert min(found.newest[1]["Date of Contact"]) >= first
    closed = found.newest[6]["CIN Closure Date"].dropna()
    assert min(closed) >= first
    assert not found.newest[6]["Child Unique ID"].duplicated().any()


def test_extracts_stand_end_to_end_and_lose_nothing():
    found = returns(window_months=6).annex_a
    assert (min(found), max(found), len(found)) == ("2022-09-30", "2025-03-31", 6)
    whole = returns().newest
    for number in (1, 3):
        assert sum(len(lists[number]) for lists in found.values()) == len(whole[number])
    care = {one for lists in found.values() for one in lists[8]["Child Unique ID"]}
    assert care == set(whole[8]["Child Unique ID"])


def test_unborn_children_have_the_day_they_are_expected():
    day = pd.Timestamp(run().end).date()
    unborn = [one for one in returns().newest[1].itertuples(index=False) if one[3] >= day]
    assert unborn and all(one[4] == -1 and one[1].startswith("c)") for one in unborn)


def test_completion_ends_the_assessment_or_the_intervention_as_asked():
    by_assessment = returns().newest[2]["Assessment completion date"]
    by_help = returns(completion="intervention").newest[2]["Assessment completion date"]
    goes_on = tables()["early_help"]["ended"].isna().sum()
    assert by_help.isna().sum() == goes_on > by_assessment.isna().sum() > 0


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("choices", "says"),
    [
        ({"extract_date": "2026-01-01"}, "2022-04-01 to 2025-03-31"),
        ({"window_months": 40}, "1 to 36 months"),
        ({"completion": "both"}, "assessment"),
        ({"faults": "some"}, "few"),
    ],
)
def test_what_cannot_be_is_refused(choices, says):
    one = run()
    with pytest.raises(InputError, match=says):
        synthesise(one.prepared, one.rows, one.cases, **choices)


def test_a_folder_with_anything_else_is_refused_and_left_alone(tmp_path):
    (tmp_path / "letter.txt").write_text("keep me")
    with pytest.raises(InputError, match=r"letter\.txt"):
        write(returns(), tmp_path, ("ssda903",))
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_an_area_of_another_size_has_as_many_fewer_children_and_places():
    half = ready("sefton", start=date(2022, 4, 1), years=1, size=0.5).inputs
    whole = ready("sefton", start=date(2022, 4, 1), years=1).inputs
    for name in ("population.children_0_17", "capacity.in_house_foster"):
        assert half.number(name) == pytest.approx(whole.number(name) / 2)
    each = "capacity.families_per_key_worker"
    assert half.number(each) == whole.number(each)
    tiny = ready("sefton", start=date(2022, 4, 1), years=1, size=0.01).inputs
    assert tiny.number("capacity.screening_officers") == 1


def test_other_values_are_read_as_the_files_write_them():
    assert read_values(["return.pace=1.2"]) == {"return.pace": 1.2}
    assert read_values(["a.b={x = 1, y = 2}"]) == {"a.b": {"x": 1, "y": 2}}
    with pytest.raises(InputError, match="--parameter"):
        read_values(["return.pace"])
