"""Languages and settings: what is possible today, and what the student wishes (P8)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from rasa_sdk.events import ActiveLoop, EventType, FollowupAction

from actions.onboarding import FLOW, misread, support_names
from actions.shared import CoachAction, Turn
from pathways.domain.language_names import OWN, language_named
from pathways.domain.unmet import Kind
from pathways.safety.language import language_of
from pathways.services import demand, names, preferences, reminders
from pathways.services.school_day import in_words
from pathways.texts import say

SETTINGS, SETUP = "settings", "setup"
SPANISH = "Spanish"
LEAST_WORDS = 3
WISHES = re.compile(
    r"\bsett?ings?\b|\bset ?(?:me |it |this )?up\b|\bread (?:it |this |that |them )?"
    r"(?:out |a)?loud\b|\bread (?:it|this|that|everything) to me\b|\bdictat|"
    r"\b(?:bigger|larger|big|large) (?:text|letters|font|print|words)\b|"
    r"\b(?:text|letters|font|print|words) (?:is |are )?(?:way )?(?:too )?(?:small|tiny|"
    r"bigger|larger)\b|\b(?:talk|speak) instead of typ|\bsupports?\b|\bpreferences?\b",
    re.IGNORECASE,
)


class ChangeLanguage(CoachAction):
    """Says which languages are possible today, or opens the settings."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_change_language"

    async def act(self, turn: Turn) -> Iterable[EventType]:
        """Keep the wish, and go back to the open question; nothing is lost."""
        if SETUP in turn.named("field"):
            return await self._set_up(turn)
        answered = await misread(turn)
        if answered is not None:
            return [*answered, *turn.back_to_form()]
        wished = None if turn.pressed else language_named(turn.text)
        opens = SETTINGS in turn.named("field") or WISHES.search(turn.text)
        if opens and wished is None:
            await show_settings(turn)
        else:
            await tell_language(turn, wished or written_in(turn.text))
        return turn.back_to_form()

    async def _set_up(self, turn: Turn) -> list[EventType]:
        if turn.form and turn.form != FLOW.form:
            left = turn.line(f"coach.flow_{turn.form.removesuffix('_form')}")
            turn.utter("utter_switched", flow=left)
        events, _ = await FLOW.begin(turn)
        turn.utter("utter_onboarding_start")
        return [*events, ActiveLoop(FLOW.form), FollowupAction(FLOW.form)]


def written_in(text: str) -> str:
    """Return "Spanish" where a text is Spanish by its small words, else nothing."""
    told = len(text.split()) >= LEAST_WORDS and language_of(text, "en") == "es"
    return SPANISH if told else ""


async def tell_language(turn: Turn, wished: str) -> None:
    """Say truthfully what there is, in Spanish too where asked, and keep the wish."""
    if wished == OWN:
        await turn.call(preferences.wish_for_language, "")
        turn.utter("utter_language_english")
        return
    if wished:
        await turn.call(preferences.wish_for_language, wished)
        await turn.call(demand.note_unmet, Kind.LANGUAGE, wished)
    readers = await turn.call(names.readers_of)
    adults = turn.listed(readers)
    if wished == SPANISH:
        listed = turn.listed(readers, "es") or say("es", "coach.some_adult")
        note = say("es", "coach.language_note", {"names": listed})
        turn.dispatcher.utter_message(text=note)
        turn.utter("utter_language_spanish", names=adults)
    elif wished:
        turn.utter("utter_language_other", language=wished)
    else:
        turn.utter("utter_change_language")


async def show_settings(turn: Turn) -> None:
    """Show what the student chose, and how to change it."""
    chosen = await turn.call(preferences.settings_of)
    waiting = await turn.call(reminders.list_reminders)
    nothing = turn.line("coach.nothing_yet")
    lines = [
        turn.line("coach.settings_language", language=chosen.wish or OWN),
        turn.line(
            "coach.settings_supports",
            supports=", ".join(support_names(turn, chosen.supports)) or nothing,
        ),
        *(
            turn.line("coach.settings_reminder", text=one.text, day=in_words(one.day))
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
