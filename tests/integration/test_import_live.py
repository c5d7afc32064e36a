"""Canvas and OneRoster over the network: paged, patient, resumable (P1)."""

from collections.abc import Iterator

import pytest
from importing import add_person, courses_of, people_of, results_of
from live_sources import TOKEN, Fault, School, canvas, oneroster, serving

from pathways.app import Milepost
from pathways.live import client as client_module
from pathways.live.client import LiveError
from pathways.services.errors import Invalid
from pathways.services.imports import (
    Live,
    import_canvas_live,
    import_oneroster_live,
)
from pathways.store import models
from pathways.store.imports import ImportRepository


@pytest.fixture
def ours() -> Iterator[School]:
    with serving(canvas()) as found:
        yield found


@pytest.fixture
def roster() -> Iterator[School]:
    with serving(oneroster()) as found:
        yield found


@pytest.fixture
def theo(milepost: Milepost, school: models.School) -> models.Person:
    return add_person(milepost, school, "student", "theo", "S2")


def live(school: School, waits: list[float] | None = None) -> Live:
    kept: list[float] = [] if waits is None else waits
    return Live(school.url, TOKEN, kept.append)


def left_over(milepost: Milepost) -> list[str]:
    return [path.name for path in (milepost.settings.var_dir / "live").rglob("*.jsonl")]


def test_canvas_results_and_methods_arrive_page_by_page(
    milepost: Milepost, student: models.Person, theo: models.Person, ours: School
) -> None:
    outcomes, results = import_canvas_live(
        milepost, "riverbend", live(ours), account="5"
    )

    assert (outcomes.saved, outcomes.created, outcomes.rejected) == (True, 1, [])
    assert (results.saved, results.created, results.rejected) == (True, 3, [])
    found = results_of(milepost, student)
    assert [(row.assessment, row.level, str(row.earned_on)) for row in found] == [
        ("Lab 1", 3, "2026-10-05"),
        ("assignment_78", 4, "2026-10-05"),
    ]
    assert [row.level for row in results_of(milepost, theo)] == [1]
    with milepost.work() as work:
        rule = ImportRepository(work.session).rules(student.school_id)["SCI.INQ"]
    assert (rule.method, rule.setting) == ("decaying_average", 60)
    assert left_over(milepost) == []
    assert TOKEN not in " ".join(ours.asked)

    again = import_canvas_live(
        milepost, "riverbend", live(ours), courses=["101", "102"]
    )
    assert [(one.created, one.changed) for one in again] == [(0, 0), (0, 0)]


def test_a_broken_fetch_goes_on_from_the_last_page(
    milepost: Milepost, student: models.Person, theo: models.Person, ours: School
) -> None:
    fine = Fault(0)
    ours.faults = [fine, fine, fine, *[Fault(503)] * client_module.TRIES]

    with pytest.raises(LiveError, match="goes on from the last page"):
        import_canvas_live(milepost, "riverbend", live(ours), courses=["101"])
    assert results_of(milepost, student) == []
    assert left_over(milepost) != []
    before = len(ours.asked)
    _, results = import_canvas_live(milepost, "riverbend", live(ours), courses=["101"])

    assert results.created == 2
    assert [path.partition("?")[0] for path in ours.asked[before:]] == [
        "/api/v1/courses/101/outcome_results"
    ]
    assert left_over(milepost) == []


def test_it_waits_where_the_system_says_so(
    milepost: Milepost, student: models.Person, theo: models.Person, ours: School
) -> None:
    waits: list[float] = []
    ours.faults = [
        Fault(429, headers={"Retry-After": "7"}),
        Fault(403, "403 Forbidden (Rate Limit Exceeded)"),
        Fault(502),
        Fault(429, headers={"Retry-After": "99999"}),
    ]

    import_canvas_live(milepost, "riverbend", live(ours, waits), courses=["101"])

    assert waits[:4] == [7.0, 4.0, 8.0, client_module.LONGEST_WAIT]
    assert set(waits[4:]) == {client_module.SLOW_DOWN}  # little is left each time


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault(401), "Check MILEPOST_CANVAS_TOKEN"),
        (Fault(403, "no"), "what this token may read"),
        (Fault(404), "the numbers you gave"),
        (Fault(302, headers={"Location": "https://evil.example"}), "answered 302"),
        (Fault(200, "<html>"), "no JSON"),
        (Fault(200, "[" * 100_000), "no JSON"),
    ],
)
def test_a_bad_answer_is_named_and_nothing_changes(
    milepost: Milepost, student: models.Person, ours: School, fault: Fault, said: str
) -> None:
    ours.faults = [fault]

    with pytest.raises(LiveError, match=said) as raised:
        import_canvas_live(milepost, "riverbend", live(ours), courses=["101"])

    assert TOKEN not in str(raised.value)
    assert results_of(milepost, student) == []


