"""Returns of looked-after children written by hand for the tests."""

from __future__ import annotations

from pathlib import Path

from model.returns import ssda903
from model.returns.records import Records
from model.returns.sheets import open_sheets

EPISODE_HEAD = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE"
HEADER_HEAD = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB"
# A child who comes into care, moves once, and goes home; and one who stays.
EPISODES = (
    "701,01/06/2023,S,C2,N1,U4,PR1,01/09/2023,X1,PLACE",
    "701,01/09/2023,P,C2,N1,K2,PR4,20/01/2024,E4A,",
    "702,15/05/2023,S,V2,N4,U1,PR1,,,",
)
CHILDREN = ("701,2,04/07/2011,WBRI,A1,,", "702,1,09/02/2018,WBRI,A2,,")


def episodes(*lines: str, head: str = EPISODE_HEAD) -> str:
    """An episodes table; the usual one where no lines are given."""
    return "\n".join((head, *(lines or EPISODES))) + "\n"


def header(*lines: str, head: str = HEADER_HEAD) -> str:
    """A header table; the usual one where no lines are given."""
    return "\n".join((head, *(lines or CHILDREN))) + "\n"


def read_texts(folder: Path, **texts: str | bytes) -> Records:
    """Write each text as a csv file and read them together; the name says the table."""
    sheets = []
    for name, text in texts.items():
        path = folder / f"{name}.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        sheets += open_sheets(path)
    return ssda903.read(sheets)


def read_episodes(folder: Path, *lines: str, children: tuple[str, ...] = CHILDREN) -> Records:
    """One year's episodes and header."""
    return read_texts(folder, episodes=episodes(*lines), header=header(*children))


def kinds(records: Records) -> list[tuple[str, str, int]]:
    """Kind, column and line of every fault."""
    return [(one.kind, one.column, one.line) for one in records.faults]
