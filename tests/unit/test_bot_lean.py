"""The replaced functions of Rasa answer the same as what they replace (ADR 7)."""

from __future__ import annotations

import subprocess
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-rasa" / "bin" / "python"


def in_rasa(script: str, folder: Path) -> str:
    """Run a script in the assistant's environment and return what it prints."""
    done = subprocess.run(
        [PYTHON, "-W", "ignore", "-c", textwrap.dedent(script), str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


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
        events = [UserUttered(f"message {n}") for n in range(200)]
        events.append(SlotSet("checkin_mood", "4"))
        tracker = DialogueStateTracker.from_events("a", events, domain.slots)
        action = RemoteAction("action_greet", EndpointConfig("http://127.0.0.1:1"))
        before = action._action_call_format(tracker, domain)
        lean.apply()
        after = action._action_call_format(tracker, domain)
        kept = after["tracker"].pop("events")
        whole = before["tracker"].pop("events")
        assert kept == whole[-lean.RECENT_EVENTS:], "other events"
        assert after == before, "another state"
        print(len(whole), len(kept))
    """
    assert in_rasa(script, tmp_path) == "201 60"


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


def test_a_long_conversation_is_cut_where_no_form_is_open(tmp_path: Path) -> None:
    script = """
        from rasa.shared.core.events import ActionExecuted, ActiveLoop, UserUttered
        from rasa.shared.core.trackers import DialogueStateTracker
        from bot.tracker_store import LONGEST, SHORTEST, trim

        def conversation(turns, form_from):
            events = []
            for n in range(turns):
                events += [UserUttered(f"m{n}"), ActionExecuted("action_greet")]
                if n == form_from:
                    events.append(ActiveLoop("goal_setting_form"))
                events.append(ActionExecuted("action_listen"))
            return DialogueStateTracker.from_events("a", events, [])

        long = conversation(100, form_from=None)
        trim(long)
        assert SHORTEST <= len(long.events) < LONGEST, len(long.events)
        open_form = conversation(100, form_from=5)
        trim(open_form)
        assert isinstance(next(iter(open_form.events)), UserUttered)
        assert any(isinstance(one, ActiveLoop) for one in open_form.events)
        assert open_form.active_loop_name == "goal_setting_form"
        short = conversation(10, form_from=None)
        trim(short)
        print(len(short.events))
    """
    assert in_rasa(script, tmp_path) == "30"


def test_a_kept_tracker_is_stored_once_and_read_again_after_an_error(
    tmp_path: Path,
) -> None:
    script = """
        import asyncio, sys
        from rasa.shared.core.domain import Domain
        from rasa.shared.core.events import ActionExecuted, SessionStarted, UserUttered
        from rasa.shared.core.trackers import DialogueStateTracker
        from bot import tracker_store
        from bot.tracker_store import LoudSQLTrackerStore, forget, lost_turns

        async def main():
            store = LoudSQLTrackerStore(
                Domain.empty(), host=f"sqlite:///{sys.argv[1]}/t.db"
            )
            def texts(tracker):
                return [e.text for e in tracker.events if isinstance(e, UserUttered)]
            tracker = await store.get_or_create_tracker("a", append_action_listen=False)
            tracker.update(ActionExecuted("action_session_start"))
            tracker.update(SessionStarted())
            for n in range(3):
                tracker.update(UserUttered(f"m{n}"))
                await store.save(tracker)
                tracker = await store.retrieve("a")
            forget("a")
            again = await store.retrieve("a")
            assert texts(again) == ["m0", "m1", "m2"], texts(again)
            again.update(UserUttered("not saved"))
            forget("a")
            assert texts(await store.retrieve("a")) == ["m0", "m1", "m2"]
            kept = await store.retrieve("a")
            kept.update(SessionStarted())
            kept.update(UserUttered("new day"))
            await store.save(kept)
            assert texts(await store.retrieve("a")) == ["new day"]
            def broken(*given):
                raise OSError("away")
            store.session_scope = broken
            try:
                await store.save(await store.retrieve("a"))
            except OSError:
                print(sorted(lost_turns), "a" in tracker_store._kept)

        asyncio.run(main())
    """
    assert in_rasa(script, tmp_path) == "['a'] False"
