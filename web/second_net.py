"""What a turn comes to once the assistant has read it behind the screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pathways.safety import Screening
from pathways.safety.screening import KINDS
from pathways.services.buttons import Reply

CLASSIFIER, READER = "classifier", "danger_reader"
UNKNOWN_KIND = "self_harm"


def heard(screening: Screening, replies: Sequence[Reply]) -> Screening:
    """Return what the screen and the assistant make of a message together.

    The assistant can raise what the screen found, never lower it. What it says of
    danger is taken out of the replies, which are kept.

    Args:
        screening: what the screen found; not red.
        replies: what the assistant answered.
    """
    noted = [reply.pop("danger", None) for reply in replies]
    told: dict[str, Any] = next((one for one in noted if one), {})
    crisis = any(reply.get("crisis") for reply in replies)
    level = told.get("level")
    kind = told.get("kind") if told.get("kind") in KINDS else UNKNOWN_KIND
    if level == "red" or crisis:
        return Screening("red", str(kind), READER if told else CLASSIFIER)
    if level == "soft" and screening.level == "none":
        return Screening("soft", str(kind), READER)
    return screening
