"""Forty written student cases: what a good counselor would and would not offer."""

from typing import Any

import pytest
from panel import cases, facts_of, judge, starter

CATALOG = starter()
CASES = cases()
VERDICTS = {case["case"]: judge(case, CATALOG) for case in CASES}


def test_there_are_forty_cases_each_with_its_own_name() -> None:
    assert len(CASES) == len({case["case"] for case in CASES}) == 40


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_every_judgement_has_a_reason_and_names_what_exists(case: Any) -> None:
    known = {
        *CATALOG.courses,
        *CATALOG.opportunities,
        *CATALOG.credit_options,
    }
    for wanted in (*case["right"], *case["wrong"]):
        assert wanted["because"].endswith(".")
        assert len(wanted) >= 2
        assert {*wanted.get("ids", ())} <= known
    student = case["student"]
    taken = {*student.get("finished", ()), *student.get("taking", ())}
    assert taken <= {*CATALOG.courses}
    assert {*student.get("mastery", {})} <= {*CATALOG.competencies}
    assert all(one.clusters for one in facts_of(student, CATALOG).interests)


@pytest.mark.parametrize("name", VERDICTS)
def test_nothing_wrong_is_among_the_first_three(name: str) -> None:
    assert VERDICTS[name].wrong == ()


def test_something_right_is_among_the_first_three_nine_times_in_ten() -> None:
    missed = {name: one.shown for name, one in VERDICTS.items() if not one.right}
    assert len(missed) <= 0.1 * len(CASES), missed
