"""Is it up, is it ready, what are its figures."""

from __future__ import annotations

import hmac
import json
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from pathways.app import Milepost
from pathways.services.alert_figures import free_bytes, open_alerts, spooled
from pathways.settings import Mode
from web import metrics
from web.deps import App, gateway_of
from web.problems import problem

router = APIRouter(include_in_schema=False)
LITTLE_ROOM = 50 * 1024**2  # bytes; below it the next messages may not be stored


@router.get("/healthz")
def healthz() -> dict[str, str]:
    """Tell that the app runs."""
    return {"status": "ok"}


@router.get("/readyz")
async def readyz(request: Request, milepost: App) -> Response:
    """Answer 200 only when the assistant and the database do."""
    workers = await gateway_of(request).workers()
    checks: dict[str, Any] = {
        "assistant": "ok" if all(workers) else "warming up",
        "workers": ["ok" if each else "away" for each in workers],
        "database": await run_in_threadpool(_database, milepost),
        "disk": "ok" if free_bytes(milepost) >= LITTLE_ROOM else "full",
        "processes": await run_in_threadpool(_processes, milepost),
    }
    ready = checks["assistant"] == "ok" and checks["database"] == "ok"
    return JSONResponse(
        {"status": "ready" if ready else "not ready", **checks},
        status_code=200 if ready else 503,
        headers={"cache-control": "no-store"},
    )


def _database(milepost: Milepost) -> str:
    try:
        with milepost.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return "away"
    return "ok"


def _processes(milepost: Milepost) -> list[dict[str, Any]]:
    """Return what the supervisor last wrote about its children."""
    file = milepost.settings.var_dir / "run" / "state.json"
    try:
        children = json.loads(file.read_text(encoding="utf-8"))["children"]
    except (OSError, ValueError, KeyError):
        return []
    return [
        {name: child.get(name) for name in ("name", "state", "restarts")}
        for child in children
    ]


@router.get("/metrics")
async def figures(request: Request, milepost: App) -> Response:
    """Return the figures for Prometheus; none of them is personal.

    With a token set only its bearer reads them; a school must set one.
    """
    token = milepost.settings.metrics_token
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    open_here = not token and milepost.settings.mode is Mode.LOCAL
    if not open_here and not (
        token and hmac.compare_digest(given.encode(), token.encode())
    ):
        return problem(404, "There is nothing here.")
    metrics.assistant_ready.set(await gateway_of(request).ready())
    await run_in_threadpool(_look_at_alerts, milepost)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _look_at_alerts(milepost: Milepost) -> None:
    """Bring the figures up to date that nothing counts as it happens."""
    metrics.alerts_on_disk.set(spooled(milepost))
    metrics.disk_free.set(free_bytes(milepost))
    try:
        count, oldest = open_alerts(milepost)
    except SQLAlchemyError:
        metrics.database_ready.set(0)
        return
    metrics.database_ready.set(1)
    metrics.alerts_open.set(count)
    age = (milepost.clock() - oldest).total_seconds() if oldest else 0.0
    metrics.oldest_open_alert.set(age)
