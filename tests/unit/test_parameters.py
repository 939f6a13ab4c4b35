"""An analyst keeps the parameter files; every slip is named, with the file and the remedy."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import parameters, pathway
from model.errors import InputError, Where, nearest
from model.parameters import catalogue
from model.parameters.catalogue import SPECS, Kind
from model.parameters.evidence import check_evidence, check_uncertainty
from model.parameters.reading import read_toml
from model.parameters.values import Bands, Shape, check_value, dense, shape_of
from model.root import find
from tests.synthetic import AREA, CASELOAD, EVIDENCE, LOCALITIES, toml_value, write_synthetic_root

MODEL = Path(pathway.__file__).parent
FIXED = {"distribution": "fixed"}
SHAPE = "return.time_shape"


def each(name: str, value: object) -> dict[str, object]:
    """The same for every outcome of a parameter."""
    return dict.fromkeys(SPECS[name].outcomes, value)


def complaint(root: Path, *words: str) -> str:
    """Load the area, which must be refused in words that contain these; returns them."""
    with pytest.raises(InputError) as caught:
        parameters.load(AREA, root)
    message = str(caught.value)
    for word in words:
        assert word in message, message
    assert str(root) not in message, "an error names files from the project's folder"
    return message


def split(**shares: float) -> dict[str, float]:
    """The split of contacts, with some shares changed."""
    usual = {
        "early_help_door": 0.1,
        "moved_in_with_plan": 0.0,
        "moved_in_with_protection_plan": 0.0,
        "to_screening": 0.9,
    }
    return usual | shares


# --- a complete set ------------------------------------------------------------------------------


def test_a_complete_set_loads_with_every_name_of_the_catalogue(tmp_path: Path) -> None:
    known = parameters.load(AREA, write_synthetic_root(tmp_path))
    assert set(known) == {*SPECS, CASELOAD}
    assert list(known)[: len(SPECS)] == list(SPECS), "in the catalogue's order"
    assert known.area.localities == LOCALITIES
    workers = known["capacity.social_workers"]
    assert (workers.value, workers.unit, workers.grade) == (
        40.0,
        "full-time equivalents",
        "assumption",
    )
    assert workers.sources == ("invented",)
    assert workers.file == "parameters/areas/testshire.toml"
    assert (workers.price_year, workers.fitted_to, workers.note) == ("", (), "")
    assert known.sources["invented"].year == "2025"


def test_parameters_travel_to_a_worker_process(tmp_path: Path) -> None:
    known = parameters.load(AREA, write_synthetic_root(tmp_path))
    assert pickle.loads(pickle.dumps(known)) == known


def test_areas_are_listed_with_titles_and_those_that_others_build_on_are_not(
    tmp_path: Path,
) -> None:
    root = write_synthetic_root(tmp_path)
    folder = root / "parameters" / "areas"
    (folder / "england.toml").write_text(
        '[area]\ntitle = "England"\ncode = "E92000001"\nkind = "country"\n'
    )
    assert {name: area.title for name, area in parameters.areas(root).items()} == {
        AREA: "Testshire"
    }
    with pytest.raises(InputError, match=r"without localities.*testshire"):
        parameters.load("england", root)


def test_an_area_takes_from_the_one_it_extends_what_it_does_not_state(tmp_path: Path) -> None:
    root = write_synthetic_root(tmp_path)
    folder = root / "parameters" / "areas"
    own = folder / f"{AREA}.toml"
    (folder / "county.toml").write_text(own.read_text().replace("Testshire", "County", 1))
    places = {"unit": "places", **EVIDENCE, "value": 7}
    own.write_text(
        '[area]\ntitle = "Testshire"\ncode = "E1"\nkind = "town"\nextends = "county"\n'
        'localities = ["North", "South"]\n'
        f"[capacity]\nin_house_foster = {toml_value(places)}\n"
    )
    known = parameters.load(AREA, root)
    assert known["capacity.in_house_foster"].value == 7
    assert known["capacity.in_house_foster"].area == AREA
    assert known["capacity.agency_foster"].value == 20
    assert known["capacity.agency_foster"].area == "county"


def test_areas_that_extend_each_other_in_a_circle_are_refused(tmp_path: Path) -> None:
    root = write_synthetic_root(tmp_path)
    head = '[area]\ntitle = "A"\ncode = "E1"\nkind = "town"\nlocalities = ["N"]\nextends = '
    (root / "parameters/areas/one.toml").write_text(head + '"two"\n')
    (root / "parameters/areas/two.toml").write_text(head + '"one"\n')
    with pytest.raises(InputError, match="circle"):
        parameters.load("one", root)


def test_an_area_file_overrides_what_holds_everywhere(tmp_path: Path) -> None:
    root = write_synthetic_root(tmp_path)
    own = root / "parameters/areas" / f"{AREA}.toml"
    entry = {"unit": "families", **EVIDENCE, "value": 12}
    text = own.read_text() + f"\n[capacity.families_per_key_worker]\nvalue = {entry['value']}\n"
    text += "".join(
        f"{key} = {toml_value(found)}\n" for key, found in entry.items() if key != "value"
    )
    own.write_text(text)
    found = parameters.load(AREA, root)["capacity.families_per_key_worker"]
    assert (found.value, found.area) == (12, AREA)


# --- names ---------------------------------------------------------------------------------------


def test_a_missing_parameter_is_named_with_the_others_that_are_missing(tmp_path: Path) -> None:
    root = write_synthetic_root(tmp_path, **{"contact.ends": None, "screening.effort": None})
    complaint(root, "contact.ends", "screening.effort", "parameters/*.toml")


def test_a_parameter_that_the_area_must_state_is_asked_of_the_area(tmp_path: Path) -> None:
    root = write_synthetic_root(tmp_path, **{"capacity.key_workers": None})
    complaint(root, "parameters/areas/testshire.toml", "capacity.key_workers")


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("screening.efort", "screening.effort"),
        ("screning.effort", "screening"),
        ("caseload.on_2025_03_31", "caseload.at_YYYY_MM_DD"),
    ],
)
def test_an_unknown_name_is_met_with_the_nearest_right_one(
    tmp_path: Path, wrong: str, right: str
) -> None:
    root = write_synthetic_root(tmp_path, **{wrong: 1})
    complaint(root, "parameters/all.toml", wrong.split(".")[0], f"Did you mean {right!r}?")


def test_a_derived_share_is_not_written_by_hand(tmp_path: Path) -> None:
    root = write_synthetic_root(tmp_path, **{"screening.adopters_share": 0.2})
    complaint(root, "screening.officers_adopting")


def test_a_caseload_needs_a_day_that_exists(tmp_path: Path) -> None:
    root = write_synthetic_root(tmp_path, **{"caseload.at_2025_02_30": {"value": {}}})
    complaint(root, "caseload.at_2025_02_30", "a day that does not exist")


def test_one_name_in_two_files_names_both(tmp_path: Path) -> None:
    root = write_synthetic_root(tmp_path)
    (root / "parameters/again.toml").write_text((root / "parameters/all.toml").read_text())
    complaint(root, "parameters/all.toml", "parameters/again.toml", "each parameter once")


def test_what_each_area_states_does_not_stand_in_the_files_for_all(tmp_path: Path) -> None:
    root = write_synthetic_root(tmp_path)
    folder = root / "parameters"
    (folder / "more.toml").write_text(
        f"[capacity]\nkey_workers = {toml_value({'unit': 'x', **EVIDENCE, 'value': 1})}\n"
    )
    complaint(root, "parameters/more.toml", "capacity.key_workers", "areas")


@pytest.mark.parametrize(
    ("key", "remedy"), [("garde", "grade"), ("uncertianty", "uncertainty"), ("zzz", "Allowed")]
)
def test_an_unknown_key_in_an_entry_is_met_with_the_nearest(
    tmp_path: Path, key: str, remedy: str
) -> None:
    override = {"value": 40, key: "weak"}
    root = write_synthetic_root(tmp_path, **{"capacity.social_workers": override})
    complaint(root, f"capacity.social_workers.{key}", remedy)


@pytest.mark.parametrize("key", ["unit", "grade", "source", "uncertainty", "value"])
def test_every_entry_says_all_that_must_be_said(tmp_path: Path, key: str) -> None:
    root = write_synthetic_root(tmp_path)
    path = root / "parameters/more.toml"
    entry = {"unit": "ratio", **EVIDENCE, "value": 1}
    del entry[key]
    path.write_text(f"[return]\npace = {toml_value(entry)}\n")
    complaint(root, "parameters/more.toml", "return.pace", key)


def test_a_key_given_twice_is_named_with_file_and_line(tmp_path: Path) -> None:
    root = write_synthetic_root(tmp_path)
    path = root / "parameters/more.toml"
    path.write_text('[return.pace]\nunit = "ratio"\ngrade = "weak"\nunit = "ratio"\n')
    complaint(root, "parameters/more.toml", "'unit'", "second time", "line 4")
    path.write_text("[return.pace]\nvalue = [\n 1,\n]\nvalue = [\n 1,\n]\n")
    complaint(root, "'value'", "second time")
    path.write_text("[return.pace]\n[return.pace]\n")
    complaint(root, "'return.pace'", "second time")
    path.write_text("[return.pace]\nvalue = {a = 1, a = 2}\n")
    complaint(root, "second time")


def test_a_file_that_is_not_toml_is_named_with_the_line(tmp_path: Path) -> None:
    root = write_synthetic_root(tmp_path)
    (root / "parameters/more.toml").write_text("[return.pace]\nunit = ratio\n")
    complaint(root, "parameters/more.toml", "line 2", "unit = ratio")


def test_a_file_that_is_not_there_or_not_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.toml.*no such file"):
        read_toml(tmp_path / "gone.toml")
    (tmp_path / "bad.toml").write_bytes(b"a = '\xff'")
    with pytest.raises(InputError, match=r"bad\.toml.*UTF-8"):
        read_toml(tmp_path / "bad.toml")


# --- values --------------------------------------------------------------------------------------

WRONG: list[tuple[str, object, str]] = [
    ("screening.universal_uptake", 1.2, "at most 1"),
    ("screening.universal_uptake", -0.1, "at least 0"),
    ("screening.universal_uptake", True, "a number"),
    ("screening.universal_uptake", float("nan"), "a number"),
    ("screening.universal_uptake", float("inf"), "a number"),
    ("screening.universal_uptake", "half", "'half'"),
    ("capacity.social_workers", -1, "at least 0"),
    ("return.pace", 0, "above 0"),
    ("contact.ends", split(to_screening=0.8), "add up to 0.9"),
    ("contact.ends", split(to_screning=0.9), "Did you mean 'to_screening'?"),
    ("contact.ends", {"to_screening": 1.0}, "no outcome 'early_help_door'"),
    ("contact.ends", 0.5, "a table with early_help_door"),
    ("return.yearly_rates", {"comes_back": -0.1, "care_entry": 0.1}, "at least 0"),
    ("hazard_ratio.after_care", each("hazard_ratio.after_care", 0), "above 0"),
    ("screening.effort", {"edges_minutes": [0, 10], "shares": [0.9]}, "a sum of 1"),
    ("screening.effort", {"edges_minutes": [0, 10], "shares": [0.5, 0.5]}, "2 shares"),
    ("screening.effort", {"edges_minutes": [0], "shares": [1.0], "beyond_minutes": 0}, "above 0"),
    ("screening.effort", {"edges_minutes": [5, 10], "shares": [1.0]}, "start at 0"),
    ("screening.effort", {"edges_minutes": [0, 9, 9], "shares": [0.5, 0.5]}, "rise"),
    ("screening.effort", {"edges_hours": [0, 10], "shares": [1.0]}, "edges_minutes"),
    ("screening.effort", {"edges_minutes": [0, 10], "share": [1.0]}, "Did you mean 'shares'?"),
    ("screening.effort", {"shares": [1.0]}, "0 keys that start with 'edges_'"),
    ("screening.effort", {"edges_minutes": [], "shares": []}, "a list of numbers"),
    ("screening.effort", 30, "edges and shares"),
    ("return.time_shape", {"edges_weeks": [0, 9], **each(SHAPE, [1])}, "1 factors for 2"),
    ("return.time_shape", {"edges_weeks": [0]}, "no outcome 'comes_back'"),
    ("return.time_shape", 1.0, "edges and comes_back"),
    (
        "effect.universal_on_return",
        {"ratio": 0.9, "delay_weeks": 9, "full_until_weeks": 4, "gone_by_weeks": 52},
        "below 'delay_weeks'",
    ),
    ("population.locality_share", {"North": 0.5, "West": 0.5}, "unknown outcome 'West'"),
    (CASELOAD, {"looked_aftr": 3}, "Did you mean 'looked_after'?"),
]


@pytest.mark.parametrize(("name", "value", "words"), WRONG)
def test_an_impossible_value_is_refused_where_it_stands(
    tmp_path: Path, name: str, value: object, words: str
) -> None:
    root = write_synthetic_root(tmp_path, **{name: {"value": value}})
    complaint(root, f"{name}.value", words)


def test_a_value_nested_by_attributes_needs_each_of_their_values(tmp_path: Path) -> None:
    value = {"conventional": {"edges_minutes": [0, 10], "shares": [1.0]}}
    root = write_synthetic_root(
        tmp_path, **{"screening.effort": {"by": ["practice"], "value": value}}
    )
    complaint(root, "screening.effort.value", "no value of 'practice' 'below_threshold'")
    value["below_treshold"] = value["conventional"]
    root = write_synthetic_root(
        tmp_path, **{"screening.effort": {"by": ["practice"], "value": value}}
    )
    complaint(root, "Did you mean 'below_threshold'?")


@pytest.mark.parametrize(
    ("by", "words"),
    [
        (["needs"], "Did you mean 'need'?"),
        (["need", "practice"], "this order"),
        (["age"], "unknown attribute 'age'"),
        (["need", "need"], "that differ"),
    ],
)
def test_by_names_declared_attributes_in_their_order(
    tmp_path: Path, by: list[str], words: str
) -> None:
    override = {"by": by, "value": {}}
    root = write_synthetic_root(tmp_path, **{"screening.ends": override})
    complaint(root, "screening.ends.by", words)


def test_a_value_that_leaves_an_attribute_out_holds_for_all_of_its_values(tmp_path: Path) -> None:
    by_need = {
        need: {"referral": share, "already_open": 0.0, "advice_only": round(0.9 - share, 3)}
        | {"early_help_recommendation": 0.05, "universal_recommendation": 0.05}
        for need, share in zip(pathway.ATTRIBUTES["need"], (0.0, 0.1, 0.4, 0.9), strict=True)
    }
    override = {"by": ["need"], "value": by_need}
    known = parameters.load(AREA, write_synthetic_root(tmp_path, **{"screening.ends": override}))
    entry, spec = known["screening.ends"], SPECS["screening.ends"]
    array = dense(entry.value, spec, entry.by, LOCALITIES)
    assert array.shape == shape_of(spec, LOCALITIES) == (2, 4, 2, 5), "practice, need, locality"
    np.testing.assert_array_equal(
        array[:, :, :, 0], np.broadcast_to(np.array([0.0, 0.1, 0.4, 0.9])[None, :, None], (2, 4, 2))
    )
    np.testing.assert_allclose(array.sum(axis=-1), 1)


def test_bands_and_shapes_become_records(tmp_path: Path) -> None:
    known = parameters.load(AREA, write_synthetic_root(tmp_path))
    effort = known["screening.effort"].value
    assert effort == Bands((0, 20, 60), "minutes", (0.5, 0.5), None)
    duration = known["assessment.duration"].value
    assert duration == Bands((0, 10, 40), "working_days", (0.5, 0.4, 0.1), 10)
    assert known[SHAPE].value == Shape((0, 26, 104), "weeks", each(SHAPE, (1.5, 1.0, 0.5)))


@given(st.lists(st.integers(0, 20), min_size=4, max_size=4).filter(sum))
def test_any_split_that_adds_up_is_taken_as_it_is(weights: list[int]) -> None:
    spec = SPECS["contact.ends"]
    shares = dict(zip(spec.outcomes, (w / sum(weights) for w in weights), strict=True))
    assert check_value(shares, spec, (), LOCALITIES, Where("x")) == shares


# --- evidence ------------------------------------------------------------------------------------

UNCERTAIN: list[tuple[dict[str, object], str]] = [
    ({"distribution": "gamma", "low": 0, "high": 1}, "unknown kind 'gamma'"),
    ({"distribution": "unifrom", "low": 0, "high": 1}, "Did you mean 'uniform'?"),
    ({"distribution": "uniform", "low": 0.5}, "no key 'high'"),
    ({"distribution": "uniform", "low": 1, "high": 0}, "low below high"),
    ({"distribution": "uniform", "low": 50, "high": 60}, "lies outside"),
    ({"distribution": "uniform", "low": 1.1, "high": 1.3, "relative": True}, "with 1 in it"),
    ({"distribution": "uniform", "low": 0, "high": 1.3, "relative": True}, "above 0"),
    ({"distribution": "lognormal", "low": 0, "high": 60}, "above 0"),
    ({"distribution": "beta", "low": 0.1, "high": 60}, "0 to 1"),
    ({"distribution": "uniform", "low": 1, "high": 60, "relative": "yes"}, "true or false"),
    ({"distribution": "uniform", "low": 1, "high": 60, "lo": 1}, "unknown key 'lo'"),
    ({"distribution": "fixed"}, "only with the grade definition or strong"),
]


@pytest.mark.parametrize(("uncertainty", "words"), UNCERTAIN)
def test_a_distribution_that_contradicts_itself_or_the_value_is_refused(
    tmp_path: Path, uncertainty: dict[str, object], words: str
) -> None:
    override = {"value": 40, "uncertainty": uncertainty}
    root = write_synthetic_root(tmp_path, **{"capacity.social_workers": override})
    complaint(root, "capacity.social_workers.uncertainty", words)


def test_a_definition_may_be_fixed_but_then_has_no_range(tmp_path: Path) -> None:
    override = {"value": 40, "grade": "definition", "uncertainty": FIXED}
    root = write_synthetic_root(tmp_path, **{"capacity.social_workers": override})
    found = parameters.load(AREA, root)["capacity.social_workers"].uncertainty
    assert found.distribution == "fixed"
    with pytest.raises(InputError, match="no low"):
        check_uncertainty(FIXED | {"low": 1}, Where("x"), "definition")


def test_a_value_of_many_numbers_has_a_relative_range(tmp_path: Path) -> None:
    uncertainty = {"distribution": "uniform", "low": 0, "high": 1}
    override = {"value": split(), "uncertainty": uncertainty}
    complaint(
        write_synthetic_root(tmp_path, **{"contact.ends": override}), "relative = true", "many"
    )


def test_the_range_of_an_effect_speaks_of_its_ratio(tmp_path: Path) -> None:
    value = {"ratio": 0.85, "delay_weeks": 13, "full_until_weeks": 52, "gone_by_weeks": 104}
    good = {"distribution": "lognormal", "low": 0.6, "high": 1.1, "group": "early help"}
    override = {"value": value, "uncertainty": good}
    root = write_synthetic_root(tmp_path, **{"effect.early_help_on_return": override})
    found = parameters.load(AREA, root)["effect.early_help_on_return"].uncertainty
    assert (found.low, found.high, found.group) == (0.6, 1.1, "early help")
    override["uncertainty"] = good | {"high": 0.8}
    root = write_synthetic_root(tmp_path, **{"effect.early_help_on_return": override})
    complaint(root, "0.85", "lies outside")


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"unit": "heads"}, "unit"),
        ({"grade": "stong"}, "Did you mean 'strong'?"),
        ({"source": "inventd"}, "Did you mean 'invented'?"),
        ({"source": []}, "one text"),
        ({"price_year": "2024-25"}, "no price year"),
        ({"fitted_to": "referals"}, "Did you mean 'referrals'?"),
        ({"note": 3}, "a text"),
    ],
)
def test_evidence_that_does_not_hold_is_refused(
    tmp_path: Path, entry: dict[str, object], words: str
) -> None:
    override = {"value": 40, **entry}
    root = write_synthetic_root(tmp_path, **{"capacity.social_workers": override})
    (root / "parameters/published.csv").write_text("area,measure\nx,referrals\nx,looked_after\n")
    complaint(root, "capacity.social_workers", words)


@pytest.mark.parametrize("year", ["2024", "2024-26", "2024/25", 2024])
def test_money_needs_a_price_year_that_is_one(year: object) -> None:
    entry = {**EVIDENCE, "unit": "GBP per week", "price_year": year}
    with pytest.raises(InputError, match="2024-25"):
        check_evidence(entry, Where("x"), ["invented"], ["GBP per week"])
    del entry["price_year"]
    with pytest.raises(InputError, match="no price year"):
        check_evidence(entry, Where("x"), ["invented"], ["GBP per week"])
    entry["price_year"] = "1999-00"
    found = check_evidence(entry, Where("x"), ["invented"], ["GBP per week"])
    assert found.price_year == "1999-00"


def test_a_source_says_title_publisher_year_and_place(tmp_path: Path) -> None:
    root = write_synthetic_root(tmp_path)
    path = root / "parameters/sources.toml"
    path.write_text('[invented]\ntitle = "T"\npublisher = "P"\nyear = 2025\n')
    complaint(root, "parameters/sources.toml", "invented", "no key 'place'")


# --- areas and the root --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('["North", "South"]', '["North", "North"]', "that differ"),
        ('["North", "South"]', str([str(n) for n in range(17)]).replace("'", '"'), "at most 16"),
        ('"title"', '"titel"', "title"),
        ('["area"]', '["aera"]', "no table [area]"),
    ],
)
def test_an_area_file_says_what_area_it_is(tmp_path: Path, old: str, new: str, words: str) -> None:
    root = write_synthetic_root(tmp_path)
    path = root / "parameters/areas" / f"{AREA}.toml"
    path.write_text(path.read_text().replace(old, new, 1))
    complaint(root, f"parameters/areas/{AREA}.toml", words)


def test_an_unknown_area_is_met_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Did you mean 'testshire'"):
        parameters.load("tesshire", write_synthetic_root(tmp_path))


def test_model_home_says_where_the_files_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODEL_HOME", str(write_synthetic_root(tmp_path)))
    assert parameters.load(AREA).area.title == "Testshire"
    monkeypatch.setenv("MODEL_HOME", str(tmp_path / "elsewhere"))
    with pytest.raises(InputError, match="MODEL_HOME"):
        find()
    monkeypatch.delenv("MODEL_HOME")
    assert find() == MODEL.parent


# --- other values --------------------------------------------------------------------------------


def test_a_draw_is_the_same_parameters_with_other_values(tmp_path: Path) -> None:
    known = parameters.load(AREA, write_synthetic_root(tmp_path))
    drawn = known.with_values(
        {
            "capacity.social_workers": 33.3,
            "screening.effort": Bands((0, 5), "minutes", (1.0,), None),
            SHAPE: Shape((0,), "weeks", each(SHAPE, (2.0,))),
        }
    )
    assert drawn["capacity.social_workers"].value == 33.3
    assert known["capacity.social_workers"].value == 40
    assert drawn["screening.effort"].value.edges == (0, 5)
    with pytest.raises(InputError, match="at most 1"):
        known.with_values({"screening.universal_uptake": 2})
    with pytest.raises(InputError, match=r"Did you mean 'capacity\.social_workers'"):
        known.with_values({"capacity.socal_workers": 2})


# --- the catalogue -------------------------------------------------------------------------------


def test_every_number_of_the_pathway_is_in_the_catalogue() -> None:
    for stage in pathway.PATHWAY:
        assert not stage.limit_working_days or stage.limit_working_days in SPECS
        assert not stage.ends_at or SPECS[stage.ends_at].kind is Kind.NUMBER
        for draw in (*stage.draws, *(d for end in stage.ends for d in end.draws)):
            assert draw.parameter in {*SPECS, *catalogue.DERIVED}
        for beside in stage.beside:
            assert SPECS[beside.chance].kind is Kind.SHARE
            assert SPECS[f"{beside.stage}.duration"].kind is Kind.BANDS
    for pool in pathway.POOLS:
        assert pool == "childrens_home" or f"capacity.{pool}" in SPECS
    for effect in pathway.EFFECTS:
        assert SPECS[f"effect.{effect}"].outcomes == catalogue.EFFECT_PARTS


def test_a_certain_end_and_the_end_of_waiting_have_no_rate() -> None:
    assert "turns_18" not in SPECS["looked_after.yearly_rates"].outcomes
    assert "ends_by_age" not in SPECS["after_care.yearly_rates"].outcomes
    assert "not_known_again" not in SPECS["return.yearly_rates"].outcomes
    assert SPECS["early_help_wait.yearly_rates"].outcomes == ("disengages", "escalates")


def test_a_draw_between_two_values_is_the_share_of_the_second() -> None:
    assert SPECS["early_help_wait.lead"].kind is Kind.SHARE
    assert SPECS["looked_after.placement"].kind is Kind.SPLIT
    assert SPECS["return.need_on_return"].outcomes == pathway.ATTRIBUTES["need"]


def test_no_parameter_depends_on_more_than_three_attributes() -> None:
    assert all(len(spec.dims) <= 3 for spec in SPECS.values())


def test_the_nearest_name_is_silent_when_nothing_is_close() -> None:
    assert nearest("zebra", SPECS) == ""


def test_errors_are_small_enough_to_cross_processes() -> None:
    error = InputError(Where("f.toml", "a.b"), "1", "2", "3")
    copy = pickle.loads(pickle.dumps(error))
    assert str(copy) == str(error) == "f.toml, key a.b: found 1. Allowed: 2. 3"
    assert os.linesep not in str(error)
