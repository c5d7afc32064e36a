"""Writes the files that the demo school's own systems would export."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

from pathways.demo.canvas_report import write_canvas
from pathways.demo.ladders import at_college, completed
from pathways.demo.people import WITHOUT_CONSENT, School, make_school
from pathways.demo.roster import write_roster
from pathways.demo.skills_table import write_skills
from pathways.domain.catalog import Competency, Course
from pathways.formats.catalog_csv import read_folder

STARTER = Path(__file__).parents[1] / "catalog" / "starter"
SEED = 7
MARKS = ("C-", "C", "C+", "B-", "B", "B+", "A-", "A")
CONSENT_COLUMNS = ("student_id", "consent", "given_by", "date")
HISTORY_COLUMNS = ("student_id", "course", "state", "mark", "credit", "source")


@dataclass(frozen=True)
class DemoFiles:
    """Where the demo school's files lie, in the order to import them."""

    folder: Path

    @property
    def people(self) -> Path:
        """The OneRoster 1.1 zip."""
        return self.folder / "riverbend_oneroster.zip"

    @property
    def consent(self) -> Path:
        """What families said."""
        return self.folder / "riverbend_consent.csv"

    @property
    def courses(self) -> Path:
        """The course history."""
        return self.folder / "riverbend_course_history.csv"

    @property
    def canvas(self) -> Path:
        """The Canvas outcome report."""
        return self.folder / "riverbend_canvas_outcomes.csv"

    @property
    def skills(self) -> Path:
        """Skills and habits, as a plain table."""
        return self.folder / "riverbend_skills_and_habits.csv"


def write_consent(path: Path, school: School) -> None:
    """Write a yes of every student's family but one's, of the first school day."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(CONSENT_COLUMNS)
        for student in school.students:
            if student.username != WITHOUT_CONSENT:
                day = min(school.first_day, school.today).isoformat()
                writer.writerow((student.id, "given", "family", day))


def write_demo(folder: Path, seed: int = SEED, *, today: date) -> DemoFiles:
    """Write a school of 72 students, with people, course history and results.

    The same seed and day give the same bytes. Courses and competencies are those
    of the starter catalog.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = DemoFiles(folder)
    random = Random(seed)
    entries = [one.entry for one in read_folder(STARTER).placed]
    courses = {one.code: one for one in entries if isinstance(one, Course)}
    competencies = {one.code: one for one in entries if isinstance(one, Competency)}
    school = make_school(random, today)
    write_roster(files.people, school, courses)
    _write_history(files.courses, random, school, courses)
    write_canvas(files.canvas, random, school, courses, competencies)
    write_skills(files.skills, random, school, courses)
    return files


def _write_history(
    path: Path, random: Random, school: School, courses: Mapping[str, Course]
) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HISTORY_COLUMNS)
        for student in school.students:
            for _, code in completed(student):
                usual = (student.strength - 1.8) / 1.6 * 5 + random.uniform(0, 2.9)
                mark = (
                    "B" if student.is_maya and code == "MTH-ALG1" else MARKS[int(usual)]
                )
                credit = f"{courses[code].credits:g}"
                row = (student.id, code, "completed", mark, credit, "Transcript")
                writer.writerow(row)
            for code in at_college(student):
                row = (student.id, code, "in_progress", "", "", "College Credit Plus")
                writer.writerow(row)
