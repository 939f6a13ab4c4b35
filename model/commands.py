"""What each command of the command line does: the public API joined to printing and files."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from model import cases, pilot, scenarios, section_251, simulate
from model import check as checking
from model import claims as claiming
from model import compare as comparing
from model import diagram as drawing
from model import explain as explaining
from model.asking import check_area, forecast_note, noted, results_of
from model.engines.choice import slow_for_lack_of_numba
from model.enough import Rule, verdict
from model.errors import InputError, Where
from model.executors import executor_for
from model.parameters import register as registers
from model.progress import ProgressLine
from model.results import MONEY_AND_MEASURES, Results
from model.store import Store, bytes_of, report
from model.tables import as_json, as_text, write_tables

SEED = 1
FORECAST_NOTE = "forecast_note"
CHECK_REPLICATIONS = checking.REPLICATIONS
PILOT_AREA = "stockport"
OUTTURN_SAYS = (
    "Section 251: the outturn of 2024-25 beside price times simulated weeks; what is not simulated "
    "stands apart, and no scenario can save it"
)
SPREAD_SAYS = (
    "How sure: standard deviations from chance and from what is not known (ignorance) told apart, "
    "at the end of the run"
)
LONGEST_SOURCE = 60  # characters of a source that fit beside the rest in a terminal
FEW_MEASURES = (
    "contacts",
    "screened_to_early_help",
    "early_help_started",
    "early_help_waiting",
    "referrals",
    "assessments",
    "child_in_need_plans_open",
    "child_protection_plans_open",
    "looked_after_started",
    "looked_after",
)


def warn(message: str) -> None:
    """Say something on standard error."""
    print(message, file=sys.stderr)


def say_if_slow(engine: str) -> None:
    """Say once that the SimPy engine runs for want of the compiled one."""
    if slow_for_lack_of_numba(engine):
        says = "Numba is not installed: the slower SimPy engine runs (--draws 10 runs few futures)"
        print(says, file=sys.stderr)


def run(chosen: argparse.Namespace) -> int:
    """Run one scenario: measures and costs by financial year."""
    say_if_slow(chosen.engine)
    results = results_of(chosen, [chosen.scenario], warn)[0]
    table = mean_measures(results)
    money = mean_costs(results)
    document = {
        **about(results),
        FORECAST_NOTE: forecast_note(chosen.area),
        "interval": results.sampling.ranges_say,
        "measures": as_json(table),
        "costs": as_json(money),
    }
    text = [
        heading(results),
        *noted(chosen.area),
        as_text(wide(table, FEW_MEASURES)),
        f"GBP by payer, {results.base_year} prices",
        as_text(money.groupby(["payer", "financial_year"])["gbp"].sum().unstack()),
    ]
    return give(chosen, document, text, {"measures": table, "costs": money})


def mean_measures(results: Results) -> pd.DataFrame:
    """Every measure by financial year: mean over futures and 80% of them."""
    grouped = results.measures.groupby(comparing.KEYS, sort=False)["value"]
    low, high = (grouped.quantile(q) for q in comparing.COVERAGE)
    return pd.DataFrame({"value": grouped.mean(), "low": low, "high": high}).reset_index()


def mean_costs(results: Results) -> pd.DataFrame:
    """Cost by financial year, stage, cost and payer: mean over futures."""
    keys = ["financial_year", "stage", "cost", "payer", "kind", "cashability"]
    keys += ["quantity_unit", "gbp_per_unit"]
    sums = results.costs.groupby(keys, observed=True)[["quantity", "gbp"]].sum()
    return (sums / results.futures).reset_index()


def compare(chosen: argparse.Namespace) -> int:
    """Compare the first scenario named with each of the others."""
    if len(chosen.scenarios) < 2:
        raise InputError(
            Where("compare"), f"one scenario, {chosen.scenarios[0]}", "two or more names"
        )
    say_if_slow(chosen.engine)
    economic = cases.ECONOMIC in (chosen.case or ())
    tables_made = (*MONEY_AND_MEASURES, "stages") if economic else MONEY_AND_MEASURES
    baseline, *others = results_of(chosen, chosen.scenarios, warn, tables_made)
    document: dict[str, Any] = {
        **about(baseline),
        FORECAST_NOTE: forecast_note(chosen.area),
        "interval": baseline.sampling.ranges_say,
        "compared": [],
    }
    text, tables = [heading(baseline), *noted(chosen.area)], {}
    for other in others:
        change = comparing.differences(baseline, other)
        saved = comparing.savings(baseline, other)
        council = comparing.savings(baseline, other, comparing.COUNCIL)
        payers = comparing.cost_differences(baseline, other, ("payer",))
        spreads = comparing.spreads(baseline, other, FEW_MEASURES)
        stands = verdict(baseline, other, Rule(accuracy_gbp=chosen.accuracy))
        document["compared"].append(
            {
                "scenario": other.scenario,
                "baseline": baseline.scenario,
                "differences": as_json(change),
                "savings": as_json(saved),
                "council_savings": as_json(council),
                "payers": as_json(payers),
                "spread": as_json(spreads),
                "futures": asdict(stands),
            }
        )
        text += compared_text(baseline, other, change, saved, council, payers) + noted(chosen.area)
        text += [SPREAD_SAYS, as_text(spreads), stands.says]
        tables[f"{other.scenario}_differences"] = change
        tables[f"{other.scenario}_savings"] = saved
        tables[f"{other.scenario}_council_savings"] = council
        tables[f"{other.scenario}_payers"] = payers
        tables[f"{other.scenario}_spread"] = spreads
        for which in chosen.case or ():
            says, parts = cases.case_of(which, baseline, other, chosen.placement_price)
            document["compared"][-1][which] = {
                "says": says,
                **{name: as_json(part) for name, part in parts.items()},
            }
            text += [f"\n{says}", *(f"{name}\n{as_text(part)}" for name, part in parts.items())]
            tables |= {f"{other.scenario}_{name}": part for name, part in parts.items()}
    return give(chosen, document, text, tables)


def compared_text(
    baseline: Results,
    other: Results,
    change: pd.DataFrame,
    saved: pd.DataFrame,
    council: pd.DataFrame,
    payers: pd.DataFrame,
) -> list[str]:
    """What the comparison of one redesign prints."""
    last = change["period"].max() if len(change) else ""
    whole = change[change["measure"].isin(FEW_MEASURES)]
    price = f"{baseline.base_year} prices, undiscounted; positive is saved"
    return [
        f"\n{other.scenario} against {baseline.scenario}: "
        f"difference ({baseline.sampling.ranges_say})",
        as_text(whole[whole["period"] == last].drop(columns=["counted_in"])),
        f"Everybody's money, {price}",
        as_text(saved),
        f"The council's money, {price}",
        as_text(council),
        "Cost of services by payer over the run, programme apart",
        as_text(payers),
    ]


def check(chosen: argparse.Namespace) -> int:
    """Published statistics beside what the model gives, year by year and as a mean."""
    check_area(chosen.area)
    say_if_slow(chosen.engine)
    prepared = simulate.prepare(
        chosen.area, start=checking.START, years=checking.YEARS, engine=chosen.engine
    )
    line = ProgressLine(chosen.replications)
    line.now(f"check {chosen.area}")
    with executor_for(chosen.workers, chosen.replications, chosen.dask) as executor:
        results = simulate.run(prepared, chosen.replications, chosen.seed, executor, line.step)
        line.end()
        table = checking.check_table(results, prepared.inputs.parameters)
        spent = outturn_beside(results, prepared)
        replay = None
        if chosen.area == PILOT_AREA:
            replay = pilot.replay(prepared.opening, chosen.replications, chosen.seed, executor)
    inside = int(table["inside"].sum())
    missed = table[~table["inside"]]["measure"].tolist()
    document = {
        **about(results),
        "interval": results.sampling.ranges_say,
        "rows": as_json(table),
        "inside": inside,
        "of": len(table),
        "missed": missed,
        "section_251": as_json(spent) if spent is not None else None,
        "pilot": as_json(replay) if replay is not None else None,
    }
    shown = table.drop(columns=["sets", "stages", "note", "years"])
    text = [heading(results), as_text(shown), f"{inside} of {len(table)} inside; missed: {missed}"]
    text += ["\nYear by year, published / simulated", as_text(by_year(table))]
    text += ["\nWhich stages each row sums", as_text(table[["measure", "stages", "note"]])]
    tables = {"check": table.drop(columns=["years"])}
    if spent is not None:
        text += [f"\n{OUTTURN_SAYS}", as_text(spent)]
        tables["section_251"] = spent
    if replay is not None:
        text += ["\n" + pilot.SAYS, as_text(replay)]
    return give(chosen, document, text, tables)


def outturn_beside(results: Results, prepared: simulate.Prepared) -> pd.DataFrame | None:
    """The area's section 251 outturn beside the money; None where it is not known as its own."""
    average = prepared.inputs.area.kind == checking.NATIONAL_AVERAGE
    if average or results.area not in section_251.areas():
        return None
    return section_251.check_table(results.costs, results.area)


