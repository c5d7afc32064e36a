"""Local secrets, running programs, progress lines, tools of the system, ports."""

import io
import os
import signal
import socket
import stat
import sys
import threading
import time
from pathlib import Path

import pytest

from setup import system
from setup.environments import app_environment, rasa_environment
from setup.layout import Layout, read_env_file
from setup.local import ensure_local_env
from setup.own_code import link_app, link_rasa, write_if_changed
from setup.ports import first_free, several_free
from setup.process import rotate
from setup.report import Report, SetupError
from setup.runner import Runner, clean_environment
from setup.system import Tool, ensure_tools

ABSENT = Tool(("no-such-program",), "no-such-package", "browser tests")


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path, tmp_path / "log" / "setup.log")


def python(code: str) -> list[str]:
    return [sys.executable, "-S", "-c", code]


def test_the_first_run_makes_four_different_secrets(tmp_path: Path) -> None:
    path = tmp_path / "var" / "local.env"

    assert ensure_local_env(path)

    secrets = read_env_file(path)
    assert set(secrets) == {
        "MILEPOST_CHANNEL_SECRET",
        "MILEPOST_ACTION_TOKEN",
        "MILEPOST_SESSION_SECRET",
        "MILEPOST_DEMO_PASSWORD",
    }
    assert len(set(secrets.values())) == 4
    strong = [name for name, value in secrets.items() if len(value) >= 32]
    assert len(strong) == 3


