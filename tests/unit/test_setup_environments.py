import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from setup.environments import (
    Environment,
    app_environment,
    build,
    install_dev,
    is_dev_good,
    is_good,
    pinned,
    rasa_environment,
)
from setup.layout import ROOT, Layout
from setup.locks import options
from setup.report import Report, SetupError
from setup.runner import Runner

LOCKS = ("app", "dev", "rasa", "node")
LOCK = """\
# header
alpha==1.0 \\
    --hash=sha256:aa
beta==2.0 ; python_version < "3.12" \\
    --hash=sha256:bb
"""


class FakeRunner(Runner):
    """Makes an environment's bones; pip fails as often as told."""

    def __init__(self, folder: Path, failures: int = 0) -> None:
        super().__init__(folder, folder / "setup.log")
        self.failures = failures
        self.commands: list[list[str]] = []

    def run(
        self,
        command: Sequence[str | Path],
        label: str,
        *,
        advice: str = "",
        extra: Mapping[str, str] | None = None,
        on_line: Callable[[str], None] = lambda line: None,
        folder: Path | None = None,
    ) -> None:
        words = [str(word) for word in command]
        self.commands.append(words)
        if "venv" in words:
            made = Path(words[-1])
            (made / "bin").mkdir(parents=True)
            (made / "bin" / "python").touch()
            (made / "pyvenv.cfg").write_text("home = /x\nversion = 3.11.7\n")
        elif self.failures:
            self.failures -= 1
            raise SetupError(f"pip failed. {advice}")


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    lock = tmp_path / "app.txt"
    lock.write_text(LOCK)
    return Environment("Environment", tmp_path / ".venv", lock, ("--some-option",))


def report() -> Report:
    return Report(io.StringIO())


def make(environment: Environment, failures: int = 0) -> FakeRunner:
    runner = FakeRunner(environment.lock.parent, failures)
    build(environment, Path("python3"), runner, report())
    return runner


def test_a_built_environment_is_good(environment: Environment) -> None:
    assert not is_good(environment)

    make(environment)

    assert is_good(environment)


def test_packages_are_installed_by_hash_and_compiled(
    environment: Environment,
) -> None:
    install, compilation = make(environment).commands[-2:]

    assert {"--require-hashes", "--no-deps", "--some-option"} <= set(install)
    assert "compileall" in compilation[-1]


def test_a_changed_lock_file_asks_for_a_new_environment(
    environment: Environment,
) -> None:
    make(environment)

    environment.lock.write_text(LOCK.replace("1.0", "1.1"))

    assert not is_good(environment)


def test_another_python_asks_for_a_new_environment(environment: Environment) -> None:
    make(environment)

    (environment.folder / "pyvenv.cfg").write_text("version = 3.11.9\n")

    assert not is_good(environment)


def test_an_environment_without_its_python_is_not_good(
    environment: Environment,
) -> None:
    make(environment)

    environment.python.unlink()

    assert not is_good(environment)


def test_a_copied_environment_is_not_good(
    environment: Environment, tmp_path: Path
) -> None:
    make(environment)

    environment.folder.rename(tmp_path / "copy")
    copy = Environment("copy", tmp_path / "copy", environment.lock)

    assert not is_good(copy)


def test_pip_gets_a_second_try(environment: Environment) -> None:
    make(environment, failures=1)

    assert is_good(environment)


def test_a_half_made_environment_has_no_stamp_and_is_rebuilt(
    environment: Environment,
) -> None:
    with pytest.raises(SetupError, match="run the command again"):
        make(environment, failures=2)
    assert not is_good(environment)
    (environment.folder / "left-over").touch()

    make(environment)

    assert is_good(environment)
    assert not (environment.folder / "left-over").exists()


def test_a_rebuilt_environment_has_lost_the_test_tools(
    environment: Environment, tmp_path: Path
) -> None:
    lock = tmp_path / "dev.txt"
    lock.write_text(LOCK)
    make(environment)
    assert not is_dev_good(environment, lock)

    install_dev(environment, lock, FakeRunner(tmp_path), report())
    assert is_dev_good(environment, lock)

    make(environment)
    assert not is_dev_good(environment, lock)


def test_the_pinned_names_leave_out_markers_and_hashes(
    environment: Environment,
) -> None:
    assert list(pinned(environment.lock)) == ["alpha==1.0", "beta==2.0"]


def test_both_environments_have_their_lock_files() -> None:
    for environment in (app_environment(Layout()), rasa_environment(Layout())):
        assert len(list(pinned(environment.lock))) > 50


@pytest.mark.parametrize("name", LOCKS)
def test_every_lock_file_holds_hashes_and_no_addresses(name: str) -> None:
    lock = ROOT / "requirements" / f"{name}.txt"
    text = lock.read_text()

    assert "://" not in text
    assert "--hash=sha256:" in text
    blocks = text.split("\n    --hash=")[0].count("==")
    assert blocks == 1, "the first requirement has its hash on the next line"
    for line in text.splitlines():
        if line[:1].isalnum():
            assert line.endswith("\\"), f"no hash follows: {line}"


@pytest.mark.parametrize("name", LOCKS)
def test_every_lock_file_says_how_it_was_made(name: str) -> None:
    words = options(ROOT / "requirements" / f"{name}.txt")

    assert "--generate-hashes" in words
    assert "--no-emit-index-url" in words
    assert words[-3:] == [f"{name}.in", "-o", f"{name}.txt"]


def test_a_lock_file_without_a_header_is_refused(tmp_path: Path) -> None:
    lock = tmp_path / "x.txt"
    lock.write_text("alpha==1.0\n")

    with pytest.raises(SetupError, match="does not say how"):
        options(lock)
