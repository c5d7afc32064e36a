"""Where a student stands toward graduation, and what is not known (O10)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.domain.district import District
from pathways.domain.graduation import check, next_day
from pathways.domain.graduation_facts import (
    Check,
    Earned,
    GraduationFacts,
    Met,
    Outlook,
    graduating_class,
)
from pathways.domain.policy import Policy
from pathways.services.policy import state_pack

TODAY = date(2026, 11, 21)
OHIO = Policy(pack=state_pack("OH"))
AREAS = ("english", "mathematics", "science", "social_studies", "health", "technology")
earned = st.lists(
    st.builds(
        Earned,
        st.sampled_from(AREAS),
        st.sampled_from([0.25, 0.5, 1.0]),
        st.booleans(),
        st.booleans(),
    ),
    max_size=30,
)


def full(**more: float) -> tuple[Earned, ...]:
    """Twenty credits, split as the rule asks, with personal finance among them."""
    amounts = {
        "english": 4.0,
        "mathematics": 4.0,
        "science": 3.0,
        "social_studies": 3.0,
        "health": 0.5,
        "physical_education": 0.5,
        "technology": 4.5,
        "financial_literacy": 0.5,
    }
    return tuple(Earned(area, n, True) for area, n in {**amounts, **more}.items())


def found(**facts: Any) -> Check:
    given = {"grade": 12, "graduating": 2027, "earned": full(), **facts}
    return check(GraduationFacts(**given), OHIO, TODAY)


READY = {"test_algebra_1": 700.0, "test_english_2": 700.0, "seal_science": 1.0}


def test_a_senior_with_everything_is_on_track() -> None:
    every = found(items={**READY, "seal_technology": 1.0})
    assert every.outlook is Outlook.ON_TRACK
    assert every.risks == ()
    assert all(one.met is Met.MET for one in every.units)


@pytest.mark.parametrize(
    ("changed", "risk"),
    [
        ({"earned": full(mathematics=3.0)}, "area"),
        ({"earned": full(financial_literacy=0.0)}, "area"),
        ({"earned": full(english=0.0, science=0.0)}, "credits"),
        ({"items": {**READY, "test_algebra_1": 600.0}}, "competency"),
        ({"items": READY}, "seals"),
    ],
)
def test_one_thing_missing_is_a_risk_with_its_rule(
    changed: dict[str, Any], risk: str
) -> None:
    good = {"items": {**READY, "seal_technology": 1.0}}
    every = found(**{**good, **changed})
    assert every.outlook is Outlook.AT_RISK
    (first, *_) = [one for one in every.risks if one.name == risk]
    assert OHIO.pack is not None and OHIO.pack.rule(first.rule) is not None


def test_without_a_record_nobody_can_say() -> None:
    every = check(GraduationFacts(grade=10, graduating=2029), OHIO, TODAY)
    assert every.outlook is Outlook.NOT_KNOWN
    assert every.units[0].met is Met.UNKNOWN
    assert "total" in every.unknown


def test_a_ninth_grader_on_pace_is_on_track_and_a_junior_without_scores_is_not() -> (
    None
):
    young = found(grade=9, graduating=2030, earned=full(), items={})
    assert young.outlook is Outlook.ON_TRACK
    junior = found(grade=11, graduating=2028, items={})
    assert junior.outlook is Outlook.NOT_KNOWN
    assert set(junior.unknown) == {"algebra_1", "english_2"}


def test_a_class_before_the_rules_and_a_state_without_them_get_no_lines() -> None:
    old = check(GraduationFacts(12, 2022, full()), OHIO, date(2022, 1, 1))
    assert (old.units, old.subjects, old.seals) == ((), (), None)
    none = check(GraduationFacts(12, 2027, full()), Policy(pack=None), TODAY)
    assert none.outlook is Outlook.NOT_KNOWN
    assert none.dates == ()


@given(earned)
def test_no_credit_is_lost_or_made_between_the_areas(courses: list[Earned]) -> None:
    every = check(GraduationFacts(12, 2027, tuple(courses)), OHIO, TODAY)
    lines = {one.name: one for one in every.units}
    areas = [
        one
        for name, one in lines.items()
        if name not in ("total", "financial_literacy")
    ]
    assert sum(one.have for one in areas) == pytest.approx(lines["total"].have)
    going = sum(one.under_way for one in areas)
    assert going == pytest.approx(lines["total"].under_way)


@given(earned, st.sampled_from(AREAS))
def test_one_more_credit_never_makes_it_worse(courses: list[Earned], area: str) -> None:
    def left(each: tuple[Earned, ...]) -> dict[str, float]:
        every = check(GraduationFacts(12, 2027, each), OHIO, TODAY)
        return {one.name: one.left for one in every.units}

    before = left(tuple(courses))
    after = left((*courses, Earned(area, 1.0, True)))
    assert all(after[name] <= before[name] + 1e-9 for name in before)


@given(earned)
def test_the_order_of_courses_changes_nothing(courses: list[Earned]) -> None:
    one = check(GraduationFacts(11, 2028, tuple(courses)), OHIO, TODAY)
    other = check(GraduationFacts(11, 2028, tuple(courses[::-1])), OHIO, TODAY)
    assert one == other


def test_a_district_s_areas_and_dates_go_first() -> None:
    district = District.model_validate(
        {
            "graduation": {"units_total": 22, "units_by_area": {"english": 5}},
            "deadlines": {"credit_flex_fall": "05-01"},
        }
    )
    policy = Policy(pack=state_pack("OH"), district=district)
    every = check(GraduationFacts(12, 2027, full()), policy, TODAY)
    assert {one.name: one.need for one in every.units if one.need}["total"] == 22
    assert next(one for one in every.units if one.name == "english").left == 1
    dates = {one.name: one.day for one in every.dates}
    assert dates["flex_fall"] == date(2027, 5, 1)
    assert dates["ccp_intent"] == date(2027, 4, 1)


@pytest.mark.parametrize(
    ("grade", "today", "wanted"),
    [
        (12, date(2026, 11, 21), 2027),
        (12, date(2027, 5, 1), 2027),
        (9, date(2026, 8, 20), 2030),
        (7, date(2027, 6, 30), 2032),
        (None, date(2026, 11, 21), None),
    ],
)
def test_a_class_is_named_by_the_year_it_graduates(
    grade: int | None, today: date, wanted: int | None
) -> None:
    assert graduating_class(grade, today) == wanted


@given(st.dates(date(2020, 1, 1), date(2060, 12, 31)), st.dates())
def test_the_next_day_is_never_past_and_within_a_year(today: date, day: date) -> None:
    found = next_day(f"{day.month:02}-{day.day:02}", today)
    assert found is not None
    assert 0 <= (found - today).days <= 366


def test_a_blank_day_stays_blank() -> None:
    assert next_day(None, TODAY) is None
    assert next_day("02-29", date(2026, 11, 1)) == date(2027, 2, 28)
