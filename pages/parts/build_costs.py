"""What a redesign costs to bring about: staff and sums, who pays, from when, for how long."""

from __future__ import annotations

from functools import partial

import streamlit as st

from model.answers import Answer
from model.costs import CURRENT, load_unit_costs
from model.redesigns import staffing
from model.redesigns.drafts import Draft, Table, cost_row, staff_row, with_cost, without_cost
from model.redesigns.levers import lever_named
from model.redesigns.staffing import CHILDRENS_SERVICES, Unpaid
from model.scenarios.posts import Post, load_posts
from model.wording import label, pounds
from pages.parts import build_dates, build_state, choices
from pages.parts.build_state import Site

ONCE, EACH_YEAR, STAFF = "gbp_once", "gbp_per_year", "staff"
KINDS = {STAFF: "Staff", EACH_YEAR: "A sum each year", ONCE: "A sum once"}
SLOT = "costs"
MOST_WTE, MOST_GBP, MOST_YEARS = 500.0, 1e9, 30.0
OPTIONS = ("years", "ramp_down_months", "note")  # of a line, beside its amount


@st.cache_resource(max_entries=4, show_spinner=False)
def posts(fingerprint: str) -> dict[str, Post]:
    """What posts cost, read once for each state of the files."""
    return load_posts()


@st.cache_resource(max_entries=8, show_spinner=False)
def payers(area: str, fingerprint: str) -> list[str]:
    """Whose budgets there are, the council's first."""
    costs = load_unit_costs(area, CURRENT).costs.values()
    return list(dict.fromkeys([CHILDRENS_SERVICES, "council_other", *(one.payer for one in costs)]))


def draw(where: Site, answer: Answer | None, price_year: str) -> None:
    """Draw what is paid for, one card a line, and what nobody pays for yet."""
    now = build_state.draft()
    st.caption(
        "Services are priced already: by the family, child and week, whoever gives them. Here "
        "comes what the redesign costs on top: posts, set-up, training, buildings."
    )
    for unpaid in staffing.added_staff(now, where.area, where.start):
        offer_pay(unpaid, where, answer)
    for place, row in enumerate(now.costs):
        line(place, row, now, where)
    with st.container(horizontal=True):
        for kind, words in KINDS.items():
            st.button(
                f"Add {words[0].lower()}{words[1:]}",
                on_click=add,
                args=(kind, where, price_year),
                icon=":material/add:",
                key=f"add_cost_{kind}",
            )
    build_state.told(SLOT)


def offer_pay(unpaid: Unpaid, where: Site, answer: Answer | None) -> None:
    """Staff that are added: who pays for them, and one click where nobody does."""
    grade = unpaid.post.grade.replace("_", " ")
    staff = f"{unpaid.added:g} {grade}{'s' if unpaid.added != 1 else ''}"
    if unpaid.missing < staffing.SMALLEST:
        st.caption(f":material/check: The pay of {staff} is in the costs. {twice(unpaid, answer)}")
        return
    missing = f"{unpaid.missing:g} {grade}{'s' if unpaid.missing != 1 else ''}"
    st.warning(
        f"**Nobody pays for {missing} yet.** {priced(unpaid)} Their pay is about "
        f"{pounds(unpaid.gbp_per_year)} a year with on-costs ({unpaid.post.evidence.price_year} "
        f"prices; evidence: {unpaid.post.evidence.grade}).",
        icon=":material/payments:",
    )
    st.button(
        f"Add the pay of {missing}",
        on_click=build_state.edit,
        args=(SLOT, partial(staffing.with_pay, unpaid=unpaid), where),
        type="primary",
        icon=":material/add:",
        key=f"pay_{unpaid.lever}",
    )


def priced(unpaid: Unpaid) -> str:
    """What is priced without their pay."""
    group = lever_named(unpaid.lever).group
    what = "by the child and week" if group == "Social care" else "family by family"
    return (
        f"Their work is priced {what}, so that the figures pay for help that is given, and not for "
        "posts with time to spare."
    )


def twice(unpaid: Unpaid, answer: Answer | None) -> str:
    """How much of the pay is counted twice, where there is an answer that says it."""
    if answer is None:
        return ""
    found = staffing.priced_already_gbp_per_year(unpaid.post, answer.baseline, answer.scenario)
    if found < 1 or not unpaid.paid:
        return ""
    posts_of_it = found / unpaid.post.gbp_per_year
    return (
        f"The additional help that families get is priced as well, at {pounds(found)} a year in "
        f"this answer: that much is counted twice, which errs on the cautious side. To take it "
        f"out, pay for {posts_of_it:.1f} posts fewer."
    )


