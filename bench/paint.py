"""What a phone on a slow line waits for: weight and largest paint of a first visit."""

from __future__ import annotations

import os
import statistics
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from bench.figures import Outcome, Row, compared, p95
from bench.pages import paths, signed_in
from bench.product import prepare
from bench.servers import serving
from setup.layout import Layout
from web.deps import COOKIE

CHROMIUM = Path(os.environ.get("MILEPOST_TEST_CHROMIUM", "/usr/bin/chromium"))
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
PHONE = {"width": 390, "height": 844}
# Chromium's own profile "Fast 3G" (Lighthouse's slow 4G): 150 ms, 1.6 / 0.75 Mbit/s.
LINE = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6 * 1024 * 1024 / 8,
    "uploadThroughput": 750 * 1024 / 8,
}
PAINT, WEIGHT, TIMES, SLOWEST = 1500.0, 200_000.0, 5, 6
LARGEST = """() => new Promise((done) => {
  let last = 0;
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) last = one.startTime;
  }).observe({type: "largest-contentful-paint", buffered: true});
  requestAnimationFrame(() => setTimeout(() => done(last), 100));
})"""
BYTES = """() => ["navigation", "resource"]
  .flatMap((one) => performance.getEntriesByType(one))
  .reduce((sum, one) => sum + one.transferSize, 0)"""
NOTES = (
    "Chromium, 390 px, an empty cache and a new connection at each visit; "
    "Network.emulateNetworkConditions: 150 ms, 1.6 Mbit/s down, 0.75 Mbit/s up; the "
    "processor is not slowed.",
    "Bytes as they cross the line, headers included; no service worker.",
)


def measure(layout: Layout, times: int = TIMES) -> Outcome:
    """Open every page without an id in every role, on a slow line.

    Args:
        layout: the checkout.
        times: visits of each page.
    """
    outcome = Outcome("paint", notes=list(NOTES), settings={"times": times})
    product = prepare(layout)
    app = product.app
    paints: dict[str, list[float]] = {}
    weights: dict[str, float] = {}
    with serving(app.command, app.log, app.environ, app.folder) as server:
        server.until(app.answers)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=str(CHROMIUM), args=FLAGS
            )
            for role, secret in [("nobody", ""), *signed_in(product.settings)]:
                for path in readable(browser, product.url, secret):
                    seen = [
                        visit(browser, product.url + path, secret) for _ in range(times)
                    ]
                    paints[f"{role} {path}"] = [one[0] for one in seen]
                    weights[f"{role} {path}"] = max(one[1] for one in seen)
            browser.close()
    outcome.rows = rows(paints, weights)
    return outcome


def rows(paints: dict[str, list[float]], weights: dict[str, float]) -> list[Row]:
    """Return the figures: all pages, then the slowest and the heaviest."""
    every = [one for taken in paints.values() for one in taken]
    medians = {page: statistics.median(taken) for page, taken in paints.items()}
    slow = sorted(medians, key=lambda page: medians[page], reverse=True)
    heavy = sorted(weights, key=lambda page: weights[page], reverse=True)
    name, n = f"{len(paints)} pages, largest paint", len(every)
    return [
        compared(f"{name}, p95; other: 1.5 s", p95(every), PAINT, "ms", 1.0, n),
        Row(f"{name}, median", statistics.median(every), unit="ms", n=n),
        *(
            compared(
                f"{page}, largest paint, median",
                medians[page],
                PAINT,
                "ms",
                1.0,
                len(paints[page]),
            )
            for page in slow[:SLOWEST]
        ),
        *(
            compared(
                f"{page}, first visit; other: 200 kB",
                weights[page],
                WEIGHT,
                "bytes",
                1.0,
            )
            for page in heavy[:SLOWEST]
        ),
    ]


def readable(browser: Browser, url: str, secret: str) -> list[str]:
    """Return the pages that somebody may open."""
    context = entered(browser, url, secret)
    found = []
    for path in paths():
        answer = context.request.get(url + path, max_redirects=0)
        kind = answer.headers.get("content-type", "")
        if answer.status == 200 and kind.startswith("text/html"):
            found.append(path)
    context.close()
    return found if secret else [one for one in found if one == "/sign-in"]


def visit(browser: Browser, address: str, secret: str) -> tuple[float, float]:
    """Return largest paint in ms and bytes of one first visit."""
    context = entered(browser, address, secret)
    page = context.new_page()
    line: Any = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", LINE)
    page.goto(address, wait_until="load")
    found = page.evaluate(LARGEST), page.evaluate(BYTES)
    context.close()
    return float(found[0]), float(found[1])


def entered(browser: Browser, address: str, secret: str) -> BrowserContext:
    """Return a new browser context of somebody."""
    context = browser.new_context(viewport=PHONE, service_workers="block")  # type: ignore[arg-type]
    if secret:
        context.add_cookies([{"name": COOKIE, "value": secret, "url": address}])
    return context
