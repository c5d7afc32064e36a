"""When something was not understood, by the coach or by the student."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from rasa_sdk.events import EventType

from actions.availability import is_asked, took_availability
from actions.onboarding import misread
from actions.shared import CoachAction, Interruption, Turn
from pathways.texts import load

GUESSES = 3
NEVER_OFFERED = frozenset({"out_of_scope", "nlu_fallback", "affirm", "deny"})


class AskBack(Interruption):
    """Asks back with a few buttons instead of guessing."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_ask_back"

    async def answer(self, turn: Turn) -> Iterable[EventType]:
        """Take hours and places, or offer what the message came closest to."""
        if await took_availability(turn):
            return []
        ranking = turn.tracker.latest_message.get("intent_ranking") or []
        labels = load(turn.actor.language)
        likely = [
            one["name"]
            for one in ranking
            if one["name"] not in NEVER_OFFERED and f"intents.{one['name']}" in labels
        ]
        buttons = [
            {
                "title": labels[f"intents.{name}"],
                "payload": f"/{name}{self._kept(turn)}",
            }
            for name in likely[:GUESSES]
        ]
        if not buttons:
            turn.utter("utter_default")
            return []
        none = {"title": turn.line("coach.button_none"), "payload": "/ask_capabilities"}
        turn.dispatcher.utter_message(
            response="utter_ask_back", buttons=[*buttons, none]
        )
        return []

    def _kept(self, turn: Turn) -> str:
        """Carry what the message named, so that the button answers about it."""
        found = {
            entity["entity"]: str(entity.get("code") or entity.get("value"))
            for entity in reversed(turn.entities)
        }
        return json.dumps(found) if found else ""


class SaySimpler(Interruption):
    """Says the open question in other words."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_say_simpler"

    async def answer(self, turn: Turn) -> Iterable[EventType]:
        """Explain the question with an example, or say what can be done here."""
        answered = await misread(turn)
        if answered is not None:
            return answered
        if turn.asked:
            turn.utter(f"utter_explain_{turn.form}_{turn.asked}")
        elif is_asked(turn):
            turn.utter("utter_explain_availability")
        else:
            turn.utter("utter_simpler")
        return []


class RepeatLast(CoachAction):
    """Says again what was said last."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_repeat_last"

    async def act(self, turn: Turn) -> Iterable[EventType]:
        """Repeat the last turn's words, buttons and cards."""
        if turn.form:
            return turn.back_to_form()
        said = self._last(turn)
        for event in said:
            data = event.get("data") or {}
            turn.dispatcher.utter_message(
                text=event.get("text"),
                buttons=data.get("buttons"),
                json_message=_cards_only(data.get("custom")),
            )
        if not said:
            turn.utter("utter_nothing_to_repeat")
        return []

    def _last(self, turn: Turn) -> list[dict[str, Any]]:
        said: list[dict[str, Any]] = []
        users = 0
        for event in reversed(turn.tracker.events):
            if event["event"] == "user":
                users += 1
                if said:
                    break
            elif event["event"] == "bot" and users:
                said.append(event)
        return list(reversed(said))


def _cards_only(custom: Any) -> dict[str, Any] | None:
    """A repeated reply shows its cards again, but notes nothing a second time."""
    cards = custom.get("cards") if isinstance(custom, dict) else None
    return {"cards": cards} if cards else None
