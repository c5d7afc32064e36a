"""The endpoint at which Rasa runs the assistant's actions, behind a token."""

from __future__ import annotations

import hmac
import time
import traceback
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from pathways.app import Milepost
from pathways.services.access import Actor
from web import metrics
from web.deps import gateway_of, milepost_of

if TYPE_CHECKING:
    from rasa_sdk.executor import ActionExecutor

log = structlog.get_logger()
router = APIRouter(prefix="/internal", include_in_schema=False)


class Actions:
    """The registered actions; importing rasa_sdk waits until they are needed."""

    @cached_property
    def executor(self) -> ActionExecutor:
        """All actions of the `actions` package."""
        from rasa_sdk.executor import ActionExecutor

        made = ActionExecutor()
        made.register_package("actions")
        return made

    async def ready(self) -> ActionExecutor:
        """Return the actions; without a thread once they are loaded."""
        if "executor" in self.__dict__:
            return self.executor
        return await run_in_threadpool(lambda: self.executor)

    def work_with(self, milepost: Milepost, speaker: Actor | None) -> None:
        """Hand the product, and who speaks, to the actions of this request."""
        from actions.shared import use

        use(milepost, speaker)


def _allowed(request: Request) -> bool:
    token = milepost_of(request).settings.action_token
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    return bool(token) and hmac.compare_digest(given.encode(), token.encode())


async def _call(request: Request) -> dict[str, Any]:
    """Return what Rasa sent, nothing where it can't be read."""
    try:
        call = await request.json()
    except ValueError:
        return {}
    return call if isinstance(call, dict) else {}


@router.post("/actions")
async def run_action(request: Request) -> Response:
    """Run one action for Rasa; nothing of the request comes back in an error."""
    if not _allowed(request):
        return JSONResponse({"error": "not allowed"}, status_code=401)
    call: dict[str, Any] = {"domain": {}, **await _call(request)}
    name = str(call.get("next_action"))
    actions: Actions = request.app.state.actions
    executor = await actions.ready()
    if name not in executor.actions:
        return JSONResponse({"error": "no such action"}, status_code=404)
    speaker = gateway_of(request).speaker(str(call.get("sender_id")))
    actions.work_with(milepost_of(request), speaker)
    begun = time.perf_counter()
    try:
        with metrics.action_seconds.labels(name).time():
            result = await executor.run(call)
    except Exception as error:
        metrics.action_errors.labels(name).inc()
        log.error(
            "action.failed", action=name, error=type(error).__name__, at=_place(error)
        )
        return JSONResponse({"error": "the action failed"}, status_code=500)
    log.debug("action.ran", action=name, seconds=round(time.perf_counter() - begun, 4))
    return JSONResponse(result.model_dump() if result else {})


def _place(error: BaseException) -> str:
    """Return file and line of an error; its text could hold a student's words."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"