def test_the_token_goes_nowhere_else(
    milepost: Milepost, student: models.Person, ours: School
) -> None:
    with serving(School({})) as other:
        ours.elsewhere = other.url
        with pytest.raises(LiveError, match="at another address"):
            import_canvas_live(milepost, "riverbend", live(ours), courses=["101"])

        assert other.asked == []


def test_a_page_that_never_ends_is_cut_off(
    milepost: Milepost,
    student: models.Person,
    ours: School,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(client_module, "LARGEST_PAGE", 10)

    with pytest.raises(LiveError, match="too large"):
        import_canvas_live(milepost, "riverbend", live(ours), courses=["101"])


@pytest.mark.parametrize(
    ("url", "token", "said"),
    [
        ("http://canvas.example", TOKEN, "starts with https"),
        ("ftp://127.0.0.1", TOKEN, "starts with https"),
        ("https://", TOKEN, "starts with https"),
        ("https://canvas.example", "", "Set MILEPOST_CANVAS_TOKEN"),
    ],
)
def test_an_address_without_https_or_no_token_is_refused(
    milepost: Milepost, student: models.Person, url: str, token: str, said: str
) -> None:
    with pytest.raises(LiveError, match=said):
        asked = Live(url, token, lambda seconds: None)
        import_canvas_live(milepost, "riverbend", asked, courses=["1"])


def test_what_is_asked_for_must_be_said(milepost: Milepost, ours: School) -> None:
    with pytest.raises(Invalid, match="which courses"):
        import_canvas_live(milepost, "riverbend", live(ours))
    with pytest.raises(Invalid, match=r"1\.1 has no learning objectives"):
        import_oneroster_live(
            milepost, "riverbend", live(ours), version="1.1", mastery=True
        )


def test_a_roster_arrives_as_from_a_zip(
    milepost: Milepost, school: models.School, catalog: None, roster: School
) -> None:
    [report] = import_oneroster_live(milepost, "riverbend", live(roster))

    people = people_of(milepost, school)
    assert (report.saved, report.rejected, len(people)) == (True, [], 131)
    assert str(people["S1"].born) == "2011-03-14"
    assert [row.course for row in courses_of(milepost, people["S1"])] == ["MTH-GEO"]
    with milepost.work() as work:
        ties = ImportRepository(work.session).relations(school.id)
    assert [(row.adult_id, row.student_id) for row in ties] == [
        (people["T1"].id, people["S1"].id)
    ]
    assert sum("/users?" in path for path in roster.asked) == 2
    [again] = import_oneroster_live(milepost, "riverbend", live(roster))
    assert (again.created, again.changed) == (0, 0)


def test_results_with_learning_objectives_arrive(
    milepost: Milepost, student: models.Person, roster: School
) -> None:
    [report] = import_oneroster_live(milepost, "riverbend", live(roster), mastery=True)

    assert (report.saved, report.rejected) == (True, [])
    assert {(row.competency, row.level) for row in results_of(milepost, student)} == {
        ("SCI.INQ", 4),
        ("HAB.PLAN", 3),
    }


def test_the_older_version_says_roles_and_schools_in_the_person(
    milepost: Milepost, school: models.School, catalog: None
) -> None:
    base = "/ims/oneroster/v1p1"
    person = {"givenName": "A", "familyName": "B", "enabledUser": "true"}
    family = {"sourcedId": "F1", "username": "denise", "role": "guardian", **person}
    student = {"sourcedId": "S1", "username": "maya", "role": "student", **person}
    student |= {"grades": ["10"], "agents": [{"sourcedId": "F1"}]}
    here = {"orgs": [{"sourcedId": "O1"}]}
    users = [family | here, student | here]
    names = ("orgs", "demographics", "courses", "classes", "enrollments")
    known: dict[str, list[object]] = {f"{base}/{name}": [] for name in names}
    known[f"{base}/users"] = [*users]
    with serving(School(known, by_offset=True)) as older:
        [report] = import_oneroster_live(
            milepost, "riverbend", live(older), version="1.1"
        )

    assert (report.saved, report.rejected) == (True, [])
    roles = {key: one.role for key, one in people_of(milepost, school).items()}
    assert roles == {"F1": "family", "S1": "student"}
    assert report.created == 3
