"""Estimates from returns: shaped as parameter files, honest about what was not learnt."""

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest

from model import parameters
from model.calibrate.counted import TARGET_COLUMNS, years_of
from model.calibrate.decisions import of_children, of_families
from model.calibrate.durations import unsmeared, working_days_between
from model.calibrate.entries import as_stated, entry, released
from model.calibrate.estimates import estimate
from model.calibrate.shrinkage import council_factor, leaned, mixed, worth_between
from model.errors import InputError, Where
from model.measures import MEASURES
from model.parameters.catalogue import spec_named
from model.parameters.values import Bands, check_value
from model.returns.records import Covered, Records, typed

FIRST, LAST = pd.Timestamp("2022-04-01"), pd.Timestamp("2025-03-31")
DAYS = (LAST - FIRST).days + 1
POPULATION = 50_000


def made_up(seed=1, children=4_000):
    """Three years of every kind of record, with no pattern to speak of."""
    luck = np.random.default_rng(seed)
    names = np.array([f"PRIVATE{k}" for k in range(children)])

    def on(count):
        return FIRST + pd.to_timedelta(luck.integers(0, DAYS, count), unit="D")

    def spells(table, count, mean, **more):
        began = FIRST + pd.to_timedelta(luck.integers(-365, DAYS, count), unit="D")
        ended = pd.Series(began + pd.to_timedelta(luck.exponential(mean, count) // 1, unit="D"))
        ended = ended.mask(ended > LAST)
        rows = pd.DataFrame({"child": luck.choice(names, count), "began_on": began, **more})
        rows["ended_on"] = ended
        return table, rows[ended.isna() | (ended >= FIRST)]

    births = FIRST - pd.to_timedelta(luck.integers(0, 6_000, children), unit="D")
    enquiry = on(800)
    met = pd.Series(enquiry + pd.to_timedelta(luck.integers(5, 25, 800), unit="D"))
    tables = dict(
        (
            ("children", pd.DataFrame({"child": names, "birth_on": births})),
            (
                "contacts",
                pd.DataFrame(
                    {
                        "child": luck.choice(names, 6_000),
                        "on": on(6_000),
                        "source": luck.choice(["police", "school", "health"], 6_000),
                    }
                ),
            ),
            (
                "referrals",
                pd.DataFrame(
                    {
                        "child": luck.choice(names, 2_000),
                        "on": on(2_000),
                        "no_further_action": luck.uniform(size=2_000) < 0.1,
                    }
                ),
            ),
            (
                "section_47",
                pd.DataFrame(
                    {
                        "child": luck.choice(names, 800),
                        "on": enquiry,
                        "conference_on": met.mask((luck.uniform(size=800) < 0.6) | (met > LAST)),
                    }
                ),
            ),
            spells("assessments", 1_800, 40),
            spells("in_need_plans", 700, 200),
            spells("protection_plans", 500, 250),
            spells("in_need", 1_500, 250, need="N1"),
            spells("early_help", 600, 50, lead="partner"),
            spells("care", 500, 500, began="S", ended="E4A", placement="kinship"),
        )
    )
    typed_tables = {name: typed(name, rows.assign(file=name)) for name, rows in tables.items()}
    open_care = typed_tables["care"]["ended_on"].isna()
    typed_tables["care"]["ended"] = typed_tables["care"]["ended"].mask(open_care, "")
    spans = [Covered(name, name, FIRST, LAST) for name in tables if name != "children"]
    return Records(typed_tables, spans)


@pytest.fixture(scope="module")
def template():
    """England's parameters."""
    return parameters.load("england")


@pytest.fixture(scope="module")
def found(template):
    """What is estimated from made-up returns."""
    return estimate(made_up(), template, POPULATION, completion="assessment", resamples=40)


def test_every_entry_is_what_a_parameter_file_may_state(found, template):
    """Value, unit and attributes pass the checks of the files; ranges hold 1."""
    assert len(found.entries) >= 20
    for one in found.entries.values():
        spec = spec_named(one.name)
        assert spec is not None
        check_value(one.value, spec, one.by, template.area.localities, Where("x", one.name))
        assert one.unit in spec.units
        assert tuple(dim for dim in spec.dims if dim in one.by) == one.by
        if one.uncertainty.distribution != "fixed":
            assert one.uncertainty.relative
            assert one.uncertainty.low < 1 < one.uncertainty.high
        else:
            assert one.grade in ("definition", "strong")


def test_the_template_takes_every_entry_as_its_own(found, template):
    """As the fit will do it, where the template nests by the same attributes."""
    same = {n: e.value for n, e in found.entries.items() if n in template}
    nested = {n: v for n, v in same.items() if template[n].by == found.entries[n].by}
    changed = template.with_values(nested)
    assert len(nested) >= 12
    assert changed["population.contacts_per_10000"].value["police"] > 0


def test_targets_are_measures_of_the_model_by_year(found):
    """Names, years, and an error for every figure."""
    rows = found.targets
    assert tuple(rows.columns) == TARGET_COLUMNS
    assert set(rows["measure"]) <= set(MEASURES)
    assert set(rows["year"]) == {2023, 2024, 2025}
    assert (rows["sd"] > 0).all()
    assert rows["complete"].all()
    assert not rows.duplicated(["measure", "year"]).any()
    counts = rows[rows["measure"] == "referrals"]
    assert counts["value"].sum() == pytest.approx(2_000, abs=8)
    assert (counts["value"] % 5 == 0).all()


def test_nothing_that_is_shown_names_a_child(found):
    """Entries, targets, notes and questions hold no id and no date of birth."""
    records = made_up()
    shown = repr(found) + found.targets.to_csv() + repr(found.entries) + str(found.questions)
    births = set(records["children"]["birth_on"].astype(str))
    assert "PRIVATE" not in shown
    spoken = {str(day.date()) for day in (*found.targets["first"], *found.targets["last"])}
    assert not [birth for birth in births - spoken if birth in shown]


def test_small_counts_do_not_leave(template):
    """Three children looked after: no count, and the caseload does not state them."""
    rows = pd.DataFrame({"child": ["a", "b", "c"], "began_on": FIRST, "file": "x"})
    records = Records({"care": typed("care", rows)}, [Covered("care", "x", FIRST, LAST)])
    few = estimate(records, template, POPULATION, resamples=5)
    assert "looked_after" not in few.entries[few.caseload_name].value
    assert few.targets.empty
    assert math.isnan(released(4))
    assert released(8) == 10


def test_what_no_return_shows_is_said(found):
    """Need at contact, step-down and the rest, each with why."""
    missing = {one.name: one.why for one in found.not_learnt}
    for name in ("population.need_at_contact", "population.children_per_family", "step_down.ends"):
        assert missing[name]
    assert not set(missing) & set(found.entries)


def test_a_return_that_is_not_there_leaves_its_numbers_to_the_template(template):
    """Contacts alone: no rates, and it says which list is missing."""
    tables = {name: t for name, t in made_up().tables.items() if name in ("contacts", "children")}
    few = estimate(
        Records(tables, [Covered("contacts", "contacts", FIRST, LAST)]),
        template,
        POPULATION,
        resamples=5,
    )
    assert "population.contacts_per_10000" in few.entries
    assert "looked_after.yearly_rates" not in few.entries
    missing = {one.name: one.why for one in few.not_learnt}
    assert "section 47" in missing["referral.ends"]


def test_a_meaning_that_nobody_told_is_a_question(template):
    """The completion date of early help: decided by evidence, and asked."""
    asked = estimate(made_up(), template, POPULATION, resamples=5)
    assert asked.completion == "assessment"  # 50 days on average
    assert any("completion='intervention'" in question for question in asked.questions)
    told = estimate(made_up(), template, POPULATION, completion="intervention", resamples=5)
    assert not any("completion=" in question for question in told.questions)
    assert "early_help_plan.pace" in told.entries
    assert "early_help_assessment.duration" not in told.entries


def test_a_row_that_is_a_family_counts_for_its_children(template):
    """One and a half children are contacted for each family in the template."""
    one, other = (
        estimate(made_up(), template, POPULATION, contact_unit=unit, resamples=5).entries[
            "population.contacts_per_10000"
        ]
        for unit in ("child", "family")
    )
    assert other.value["police"] == pytest.approx(1.5 * one.value["police"], rel=1e-4)


def test_the_same_records_give_the_same_estimates(found, template):
    """To the last digit, ranges included."""
    again = estimate(made_up(), template, POPULATION, completion="assessment", resamples=40)
    assert again.entries == found.entries
    pd.testing.assert_frame_equal(again.targets, found.targets)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"population_0_17": 0}, "above 0"),
        ({"completion": "closure"}, "'intervention'"),
        ({"contact_unit": "household"}, "'family'"),
        ({"records": Records()}, "at least one return"),
    ],
)
def test_what_cannot_be_estimated_is_refused(template, changed, says):
    """With what is allowed."""
    asked = {"records": made_up(), "population_0_17": POPULATION} | changed
    records, population = asked.pop("records"), asked.pop("population_0_17")
    with pytest.raises(InputError, match=says):
        estimate(records, template, population, resamples=2, **asked)


