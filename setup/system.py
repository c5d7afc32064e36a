"""Programs of the operating system that only the tests need."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass

from setup.report import Report, SetupError
from setup.runner import Runner

APT = ("apt-get", "-y", "-q", "--no-install-recommends")


@dataclass(frozen=True)
class Tool:
    """A program, its Debian package, and the tests that need it."""

    commands: tuple[str, ...]
    package: str
    serves: str

    def path(self) -> str | None:
        """Where the program stands, or None."""
        found = (shutil.which(command) for command in self.commands)
        return next((path for path in found if path), None)


CHROMIUM = Tool(
    ("chromium", "chromium-browser", "google-chrome"), "chromium", "browser tests"
)
NGINX = Tool(("nginx",), "nginx-light", "tests of deploy/nginx, a district under load")
TEST_TOOLS = (CHROMIUM, NGINX)
BENCH_TOOLS = (NGINX,)


def ensure_tools(
    tools: tuple[Tool, ...],
    runner: Runner,
    report: Report,
    environ: Mapping[str, str] = os.environ,
) -> None:
    """Install what is missing where that is possible, else say what is skipped.

    Raises:
        SetupError: something is missing and CI=true, where nothing may be skipped.
    """
    missing = [tool for tool in tools if not tool.path()]
    if missing and can_install():
        _install(missing, runner, report)
        missing = [tool for tool in tools if not tool.path()]
    lines = [f"{tool.package} is missing: {how_to_get(tool)}" for tool in missing]
    if missing and environ.get("CI", "").lower() == "true":
        raise SetupError("\n".join([*lines, "CI runs all tests, so this is an error."]))
    for tool, line in zip(missing, lines, strict=True):
        report.say(f"SKIPPED: {tool.serves}. {line}")


def can_install() -> bool:
    """Whether this is a Debian system and we may install packages."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def how_to_get(tool: Tool) -> str:
    """What a person types to get a tool."""
    if shutil.which("apt-get"):
        return f"`sudo apt-get install {tool.package}`."
    return f"install {tool.package} with this system's package manager."


def _install(tools: list[Tool], runner: Runner, report: Report) -> None:
    packages = [tool.package for tool in tools]
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    with report.step(f"Installing {', '.join(packages)} with apt-get"):
        try:
            runner.run([*APT, "update"], "apt", extra=quiet)
            runner.run([*APT, "install", *packages], "apt", extra=quiet)
        except SetupError as error:
            report.say(str(error))
