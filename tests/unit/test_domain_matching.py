from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pathways.demo.generate import STARTER
from pathways.domain.catalog import (
    Catalog,
    Course,
    CreditOption,
    Opportunity,
    Status,
    catalog_of,
)
from pathways.domain.facts import CareerGoal, CourseState, InterestFact, StudentFacts
from pathways.domain.lexicon import lexicon_of
from pathways.domain.mastery import Attempt, Level, Mastery, summarize
from pathways.domain.matching import closed_for_good, option_for, rank
from pathways.domain.options import Option, OptionKind
from pathways.domain.scores import (
    COURSE_WEIGHTS,
    CREDIT_WEIGHTS,
    EXPERIENCE_WEIGHTS,
    freshness,
    parts_for,
)
from pathways.formats.catalog_csv import read_folder
from pathways.services.options import next_step

TODAY = date(2026, 11, 21)
CATALOG = catalog_of(1, [one.entry for one in read_folder(STARTER).placed])
LEXICON = lexicon_of(CATALOG)
CODES = [*CATALOG.courses, *CATALOG.opportunities, *CATALOG.credit_options]
quick = settings(max_examples=40, deadline=None)


def mastery_at(levels: dict[str, Level]) -> dict[str, Mastery]:
    return summarize(
        Attempt(code, level, TODAY - timedelta(days=30), "Quiz", "Canvas")
        for code, level in levels.items()
    )


def interest(words: str, days: int = 0) -> InterestFact:
    leads = LEXICON.leads(words)
    said_on = TODAY - timedelta(days=days)
    return InterestFact(words, said_on, leads.clusters, leads.occupations, leads.riasec)


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
    )


days = st.dates(date(2026, 8, 1), date(2027, 12, 31))
kinds = st.none() | st.sampled_from(list(OptionKind))


def allowed(option: Option, facts: StudentFacts, today: date) -> bool:
    """Judge the hard limits anew, without the code under test."""
    entry = option.entry
    grade, age = facts.grade, facts.age
    if isinstance(entry, Opportunity):
        closes = entry.apply_by or entry.ends or entry.starts
        return (
            closes is not None
            and closes >= today
            and (grade is None or not entry.grades or grade in entry.grades)
            and (age is None or entry.age_min is None or age >= entry.age_min)
            and (age is None or entry.age_max is None or age <= entry.age_max)
            and (entry.safety_checks is True or entry.remote is True)
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
        and course.rule.holds(facts.courses.__contains__)
    )


@quick
@given(students(), days, kinds, st.integers(1, 20))
def test_hard_limits_are_never_broken(
    facts: StudentFacts, today: date, kind: OptionKind | None, limit: int
) -> None:
    ranking = rank(facts, CATALOG, today, kind, limit)
    assert len(ranking.items) <= limit
    for option in ranking.items:
        assert option.open
        assert allowed(option, facts, today), option.entry.code
        assert option.entry.code not in facts.dismissed
        assert kind is None or option.kind is kind
    codes = [one.entry.code for one in ranking.items]
    assert len(set(codes)) == len(codes)


@quick
@given(students(), days, kinds)
def test_what_is_left_out_is_left_out_for_a_limit(
    facts: StudentFacts, today: date, kind: OptionKind | None
) -> None:
    ranking = rank(facts, CATALOG, today, kind, limit=500)
    shown = {one.entry.code for one in ranking.items} | facts.dismissed
    for code in CODES:
        entry = next(
            group[code]
            for group in (
                CATALOG.courses,
                CATALOG.opportunities,
                CATALOG.credit_options,
            )
            if code in group
        )
        option = option_for(entry, facts, CATALOG, today)
        assert option is not None
        if code not in shown and kind in (None, option.kind):
            assert not allowed(option, facts, today), code


@quick
@given(students(), days, kinds, st.integers(2, 10))
def test_one_stretch_is_among_the_suggestions_where_there_is_one(
    facts: StudentFacts, today: date, kind: OptionKind | None, limit: int
) -> None:
    every = rank(facts, CATALOG, today, kind, limit=500).items
    ranking = rank(facts, CATALOG, today, kind, limit)
    available = any(one.stretch for one in every)
    wanted = 1 if available and len(ranking.items) > 1 else int(available)
    assert sum(one.stretch for one in ranking.items) == wanted


