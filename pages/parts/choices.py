"""What the files offer to choose from, and what is chosen in the sidebar.

The choices stand in the page's address, so that the address is a link to the same question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import streamlit as st

from model import root as project
from model import scenarios
from model.asking import latest_start
from model.costs import CURRENT, cost_sets
from model.enough import CAP, Rule
from model.errors import InputError
from model.parameters import areas
from model.parameters.area_files import area_folders
from model.questions import Numbers, Question, Redesign, digest_of
from model.redesigns import links
from model.redesigns.drafts import Draft, from_toml
from model.scenarios import BASELINE, Scenario
from model.wording import day

SEED = 1  # of the command line too: the same question has the same futures
FIRST_AREA, FIRST_SCENARIO = "sefton", "stockport_pathway"
FIRST_YEARS, MOST_YEARS = 5, 10
FUTURES, ENOUGH = (8, 16, 32, 64, 128, 256), "enough"
DRAFT, DRAFT_KEY, DRAFT_CHOSEN = "draft", "_draft", "_draft_chosen"
FILES = "_files"
LINK = "draft"  # in the address
LONGEST_NAME = 60
FUTURES_SAYS = (
    "Each is one way the years could turn out. Enough: until the chance of a saving is known to 2 "
    f"points and the mean saving to 2% of spending, {CAP} at most (Hoad, Robinson and Davies, "
    "2010). More of them make the figures steadier; they do not make the evidence any better."
)
COSTS_SAY = (
    "Which published prices are used. Sets are never mixed; a set of a document prices only what "
    "that document priced."
)
DRAWS_SAY = (
    "On: every number with a range in the evidence (effects, rates, places, prices) takes another "
    "value within it in each draw; the first 16 draws have two futures, to tell chance apart. Off: "
    "chance only."
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
        """The redesigns of the library that make sense in an area."""
        every = self.redesigns.items()
        return [name for name, plan in every if plan.makes_sense_in(area)]


def fingerprint() -> str:
    """Changes whenever a file of parameters, scenarios or area folders changes."""
    found: str | None = st.session_state.get(FILES)
    return found or _fingerprint()


@contextmanager
def one_look_at_files() -> Iterator[None]:
    """While a page is drawn all of it goes by the files as they were when that began."""
    st.session_state[FILES] = _fingerprint()
    try:
        yield
    finally:
        st.session_state.pop(FILES, None)


def _fingerprint() -> str:
    root = project.find()
    folders = (root / project.PARAMETERS, root / project.SCENARIOS, *area_folders(root))
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
    """`questions.digest_of`, worked out once for each state of the files."""
    return digest_of(question, _numbers(question.area, question.cost_set, fingerprint))


@st.cache_resource(max_entries=8, show_spinner=False)
def _numbers(area: str, cost_set: str, fingerprint: str) -> Numbers:
    """What the files say of an area, read once for each state of the files."""
    return Numbers.read(area, cost_set)


# --- the redesign that is being built -------------------------------------------------------------


def use(draft: Draft) -> None:
    """Let every page show this draft; call it in a callback, or before `st.rerun()`."""
    st.session_state[DRAFT_KEY] = draft.toml
    st.session_state[DRAFT_CHOSEN] = True


def draft() -> Draft | None:
    """The draft of this session, or that of the link it was opened by; None where there is none.

    Raises
    ------
    InputError for a link that is damaged.
    """
    if DRAFT_KEY not in st.session_state and LINK in st.query_params:
        try:
            found = links.unpacked(st.query_params[LINK])
        except InputError:  # said once: the page goes on without it
            st.query_params.pop(LINK, None)
            raise
        st.session_state[DRAFT_KEY] = found.toml
    text = st.session_state.get(DRAFT_KEY)
    return _read(text) if text else None


@st.cache_resource(max_entries=64, show_spinner=False)
def _read(text: str) -> Draft:
    """The draft that a text states, read once."""
    return from_toml(text, "the draft", unfinished=True)


def _keep_in_link(found: Draft | None) -> None:
    """Let the address carry the draft, so that a refresh and a colleague have it."""
    if found is None:
        return
    try:
        packed = links.packed(found)
    except InputError:  # too long for an address: the page that builds it says so
        st.query_params.pop(LINK, None)
        return
    if st.query_params.get(LINK) != packed:
        st.query_params[LINK] = packed


# --- the sidebar ----------------------------------------------------------------------------------


def choose(offer: Offer) -> Question:
    """Draw the choices and return the question that they make."""
    area = area_picker(offer)
    building = draft()
    _keep_in_link(building)
    redesign = redesign_picker(offer, area, building)
    years = st.slider("Years", 1, MOST_YEARS, FIRST_YEARS, key="years", bind="query-params")
    with st.expander("More choices"):
        cost_set, futures, unsure = more_choices()
    st.caption(f"Starts on {day(offer.starts[area])}, from the caseload of the day before.")
    rule = Rule(cap=CAP if futures == ENOUGH else int(futures))
    return Question(
        area,
        redesign.name,
        offer.starts[area],
        years,
        rule.sampling(unsure, SEED),
        futures == ENOUGH,
        cost_set,
        redesign.text,
    )


def area_picker(offer: Offer) -> str:
    """Which council area: one for all pages."""
    known = list(offer.areas)
    found: str = st.selectbox(
        "Council area",
        known,
        index=known.index(FIRST_AREA) if FIRST_AREA in known else 0,
        format_func=offer.areas.__getitem__,
        key="area",
        bind="query-params",
    )
    return found


def redesign_picker(offer: Offer, area: str, building: Draft | None) -> Redesign:
    """Which redesign is set beside today's arrangements: of the library, or the draft."""
    known = offer.redesigns_for(area)
    titles = {name: offer.redesigns[name].title for name in known}
    options = list(titles)
    if building is not None and not building.empty:
        titles[DRAFT] = name_of_draft(building)
        options = [DRAFT, *options]
    if not options:
        st.warning("No redesign in scenarios/ is meant for this area.")
        st.stop()
    if st.session_state.pop(DRAFT_CHOSEN, False) and DRAFT in options:
        st.session_state["scenario"] = DRAFT
    first = FIRST_SCENARIO if FIRST_SCENARIO in options else options[0]
    name = st.selectbox(
        "Redesign",
        options,
        index=options.index(first),
        format_func=titles.__getitem__,
        key="scenario",
        help="What is compared with today's arrangements: a file in scenarios/, or your draft.",
        bind="query-params",
    )
    if name == DRAFT and building is not None:
        return redesign_of(building)
    return Redesign(name)


