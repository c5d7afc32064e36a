"""Sends a notice to a school's webhook: https only, public addresses only, signed.

An address is looked up once and the connection goes to what was found and checked, so
that a name can't lead inside the school's network (server-side request forgery).
Redirects are not followed.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import json
import socket
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import DefaultResolver

from pathways.senders.message import Notice, NotSent

SECONDS = 10.0
SIGNATURE = "X-Milepost-Signature"


def address_problem(url: str, loopback: bool = False) -> str:
    """Return why a webhook's address can't be used, as a code; empty where it can.

    Args:
        url: the address.
        loopback: this machine is allowed too, with http; for tests.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return "not_an_address"
    here = loopback and host in ("127.0.0.1", "localhost", "::1")
    last = host.rpartition(".")[2]
    odd = not _is_number(host) and last[:1].isdigit()  # 0x7f.1, 2130706433
    if not host or odd or parts.username is not None:
        return "not_an_address"
    if parts.scheme != "https" and not here:
        return "not_https"
    return "" if here or not _is_number(host) or _is_public(host) else "private_address"


def signature(secret: str, body: bytes, sent_at: datetime) -> str:
    """Return the signature header: HMAC-SHA256 over "<unix seconds>.<body>"."""
    stamp = str(int(sent_at.timestamp()))
    digest = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256)
    return f"t={stamp},v1={digest.hexdigest()}"


async def send_webhook(
    notice: Notice, secret: str, now: datetime, loopback: bool = False
) -> None:
    """Post a notice to its address.

    Raises:
        NotSent: the address may not be used, can't be reached, or does not say 2xx
            within ten seconds.
    """
    problem = address_problem(notice.address, loopback)
    if problem or not secret:
        raise NotSent(problem or "no_webhook_secret")
    body = json.dumps(_content(notice)).encode()
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": notice.id,
        SIGNATURE: signature(secret, body, now),
    }
    connector = aiohttp.TCPConnector(resolver=_Checked(loopback), force_close=True)
    patience = aiohttp.ClientTimeout(total=SECONDS)
    try:
        async with (
            aiohttp.ClientSession(connector=connector, timeout=patience) as session,
            session.post(
                notice.address, data=body, headers=headers, allow_redirects=False
            ) as answer,
        ):
            status = answer.status
    except TimeoutError:
        raise NotSent("webhook_too_slow") from None
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise NotSent(f"webhook_{type(error).__name__}") from None
    if not 200 <= status < 300:
        raise NotSent(f"webhook_{status}")


def _content(notice: Notice) -> dict[str, Any]:
    return {
        "id": notice.id,
        "step": notice.step,
        "school": notice.school,
        "student": notice.student,
        "text": notice.text,
        "page": notice.page,
        "raised_at": notice.raised_at.isoformat(),
    }


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_public(address: str) -> bool:
    found = ipaddress.ip_address(address)
    inner = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    teredo = getattr(found, "teredo", None)
    every = [found, *([inner] if inner else []), *(teredo or ())]
    return all(one.is_global and not one.is_multicast for one in every)


class _Checked(AbstractResolver):
    """Looks names up and gives out public addresses only."""

    def __init__(self, loopback: bool) -> None:
        self._inner = DefaultResolver()
        self._loopback = loopback

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return a name's addresses; an inner one among them refuses the name."""
        found = await self._inner.resolve(host, port, family)
        here = self._loopback and host == "localhost"
        if not here and not all(_is_public(one["host"]) for one in found):
            raise OSError("a private address")
        return found

    async def close(self) -> None:
        """Close what looks names up."""
        await self._inner.close()
