"""The files a fresh clone starts from: Makefile, finder, package lock."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pathways.settings import Settings
from setup.commands import COMMANDS
from setup.frontend import COPIES, is_frontend_good
from setup.layout import ROOT, Layout
from setup.supervise import welcome

FINDER = ROOT / "setup" / "find_python.sh"
FAKE = '#!/bin/sh\n[ "$1" = -c ] && case "$2" in *executable*) echo "$0";; esac\n'


def find(environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = ["/bin/sh", str(FINDER)]
    return subprocess.run(
        command, env=environ, capture_output=True, text=True, check=False
    )


def fake(path: Path, text: str = FAKE) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def test_without_a_python_the_finder_says_how_to_get_one(tmp_path: Path) -> None:
    done = find({"PATH": str(tmp_path), "HOME": str(tmp_path)})

    assert done.returncode == 1
    assert done.stdout == ""
    for way in ("apt-get install python3.11", "pyenv install", "uv python install"):
        assert way in done.stderr


def test_a_python_of_another_version_is_passed_over(tmp_path: Path) -> None:
    fake(tmp_path / "bin" / "python3", "#!/bin/sh\nexit 1\n")
    wanted = fake(tmp_path / ".pyenv" / "versions" / "3.11.4" / "bin" / "python3")

    done = find({"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path)})

    assert done.stdout.strip() == str(wanted)


def test_pyenv_is_asked_where_its_versions_are(tmp_path: Path) -> None:
    root = tmp_path / "else where"
    wanted = fake(root / "versions" / "3.11.9" / "bin" / "python3")
    fake(tmp_path / "bin" / "pyenv", f"#!/bin/sh\necho '{root}'\n")

    done = find({"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path)})

    assert done.stdout.strip() == str(wanted)


def test_uv_fetches_a_python_as_the_last_resort(tmp_path: Path) -> None:
    wanted = fake(tmp_path / "uv" / "python3")
    script = (
        f'#!/bin/sh\necho "$*" >> "{tmp_path}/asked"\n'
        f'case "$2" in\n'
        f'  find) [ -e "{tmp_path}/fetched" ] && echo "{wanted}" ;;\n'
        f'  install) : > "{tmp_path}/fetched" ;;\n'
        f"esac\n"
    )
    fake(tmp_path / "bin" / "uv", script)

    done = find({"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path)})

    assert done.stdout.strip() == str(wanted)
    asked = (tmp_path / "asked").read_text().splitlines()
    assert asked == ["python find 3.11", "python install 3.11", "python find 3.11"]


def test_a_named_python_wins() -> None:
    done = find({"PATH": os.defpath, "MILEPOST_PYTHON": sys.executable})

    assert Path(done.stdout.strip()).name.startswith("python")
    assert done.returncode == 0


def targets() -> set[str]:
    text = (ROOT / "Makefile").read_text()
    return set(re.findall(r"^([a-z]+):", text, re.MULTILINE)) - {"help"}


def test_every_make_target_is_a_command_and_in_the_manual() -> None:
    manual = (ROOT / "docs" / "operations.md").read_text()

    assert targets() == set(COMMANDS)
    for target in targets():
        assert f"`make {target}`" in manual


def test_make_help_names_every_target() -> None:
    done = subprocess.run(
        ["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    )

    for target in targets():
        assert f"make {target} " in done.stdout


def test_ci_runs_what_a_developer_runs() -> None:
    script = ROOT / ".ci" / "run"

    assert os.access(script, os.X_OK)
    assert script.read_text().splitlines()[-1] == "exec make test"


def test_every_front_end_package_is_exact_checked_and_without_address() -> None:
    wanted = json.loads((ROOT / "package.json").read_text())["dependencies"]
    lock = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    locked = {name.removeprefix("node_modules/"): row for name, row in lock.items()}
    root = locked.pop("")

    assert wanted == root["dependencies"]
    assert {name: row["version"] for name, row in locked.items()} == wanted
    assert all(row["integrity"].startswith("sha512-") for row in locked.values())
    assert not any("resolved" in row for row in locked.values())


def test_every_copied_package_comes_with_its_licence() -> None:
    packages = {re.match(r"(@[^/]+/)?[^/]+", source)[0] for source in COPIES}  # type: ignore[index]

    for package in packages:
        assert f"{package}/LICENSE" in COPIES


def test_a_missing_front_end_file_asks_for_all_again(tmp_path: Path) -> None:
    (tmp_path / "package-lock.json").write_text("{}")

    assert not is_frontend_good(Layout(tmp_path))


@pytest.mark.parametrize("roles", [("admin", "student"), ()])
def test_the_welcome_has_one_line_for_each_demo_account(roles: tuple[str, ...]) -> None:
    settings = Settings(demo_password="river-stone")
    accounts = {role: f"{role}1" for role in roles}

    lines = welcome(settings, "http://127.0.0.1:8000", accounts)

    assert lines[0] == "Milepost: http://127.0.0.1:8000"
    expected = [f"demo {role}: {role}1 / river-stone" for role in sorted(roles)[::-1]]
    assert lines[1:] == expected
