"""The tracker store: nothing lost in silence, nothing read or written twice."""

from __future__ import annotations

from pathlib import Path

from rasa_side import in_rasa


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


def test_rows_are_those_that_rasa_writes(tmp_path: Path) -> None:
    script = """
        import asyncio, sqlite3, sys
        from rasa.core.tracker_store import SQLTrackerStore
        from rasa.shared.core.domain import Domain
        from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
        from rasa.shared.core.trackers import DialogueStateTracker
        from bot.tracker_store import LoudSQLTrackerStore
        events = [
            ActionExecuted("action_listen", timestamp=1.5),
            UserUttered("hi", {"name": "greet", "confidence": 0.5}, timestamp=2.5),
            SlotSet("requested_slot", "x", timestamp=3.5),
        ]
        async def rows(kind):
            path = f"{sys.argv[1]}/{kind.__name__}.db"
            store = kind(Domain.empty(), db=path)
            await store.save(DialogueStateTracker.from_events("a", events, []))
            return sqlite3.connect(path).execute(
                "select id, sender_id, type_name, timestamp, intent_name, action_name,"
                " data from events order by id"
            ).fetchall()
        async def main():
            theirs = await rows(SQLTrackerStore)
            print(await rows(LoudSQLTrackerStore) == theirs, len(theirs))
        asyncio.run(main())
    """
    assert in_rasa(script, tmp_path) == "True 3"


def test_a_file_that_was_taken_away_is_noticed(tmp_path: Path) -> None:
    script = """
        import asyncio, os, sys
        from rasa.shared.core.domain import Domain
        from rasa.shared.core.events import UserUttered
        from rasa.shared.core.trackers import DialogueStateTracker
        from bot.tracker_store import LoudSQLTrackerStore, lost_turns
        async def main():
            path = f"{sys.argv[1]}/t.db"
            store = LoudSQLTrackerStore(Domain.empty(), db=path)
            first = DialogueStateTracker.from_events("a", [UserUttered("1")], [])
            await store.save(first)
            for name in os.listdir(sys.argv[1]):
                os.remove(f"{sys.argv[1]}/{name}")
            first.update(UserUttered("2"))
            try:
                await store.save(first)
            except Exception as error:
                print(type(error).__name__, sorted(lost_turns))
        asyncio.run(main())
    """
    assert in_rasa(script, tmp_path) == "OperationalError ['a']"


def test_a_deleted_conversation_is_in_no_store_and_no_file_any_more(
    tmp_path: Path,
) -> None:
    script = """
        import asyncio, glob, sys
        from types import SimpleNamespace
        from rasa.core.lock_store import InMemoryLockStore
        from rasa.core.tracker_store import FailSafeTrackerStore
        from rasa.shared.core.domain import Domain
        from rasa.shared.core.events import UserUttered
        from rasa.shared.core.trackers import DialogueStateTracker
        from bot import tracker_store
        from bot.forgetting import drop, stores_in
        from bot.tracker_store import LoudSQLTrackerStore

        def talk(name):
            said = [UserUttered(f"canary of {name}")]
            return DialogueStateTracker.from_events(name, said, [])

        async def main():
            loud = LoudSQLTrackerStore(Domain.empty(), db=f"{sys.argv[1]}/t.db")
            safe = FailSafeTrackerStore(loud)
            for name in ("a", "b"):
                await safe.save(talk(name))
                await safe.fallback_tracker_store.save(talk(name))
            agent = SimpleNamespace(
                tracker_store=safe, lock_store=InMemoryLockStore()
            )
            assert len(list(stores_in(safe))) == 3
            await drop(agent, "a")
            await drop(agent, "a")
            files = b"".join(
                open(one, "rb").read() for one in glob.glob(f"{sys.argv[1]}/t.db*")
            )
            print(
                sorted(tracker_store._kept),
                sorted(safe.fallback_tracker_store.store),
                b"canary of a" in files,
                b"canary of b" in files,
                await safe.retrieve("a"),
                agent.lock_store.conversation_locks,
            )

            done = []
            async def turn():
                async with agent.lock_store.lock("b", wait_time_in_seconds=0.01):
                    await asyncio.sleep(0.05)
                    await safe.save(talk("b"))
                    done.append("turn")
            running = asyncio.create_task(turn())
            await asyncio.sleep(0.01)
            await drop(agent, "b")
            done.append("drop")
            await running
            print(done, sorted(tracker_store._kept), await safe.retrieve("b"))

        asyncio.run(main())
    """
    assert in_rasa(script, tmp_path).splitlines() == [
        "['b'] ['b'] False True None {}",
        "['turn', 'drop'] [] None",
    ]


def test_turns_that_another_worker_took_are_noticed(tmp_path: Path) -> None:
    script = """
        from bot import tracker_store
        from bot.tracker_store import follows
        seen = [follows("a", place) for place in (4, 5, 6, 9, 10, 10)]
        assert seen == [True, True, True, False, True, False], seen
        assert follows("b", None) and follows("b", 3) and not follows("b", None)
        for number in range(tracker_store.KEPT + 5):
            follows(f"other {number}", 1)
        print(len(tracker_store._places) == tracker_store.KEPT, follows("a", 50))
    """
    assert in_rasa(script, tmp_path) == "True True"
