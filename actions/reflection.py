"""Looking back: What? So what? Now what?, or Gibbs for more (feature C4)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rasa_sdk.events import EventType, SlotSet

from actions.answers import Checked, ValidateFlow, coming_day, confirmed, own_words
from actions.forms import BeginFlow, Flow
from actions.shared import Turn
from actions.talking import AskReview, SaveTalk
from pathways.domain.coaching import GIBBS, METHODS, WHAT, Method
from pathways.services import drafts
from pathways.services.talks import TalkView

INVALID = "utter_invalid_reflection_form_reflection_"
KINDS = (
    (
        "setback",
        r"wrong|fail(?:ed|ing|ure)?|lost|bombed|bad grade|mistakes?|messed up|setback"
        r"|argu(?:ed|ment)|fight|didn'?t get|rejected"
        r"|mal|fall[eéo]\w*|error(?:es)?|perd[ií]\w*|reprob\w+|pele\w+|discut\w+|rechaz\w+",
    ),
    (
        "job",
        r"internship|job|work(?:ed)?|shift|clinic|shadow|volunteer(?:ing|ed)?|boss"
        r"|trabaj\w*|pasant[ií]a|pr[aá]cticas|cl[ií]nica|voluntari\w*|jef[ea]|turno",
    ),
    (
        "project",
        r"projects?|capstone|presentation|science fair|robot|play|concert"
        r"|proyectos?|presentaci[oó]n|exposici[oó]n|feria|obra|concierto",
    ),
    (
        "small",
        r"small|quick|little|short|class|day|today|week|moment|game|practice"
        r"|chic[oa]|peque[ñn][oa]|r[aá]pido|cort[oa]|clase|d[ií]a|hoy|semana|momento|juego|partido",
    ),
)


def method_of(kind: str) -> Method:
    """Return the short way for small things, Gibbs' cycle for all that is more."""
    return WHAT if kind == "small" else GIBBS


def beside_the_way(answers: Mapping[str, str]) -> frozenset[str]:
    """Return the steps that belong to the other way."""
    kind = answers.get("kind")
    return frozenset(
        {*WHAT.steps, *GIBBS.steps} - {*method_of(kind).steps} if kind else ()
    )


def kind_of(words: str) -> str | None:
    """Read from words what kind of thing is looked back on."""
    return next(
        (kind for kind, named in KINDS if re.search(rf"\b(?:{named})\b", words, re.I)),
        None,
    )


FLOW = Flow(
    "reflection",
    (
        "kind",
        "what",
        "so_what",
        "feelings",
        "good",
        "hard",
        "analysis",
        "conclusion",
        "action",
        "day",
        "confirmed",
    ),
    WHAT.optional | GIBBS.optional,
    unasked=beside_the_way,
)


class BeginReflection(BeginFlow):
    """Opens the reflection; an opening message that names the kind is heard."""

    flow = FLOW
    start, go_on = "utter_reflection_start", "utter_reflection_continue"

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_begin_reflection"

    async def known(self, turn: Turn) -> list[EventType]:
        """Take the kind from the opening words; a small thing is asked about."""
        kind = None if turn.pressed else kind_of(turn.text)
        if kind is None or kind == "small":
            return []
        await turn.call(drafts.save_answers, FLOW.name, {"kind": kind})
        slots = {FLOW.slot("kind"): kind}
        return [SlotSet(FLOW.slot("kind"), kind), *FLOW.branch(slots)]


async def check_kind(turn: Turn, value: str) -> Checked:
    """Take one of the four kinds."""
    kind = kind_of(value)
    if kind is None:
        turn.utter(f"{INVALID}kind")
    return kind, kind


class ValidateReflection(ValidateFlow):
    """Checks the answers of the reflection."""

    flow = FLOW
    checks = {
        "kind": check_kind,
        "what": own_words(f"{INVALID}what"),
        "action": own_words(f"{INVALID}action"),
        "day": coming_day(f"{INVALID}day", from_today=True),
        "confirmed": confirmed(f"{INVALID}confirmed"),
    }


class AskReflectionConfirmed(AskReview):
    """Reads the reflection back."""

    flow = FLOW
    response = "utter_ask_reflection_form_reflection_confirmed"

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_ask_reflection_form_reflection_confirmed"


class SaveReflection(SaveTalk):
    """Keeps the reflection for the student alone."""

    flow = FLOW

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_save_reflection"

    def talk(self, answers: Mapping[str, str]) -> tuple[str, dict[str, str]]:
        """Return the method of the kind, and its steps."""
        method = method_of(answers.get("kind", "small"))
        steps = METHODS[method.name].steps
        return method.name, {step: answers[step] for step in steps if step in answers}

    def tell(self, turn: Turn, saved: TalkView) -> None:
        """Say that nobody else sees it, and offer one line for the summary."""
        share = {
            "title": turn.line("coach.button_add_step"),
            "payload": f'/review_summary{{"field": "{saved.id}"}}',
        }
        stay = {"title": turn.line("coach.button_stay_private"), "payload": "/deny"}
        turn.dispatcher.utter_message(
            response="utter_reflection_saved",
            action=saved.action,
            buttons=[stay, share],
        )
