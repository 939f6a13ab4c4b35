"""The project's knobs: what each moves, that shares stay shares, and that faults are named."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import parameters
from model.calibrate.knobs import load_discrepancies, load_knobs, scales, without
from model.errors import InputError
from model.measures import MEASURES
from model.parameters.catalogue import SPECS, Kind
from model.parameters.knobs import read_knobs
from model.parameters.values import leaves
from model.turning import turned

AREAS = {name: parameters.load(name) for name in parameters.areas()}


def test_there_are_at_most_a_dozen_and_each_is_shown_by_something():
    knobs = load_knobs()
    assert len(knobs) <= 12
    for knob in knobs:
        assert knob.shown_by and set(knob.shown_by) <= set(MEASURES)
        assert knob.title and knob.note


@given(logs=st.lists(st.floats(-2.5, 2.5), min_size=12, max_size=12))
@settings(max_examples=25)
def test_shares_stay_shares_however_far_knobs_are_turned(logs):
    knobs = load_knobs()
    for known in AREAS.values():
        moved = turned(known, knobs, np.exp(logs).tolist())
        for knob in knobs:
            for name in knob.parameters:
                spec, entry = SPECS[name], moved[name]
                for _, leaf in leaves(entry.value, len(entry.by)):
                    if spec.kind is Kind.SPLIT:
                        assert sum(leaf.values()) == pytest.approx(1)
                        assert all(0 <= share <= 1 for share in leaf.values())
                    if spec.kind is Kind.SHARE:
                        assert 0 <= leaf <= 1


def test_a_factor_on_a_split_is_one_on_its_odds_and_leaves_the_others_alone():
    knobs = [knob for knob in load_knobs() if knob.name == "strategy_discussion"]
    before = AREAS["sefton"]["referral.ends"].value
    after = turned(AREAS["sefton"], knobs, [2.0])["referral.ends"].value
    odds = [
        v["ordinary"]["strategy_discussion"] / v["ordinary"]["assessment"] for v in (before, after)
    ]
    assert odds[1] == pytest.approx(2 * odds[0])
    assert after["ordinary"]["no_further_action"] == before["ordinary"]["no_further_action"]
    assert after["disabled"] == before["disabled"], "only the streams that it names"


def test_ranges_are_the_5th_and_95th_percentile():
    mean, sd = scales(load_knobs())
    knob = load_knobs()[0]
    assert np.exp(mean[0] + 1.6448536 * sd[0]) == pytest.approx(knob.high)
    assert np.exp(mean[0] - 1.6448536 * sd[0]) == pytest.approx(knob.low)


def test_knobs_of_what_was_estimated_are_not_fitted_again():
    left = without(load_knobs(), ["assessment.ends", "looked_after.pace"])
    assert {knob.name for knob in load_knobs()} - {knob.name for knob in left} == {
        "assessment_to_plan",
        "care_entry",
        "looked_after_pace",
    }


def test_every_kind_of_figure_has_a_discrepancy():
    assert set(load_discrepancies()) == {"flow", "stock", "share"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('parameter = "return.pase"', "return.pace"),
        ('parameter = "return.pace"\noutcomes = ["closes"]', "it is one number"),
        ('parameter = "section_47.ends"\noutcomes = ["care_entry"]', "against"),
        (
            'parameter = "section_47.ends"\noutcomes = ["care"]\nagainst = ["care_entry"]',
            "care_entry",
        ),
        ('parameter = "return.pace"\nonly = ["disabled"]', "no streams"),
        ('parameter = "assessment.duration"', "that a knob can move|unknown"),
    ],
)
def test_a_knob_that_cannot_be_is_refused(tmp_path: Path, text, words):
    path = tmp_path / "knobs.toml"
    path.write_text(f'[one]\ntitle = "One"\nlow = 0.5\nhigh = 2.0\n[[one.moves]]\n{text}\n')
    with pytest.raises(InputError, match=words):
        read_knobs(path)


def test_a_range_without_one_and_a_thirteenth_knob_are_refused(tmp_path: Path):
    move = '[[{0}.moves]]\nparameter = "return.pace"\n'
    entry = '[{0}]\ntitle = "One"\nlow = {1}\nhigh = 2.0\n' + move
    path = tmp_path / "knobs.toml"
    path.write_text(entry.format("one", 1.5))
    with pytest.raises(InputError, match="0 < low < 1 < high"):
        read_knobs(path)
    path.write_text("".join(entry.format(f"knob_{k}", 0.5) for k in range(13)))
    with pytest.raises(InputError, match="at most 12"):
        read_knobs(path)
