from datetime import timedelta
from random import Random
from typing import Any

import pytest
from students import CATALOG, TODAY, drawn, mastery_at

from pathways.domain.catalog import Course, Entry, Opportunity, Status, catalog_of
from pathways.domain.facts import CourseState, StudentFacts
from pathways.domain.limits import places
from pathways.domain.mastery import Attempt, Level, summarize
from pathways.domain.matching import closed_for_good, option_for, rank
from pathways.domain.shelves import last_day
from pathways.services.option_views import next_step

NOBODY = StudentFacts(grade=10, age=16)


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


def course(code: str, before: str = "", **more: Any) -> Course:
    given = {
        "code": code,
        "title": f"Course {code}",
        "sced_code": "01001",
        "subject": "english",
        "credits": 1,
        "level": "core",
        "prerequisites": before,
        **more,
    }
    return Course.model_validate(given)


def failed(entry: Entry, *others: Entry, facts: StudentFacts = NOBODY) -> list[str]:
    option = option_for(entry, facts, catalog_of(1, [entry, *others]), TODAY)
    assert option is not None
    for check in option.failed:
        assert next_step(option, "en").endswith("."), check.key
    return [check.key for check in option.failed]


@pytest.mark.parametrize(
    ("dates", "limit"),
    [
        ({}, "undated"),
        ({"apply_by": "2026-11-20"}, "deadline"),
        ({"apply_by": "2026-11-21"}, ""),
        ({"apply_by": "2026-11-20", "ends": "2027-05-01"}, "deadline"),
        ({"ends": "2026-11-20"}, "over"),
        ({"ends": "2026-11-21"}, ""),
        ({"starts": "2026-11-20"}, "over"),
        ({"starts": "2026-11-20", "ends": "2027-01-01"}, ""),
        ({"starts": "2027-06-01", "ends": "2027-05-01"}, "dates_odd"),
        ({"apply_by": "2027-06-01", "ends": "2027-05-01"}, "dates_odd"),
    ],
)
def test_what_is_past_undated_or_out_of_order_is_never_open(
    dates: dict[str, str], limit: str
) -> None:
    entry = opportunity(**dates)
    assert failed(entry) == ([limit] if limit else [])
    items = rank(NOBODY, catalog_of(1, [entry]), TODAY).items
    assert bool(items) is not bool(limit)


def test_the_last_day_of_a_place_is_what_its_limits_say() -> None:
    random = Random(3)
    for _ in range(500):
        found = {
            name: (TODAY + timedelta(days=random.randrange(-9, 9))).isoformat()
            for name in ("apply_by", "starts", "ends")
            if random.random() < 0.6
        }
        entry = opportunity(**found, safety_checks=random.choice(["yes", "no", ""]))
        is_open = all(check.holds for check in places(entry, TODAY))
        assert is_open is (last_day(entry) >= TODAY.toordinal()), found


def test_a_place_without_a_safety_check_is_not_open_unless_remote() -> None:
    dated = {"apply_by": "2027-01-10"}
    assert failed(opportunity(**dated, safety_checks="")) == ["safety_checks"]
    assert failed(opportunity(**dated, safety_checks="no")) == ["safety_checks"]
    assert failed(opportunity(**dated, safety_checks="", remote="yes")) == []


def test_hours_and_places_that_do_not_suit_a_student_close_a_place() -> None:
    entry = opportunity(apply_by="2027-01-10", place="Newark", hours_per_week=6)
    little = StudentFacts(grade=10, age=16, hours_a_week=5)
    far = StudentFacts(grade=10, age=16, places=frozenset({"Columbus"}))
    assert failed(entry, facts=little) == ["hours"]
    assert failed(entry, facts=far) == ["place"]
    near = StudentFacts(hours_a_week=6, places=frozenset({"Newark"}))
    assert failed(entry, facts=near) == []


@pytest.mark.parametrize("status", [Status.DRAFT, Status.RETIRED])
def test_only_active_entries_are_suggested(status: Status) -> None:
    entry = opportunity(apply_by="2027-01-10", status=status.value)
    ranking = rank(NOBODY, catalog_of(1, [entry]), TODAY)
    assert (ranking.items, ranking.not_yet) == ((), ())
    assert failed(entry) == ["withdrawn"]


def test_a_course_without_seats_is_full() -> None:
    assert failed(course("A", seats=0)) == ["full"]
    assert failed(course("A", seats=1)) == []


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


