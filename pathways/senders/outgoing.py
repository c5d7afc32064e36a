"""Sends what waits, several at a time: one slow receiver holds back no other."""

from __future__ import annotations

import asyncio

from pathways.app import Milepost
from pathways.senders.mail import send_mail
from pathways.senders.message import Notice, NotSent
from pathways.senders.webhook import send_webhook
from pathways.services import notices

PATIENCE = 30.0


async def send_waiting(milepost: Milepost) -> list[str]:
    """Send every notice that waits; return the problems, empty where all went well.

    A notice is held, sent, and then written down as sent. A crash between the last two
    sends it once more, under the same id.
    """
    waiting = await asyncio.to_thread(notices.waiting, milepost)
    found = await asyncio.gather(*(_send(milepost, one) for one in waiting))
    return [one for one in found if one]


async def _send(milepost: Milepost, notice_id: str) -> str:
    notice = await asyncio.to_thread(notices.take, milepost, notice_id)
    if notice is None:
        return ""
    problem = ""
    try:
        await asyncio.wait_for(_hand_over(milepost, notice), PATIENCE)
    except NotSent as error:
        problem = str(error)
    except TimeoutError:
        problem = "too_slow"
    await asyncio.to_thread(notices.settle, milepost, notice_id, problem)
    return problem


async def _hand_over(milepost: Milepost, notice: Notice) -> None:
    settings = milepost.settings
    if notice.channel == notices.WEBHOOK:
        await send_webhook(
            notice,
            settings.webhook_secret,
            milepost.clock(),
            settings.webhook_loopback,
        )
    else:
        await asyncio.to_thread(
            send_mail, notice, settings.smtp_url, settings.mail_from
        )
