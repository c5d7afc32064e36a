"""What would lift or lower an open option, by trying it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from pathways.domain.catalog import Course
from pathways.domain.facts import StudentFacts
from pathways.domain.mastery import Level
from pathways.domain.options import Option, Values
from pathways.domain.scores import units_of
from pathways.domain.standing import FRESH_DAYS, Standing

SHOWN = 3


@dataclass(frozen=True)
class Change:
    """A change of the facts and what it does to the score, in hundred-thousandths."""

    key: str
    units: int
    values: Values = field(default_factory=dict)


def would_change(option: Option, standing: Standing) -> tuple[Change, ...]:
    """Return what would change an open option's score most.

    Every change is tried on the facts themselves, so its size is never guessed.
    """
    entry, before = option.entry, option.units

    def tried(facts: StudentFacts) -> int:
        return units_of(entry, standing.with_facts(facts)) - before

    found = [
        Change(key, tried(facts), values)
        for key, values, facts in _variants(option, standing)
    ]
    moving = sorted(
        (one for one in found if one.units), key=lambda one: -abs(one.units)
    )
    if not standing.facts.careers:
        return (*moving[: SHOWN - 1], Change("change_goal", 0))
    return tuple(moving[:SHOWN])


def _variants(
    option: Option, standing: Standing
) -> Iterator[tuple[str, Values, StudentFacts]]:
    facts, entry = standing.facts, option.entry
    name = "competencies_needed" if isinstance(entry, Course) else "competencies"
    for code in getattr(entry, name, ()):
        known = facts.mastery.get(code)
        competency = standing.catalog.competencies.get(code)
        if known and competency and known.level < Level.PROFICIENT:
            grown = {**facts.mastery, code: replace(known, level=Level.PROFICIENT)}
            values: Values = {"competency": competency.title}
            yield "change_level", values, replace(facts, mastery=grown)
    for one in facts.interests:
        left = tuple(other for other in facts.interests if other is not one)
        if (standing.today - one.said_on).days >= FRESH_DAYS:
            again = replace(one, said_on=standing.today)
            yield (
                "change_scores" if one.scored else "change_again",
                {"interest": one.words},
                replace(facts, interests=(*left, again)),
            )
        else:
            yield "change_without", {"value": one.words}, replace(facts, interests=left)
    for goal in facts.careers:
        others = tuple(other for other in facts.careers if other is not goal)
        yield "change_without", {"value": goal.title}, replace(facts, careers=others)
