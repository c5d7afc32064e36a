"""The addresses of Rasa's workers, which may change while messages flow."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import overload

Stamp = tuple[int, int, int]


class Addresses(Sequence[str]):
    """One address for each worker; a file may move a worker, never add one.

    The supervisor writes the file, one address a line, when another process takes a
    worker's place. How many workers there are decides who owns a conversation, so
    a file with another number of lines is not followed.
    """

    def __init__(self, urls: Sequence[str], file: Path | None = None) -> None:
        """Begin with the addresses of the settings; follow the file if there is one."""
        self._urls = tuple(urls)
        self._file = file
        self._stamp: Stamp | None = None

    def __len__(self) -> int:
        return len(self._urls)

    @overload
    def __getitem__(self, index: int) -> str: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...

    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        self._follow()
        return self._urls[index]

    def _follow(self) -> None:
        if self._file is None:
            return
        try:
            found = self._file.stat()
            stamp = (found.st_mtime_ns, found.st_ino, found.st_size)
            if stamp == self._stamp:
                return
            urls = self._file.read_text(encoding="ascii").split()
        except (OSError, UnicodeDecodeError):
            return
        self._stamp = stamp
        if len(urls) == len(self._urls):
            self._urls = tuple(urls)
