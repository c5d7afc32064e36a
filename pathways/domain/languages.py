"""Which language a course teaches: skill in one says nothing of another.

Language competencies such as "understanding another language" are shared by all
language courses. So a result in them speaks for the languages of the courses that the
record holds, and leaves a language that was never begun open.
"""

from __future__ import annotations

from functools import lru_cache

from pathways.domain.catalog import Catalog, Course

WORLD_LANGUAGES = frozenset({"06", "24"})
"""SCED subject areas of world languages: before version 8, and since (NCES)."""
AREA, SERIES = 2, 4
SUBJECT = "world_language"


def language_of(course: Course | None) -> str:
    """Return the SCED series of a language course, empty for every other course.

    24052 to 24055 are Spanish I to IV, 24102 and 24103 French I and II.
    """
    if course is None or course.sced_code[:AREA] not in WORLD_LANGUAGES:
        return ""
    return course.sced_code[:SERIES]


@lru_cache(maxsize=16)
def language_skills(catalog: Catalog) -> frozenset[str]:
    """Return the competencies that are shared by all languages."""
    return frozenset(
        code for code, one in catalog.competencies.items() if one.subject == SUBJECT
    )


def spoken_in(
    course: Course | None, competencies: tuple[str, ...], catalog: Catalog
) -> str:
    """Return a course's language where competencies are language skills, else ""."""
    language = language_of(course)
    if language and language_skills(catalog).isdisjoint(competencies):
        return ""
    return language
