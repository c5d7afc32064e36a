"""Words that the catalog lacks, languages, the four parts of a week (A4, P8, C3)."""

from __future__ import annotations

import pytest

from pathways.domain.checkin import area_of
from pathways.domain.interest_scores import in_words, scores_in, strongest
from pathways.domain.language_names import language_named
from pathways.domain.unmet import LONGEST, Kind, unmet_words


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("tell me about being a lion tamer", "lion tamer"),
        ("how much does a lion tamer make", "lion tamer"),
        ("what do lion tamers make in ohio?", "lion tamers"),
        ("i want to be an ice sculptor", "ice sculptor"),
        ("i wanna become a chess grandmaster someday", "chess grandmaster"),
        ("what is it like to be a falconer", "falconer"),
        ("do you need college to be a falconer", "falconer"),
        ("falconer", "falconer"),
        ("whats the salary of a beekeeper", "beekeeper"),
        ("will there be jobs for beekeepers", "beekeepers"),
    ],
)
def test_the_job_that_is_asked_for_is_read_out_of_a_message(
    said: str, words: str
) -> None:
    assert unmet_words(said, Kind.CAREER) == words


@pytest.mark.parametrize(
    "said",
    [
        "tell me about my brother's job",
        "what does my mom do",
        "i want to be like my uncle jamal who drives a truck to texas",
        "how much does it pay",
        "what about that one",
        "i don't know what i want to be when i am older and it stresses me out",
        "😀",
        "",
        "a " * 900,
    ],
)
def test_what_tells_of_a_person_or_names_nothing_is_not_kept(said: str) -> None:
    assert unmet_words(said, Kind.CAREER) == ""


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("how am i doing in underwater welding", "underwater welding"),
        ("how good am i at latin", "latin"),
        ("latin", "latin"),
    ],
)
def test_the_subject_that_is_asked_for_is_read_out_of_a_message(
    said: str, words: str
) -> None:
    assert unmet_words(said, Kind.SUBJECT) == words


def test_no_words_are_longer_than_a_name() -> None:
    long = "tell me about being a " + "x" * (LONGEST + 1)
    assert unmet_words(long, Kind.CAREER) == ""


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("can we do this in spanish", "Spanish"),
        ("en español por favor", "Spanish"),
        ("I don't speak much English, Somali please", "Somali"),
        ("my grandma reads only Chinese", "Chinese"),
        ("back to english please", "English"),
        ("stop speaking spanish, english", "English"),
        ("is there a kreyol version", "Haitian Creole"),
        ("what languages do you speak", None),
        ("", None),
    ],
)
def test_the_language_that_is_wished_for(said: str, language: str | None) -> None:
    assert language_named(said) == language


@pytest.mark.parametrize(
    ("said", "area"),
    [
        ("what I know", "content_knowledge"),
        ("math", "content_knowledge"),
        ("how i think", "cognitive_skills"),
        ("my writing", "cognitive_skills"),
        ("my habits", "habits_of_success"),
        ("sleep mostly", "habits_of_success"),
        ("Real life", "real_life_experiences"),
        ("my job", "real_life_experiences"),
        ("real-life stuff", "real_life_experiences"),
        ("purple", None),
        ("math and my job", None),
        ("", None),
    ],
)
def test_a_week_has_four_parts(said: str, area: str | None) -> None:
    assert area_of(said) == area


@pytest.mark.parametrize(
    "said",
    [
        "my riasec scores are R 20 I 15 A 30 S 12 E 10 C 8",
        "R20 I15 A30 S12 E10 C8",
        "realistic 20, investigative 15, artistic 30, social 12, enterprising 10, "
        "conventional 8",
        "r=20 i=15 a=30 s=12 e=10 c=8",
    ],
)
def test_six_scores_are_read_and_ranked(said: str) -> None:
    scores = scores_in(said)
    assert scores == {"R": 20, "I": 15, "A": 30, "S": 12, "E": 10, "C": 8}
    assert strongest(scores) == ("A", "R", "I")
    assert scores_in(in_words(scores)) == scores


@pytest.mark.parametrize(
    "said",
    [
        "",
        "i 15",
        "R 20 I 15 A 30 S 12 E 10",
        "R 20 R 15 I 1 A 30 S 12 E 10 C 8",
        "R 200 I 15 A 30 S 12 E 10 C 8",
        "I have 2 dogs and a 3 year old sister",
    ],
)
def test_fewer_or_other_scores_are_none(said: str) -> None:
    assert scores_in(said) == {}
