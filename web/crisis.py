"""What the gateway says itself when someone may be in danger, and after it."""

from __future__ import annotations

from pathways.safety import Screening
from pathways.safety.language import language_of
from pathways.safety.replies import reply as safety_reply
from pathways.safety.replies import soft_line
from pathways.services.buttons import Reply
from pathways.texts import say

GO_ON, TALK, ELSE = "/resume_flow", "/request_human", "/ask_capabilities"


def going_on(language: str, left_open: bool) -> Reply:
    """Return the reply to "Go on with coaching".

    Args:
        language: the student's.
        left_open: a form's question stood open before, and is offered again.
    """
    ways = (("go_on_there", GO_ON), ("else", ELSE)) if left_open else ()
    buttons = [
        {"title": say(language, f"gateway.{name}"), "payload": payload}
        for name, payload in ways
    ]
    return {"text": say(language, "gateway.going_on"), "buttons": buttons}


def choices(language: str) -> list[dict[str, str]]:
    """Return the two ways on after a red flag."""
    return [
        {"title": say(language, "gateway.talk"), "payload": TALK},
        {"title": say(language, "gateway.go_on"), "payload": GO_ON},
    ]


def crisis_reply(screening: Screening, words: str, language: str, adult: str) -> Reply:
    """Return the reviewed reply for what the screen found.

    Args:
        screening: a red or a soft one.
        words: what the student wrote, to answer in its language.
        language: the student's language where the words don't tell.
        adult: the person at school whom the reply names.
    """
    spoken = language_of(words, language)
    named = adult or say(spoken, "gateway.some_adult")
    if screening.level != "red":
        text = soft_line(screening.category, spoken, named)
        return {"text": text, "buttons": choices(spoken)[:1], "cards": []}
    text = safety_reply(screening.category, spoken, named).text
    return {"text": text, "buttons": choices(spoken), "cards": []}
