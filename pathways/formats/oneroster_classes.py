"""OneRoster classes and enrollments: caseloads, and the courses being taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date

from pathways.formats import values
from pathways.formats.oneroster import Roster, is_gone
from pathways.formats.tables import Row, Table, Unreadable

ADVISORY = "advisory"


@dataclass(frozen=True)
class ClassOf:
    """A class: its title and the code of its course, "" where not known."""

    title: str
    course_code: str

    @property
    def is_advisory(self) -> bool:
        """Whether its teacher is the advisor of its students."""
        return ADVISORY in self.title.casefold()


@dataclass(frozen=True)
class Enrolled:
    """A student in a class that runs today."""

    row: Row
    student: str
    course_code: str


@dataclass
class Classes:
    """Who is in which class: students by class, advisors by class."""

    enrolled: list[Enrolled] = field(default_factory=list)
    students: dict[str, set[str]] = field(default_factory=dict)
    advisors: dict[str, set[str]] = field(default_factory=dict)

    def caseloads(self) -> set[tuple[str, str]]:
        """Return (advisor, student) for each advisory class."""
        return {
            (advisor, student)
            for one, advisors in self.advisors.items()
            for advisor in advisors
            for student in self.students.get(one, ())
        }


def read_classes(tables: Mapping[str, Table], roster: Roster, today: date) -> Classes:
    """Read the enrollments of a roster's people that run today.

    Rejected and skipped rows are added to the roster's own.
    """
    found = Classes()
    table = tables.get("enrollments.csv")
    if table is None:
        return found
    table.need(("classSourcedId", "userSourcedId", "role"))
    classes = _classes(tables)
    for row in table.rows(roster.rejected):
        roster.read += 1
        try:
            used = _enroll(row, classes, roster, today, found)
        except Unreadable as error:
            roster.rejected.append(row.refused(error))
        else:
            roster.skipped += not used
    return found


def _classes(tables: Mapping[str, Table]) -> dict[str, ClassOf]:
    courses = {
        row.get("sourcedid"): row.get("coursecode") for row in _rows(tables, "courses")
    }
    return {
        row.get("sourcedid"): ClassOf(
            row.get("title"), courses.get(row.get("coursesourcedid"), "")
        )
        for row in _rows(tables, "classes")
    }


def _rows(tables: Mapping[str, Table], name: str) -> list[Row]:
    table = tables.get(f"{name}.csv")
    rows = table.rows([]) if table else ()
    return [row for row in rows if not is_gone(row)]


def _enroll(
    row: Row,
    classes: Mapping[str, ClassOf],
    roster: Roster,
    today: date,
    found: Classes,
) -> bool:
    """Take one enrollment in; return False where it is of no concern."""
    if is_gone(row) or not _runs(row, today):
        return False
    who, which = row.get("usersourcedid"), row.get("classsourcedid")
    person = roster.people.get(who)
    if person is None:
        if who in roster.others:
            return False
        raise Unreadable("userSourcedId", "nobody in users.csv has this id")
    if which not in classes:
        raise Unreadable("classSourcedId", "no class in classes.csv has this id")
    role = row.get("role").casefold()
    one = classes[which]
    if role == "student" and person.role == "student":
        found.students.setdefault(which, set()).add(who)
        if one.course_code:
            found.enrolled.append(Enrolled(row, who, one.course_code))
        return one.is_advisory or bool(one.course_code)
    if role == "teacher" and one.is_advisory and person.role == "advisor":
        found.advisors.setdefault(which, set()).add(who)
        return True
    return False


def _runs(row: Row, today: date) -> bool:
    try:
        begins = values.day(row.get("begindate"), UTC)
        ends = values.day(row.get("enddate"), UTC)
    except ValueError as error:
        column = "endDate" if row.get("enddate") else "beginDate"
        raise Unreadable(column, str(error)) from error
    return (begins is None or begins <= today) and (ends is None or today <= ends)
