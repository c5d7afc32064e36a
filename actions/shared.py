"""What every action needs: who it is for, the product, and how to speak."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import Any, TypeVar

import structlog
from babel.lists import format_list
from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from starlette.concurrency import run_in_threadpool

from actions.switches import FEATURES
from pathways.app import Milepost, build
from pathways.services.access import Actor
from pathways.services.conversation import actor_behind
from pathways.services.errors import MilepostError, SwitchedOff
from pathways.services.features import require_on
from pathways.services.school_day import in_words
from pathways.settings import Settings
from pathways.texts import say

log = structlog.get_logger()
SPANISH, OFFER = "es", "utter_language_offer"
ASKS_FOR_LANGUAGE = frozenset({"change_language", "disclose_crisis"})
CHANGE_WANTED, WHICH = "change_wanted", "which"
Result = TypeVar("Result")
_product: ContextVar[Milepost] = ContextVar("milepost")
_speaker: ContextVar[Actor | None] = ContextVar("speaker", default=None)


def use(milepost: Milepost, speaker: Actor | None = None) -> None:
    """Make the actions of this request work with a product that is put together.

    Args:
        milepost: the product.
        speaker: the student of the turn that runs; None has the actions look up who
            is behind the conversation.
    """
    _product.set(milepost)
    _speaker.set(speaker)


@cache
def _own_product() -> Milepost:
    return build(Settings.load())


def product() -> Milepost:
    """Return the product; a stand-alone action server builds its own, once."""
    return _product.get(None) or _own_product()


@dataclass(frozen=True)
class Turn:
    """One run of an action: for whom, what they said, and how to answer."""

    actor: Actor
    milepost: Milepost
    tracker: Tracker
    dispatcher: CollectingDispatcher

    async def call(self, use_case: Callable[..., Result], *args: Any) -> Result:
        """Run a use case off the event loop, as the student who speaks."""
        return await run_in_threadpool(use_case, self.milepost, self.actor, *args)

    def utter(self, response: str, **values: Any) -> None:
        """Say a response of data/responses with its values."""
        self.dispatcher.utter_message(response=response, **values)

    @property
    def language(self) -> str:
        """The language that the coach answers in: the student's choice."""
        return self.actor.language

    @property
    def writes_spanish(self) -> bool:
        """Whether the message was read as Spanish."""
        return str(self.tracker.latest_message.get("spoken") or "") == SPANISH

    def in_words(self, day: date, with_year: bool = False) -> str:
        """Return a day as people say it in the student's language."""
        return in_words(day, self.language, with_year)

    def line(self, name: str, **values: Any) -> str:
        """Return a text of pathways/texts, for lists inside a response."""
        return say(self.actor.language, name, values)

    def listed(self, names: Sequence[str], language: str = "") -> str:
        """Return names as people say them: "A and B", "A, B, and C"."""
        return str(format_list(names, locale=language or self.actor.language))

    def show_cards(self, cards: list[dict[str, Any]]) -> None:
        """Show cards below what was said last."""
        self.dispatcher.utter_message(json_message={"cards": cards})

    def note(self, line: str, **values: Any) -> None:
        """Note a line for the summary (pathways/texts, notes), linked to this turn."""
        note = {"topic": line, "values": values}
        self.dispatcher.utter_message(json_message={"notes": [note]})

    @property
    def text(self) -> str:
        """What the student wrote."""
        return str(self.tracker.latest_message.get("text") or "")

    @property
    def pressed(self) -> bool:
        """Whether a button was pressed; typed words never begin with a slash."""
        return self.text.startswith("/")

    @property
    def asking(self) -> str:
        """The response by which the coach asked last, as the gateway remembers it."""
        metadata = self.tracker.latest_message.get("metadata") or {}
        return str(metadata.get("asking") or "")

    @property
    def intent(self) -> str:
        """What it was understood as."""
        return str((self.tracker.latest_message.get("intent") or {}).get("name") or "")

    @cached_property
    def entities(self) -> list[dict[str, Any]]:
        """What was found in it, in the order of the message."""
        return list(self.tracker.latest_message.get("entities") or [])

    def named(self, *kinds: str) -> list[str]:
        """Return codes and words of the entities of some kinds, without repeats."""
        found: list[str] = []
        for entity in self.entities:
            if entity.get("entity") in kinds:
                found += [str(entity.get("code") or ""), str(entity.get("value"))]
        return [one for one in dict.fromkeys(found) if one]

    def unlinked(self, kind: str) -> list[str]:
        """Return words of a kind that the catalog does not know, as said."""
        return [
            str(one["value"])
            for one in self.entities
            if one.get("entity") == kind and not one.get("code")
        ]

    @property
    def form(self) -> str | None:
        """The form that is open, by its name."""
        name = self.tracker.active_loop_name
        return str(name) if name else None

    @property
    def asked(self) -> str | None:
        """The slot that the open form asks for."""
        value = self.tracker.get_slot("requested_slot")
        return str(value) if value and self.form else None

    def back_to_form(self) -> list[EventType]:
        """Return the events that ask the open question again."""
        if not self.form:
            return []
        asks_which = self.tracker.get_slot(CHANGE_WANTED) == WHICH
        dropped = [SlotSet(CHANGE_WANTED, None)] if asks_which else []
        return [*dropped, FollowupAction(self.form)]


