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

GRADES = {
    7: ("7th grade", "seventh grade", "grade 7", "grade seven"),
    8: ("8th grade", "eighth grade", "grade 8", "grade eight"),
    9: ("9th grade", "ninth grade", "grade 9", "freshman", "freshman year", "frosh"),
    10: (
        "10th grade",
        "tenth grade",
        "grade 10",
        "sophomore",
        "sophomore year",
        "soph year",
    ),
    11: ("11th grade", "eleventh grade", "grade 11", "junior year", "as a junior"),
    12: ("12th grade", "twelfth grade", "grade 12", "senior year", "as a senior"),
}
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
            (occupation.title, *occupation.everyday_names),
        )
    for course in catalog.courses.values():
        yield _entry(
            "subject", course.title, course.code, (course.title, *course.everyday_names)
        )
    for competency in catalog.competencies.values():
        yield _entry(
            "skill",
            competency.title,
            competency.code,
            (competency.title, *competency.everyday_names),
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
    for grade, words_for in GRADES.items():
        yield _entry("grade_level", str(grade), str(grade), words_for)


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
