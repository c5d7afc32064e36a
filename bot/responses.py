"""Chooses wording without chance: the same conversation reads the same twice."""

import copy
import zlib
from typing import Any

from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.core.nlg.generator import ResponseVariationFilter
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig


def place_of(response: str, said: int, variants: int) -> int:
    """Return which of a response's variants is due.

    Args:
        response: the name of the response.
        said: how many messages the person has sent in this session.
        variants: how many there are to choose from.

    Two messages in a row never bring the same variant; where a response begins
    in the row depends on its name, so that not all change in step.
    """
    return (zlib.crc32(response.encode()) + said) % variants


def messages_said(tracker: DialogueStateTracker) -> int:
    """Return how many messages the person has sent, as the gateway counts them.

    A long conversation's first events are no longer in memory; `rasa shell` tells no
    count, there the messages are counted here.
    """
    latest = tracker.latest_message
    place = (latest.metadata or {}).get("place") if latest else None
    if isinstance(place, int):
        return place
    return sum(isinstance(event, UserUttered) for event in tracker.events)


def language_of(tracker: DialogueStateTracker) -> str:
    """Return the language to answer in: a choice made in this turn, else the record's.

    The gateway tells with each message what the student's record says.
    """
    for event in reversed(tracker.events):
        if isinstance(event, SlotSet) and event.key == "locale" and event.value:
            return str(event.value)
        if isinstance(event, UserUttered):
            break
    latest = tracker.latest_message
    told = (latest.metadata or {}).get("locale") if latest else None
    return str(told or tracker.get_slot("locale") or "en")


class SteadyResponses(TemplatedNaturalLanguageGenerator):
    """Rasa's templates with variants taken in turn instead of at random."""

    def __init__(self, endpoint_config: EndpointConfig, domain: Domain) -> None:
        """Take the responses of the domain; there is nothing to set."""
        super().__init__(domain.responses)

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> dict[str, Any] | None:
        """Fill the variant that is due, or return None where there is no response."""
        if utter_action not in self.responses:
            return None
        slots = tracker.current_slot_values()
        slots["locale"] = kwargs.pop("locale", None) or language_of(tracker)
        fitting = ResponseVariationFilter(self.responses).responses_for_utter_action(
            utter_action, output_channel, slots
        )
        if not fitting:
            return None
        said = messages_said(tracker)
        chosen = fitting[place_of(utter_action, said, len(fitting))]
        # Filling writes into lists and dicts in place: the template must stay empty.
        template = copy.deepcopy(chosen)
        template.pop("condition", None)
        return self._fill_response(template, slots, **kwargs)
