"""Drafting a credit-flexibility plan in the chat, and where plans stand (O7)."""

from __future__ import annotations

import json
from collections.abc import Iterable

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions.answers import ValidateFlow
from actions.credit_plan_answers import CHECKS, FLOW
from actions.credit_plan_draft import GONE
from actions.forms import BeginFlow, offer_return
from actions.shared import CoachAction, OwnRecord, Turn
from actions.talking import AskReview
from pathways.domain.credit_plan import EDITABLE
from pathways.services import courses, credit_plans, drafts
from pathways.services.credit_plan_views import PlanView
from pathways.services.errors import Invalid, NotFound

TOLD = 4


class BeginCreditPlan(BeginFlow):
    """Opens the draft; a class that the message names is taken."""

    flow = FLOW
    start, go_on = "utter_credit_plan_start", "utter_credit_plan_continue"

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_begin_credit_plan"

    async def known(self, turn: Turn) -> list[EventType]:
        """Take the class from the opening message, and what its draft holds."""
        found = await turn.call(courses.find_course, turn.named("subject", "option"))
        if found is None:
            return []
        opened = await FLOW.open_plan(turn, found.code)
        known = {"course": found.title, "code": found.code, **FLOW.as_on_page(opened)}
        await turn.call(drafts.save_answers, FLOW.name, known)
        return [SlotSet(FLOW.slot(field), text) for field, text in known.items()]


class ValidateCreditPlan(ValidateFlow):
    """Checks the answers of the plan."""

    flow = FLOW
    checks = CHECKS


class AskCreditPlanConfirmed(AskReview):
    """Reads the plan back."""

    flow = FLOW
    response = "utter_ask_credit_plan_form_credit_plan_confirmed"

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_ask_credit_plan_form_credit_plan_confirmed"


class SaveCreditPlan(CoachAction):
    """Keeps the draft, which the page goes on with."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_save_credit_plan"

    async def act(self, turn: Turn) -> Iterable[EventType]:
        """Save, and say what an approver still needs."""
        said = FLOW.answers(turn.tracker)
        try:
            plan = await self._saved(turn, said)
        except Invalid as error:
            turn.dispatcher.utter_message(text=str(error))
            return [SlotSet(FLOW.slot("confirmed"), None), FollowupAction(FLOW.form)]
        await turn.call(drafts.discard, FLOW.name)
        if plan is None:
            turn.utter("utter_credit_plan_gone")
        else:
            self._tell(turn, plan)
            turn.note("credit_plan", title=plan.title)
        await offer_return(turn)
        return FLOW.cleared()

    async def _saved(self, turn: Turn, said: dict[str, str]) -> PlanView | None:
        if said.get("plan") == GONE:
            return None
        plan = said.get("plan", "")
        if not plan or plan == "new":
            plan = (await turn.call(credit_plans.draft, said.get("code", ""))).id
        try:
            fields = FLOW.fields_of(said)
            return await turn.call(credit_plans.save_fields, plan, fields)
        except NotFound:
            return None

    def _tell(self, turn: Turn, plan: PlanView) -> None:
        labels = {one.name: one.label for one in plan.fields}
        missing = [labels[one] for one in plan.missing]
        if not missing:
            turn.utter("utter_credit_plan_complete", title=plan.title)
            return
        turn.utter(
            "utter_credit_plan_saved",
            title=plan.title,
            missing=turn.listed(missing[:TOLD]),
            more=len(missing),
        )


class ShowCreditPlans(OwnRecord):
    """Says where the student's plans stand."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_show_credit_plans"

    async def tell(self, turn: Turn) -> Iterable[EventType]:
        """A line for each plan, the newest first."""
        found = await turn.call(credit_plans.plans)
        if not found:
            turn.utter("utter_credit_plans_none")
            return []
        lines = [
            turn.line(
                "coach.credit_plan_line",
                title=one.title,
                state=turn.line(f"coach.plan_state_{one.state}"),
            )
            for one in found[:TOLD]
        ]
        turn.dispatcher.utter_message(
            response="utter_credit_plans",
            lines="\n".join(lines),
            buttons=[
                {
                    "title": turn.line("coach.button_go_on_with", title=one.title),
                    "payload": f"/start_credit_flex_plan{named(one.title)}",
                }
                for one in found[:TOLD]
                if one.state in EDITABLE
            ],
        )
        return []


def named(title: str) -> str:
    """Return what a button carries to open the plan of a class."""
    return json.dumps({"option": title})