@quick
@given(students(), days, kinds, st.randoms(use_true_random=True))
def test_the_order_of_what_goes_in_never_matters(
    facts: StudentFacts, today: date, kind: OptionKind | None, random: Any
) -> None:
    def mixed(things: Any) -> list[Any]:
        found = list(things)
        random.shuffle(found)
        return found

    same = StudentFacts(
        grade=facts.grade,
        age=facts.age,
        mastery=dict(mixed(facts.mastery.items())),
        courses=dict(mixed(facts.courses.items())),
        interests=tuple(mixed(facts.interests)),
        careers=tuple(mixed(facts.careers)),
        dismissed=frozenset(mixed(facts.dismissed)),
    )
    entries = [one for group in CATALOG.entries.values() for one in group.values()]
    other = catalog_of(1, mixed(entries))
    assert same.fingerprint == facts.fingerprint
    assert shown(rank(same, other, today, kind)) == shown(
        rank(facts, CATALOG, today, kind)
    )


def shown(ranking: Any) -> list[Any]:
    return [
        (one.entry.code, one.score, one.stretch, one.reasons, one.failed)
        for one in (*ranking.items, *ranking.not_yet)
    ]


@quick
@given(students(), days)
def test_the_parts_of_a_score_add_up(facts: StudentFacts, today: date) -> None:
    for code in CODES[::7]:
        entry = next(
            group[code]
            for group in (
                CATALOG.courses,
                CATALOG.opportunities,
                CATALOG.credit_options,
            )
            if code in group
        )
        option = option_for(entry, facts, CATALOG, today)
        assert option is not None
        assert option.score == pytest.approx(
            sum(part.weight * part.strength for part in option.parts), abs=0.0006
        )
        assert 0 <= option.score <= 1
        for part in option.parts:
            assert 0 <= part.strength <= 1, part
        said = [reason for part in option.parts for reason in part.reasons]
        assert sorted(map(str, option.reasons)) == sorted(map(str, said))


@pytest.mark.parametrize(
    "weights", [COURSE_WEIGHTS, EXPERIENCE_WEIGHTS, CREDIT_WEIGHTS]
)
def test_the_weights_of_a_kind_add_up_to_one(weights: dict[str, float]) -> None:
    assert sum(weights.values()) == pytest.approx(1)


NOTHING_PROTECTED = {
    StudentFacts: {
        *("grade", "age", "mastery", "courses", "interests", "careers", "dismissed")
    },
    Mastery: {"competency", "level", "trend", "attempts"},
    Attempt: {
        "competency",
        "level",
        "earned_on",
        "assessment",
        "source",
        "attempt",
        "points",
        "mastery_points",
        "possible",
    },
    InterestFact: {"words", "said_on", "clusters", "occupations", "riasec"},
    CareerGoal: {"occupation", "title", "cluster", "said_on"},
}


@pytest.mark.parametrize("kind", NOTHING_PROTECTED)
def test_no_name_or_protected_fact_can_reach_the_matcher(kind: Any) -> None:
    assert {field.name for field in fields(kind)} == NOTHING_PROTECTED[kind]


def readiness(course: Course, facts: StudentFacts) -> float:
    parts = parts_for(course, facts, CATALOG, TODAY)
    return next(part.strength for part in parts if part.name == "readiness")


@quick
@given(students(), st.sampled_from(sorted(CATALOG.courses)), st.data())
def test_more_mastery_never_makes_a_student_less_ready(
    facts: StudentFacts, code: str, data: Any
) -> None:
    course = CATALOG.courses[code]
    needed = sorted({*course.competencies_needed} - {*course.competencies_taught})
    if not needed:
        return
    grown = data.draw(st.sampled_from(needed))
    found = []
    for level in Level:
        held = {**facts.mastery, **mastery_at({grown: level})}
        found.append(readiness(course, replace(facts, mastery=held)))
    assert found == sorted(found)
    unknown = {key: one for key, one in facts.mastery.items() if key != grown}
    before = readiness(course, replace(facts, mastery=unknown))
    assert before <= found[Level.PROFICIENT - 1]


def opportunity(**more: Any) -> Opportunity:
    given = {
        "code": "OPP",
        "title": "Clinic helper",
        "kind": "internship",
        "organization": "Willow Creek",
        "safety_checks": "yes",
        **more,
    }
    return Opportunity.model_validate(given)


