"""The road of a credit plan: every state x act x party, and the times (O7)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.domain.credit_plan import (
    CLOSED,
    EDITABLE,
    MOVES,
    TAKE_BACK_MINUTES,
    Act,
    FamilyPart,
    NotAllowed,
    Party,
    State,
    Taken,
    acts_for,
    due_acts,
    family_part,
    may_take_back,
    move,
    needs_words,
    overdue,
    past_due,
    waits_for,
)
from pathways.domain.plan_fields import (
    FIELDS,
    field_problem,
    missing_fields,
    needed_fields,
    plan_problems,
    plan_warnings,
)

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
# Written by hand from the issue, apart from the code: who, from where, act, to where.
ROAD = """
student   draft           sign          with_family
student   returned        sign          with_family
family    with_family     family_sign   with_teacher
counselor with_family     paper_sign    with_teacher
clock     with_family     family_notice with_teacher
family    with_family     return        returned
teacher   with_teacher    teacher_sign  with_counselor
teacher   with_teacher    return        returned
counselor with_counselor  approve       approved
counselor with_counselor  return        returned
counselor with_counselor  deny          denied
student   approved        begin         in_progress
student   in_progress     add_evidence  in_progress
student   in_progress     hand_in       evidence_in
teacher   evidence_in     ask_more      in_progress
teacher   evidence_in     grade         graded
counselor graded          record        on_record
clock     returned        lapse         lapsed
student   draft           withdraw      withdrawn
student   with_family     withdraw      withdrawn
student   with_teacher    withdraw      withdrawn
student   with_counselor  withdraw      withdrawn
student   returned        withdraw      withdrawn
student   approved        withdraw      withdrawn
student   in_progress     withdraw      withdrawn
"""
ALLOWED = {
    (State(before), Act(act), Party(party)): State(after)
    for party, before, act, after in (
        line.split() for line in ROAD.strip().splitlines()
    )
}
EVERY = list(product(State, Act, Party))


@pytest.mark.parametrize(("state", "act", "party"), EVERY)
def test_each_state_act_and_party_is_as_the_issue_says(
    state: State, act: Act, party: Party
) -> None:
    signs = FamilyPart.IS_TOLD if act is Act.FAMILY_NOTICE else FamilyPart.SIGNS
    wanted = ALLOWED.get((state, act, party))
    if wanted is None:
        with pytest.raises(NotAllowed):
            move(state, act, party, signs)
    else:
        assert move(state, act, party, signs) is wanted


@pytest.mark.parametrize("state", [State.DRAFT, State.RETURNED])
def test_a_signature_goes_past_a_family_that_is_only_told(state: State) -> None:
    found = move(state, Act.SIGN, Party.STUDENT, FamilyPart.IS_TOLD)
    assert found is State.WITH_TEACHER


def test_the_clock_does_not_pass_by_a_family_that_signs() -> None:
    with pytest.raises(NotAllowed):
        move(State.WITH_FAMILY, Act.FAMILY_NOTICE, Party.CLOCK, FamilyPart.SIGNS)


@pytest.mark.parametrize("state", sorted(CLOSED))
def test_a_closed_plan_stays_closed(state: State) -> None:
    assert all(acts_for(state, party) == () for party in Party)
    assert waits_for(state) is None


def test_whoever_a_plan_waits_for_can_move_it_on() -> None:
    for state in State:
        party = waits_for(state)
        if party is not None:
            onward = {Act.WITHDRAW, Act.RETURN, Act.DENY}
            assert set(acts_for(state, party)) - onward, state


def test_only_a_student_edits_and_only_before_the_road() -> None:
    assert {State.DRAFT, State.RETURNED} == EDITABLE


def test_the_clock_approves_grades_and_records_nothing() -> None:
    reached = {one.to for one in MOVES.values() if Party.CLOCK in one.parties}
    assert reached == {State.WITH_TEACHER, State.LAPSED}


def test_every_state_can_be_reached_and_every_open_one_left() -> None:
    reached = {State.DRAFT} | {one.to for one in MOVES.values()}
    assert reached == set(State)
    left = {state for state, _ in MOVES}
    assert left == set(State) - CLOSED


@given(st.lists(st.tuples(st.sampled_from(Act), st.sampled_from(Party)), max_size=60))
def test_no_road_gets_approved_without_every_signature(
    steps: list[tuple[Act, Party]],
) -> None:
    state, seen = State.DRAFT, []
    for act, party in steps:
        try:
            after = move(state, act, party, FamilyPart.SIGNS)
        except NotAllowed:
            continue
        if act is Act.SIGN:
            seen = []
        seen.append((act, party))
        state = after
        if state in (State.APPROVED, State.IN_PROGRESS, State.GRADED, State.ON_RECORD):
            family = {(Act.FAMILY_SIGN, Party.FAMILY)}
            paper = {(Act.PAPER_SIGN, Party.COUNSELOR)}
            assert (Act.SIGN, Party.STUDENT) in seen
            assert set(seen) & (family | paper)
            assert (Act.TEACHER_SIGN, Party.TEACHER) in seen
            assert (Act.APPROVE, Party.COUNSELOR) in seen


def test_a_no_needs_words_and_a_yes_does_not() -> None:
    assert needs_words(State.WITH_COUNSELOR, Act.DENY)
    assert needs_words(State.WITH_TEACHER, Act.RETURN)
    assert not needs_words(State.WITH_COUNSELOR, Act.APPROVE)


@pytest.mark.parametrize(
    ("age", "under_18", "at_18", "wanted"),
    [
        (17, None, None, "signs"),
        (18, None, None, "is_told"),
        (None, None, None, "signs"),
        (17, False, None, "is_told"),
        (18, None, True, "signs"),
        (18, None, False, "is_told"),
        (19, False, True, "signs"),
    ],
)
def test_a_family_signs_until_eighteen(
    age: int | None, under_18: bool | None, at_18: bool | None, wanted: str
) -> None:
    assert family_part(age, under_18, at_18) == wanted


@pytest.mark.parametrize("state", list(State))
def test_what_the_clock_does_it_may_do(state: State) -> None:
    since = NOW - timedelta(days=400)
    for part in FamilyPart:
        for act in due_acts(state, since, NOW, part, 14):
            assert move(state, act, Party.CLOCK, part)


def test_without_days_of_the_district_nothing_lapses_and_nothing_is_late() -> None:
    since = NOW - timedelta(days=400)
    assert due_acts(State.RETURNED, since, NOW, FamilyPart.SIGNS, None) == ()
    assert not overdue(State.WITH_TEACHER, since, NOW, None)


@given(st.integers(0, 60), st.integers(1, 60))
def test_a_plan_is_late_after_its_days_and_not_before(waited: int, days: int) -> None:
    since = NOW - timedelta(days=waited)
    assert overdue(State.WITH_COUNSELOR, since, NOW, days) is (waited > days)
    lapsed = due_acts(State.RETURNED, since, NOW, FamilyPart.SIGNS, days)
    assert (lapsed == (Act.LAPSE,)) is (waited > days)


def test_work_is_past_due_the_day_after() -> None:
    due = date(2027, 5, 21)
    assert not past_due(State.IN_PROGRESS, due, due)
    assert past_due(State.IN_PROGRESS, due, due + timedelta(days=1))
    assert not past_due(State.EVIDENCE_IN, due, due + timedelta(days=1))


def test_what_is_missing_is_named_until_nothing_is() -> None:
    values: dict[str, str] = {}
    needed = needed_fields(["instruments_or_programs"])
    assert missing_fields(values, ["instruments_or_programs"]) == needed
    for name in needed:
        values[name] = "x"
        assert name not in missing_fields(values, ["instruments_or_programs"])
    assert missing_fields(values, ["instruments_or_programs"]) == ()
    assert missing_fields({**values, "content": "   "}) == ("content",)


@given(st.sampled_from(sorted(FIELDS)), st.text(max_size=40))
def test_a_field_takes_or_names_what_is_wrong_and_never_breaks(
    name: str, text: str
) -> None:
    found = field_problem(name, text)
    assert found in ("", "no_day", "no_number", "no_choice", "too_long")


@pytest.mark.parametrize("text", ["nan", "inf", "-1", "0", "1e9", "1,5", ""])
def test_an_amount_is_a_number_above_zero(text: str) -> None:
    assert field_problem("hours", text) == "no_number"
    assert field_problem("credit_amount", text) == "no_number"


def test_days_that_do_not_fit_and_a_start_in_the_past_are_said() -> None:
    today = date(2026, 11, 21)
    late = {"start_date": "2026-11-01", "due_date": "2026-10-01"}
    assert plan_problems(late, today) == ("days_out_of_order", "due_has_passed")
    assert "starts_before_approval" in plan_warnings(late, today)
    good = {"start_date": "2027-01-19", "due_date": "2027-05-21"}
    assert plan_problems(good, today) == ()
    assert plan_warnings(good, today) == ("athletics", "before_start")


MOMENT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


@given(st.integers(-5, 60), st.sampled_from(Act), st.sampled_from(Party), st.booleans())
def test_only_an_own_fresh_decision_on_an_unchanged_plan_is_taken_back(
    minutes: int, act: Act, party: Party, changed: bool
) -> None:
    last = Taken(act, party, "counselor", MOMENT)
    now = MOMENT + timedelta(minutes=minutes)
    decision = act in (Act.APPROVE, Act.RETURN, Act.DENY)
    fresh = 0 <= minutes <= TAKE_BACK_MINUTES
    wanted = decision and party is Party.COUNSELOR and fresh and not changed
    assert may_take_back(last, "counselor", now, changed) is wanted
    assert not may_take_back(last, "another", now, changed)
    assert not may_take_back(None, "counselor", now, changed)
