from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from pathways.demo.generate import STARTER
from pathways.domain.catalog import (
    KINDS,
    Course,
    Entry,
    Occupation,
    Opportunity,
    catalog_of,
)
from pathways.domain.cells import (
    MaybeDate,
    MaybeFlag,
    MaybeFloat,
    MaybeInt,
    Numbers,
    Words,
    show,
)
from pathways.domain.references import broken_references
from pathways.formats.catalog_csv import read_folder
from pathways.services.catalog import cells_of, read_cells

ENTRIES = [one.entry for one in read_folder(STARTER).placed]
WORD = st.from_regex(r"[\w'-][\w' -]{0,10}[\w'-]", fullmatch=True)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (MaybeInt, st.none() | st.integers(-(10**9), 10**9)),
        (MaybeFlag, st.none() | st.booleans()),
        (MaybeDate, st.none() | st.dates(date(1990, 1, 1))),
        (Numbers, st.lists(st.integers(0, 99)).map(tuple)),
        (Words, st.lists(WORD.map(str.strip).filter(bool)).map(tuple)),
        (MaybeFloat, st.none() | st.integers(0, 10**5).map(lambda n: n / 4)),
    ],
)
def test_what_a_cell_shows_reads_back_the_same(kind: Any, values: Any) -> None:
    adapter = TypeAdapter(kind)

    @given(values)
    def back_and_forth(value: Any) -> None:
        assert adapter.validate_python(show(value)) == value

    back_and_forth()


@pytest.mark.parametrize("text", ["maybe", "x", "2"])
def test_a_flag_says_what_to_write(text: str) -> None:
    with pytest.raises(ValidationError, match="write yes or no"):
        TypeAdapter(MaybeFlag).validate_python(text)


def test_an_empty_cell_is_unknown_and_neither_zero_nor_no() -> None:
    assert TypeAdapter(MaybeInt).validate_python("  ") is None
    assert TypeAdapter(MaybeFlag).validate_python("") is None


@pytest.mark.parametrize("kind", KINDS)
def test_every_starter_entry_survives_the_form_and_the_file(kind: str) -> None:
    entries: list[Entry] = [one for one in ENTRIES if one.kind == kind]
    assert entries
    for entry in entries:
        assert read_cells(kind, cells_of(entry)) == entry
        stored = entry.model_dump(mode="json", by_alias=True)
        assert KINDS[kind].model_validate(stored) == entry


def test_the_starter_catalog_names_nothing_that_is_missing() -> None:
    assert list(broken_references(catalog_of(1, ENTRIES))) == []


def course(**more: Any) -> Course:
    given = {
        "code": "BIO",
        "title": "Biology",
        "sced_code": "03051",
        "subject": "science",
        "credits": 1,
        "level": "core",
        **more,
    }
    return Course.model_validate(given)


def test_a_reference_to_nothing_is_named_with_its_column() -> None:
    wrong = course(prerequisites="ALG9", clusters="space")
    found = list(broken_references(catalog_of(1, [wrong])))
    assert {(one.column, one.value) for one in found} == {
        ("prerequisites", "ALG9"),
        ("clusters", "space"),
    }
    assert found[0].reason.startswith("there is no ")


@pytest.mark.parametrize(
    "more",
    [
        {"credits": -1},
        {"credits": 6},
        {"sced_code": "3051"},
        {"level": "hard"},
        {"prerequisites": "A &"},
        {"code": "a<b"},
        {"title": " "},
        {"surprise": "x"},
    ],
)
def test_what_can_not_be_used_is_refused(more: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        course(**more)


def test_an_occupation_needs_a_soc_code() -> None:
    with pytest.raises(ValidationError, match="SOC code"):
        Occupation.model_validate(
            {"code": "2911", "title": "Nurse", "cluster": "health", "description": "x"}
        )


def test_an_entry_never_changes() -> None:
    entry = next(one for one in ENTRIES if isinstance(one, Opportunity))
    with pytest.raises(ValidationError, match="frozen"):
        entry.title = "Other"  # type: ignore[misc]
