"""Runs a form's actions as Rasa would, without Rasa: the intents are given."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass, field
from typing import Any

from content.assistant import domain, responses
from little_school import LittleSchool
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

import actions
from actions.shared import CoachAction, use
from pathways.services.conversation import conversation_of

TEXTS = {name: variants[0]["text"] for _, name, variants in responses()}


def every_action() -> dict[str, CoachAction]:
    """Return one of each action by its name."""
    for found in pkgutil.iter_modules(actions.__path__):
        importlib.import_module(f"actions.{found.name}")
    made: dict[str, CoachAction] = {}
    open_ = [CoachAction]
    while open_:
        kind = open_.pop()
        open_ += kind.__subclasses__()
        if not getattr(kind, "__abstractmethods__", None):
            made[kind().name()] = kind()
    return made


@dataclass
class FormLoop:
    """One student in one form; `heard` holds what was said in the last turn."""

    little: LittleSchool
    flow: str
    slots: dict[str, Any] = field(default_factory=dict)
    asked: str | None = None
    heard: list[dict[str, Any]] = field(default_factory=list)
    done: bool = False

    def __post_init__(self) -> None:
        use(self.little.milepost)
        student = self.little["student"]
        with self.little.milepost.work() as work:
            self.conversation = conversation_of(work, student).id
            work.commit()
        self.actions = every_action()

    @property
    def form(self) -> str:
        return f"{self.flow}_form"

    def said(self) -> str:
        """Return the texts of the last turn, filled in."""
        lines = []
        for one in self.heard:
            text = one.get("text") or TEXTS.get(one.get("response") or "", "")
            values = {**self.slots, **one}
            for name, value in values.items():
                text = text.replace("{" + name + "}", str(value))
            lines.append(text)
        return "\n".join(lines)

    async def run(self, name: str, message: dict[str, Any], events: Any = ()) -> None:
        """Run an action and take over its slots."""
        loop = {"name": self.form} if self.asked else {}
        slots = {**self.slots, "requested_slot": self.asked}
        tracker = Tracker(
            self.conversation, slots, message, list(events), False, None, loop, ""
        )
        dispatcher = CollectingDispatcher()
        for event in await self.actions[name].run(dispatcher, tracker, {}):
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
        self.heard += dispatcher.messages

    async def begin(self, text: str = "/begin", *entities: tuple[str, str]) -> str:
        """Open the flow by words; return what is heard."""
        self.heard = []
        message = _message(text, "begin", entities)
        await self.run(f"action_begin_{self.flow}", message)
        return await self._ask(message)

    async def say(
        self, text: str, *entities: tuple[str, str], intent: str = "nlu_fallback"
    ) -> str:
        """Answer the open question; return what is heard."""
        self.heard = []
        message = _message(text, intent, entities)
        value = self._value(text, intent, dict(entities))
        candidate = {"event": "slot", "name": self.asked, "value": value}
        self.slots[str(self.asked)] = value
        await self.run(f"validate_{self.form}", message, [candidate])
        return await self._ask(message)

    async def interrupt(self, action: str, intent: str) -> str:
        """Have an interrupting action run, as a rule would."""
        self.heard = []
        message = _message("words", intent, ())
        await self.run(action, message)
        return await self._ask(message)

    async def yes(self) -> str:
        """Say yes."""
        return await self.say("yes", intent="affirm")

    def _value(self, text: str, intent: str, entities: dict[str, str]) -> str:
        if str(self.asked).endswith(("_confirmed", "_wants_person")):
            return {"affirm": "yes", "deny": "no"}.get(intent, text)
        mapped = domain()["slots"][str(self.asked)]["mappings"][0]["type"]
        return entities.get("date", text) if mapped == "from_entity" else text

    async def _ask(self, message: dict[str, Any]) -> str:
        wanted = domain()["forms"][self.form]["required_slots"]
        self.asked = next((one for one in wanted if self.slots.get(one) is None), None)
        if self.asked is None:
            self.done = True
            await self.run(f"action_save_{self.flow}", message)
            return self.said()
        custom = f"action_ask_{self.form}_{self.asked}"
        if custom in self.actions:
            await self.run(custom, message)
        else:
            self.heard.append({"response": f"utter_ask_{self.form}_{self.asked}"})
        return self.said()


def _message(text: str, intent: str, entities: Any) -> dict[str, Any]:
    found = [{"entity": kind, "value": value} for kind, value in entities]
    return {"text": text, "intent": {"name": intent}, "entities": found}
