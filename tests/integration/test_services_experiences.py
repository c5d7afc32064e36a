"""The experience ledger: hours, a mentor's word, buckets, corrections (P10, A8)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from integration.test_services_credit_plans import overlay, signed
from little_school import LittleSchool

from pathways.services import experience_links as links
from pathways.services import experiences
from pathways.services.errors import Invalid, NotFound
from pathways.services.experience_views import ExperienceView

CLINIC = {
    "what": "Helped at the vet clinic",
    "hours": "6",
    "first_day": "2026-11-14",
    "sort": "internship",
    "place": "Willow Creek",
    "mentor": "Dr. Lane",
}


def logged(little: LittleSchool, **more: str) -> ExperienceView:
    return experiences.log(little.milepost, little["student"], {**CLINIC, **more})


def token_of(little: LittleSchool, entry: str) -> str:
    path, _ = links.mentor_link(little.milepost, little["student"], entry)
    return path.removeprefix("/confirm#")


def test_hours_are_logged_and_added_up(little: LittleSchool) -> None:
    logged(little)
    logged(little, hours="2.5", first_day="2026-11-15")
    found = experiences.ledger(little.milepost, little["student"])
    assert (found.hours, found.confirmed) == (8.5, 0)
    assert [one.hours for one in found.items] == [2.5, 6]
    assert experiences.ledger(little.milepost, little["other_student"]).items == ()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"what": " "}, "what"),
        ({"hours": "lots"}, "hours"),
        ({"hours": "25"}, "too_many_hours"),
        ({"first_day": "2027-01-01"}, "future"),
        ({"first_day": "soon"}, "day"),
        ({"sort": "party"}, "sort"),
    ],
)
def test_an_entry_that_can_not_be_true_is_refused(
    changed: dict[str, str], field: str, little: LittleSchool
) -> None:
    with pytest.raises(Invalid) as refused:
        logged(little, **changed)
    assert refused.value.field == field


def test_a_mentor_confirms_by_a_link_once(little: LittleSchool) -> None:
    entry = logged(little)
    token = token_of(little, entry.id)
    shown = links.read_link(little.milepost, token)
    assert (shown.student, shown.hours, shown.answered) == ("Student", 6, "")
    with pytest.raises(Invalid):
        links.answer_link(little.milepost, token, True, " ")
    links.answer_link(little.milepost, token, True, "Dr. Lane")
    links.answer_link(little.milepost, token, False, "Somebody else", "no")
    found = experiences.ledger(little.milepost, little["student"])
    assert (found.confirmed, found.items[0].answered_by) == (6, "Dr. Lane")
    assert found.items[0].standing == "confirmed"


def test_a_mentor_who_disagrees_says_how_and_the_hours_do_not_count(
    little: LittleSchool,
) -> None:
    entry = logged(little)
    token = token_of(little, entry.id)
    with pytest.raises(Invalid):
        links.answer_link(little.milepost, token, False, "Dr. Lane")
    links.answer_link(little.milepost, token, False, "Dr. Lane", "It was 4 hours")
    found = experiences.ledger(little.milepost, little["student"])
    assert found.hours == 0
    assert found.items[0].answer == "It was 4 hours"


def test_a_link_expires_and_can_not_be_changed(little: LittleSchool) -> None:
    entry = logged(little)
    token = token_of(little, entry.id)
    for place in range(0, len(token), 7):
        other = "A" if token[place] != "A" else "B"
        bad = token[:place] + other + token[place + 1 :]
        with pytest.raises(NotFound):
            links.read_link(little.milepost, bad)
    for bad in ("", "x", "a.b.c", token + "x", "é"):
        with pytest.raises(NotFound):
            links.answer_link(little.milepost, bad, True, "Dr. Lane")
    little.clock.now += timedelta(days=29)
    links.read_link(little.milepost, token)
    little.clock.now += timedelta(days=2)
    with pytest.raises(NotFound):
        links.answer_link(little.milepost, token, True, "Dr. Lane")


def test_a_link_holds_no_name_and_no_words(little: LittleSchool) -> None:
    import base64

    token = token_of(little, logged(little).id)
    body = token.split(".")[0]
    plain = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
    for word in (b"Student", b"vet", b"Lane"):
        assert word not in plain


def test_a_correction_keeps_what_was_and_asks_the_mentor_anew(
    little: LittleSchool,
) -> None:
    entry = logged(little)
    experiences.count_toward(
        little.milepost, little["student"], entry.id, "work_hours", "", 6
    )
    token = token_of(little, entry.id)
    links.answer_link(little.milepost, token, True, "Dr. Lane")
    with pytest.raises(Invalid):
        experiences.correct(little.milepost, little["student"], entry.id, " ", {})
    new = experiences.correct(
        little.milepost, little["student"], entry.id, "Left early", {"hours": "4"}
    )
    found = experiences.ledger(little.milepost, little["student"])
    (one,) = found.items
    assert (one.id, one.hours, one.standing) == (new.id, 4, "logged")
    assert [(past.hours, past.standing) for past in one.past] == [(6, "corrected")]
    assert (one.reason, one.what) == ("Left early", CLINIC["what"])
    assert [(t.bucket, t.hours, t.confirmed) for t in found.totals] == [
        ("work_hours", 4, 0)
    ]
    with pytest.raises(NotFound):
        links.read_link(little.milepost, token)
    with pytest.raises(NotFound):
        experiences.correct(little.milepost, little["student"], entry.id, "x", {})


def test_an_entry_taken_out_stays_in_the_list_and_counts_nowhere(
    little: LittleSchool,
) -> None:
    entry = logged(little)
    experiences.count_toward(
        little.milepost, little["student"], entry.id, "work_hours", "", 6
    )
    experiences.take_out(little.milepost, little["student"], entry.id, "Wrong week")
    found = experiences.ledger(little.milepost, little["student"])
    assert (found.hours, found.totals) == (0, ())
    assert found.items[0].reason == "Wrong week"


def test_the_same_hours_in_two_buckets_show_the_rule(little: LittleSchool) -> None:
    plan = signed(little)
    entry = logged(little)

    def count(bucket: str, target: str, hours: float) -> ExperienceView:
        return experiences.count_toward(
            little.milepost, little["student"], entry.id, bucket, target, hours
        )

    count("credit", plan, 6)
    found = count("work_hours", "", 6)
    (said,) = found.doubled
    assert said.allowed == "counselor"
    assert "counselor decides" in said.text
    assert count("work_hours", "", 0).doubled == ()
    overlay(little, counting_twice={"credit_and_work_hours": False})
    (said,) = count("work_hours", "", 6).doubled
    assert (said.allowed, said.source) == ("no", "your district's rule")


def test_two_credits_from_the_same_hours_cite_the_rule(little: LittleSchool) -> None:
    first, second = signed(little), signed(little)
    entry = logged(little)
    for plan in (first, second):
        found = experiences.count_toward(
            little.milepost, little["student"], entry.id, "credit", plan, 6
        )
    (said,) = found.doubled
    assert said.allowed == "if_plan_says"
    assert "partial and simultaneous credit" in said.source


@pytest.mark.parametrize(
    ("bucket", "target", "hours"),
    [
        ("gold", "", 1.0),
        ("credit", "no-such-plan", 1.0),
        ("seal", "no_such_seal", 1.0),
        ("competency", "NO.SUCH", 1.0),
        ("work_hours", "", 7.0),
        ("work_hours", "", -1.0),
    ],
)
def test_hours_count_only_toward_what_there_is(
    bucket: str, target: str, hours: float, little: LittleSchool
) -> None:
    entry = logged(little)
    with pytest.raises(Invalid):
        experiences.count_toward(
            little.milepost, little["student"], entry.id, bucket, target, hours
        )


def test_another_students_plan_is_no_bucket(little: LittleSchool) -> None:
    plan = signed(little)
    other: Any = little["other_student"]
    entry = experiences.log(little.milepost, other, CLINIC)
    with pytest.raises(Invalid):
        experiences.count_toward(little.milepost, other, entry.id, "credit", plan, 1)
