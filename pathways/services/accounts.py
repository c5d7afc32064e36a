"""Schools and accounts, for the person who runs the machine.

There is no acting person here: whoever may run the command line may do this.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from pathways.app import Milepost
from pathways.services.access import Role, actor_of
from pathways.services.back_off import mark_of, who_of
from pathways.services.conversation import conversation_of
from pathways.services.errors import Invalid
from pathways.services.passwords import (
    checked,
    one_time,
    put_one_time,
    words_around,
)
from pathways.services.sign_in import hash_password
from pathways.store.imports import ImportRepository
from pathways.store.models import Person, School
from pathways.store.unit_of_work import UnitOfWork

LONGEST_CODE, LONGEST_NAME = 80, 200
GRADES = range(7, 13)


def schools(milepost: Milepost) -> Sequence[School]:
    """Return every school, by code."""
    with milepost.work() as work:
        return work.people.schools()


def school_called(milepost: Milepost, code: str | None) -> School:
    """Return the school with a code, or the only one where no code is given.

    Raises:
        Invalid: there is none, or a code is needed to choose.
    """
    found = schools(milepost)
    known = ", ".join(school.code for school in found)
    if code is not None:
        chosen = next((school for school in found if school.code == code), None)
        if chosen is None:
            raise Invalid(f"No school has the code {code}. Known: {known or 'none'}.")
        return chosen
    if not found:
        raise Invalid("There is no school yet. Add one with: milepost school add")
    if len(found) > 1:
        raise Invalid(f"Say which school with --school: {known}.")
    return found[0]


def add_school(
    milepost: Milepost,
    *,
    code: str,
    name: str,
    state: str,
    timezone: str,
    safety_adult: str,
) -> School:
    """Add a school; `safety_adult` is whom crisis replies name.

    Raises:
        Invalid: a value can't be used, or the code is taken.
    """
    if not code.strip() or len(code) > LONGEST_CODE:
        raise Invalid("Give the school a short code, like riverbend.", "code")
    if len(state) != 2 or not state.isalpha():
        raise Invalid("Write the state with two letters, like OH.", "state")
    if not name.strip() or not safety_adult.strip():
        raise Invalid("A name and an adult for safety are needed.", "name")
    try:
        ZoneInfo(timezone)
    except (ValueError, OSError, LookupError):
        raise Invalid("Write a time zone like America/New_York.", "timezone") from None
    with milepost.work() as work:
        if work.people.school_by_code(code.strip()):
            raise Invalid(f"A school with the code {code} exists already.", "code")
        school = School(
            code=code.strip(),
            name=name.strip()[:LONGEST_NAME],
            state=state.upper(),
            timezone=timezone,
            language="en",
            safety_adult=safety_adult.strip()[:LONGEST_NAME],
        )
        work.people.add(school)
        work.commit()
        return school


def add_user(
    milepost: Milepost,
    school: School,
    *,
    username: str,
    role: Role,
    given_name: str,
    family_name: str,
    grade: int | None = None,
    born: date | None = None,
    password: str = "",
) -> Person:
    """Add a person who is not in the school's own system.

    Raises:
        Invalid: the user name is taken, or a value can't be used.
    """
    name = username.strip().lower()
    if not name or len(name) > LONGEST_CODE:
        raise Invalid("A user name is needed.", "username")
    if grade is not None and (role is not Role.STUDENT or grade not in GRADES):
        raise Invalid("Only students have a grade, 7 to 12.", "grade")
    with milepost.work() as work:
        rows = ImportRepository(work.session)
        if rows.owners([name]):
            raise Invalid(f"The user name {name} is taken.", "username")
        person = Person(
            school_id=school.id,
            role=role.value,
            username=name,
            source_id=f"local:{name}"[:LONGEST_CODE],
            given_name=given_name.strip()[:LONGEST_NAME],
            family_name=family_name.strip()[:LONGEST_NAME],
            language="en",
            grade=grade,
            born=born,
        )
        if password:
            words = words_around(person, school)
            person.password_hash = hash_password(checked(password, *words))
        work.people.add(person)
        work.commit()
        return person


def set_password(milepost: Milepost, username: str, password: str) -> Person:
    """Give a person a new password, and sign them out everywhere.

    Raises:
        Invalid: there is no such person, or the password is too short or too easy.
    """
    with milepost.work() as work:
        person = _person(work, username)
        school = work.people.school(person.school_id)
        words = words_around(person, school) if school else ()
        person.password_hash = hash_password(checked(password, *words))
        person.password_until = None
        work.identity.end_sessions(person.id)
        work.commit()
        return person


def give_one_time(milepost: Milepost, username: str) -> str:
    """Give a person a random password that leads to choosing an own one.

    Raises:
        Invalid: there is no such person.
    """
    made = one_time()
    with milepost.work() as work:
        person = _person(work, username)
        put_one_time(work, person, hash_password(made), milepost.clock())
        work.commit()
    return made


def _person(work: UnitOfWork, username: str) -> Person:
    person = work.people.by_username(username.strip().lower())
    if person is None:
        raise Invalid(f"Nobody has the user name {username}.")
    return person


def marks(milepost: Milepost, username: str) -> tuple[str, str]:
    """Return what stands for a person in the log: at sign-ins, and when signed in.

    Raises:
        Invalid: there is no such person.
    """
    with milepost.work() as work:
        person = _person(work, username)
        return mark_of(milepost, person.username), who_of(milepost, person.id)


def users(milepost: Milepost, school: School, role: Role | None) -> list[Person]:
    """Return a school's active people, by role and name."""
    with milepost.work() as work:
        return [
            person
            for one in (Role if role is None else (role,))
            for person in work.people.in_role(school.id, one.value)
        ]


def conversation_id(milepost: Milepost, username: str) -> str:
    """Return the id by which Rasa knows a student's conversation.

    Raises:
        Invalid: there is no such student.
    """
    with milepost.work() as work:
        person = _person(work, username)
        if person.role != Role.STUDENT:
            raise Invalid(f"{username} is not a student.")
        found = conversation_of(work, actor_of(person)).id
        work.commit()
        return found
