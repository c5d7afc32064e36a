"""What other choices would change: credits, options, dates (features O9, O10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pathways.app import Milepost
from pathways.domain.catalog import Catalog, Course, Opportunity, Status
from pathways.domain.facts import CourseState
from pathways.domain.options import Option
from pathways.domain.policy import Policy
from pathways.domain.what_if import Choices, differences
from pathways.domain.what_if_seals import SealChange, seal_changes
from pathways.services import graduation, graduation_check
from pathways.services.access import Actor, school_of, student_for
from pathways.services.errors import Invalid
from pathways.services.graduation import Credits
from pathways.services.option_views import OptionView, Seen, view
from pathways.services.options import entry_by_code, see
from pathways.services.policy import policy_for
from pathways.texts import say

SHOWN = 5
MOST_CHOICES = 20


@dataclass(frozen=True)
class Deadline:
    """A day by which something that would open must be asked for."""

    id: str
    title: str
    apply_by: date


@dataclass(frozen=True)
class SealDifference:
    """What happens to a seal, in words and with the rule it rests on.

    `before` and `after` are shares (0 to 1) where the rules give a measure.
    """

    name: str
    title: str
    before: float | None
    after: float | None
    words: str
    source: str


@dataclass(frozen=True)
class WhatIf:
    """What would be different.

    Credits are None where the school sent no course record; `needed` is the state's
    least number, None without a policy pack. `opened_count` and `closed_count` count
    all, the lists hold the best few. `earns` are the titles and credits that an
    approved plan could give. `decided_by_counselor` is what nobody here can say.
    """

    credits_before: Credits | None
    credits_after: Credits | None
    needed: float | None
    opened: tuple[OptionView, ...]
    opened_count: int
    closed: tuple[OptionView, ...]
    closed_count: int
    deadlines: tuple[Deadline, ...]
    seals: tuple[SealDifference, ...]
    hours: float
    earns: tuple[tuple[str, float], ...]
    decided_by_counselor: tuple[str, ...]


def what_if(
    milepost: Milepost,
    actor: Actor,
    drop: Sequence[str] = (),
    add: Sequence[str] = (),
    finish: Sequence[str] = (),
) -> WhatIf:
    """Say what would change for the student who asks, without saving anything.

    Args:
        milepost: the product.
        actor: a student.
        drop: codes of courses under way that would be given up.
        add: codes of courses or places that would be taken up.
        finish: codes of courses that would be completed.

    Raises:
        Invalid: a course can't be dropped, or a code is not in the catalog.
    """
    status = graduation.status(milepost, actor)
    with milepost.work() as work:
        seen = see(milepost, work, actor, actor.id)
        student, school = student_for(work, actor, actor.id), school_of(work, actor)
        policy = policy_for(work, school)
        standing = graduation_check.facts_of(work, student, seen.catalog, seen.today)
    choices = Choices(tuple(drop), tuple(add), tuple(finish))
    _check(choices, seen)
    seals = seal_changes(standing, choices, seen.catalog, policy, seen.today)
    found = differences(seen.standing, choices)
    after = _credits_after(status.credits, choices, seen)
    added = [seen.catalog.opportunities.get(code) for code in choices.add]
    places = [one for one in added if one is not None]
    return WhatIf(
        credits_before=status.credits,
        credits_after=after,
        needed=status.needed,
        opened=tuple(view(one, seen) for one in found.opened[:SHOWN]),
        opened_count=len(found.opened),
        closed=tuple(view(one, seen) for one in found.closed[:SHOWN]),
        closed_count=len(found.closed),
        deadlines=_deadlines(places, found.opened),
        seals=tuple(_seal(one, policy, seen) for one in seals),
        hours=sum(one.hours_total or 0 for one in places),
        earns=tuple((one.title, one.credits) for one in found.earns),
        decided_by_counselor=status.not_checked,
    )


def _seal(change: SealChange, policy: Policy, seen: Seen) -> SealDifference:
    """Put a change of a seal into words; what the school must confirm is said."""
    rule = policy.pack.rule(change.rule) if policy.pack else None
    source = policy.pack.source(change.rule) if policy.pack else None
    course = seen.catalog.entries.get(Course.kind, {}).get(change.course)
    title = rule.title if rule else change.name.replace("_", " ")
    values = {
        "seal": title,
        "course": course.title if course else "",
        "before": f"{100 * (change.before or 0):.0f}",
        "after": f"{100 * (change.after or 0):.0f}",
    }
    words = say(seen.language, f"graduation.seal_{change.how}", values)
    return SealDifference(
        change.name,
        title,
        change.before,
        change.after,
        words,
        source.words if source else "",
    )


def _check(choices: Choices, seen: Seen) -> None:
    if not choices.codes or len(choices.codes) > MOST_CHOICES:
        raise Invalid("Name one to twenty courses or places.", "choices")
    for code in choices.drop:
        if seen.facts.courses.get(code) is not CourseState.IN_PROGRESS:
            raise Invalid("Only a course that you take now can be dropped.", "drop")
    for code in choices.add:
        if entry_by_code(seen.catalog, code).status is not Status.ACTIVE:
            raise Invalid("The school does not offer that any more.", "add")
    for code in choices.finish:
        if code not in seen.catalog.courses:
            raise Invalid("Only a course of the catalog can be finished.", "finish")


def _credits_after(
    before: Credits | None, choices: Choices, seen: Seen
) -> Credits | None:
    """Count catalog credits over from one side to the other."""
    if before is None:
        return None
    completed, under_way = before.completed, before.under_way
    states = seen.facts.courses
    for code in choices.drop:
        under_way -= _credits(seen.catalog, code)
    for code in choices.finish:
        if states.get(code) is CourseState.COMPLETED:
            continue
        completed += _credits(seen.catalog, code)
        if states.get(code) is CourseState.IN_PROGRESS:
            under_way -= _credits(seen.catalog, code)
    for code in choices.add:
        if code not in states and code not in choices.finish:
            under_way += _credits(seen.catalog, code)
    return Credits(completed, max(0.0, under_way))


def _credits(catalog: Catalog, code: str) -> float:
    entry = catalog.entries.get(Course.kind, {}).get(code)
    return entry.credits if isinstance(entry, Course) else 0.0


def _deadlines(
    places: Sequence[Opportunity], opened: Sequence[Option]
) -> tuple[Deadline, ...]:
    """Return the days that matter for what is added or would open, the next first."""
    entries = [*places, *(one.entry for one in opened)]
    dated = {
        one.code: Deadline(one.code, one.title, one.apply_by)
        for one in entries
        if isinstance(one, Opportunity) and one.apply_by is not None
    }
    return tuple(sorted(dated.values(), key=lambda one: (one.apply_by, one.id)))
