"""The supervisor with real processes and real signals."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pytest

from setup.child import Child, ChildSpec, Phase
from setup.layout import Layout
from setup.model import file_sha256, why_not
from setup.process import identity
from setup.report import Report
from setup.state import (
    AlreadyRunning,
    ChildState,
    RunState,
    announce,
    end_orphans,
    is_running,
    only_one,
    read_state,
    stop,
    write_state,
)
from setup.supervise import rasa_spec
from setup.supervisor import Supervisor

T = TypeVar("T")
DEADLINE = 20.0
NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
POLITE = "import pathlib, sys, time; pathlib.Path(sys.argv[1]).touch(); time.sleep(600)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + POLITE
WITH_GRANDCHILD = (
    "import pathlib, subprocess, sys;"
    "inner = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
    "pathlib.Path(sys.argv[1]).write_text(str(inner.pid));"
    "inner.wait()"
)


def _hear_hangups() -> None:
    """Take SIGHUP as usual, also where the tests themselves run under `nohup`."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


PROGRAMS = {
    "polite": POLITE,
    "stubborn": STUBBORN,
    "with_grandchild": WITH_GRANDCHILD,
}


def supervise(folder: Path, programs: list[str]) -> None:
    """Run a supervisor in this process, as the tests below start it."""
    specs = [fake(folder, number, name) for number, name in enumerate(programs)]
    with only_one(folder):
        announce(folder)
        Supervisor(
            specs,
            run_folder=folder,
            port=8000,
            address="http://127.0.0.1:8000",
            welcome=["Milepost: http://127.0.0.1:8000"],
            report=Report(),
            grace=1.0,
        ).run()


def fake(folder: Path, number: int, program: str) -> ChildSpec:
    sign = folder / f"child-{number}.sign"
    return ChildSpec(
        name="app" if number == 0 else f"rasa-{number - 1}",
        command=(sys.executable, "-c", PROGRAMS[program], str(sign)),
        folder=folder,
        log=folder / f"child-{number}.log",
        environ=os.environ,
        answers=sign.is_file,
    )


def until(found: Callable[[], T], what: str) -> T:
    deadline = time.monotonic() + DEADLINE
    while not (value := found()):
        assert time.monotonic() < deadline, f"never came: {what}"
        time.sleep(0.02)
    return value


def gone(pid: int) -> bool:
    return not identity(pid)


class Running:
    """A supervisor in a process of its own."""

    def __init__(self, folder: Path, programs: list[str]) -> None:
        self.folder = folder
        self.words = folder / "words.txt"
        with self.words.open("w") as out:
            command = [sys.executable, __file__, str(folder), *programs]
            self.process = subprocess.Popen(
                command,
                stdout=out,
                stderr=out,
                start_new_session=True,
                preexec_fn=_hear_hangups,
            )

    def said(self) -> str:
        return self.words.read_text()

    def children(self) -> list[dict[str, Any]]:
        path = self.folder / "state.json"
        return json.loads(path.read_text())["children"] if path.exists() else []

    def pids(self) -> list[int]:
        return [child["pid"] for child in self.children() if child["pid"]]

    def until_ready(self) -> list[int]:
        def ready() -> list[int]:
            states = {child["state"] for child in self.children()}
            return self.pids() if states == {"ready"} else []

        return until(ready, f"all children ready; it said: {self.said()}")


Start = Callable[..., Running]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    begun: list[Running] = []

    def begin(*programs: str) -> Running:
        begun.append(Running(tmp_path, list(programs)))
        return begun[-1]

    yield begin
    for running in begun:
        pids = running.pids()
        running.process.kill()
        running.process.wait()
        for pid in pids:
            until(lambda pid=pid: gone(pid), f"the end of {pid}")


def test_it_welcomes_once_the_pages_answer_and_names_the_assistant_when_ready(
    start: Start,
) -> None:
    running = start("polite", "polite")

    running.until_ready()
    lines = until(
        lambda: running.said().splitlines() if "assistant" in running.said() else [],
        "the line about the assistant",
    )

    assert lines[0] == "Milepost: http://127.0.0.1:8000"
    assert lines[1].startswith("The assistant is ready (")


