"""People, who looks after whom, and sign-ins."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import bindparam, delete, func, select, update

from pathways.domain.consent import Consent
from pathways.store.consent_models import ConsentEntry
from pathways.store.models import (
    AccessLog,
    Choice,
    Conversation,
    ImportRun,
    Interest,
    Person,
    Relation,
    School,
    SignIn,
)
from pathways.store.repository import Repository

# Built once, asked at each turn.
OF_CONVERSATION = (
    select(Person)
    .join(Conversation, Conversation.student_id == Person.id)
    .where(
        Conversation.id == bindparam("conversation_id"),
        Person.active.is_(True),
    )
)
MYSELF = select(Person).where(
    Person.id == bindparam("person_id"), Person.active.is_(True)
)
OF_SCHOOL = MYSELF.where(Person.school_id == bindparam("school_id"))
SIGNED_IN = (
    select(SignIn, Person)
    .outerjoin(
        Person,
        (Person.id == SignIn.person_id) & Person.active.is_(True),
    )
    .where(SignIn.id == bindparam("secret_hash"))
)


class PeopleRepository(Repository):
    """Reads and writes people, within one school unless said otherwise."""

    def school(self, school_id: str) -> School | None:
        """Return a school by its id."""
        return self.session.get(School, school_id)

    def school_by_code(self, code: str) -> School | None:
        """Return a school by its code."""
        return self.one(select(School).where(School.code == code))

    def schools(self) -> Sequence[School]:
        """Return every school, by code."""
        return self.all(select(School).order_by(School.code))

    def person(self, school_id: str, person_id: str) -> Person | None:
        """Return an active person of a school."""
        return self.first(OF_SCHOOL, person_id=person_id, school_id=school_id)

    def by_id(self, person_id: str) -> Person | None:
        """Return the active person behind a session or a conversation."""
        return self.one(
            select(Person).where(Person.id == person_id, Person.active.is_(True))
        )

    def of_conversation(self, conversation_id: str) -> Person | None:
        """Return the active person behind the pseudonym that Rasa knows."""
        found = self.prepared(OF_CONVERSATION, conversation_id=conversation_id)
        return next(iter(found), None)

    def myself(self, person_id: str) -> Person | None:
        """Return the active person who writes a message, as they stand now."""
        return next(iter(self.prepared(MYSELF, person_id=person_id)), None)

    def by_username(self, username: str) -> Person | None:
        """Return the active person with a user name, in any school."""
        return self.one(
            select(Person).where(Person.username == username, Person.active.is_(True))
        )

    def by_source_id(self, school_id: str, source_id: str) -> Person | None:
        """Return the person that the school's own system calls so."""
        return self.one(
            select(Person).where(
                Person.school_id == school_id, Person.source_id == source_id
            )
        )

    def in_role(self, school_id: str, role: str) -> Sequence[Person]:
        """Return a school's active people in a role, by name."""
        return self.all(
            select(Person)
            .where(
                Person.school_id == school_id,
                Person.role == role,
                Person.active.is_(True),
            )
            .order_by(Person.family_name, Person.given_name)
        )

    def related(self, school_id: str, adult_id: str, student_id: str) -> bool:
        """Tell whether an adult looks after a student."""
        found = self.one(
            select(Relation).where(
                Relation.school_id == school_id,
                Relation.adult_id == adult_id,
                Relation.student_id == student_id,
            )
        )
        return found is not None

    def marks(self, school_id: str) -> tuple[int, ...]:
        """Return counts that change when people, imports or wishes come in."""
        return tuple(
            self.session.scalar(
                select(func.count()).where(model.school_id == school_id)
            )
            or 0
            for model in (Person, ImportRun, Interest, Choice)
        )

    def looked_since(
        self, school_id: str, actor_id: str, what: str, begun: datetime
    ) -> set[str]:
        """Return the students at whom somebody looked in this way since a moment."""
        found = self.session.scalars(
            select(AccessLog.student_id).where(
                AccessLog.school_id == school_id,
                AccessLog.actor_id == actor_id,
                AccessLog.what == what,
                AccessLog.looked_at >= begun,
            )
        )
        return {one for one in found if one}

    def newest_looks(
        self, school_id: str, actor_id: str, what: str
    ) -> dict[str, datetime]:
        """Return when somebody last looked in this way at each student."""
        found = self.session.execute(
            select(AccessLog.student_id, func.max(AccessLog.looked_at))
            .where(
                AccessLog.school_id == school_id,
                AccessLog.actor_id == actor_id,
                AccessLog.what == what,
            )
            .group_by(AccessLog.student_id)
        )
        return {student: at for student, at in found if student}

    def students_of(self, school_id: str, adult_id: str) -> Sequence[Person]:
        """Return the active students an adult looks after, by name."""
        return self.all(
            select(Person)
            .join(Relation, Relation.student_id == Person.id)
            .where(
                Relation.school_id == school_id,
                Relation.adult_id == adult_id,
                Person.active.is_(True),
            )
            .order_by(Person.family_name, Person.given_name)
        )

    def adults_of(self, school_id: str, student_id: str) -> Sequence[Person]:
        """Return the active adults who look after a student."""
        return self.all(
            select(Person)
            .join(Relation, Relation.adult_id == Person.id)
            .where(
                Relation.school_id == school_id,
                Relation.student_id == student_id,
                Person.active.is_(True),
            )
            .order_by(Person.role, Person.family_name)
        )

    def signed_in(self, secret_hash: str) -> tuple[SignIn, Person | None] | None:
        """Return a running session and the active person that it belongs to."""
        given = {"secret_hash": secret_hash}
        found = self.session.execute(SIGNED_IN, given).first()
        return (found[0], found[1]) if found else None

    def sign_out(self, secret_hash: str) -> None:
        """End a session."""
        self.session.execute(delete(SignIn).where(SignIn.id == secret_hash))

    def consents(self, school_id: str, student_id: str) -> Sequence[ConsentEntry]:
        """Return what was recorded of a student's consent, newest first."""
        return self.all(
            select(ConsentEntry)
            .where(
                ConsentEntry.school_id == school_id,
                ConsentEntry.student_id == student_id,
            )
            .order_by(ConsentEntry.recorded_at.desc(), ConsentEntry.dated.desc())
        )

    def set_consent(
        self, school_id: str, person_id: str, state: Consent, day: date
    ) -> bool:
        """Put a yes or no on record unless it stands there; of two at once one does.

        A yes of another day counts as new, a no after a no does not.
        """
        is_new = Person.consent != state
        if state is Consent.GIVEN:
            is_new |= Person.consent_on != day
        done = self.session.execute(
            update(Person)
            .where(Person.school_id == school_id, Person.id == person_id, is_new)
            .values(consent=state, consent_on=day)
        )
        return bool(getattr(done, "rowcount", 0))

    def choose_coaching(
        self, school_id: str, person_id: str, off: bool, day: date
    ) -> bool:
        """Put a student's own choice on record; False where it stands already."""
        was = Person.coaching_off_on
        done = self.session.execute(
            update(Person)
            .where(
                Person.school_id == school_id,
                Person.id == person_id,
                was.is_(None) if off else was.is_not(None),
            )
            .values(coaching_off_on=day if off else None)
        )
        return bool(getattr(done, "rowcount", 0))

    def looks(self, school_id: str, student_id: str) -> Sequence[AccessLog]:
        """Return who looked at a student's data, newest first."""
        return self.all(
            select(AccessLog)
            .where(AccessLog.school_id == school_id, AccessLog.student_id == student_id)
            .order_by(AccessLog.looked_at.desc(), AccessLog.place.desc())
        )
