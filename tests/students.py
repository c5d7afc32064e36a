"""Made-up students before the starter catalog, for the tests of the matcher."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st

from pathways.demo.generate import STARTER
from pathways.domain.career_ideas import scored_interest
from pathways.domain.catalog import (
    Course,
    CreditOption,
    Entry,
    Opportunity,
    catalog_of,
)
from pathways.domain.credit_facts import CreditFacts
from pathways.domain.district import Caps, District
from pathways.domain.facts import CareerGoal, CourseState, InterestFact, StudentFacts
from pathways.domain.lexicon import lexicon_of
from pathways.domain.mastery import Attempt, Level, Mastery, summarize
from pathways.domain.options import OptionKind
from pathways.domain.policy import Policy
from pathways.domain.policy_limits import NO_LIMITS, PolicyLimits, limits_of
from pathways.formats.catalog_csv import read_folder
from pathways.services.policy import state_pack

TODAY = date(2026, 11, 21)
CATALOG = catalog_of(1, [one.entry for one in read_folder(STARTER).placed])
OHIO = state_pack("OH")
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


def scored(days: int = 0, **scores: int) -> InterestFact:
    """Return six scores as the student brought them; letters not given are 5."""
    every = {letter: scores.get(letter, 5) for letter in "RIASEC"}
    found = scored_interest(every, TODAY - timedelta(days=days), CATALOG)
    assert found is not None
    return found


def some_scores(random: Random) -> tuple[InterestFact, ...]:
    """Return the scores of one student in three."""
    if random.randrange(3):
        return ()
    first, *rest = random.sample("RIASEC", 6)
    letters = {letter: random.randrange(6, 41) for letter in rest}
    return (scored(random.randrange(500), **letters, **{first: 41}),)


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
        interests=(
            *(
                interest(words, draw(st.integers(0, 500)))
                for words in draw(some(CATALOG.phrases, 4))
            ),
            *some_scores(draw(st.randoms(use_true_random=False))),
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
        interests=(
            *(
                interest(words, random.randrange(500))
                for words in few(sorted(CATALOG.phrases), 4)
            ),
            *some_scores(random),
        ),
        careers=tuple(
            career(code, random.randrange(500))
            for code in few(sorted(CATALOG.occupations), 2)
        ),
        dismissed=frozenset(few(CODES, 5)),
        hours_a_week=random.choice([None, None, 3.0, 10.0]),
        places=random.choice([None, None, frozenset(few(PLACES, 4))]),
        credit=drawn_credit(random),
    )


AREAS = sorted({one.sced_code[:2] for one in CATALOG.courses.values()})


def drawn_credit(random: Random) -> CreditFacts:
    """Return what a school could have noted of a student's credit."""
    areas = random.sample(AREAS, random.randrange(len(AREAS)))
    return CreditFacts(
        gpa=random.choice([None, 2.0, 2.74, 2.75, 2.9, 3.0, 4.0]),
        college_ready=random.random() < 0.2,
        marks=tuple((area, random.choice("ABCDF")) for area in sorted(areas)),
        school_units=random.choice([0.0, 3.0, 6.5, 8.0, 10.0]),
        college_units=random.choice([0.0, 1.0, 2.0]),
        flex_year=random.choice([0.0, 0.5, 2.0]),
        flex_total=random.choice([2.0, 3.5, 6.0]),
        college_courses=random.choice([0, 1, 2]),
        college_gpa=random.choice([None, 1.9, 2.0, 3.5]),
        college_lost=random.choice([0, 0, 1, 2]),
    )


def drawn_limits(random: Random, today: date) -> PolicyLimits:
    """Return the limits of a school: of no state, or of Ohio with some district."""
    caps = Caps(
        credits_per_year=random.choice([None, 0.5, 2.0]),
        credits_total=random.choice([None, 4.0]),
    )
    pack = random.choice([None, OHIO])
    policy = Policy(pack=pack, district=District(caps=caps), overlay_number=1)
    return limits_of(policy, None, today)


def without(facts: StudentFacts, name: str, code: str) -> StudentFacts:
    """Return the facts without one result or course."""
    held = {key: one for key, one in getattr(facts, name).items() if key != code}
    return replace(facts, **{name: held})


def joins(course: Course, facts: StudentFacts) -> bool:
    """Judge College Credit Plus anew by its numbers: grades 7 to 12, GPA, hours."""
    credit, area = facts.credit, course.sced_code[:2]
    mark = dict(credit.marks).get(area, "")
    shown = credit.college_ready or credit.gpa is None or credit.gpa >= 3
    shown = shown or (credit.gpa or 0) >= 2.75 and mark in ("", "A", "B")
    units = credit.college_units + course.credits
    room = 3 * units <= max(0, 30 - 3 * credit.school_units)
    badly = (credit.college_gpa or 4) < 2 or credit.college_lost > 1
    if badly and credit.college_courses:
        return False
    return shown and (room or not credit.school_units + credit.college_units)


def lawful(place: Opportunity, age: int | None) -> bool:
    """Judge work by Ohio's numbers anew: 14 at least, under 16 so many hours."""
    if place.sort not in ("internship", "apprenticeship") or age is None or age >= 16:
        return True
    days = [one for one in (place.starts, place.ends) if one]
    summer = {one.month for one in days} <= {6, 7, 8} and len(
        {d.year for d in days}
    ) < 2
    most = 40 if len(days) < 2 or summer else 18
    return age >= 14 and (place.hours_per_week or 0) <= most


def allowed(
    entry: Entry, facts: StudentFacts, today: date, limits: PolicyLimits = NO_LIMITS
) -> bool:
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
            and (limits.work is None or lawful(entry, age))
        )
    course = entry
    if isinstance(entry, CreditOption):
        course = CATALOG.courses[entry.course]
        begun = {CATALOG.courses[code].sced_code[:4] for code in facts.courses}
        foreign = course.subject == "world_language" and (
            any(one[:2] == "24" for one in begun) and course.sced_code[:4] not in begun
        )
        low = [
            facts.level(code) is Level.BEGINNING
            for code in entry.competencies
            if not (foreign and code.startswith("WL."))
        ]
        if entry.way == "test_out" and any(low):
            return False
        flex, credit = limits.flex, facts.credit
        if flex and (
            (flex.per_year or 99) < credit.flex_year + entry.credits
            or (flex.total or 99) < credit.flex_total + entry.credits
        ):
            return False
    assert isinstance(course, Course)
    near = grade is None or not course.grades or {grade, grade + 1} & {*course.grades}
    if course.level == "college" and limits.college and not joins(course, facts):
        return False
    return (
        course.code not in facts.courses
        and bool(near)
        and course.seats != 0
        and course.rule.holds(facts.courses.__contains__)
    )
