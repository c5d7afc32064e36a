"""What the longer talks share: read back before saving, then kept as a talk."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions.forms import Flow, ask_which_to_change, offer_return, quoted
from actions.shared import CHANGE_WANTED, CoachAction, Turn
from pathways.services import talks
from pathways.services.errors import Invalid
from pathways.services.talks import TalkView

DAYS = ("day", "first_day")


def read_back(turn: Turn, flow: Flow, fields: Sequence[str] = ()) -> str:
    """Return the answers given, a line each, in the student's own words."""
    said = flow.answers(turn.tracker)
    lines = []
    for field in fields or flow.given(turn.tracker):
        text = said.get(field, "")
        words = _day(turn, text) if field in DAYS and text else quoted(turn, text)
        title = turn.line(f"coach.field_{flow.slot(field)}")
        lines.append(turn.line("coach.read_back", title=title, text=words))
    return "\n".join(lines)


def _day(turn: Turn, iso: str) -> str:
    from datetime import date

    return turn.in_words(date.fromisoformat(iso))


class AskReview(CoachAction):
    """Repeats what was understood and asks, or asks which answer to change."""

    response: ClassVar[str]

    @property
    @abstractmethod
    def flow(self) -> Flow:
        """The flow whose answers are read back."""

    async def act(self, turn: Turn) -> Iterable[EventType]:
        """Read the answers back."""
        if turn.tracker.get_slot(CHANGE_WANTED) == "yes":
            return ask_which_to_change(turn, self.flow)
        turn.utter(self.response, lines=read_back(turn, self.flow))
        return []


class SaveTalk(CoachAction):
    """Turns confirmed answers into a talk."""

    @property
    @abstractmethod
    def flow(self) -> Flow:
        """The flow that ends."""

    async def act(self, turn: Turn) -> Iterable[EventType]:
        """Save, say so, and offer the flow that was left for it."""
        method, answers = self.talk(self.flow.answers(turn.tracker))
        try:
            saved = await turn.call(talks.save_talk, self.flow.name, method, answers)
        except Invalid:
            turn.utter("utter_talk_not_saved")
            again = [SlotSet(self.flow.slot("confirmed"), None)]
            return [*again, FollowupAction(self.flow.form)]
        self.tell(turn, saved)
        await offer_return(turn)
        return self.flow.cleared()

    @abstractmethod
    def talk(self, answers: Mapping[str, str]) -> tuple[str, dict[str, str]]:
        """Return the method and its answers by step."""

    @abstractmethod
    def tell(self, turn: Turn, saved: TalkView) -> None:
        """Say that it is saved, and to whom it is open."""
