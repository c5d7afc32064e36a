"""What a student in danger reads: complete, short, plain, and without harm."""

import datetime as dt
import re

import pytest
from reading import flesch_kincaid, inflesz, sentences

from pathways.safety import Reply, Seen, reply, soft_line
from pathways.safety.files import load
from pathways.safety.resources import outdated, resources

ADULT = "Ms. Rivera"
WORDS = load("replies.yml")
LANGUAGES = ("en", "es")
CATEGORIES = tuple(WORDS["en"]["opening"])
EVERY = [
    (language, category, seen)
    for language in LANGUAGES
    for category in CATEGORIES
    for seen in Seen
]
MUST_SAY = {
    "en": (
        "Call or text 988",
        "text HOME to 741741",
        "Call 911",
        ADULT,
        "I'm a computer",
        "What would you like to do next?",
    ),
    "es": (
        "Llama al 988 y oprime 2",
        "AYUDA al 988",
        "HOME al 741741",
        "911",
        ADULT,
        "Soy una computadora",
        "¿Qué quieres hacer ahora?",
    ),
}
NEVER = re.compile(
    r"press 3|oprime 3|secret|just\b|should have|your fault|why did you|"
    r"\bsmart\b|gifted|talented|depress|disorder|diagnos|suicid|overdose|pills?\b|"
    r"knife|gun\b|cut\b|rope|promise|no one will know|police|trastorno|pastilla|"
    r"promet|culpa|debiste|polic[ií]a|!",
    re.IGNORECASE,
)


TOLD = {"en": "is told that you may need help", "es": "sabrá que quizá necesitas ayuda"}
REACHED = (Seen.NOW, Seen.AFTER_HOURS, Seen.UNKNOWN)
OPENS = {
    "en": "Wednesday, November 25, 8:00 AM",
    "es": "miércoles 25 de noviembre a las 8:00",
}


def red(language: str, category: str, seen: Seen) -> Reply:
    return reply(category, language, ADULT, seen, OPENS[language])


@pytest.mark.parametrize(("language", "category", "seen"), EVERY)
def test_a_red_reply_says_everything_it_must(
    language: str, category: str, seen: Seen
) -> None:
    text = red(language, category, seen).text
    said = [part for part in MUST_SAY[language] if part != ADULT or seen != Seen.NOBODY]
    assert [part for part in said if part not in text] == []


@pytest.mark.parametrize(("language", "category", "seen"), EVERY)
def test_a_red_reply_is_short_and_plain(
    language: str, category: str, seen: Seen
) -> None:
    text = red(language, category, seen).text
    assert len(text.split()) <= 90
    assert max(len(words) for words in sentences(text)) <= 20
    if language == "en":
        assert flesch_kincaid(text) <= 6
    else:
        assert inflesz(text) >= 65


@pytest.mark.parametrize(("language", "category", "seen"), EVERY)
def test_no_reply_names_a_method_blames_or_promises(
    language: str, category: str, seen: Seen
) -> None:
    answer = red(language, category, seen)
    shown = [answer.text, *answer.buttons, soft_line(category, language, ADULT)]
    assert [NEVER.findall(text) for text in shown if NEVER.search(text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("category", WORDS["with_abuse_lines"])
def test_abuse_routes_add_the_child_abuse_lines(language: str, category: str) -> None:
    text = red(language, category, Seen.NOW).text
    assert "1-800-422-4453" in text
    assert "855-642-4453" in text


@pytest.mark.parametrize(("language", "category", "seen"), EVERY)
def test_a_red_reply_is_honest_about_who_is_told(
    language: str, category: str, seen: Seen
) -> None:
    text = red(language, category, seen).text
    assert (TOLD[language] in text) == (seen in REACHED)
    assert (OPENS[language] in text) == (seen is Seen.AFTER_HOURS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_buttons_offer_a_choice_with_the_adult_and_the_line(language: str) -> None:
    buttons = red(language, "self_harm", Seen.NOW).buttons
    assert len(buttons) == 3
    assert any(ADULT in title for title in buttons)
    assert any("988" in title for title in buttons)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("category", [*CATEGORIES, "none"])
def test_a_soft_line_is_two_sentences_with_a_person_and_a_resource(
    language: str, category: str
) -> None:
    text = soft_line(category, language, ADULT)
    assert 1 <= len(sentences(text)) <= 2
    assert ADULT in text
    assert re.search("988|741741", text)


def test_both_languages_have_the_same_routes_and_unknowns_still_get_help() -> None:
    assert set(WORDS["en"]["opening"]) == set(WORDS["es"]["opening"])
    assert set(WORDS["en"]["soft"]) == set(WORDS["es"]["soft"])
    assert reply("unheard_of", "fr", ADULT) == reply("self_harm", "en", ADULT)


def test_numbers_stand_only_in_the_reviewed_file() -> None:
    assert not re.search(r"\d", str(WORDS))


def test_every_resource_has_a_source_and_a_mark() -> None:
    for resource in resources():
        assert resource.source
        assert resource.checked in ("page", "known")


def test_no_text_sends_anyone_to_the_ended_line() -> None:
    told = str(WORDS) + str(load("resources.yml"))
    assert not re.search(r"press 3|oprime 3", told, re.IGNORECASE)
    assert not re.search(r"press 3|oprime 3", red("es", "self_harm", Seen.NOW).text)


def test_a_review_runs_out_after_180_days() -> None:
    newest = max(resource.reviewed for resource in resources())
    oldest = min(resource.reviewed for resource in resources())
    assert outdated(newest) == ()
    assert outdated(oldest + dt.timedelta(days=180)) == ()
    assert outdated(oldest + dt.timedelta(days=181)) != ()
    assert outdated(oldest - dt.timedelta(days=1)) != ()


def test_the_numbers_are_reviewed_as_of_today() -> None:
    assert outdated(dt.datetime.now(dt.UTC).date()) == ()
