"""The weekly check-in, whole or short (feature C3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pathways.app import Milepost
from pathways.domain.checkin import AREAS
from pathways.domain.coaching import CHECKIN, Talk
from pathways.services.access import Actor, Role, require, student_for
from pathways.services.drafts import drop_draft
from pathways.services.errors import Invalid
from pathways.store.models import Checkin

FLOW = "checkin"
MOODS, CONFIDENCE = range(1, 6), range(1, 11)


@dataclass(frozen=True)
class CheckinView:
    """A check-in as people see it; mood from 1 to 5, None where it was left out.

    `area` is one of the four categories (P4), `plan` the if-then plan for the obstacle,
    `confidence` from 1 to 10, `fidelity` from 0 to 1 how whole the talk was.
    """

    id: str
    mood: int | None
    promise: str
    promise_result: str
    win: str
    obstacle: str
    next_step: str
    wants_person: bool
    done_at: datetime
    evidence: str = ""
    area: str = ""
    plan: str = ""
    confidence: int | None = None
    fidelity: float | None = None


@dataclass(frozen=True)
class Promise:
    """What a student planned, and when they said so."""

    words: str
    made_at: datetime


def last_promise(milepost: Milepost, actor: Actor) -> str:
    """Return what the student planned last, in their words."""
    found = newest_promise(milepost, actor)
    return found.words if found else ""


def newest_promise(milepost: Milepost, actor: Actor) -> Promise | None:
    """Return the newest plan: of a check-in, a goal, a talk or a meeting (A2)."""
    with milepost.work() as work:
        checkins = work.records.checkins(actor.school_id, actor.id)
        talks = work.records.talks(actor.school_id, actor.id)
        meetings = work.records.meetings(actor.school_id, actor.id)
        goals = [
            goal
            for goal in work.records.goals(actor.school_id, actor.id)
            if goal.status == "active"
        ]
    found = [(one.done_at, one.next_step) for one in checkins[:1] if one.next_step]
    found += [(goal.set_at, goal.first_step) for goal in goals[:1] if goal.first_step]
    found += [(one.done_at, one.action) for one in talks[:1] if one.action]
    found += [(one.met_at, one.agreed) for one in meetings if one.agreed][:1]
    if not found:
        return None
    made_at, words = max(found)
    return Promise(words, made_at)


def save_checkin(
    milepost: Milepost, actor: Actor, answers: Mapping[str, str]
) -> CheckinView:
    """Turn a confirmed check-in into a record.

    Args:
        milepost: the product.
        actor: the student.
        answers: `mood` (1-5 or empty), `promise`, `promise_result` (done, part, not),
            `evidence`, `win`, `area` (one of `AREAS`), `obstacle`, `plan`, `next_step`,
            `confidence` (1-10 or empty), `smaller` (the step that is kept where the
            first was too big), `wants_person` (yes or no).

    Raises:
        Invalid: the mood, the confidence or the area is none.
    """
    require(actor, Role.STUDENT)
    mood = _number(answers, "mood", MOODS)
    confidence = _number(answers, "confidence", CONFIDENCE)
    area = answers.get("area", "")
    if area and area not in AREAS:
        raise Invalid("The area is one of four.", "area")
    steps = {*CHECKIN.steps, *CHECKIN.beside}
    said = {name: text for name, text in answers.items() if name in steps}
    with milepost.work() as work:
        row = work.records.add(
            Checkin(
                school_id=actor.school_id,
                student_id=actor.id,
                language=actor.language,
                mood=mood,
                promise=answers.get("promise", ""),
                promise_result=answers.get("promise_result") or None,
                win=answers.get("win", ""),
                obstacle=answers.get("obstacle", ""),
                next_step=answers.get("smaller") or answers.get("next_step", ""),
                wants_person=answers.get("wants_person") == "yes",
                done_at=milepost.clock(),
                evidence=answers.get("evidence", ""),
                area=area,
                plan=answers.get("plan", ""),
                confidence=confidence,
                fidelity=Talk(CHECKIN, said).fidelity().score,
            )
        )
        drop_draft(work, actor, FLOW)
        work.commit()
        return _view(row)


def _number(answers: Mapping[str, str], name: str, fits: range) -> int | None:
    text = answers.get(name, "")
    if text and (not text.isdecimal() or int(text) not in fits):
        raise Invalid(f"{name} is a number from {fits[0]} to {fits[-1]}.", name)
    return int(text) if text else None


def list_checkins(
    milepost: Milepost, actor: Actor, student_id: str = ""
) -> list[CheckinView]:
    """Return a student's check-ins, newest first; only the student may."""
    require(actor, Role.STUDENT)
    with milepost.work() as work:
        student = student_for(work, actor, student_id or actor.id)
        return [
            _view(row) for row in work.records.checkins(student.school_id, student.id)
        ]


def _view(row: Checkin) -> CheckinView:
    return CheckinView(
        row.id,
        row.mood,
        row.promise,
        row.promise_result or "",
        row.win,
        row.obstacle,
        row.next_step,
        row.wants_person,
        row.done_at,
        row.evidence,
        row.area,
        row.plan,
        row.confidence,
        row.fidelity,
    )
