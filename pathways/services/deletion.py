"""Deletes all that is kept about a student, and can go on after any crash (P3).

Order: the account closes, Rasa's working copy, waiting files, rows that point to
others before those they point to, the person, Rasa's working copy once more, Rasa's
memory. Each step is a transaction that also writes down that it is done, and each may
run twice. Rows are gone through again from the first table on after each break: the
watch over alerts may have written new ones meanwhile. While Rasa is away its memory
stays an open step. What stays is a `deletion` row: when, by whose word, how many rows
of which table.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from pathways.app import Milepost
from pathways.senders.assistant import NotForgotten, forget
from pathways.services.access import Actor, Role, require
from pathways.services.alerts import spool_folder
from pathways.services.errors import NotFound
from pathways.store.models import Person, SignIn
from pathways.store.personal_data import PersonalData
from pathways.store.privacy_models import DataRequest, Deletion
from pathways.store.tracker import Tracker, empty_log
from pathways.store.unit_of_work import UnitOfWork

CONFIRMED = "confirmed"
MEMORY = "memory"
ROUNDS = 3
KEEPERS = (Role.COUNSELOR, Role.ADMIN)
AfterStep = Callable[[str], None]


def delete_student(
    milepost: Milepost,
    actor: Actor,
    student_id: str,
    after_step: AfterStep = lambda step: None,
) -> dict[str, int]:
    """Delete a student's data at once, on the word of a keeper of records.

    Args:
        milepost: the product.
        actor: a counselor or administrator of the school.
        student_id: whose data goes.
        after_step: told each step when it is done.

    Returns:
        how many rows of which table went. The assistant's memory is not among them
        while it is away; the deletion stays open then, see `open_deletions`.

    Raises:
        NotFound: the actor may not, or there is no such student.
    """
    require(actor, *KEEPERS)
    with milepost.work() as work:
        person = work.session.get(Person, student_id)
        ours = person is not None and person.school_id == actor.school_id
        if person is None or not ours or person.role != Role.STUDENT:
            raise NotFound("The student")
        begun = _begin(work, person, actor.id, milepost.clock())
    with suppress(NotForgotten):
        _go_on(milepost, begun, after_step)
    with milepost.work() as work:
        return dict(work.session.get_one(Deletion, begun).done)


def run_due(milepost: Milepost, after_step: AfterStep = lambda step: None) -> int:
    """Go on with deletions that a crash cut off, and begin those whose time has come.

    One that can't go on now, as Rasa's database is away, keeps back no other.

    Returns:
        how many ended.
    """
    with milepost.work() as work:
        now = milepost.clock()
        due = work.session.scalars(
            select(DataRequest).where(
                DataRequest.kind == "deletion",
                DataRequest.state == CONFIRMED,
                DataRequest.not_before <= now,
            )
        ).all()
        for request in due:
            person = work.session.get(Person, request.student_id)
            if person is not None:
                _begin(work, person, request.answered_by, now)
        open_ones = work.session.scalars(
            select(Deletion.id).where(Deletion.ended_at.is_(None))
        ).all()
    ended = 0
    for one in open_ones:
        with suppress(SQLAlchemyError, OSError):
            _go_on(milepost, one, after_step)
            ended += 1
    return ended


def open_deletions(milepost: Milepost) -> int:
    """Return how many deletions have begun and not ended."""
    with milepost.work() as work:
        return len(
            work.session.scalars(
                select(Deletion.id).where(Deletion.ended_at.is_(None))
            ).all()
        )


def _begin(
    work: UnitOfWork, person: Person, confirmed_by: str | None, now: datetime
) -> str:
    """Close the account and write down what is to be deleted, both or neither."""
    running = work.session.scalars(
        select(Deletion).where(
            Deletion.student_id == person.id, Deletion.ended_at.is_(None)
        )
    ).first()
    if running is not None:
        return running.id
    data = PersonalData(work.session, person.school_id, person.id)
    begun = Deletion(
        school_id=person.school_id,
        student_id=person.id,
        conversation_id=data.conversation_id,
        confirmed_by=confirmed_by,
        began_at=now,
        done={},
    )
    work.session.add(begun)
    person.active = False
    work.session.execute(delete(SignIn).where(SignIn.person_id == person.id))
    work.commit()
    return begun.id


def _go_on(milepost: Milepost, deletion_id: str, after_step: AfterStep) -> None:
    """Go through all steps; once more where a new row points to one that should go."""
    for _ in range(ROUNDS - 1):
        with suppress(IntegrityError):
            return _walk(milepost, deletion_id, after_step)
    return _walk(milepost, deletion_id, after_step)


def _walk(milepost: Milepost, deletion_id: str, after_step: AfterStep) -> None:
    with milepost.work() as work:
        begun = work.session.get_one(Deletion, deletion_id)
        school_id, student_id = begun.school_id, begun.student_id or ""
        conversation_id, done = begun.conversation_id or "", dict(begun.done)
        tables = PersonalData(work.session, school_id, student_id).steps()
    after_step("begin")
    tracker = Tracker(milepost.settings.tracker_url)
    steps: dict[str, Callable[[UnitOfWork], int]] = {
        "tracker": lambda work: tracker.purge(conversation_id),
        "files": lambda work: _drop_files(milepost, student_id),
        **{name: _deleting(school_id, student_id, name) for name in tables},
        "tracker_again": lambda work: tracker.purge(conversation_id),
        MEMORY: lambda work: _forget(milepost, conversation_id),
    }
    for name, act in steps.items():
        if name in done and name not in tables:
            continue
        with milepost.work() as work:
            done[name] = done.get(name, 0) + act(work)
            work.session.get_one(Deletion, deletion_id).done = dict(done)
            work.commit()
        after_step(name)
    with milepost.work() as work:
        begun = work.session.get_one(Deletion, deletion_id)
        begun.student_id = begun.conversation_id = None
        begun.ended_at = milepost.clock()
        work.commit()
    if milepost.settings.database_url.startswith("sqlite"):
        empty_log(milepost.settings.database_url)
    after_step("end")


def _forget(milepost: Milepost, conversation_id: str) -> int:
    """Have Rasa drop the conversation from its memory; return how many workers did."""
    return forget(milepost.settings, conversation_id) if conversation_id else 0


def _deleting(
    school_id: str, student_id: str, name: str
) -> Callable[[UnitOfWork], int]:
    return lambda work: PersonalData(work.session, school_id, student_id).delete(name)


def _drop_files(milepost: Milepost, student_id: str) -> int:
    """Remove waiting files that name the student; return how many."""
    gone = 0
    for file in spool_folder(milepost).glob("*"):
        try:
            named = student_id in file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        if named:
            file.unlink(missing_ok=True)
            gone += 1
    return gone
