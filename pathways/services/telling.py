"""Words of ours for the person who acts: a student, or an adult around one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pathways.services.access import Actor, Role
from pathways.texts import for_reader, say


def is_adult(actor: Actor) -> bool:
    """Tell whether somebody is spoken to as an adult: everybody but a student."""
    return actor.role is not Role.STUDENT


def say_to(actor: Actor, name: str, values: Mapping[str, Any] | None = None) -> str:
    """Return a text in the language of the person who acts, as they are spoken to."""
    return say(actor.language, for_reader(name, is_adult(actor)), values)
