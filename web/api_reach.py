"""The JSON API around suggestions: hours and places, career ideas, the audit."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from pathways.services import availability, career_ideas, equity
from web.deps import ApiActor, App

router = APIRouter()
Place = Annotated[str, Field(max_length=200)]


class Reach(BaseModel):
    """Hours a week and places; null where the student does not say."""

    hours_a_week: float | None = Field(default=None, ge=0, le=60)
    places: list[Place] | None = Field(default=None, max_length=200)


@router.get("/availability")
def own_availability(actor: ApiActor, milepost: App) -> dict[str, Any]:
    """Return the student's hours and places, and the places there are."""
    return asdict(availability.availability(milepost, actor))


@router.post("/availability")
def say_availability(said: Reach, actor: ApiActor, milepost: App) -> dict[str, Any]:
    """Keep the student's hours and places; the matcher uses them from then on."""
    found = availability.set_availability(
        milepost, actor, said.hours_a_week, said.places
    )
    return asdict(found)


@router.get("/career-ideas")
def own_career_ideas(
    actor: ApiActor,
    milepost: App,
    riasec: Annotated[str, Query(max_length=6)] = "",
    limit: Annotated[int, Query(ge=1, le=50)] = 8,
) -> dict[str, Any]:
    """Return careers to look at, at most two of a field in every eight."""
    found = career_ideas.ideas(milepost, actor, riasec, limit)
    return {"items": [asdict(one) for one in found]}


@router.get("/equity")
def equity_audit(
    actor: ApiActor,
    milepost: App,
    by: str = "grade",
    grade: Annotated[list[int] | None, Query()] = None,
) -> dict[str, Any]:
    """Return who is offered what, by group; small groups are hidden."""
    grades = frozenset(grade) if grade else None
    return asdict(equity.audit_for(milepost, actor, by, None, grades))
