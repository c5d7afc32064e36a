"""Writes the demo school's results as Canvas exports them."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from random import Random

from pathways.demo.people import School, Student
from pathways.demo.results import Chance, chances, days_of, points_of
from pathways.domain.catalog import Competency, Course

COLUMNS = [
    "student name",
    "student id",
    "student sis id",
    "assessment title",
    "assessment id",
    "assessment type",
    "submission date",
    "submission score",
    "learning outcome name",
    "learning outcome id",
    "attempt",
    "outcome score",
    "assessment question",
    "assessment question id",
    "course name",
    "course id",
    "course sis id",
    "section name",
    "section id",
    "section sis id",
    "assignment url",
    "learning outcome friendly name",
    "learning outcome points possible",
    "learning outcome mastery score",
    "learning outcome mastered",
    "learning outcome rating",
    "learning outcome rating points",
    "learning outcome group title",
    "learning outcome group id",
    "account id",
    "account name",
    "enrollment state",
]
ELSEWHERE = ("HAB.", "EXP.", "CTE.", "PE.")
TASKS = ("Unit check", "Project", "Performance task", "Portfolio piece")


def write_canvas(
    path: Path,
    random: Random,
    school: School,
    courses: Mapping[str, Course],
    competencies: Mapping[str, Competency],
) -> None:
    """Write an Outcome Results report with the oddities that real ones have."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for student in school.students:
            for chance in chances(student, school, courses):
                if not chance.competency.startswith(ELSEWHERE):
                    _write_chance(writer, random, student, chance, competencies)


def _write_chance(
    writer: csv.DictWriter[str],
    random: Random,
    student: Student,
    chance: Chance,
    competencies: Mapping[str, Competency],
) -> None:
    points = points_of(random, student, chance.competency)
    days = days_of(random, chance, len(points))
    competency = competencies[chance.competency]
    ten = not student.is_maya and len(chance.competency) % 5 == 0
    for attempt, (score, day) in enumerate(zip(points, days, strict=False), start=1):
        row = _canvas_row(student, chance, competency, attempt, day)
        row |= _scores(score, ten)
        task = TASKS[(len(chance.competency) + attempt) % len(TASKS)]
        row["assessment title"] = f"{chance.title}, {task.lower()}: {competency.title}"
        writer.writerow(row if student.is_maya else _odd(random, row))


def _canvas_row(
    student: Student, chance: Chance, competency: Competency, attempt: int, day: date
) -> dict[str, str]:
    number = sum(map(ord, chance.course)) + 100
    outcome = sum(map(ord, competency.code)) + 1000
    return {
        "student name": f"{student.family}, {student.given}",
        "student id": str(5000 + student.number),
        "student sis id": student.id,
        "assessment id": f"{chance.course}:{competency.code}",
        "assessment type": "assignment",
        "submission date": f"{day.isoformat()}T15:{10 + attempt}:00Z",
        "learning outcome name": competency.code,
        "learning outcome id": str(outcome),
        "attempt": str(attempt),
        "course name": chance.title,
        "course id": str(number),
        "course sis id": chance.course,
        "section name": "Section 1",
        "section id": str(number + 1),
        "section sis id": f"{chance.course}-1",
        "assignment url": f"https://canvas.riverbend.example/courses/{number}",
        "learning outcome friendly name": competency.title,
        "learning outcome group title": competency.subject,
        "learning outcome group id": str(len(competency.subject)),
        "account id": "1",
        "account name": "Riverbend Local Schools",
        "enrollment state": "active" if day >= chance.first else "completed",
    }


def _scores(score: float, ten: bool) -> dict[str, str]:
    """Return the score columns, on a scale of 4 (mastery 3) or 10 (mastery 7)."""
    possible, mastery = (10, 7) if ten else (4, 3)
    shown = round(score * 2.5) if ten else score
    rating = ("Beginning", "Developing", "Proficient", "Advanced")
    return {
        "submission score": f"{shown:g}",
        "outcome score": f"{shown:g}" if ten else f"{shown:.1f}",
        "learning outcome points possible": str(possible),
        "learning outcome mastery score": f"{mastery:.1f}",
        "learning outcome mastered": "1" if shown >= mastery else "0",
        "learning outcome rating": rating[max(0, min(3, int(score + 0.5) - 1))],
        "learning outcome rating points": f"{shown:g}",
    }


def _odd(random: Random, row: dict[str, str]) -> dict[str, str]:
    """Change some rows the way that exports are odd."""
    dice = random.random()
    scores = ("outcome score", "learning outcome rating points")
    if dice < 0.03:  # points hidden from students: the rating says them
        return row | {"outcome score": ""}
    if dice < 0.05:  # only mastered or not is known
        return row | dict.fromkeys(scores, "") | {"submission score": "N/A"}
    if dice < 0.08:  # handed in, not scored yet
        hidden = dict.fromkeys((*scores, "learning outcome mastered"), "")
        return row | hidden | {"learning outcome rating": ""}
    if dice < 0.11:  # the date went through a spreadsheet
        day = date.fromisoformat(row["submission date"][:10])
        return row | {"submission date": f"{day.month}/{day.day}/{day.year} 3:15 PM"}
    if dice < 0.13:
        return row | {"learning outcome name": f" {row['learning outcome name']} "}
    return row
