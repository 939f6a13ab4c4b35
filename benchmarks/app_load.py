"""Twenty people at one server: what they wait for, and what the server keeps in memory.

    python -m benchmarks.app_load                        # twenty people for ten minutes
    python -m benchmarks.app_load --people 3 --minutes 1

Each person is a browser context of their own that opens a page, thinks for 5 to 10 seconds, and
does the next thing: another page, or now and then another number of years. They come one after
another over the first minute. Their choices repeat the same from run to run. A result is lost when
a page shows an exception or an error, or no answer. The browsers run on this computer too, which
those of a council do not: what server, simulations and browsers take of the processors is told
apart. Needs Chromium or Chrome, and Linux for memory and processors.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pages.parts import frame
from tests.app.browser import DESKTOP, IDLE, SECOND, SWITCHES, browser_path, server

THINK_SECONDS = (5.0, 10.0)
COME_SECONDS = 60.0
SLOWEST_AIM_SECONDS = 5.0
LONGEST_SECONDS = 120
CHANGES_CHOICE = 0.15  # of what people do
WARM_SHARE = 0.3  # of the time, after which memory should grow no more


@dataclass
class Seen:
    """What happened.

    Attributes
    ----------
    waits : seconds by what was done. lost : what people were shown instead of a result.
    memory : minutes since the start, megabytes of the server and of its worker.
    cores : how many processors each kept busy on average.
    """

    waits: dict[str, list[float]] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    memory: list[tuple[float, float, float]] = field(default_factory=list)
    cores: dict[str, float] = field(default_factory=dict)


def titles() -> list[str]:
    """The pages that there are."""
    return [title for rows in frame.PAGES.values() for name, title, _ in rows if frame.exists(name)]


async def drawn(page: Any) -> None:
    """Wait until the page is drawn: Streamlit runs nothing, twice in a row."""
    for _ in range(2):
        await page.wait_for_function(IDLE, timeout=LONGEST_SECONDS * SECOND)
        await page.wait_for_timeout(150)


async def act(page: Any, chance: random.Random, seen: Seen) -> None:
    """One thing that a person does, and how long it took until the page was drawn."""
    began = time.perf_counter()
    if chance.random() < CHANGES_CHOICE:
        what = "another number of years"
        years = page.get_by_test_id("stSidebar").locator('input[aria-label="Years"]')
        await years.last.focus()  # while a page is drawn anew the last one may stand beside it
        await page.keyboard.press(chance.choice(("ArrowLeft", "ArrowRight")))
    else:
        what = chance.choice(titles())
        links = page.get_by_test_id("stSidebar").get_by_test_id("stPageLink")
        await links.get_by_text(what, exact=True).click()
    await drawn(page)
    seen.waits.setdefault(what, []).append(time.perf_counter() - began)
    for one in await page.get_by_test_id("stException").all():
        seen.lost.append(f"{what}: {(await one.inner_text())[:200]}")
    if not await page.get_by_text("Shown:").count():
        seen.lost.append(f"{what}: nothing shown")


async def person(
    browser: Any, address: str, number: int, people: int, until: float, seen: Seen
) -> None:
    """Somebody who opens the app and does things, with time to think between them."""
    chance = random.Random(number)
    page = await (await browser.new_context(viewport=DESKTOP)).new_page()
    page.set_default_timeout(LONGEST_SECONDS * SECOND)
    await asyncio.sleep(min(COME_SECONDS, (until - time.monotonic()) / 4) * number / people)
    try:
        await page.goto(address)
        await drawn(page)
    except Exception as error:
        seen.lost.append(f"opening: {type(error).__name__}: {str(error)[:200]}")
    while time.monotonic() < until:
        await asyncio.sleep(chance.uniform(*THINK_SECONDS))
        try:
            await act(page, chance, seen)
        except Exception as error:  # a page that does not come is what is looked for
            says = " ".join((await page.locator("body").inner_text()).split())
            seen.lost.append(
                f"{type(error).__name__}: {str(error)[:200]} on the page: {says[:400]}"
            )


async def memory(process: int, began: float, until: float, seen: Seen) -> None:
    """Look at the memory of the server and its worker every ten seconds."""
    while time.monotonic() < until:
        workers = sum(megabytes(one) for one in children_of(process))
        seen.memory.append(((time.monotonic() - began) / 60, megabytes(process), workers))
        await asyncio.sleep(10)


async def watched(address: str, process: int, people: int, minutes: float) -> Seen:
    """Let people do things, all at once, for so many minutes."""
    from playwright.async_api import async_playwright

    seen = Seen()
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=browser_path(), args=list(SWITCHES))
        began = time.monotonic()
        until = began + minutes * 60
        before = busy_seconds(process)
        everybody = (person(browser, address, one, people, until, seen) for one in range(people))
        await asyncio.gather(memory(process, began, until, seen), *everybody)
        spent = time.monotonic() - began
        after = busy_seconds(process)
        seen.cores = {name: (after[name] - before[name]) / spent for name in after}
        await browser.close()
    return seen


def busy_seconds(server: int) -> dict[str, float]:
    """Processor seconds of the server, of what simulates for it, and of the browsers."""
    simulating = descendants_of(server)
    browsers = set(descendants_of(os.getpid())) - {server, *simulating}
    parts = {"server": [server], "simulations": simulating, "browsers": browsers}
    return {name: sum(map(processor_seconds, processes)) for name, processes in parts.items()}


def processor_seconds(process: int) -> float:
    """What a process has taken of the processors, in all its threads."""
    try:
        text = Path(f"/proc/{process}/stat").read_text(encoding="ascii")
    except OSError:
        return 0.0
    user, system = text.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def megabytes(process: int) -> float:
    """What a process takes."""
    try:
        text = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    except OSError:
        return float("nan")
    return next(int(x.split()[1]) for x in text.splitlines() if x.startswith("VmRSS")) / 1024


def children_of(process: int) -> list[int]:
    """The processes that a process has started."""
    found = Path(f"/proc/{process}/task").glob("*/children")
    return [int(number) for path in found for number in path.read_text().split()]


def descendants_of(process: int) -> list[int]:
    """Its children, theirs, and so on."""
    found = children_of(process)
    return found + [other for one in found for other in descendants_of(one)]


def told(seen: Seen) -> dict[str, Any]:
    """The figures."""
    every = [one for waits in seen.waits.values() for one in waits]
    warm = seen.memory[int(len(seen.memory) * WARM_SHARE)] if seen.memory else (0, 0, 0)
    last = seen.memory[-1] if seen.memory else (0, 0, 0)
    return {
        "acts": len(every),
        "median_seconds": statistics.median(every or [float("nan")]),
        "slowest_seconds": max(every, default=float("nan")),
        "slowest_aim_seconds": SLOWEST_AIM_SECONDS,
        "slowest_by_page": {name: max(waits) for name, waits in seen.waits.items()},
        "lost": seen.lost,
        "cores_busy": seen.cores,
        "server_megabytes": {"once warm": warm[1], "at the end": last[1]},
        "worker_megabytes": {"once warm": warm[2], "at the end": last[2]},
        "memory": seen.memory,
    }


def main() -> None:
    """Measure and print one JSON document."""
    wanted = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    wanted.add_argument("--people", type=int, default=20)
    wanted.add_argument("--minutes", type=float, default=10.0)
    chosen = wanted.parse_args()
    if browser_path() is None:
        raise SystemExit("no Chromium or Chrome on this computer")
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as (address, process):
        seen = asyncio.run(watched(address, process, chosen.people, chosen.minutes))
    print(json.dumps(told(seen), indent=1))


if __name__ == "__main__":
    main()