def by_year(table: pd.DataFrame) -> pd.DataFrame:
    """The check's figures one year at a time."""
    rows = []
    for measure, years in zip(table["measure"], table["years"], strict=True):
        row = {"measure": measure}
        for one in years:
            row[f"{one['year']} published"] = one["published"]
            row[f"{one['year']} simulated"] = one["simulated"]
        rows.append(row)
    return pd.DataFrame(rows)


def register(chosen: argparse.Namespace) -> int:
    """Print or write every number in the model."""
    if chosen.area:
        check_area(chosen.area)
    frame = registers.register(chosen.area)
    if chosen.out:
        written = registers.export(frame, chosen.out)
        print(f"{len(frame)} numbers written to {written}", file=sys.stderr)
    if chosen.json:
        print(json.dumps(as_json(frame)))
    elif not chosen.out:
        shown = frame[["area", "name", "key", "value", "unit", "grade", "source"]].copy()
        shown["source"] = shown["source"].str.slice(0, LONGEST_SOURCE)
        print(as_text(shown))
    return 0


def list_scenarios(chosen: argparse.Namespace) -> int:
    """What there is to run."""
    rows = []
    for name in scenarios.names():
        found = scenarios.load(name)
        areas = ", ".join(found.areas) or "everywhere"
        documents = ", ".join(found.documents) or "-"
        rows.append((name, found.title, found.evidence or "-", areas, documents))
    columns = ["scenario", "title", "evidence", "areas", "documents"]
    table = pd.DataFrame(rows, columns=columns)
    print(json.dumps(as_json(table)) if chosen.json else as_text(table))
    return 0


