"""Finds the few rules that can fit a conversation's last state, without trying all."""

import json
from collections import defaultdict
from typing import Any

from rasa.shared.core.constants import SHOULD_NOT_BE_SET

Named = tuple[str | None, str | None]
PREVIOUS = "prev_action", "action_name"


def _name(state: dict[str, Any], kind: str, key: str) -> str | None:
    """Return an intent or an action that a rule's state asks for; None for any."""
    found = state.get(kind, {}).get(key)
    return str(found) if found and found != SHOULD_NOT_BE_SET else None


class RuleIndex:
    """The rules of a RulePolicy by the intent and the action of their last state.

    A rule that names an intent (or an action before) fits no state with another
    one, so only the named and the open ones have to be tried.
    """

    def __init__(self, lookup: dict[str, str]) -> None:
        """Read the rules once; a key is a JSON list of states, the last one last."""
        self.lookup, self.size = lookup, len(lookup)
        self._by_names: dict[Named, list[str]] = defaultdict(list)
        for key in lookup:
            last = json.loads(key)[-1]
            names = _name(last, "user", "intent"), _name(last, *PREVIOUS)
            self._by_names[names].append(key)

    def likely(self, state: dict[str, Any]) -> dict[str, str]:
        """Return the rules that may fit a conversation whose last state this is."""
        intent = state.get("user", {}).get("intent")
        action = state.get(PREVIOUS[0], {}).get(PREVIOUS[1])
        if action is None:  # a conversation's start fits whatever was said
            return self.lookup
        return {
            key: self.lookup[key]
            for names in {(i, a) for i in (intent, None) for a in (action, None)}
            for key in self._by_names.get(names, ())
        }
