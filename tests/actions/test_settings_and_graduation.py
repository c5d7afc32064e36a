"""Settings, languages, what nobody found, graduation, without Rasa (P8, A4, O10)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from form_loop import FormLoop
from little_school import LittleSchool, build_template, fill_record, open_school

from actions.credit_plan_answers import amount_of, grade_of, named_among
from actions.onboarding import supports_in
from pathways.domain.unmet import Kind
from pathways.services import demand, graduation_notes, preferences


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_template(tmp_path_factory.mktemp("template"))


@pytest.fixture
def little(template: Path, tmp_path: Path) -> Iterator[LittleSchool]:
    school = open_school(template, tmp_path)
    yield school
    school.milepost.engine.dispose()


async def hear(
    loop: FormLoop, action: str, text: str, *entities: tuple[str, str]
) -> str:
    """Run one action on a message outside any form; return what is heard."""
    loop.heard, loop.asked = [], None
    found = [{"entity": kind, "value": value} for kind, value in entities]
    intent = {"name": action.removeprefix("action_")}
    await loop.run(action, {"text": text, "intent": intent, "entities": found})
    return loop.said()


@pytest.mark.parametrize(
    ("said", "supports"),
    [
        ("read it to me", {"read_aloud"}),
        ("bigger letters and pictures", {"large_text", "visual_cues"}),
        ("i'd rather talk", {"dictation"}),
        ("easier words pls", {"plain_words"}),
        ("purple", set()),
    ],
)
def test_supports_are_named_in_words(said: str, supports: set[str]) -> None:
    assert set(supports_in(said)) == supports


async def test_supports_are_picked_one_after_the_other(little: LittleSchool) -> None:
    loop = FormLoop(little, "onboarding")
    loop.asked = "onboarding_language"
    await loop.say("Somali")
    await loop.say("Bigger text")
    assert "Bigger text" in loop.said()
    left = [one["title"] for one in loop.heard[-1]["buttons"]]
    assert "Bigger text" not in left
    assert "That's all" in left
    await loop.say("read aloud")
    assert "Read aloud and Bigger text" in await loop.say("that's all")
    assert "Ctrl" in await loop.yes()
    kept = preferences.settings_of(little.milepost, little["student"])
    assert kept == preferences.Settings(("read_aloud", "large_text"), "Somali")


def language_of(little: LittleSchool) -> str:
    """Return what the student's record says of their language."""
    student = little["student"]
    with little.milepost.work() as work:
        person = work.people.person(student.school_id, student.id)
        assert person is not None
        return person.language


async def test_a_language_that_the_coach_speaks_is_taken_at_once(
    little: LittleSchool,
) -> None:
    loop = FormLoop(little, "onboarding")
    said = await hear(loop, "action_change_language", "can we do this in Spanish")
    assert "go on in Spanish" in said
    assert language_of(little) == "es"
    back = await hear(loop, "action_change_language", "back to english please")
    assert "English it is" in back
    assert language_of(little) == "en"
    assert preferences.settings_of(little.milepost, little["student"]).wish == ""


