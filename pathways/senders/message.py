"""A notice as it leaves: who gets it, and no more than the school allows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


class NotSent(Exception):
    """A notice did not get through; the message is a code, never an address."""


@dataclass(frozen=True)
class Notice:
    """What is sent to one recipient. It holds no word of the student.

    Attributes:
        id: the same at every try, so that a receiver can drop a second copy.
        student: a name, initials, or empty: what the school allows.
        page: address of the alert's page.
    """

    id: str
    recipient: str
    channel: str
    address: str
    step: str
    school: str
    student: str
    subject: str
    text: str
    page: str
    raised_at: datetime
