"""Imports people, caseloads and running courses from a OneRoster zip."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from pathways.app import Milepost
from pathways.formats.oneroster import Roster, RosterPerson, open_oneroster, read_people
from pathways.formats.oneroster_classes import Classes, read_classes
from pathways.formats.report import Report
from pathways.formats.tables import Table
from pathways.services.consents import Said, put_down, read_said
from pathways.services.errors import Invalid
from pathways.services.imports_consent import counts
from pathways.services.imports_courses import courses_by_name
from pathways.services.imports_job import Job, Options, Progress, begin
from pathways.store.models import CourseTaken, Person, Relation

SOURCE = "OneRoster"
SHOWN = 8


def import_people(
    milepost: Milepost,
    school_code: str,
    zip_path: Path,
    *,
    actor_id: str | None = None,
    dry_run: bool = False,
    partial: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Bring people, who looks after whom, and running courses up to the zip.

    Nobody gets a password here. Ties and running courses that a complete roster
    no longer holds are ended; people are only taken out where it says so.

    Raises:
        FormatError: the zip can't be used at all.
        Invalid: there is no such school.
    """
    tables = open_oneroster(zip_path)
    options = Options(actor_id, dry_run, partial, progress=progress)
    with milepost.work() as work:
        job = begin(milepost, work, school_code, "people", zip_path, options)
        roster = read_people(tables, school_code)
        classes = read_classes(tables, roster, job.today)
        before = {one.source_id: one for one in job.rows.people(job.school.id)}
        _refuse_taken_names(job, roster)
        job.report.read, job.report.skipped = roster.read, roster.skipped
        job.report.rejected += roster.rejected
        if job.may_save:
            job.record()
        people = _people(job, roster, before)
        _ties(job, roster, classes, tables, people)
        _running_courses(job, roster, classes, tables, people)
        job.report.notes += _absent(roster, before)
        return job.finish()


def _refuse_taken_names(job: Job, roster: Roster) -> None:
    """Reject people whose user name somebody else has, here or elsewhere."""
    owners = job.rows.owners([one.username for one in roster.people.values()])
    for person in list(roster.people.values()):
        owner = owners.get(person.username)
        if owner is None:
            continue
        if (owner.school_id, owner.source_id) != (job.school.id, person.source_id):
            reason = "somebody else has this user name"
            error = person.row.error("username", reason, person.username)
            roster.rejected.append(error)
            roster.people.pop(person.source_id)
            roster.others.add(person.source_id)


def _people(
    job: Job, roster: Roster, before: Mapping[str, Person]
) -> dict[str, Person]:
    """Add and change people; return those who are active, by source id."""
    people: dict[str, Person] = {}
    told: list[tuple[Person, Said]] = []
    for one in job.options.watched(list(roster.people.values())):
        known = before.get(one.source_id)
        if known is None and not one.active:
            job.report.skipped += 1
            continue
        wanted = _columns(one, known)
        if known is None:
            job.report.created += 1
            known = Person(
                school_id=job.school.id, source_id=one.source_id, language="en"
            )
            _set(known, wanted)
            job.report.foresee("created", _named(one))
            if job.may_save:
                job.added(known)
        elif all(getattr(known, name) == value for name, value in wanted.items()):
            job.report.unchanged += 1
        else:
            job.report.changed += 1
            job.report.foresee("changed", _named(one))
            if job.may_save:
                job.changed(known, wanted)
        if one.active:
            people[one.source_id] = known
            said = _consent(job, one, known)
            if said is not None:
                told.append((known, said))
    if job.may_save:
        job.work.people.flush()
        for student, said in told:
            by, now = job.options.actor_id, job.milepost.clock()
            put_down(job.work, student, said, by, now)
    return people


def _consent(job: Job, one: RosterPerson, person: Person) -> Said | None:
    """Return what the roster says of consent, if new; undoing the import leaves it."""
    if one.consent is None:
        return None
    try:
        said = read_said(*one.consent, job.today)
    except Invalid as error:
        job.report.rejected.append(one.row.error("metadata.consent", str(error)))
        return None
    return said if counts(job, person, said) else None


def _columns(one: RosterPerson, known: Person | None) -> dict[str, object]:
    """Return the columns of a person; what the zip leaves out stays as it is."""
    return {
        "role": one.role,
        "username": one.username,
        "given_name": one.given_name,
        "family_name": one.family_name,
        "grade": one.grade if one.grade or known is None else known.grade,
        "born": one.born if one.born or known is None else known.born,
        "active": one.active,
    }


