"""Puts a graduation check into words, with the source of each rule (O10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pathways.domain.catalog import Catalog
from pathways.domain.graduation_facts import Check, GraduationFacts, Line, Risk
from pathways.domain.policy import Policy
from pathways.services.school_day import in_words
from pathways.texts import FALLBACK, for_reader, load, say

SHOWN_COURSES = 3


@dataclass(frozen=True)
class LineView:
    """A requirement in words; `met` is one of `Met`, `need` None where not set."""

    name: str
    title: str
    met: str
    met_words: str
    have: float
    under_way: float
    need: float | None
    source: str


@dataclass(frozen=True)
class SubjectView:
    """A subject in which skill is shown, with every route to it."""

    name: str
    title: str
    met: str
    met_words: str
    routes: tuple[LineView, ...]


@dataclass(frozen=True)
class SealView:
    """A seal: what it takes, how near it is (None: can't be measured), the rule."""

    name: str
    title: str
    defined_by: str
    met: str
    met_words: str
    share: float | None
    text: str
    source: str


@dataclass(frozen=True)
class RiskView:
    """Why a student is at risk, what would fix it, and the rule."""

    text: str
    fixes: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class DateView:
    """A day ahead; None: the counselor decides it."""

    title: str
    day: date | None
    words: str
    source: str


@dataclass(frozen=True)
class Words:
    """Puts a check into words, with the source of each rule."""

    policy: Policy
    catalog: Catalog
    facts: GraduationFacts
    found: Check
    language: str
    adult: bool = False

    def say(self, name: str, **values: object) -> str:
        """Return a text of the graduation check."""
        text = for_reader(f"graduation.{name}", self.adult)
        return say(self.language, text, values)

    def source(self, rule: str) -> str:
        """Return the source of a rule, empty without one."""
        found = self.policy.pack.source(rule) if self.policy.pack else None
        return found.words if found else ""

    def named(self, name: str) -> str:
        """Return what people call an area or a subject."""
        for kind in ("area", "subject"):
            key = f"graduation.{kind}_{name}"
            if key in load(self.language) or key in load(FALLBACK):
                return say(self.language, key)
        return name.replace("_", " ").capitalize()

    def line(self, one: Line, kind: str) -> LineView:
        """Put a requirement into words."""
        title = (
            self.named(one.name)
            if kind == "area"
            else self.say(f"{kind}_{one.name}" if kind else one.name)
        )
        return LineView(
            one.name,
            title,
            one.met,
            self.say(f"met_{one.met}"),
            one.have,
            one.under_way,
            one.need,
            self.source(one.rule),
        )

    def seal_title(self, name: str) -> str:
        """Return a seal's full name."""
        pack = self.policy.pack
        rule = pack.rule(f"graduation.seal.{name}") if pack else None
        return rule.title if rule else name

    def seals(self) -> tuple[SealView, ...]:
        """Put every seal into words, the held and the nearest first."""
        seals, pack = self.found.seals, self.policy.pack
        if seals is None or pack is None:
            return ()
        views = [
            SealView(
                one.name,
                pack.by_id[one.rule].title,
                one.defined_by,
                one.met,
                self.say(f"met_{one.met}"),
                one.share,
                " ".join(pack.by_id[one.rule].text.split()),
                self.source(one.rule),
            )
            for one in seals.each
        ]
        return tuple(sorted(views, key=lambda one: -(one.share or 0.0)))

    def dates(self) -> tuple[DateView, ...]:
        """Put the days ahead into words."""
        return tuple(
            DateView(
                self.say(f"date_{one.name}"),
                one.day,
                in_words(one.day, self.language, with_year=True)
                if one.day
                else self.say("day_blank"),
                self.source(one.rule),
            )
            for one in self.found.dates
        )

    def risk(self, one: Risk) -> RiskView:
        """Say why a student is at risk, and what would fix it."""
        values: dict[str, object] = {
            name: f"{value:g}" if isinstance(value, float) else value
            for name, value in one.values.items()
        }
        if "area" in values:
            values["area"] = self.named(str(one.values["area"]))
        if one.name == "competency":
            values["subject"] = self.named(str(one.values["subject"]))
            score = self.policy.value("graduation.competency", "score")
            values["need"] = score
        return RiskView(
            self.say(f"risk_{one.name}", **values),
            self._fixes(one),
            self.source(one.rule),
        )

    def _fixes(self, one: Risk) -> tuple[str, ...]:
        if one.name == "area":
            return self._area_fixes(str(one.values["area"]))
        if one.name == "seals":
            nearest = self.found.seals.nearest if self.found.seals else ()
            if nearest:
                return (self.say("fix_seals", seal=self.seal_title(nearest[0])),)
            return (self.say("fix_seals_none"),)
        return (self.say(f"fix_{one.name}"),)

    def _area_fixes(self, area: str) -> tuple[str, ...]:
        grade = self.facts.grade
        courses = [
            course
            for _, course in sorted(self.catalog.courses.items())
            if course.subject == area and (not course.grades or grade in course.grades)
        ]
        codes = {course.code for course in courses}
        options = self.catalog.credit_options.values()
        ways = sum(option.course in codes for option in options)
        known = self.catalog.wordings.get(self.language, {})
        shown = [course.title for course in courses[:SHOWN_COURSES]]
        titles = ", ".join(known.get(title, title) for title in shown)
        first = (
            self.say("fix_area", courses=titles)
            if courses
            else self.say("fix_area_none")
        )
        return (first, self.say("fix_ways", n=ways)) if ways else (first,)
