"""What a school may switch on for some students first, and for whom it is on (A11)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

GRADES = range(6, 13)


class Feature(StrEnum):
    """A part of Milepost that a school can begin with later.

    The coach itself, help in danger and a student's own data are none of them: they
    are never switched off.
    """

    CREDIT_PLANS = "credit_plans"
    HOURS = "hours"
    GRADUATION = "graduation"
    CAREERS = "careers"
    REFLECTIONS = "reflections"
    DICTATION = "dictation"


# What a school has to switch on itself; everything else is on until it says otherwise.
OFF_AT_FIRST = frozenset({Feature.DICTATION})


@dataclass(frozen=True)
class Switch:
    """For whom a feature is on.

    Attributes:
        everyone: on for every student of the school.
        grades: otherwise, on for these grades.
        groups: and for the students of these advisors, by their ids.
    """

    everyone: bool = True
    grades: tuple[int, ...] = ()
    groups: tuple[str, ...] = ()

    def is_on(self, grade: int | None, advisors: Collection[str]) -> bool:
        """Tell whether it is on for a student.

        Args:
            grade: the student's; None where the school has not said.
            advisors: ids of the adults who look after the student.
        """
        if self.everyone or grade in self.grades:
            return True
        return not {*self.groups}.isdisjoint(advisors)
