"""Keeps a conversation's place for a turn while it waits and runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from pathways.app import Milepost
from pathways.services import conversation
from pathways.services.access import Actor
from pathways.services.messages import Lease, Message
from web.lanes import run_in_threadpool


def lease_seconds(milepost: Milepost) -> float:
    """Return for how long a place is held before it is renewed or lost."""
    return 2 * milepost.settings.turn_timeout_seconds


@asynccontextmanager
async def kept(
    milepost: Milepost, actor: Actor, message: Message
) -> AsyncIterator[None]:
    """Renew the lease of a turn's place as long as the block runs."""
    ended = asyncio.Event()
    renewing = asyncio.create_task(_renew(milepost, actor, message, ended))
    try:
        yield
    finally:
        ended.set()
        await renewing  # a renewal that is under way must not outlive the turn


async def _renew(
    milepost: Milepost, actor: Actor, message: Message, ended: asyncio.Event
) -> None:
    seconds = lease_seconds(milepost)
    lease = Lease(message.holder or "", timedelta(seconds=seconds))
    while message.holder is not None:
        with suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), seconds / 3)
        if ended.is_set():
            return
        with suppress(SQLAlchemyError):
            await run_in_threadpool(
                conversation.hold, milepost, actor, message.id, lease
            )
