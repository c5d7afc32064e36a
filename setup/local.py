"""Secrets of this machine, made once."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from setup.layout import read_env_file

NAMES = (
    "MILEPOST_CHANNEL_SECRET",
    "MILEPOST_ACTION_TOKEN",
    "MILEPOST_SESSION_SECRET",
)
DEMO = "MILEPOST_DEMO_PASSWORD"
HEAD = "# Made by the first `make run`, for this machine alone. Do not share it.\n"


def ensure_local_env(
    path: Path, token: Callable[[int], str] = secrets.token_urlsafe
) -> bool:
    """Write the file with random secrets, or add those it lacks.

    The file is readable by its owner only (mode 600). Values that are there stay.

    Returns:
        Whether anything was written.
    """
    text = path.read_text(encoding="utf-8") if path.is_file() else HEAD
    present = read_env_file(path)
    wanted = dict.fromkeys(NAMES, 32) | {DEMO: 9}
    missing = {name: size for name, size in wanted.items() if not present.get(name)}
    if not missing:
        return False
    lines = "".join(f"{name}={token(size)}\n" for name, size in missing.items())
    _write_private(path, text.rstrip("\n") + "\n" + lines)
    return True


def _write_private(path: Path, text: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = path.with_name(f"{path.name}.half")
    half.unlink(missing_ok=True)
    handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    half.replace(path)
