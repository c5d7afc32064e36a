"""Reminders that a student asks for (feature C9)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from rasa_sdk.events import EventType, SlotSet

from actions.shared import Interruption, Turn
from pathways.services import reminders
from pathways.services.errors import Invalid

WAITING = "reminder_text"
STOP = "stop"
ABOUT = re.compile(
    r"\bremind(?:er)?s?\b.*?\b(?:to|about|that|of|for)\s+(.+)$"
    r"|\b(?:recu[eé]rda|av[ií]sa|acu[eé]rda|hazme acordar|recordatorio|aviso"
    r"|recordar)\w*\b\s+"
    r"(?:de |del |que |para |sobre )?(.+)$",
    re.I | re.S,
)


def about_what(words: str) -> str:
    """Return what a reminder is about, in the student's words; empty where unsaid."""
    found = ABOUT.search(words.strip())
    return (found[1] or found[2]).strip(" .!") if found else ""


class SetReminder(Interruption):
    """Keeps a reminder for a day, or stops one."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_set_reminder"

    async def answer(self, turn: Turn) -> Iterable[EventType]:
        """One question at most: the day."""
        if STOP in turn.named("field"):
            await turn.call(reminders.stop_reminder, turn.named("goal")[0])
            turn.utter("utter_reminder_stopped")
            return []
        asked = turn.asking == "utter_reminder_day"
        waiting = str(turn.tracker.get_slot(WAITING) or "") if asked else ""
        text = waiting or ("" if turn.pressed else about_what(turn.text) or turn.text)
        days = [one for one in turn.named("date") if re.match(r"\d{4}-\d\d-\d\d$", one)]
        if not days or not text:
            turn.utter("utter_reminder_day" if text else "utter_reminder_what")
            return [SlotSet(WAITING, text or None)]
        return await self._keep(turn, text, date.fromisoformat(days[0]))

    async def _keep(self, turn: Turn, text: str, day: date) -> list[EventType]:
        try:
            kept = await turn.call(reminders.set_reminder, text, day)
        except Invalid as error:
            full = error.field == "cap"
            turn.utter("utter_reminder_full" if full else "utter_reminder_day")
            return [SlotSet(WAITING, None if full else text)]
        stop = {
            "title": turn.line("coach.button_stop_reminder"),
            "payload": f'/set_reminder{{"field": "{STOP}", "goal": "{kept.id}"}}',
        }
        turn.dispatcher.utter_message(
            response="utter_reminder_set",
            text_kept=kept.text,
            day=turn.in_words(kept.day),
            buttons=[stop],
        )
        return [SlotSet(WAITING, None)]
