"""Goals: drafted step by step, saved once confirmed, followed up (C1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pathways.app import Milepost
from pathways.domain.goals import dates_of, due_problem, step_day_of
from pathways.services.access import (
    Actor,
    Role,
    note_look,
    require,
    require_consent,
    school_of,
    student_for,
)
from pathways.services.drafts import drop_draft
from pathways.services.errors import Invalid, NotFound
from pathways.store.models import Goal, GoalChange, GoalProgress

FLOW = "goal_setting"
ACTIVE, DROPPED, DONE = "active", "dropped", "done"
TWICE = timedelta(minutes=1)


@dataclass(frozen=True)
class GoalView:
    """A goal as people see it, with the last progress reported."""

    id: str
    what: str
    measure: str
    why: str
    confidence: int
    due: date
    review: date
    first_step: str
    first_step_due: date
    status: str
    set_at: datetime
    progress: tuple[tuple[datetime, str], ...]
    obstacle: str = ""
    plan: str = ""


def save_goal(milepost: Milepost, actor: Actor, answers: Mapping[str, str]) -> GoalView:
    """Turn a confirmed draft into a goal.

    Args:
        milepost: the product.
        actor: the student whose goal it is.
        answers: `what`, `measure`, `why`, `confidence`, `due` (ISO), `first_step`; the
            day of that step (`step_day`, ISO), `obstacle` and `plan` where given.

    Raises:
        Invalid: an answer is missing or can't be used.
    """
    require(actor, Role.STUDENT)
    with milepost.work() as work:
        today = milepost.today(school_of(work, actor))
        due = date.fromisoformat(answers["due"]) if answers.get("due") else None
        problem = due_problem(due, today)
        if problem or due is None:
            raise Invalid("A goal needs a day in the next two years.", "due")
        dates = dates_of(due, today, step_day_of(answers.get("step_day", "")))
        goal = work.records.add(
            Goal(
                school_id=actor.school_id,
                student_id=actor.id,
                language=actor.language,
                what=answers["what"],
                measure=answers["measure"],
                why=answers["why"],
                confidence=int(answers["confidence"]),
                due=dates.due,
                review=dates.review,
                first_step=answers["first_step"],
                first_step_due=dates.first_step,
                set_at=milepost.clock(),
                obstacle=answers.get("obstacle", ""),
                plan=answers.get("plan", ""),
            )
        )
        drop_draft(work, actor, FLOW)
        work.commit()
        return view_of(goal, ())


def list_goals(
    milepost: Milepost, actor: Actor, student_id: str = ""
) -> list[GoalView]:
    """Return a student's goals, the active ones first, then the newest."""
    with milepost.work() as work:
        student = student_for(work, actor, student_id or actor.id)
        note_look(work, actor, student.id, "goals", milepost.clock())
        goals = work.records.goals(student.school_id, student.id)
        views = [
            view_of(goal, work.records.progress(student.school_id, goal.id))
            for goal in goals
        ]
    return sorted(views, key=lambda one: one.status != ACTIVE)


def active_goals(milepost: Milepost, actor: Actor) -> list[GoalView]:
    """Return the goals that a student is working on."""
    return [goal for goal in list_goals(milepost, actor) if goal.status == ACTIVE]


def report_progress(
    milepost: Milepost, actor: Actor, goal_id: str, text: str
) -> GoalView:
    """Keep what a student says about a goal, in their words; twice at once is once."""
    require_consent(actor)
    with milepost.work() as work:
        goal = work.records.goal(actor.school_id, actor.id, goal_id)
        if goal is None:
            raise NotFound("The goal")
        known = work.records.progress(actor.school_id, goal.id)
        if known and _same(known[0], text[:2000], milepost.clock()):
            return view_of(goal, known)
        work.records.add(
            GoalProgress(
                school_id=actor.school_id,
                student_id=actor.id,
                goal_id=goal.id,
                language=actor.language,
                text=text[:2000],
                reported_at=milepost.clock(),
            )
        )
        work.commit()
        return view_of(goal, work.records.progress(actor.school_id, goal.id))


def change_status(
    milepost: Milepost, actor: Actor, goal_id: str, status: str
) -> GoalView:
    """Drop a goal, mark it as reached, or take it up again."""
    require_consent(actor)
    if status not in (ACTIVE, DROPPED, DONE):
        raise Invalid("A goal is active, dropped or done.", "status")
    with milepost.work() as work:
        goal = work.records.goal(actor.school_id, actor.id, goal_id)
        if goal is None:
            raise NotFound("The goal")
        if goal.status != status:
            now = milepost.clock()
            work.records.add(change_of(goal, "status", goal.status, status, now))
            goal.status = status
        work.commit()
        return view_of(goal, work.records.progress(actor.school_id, goal.id))


def _same(newest: GoalProgress, text: str, now: datetime) -> bool:
    return newest.text == text and now - newest.reported_at < TWICE


def change_of(
    goal: Goal, part: str, before: str, after: str, now: datetime
) -> GoalChange:
    """Return the row that keeps a change of one part of a goal."""
    return GoalChange(
        school_id=goal.school_id,
        student_id=goal.student_id,
        goal_id=goal.id,
        part=part,
        before=before,
        after=after,
        changed_at=now,
    )


def view_of(goal: Goal, progress: Sequence[GoalProgress]) -> GoalView:
    """Return a goal with its reports as people see it."""
    return GoalView(
        id=goal.id,
        what=goal.what,
        measure=goal.measure,
        why=goal.why,
        confidence=goal.confidence,
        due=goal.due,
        review=goal.review,
        first_step=goal.first_step,
        first_step_due=goal.first_step_due,
        status=goal.status or ACTIVE,
        set_at=goal.set_at,
        progress=tuple((one.reported_at, one.text) for one in progress),
        obstacle=goal.obstacle,
        plan=goal.plan,
    )
