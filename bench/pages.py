"""Every page that needs no id, asked for again and again by everybody who may."""

from __future__ import annotations

import hashlib
import secrets
import statistics
import time
from collections.abc import Iterator

import httpx
from fastapi.routing import APIRoute

from bench.figures import Outcome, Row, compared, p95
from bench.product import prepare
from bench.servers import serving
from pathways import demo
from pathways.app import Milepost, build
from pathways.settings import Settings
from pathways.store.models import SignIn
from setup.layout import Layout
from web.deps import COOKIE
from web.pages import routers

SLOW = 50.0
WARM_UP, SLOWEST = 3, 5
NOTES = (
    "From the request to the last byte, one client on this machine, the demo school.",
    "A page counts for a role when it answers 200 with HTML; papers and copies to keep "
    "are left out, and the first three requests of each page.",
)


def measure(layout: Layout, times: int) -> Outcome:
    """Ask for every page `times` / 10 times, ten at least, in every role.

    Args:
        layout: the checkout.
        times: turns of the other benchmarks; a tenth of it is enough here.
    """
    outcome = Outcome("pages", notes=list(NOTES))
    count = max(10, times // 10)
    outcome.settings = {"times": count}
    product = prepare(layout)
    app = product.app
    by_page: dict[str, list[float]] = {}
    with serving(app.command, app.log, app.environ, app.folder) as server:
        server.until(app.answers)
        with httpx.Client(base_url=product.url, timeout=30.0) as http:
            for role, secret in signed_in(product.settings):
                http.headers["cookie"] = f"{COOKIE}={secret}"
                for path in paths():
                    taken = _ask(http, path, count)
                    if taken:
                        by_page[f"{role} {path}"] = taken
    everything = [one for taken in by_page.values() for one in taken]
    name = f"{len(by_page)} pages"
    n = len(everything)
    outcome.rows = [
        compared(f"{name}, p95; other: 50 ms", p95(everything), SLOW, "ms", 1.0, n),
        Row(f"{name}, median", statistics.median(everything), unit="ms", n=n),
    ]
    slow = sorted(by_page, key=lambda one: p95(by_page[one]), reverse=True)
    for page in slow[:SLOWEST]:
        taken = by_page[page]
        row = compared(f"{page}, p95", p95(taken), SLOW, "ms", 1.0, len(taken))
        outcome.rows.append(row)
    return outcome


def _ask(http: httpx.Client, path: str, count: int) -> list[float]:
    """Return milliseconds of each answer; none where the page is not for this role."""
    taken = []
    for _ in range(WARM_UP + count):
        begun = time.perf_counter()
        answer = http.get(path)
        if answer.status_code != httpx.codes.OK or not _is_page(answer):
            return []
        taken.append((time.perf_counter() - begun) * 1000)
    return taken[WARM_UP:]


def _is_page(answer: httpx.Response) -> bool:
    """Whether it is read in the browser: papers and copies to keep are made anew."""
    return answer.headers.get("content-type", "").startswith("text/html")


def paths() -> list[str]:
    """Return every page's path that has no id in it."""
    return sorted(
        route.path
        for router in routers
        for route in router.routes
        if isinstance(route, APIRoute)
        and "GET" in (route.methods or ())
        and "{" not in route.path
    )


def signed_in(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield each demo role with a session of its own."""
    milepost = build(settings)
    found = [(role, _session(milepost, name)) for role, name in demo.ACCOUNTS.items()]
    milepost.engine.dispose()
    yield from found


def _session(milepost: Milepost, username: str) -> str:
    secret, now = secrets.token_urlsafe(32), milepost.clock()
    with milepost.work() as work:
        person = work.people.by_username(username)
        assert person is not None
        work.people.add(
            SignIn(
                id=hashlib.sha256(secret.encode()).hexdigest(),
                person_id=person.id,
                started_at=now,
                seen_at=now,
            )
        )
        work.commit()
    return secret
