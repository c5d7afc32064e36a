import csv
import shutil
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from pathways import demo
from pathways.app import Milepost
from pathways.demo import loading
from pathways.demo.generate import STARTER, DemoFiles
from pathways.demo.ladders import at_college, completed, running
from pathways.demo.people import WITHOUT_CONSENT, make_school
from pathways.domain.catalog import Catalog, catalog_of
from pathways.domain.consent import Consent, Gate
from pathways.formats.canvas import read_canvas
from pathways.formats.catalog_csv import read_folder
from pathways.formats.mastery_csv import read_mastery_csv
from pathways.services import consents
from pathways.services.errors import Invalid
from pathways.services.sign_in import actor_for, sign_in
from pathways.services.student_facts import facts_of
from pathways.settings import Settings
from pathways.store.models import Conversation, ImportRun, Person

OHIO = ZoneInfo("America/New_York")
TODAY = date(2026, 11, 21)
DAYS = [
    date(2026, 7, 1),
    date(2026, 8, 25),
    TODAY,
    date(2027, 1, 2),
    date(2027, 6, 15),
    date(2028, 2, 29),
]


@pytest.fixture(scope="module")
def starter() -> Catalog:
    return catalog_of(1, [one.entry for one in read_folder(STARTER).placed])


def bytes_of(files: DemoFiles) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(files.folder.iterdir())}


def test_one_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    first = bytes_of(demo.write_demo(tmp_path / "a", today=TODAY))
    second = bytes_of(demo.write_demo(tmp_path / "b", today=TODAY))
    other = bytes_of(demo.write_demo(tmp_path / "c", seed=8, today=TODAY))

    assert len(first) == 4
    assert first == second
    assert all(first[name] != other[name] for name in first)


def test_courses_follow_prerequisites_and_grades(starter: Catalog) -> None:
    for seed in range(5):
        for student in make_school(Random(seed), TODAY).students:
            done: set[str] = set()
            taken = [*completed(student)]
            taken += [(student.grade, code) for code in running(student)]
            for grade in range(8, 13):
                codes = [code for when, code in taken if when == grade]
                for code in codes:
                    course = starter.courses[code]
                    assert grade in course.grades, (code, grade)
                    assert course.rule.holds(done.__contains__), (code, student)
                    assert code not in done
                done.update(codes)
            for code in at_college(student):
                assert starter.courses[code].rule.holds(done.__contains__)


@pytest.mark.parametrize("today", DAYS)
def test_results_can_be_read_and_lie_in_the_past(tmp_path: Path, today: date) -> None:
    files = demo.write_demo(tmp_path, today=today)

    readings = [read_canvas(files.canvas, OHIO), read_mastery_csv(files.skills, OHIO)]

    for reading in readings:
        assert reading.rejected == []
        assert all(result.earned_on <= today for result in reading.results)
    maya = next(
        one for one in make_school(Random(7), today).students if one.username == "maya"
    )
    birthday = maya.born.replace(year=maya.born.year + 15)
    assert birthday <= today < birthday.replace(year=birthday.year + 1)


def test_the_canvas_report_is_as_odd_as_real_ones(tmp_path: Path) -> None:
    files = demo.write_demo(tmp_path, today=TODAY)
    reading = read_canvas(files.canvas, OHIO)
    with files.canvas.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))

    attempts = Counter(
        (one.student_source_id, one.competency[0]) for one in reading.results
    )
    assert len({competency for _, competency in attempts}) >= 30
    assert sum(number == 3 for number in attempts.values()) > 100
    assert reading.skipped > 10
    assert any("/" in row["submission date"] for row in rows)
    assert any(row["submission score"] == "N/A" for row in rows)
    assert any(row["outcome score"].endswith(".0") for row in rows)
    gains, dips = 0, 0
    by_student: dict[tuple[str, str], list[float]] = {}
    for one in reading.results:
        if one.points is not None:
            key = (one.student_source_id, one.competency[0])
            by_student.setdefault(key, []).append(one.points)
    for points in by_student.values():
        gains += points[-1] > points[0]
        dips += any(b < a for a, b in zip(points, points[1:], strict=False))
    assert gains > 3 * dips > 0