def scenario(chosen: argparse.Namespace) -> int:
    """One scenario in plain English: what it changes, on whose word, and what is known of it."""
    if chosen.area:
        check_area(chosen.area)
    says = explaining.explain(chosen.scenario, chosen.area or None)
    print(json.dumps({"scenario": chosen.scenario, "says": says}) if chosen.json else says)
    return 0


def claims(chosen: argparse.Namespace) -> int:
    """What the documents claim of a redesign, beside what the model gives."""
    say_if_slow(chosen.engine)
    names = [scenarios.BASELINE, chosen.scenario]
    baseline, other = results_of(chosen, names, warn, tables=(*MONEY_AND_MEASURES, "localities"))
    table = claiming.table(chosen.scenario, chosen.area, (baseline, other))
    document = {
        **about(other),
        "interval": other.sampling.ranges_say,
        "claims": as_json(table),
    }
    return give(chosen, document, [heading(other), as_text(table)], {"claims": table})


def store(chosen: argparse.Namespace) -> int:
    """What is kept of earlier runs; remove what was not used for longest, or look for damage."""
    kept = Store(limit_bytes=bytes_of(chosen.limit, "--limit") if chosen.limit else None)
    if chosen.prune:
        removed = kept.prune()
        print(f"{len(removed)} removed from {kept.folder}", file=sys.stderr)
    faults = kept.check() if chosen.check else []
    table = kept.entries()
    if chosen.json:
        about = {"folder": str(kept.folder), "limit_bytes": kept.limit_bytes}
        print(json.dumps(about | {"entries": as_json(table), "faults": faults}, default=str))
    else:
        used, most = int(table["bytes"].sum()) / 1e6, kept.limit_bytes / 1e6
        print(f"{kept.folder}: {used:,.1f} MB of {most:,.0f} MB")
        if len(table):
            print(as_text(report(kept)))
        print("\n".join(faults), end="\n" * bool(faults))
    return 1 if faults else 0


def diagram(chosen: argparse.Namespace) -> int:
    """Print the pathway as a diagram, or write it into a file between its marks."""
    if chosen.update:
        drawing.update(Path(chosen.update))
        print(f"diagram written into {chosen.update}", file=sys.stderr)
    else:
        print(drawing.mermaid())
    return 0


def about(results: Results) -> dict[str, Any]:
    """What a document says of the run it holds."""
    return {
        "area": results.area,
        "scenario": results.scenario,
        "start": results.start.isoformat(),
        "years": results.years,
        "futures": results.futures,
        "draws": results.sampling.draws,
        "replications": results.sampling.replications,
        "seed": results.sampling.seed,
        "prices": results.base_year,
        "costs": results.cost_set,
    }


def heading(results: Results) -> str:
    """One line on what was run."""
    return (
        f"{results.area}, {results.scenario}: {results.years} years from {results.start}, "
        f"{results.sampling.says}, seed {results.sampling.seed}"
    )


def wide(table: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    """Chosen measures, one row each, with a column for each year."""
    chosen = table[table["measure"].isin(names)]
    found = chosen.pivot_table(
        index=["measure", "unit"], columns="period", values="value", sort=False
    )
    return found.reset_index()


def give(
    chosen: argparse.Namespace,
    document: dict[str, Any],
    text: list[str],
    tables: dict[str, pd.DataFrame],
) -> int:
    """Print the document or the text, and write the tables when a folder is named."""
    if chosen.out:
        folder = write_tables(Path(chosen.out), tables, document)
        print(f"tables written to {folder}", file=sys.stderr)
    say: Callable[..., None] = print
    if chosen.json:
        say(json.dumps(document))
    else:
        for part in text:
            say(part)
    return 0
