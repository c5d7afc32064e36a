"""The replaced functions of Rasa answer the same as what they replace (ADR 7)."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa_side import in_rasa


def test_events_are_found_by_the_same_names(tmp_path: Path) -> None:
    script = """
        from rasa.shared.core.events import Event
        from rasa.shared.utils.common import all_subclasses
        from bot import lean
        names = {one.type_name for one in all_subclasses(Event) if one.type_name}
        before = {name: Event.resolve_by_type(name) for name in names}
        lean.apply()
        assert {name: Event.resolve_by_type(name) for name in names} == before
        try:
            Event.resolve_by_type("no such event")
        except ValueError:
            print("refused", len(names) > 10)
    """
    assert in_rasa(script, tmp_path) == "refused True"


def test_an_action_gets_the_state_and_the_last_events(tmp_path: Path) -> None:
    script = """
        from rasa.core.actions.action import RemoteAction
        from rasa.shared.core.domain import Domain
        from rasa.shared.core.events import SlotSet, UserUttered
        from rasa.shared.core.trackers import DialogueStateTracker
        from rasa.utils.endpoints import EndpointConfig
        from bot import lean
        domain = Domain.load("domain.yml")
        parsed = {"entities": [], "intent_ranking": [{"name": "greet"}]}
        events = [
            UserUttered(f"message {n}", parse_data={**parsed, "text": "t"})
            for n in range(200)
        ]
        events.append(SlotSet("checkin_mood", "4"))
        tracker = DialogueStateTracker.from_events("a", events, domain.slots)
        action = RemoteAction("action_greet", EndpointConfig("http://127.0.0.1:1"))
        before = action._action_call_format(tracker, domain)
        lean.apply()
        after = action._action_call_format(tracker, domain)
        kept = after["tracker"].pop("events")
        whole = before["tracker"].pop("events")
        for event in (user for user in whole if user["event"] == "user"):
            parsed = event["parse_data"]
            assert parsed["intent_ranking"] == [{"name": "greet"}]
            event["parse_data"] = {
                name: parsed[name] for name in parsed if name not in lean.UNTOLD
            }
        assert kept == whole[-lean.RECENT_EVENTS:], "other events"
        assert after == before, "another state"
        print(len(whole), len(kept))
    """
    assert in_rasa(script, tmp_path) == "201 30"


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"events": [], "responses": []}, "True"),
        ({"events": [{"event": "slot", "name": "a", "value": 1}]}, "True"),
        ({"events": [{"event": "slot"}]}, "ValidationError"),
        ({"events": "all of them"}, "ValidationError"),
        ([], "ValidationError"),
    ],
)
def test_an_answer_is_checked_as_before(
    answer: object, told: str, tmp_path: Path
) -> None:
    script = f"""
        from jsonschema import ValidationError
        from rasa.core.actions.action import RemoteAction
        from bot import lean
        def told():
            try:
                return str(RemoteAction("a", None)._validate_action_result({answer!r}))
            except ValidationError:
                return "ValidationError"
        before = told()
        lean.apply()
        print(before, told())
    """
    assert in_rasa(script, tmp_path) == f"{told} {told}"


def test_a_copied_tracker_is_the_same_and_stands_alone(tmp_path: Path) -> None:
    script = """
        from rasa.shared.core.domain import Domain
        from rasa.shared.core.events import (
            ActionExecuted, ActiveLoop, FollowupAction, SlotSet, UserUttered
        )
        from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
        from bot import lean
        domain = Domain.load("domain.yml")
        events = [
            ActionExecuted("action_listen"),
            UserUttered("hi", {"name": "greet", "confidence": 0.9}),
            ActionExecuted("goal_setting_form"), ActiveLoop("goal_setting_form"),
            SlotSet("checkin_mood", "4"), SlotSet("requested_slot", "checkin_mood"),
            ActionExecuted("action_listen"), UserUttered("why?"),
        ]
        tracker = DialogueStateTracker.from_events("a", events, domain.slots)
        def seen(one):
            return one.current_state(EventVerbosity.ALL), domain.get_active_state(one)
        theirs = seen(tracker.copy())
        lean.apply()
        copied = tracker.copy()
        assert seen(copied) == theirs == seen(tracker)
        copied.update_with_events(
            [SlotSet("checkin_mood", "1"), ActiveLoop(None), FollowupAction("x")],
            domain,
        )
        copied.interrupt_loop(True)
        print(seen(tracker) == theirs, seen(copied) == theirs)
    """
    assert in_rasa(script, tmp_path) == "True False"


def test_the_same_rules_fit_as_when_all_are_tried(tmp_path: Path) -> None:
    script = """
        import json, random
        from rasa.core.policies.rule_policy import RulePolicy
        from bot import lean
        chance = random.Random(7)
        unset = "should_not_be_set"
        def state(rule):
            made = {}
            if chance.random() < 0.8:
                intents = ["a", "b", "c", unset] if rule else ["a", "b", "c"]
                made["user"] = {"intent": chance.choice(intents)}
            if chance.random() < 0.9:
                names = ["action_listen", "action_x", "a_form"]
                made["prev_action"] = {"action_name": chance.choice(names)}
            if chance.random() < 0.3:
                names = ["a_form", unset] if rule else ["a_form"]
                made["active_loop"] = {"name": chance.choice(names)}
            if chance.random() < 0.3:
                made["slots"] = {"s": [1.0] if rule else (1.0,)}
            return made
        def states(rule):
            return [state(rule) for _ in range(chance.randint(1, 3))]
        rules = {json.dumps(states(True), sort_keys=True): "x" for _ in range(300)}
        cases = [states(False) for _ in range(2000)]
        policy = object.__new__(RulePolicy)
        theirs = [policy._get_possible_keys(rules, case) for case in cases]
        lean.apply()
        ours = [policy._get_possible_keys(rules, case) for case in cases]
        assert ours == theirs
        print(sum(map(bool, theirs)) > 500)
    """
    assert in_rasa(script, tmp_path) == "True"


def test_a_graph_runs_the_nodes_that_its_targets_need(tmp_path: Path) -> None:
    script = """
        from rasa.engine.graph import (
            ExecutionContext, GraphComponent, GraphSchema, SchemaNode
        )
        from rasa.engine.runner.dask import DaskGraphRunner
        from bot import lean
        ran = []
        class Add(GraphComponent):
            def __init__(self, name):
                self.name = name
            @classmethod
            def create(cls, config, model_storage, resource, execution_context):
                return cls(config["name"])
            def add(self, one: list, two: list) -> list:
                ran.append(self.name)
                return [*one, *two, self.name]
        def node(name, one, two):
            return SchemaNode({"one": one, "two": two}, Add, "create", "add",
                              {"name": name}, eager=True)
        schema = GraphSchema({
            "d": node("d", "c", "b"), "c": node("c", "a", "b"),
            "b": node("b", "a", "given"), "a": node("a", "given", "given"),
            "not needed": node("not needed", "a", "a"),
        })
        runner = DaskGraphRunner.create(schema, None, ExecutionContext(schema))
        theirs = runner.run({"given": ["g"]}, ["d", "b"])
        counted, _ = sorted(ran), ran.clear()
        lean.apply()
        for _ in range(2):
            ran.clear()
            assert runner.run({"given": ["g"]}, ["d", "b"]) == theirs
            assert sorted(ran) == counted == ["a", "b", "c", "d"]
        print(len(theirs["d"]))
    """
    assert int(in_rasa(script, tmp_path)) > 10


def test_an_endpoint_is_asked_over_one_connection(tmp_path: Path) -> None:
    script = """
        import asyncio
        from aiohttp import web
        from rasa.utils.endpoints import ClientResponseError, EndpointConfig
        from bot import lean
        async def main():
            seen = []
            async def answer(request):
                peer = request.transport.get_extra_info("peername")
                said = await request.json()
                seen.append((peer, said, request.headers["authorization"]))
                if said == "bad":
                    return web.json_response({"error": "no"}, status=400)
                return web.json_response({"said": said})
            app = web.Application()
            app.router.add_post("/internal/actions", answer)
            runner = web.AppRunner(app)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            port = runner.addresses[0][1]
            endpoint = EndpointConfig(
                f"http://127.0.0.1:{port}/internal/actions",
                headers={"authorization": "Bearer t"},
            )
            async def ask():
                found = [
                    await endpoint.request(json=n, method="post", timeout=5)
                    for n in (1, 2)
                ]
                try:
                    await endpoint.request(json="bad", method="post", compress=True)
                except ClientResponseError as error:
                    return found, error.status, error.text
            theirs = await ask()
            peers, _ = {one[0] for one in seen}, seen.clear()
            lean.apply()
            assert await ask() == theirs, theirs
            assert {one[2] for one in seen} == {"Bearer t"}
            print(len(peers), len({one[0] for one in seen}))
            await endpoint._milepost_session.close()
            await runner.cleanup()
        asyncio.run(main())
    """
    assert in_rasa(script, tmp_path) == "3 1"


def test_a_model_s_domain_reads_the_same(tmp_path: Path) -> None:
    script = """
        import sys
        from pathlib import Path
        from rasa.shared.core.domain import Domain
        from bot.lean_domain import read_domain
        folder = Path(sys.argv[1])
        words = ["No", "on", "12:30", "1_000", "0o7", "1e3", "~", "", "2026-11-21"]
        words += ["\U0001f4cc yes", "caf\\u00e9", "- a: b", "1.50", "null", "=", "+5"]
        odd = {f"utter_{n}": [{"text": one}] for n, one in enumerate(words)}
        made = Domain.from_dict({"responses": odd})
        whole = Domain.load("domain.yml").merge(Domain.load("data/responses"))
        for domain in (made, whole):
            domain.persist(folder / "domain.yml")
            text = (folder / "domain.yml").read_text(encoding="utf-8")
            rasas, ours = Domain.from_path(folder), read_domain(text)
            assert ours.as_dict() == rasas.as_dict()
            assert ours.fingerprint() == rasas.fingerprint()
        print(len(made.responses), len(whole.responses) > 50)
    """
    assert in_rasa(script, tmp_path) == "16 True"
