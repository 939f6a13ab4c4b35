"""What a case says, in sentences for people who have two minutes.

"Projected", never promised; every range says what it is, every chance is of simulated futures, and
the chance of a net cost is always said. It works on the tables of `model.savings.tables`.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from model.compare import COVERAGE
from model.results import BOTH, CHANCE
from model.savings.case import COUNCIL, EVERYBODY, Case
from model.savings.tables import by_payer, cashable_share, payback_months
from model.scenarios.run_dates import on
from model.wording import (
    FEW_FUTURES,
    GRADES,
    change_in_spending,
    day,
    first_capital,
    label,
    pounds,
    pounds_range,
    spending_range,
    years,
)

TENTH = 0.05
NO_CLEAR_CHANGE = "no clear change"
TOO_SMALL = 0.5  # pounds


def headline(case: Case) -> str:
    """The one sentence: how much, how sure, and everybody beside the council."""
    ours, all_of_it = (total_says(case, holder) for holder in (COUNCIL, EVERYBODY))
    saves = [_total(case, holder).mean() >= 0 for holder in (COUNCIL, EVERYBODY)]
    joined = "and" if saves[0] == saves[1] else "but"
    return f"Projected over {years(case.about.years)}: {ours}, {joined} {all_of_it}"


def total_says(case: Case, holder: str) -> str:
    """A holder's change in spending over the run, with its range; unclear where that has none."""
    who = "everybody together" if holder == EVERYBODY else holder
    if is_unclear(case, holder):
        return f"no clear {_kind(case, holder)} for {who}, {_on_average(case, holder)}"
    return f"{who} spends {change_says(case, holder)}"


def change_says(case: Case, holder: str) -> str:
    """The change itself: how much less or more, or that it is not clear, with the range."""
    if is_unclear(case, holder):
        return f"no clear {_kind(case, holder)}, {_on_average(case, holder)}"
    total = _total(case, holder)
    span = ranged(case, *np.quantile(total, COVERAGE))
    return f"{change_in_spending(float(total.mean()))} ({span})"


def is_unclear(case: Case, holder: str) -> bool:
    """Whether the range of a holder's saving holds both a saving and a cost."""
    low, high = np.quantile(_total(case, holder), COVERAGE)
    return bool(low < 0 < high)


def _kind(case: Case, holder: str) -> str:
    return "saving" if _total(case, holder).mean() >= 0 else "cost"


def _on_average(case: Case, holder: str) -> str:
    total = _total(case, holder)
    span = ranged(case, *np.quantile(total, COVERAGE))
    return f"{change_in_spending(float(total.mean()))} on average ({span})"


def ranged(case: Case, low: float, high: float) -> str:
    """A range of savings with what it is."""
    if case.sampling.futures == 1:
        return "one future, no range"
    return f"{spending_range(float(low), float(high))} in 80% of simulated futures"


def points(case: Case) -> list[tuple[str, str]]:
    """What leadership asks, each with its answer: chance, payback, whose budget, can it be banked.

    Returns
    -------
    Pairs of a short heading and a sentence.
    """
    return [
        ("How sure", f"{first_capital(net_cost_says(case, COUNCIL))}."),
        ("By when", f"{first_capital(payback_says(case, COUNCIL))}."),
        ("Can the council bank it", f"{first_capital(banked_says(case))}."),
        ("Who pays and who gains", f"{payers_say(case)}."),
        ("Is it worth doing", f"{first_capital(value_says(case))}."),
    ]


def net_cost_says(case: Case, holder: str) -> str:
    """How many futures end with a net cost."""
    total = _total(case, holder)
    cost = float((total < -TOO_SMALL).mean())
    unsure = "; the range includes no saving" if is_unclear(case, holder) else ""
    return f"a net cost to {holder} in {in_ten(cost, len(total))}{unsure}"


def in_ten(share: float, futures: int) -> str:
    """A chance as people say it; where few futures were run, how many of them.

    >>> in_ten(0.31, 64), in_ten(0.02, 64), in_ten(0.99, 64)
    ('3 in 10 futures', 'fewer than 1 in 10 futures', 'more than 9 in 10 futures')
    >>> in_ten(0.0, 64), in_ten(0.5, 4)
    ('none of the 64 futures', '2 in 4 futures')
    """
    if share in (0.0, 1.0) and futures > 1:
        return f"{'none' if share == 0 else 'all'} of the {futures} futures"
    if futures < FEW_FUTURES:
        return f"{round(share * futures)} in {futures} future{'s' if futures > 1 else ''}"
    if share < TENTH:
        return "fewer than 1 in 10 futures"
    if share >= 1 - TENTH:
        return "more than 9 in 10 futures"
    return f"{round(10 * share)} in 10 futures"


