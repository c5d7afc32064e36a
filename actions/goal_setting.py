"""Setting a SMART goal with an if-then plan (features C1, C2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions.answers import (
    Checked,
    ValidateFlow,
    coming_day,
    confirmed,
    once,
    own_words,
    says_nothing,
    shrunk,
)
from actions.forms import (
    NUDGED,
    SKIPPED,
    BeginFlow,
    Flow,
    ask_which_to_change,
    offer_return,
    quoted,
)
from actions.shared import CHANGE_WANTED, CoachAction, Turn
from pathways.domain.coaching import is_if_then, is_inner
from pathways.domain.goal_quality import is_measurable, is_specific
from pathways.domain.goals import (
    FIRST_STEP_WITHIN,
    LOW_CONFIDENCE,
    confidence_of,
    dates_of,
    due_problem,
    is_large,
    is_late_step,
    is_vague,
    step_day_of,
)
from pathways.domain.told_goal import told_due, told_goal
from pathways.services import drafts, goals
from pathways.services.errors import Invalid
from pathways.services.school_day import today


def without_plan(answers: Mapping[str, str]) -> frozenset[str]:
    """An obstacle that is left out needs no plan."""
    return frozenset({"plan"} if answers.get("obstacle") == SKIPPED else ())


FLOW = Flow(
    "goal_setting",
    (
        "what",
        "measure",
        "why",
        "confidence",
        "due",
        "first_step",
        "obstacle",
        "plan",
        "confirmed",
    ),
    frozenset({"why", "obstacle", "plan"}),
    hidden=("step_day",),
    unasked=without_plan,
)
ASKED = "utter_ask_goal_setting_form_goal_setting_"
INVALID = "utter_invalid_goal_setting_form_goal_setting_"
EXPLAIN = "utter_explain_goal_setting_form_goal_setting_"
TOPICS = ("subject", "skill", "career", "organization", "interest")


class BeginGoalSetting(BeginFlow):
    """Opens the flow with an empty working copy."""

    flow = FLOW
    start, go_on = "utter_goal_setting_start", "utter_goal_setting_continue"

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_begin_goal_setting"

    async def known(self, turn: Turn) -> list[EventType]:
        """Take the goal out of the opening message, as far as it tells one."""
        if turn.pressed:
            return []
        turn.tracker.slots[NUDGED] = None
        told = await told_answers(turn)
        if told:
            await turn.call(drafts.save_answers, FLOW.name, told)
        nudged = SlotSet(NUDGED, turn.tracker.slots[NUDGED])
        return [nudged, *(SlotSet(FLOW.slot(one), told[one]) for one in told)]


async def told_answers(turn: Turn) -> dict[str, str]:
    """Return the answers that the opening message gives; say what was heard.

    A goal that is vague or too large gets its question at once, as it would later.
    """
    day = await told_day(turn)
    told = told_goal(turn.text, day[1] if day else None)
    if not told.what:
        return {}
    due = {"due": day[0].isoformat()} if day else {}
    if (await check_what(turn, told.what))[0] is None:
        return {} if is_large(told.what) else due
    found = {"what": told.what, "measure": told.measure, "why": told.why, **due}
    if day:
        when = turn.in_words(day[0], with_year=True)
        turn.utter("utter_goal_setting_heard_day", what=told.what, due=when)
    elif told.measure:
        turn.utter("utter_goal_setting_heard", what=told.what)
    return {field: words for field, words in found.items() if words}


async def told_day(turn: Turn) -> tuple[date, tuple[int, int]] | None:
    """Return the day that a goal is for, and where the message names it."""
    now = await turn.call(today)
    for one in turn.entities:
        place = (one.get("start", 0), one.get("end", 0))
        if one.get("entity") != "date" or not told_due(turn.text, place):
            continue
        day = step_day_of(str(one["value"]))
        if day and not due_problem(day, now):
            return day, place
    return None


async def check_what(turn: Turn, value: str) -> Checked:
    """Sharpen a vague goal and split a large one, by one question each."""
    if says_nothing(turn, value):
        turn.utter(f"{EXPLAIN}what")
        return None, None
    if is_large(value) and once(turn, "split"):
        turn.utter(f"{INVALID}what_large", given=value)
        return None, None
    vague = is_vague(value) or not (is_specific(value) or turn.named(*TOPICS))
    if vague and once(turn, "sharpened"):
        turn.utter(f"{INVALID}what", given=value)
        return None, None
    return value, value


async def check_measure(turn: Turn, value: str) -> Checked:
    """Ask once for something to see or count."""
    if says_nothing(turn, value):
        turn.utter(f"{INVALID}measure")
        return None, None
    goal = FLOW.answers(turn.tracker).get("what", "")
    if not is_measurable(f"{goal} {value}") and once(turn, "measured"):
        turn.utter(f"{INVALID}measure")
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


async def check_first_step(turn: Turn, value: str) -> Checked:
    """Take a step within 48 hours, and ask once for a smaller one where unsure."""
    if says_nothing(turn, value):
        turn.utter(f"{INVALID}first_step")
        return None, None
    days = [step_day_of(one) for one in turn.named("date")]
    day = next((one for one in days if one), None)
    now = await turn.call(today)
    if is_late_step(day, now) and once(turn, "soon"):
        latest = turn.in_words(now + FIRST_STEP_WITHIN)
        turn.utter(f"{INVALID}first_step_late", given=value, day=latest)
        return None, None
    confidence = int(FLOW.answers(turn.tracker).get("confidence") or LOW_CONFIDENCE)
    if shrunk(turn, confidence, value, f"{INVALID}first_step_big"):
        return None, None
    turn.tracker.slots["goal_setting_step_day"] = day.isoformat() if day else None
    return value, value


async def check_obstacle(turn: Turn, value: str) -> Checked:
    """Ask once for the inner side of an obstacle that lies with others."""
    if says_nothing(turn, value):
        turn.utter(f"{INVALID}obstacle")
        return None, None
    if not is_inner(value) and once(turn, "inner"):
        turn.utter(f"{INVALID}obstacle_outer", given=value)
        return None, None
    return value, value


check_due = coming_day(f"{INVALID}due")
check_confirmed = confirmed(f"{INVALID}confirmed")


class ValidateGoalSetting(ValidateFlow):
    """Checks the answers of the goal form."""

    flow = FLOW
    checks = {
        "what": check_what,
        "measure": check_measure,
        "confidence": check_confidence,
        "due": check_due,
        "first_step": check_first_step,
        "obstacle": check_obstacle,
        "plan": own_words(f"{INVALID}plan"),
        "confirmed": check_confirmed,
    }


def if_then(turn: Turn, obstacle: str, plan: str) -> str:
    """Return an if-then plan in the student's own words."""
    if not obstacle or not plan or is_if_then(plan):
        return quoted(turn, plan)
    return turn.line("coach.if_then", obstacle=obstacle, plan=plan)


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
            turn.utter(
                "utter_goal_setting_checkpoint", review=turn.in_words(goal.review)
            )
        turn.note(
            "goal_set",
            what=goal.what,
            due=turn.in_words(goal.due),
            first_step=goal.first_step,
        )
        await offer_return(turn)
        return FLOW.cleared()


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
        said = FLOW.answers(turn.tracker)
        step = step_day_of(said.get("step_day", ""))
        first = dates_of(due, await turn.call(today), step).first_step
        turn.utter(
            f"{ASKED}confirmed",
            why=quoted(turn, said.get("why", "")),
            if_then=if_then(turn, said.get("obstacle", ""), said.get("plan", "")),
            due=turn.in_words(due),
            first_step_due=turn.in_words(first),
        )
        return []
