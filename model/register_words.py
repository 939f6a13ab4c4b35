"""The register of assumptions in words: what each number is about, its range and grade, its source.

For people who do not know the files. It takes the tables of `model.parameters.register` and of the
unit costs, and changes no number.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from model.explain import GROUPS as LEVERS
from model.explain import NAMES
from model.pathway import RETURN
from model.pathway_map import BESIDE_LANES, PLACES, lane_of
from model.tables import written
from model.wording import GRADES, day, first_capital, stage_label

COMING_BACK, EFFECTS, FAMILIES, WORKERS, TODAY, TURNED, CLOCK = (
    "Coming back",
    "Effects of help",
    "Families and demand",
    "Workers and places",
    "Today's caseload",
    "Levers that only a redesign turns",
    "Calendar",
)
# The part of the model that a group of parameters belongs to; stages belong to their lane.
PART_OF_GROUP: dict[str, str] = {
    "population": FAMILIES,
    "demand": FAMILIES,
    "capacity": WORKERS,
    "caseload": TODAY,
    "effect": EFFECTS,
    "calendar": CLOCK,
    "price_ratio": TURNED,
    "odds_ratio": TURNED,
    "duration_ratio": TURNED,
    "hazard_ratio": TURNED,
    RETURN: COMING_BACK,
}
PARTS: tuple[str, ...] = (
    "Front door",
    "Early help",
    "Social care",
    "Child protection",
    "Care",
    COMING_BACK,
    FAMILIES,
    WORKERS,
    TODAY,
    EFFECTS,
    TURNED,
    CLOCK,
)
# What a number of a stage says, by the last word of its name.
SAYS: dict[str, str] = {
    "ends": "where it leads",
    "ended_by_band": "how long it lasts",
    "yearly_rates": "how often each ending comes",
    "time_shape": "how that changes with time in it",
    "pace": "its pace, set for each area",
    "duration": "how long it takes",
    "limit_working_days": "its time limit",
    "effort": "minutes of work",
    "overload_stretch": "how much longer under overload",
    "chance": "how often it happens",
}
TITLES: dict[str, str] = {
    "population.children_0_17": "Children aged 0 to 17",
    "population.growth_per_year": "Growth of the number of children, a year",
    "population.demand_trend_per_year": "Trend of demand beyond the number of children, a year",
    "population.locality_share": "Share of contacts in each locality",
    "population.contacts_per_10000": "Children contacted about, per 10,000 a year, by source",
    "population.need_at_contact": "Level of need at contact",
    "population.month_share": "Share of contacts in each month",
    "population.households": "Children at home",
    "population.children_per_family": "Children per family, by service",
    "population.issue": "Main presenting issue, by source",
    "population.disabled_share": "Share of families with a disabled child in need",
    "population.age_of_index_child": "Age of the child contacted about",
    "population.asylum_seeking_age": "Age of unaccompanied asylum-seeking children",
    "population.sibling_age_gap_years": "Years between brothers and sisters",
    "capacity.families_per_key_worker": "Families per key worker",
    "capacity.cases_per_social_worker": "Cases per social worker",
    "caseload.looked_after_age": "Age of children looked after at the start",
    "caseload.placement": "Placement of children looked after at the start",
    "calendar.opens_at_minute": "Office opens, minutes after midnight",
    "calendar.closes_at_minute": "Office closes, minutes after midnight",
    "looked_after.placement": "Looked after: kind of placement first sought",
    "after_care.adult_age_years": "After care: age at which a child is an adult",
    "after_care.ends_at_age_years": "After care: age at which support ends",
    "return.forgotten_after_years": "Known, may come back: years after which nobody comes back",
    "return.need_on_return": "Known, may come back: level of need on coming back",
    "return.source_on_return": "Known, may come back: who brings them back",
    "screening.universal_uptake": "Screening: families who take up universal services",
    "effect.early_help_on_step_up": "Effect of early help on step-up to social care",
    "effect.early_help_on_return": "Effect of early help on coming back",
    "effect.early_help_on_care_entry": "Effect of early help on care entry",
    "effect.early_help_detection": "Need that early help finds, for a time",
    "effect.universal_on_return": "Effect of universal services on coming back",
    "pre_proceedings.conference_odds_ratio": "Effect of a family group conference on care entry",
}


def part_of(name: str) -> str:
    """The part of the model that a parameter belongs to.

    Raises
    ------
    KeyError for a group that nobody has put anywhere.
    """
    group = name.split(".")[0]
    if group in PART_OF_GROUP:
        return PART_OF_GROUP[group]
    return lane_of(group) if group in PLACES or group in BESIDE_LANES else PART_OF_GROUP[group]


def title_of(name: str) -> str:
    """A parameter as people say it.

    >>> title_of("early_help_plan.pace"), title_of("capacity.key_workers")
    ('Early help plan: its pace, set for each area', 'Key workers: how many there are')
    """
    group, _, last = name.partition(".")
    if name in TITLES:
        return TITLES[name]
    if name in NAMES:
        return first_capital(NAMES[name])
    if group == "capacity":
        return f"{first_capital(last.replace('_', ' '))}: how many there are"
    if group in LEVERS:
        return first_capital(LEVERS[group].format(part=stage_label(last).lower()))
    if group == "effect":
        return f"Effect: {last.replace('_', ' ')}"
    if group == "caseload" and last.startswith("at_"):
        year, month, of_month = last.removeprefix("at_").split("_")
        return f"Open cases on {day(date(int(year), int(month), int(of_month)))}"
    if group in PLACES or group in BESIDE_LANES:
        return f"{stage_label(group)}: {SAYS.get(last, last.replace('_', ' '))}"
    return first_capital(last.replace("_", " "))


def range_of(row: pd.Series) -> str:
    """How far a number may be from the truth, in words."""
    if row["distribution"] == "fixed":
        return "no range: true by definition" if row["grade"] == "definition" else "no range"
    if pd.isna(row["low"]):
        return "stated for another part of it"
    ends = f"{written(row['low'])} to {written(row['high'])}"
    return f"{ends} times the value" if row["relative"] == "yes" else ends


def in_words(numbers: pd.DataFrame, area_title: str) -> pd.DataFrame:
    """The register with words beside its columns.

    Parameters
    ----------
    numbers : as `parameters.register.register`, of one area.

    Returns
    -------
    DataFrame with part, number, which, value, unit, range, grade, source, price_year, stated_in,
    note, name, file; a row for each number, in the order of the register.
    """
    own = f"the file of {area_title}"
    return pd.DataFrame(
        {
            "part": numbers["name"].map(part_of),
            "number": numbers["name"].map(title_of),
            "which": numbers["key"].map(lambda key: key.replace(".", ", ").replace("_", " ")),
            "value": numbers["value"],
            "unit": numbers["unit"],
            "range": numbers.apply(range_of, axis=1),
            "grade": numbers["grade"],
            "source": numbers["source"],
            "price_year": numbers["price_year"],
            "stated_in": numbers["area"].map(lambda area: area if area == "all areas" else own),
            "note": numbers["note"],
            "name": numbers["name"],
            "file": numbers["file"],
        }
    )


def by_parameter(table: pd.DataFrame) -> pd.DataFrame:
    """One line for each parameter: its number, or how many it has and from where to where.

    Parameters
    ----------
    table : as `in_words`, or rows of it.

    Returns
    -------
    DataFrame with part, number, value (text), unit, range, grade, price_year, source, stated_in.
    """
    rows = []
    for _, one in table.groupby("name", sort=False):
        first = one.iloc[0]
        rows.append(
            {
                "part": first["part"],
                "number": first["number"],
                "value": _values(one["value"]),
                "unit": first["unit"],
                "range": " or ".join(dict.fromkeys(one["range"])),
                "grade": first["grade"],
                "price_year": first["price_year"],
                "source": first["source"],
                "stated_in": first["stated_in"],
            }
        )
    return pd.DataFrame(rows)


def _values(values: pd.Series) -> str:
    if len(values) == 1:
        return written(values.iloc[0])
    low, high = written(values.min()), written(values.max())
    return f"{len(values)} numbers, {low} to {high}" if low != high else f"{len(values)}: {low}"


def found(
    table: pd.DataFrame,
    words: str = "",
    parts: tuple[str, ...] = (),
    grades: tuple[str, ...] = (),
    sources: tuple[str, ...] = (),
) -> pd.DataFrame:
    """The rows that hold every word and are of one of these parts, grades and sources.

    Parameters
    ----------
    table : as `in_words`. words : looked for in everything that a row says, in any case.
    parts, grades, sources : only these; every one when empty.
    """
    keep = pd.Series(True, index=table.index)
    if parts:
        keep &= table["part"].isin(parts)
    if grades:
        keep &= table["grade"].isin(grades)
    if sources:
        cited = table["source"].map(lambda text: set(text.split("; ")))
        keep &= cited.map(lambda titles: not titles.isdisjoint(sources))
    wanted = _bare(words).split()
    if wanted:
        said = table.astype(str).agg(" ".join, axis=1).map(_bare)
        keep &= said.map(lambda text: all(word in text for word in wanted))
    return table[keep]


def _bare(text: str) -> str:
    """A text without what people write in different ways."""
    return text.lower().replace("_", " ").replace("-", " ")


def graded(grade: str) -> str:
    """A grade with its meaning.

    >>> graded("weak").split(":")[0]
    'Weak'
    """
    return f"{first_capital(grade)}: {GRADES[grade][:1].lower()}{GRADES[grade][1:]}"
