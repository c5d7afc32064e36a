"""Every state of a credit plan x every act x everybody in two schools (O7)."""

from __future__ import annotations

import pytest
from little_school import PEOPLE, LittleSchool, filled_plan

from pathways.domain.credit_plan import MOVES, Act, Party, State
from pathways.services import credit_plans
from pathways.services.errors import NotFound, Stale

PARTIES = {
    "student": Party.STUDENT,
    "family": Party.FAMILY,
    "advisor": Party.TEACHER,
    "counselor": Party.COUNSELOR,
}


def put(little: LittleSchool, plan_id: str, state: State) -> None:
    """Set a plan into a state, as if its road had led there."""
    with little.milepost.work() as work:
        plan = work.credits.plan(little["student"].school_id, plan_id)
        assert plan is not None
        plan.state = state
        work.commit()


def signed_with_evidence(little: LittleSchool) -> str:
    plan = filled_plan(little, "student")
    credit_plans.submit(little.milepost, little["student"], plan)
    put(little, plan, State.IN_PROGRESS)
    credit_plans.act(
        little.milepost, little["student"], plan, Act.ADD_EVIDENCE, "A journal"
    )
    return plan


@pytest.mark.parametrize("state", list(State))
def test_in_each_state_each_act_is_open_to_its_party_alone(
    state: State, little: LittleSchool
) -> None:
    plan = signed_with_evidence(little)
    done, wanted = set(), set()
    for act in Act:
        found = MOVES.get((state, act))
        for name in PEOPLE:
            put(little, plan, state)
            party = PARTIES.get(name)
            sent = state is not State.DRAFT or party is Party.STUDENT
            if found and party in found.parties and sent:
                wanted.add((act, name))
            try:
                seen = credit_plans.act(
                    little.milepost, little[name], plan, act, "Because"
                )
            except NotFound:
                continue
            except Stale:  # no decision of theirs is left to take back
                assert act is Act.TAKE_BACK and party is Party.COUNSELOR
                continue
            done.add((act, name))
            assert found is not None and seen.state == found.to
    assert done == wanted


@pytest.mark.parametrize("act", ["", "fly", "SIGN", "sign ", "None"])
def test_an_act_that_is_none_is_not_found(act: str, little: LittleSchool) -> None:
    plan = filled_plan(little, "student")
    with pytest.raises(NotFound):
        credit_plans.act(little.milepost, little["student"], plan, act)