def test_the_demo_school_stands_and_its_accounts_can_sign_in(
    settings: Settings, milepost: Milepost
) -> None:
    said = demo.load(settings)

    assert "Created Riverbend Local Schools." in said
    assert "0 rejected" in said
    with milepost.work() as work:
        people = list(work.session.scalars(select(Person)))
        assert work.session.scalar(select(func.count(Conversation.id))) == 0
    roles = Counter(one.role for one in people)
    assert roles["student"] >= 66
    assert {one.grade for one in people if one.role == "student"} == set(range(7, 13))
    assert (roles["advisor"], roles["counselor"], roles["admin"]) == (6, 2, 1)
    can_sign_in = {one.username for one in people if one.password_hash}
    assert can_sign_in == {*demo.ACCOUNTS.values(), WITHOUT_CONSENT}
    for role, username in demo.ACCOUNTS.items():
        actor = actor_for(milepost, sign_in(milepost, username, settings.demo_password))
        assert actor is not None
        assert actor.role == role
    with pytest.raises(Invalid):
        sign_in(milepost, "theo.lindholm", settings.demo_password)


def test_maya_is_strong_in_science_and_on_her_way_in_algebra(
    settings: Settings, milepost: Milepost
) -> None:
    demo.load(settings)

    with milepost.work() as work:
        maya = work.people.by_username("maya")
        assert maya is not None
        catalog = milepost.catalogs.current(work, maya.school_id)
        facts = facts_of(work, maya, catalog, TODAY)
        adults = [
            one.username for one in work.people.adults_of(maya.school_id, maya.id)
        ]
    assert (facts.grade, facts.age) == (10, 15)
    assert set(adults) == {"ortiz", "maya.family"}
    assert facts.completed("MTH-ALG1")
    for course in ("MTH-GEO", "SCI-BIO"):
        assert facts.completed_or_under_way(course)
        assert not facts.completed(course)
    science = [m.level for code, m in facts.mastery.items() if code.startswith("SCI.")]
    algebra = [
        m.level for code, m in facts.mastery.items() if code.startswith("MATH.ALG1")
    ]
    assert min(science) >= 3
    assert sorted(algebra) == [2, 3]


def test_all_but_one_student_may_use_the_coach(
    settings: Settings, milepost: Milepost
) -> None:
    demo.load(settings)
    password = settings.demo_password
    gates = {
        name: actor_for(milepost, sign_in(milepost, name, password))
        for name in ("maya", WITHOUT_CONSENT, "admin")
    }
    admin = gates["admin"]
    assert admin is not None
    found = consents.overview(milepost, admin)
    assert found.counts == {Consent.GIVEN: 71, Consent.NONE: 1}
    assert [(one.name, one.gate) for one in found.held_back] == [
        ("Amara Osei", Gate.NEEDED)
    ]
    assert {name: one.gate for name, one in gates.items() if one} == {
        "maya": Gate.OPEN,
        WITHOUT_CONSENT: Gate.NEEDED,
        "admin": Gate.OPEN,
    }


def test_a_second_load_does_nothing(settings: Settings, milepost: Milepost) -> None:
    demo.load(settings)
    before = runs(milepost)

    assert demo.load(settings) == "The demo school is there already."
    assert runs(milepost) == before == 6


def runs(milepost: Milepost) -> int:
    with milepost.work() as work:
        return work.session.scalar(select(func.count(ImportRun.id))) or 0


def test_a_load_that_broke_off_is_finished_on_another_day(
    settings: Settings, milepost: Milepost, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(*_: object, **__: object) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as patched:
        patched.setattr(loading, "import_mastery", break_off)
        with pytest.raises(RuntimeError):
            demo.load(settings)
    later = settings.model_copy(update={"now": datetime(2026, 11, 23, 9, tzinfo=UTC)})

    said = demo.load(later)

    assert "mastery riverbend_canvas_outcomes.csv" in said
    assert demo.load(later) == "The demo school is there already."


def test_a_new_starter_catalog_is_published_and_a_new_password_set(
    settings: Settings,
    milepost: Milepost,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    demo.load(settings)
    copy = tmp_path / "starter"
    shutil.copytree(STARTER, copy)
    courses = copy / "courses.csv"
    courses.write_text(courses.read_text().replace("Geometry", "Shapes", 1))
    monkeypatch.setattr(loading, "STARTER", copy)
    changed = settings.model_copy(update={"demo_password": "another-river-stone"})

    said = demo.load(changed)

    assert "1 changed" in said
    assert "Set the password of 6 demo accounts." in said
    assert actor_for(milepost, sign_in(milepost, "maya", "another-river-stone"))


def test_a_lost_word_list_is_written_again(settings: Settings) -> None:
    demo.load(settings)
    settings.gazetteer_path.unlink()

    demo.load(settings)

    assert settings.gazetteer_path.is_file()


def test_without_a_password_there_is_no_demo(settings: Settings) -> None:
    with pytest.raises(demo.DemoError, match="MILEPOST_DEMO_PASSWORD"):
        demo.load(settings.model_copy(update={"demo_password": ""}))
