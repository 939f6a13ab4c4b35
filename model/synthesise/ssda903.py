"""A run as SSDA903 returns, one for each year (1 April to 31 March): header, episodes, UASC.

Every episode open at any time in the year; nothing after its end is known, so an episode may be
open in one return and ended in the next. From the return of 2025 on, Sex is M or F and supported
accommodation is K3. This module knows no fault.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.synthesise import codes
from model.synthesise.annex_a import as_cells
from model.synthesise.care import ADULT_YEARS, birthday
from model.synthesise.cin_census import Year

LETTERS_SINCE = 2025  # return year in which Sex became M or F
HOME_POSTCODE, PLACEMENT_POSTCODE, NO_URN = "ZZ1 1ZZ", "ZZ2 2ZZ", "XXXXXXX"
HEADER = ("CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB")
EPISODES = (
    "CHILD",
    "DECOM",
    "RNE",
    "LS",
    "CIN",
    "PLACE",
    "PLACE_PROVIDER",
    "DEC",
    "REC",
    "REASON_PLACE_CHANGE",
    "HOME_POST",
    "PL_POST",
    "URN",
)
UASC = ("CHILD", "SEX", "DOB", "DUC")


def looked_after_return(year: Year) -> dict[str, pd.DataFrame]:
    """The return of a year: tables header, episodes and uasc; days are dates."""
    care = year.open_in("care", "began", "ended")
    return {
        "header": header(year, np.unique(care["child"])),
        "episodes": episodes(year, care),
        "uasc": asylum_seeking(year, np.unique(care["child"])),
    }


def header(year: Year, child: np.ndarray) -> pd.DataFrame:
    """Who was looked after in the year."""
    everyone = year.run.everyone
    empty = np.full(len(child), None, object)
    columns = (
        everyone.id[child],
        sex(year, child),
        everyone.born[child].astype("datetime64[s]"),
        everyone.ethnicity[child],
        everyone.pupil[child],
        np.where(everyone.male[child], "", "0"),
        empty,
    )
    return pd.DataFrame({k: as_cells(v) for k, v in zip(HEADER, columns, strict=True)})


def episodes(year: Year, care: pd.DataFrame) -> pd.DataFrame:
    """Episodes of the year, child by child."""
    care = care.sort_values(["child", "began"], kind="stable")
    ended = care["ended"].notna()
    place = care["place"]
    if year.ends >= codes.SUPPORTED_YEAR:
        place = place.replace(codes.SUPPORTED_BEFORE, codes.SUPPORTED_SINCE)
    columns = (
        year.run.everyone.id[care["child"].to_numpy()],
        care["began"],
        care["rne"],
        care["legal"],
        care["need"],
        place,
        care["provider"],
        care["ended"],
        care["rec"].where(ended, ""),
        care["reason_moved"].where(ended, ""),
        np.full(len(care), HOME_POSTCODE),
        np.full(len(care), PLACEMENT_POSTCODE),
        np.full(len(care), NO_URN),
    )
    return pd.DataFrame({k: as_cells(v) for k, v in zip(EPISODES, columns, strict=True)})


def asylum_seeking(year: Year, child: np.ndarray) -> pd.DataFrame:
    """Unaccompanied asylum-seeking children, with the day on which they cease to be so."""
    everyone = year.run.everyone
    child = child[everyone.asylum_seeking[child]]
    born = everyone.born[child].astype("datetime64[s]")
    adult = birthday(born, ADULT_YEARS)
    columns = (everyone.id[child], sex(year, child), born, adult)
    return pd.DataFrame({k: as_cells(v) for k, v in zip(UASC, columns, strict=True)})


def sex(year: Year, child: np.ndarray) -> np.ndarray:
    """Sex as the year's return has it."""
    male = year.run.everyone.male[child]
    if year.ends >= LETTERS_SINCE:
        return np.where(male, "M", "F").astype(object)
    return np.where(male, "1", "2").astype(object)
