"""What the clock does with credit plans: it lets times run out, it approves nothing."""

from __future__ import annotations

from pathways.app import Milepost
from pathways.domain.credit_plan import Party, State, due_acts, move
from pathways.services.credit_plan_access import add_step, family_of
from pathways.services.policy import policy_for
from pathways.store.models import School
from pathways.store.unit_of_work import UnitOfWork


def tick(milepost: Milepost) -> int:
    """Do what the clock does with every plan; return how many steps it took.

    Safe to run again at any moment: a step that was taken is not due any more.
    """
    taken = 0
    with milepost.work() as work:
        for school in work.people.schools():
            taken += _tick_school(milepost, work, school)
        work.commit()
    return taken


def _tick_school(milepost: Milepost, work: UnitOfWork, school: School) -> int:
    days = policy_for(work, school).district.deadlines.credit_flex_resubmit_days
    taken = 0
    for plan in work.credits.plans_in(school.id, [State.WITH_FAMILY, State.RETURNED]):
        part = family_of(milepost, work, plan)
        state, now = State(plan.state), milepost.clock()
        for step in due_acts(state, plan.since, now, part, days):
            after = move(state, step, Party.CLOCK, part)
            add_step(milepost, work, plan, step, after, Party.CLOCK, "", None)
            taken += 1
    return taken
