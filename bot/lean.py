"""Takes out work that Rasa 3.6.21 does again at every turn (docs/adr/0007).

It is the last open release, so what is replaced here will not change under us; each
replacement answers the same as what it replaces, and a test holds it to that.
"""

from functools import lru_cache
from itertools import islice
from typing import Any

import rasa
from jsonschema import Draft202012Validator, ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import EventVerbosity

RECENT_EVENTS = 60
_look_up = Event.resolve_by_type


@lru_cache(maxsize=1)
def _validator() -> Draft202012Validator:
    return Draft202012Validator(RemoteAction.action_response_format_spec())


def validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
    """Check an action's answer; the schema itself is checked once, not each time."""
    try:
        _validator().validate(result)
    except ValidationError as error:
        error.message += f" Failed to validate the answer of '{self.name()}'."
        raise
    return True


@lru_cache(maxsize=256)
def resolve_by_type(type_name: str, default: Any = None) -> Any:
    """Return an event's class by its name; asked once for each name."""
    return _look_up(type_name, default)


def action_call_format(self: RemoteAction, tracker: Any, domain: Any) -> dict[str, Any]:
    """Return what an action gets: the state and recent events, not the whole past."""
    skipped = max(0, len(tracker.events) - RECENT_EVENTS)
    state = tracker.current_state(EventVerbosity.NONE)
    state["events"] = [
        event.as_dict() for event in islice(tracker.events, skipped, None)
    ]
    call = {
        "next_action": self._name,
        "sender_id": tracker.sender_id,
        "tracker": state,
        "version": rasa.__version__,
    }
    wanted = domain.does_custom_action_explicitly_need_domain(self.name())
    if wanted or not self._is_selective_domain_enabled():
        call["domain"] = domain.as_dict()
    return call


def apply() -> None:
    """Put the replacements in place; doing it again changes nothing."""
    RemoteAction._validate_action_result = validate_action_result
    RemoteAction._action_call_format = action_call_format
    Event.resolve_by_type = staticmethod(resolve_by_type)
