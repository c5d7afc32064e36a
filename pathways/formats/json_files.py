"""Opens JSON from outside within limits: size, depth, no double keys."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from pathways.formats.problems import BROKEN_ZIP, FormatError
from pathways.formats.zips import members_of

LARGEST_JSON = 20 * 1024 * 1024
DEEPEST = 60
SUFFIXES = (".json", ".jsonld", ".jwt", ".txt")


@dataclass(frozen=True)
class Document:
    """A file that holds one text; `text` is None where it could not be read."""

    file: str
    text: str


def documents(path: Path) -> Iterator[Document]:
    """Yield a file, or each .json, .jsonld, .jwt and .txt file of a zip.

    Raises:
        FormatError: it is missing, too large, no text, or a zip that means harm.
    """
    if not path.is_file():
        raise FormatError(f"{path}: there is no such file.")
    if path.suffix.lower() == ".zip":
        yield from _of_zip(path)
        return
    if path.suffix.lower() not in SUFFIXES:
        known = ", ".join(SUFFIXES)
        raise FormatError(f"{path.name}: only {known} and .zip can be read here.")
    with path.open("rb") as stream:
        yield Document(path.name, _text(path.name, stream.read(LARGEST_JSON + 1)))


def _of_zip(path: Path) -> Iterator[Document]:
    try:
        with zipfile.ZipFile(path) as archive:
            found = members_of(path.name, archive, SUFFIXES)
            if not found:
                raise FormatError(f"{path.name}: there is no .json file in this zip.")
            for member in found:
                name = PurePosixPath(member.filename).name
                with archive.open(member) as stream:
                    yield Document(name, _text(name, stream.read(LARGEST_JSON + 1)))
    except BROKEN_ZIP as error:
        raise FormatError(
            f"{path.name}: this zip file can't be read. Download it again."
        ) from error


def _text(file: str, data: bytes) -> str:
    if len(data) > LARGEST_JSON:
        raise FormatError(f"{file}: files over {LARGEST_JSON >> 20} MB can't be read.")
    try:
        return data.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise FormatError(f"{file}: this is not text in UTF-8.") from error


def load_json(text: str) -> Any:
    """Read JSON.

    Raises:
        ValueError: it is cut off, nested too deeply, names a member twice, or
            holds NaN.
    """
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("this is nested too deeply") from None
    except json.JSONDecodeError as error:
        end = error.pos >= len(text.rstrip())
        hint = "it stops early; download it again" if end else error.msg.lower()
        raise ValueError(f"this is no JSON (line {error.lineno}: {hint})") from None
    _refuse_deep(found)
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no number")


def _refuse_deep(found: Any) -> None:
    level = [found]
    for _ in range(DEEPEST):
        level = [
            inner
            for one in level
            for inner in (
                one.values()
                if isinstance(one, dict)
                else one
                if isinstance(one, list)
                else ()
            )
        ]
        if not level:
            return
    raise ValueError("this is nested too deeply")