def _named(one: RosterPerson) -> str:
    return f"{one.role} {one.source_id} {one.given_name} {one.family_name}"


def _set(row: Person, columns: Mapping[str, object]) -> None:
    for name, value in columns.items():
        setattr(row, name, value)


def _ties(
    job: Job,
    roster: Roster,
    classes: Classes,
    tables: Mapping[str, Table],
    people: Mapping[str, Person],
) -> None:
    pairs = {*roster.families(), *classes.caseloads()}
    wanted = {(a, s) for a, s in pairs if a in people and s in people}
    sources = {person.id: source for source, person in people.items() if person.id}
    before = {
        (sources.get(row.adult_id, ""), sources.get(row.student_id, "")): row
        for row in job.rows.relations(job.school.id)
    }
    for adult, student in sorted(wanted - before.keys()):
        job.report.created += 1
        if job.may_save:
            tie = Relation(
                school_id=job.school.id,
                adult_id=people[adult].id,
                student_id=people[student].id,
            )
            job.added(tie)
    job.report.unchanged += len(wanted & before.keys())
    gone = [
        row
        for (adult, student), row in before.items()
        if adult and student and (adult, student) not in wanted
        if _is_told(roster, tables, people[adult].role)
    ]
    _end(job, gone, "caseload or family ties")


def _is_told(roster: Roster, tables: Mapping[str, Table], role: str) -> bool:
    """Tell whether the zip says everything about the ties of a role."""
    families = "agentsourcedids" in tables["users.csv"].columns
    told = {"family": families, "advisor": "enrollments.csv" in tables}
    return roster.complete and told.get(role, False)


def _running_courses(
    job: Job,
    roster: Roster,
    classes: Classes,
    tables: Mapping[str, Table],
    people: Mapping[str, Person],
) -> None:
    """Add courses being taken; what the record already has stays as it is."""
    catalog = job.milepost.catalogs.current(job.work, job.school.id)
    codes = courses_by_name(catalog)
    before = job.rows.courses(job.school.id)
    seen: set[tuple[str, str]] = set()
    unknown: set[str] = set()
    for one in classes.enrolled:
        course = codes.get(one.course_code.casefold())
        person = people.get(one.student)
        if course is None or person is None:
            unknown |= {one.course_code} if course is None else set()
            job.report.skipped += 1
            continue
        key = (person.id or one.student, course)
        if key in seen or key in before:
            job.report.unchanged += 1
        else:
            job.report.created += 1
            _take(job, person, course)
        seen.add(key)
    _note_unknown(job, unknown)
    if roster.complete and "enrollments.csv" in tables:
        present = {person.id for person in people.values()}
        _end(job, _ended(before, seen, present), "running courses")


def _take(job: Job, person: Person, course: str) -> None:
    if job.may_save:
        job.added(
            CourseTaken(
                school_id=job.school.id,
                student_id=person.id,
                course=course,
                state="in_progress",
                source=SOURCE,
                import_id=job.run.id,
            )
        )


def _ended(
    before: Mapping[tuple[str, str], CourseTaken],
    seen: set[tuple[str, str]],
    present: set[str],
) -> list[CourseTaken]:
    """Return the running courses of a former roster that this one lacks."""
    return [
        row
        for key, row in before.items()
        if key not in seen and row.student_id in present
        if row.source == SOURCE and row.state == "in_progress"
    ]


def _end(job: Job, rows: Iterable[Relation | CourseTaken], what: str) -> None:
    number = 0
    for row in rows:
        number += 1
        if job.may_save:
            job.removed(row)
    if number:
        job.report.changed += number
        job.report.notes.append(f"{number} {what} ended.")


def _note_unknown(job: Job, codes: set[str]) -> None:
    if codes:
        shown = ", ".join(sorted(codes)[:SHOWN])
        more = f" and {len(codes) - SHOWN} more" if len(codes) > SHOWN else ""
        job.report.notes.append(f"Courses that the catalog lacks: {shown}{more}.")


def _absent(roster: Roster, before: Mapping[str, Person]) -> list[str]:
    known = roster.people.keys() | roster.others
    absent = sum(one.active for source, one in before.items() if source not in known)
    if not absent or not roster.complete:
        return []
    return [f"{absent} active people are not in this zip; they stay as they are."]
