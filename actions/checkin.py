"""The weekly check-in (feature C3)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from rasa_sdk.events import EventType, SlotSet

from actions.answers import Checked, ValidateFlow, confirmed, own_words
from actions.control import tell_adults
from actions.forms import (
    SKIPPED,
    BeginFlow,
    Flow,
    ask_which_to_change,
    offer_return,
    quoted,
)
from actions.shared import CHANGE_WANTED, CoachAction, Turn
from pathways.domain.checkin import area_of
from pathways.domain.coaching import is_if_then
from pathways.domain.goals import LOW_CONFIDENCE, confidence_of, is_tiny
from pathways.services import checkins, drafts


async def look_up_promise(turn: Turn) -> list[EventType]:
    """Look up what was planned last; without a plan nothing is asked about it."""
    promise = await turn.call(checkins.last_promise)
    if not promise:
        await turn.call(drafts.save_answers, "checkin", {"promise_result": SKIPPED})
    return [
        SlotSet("checkin_promise", promise or None),
        SlotSet("checkin_promise_result", None if promise else SKIPPED),
    ]


def left_out(answers: Mapping[str, str]) -> frozenset[str]:
    """Without a plan kept there is no evidence, without an obstacle no plan for it."""
    done = answers.get("promise_result") in ("done", "part")
    sure = confidence_of(answers.get("confidence", ""))
    small = is_tiny(answers.get("next_step", ""))
    return frozenset(
        field
        for field, asked in (
            ("evidence", done),
            ("plan", answers.get("obstacle") not in (None, SKIPPED)),
            ("smaller", sure is not None and sure < LOW_CONFIDENCE and not small),
        )
        if not asked
    )


FLOW = Flow(
    "checkin",
    (
        "mood",
        "promise_result",
        "evidence",
        "win",
        "area",
        "obstacle",
        "plan",
        "next_step",
        "confidence",
        "smaller",
        "wants_person",
        "confirmed",
    ),
    frozenset(
        ["mood", "promise_result", "evidence", "win", "area", "obstacle", "plan"]
        + ["confidence", "smaller", "wants_person"]
    ),
    look_up_promise,
    hidden=("area_code",),
    unasked=left_out,
)
ASKED = "utter_ask_checkin_form_checkin_"
INVALID = "utter_invalid_checkin_form_checkin_"
MOOD = re.compile(r"\b([1-5])\b")
LOW_MOOD = 2
NOTHING = re.compile(
    r"(?:um+ |uh+ )?(?:no(?:pe|thing)?|nah|none|not(?:hing)? (?:really|much|this week))"
    r"(?: really| much| comes to mind| this week| got in the way| tbh| lol)*\W*"
    r"|(?:nada|ningun[oa]|no(?: hubo)?(?: nada)?)(?: la verdad| esta semana"
    r"| m[aá]s)*\W*",
    re.IGNORECASE,
)
NEGATED = re.compile(r"\b(?:no|not|n't|isn't|wasn't|aint|never)\b[ a-z]{0,12}$")
MOOD_WORDS = (
    (
        "1",
        "terrible|awful|horrible|worst|horrendous|one|rough"
        "|p[eé]sim[ao]|fatal|muy mala?|terrible|uno",
    ),
    (
        "2",
        "bad|not good|not great|stressful|meh|sucks?|sucked|hard|tough|two"
        "|mala?|fea|feo|pesada|dif[ií]cil|estresante|dos",
    ),
    (
        "3",
        "okay|ok|fine|so[- ]so|alright|three|mid|average|decent|neutral"
        "|m[aá]s o menos|regular|normal|ah[ií] va|tres",
    ),
    ("4", "pretty good|good|nice|well|four|bien|buena?|bastante bien|cuatro"),
    (
        "5",
        "great|amazing|awesome|best|perfect|excellent|fantastic|five"
        "|muy bien|muy buena|excelente|genial|s[uú]per|perfecta?|cinco",
    ),
)
TURNED = {"1": "2", "2": "3", "3": "2", "4": "2", "5": "3"}
RESULTS = (
    (
        "part",
        r"part|partly|half|halfway|some|sorta|kind ?of|sort of|kinda|almost|mostly"
        r"|most of it|a bit|a little|not all|not (?:quite|fully|completely)"
        r"|una parte|parte|la mitad|a medias|casi|m[aá]s o menos|un poco|algo",
    ),
    (
        "not",
        r"not|no|nope|nah|didn'?t|did not|haven'?t|forgot|never|couldn'?t"
        r"|todav[ií]a no|a[uú]n no|no pude|no lo hice|se me olvid[oó]|nunca|nada",
    ),
    (
        "done",
        r"done|did|yes|yeah|yep|yup|ya|finished|all of it|it happened|complete[d]?"
        r"|hech[oa]|s[ií]|ya|lo hice|termin[eé]|complet[eéo]\w*|cumpl[ií]|listo|todo",
    ),
)


class BeginCheckin(BeginFlow):
    """Opens the check-in."""

    flow = FLOW
    start, go_on = "utter_checkin_start", "utter_checkin_continue"

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_begin_checkin"


def mood_of(words: str) -> str | None:
    """Read a mood from 1 to 5 out of a number or plain words; "not bad" is a 3."""
    found = MOOD.search(words)
    if found:
        return found[1]
    folded = words.lower().replace("’", "'")
    named = [
        (len(match[0]), mood, match.start())
        for mood, names in MOOD_WORDS
        for match in re.finditer(rf"\b(?:{names})\b", folded)
    ]
    if not named:
        return None
    _, mood, start = max(named)
    return TURNED[mood] if NEGATED.search(folded[:start]) else mood


async def check_mood(turn: Turn, value: str) -> Checked:
    """Take a number from 1 to 5."""
    mood = mood_of(value)
    if mood is None:
        turn.utter(f"{INVALID}mood")
        return None, None
    if int(mood) <= LOW_MOOD:
        turn.utter("utter_checkin_low_mood", mood=mood)
    return mood, mood


async def check_promise_result(turn: Turn, value: str) -> Checked:
    """Take done, part or not."""
    folded = value.lower()
    result = next(
        (name for name, words in RESULTS if re.search(rf"\b(?:{words})\b", folded)),
        None,
    )
    if result is None:
        turn.utter(f"{INVALID}promise_result")
    return result, result


async def check_area(turn: Turn, value: str) -> Checked:
    """Take one of the four categories, by its name or by what it holds."""
    area = area_of(value)
    if area is None:
        turn.utter(f"{INVALID}area")
        return None, None
    turn.tracker.slots[FLOW.slot("area_code")] = area
    label = turn.line(f"coach.area_{area}")
    return label, label


async def check_obstacle(turn: Turn, value: str) -> Checked:
    """Take any words; "nothing" is a good answer, and needs no plan."""
    if NOTHING.fullmatch(value.strip()):
        return SKIPPED, SKIPPED
    return value, value


async def check_plan(turn: Turn, value: str) -> Checked:
    """Take what the student will do; a bare yes or no says nothing."""
    return await own_words(f"{INVALID}plan")(turn, value)


async def check_confidence(turn: Turn, value: str) -> Checked:
    """Read a number from 1 to 10."""
    sure = confidence_of(value)
    if sure is None:
        turn.utter(f"{INVALID}confidence")
        return None, None
    return str(sure), str(sure)


async def check_wants_person(turn: Turn, value: str) -> Checked:
    """Take a yes or a no."""
    if value in ("yes", "no"):
        return value, value
    turn.utter(f"{INVALID}wants_person")
    return None, None


check_confirmed = confirmed(f"{INVALID}confirmed")


class ValidateCheckin(ValidateFlow):
    """Checks the answers of the check-in."""

    flow = FLOW
    checks = {
        "mood": check_mood,
        "promise_result": check_promise_result,
        "area": check_area,
        "obstacle": check_obstacle,
        "plan": check_plan,
        "next_step": own_words(f"{INVALID}next_step"),
        "confidence": check_confidence,
        "smaller": own_words(f"{INVALID}smaller"),
        "wants_person": check_wants_person,
        "confirmed": check_confirmed,
    }


class AskCheckinConfirmed(CoachAction):
    """Repeats what was understood and asks, or asks which answer to change."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_ask_checkin_form_checkin_confirmed"

    async def act(self, turn: Turn) -> Iterable[EventType]:
        """Show the check-in as it would be saved."""
        if turn.tracker.get_slot(CHANGE_WANTED) == "yes":
            return ask_which_to_change(turn, FLOW)
        said = FLOW.answers(turn.tracker)
        mood, sure = said.get("mood"), said.get("confidence")
        lines = {
            "mood": turn.line("coach.mood", mood=mood) if mood else quoted(turn, ""),
            "evidence": quoted(turn, said["evidence"]) if said.get("evidence") else "",
            "win": quoted(turn, said.get("win", "")),
            "area": said.get("area", ""),
            "obstacle": quoted(turn, said.get("obstacle", "")),
            "plan": if_then(turn, said) if said.get("plan") else "",
            "next_step": quoted(turn, said.get("next_step", "")),
            "smaller": quoted(turn, said["smaller"]) if said.get("smaller") else "",
            "confidence": turn.line("coach.sure", number=sure) if sure else "",
        }
        turn.utter(
            f"{ASKED}confirmed",
            lines="\n".join(
                turn.line("coach.read_back", title=_title(turn, field), text=text)
                for field, text in lines.items()
                if text
            ),
        )
        return []


