"""Getting started: what this is, who sees what, language and supports (P8)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rasa_sdk.events import EventType, SlotSet

from actions.answers import Checked, ValidateFlow, confirmed
from actions.forms import SKIPPED, Flow, ask_which_to_change, offer_return, quoted
from actions.shared import CHANGE_WANTED, CoachAction, Turn
from pathways.domain.language_names import OWN, language_named
from pathways.domain.lexicon import fold
from pathways.domain.unmet import Kind
from pathways.services import demand, drafts, preferences

FLOW = Flow(
    "onboarding",
    ("language", "supports", "confirmed"),
    frozenset({"language", "supports"}),
    hidden=("picked",),
)
SPOKEN = {OWN: "en", "Spanish": "es"}
INVALID = "utter_invalid_onboarding_form_onboarding_"
SUPPORTS = {
    "read_aloud": (
        r"aloud|out loud|read (?:it|this|that|everything)? ?to me|listen|hear"
        r"|en voz alta|l[eé]e(?:me|r)?|escuchar|o[ií]r"
    ),
    "dictation": r"dictat\w*|talk\w*|speak\w*|voice|mic\w*|instead of typing"
    r"|habl\w+|dict\w+|micr[oó]fono",
    "large_text": (
        r"big\w*|larg\w*|size|zoom|letters|font|small|tiny"
        r"|letras?|grandes?|tama[ñn]o"
    ),
    "plain_words": r"plain|easy|easier|simple\w*|words|short\w*"
    r"|f[aá]cil(?:es)?|sencill\w+|palabras",
    "visual_cues": r"pictures?|visual\w*|icons?|images?|symbols?|signs|colou?rs?"
    r"|im[aá]gen(?:es)?|dibujos?|fotos?|s[ií]mbolos?|iconos?|se[ñn]ales",
}
DONE = re.compile(
    r"(?:no(?:ne|thing|pe)?|nah|that'?s (?:all|it)|done|no more|i'?m good|finished"
    r"|none of (?:these|those|them)|nothing else|no thanks?|ningun[oa]"
    r"|nada(?: m[aá]s)?|eso es todo|listo|ya|no gracias)(?: thanks?| thx)?\W*",
    re.IGNORECASE,
)


def supports_in(words: str) -> tuple[str, ...]:
    """Return the supports that words name."""
    return tuple(
        name
        for name, named in SUPPORTS.items()
        if re.search(rf"\b(?:{named})\b", words, re.IGNORECASE)
    )


def support_names(turn: Turn, supports: Sequence[str]) -> list[str]:
    """Return what people call some supports."""
    return [turn.line(f"coach.support_{one}") for one in supports]


def picked(turn: Turn) -> tuple[str, ...]:
    """Return the supports that the student chose so far."""
    kept = str(turn.tracker.slots.get(FLOW.slot("picked")) or "")
    return tuple(one for one in preferences.SUPPORTS if one in kept.split())


async def check_language(turn: Turn, value: str) -> Checked:
    """Take a language by its name; one that we don't know needs one word alone."""
    known = language_named(value)
    word = fold(value)
    if known in SPOKEN:
        return known, known
    if known is None and (not word or len(value.split()) > 1):
        turn.utter(f"{INVALID}language")
        return None, None
    language = known or value.strip()[: preferences.LONGEST].capitalize()
    return language, language


async def check_supports(turn: Turn, value: str) -> Checked:
    """Take one support after the other, until the student has all they want."""
    named = supports_in(value)
    chosen = tuple(
        one for one in preferences.SUPPORTS if one in (*picked(turn), *named)
    )
    turn.tracker.slots[FLOW.slot("picked")] = " ".join(chosen) or None
    done = DONE.fullmatch(value.strip()) or turn.intent == "deny"
    if done and not chosen:
        return SKIPPED, SKIPPED
    if done or len(named) > 1 or len(chosen) == len(preferences.SUPPORTS):
        listed = turn.listed(support_names(turn, chosen))
        return listed, listed
    if named:
        turn.utter("utter_onboarding_one_more", supports=_listed(turn, chosen))
    else:
        turn.utter(f"{INVALID}supports")
    return None, None


