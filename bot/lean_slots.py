"""Asks a message only for the slots that it can fill (docs/adr/0007).

Nearly every slot belongs to one question of one form. Rasa reads the mappings of
all slots at every message.
"""

import copy
from typing import Any

from rasa.core.actions.action import ActionExtractSlots
from rasa.shared.core.constants import ACTION_VALIDATE_SLOT_MAPPINGS
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.slots import Slot

_read_all = ActionExtractSlots.run


async def extract_slots(
    self: ActionExtractSlots, channel: Any, nlg: Any, tracker: Any, domain: Domain
) -> list[Event]:
    """Return the slots that a message fills, as Rasa's own action does."""
    if ACTION_VALIDATE_SLOT_MAPPINGS in domain.user_actions:
        return await _read_all(self, channel, nlg, tracker, domain)
    views = domain.__dict__.setdefault("_milepost_views", {})
    loop = tracker.active_loop_name
    if loop not in views:
        views[loop] = copy.copy(domain)
        views[loop].slots = [slot for slot in domain.slots if _may_fill(slot, loop)]
    return await _read_all(self, channel, nlg, tracker, views[loop])


def _may_fill(slot: Slot, loop: str | None) -> bool:
    """Tell whether any mapping of a slot can count while a loop (or none) runs."""
    return any(_counts(mapping, loop) for mapping in slot.mappings)


def _counts(mapping: dict[str, Any], loop: str | None) -> bool:
    if mapping.get("type") == "custom" and not mapping.get("action"):
        return False
    conditions = mapping.get("conditions")
    if not conditions or mapping.get("type") == "from_trigger_intent":
        return True
    return any(one.get("active_loop") == loop for one in conditions)
