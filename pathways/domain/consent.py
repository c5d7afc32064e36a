"""Whose words may be kept: the age gate and what families said (trust P7).

Under 13 the law asks for a parent's consent, which a school may give in their place
for its own use (16 CFR 312.2, 312.5; as of 2026-11). A "no" counts at any age.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pathways.domain.days import age_on

OLD_ENOUGH = 13
ADULT = 18
SURELY_OLD_ENOUGH_GRADE = 9


class Consent(StrEnum):
    """What is on record for a student; nothing at first."""

    NONE = ""
    GIVEN = "given"
    WITHDRAWN = "withdrawn"


class GivenBy(StrEnum):
    """Who said so. No name is kept: the paper stays with the school."""

    FAMILY = "family"
    SCHOOL = "school"


class Gate(StrEnum):
    """Whether a student's words may be kept, and why not."""

    OPEN = ""
    NEEDED = "needed"
    WITHDRAWN = "withdrawn"
    OWN = "own"


def under_age(born: date | None, grade: int | None, today: date) -> bool:
    """Tell whether a student is, or may be, under 13.

    Without a birth date students below grade 9 count as under 13.
    """
    age = age_on(born, today)
    if age is not None:
        return age < OLD_ENOUGH
    return grade is None or grade < SURELY_OLD_ENOUGH_GRADE


def gate_of(state: str, needed: bool, off: bool = False) -> Gate:
    """Return whether words may be kept.

    Args:
        state: what is on record.
        needed: whether a "yes" must be on record, for the age or the school's rule.
        off: whether the student turned coaching off for themselves.
    """
    if state == Consent.WITHDRAWN:
        return Gate.WITHDRAWN
    if needed and state != Consent.GIVEN:
        return Gate.NEEDED
    return Gate.OWN if off else Gate.OPEN


def family_may_withdraw(born: date | None, today: date) -> bool:
    """Tell whether it is still the family's to say; from 18 on it is the student's.

    Source: 34 CFR 99.5, rights move to the student at 18.
    """
    age = age_on(born, today)
    return age is None or age < ADULT