def test_progress_is_told_to_the_end(template):
    """Steps done, of all."""
    steps = []
    estimate(
        made_up(), template, POPULATION, resamples=2, progress=lambda done, all_: steps.append(done)
    )
    assert steps == list(range(9))


# --- leaning on the template -----------------------------------------------------------------


def test_no_events_give_the_nation_and_many_the_council_itself():
    """The two ends of shrinkage, and half-way where events weigh as much as the prior."""
    assert leaned(np.array(0.0), np.array(0.0), 1.3, 20.0) == pytest.approx(1.3)
    assert leaned(np.array(2e6), np.array(1e6), 1.0, 20.0) == pytest.approx(2, rel=1e-4)
    assert leaned(np.array(40.0), np.array(20.0), 1.0, 20.0) == pytest.approx(1.5)
    assert council_factor(np.zeros((3, 1)), np.zeros((3, 1)))[0, 0] == 1
    assert mixed(np.zeros(2), np.array([0.3, 0.7])).tolist() == [0.3, 0.7]
    assert mixed(np.array([1e6, 3e6]), np.array([0.5, 0.5]))[0] == pytest.approx(0.25, rel=1e-4)


def test_a_council_plainly_unlike_the_nation_leans_on_it_less():
    """3,000 events where the nation has 4: the council is right."""
    seen, expected = np.full((2, 1), 3_000.0), np.full((2, 1), 4.0)
    assert council_factor(seen, expected)[0, 0] > 0.9 * 750