@pytest.mark.parametrize(
    ("action", "said", "kind", "words"),
    [
        (
            "action_explain_career",
            "tell me about being a lion tamer",
            Kind.CAREER,
            "lion tamer",
        ),
        (
            "action_record_interest",
            "i love competitive yodeling",
            Kind.INTEREST,
            "competitive yodeling",
        ),
        (
            "action_show_mastery",
            "how am i doing in underwater welding",
            Kind.SUBJECT,
            "underwater welding",
        ),
    ],
)
async def test_what_nothing_is_found_for_is_counted(
    action: str,
    said: str,
    kind: Kind,
    words: str,
    little: LittleSchool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(demand, "FEWEST_STUDENTS", 1)
    await hear(FormLoop(little, "checkin"), action, said)
    found = demand.unmet_demand(little.milepost, little["counselor"])
    assert found.items == (demand.Unmet(kind, words, 1),)


async def test_a_place_that_the_catalog_lacks_is_counted(
    little: LittleSchool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demand, "FEWEST_STUDENTS", 1)
    place = ("organization", "Moon Base Alpha")
    said = "any internships at Moon Base Alpha"
    await hear(FormLoop(little, "checkin"), "action_suggest_internships", said, place)
    (found,) = demand.unmet_demand(little.milepost, little["counselor"]).items
    assert (found.kind, found.words) == (Kind.ORGANIZATION, "moon base alpha")


async def test_graduation_tells_what_would_help_with_its_rule(
    little: LittleSchool,
) -> None:
    record = fill_record(little, "student")
    with little.milepost.work() as work:
        person = work.people.by_id(record.student_id)
        assert person is not None
        person.grade = 12
        work.commit()
    graduation_notes.note_item(
        little.milepost,
        little["counselor"],
        record.student_id,
        "test_algebra_1",
        612,
        "State test report",
    )
    loop = FormLoop(little, "checkin")
    short = await hear(loop, "action_show_graduation", "am i on track")
    assert "Still open: Algebra I" in short
    titles = [one["title"] for one in loop.heard[-1]["buttons"]]
    assert "What would help?" in titles
    helped = await hear(
        loop, "action_show_graduation", "/ask_graduation_status", ("field", "help")
    )
    assert "Your Algebra I score is 612" in helped
    assert "take the test again" in helped
    dates = await hear(
        loop, "action_show_graduation", "/ask_graduation_status", ("field", "dates")
    )
    assert "College Credit Plus" in dates


@pytest.mark.parametrize(
    ("said", "amount"),
    [
        ("0.5", "0.5"),
        ("half a credit", "0.5"),
        ("one", "1"),
        ("1 credit", "1"),
        (".25", "0.25"),
        ("a quarter credit", "0.25"),
        ("one and a half", "1.5"),
        ("three quarters", "0.75"),
        ("a bunch", None),
        ("0", None),
        ("99", None),
    ],
)
def test_an_amount_of_credit_is_read(said: str, amount: str | None) -> None:
    assert amount_of(said) == amount


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("letter grade", "letter"),
        ("an A or B", "letter"),
        ("a", "letter"),
        ("pass or no pass", "pass_fail"),
        ("pass/fail", "pass_fail"),
        ("a gold star", None),
        ("idk", None),
    ],
)
def test_a_kind_of_grade_is_read(said: str, kind: str | None) -> None:
    assert grade_of(said) == kind


def test_a_teacher_is_found_by_any_part_of_the_name() -> None:
    people = [("1", "Elena Ortiz"), ("2", "Ana Ortiz"), ("3", "Ben Lee")]
    assert named_among("mr lee", people) == [("3", "Ben Lee")]
    assert named_among("elena ortiz", people) == [("1", "Elena Ortiz")]
    assert len(named_among("ms ortiz", people)) == 2
    assert named_among("nobody", people) == []


@pytest.mark.parametrize(
    "action", ["action_change_language", "action_say_simpler"], ids=str
)
async def test_an_answer_that_sounds_like_a_wish_is_the_answer(
    action: str, little: LittleSchool
) -> None:
    loop = FormLoop(little, "onboarding")
    loop.slots["onboarding_language"] = "English"
    loop.asked, loop.heard = "onboarding_supports", []
    message = {"text": "easy words", "intent": {"name": "x"}, "entities": []}
    await loop.run(action, message)
    assert loop.slots["onboarding_picked"] == "plain_words"
    assert "Easy words" in loop.said()
    await loop.say("that's all")
    assert loop.slots["onboarding_supports"] == "Easy words"


async def test_who_told_likings_and_asks_for_jobs_gets_jobs(
    little: LittleSchool,
) -> None:
    loop = FormLoop(little, "onboarding")
    asked = await hear(loop, "action_ask_interest", "what jobs fit me")
    assert "Veterinar" not in asked
    await hear(loop, "action_record_interest", "animals", ("interest", "animals"))
    led = await hear(loop, "action_ask_interest", "what jobs fit that")
    assert "Veterinar" in led
    again = await hear(loop, "action_ask_interest", "can we find what i am into")
    assert "Veterinar" not in again
