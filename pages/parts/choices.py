"""What the files offer to choose from, and what is chosen in the sidebar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import streamlit as st

from model import root as project
from model import scenarios
from model.answers import Question, digest_of
from model.asking import latest_start
from model.commands import SEED
from model.costs import cost_sets
from model.enough import CAP, Rule
from model.parameters import areas
from model.results import PER_DRAW
from model.scenarios import BASELINE, Scenario
from model.wording import day, simulated

FIRST_AREA, FIRST_SCENARIO = "sefton", "stockport_pathway"
FIRST_YEARS, MOST_YEARS = 5, 10
FUTURES, FIRST_FUTURES, ENOUGH = (8, 16, 32, 64, 128, 256), 64, "enough"
FUTURES_SAYS = (
    "Each is one way the years could turn out. More of them make the figures steadier; they do "
    "not make the evidence any better. Enough: until the chance of a saving is known to 2 points "
    f"and the mean saving to 2% of spending, {CAP} at most (Hoad, Robinson and Davies, 2010)."
)
COSTS_SAY = (
    "Which published prices are used. Sets are never mixed; a set of a document prices only what "
    "that document priced."
)
DRAWS_SAY = (
    "On: every number with a range in the evidence (effects, rates, places, prices) takes another "
    "value within it, two futures for each. Off: chance only."
)


@dataclass(frozen=True)
class Offer:
    """What there is to choose from.

    Attributes
    ----------
    areas : titles by name. starts : first day of a run by area. redesigns : scenarios by name.
    """

    areas: dict[str, str]
    starts: dict[str, date]
    redesigns: dict[str, Scenario]

    def redesigns_for(self, area: str) -> list[str]:
        """The redesigns that make sense in an area."""
        every = self.redesigns.items()
        return [name for name, plan in every if not plan.areas or area in plan.areas]


def fingerprint() -> str:
    """Changes whenever a file of parameters or scenarios changes."""
    root = project.find()
    folders = (root / project.PARAMETERS, root / project.SCENARIOS)
    files = [path for folder in folders for path in _files(folder)]
    return repr([(str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in files])


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


@st.cache_data(max_entries=4, show_spinner=False)
def offered(fingerprint: str) -> Offer:
    """What the files offer, read once for each state of the files."""
    found = areas()
    return Offer(
        {name: area.title for name, area in found.items()},
        {name: latest_start(name) for name in found},
        {name: scenarios.load(name) for name in scenarios.names() if name != BASELINE},
    )


@st.cache_data(max_entries=64, show_spinner=False)
def digest(question: Question, fingerprint: str) -> str:
    """`answers.digest_of`, worked out once for each state of the files."""
    return digest_of(question)


def choose(offer: Offer) -> Question:
    """Draw the choices and return the question that they make."""
    areas_known = list(offer.areas)
    area = st.selectbox(
        "Council area",
        areas_known,
        index=areas_known.index(FIRST_AREA) if FIRST_AREA in areas_known else 0,
        format_func=offer.areas.__getitem__,
        key="area",
    )
    redesigns = offer.redesigns_for(area)
    if not redesigns:
        st.warning("No redesign in scenarios/ is meant for this area.")
        st.stop()
    scenario = st.selectbox(
        "Redesign",
        redesigns,
        index=redesigns.index(FIRST_SCENARIO) if FIRST_SCENARIO in redesigns else 0,
        format_func=lambda name: offer.redesigns[name].title,
        key="scenario",
        help="What is compared with today's arrangements. Each is a file in scenarios/.",
    )
    years = st.slider("Years", 1, MOST_YEARS, FIRST_YEARS, key="years")
    futures = st.select_slider(
        "Simulated futures", [*FUTURES, ENOUGH], FIRST_FUTURES, key="futures", help=FUTURES_SAYS
    )
    sets = cost_sets()
    cost_set = st.selectbox(
        "Unit costs", list(sets), format_func=sets.__getitem__, key="cost_set", help=COSTS_SAY
    )
    unsure = st.toggle("Include what is not known", True, key="draws", help=DRAWS_SAY)
    st.caption(f"Starts on {day(offer.starts[area])}, from the caseload of the day before.")
    rule = Rule(cap=CAP if futures == ENOUGH else int(futures))
    sampling = rule.sampling(unsure, PER_DRAW, SEED)
    return Question(
        area, scenario, offer.starts[area], years, sampling, futures == ENOUGH, cost_set
    )


def futures_in(question: Question) -> str:
    """How many futures a question asks for."""
    most = simulated(question.sampling.futures)
    return f"as many futures as are needed, {most} at most" if question.until_enough else most
