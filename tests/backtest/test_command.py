"""The command backtest: whose it is, what it prints, and what it writes."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from model import __main__ as command_line
from model import backtest
from model.backtest import origins
from tests.returns import published_files as files


@pytest.fixture
def forecast_of_stockport(tmp_path):
    """A forecast of March 2022 that was kept, made of the rivals alone."""
    rows = backtest.shipped_subject("stockport").rows
    table = origins.rivals_of("stockport", rows, 2022, 3)
    model = table[table["method"] == "no change"].assign(method="model", low=0.0, high=1e6)
    every = pd.concat([table, model], ignore_index=True)
    made = origins.Forecast("stockport", "Stockport", 2022, 3, every, {}, {})
    return origins.write(made, tmp_path / "stockport_2022.json")


def test_published_figures_are_laid_over_an_old_forecast(forecast_of_stockport, tmp_path, capsys):
    out = tmp_path / "out.json"
    arguments = ["backtest", "--area", "stockport", "--overlay", str(forecast_of_stockport)]
    assert command_line.main([*arguments, "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert "| Stockport | linear trend |" in printed and "12 of 12" in printed
    document = json.loads(out.read_text())
    assert document["coverage"]["of"] == 12
    # As good as no change, because it is no change: the sentence is there.
    assert "as good or better" in document["areas"]["stockport"]["forecast_note"]
    assert command_line.main([*arguments, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == document


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "neither --area nor --published"),
        (["--area", "sefton", "--published", "x"], "both --area and --published"),
        (["--published", "x"], "--published without --council"),
        (["--published", "x", "--council", "y", "--keep"], "--keep AREA_DIR"),
        (["--published", "x", "--council", "y", "--keep", "a/b"], "a/b: found no such folder"),
        (["--area", "sefton", "--keep", "a/b"], "--keep with a folder and --area"),
        (["--published", "nowhere", "--council", "y"], "no such file or folder"),
        (["--area", "sefton", "--hide", "5"], "1 to 4 years"),
        (["--area", "seffton"], "Did you mean 'sefton'?"),
        (["--area", "sefton", "--overlay", "none.json"], "no such file"),
    ],
)
def test_a_wrong_choice_is_refused_before_anything_runs(arguments, says, capsys):
    assert command_line.main(["backtest", *arguments]) == 2
    assert says in capsys.readouterr().err


def test_a_forecast_of_another_area_is_refused(forecast_of_stockport, capsys):
    arguments = ["backtest", "--area", "sefton", "--overlay", str(forecast_of_stockport)]
    assert command_line.main(arguments) == 2
    assert "a forecast of stockport and figures of sefton" in capsys.readouterr().err


def test_a_council_of_downloaded_files_needs_figures_enough(tmp_path, capsys):
    folder = files.folder(tmp_path / "s", l=files.lait(), p=files.population())
    arguments = ["backtest", "--published", str(folder), "--council", "Ayton", "--hide", "1"]
    assert command_line.main(arguments) == 2
    assert "the published figures" in capsys.readouterr().err
