"""What a rule looks at, worked out once for each event (docs/adr/0007).

Rasa plays a whole conversation again for each prediction, twice where rules may
name texts. Here a tracker remembers the states that it has reached.
"""

from dataclasses import dataclass, field
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    EntitiesAdded,
    Event,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

MEMORY = "_milepost_states"
LEAVES_SLOTS = (
    ActionExecuted,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    EntitiesAdded,
    UserUttered,
)
_play_again = Domain.states_for_tracker_history
_slots_of = Domain._get_slots_sub_state


@dataclass
class Reached:
    """A conversation played so far, and the state before each of its actions."""

    domain: Domain
    omit_unset_slots: bool
    tracker: DialogueStateTracker
    events: list[Event] = field(default_factory=list)
    states: list[dict[str, Any]] = field(default_factory=list)
    slots: dict[str, Any] | None = None

    def begins(self, events: list[Event]) -> bool:
        """Tell whether these events go on from here."""
        known = self.events
        return len(known) <= len(events) and all(
            mine is theirs for mine, theirs in zip(known, events, strict=False)
        )

    def play(self, events: list[Event]) -> None:
        """Play the events that came after."""
        for event in events[len(self.events) :]:
            if isinstance(event, ActionExecuted):
                self.states.append(self.state())
            self.tracker.update(event)
            if not isinstance(event, LEAVES_SLOTS):
                self.slots = None
        self.events = events

    def state(self) -> dict[str, Any]:
        """Return the state as it stands now, as `Domain.get_active_state` does."""
        if self.slots is None:
            self.slots = _slots_of(self.tracker, self.omit_unset_slots)
        whole = {
            "user": self.domain._get_user_sub_state(self.tracker),
            "slots": self.slots,
            "prev_action": self.domain._get_prev_action_sub_state(self.tracker),
            "active_loop": self.domain._get_active_loop_sub_state(self.tracker),
        }
        return self.domain._clean_state(whole)


def states_for_tracker_history(
    self: Domain,
    tracker: DialogueStateTracker,
    omit_unset_slots: bool = False,
    ignore_rule_only_turns: bool = False,
    rule_only_data: dict[str, Any] | None = None,
) -> list[dict[str, Any]]:
    """Return the states of a conversation; only new events are played."""
    if ignore_rule_only_turns:
        return _play_again(
            self, tracker, omit_unset_slots, ignore_rule_only_turns, rule_only_data
        )
    events = tracker.applied_events()
    reached: Reached | None = tracker.__dict__.get(MEMORY)
    if (
        reached is None
        or reached.domain is not self
        or reached.omit_unset_slots != omit_unset_slots
        or not reached.begins(events)
    ):
        reached = Reached(self, omit_unset_slots, tracker.init_copy())
        tracker.__dict__[MEMORY] = reached
    reached.play(events)
    return [_apart(state) for state in (*reached.states, reached.state())]


def _apart(state: dict[str, Any]) -> dict[str, Any]:
    """Return a copy that may be changed."""
    return {name: dict(value) for name, value in state.items()}
