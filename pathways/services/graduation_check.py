"""The graduation check in words: on track or not, why, and what would help (O10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pathways.app import Milepost
from pathways.domain.catalog import Catalog
from pathways.domain.experience import Bucket, Standing
from pathways.domain.facts import CourseState
from pathways.domain.features import Feature
from pathways.domain.graduation import check
from pathways.domain.graduation_facts import (
    Check,
    Earned,
    GraduationFacts,
    graduating_class,
)
from pathways.domain.policy import Policy
from pathways.services.access import Actor, Role, note_look, school_of, student_for
from pathways.services.alerts import full_name
from pathways.services.features import check_on
from pathways.services.graduation_notes import (
    ItemView,
    items_of,
    newest_values,
    pupil,
)
from pathways.services.graduation_words import (
    DateView,
    LineView,
    RiskView,
    SealView,
    SubjectView,
    Words,
)
from pathways.services.policy import policy_for
from pathways.services.telling import is_adult
from pathways.store.models import Person
from pathways.store.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class GraduationView:
    """The whole check of one student, with the versions that it rests on."""

    student_id: str
    student: str
    grade: int | None
    graduating: int | None
    as_of: date
    outlook: str
    outlook_words: str
    risks: tuple[RiskView, ...]
    units: tuple[LineView, ...]
    subjects: tuple[SubjectView, ...]
    seals: tuple[SealView, ...]
    seals_held: int
    seals_needed: int
    nearest: tuple[str, ...]
    work_hours: LineView | None
    dates: tuple[DateView, ...]
    unknown: tuple[str, ...]
    noted: tuple[ItemView, ...]
    policy_version: str


def graduation_check(
    milepost: Milepost, actor: Actor, student_id: str = ""
) -> GraduationView:
    """Return where a student stands: one's own, of one in care, or of the school.

    A counselor may look at every student of the school; each look is on record.
    """
    with milepost.work() as work:
        check_on(work, actor, Feature.GRADUATION)
        student = _whom(work, actor, student_id or actor.id)
        note_look(work, actor, student.id, "graduation", milepost.clock())
        school = school_of(work, actor)
        policy, today = policy_for(work, school), milepost.today(school)
        catalog = milepost.catalogs.current(work, actor.school_id)
        facts = facts_of(work, student, catalog, today)
        found = check(facts, policy, today)
        return _view(work, actor, student, facts, found, policy, catalog, today)


def _whom(work: UnitOfWork, actor: Actor, student_id: str) -> Person:
    if actor.role is Role.COUNSELOR:
        return pupil(work, actor, student_id)
    return student_for(work, actor, student_id)


def facts_of(
    work: UnitOfWork, student: Person, catalog: Catalog, today: date
) -> GraduationFacts:
    """Collect what the record, the counselor's notes and the ledger say."""
    taken = work.records.courses(student.school_id, student.id)
    earned = []
    for row in taken:
        course = catalog.courses.get(row.course)
        listed = course.credits if course else 0.0
        earned.append(
            Earned(
                course.subject if course else "not_in_catalog",
                listed if row.credits is None else row.credits,
                row.state == CourseState.COMPLETED,
                course is not None and course.level == "college",
            )
        )
    sure, logged = _hours(work, student, Bucket.WORK_HOURS, "")
    service, _ = _hours(work, student, Bucket.SEAL, "community_service")
    return GraduationFacts(
        student.grade,
        graduating_class(student.grade, today),
        tuple(earned) if taken else None,
        newest_values(work, student.school_id, student.id),
        sure,
        logged,
        service,
    )


def _hours(
    work: UnitOfWork, student: Person, bucket: Bucket, target: str
) -> tuple[float, float]:
    """Return confirmed hours in a bucket, and all of them."""
    standing = {
        row.id: row.standing
        for row in work.credits.experiences(student.school_id, student.id)
    }
    sure = logged = 0.0
    for share in work.credits.shares(student.school_id, student.id):
        if share.bucket != bucket or share.target != target:
            continue
        state = standing[share.experience_id]
        sure += share.hours if state == Standing.CONFIRMED else 0.0
        logged += share.hours if state in (Standing.CONFIRMED, Standing.LOGGED) else 0.0
    return sure, logged


def _view(
    work: UnitOfWork,
    actor: Actor,
    student: Person,
    facts: GraduationFacts,
    found: Check,
    policy: Policy,
    catalog: Catalog,
    today: date,
) -> GraduationView:
    adult = is_adult(actor)
    words = Words(policy, catalog, facts, found, actor.language, adult)
    seals = found.seals
    return GraduationView(
        student.id,
        full_name(student),
        facts.grade,
        facts.graduating,
        today,
        found.outlook,
        words.say(f"outlook_{found.outlook}"),
        tuple(words.risk(one) for one in found.risks),
        tuple(words.line(one, "area") for one in found.units),
        tuple(
            SubjectView(
                one.name,
                words.say(f"subject_{one.name}"),
                one.met,
                words.say(f"met_{one.met}"),
                tuple(words.line(route, "route") for route in one.routes),
            )
            for one in found.subjects
        ),
        words.seals(),
        seals.held if seals else 0,
        seals.needed if seals else 0,
        tuple(words.seal_title(name) for name in seals.nearest) if seals else (),
        words.line(found.work_hours, "") if found.work_hours else None,
        words.dates(),
        tuple(words.named(one) for one in found.unknown),
        tuple(items_of(work, actor, student.id)),
        policy.version,
    )
