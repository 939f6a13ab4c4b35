"""From published statistics, and from returns, to an area folder that runs."""

import pandas as pd
import pytest

from model import calibrate, parameters, published, simulate
from model.__main__ import main
from model.calibrate import from_published, returns_route, routes
from model.calibrate.knobs import load_knobs
from model.errors import InputError

AREA = calibrate.area_of("Little Sefton", "E00000000", "council")
KNOBS = ("need_at_contact", "looked_after_pace")


def rows():
    """Sefton's published figures at a twentieth of its size."""
    table = published.load()
    own = table[table["area"] == "sefton"]
    return from_published.average_council(own, 2700, 2022)


def few_knobs(_root=None):
    return tuple(knob for knob in load_knobs() if knob.name in KNOBS)


@pytest.mark.slow
def test_published_figures_become_an_area_that_runs(tmp_path, monkeypatch):
    monkeypatch.setattr(routes, "load_knobs", few_knobs)
    seen = []
    settings = calibrate.Settings(runs=64, progress=lambda done, total: seen.append((done, total)))
    found, says = calibrate.calibrate_published(rows(), AREA, settings=settings)
    assert seen[-1][0] == seen[-1][1]
    place = tmp_path / "little"
    calibrate.write(place, found, says)
    known = parameters.load(str(place))
    assert known.area.name == "little_sefton"
    assert {routes.PUBLISHED_SOURCE, "fitted"} <= set(known["looked_after.pace"].sources)
    assert "Department for Education" in known.sources[routes.PUBLISHED_SOURCE].publisher
    assert {"caseload.at_2022_03_31", "caseload.at_2025_03_31"} <= set(known)
    for part in ("What is missed", "Published beside simulated", "What was learnt", "How to run"):
        assert part in says
    targets = pd.read_csv(place / "targets.csv")
    assert set(targets["year"]) == {2023, 2024, 2025}
    plan = simulate.prepare(
        str(place), start=from_published.first_day(2025), years=1, tables=("measures",)
    )
    assert simulate.run(plan, 1, draws=2).measures["value"].sum() > 0


def test_hidden_years_are_neither_read_nor_fitted_to():
    hidden = rows()[rows()["year"] <= 2024]
    table = from_published.targets(hidden, (2022, 2023, 2024), 2024)
    whole = from_published.targets(rows(), (2022, 2023, 2024), 2024)
    pd.testing.assert_frame_equal(table, whole)


def test_too_little_to_fit_to_is_refused_and_says_what():
    table = from_published.targets(rows(), (2023, 2024, 2025), 2025)
    with pytest.raises(InputError, match="5 figures"):
        routes.check_enough(table.head(5))
    few = table.assign(value=table["value"].where(table["unit"].str.startswith("share"), 3.0))
    with pytest.raises(InputError, match=r"too few children: .*referrals"):
        routes.check_enough(few)
    routes.check_enough(table.assign(value=table["value"] * 10))


def test_returns_with_too_little_are_refused_and_say_what():
    counted = pd.DataFrame(
        {
            "measure": ["contacts", "referrals"],
            "year": 2025,
            "first": pd.Timestamp("2024-04-01"),
            "last": pd.Timestamp("2025-03-31"),
            "complete": True,
            "value": [900.0, 100.0],
            "sd": 5.0,
            "unit": "children",
        }
    )
    with pytest.raises(InputError, match="2 figures that can be fitted to"):
        returns_route.check_enough(returns_route.yearly(counted, 2025))
    with pytest.raises(InputError, match="too few children"):
        returns_route.check_enough(returns_route.yearly(counted.head(1), 2025))


def test_a_year_is_the_mean_of_whole_years_or_a_part_made_whole():
    first, last = pd.Timestamp("2024-10-01"), pd.Timestamp("2025-03-31")
    part = pd.DataFrame(
        {
            "measure": ["referrals", "looked_after", "rereferral_share"],
            "year": 2025,
            "first": first,
            "last": last,
            "complete": [False, True, False],
            "value": [91.0, 50.0, 0.2],
            "sd": [9.1, 5.0, 0.02],
            "unit": "children",
        }
    )
    found = returns_route.yearly(part, 2025).set_index("measure")["value"]
    assert found["referrals"] == pytest.approx(91 * 365 / 182)
    assert (found["looked_after"], found["rereferral_share"]) == (50.0, 0.2)
    whole = part.head(1).assign(complete=True, value=200.0)
    both = returns_route.yearly(pd.concat([part, whole]), 2025).set_index("measure")["value"]
    assert both["referrals"] == 200.0


@pytest.mark.parametrize(
    ("switches", "words"),
    [
        ((), "neither --published, --returns nor --area"),
        (("--area", "seftom"), "sefton"),
        (("--returns", ".", "--council", "Sefton"), "--population"),
        (("--published", "nowhere_at_all"), "nowhere_at_all"),
    ],
)
def test_the_command_says_what_is_missing(tmp_path, capsys, switches, words):
    assert main(["calibrate", *switches, "--out", str(tmp_path / "area")]) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "area").exists()


def test_the_command_refuses_to_write_over_anything_else(tmp_path, capsys):
    (tmp_path / "thesis.txt").write_text("Years of work")
    assert main(["calibrate", "--area", "sefton", "--out", str(tmp_path)]) == 2
    assert "a folder that is no area's" in capsys.readouterr().err


def test_a_title_gives_a_name():
    assert calibrate.area_of("St. Helens", "E08000013", "council").name == "st_helens"
    assert calibrate.area_of("Bristol, City of", "E06000023", "council").name == "bristol_city_of"
    assert calibrate.area_of("Telford", "E1", "council").localities == ("Telford",)
    with pytest.raises(InputError, match="a title of letters"):
        calibrate.area_of("...", "E1", "council")
    with pytest.raises(InputError, match="no code"):
        calibrate.area_of("Telford", " ", "council")