def test_the_state_file_tells_who_runs(start: Start) -> None:
    running = start("polite", "polite")
    running.until_ready()

    state = read_state(running.folder)

    assert state is not None
    assert state.supervisor_pid == running.process.pid
    assert state.port == 8000
    assert [child.name for child in state.children] == ["app", "rasa-0"]
    assert all(child.restarts == 0 for child in state.children)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything_and_leaves_nothing_behind(
    start: Start, number: signal.Signals
) -> None:
    running = start("polite", "polite")
    pids = running.until_ready()

    running.process.send_signal(number)

    assert running.process.wait(DEADLINE) == 0
    assert all(gone(pid) for pid in pids)
    assert not (running.folder / "state.json").exists()


def test_a_child_that_does_not_listen_is_killed_after_the_grace(start: Start) -> None:
    running = start("polite", "stubborn")
    pids = running.until_ready()

    running.process.terminate()

    assert running.process.wait(DEADLINE) == 0
    assert all(gone(pid) for pid in pids)


def test_the_same_signal_passed_on_by_make_does_not_cut_the_grace_short(
    start: Start,
) -> None:
    running = start("polite", "stubborn")
    running.until_ready()
    begun = time.monotonic()

    running.process.terminate()
    running.process.terminate()
    running.process.wait(DEADLINE)

    assert time.monotonic() - begun >= 1.0


def test_a_dead_child_is_started_again_and_counted(start: Start) -> None:
    running = start("polite", "polite")
    app, rasa = running.until_ready()

    os.kill(rasa, signal.SIGKILL)
    until(lambda: running.children()[1]["restarts"] == 1, "the restart")
    pids = running.until_ready()

    assert pids[0] == app
    assert pids[1] != rasa
    assert running.children()[1]["last_exit"] == -signal.SIGKILL
    assert "rasa-0 stopped (exit -9); it starts again in 1 s." in running.said()
    until(lambda: "rasa-0 answers again." in running.said(), "the good news")


def test_what_a_dead_child_has_started_ends_with_it(start: Start) -> None:
    running = start("polite", "with_grandchild")
    sign = running.folder / "child-1.sign"
    inner = int(until(lambda: sign.exists() and sign.read_text(), "the grandchild"))
    _, outer = running.until_ready()

    os.kill(outer, signal.SIGKILL)

    until(lambda: gone(inner), "the end of the grandchild")


@pytest.mark.skipif(sys.platform != "linux", reason="needs the kernel's prctl")
def test_children_die_with_a_supervisor_that_is_killed(start: Start) -> None:
    running = start("polite", "stubborn")
    pids = running.until_ready()

    running.process.kill()

    for pid in pids:
        until(lambda pid=pid: gone(pid), f"the end of {pid}")


def test_make_stop_stops_a_running_supervisor(start: Start) -> None:
    running = start("polite")
    pids = running.until_ready()

    assert is_running(running.folder)
    # The test is the parent: it must fetch the ended process for it to be gone.
    fetch = threading.Thread(target=running.process.wait)
    fetch.start()
    assert stop(running.folder, DEADLINE)
    fetch.join()

    assert all(gone(pid) for pid in pids)
    assert not is_running(running.folder)


def test_make_stop_leaves_a_stranger_with_the_noted_number_alone(
    tmp_path: Path, orphan: subprocess.Popen[bytes]
) -> None:
    (tmp_path / "running.pid").write_text(f"{orphan.pid} another boot 12345\n")

    assert not stop(tmp_path, DEADLINE)

    assert orphan.poll() is None


def test_a_second_supervisor_is_refused(tmp_path: Path) -> None:
    with only_one(tmp_path):
        assert is_running(tmp_path)
        with pytest.raises(AlreadyRunning), only_one(tmp_path):
            pass
    assert not is_running(tmp_path)


def leave_behind(folder: Path, process: subprocess.Popen[bytes], mark: str) -> None:
    child = ChildState("rasa-0", process.pid, "ready", 0, "", None, mark)
    write_state(folder, RunState(0, "", 8000, [child]))


@pytest.fixture
def orphan() -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-c", "import time; time.sleep(600)"]
    process = subprocess.Popen(command, start_new_session=True)
    yield process
    process.kill()
    process.wait()


def test_the_next_start_ends_what_a_broken_run_has_left(
    tmp_path: Path, orphan: subprocess.Popen[bytes]
) -> None:
    leave_behind(tmp_path, orphan, identity(orphan.pid))

    assert end_orphans(tmp_path) == ["rasa-0"]

    assert orphan.wait(DEADLINE) == -signal.SIGTERM
    assert read_state(tmp_path) is None


def test_a_stranger_with_a_recorded_number_is_left_alone(
    tmp_path: Path, orphan: subprocess.Popen[bytes]
) -> None:
    leave_behind(tmp_path, orphan, "another boot 12345")

    assert end_orphans(tmp_path) == []

    assert orphan.poll() is None


