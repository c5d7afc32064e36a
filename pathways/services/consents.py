"""Consent: noted by an administrator, taken back by the family, seen by both (P7).

A student's own choice stands apart from it: it turns coaching off and on again, and
never opens what the family or the school closed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pathways.app import Milepost
from pathways.domain.consent import Consent, Gate, GivenBy, family_may_withdraw
from pathways.services.access import (
    Actor,
    Role,
    gate_now,
    note_look,
    require,
    school_of,
    student_for,
)
from pathways.services.alerts import full_name
from pathways.services.errors import Invalid, NotFound
from pathways.services.sessions import note_event, person_for_admin
from pathways.store.consent_models import ConsentEntry
from pathways.store.models import Person
from pathways.store.unit_of_work import UnitOfWork

LOOK = "consent"
OFF, ON, BY_STUDENT = "off", "on", "student"
NEWER = "A newer word is on record, of {}. Give the day of what you have now."
FROM_ALL, FROM_THE_YOUNG = "consent needed from all", "consent needed under 13"


@dataclass(frozen=True)
class ConsentNote:
    """One entry of a student's consent history; `by` is empty for an import."""

    state: str
    given_by: str
    dated: date
    by: str
    recorded_at: datetime


@dataclass(frozen=True)
class ConsentView:
    """What is on record for a student, and whether their words are kept now."""

    student_id: str
    name: str
    grade: int | None
    state: Consent
    since: date | None
    gate: Gate
    family_may_withdraw: bool
    history: tuple[ConsentNote, ...] = ()


@dataclass(frozen=True)
class Overview:
    """A school's rule, how many students have which state, and who is held back."""

    from_all: bool
    counts: Counter[Consent]
    held_back: tuple[ConsentView, ...]


def overview(milepost: Milepost, actor: Actor) -> Overview:
    """Return whose words can't be kept and why, for an administrator.

    It is a list of names and states like the list of accounts; opening one student's
    history is a look, this list is none.
    """
    require(actor, Role.ADMIN)
    with milepost.work() as work:
        students = work.people.in_role(actor.school_id, Role.STUDENT)
        views = [_view(milepost, work, one) for one in students]
        return Overview(
            school_of(work, actor).consent_from_all,
            Counter(one.state for one in views),
            tuple(one for one in views if one.gate),
        )


def of_student(milepost: Milepost, actor: Actor, person_id: str) -> ConsentView | None:
    """Return a student's consent with its history, for an administrator; logged.

    None for a person who is no student.
    """
    with milepost.work() as work:
        person = person_for_admin(work, actor, person_id)
        if person.role != Role.STUDENT:
            return None
        note_look(work, actor, person_id, LOOK, milepost.clock())
        return _view(milepost, work, person, history=True)


def own(milepost: Milepost, actor: Actor) -> ConsentView:
    """Return the student's own consent with its history."""
    require(actor, Role.STUDENT, kept=False)
    with milepost.work() as work:
        person = work.people.person(actor.school_id, actor.id)
        if person is None:
            raise NotFound("The student")
        return _view(milepost, work, person, history=True)


def choose(milepost: Milepost, actor: Actor, off: bool) -> None:
    """Turn coaching off or on for oneself, at any age; it holds for the next message.

    The same again changes nothing.
    """
    require(actor, Role.STUDENT, kept=False)
    with milepost.work() as work:
        person = work.people.person(actor.school_id, actor.id)
        if person is None:
            raise NotFound("The student")
        today = milepost.today(school_of(work, actor))
        if not work.people.choose_coaching(actor.school_id, actor.id, off, today):
            return
        work.people.add(
            ConsentEntry(
                school_id=actor.school_id,
                student_id=actor.id,
                state=OFF if off else ON,
                given_by=BY_STUDENT,
                dated=today,
                recorded_by=actor.id,
                recorded_at=milepost.clock(),
            )
        )
        work.commit()


def of_family(milepost: Milepost, actor: Actor) -> dict[str, ConsentView]:
    """Return the consent of each student that a relative looks after, by id; logged."""
    require(actor, Role.FAMILY)
    with milepost.work() as work:
        students = work.people.students_of(actor.school_id, actor.id)
        for one in students:
            note_look(work, actor, one.id, LOOK, milepost.clock())
        return {one.id: _view(milepost, work, one, history=True) for one in students}


