"""Languages and settings: what is possible today, and what the student wishes (P8)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet

from actions.onboarding import FLOW, misread, support_names
from actions.shared import CoachAction, Turn
from pathways.domain.language_names import OWN, language_named
from pathways.domain.unmet import Kind
from pathways.services import demand, preferences, reminders

SETTINGS, SETUP = "settings", "setup"
SPANISH = "Spanish"
LANGUAGES = {OWN: "en", SPANISH: "es"}
BUTTONS = {"english": OWN, "spanish": SPANISH}
WISHES = re.compile(
    r"\bsett?ings?\b|\bset ?(?:me |it |this )?up\b|\bread (?:it |this |that |them )?"
    r"(?:out |a)?loud\b|\bread (?:it|this|that|everything) to me\b|\bdictat|"
    r"\b(?:bigger|larger|big|large) (?:text|letters|font|print|words)\b|"
    r"\b(?:text|letters|font|print|words) (?:is |are )?(?:way )?(?:too )?(?:small|tiny|"
    r"bigger|larger)\b|\b(?:talk|speak) instead of typ|\bsupports?\b|\bpreferences?\b"
    r"|\bajustes\b|\bconfigura\w+\b|\bletras? (?:m[aá]s )?grandes?\b"
    r"|\b(?:le[ae]s?|leer) (?:\w+ )?en voz alta\b|\bayudas\b",
    re.IGNORECASE,
)


class ChangeLanguage(CoachAction):
    """Says which languages are possible today, or opens the settings."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_change_language"

    async def act(self, turn: Turn) -> Iterable[EventType]:
        """Keep the wish, and go back to the open question; nothing is lost."""
        fields = turn.named("field")
        if SETUP in fields:
            return await self._set_up(turn)
        chosen = next((BUTTONS[one] for one in fields if one in BUTTONS), None)
        if chosen:
            return [*await tell_language(turn, chosen), *turn.back_to_form()]
        answered = await misread(turn)
        if answered is not None:
            return [*answered, *turn.back_to_form()]
        wished = None if turn.pressed else language_named(turn.text)
        opens = SETTINGS in turn.named("field") or WISHES.search(turn.text)
        if opens and wished is None:
            await show_settings(turn)
            return turn.back_to_form()
        offered = SPANISH if turn.writes_spanish and turn.language == "en" else ""
        return [*await tell_language(turn, wished or offered), *turn.back_to_form()]

    async def _set_up(self, turn: Turn) -> list[EventType]:
        if turn.form and turn.form != FLOW.form:
            left = turn.line(f"coach.flow_{turn.form.removesuffix('_form')}")
            turn.utter("utter_switched", flow=left)
        events, _ = await FLOW.begin(turn)
        turn.utter("utter_onboarding_start")
        return [*events, ActiveLoop(FLOW.form), FollowupAction(FLOW.form)]


async def tell_language(turn: Turn, wished: str) -> list[EventType]:
    """Change to a language that the coach speaks, or keep the wish for another.

    Returns:
        The events that make the coach answer in it from here on.
    """
    if wished in LANGUAGES:
        language = await turn.call(preferences.speak, LANGUAGES[wished])
        named = "english" if wished == OWN else "spanish"
        turn.utter(f"utter_language_{named}", locale=language)
        return [SlotSet("locale", language)]
    if not wished:
        turn.utter("utter_change_language")
        return []
    await turn.call(preferences.wish_for_language, wished)
    await turn.call(demand.note_unmet, Kind.LANGUAGE, wished)
    turn.utter("utter_language_other", language=wished)
    return []


async def show_settings(turn: Turn) -> None:
    """Show what the student chose, and how to change it."""
    chosen = await turn.call(preferences.settings_of)
    waiting = await turn.call(reminders.list_reminders)
    nothing = turn.line("coach.nothing_yet")
    lines = [
        turn.line(
            "coach.settings_language",
            language=chosen.wish or turn.line("coach.this_language"),
        ),
        turn.line(
            "coach.settings_supports",
            supports=", ".join(support_names(turn, chosen.supports)) or nothing,
        ),
        *(
            turn.line(
                "coach.settings_reminder", text=one.text, day=turn.in_words(one.day)
            )
            for one in waiting
        ),
    ]
    stops = [
        {
            "title": turn.line("coach.button_stop_one", text=one.text[:40]),
            "payload": "/set_reminder" + json.dumps({"field": "stop", "goal": one.id}),
        }
        for one in waiting
    ]
    turn.dispatcher.utter_message(
        response="utter_settings", lines="\n".join(lines), buttons=stops
    )
