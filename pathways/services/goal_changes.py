"""A goal read again: one goal with its history, and changing its parts (C1, C10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pathways.app import Milepost
from pathways.services.access import Actor, Role, require, school_of
from pathways.services.errors import Invalid, NotFound, Stale
from pathways.services.goals import GoalView, change_of, view_of
from pathways.store.models import Goal
from pathways.store.unit_of_work import UnitOfWork
from pathways.texts import say

WORDS = ("what", "measure", "why", "first_step", "obstacle", "plan")
DAYS = ("due", "review", "first_step_due")
PARTS = (*WORDS, *DAYS)
MUST = frozenset({"what", "measure", "first_step"})
LONGEST = 500
FURTHEST = timedelta(days=730)


class WrongParts(Invalid):
    """Some answers can't be used; `problems` says why, by the part's name."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        """Keep every problem; the first one is the message."""
        name, words = next(iter(problems.items()))
        super().__init__(words, name)
        self.problems = dict(problems)


@dataclass(frozen=True)
class ChangeView:
    """One change of a part; `status` is a part too, days are ISO texts."""

    part: str
    before: str
    after: str
    changed_at: datetime


@dataclass(frozen=True)
class GoalStory:
    """A goal with its changes, newest first."""

    goal: GoalView
    changes: tuple[ChangeView, ...]


def goal_story(milepost: Milepost, actor: Actor, goal_id: str) -> GoalStory:
    """Return one of the student's own goals with what changed and when.

    Raises:
        NotFound: it is not the student's own.
    """
    require(actor, Role.STUDENT)
    with milepost.work() as work:
        return _story(work, actor, _own(work, actor, goal_id))


def revise(
    milepost: Milepost,
    actor: Actor,
    goal_id: str,
    answers: Mapping[str, str],
    seen: int | None = None,
) -> GoalStory:
    """Change parts of a goal and keep what they said before.

    Args:
        milepost: the product.
        actor: the student whose goal it is.
        goal_id: one of their goals.
        answers: new words or ISO days by the part's name, of `PARTS`.
        seen: how many changes the goal had when the form was opened.

    Raises:
        NotFound: it is not the student's own.
        WrongParts: a needed part is empty, too long, or no day that fits.
        Stale: the goal was changed after the form was opened.
    """
    require(actor, Role.STUDENT)
    with milepost.work() as work:
        goal = _own(work, actor, goal_id)
        given = {name: answers[name].strip() for name in PARTS if name in answers}
        changed = {
            name: text for name, text in given.items() if text != _now(goal, name)
        }
        known = len(work.records.goal_changes(actor.school_id, goal.id))
        if changed and seen is not None and seen != known:
            raise Stale(say(actor.language, "page_goals.stale"))
        today = milepost.today(school_of(work, actor))
        problems = _problems(goal, changed, today, actor.language)
        if problems:
            raise WrongParts(problems)
        for name, text in changed.items():
            before, now = _now(goal, name), milepost.clock()
            work.records.add(change_of(goal, name, before, text, now))
            setattr(goal, name, date.fromisoformat(text) if name in DAYS else text)
        work.commit()
        return _story(work, actor, goal)


def _own(work: UnitOfWork, actor: Actor, goal_id: str) -> Goal:
    goal = work.records.goal(actor.school_id, actor.id, goal_id)
    if goal is None:
        raise NotFound("The goal")
    return goal


def _story(work: UnitOfWork, actor: Actor, goal: Goal) -> GoalStory:
    view = view_of(goal, work.records.progress(actor.school_id, goal.id))
    rows = work.records.goal_changes(actor.school_id, goal.id)
    found = (
        ChangeView(one.part, one.before, one.after, one.changed_at) for one in rows
    )
    return GoalStory(view, tuple(found))


def _now(goal: Goal, name: str) -> str:
    value = getattr(goal, name)
    return value.isoformat() if isinstance(value, date) else str(value)


def _problems(
    goal: Goal, changed: Mapping[str, str], today: date, language: str
) -> dict[str, str]:
    """Return what is wrong, in words, by the part's name."""
    found = {}
    for name, text in changed.items():
        if name in MUST and not text:
            found[name] = say(language, "page_goals.wrong_empty")
        elif len(text) > LONGEST:
            found[name] = say(language, "page_goals.wrong_long", {"n": LONGEST})
        elif name in DAYS and not _fits(text, today):
            found[name] = say(language, "page_goals.wrong_day")
    after = {name: changed.get(name, _now(goal, name)) for name in DAYS}
    if not found and max(after["review"], after["first_step_due"]) > after["due"]:
        late = "review" if after["review"] > after["due"] else "first_step_due"
        found[late] = say(language, "page_goals.wrong_order")
    return found


def _fits(text: str, today: date) -> bool:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return False
    return today <= day <= today + FURTHEST
