"""One server and one browser for all tests of the app that need them."""

from __future__ import annotations

import pytest

from tests.app import browser as browsing


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """The address and the process of a server with a store of its own."""
    with browsing.server(tmp_path_factory.mktemp("served")) as found:
        yield found


@pytest.fixture(scope="session")
def address(served):
    """The address of the server."""
    return served[0]


@pytest.fixture(scope="session")
def browser():
    """Chromium, without a window."""
    pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if browsing.browser_path() is None:
        pytest.skip("no Chromium or Chrome on this computer")
    with browsing.chromium() as started:
        yield started


@pytest.fixture
def new_page(browser):
    """Makes windows, each a person of their own, that note every request to another computer."""
    abroad: list[str] = []
    opened = []

    def note(request) -> None:
        if not request.url.startswith(("http://localhost", "data:", "blob:")):
            abroad.append(request.url)

    def make(size=browsing.DESKTOP):
        context = browser.new_context(viewport=size, accept_downloads=True)
        opened.append(context)
        page = context.new_page()
        page.set_default_timeout(60 * browsing.SECOND)
        page.on("request", note)
        return page

    yield make
    for context in opened:
        context.close()
    assert abroad == [], "the app must send nothing to another computer"
