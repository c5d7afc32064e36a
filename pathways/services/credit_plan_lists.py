"""Lists around credit plans: the inbox, and what a plan's form chooses from (A6)."""

from __future__ import annotations

from pathways.app import Milepost
from pathways.domain.credit_plan import EDITABLE, Party, State, waits_for
from pathways.services.access import Actor, Role, note_look, require
from pathways.services.credit_plan_access import party_in
from pathways.services.credit_plan_views import (
    PlanLine,
    PlanView,
    line_of,
    view_of,
)


def inbox(milepost: Milepost, actor: Actor) -> list[PlanLine]:
    """Return the plans that an approver or a family has a part in, theirs first.

    Late ones come before others; a counselor sees every plan on its way.
    """
    require(actor, Role.ADVISOR, Role.COUNSELOR, Role.FAMILY)
    shown = [state.value for state in State if waits_for(state) is not None]
    with milepost.work() as work:
        catalog = milepost.catalogs.current(work, actor.school_id)
        found: list[PlanLine] = []
        seen: set[str] = set()
        for plan in work.credits.plans_in(actor.school_id, shown):
            party = party_in(work, actor, plan)
            if party is not None and plan.state != State.DRAFT:
                found.append(line_of(work, actor, plan, party, catalog, milepost))
                seen.add(plan.student_id)
        for student_id in sorted(seen):
            note_look(work, actor, student_id, "credit plans", milepost.clock())
    return sorted(found, key=lambda one: (not one.yours, not one.late, one.since))


def unfinished_plan(milepost: Milepost, actor: Actor, course: str) -> PlanView | None:
    """Return the student's newest plan for a course that can still be changed."""
    require(actor, Role.STUDENT)
    with milepost.work() as work:
        catalog = milepost.catalogs.current(work, actor.school_id)
        for plan in work.credits.plans(actor.school_id, actor.id):
            if plan.state in EDITABLE and plan.fields.get("course") == course:
                return view_of(work, actor, plan, Party.STUDENT, catalog, milepost)
    return None


def teachers(milepost: Milepost, actor: Actor) -> list[tuple[str, str]]:
    """Return (id, name) of those who can be a teacher of record at the school."""
    require(actor, Role.STUDENT)
    with milepost.work() as work:
        people = work.people.in_role(actor.school_id, Role.ADVISOR)
        return [(one.id, f"{one.given_name} {one.family_name}") for one in people]


def courses(milepost: Milepost, actor: Actor) -> list[tuple[str, str]]:
    """Return (code, title) of the courses whose credit can be wished for."""
    require(actor, Role.STUDENT)
    with milepost.work() as work:
        catalog = milepost.catalogs.current(work, actor.school_id)
    titles = [(code, course.title) for code, course in catalog.courses.items()]
    return sorted(titles, key=lambda one: one[1])