def _listed(turn: Turn, supports: Sequence[str]) -> str:
    return turn.listed(support_names(turn, supports))


async def misread(turn: Turn) -> list[EventType] | None:
    """Take the answer that was read as a wish to the coach; None where it is none.

    "Somali" and "bigger text" sound like wishes for another language or setting.
    """
    field = FLOW.field(turn.asked or "")
    names_it = {"language": language_named, "supports": supports_in}.get(field)
    if turn.pressed or names_it is None or not names_it(turn.text):
        return None
    kept, draft = await ValidateOnboarding.checks[field](turn, turn.text)
    listed = turn.tracker.slots.get(FLOW.slot("picked"))
    await turn.call(drafts.save_answers, FLOW.name, {field: draft, "picked": listed})
    return [SlotSet(FLOW.slot(field), kept), SlotSet(FLOW.slot("picked"), listed)]


class ValidateOnboarding(ValidateFlow):
    """Checks the answers."""

    flow = FLOW
    checks = {
        "language": check_language,
        "supports": check_supports,
        "confirmed": confirmed(f"{INVALID}confirmed"),
    }


class AskOnboardingSupports(CoachAction):
    """Offers the supports that are not chosen yet."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_ask_onboarding_form_onboarding_supports"

    async def act(self, turn: Turn) -> Iterable[EventType]:
        """Show a button for each, and one for no more."""
        chosen = picked(turn)
        left = [one for one in preferences.SUPPORTS if one not in chosen]
        titles = support_names(turn, left)
        last = turn.line("coach.button_thats_all" if chosen else "coach.button_none")
        buttons = [{"title": one, "payload": one} for one in titles]
        turn.dispatcher.utter_message(
            response="utter_ask_onboarding_form_onboarding_supports",
            buttons=[*buttons, {"title": last, "payload": "that's all"}],
        )
        return []


def current(turn: Turn) -> str:
    """Return the English name of the language that the coach speaks now."""
    return next(name for name, code in SPOKEN.items() if code == turn.language)


def named_here(turn: Turn, language: str) -> str:
    """Return a language's name as the student reads it: "español", "Somali"."""
    code = SPOKEN.get(language)
    return turn.line(f"coach.language_{code}") if code else language


class AskOnboardingConfirmed(CoachAction):
    """Repeats what was understood and asks, or asks which answer to change."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_ask_onboarding_form_onboarding_confirmed"

    async def act(self, turn: Turn) -> Iterable[EventType]:
        """Show the settings as they would be kept."""
        if turn.tracker.get_slot(CHANGE_WANTED) == "yes":
            return ask_which_to_change(turn, FLOW)
        said = FLOW.answers(turn.tracker)
        turn.utter(
            "utter_ask_onboarding_form_onboarding_confirmed",
            language=named_here(turn, said.get("language") or current(turn)),
            supports=said.get("supports") or quoted(turn, ""),
        )
        return []


class SaveOnboarding(CoachAction):
    """Keeps what was chosen, and says how to get each support today."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_save_onboarding"

    async def act(self, turn: Turn) -> Iterable[EventType]:
        """Keep it in the plan; a language that we lack is counted as a wish."""
        said = FLOW.answers(turn.tracker)
        language = said.get("language") or OWN
        wish = "" if language in SPOKEN else language
        supports = picked(turn) if said.get("supports") else ()
        chosen = await turn.call(preferences.choose, supports, wish)
        changed: list[EventType] = []
        if said.get("language") in SPOKEN:
            spoken = await turn.call(preferences.speak, SPOKEN[language])
            changed = [SlotSet("locale", spoken)]
        if wish:
            await turn.call(demand.note_unmet, Kind.LANGUAGE, wish)
            turn.utter("utter_language_other", language=wish)
        lines = [turn.line(f"coach.how_{one}") for one in chosen.supports]
        if lines:
            turn.utter("utter_onboarding_how", lines="\n".join(lines))
        turn.utter("utter_onboarding_saved")
        await offer_return(turn)
        return [*changed, *FLOW.cleared()]
