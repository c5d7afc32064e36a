"""Answers of unfinished flows, saved at each step so that nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from pathways.app import Milepost
from pathways.services.access import Actor, Role, require
from pathways.store.models import Draft
from pathways.store.unit_of_work import UnitOfWork


def save_answers(
    milepost: Milepost, actor: Actor, flow: str, answers: Mapping[str, str | None]
) -> None:
    """Add answers to the draft of a flow; None takes an answer out."""
    require(actor, Role.STUDENT)
    with milepost.work() as work:
        draft = work.conversations.draft(actor.school_id, actor.id, flow)
        if draft is None:
            draft = work.conversations.add(
                Draft(
                    school_id=actor.school_id,
                    student_id=actor.id,
                    flow=flow,
                    language=actor.language,
                    answers={},
                )
            )
        merged = {**draft.answers, **answers}
        draft.answers = {
            name: text for name, text in merged.items() if text is not None
        }
        draft.changed_at = milepost.clock()
        work.commit()


def newest_draft(
    milepost: Milepost, actor: Actor
) -> tuple[str, Mapping[str, str]] | None:
    """Return the flow that a student left last, and the answers given in it."""
    with milepost.work() as work:
        drafts = work.conversations.drafts(actor.school_id, actor.id)
        return (drafts[0].flow, dict(drafts[0].answers)) if drafts else None


def open_drafts(milepost: Milepost, actor: Actor) -> Mapping[str, Mapping[str, str]]:
    """Return the answers left in each unfinished flow, the newest flow first."""
    with milepost.work() as work:
        found = work.conversations.drafts(actor.school_id, actor.id)
        return {one.flow: dict(one.answers) for one in found}


def draft_of(
    milepost: Milepost, actor: Actor, flow: str, within: timedelta
) -> Mapping[str, str]:
    """Return the answers left in a flow, if they are not older than `within`."""
    with milepost.work() as work:
        draft = work.conversations.draft(actor.school_id, actor.id, flow)
        if draft is None or milepost.clock() - draft.changed_at > within:
            return {}
        return dict(draft.answers)


def discard(milepost: Milepost, actor: Actor, flow: str) -> None:
    """Throw the answers of an unfinished flow away, to begin anew."""
    with milepost.work() as work:
        drop_draft(work, actor, flow)
        work.commit()


def drop_draft(work: UnitOfWork, actor: Actor, flow: str) -> None:
    """Delete a draft within a unit of work, when its record is made."""
    draft = work.conversations.draft(actor.school_id, actor.id, flow)
    if draft is not None:
        work.session.delete(draft)