def offer_spanish(turn: Turn) -> list[EventType]:
    """Offer Spanish, once, to who writes it while the coach answers in English.

    The slot `locale` holds a choice from then on. Nothing is offered in the middle of
    a form, where a question is open.
    """
    decided = turn.tracker.get_slot("locale")
    if not turn.writes_spanish or turn.language == SPANISH or decided:
        return []
    if turn.form or turn.pressed or turn.intent in ASKS_FOR_LANGUAGE:
        return []
    turn.utter(OFFER, locale=SPANISH)
    return [SlotSet("locale", turn.language)]


class CoachAction(Action, ABC):
    """An action that knows for whom it runs, and answers kindly when it can't."""

    @abstractmethod
    def name(self) -> str:
        """The name by which Rasa calls it."""

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: Mapping[str, Any],
    ) -> list[EventType]:
        """Find the student behind the conversation, then act."""
        milepost = product()
        actor = _speaker.get() or await run_in_threadpool(
            actor_behind, milepost, tracker.sender_id
        )
        if actor is None:
            dispatcher.utter_message(response="utter_stranger")
            return []
        turn = Turn(actor, milepost, tracker, dispatcher)
        try:
            if feature := FEATURES.get(self.name()):
                await turn.call(require_on, feature)
            return [*await self.act(turn), *offer_spanish(turn)]
        except SwitchedOff as error:
            words = turn.line(f"page_pilot.off_{error.feature}")
            dispatcher.utter_message(text=words)
            return turn.back_to_form() or [FollowupAction("action_listen")]
        except MilepostError as error:
            log.warning(
                "action.refused", action=self.name(), error=type(error).__name__
            )
            dispatcher.utter_message(response="utter_trouble")
            return []

    @abstractmethod
    async def act(self, turn: Turn) -> Iterable[EventType]:
        """Do it, and return what Rasa should remember."""


class Interruption(CoachAction):
    """An action that answers, and asks an open form's question again."""

    async def act(self, turn: Turn) -> Iterable[EventType]:
        """Answer, then go back to the form if one is open."""
        events = list(await self.answer(turn))
        return [*events, *turn.back_to_form()]

    @abstractmethod
    async def answer(self, turn: Turn) -> Iterable[EventType]:
        """Say what there is to say."""


OTHERS = re.compile(
    r"\b(?:my|his|her|their|our) (?:best |little |big |older |younger |twin )?"
    r"(?:friend|brother|sister|cousin|classmate|teammate|girlfriend|boyfriend|twin|bff)"
    r"(?:'?s)?\b|\b(?:he|she|him|his|her|hers)\b"
    r"|\b(?:is|are|was) (?P<name>\w+) (?:doing|failing|passing)\b"
    r"|\b(?P<whose>\w+)'s (?:grades?|records?|plan|goals?|credits?|results?)\b"
    r"|\b(?:mi|su|de mi) (?:mejor )?(?:amig[oa]|herman[oa]|prim[oa]|compa[ñn]er[oa]"
    r"|novi[oa]|geme?l[oa])\b|\b(?:va|van|reprob\w+) (?:él|ella|ellos|ellas)\b",
    re.IGNORECASE,
)
NO_NAMES = frozenset({"i", "it", "that", "this", "what", "there", "today", "let"})


def asks_about_others(turn: Turn) -> bool:
    """Tell whether the student asks about somebody else's record."""
    for match in OTHERS.finditer(turn.text):
        name = match["name"] or match["whose"]
        if name is None:
            return True
        place = match.start("name" if match["name"] else "whose")
        known = any(
            one.get("start", 0) <= place < one.get("end", 0) for one in turn.entities
        )
        if name.lower() not in NO_NAMES and not known:
            return True
    return False


class OwnRecord(Interruption):
    """An answer from the record of the student who asks, and of nobody else."""

    async def answer(self, turn: Turn) -> Iterable[EventType]:
        """Say no more than that where the message is about somebody else."""
        if not turn.pressed and asks_about_others(turn):
            turn.utter("utter_only_your_own")
            return []
        return await self.tell(turn)

    @abstractmethod
    async def tell(self, turn: Turn) -> Iterable[EventType]:
        """Answer from the record."""
