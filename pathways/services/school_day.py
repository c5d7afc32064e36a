"""The day at the school of whoever asks."""

from __future__ import annotations

from datetime import date

from pathways.app import Milepost
from pathways.services.access import Actor, school_of


def today(milepost: Milepost, actor: Actor) -> date:
    """Return the day in the time zone of the actor's school."""
    with milepost.work() as work:
        return milepost.today(school_of(work, actor))
