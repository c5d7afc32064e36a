"""Who has which part in a credit plan, and how its history grows (O7)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pathways.app import Milepost
from pathways.domain.credit_plan import (
    SEEN_BY_OTHERS,
    Act,
    FamilyPart,
    NotAllowed,
    Party,
    State,
    Taken,
    family_part,
    may_take_back,
    move,
)
from pathways.domain.days import age_on
from pathways.services.access import Actor, Role, require_consent
from pathways.services.errors import NotFound, Stale
from pathways.services.policy import policy_for
from pathways.services.telling import say_to
from pathways.store.credit_models import CreditPlan, CreditPlanStep
from pathways.store.unit_of_work import UnitOfWork

SIGNATURES = frozenset(
    {Act.SIGN, Act.FAMILY_SIGN, Act.PAPER_SIGN, Act.TEACHER_SIGN, Act.APPROVE}
)


def own_plan(work: UnitOfWork, actor: Actor, plan_id: str) -> CreditPlan:
    """Return a plan of the student who acts.

    Raises:
        NotFound: there is none, or it is another's.
    """
    plan = work.credits.plan(actor.school_id, plan_id)
    if plan is None or plan.student_id != actor.id:
        raise NotFound("The plan")
    require_consent(actor)
    return plan


def party_in(work: UnitOfWork, actor: Actor, plan: CreditPlan) -> Party | None:
    """Return what a person is to a plan, None for a stranger.

    The teacher is the one whom the plan names; a counselor is any of the school.
    """
    if actor.id == plan.student_id:
        return Party.STUDENT
    if actor.role is Role.FAMILY:
        tied = work.people.related(actor.school_id, actor.id, plan.student_id)
        return Party.FAMILY if tied else None
    if actor.role is Role.ADVISOR:
        return Party.TEACHER if plan.teacher_id == actor.id else None
    return Party.COUNSELOR if actor.role is Role.COUNSELOR else None


def plan_for(work: UnitOfWork, actor: Actor, plan_id: str) -> tuple[CreditPlan, Party]:
    """Return a plan with the actor's part in it.

    Raises:
        NotFound: a stranger asks, or an adult before the student has signed.
    """
    plan = work.credits.plan(actor.school_id, plan_id)
    party = party_in(work, actor, plan) if plan is not None else None
    if plan is None or party is None:
        raise NotFound("The plan")
    require_consent(actor)
    if party is not Party.STUDENT and not _sent(work, plan):
        raise NotFound("The plan")
    return plan, party


def _sent(work: UnitOfWork, plan: CreditPlan) -> bool:
    if plan.state not in SEEN_BY_OTHERS:
        return False
    if plan.state != State.WITHDRAWN:
        return True
    steps = work.credits.steps(plan.school_id, plan.id)
    return any(one.act == Act.SIGN for one in steps)


def family_of(milepost: Milepost, work: UnitOfWork, plan: CreditPlan) -> FamilyPart:
    """Return whether the family signs a plan today, or is only told of it."""
    school = work.people.school(plan.school_id)
    student = work.people.by_id(plan.student_id)
    if school is None or student is None:
        raise NotFound("The plan")
    rule = policy_for(work, school).district.family_signature
    age = age_on(student.born, milepost.today(school))
    return family_part(age, rule.needed_under_18, rule.needed_at_18)


def can_take_back(
    milepost: Milepost,
    actor: Actor,
    plan: CreditPlan,
    steps: Sequence[CreditPlanStep],
) -> bool:
    """Tell whether the actor may take back the decision that is a plan's last step."""
    if not steps:
        return False
    last = steps[-1]
    taken = Taken(Act(last.act), Party(last.party), last.actor_id, last.at)
    signed = [one.fields for one in steps if one.act == Act.SIGN]
    changed = not signed or signed[-1] != plan.fields
    return may_take_back(taken, actor.id, milepost.clock(), changed)


def state_after(
    milepost: Milepost,
    work: UnitOfWork,
    actor: Actor,
    plan: CreditPlan,
    party: Party,
    step: Act,
) -> State:
    """Return where a step leads.

    Raises:
        NotFound: the step is not theirs.
        Stale: a decision can't be taken back any more.
    """
    if step is Act.TAKE_BACK and party is Party.COUNSELOR:
        steps = work.credits.steps(plan.school_id, plan.id)
        if not can_take_back(milepost, actor, plan, steps):
            raise Stale(say_to(actor, "credit_plan.too_late"))
        return State(steps[-1].before)
    try:
        return move(State(plan.state), step, party, family_of(milepost, work, plan))
    except NotAllowed:
        raise NotFound("The step") from None


def _since(steps: Sequence[CreditPlanStep], act: Act, now: datetime) -> datetime:
    """Return since when a plan waits; a decision taken back gives no new days."""
    if act is not Act.TAKE_BACK:
        return now
    back = [one.at for one in steps if one.after == State.WITH_COUNSELOR]
    return back[-1] if back else now


def add_step(
    milepost: Milepost,
    work: UnitOfWork,
    plan: CreditPlan,
    act: Act,
    after: State,
    party: Party,
    words: str,
    actor_id: str | None,
) -> None:
    """Move a plan on and write the step into its history."""
    now = milepost.clock()
    steps = work.credits.steps(plan.school_id, plan.id)
    work.credits.add(
        CreditPlanStep(
            school_id=plan.school_id,
            student_id=plan.student_id,
            plan_id=plan.id,
            place=len(steps) + 1,
            act=act,
            before=plan.state,
            after=after,
            party=party,
            actor_id=actor_id,
            language=plan.language,
            words=words,
            fields=dict(plan.fields) if act in SIGNATURES else {},
            at=now,
        )
    )
    if after != plan.state:
        plan.state, plan.since = after, _since(steps, act, now)
    plan.version += 1
    work.credits.flush()
