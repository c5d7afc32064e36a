"""Hours a week and places, asked once when options are shown (O5)."""

from __future__ import annotations

from rasa_sdk.events import EventType, SlotSet

from actions.shared import Turn
from pathways.domain.reach_words import hours_in, places_in
from pathways.services.availability import (
    MOST_HOURS,
    AvailabilityView,
    availability,
    set_availability,
)

ASKED = "utter_ask_availability"
ONCE = "availability_asked"


def is_asked(turn: Turn) -> bool:
    """Tell whether the coach asked for hours and places last."""
    return turn.asking == ASKED and turn.form is None


async def ask_once(turn: Turn) -> list[EventType]:
    """Ask for hours and places where nothing is known, once, and never in a form."""
    if turn.form or turn.tracker.get_slot(ONCE):
        return []
    said = await turn.call(availability)
    if said.said_at is not None:
        return []
    turn.utter(ASKED, example=_example(turn, said.common))
    return [SlotSet(ONCE, "yes")]


def _example(turn: Turn, places: tuple[str, ...]) -> str:
    if not places:
        return turn.line("coach.reach_example_hours")
    listed = turn.listed(places)
    return turn.line("coach.reach_example", place=places[0], places=listed)


async def took_availability(turn: Turn) -> bool:
    """Keep the hours and places of an answer; tell whether it held any."""
    if not is_asked(turn) or turn.pressed:
        return False
    said = await turn.call(availability)
    hours, places = hours_in(turn.text), places_in(turn.text, said.choices)
    if (hours is None and places is None) or (hours or 0) > MOST_HOURS:
        return False
    kept = await turn.call(
        set_availability,
        said.hours_a_week if hours is None else hours,
        said.places if places is None else places,
    )
    turn.utter("utter_availability_noted", said=in_words(turn, kept))
    return True


def in_words(turn: Turn, kept: AvailabilityView) -> str:
    """Return hours and places as the coach says them back."""
    parts = []
    if kept.hours_a_week is not None:
        hours = f"{kept.hours_a_week:g}"
        parts.append(turn.line("coach.reach_hours", hours=hours))
    if kept.places is not None:
        name = "coach.reach_places" if kept.places else "coach.reach_home"
        parts.append(turn.line(name, places=turn.listed(kept.places)))
    return ", ".join(parts)