def name_of_draft(found: Draft) -> str:
    """What the draft is called among the redesigns, and in the address."""
    return f"My draft: {found.title}"


def redesign_of(found: Draft) -> Redesign:
    """A draft as something to ask about.

    Its name is that of the file to export it as: the draws of its changes are addressed by it, so
    that the command line gives the same figures for `scenarios/<name>.toml`.
    """
    letters = re.sub(r"[^a-z0-9]+", "_", found.title.lower()).strip("_")
    return Redesign(letters[:LONGEST_NAME] or DRAFT, found.toml)


def more_choices() -> tuple[str, int | str, bool]:
    """Unit costs, how many futures, and whether what is not known is in them."""
    sets = cost_sets()
    cost_set = st.selectbox(
        "Unit costs",
        list(sets),
        index=list(sets).index(CURRENT),
        format_func=sets.__getitem__,
        key="cost_set",
        help=COSTS_SAY,
        bind="query-params",
    )
    futures = st.select_slider(
        "Simulated futures",
        [*FUTURES, ENOUGH],
        ENOUGH,
        key="futures",
        help=FUTURES_SAYS,
        bind="query-params",
    )
    unsure = st.toggle(
        "Include what is not known", True, key="draws", help=DRAWS_SAY, bind="query-params"
    )
    return cost_set, futures, unsure
