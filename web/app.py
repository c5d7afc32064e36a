"""The one ASGI app: gateway, JSON API, pages, action endpoint."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import cache
from pathlib import Path

import structlog
from fastapi import APIRouter, FastAPI
from fastapi.staticfiles import StaticFiles
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.routing import BaseRoute

from pathways.app import Milepost, build
from pathways.garbage import leave_alone_what_stays
from pathways.safety import screen
from pathways.senders.watch import keep_watch
from pathways.services.alerts import deliver_spool, keep_spares
from pathways.services.credit_plan_clock import tick
from pathways.services.retention import run_daily
from pathways.settings import Settings
from web import api, health, internal, problems
from web.addresses import Addresses
from web.alone import standing_on
from web.deps import Seen
from web.gateway import Gateway
from web.guard import Guard
from web.limits import Limits
from web.logs import set_up_logs
from web.logs_out import close as close_shipping
from web.logs_out import set_up_shipping
from web.observed import Observed
from web.pages import routers
from web.rasa_client import RasaClient, open_session
from web.traces import close as close_traces
from web.traces import set_up_traces
from web.version import CODE

log = structlog.get_logger()
STATIC = Path(__file__).with_name("static")
SPOOL_SECONDS = 5.0
TICK_SECONDS = 600.0
SPARES_AT_ONCE = 32
WARM_UP_AFTER_SECONDS = 1.0


def create_app(milepost: Milepost | None = None) -> FastAPI:
    """Make the app, on the settings of the environment unless it is given."""
    product = milepost or build(Settings.load())
    set_up_logs(product.settings.log_level)
    set_up_shipping(product.settings.logs_url)
    set_up_traces(product.settings.traces_url)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        settings = product.settings
        async with AsyncExitStack() as stack:
            http = await stack.enter_async_context(open_session())
            rasa = RasaClient(
                Addresses(settings.rasa_urls, settings.rasa_urls_file),
                settings.channel_secret,
                http,
                settings.turn_timeout_seconds,
            )
            standing = stack.enter_context(standing_on(product))
            app.state.gateway = Gateway(product, Guard(rasa), standing)
            jobs = [
                asyncio.create_task(_deliver_alerts(product)),
                asyncio.create_task(_keep_room(product)),
                asyncio.create_task(_keep_times(product)),
                asyncio.create_task(_warm_up(app)),
                asyncio.create_task(keep_watch(product)),
                asyncio.create_task(_let_go(product)),
            ]
            yield
            for job in jobs:
                job.cancel()
            await asyncio.gather(*jobs, return_exceptions=True)
        await run_in_threadpool(close_traces)
        await run_in_threadpool(close_shipping)

    app = FastAPI(
        title="Milepost",
        version=CODE,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.milepost = product
    app.state.seen = Seen()
    app.state.actions = internal.Actions()
    app.router.routes.extend(_routes())
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(Limits)
    app.add_middleware(Observed)
    problems.register(app)
    return app


@cache
def _routes() -> list[BaseRoute]:
    """Return every route; FastAPI works them out once for all apps of a process."""
    every = APIRouter()
    for router in (api.router, health.router, internal.router, *routers):
        every.include_router(router)
    return every.routes


async def _warm_up(app: FastAPI) -> None:
    """Load what messages need, once the first pages had their turn.

    A message that comes before that loads it itself. What is loaded then stays.
    """
    await asyncio.sleep(WARM_UP_AFTER_SECONDS)
    await run_in_threadpool(screen, "hello")
    await run_in_threadpool(lambda: app.state.actions.executor)
    await run_in_threadpool(leave_alone_what_stays)


async def _deliver_alerts(milepost: Milepost) -> None:
    """Bring alerts that waited on disk into the database, for as long as we run."""
    while True:
        with suppress(SQLAlchemyError, OSError):
            delivered = await run_in_threadpool(deliver_spool, milepost)
            if delivered:
                log.warning("alerts.delivered_from_disk", count=delivered)
        await asyncio.sleep(SPOOL_SECONDS)


async def _keep_room(milepost: Milepost) -> None:
    """Take room on the disk for alerts, soon after the start and some at a time."""
    await asyncio.sleep(WARM_UP_AFTER_SECONDS)
    while True:
        made = 0
        with suppress(OSError):
            made = await run_in_threadpool(keep_spares, milepost, SPARES_AT_ONCE)
        if not made:
            await asyncio.sleep(SPOOL_SECONDS)


async def _keep_times(milepost: Milepost) -> None:
    """Let the times of credit plans run out, for as long as we run."""
    while True:
        await asyncio.sleep(TICK_SECONDS)
        with suppress(SQLAlchemyError):
            await run_in_threadpool(tick, milepost)


async def _let_go(milepost: Milepost) -> None:
    """Delete what is due to be deleted, and what is past its days, once a day."""
    while True:
        await asyncio.sleep(TICK_SECONDS)
        with suppress(SQLAlchemyError, OSError):
            counts = await run_in_threadpool(run_daily, milepost)
            if counts is not None:
                log.info("retention.ran", counts=counts)
