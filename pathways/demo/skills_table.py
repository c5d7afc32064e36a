"""Writes the table that the demo school's shop and advisors keep themselves."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from random import Random

from pathways.demo.people import School, Student
from pathways.demo.results import Chance, chances, days_of, points_of
from pathways.domain.catalog import Course

COLUMNS = [
    "student_id",
    "competency",
    "level",
    "points",
    "mastery_points",
    "possible",
    "date",
    "assessment",
    "attempt",
    "source",
]
HABITS = ("HAB.TIME", "HAB.SEEKHELP", "HAB.PERSIST", "HAB.SELFREG")
MAYA_HABITS: Mapping[str, tuple[int, ...]] = {
    "HAB.TIME": (1, 2),
    "HAB.SEEKHELP": (1, 1, 2),
    "HAB.PERSIST": (2, 3),
    "HAB.SELFREG": (2,),
    "EXP.CAREER": (3,),
    "PE.TEAM": (3,),
}


def write_skills(
    path: Path, random: Random, school: School, courses: Mapping[str, Course]
) -> None:
    """Write the shop's and the advisors' own table: skills and habits."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for student in school.students:
            for chance in chances(student, school, courses):
                if chance.competency.startswith(("CTE.", "EXP.", "PE.")):
                    _write_skills_rows(writer, random, student, chance)
            for habit in HABITS if school.today > school.first_day else ():
                chance = Chance(
                    habit, "ADV", "Advisory", school.first_day, school.today
                )
                _write_skills_rows(writer, random, student, chance)


def _write_skills_rows(
    writer: csv.DictWriter[str], random: Random, student: Student, chance: Chance
) -> None:
    levels: tuple[float, ...] = MAYA_HABITS.get(chance.competency, ())
    if not student.is_maya:
        levels = points_of(random, student, chance.competency)
    words = ("beginning", "developing", "proficient", "advanced")
    days = days_of(random, chance, len(levels))
    habit = chance.competency.startswith("HAB.")
    for attempt, (level, day) in enumerate(zip(levels, days, strict=False), start=1):
        row = {
            "student_id": student.id,
            "competency": chance.competency,
            "date": day.isoformat(),
            "assessment": f"{chance.title} {'reflection' if habit else 'skill check'}",
            "attempt": str(attempt),
            "source": "Advisory record" if habit else "Skills record",
        }
        if habit:
            row["level"] = words[max(0, min(3, int(level + 0.5) - 1))]
        else:
            row |= {"points": f"{level:g}", "mastery_points": "3", "possible": "4"}
        writer.writerow(row)