def line(place: int, row: Table, now: Draft, where: Site) -> None:
    """One line of costs, to be changed."""
    kind = next(one for one in KINDS if one in row)
    does = partial(change, place, kind, where)
    with st.container(border=True, key=f"cost_{place}", gap="small"):
        left, right = st.columns(2)
        with left:
            text(f"What is paid for (cost {place + 1})", key(place, "name"), row["name"], does)
            if kind == STAFF:
                known = posts(choices.fingerprint())
                choice("Grade of staff", key(place, "grade"), row[STAFF]["grade"], known, does)
            else:
                words = "Pounds a year" if kind == EACH_YEAR else "Pounds, once"
                amount(words, key(place, "gbp"), row[kind], MOST_GBP, 1000.0, does)
            build_dates.picker("Paid from", key(place, "from"), start_of(row), where, does)
        with right:
            options = payers(where.name, choices.fingerprint())
            choice("Who pays", key(place, "funder"), row["funder"], options, does)
            if kind == STAFF:
                words = "Whole-time equivalents"
                amount(words, key(place, "wte"), row[STAFF]["wte"], MOST_WTE, 0.5, does)
            else:
                words, spread = "May be more or less by (%)", spread_of(row, kind)
                amount(words, key(place, "spread"), spread, 100.0, 5.0, does)
            if kind != ONCE:
                words = "For how many years (0: as long as the run)"
                amount(words, key(place, "years"), row.get("years", 0.0), MOST_YEARS, 0.5, does)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(says(row, kind), width="stretch")
            st.button(
                "Remove this cost",
                on_click=build_state.edit,
                args=(SLOT, partial(without_cost, place=place), where),
                icon=":material/delete:",
                type="tertiary",
                key=key(place, "remove"),
                help=f"Remove: {row['name']}",
            )
        build_state.told(f"cost_{place}")


def says(row: Table, kind: str) -> str:
    """What a line comes to, with its grade."""
    if kind != STAFF:
        return f"{KINDS[kind]}, in {row['price_year']} prices · evidence: {row['grade']}"
    known = posts(choices.fingerprint())
    post, wte = known[row[STAFF]["grade"]], float(row[STAFF]["wte"])
    low, high = post.range_gbp_per_year
    return (
        f"About {pounds(wte * post.gbp_per_year)} a year ({pounds(wte * low)} to "
        f"{pounds(wte * high)}), {post.evidence.price_year} prices, with on-costs · salary: "
        f"{post.evidence.grade}"
    )


def add(kind: str, where: Site, price_year: str) -> None:
    """A new line to fill in: a callback."""
    starts = build_dates.usual(where)
    number = len(build_state.draft().costs) + 1
    if kind == STAFF:
        grade = next(iter(posts(choices.fingerprint())))
        row = staff_row(f"Programme staff ({number})", CHILDRENS_SERVICES, grade, 1.0, starts)
    else:
        name = "Set-up" if kind == ONCE else "Running cost"
        row = cost_row(
            f"{name} ({number})",
            CHILDRENS_SERVICES,
            0.0,
            once=kind == ONCE,
            price_year=price_year,
            starts=starts,
        )
    build_state.edit(SLOT, partial(with_cost, row=row), where)


def change(place: int, kind: str, where: Site) -> None:
    """A line was changed: a callback."""
    state = st.session_state

    def changed(now: Draft) -> Draft:
        old = now.costs[place]
        name, funder = str(state[key(place, "name")]), str(state[key(place, "funder")])
        starts = str(state[key(place, "from")])
        row = {**old, "name": name.strip() or old["name"], "funder": funder, "from": starts}
        if kind == STAFF:
            staff = {"grade": state[key(place, "grade")], "wte": float(state[key(place, "wte")])}
            row[STAFF] = staff
        else:
            row = with_amount(row, kind, place)
        years = float(state.get(key(place, "years"), 0.0) or 0.0)
        row.pop("years", None)
        if years:
            row["years"] = years
        else:
            row.pop("ramp_down_months", None)
        return with_cost(now, row, place)

    build_state.edit(f"cost_{place}", changed, where)


def with_amount(row: Table, kind: str, place: int) -> Table:
    """A line with the pounds that were typed; with other pounds it is this person's own word."""
    gbp = float(st.session_state[key(place, "gbp")])
    spread = float(st.session_state[key(place, "spread")])
    if abs(gbp - row[kind]) < 1 and abs(spread - spread_of(row, kind)) < 1:
        return row
    fresh = cost_row(
        row["name"],
        row["funder"],
        gbp,
        once=kind == ONCE,
        price_year=row["price_year"],
        starts=row["from"],
        spread=spread / 100,
    )
    return fresh | {name: row[name] for name in OPTIONS if name in row and name != "note"}


def spread_of(row: Table, kind: str) -> float:
    """How far a line may be more or less, in percent of it."""
    gbp = float(row[kind])
    return round(100 * max(row["high"] - gbp, gbp - row["low"]) / gbp) if gbp else 0.0


def start_of(row: Table) -> str:
    """When a line begins, as its file says it."""
    return str(row.get("from", "start"))


def text(words: str, here: str, now: str, does: partial[None]) -> None:
    """A box for words that stands at what the redesign has."""
    st.session_state[here] = now
    st.text_input(words, key=here, on_change=does, max_chars=100)


def amount(
    words: str, here: str, now: float, most: float, step: float, does: partial[None]
) -> None:
    """A box for a number that stands at what the redesign has."""
    st.session_state[here] = float(now)
    top = max(most, float(now))
    st.number_input(words, 0.0, top, step=step, format="%g", key=here, on_change=does)


def choice(
    words: str, here: str, now: str, options: dict[str, Post] | list[str], does: partial[None]
) -> None:
    """A choice that stands at what the redesign has."""
    st.session_state[here] = now
    every = list(dict.fromkeys([*options, now]))
    st.selectbox(words, every, format_func=label, key=here, on_change=does)


def key(place: int, what: str) -> str:
    """Of a widget."""
    return f"build_cost_{place}_{what}"
