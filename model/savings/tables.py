"""The tables of the Savings page: by year, by cause, by payer, by what can be banked, payback.

Each is made of one `Case`, so that they add up. Positive is saved, below nought is spent on top.
Means over futures, with the range that holds 80% of them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.compare import COVERAGE
from model.economics.financial import HOLDERS, payback_month
from model.results import chance_error
from model.savings.case import COUNCIL, EVERYBODY, Case
from model.savings.causes import CAUSES, OTHER_PLACEMENTS, PLACEMENTS, PROGRAMME, cause_of

Array = NDArray[np.float64]
GROSS, NET = "gross", "net"
PENNY = 0.005
OF_YEAR = [
    "financial_year",
    "gross_gbp",
    "programme_gbp",
    "net_gbp",
    "net_low_gbp",
    "net_high_gbp",
    "cumulative_gbp",
    "cumulative_low_gbp",
    "cumulative_high_gbp",
    "cashable_gbp",
    "cumulative_cashable_gbp",
]


def by_year(case: Case, holder: str = COUNCIL) -> pd.DataFrame:
    """What a holder saves by financial year, and the running total.

    Returns
    -------
    DataFrame with the columns of `OF_YEAR` and, for the council and everybody,
    chance_of_saving (running total above nought) and chance_of_payback (at nought or more in
    that year and every later one).
    """
    table = case.financial.by_year
    own = table.loc[table["payer"] == holder, OF_YEAR]
    chances = case.financial.chances
    chances = chances[chances["holder"] == holder].drop(columns="holder")
    joined = own.merge(chances, on="financial_year", how="left") if len(chances) else own
    return joined.reset_index(drop=True)


def waterfall(case: Case, holder: str = COUNCIL, least: float = 0.0) -> pd.DataFrame:
    """From gross to net: what each part of the pathway adds to the saving over the whole run.

    Parameters
    ----------
    least : kinds of placement whose mean is below this share of the largest part are put
        together as "other placements"; 0 shows each.

    Returns
    -------
    DataFrame with step (a cause of `CAUSES`, "gross", "programme" or "net"), kind ("part" or
    "total"), gbp, low_gbp, high_gbp, starts_gbp and ends_gbp (where the step's bar begins and
    ends). The parts before "gross" add up to it, and gross and programme to net. A cause that
    changes nothing for a holder in any future is left out.

    Raises
    ------
    ValueError when the parts do not add up to the net saving, to the penny.
    """
    both, found = case.priced, case.priced.found
    own = case.lines_of(holder)
    saved = (both.saved * both.cash[None]).sum(axis=2)
    cause = cause_of(found.lines)
    spent = found.baseline.sum(axis=(0, 2)) + found.scenario.sum(axis=(0, 2))
    parts = {
        name: saved[:, own & (cause == name)].sum(axis=1)
        for name in CAUSES
        if (spent[own & (cause == name)] != 0).any()
    }
    parts = {name: values for name, values in parts.items() if np.abs(values).max() > PENNY}
    net = case.saved(holder).sum(axis=1)
    programme = parts.pop(PROGRAMME, np.zeros(len(net)))
    parts = _few_placements(parts, least)
    rows, total = [], 0.0
    for name, values in parts.items():
        rows.append(_step(name, values, total))
        total = rows[-1]["ends_gbp"]
    rows.append(_step(GROSS, sum(parts.values(), np.zeros(len(net)))))
    rows.append(_step(PROGRAMME, programme, total))
    rows.append(_step(NET, net))
    if abs(rows[-2]["ends_gbp"] - rows[-1]["gbp"]) > PENNY:
        off = rows[-2]["ends_gbp"] - rows[-1]["gbp"]
        raise ValueError(f"the causes of {holder}'s saving are out by £{off:,.2f}")
    return pd.DataFrame(rows)


def by_payer(case: Case) -> pd.DataFrame:
    """Who pays and who gains over the whole run, programme included; who pays most first.

    Returns
    -------
    DataFrame with payer, net_gbp, low_gbp, high_gbp, chance_of_saving, cashable_gbp.
    """
    rows = []
    for payer in case.holders:
        if payer in HOLDERS:
            continue
        net = case.saved(payer).sum(axis=1)
        banked = case.priced.banked[:, case.lines_of(payer)].sum(axis=(1, 2))
        rows.append(
            {
                "payer": payer,
                **_ranged("net_gbp", net),
                "chance_of_saving": float((net > 0).mean()),
                "cashable_gbp": float(banked.mean()),
            }
        )
    return pd.DataFrame(rows).sort_values("net_gbp", ignore_index=True)


def by_cashability(case: Case, holder: str = COUNCIL) -> pd.DataFrame:
    """How a holder's saving divides by whether the money can be banked.

    Returns
    -------
    DataFrame with cashability (the rule), net_gbp, low_gbp, high_gbp, cashable_gbp (what of it
    is cash: whole posts after notice, a part of in-house places), not_cash_gbp; the programme is
    a rule of its own. Rules by which nothing changes are left out, unless nothing changes at all.
    """
    both, found = case.priced, case.priced.found
    own = case.lines_of(holder)
    saved = (both.saved * both.cash[None]).sum(axis=2)
    banked = both.banked.sum(axis=2)
    rules = found.lines["cashability"].to_numpy(str)
    rows, differ = [], (found.baseline != found.scenario).any(axis=(0, 2))
    for rule in dict.fromkeys(rules[own]):
        chosen = own & (rules == rule)
        net, cash = saved[:, chosen].sum(axis=1), float(banked[:, chosen].sum(axis=1).mean())
        if differ[chosen].any() or not differ[own].any():
            row = {"cashability": rule, **_ranged("net_gbp", net), "cashable_gbp": cash}
            rows.append({**row, "not_cash_gbp": float(net.mean()) - cash})
    columns = ["cashability", "net_gbp", "low_gbp", "high_gbp", "cashable_gbp", "not_cash_gbp"]
    return pd.DataFrame(rows, columns=columns)


def payback_months(case: Case, holder: str = COUNCIL) -> Array:
    """Months from the first day until the running total stays at nought or above, by future.

    Infinite where that does not come within the run; nought where it is never below.
    """
    return payback_month(case.saved(holder).cumsum(axis=1), case.priced.found.shares)


def payback(case: Case, holder: str = COUNCIL) -> pd.DataFrame:
    """The chance that the redesign has paid back by the end of each year.

    Returns
    -------
    DataFrame with financial_year, chance_of_payback, chance_of_saving, and the standard error of
    the chance of payback (`results.chance_error`).
    """
    total = case.saved(holder).cumsum(axis=1)
    paid = np.minimum.accumulate((total >= 0)[:, ::-1], axis=1)[:, ::-1]
    error = [chance_error(each, case.sampling) for each in paid.T]
    return pd.DataFrame(
        {
            "financial_year": case.years,
            "chance_of_payback": paid.mean(axis=0),
            "chance_of_saving": (total > 0).mean(axis=0),
            "standard_error": error,
        }
    )


def cashable_share(case: Case, holder: str = COUNCIL) -> float:
    """Share of the mean net saving that can be banked; NaN where nothing is saved on the mean."""
    net = float(case.saved(holder).sum(axis=1).mean())
    banked = float(case.priced.banked[:, case.lines_of(holder)].sum(axis=(1, 2)).mean())
    return banked / net if net > 0 else float("nan")


def every_table(case: Case) -> dict[str, pd.DataFrame]:
    """Every table of savings, by the name of its sheet."""
    found = {}
    for holder, short in ((COUNCIL, "council"), (EVERYBODY, "everybody")):
        found[f"by_year_{short}"] = by_year(case, holder)
        found[f"waterfall_{short}"] = waterfall(case, holder)
        found[f"payback_{short}"] = payback(case, holder)
    found["who_pays_who_gains"] = by_payer(case)
    found["can_be_banked_council"] = by_cashability(case)
    return found


def _few_placements(parts: dict[str, Array], least: float) -> dict[str, Array]:
    """The parts with the small kinds of placement as one, in the order of the causes."""
    largest = max((abs(float(values.mean())) for values in parts.values()), default=0.0)
    small = [
        name
        for name in PLACEMENTS.values()
        if name in parts and abs(float(parts[name].mean())) < least * largest
    ]
    if len(small) < 2:
        return parts
    together = sum((parts[name] for name in small), np.zeros_like(parts[small[0]]))
    found = {name: values for name, values in parts.items() if name not in small}
    found[OTHER_PLACEMENTS] = together
    return {name: found[name] for name in CAUSES if name in found}


def _step(name: str, values: Array, before: float | None = None) -> dict[str, Any]:
    """One bar of a waterfall; a total begins at nought."""
    mean = float(values.mean())
    starts = before or 0.0
    return {
        "step": name,
        "kind": "part" if before is not None else "total",
        **_ranged("gbp", values),
        "starts_gbp": starts,
        "ends_gbp": starts + mean,
    }


def _ranged(name: str, values: Array) -> dict[str, float]:
    low, high = np.quantile(values, COVERAGE)
    return {name: float(values.mean()), "low_gbp": float(low), "high_gbp": float(high)}
