"""Writes the words that the assistant looks for, at each publish (A5, O3)."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pathways.domain.catalog import Catalog, Phrase
from pathways.store.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from pathways.app import Milepost

ORDINALS = {
    7: ("7th", "seventh"),
    8: ("8th", "eighth"),
    9: ("9th", "ninth"),
    10: ("10th", "tenth"),
    11: ("11th", "eleventh"),
    12: ("12th", "twelfth"),
}
YEARS = {
    9: ("freshman", "freshmen", "freshies", "frosh"),
    10: ("sophomore", "sophmore", "soph"),
    11: ("junior", "jr"),
    12: ("senior", "sr"),
}
CARDINALS = {7: "seven", 8: "eight", 9: "nine", 10: "ten", 11: "eleven", 12: "twelve"}
SHORT_NAME = 2
SORTS = {
    "interest": "interest",
    "field": "interest",
    "career": "career",
    "skill": "skill",
}


def _entry(
    entity: str, value: str, code: str, phrases: Iterable[str]
) -> dict[str, Any]:
    unique = dict.fromkeys(one.strip().lower() for one in phrases if one.strip())
    return {"entity": entity, "value": value, "code": code, "phrases": list(unique)}


def gazetteer_of(catalog: Catalog) -> Iterator[dict[str, Any]]:
    """Yield each thing a student may name, with the words that name it."""
    for occupation in catalog.occupations.values():
        yield _entry(
            "career",
            occupation.title,
            occupation.code,
            (occupation.title, occupation.title_es, *occupation.everyday_names),
        )
    for course in catalog.courses.values():
        yield _entry(
            "subject",
            course.title,
            course.code,
            (course.title, course.title_es, *course.everyday_names),
        )
    for competency in catalog.competencies.values():
        yield _entry(
            "skill",
            competency.title,
            competency.code,
            (competency.title, competency.title_es, *competency.everyday_names),
        )
    for place in catalog.opportunities.values():
        yield _entry(
            "organization", place.organization, place.code, (place.organization,)
        )
    subjects = {course.subject for course in catalog.courses.values()}
    for subject in sorted(subjects):
        words = subject.replace("_", " ")
        yield _entry("subject", words, subject, (words,))
    for phrase in catalog.phrases.values():
        yield from _phrase(phrase)
    for grade in ORDINALS:
        yield _entry("grade_level", str(grade), str(grade), grade_words(grade))


def grade_words(grade: int) -> Iterator[str]:
    """Yield the ways students name a grade: "10th graders", "in 10th", "soph year"."""
    digits, spelled = ORDINALS[grade]
    for ordinal in (digits, spelled):
        yield from (f"{ordinal} {noun}" for noun in ("grade", "grader", "graders"))
        yield from (f"{word} {ordinal}" for word in ("in", "for", "as a", "starting"))
    yield f"{digits} gr"
    yield from (f"{noun} {grade}" for noun in ("grade", "gr"))
    yield f"grade {CARDINALS[grade]}"
    for name in YEARS.get(grade, ()):
        yield from (f"{name} year", f"{name} yr")
        if len(name) > SHORT_NAME:
            yield from (name, f"{name}s")


def _phrase(phrase: Phrase) -> Iterator[dict[str, Any]]:
    code = (
        phrase.occupations[0] if phrase.sort == "career" and phrase.occupations else ""
    )
    yield _entry(SORTS[phrase.sort], phrase.code, code or phrase.code, (phrase.code,))


def write_gazetteer(milepost: Milepost, work: UnitOfWork) -> Path:
    """Write the words of every school's newest catalog; Rasa picks them up."""
    entries: list[dict[str, Any]] = []
    for school in work.people.schools():
        entries += gazetteer_of(milepost.catalogs.current(work, school.id))
    path = milepost.settings.gazetteer_path
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=path.parent, delete=False
    ) as file:
        json.dump({"entries": entries}, file, ensure_ascii=False)
    os.replace(file.name, path)
    return path
