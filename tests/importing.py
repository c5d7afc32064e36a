"""A school that is ready for imports: what several tests of them start from."""

from __future__ import annotations

from pathlib import Path

from pathways.app import Milepost
from pathways.services.imports import import_catalog
from pathways.store.imports import ImportRepository
from pathways.store.models import CourseTaken, MasteryResult, Person, School

COMPETENCIES = (
    "code,title,statement,subject,category,everyday_names\n"
    "SCI.INQ,running an experiment,I can,science,content_knowledge,labs; testing\n"
    "HAB.TIME,managing my time,I can,habits,habits_of_success,planning\n"
    "HAB.PLAN,making plans,I can,habits,habits_of_success,planning\n"
)
COURSES = (
    "code,title,sced_code,subject,credits,level\n"
    "MTH-GEO,Geometry,02072,mathematics,1,core\n"
    "MTH-ALG1,Algebra I,02052,mathematics,1,core\n"
)


def add_school(milepost: Milepost, code: str) -> School:
    """Add a school without people and without a catalog."""
    with milepost.work() as work:
        found = work.people.add(
            School(
                code=code,
                name=code.title(),
                state="OH",
                timezone="America/New_York",
                language="en",
                safety_adult="Ms. Rivera, the school counselor",
            )
        )
        work.commit()
    return found


def add_person(
    milepost: Milepost, school: School, role: str, username: str, source_id: str
) -> Person:
    """Add somebody to a school."""
    with milepost.work() as work:
        found = work.people.add(
            Person(
                school_id=school.id,
                role=role,
                username=username,
                source_id=source_id,
                given_name=username.title(),
                family_name="Brooks",
                language="en",
                grade=10 if role == "student" else None,
            )
        )
        work.commit()
    return found


def load_catalog(milepost: Milepost, folder: Path, **files: str) -> None:
    """Import catalog files, given as name=text."""
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text)
    assert import_catalog(milepost, "riverbend", folder).saved


def results_of(milepost: Milepost, student: Person) -> list[MasteryResult]:
    """Return a student's results, oldest first."""
    with milepost.work() as work:
        return list(work.records.results(student.school_id, student.id))


def courses_of(milepost: Milepost, student: Person) -> list[CourseTaken]:
    """Return the courses of a student's record."""
    with milepost.work() as work:
        return list(work.records.courses(student.school_id, student.id))


def people_of(milepost: Milepost, school: School) -> dict[str, Person]:
    """Return everybody of a school by their own id."""
    with milepost.work() as work:
        found = ImportRepository(work.session).people(school.id)
    return {one.source_id: one for one in found}
