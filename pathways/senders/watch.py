"""The clock of alerts: writes due notices down and sends them, apart from any turn."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import structlog
from sqlalchemy.exc import IntegrityError

from pathways.app import Milepost
from pathways.senders.outgoing import send_waiting
from pathways.services.notices import with_something_due, write_due

log = structlog.get_logger()
WATCH_SECONDS = 5.0


async def keep_watch(milepost: Milepost) -> None:
    """Pass alerts on until somebody is on them, for as long as the app runs."""
    while True:
        try:
            await watch_once(milepost)
        except Exception as error:  # nothing may end the watch, not even a full disk
            with suppress(OSError):
                log.error("alerts.watch_failed", kind=type(error).__name__)
        await asyncio.sleep(WATCH_SECONDS)


async def watch_once(milepost: Milepost) -> None:
    """Write down and send what is due now; what fails is tried again later."""
    written = await asyncio.to_thread(write_all_due, milepost)
    if written:
        log.warning("alerts.passed_on", count=written)
    for problem in await send_waiting(milepost):
        log.error("alerts.notice_not_sent", problem=problem)


def write_all_due(milepost: Milepost) -> int:
    """Write down every notice that is due and not there yet; return how many.

    Several processes may do this at once: a notice's id follows from what it is, so
    that it can be written only once. An alert that fails holds back no other.
    """
    written = 0
    for alert_id in with_something_due(milepost):
        with suppress(IntegrityError):  # another process wrote it at this very moment
            try:
                written += write_due(milepost, alert_id)
            except (ValueError, LookupError) as error:
                log.error("alerts.not_passed_on", kind=type(error).__name__)
    return written
