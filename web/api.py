"""The JSON API that other programs rely on (design: api.md), under /api/v1."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from pathways.domain.options import OptionKind
from pathways.services import (
    alerts,
    caseload,
    checkins,
    conversation,
    credit_plans,
    credit_ways,
    experiences,
    goals,
    graduation,
    graduation_check,
    mastery,
    options,
    plan,
    record,
    reminders,
    second_factor,
    summaries,
    talks,
)
from pathways.services import what_if as trying
from pathways.services.back_off import TooManyTries
from pathways.services.buttons import public_replies
from pathways.services.errors import Invalid
from pathways.services.messages import Message
from pathways.services.record import RecordFormat
from web import api_reach
from web.deps import ApiActor, App, caller_of, gateway_of
from web.problems import problem
from web.version import versions

router = APIRouter(prefix="/api/v1")
router.include_router(api_reach.router)
Limit = Annotated[int, Query(ge=1, le=50)]
Place = Annotated[int | None, Query(ge=1, le=2**31 - 1)]


class Credentials(BaseModel):
    """A local account."""

    username: str = Field(max_length=80)
    password: str = Field(max_length=200)
    code: str = Field(default="", max_length=40)


class Said(BaseModel):
    """A message of a student; the same id again gives the same answer.

    `seen` is the place of the last turn that they had before their eyes.
    """

    client_message_id: UUID
    text: str
    seen: int | None = Field(default=None, ge=0, le=2**31 - 1)


@router.post("/token")
async def token(given: Credentials, milepost: App, request: Request) -> Response:
    """Sign in with a local account, and a code where the account has a code app."""
    try:
        secret = await run_in_threadpool(
            second_factor.sign_in_with_code,
            milepost,
            given.username,
            given.password,
            given.code,
            caller_of(request),
        )
    except TooManyTries as error:
        found = problem(429, str(error))
        found.headers["retry-after"] = str(error.seconds)
        return found
    except Invalid as error:
        return problem(401, str(error))
    return JSONResponse({"token": secret})


def shown(message: Message) -> dict[str, Any]:
    """Return a turn as the contract has it."""
    return {
        "message_id": message.id,
        "client_message_id": message.client_message_id,
        "text": message.text,
        "received_at": message.received_at.isoformat(),
        "place": message.place,
        "status": message.status,
        "safety": message.safety,
        "replies": public_replies(message.replies),
    }


@router.post("/messages")
async def say(said: Said, actor: ApiActor, request: Request) -> Response:
    """Say something to the coach."""
    message = await gateway_of(request).turn(
        actor, str(said.client_message_id), said.text, said.seen
    )
    return JSONResponse(shown(message))


@router.get("/messages")
def messages(
    actor: ApiActor, milepost: App, before: Place = None, limit: Limit = 50
) -> dict[str, Any]:
    """Return the student's conversation, newest last."""
    found = conversation.messages(milepost, actor, before, limit)
    return {
        "items": [shown(one) for one in found],
        "before": found[0].place if found else None,
    }


@router.get("/plan")
def whole_plan(actor: ApiActor, milepost: App) -> dict[str, Any]:
    """Return the student's plan."""
    return asdict(plan.view_plan(milepost, actor))


@router.get("/goals")
def all_goals(actor: ApiActor, milepost: App) -> dict[str, Any]:
    """Return the student's goals, the active ones first."""
    return {"items": [asdict(one) for one in goals.list_goals(milepost, actor)]}


@router.get("/mastery")
def all_mastery(actor: ApiActor, milepost: App) -> dict[str, Any]:
    """Return the student's standing in each competency with results."""
    return {"items": [asdict(one) for one in mastery.profile(milepost, actor)]}


@router.get("/graduation")
def graduation_status(actor: ApiActor, milepost: App) -> dict[str, Any]:
    """Return credits against the state's least number, and the whole check."""
    return {
        **asdict(graduation.status(milepost, actor)),
        "check": asdict(graduation_check.graduation_check(milepost, actor)),
    }


@router.get("/experiences")
def all_experiences(actor: ApiActor, milepost: App) -> dict[str, Any]:
    """Return the student's hours, newest first, and where they count."""
    return asdict(experiences.ledger(milepost, actor))


@router.get("/credit-plans")
def all_credit_plans(actor: ApiActor, milepost: App) -> dict[str, Any]:
    """Return the student's credit-flexibility plans, newest first."""
    return {"items": [asdict(one) for one in credit_plans.plans(milepost, actor)]}


