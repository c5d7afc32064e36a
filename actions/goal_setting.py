"""Setting a SMART goal and following it up (feature C1)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions.forms import (
    Checked,
    Flow,
    ValidateFlow,
    ask_which_to_change,
    offer_return,
    own_words,
    quoted,
    says_nothing,
)
from actions.shared import CHANGE_WANTED, CoachAction, Interruption, OwnRecord, Turn
from pathways.domain.goals import (
    LOW_CONFIDENCE,
    confidence_of,
    dates_of,
    due_problem,
    is_vague,
)
from pathways.services import goals
from pathways.services.errors import Invalid
from pathways.services.school_day import in_words, today

FLOW = Flow(
    "goal_setting",
    ("what", "measure", "why", "confidence", "due", "first_step", "confirmed"),
    frozenset({"why"}),
)
ASKED = "utter_ask_goal_setting_form_goal_setting_"
INVALID = "utter_invalid_goal_setting_form_goal_setting_"
EXPLAIN = "utter_explain_goal_setting_form_goal_setting_"
SHARPENED = "sharpened"


class BeginGoalSetting(CoachAction):
    """Opens the flow with an empty working copy."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_begin_goal_setting"

    async def act(self, turn: Turn) -> Iterable[EventType]:
        """Go on where the student left, or say what comes; the form asks."""
        events, answers = await FLOW.begin(turn)
        if answers:
            turn.utter("utter_goal_setting_continue")
        else:
            turn.utter("utter_goal_setting_start")
        return events


async def check_what(turn: Turn, value: str) -> Checked:
    """Sharpen a vague goal by one question, never refuse it twice."""
    if says_nothing(turn, value):
        turn.utter(f"{EXPLAIN}what")
        return None, None
    if is_vague(value) and turn.tracker.get_slot(CHANGE_WANTED) != SHARPENED:
        turn.utter(f"{INVALID}what", given=value)
        turn.tracker.slots[CHANGE_WANTED] = SHARPENED
        return None, None
    return value, value


async def check_confidence(turn: Turn, value: str) -> Checked:
    """Read a number from 1 to 10; a low one makes the first step smaller."""
    confidence = confidence_of(value)
    if confidence is None:
        turn.utter(f"{INVALID}confidence")
        return None, None
    if confidence < LOW_CONFIDENCE:
        turn.utter("utter_goal_setting_low_confidence", confidence=confidence)
    return str(confidence), str(confidence)


async def check_due(turn: Turn, value: str) -> Checked:
    """Take a day from tomorrow on, within two years."""
    try:
        due: date | None = date.fromisoformat(value)
    except ValueError:
        due = None
    problem = due_problem(due, await turn.call(today))
    if problem:
        suffix = "" if problem == "unreadable" else f"_{problem}"
        turn.utter(f"{INVALID}due{suffix}")
        return None, None
    return value, value


async def check_confirmed(turn: Turn, value: str) -> Checked:
    """A yes saves, a no leads to the answers that can be changed."""
    if value == "yes":
        return value, None
    if value == "no":
        turn.tracker.slots[CHANGE_WANTED] = "yes"
    else:
        turn.utter(f"{INVALID}confirmed")
    return None, None


class ValidateGoalSetting(ValidateFlow):
    """Checks the answers of the goal form."""

    flow = FLOW
    checks = {
        "what": check_what,
        "measure": own_words(f"{INVALID}measure"),
        "confidence": check_confidence,
        "due": check_due,
        "first_step": own_words(f"{INVALID}first_step"),
        "confirmed": check_confirmed,
    }


class SaveGoalSetting(CoachAction):
    """Turns the confirmed answers into a goal."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_save_goal_setting"

    async def act(self, turn: Turn) -> Iterable[EventType]:
        """Save, say so, and note it for the summary."""
        try:
            goal = await turn.call(goals.save_goal, FLOW.answers(turn.tracker))
        except Invalid:
            turn.utter("utter_goal_setting_not_saved")
            day_again = [SlotSet(FLOW.slot(one), None) for one in ("due", "confirmed")]
            return [*day_again, FollowupAction(FLOW.form)]
        turn.utter(
            "utter_goal_setting_saved", what=goal.what, first_step=goal.first_step
        )
        if goal.review < goal.due:
            turn.utter("utter_goal_setting_checkpoint", review=in_words(goal.review))
        turn.note(
            "goal_set",
            what=goal.what,
            due=in_words(goal.due),
            first_step=goal.first_step,
        )
        await offer_return(turn)
        return FLOW.cleared()


class ShowGoals(OwnRecord):
    """Shows the active goals."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_show_goals"

    async def tell(self, turn: Turn) -> Iterable[EventType]:
        """List them, or offer to set one."""
        active = await turn.call(goals.active_goals)
        if not active:
            turn.utter("utter_goals_none")
            return []
        lines = [
            turn.line(
                "coach.goal_line",
                what=goal.what,
                due=in_words(goal.due),
                first_step=goal.first_step,
            )
            for goal in active
        ]
        turn.utter("utter_goals_list", lines="\n".join(lines))
        return []