def test_cells_that_are_alike_lean_more_than_cells_that_differ():
    """Learnt from the counts alone."""
    luck = np.random.default_rng(7)
    expected = np.full(40, 50.0)
    alike = luck.poisson(expected).astype(float)
    differ = luck.poisson(expected * luck.gamma(4, 1 / 4, 40)).astype(float)
    assert worth_between(alike, expected, 1.0) > 100
    assert worth_between(differ, expected, 1.0) < 10


def test_an_estimate_from_few_says_so():
    """Grade and range follow from the number behind them."""
    few = entry("return.pace", 1.2, (), "ratio", 0.3, 12, 0.6, "Seen.")
    many = entry("return.pace", 1.2, (), "ratio", 0.02, 1_200, 0.02, "Seen.")
    assert (few.grade, many.grade) == ("weak", "moderate")
    assert few.uncertainty.high > 1.5 > many.uncertainty.high
    assert "60%" in few.note
    assert "about 10 events" in few.note


def test_splits_still_add_up_when_their_digits_are_cut():
    """Thirds."""
    stated = as_stated(dict.fromkeys("abc", 1 / 3))
    assert math.fsum(stated.values()) == 1
    bands = as_stated(Bands((0.0, 1.0, 2.0), "weeks", (1 / 3, 1 / 3, 1 / 3), 5.0))
    assert math.fsum(bands["shares"]) == 1


# --- small parts ------------------------------------------------------------------------------


def test_working_days_count_from_the_day_after():
    """Friday to Monday is one, the same day none, over Easter 2024 four less weekends."""

    def day(text):
        return np.array([(date.fromisoformat(text) - date(1970, 1, 1)).days])

    assert working_days_between(day("2024-05-10"), day("2024-05-13")).tolist() == [1]
    assert working_days_between(day("2024-05-10"), day("2024-05-10")).tolist() == [0]
    assert working_days_between(day("2024-03-28"), day("2024-04-02")).tolist() == [1]


def test_whole_days_are_taken_apart_again():
    """Even ends over 10 and then 20 days, counted in whole days, give the bands back."""
    luck = np.random.default_rng(9)
    length = np.where(luck.uniform(size=400_000) < 0.6, 0.0, 10.0)
    length = length + luck.uniform(size=400_000) * np.where(length == 0, 10.0, 20.0)
    counted = np.floor(luck.uniform(size=400_000) + length)
    edges = np.array([0.0, 10.0, 30.0])
    gone = np.array([[(counted <= edge).mean() for edge in edges[1:]]])
    assert unsmeared(gone, edges, None)[0] == pytest.approx([0, 0.6, 1], abs=0.004)
    assert gone[0, 0] > 0.607


def test_shares_of_families_and_of_their_children_lead_back_to_each_other():
    """A family enters care with some of its children; the others go on to a plan."""
    outcomes = ["care_entry", "child_protection_plan", "conference_without_plan"]
    outcomes += ["child_in_need_plan", "not_substantiated"]
    families = np.array([[0.05, 0.25, 0.1, 0.2, 0.4]])
    children = of_children(families, "section_47", outcomes, 0.75)
    assert children[0, 0] == pytest.approx(0.0375)
    assert children.sum() == pytest.approx(1)
    assert of_families(children, "section_47", outcomes, 0.75)[0] == pytest.approx(families[0])


def test_years_run_from_april_and_parts_of_them_are_marked():
    """A window from January to September 2024 touches two years, neither whole."""

    def day(text):
        return int(np.datetime64(text, "D").astype(int))

    parts = years_of((day("2024-01-01"), day("2024-09-30")))
    assert [(one.year, one.complete) for one in parts] == [(2024, False), (2025, False)]
    whole = years_of((day("2023-04-01"), day("2024-03-31")))
    assert [(one.period, one.complete) for one in whole] == [("2023-24", True)]
