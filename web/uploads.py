"""Reads a form with a file, part by part; how much depends on who sends it."""

from __future__ import annotations

import asyncio

from fastapi import Request
from starlette.datastructures import FormData
from starlette.types import Message, Receive

from pathways.services.staged_imports import LARGEST
from web.sizes import BODY_SECONDS, LARGEST_BODY

BESIDE_THE_FILE = 64 * 1024
STAFF_SECONDS = 600.0
READ_AND_FORGOTTEN = 4 * LARGEST


class TooLarge(Exception):
    """More was sent than may be."""


async def read_form(request: Request, staff: bool) -> tuple[Request, FormData]:
    """Return a form, and the request that holds it; files wait on disk, nameless.

    Raises:
        TooLarge: more than a file of the largest size, or than any form without one.
        TimeoutError: it took too long.
    """
    largest = LARGEST + BESIDE_THE_FILE if staff else LARGEST_BODY
    counted = Request(request.scope, _counted(request.receive, largest, staff))
    async with asyncio.timeout(STAFF_SECONDS if staff else BODY_SECONDS):
        form = await counted.form(max_files=1, max_fields=20)
    return counted, form


def _counted(receive: Receive, largest: int, staff: bool) -> Receive:
    size = 0

    async def again() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > largest:
            if staff:
                await _rest(receive, message)
            raise TooLarge
        return message

    return again


async def _rest(receive: Receive, message: Message) -> None:
    """Read on, so that the browser gets to see the answer; nothing is kept."""
    size = 0
    while message.get("more_body") and size < READ_AND_FORGOTTEN:
        message = await receive()
        size += len(message.get("body", b""))
