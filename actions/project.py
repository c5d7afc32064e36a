"""Project coaching: engage, investigate, act, with a dated first step (feature C5)."""

from __future__ import annotations

from collections.abc import Mapping

from actions.answers import ValidateFlow, coming_day, confirmed, own_words
from actions.forms import BeginFlow, Flow
from actions.shared import Turn
from actions.talking import AskReview, SaveTalk
from pathways.domain.coaching import PROJECT
from pathways.services.talks import TalkView

INVALID = "utter_invalid_project_form_project_"
FLOW = Flow(
    "project",
    (*PROJECT.steps, "confirmed"),
    PROJECT.optional,
    questions=frozenset({"question", "find_out"}),
)


class BeginProject(BeginFlow):
    """Opens the plan of a project."""

    flow = FLOW
    start, go_on = "utter_project_start", "utter_project_continue"

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_begin_project"


class ValidateProject(ValidateFlow):
    """Checks the answers about a project."""

    flow = FLOW
    checks = {
        "idea": own_words(f"{INVALID}idea"),
        "challenge": own_words(f"{INVALID}challenge"),
        "make": own_words(f"{INVALID}make"),
        "action": own_words(f"{INVALID}action"),
        "day": coming_day(f"{INVALID}day", from_today=True),
        "confirmed": confirmed(f"{INVALID}confirmed"),
    }


class AskProjectConfirmed(AskReview):
    """Reads the plan back."""

    flow = FLOW
    response = "utter_ask_project_form_project_confirmed"

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_ask_project_form_project_confirmed"


class SaveProject(SaveTalk):
    """Keeps the plan of the project."""

    flow = FLOW

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_save_project"

    def talk(self, answers: Mapping[str, str]) -> tuple[str, dict[str, str]]:
        """Return the steps."""
        return PROJECT.name, {
            step: text for step, text in answers.items() if step != "confirmed"
        }

    def tell(self, turn: Turn, saved: TalkView) -> None:
        """Say the first step once more, and note the challenge for the summary."""
        challenge = saved.answers.get("challenge", "")
        turn.utter("utter_project_saved", action=saved.action)
        turn.note("project", challenge=challenge, action=saved.action)
