"""Ways to earn a credit outside class: ranked, whole, honest about blanks (O6)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pathways.demo.generate import STARTER
from pathways.domain.catalog import catalog_of
from pathways.domain.credit_ways import (
    MIX,
    OWN,
    Way,
    courses_for_gap,
    planning_hours,
    ways_for,
)
from pathways.domain.district import District
from pathways.domain.facts import CourseState, StudentFacts
from pathways.domain.mastery import Attempt, Level, summarize
from pathways.domain.matching import option_for
from pathways.domain.policy import Policy
from pathways.formats.catalog_csv import read_folder
from pathways.services.policy import state_pack

TODAY = date(2026, 11, 21)
CATALOG = catalog_of(1, [one.entry for one in read_folder(STARTER).placed])
OHIO = Policy(pack=state_pack("OH"))
EVERY = sorted({one.course for one in CATALOG.credit_options.values()})
NOBODY = StudentFacts(grade=11, age=17)


def ways(
    course: str,
    facts: StudentFacts = NOBODY,
    policy: Policy = OHIO,
    backward: bool = False,
) -> tuple[Way, ...]:
    entries = sorted(CATALOG.credit_options.values(), key=lambda one: one.code)
    options = [
        found
        for one in (entries[::-1] if backward else entries)
        if (found := option_for(one, facts, CATALOG, TODAY)) is not None
    ]
    return ways_for(CATALOG.courses[course], options, CATALOG, policy, TODAY)


@pytest.mark.parametrize("course", EVERY)
def test_every_way_says_all_that_a_student_asks(course: str) -> None:
    found = ways(course)
    assert OWN in [one.kind for one in found]
    for one in found:
        assert one.course == course
        assert 0 < one.credits <= CATALOG.courses[course].credits
        assert one.deadlines[0].what == "school"
        assert one.deadlines[0].day is None
        assert one.hours is None or one.hours > 0
        if one.kind not in (OWN,):
            assert one.evidence and one.overseer and one.cost


@pytest.mark.parametrize("course", EVERY)
def test_open_ways_come_first_and_the_order_of_the_catalog_does_not_matter(
    course: str,
) -> None:
    found = ways(course)
    opens = [one.open for one in found]
    assert opens == sorted(opens, reverse=True)
    assert found == ways(course, backward=True)


def test_two_partial_ways_of_different_kinds_make_a_mix() -> None:
    passed = dict.fromkeys(CATALOG.courses, CourseState.COMPLETED)
    passed.pop("WLG-SPA3")
    found = ways("WLG-SPA3", StudentFacts(grade=11, age=17, courses=passed))
    mixes = [one for one in found if one.kind == MIX]
    assert mixes
    for one in mixes:
        first, second = (CATALOG.credit_options[code] for code in one.parts)
        assert first.way != second.way
        assert first.credits + second.credits >= CATALOG.courses["WLG-SPA3"].credits
        assert one.hours == (first.hours or 0) + (second.hours or 0)


def test_growing_skills_rank_a_way_higher_than_mastered_ones() -> None:
    def score(level: Level) -> float:
        skills = CATALOG.credit_options["CFO-INT-VET"].competencies
        day = TODAY - timedelta(days=20)
        mastery = summarize(Attempt(c, level, day, "Quiz", "Canvas") for c in skills)
        facts = StudentFacts(grade=11, age=17, mastery=mastery)
        return next(
            one for one in ways("CTE-VET", facts) if one.id == "CFO-INT-VET"
        ).score

    assert score(Level.DEVELOPING) > score(Level.ADVANCED)


def test_hours_follow_the_rule_and_the_district_goes_first() -> None:
    half = CATALOG.courses["CTE-VET"]
    assert planning_hours(0.5, half, OHIO) == (60.0, "graduation.hours")
    gym = CATALOG.courses["PED-1"]
    assert planning_hours(0.25, gym, OHIO) == (60.0, "graduation.pe_hours")
    own = Policy(pack=OHIO.pack, district=District(hours_per_credit=135))
    assert planning_hours(1.0, half, own) == (135.0, "district")
    assert planning_hours(1.0, half, Policy(pack=None)) == (0.0, "")


def test_a_deadline_of_the_district_is_shown() -> None:
    district = District.model_validate(
        {"deadlines": {"credit_flex_fall": "05-01", "credit_flex_spring": "12-01"}}
    )
    found = ways("CTE-VET", policy=Policy(pack=OHIO.pack, district=district))
    assert {one.deadlines[0].day for one in found} == {date(2026, 12, 1)}


def test_a_place_whose_day_has_passed_gives_no_deadline() -> None:
    for course in EVERY:
        for one in ways(course):
            assert all(d.day is None or d.day >= TODAY for d in one.deadlines)


def test_a_gap_leads_to_courses_with_ways_first() -> None:
    found = courses_for_gap("SCI.ANAT", CATALOG)
    assert found
    with_ways = [one.code in EVERY for one in found if one.code in EVERY]
    assert with_ways
    assert courses_for_gap("NO.SUCH", CATALOG) == ()
