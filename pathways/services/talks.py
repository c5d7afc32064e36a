"""Finished coaching talks: reflections, GROW, projects (features C4, C5, C7, C8)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from pathways.app import Milepost
from pathways.domain.coaching import METHODS, OutOfOrder, talk_of
from pathways.domain.features import Feature
from pathways.services.access import Actor, Role, require
from pathways.services.drafts import drop_draft
from pathways.services.errors import Invalid, NotFound
from pathways.services.features import check_on
from pathways.store.models import CoachingTalk

REFLECTIONS = frozenset({"what", "gibbs"})


@dataclass(frozen=True)
class TalkView:
    """A talk as the student sees it.

    `fidelity` runs from 0 to 1; `private` stays true until the student puts a line
    of it into a summary.
    """

    id: str
    method: str
    answers: Mapping[str, str]
    action: str
    day: date | None
    fidelity: float
    private: bool
    done_at: datetime


def save_talk(
    milepost: Milepost,
    actor: Actor,
    flow: str,
    method: str,
    answers: Mapping[str, str],
) -> TalkView:
    """Turn a confirmed talk into a record.

    Args:
        milepost: the product.
        actor: the student.
        flow: whose draft ends with it.
        method: a name of METHODS.
        answers: words by step; a left out step is empty; `day` is an ISO date.

    Raises:
        Invalid: a step is missing or out of order; the method is unknown.
    """
    require(actor, Role.STUDENT)
    if method not in METHODS:
        raise Invalid("There is no such way to talk.", "method")
    try:
        talk = talk_of(METHODS[method], answers)
    except (OutOfOrder, ValueError) as error:
        raise Invalid("One of the steps is missing.", "answers") from error
    if not talk.complete:
        raise Invalid("The talk is not finished yet.", str(talk.next_step))
    with milepost.work() as work:
        check_on(work, actor, Feature.REFLECTIONS)
        row = work.records.add(
            CoachingTalk(
                school_id=actor.school_id,
                student_id=actor.id,
                language=actor.language,
                method=method,
                answers=dict(talk.answers),
                action=answers.get("action") or answers.get("choice", ""),
                day=date.fromisoformat(answers["day"]) if answers.get("day") else None,
                fidelity=round(talk.fidelity().score, 3),
                private=True,
                done_at=milepost.clock(),
            )
        )
        drop_draft(work, actor, flow)
        work.commit()
        return _view(row)


def list_talks(
    milepost: Milepost, actor: Actor, methods: Collection[str] = tuple(METHODS)
) -> list[TalkView]:
    """Return the student's own talks by some methods, newest first; nobody else may."""
    require(actor, Role.STUDENT)
    with milepost.work() as work:
        rows = work.records.talks(actor.school_id, actor.id)
        return [_view(row) for row in rows if row.method in methods]


def list_reflections(milepost: Milepost, actor: Actor) -> list[TalkView]:
    """Return the student's own reflections, newest first; nobody else may."""
    return list_talks(milepost, actor, REFLECTIONS)


def open_talk(milepost: Milepost, actor: Actor, talk_id: str) -> TalkView:
    """Mark that a line of a talk may go into a summary, at the student's wish.

    Raises:
        NotFound: it is not the student's own.
    """
    require(actor, Role.STUDENT)
    with milepost.work() as work:
        rows = work.records.talks(actor.school_id, actor.id)
        row = next((one for one in rows if one.id == talk_id), None)
        if row is None:
            raise NotFound("The talk")
        row.private = False
        work.commit()
        return _view(row)


def _view(row: CoachingTalk) -> TalkView:
    return TalkView(
        row.id,
        row.method,
        dict(row.answers),
        row.action,
        row.day,
        row.fidelity,
        row.private,
        row.done_at,
    )
