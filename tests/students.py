"""Made-up students before the starter catalog, for the tests of the matcher."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st

from pathways.demo.generate import STARTER
from pathways.domain.catalog import (
    Course,
    CreditOption,
    Entry,
    Opportunity,
    catalog_of,
)
from pathways.domain.facts import CareerGoal, CourseState, InterestFact, StudentFacts
from pathways.domain.lexicon import lexicon_of
from pathways.domain.mastery import Attempt, Level, Mastery, summarize
from pathways.domain.options import OptionKind
from pathways.formats.catalog_csv import read_folder

TODAY = date(2026, 11, 21)
CATALOG = catalog_of(1, [one.entry for one in read_folder(STARTER).placed])
LEXICON = lexicon_of(CATALOG)
CODES = [*CATALOG.courses, *CATALOG.opportunities, *CATALOG.credit_options]


def entry_called(code: str) -> Entry:
    groups = (CATALOG.courses, CATALOG.opportunities, CATALOG.credit_options)
    return next(group[code] for group in groups if code in group)


def mastery_at(levels: dict[str, Level]) -> dict[str, Mastery]:
    return summarize(
        Attempt(code, level, TODAY - timedelta(days=30), "Quiz", "Canvas")
        for code, level in levels.items()
    )


def interest(words: str, days: int = 0) -> InterestFact:
    leads = LEXICON.leads(words)
    said_on = TODAY - timedelta(days=days)
    return InterestFact(
        words, said_on, leads.clusters, leads.occupations, leads.riasec, leads.subjects
    )


def career(code: str, days: int = 0) -> CareerGoal:
    found = CATALOG.occupations[code]
    said_on = TODAY - timedelta(days=days)
    return CareerGoal(code, found.title, found.cluster, said_on)


def some(values: Any, most: int) -> Any:
    return st.lists(st.sampled_from(sorted(values)), max_size=most, unique=True)


@st.composite
def students(draw: Any) -> StudentFacts:
    levels = draw(
        st.dictionaries(
            st.sampled_from(sorted(CATALOG.competencies)),
            st.sampled_from(list(Level)),
            max_size=25,
        )
    )
    return StudentFacts(
        grade=draw(st.none() | st.integers(7, 12)),
        age=draw(st.none() | st.integers(11, 20)),
        mastery=mastery_at(levels),
        courses=draw(
            st.dictionaries(
                st.sampled_from(sorted(CATALOG.courses)),
                st.sampled_from(list(CourseState)),
                max_size=25,
            )
        ),
        interests=tuple(
            interest(words, draw(st.integers(0, 500)))
            for words in draw(some(CATALOG.phrases, 4))
        ),
        careers=tuple(
            career(code, draw(st.integers(0, 500)))
            for code in draw(some(CATALOG.occupations, 3))
        ),
        dismissed=frozenset(draw(some(CODES, 10))),
        hours_a_week=draw(st.none() | st.integers(0, 30)),
        places=draw(st.none() | st.frozensets(st.sampled_from(PLACES))),
    )


PLACES = sorted({one.place for one in CATALOG.opportunities.values() if one.place})
days = st.dates(date(2026, 8, 1), date(2027, 12, 31))
kinds = st.none() | st.sampled_from(list(OptionKind))


def drawn(random: Random) -> StudentFacts:
    """Return a student drawn without hypothesis, where thousands are needed."""
    competencies, courses = sorted(CATALOG.competencies), sorted(CATALOG.courses)

    def few(values: list[str], most: int) -> list[str]:
        return random.sample(values, random.randrange(most + 1))

    levels = {code: random.choice(list(Level)) for code in few(competencies, 40)}
    return StudentFacts(
        grade=random.choice([None, *range(7, 13)]),
        age=random.choice([None, *range(11, 20)]),
        mastery=mastery_at(levels),
        courses={code: random.choice(list(CourseState)) for code in few(courses, 35)},
        interests=tuple(
            interest(words, random.randrange(500))
            for words in few(sorted(CATALOG.phrases), 4)
        ),
        careers=tuple(
            career(code, random.randrange(500))
            for code in few(sorted(CATALOG.occupations), 2)
        ),
        dismissed=frozenset(few(CODES, 5)),
        hours_a_week=random.choice([None, None, 3.0, 10.0]),
        places=random.choice([None, None, frozenset(few(PLACES, 4))]),
    )


def without(facts: StudentFacts, name: str, code: str) -> StudentFacts:
    """Return the facts without one result or course."""
    held = {key: one for key, one in getattr(facts, name).items() if key != code}
    return replace(facts, **{name: held})


def allowed(entry: Entry, facts: StudentFacts, today: date) -> bool:
    """Judge the hard limits anew, without the code under test."""
    grade, age = facts.grade, facts.age
    if isinstance(entry, Opportunity):
        days = [one for one in (entry.apply_by, entry.ends or entry.starts) if one]
        return (
            bool(days)
            and min(days) >= today
            and (grade is None or not entry.grades or grade in entry.grades)
            and (age is None or entry.age_min is None or age >= entry.age_min)
            and (age is None or entry.age_max is None or age <= entry.age_max)
            and (entry.safety_checks is True or entry.remote is True)
            and (
                facts.hours_a_week is None
                or (entry.hours_per_week or 0) <= facts.hours_a_week
            )
            and (
                facts.places is None
                or entry.remote is True
                or entry.place in {"", *facts.places}
            )
        )
    course = entry
    if isinstance(entry, CreditOption):
        course = CATALOG.courses[entry.course]
        low = [facts.level(code) is Level.BEGINNING for code in entry.competencies]
        if entry.way == "test_out" and any(low):
            return False
    assert isinstance(course, Course)
    near = grade is None or not course.grades or {grade, grade + 1} & {*course.grades}
    return (
        course.code not in facts.courses
        and bool(near)
        and course.seats != 0
        and course.rule.holds(facts.courses.__contains__)
    )
