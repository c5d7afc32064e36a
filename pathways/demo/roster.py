"""Writes the demo school's people and classes as a OneRoster 1.1 zip."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pathways.demo.ladders import running
from pathways.demo.people import GRADES, Adult, School, Student
from pathways.domain.catalog import Course

SCHOOL, DISTRICT = "RB-SCHOOL", "RB-DISTRICT"
NAME, CODE = "Riverbend Local Schools", "riverbend"
OLDEST = (1980, 1, 1, 0, 0, 0)
START = ("sourcedId", "status", "dateLastModified")
MIDDLE_SCHOOL = {7: ("MS-MATH7", "Math 7"), 8: ("MS-SCI8", "Science 8")}
FILES = [
    "academicSessions",
    "categories",
    "classes",
    "classResources",
    "courses",
    "courseResources",
    "demographics",
    "enrollments",
    "lineItems",
    "orgs",
    "resources",
    "results",
    "users",
]
Rows = list[dict[str, str]]


def write_roster(path: Path, school: School, courses: Mapping[str, Course]) -> None:
    """Write the zip; the same bytes for the same school."""
    tables = {
        "orgs": _orgs(),
        "users": _users(school),
        "demographics": _demographics(school),
        "courses": _courses(school, courses),
        "classes": _classes(school, courses),
        "enrollments": _enrollments(school),
        "academicSessions": _sessions(school),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, "manifest", _manifest(tables))
        for name, rows in tables.items():
            _add(archive, name, rows)


def _add(archive: zipfile.ZipFile, name: str, rows: Rows) -> None:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    entry = zipfile.ZipInfo(f"{name}.csv", OLDEST)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, text.getvalue())


def _manifest(tables: Mapping[str, Rows]) -> Rows:
    values = {"manifest.version": "1.0", "oneroster.version": "1.1"}
    values |= {f"file.{name}": "bulk" if name in tables else "absent" for name in FILES}
    values |= {"source.systemName": NAME, "source.systemCode": CODE}
    return [{"propertyName": name, "value": value} for name, value in values.items()]


def _row(source_id: str, **columns: str) -> dict[str, str]:
    return {**dict.fromkeys(START, ""), "sourcedId": source_id, **columns}


def _orgs() -> Rows:
    return [
        _row(
            DISTRICT,
            name=NAME,
            type="district",
            identifier="riverbend-district",
            parentSourcedId="",
        ),
        _row(
            SCHOOL, name=NAME, type="school", identifier=CODE, parentSourcedId=DISTRICT
        ),
    ]


def _users(school: School) -> Rows:
    adults = [
        _user(adult, adult.role, (), "", adult.shown_role) for adult in school.adults
    ]
    students = [
        _user(one, "student", one.guardians, f"{one.grade:02}", "")
        for one in school.students
    ]
    return [*adults, *students]


def _user(
    person: Adult | Student, role: str, agents: Iterable[str], grades: str, shown: str
) -> dict[str, str]:
    return _row(
        person.id,
        enabledUser="true",
        orgSourcedIds=SCHOOL,
        role=role,
        username=person.username,
        userIds="",
        givenName=person.given,
        familyName=person.family,
        middleName="",
        identifier=person.id.removeprefix("RB-"),
        email="" if role == "guardian" else f"{person.username}@riverbend.example",
        sms="",
        phone="",
        agentSourcedIds=",".join(agents),
        grades=grades,
        password="",
        **{"metadata.role": shown},
    )


def _demographics(school: School) -> Rows:
    return [_row(one.id, birthDate=one.born.isoformat()) for one in school.students]


def _used(school: School) -> Sequence[str]:
    return sorted({code for one in school.students for code in running(one)})


def _courses(school: School, courses: Mapping[str, Course]) -> Rows:
    taught = [(code, courses[code].title) for code in _used(school)]
    rows = [
        _row(
            f"RB-CRS-{code}",
            schoolYearSourcedId=f"RB-{school.year}",
            title=title,
            courseCode=code,
            grades="",
            orgSourcedId=SCHOOL,
            subjects="",
            subjectCodes="",
        )
        for code, title in [*taught, *MIDDLE_SCHOOL.values()]
    ]
    advisory = dict.fromkeys(rows[0], "")
    advisory |= _row("RB-CRS-ADV", title="Advisory", orgSourcedId=SCHOOL)
    return [*rows, advisory]


def _classes(school: School, courses: Mapping[str, Course]) -> Rows:
    named = [(code, courses[code].title, "scheduled") for code in _used(school)]
    named += [(code, title, "scheduled") for code, title in MIDDLE_SCHOOL.values()]
    classes = [(code, f"RB-CRS-{code}", title, sort) for code, title, sort in named]
    classes += [
        (f"ADV-{grade}", "RB-CRS-ADV", f"Grade {grade} Advisory", "homeroom")
        for grade in GRADES
    ]
    return [
        _row(
            f"RB-CLS-{key}",
            title=title,
            grades="",
            courseSourcedId=course,
            classCode=key,
            classType=sort,
            location="",
            schoolSourcedId=SCHOOL,
            termSourcedIds=f"RB-{school.year}",
            subjects="",
            subjectCodes="",
            periods="",
        )
        for key, course, title, sort in classes
    ]


def _enrollments(school: School) -> Rows:
    taught = [*_used(school), *(code for code, _ in MIDDLE_SCHOOL.values())]
    pairs = [
        (code, school.advisors[number % len(school.advisors)].id, "teacher")
        for number, code in enumerate(taught)
    ]
    for grade, advisor in zip(GRADES, school.advisors, strict=True):
        pairs.append((f"ADV-{grade}", advisor.id, "teacher"))
    for one in school.students:
        own = [*running(one), f"ADV-{one.grade}"]
        if one.grade in MIDDLE_SCHOOL:
            own.append(MIDDLE_SCHOOL[one.grade][0])
        pairs += [(key, one.id, "student") for key in own]
    return [
        _row(
            f"RB-E{number:05}",
            classSourcedId=f"RB-CLS-{key}",
            schoolSourcedId=SCHOOL,
            userSourcedId=person,
            role=role,
            primary="true" if role == "teacher" else "false",
            beginDate="",
            endDate="",
        )
        for number, (key, person, role) in enumerate(pairs, start=1)
    ]


def _sessions(school: School) -> Rows:
    return [
        _row(
            f"RB-{school.year}",
            title=f"{school.year}-{school.year + 1}",
            type="schoolYear",
            startDate=f"{school.year}-08-19",
            endDate=f"{school.year + 1}-05-27",
            parentSourcedId="",
            schoolYear=str(school.year + 1),
        )
    ]
