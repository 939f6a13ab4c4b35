"""Start: what this is and is not, the area, the worked example's headline, and where to go."""

import streamlit as st

from model import headlines
from model.savings import COUNCIL
from pages.parts import frame, look, savings_case, show
from pages.parts.once import once

TOUR = (
    (
        "today",
        "1. See today's pathway",
        "Where families go from first contact to care and back, how long they wait, what each "
        "stage costs, and how well the model matches your council's published figures.",
    ),
    (
        "build",
        "2. Build a redesign",
        "Start from a redesign of the library or from blank: officers, key workers, thresholds, "
        "dates and programme costs.",
    ),
    (
        "compare",
        "3. Compare it with today",
        "What changes for families, children, waits and money, with ranges, and where.",
    ),
    (
        "savings",
        "4. Read the money",
        "How much, how sure, by when, whose budget, and what could be banked.",
    ),
    (
        "flow",
        "5. Watch families move",
        "A sample of simulated families, today beside the redesign.",
    ),
    (
        "how_sure",
        "6. Ask how sure it is",
        "Which assumptions move the answer, and how weak an effect may be before it stops paying.",
    ),
    (
        "evidence",
        "7. Check the evidence",
        "Every number, its source, its range and its grade.",
    ),
    (
        "your_data",
        "8. Use your own data",
        "Your returns, read on this computer and kept in memory only.",
    ),
)

shown = frame.shown()
answer = shown.answer
basis = savings_case.chosen()

st.title("Family Pathways")
st.markdown(
    "What happens to **families, children and the budget** if your council changes how it "
    "receives and helps families? This model moves simulated families, one by one, through "
    "contact, screening, early help, step-up, assessment, plans, care and back, from today's "
    "caseload, and sets a redesign beside today's arrangements."
)
with st.container(border=True, key="example"):
    st.caption(f"On the screen now: {answer.area_title}, {answer.scenario_title}")
    look.headline(once(answer, savings_case.headline, basis))
    how_sure = once(answer, savings_case.points, basis)[0][1]
    st.markdown(f"{how_sure}\n\n{once(answer, headlines.weakness)}")
    st.caption(savings_case.basis_says(savings_case.case_of(answer, basis)))
    frame.link("compare", "See the whole comparison")

left, right = st.columns(2)
with left:
    st.subheader("What it is")
    st.markdown(
        "- A way to test a redesign **before** paying for it, on the same families with and "
        "without it.\n"
        "- Projections with their range and the chance of no saving, never promises.\n"
        "- Open: every number has a source and a grade, and the same files give the same figures "
        "on the command line."
    )
with right:
    st.subheader("What it is not")
    st.markdown(
        "- **Not a prediction about any family or child.** Everyone in it is simulated.\n"
        "- Not a judgement of practice: what families and practitioners experience is not in it.\n"
        "- Not better than its evidence, and most evidence on early help is weak. Where it is "
        "weak, the page says so."
    )

st.subheader("A short tour")
st.markdown("Choose your **council area** and a **redesign** at the side; every page follows.")
steps = [step for step in TOUR if frame.exists(step[0])]
for row in range(0, len(steps), 2):
    for column, (name, title, says) in zip(st.columns(2), steps[row : row + 2], strict=False):
        with column, st.container(border=True, height="stretch"):
            frame.link(name, title)
            st.markdown(says)

show.chart(answer, savings_case.running_total, basis, COUNCIL)
