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
FIRM = "Decision-grade"
STALE = "These are not yet the figures"
LEVER = "Bootle: more key workers (today 17)"
# Whether a redesign saves may be in doubt, which asks for hundreds of futures, or clear, which asks
# for 64. What is asked is moved by the years, for which today's arrangements are run anew, or by a
# lever, for which they are known.
YEARS = {
    "years moved, a saving in doubt": "",
    "years moved, chance alone": "&draws=false",
}
LEVER_MOVED = "a lever moved, the answer clear"


def waited(page: Any, does: Callable[[], None], words: str) -> float:
    """Seconds from doing something until the page says these words."""
    began = time.perf_counter()
    does()
    page.get_by_text(words).first.wait_for(timeout=LONGEST_SECONDS * SECOND)
    return time.perf_counter() - began


def one_round(page: Any, address: str, choices: str, from_years: int, redesign: str) -> dict:
    """Open a comparison, move the years by one, and wait for the first and the firm answer."""
    page.goto(f"{address}/compare?scenario={redesign}&years={from_years}{choices}")
    settle(page)
    page.get_by_text(f"{years(from_years)} from").first.wait_for(timeout=LONGEST_SECONDS * SECOND)
    slider = page.get_by_role("slider", name="Years")
    slider.focus()
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    began = time.perf_counter()
    aim = f"{years(from_years + 1)} from"
    first = waited(page, lambda: page.keyboard.press("ArrowRight"), aim)
    page.get_by_text(FIRM).or_(page.get_by_text("the most allowed")).first.wait_for(
        timeout=LONGEST_SECONDS * SECOND
    )
    firm = time.perf_counter() - began
    said = page.get_by_text(FIRM).or_(page.get_by_text("the most allowed")).first.inner_text()
    return {"first_seconds": first, "firm_seconds": firm, "load_before": load, "says": said}


def one_lever(page: Any, address: str, officers: int) -> dict:
    """Build a redesign of six more key workers, firm; one more, and wait for both answers."""
    page.goto(f"{address}/build?years=4")
    settle(page)
    page.get_by_role("radio", name="Early help", exact=True).click()
    settle(page)
    change_lever(page, officers)
    firm = page.get_by_text(FIRM).or_(page.get_by_text("the most allowed")).first
    firm.wait_for(timeout=LONGEST_SECONDS * SECOND)
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    began = time.perf_counter()
    change_lever(page, officers + 1)
    first = time.perf_counter() - began
    firm.wait_for(timeout=LONGEST_SECONDS * SECOND)
    found = {"first_seconds": first, "firm_seconds": time.perf_counter() - began}
    return found | {"load_before": load, "says": firm.inner_text()}


def change_lever(page: Any, officers: int) -> None:
    """Set a lever and wait until the page shows the figures of that."""
    page.get_by_label(LEVER).fill(str(officers))
    page.get_by_label(LEVER).press("Enter")
    said = page.get_by_text(f"+{officers} full-time equivalents from").first
    said.wait_for(timeout=LONGEST_SECONDS * SECOND)
    page.get_by_text(STALE).first.wait_for(state="hidden", timeout=LONGEST_SECONDS * SECOND)


def measured(rounds: int) -> dict[str, list[dict[str, Any]]]:
    """Every round of every case."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in (*YEARS, LEVER_MOVED)}
    redesign = "Stockport+Supporting+Families+Pathway"
    with (
        tempfile.TemporaryDirectory() as folder,
        server(Path(folder)) as (address, _),
        chromium() as browser,
    ):
        page = browser.new_page(viewport=DESKTOP)
        page.goto(address)
        settle(page)
        time.sleep(WARM_SECONDS)
        for number in range(rounds):
            print(f"round {number + 1} ...", file=sys.stderr, flush=True)
            for name, choices in YEARS.items():
                found[name].append(one_round(page, address, choices, 3 + number, redesign))
            found[LEVER_MOVED].append(one_lever(page, address, 6 + 2 * number))
    return found


def table(found: dict[str, list[dict[str, Any]]]) -> str:
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
