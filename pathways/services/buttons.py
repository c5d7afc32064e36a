"""Replies and their buttons: what is kept, what is shown, what a press means."""

from __future__ import annotations

import string
from collections.abc import Iterator, Sequence
from typing import Any

from pathways.store.models import Conversation, Turn
from pathways.store.unit_of_work import UnitOfWork

BUTTON = "button:"
Reply = dict[str, Any]


def buttons_of(replies: Sequence[Reply]) -> Iterator[dict[str, str]]:
    """Yield every button of some replies, those of cards included."""
    for reply in replies:
        yield from reply.get("buttons", [])
        for card in reply.get("cards", []):
            yield from card.get("buttons", [])


def _fold(title: str) -> str:
    return title.casefold().strip(string.punctuation + string.whitespace)


def pressed(
    work: UnitOfWork,
    conversation: Conversation,
    last: Turn | None,
    text: str,
) -> tuple[str, str | None]:
    """Find the button that a message presses: by its payload or its very title.

    A payload counts only where this conversation's own replies carry it, so that
    no typed text can become a command to Rasa.
    """
    if text.startswith(BUTTON):
        turn = work.conversations.turn(
            conversation.school_id, text[len(BUTTON) :].partition(".")[0]
        )
        if turn is not None and turn.conversation_id == conversation.id:
            for button in buttons_of(turn.replies):
                if button["payload"] == text:
                    return button["title"], button["intent"]
        return text[len(BUTTON) :], None
    for button in buttons_of(last.replies if last else []):
        if _fold(button["title"]) == _fold(text) and _fold(text):
            return text, button.get("intent")
    return text, None


def named(reply: Reply, turn_id: str, place: int) -> Reply:
    """Give each button that means something to Rasa a payload that only we know."""
    kept = {"text": "", "buttons": [], "cards": [], **reply}
    kept["buttons"] = [
        _button(button, f"{turn_id}.{place}.{n}")
        for n, button in enumerate(kept["buttons"])
    ]
    kept["cards"] = [
        {
            **card,
            "buttons": [
                _button(button, f"{turn_id}.{place}.{c}.{n}")
                for n, button in enumerate(card.get("buttons", []))
            ],
        }
        for c, card in enumerate(kept["cards"])
    ]
    return kept


def _button(button: dict[str, str], name: str) -> dict[str, str]:
    if not button["payload"].startswith("/"):
        return {"title": button["title"], "payload": button["payload"]}
    return {
        "title": button["title"],
        "payload": BUTTON + name,
        "intent": button["payload"],
    }


def public_replies(replies: Sequence[Reply]) -> list[Reply]:
    """Return replies as people's browsers get them: no intents, no notes."""
    return [
        {
            "text": reply.get("text", ""),
            "buttons": [_shown(button) for button in reply.get("buttons", [])],
            "cards": [
                {**card, "buttons": [_shown(one) for one in card.get("buttons", [])]}
                for card in reply.get("cards", [])
            ],
        }
        for reply in replies
        if reply.get("text") or reply.get("cards") or reply.get("buttons")
    ]


def _shown(button: dict[str, str]) -> dict[str, str]:
    return {"title": button["title"], "payload": button["payload"]}
