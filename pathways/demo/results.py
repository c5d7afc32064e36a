"""What the demo students showed, when, and how well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from pathways.demo.ladders import completed, running
from pathways.demo.people import FIRST_DAY, School, Student
from pathways.domain.catalog import Course

MIDDLE = {
    "MS-MATH7": ("MATH.NUM.RATIO", "MATH.STAT.DATA", "COG.PROB"),
    "MS-ELA": ("ELA.READ.LIT", "ELA.READ.INFO", "ELA.WRITE.NARR", "COG.COMM"),
    "MS-SCI8": ("SCI.INQ", "SCI.EARTH", "COG.COLLAB"),
}
MIDDLE_TITLES = {"MS-MATH7": "Math 7", "MS-ELA": "English 7-8", "MS-SCI8": "Science 8"}
# Maya's story: strong in science, finding her feet in algebra (points of 4).
MAYA: Mapping[str, tuple[float, ...]] = {
    "SCI.INQ": (2.5, 3.0, 4.0),
    "SCI.CHEM.MATTER": (3.0, 4.0),
    "SCI.PHYS.FORCE": (2.5, 3.5),
    "SCI.BIO.CELLS": (3.0, 4.0),
    "SCI.BIO.ECO": (3.0,),
    "MATH.ALG1.LINEQ": (2.0, 2.5, 3.0),
    "MATH.ALG1.FUNC": (1.5, 2.5, 2.5),
    "MATH.MODEL": (2.0, 3.0),
    "MATH.GEO.PROOF": (2.0,),
    "MATH.GEO.MEASURE": (2.5, 3.0),
    "ELA.READ.LIT": (2.5, 3.0),
    "ELA.WRITE.INFO": (2.0, 2.5),
    "ELA.GRAM": (3.0,),
    "ELA.ARG": (2.0,),
    "SOC.HIST.WORLD": (2.5, 3.0),
    "SOC.SOURCE": (3.0, 2.5),
    "WL.INTERP": (2.0, 3.0),
    "WL.CULTURE": (3.0,),
    "HLTH.TERMS": (3.0, 3.5),
    "HLTH.FIRSTAID": (3.0,),
}


@dataclass(frozen=True)
class Chance:
    """A competency that a student met in a class, and over which days."""

    competency: str
    course: str
    title: str
    first: date
    last: date


def chances(
    student: Student, school: School, courses: Mapping[str, Course]
) -> Iterator[Chance]:
    """Yield what a student had occasion to show, once for each competency."""
    seen: set[str] = set()
    for code, first, last in _years(student, school):
        title = courses[code].title if code in courses else MIDDLE_TITLES[code]
        taught = courses[code].competencies_taught if code in courses else MIDDLE[code]
        for competency in taught:
            if competency not in seen:
                seen.add(competency)
                yield Chance(competency, code, title, first, last)


def _years(student: Student, school: School) -> Iterator[tuple[str, date, date]]:
    """Yield (course, first day, last day), the running courses first."""
    if school.today > school.first_day:
        for code in (*running(student), *(MIDDLE if student.grade < 9 else ())):
            yield code, school.first_day, school.today
    for grade, code in completed(student):
        year = school.year - (student.grade - grade)
        yield code, date(year, *FIRST_DAY), date(year + 1, 5, 20)


def days_of(random: Random, chance: Chance, number: int) -> list[date]:
    """Return school days spread over the time that the class took."""
    part = max((chance.last - chance.first).days, 1) / number if number else 0
    days = [int(part * (place + random.random())) for place in range(number)]
    return [school_day(chance.first + timedelta(days=day)) for day in days]


def school_day(day: date) -> date:
    """Return the day, or the last school day before a weekend or the winter break."""
    if (day.month, day.day) >= (12, 20):
        day = day.replace(day=18)
    elif (day.month, day.day) <= (1, 4):
        day = date(day.year - 1, 12, 18)
    return day - timedelta(days=max(day.weekday() - 4, 0))


def points_of(random: Random, student: Student, competency: str) -> tuple[float, ...]:
    """Return one to three results of 4 that mostly rise, and dip now and then."""
    if student.is_maya:
        return MAYA.get(competency, ())
    points = student.strength + random.gauss(0, 0.6) - 0.4
    found = []
    for _ in range(random.choice((1, 2, 2, 3, 3))):
        found.append(min(4.0, max(0.5, round(points * 2) / 2)))
        points += -0.5 if random.random() < 0.12 else random.uniform(0.1, 0.8)
    return tuple(found)