@router.get("/credit-ways")
def credit_ways_of(
    actor: ApiActor, milepost: App, course: Annotated[str, Query(max_length=80)]
) -> dict[str, Any]:
    """Return the ways to earn a course's credit outside class, the best first."""
    return asdict(credit_ways.ways(milepost, actor, course))


@router.get("/checkins")
def all_checkins(actor: ApiActor, milepost: App) -> dict[str, Any]:
    """Return the student's check-ins, newest first."""
    return {"items": [asdict(one) for one in checkins.list_checkins(milepost, actor)]}


@router.get("/record")
def own_record(
    actor: ApiActor, milepost: App, format: RecordFormat = RecordFormat.JSON
) -> Response:
    """Return the student's own record as a file."""
    found = record.export_record(milepost, actor, format)
    name = f'attachment; filename="{found.name}"'
    return Response(
        found.content,
        media_type=found.media_type,
        headers={"Content-Disposition": name},
    )


@router.get("/reflections")
def all_reflections(actor: ApiActor, milepost: App) -> dict[str, Any]:
    """Return the student's own reflections, newest first; nobody else may."""
    return {"items": [asdict(one) for one in talks.list_reflections(milepost, actor)]}


@router.get("/reminders")
def all_reminders(actor: ApiActor, milepost: App) -> dict[str, Any]:
    """Return the student's reminders that are still to come."""
    return {"items": [asdict(one) for one in reminders.list_reminders(milepost, actor)]}


@router.get("/options")
def suggestions(
    actor: ApiActor, milepost: App, kind: OptionKind | None = None, limit: Limit = 5
) -> dict[str, Any]:
    """Suggest options with their reasons."""
    found = options.suggest(milepost, actor, kind, limit)
    return {
        "suggestion_id": found.id,
        "catalog_version": found.catalog_version,
        "policy_version": found.policy_version,
        "as_of": found.as_of,
        "items": [asdict(one) for one in found.items],
        "not_yet": [asdict(one) for one in found.not_yet],
    }


class Changed(BaseModel):
    """Other choices to try out, by the codes of courses and places."""

    drop: list[str] = Field(default_factory=list, max_length=20)
    add: list[str] = Field(default_factory=list, max_length=20)
    finish: list[str] = Field(default_factory=list, max_length=20)


@router.post("/options/what-if")
def what_if(changed: Changed, actor: ApiActor, milepost: App) -> dict[str, Any]:
    """Say what other choices would change; nothing is saved."""
    found = trying.what_if(milepost, actor, changed.drop, changed.add, changed.finish)
    return asdict(found)


@router.get("/options/{option_id:path}/why")
def why(option_id: str, actor: ApiActor, milepost: App) -> dict[str, Any]:
    """Say why an option fits or not, and what would change that."""
    found = options.why(milepost, actor, option_id)
    return {
        **asdict(found),
        "why": [asdict(one) for one in found.reasons],
        "why_not": list(found.limits),
        "would_change": [found.next_step]
        if found.limits
        else [*found.conditions, *found.would_change],
    }


@router.get("/summaries")
def own_summaries(actor: ApiActor, milepost: App) -> dict[str, Any]:
    """Return the student's summaries, the draft first."""
    return {"items": [asdict(one) for one in summaries.list_summaries(milepost, actor)]}


@router.post("/summaries/{summary_id}/release")
def release(summary_id: str, actor: ApiActor, milepost: App) -> dict[str, Any]:
    """Let the advisor see a summary."""
    return asdict(summaries.release(milepost, actor, summary_id))


@router.get("/caseload")
def own_caseload(actor: ApiActor, milepost: App) -> dict[str, Any]:
    """Return the advisor's students, those who need a look first."""
    return {"items": [asdict(one) for one in caseload.caseload(milepost, actor)]}


@router.get("/caseload/{student}/summaries")
def released(student: str, actor: ApiActor, milepost: App) -> dict[str, Any]:
    """Return what a student released."""
    found = summaries.released_summaries(milepost, actor, student)
    return {"items": [asdict(one) for one in found]}


@router.get("/alerts")
def open_alerts(actor: ApiActor, milepost: App) -> list[dict[str, Any]]:
    """Return alerts, the unacknowledged first."""
    return [asdict(one) for one in alerts.list_alerts(milepost, actor)]


@router.post("/alerts/{alert_id}/acknowledge")
def acknowledge(alert_id: str, actor: ApiActor, milepost: App) -> dict[str, Any]:
    """Take an alert on."""
    return asdict(alerts.acknowledge(milepost, actor, alert_id))


@router.get("/version")
def version(milepost: App) -> dict[str, Any]:
    """Return which code, model and catalog are running."""
    return versions(milepost)
