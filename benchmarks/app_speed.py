"""How long a person waits for an answer after moving a control, in a real browser.

    python -m benchmarks.app_speed                 # every measurement: some minutes
    python -m benchmarks.app_speed --rounds 1 --json

Needs Chromium or Chrome. The server is warm, as it is a few seconds after it has started; each
round asks something that nobody has asked. What else the computer does is in every figure: the load
before each round is printed beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from model.wording import years
from tests.app.browser import DESKTOP, SECOND, browser_path, chromium, server, settle

FIRST_AIM_SECONDS, FIRM_AIM_SECONDS = 2.0, 15.0
LONGEST_SECONDS = 900
WARM_SECONDS = 15
FIRM = "more would not change what is said"
STALE = "These are not yet the figures"
LEVER = "Bootle: more key workers (today 17)"
PATHWAY = "Stockport+Supporting+Families+Pathway"
# Whether a redesign saves may be in doubt, which asks for hundreds of futures, or clear, which asks
# for 64. It is asked for other years, for which today's arrangements are run anew, or for another
# number of officers, for which they are known.
IN_DOUBT = "other years, a saving in doubt"
CLEAR = "other years, the answer clear"
LEVER_MOVED = "another number of officers, the answer clear"
CASES = (IN_DOUBT, CLEAR, LEVER_MOVED)
Round = dict[str, Any]


def timed(page: Any, does: Callable[[], None]) -> Round:
    """Do something that ends with a first answer, and wait for the firm one."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    began = time.perf_counter()
    does()
    first = time.perf_counter() - began
    says = firm(page)
    whole = time.perf_counter() - began
    return {"first_seconds": first, "firm_seconds": whole, "load_before": load, "says": says}


def firm(page: Any) -> str:
    """Wait until the page says that more futures would change nothing, or that it has the most."""
    said = page.get_by_text(FIRM).or_(page.get_by_text("the most allowed")).first
    said.wait_for(timeout=LONGEST_SECONDS * SECOND)
    return said.inner_text()


def wait_for(page: Any, words: str, state: str = "visible") -> None:
    """Wait until the page says these words, or says them no more."""
    page.get_by_text(words).first.wait_for(state=state, timeout=LONGEST_SECONDS * SECOND)


def one_year_more(page: Any, now: int) -> None:
    """Move the years by one, and wait for the figures of that."""
    page.get_by_role("slider", name="Years").focus()
    page.keyboard.press("ArrowRight")
    wait_for(page, f"{years(now + 1)} from")


def set_lever(page: Any, officers: int) -> None:
    """Set a number of officers, and wait for the figures of that."""
    page.get_by_label(LEVER).fill(str(officers))
    page.get_by_label(LEVER).press("Enter")
    wait_for(page, f"+{officers} full-time equivalents from")
    wait_for(page, STALE, "hidden")


def one_round(page: Any, address: str, number: int) -> dict[str, Round]:
    """Each case once, with questions that nobody has asked."""
    now, officers = 3 + number, 6 + 2 * number
    page.goto(f"{address}/build?years={now}")
    settle(page)
    page.get_by_role("radio", name="Early help", exact=True).click()
    settle(page)
    set_lever(page, officers)
    # While a page is drawn anew the last one may stand beside it.
    page.get_by_role("button", name=f"Add the pay of {officers} key workers").last.click()
    wait_for(page, f"Pay of {officers} key workers")
    firm(page)
    found = {LEVER_MOVED: timed(page, lambda: set_lever(page, officers + 1))}
    found[CLEAR] = timed(page, lambda: one_year_more(page, now))
    page.goto(f"{address}/compare?scenario={PATHWAY}&years={now}")
    settle(page)
    wait_for(page, f"{years(now)} from")
    return found | {IN_DOUBT: timed(page, lambda: one_year_more(page, now))}


def measured(rounds: int) -> dict[str, list[Round]]:
    """Every round of every case."""
    with (
        tempfile.TemporaryDirectory() as folder,
        server(Path(folder)) as (address, _),
        chromium() as browser,
    ):
        page = browser.new_page(viewport=DESKTOP)
        page.goto(address)
        settle(page)
        time.sleep(WARM_SECONDS)
        found = []
        for number in range(rounds):
            print(f"round {number + 1} ...", file=sys.stderr, flush=True)
            found.append(one_round(page, address, number))
            print(table({name: [found[-1][name]] for name in CASES}), file=sys.stderr, flush=True)
    return {name: [one[name] for one in found] for name in CASES}


def table(found: dict[str, list[Round]]) -> str:
    """The figures as lines."""
    lines = []
    for name, rounds in found.items():
        for key, what, aim in (
            ("first_seconds", "first answer", FIRST_AIM_SECONDS),
            ("firm_seconds", "decision-grade", FIRM_AIM_SECONDS),
        ):
            value = statistics.median(one[key] for one in rounds)
            verdict = "met" if value <= aim else "MISSED"
            lines.append(f"{name}, {what}: {value:.1f} s (aim {aim:g} s: {verdict})")
        load = max(one["load_before"] for one in rounds)
        lines.append(f"    {rounds[-1]['says']}; load of the computer before: up to {load:.1f}")
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    wanted = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    wanted.add_argument("--rounds", type=int, default=3)
    wanted.add_argument("--json", action="store_true", help="every round, as one JSON document")
    chosen = wanted.parse_args()
    if browser_path() is None:
        raise SystemExit("no Chromium or Chrome on this computer")
    found = measured(chosen.rounds)
    print(json.dumps(found, indent=1) if chosen.json else table(found))


if __name__ == "__main__":
    main()
