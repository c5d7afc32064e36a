"""Alerts to staff: stored before the student reads the reply, never lost."""

from __future__ import annotations

import json
import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import OperationalError, SQLAlchemyError

from pathways.app import Milepost
from pathways.services.access import WATCHES, Actor, Role, note_look, require
from pathways.services.duty import is_on_duty
from pathways.services.errors import NotFound
from pathways.services.spare_files import (
    SPARE_FILES,
    refill,
    write_over,
    write_through,
)
from pathways.store.base import new_id
from pathways.store.models import Alert, Person
from pathways.store.unit_of_work import UnitOfWork

WANTS_PERSON = "wants_person"
WANTS_COPY, WANTS_DELETION = "wants_copy", "wants_deletion"
WANTS_CORRECTION = "wants_correction"
WISHES = frozenset({WANTS_PERSON, WANTS_COPY, WANTS_DELETION, WANTS_CORRECTION})


@dataclass(frozen=True)
class AlertView:
    """An alert as staff see it: who and what kind, never the student's words."""

    id: str
    student_id: str
    student: str
    category: str
    raised_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str


def add_alert(
    work: UnitOfWork,
    actor: Actor,
    category: str,
    rule: str,
    turn_id: str | None,
    now: datetime,
    alert_id: str | None = None,
) -> Alert:
    """Put an alert about a student into a unit of work."""
    return work.conversations.add(
        Alert(
            id=alert_id or new_id(),
            school_id=actor.school_id,
            student_id=actor.id,
            turn_id=turn_id,
            category=category,
            rule=rule,
            raised_at=now,
        )
    )


def alert_id_of(actor: Actor, client_message_id: str) -> str:
    """Return the id of the one alert that a message can raise.

    Sent again, stored or waiting on disk, a message never raises a second one.
    """
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{actor.id} {client_message_id}"))


def ask_for_person(milepost: Milepost, actor: Actor) -> list[str]:
    """Tell the student's adults that they want to talk; return the adults' names."""
    return ask_for(milepost, actor, WANTS_PERSON)


def ask_for(milepost: Milepost, actor: Actor, wish: str) -> list[str]:
    """Put a student's wish before their adults; return the adults' names.

    A wish that is still open is not raised again.

    Args:
        milepost: the product.
        actor: the student.
        wish: one of WISHES: a talk, a copy of their data, its deletion.
    """
    require(actor, Role.STUDENT, kept=False)
    if wish not in WISHES:
        raise NotFound("The wish")
    with milepost.work() as work:
        open_wish = any(
            one.category == wish and one.acknowledged_at is None
            for one in work.conversations.alerts(actor.school_id, [actor.id])
        )
        if not open_wish:
            add_alert(work, actor, wish, wish, None, milepost.clock())
            work.commit()
        adults = work.people.adults_of(actor.school_id, actor.id)
        staff = [one for one in adults if one.role == Role.ADVISOR]
        staff += work.people.in_role(actor.school_id, Role.COUNSELOR)[:1]
        return [full_name(one) for one in staff]


def full_name(person: Person) -> str:
    """Return a person's name as people say it."""
    return f"{person.given_name} {person.family_name}".strip()


def list_alerts(milepost: Milepost, actor: Actor) -> list[AlertView]:
    """Return alerts, the unacknowledged first.

    An advisor sees their own students', counselors and people on duty the school's.
    """
    with milepost.work() as work:
        students = _watched(work, actor)
        rows = work.conversations.alerts(actor.school_id, list(students))
        for student_id in {row.student_id for row in rows}:
            note_look(work, actor, student_id, "alerts", milepost.clock())
        return [alert_view(work, row) for row in rows]


def acknowledge(milepost: Milepost, actor: Actor, alert_id: str) -> AlertView:
    """Take an alert on; the first to do so stays on record, even at the same moment."""
    with milepost.work() as work:
        students = _watched(work, actor)
        row = work.conversations.alert(actor.school_id, alert_id)
        if row is None or row.student_id not in students:
            raise NotFound("The alert")
        work.conversations.take_alert(alert_id, actor.id, milepost.clock())
        work.commit()
        work.session.refresh(row)
        return alert_view(work, row)


