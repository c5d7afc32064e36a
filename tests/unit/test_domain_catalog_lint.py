from datetime import date
from typing import Any

import pytest

from pathways.domain.catalog import KINDS, Catalog, Entry, catalog_of
from pathways.domain.catalog_lint import Check, Finding, Wish, lint, unserved
from pathways.domain.four_years import unfinished

TODAY = date(2026, 11, 21)
RULES = {"ohio.one"}
NEEDED: dict[str, dict[str, Any]] = {
    "course": {
        "sced_code": "03051",
        "subject": "science",
        "credits": 1,
        "level": "core",
        "terms": "year",
    },
    "occupation": {"cluster": "health", "description": "x"},
    "program": {"cluster": "health"},
    "competency": {
        "statement": "I can",
        "subject": "science",
        "category": "cognitive_skills",
    },
    "opportunity": {"kind": "service", "organization": "Shelter"},
    "credit_option": {"way": "job", "course": "A", "credits": 1},
    "phrase": {"kind": "interest"},
    "credential": {"organization": "Board"},
    "seal": {"defined_by": "state"},
}


def entry(kind: str, code: str, /, **more: Any) -> Entry:
    given = {"code": code, "title": code, **NEEDED.get(kind, {}), **more}
    return KINDS[kind].model_validate(given)


def catalog(*entries: Entry) -> Catalog:
    return catalog_of(1, [entry("cluster", "health"), *entries])


def found(*entries: Entry) -> list[tuple[str, str]]:
    return [
        (one.check.value, one.code) for one in lint(catalog(*entries), TODAY, RULES)
    ]


@pytest.mark.parametrize(
    ("entries", "check"),
    [
        ([entry("course", "A", prerequisites="B")], ("broken", "A")),
        (
            [
                entry("course", "A", prerequisites="B"),
                entry("course", "B", prerequisites="A"),
            ],
            ("circle", "A"),
        ),
        (
            [
                entry("course", "A", grades="12"),
                entry("course", "B", prerequisites="A"),
                entry("program", "P", courses="A; B"),
            ],
            ("unfinished", "P"),
        ),
        (
            [
                entry("course", "A", status="retired"),
                entry("program", "P", courses="A"),
            ],
            ("retired", "P"),
        ),
        ([entry("course", "A"), entry("credit_option", "O")], ("no_policy", "O")),
        ([entry("seal", "S", policy_rule="ohio.two")], ("no_policy", "S")),
        ([entry("opportunity", "O", ends="2026-11-20")], ("past", "O")),
        (
            [entry("opportunity", "O", starts="2027-01-01", apply_by="2026-11-01")],
            ("past", "O"),
        ),
        ([entry("opportunity", "O")], ("undated", "O")),
        ([entry("course", "A", review_by="2026-11-21")], ("stale", "A")),
        ([entry("occupation", "29-1141", pay_as_of="2023-05")], ("stale", "29-1141")),
        ([entry("competency", "C")], ("untaught", "C")),
        (
            [
                entry("occupation", "29-1141", everyday_names="Nurse!"),
                entry("occupation", "29-1171", everyday_names="nurse"),
            ],
            ("collides", "29-1171"),
        ),
        (
            [
                entry("occupation", "29-1141", everyday_names="nurse"),
                entry("occupation", "39-2021"),
                entry("phrase", "nurse", occupations="39-2021"),
            ],
            ("collides", "nurse"),
        ),
        (
            [entry("credential", "C"), entry("program", "P", credentials="Other card")],
            ("no_credential", "P"),
        ),
    ],
)
def test_each_thing_is_found_once_where_it_is(
    entries: list[Entry], check: tuple[str, str]
) -> None:
    assert found(*entries).count(check) == 1


def test_what_is_in_order_is_not_found() -> None:
    entries = [
        entry("competency", "C"),
        entry("course", "A", competencies_taught="C", review_by="2026-11-22"),
        entry("program", "P", courses="A", credentials="K"),
        entry("credential", "K"),
        entry("credit_option", "O", policy_rule="ohio.one"),
        entry("opportunity", "S", starts="2026-11-21"),
        entry("occupation", "29-1141", pay_as_of="2025-05", everyday_names="nurse"),
        entry("phrase", "nurse", occupations="29-1141"),
    ]
    assert found(*entries) == []


def test_the_most_urgent_comes_first() -> None:
    entries = [entry("opportunity", "O"), entry("course", "A", prerequisites="B")]
    assert [check for check, _ in found(*entries)] == ["broken", "undated"]


@pytest.mark.parametrize(
    ("courses", "late"),
    [
        ([("A", "", "9; 10", "year"), ("B", "A", "10", "year")], ()),
        ([("A", "", "12", "year"), ("B", "A", "", "year")], ("B",)),
        ([("A", "", "12", "fall"), ("B", "A", "", "spring")], ()),
        ([("A", "", "12", "spring"), ("B", "A", "", "fall")], ("B",)),
        ([("A", "B", "", "year"), ("B", "A", "", "year")], ("A", "B")),
        ([("A", "X | Y", "", "year"), ("X", "", "12", "year"), ("Y", "", "9", "")], ()),
        ([(f"C{n}", f"C{n - 1}" if n else "", "", "year") for n in range(5)], ("C4",)),
        ([("A", "MISSING", "", "year")], ("A",)),
        ([("A", "", "7; 8", "year")], ("A",)),
    ],
)
def test_a_pathway_is_walked_through_grades_and_terms(
    courses: list[tuple[str, str, str, str]], late: tuple[str, ...]
) -> None:
    made = {
        code: entry("course", code, prerequisites=rule, grades=grades, terms=terms)
        for code, rule, grades, terms in courses
    }
    names = "; ".join(made)
    program: Any = entry("program", "P", courses=names)
    known: Any = made
    assert unfinished(program, known) == late


def test_wishes_that_nothing_serves_are_named_with_how_many_wish_it() -> None:
    made = catalog(
        entry("occupation", "29-1131"),
        entry("occupation", "53-2012"),
        entry("program", "P", occupations="29-1131"),
    )
    leads = {"vet": ["29-1131"], "pilot": ["53-2012"]}
    wishes = [Wish("vet", 9), Wish("pilot", 3), Wish("falconry", 4)]

    named = unserved(made, wishes, lambda words: leads.get(words, []))

    assert named == [
        Finding(
            Check.UNSERVED,
            "phrase",
            "",
            "falconry",
            "4 students; the catalog does not know these words",
        ),
        Finding(
            Check.UNSERVED,
            "phrase",
            "",
            "pilot",
            "3 students; no pathway or opportunity leads there",
        ),
    ]


def test_a_kind_of_place_that_was_asked_for_is_served_by_that_kind_alone() -> None:
    made = catalog(
        entry("occupation", "29-1131"),
        entry("program", "P", occupations="29-1131"),
        entry("opportunity", "O", kind="job_shadow", occupations="29-1131"),
    )
    wishes = [Wish("vet", 5, "internship"), Wish("vet", 4, "job_shadow")]

    [named] = unserved(made, wishes, lambda words: ["29-1131"])

    assert (named.title, named.detail) == (
        "vet",
        "5 students; no internship leads there",
    )
