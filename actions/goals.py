"""Goals after they are set: shown, reported on, changed (feature C1)."""

from __future__ import annotations

from collections.abc import Iterable

from rasa_sdk.events import EventType, SlotSet

from actions.shared import Interruption, OwnRecord, Turn
from pathways.services import goals


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
                due=turn.in_words(goal.due),
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
        if not active and turn.asking == "utter_greet_promise":
            turn.utter("utter_promise_heard")
            return []
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
