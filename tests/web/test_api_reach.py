"""Stale choices, hours and places, career ideas and the audit over HTTP."""

from door import Door
from little_school import LittleSchool
from records_made import add_many_results, contradict, note, retire, take

from pathways.services import catalog as catalogs


def test_an_option_retired_after_it_was_suggested_says_so(
    door: Door, little: LittleSchool
) -> None:
    shown = door.api("student", "GET", "/options?kind=internship").json()["items"]
    code = shown[0]["id"]
    door.page("student", "POST", "/plan/options", option=code)
    retire(little, "opportunity", code)
    found = door.api("student", "GET", f"/options/{code}/why").json()
    assert found["withdrawn"] and not found["open"]
    assert found["why_not"][0] == "The school does not offer it any more."
    assert "counselor" in found["would_change"][0]
    sent = {"add": [code]}
    answer = door.api("student", "POST", "/options/what-if", json=sent)
    assert answer.status_code == 422
    assert "does not offer that any more" in answer.json()["detail"]
    gone = door.api("student", "GET", "/options/NO-SUCH/why")
    assert gone.status_code == 404


def test_a_circle_in_the_catalog_is_an_answer_not_an_error(
    door: Door, little: LittleSchool
) -> None:
    for code, needs in (("MTH-ALG1", "MTH-GEO"), ("MTH-GEO", "MTH-ALG1")):
        cells = {"code": code, "prerequisites": needs}
        catalogs.edit(little.milepost, little["counselor"], "course", cells, 1)
    found = door.api("student", "GET", "/options/MTH-ALG1/why")
    assert found.status_code == 200
    assert "looks like a mistake" in found.json()["why_not"][0]
    assert door.api("student", "GET", "/options?kind=course").json()["items"]


def test_a_retired_course_in_the_record_and_in_a_pathway_harms_no_page(
    door: Door, little: LittleSchool
) -> None:
    take(little, "SCI-BIO", "completed")
    retire(little, "course", "SCI-BIO")
    for path in ("/options", "/graduation", "/plan", "/options/SCI-ANAT/why"):
        assert door.api("student", "GET", path).status_code == 200, path
    for path in ("/plan", "/graduation", "/ideas"):
        assert door.page("student", "GET", path).status_code == 200, path


def test_a_student_without_record_hears_that_it_is_early(door: Door) -> None:
    found = door.api("other_student", "GET", "/options").json()
    assert len(found["items"]) == 5
    reasons = {one["fact"] for item in found["items"] for one in item["reasons"]}
    assert reasons
    assert "GPA" in str(
        door.api("other_student", "GET", "/options?kind=college_credit").json()
    )


def test_a_limit_of_the_rules_carries_its_source(
    door: Door, little: LittleSchool
) -> None:
    note(little, "gpa", 2.0)
    found = door.api("student", "GET", "/options/ELA-CCPCOMP/why").json()
    assert not found["open"]
    assert any("Rule: Ohio Revised Code" in one for one in found["why_not"])


def test_contradicting_results_are_both_told(door: Door, little: LittleSchool) -> None:
    contradict(little)
    found = door.api("student", "GET", "/options/SCI-ANAT/why").json()
    (told,) = [one for one in found["why"] if "Two sources" in one["fact"]]
    assert told["source"].startswith("State")


def test_four_thousand_results_are_one_answer(door: Door, little: LittleSchool) -> None:
    add_many_results(little, 4000)
    found = door.api("student", "GET", "/options?kind=course")
    assert found.status_code == 200
    assert found.json()["items"]
    shown = door.api("student", "GET", "/mastery").json()["items"]
    assert {one["level"] for one in shown} == {4}


def test_dates_out_of_order_are_told(door: Door, little: LittleSchool) -> None:
    cells = {"code": "OPP-INT-CODE", "starts": "2027-06-01", "ends": "2027-03-01"}
    catalogs.edit(little.milepost, little["counselor"], "opportunity", cells, 1)
    found = door.api("student", "GET", "/options/OPP-INT-CODE/why").json()
    assert any("do not fit together" in one for one in found["why_not"])


def test_hours_and_places_are_said_and_read_back(door: Door) -> None:
    before = door.api("student", "GET", "/availability").json()
    assert (before["hours_a_week"], before["places"]) == (None, None)
    said = {"hours_a_week": 4, "places": ["Columbus"]}
    answer = door.api("student", "POST", "/availability", json=said).json()
    assert {name: answer[name] for name in said} == said
    wrong = {"places": ["The Moon"]}
    refused = door.api("student", "POST", "/availability", json=wrong)
    assert refused.status_code == 422
    assert door.api("student", "GET", "/availability").json() == answer
    record = door.api("student", "GET", "/record").json()
    assert record["availability"][0]["hours_a_week"] == 4


def test_career_ideas_take_letters_and_refuse_others(door: Door) -> None:
    found = door.api("student", "GET", "/career-ideas?riasec=SI").json()["items"]
    assert len(found) == 8
    assert len({one["field"] for one in found}) >= 4
    wrong = door.api("student", "GET", "/career-ideas?riasec=XYZ")
    assert wrong.status_code == 422


def test_what_if_tells_of_seals(door: Door) -> None:
    sent = {"add": ["WLG-SPA4"]}
    found = door.api("student", "POST", "/options/what-if", json=sent).json()
    assert found["seals"][0]["title"] == "Seal of Biliteracy"
    assert found["seals"][0]["source"]


def test_the_audit_hides_small_groups_from_a_counselor(door: Door) -> None:
    found = door.api("counselor", "GET", "/equity").json()
    assert found["students"] == 2
    assert all(row["students"] is None for row in found["rows"])
    assert (found["swapped"], found["differing"]) == (2, 0)
