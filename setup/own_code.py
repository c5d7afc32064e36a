"""Makes our own packages known to the environments and compiles them."""

from __future__ import annotations

import compileall
from pathlib import Path

from setup.environments import Environment
from setup.layout import Layout

PACKAGES = ("pathways", "actions", "web", "setup", "bot", "bench")
RASA_START = "milepost_rasa_start"
CONSOLE_SCRIPT = """\
#!{python}
import sys

from pathways.cli.main import app

sys.argv[0] = "milepost"
sys.exit(app())
"""


def link_app(layout: Layout, app: Environment) -> None:
    """Let the product's environment import our packages and offer `milepost`."""
    write_if_changed(app.site_packages / "milepost.pth", f"{layout.root}\n")
    script = app.folder / "bin" / "milepost"
    write_if_changed(script, CONSOLE_SCRIPT.format(python=app.python))
    script.chmod(0o755)


def link_rasa(layout: Layout, rasa: Environment) -> None:
    """Let the assistant's environment load `bot/start.py` by itself at each start."""
    start = (layout.root / "bot" / "start.py").read_text(encoding="utf-8")
    module = rasa.site_packages / f"{RASA_START}.py"
    write_if_changed(module, start)
    write_if_changed(rasa.site_packages / "milepost_rasa.pth", f"import {RASA_START}\n")
    compileall.compile_file(module, quiet=1)


def compile_packages(layout: Layout) -> None:
    """Write bytecode for our packages: the machine may forbid it later."""
    for name in PACKAGES:
        folder = layout.root / name
        if folder.is_dir():
            compileall.compile_dir(folder, quiet=1)


def write_if_changed(path: Path, text: str) -> None:
    """Replace a file whole, and only when its text is another."""
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return
    half = path.with_name(f"{path.name}.half")
    half.write_text(text, encoding="utf-8")
    half.replace(path)