def _watched(work: UnitOfWork, actor: Actor) -> dict[str, Person]:
    """Return whose alerts someone may see.

    Raises:
        NotFound: nobody's.
    """
    whole = actor.role in WATCHES
    if whole or is_on_duty(work, actor):
        people = work.people.in_role(actor.school_id, Role.STUDENT)
    else:
        require(actor, Role.ADVISOR)
        people = work.people.students_of(actor.school_id, actor.id)
    return {person.id: person for person in people}


def alert_view(work: UnitOfWork, row: Alert) -> AlertView:
    """Return an alert as staff see it."""
    student = work.people.by_id(row.student_id)
    taker = work.people.by_id(row.acknowledged_by) if row.acknowledged_by else None
    return AlertView(
        row.id,
        row.student_id,
        full_name(student) if student else "",
        row.category,
        row.raised_at,
        row.acknowledged_at,
        full_name(taker) if taker else "",
    )


def spool_folder(milepost: Milepost) -> Path:
    """Return where alerts wait while the database is away."""
    return milepost.settings.var_dir / "spool" / "alerts"


def spare_folder(milepost: Milepost) -> Path:
    """Return where room for alerts is kept for a disk that is full."""
    return milepost.settings.var_dir / "spool" / "spare"


def keep_spares(milepost: Milepost, at_most: int = SPARE_FILES) -> int:
    """Take room on the disk beforehand; return how many files were made."""
    return refill(spare_folder(milepost), at_most)


def spool_alert(
    milepost: Milepost,
    actor: Actor,
    category: str,
    rule: str,
    now: datetime,
    alert_id: str | None = None,
) -> None:
    """Write an alert to disk, durably, because the database can't take it.

    Raises:
        OSError: the disk takes nothing, not even in the room kept for it.
    """
    folder = spool_folder(milepost)
    folder.mkdir(parents=True, exist_ok=True)
    alert = {
        "id": alert_id or new_id(),
        "school_id": actor.school_id,
        "student_id": actor.id,
        "category": category,
        "rule": rule,
        "raised_at": now.isoformat(),
    }
    text, file = json.dumps(alert), folder / f"{alert['id']}.json"
    draft = file.with_suffix(".new")
    try:
        write_through(draft, text.encode())
        draft.replace(file)
    except OSError:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        if not write_over(spare_folder(milepost), text, file):
            raise


def tell_at_once(
    milepost: Milepost, actor: Actor, category: str, rule: str, alert_id: str
) -> bool:
    """Raise an alert without a stored message: durable first, then delivered.

    Returns:
        whether it stands in the database now; if not, it waits on disk.
    """
    spool_alert(milepost, actor, category, rule, milepost.clock(), alert_id)
    deliver_spool(milepost)
    return not (spool_folder(milepost) / f"{alert_id}.json").exists()


def deliver_spool(milepost: Milepost) -> int:
    """Move waiting alerts into the database, each once; return how many.

    An alert whose file outlives its delivery is recognized by its id. One that can't
    be read or stored is put aside or left, and never keeps back the others.
    """
    delivered = 0
    for file in sorted(spool_folder(milepost).glob("*.json")):
        try:
            waiting = json.loads(file.read_text(encoding="utf-8"))
            with milepost.work() as work:
                if (
                    work.conversations.alert(waiting["school_id"], waiting["id"])
                    is None
                ):
                    _store_waiting(work, waiting)
        except OperationalError:
            return delivered
        except SQLAlchemyError:
            continue
        except (ValueError, KeyError, TypeError):
            file.replace(file.with_suffix(".unreadable"))
            continue
        file.unlink(missing_ok=True)
        delivered += 1
    return delivered


def _store_waiting(work: UnitOfWork, waiting: dict[str, str]) -> None:
    student = Actor(waiting["student_id"], waiting["school_id"], Role.STUDENT)
    raised_at = datetime.fromisoformat(waiting["raised_at"])
    add_alert(
        work,
        student,
        waiting["category"],
        waiting["rule"],
        None,
        raised_at,
        alert_id=waiting["id"],
    )
    work.commit()