def test_a_circle_of_prerequisites_is_told_and_never_suggested() -> None:
    entries = [course("A", "B"), course("B", "C"), course("C", "A"), course("D", "A")]
    catalog = catalog_of(1, entries)
    for entry in entries:
        option = option_for(entry, NOBODY, catalog, TODAY)
        assert option is not None
        assert [one.key for one in option.failed] == ["circular"]
        assert closed_for_good(option)
    ranking = rank(NOBODY, catalog, TODAY)
    assert (ranking.items, ranking.not_yet) == ((), ())
    inside = StudentFacts(courses={"A": CourseState.COMPLETED})
    assert {one.entry.code for one in rank(inside, catalog, TODAY).items} == {"C", "D"}


def test_a_prerequisite_that_is_not_offered_any_more_is_named() -> None:
    old = course("OLD", status="retired")
    catalog = catalog_of(1, [old, course("NEW", "OLD"), course("EITHER", "OLD | A")])
    new = option_for(catalog.courses["NEW"], NOBODY, catalog, TODAY)
    assert new is not None
    assert new.failed[0].key == "prerequisite_gone"
    assert new.failed[0].values["courses"] == "Course OLD"
    had = StudentFacts(courses={"OLD": CourseState.COMPLETED})
    items = rank(had, catalog, TODAY).items
    assert {one.entry.code for one in items} == {"NEW", "EITHER"}


def test_the_nearest_step_is_the_start_of_the_chain() -> None:
    option = option_for(CATALOG.courses["MTH-APCALC"], NOBODY, CATALOG, TODAY)
    assert option is not None
    check = next(one for one in option.failed if one.key.startswith("prerequisites"))
    assert check.values["courses"] == "Pre-Calculus"
    assert check.values["first"] == "Algebra I"
    assert "Algebra I" in next_step(option, "en")


def test_a_student_without_a_record_gets_early_ideas_of_several_kinds() -> None:
    ranking = rank(StudentFacts(), CATALOG, TODAY, limit=8)
    assert len(ranking.items) == 8
    assert len({one.kind for one in ranking.items}) >= 3


def test_four_thousand_results_count_as_their_newest() -> None:
    random = Random(4)
    codes = sorted(CATALOG.competencies)
    results = [
        Attempt(
            random.choice(codes),
            random.choice(list(Level)),
            TODAY - timedelta(days=random.randrange(1200)),
            f"Quiz {number}",
            "Canvas",
            number,
        )
        for number in range(4000)
    ]
    many = StudentFacts(grade=11, mastery=summarize(results))
    newest = {code: one.level for code, one in many.mastery.items()}
    few = StudentFacts(grade=11, mastery=mastery_at(newest))
    assert [one.entry.code for one in rank(many, CATALOG, TODAY).items] == [
        one.entry.code for one in rank(few, CATALOG, TODAY).items
    ]


def test_sources_that_contradict_each_other_are_both_named() -> None:
    def told(level: Level, source: str, days: int) -> Attempt:
        earned = TODAY - timedelta(days=days)
        return Attempt("SCI.BIO.CELLS", level, earned, "Unit test", source)

    def said(*results: Attempt) -> list[str]:
        facts = StudentFacts(grade=10, mastery=summarize(results))
        option = option_for(CATALOG.courses["SCI-ANAT"], facts, CATALOG, TODAY)
        assert option is not None
        return [one.key for one in option.reasons]

    canvas = told(Level.PROFICIENT, "Canvas", 5)
    assert "disputed" in said(told(Level.BEGINNING, "State test", 9), canvas)
    assert "disputed" not in said(told(Level.BEGINNING, "State test", 90), canvas)
    assert "disputed" not in said(told(Level.BEGINNING, "Canvas", 9), canvas)
    assert "disputed" not in said(told(Level.PROFICIENT, "State test", 9), canvas)


def test_a_code_that_the_catalog_lost_does_not_disturb_a_ranking() -> None:
    facts = drawn(Random(1))
    odd = StudentFacts(
        grade=facts.grade,
        mastery={**mastery_at({"NO.SUCH": Level.ADVANCED})},
        courses={"NO-SUCH": CourseState.COMPLETED},
        dismissed=frozenset({"GONE"}),
    )
    plain = StudentFacts(grade=facts.grade)
    assert [one.entry.code for one in rank(odd, CATALOG, TODAY).items] == [
        one.entry.code for one in rank(plain, CATALOG, TODAY).items
    ]
