"""What helps a person here: a language, and a student's supports (P8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pathways.app import Milepost
from pathways.services.access import Actor, Role, require
from pathways.services.drafts import drop_draft
from pathways.services.errors import Invalid
from pathways.store.unit_of_work import UnitOfWork
from pathways.store.wish_models import Preference

FLOW = "onboarding"
SUPPORTS = (
    "read_aloud",
    "dictation",
    "large_text",
    "plain_words",
    "visual_cues",
)
LOOKS = ("more_contrast", "less_motion")
LONGEST = 40
SPOKEN = ("en", "es")


@dataclass(frozen=True)
class Settings:
    """What a student chose.

    `supports` are names of `SUPPORTS`, `looks` of `LOOKS` (how the pages are drawn),
    `wish` is a language in the student's words, empty where they wish for none but
    the coach's own.
    """

    supports: tuple[str, ...] = ()
    wish: str = ""
    looks: tuple[str, ...] = ()


def settings_of(milepost: Milepost, actor: Actor) -> Settings:
    """Return what the student chose."""
    require(actor, Role.STUDENT)
    with milepost.work() as work:
        row = work.wishes.preference(actor.school_id, actor.id)
    if row is None:
        return Settings()
    kept = row.supports
    return Settings(
        tuple(one for one in SUPPORTS if one in kept),
        row.wish,
        tuple(one for one in LOOKS if one in kept),
    )


def first_meeting(milepost: Milepost, actor: Actor) -> bool:
    """Tell whether the student was never offered a choice; that is true once."""
    require(actor, Role.STUDENT)
    with milepost.work() as work:
        if work.wishes.preference(actor.school_id, actor.id) is not None:
            return False
        _row(milepost, work, actor)
        work.commit()
    return True


def choose(
    milepost: Milepost, actor: Actor, supports: Sequence[str], wish: str
) -> Settings:
    """Keep what the student chose instead of what they chose before.

    Raises:
        Invalid: there is no such support.
    """
    require(actor, Role.STUDENT)
    if not set(supports) <= set(SUPPORTS):
        raise Invalid("There is no such support.", "supports")
    kept = [one for one in SUPPORTS if one in supports]
    with milepost.work() as work:
        row = _row(milepost, work, actor)
        looks = [one for one in LOOKS if one in row.supports]
        row.supports, row.wish = [*kept, *looks], wish.strip()[:LONGEST]
        row.set_at = milepost.clock()
        drop_draft(work, actor, FLOW)
        work.commit()
    return settings_of(milepost, actor)


def choose_looks(
    milepost: Milepost, actor: Actor, supports: Sequence[str], looks: Sequence[str]
) -> Settings:
    """Keep supports and the look of the pages, and leave the language as it is.

    Raises:
        Invalid: there is no such support or look.
    """
    require(actor, Role.STUDENT)
    if not {*supports} <= {*SUPPORTS} or not {*looks} <= {*LOOKS}:
        raise Invalid("There is no such support.", "supports")
    with milepost.work() as work:
        row = _row(milepost, work, actor)
        row.supports = [
            one for one in (*SUPPORTS, *LOOKS) if one in (*supports, *looks)
        ]
        row.set_at = milepost.clock()
        work.commit()
    return settings_of(milepost, actor)


def speak(milepost: Milepost, actor: Actor, language: str) -> str:
    """Have the coach and the pages speak a language of `SPOKEN` with a person.

    Returns:
        The language from now on.

    Raises:
        Invalid: the coach does not speak it.
    """
    require(actor, *Role)
    if language not in SPOKEN:
        raise Invalid("The coach does not speak this language.", "language")
    with milepost.work() as work:
        person = work.people.person(actor.school_id, actor.id)
        if person is not None:
            person.language = language
        if actor.role is Role.STUDENT:
            row = _row(milepost, work, actor)
            row.wish, row.set_at = "", milepost.clock()
        work.commit()
    return language


def wish_for_language(milepost: Milepost, actor: Actor, wish: str) -> Settings:
    """Keep the language that the student wishes for; empty takes the wish back."""
    require(actor, Role.STUDENT)
    with milepost.work() as work:
        row = _row(milepost, work, actor)
        row.wish, row.set_at = wish.strip()[:LONGEST], milepost.clock()
        work.commit()
    return settings_of(milepost, actor)


def _row(milepost: Milepost, work: UnitOfWork, actor: Actor) -> Preference:
    found = work.wishes.preference(actor.school_id, actor.id)
    return found or work.wishes.add(
        Preference(
            school_id=actor.school_id,
            student_id=actor.id,
            supports=[],
            wish="",
            set_at=milepost.clock(),
        )
    )