def payback_says(case: Case, holder: str) -> str:
    """When the programme is paid back, how surely, and with what range."""
    months = payback_months(case, holder)
    paid = float(np.isfinite(months).mean())
    by = day(_end(case))
    said = f"pays back {holder} by {by} in {in_ten(paid, len(months))}"
    if not paid or len(months) == 1:
        return said if paid else f"does not pay back {holder} by {by} in any simulated future"
    middle = float(np.quantile(months, 0.5, method="higher"))
    early = float(np.quantile(months, COVERAGE[0], method="higher"))
    if np.isfinite(middle):
        half = "from the first day" if middle == 0 else f"by {month_of(case, middle)}"
        said += f"; half of all futures are there {half}"
    elif early > 0:
        said += f"; 1 in 10 futures are there by {month_of(case, early)}"
    return said


def month_of(case: Case, months: float) -> str:
    """The calendar month, so many months after the run's first day."""
    when: date = on(f"start + {int(months)} months", case.about.start)
    return f"{when:%B %Y}"


def banked_says(case: Case) -> str:
    """How much of the council's saving is cash that can leave the budget."""
    banked = case.priced.banked[:, case.lines_of(COUNCIL)].sum(axis=(1, 2))
    low, high = np.quantile(banked, COVERAGE)
    share = cashable_share(case)
    span = ranged(case, low, high)
    if np.isnan(share):
        return (
            "nothing on the mean: no net saving to bank; in cash the council "
            f"spends {change_in_spending(float(banked.mean()))} ({span})"
        )
    how = f"{100 * share:.0f}% of it" if 0 <= share <= 1 else "not all of it, nor only it"
    return f"{how}: cash {change_in_spending(float(banked.mean()))} once posts go ({span})"


def payers_say(case: Case) -> str:
    """Who pays more and who less; no clear change where the range includes none."""
    parts, unclear = [], []
    for row in by_payer(case).itertuples():
        if max(abs(row.low_gbp), abs(row.high_gbp)) < TOO_SMALL:
            continue  # nothing of theirs changes in any future
        span = spending_range(row.low_gbp, row.high_gbp)
        if row.low_gbp <= 0 <= row.high_gbp:
            unclear.append(f"{label(row.payer)}, {NO_CLEAR_CHANGE} ({span})")
        else:
            parts.append(f"{label(row.payer)}, {change_in_spending(row.net_gbp)} ({span})")
    if not parts + unclear:
        return "nobody's spending changes"
    return "; ".join([*parts, *unclear]) + ". In brackets: 80% of simulated futures"


def value_says(case: Case) -> str:
    """The present value to the public sector, by the Green Book."""
    table = case.economic.summary
    public = table[table["holder"] == "public sector"].set_index("figure")
    worth = public.loc["net_present_value"]
    ratio = float(public.loc["benefit_cost_ratio", "value"])
    returned = "" if np.isnan(ratio) else f", £{ratio:.2f} back for each £1 spent"
    gain = "gain" if worth["value"] >= 0 else "loss"
    return (
        f"present value to the public sector, discounted and corrected for optimism: a {gain}: "
        f"{_value_words(case, worth)}{returned}"
    )


def caveats(case: Case) -> list[str]:
    """Three lines: the evidence, the forecast, and what a range leaves out."""
    grade = case.about.evidence or "not graded"
    means = f": {GRADES[grade][:1].lower()}{GRADES[grade][1:]}" if grade in GRADES else ""
    note = case.about.forecast_note.rstrip(".") or (
        "The forecast of doing nothing has not been tested on past years of this area"
    )
    drawn = case.sampling.draws > 0
    inside = (
        f"Ranges hold {BOTH}; what nobody has measured is in neither"
        if drawn
        else f"Ranges hold {CHANCE}; how unsure the effects are comes on top and is not in them"
    )
    few = "; so few futures make a rough range" if case.sampling.futures < FEW_FUTURES else ""
    return [
        f"Evidence that the redesign works: {grade}{means}.",
        f"{note}.",
        f"{inside}{few}. Projected, not promised: {case.says}.",
    ]


def _value_words(case: Case, row: object) -> str:
    value, low, high = (float(row[name]) for name in ("value", "low", "high"))  # type: ignore[index]
    if case.sampling.futures == 1:
        return pounds(value)
    return f"{pounds(value)} ({pounds_range(low, high)} in 80% of simulated futures)"


def _total(case: Case, holder: str) -> np.ndarray:
    return case.saved(holder).sum(axis=1)


def _end(case: Case) -> date:
    return date.fromordinal(
        on(f"start + {12 * case.about.years} months", case.about.start).toordinal() - 1
    )


__all__ = [
    "banked_says",
    "caveats",
    "headline",
    "in_ten",
    "month_of",
    "net_cost_says",
    "payback_says",
    "payers_say",
    "points",
    "total_says",
    "value_says",
]
