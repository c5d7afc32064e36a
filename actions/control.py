"""Keeping the conversation going: greet, explain, pause, resume, revise."""

from __future__ import annotations

from collections.abc import Iterable

from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet

from actions.availability import is_asked
from actions.forms import (
    SKIPPED,
    Flow,
    ask_which_to_change,
    field_named,
    flow_of,
    take_back,
)
from actions.shared import CoachAction, Interruption, Turn
from pathways.domain.lexicon import fold
from pathways.services import (
    alerts,
    checkins,
    drafts,
    names,
    preferences,
    questions,
    reminders,
)

CLOSED = [ActiveLoop(None), SlotSet("requested_slot", None)]


class Greet(Interruption):
    """Greets, and says the one thing that matters now."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_greet"

    async def answer(self, turn: Turn) -> Iterable[EventType]:
        """A due reminder, an open draft, or the last plan: each plan once."""
        name = await turn.call(names.given_name)
        if turn.form:
            return []
        due = await turn.call(reminders.take_due)
        draft = await turn.call(drafts.newest_draft)
        promise = await self._promise(turn)
        if due:
            turn.utter("utter_greet_reminder", name=name, text_kept=due.text)
        elif draft:
            flow = turn.line(f"coach.flow_{draft[0]}")
            turn.utter("utter_greet_draft", name=name, flow=flow)
        elif promise:
            turn.utter("utter_greet_promise", name=name, promise=promise)
        elif await turn.call(preferences.first_meeting):
            turn.utter("utter_greet_first", name=name)
        else:
            turn.utter("utter_greet", name=name)
        return []

    async def _promise(self, turn: Turn) -> str:
        """Return the last plan, if the coach has not asked about it yet."""
        plan = await turn.call(checkins.newest_promise)
        if plan is None:
            return ""
        asked = await turn.call(
            questions.was_asked, "utter_greet_promise", plan.made_at
        )
        return "" if asked else plan.words


class SayGoodbye(CoachAction):
    """Says goodbye; an open form is paused, its answers stay."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_say_goodbye"

    async def act(self, turn: Turn) -> Iterable[EventType]:
        """Close what is open."""
        if turn.form:
            turn.utter("utter_goodbye_draft")
            return CLOSED
        turn.utter("utter_goodbye", name=await turn.call(names.given_name))
        return []


class AnswerFlat(Interruption):
    """Answers an intent by the response of the same name."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_answer_flat"

    async def answer(self, turn: Turn) -> Iterable[EventType]:
        """Say it; a few answers are worth a line in the summary."""
        turn.utter(f"utter_{turn.intent}")
        if turn.intent == "express_stress":
            turn.note("stress")
        return []


class AnswerNothingOpen(Interruption):
    """A yes or a no while nothing is asked."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_answer_nothing_open"

    async def answer(self, turn: Turn) -> Iterable[EventType]:
        """Offer where to start; a yes or no about the last plan is heard."""
        if turn.asking == "utter_greet_promise":
            turn.utter("utter_promise_heard")
        elif is_asked(turn) and turn.intent == "deny":
            turn.utter("utter_availability_skipped")
        elif not turn.form:
            turn.utter("utter_nothing_open")
        return []


class ExplainQuestion(Interruption):
    """Says why the open question is asked."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_explain_question"

    async def answer(self, turn: Turn) -> Iterable[EventType]:
        """Explain the question, or questions in general."""
        if turn.asked:
            turn.utter(f"utter_explain_{turn.form}_{turn.asked}")
        elif is_asked(turn):
            turn.utter("utter_explain_availability")
        else:
            turn.utter("utter_why_question")
        return []


class PauseFlow(CoachAction):
    """Closes the form; the draft keeps every answer."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_pause_flow"

    async def act(self, turn: Turn) -> Iterable[EventType]:
        """Say that nothing is lost."""
        if not turn.form:
            turn.utter("utter_nothing_to_pause")
            return []
        turn.utter("utter_paused")
        return CLOSED


class ResumeFlow(CoachAction):
    """Opens the newest draft where it was left, even after a restart."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_resume_flow"

    async def act(self, turn: Turn) -> Iterable[EventType]:
        """Fill the working copy from the draft and ask the next question."""
        if turn.form:
            return turn.back_to_form()
        left = await turn.call(drafts.open_drafts)
        named = next((name for name in left if self._names(turn, name)), None)
        flow = Flow.registry.get(named or next(iter(left), ""))
        if flow is None:
            turn.utter("utter_nothing_to_resume")
            return []
        turn.utter("utter_resumed", flow=turn.line(f"coach.flow_{flow.name}"))
        return [
            *await flow.filled(turn, left[flow.name]),
            ActiveLoop(flow.form),
            FollowupAction(flow.form),
        ]

    def _names(self, turn: Turn, flow: str) -> bool:
        words = turn.line(f"coach.words_{flow}").split(", ")
        return any(f" {word} " in f" {fold(turn.text)} " for word in words)


class ReviseAnswer(CoachAction):
    """Takes one answer out, so that the form asks for it again."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_revise_answer"

    async def act(self, turn: Turn) -> Iterable[EventType]:
        """Ask which answer, unless a button said so."""
        flow = flow_of(turn.form)
        if flow is None:
            turn.utter("utter_nothing_to_revise")
            return []
        field = field_named(turn, flow)
        if field is None:
            return ask_which_to_change(turn, flow)
        return [*await take_back(turn, flow, field), *turn.back_to_form()]


class SkipQuestion(CoachAction):
    """Leaves one question out where the record allows it."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_skip_question"

    async def act(self, turn: Turn) -> Iterable[EventType]:
        """Skip it, or say why it is needed."""
        flow = flow_of(turn.form)
        if flow is None or turn.asked is None:
            skips = "availability_skipped" if is_asked(turn) else "nothing_to_skip"
            turn.utter(f"utter_{skips}")
            return []
        field = flow.field(turn.asked)
        if field not in flow.optional:
            turn.utter("utter_cannot_skip")
            return turn.back_to_form()
        await turn.call(drafts.save_answers, flow.name, {field: SKIPPED})
        turn.utter("utter_skipped")
        branch = flow.branch({**turn.tracker.slots, turn.asked: SKIPPED})
        return [SlotSet(turn.asked, SKIPPED), *branch, *turn.back_to_form()]


async def tell_adults(turn: Turn) -> None:
    """Tell the adults that the student wants to talk, and say who was told."""
    told = await turn.call(alerts.ask_for_person)
    if told:
        turn.utter("utter_request_human", names=turn.listed(told))
    else:
        turn.utter("utter_request_human_nobody")


class RequestHuman(Interruption):
    """Tells the student's adults that they want to talk."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_request_human"

    async def answer(self, turn: Turn) -> Iterable[EventType]:
        """Name who was told."""
        await tell_adults(turn)
        turn.note("wants_person")
        return []


class SupportInCrisis(CoachAction):
    """What the screen let pass but the classifier takes for a disclosure."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_support_in_crisis"

    async def act(self, turn: Turn) -> Iterable[EventType]:
        """Give the reviewed words, and hand the turn to the gateway as red."""
        turn.dispatcher.utter_message(json_message={"crisis": True})
        return []
