"""Asks a school's system for pages of JSON, patiently and within limits."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import httpx

from pathways.services.errors import MilepostError

LARGEST_PAGE = 20 * 1024 * 1024
TRIES = 5
LONGEST_WAIT = 120.0
TIMEOUT = 30.0
LITTLE_LEFT = 50.0
SLOW_DOWN = 1.0
Params = Mapping[str, str | list[str]]


class LiveError(MilepostError):
    """A system did not answer as it should; the message says what to do."""


@dataclass(frozen=True)
class Page:
    """One page: what it holds, and where the next one is."""

    body: Any
    next: str | None
    total: int | None = None


class Client:
    """One system, with a token that is sent to its own address only.

    Waits where it says so (429, Canvas' "Rate Limit Exceeded", Retry-After) and
    tries again where it is out of order for a moment. Redirects are not followed.
    """

    def __init__(
        self, base: str, token: str, sleep: Callable[[float], None], token_name: str
    ) -> None:
        """Check the address; nothing connects yet.

        Raises:
            LiveError: the address is not https (http only on this machine), or the
                token is missing.
        """
        self.base = base.rstrip("/") + "/"
        if not _is_safe(self.base):
            raise LiveError(f"{base}: give an address that starts with https://")
        if not token:
            raise LiveError(f"Set {token_name} to a token of this system.")
        self._sleep, self._token_name = sleep, token_name
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        self._http = httpx.Client(headers=headers, timeout=TIMEOUT)

    def __enter__(self) -> Self:
        """Use it in a `with` block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connections."""
        self._http.close()

    def first(self, path: str, params: Params) -> str:
        """Return the address of the first page of something."""
        return str(httpx.URL(urljoin(self.base, path), params=dict(params)))

    def page(self, address: str) -> Page:
        """Return one page.

        Raises:
            LiveError: it leads elsewhere, or there is no good answer.
        """
        if _origin(address) != _origin(self.base):
            raise LiveError(f"{self.base}: the next page is at another address.")
        answer = self._answer(address)
        left = _number(answer.headers.get("x-rate-limit-remaining"))
        if left is not None and left < LITTLE_LEFT:
            self._sleep(SLOW_DOWN)
        link = answer.links.get("next", {}).get("url")
        total = _number(answer.headers.get("x-total-count"))
        return Page(
            _json(answer),
            urljoin(address, link) if link else None,
            None if total is None else int(total),
        )

    def _answer(self, address: str) -> httpx.Response:
        reason, asked = "", None
        for attempt in range(TRIES):
            if attempt:
                wait = 2.0**attempt if asked is None else asked
                self._sleep(min(wait, LONGEST_WAIT))
            asked = None
            try:
                answer = self._get(address)
            except httpx.TransportError as error:
                reason = f"no answer ({type(error).__name__})"
                continue
            if answer.status_code == 200:
                return answer
            reason = f"it answered {answer.status_code}"
            if not _is_passing(answer):
                raise LiveError(self._refusal(answer))
            asked = _number(answer.headers.get("retry-after"))
        raise LiveError(
            f"{self.base}: {reason}, {TRIES} times. Run the same command again later; "
            "it goes on from the last page."
        )

    def _get(self, address: str) -> httpx.Response:
        with self._http.stream("GET", address) as answer:
            data = bytearray()
            for chunk in answer.iter_bytes():
                data += chunk
                if len(data) > LARGEST_PAGE:
                    raise LiveError(f"{self.base}: a page is too large.")
            return httpx.Response(
                answer.status_code,
                headers=[
                    (name, value)
                    for name, value in answer.headers.items()
                    if name not in ("content-encoding", "content-length")
                ],
                content=bytes(data),
                request=answer.request,
            )

    def _refusal(self, answer: httpx.Response) -> str:
        said = f"{self.base}: it answered {answer.status_code}."
        if answer.status_code in (401, 403):
            return f"{said} Check {self._token_name} and what this token may read."
        if answer.status_code == 404:
            return f"{said} Check the address and the numbers you gave."
        return f"{said} Check the address."


def _is_passing(answer: httpx.Response) -> bool:
    """Tell whether the same question may be answered a little later."""
    limited = answer.status_code == 403 and b"rate limit" in answer.content.lower()
    return answer.status_code == 429 or answer.status_code >= 500 or limited


def _number(text: str | None) -> float | None:
    try:
        return max(0.0, float(text)) if text else None
    except ValueError:
        return None


def _json(answer: httpx.Response) -> Any:
    try:
        return json.loads(answer.content)
    except (ValueError, RecursionError) as error:
        raise LiveError(
            f"{answer.request.url.host}: this is no JSON. Check the address."
        ) from error


def _origin(address: str) -> tuple[str, str, int | None]:
    parts = urlsplit(address)
    return parts.scheme, parts.hostname or "", parts.port


def _is_safe(address: str) -> bool:
    scheme, host, _ = _origin(address)
    if scheme == "https":
        return bool(host)
    try:
        return scheme == "http" and ipaddress.ip_address(host).is_loopback
    except ValueError:
        return scheme == "http" and host == "localhost"