def record(
    milepost: Milepost,
    actor: Actor,
    student_id: str,
    state: str,
    given_by: str,
    dated: str,
) -> None:
    """Note what a family or the school said, for an administrator.

    The same again changes nothing.

    Raises:
        Invalid: a value can't be used, or its day is still to come or before the day
            on record.
    """
    with milepost.work() as work:
        person = person_for_admin(work, actor, student_id)
        if person.role != Role.STUDENT:
            raise NotFound("The student")
        today = milepost.today(school_of(work, actor))
        said = read_said(state, given_by, dated, today)
        if person.consent_on is not None and said.dated < person.consent_on:
            raise Invalid(NEWER.format(person.consent_on), "dated")
        put_down(work, person, said, actor.id, milepost.clock())
        work.commit()


def withdraw(milepost: Milepost, actor: Actor, student_id: str) -> None:
    """Take consent back, on a relative's word; it holds for the next message.

    Raises:
        Invalid: from 18 on it is the student's to say.
    """
    require(actor, Role.FAMILY)
    with milepost.work() as work:
        person = student_for(work, actor, student_id)
        today = milepost.today(school_of(work, actor))
        if not family_may_withdraw(person.born, today):
            raise Invalid("From 18 on this is the student's own to say.")
        said = Said(Consent.WITHDRAWN, GivenBy.FAMILY, today)
        put_down(work, person, said, actor.id, milepost.clock())
        work.commit()


def need_from_all(milepost: Milepost, actor: Actor, needed: bool) -> None:
    """Set whether every student of the school needs consent, or those under 13 only."""
    require(actor, Role.ADMIN)
    with milepost.work() as work:
        school_of(work, actor).consent_from_all = needed
        what = FROM_ALL if needed else FROM_THE_YOUNG
        note_event(work, actor, actor.id, what, milepost.clock())
        work.commit()


@dataclass(frozen=True)
class Said:
    """A yes or no, whose it is, and its day."""

    state: Consent
    given_by: GivenBy
    dated: date


def read_said(state: str, given_by: str, dated: str, today: date) -> Said:
    """Return what a form or a file says.

    Raises:
        Invalid: it can't be used; `field` names the value.
    """
    if state not in (Consent.GIVEN, Consent.WITHDRAWN):
        raise Invalid("Write given or withdrawn.", "state")
    if given_by not in tuple(GivenBy):
        raise Invalid("Write family or school.", "given_by")
    try:
        day = date.fromisoformat(dated)
    except ValueError:
        raise Invalid("Write the day like 2026-08-20.", "dated") from None
    if day > today:
        raise Invalid("This day is still to come.", "dated")
    return Said(Consent(state), GivenBy(given_by), day)


def put_down(
    work: UnitOfWork, person: Person, said: Said, by: str | None, now: datetime
) -> None:
    """Make what was said the student's state, and keep it in the history.

    What stands on record already leaves no second entry.
    """
    if not work.people.set_consent(person.school_id, person.id, said.state, said.dated):
        return
    work.people.add(
        ConsentEntry(
            school_id=person.school_id,
            student_id=person.id,
            state=said.state,
            given_by=said.given_by,
            dated=said.dated,
            recorded_by=by,
            recorded_at=now,
        )
    )


def _view(
    milepost: Milepost, work: UnitOfWork, person: Person, history: bool = False
) -> ConsentView:
    today = milepost.day()
    noted: Sequence[ConsentEntry] = ()
    if history:
        noted = work.people.consents(person.school_id, person.id)
    return ConsentView(
        person.id,
        full_name(person),
        person.grade,
        Consent(person.consent),
        person.consent_on,
        gate_now(work, person, today),
        family_may_withdraw(person.born, today),
        tuple(_note(work, one) for one in noted),
    )


def _note(work: UnitOfWork, entry: ConsentEntry) -> ConsentNote:
    by = work.people.by_id(entry.recorded_by) if entry.recorded_by else None
    return ConsentNote(
        entry.state,
        entry.given_by,
        entry.dated,
        full_name(by) if by else "",
        entry.recorded_at,
    )
