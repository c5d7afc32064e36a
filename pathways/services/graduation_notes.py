"""What a counselor notes toward a student's graduation: scores, points, seals (O10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pathways.app import Milepost
from pathways.domain.policy import Policy
from pathways.services.access import Actor, Role, note_look, require, school_of
from pathways.services.alerts import full_name
from pathways.services.errors import Invalid, NotFound
from pathways.services.policy import policy_for
from pathways.services.telling import say_to
from pathways.store.credit_models import GraduationItem
from pathways.store.models import Person
from pathways.store.unit_of_work import UnitOfWork
from pathways.texts import say

ITEMS = (
    "test_algebra_1",
    "test_english_2",
    "act_english",
    "act_reading",
    "act_math",
    "sat_reading_writing",
    "sat_math",
    "credential_points",
    "webxams",
    "workkeys",
    "apprenticeship",
    "state_license",
    "military",
    "jrotc_years",
    "readiness_mentors",
    "work_evaluation_positive",
    "gpa",
    "college_ready",
    "college_gpa",
    "college_lost",
)
LONGEST, MOST = 200, 2000.0


@dataclass(frozen=True)
class ItemView:
    """One thing noted, by whom and from where; the newest of a name counts."""

    name: str
    title: str
    value: float
    source: str
    noted_by: str
    noted_at: datetime


def item_titles(policy: Policy, language: str) -> dict[str, str]:
    """Return everything that can be noted under these rules, by its name."""
    found = {name: say(language, f"graduation.item_{name}") for name in ITEMS}
    for rule in policy.pack.rules if policy.pack else ():
        if seal := rule.values.get("seal"):
            words = say(language, "graduation.item_seal", {"seal": rule.title})
            found[f"seal_{seal}"] = words
    return found


def note_item(
    milepost: Milepost,
    actor: Actor,
    student_id: str,
    name: str,
    value: float,
    source: str,
) -> list[ItemView]:
    """Note a score, points or a seal; a new note of the same name counts instead.

    Args:
        milepost: the product.
        actor: a counselor of the student's school.
        student_id: of the student.
        name: one of `item_titles`.
        value: a score or number; 1 for a yes, 0 takes it back.
        source: where it is from, such as a score report.

    Raises:
        Invalid: there is no such thing to note, or no source.
    """
    require(actor, Role.COUNSELOR)
    with milepost.work() as work:
        student = pupil(work, actor, student_id)
        titles = item_titles(policy_for(work, school_of(work, actor)), actor.language)
        if name not in titles:
            raise Invalid(say_to(actor, "graduation.wrong_item"), "name")
        if not 0 <= value <= MOST:
            raise Invalid(say_to(actor, "graduation.wrong_value"), "value")
        if not source.strip():
            raise Invalid(say_to(actor, "graduation.need_source"), "source")
        note_look(work, actor, student.id, "graduation", milepost.clock())
        work.credits.add(
            GraduationItem(
                school_id=actor.school_id,
                student_id=student.id,
                name=name,
                value=value,
                source=source.strip()[:LONGEST],
                noted_by=actor.id,
                noted_at=milepost.clock(),
            )
        )
        work.commit()
        return items_of(work, actor, student.id)


def pupil(work: UnitOfWork, actor: Actor, student_id: str) -> Person:
    """Return a student of the counselor's school.

    Raises:
        NotFound: there is no such student at the school.
    """
    person = work.people.person(actor.school_id, student_id)
    if person is None or person.role != Role.STUDENT:
        raise NotFound("The student")
    return person


def pupils(milepost: Milepost, actor: Actor) -> list[tuple[str, str, int | None]]:
    """Return (id, name, grade) of the students whose check the actor may see.

    A counselor: all of the school; an advisor or a family: those in their care.
    """
    require(actor, Role.COUNSELOR, Role.ADVISOR, Role.FAMILY)
    with milepost.work() as work:
        people = (
            work.people.in_role(actor.school_id, Role.STUDENT)
            if actor.role is Role.COUNSELOR
            else work.people.students_of(actor.school_id, actor.id)
        )
        return [(one.id, full_name(one), one.grade) for one in people]


def noteable(milepost: Milepost, actor: Actor) -> dict[str, str]:
    """Return everything that a counselor can note, by its name."""
    require(actor, Role.COUNSELOR)
    with milepost.work() as work:
        return item_titles(policy_for(work, school_of(work, actor)), actor.language)


def items_of(work: UnitOfWork, actor: Actor, student: str) -> list[ItemView]:
    """Return what was noted of a student, newest first, corrected notes included."""
    titles = item_titles(policy_for(work, school_of(work, actor)), actor.language)
    found = []
    for row in work.credits.items(actor.school_id, student):
        person = work.people.by_id(row.noted_by) if row.noted_by else None
        found.append(
            ItemView(
                row.name,
                titles.get(row.name, row.name),
                row.value,
                row.source,
                full_name(person) if person else say_to(actor, "graduation.by_import"),
                row.noted_at,
            )
        )
    return found


def newest_values(work: UnitOfWork, school_id: str, student: str) -> dict[str, float]:
    """Return the newest value of each name."""
    found: dict[str, float] = {}
    for row in work.credits.items(school_id, student):
        found.setdefault(row.name, row.value)
    return found