def test_secrets_are_for_their_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "var" / "local.env"

    ensure_local_env(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_nobody_else_may_look_into_var(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir(mode=0o755)

    Layout(tmp_path).make_private()

    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700


def test_secrets_that_are_there_stay(tmp_path: Path) -> None:
    path = tmp_path / "local.env"
    path.write_text("MILEPOST_ACTION_TOKEN=mine\nMILEPOST_CHANNEL_SECRET=\n")

    assert ensure_local_env(path)
    once = path.read_text()
    assert not ensure_local_env(path)

    assert path.read_text() == once
    assert read_env_file(path)["MILEPOST_ACTION_TOKEN"] == "mine"
    assert read_env_file(path)["MILEPOST_CHANNEL_SECRET"]


def test_what_programs_say_is_logged_with_a_label(runner: Runner) -> None:
    lines: list[str] = []

    runner.run(python("print('one'); print('two')"), "pip", on_line=lines.append)

    assert runner.log.read_text() == "[pip] one\n[pip] two\n"
    assert lines == ["one\n", "two\n"]


def test_a_failure_shows_the_last_lines_and_what_to_do(runner: Runner) -> None:
    code = "for i in range(40): print('line', i)\nraise SystemExit(4)"

    with pytest.raises(SetupError) as failure:
        runner.run(python(code), "pip", advice="Check the network.")

    said = str(failure.value)
    assert "pip failed (exit 4)" in said
    assert str(runner.log) in said
    assert "line 39" in said
    assert "line 24" not in said
    assert said.endswith("Check the network.")


def test_stopping_ends_a_running_program_with_all_it_started(runner: Runner) -> None:
    code = (
        "import subprocess, sys\n"
        "inner = subprocess.Popen([sys.executable, '-c', 'input()'],"
        " stdin=subprocess.PIPE)\n"
        "print('begun', flush=True)\n"
        "inner.wait()"
    )
    begun = threading.Event()
    failures: list[str] = []

    def work() -> None:
        try:
            runner.run(python(code), "pip", on_line=lambda line: begun.set())
        except SetupError as error:
            failures.append(str(error))

    thread = threading.Thread(target=work)
    thread.start()
    assert begun.wait(20)

    runner.stop_all()
    # The pipe closes, and so the thread ends, only when the inner one is gone too.
    thread.join(20)

    assert not thread.is_alive()
    assert f"exit {-signal.SIGTERM}" in failures[0]
    with pytest.raises(SetupError, match="stopped"):
        runner.run(python("pass"), "pip")


def test_variables_that_lead_python_astray_are_dropped() -> None:
    outer = {"PYTHONPATH": "/x", "PIP_USER": "1", "HOME": "/root", "CI": "true"}

    inner = clean_environment(outer)

    assert "PYTHONPATH" not in inner
    assert "PIP_USER" not in inner
    assert inner["HOME"] == "/root"
    assert inner["RASA_TELEMETRY_ENABLED"] == "false"


def test_a_step_says_when_it_starts_and_how_long_it_took() -> None:
    out, moments = io.StringIO(), iter([10.0, 141.4])
    report = Report(out, clock=lambda: next(moments), beat=600)

    with report.step("Environment", "88 packages"):
        pass

    assert out.getvalue().splitlines() == [
        "Environment: 88 packages ...",
        "Environment: done in 131 s",
    ]


def test_a_step_that_fails_says_so() -> None:
    out, moments = io.StringIO(), iter([0.0, 2.5])
    report = Report(out, clock=lambda: next(moments), beat=600)

    with pytest.raises(SetupError), report.step("Training"):
        raise SetupError("no")

    assert out.getvalue().splitlines()[-1] == "Training: not finished after 2.5 s"


def test_a_long_step_shows_that_it_lives() -> None:
    out = io.StringIO()
    report = Report(out, clock=lambda: 30.0, beat=0.01)

    with report.step("Training") as step:
        step.note = "now the classifier"
        deadline = time.monotonic() + 20
        while "now the classifier" not in out.getvalue():
            assert time.monotonic() < deadline

    assert "  Training: 0.0 s, now the classifier" in out.getvalue()


def test_a_reader_that_went_away_stops_nothing() -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as out:
        report = Report(out)
        report.say("one")
        report.say("two")
        # Closing would fail here if the words still went to the closed pipe.
        out.flush()


def test_what_tests_lack_is_said_aloud(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system, "can_install", lambda: False)
    out = io.StringIO()

    ensure_tools((ABSENT,), runner, Report(out), {})

    assert out.getvalue().startswith("SKIPPED: browser tests. no-such-package")


def test_in_ci_nothing_may_be_lacking(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system, "can_install", lambda: False)

    with pytest.raises(SetupError, match="no-such-package is missing"):
        ensure_tools((ABSENT,), runner, Report(io.StringIO()), {"CI": "true"})


def test_what_is_there_is_not_installed(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system, "can_install", lambda: True)
    out = io.StringIO()

    ensure_tools((Tool(("sh",), "dash", "tests"),), runner, Report(out), {"CI": "true"})

    assert out.getvalue() == ""


def test_a_taken_port_gives_the_next_free_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        assert first_free("127.0.0.1", port) > port


def test_rasa_ports_differ_from_each_other_and_from_the_pages() -> None:
    wanted = first_free("127.0.0.1", 20000)

    ports = several_free("127.0.0.1", wanted, 3, {wanted})

    assert len(set(ports)) == 3
    assert wanted not in ports


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(SetupError, match="MILEPOST_HOST"):
        first_free("192.0.2.1", 8000)


def test_logs_are_moved_aside_at_start(tmp_path: Path) -> None:
    log = tmp_path / "log" / "app.log"
    for number in range(5):
        rotate(log)
        log.write_text(str(number))

    kept = {path.name: path.read_text() for path in log.parent.iterdir()}

    assert kept == {
        "app.log": "4",
        "app.log.1": "3",
        "app.log.2": "2",
        "app.log.3": "1",
    }


def test_our_code_is_linked_into_both_environments(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    app, rasa = app_environment(layout), rasa_environment(layout)
    for environment in (app, rasa):
        environment.site_packages.mkdir(parents=True)
        (environment.folder / "bin").mkdir()
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "start.py").write_text("BEGUN = True\n")

    link_app(layout, app)
    link_rasa(layout, rasa)

    assert (app.site_packages / "milepost.pth").read_text() == f"{tmp_path}\n"
    assert os.access(app.folder / "bin" / "milepost", os.X_OK)
    copy = rasa.site_packages / "milepost_rasa_start.py"
    assert copy.read_text() == "BEGUN = True\n"
    (tmp_path / "bot" / "start.py").write_text("BEGUN = False\n")
    link_rasa(layout, rasa)
    assert copy.read_text() == "BEGUN = False\n"


def test_an_unchanged_file_is_not_written_again(tmp_path: Path) -> None:
    path = tmp_path / "x"
    write_if_changed(path, "same")
    os.utime(path, (1, 1))

    write_if_changed(path, "same")

    assert path.stat().st_mtime == 1


def test_the_var_folder_can_be_named(tmp_path: Path) -> None:
    assert Layout.find(tmp_path, {}).var == tmp_path / "var"
    (tmp_path / ".env").write_text("MILEPOST_VAR_DIR=data of mine\n")
    assert Layout.find(tmp_path, {}).var == tmp_path / "data of mine"
    named = {"MILEPOST_VAR_DIR": "/srv/milepost"}
    assert Layout.find(tmp_path, named).var == Path("/srv/milepost")
