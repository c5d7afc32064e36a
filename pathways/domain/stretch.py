"""The stretch: one option beyond where a student is now, with its support (O12)."""

from __future__ import annotations

from pathways.domain.catalog import Course, CreditOption, Entry, Opportunity
from pathways.domain.mastery import Level, Mastery
from pathways.domain.options import Reason
from pathways.domain.scores import HIGH_LEVELS
from pathways.domain.shelves import LONG_HOURS
from pathways.domain.standing import Standing

DEMANDING_SORTS = ("apprenticeship", "competition")
OWN_WAYS = ("test_out", "independent_study")


def is_stretch(entry: Entry, standing: Standing) -> bool:
    """A stretch: a higher level, a long or demanding place, a competency on its way.

    A high level is one only where something carries it: before anything is shown,
    nobody knows what is a stretch.
    """
    if isinstance(entry, Course):
        high = entry.level in HIGH_LEVELS and standing.has_shown
        return high or _growing(entry, standing) is not None
    if isinstance(entry, Opportunity):
        long = (entry.hours_total or 0) >= LONG_HOURS
        return long or entry.sort in DEMANDING_SORTS
    return isinstance(entry, CreditOption) and entry.way in OWN_WAYS


def _growing(course: Course, standing: Standing) -> Mastery | None:
    """Return the weakest needed competency that is not proficient yet."""
    known = (standing.facts.mastery.get(code) for code in course.competencies_needed)
    short = [one for one in known if one and one.level < Level.PROFICIENT]
    return min(short, key=lambda one: one.level, default=None)


def support_for(entry: Entry, standing: Standing) -> Reason:
    """Return what makes a stretch possible: practice, a teacher, a person there."""
    growing = _growing(entry, standing) if isinstance(entry, Course) else None
    named = standing.catalog.competencies.get(growing.competency) if growing else None
    if growing and named:
        return Reason(
            "stretch_practice",
            {"competency": named.title, "level": growing.level.word},
            growing.level.word,
            growing.latest.source,
        )
    if isinstance(entry, Course):
        return Reason("stretch_class", {}, entry.level, entry.source)
    if isinstance(entry, Opportunity):
        values = {"organization": entry.organization}
        return Reason("stretch_place", values, entry.organization, entry.source)
    helper = getattr(entry, "overseer", "") or ""
    key = "stretch_plan" if helper else "stretch_own"
    return Reason(key, {"overseer": helper}, helper, entry.source)
