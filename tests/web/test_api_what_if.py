"""`POST /options/what-if`: other choices tried out over the API (O10)."""

from typing import Any

import pytest
from door import Door
from little_school import add_result


def test_a_course_to_finish_says_what_it_opens(door: Door) -> None:
    body = door.api(
        "student", "POST", "/options/what-if", json={"finish": ["MTH-ALG1"]}
    ).json()
    assert body["opened_count"] >= len(body["opened"]) > 0
    assert all(one["next_step"] and one["open"] for one in body["opened"])
    assert body["closed_count"] == 0
    assert body["needed"] == 20


def test_a_place_to_add_says_its_day_and_hours(door: Door) -> None:
    body = door.api(
        "student", "POST", "/options/what-if", json={"add": ["OPP-INT-VET"]}
    ).json()
    assert body["hours"] == 120
    assert body["deadlines"][0]["apply_by"] == "2026-12-11"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({}, 422),
        ({"drop": ["SCI-BIO"]}, 422),
        ({"add": ["NO-SUCH"]}, 404),
        ({"add": ["SCI-BIO"] * 21}, 422),
        ({"add": "SCI-BIO"}, 422),
    ],
)
def test_choices_that_mean_nothing_are_refused(
    sent: dict[str, Any], status: int, door: Door
) -> None:
    answer = door.api("student", "POST", "/options/what-if", json=sent)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_why_says_what_would_change_an_open_option(door: Door) -> None:
    add_result(door.little, "student", "MATH.NUM.RATIO", 2)
    body = door.api("student", "GET", "/options/MTH-ALG1/why").json()
    assert body["why_not"] == []
    assert any("proficient" in line for line in body["would_change"])
