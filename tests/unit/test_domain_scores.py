from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from students import (
    CATALOG,
    CODES,
    TODAY,
    days,
    drawn,
    entry_called,
    mastery_at,
    students,
    without,
)

from pathways.domain.credit_facts import CreditFacts
from pathways.domain.facts import CareerGoal, InterestFact, StudentFacts
from pathways.domain.mastery import Attempt, Level, Mastery
from pathways.domain.matching import option_for, rank
from pathways.domain.options import Option, Reason
from pathways.domain.scores import (
    COURSE_WEIGHTS,
    CREDIT_WEIGHTS,
    EXPERIENCE_WEIGHTS,
    readiness,
)
from pathways.domain.standing import Standing, freshness

quick = settings(max_examples=40, deadline=None)


@quick
@given(students(), days)
def test_the_parts_of_a_score_add_up_exactly(facts: StudentFacts, today: date) -> None:
    for code in CODES[::7]:
        option = option_for(entry_called(code), facts, CATALOG, today)
        assert option is not None
        assert option.units == sum(part.units for part in option.parts)
        assert option.score == pytest.approx(
            sum(part.weight * part.strength for part in option.parts), abs=1e-9
        )
        assert 0 <= option.score <= 1
        for part in option.parts:
            assert 0 <= part.strength <= 1, part
        said = [reason for part in option.parts for reason in part.reasons]
        assert sorted(map(str, option.reasons)) == sorted(map(str, said))


@pytest.mark.parametrize(
    "weights", [COURSE_WEIGHTS, EXPERIENCE_WEIGHTS, CREDIT_WEIGHTS]
)
def test_the_weights_of_a_kind_add_up_to_a_hundred(weights: Mapping[str, int]) -> None:
    assert sum(weights.values()) == 100


NOTHING_PROTECTED = {
    StudentFacts: {
        *("grade", "age", "mastery", "courses", "interests", "careers", "dismissed"),
        *("hours_a_week", "places", "credit"),
    },
    Mastery: {"competency", "level", "trend", "attempts"},
    Attempt: {
        *("competency", "level", "earned_on", "assessment", "source", "attempt"),
        *("points", "mastery_points", "possible"),
    },
    InterestFact: {
        *("words", "said_on", "clusters", "occupations", "riasec", "subjects"),
        "source",
    },
    CreditFacts: {
        *("gpa", "college_ready", "marks", "school_units", "college_units"),
        *("flex_year", "flex_total", "college_courses", "college_gpa"),
        "college_lost",
    },
    CareerGoal: {"occupation", "title", "cluster", "said_on"},
}


@pytest.mark.parametrize("kind", NOTHING_PROTECTED)
def test_no_name_or_protected_fact_can_reach_the_matcher(kind: Any) -> None:
    assert {field.name for field in fields(kind)} == NOTHING_PROTECTED[kind]


@quick
@given(students(), st.sampled_from(sorted(CATALOG.courses)), st.data())
def test_more_mastery_never_makes_a_student_less_ready(
    facts: StudentFacts, code: str, data: Any
) -> None:
    course = CATALOG.courses[code]
    grown = data.draw(st.sampled_from(sorted(CATALOG.competencies)))

    def ready(levels: dict[str, Mastery]) -> int:
        one = replace(facts, mastery=levels)
        return readiness(course, Standing(one, CATALOG, TODAY))

    found = [ready({**facts.mastery, **mastery_at({grown: level})}) for level in Level]
    assert found == sorted(found)
    unknown = {key: one for key, one in facts.mastery.items() if key != grown}
    assert ready(unknown) <= found[Level.PROFICIENT - 1]


@pytest.mark.parametrize(
    ("age", "strength"),
    [(0, 1.0), (179, 1.0), (180, 0.5), (364, 0.5), (365, 0.0), (4000, 0.0)],
)
def test_an_old_interest_fades(age: int, strength: float) -> None:
    assert freshness(TODAY - timedelta(days=age), TODAY) == strength


COMPETENCIES = {one.title: one.code for one in CATALOG.competencies.values()}
COURSES = {one.title: one.code for one in CATALOG.courses.values()}


def removed(facts: StudentFacts, reason: Reason) -> StudentFacts | None:
    """Return the facts without the one that a reason names; None if it names none."""
    values = reason.values
    if reason.key.startswith("interest"):
        left = tuple(one for one in facts.interests if one.words != reason.value)
        return replace(facts, interests=left)
    if reason.key.startswith("career"):
        left_ = tuple(one for one in facts.careers if one.title != values["career"])
        return replace(facts, careers=left_)
    if reason.key.startswith("course_"):
        return without(facts, "courses", COURSES[str(values["course"])])
    if reason.key.startswith(("ready", "builds", "shows")):
        return without(facts, "mastery", COMPETENCIES[str(values["competency"])])
    assert reason.key in ("core", "disputed"), reason
    return None


def test_without_a_named_reason_the_result_changes() -> None:
    random, tried, changed = Random(5), 0, 0
    for _ in range(120):
        facts = drawn(random)
        for option in rank(facts, CATALOG, TODAY, limit=6).items:
            for reason in option.reasons:
                less = removed(facts, reason)
                if less is None:
                    continue
                tried += 1
                changed += differs(option, less)
    assert tried > 500
    assert changed / tried >= 0.95, (changed, tried)


def differs(option: Option, facts: StudentFacts) -> bool:
    """Tell whether an option's score or what stands in its way is another now."""
    after = option_for(option.entry, facts, CATALOG, TODAY)
    assert after is not None
    return (after.units, after.failed) != (option.units, option.failed)
