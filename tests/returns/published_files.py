"""Small statistics files as downloads have them: two councils, a region and the nation."""

from __future__ import annotations

from pathlib import Path

PLACE = (
    "time_period,time_identifier,geographic_level,country_code,country_name,region_code,"
    "region_name,old_la_code,new_la_code,la_name"
)
WHERE = {
    "England": "National,E92000001,England,,,,,",
    "North": "Regional,E92000001,England,E12000099,The North,,,",
    "Ayton": "Local authority,E92000001,England,E12000099,The North,901,E06000901,Ayton",
    "Beeby": "Local authority,E92000001,England,E12000099,The North,902,E06000902,Beeby",
}
REFERRAL_COLUMNS = "referral_count,rereferral_count,no_further_action_count,not_in_need_count"
POPULATION_COLUMNS = "age_group,population_estimate"


def line(year: object, place: str, *figures: object) -> str:
    """One line of a file."""
    return ",".join([str(year), "Reporting year", WHERE[place], *map(str, figures)])


def referrals(*lines: str) -> str:
    """A table of referrals; three years of both councils where no lines are given."""
    usual = [
        line(year, place, 1000 + year - 2020, 200, 50, 300)
        for year in (2021, 2022, 2023)
        for place in ("England", "North", "Ayton", "Beeby")
    ]
    return "\n".join([f"{PLACE},{REFERRAL_COLUMNS}", *(lines or usual)]) + "\n"


def population(*lines: str) -> str:
    """Mid-year population, of the year before each year of the statistics."""
    usual = [
        line(year, place, "Children aged 0 to 17 years", 50_000)
        for year in (2020, 2021, 2022)
        for place in ("England", "North", "Ayton", "Beeby")
    ]
    return "\n".join([f"{PLACE},{POPULATION_COLUMNS}", *(lines or usual)]) + "\n"


def characteristics(*lines: str) -> str:
    """The long table of children who ceased to be looked after."""
    usual = [
        line(2023, "Ayton", group, name, count, "1")
        for group, name, count in (
            ("Age on ceasing", "Total", 100),
            ("Age on ceasing", "Under 1 year", 10),
            ("Age on ceasing", "1 to 4 years", 20),
            ("Age on ceasing", "5 to 9 years", 15),
            ("Age on ceasing", "10 to 15 years", 25),
            ("Age on ceasing", "16 years", "c"),
            ("Age on ceasing", "17 years", "c"),
            ("Age on ceasing", "18 years and over", 20),
            ("Reason episode ceased", "Adopted", "low"),
        )
    ]
    header = f"{PLACE},cla_group,characteristic,number,percentage"
    return "\n".join([header, *(lines or usual)]) + "\n"


def lait(*lines: str) -> str:
    """The interactive tool's long extract."""
    usual = [
        "LACnum,Number of Looked after Children,2021,Ayton,400,Care",
        "LACnum,,2022,Ayton,410,Care",
        "LACFinance,,2021-22 (OT),Ayton,1145,Finance",
        "Section_47,,2022,Ayton,200.5,Protection",
        "Unused,,0,Ayton,?,Other",
    ]
    header = "Short Desc,Data item,Years,LA and Regions,Values,Topic"
    return "\n".join([header, *(lines or usual)]) + "\n"


def folder(place: Path, **files: str | bytes) -> Path:
    """A folder of files; population and referrals unless others are given."""
    place.mkdir(exist_ok=True)
    for name, text in (files or {"people": population(), "referrals": referrals()}).items():
        raw = text.encode() if isinstance(text, str) else text
        (place / f"{name}.csv").write_bytes(raw)
    return place
