"""What the school's record says about credit, for the rules to judge by."""

from __future__ import annotations

from dataclasses import dataclass

AREA = 2


@dataclass(frozen=True)
class CreditFacts:
    """Numbers of the school's own record; nothing here is computed behind its back.

    Attributes:
        gpa: as the school noted it, None where it did not.
        college_ready: whether a remediation-free score is noted.
        marks: (SCED subject area, best letter mark) of completed courses.
        school_units: credits under way that are earned only in high school.
        college_units: credits under way in college courses.
        college_courses: college courses under way.
        college_gpa: in college courses, as noted, None where it was not.
        college_lost: college courses of the last term that ended without credit.
        flex_year: credits outside class approved in this school year.
        flex_total: credits outside class approved at all.
    """

    gpa: float | None = None
    college_ready: bool = False
    marks: tuple[tuple[str, str], ...] = ()
    school_units: float = 0.0
    college_units: float = 0.0
    college_courses: int = 0
    college_gpa: float | None = None
    college_lost: int = 0
    flex_year: float = 0.0
    flex_total: float = 0.0

    def best_mark(self, sced_code: str) -> str | None:
        """Return the best letter mark in a course's SCED subject area.

        For College Credit Plus a related course is one of the same area.
        """
        return dict(self.marks).get(sced_code[:AREA])


NOTHING_NOTED = CreditFacts()
