"""Drafting a credit-flexibility plan in the chat, and where plans stand (O7)."""

from __future__ import annotations

from collections.abc import Iterable

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions.answers import (
    HOURS,
    Checked,
    ValidateFlow,
    coming_day,
    confirmed,
    own_words,
)
from actions.forms import BeginFlow, Flow, offer_return
from actions.shared import CoachAction, OwnRecord, Turn
from actions.talking import AskReview
from pathways.services import courses, credit_plans, drafts
from pathways.services.errors import Invalid

FLOW = Flow(
    "credit_plan",
    ("course", "ways", "activities", "hours", "proof", "enough", "day", "confirmed"),
    frozenset({"ways", "activities", "hours", "proof", "enough", "day"}),
    hidden=("code",),
)
FIELDS = {
    "ways": "ways",
    "activities": "activities",
    "hours": "hours",
    "proof": "how_proficiency_is_shown",
    "enough": "minimum_threshold",
    "day": "due_date",
}
INVALID = "utter_invalid_credit_plan_form_credit_plan_"
TOLD = 4


class BeginCreditPlan(BeginFlow):
    """Opens the draft; a class that the message names is taken."""

    flow = FLOW
    start, go_on = "utter_credit_plan_start", "utter_credit_plan_continue"

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_begin_credit_plan"

    async def known(self, turn: Turn) -> list[EventType]:
        """Take the class from the opening message."""
        found = await turn.call(courses.find_course, turn.named("subject", "option"))
        if found is None:
            return []
        known = {"course": found.title, "code": found.code}
        await turn.call(drafts.save_answers, FLOW.name, known)
        return [SlotSet(FLOW.slot(field), text) for field, text in known.items()]


async def check_course(turn: Turn, value: str) -> Checked:
    """Take a class of the catalog."""
    found = await turn.call(courses.find_course, [*turn.named("subject"), value])
    if found is None:
        turn.utter(f"{INVALID}course", given=value)
        return None, None
    turn.tracker.slots[FLOW.slot("code")] = found.code
    return found.title, found.title


async def check_hours(turn: Turn, value: str) -> Checked:
    """Take a number of hours."""
    found = HOURS.search(value)
    if found is None:
        turn.utter(f"{INVALID}hours")
        return None, None
    return found[1], found[1]


class ValidateCreditPlan(ValidateFlow):
    """Checks the answers of the plan."""

    flow = FLOW
    checks = {
        "course": check_course,
        "ways": own_words(f"{INVALID}ways"),
        "activities": own_words(f"{INVALID}activities"),
        "hours": check_hours,
        "proof": own_words(f"{INVALID}proof"),
        "enough": own_words(f"{INVALID}enough"),
        "day": coming_day(f"{INVALID}day"),
        "confirmed": confirmed(f"{INVALID}confirmed"),
    }


class AskCreditPlanConfirmed(AskReview):
    """Reads the plan back."""

    flow = FLOW
    response = "utter_ask_credit_plan_form_credit_plan_confirmed"

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_ask_credit_plan_form_credit_plan_confirmed"


class SaveCreditPlan(CoachAction):
    """Turns the answers into a draft plan that the page goes on with."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_save_credit_plan"

    async def act(self, turn: Turn) -> Iterable[EventType]:
        """Save, and say what an approver still needs."""
        said = FLOW.answers(turn.tracker)
        answers = {name: said.get(field, "") for field, name in FIELDS.items()}
        try:
            plan = await turn.call(credit_plans.draft, said.get("code", ""))
            plan = await turn.call(credit_plans.save_fields, plan.id, answers)
        except Invalid as error:
            turn.dispatcher.utter_message(text=str(error))
            return [SlotSet(FLOW.slot("confirmed"), None), FollowupAction(FLOW.form)]
        await turn.call(drafts.discard, FLOW.name)
        labels = {one.name: one.label for one in plan.fields}
        missing = [labels[one] for one in plan.missing]
        turn.utter(
            "utter_credit_plan_saved",
            title=plan.title,
            missing=turn.listed(missing[:TOLD]),
            more=len(missing),
        )
        turn.note("credit_plan", title=plan.title)
        await offer_return(turn)
        return FLOW.cleared()


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
        turn.utter("utter_credit_plans", lines="\n".join(lines))
        return []
