"""Students' own words reach a sensible career first (O3)."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from content.assistant import ROOT

from pathways.demo.generate import STARTER
from pathways.domain.catalog import catalog_of
from pathways.domain.lexicon import Lexicon
from pathways.formats.catalog_csv import read_folder

WORDS = ROOT / "tests" / "content" / "field_words.yml"
MORE = ROOT / "tests" / "content" / "field_words_more.yml"
UNSEEN = ROOT / "tests" / "content" / "field_words_unseen.yml"
FRESH = ROOT / "tests" / "content" / "field_words_fresh.yml"
ENOUGH, ENOUGH_UNSEEN = 0.85, 0.75


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon(catalog_of(1, [one.entry for one in read_folder(STARTER).placed]))


def missed(lexicon: Lexicon, file: str) -> tuple[float, dict[str, str]]:
    """Return the share of words that go wrong, and where those went."""
    wanted = yaml.safe_load(file)
    wrong = {}
    for words, codes in wanted.items():
        found = lexicon.occupation(str(words))
        if found is None or not found.code.startswith(tuple(str(codes).split())):
            wrong[str(words)] = found.title if found else "nothing"
    return len(wrong) / len(wanted), wrong


@pytest.mark.parametrize("file", [WORDS, MORE], ids=lambda file: file.stem)
def test_the_words_of_the_lists_reach_a_sensible_career(
    lexicon: Lexicon, file: Path
) -> None:
    share, wrong = missed(lexicon, file.read_text(encoding="utf-8"))
    assert 1 - share >= ENOUGH, wrong


def test_words_that_nobody_tuned_for_reach_a_sensible_career(
    lexicon: Lexicon,
) -> None:
    share, wrong = missed(lexicon, UNSEEN.read_text(encoding="utf-8"))
    assert 1 - share >= ENOUGH_UNSEEN, wrong


def test_common_words_that_the_lexicon_was_not_written_for_reach_one_too(
    lexicon: Lexicon,
) -> None:
    share, wrong = missed(lexicon, FRESH.read_text(encoding="utf-8"))
    assert 1 - share >= ENOUGH, wrong


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("vet", "29-1131"),
        ("coder", "15-125"),
        ("YouTuber", "27-4032"),
        ("sports medicine", "29-9091"),
        ("pre-med", "29-121"),
        ("welding", "51-4121"),
        ("do hair", "39-5012"),
    ],
)
def test_the_words_that_the_issue_names_reach_their_career_first(
    lexicon: Lexicon, words: str, code: str
) -> None:
    found = lexicon.occupation(words)
    assert found is not None
    assert found.code.startswith(code)


def test_each_list_is_as_long_as_it_says() -> None:
    assert len(yaml.safe_load(WORDS.read_text(encoding="utf-8"))) >= 200
    assert len(yaml.safe_load(UNSEEN.read_text(encoding="utf-8"))) >= 70
    assert len(yaml.safe_load(FRESH.read_text(encoding="utf-8"))) >= 120


@pytest.mark.parametrize(
    "words",
    ["", "idk", "my mom", "after school", "the best job", "being rich"],
)
def test_words_that_name_no_field_lead_nowhere(lexicon: Lexicon, words: str) -> None:
    assert lexicon.occupation(words) is None
    assert not lexicon.leads(words).known


def test_what_a_long_sentence_names_is_not_taken_for_its_subject(
    lexicon: Lexicon,
) -> None:
    said = "my uncle drives trucks and my cousin paints cars but nothing fits me"
    assert lexicon.occupation(said) is None
