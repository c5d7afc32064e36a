"""Which option a message means: a name, a place, a word of a title, or "it"."""

from __future__ import annotations

from collections.abc import Sequence

from actions.shared import Turn
from pathways.domain.lexicon import fold
from pathways.services import options

ASKED_AMONG = 3
TELLING = 3
PLACES = (
    ("first", "1st", "primero", "primera", "primer"),
    ("second", "2nd", "segundo", "segunda"),
    ("third", "3rd", "tercero", "tercera", "tercer"),
)
LAST = frozenset({"last", "ultimo", "ultima"})
OPTION_WORDS = frozenset(
    ["and", "for", "the", "that", "this", "one", "class", "course", "courses", "job"]
    + ["internship", "option", "plan", "why", "not", "save", "keep", "add", "want"]
    + ["una", "uno", "los", "las", "del", "por", "que", "para", "con", "esa", "ese"]
    + ["plan", "clase", "curso", "opcion", "trabajo", "pasantia", "quiero", "guarda"]
    + ["can", "you", "into", "like", "from", "with", "school", "work", "what"]
)


async def meant(turn: Turn) -> str | None:
    """Return the option that the message names, those shown last before all others."""
    pressed = turn.named("option")
    words = pressed or turn.named("subject", "organization", "career", "interest")
    shown = [] if pressed else await turn.call(options.last_titles)
    named = title_named(turn.text, shown) or place_named(turn.text, shown)
    if named or not words:
        return named
    return await turn.call(options.find_option, words)


def title_named(text: str, shown: Sequence[tuple[str, str]]) -> str | None:
    """Return the one option shown whose title shares a telling word with a text."""
    said = {word for word in fold(text).split() if len(word) >= TELLING}
    found = [
        code
        for code, title in shown
        if (said - OPTION_WORDS) & set(fold(title).split())
    ]
    return found[0] if len(found) == 1 else None


def place_named(text: str, shown: Sequence[tuple[str, str]]) -> str | None:
    """Return the option shown that "the second one" means."""
    said = fold(text).split()
    for place, names in enumerate(PLACES):
        if place < len(shown) and any(name in said for name in names):
            return shown[place][0]
    return shown[-1][0] if shown and LAST & set(said) else None


async def meant_or_last(turn: Turn) -> str | None:
    """Return the option that is named; without any name, the one spoken of last."""
    found = await meant(turn)
    if found or turn.named("subject", "organization", "career"):
        return found
    spoken_of = turn.tracker.get_slot("last_option")
    if spoken_of:
        return str(spoken_of)
    shown = await turn.call(options.last_suggested)
    return shown[0] if shown else None


async def ask_which(turn: Turn, response: str) -> None:
    """Ask which option is meant, by a button for each one shown last."""
    shown = await turn.call(options.last_titles)
    turn.dispatcher.utter_message(
        response=response,
        buttons=[
            {"title": title, "payload": f'/{turn.intent}{{"option": "{code}"}}'}
            for code, title in shown[:ASKED_AMONG]
        ],
    )
