"""The invented people of the demo school."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random

GRADES = range(7, 13)
NEW_YEAR_MONTH = 7
FIRST_DAY = (8, 24)
# Invented names, in the order in which students are given to grades 7 to 12.
STUDENTS = """
Amara Osei|Theo Lindholm|Priya Raman|Mateo Villalobos|Hana Sugimoto|Jonah Whitfield
Leila Haddad|Diego Fuentes|Chloe Duvall|Kwame Asante|Ruby Halvorsen|Tenzin Dolma
Zoë Marchetti|Malik Freeman|Ngoc Anh Tran|Silas Yoder|Inés Cordero|Jada Holloway
Omar Farouk|Freya Nyström|Caleb Redbird|Anjali Menon|Beau Kessler|Rosa Quispe
Yusuf Demir|Lucía Barrientos|Emmett Stoltzfus|Naomi Adeyemi|Ivy Chen|Andre Baptiste
Saoirse Kelleher|Ravi Thapa|Delia Montoya|Jamal Everett|Katya Morozova|Winona Blackwater
Maya Brooks|Hassan Warsame|Elliot Grabowski|Mei-Ling Zhou|Santiago Arroyo|Tess Hollander
Darnell Pruitt|Soo-ah Baek|Fatima Al-Amin|Gus Petrakis|Camila Restrepo|Nia Whitaker
Tuan Pham|Josie McAllister|Ibrahim Diallo|Alma Guerrero|Wyatt Sorensen|Keisha Lamont
Arjun Bhatt|Marisol Tapia|Levi Abrams|Noor Siddiqui|Hunter Vance|Ana Kovačević
Jerome Pettway|Ximena Rosales|Daniel Oyelaran|Skye Tallchief|Pavel Hruby|Grace Okonkwo
Minh Vo|Isla Fairchild|Carlos Benavides|Amina Yusuf|Toby Ashworth|Leilani Kahale
"""
ADVISORS = (
    ("Marcus", "Webb", "webb"),
    ("Grace", "Nakamura", "nakamura"),
    ("Dwayne", "Fields", "fields"),
    ("Elena", "Ortiz", "ortiz"),
    ("Aisha", "Rahman", "rahman"),
    ("Tomasz", "Zielinski", "zielinski"),
)
COUNSELORS = (("Joanne", "Bell", "bell"), ("Carmen", "Rivera", "rivera"))
ADMIN = ("Pat", "Lindqvist", "admin")
FAMILY_NAMES: list[str] = [
    "Denise",
    "Robin",
    "Alex",
    "Maria",
    "Sam",
    "Joyce",
    "Lan",
    "Peter",
    "Nadia",
    "Luis",
    "Ama",
    "Karen",
    "Ali",
    "Ruth",
    "Chidi",
    "Teresa",
    "Ken",
    "Fiona",
    "Raj",
    "Elsa",
    "Victor",
    "Mai",
    "Dana",
    "Hugo",
]
MAYA = "Maya Brooks"
WITHOUT_CONSENT = "amara.osei"  # shows what a student reads who is held back
MAYA_FAMILY = "Denise"
TRACKS = ("health", "trades", "tech", "arts", "business", "animals", "kitchen")
PACES = ("early", "steady", "steady", "gentle")
LANGUAGES = ("spanish", "spanish", "french", "signing", "")


@dataclass(frozen=True)
class Adult:
    """A member of staff or a relative; `role` as OneRoster 1.1 writes it."""

    id: str
    given: str
    family: str
    username: str
    role: str
    shown_role: str = ""


@dataclass(frozen=True)
class Student:
    """A student; `strength` is where their points tend to lie, 1 to 4."""

    id: str
    number: int
    given: str
    family: str
    username: str
    grade: int
    born: date
    guardians: tuple[str, ...]
    track: str
    pace: str
    language: str
    strength: float

    @property
    def is_maya(self) -> bool:
        """Whether this is the student whose account people try out."""
        return self.username == "maya"


@dataclass(frozen=True)
class School:
    """Everybody at the demo school, in the school year that `today` is in."""

    today: date
    students: tuple[Student, ...]
    adults: tuple[Adult, ...] = field(default=())

    @property
    def year(self) -> int:
        """The calendar year in which the school year began."""
        return school_year(self.today)

    @property
    def first_day(self) -> date:
        """The first day of the school year."""
        return date(self.year, *FIRST_DAY)

    @property
    def advisors(self) -> Sequence[Adult]:
        """The teachers, who are advisors of grades 7 to 12 in this order."""
        return [adult for adult in self.adults if adult.role == "teacher"]


def school_year(today: date) -> int:
    """Return the calendar year in which the running school year began."""
    return today.year if today.month >= NEW_YEAR_MONTH else today.year - 1


def plain(name: str) -> str:
    """Return a name as a user name: lower case, no accents, no spaces."""
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return bare.lower().replace(" ", "")


def make_school(random: Random, today: date) -> School:
    """Make everybody up; the same for the same seed and day."""
    names = [name for line in STUDENTS.split("\n") for name in line.split("|") if name]
    each = len(names) // len(GRADES)
    students = tuple(
        _student(random, number, name, GRADES[number // each], today)
        for number, name in enumerate(names)
    )
    families = tuple(_family(random, student) for student in students)
    return School(today, students, (*_staff(), *families))


def _staff() -> list[Adult]:
    teachers = [
        Adult(f"RB-T{number:02}", given, family, username, "teacher")
        for number, (given, family, username) in enumerate(ADVISORS, start=1)
    ]
    # OneRoster 1.1 has no counselor: the role goes into a metadata column.
    counselors = [
        Adult(f"RB-K{number:02}", given, family, username, "aide", "counselor")
        for number, (given, family, username) in enumerate(COUNSELORS, start=1)
    ]
    given, family, username = ADMIN
    admin = Adult("RB-A01", given, family, username, "administrator")
    return [*teachers, *counselors, admin]


def _student(
    random: Random, number: int, name: str, grade: int, today: date
) -> Student:
    given, _, family = name.rpartition(" ")
    maya = name == MAYA
    born = _born(random, grade, today)
    username = "maya" if maya else f"{plain(given)}.{plain(family)}"
    if username == WITHOUT_CONSENT:
        born = date(born.year if born.month < 10 else born.year + 1, 8, 31)
    track, pace = random.choice(TRACKS), random.choice(PACES)
    language, strength = random.choice(LANGUAGES), random.uniform(1.8, 3.4)
    return Student(
        id=f"RB-S{1000 + number}",
        number=number,
        given=given,
        family=family,
        username=username,
        grade=grade,
        born=_fifteen(today) if maya else born,
        guardians=(f"RB-F{1000 + number}",),
        track="health" if maya else track,
        pace="steady" if maya else pace,
        language="spanish" if maya else language,
        strength=2.8 if maya else strength,
    )


def _born(random: Random, grade: int, today: date) -> date:
    """Return a day in the year of birth that is usual for a grade."""
    first = date(school_year(today) - grade - 6, 10, 1)
    return date.fromordinal(first.toordinal() + random.randrange(365))


def _fifteen(today: date) -> date:
    """Return the 14th of a month, 15 years and some 8 months ago."""
    months = today.year * 12 + today.month - 1 - (15 * 12 + 8)
    return date(months // 12, months % 12 + 1, 14)


def _family(random: Random, student: Student) -> Adult:
    given = random.choice(FAMILY_NAMES)
    return Adult(
        id=student.guardians[0],
        given=MAYA_FAMILY if student.is_maya else given,
        family=student.family,
        username=f"{student.username}.family",
        role="guardian",
    )