@pytest.mark.parametrize(
    ("dates", "open_", "limit"),
    [
        ({}, False, "undated"),
        ({"apply_by": "2026-11-20"}, False, "deadline"),
        ({"apply_by": "2026-11-21"}, True, ""),
        ({"apply_by": "2026-11-20", "ends": "2027-05-01"}, False, "deadline"),
        ({"ends": "2026-11-20"}, False, "over"),
        ({"ends": "2026-11-21"}, True, ""),
        ({"starts": "2026-11-20"}, False, "over"),
        ({"starts": "2026-11-20", "ends": "2027-01-01"}, True, ""),
    ],
)
def test_what_is_past_or_undated_is_never_open(
    dates: dict[str, str], open_: bool, limit: str
) -> None:
    entry = opportunity(**dates)
    catalog = catalog_of(1, [entry])
    option = option_for(entry, StudentFacts(grade=10), catalog, TODAY)
    assert option is not None
    assert option.open is open_
    assert [check.key for check in option.failed] == ([limit] if limit else [])
    items = rank(StudentFacts(grade=10), catalog, TODAY).items
    assert bool(items) is open_


@pytest.mark.parametrize("status", [Status.DRAFT, Status.RETIRED])
def test_only_active_entries_are_suggested(status: Status) -> None:
    entry = opportunity(apply_by="2027-01-10", status=status.value)
    ranking = rank(StudentFacts(grade=10), catalog_of(1, [entry]), TODAY)
    assert (ranking.items, ranking.not_yet) == ((), ())


def test_a_place_without_a_safety_check_is_not_open_unless_remote() -> None:
    for checks, open_ in (
        ({"safety_checks": ""}, False),
        ({"safety_checks": "no"}, False),
        ({"safety_checks": "", "remote": "yes"}, True),
    ):
        entry = opportunity(apply_by="2027-01-10", **checks)
        option = option_for(entry, StudentFacts(), catalog_of(1, [entry]), TODAY)
        assert option is not None
        assert option.open is open_


@quick
@given(students(), days, kinds)
def test_what_is_not_open_yet_names_a_step_and_can_still_open(
    facts: StudentFacts, today: date, kind: OptionKind | None
) -> None:
    for option in rank(facts, CATALOG, today, kind).not_yet:
        assert option.failed
        assert not closed_for_good(option)
        assert option.entry.code not in facts.dismissed
        assert next_step(option, "en").endswith(".")


def test_a_course_under_way_opens_the_next_on_condition() -> None:
    after = next(one for one in CATALOG.courses.values() if len(one.rule.codes) == 1)
    before = after.rule.codes[0]
    for state, open_, conditions in (
        (None, False, 0),
        (CourseState.IN_PROGRESS, True, 1),
        (CourseState.COMPLETED, True, 0),
    ):
        courses = {before: state} if state else {}
        option = option_for(after, StudentFacts(courses=courses), CATALOG, TODAY)
        assert option is not None
        assert (option.open, len(option.conditions)) == (open_, conditions)


@pytest.mark.parametrize(
    ("age", "strength"),
    [(0, 1.0), (179, 1.0), (180, 0.5), (364, 0.5), (365, 0.0), (4000, 0.0)],
)
def test_an_old_interest_fades(age: int, strength: float) -> None:
    assert freshness(TODAY - timedelta(days=age), TODAY) == strength


BEHIND_A_JUNIOR = {
    code: CourseState.COMPLETED
    for code, course in CATALOG.courses.items()
    if course.level != "college" and course.grades and min(course.grades) <= 10
}


@pytest.mark.parametrize("kind", list(OptionKind))
def test_a_goal_lifts_what_leads_to_it(kind: OptionKind) -> None:
    plain = StudentFacts(grade=11, age=17, courses=BEHIND_A_JUNIOR)
    vet = replace(plain, careers=(career("29-1131"),))
    before = rank(plain, CATALOG, TODAY, kind, 1).items
    after = rank(vet, CATALOG, TODAY, kind, 1).items
    assert before and after
    assert after[0].score >= before[0].score


def test_the_starter_catalog_offers_each_kind_to_a_junior() -> None:
    facts = StudentFacts(grade=11, age=17, courses=BEHIND_A_JUNIOR)
    missing = [k for k in OptionKind if not rank(facts, CATALOG, TODAY, k).items]
    assert missing == []


def test_a_catalog_without_entries_suggests_nothing() -> None:
    ranking = rank(StudentFacts(grade=9), Catalog(0, {}), TODAY)
    assert (ranking.items, ranking.not_yet) == ((), ())
