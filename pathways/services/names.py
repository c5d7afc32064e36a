"""Names of people, as those around them may know them."""

from __future__ import annotations

from pathways.app import Milepost
from pathways.services.access import Actor, Role
from pathways.services.alerts import full_name
from pathways.services.errors import NotFound


def given_name(milepost: Milepost, actor: Actor) -> str:
    """Return the actor's own given name."""
    with milepost.work() as work:
        person = work.people.person(actor.school_id, actor.id)
        if person is None:
            raise NotFound("The person")
        return person.given_name


def readers_of(milepost: Milepost, actor: Actor) -> list[str]:
    """Return the names of the adults who see what the student releases."""
    with milepost.work() as work:
        adults = work.people.adults_of(actor.school_id, actor.id)
        readers = [one for one in adults if one.role in (Role.ADVISOR, Role.FAMILY)]
        return [full_name(one) for one in readers]
