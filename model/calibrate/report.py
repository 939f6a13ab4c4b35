"""The calibration report: what was fitted to what, what was learnt, and what is missed.

Markdown, for an analyst to read before the area is used. It computes nothing that the posterior
does not hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from model.calibrate.posterior import Posterior
from model.parameters import Parameters

FEW_INDEPENDENT = 400  # draws of the sampler; fewer, and the ends of ranges are rough
OVERSURE = 1.25  # leave-one-out errors spread so much wider than they should
NARROW_SEARCH = 0.02  # of the points looked at


@dataclass(frozen=True)
class Told:
    """What the report says that is not in the posterior.

    Attributes
    ----------
    source : of the figures in one line. start : first day of the runs. years : of each. runs, seed.
    not_estimated : what stays as the template has it: name and why.
    questions : that the analyst should answer. faults : counts of what was wrong in the files.
    figures : what the figures are: published or counted.
    """

    source: str
    start: str
    years: int
    runs: int
    seed: int
    not_estimated: Sequence[tuple[str, str]] = ()
    questions: Sequence[str] = ()
    faults: Sequence[tuple[str, str, int]] = ()
    figures: str = "published"


def report(parameters: Parameters, posterior: Posterior, told: Told) -> str:
    """The report as Markdown."""
    area = parameters.area
    parts = [
        f"# {area.title}: how this area was calibrated",
        f"Fitted to: {told.source}. {len(posterior.targets.table)} figures, "
        f"{len(posterior.knobs)} free numbers, {told.runs} runs of {told.years} years from "
        f"{told.start}, seed {told.seed}.",
        "\n".join(f"- {one}" for one in warnings(posterior)) or "No warning.",
        "## What is missed\n\n" + missed(posterior, told.figures),
        f"## {told.figures.capitalize()} beside simulated\n\n"
        "Simulated: mean of real runs at settings drawn from the posterior. Range: nine futures "
        "in ten, chance and the discrepancy of a model that does not change between years "
        "included; in brackets without the discrepancy.\n\n" + predicted(posterior, told.figures),
        "## What was learnt\n\n"
        "A factor on the number in the template, before and after (nine tenths of what is held "
        "possible). Spread: after over before; above 0.8 the figures taught nothing.\n\n"
        + learnt(posterior),
        "## How far the model may be off\n\n" + gaps(posterior),
        "## How good the emulator is\n\n"
        "Errors in foretelling runs at settings of the posterior, none of which it was made from, "
        "in standard deviations: the mean should be 0, the spread 1, and 5% beyond 2. Noise over "
        "chance: above 1, what the emulator does not follow; it widens the posterior.\n\n"
        + emulator(posterior),
        *beside(told),
        "## How to run it\n\n"
        "Give the folder in place of an area's name:\n\n"
        "    python -m model compare --area PATH_OF_THIS_FOLDER baseline stockport_pathway\n\n"
        "Edit a number in the area's file when you know better; its range and note are yours to "
        "edit too. Ranges of what was fitted come from `posterior.csv`, all together, as long as "
        "that file is there.",
    ]
    return "\n\n".join(parts) + "\n"


def warnings(posterior: Posterior) -> list[str]:
    """What an analyst must know before using the fit."""
    found = []
    outside = posterior.predictive[~posterior.predictive["inside"]]
    if len(outside):
        found.append(
            f"{len(outside)} of {len(posterior.predictive)} figures lie outside their range even "
            "with the discrepancy: the model does not reproduce them."
        )
    found += [
        f"Not learnt: {title.split(':')[0].lower()}. Its range is what was put in."
        for title in posterior.not_learnt()
    ]
    wide = posterior.emulator_errors[posterior.emulator_errors["sd"] > OVERSURE]
    if len(wide):
        names = ", ".join(wide["measure"])
        found.append(f"The emulator is surer than it should be of {names}: raise --runs.")
    if posterior.independent_draws < FEW_INDEPENDENT:
        found.append(
            f"The sampler made {posterior.independent_draws:.0f} independent draws: ends of "
            "ranges are rough."
        )
    if (posterior.waves["not_implausible_share"] < NARROW_SEARCH).any():
        found.append("Hardly any setting of the numbers meets most figures; see what is missed.")
    edge = at_edge(posterior)
    if edge:
        found.append(
            f"The fit went to the end of what was held possible: {', '.join(edge)}. Either the "
            "figures mean something else here, or the template does not fit this council."
        )
    return found


def at_edge(posterior: Posterior) -> list[str]:
    """Titles of knobs whose median lies beyond the 5th or 95th percentile of before."""
    rows = posterior.learnt
    off = (rows["median"] < rows["prior_low"]) | (rows["median"] > rows["prior_high"])
    return [title.split(":")[0].lower() for title in rows.loc[off, "title"]]


def missed(posterior: Posterior, figures: str) -> str:
    """The figures outside what chance and the knobs explain."""
    rows = posterior.misses()
    if rows.empty:
        return "Every figure lies within what chance and the fitted numbers explain."
    lines = [
        f"- {row.measure.replace('_', ' ')}, year {row.year}: {figures} "
        f"{said(row.published)}, simulated {said(row.simulated)} ({row.miss_share:+.0%})"
        + ("" if row.inside else "; outside even with the discrepancy")
        for row in rows.itertuples()
    ]
    return (
        f"{len(rows)} of {len(posterior.predictive)} figures lie outside what chance and the "
        "fitted numbers explain; the model keeps its rates, and cannot follow a single year:\n\n"
        + "\n".join(lines)
    )


def predicted(posterior: Posterior, figures: str) -> str:
    """The predictive check as a table."""
    rows = [
        [
            row.measure.replace("_", " "),
            str(row.year),
            said(row.published),
            said(row.simulated),
            f"{said(row.low)} to {said(row.high)} "
            f"({said(row.model_low)} to {said(row.model_high)})",
            "yes" if row.inside else "NO",
        ]
        for row in posterior.predictive.itertuples()
    ]
    heads = ["measure", "year", figures, "simulated", "range", "inside"]
    return markdown(heads, rows)


def learnt(posterior: Posterior) -> str:
    """Before and after, knob by knob."""
    rows = [
        [
            row.title,
            f"{row.prior_low:.2f} to {row.prior_high:.2f}",
            f"{row.median:.2f}",
            f"{row.low:.2f} to {row.high:.2f}",
            f"{row.spread_ratio:.2f}",
            "" if row.learnt else "not learnt",
        ]
        for row in posterior.learnt.itertuples()
    ]
    return markdown(["number", "before", "after", "range", "spread", ""], rows)


def gaps(posterior: Posterior) -> str:
    """The discrepancies found."""
    names = {"flow": "yearly counts", "stock": "stocks", "share": "shares (log odds)"}
    low, middle, high = pd.DataFrame(posterior.gaps).quantile([0.05, 0.5, 0.95]).to_numpy()
    rows = [
        [names[kind], f"{middle[k]:.0%}", f"{low[k]:.0%} to {high[k]:.0%}"]
        for k, kind in enumerate(posterior.kinds)
    ]
    return (
        "Estimated with the fitted numbers from how far the same years' figures lie from the "
        "model, beyond chance; independent from year to year.\n\n"
        + markdown(["figures", "discrepancy", "range"], rows)
    )


def emulator(posterior: Posterior) -> str:
    """Errors on unseen runs by measure."""
    rows = [
        [
            row.measure.replace("_", " "),
            f"{row.mean:.2f}",
            f"{row.sd:.2f}",
            f"{row.beyond_2:.0%}",
            f"{row.over_chance:.2f}",
        ]
        for row in posterior.emulator_errors.itertuples()
    ]
    return markdown(["measure", "mean", "spread", "beyond 2", "noise over chance"], rows)


def beside(told: Told) -> list[str]:
    """What returns left open, and what was wrong in them."""
    parts = []
    if told.questions:
        parts.append("## Please answer\n\n" + "\n".join(f"- {one}" for one in told.questions))
    if told.not_estimated:
        rows = [[name, why] for name, why in told.not_estimated]
        parts.append("## Not in the returns\n\n" + markdown(["number", "why"], rows))
    if told.faults:
        rows = [[severity, what, f"{count:,}"] for severity, what, count in told.faults]
        parts.append("## Faults in the files\n\n" + markdown(["severity", "what", "count"], rows))
    return parts


def said(number: float) -> str:
    """A figure: whole numbers above 2, shares in percent."""
    return f"{number:,.0f}" if abs(number) >= 2 else f"{number:.1%}"


def markdown(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)


__all__ = ["Told", "report"]
