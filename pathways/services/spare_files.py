"""Files whose room on the disk is taken beforehand, for when it is full.

An alert about a student in danger must find room although nothing else does. What is
written over a spare file needs no new room on file systems that write in place
(ext4, XFS, tmpfs), and needs it on those that copy (Btrfs, ZFS).
"""

from __future__ import annotations

import os
import uuid
from pathlib import Path

SPARE_FILES = 256
SPARE_BYTES = 4096


def refill(folder: Path, at_most: int = SPARE_FILES) -> int:
    """Make the spare files that are not there; return how many were made.

    Raises:
        OSError: the disk takes no more.
    """
    folder.mkdir(parents=True, exist_ok=True)
    missing = [name for name in _names(folder) if not name.exists()][:at_most]
    for name in missing:
        # Of its own: two apps may fill the same folder at the same moment.
        draft = name.with_suffix(f".{uuid.uuid4()}.new")
        try:
            write_through(draft, b" " * SPARE_BYTES)
            draft.replace(name)
        except OSError:
            draft.unlink(missing_ok=True)
            raise
    return len(missing)


def write_over(folder: Path, text: str, target: Path) -> bool:
    """Write a text over a spare file and give it its name.

    Args:
        folder: where the spare files are, on the target's file system.
        text: SPARE_BYTES of UTF-8 at most; spaces fill the rest.
        target: the name that it gets; what stood there is replaced.

    Returns:
        False where no spare file is left.

    Raises:
        OSError: the disk takes no writes at all.
    """
    taken = target.with_suffix(".spare")
    for name in _names(folder):
        try:
            name.rename(taken)
        except FileNotFoundError:
            continue
        content = text.encode().ljust(SPARE_BYTES)
        with taken.open("r+b") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        taken.replace(target)
        return True
    return False


def write_through(file: Path, content: bytes) -> None:
    """Write a file and return when the disk has it."""
    with file.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())


def _names(folder: Path) -> list[Path]:
    return [folder / f"{number:03}.spare" for number in range(SPARE_FILES)]