def _title(turn: Turn, field: str) -> str:
    return turn.line(f"coach.field_{FLOW.slot(field)}")


def if_then(turn: Turn, said: Mapping[str, str]) -> str:
    """Return the plan for the obstacle as an if-then, in the student's own words."""
    plan = said["plan"]
    if is_if_then(plan) or not said.get("obstacle"):
        return quoted(turn, plan)
    return turn.line("coach.if_then", obstacle=said["obstacle"], plan=plan)


class SaveCheckin(CoachAction):
    """Turns the confirmed answers into a check-in."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_save_checkin"

    async def act(self, turn: Turn) -> Iterable[EventType]:
        """Save, tell the adults if wished, and note it for the summary."""
        answers = FLOW.answers(turn.tracker)
        answers["promise"] = str(turn.tracker.get_slot("checkin_promise") or "")
        answers["area"] = answers.get("area_code", "") if answers.get("area") else ""
        done = await turn.call(checkins.save_checkin, answers)
        turn.utter("utter_checkin_saved", next_step=done.next_step)
        if done.wants_person:
            await tell_adults(turn)
        turn.note("checkin", parts=self._parts(turn, done))
        await offer_return(turn)
        return FLOW.cleared()

    def _parts(self, turn: Turn, done: checkins.CheckinView) -> str:
        parts = [turn.line("notes.checkin_mood", mood=done.mood)] if done.mood else []
        if done.win:
            parts.append(turn.line("notes.checkin_win", win=done.win))
        if done.area:
            area = turn.line(f"coach.area_{done.area}")
            parts.append(turn.line("notes.checkin_area", area=area))
        parts.append(turn.line("notes.checkin_next_step", next_step=done.next_step))
        return " ".join(parts)
