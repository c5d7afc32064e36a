"""The draft behind the chat's credit plan: the very plan that the page shows (O7)."""

from __future__ import annotations

from collections.abc import Mapping

from rasa_sdk.events import EventType, SlotSet

from actions.forms import ANEW, SKIPPED, Flow
from actions.shared import Turn
from pathways.services import credit_plan_lists, credit_plans, drafts
from pathways.services.credit_plan_views import PlanView
from pathways.services.errors import Invalid, NotFound

NEW, GONE = "new", "gone"
FIELDS = {
    "course": "course",
    "content": "content",
    "ways": "ways",
    "activities": "activities",
    "hours": "hours",
    "credits": "credit_amount",
    "proof": "how_proficiency_is_shown",
    "tests": "instruments_or_programs",
    "enough": "minimum_threshold",
    "grade": "grade_option",
    "grading": "how_grade_is_set",
    "unfinished": "if_unfinished_or_failing",
    "first_day": "start_date",
    "day": "due_date",
    "teacher": "teacher_of_record",
}
SHOWN = frozenset({"course", "ways", "grade", "teacher"})
CODED = {"course": "code", "grade": "grade_code", "teacher": "teacher_code"}


class CreditPlanFlow(Flow):
    """A flow whose answers go into the student's plan at once.

    The hidden answer `plan` is the plan's id; "new" where a new one is wished for
    although the class has a draft; "gone" once it can't be changed any more.
    """

    async def save(self, turn: Turn, field: str, text: str) -> str:
        """Put one answer into the plan; return what is wrong with it, if anything."""
        slots = turn.tracker.slots
        plan = str(slots.get(self.slot("plan")) or NEW)
        if plan in (NEW, GONE):
            return ""
        coded = slots.get(self.slot(CODED[field])) if field in CODED else text
        try:
            await turn.call(credit_plans.save_field, plan, FIELDS[field], str(coded))
        except NotFound:
            slots[self.slot("plan")] = GONE
        except Invalid as error:
            return str(error)
        return ""

    def fields_of(self, said: Mapping[str, str | None]) -> dict[str, str]:
        """Return a plan's fields for answers of the chat; a skipped one is empty."""
        plain = {
            name: "" if text in (None, SKIPPED) else str(text)
            for name, text in said.items()
        }
        found = {name: plain.get(field, "") for field, name in FIELDS.items()}
        for field, code in CODED.items():
            found[FIELDS[field]] = plain.get(code, "") if plain.get(field) else ""
        return found

    async def begin(self, turn: Turn) -> tuple[list[EventType], Mapping[str, str]]:
        """Take up the chat's answers while the student may change the plan."""
        left = await turn.call(drafts.open_drafts)
        plan = left.get(self.name, {}).get("plan", "")
        if plan and await self.plan(turn, plan) is None:
            await turn.call(drafts.discard, self.name)
        events, answers = await super().begin(turn)
        if ANEW in turn.named("field"):
            events = [*events, SlotSet(self.slot("plan"), NEW)]
        return events, answers

    async def filled(self, turn: Turn, answers: Mapping[str, str]) -> list[EventType]:
        """Put answers into the working copy; what the page says comes first."""
        plan = await self.plan(turn, answers.get("plan", ""))
        if answers.get("plan") and plan is None:
            answers = {}
        return await super().filled(turn, {**answers, **self.as_on_page(plan)})

    async def plan(self, turn: Turn, plan_id: str) -> PlanView | None:
        """Return the plan while it can be changed, else None."""
        try:
            found = await turn.call(credit_plans.plan_view, plan_id)
        except NotFound:
            return None
        return found if isinstance(found, PlanView) and found.editable else None

    async def open_plan(self, turn: Turn, code: str) -> PlanView | None:
        """Find the draft that the class has, or begin one; None past the limit."""
        wished = turn.tracker.slots.get(self.slot("plan"))
        found = (
            None
            if wished == NEW
            else await turn.call(credit_plan_lists.unfinished_plan, code)
        )
        try:
            plan = found or await turn.call(credit_plans.draft, code)
        except Invalid as error:
            turn.dispatcher.utter_message(text=str(error))
            return None
        if found:
            self._tell(turn, found)
        return plan if isinstance(plan, PlanView) else None

    def _tell(self, turn: Turn, plan: PlanView) -> None:
        turn.utter("utter_credit_plan_found", title=plan.title, n=len(plan.missing))
        if plan.state == "returned" and plan.history[-1].words:
            turn.utter("utter_credit_plan_returned", words=plan.history[-1].words)

    def as_on_page(self, plan: PlanView | None) -> dict[str, str]:
        """Return the chat's answers that a plan holds already."""
        if plan is None:
            return {}
        by_name = {one.name: one for one in plan.fields if one.value}
        found = {
            field: by_name[name].shown
            if field in (*CODED, "ways")
            else by_name[name].value
            for field, name in FIELDS.items()
            if name in by_name
        }
        for field, code in CODED.items():
            if field in found:
                found[code] = by_name[FIELDS[field]].value
        return {**found, "plan": plan.id}
