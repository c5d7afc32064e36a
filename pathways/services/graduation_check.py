"""The graduation check in words: on track or not, why, and what would help (O10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pathways.app import Milepost
from pathways.domain.catalog import Catalog
from pathways.domain.experience import Bucket, Standing
from pathways.domain.facts import CourseState
from pathways.domain.graduation import check
from pathways.domain.graduation_facts import (
    Check,
    Earned,
    GraduationFacts,
    Line,
    Risk,
    graduating_class,
)
from pathways.domain.policy import Policy
from pathways.services.access import Actor, Role, note_look, school_of, student_for
from pathways.services.alerts import full_name
from pathways.services.graduation_notes import (
    ItemView,
    items_of,
    newest_values,
    pupil,
)
from pathways.services.policy import policy_for
from pathways.services.school_day import in_words
from pathways.store.models import Person
from pathways.store.unit_of_work import UnitOfWork
from pathways.texts import FALLBACK, load, say

SHOWN_COURSES = 3


@dataclass(frozen=True)
class LineView:
    """A requirement in words; `met` is one of `Met`, `need` None where not set."""

    name: str
    title: str
    met: str
    met_words: str
    have: float
    under_way: float
    need: float | None
    source: str


@dataclass(frozen=True)
class SubjectView:
    """A subject in which skill is shown, with every route to it."""

    name: str
    title: str
    met: str
    met_words: str
    routes: tuple[LineView, ...]


@dataclass(frozen=True)
class SealView:
    """A seal: what it takes, how near it is (None: can't be measured), the rule."""

    name: str
    title: str
    defined_by: str
    met: str
    met_words: str
    share: float | None
    text: str
    source: str


@dataclass(frozen=True)
class RiskView:
    """Why a student is at risk, what would fix it, and the rule."""

    text: str
    fixes: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class DateView:
    """A day ahead; None: the counselor decides it."""

    title: str
    day: date | None
    words: str
    source: str


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
    words = Words(policy, catalog, facts, found, actor.language)
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


@dataclass(frozen=True)
class Words:
    """Puts a check into words, with the source of each rule."""

    policy: Policy
    catalog: Catalog
    facts: GraduationFacts
    found: Check
    language: str

    def say(self, name: str, **values: object) -> str:
        """Return a text of the graduation check."""
        return say(self.language, f"graduation.{name}", values)

    def source(self, rule: str) -> str:
        """Return the source of a rule, empty without one."""
        found = self.policy.pack.source(rule) if self.policy.pack else None
        return found.words if found else ""

    def named(self, name: str) -> str:
        """Return what people call an area or a subject."""
        for kind in ("area", "subject"):
            key = f"graduation.{kind}_{name}"
            if key in load(self.language) or key in load(FALLBACK):
                return say(self.language, key)
        return name.replace("_", " ").capitalize()

    def line(self, one: Line, kind: str) -> LineView:
        """Put a requirement into words."""
        title = (
            self.named(one.name)
            if kind == "area"
            else self.say(f"{kind}_{one.name}" if kind else one.name)
        )
        return LineView(
            one.name,
            title,
            one.met,
            self.say(f"met_{one.met}"),
            one.have,
            one.under_way,
            one.need,
            self.source(one.rule),
        )

    def seal_title(self, name: str) -> str:
        """Return a seal's full name."""
        pack = self.policy.pack
        rule = pack.rule(f"graduation.seal.{name}") if pack else None
        return rule.title if rule else name

    def seals(self) -> tuple[SealView, ...]:
        """Put every seal into words, the held and the nearest first."""
        seals, pack = self.found.seals, self.policy.pack
        if seals is None or pack is None:
            return ()
        views = [
            SealView(
                one.name,
                pack.by_id[one.rule].title,
                one.defined_by,
                one.met,
                self.say(f"met_{one.met}"),
                one.share,
                " ".join(pack.by_id[one.rule].text.split()),
                self.source(one.rule),
            )
            for one in seals.each
        ]
        return tuple(sorted(views, key=lambda one: -(one.share or 0.0)))

    def dates(self) -> tuple[DateView, ...]:
        """Put the days ahead into words."""
        return tuple(
            DateView(
                self.say(f"date_{one.name}"),
                one.day,
                in_words(one.day, self.language, with_year=True)
                if one.day
                else self.say("day_blank"),
                self.source(one.rule),
            )
            for one in self.found.dates
        )

    def risk(self, one: Risk) -> RiskView:
        """Say why a student is at risk, and what would fix it."""
        values: dict[str, object] = {
            name: f"{value:g}" if isinstance(value, float) else value
            for name, value in one.values.items()
        }
        if "area" in values:
            values["area"] = self.named(str(one.values["area"]))
        if one.name == "competency":
            values["subject"] = self.named(str(one.values["subject"]))
            score = self.policy.value("graduation.competency", "score")
            values["need"] = score
        return RiskView(
            self.say(f"risk_{one.name}", **values),
            self._fixes(one),
            self.source(one.rule),
        )

    def _fixes(self, one: Risk) -> tuple[str, ...]:
        if one.name == "area":
            return self._area_fixes(str(one.values["area"]))
        if one.name == "seals":
            nearest = self.found.seals.nearest if self.found.seals else ()
            if nearest:
                return (self.say("fix_seals", seal=self.seal_title(nearest[0])),)
            return (self.say("fix_seals_none"),)
        return (self.say(f"fix_{one.name}"),)

    def _area_fixes(self, area: str) -> tuple[str, ...]:
        grade = self.facts.grade
        courses = [
            course
            for _, course in sorted(self.catalog.courses.items())
            if course.subject == area and (not course.grades or grade in course.grades)
        ]
        codes = {course.code for course in courses}
        options = self.catalog.credit_options.values()
        ways = sum(option.course in codes for option in options)
        titles = ", ".join(course.title for course in courses[:SHOWN_COURSES])
        first = (
            self.say("fix_area", courses=titles)
            if courses
            else self.say("fix_area_none")
        )
        return (first, self.say("fix_ways", n=ways)) if ways else (first,)
