"""The read log: a student sees who looked at what, and when (feature A3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pathways.app import Milepost
from pathways.services.access import Actor, Role, require
from pathways.services.alerts import full_name


@dataclass(frozen=True)
class LookView:
    """One look of an adult at a student's data."""

    who: str
    role: str
    what: str
    reason: str
    looked_at: datetime


def list_looks(milepost: Milepost, actor: Actor, limit: int = 200) -> list[LookView]:
    """Return who looked at the student's own data, newest first.

    Someone who left the school stays in the log, without a name.
    """
    require(actor, Role.STUDENT, kept=False)
    with milepost.work() as work:
        looks = work.people.looks(actor.school_id, actor.id)[:limit]
        ids = {one.actor_id for one in looks if one.actor_id}
        people = {one: work.people.by_id(one) for one in ids}
    found = []
    for look in looks:
        person = people.get(look.actor_id or "")
        found.append(
            LookView(
                who=full_name(person) if person else "",
                role=person.role if person else "",
                what=look.what,
                reason=look.reason,
                looked_at=look.looked_at,
            )
        )
    return found
