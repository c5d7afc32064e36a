"""CASE packages 1.0 and 1.1, and what is refused (A4)."""

from pathlib import Path

import pytest
from published_files import case_package, write_case

from pathways.formats.case import case_facts
from pathways.formats.facts import Fact, Tally
from pathways.formats.problems import FormatError

FIRST, SECOND, THIRD = (f"00000000-0000-4000-8000-{n:012}" for n in range(3))


def read(path: Path) -> tuple[dict[str, Fact], Tally]:
    tally = Tally()
    return {fact.code: fact for fact in case_facts(path, tally)}, tally


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_competencies_come_with_parents_and_scale(tmp_path: Path, version: str) -> None:
    facts, tally = read(write_case(tmp_path, case_package(version)))

    assert tally.notes == [
        f"Riverbend science (CASE {version}): 3 competencies, 2 with a parent."
    ]
    assert facts[FIRST].data["has_children"]
    assert facts[FIRST].data["parents"] == []
    assert facts[THIRD].data["parents"] == [FIRST]
    assert facts[THIRD].data["subject"] == "Science"
    assert [(one["score"], one["quality"]) for one in facts[THIRD].data["scale"]] == [
        (1.5, "Beginning"),
        (3.0, "Proficient"),
    ]
    assert facts[SECOND].data["catalog_code"] == "RB.1"


def test_old_exports_with_texts_for_objects_read_the_same(tmp_path: Path) -> None:
    package = case_package("1.0")
    for link in package["CFAssociations"]:
        for end in ("originNodeURI", "destinationNodeURI"):
            link[end] = link[end]["uri"]
    for item in package["CFItems"]:
        item["educationalLevel"] = ",".join(item.pop("educationLevel"))

    facts, _ = read(write_case(tmp_path, package))

    assert facts[SECOND].data["parents"] == [FIRST]
    assert facts[SECOND].data["education_levels"] == ["09", "10"]


def test_two_items_with_one_coding_scheme_keep_codes_of_their_own(
    tmp_path: Path,
) -> None:
    package = case_package()
    package["CFItems"][2]["humanCodingScheme"] = "RB.1"

    facts, _ = read(write_case(tmp_path, package))

    assert facts[SECOND].data["catalog_code"] == "RB.1"
    assert facts[THIRD].data["catalog_code"] == THIRD


def test_items_that_can_not_be_used_are_rejected_with_their_number(
    tmp_path: Path,
) -> None:
    package = case_package()
    package["CFItems"][0]["fullStatement"] = " "
    package["CFItems"][1]["identifier"] = None
    package["CFItems"].append(package["CFItems"][2])

    _, tally = read(write_case(tmp_path, package))

    assert [(one.line, one.column) for one in tally.rejected] == [
        (1, "fullStatement"),
        (2, "identifier"),
        (4, "identifier"),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[]", "no CASE package"),
        ('{"CFDocument": 7}', "must hold objects"),
        (
            '{"CFDocument": {"identifier": "a", "title": "b", "caseVersion": "2.0"}}',
            "2.0",
        ),
        ("{", "not whole JSON"),
        ("", "not whole JSON"),
        ("PK\x03\x04", "not whole JSON"),
    ],
)
def test_what_is_no_package_is_refused(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text)
    with pytest.raises(FormatError, match=words):
        read(path)


def test_a_package_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    path = write_case(tmp_path, case_package(items=50))
    path.write_bytes(path.read_bytes()[:-400])
    with pytest.raises(FormatError, match="Download it again"):
        read(path)


def test_a_csv_names_parents_by_coding_scheme(tmp_path: Path) -> None:
    path = tmp_path / "ours.csv"
    path.write_text(
        "Identifier,fullStatement,Human Coding Scheme,Is Child Of\n"
        "Math,Everything about math,M,\nMath.F,Fractions,M.F,M\n"
    )

    facts, _ = read(path)

    assert facts["Math.F"].data["parents"] == ["Math"]
    assert facts["Math.F"].area == "ours"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"[" * 100_000, "nested too deeply"),
        (b'{"CFItems": [' + b"9" * 5000 + b"]}", "more than 1,000 digits"),
        (b'{"CFDocument": "' + b"[{" * 100 + b'9"}', "must hold objects"),
        (b'{"CFDocument": "' + b'\\"' * 100, "not whole JSON"),
        (b"", "not whole JSON"),
    ],
)
def test_json_that_would_harm_a_reader_is_refused(
    tmp_path: Path, text: bytes, said: str
) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(text)

    with pytest.raises(FormatError, match=said):
        list(case_facts(path, Tally()))
