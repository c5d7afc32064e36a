import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.demo.generate import STARTER
from pathways.domain.catalog import Catalog, Phrase, catalog_of
from pathways.domain.lexicon import Lexicon, bare, fold, lexicon_of
from pathways.formats.catalog_csv import read_folder


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return catalog_of(1, [one.entry for one in read_folder(STARTER).placed])


@pytest.fixture(scope="module")
def lexicon(catalog: Catalog) -> Lexicon:
    return lexicon_of(catalog)


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("vet", "Veterinarian"),
        ("a vet", "Veterinarian"),
        ("to be a vet", "Veterinarian"),
        ("becoming a nurse", "Registered nurse"),
        ("coder", "Software developer"),
        ("YouTuber", "Video editor"),
        ("welding", "Welder"),
        ("do hair", "Hairstylist or cosmetologist"),
        ("doing hair", "Hairstylist or cosmetologist"),
        ("pre-med", "Family doctor"),
        ("Pre Med", "Family doctor"),
        ("sports medicine", "Athletic trainer"),
        ("Sports  Medicine!", "Athletic trainer"),
        ("29-1141", "Registered nurse"),
    ],
)
def test_students_own_words_lead_to_a_career(
    words: str, title: str, lexicon: Lexicon
) -> None:
    found = lexicon.occupation(words)
    assert found is not None
    assert found.title == title
    assert lexicon.leads(words).known


@pytest.mark.parametrize("words", ["", "a", "the", "qwxz", "?!", "to be a"])
def test_words_that_name_nothing_lead_nowhere(words: str, lexicon: Lexicon) -> None:
    assert lexicon.occupation(words) is None
    assert not lexicon.leads(words).known


def test_every_name_of_an_occupation_leads_to_an_occupation(
    catalog: Catalog, lexicon: Lexicon
) -> None:
    for one in catalog.occupations.values():
        for name in (one.code, one.title, *one.everyday_names):
            assert lexicon.occupation(name) is not None, name


def test_every_career_phrase_of_the_catalog_leads_where_it_says(
    catalog: Catalog, lexicon: Lexicon
) -> None:
    for phrase in catalog.phrases.values():
        leads = lexicon.leads(phrase.code)
        assert leads.clusters == phrase.clusters
        assert leads.occupations == phrase.occupations


def test_a_phrase_that_is_written_out_comes_before_a_form_of_another() -> None:
    made = [
        Phrase(code=code, title=code, kind="interest", clusters=[cluster])
        for code, cluster in (("making art", "arts"), ("make art", "crafts"))
    ]
    lexicon = Lexicon(catalog_of(1, made))
    assert lexicon.leads("make art").clusters == ("crafts",)
    assert lexicon.leads("making art").clusters == ("arts",)


@pytest.mark.parametrize(
    ("words", "plain"),
    [("to be a vet", "vet"), ("The Nurse!", "nurse"), ("a", "a"), ("an EMT", "emt")],
)
def test_bare_words_lose_what_stands_before_a_noun(words: str, plain: str) -> None:
    assert bare(words) == plain


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(words: str) -> None:
    assert fold(fold(words)) == fold(words)
    assert fold(bare(words)) == bare(words)
