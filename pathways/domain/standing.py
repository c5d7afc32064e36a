"""A student before a catalog on a day: what the score and the limits ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from pathways.domain.catalog import Catalog, Course
from pathways.domain.facts import CareerGoal, CourseState, InterestFact, StudentFacts
from pathways.domain.languages import language_of, language_skills
from pathways.domain.lexicon import fold
from pathways.domain.mastery import Level
from pathways.domain.policy_limits import NO_LIMITS, PolicyLimits
from pathways.domain.prerequisites import Rule
from pathways.domain.ties import TieMap, ties_in

FRESH_DAYS, STALE_DAYS = 180, 365
WHOLE, SCORED = 1000, 700


class Sign(StrEnum):
    """What courses say of a competency that has no result."""

    COVERED = "covered"
    UNDER_WAY = "under_way"


Evidence = Level | Sign | None
Table = Mapping[Evidence, int]


@dataclass(frozen=True)
class Liking:
    """An interest that still counts: `fresh` of 1000, its words folded.

    Scores count less than what a student says: at most `SCORED`.
    """

    fact: InterestFact
    words: str
    fresh: int


def freshness(said_on: date, today: date) -> float:
    """Return 1 for a fresh answer, a half after a term, 0 after a year (O2)."""
    age = (today - said_on).days
    if age >= STALE_DAYS:
        return 0.0
    return 1.0 if age < FRESH_DAYS else 0.5


def _fresh(one: InterestFact, today: date) -> int:
    most = SCORED if one.scored else WHOLE
    return round(freshness(one.said_on, today) * most)


@dataclass(frozen=True, eq=False)
class Standing:
    """The facts of a student with what follows from them for one catalog.

    `limits` are those of state and district. `known` keeps what fields, clusters and
    subjects counted.
    """

    facts: StudentFacts
    catalog: Catalog
    today: date
    limits: PolicyLimits = NO_LIMITS
    known: dict[Any, Any] = field(default_factory=dict)

    def with_facts(self, facts: StudentFacts) -> Standing:
        """Return the same catalog, day and limits for other facts."""
        return replace(self, facts=facts, known={})

    @property
    def ties(self) -> TieMap:
        """What the catalog's entries are tied to."""
        return ties_in(self.catalog)

    @cached_property
    def evidence(self) -> Mapping[str, Evidence]:
        """What is known of each competency: a result, else what courses say.

        A completed course covers what it teaches and what it needed.
        """
        found: dict[str, Evidence] = {}
        listed = self.catalog.entries.get(Course.kind, {})
        for wanted in (CourseState.IN_PROGRESS, CourseState.COMPLETED):
            sign = Sign.COVERED
            if wanted is CourseState.IN_PROGRESS:
                sign = Sign.UNDER_WAY
            for code, state in self.facts.courses.items():
                course = listed.get(code)
                if state is wanted and isinstance(course, Course):
                    for one in course.competencies_taught + course.competencies_needed:
                        found[one] = sign
        found.update((code, one.level) for code, one in self.facts.mastery.items())
        return found

    @cached_property
    def languages(self) -> frozenset[str]:
        """The languages of the courses that the record holds."""
        listed = self.catalog.entries.get(Course.kind, {})
        taken = (listed.get(code) for code in self.facts.courses)
        found = (language_of(one) for one in taken if isinstance(one, Course))
        return frozenset(found) - {""}

    def silent(self, course: Course | None) -> frozenset[str]:
        """Return competencies whose results say nothing for a course.

        Those of languages, for a language other than the student's own courses. With
        no language course on record nobody can tell, so results count.
        """
        if not self.languages:
            return frozenset()
        language = language_of(course)
        if not language or language in self.languages:
            return frozenset()
        return self._language_skills

    @cached_property
    def _language_skills(self) -> frozenset[str]:
        return language_skills(self.catalog)

    @cached_property
    def _evidence_elsewhere(self) -> Mapping[str, Evidence]:
        skills = self._language_skills
        return {code: one for code, one in self.evidence.items() if code not in skills}

    def gauge(
        self,
        table: Table,
        codes: Sequence[str],
        nothing: int,
        course: Course | None = None,
    ) -> int:
        """Return the mean of a table over competencies; `nothing` for none."""
        if not codes:
            return nothing
        known = self._evidence_elsewhere if self.silent(course) else self.evidence
        return sum(table[known.get(code)] for code in codes) // len(codes)

    @cached_property
    def has_shown(self) -> bool:
        """Tell whether a course is completed, or a competency at least developing.

        What the catalog doesn't know says nothing about what it offers.
        """
        courses = self.catalog.entries.get(Course.kind, {})
        return any(
            state is CourseState.COMPLETED and code in courses
            for code, state in self.facts.courses.items()
        ) or any(
            one.level >= Level.DEVELOPING and code in self.catalog.competencies
            for code, one in self.facts.mastery.items()
        )

    @cached_property
    def subjects_begun(self) -> frozenset[str]:
        """The subjects of the courses that the record holds."""
        listed = self.catalog.entries.get(Course.kind, {})
        taken = (listed.get(code) for code in self.facts.courses)
        return frozenset(one.subject for one in taken if isinstance(one, Course))

    @cached_property
    def likings(self) -> tuple[Liking, ...]:
        """The interests that still count, the same in whatever order they come."""
        found = (
            Liking(one, fold(one.words), _fresh(one, self.today))
            for one in self.facts.interests
        )
        return tuple(
            sorted((one for one in found if one.fresh), key=lambda one: str(one.fact))
        )

    @cached_property
    def careers(self) -> tuple[CareerGoal, ...]:
        """The careers aimed for, the newest first."""
        return tuple(
            sorted(
                self.facts.careers,
                key=lambda one: (-one.said_on.toordinal(), one.occupation),
            )
        )

    def stage(self, rule: Rule) -> int:
        """Return 2 where a prerequisite is met, 1 once courses under way end, else 0.

        The least of what `&` joins and the most of what `|` joins.
        """
        if rule.join == "course":
            return self._stages.get(rule.code, 0)
        stages = [self.stage(part) for part in rule.parts]
        return min(stages, default=2) if rule.join == "all" else max(stages, default=0)

    @cached_property
    def _stages(self) -> Mapping[str, int]:
        return {
            code: 2 if state is CourseState.COMPLETED else 1
            for code, state in self.facts.courses.items()
        }
