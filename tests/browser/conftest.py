"""A browser, a running app, and a watch over where the browser goes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from house import SignIn, Site, actor_called, make_school, running
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from ways_in import let_in

CHROMIUM = Path(os.environ.get("MILEPOST_TEST_CHROMIUM", "/usr/bin/chromium"))
# Debian's Chromium opens a window for each context, and in it the pages of its own
# search field, which cost more than a page of ours. The last list holds, so what
# Playwright turns off stands here as well.
UNUSED = [
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=" + ",".join(UNUSED),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, for one file of tests: its loop must not outlive them."""
    if not CHROMIUM.exists():
        if os.environ.get("CI"):
            pytest.fail(f"There is no {CHROMIUM}: apt-get install chromium.")
        pytest.skip(f"There is no {CHROMIUM}: apt-get install chromium.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def school(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo school, loaded once."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("MILEPOST_")]:
            patch.delenv(name)
        return make_school(tmp_path_factory.mktemp("school"))


@pytest.fixture
def site(
    school: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Site]:
    """The app on its own copy of the school."""
    for name in [name for name in os.environ if name.startswith("MILEPOST_")]:
        monkeypatch.delenv(name)
    with running(school, tmp_path) as site:
        yield site


@pytest.fixture
def open_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Open browser contexts; no request of theirs may leave this machine."""
    asked: list[str] = []
    made: list[BrowserContext] = []
    broken: list[str] = []

    def open_one(**options: object) -> BrowserContext:
        context = browser.new_context(**options)  # type: ignore[arg-type]
        context.set_default_timeout(15_000)
        context.on("request", lambda request: asked.append(request.url))
        context.on("weberror", lambda error: broken.append(str(error.error)))
        made.append(context)
        return context

    yield open_one
    for context in made:
        context.close()
    hosts = {urlsplit(url).hostname for url in asked if not url.startswith("data:")}
    assert hosts <= {"127.0.0.1"}
    assert not broken


@pytest.fixture
def sign_in(site: Site, open_context: Callable[..., BrowserContext]) -> SignIn:
    """Let somebody in with a browser of their own, onto their first page.

    A student comes to the chat. Who is let in does not fill in the form of the
    sign-in; `sign_in_at` in `ways_in.py` does, for the tests that are about it.
    """

    def enter(username: str, **options: object) -> Page:
        page = let_in(site, open_context(base_url=site.url, **options), username)
        is_student = actor_called(site, username).role == "student"
        page.goto("/chat" if is_student else "/")
        return page

    return enter
