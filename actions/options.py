"""Suggestions as cards, why and why not, and what the student decides (O4-O9)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from rasa_sdk.events import EventType, SlotSet

from actions.availability import ask_once
from actions.naming import ask_which, meant, meant_or_last
from actions.shared import Interruption, Turn
from actions.unknown import note_unknown
from pathways.domain.options import OptionKind
from pathways.domain.unmet import Kind
from pathways.services import options
from pathways.services.option_views import OptionView
from pathways.services.options import DISMISSED, SAVED

SHOWN, REASONS_TOLD = 3, 4
OUTSIDE_CLASS = frozenset({OptionKind.INTERNSHIP, OptionKind.SERVICE})


def card(turn: Turn, option: OptionView) -> dict[str, Any]:
    """Return an option as a card with its buttons."""
    return {
        "id": option.id,
        "kind": option.kind,
        "title": option.title,
        "description": option.description,
        "facts": [*option.details, *option.conditions],
        "reasons": [
            {"fact": one.fact, "value": one.value, "source": one.source}
            for one in option.reasons
        ],
        "next_step": option.next_step,
        "stretch": option.stretch,
        "stretch_text": option.support,
        "buttons": [
            {
                "title": turn.line(f"coach.button_{name}"),
                "payload": f'/{intent}{{"option": "{option.id}"}}',
            }
            for name, intent in (
                ("save", "save_option"),
                ("why", "ask_why_recommended"),
                ("not_for_me", "dismiss_option"),
            )
        ],
    }


class Suggest(Interruption):
    """The base of suggestions of one kind."""

    kind: ClassVar[OptionKind]

    async def answer(self, turn: Turn) -> Iterable[EventType]:
        """Suggest up to three, say what is not open yet, admit what is unknown."""
        for place in turn.unlinked("organization"):
            await note_unknown(turn, Kind.ORGANIZATION, place)
        found = await turn.call(options.suggest, self.kind, SHOWN)
        if found.items:
            turn.utter(f"utter_suggest_{self.kind.value}")
            turn.show_cards([card(turn, option) for option in found.items])
            titles = ", ".join(option.title for option in found.items)
            turn.note("suggested", titles=titles)
            last = SlotSet("last_option", found.items[0].id)
            if found.early:
                turn.utter("utter_suggest_early")
            elif self.kind in OUTSIDE_CLASS:
                return [last, *await ask_once(turn)]
            return [last]
        turn.utter("utter_suggest_none" if found.not_yet else "utter_suggest_nothing")
        if found.not_yet:
            self._later(turn, found.not_yet)
        return []

    def _later(self, turn: Turn, later: tuple[OptionView, ...]) -> None:
        lines = [
            turn.line("coach.not_yet_line", title=one.title, step=one.next_step)
            for one in later[:2]
        ]
        turn.utter("utter_not_yet", lines=" ".join(lines))


class SuggestCourses(Suggest):
    """Suggests the next courses."""

    kind = OptionKind.COURSE

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_suggest_courses"


class SuggestInternships(Suggest):
    """Suggests internships, apprenticeships and job shadows."""

    kind = OptionKind.INTERNSHIP

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_suggest_internships"


class SuggestService(Suggest):
    """Suggests service."""

    kind = OptionKind.SERVICE

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_suggest_service"


class SuggestCreditFlex(Suggest):
    """Suggests ways to earn credit outside class."""

    kind = OptionKind.CREDIT_FLEX

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_suggest_credit_flex"


class SuggestCollegeCredit(Suggest):
    """Suggests college courses."""

    kind = OptionKind.COLLEGE_CREDIT

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_suggest_college_credit"


class ExplainWhy(Interruption):
    """Says why something was suggested."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_explain_why"

    async def answer(self, turn: Turn) -> Iterable[EventType]:
        """Every reason with its source, and the next step."""
        code = await meant_or_last(turn)
        if code is None:
            await ask_which(turn, "utter_why_which")
            return []
        option = await turn.call(options.why, code)
        lines = [
            turn.line("coach.reason_line", fact=one.fact, source=one.source)
            for one in option.reasons[:REASONS_TOLD]
        ]
        told = (*option.conditions, *option.limits, *option.would_change[:1])
        lines += [f"• {one}" for one in told]
        turn.utter(
            "utter_why_recommended",
            title=option.title,
            lines="\n".join(lines),
            step=option.next_step,
        )
        return [SlotSet("last_option", code)]


class ExplainWhyNot(Interruption):
    """Says why something is not open, and what would open it."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_explain_why_not"

    async def answer(self, turn: Turn) -> Iterable[EventType]:
        """The rule and the nearest step; or that it is open."""
        code = await meant(turn)
        if code is None:
            turn.utter("utter_why_not_unknown")
            return []
        option = await turn.call(options.why, code)
        if option.open:
            turn.utter("utter_why_not_open", title=option.title, step=option.next_step)
            turn.show_cards([card(turn, option)])
        else:
            turn.utter(
                "utter_why_not",
                title=option.title,
                limits=" ".join(option.limits),
                step=option.next_step,
            )
        return []


class Decide(Interruption):
    """The base of keeping an option and turning it down."""

    decision: ClassVar[str]
    response: ClassVar[str]

    async def answer(self, turn: Turn) -> Iterable[EventType]:
        """Do it for the option meant."""
        code = await meant_or_last(turn)
        if code is None:
            await ask_which(turn, "utter_option_which")
            return []
        option = await turn.call(options.decide, code, self.decision)
        if option.withdrawn:
            turn.utter("utter_option_gone", title=option.title, step=option.next_step)
            return []
        turn.utter(
            self.response,
            title=option.title,
            step=option.next_step,
            code=option.id,
        )
        if self.decision == SAVED:
            turn.note("saved", title=option.title)
        return [SlotSet("last_option", code)]


class SaveOption(Decide):
    """Keeps an option in the plan."""

    decision, response = SAVED, "utter_option_saved"

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_save_option"


class DismissOption(Decide):
    """Turns an option down."""

    decision, response = DISMISSED, "utter_option_dismissed"

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_dismiss_option"
