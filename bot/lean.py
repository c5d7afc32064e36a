"""Takes out work that Rasa 3.6.21 does again at every turn (docs/adr/0007).

It is the last open release, so what is replaced here will not change under us; each
replacement answers the same as what it replaces, and a test holds it to that.
"""

import copy
from collections import deque
from contextvars import ContextVar
from functools import lru_cache
from itertools import islice
from typing import Any

import aiohttp
import rasa
from jsonschema import Draft202012Validator, ValidationError
from rasa.core.actions.action import ActionExtractSlots, RemoteAction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.graph_components.providers.domain_provider import DomainProvider
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, UserUttered
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from bot.lean_domain import load_domain
from bot.lean_slots import extract_slots
from bot.lean_states import MEMORY, states_for_tracker_history
from bot.rule_index import RuleIndex

RECENT_EVENTS = 30
UNTOLD = "intent_ranking", "metadata"
# Under the five seconds after which uvicorn closes a connection that is not used.
KEPT_OPEN_SECONDS = 3.0
# Headers by which an action's log lines and spans join those of its turn.
PASSED_ON: ContextVar[dict[str, str] | None] = ContextVar("passed_on", default=None)
_look_up = Event.resolve_by_type
_all_possible_keys = RulePolicy._get_possible_keys
_compare_with_nothing = Domain.is_empty


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
    state["events"] = [_told(event) for event in islice(tracker.events, skipped, None)]
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


def _told(event: Event) -> dict[str, Any]:
    """Return an event without what only the latest message is asked for."""
    told = event.as_dict()
    if isinstance(event, UserUttered):
        parsed = told.get("parse_data") or {}
        told["parse_data"] = {
            name: value for name, value in parsed.items() if name not in UNTOLD
        }
    return told


def copy_tracker(self: DialogueStateTracker) -> DialogueStateTracker:
    """Return a copy of a tracker as it stands; Rasa plays all its events again."""
    made = copy.copy(self)
    made.events = deque(self.events, self.events.maxlen)
    made.slots = {name: _same(slot) for name, slot in self.slots.items()}
    made.active_loop = copy.copy(self.active_loop)
    made.sender_source = None
    made.__dict__.pop(MEMORY, None)
    return made


def _same(slot: Slot) -> Slot:
    """Return a slot's copy, as `copy.copy` makes it, without asking how each time."""
    made = slot.__class__.__new__(slot.__class__)
    made.__dict__.update(slot.__dict__)
    return made


def is_empty(self: Domain) -> bool:
    """Tell whether a domain holds nothing; asked once, it doesn't change."""
    known = self.__dict__.get("_milepost_empty")
    if known is None:
        known = self.__dict__["_milepost_empty"] = _compare_with_nothing(self)
    return bool(known)


def possible_keys(self: RulePolicy, lookup: dict[str, str], states: list[Any]) -> Any:
    """Return the rules that fit; only those with the right last state are tried."""
    indexes = self.__dict__.setdefault("_milepost_indexes", {})
    index = indexes.get(id(lookup))
    if index is None or index.lookup is not lookup or index.size != len(lookup):
        index = indexes[id(lookup)] = RuleIndex(lookup)
    return _all_possible_keys(self, index.likely(states[-1]), states)


def run_in_order(
    self: DaskGraphRunner,
    inputs: dict[str, Any] | None = None,
    targets: list[str] | None = None,
) -> dict[str, Any]:
    """Run the graph's nodes one after the other; their order is worked out once."""
    wanted = tuple(targets or self._graph_schema.target_names)
    done: dict[str, Any] = {name: (name, each) for name, each in (inputs or {}).items()}
    orders = self.__dict__.setdefault("_milepost_orders", {})
    if wanted not in orders:
        orders[wanted] = _order(self._graph_schema, wanted)
    try:
        for name, needs in orders[wanted]:
            given = (done.get(need, need) for need in needs)
            done[name] = self._instantiated_nodes[name](*given)
    except RuntimeError as error:
        raise GraphRunError("Error running runner.") from error
    return {name: done[name][1] for name in wanted}


def _order(schema: Any, wanted: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
    """Return the nodes that the targets need, each after what it needs itself."""
    order: dict[str, tuple[str, ...]] = {}

    def visit(name: str) -> None:
        if name in schema.nodes and name not in order:
            needs = tuple(schema.nodes[name].needs.values())
            for need in needs:
                visit(need)
            order[name] = needs

    for name in wanted:
        visit(name)
    return list(order.items())


async def request(
    self: EndpointConfig,
    method: str = "post",
    subpath: str | None = None,
    content_type: str | None = "application/json",
    compress: bool = False,
    **kwargs: Any,
) -> Any:
    """Ask an endpoint over a connection that stays open, and without compressing.

    The other end is a process of this machine. Rasa opens a session each time.

    Raises:
        ClientResponseError: the answer's status is 400 or above.
    """
    kept = self.__dict__.get("_milepost_session")
    if kept is None or kept.closed:
        kept = self._milepost_session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(keepalive_timeout=KEPT_OPEN_SECONDS)
        )
    url = "/".join(part.strip("/") for part in (self.url, subpath) if part)
    headers = {**kwargs.pop("headers", {}), **self.headers, **(PASSED_ON.get() or {})}
    if content_type:
        headers.setdefault("Content-Type", content_type)
    seconds = aiohttp.ClientTimeout(total=kwargs.pop("timeout", None))
    params = self.combine_parameters(kwargs)
    async with kept.request(
        method, url, headers=headers, params=params, timeout=seconds, **kwargs
    ) as answer:
        if answer.status >= 400:
            raise ClientResponseError(
                answer.status, answer.reason, await answer.content.read()
            )
        return await answer.json()


def apply() -> None:
    """Put the replacements in place; doing it again changes nothing."""
    RemoteAction._validate_action_result = validate_action_result
    RemoteAction._action_call_format = action_call_format
    ActionExtractSlots.run = extract_slots
    Event.resolve_by_type = staticmethod(resolve_by_type)
    DialogueStateTracker.copy = copy_tracker
    Domain.is_empty = is_empty
    Domain.states_for_tracker_history = states_for_tracker_history
    RulePolicy._get_possible_keys = possible_keys
    DaskGraphRunner.run = run_in_order
    DomainProvider.load = classmethod(load_domain)
    EndpointConfig.request = request
