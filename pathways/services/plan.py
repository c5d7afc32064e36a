"""The student's plan on one page: goals, saved options, interests (P3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pathways.app import Milepost
from pathways.services.access import Actor, Role, require
from pathways.services.goals import GoalView, list_goals
from pathways.services.interest_scores import KIND as SCORES
from pathways.services.mastery import Standing, profile
from pathways.services.option_views import OptionView
from pathways.services.options import saved


@dataclass(frozen=True)
class InterestView:
    """What a student likes or aims for, and when they said so."""

    kind: str
    words: str
    said_at: datetime


@dataclass(frozen=True)
class Plan:
    """Goals, options kept, interests and the mastery record."""

    goals: tuple[GoalView, ...]
    saved: tuple[OptionView, ...]
    interests: tuple[InterestView, ...]
    mastery: tuple[Standing, ...]


def view_plan(milepost: Milepost, actor: Actor) -> Plan:
    """Return the student's own plan."""
    require(actor, Role.STUDENT)
    with milepost.work() as work:
        interests = tuple(
            InterestView(row.kind, row.words, row.said_at)
            for row in work.records.interests(actor.school_id, actor.id)
            if row.kind != SCORES
        )
    return Plan(
        tuple(list_goals(milepost, actor)),
        tuple(saved(milepost, actor)),
        interests,
        tuple(profile(milepost, actor)),
    )
