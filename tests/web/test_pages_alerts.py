"""The duty list and the record of an incident, as staff meet them (S15, S17)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from door import Door
from little_school import LittleSchool
from sqlalchemy.exc import OperationalError

from pathways.services import alerts, conversation, duty, incidents
from pathways.services.duty import Duty
from pathways.services.errors import Invalid, NotFound

RED = "I want to kill myself"
MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
SUNDAY = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)


def put_on_duty(little: LittleSchool, *names: str) -> None:
    members = {little[name].id: "" for name in names}
    duty.set_duty(little.milepost, little["admin"], Duty(members=members))


def said(door: Door) -> str:
    return str(door.say("student", RED).json()["replies"][0]["text"])


def test_in_hours_the_student_hears_who_is_told(
    door: Door, little: LittleSchool
) -> None:
    put_on_duty(little, "counselor")
    little.clock.now = MONDAY
    text = said(door)
    assert "is told that you may need help, not your words. In danger now?" in text


def test_after_hours_the_student_hears_when_a_person_looks(
    door: Door, little: LittleSchool
) -> None:
    put_on_duty(little, "counselor")
    little.clock.now = SUNDAY
    text = said(door)
    assert "A person may not look before Monday, November 23, 8:00 AM." in text
    assert "988" in text
    assert "911" in text


def test_without_a_list_nothing_is_promised(door: Door) -> None:
    assert "I can't say when a person will look." in said(door)


def test_with_the_database_away_the_student_is_not_told_that_someone_knows(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    door.say("student", "hello")

    def away(*given: object) -> None:
        raise OperationalError("", {}, Exception())

    monkeypatch.setattr(conversation, "receive", away)
    answer = door.say("student", RED).json()
    text = str(answer)
    assert "is told" not in text
    assert "I keep trying. Please tell an adult near you." in text
    assert "988" in text


# The list
def form(little: LittleSchool, **more: str) -> dict[str, str]:
    counselor, advisor = little["counselor"].id, little["advisor"].id
    return {
        f"place_{counselor}": "2",
        f"place_{advisor}": "1",
        f"email_{advisor}": "advisor@north.example",
        "day_mon": "1",
        "opens": "07:45",
        "closes": "15:15",
        "closed": "2026-11-26\n2026-11-27",
        "naming": "none",
        **more,
    }


def test_an_administrator_sets_the_list(door: Door, little: LittleSchool) -> None:
    answer = door.page("admin", "POST", "/duty", **form(little))
    assert answer.headers["location"] == "/duty?done=saved"
    found = duty.view_duty(little.milepost, little["admin"])
    assert [*found.members] == [little["advisor"].id, little["counselor"].id]
    assert (found.days, found.opens, found.closed) == (
        ("mon",),
        "07:45",
        ("2026-11-26", "2026-11-27"),
    )
    assert "advisor@north.example" in door.page("admin", "GET", "/duty").text


@pytest.mark.parametrize(
    "wrong",
    [
        {"opens": "16:00"},
        {"opens": "soon"},
        {"closed": "thursday"},
        {"naming": "everything"},
        {"webhook": "http://10.0.0.1/"},
        {"webhook": "https://hooks.example/"},
    ],
)
def test_a_list_that_can_not_work_is_refused_and_kept_on_the_page(
    wrong: dict[str, str], door: Door, little: LittleSchool
) -> None:
    answer = door.page("admin", "POST", "/duty", **form(little, **wrong))
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "advisor@north.example" in answer.text
    assert not duty.view_duty(little.milepost, little["admin"]).is_set


@pytest.mark.parametrize("email", ["nobody", "a@b", "a b@c.example", "a@c.example\nx"])
def test_an_address_that_is_none_is_refused(email: str, little: LittleSchool) -> None:
    wrong = Duty(members={little["counselor"].id: email})
    with pytest.raises(Invalid):
        duty.set_duty(little.milepost, little["admin"], wrong)


@pytest.mark.parametrize("name", ["student", "family", "far_counselor"])
def test_only_staff_of_the_school_can_be_on_duty(
    name: str, little: LittleSchool
) -> None:
    with pytest.raises(Invalid):
        put_on_duty(little, name)


def test_who_is_on_duty_sees_the_schools_alerts_and_nobody_elses(
    little: LittleSchool,
) -> None:
    alert_id = little.alert("student")
    far = little.alert("far_student")
    for name in ("other_advisor", "admin"):
        with pytest.raises(NotFound):
            incidents.incident(little.milepost, little[name], alert_id)
    put_on_duty(little, "other_advisor", "admin")
    for name in ("other_advisor", "admin"):
        seen = alerts.list_alerts(little.milepost, little[name])
        assert [one.id for one in seen] == [alert_id]
        incidents.incident(little.milepost, little[name], alert_id)
        with pytest.raises(NotFound):
            incidents.incident(little.milepost, little[name], far)
    put_on_duty(little, "counselor")
    assert alerts.list_alerts(little.milepost, little["other_advisor"]) == []
    with pytest.raises(NotFound):
        alerts.list_alerts(little.milepost, little["admin"])


# The record
def test_a_record_goes_from_taking_on_to_closing(
    door: Door, little: LittleSchool
) -> None:
    alert_id = little.alert("student")
    path = f"/alerts/{alert_id}"
    page = door.page("counselor", "GET", path).text
    assert "Take the alert on first." in page
    back = door.page("counselor", "POST", f"{path}/acknowledge", back="record")
    assert back.headers["location"] == path
    why = "Met Student at noon.\nMom comes at one."
    sent = {"kind": "talked", "reason": why}
    assert door.page("counselor", "POST", f"{path}/record", **sent).status_code == 303
    door.page("counselor", "POST", f"{path}/record", **sent)
    end = {"kind": "closed_safe", "reason": "Safe with <b>Mom</b>."}
    door.page("counselor", "POST", f"{path}/record", **end)
    page = door.page("counselor", "GET", path).text
    assert page.count("Met Student at noon.") == 1
    assert "Safe with &lt;b&gt;Mom&lt;/b&gt;." in page
    assert "Closed on" in page
    assert "Due by Nov 24" in page
    found = incidents.incident(little.milepost, little["counselor"], alert_id)
    assert [one.kind for one in found.entries] == ["talked", "closed_safe"]
    assert {one.who for one in found.entries} == {"Counselor Test"}


@pytest.mark.parametrize(
    "wrong", [{"kind": "talked", "reason": " "}, {"kind": "x", "reason": "y"}]
)
def test_a_decision_needs_a_kind_and_a_reason(
    wrong: dict[str, str], door: Door, little: LittleSchool
) -> None:
    alert_id = little.alert("student")
    alerts.acknowledge(little.milepost, little["counselor"], alert_id)
    answer = door.page("counselor", "POST", f"/alerts/{alert_id}/record", **wrong)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_an_advisor_opens_the_record_of_what_they_took_on_alone(
    door: Door, little: LittleSchool
) -> None:
    first, second = little.alert("student"), little.alert("student")
    alerts.acknowledge(little.milepost, little["advisor"], first)
    assert door.page("advisor", "GET", f"/alerts/{first}").status_code == 200
    assert door.page("advisor", "GET", f"/alerts/{second}").status_code == 404
    listed = door.page("advisor", "GET", "/caseload").text
    assert f'href="/alerts/{first}"' in listed
    assert f'href="/alerts/{second}"' not in listed


def test_the_notice_is_a_draft_that_a_person_edits(
    door: Door, little: LittleSchool
) -> None:
    path = f"/alerts/{little.alert('student')}/notice"
    page = door.page("counselor", "GET", path).text
    assert "Milepost never sends it" in page
    assert "72 hours" in page
    assert "To the family of Student Test." in page
    sent = door.page("counselor", "POST", path, text="Dear family,\nour words.")
    assert sent.headers["location"] == f"{path}?done=notice"
    assert "our words." in door.page("counselor", "GET", path).text
    assert door.page("counselor", "POST", path, text="").status_code == 422


def test_looks_at_a_record_stand_in_the_students_log(
    door: Door, little: LittleSchool
) -> None:
    alert_id = little.alert("student")
    door.page("counselor", "GET", f"/alerts/{alert_id}")
    with little.milepost.work() as work:
        looks = work.people.looks(little["student"].school_id, little["student"].id)
    assert ("incident", little["counselor"].id) in {(o.what, o.actor_id) for o in looks}
    assert "record" in door.page("student", "GET", "/looks").text.lower()
