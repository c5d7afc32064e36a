"""Logs as JSON lines; callers never pass what a person wrote."""

from __future__ import annotations

import logging
import traceback
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any

import structlog

from web.logs_out import ship

NOISY = ("uvicorn", "uvicorn.error", "asyncio", "aiohttp.client")


def places_of(error: BaseException) -> str:
    """Return an error as its kinds and places, without its message.

    A message can hold what a person wrote, as in "invalid literal for int()".
    """
    lines: list[str] = []
    found: BaseException | None = error
    while found is not None:
        lines.append(type(found).__name__)
        lines += [
            f"  {one.filename}:{one.lineno} {one.name}"
            for one in traceback.extract_tb(found.__traceback__)
        ]
        found = found.__cause__ or found.__context__
    return "\n".join(lines)


class WithoutMessages(logging.Filter):
    """Takes the messages of errors out of records, and leaves kinds and places."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the record; it is always kept."""
        if record.exc_info and record.exc_info[1] is not None:
            record.exc_text = places_of(record.exc_info[1])
            record.exc_info = None
        return True


def _without_message(
    logger: Any, name: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    given = event.pop("exc_info", None)
    if isinstance(given, tuple):
        given = given[1]
    if isinstance(given, BaseException):
        event["exception"] = places_of(given)
    return event


class Out:
    """Prints lines; a disk that takes none, where the log stands, ends nothing."""

    def msg(self, line: str) -> None:
        """Print a line, or go without it; send it on where a school wants that."""
        with suppress(OSError):
            print(line, flush=True)
        ship(line)

    debug = info = warning = error = critical = msg


def set_up_logs(level: str) -> None:
    """Configure structlog and the standard library alike."""
    number = logging.getLevelNamesMapping()[level]
    logging.basicConfig(level=max(number, logging.INFO), format="%(message)s")
    for name in NOISY:
        logger = logging.getLogger(name)
        if not any(isinstance(one, WithoutMessages) for one in logger.filters):
            logger.addFilter(WithoutMessages())
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_message,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=lambda *given: Out(),
        cache_logger_on_first_use=False,
    )