class Hands:
    """A clock that a test moves by hand."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def short_lived(folder: Path) -> ChildSpec:
    command = (sys.executable, "-S", "-c", "raise SystemExit(3)")
    log = folder / "app.log"
    return ChildSpec("app", command, folder, log, os.environ, lambda: False)


def die(child: Child) -> float:
    """Wait for the child's end and return the pause it takes."""
    until(lambda: not child.alive, "the end of the child")
    assert child.look()
    return child.pause


def test_pauses_grow_to_half_a_minute_and_a_long_life_resets_them(
    tmp_path: Path,
) -> None:
    clock = Hands()
    child = Child(short_lived(tmp_path), clock, lambda: NOON)
    child.begin()
    pauses: list[float] = []
    phases: list[Phase] = []
    for _ in range(7):
        pauses.append(die(child))
        phases.append(child.phase)
        clock.seconds += child.pause - 0.001
        assert not child.look()
        clock.seconds += 0.002
        assert child.look()

    assert pauses == [1, 2, 4, 8, 16, 30, 30]
    assert phases == [Phase.RESTARTING] * 4 + [Phase.FAILED] * 3
    assert child.restarts == 7

    clock.seconds += 61
    assert die(child) == 1
    assert child.state().last_exit == 3


def test_a_child_that_never_comes_up_shows_its_last_lines(tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    clock = Hands()
    command = (sys.executable, "-S", "-c", "raise SystemExit('no such module')")
    spec = ChildSpec("app", command, tmp_path, tmp_path / "a.log", {}, lambda: False)

    def sleep(seconds: float) -> None:
        time.sleep(0.01)
        clock.seconds += 0.5
        if "no such module" in words.read_text():
            os.kill(os.getpid(), signal.SIGTERM)
        assert clock.seconds < 2000

    with words.open("w") as out:
        Supervisor(
            [spec],
            run_folder=tmp_path,
            port=8000,
            address="",
            welcome=[],
            report=Report(out),
            clock=clock,
            now=lambda: NOON,
            sleep=sleep,
        ).run()

    assert "app has not come up yet. Its last lines:" in words.read_text()
    assert "Its log: " in words.read_text()


def test_a_model_that_was_changed_is_not_started_again(tmp_path: Path) -> None:
    """The model is code: it is checked at each start, not at the first alone (X7)."""
    model, words = tmp_path / "milepost-1.tar.gz", tmp_path / "words.txt"
    model.write_bytes(b"what was trained")
    listed = {"file": model.name, "sha256": file_sha256(model), "hash": "1"}
    listed["trained_at"] = NOON.isoformat()
    (tmp_path / "manifest.json").write_text(json.dumps(listed))
    clock, starts = Hands(), tmp_path / "starts"
    program = f"open({str(starts)!r}, 'a').write('x')"
    spec = replace(
        short_lived(tmp_path),
        name="rasa-0",
        command=(sys.executable, "-S", "-c", program),
        refuses=partial(why_not, model),
    )
    pauses = 0

    def sleep(seconds: float) -> None:
        nonlocal pauses
        time.sleep(0.01)
        pauses += 1
        started = starts.read_text() if starts.exists() else ""
        said = words.read_text()
        if len(started) == 1 and "is not started again" not in said:
            model.write_bytes(b"what somebody put there")
        elif len(started) == 1 and said.count("is not started again") == 1:
            clock.seconds += 31  # it is looked at again, and told once
            if pauses > 200:
                model.write_bytes(b"what was trained")
        elif len(started) > 1:
            os.kill(os.getpid(), signal.SIGTERM)
        clock.seconds += 0.5
        assert pauses < 2000

    with words.open("w") as out:
        Supervisor(
            [spec],
            run_folder=tmp_path,
            port=8000,
            address="",
            welcome=[],
            report=Report(out),
            clock=clock,
            now=lambda: NOON,
            sleep=sleep,
        ).run()

    assert pauses > 200
    assert words.read_text().count("is not started again") == 1
    assert "SHA-256 differs" in words.read_text()


def test_each_process_of_the_assistant_has_its_model_checked(tmp_path: Path) -> None:
    model = tmp_path / "models" / "milepost-1.tar.gz"
    spec = rasa_spec(Layout(tmp_path), 0, 5105, model, {})
    assert "is missing" in spec.refuses()


if __name__ == "__main__":
    supervise(Path(sys.argv[1]), sys.argv[2:])
