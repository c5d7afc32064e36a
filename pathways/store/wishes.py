"""What students wish for: how they learn here, and what the catalog lacks."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from pathways.store.repository import Repository, of_student
from pathways.store.wish_models import Preference, UnmetWord

# Built once: what a turn asks of one student.
PREFERENCE = of_student(Preference).limit(1)


class WishRepository(Repository):
    """Reads and writes students' wishes."""

    def preference(self, school_id: str, student_id: str) -> Preference | None:
        """Return what a student chose, None before the first choice."""
        return self.first(PREFERENCE, school_id=school_id, student_id=student_id)

    def unmet(self, school_id: str) -> Sequence[UnmetWord]:
        """Return every word of a school's students that nothing was found for."""
        return self.all(select(UnmetWord).where(UnmetWord.school_id == school_id))

    def unmet_of(self, school_id: str, student_id: str) -> Sequence[UnmetWord]:
        """Return a student's own words that nothing was found for, newest first."""
        return self.all(
            select(UnmetWord)
            .where(UnmetWord.school_id == school_id, UnmetWord.student_id == student_id)
            .order_by(UnmetWord.said_at.desc())
        )