def _goal_buttons(active: list[goals.GoalView], intent: str) -> list[dict[str, str]]:
    return [
        {"title": goal.what[:60], "payload": f'/{intent}{{"goal": "{goal.id}"}}'}
        for goal in active
    ]


def _meant(turn: Turn, active: list[goals.GoalView]) -> goals.GoalView | None:
    """Return the goal that a button names, or the only one there is."""
    named = turn.named("goal")
    for goal in active:
        if goal.id in named:
            return goal
    return active[0] if len(active) == 1 and not named else None


class RecordProgress(Interruption):
    """Keeps what the student reports about a goal."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_record_progress"

    async def answer(self, turn: Turn) -> Iterable[EventType]:
        """Record it for the goal meant, or ask which one."""
        active = await turn.call(goals.active_goals)
        if not active:
            turn.utter("utter_goals_none")
            return []
        waiting = turn.tracker.get_slot("progress_text") if turn.named("goal") else ""
        text = str(waiting or "") if turn.pressed else turn.text
        goal = _meant(turn, active)
        if goal is None:
            turn.dispatcher.utter_message(
                response="utter_progress_which",
                buttons=_goal_buttons(active, "update_goal_progress"),
            )
            return [SlotSet("progress_text", text or None)]
        if not text:
            turn.utter("utter_progress_tell", what=goal.what)
            return []
        await turn.call(goals.report_progress, goal.id, text)
        turn.utter("utter_progress_saved", what=goal.what, said=text)
        turn.note("progress", what=goal.what, text=text)
        return [SlotSet("progress_text", None)]


CHANGES = {
    "keep": (goals.ACTIVE, "utter_goal_active", ""),
    "drop": (goals.DROPPED, "utter_goal_dropped", "goal_dropped"),
    "done": (goals.DONE, "utter_goal_done", "goal_done"),
}


class ChangeGoal(Interruption):
    """Drops a goal, marks it as reached, or keeps it."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_change_goal"

    async def answer(self, turn: Turn) -> Iterable[EventType]:
        """Find the goal, then the change, one question at a time."""
        active = await turn.call(goals.active_goals)
        goal = _meant(turn, active)
        change = next((one for one in turn.named("field") if one in CHANGES), None)
        if not active:
            turn.utter("utter_goals_none")
        elif goal is None:
            turn.dispatcher.utter_message(
                response="utter_change_goal_which",
                buttons=_goal_buttons(active, "change_goal"),
            )
        elif change is None:
            self._ask_how(turn, goal)
        else:
            await self._change(turn, goal, change)
        return []

    def _ask_how(self, turn: Turn, goal: goals.GoalView) -> None:
        buttons = [
            {
                "title": turn.line(f"coach.button_{change}"),
                "payload": f'/change_goal{{"goal": "{goal.id}", "field": "{change}"}}',
            }
            for change in CHANGES
        ]
        turn.dispatcher.utter_message(
            response="utter_change_goal_how", buttons=buttons, what=goal.what
        )

    async def _change(self, turn: Turn, goal: goals.GoalView, change: str) -> None:
        status, response, note = CHANGES[change]
        await turn.call(goals.change_status, goal.id, status)
        turn.utter(response, what=goal.what)
        if note:
            turn.note(note, what=goal.what)


class AskGoalSettingConfirmed(CoachAction):
    """Repeats what was understood and asks, or asks which answer to change."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_ask_goal_setting_form_goal_setting_confirmed"

    async def act(self, turn: Turn) -> Iterable[EventType]:
        """Show the goal as it would be saved."""
        if turn.tracker.get_slot(CHANGE_WANTED) == "yes":
            return ask_which_to_change(turn, FLOW)
        due = date.fromisoformat(turn.tracker.get_slot("goal_setting_due"))
        first = dates_of(due, await turn.call(today)).first_step
        turn.utter(
            f"{ASKED}confirmed",
            why=quoted(turn, FLOW.answers(turn.tracker).get("why", "")),
            due=in_words(due),
            first_step_due=in_words(first),
        )
        return []
