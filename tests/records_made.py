"""Rows in the first student's record, made where a test needs them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from little_school import LittleSchool, add_result

from pathways.services import catalog as catalogs
from pathways.services import graduation_notes
from pathways.services.policy import set_district
from pathways.store.models import CourseTaken, ImportRun, MasteryResult


def take(
    little: LittleSchool,
    course: str,
    state: str,
    credits: float = 1.0,
    mark: str | None = None,
) -> None:
    actor = little["student"]
    with little.milepost.work() as work:
        run = work.people.add(
            ImportRun(
                school_id=actor.school_id,
                kind="courses",
                file="courses.csv",
                sha256="0" * 64,
                counts={},
                ran_at=little.clock(),
            )
        )
        work.people.flush()
        work.records.add(
            CourseTaken(
                school_id=actor.school_id,
                student_id=actor.id,
                course=course,
                state=state,
                credits=credits,
                mark=mark,
                source="OneRoster",
                import_id=run.id,
            )
        )
        work.commit()


def retire(little: LittleSchool, kind: str, code: str) -> None:
    cells = {"code": code, "status": "retired"}
    catalogs.edit(little.milepost, little["counselor"], kind, cells, 1)


def note(little: LittleSchool, name: str, value: float) -> None:
    """Let the counselor note a number of the first student's."""
    graduation_notes.note_item(
        little.milepost,
        little["counselor"],
        little["student"].id,
        name,
        value,
        "School record",
    )


def set_rules(little: LittleSchool, overlay: dict[str, Any]) -> None:
    """Let the district of the first school set some rules."""
    with little.milepost.work() as work:
        school = work.people.school(little["student"].school_id)
        assert school is not None
        set_district(work, school, overlay, little.clock())
        work.commit()


def add_many_results(little: LittleSchool, count: int) -> None:
    """Add so many results to the first student: beginning, at last advanced."""
    student = little["student"]
    with little.milepost.work() as work:
        catalog = little.milepost.catalogs.current(work, student.school_id)
        codes = sorted(catalog.competencies)
        run = work.people.add(
            ImportRun(
                school_id=student.school_id,
                kind="mastery",
                file="many.csv",
                sha256="0" * 64,
                counts={},
                ran_at=little.clock(),
            )
        )
        work.people.flush()
        for number in range(count):
            work.records.add(
                MasteryResult(
                    school_id=student.school_id,
                    student_id=student.id,
                    competency=codes[number % len(codes)],
                    level=4 if number >= count - len(codes) else 1,
                    assessment=f"Quiz {number}",
                    attempt=number,
                    earned_on=date(2026, 11, 1) - timedelta(days=count - number),
                    source="Canvas",
                    source_key=f"key {number}",
                    import_id=run.id,
                )
            )
        work.commit()


def contradict(little: LittleSchool) -> None:
    """Let Canvas say proficient, and the state beginning, of one competency."""
    add_result(little, "student", "SCI.BIO.CELLS", 3)
    student = little["student"]
    with little.milepost.work() as work:
        (first,) = work.records.results(student.school_id, student.id)
        work.records.add(
            MasteryResult(
                school_id=student.school_id,
                student_id=student.id,
                competency=first.competency,
                level=1,
                assessment="State test",
                attempt=1,
                earned_on=first.earned_on - timedelta(days=5),
                source="State",
                source_key="state",
                import_id=first.import_id,
            )
        )
        work.commit()
