"""The road of a credit-flexibility plan: who may do what, and when it waits (O7).

A plan goes from the student to the family, the teacher of record and the counselor,
and after approval from the first hour to the school's record. The table below is the
whole of it; only `may_take_back` decides besides it, on a decision made by mistake.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

ADULT = 18
TAKE_BACK_MINUTES = 30


class State(StrEnum):
    """Where a plan stands."""

    DRAFT = "draft"
    WITH_FAMILY = "with_family"
    WITH_TEACHER = "with_teacher"
    WITH_COUNSELOR = "with_counselor"
    RETURNED = "returned"
    DENIED = "denied"
    APPROVED = "approved"
    IN_PROGRESS = "in_progress"
    EVIDENCE_IN = "evidence_in"
    GRADED = "graded"
    ON_RECORD = "on_record"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class Party(StrEnum):
    """What a person is to one plan; the clock acts where a time runs out."""

    STUDENT = "student"
    FAMILY = "family"
    TEACHER = "teacher"
    COUNSELOR = "counselor"
    CLOCK = "clock"


class Act(StrEnum):
    """What can be done with a plan."""

    SIGN = "sign"
    FAMILY_SIGN = "family_sign"
    PAPER_SIGN = "paper_sign"
    FAMILY_NOTICE = "family_notice"
    TEACHER_SIGN = "teacher_sign"
    APPROVE = "approve"
    RETURN = "return"
    DENY = "deny"
    BEGIN = "begin"
    ADD_EVIDENCE = "add_evidence"
    HAND_IN = "hand_in"
    ASK_MORE = "ask_more"
    GRADE = "grade"
    RECORD = "record"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"
    TAKE_BACK = "take_back"


class NotAllowed(Exception):
    """The act is not open to this party in this state."""


@dataclass(frozen=True)
class Move:
    """One step of the road: who may take it, where it leads, whether it needs words."""

    parties: frozenset[Party]
    to: State
    words: bool = False


def _by(*parties: Party) -> frozenset[Party]:
    return frozenset(parties)


STUDENT, FAMILY = _by(Party.STUDENT), _by(Party.FAMILY)
TEACHER, COUNSELOR = _by(Party.TEACHER), _by(Party.COUNSELOR)
CLOCK = _by(Party.CLOCK)
OPEN = (
    State.DRAFT,
    State.WITH_FAMILY,
    State.WITH_TEACHER,
    State.WITH_COUNSELOR,
    State.RETURNED,
    State.APPROVED,
    State.IN_PROGRESS,
)
EDITABLE = frozenset({State.DRAFT, State.RETURNED})
CLOSED = frozenset({State.ON_RECORD, State.DENIED, State.WITHDRAWN, State.LAPSED})
SEEN_BY_OTHERS = frozenset(State) - {State.DRAFT}

MOVES: Mapping[tuple[State, Act], Move] = {
    (State.DRAFT, Act.SIGN): Move(STUDENT, State.WITH_FAMILY),
    (State.RETURNED, Act.SIGN): Move(STUDENT, State.WITH_FAMILY),
    (State.WITH_FAMILY, Act.FAMILY_SIGN): Move(FAMILY, State.WITH_TEACHER),
    (State.WITH_FAMILY, Act.PAPER_SIGN): Move(COUNSELOR, State.WITH_TEACHER, True),
    (State.WITH_FAMILY, Act.FAMILY_NOTICE): Move(CLOCK, State.WITH_TEACHER),
    (State.WITH_FAMILY, Act.RETURN): Move(FAMILY, State.RETURNED, True),
    (State.WITH_TEACHER, Act.TEACHER_SIGN): Move(TEACHER, State.WITH_COUNSELOR),
    (State.WITH_TEACHER, Act.RETURN): Move(TEACHER, State.RETURNED, True),
    (State.WITH_COUNSELOR, Act.APPROVE): Move(COUNSELOR, State.APPROVED),
    (State.WITH_COUNSELOR, Act.RETURN): Move(COUNSELOR, State.RETURNED, True),
    (State.WITH_COUNSELOR, Act.DENY): Move(COUNSELOR, State.DENIED, True),
    (State.APPROVED, Act.BEGIN): Move(STUDENT, State.IN_PROGRESS),
    (State.IN_PROGRESS, Act.ADD_EVIDENCE): Move(STUDENT, State.IN_PROGRESS, True),
    (State.IN_PROGRESS, Act.HAND_IN): Move(STUDENT, State.EVIDENCE_IN),
    (State.EVIDENCE_IN, Act.ASK_MORE): Move(TEACHER, State.IN_PROGRESS, True),
    (State.EVIDENCE_IN, Act.GRADE): Move(TEACHER, State.GRADED, True),
    (State.GRADED, Act.RECORD): Move(COUNSELOR, State.ON_RECORD),
    (State.RETURNED, Act.LAPSE): Move(CLOCK, State.LAPSED),
    **{(state, Act.WITHDRAW): Move(STUDENT, State.WITHDRAWN) for state in OPEN},
}


@dataclass(frozen=True)
class Taken:
    """A step that was taken; `who` is the id of the person, None for the clock."""

    act: Act
    party: Party
    who: str | None
    at: datetime


DECISIONS = frozenset({Act.APPROVE, Act.RETURN, Act.DENY})


def may_take_back(last: Taken | None, who: str, now: datetime, changed: bool) -> bool:
    """Tell whether a counselor may take the last decision back.

    Only the one who took it, within `TAKE_BACK_MINUTES`, and not once the next person
    has acted: a later step, or a student who began to change a returned plan.

    Args:
        last: the newest step of the plan.
        who: the id of the person who wants to.
        now: the moment.
        changed: whether the student has changed the plan since the last signature.
    """
    if last is None or last.act not in DECISIONS or last.party is not Party.COUNSELOR:
        return False
    in_time = timedelta() <= now - last.at <= timedelta(minutes=TAKE_BACK_MINUTES)
    return last.who == who and in_time and not changed


class FamilyPart(StrEnum):
    """What the family does with a plan: signs it, or hears of it."""

    SIGNS = "signs"
    IS_TOLD = "is_told"


def family_part(
    age: int | None, under_18: bool | None = None, at_18: bool | None = None
) -> FamilyPart:
    """Return the family's part: it signs until 18, then hears of it.

    Args:
        age: of the student in whole years; where it is not known, the family signs.
        under_18: whether the district asks for a signature before 18; None: yes.
        at_18: whether the district asks for one from 18 on; None: no.

    Source: decision 6 of the design, features.md.
    """
    grown = age is not None and age >= ADULT
    signs = (at_18 is True) if grown else (under_18 is not False)
    return FamilyPart.SIGNS if signs else FamilyPart.IS_TOLD


def move(state: State, act: Act, party: Party, family: FamilyPart) -> State:
    """Return where an act leads.

    A student's signature goes past the family where the family is only told.

    Raises:
        NotAllowed: the act is not open to this party in this state.
    """
    found = MOVES.get((state, act))
    if found is None or party not in found.parties:
        raise NotAllowed(f"{party} can't {act} a plan that is {state}.")
    if act is Act.FAMILY_NOTICE and family is FamilyPart.SIGNS:
        raise NotAllowed("The family signs this plan.")
    if found.to is State.WITH_FAMILY and family is FamilyPart.IS_TOLD:
        return State.WITH_TEACHER
    return found.to


def acts_for(state: State, party: Party) -> tuple[Act, ...]:
    """Return what a party may do now, in the order of the road."""
    return tuple(
        act
        for act in Act
        if (found := MOVES.get((state, act))) is not None and party in found.parties
    )


def needs_words(state: State, act: Act) -> bool:
    """Tell whether an act needs a reason or other words."""
    found = MOVES.get((state, act))
    return found is not None and found.words


def waits_for(state: State) -> Party | None:
    """Return whose turn it is; None where the road has ended."""
    return {
        State.DRAFT: Party.STUDENT,
        State.WITH_FAMILY: Party.FAMILY,
        State.WITH_TEACHER: Party.TEACHER,
        State.WITH_COUNSELOR: Party.COUNSELOR,
        State.RETURNED: Party.STUDENT,
        State.APPROVED: Party.STUDENT,
        State.IN_PROGRESS: Party.STUDENT,
        State.EVIDENCE_IN: Party.TEACHER,
        State.GRADED: Party.COUNSELOR,
    }.get(state)


def overdue(
    state: State, since: datetime, now: datetime, decision_days: int | None
) -> bool:
    """Tell whether an approver has kept a plan longer than the district allows.

    Without a number of days of the district nothing is ever late.
    """
    waiting = state in (State.WITH_FAMILY, State.WITH_TEACHER, State.WITH_COUNSELOR)
    if not waiting or decision_days is None:
        return False
    return now - since > timedelta(days=decision_days)


def due_acts(
    state: State,
    since: datetime,
    now: datetime,
    family: FamilyPart,
    resubmit_days: int | None,
) -> tuple[Act, ...]:
    """Return what the clock does with a plan now; nothing is ever approved by it.

    A returned plan lapses where the district has set days to send it again. A plan
    that waits for a family goes on once the student is of age and the family is
    only told.
    """
    if state is State.WITH_FAMILY and family is FamilyPart.IS_TOLD:
        return (Act.FAMILY_NOTICE,)
    late = resubmit_days is not None and now - since > timedelta(days=resubmit_days)
    return (Act.LAPSE,) if state is State.RETURNED and late else ()


def past_due(state: State, due: date | None, today: date) -> bool:
    """Tell whether the work is not in although its day has passed."""
    working = state in (State.APPROVED, State.IN_PROGRESS)
    return working and due is not None and today > due
