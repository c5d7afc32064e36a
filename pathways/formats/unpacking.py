"""Opens a release that comes as a folder or as a zip, and its JSON tables."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any

import ijson

from pathways.formats.json_limits import refuse_odd_json
from pathways.formats.problems import BROKEN_ZIP, FormatError
from pathways.formats.rows import Table, with_header
from pathways.formats.text_tables import LARGEST
from pathways.formats.zips import LARGEST_IN_ALL, members_of

CHUNK = 1 << 20
MOST_COLUMNS = 200
Wanted = Callable[[str], bool]


@contextmanager
def release_files(path: Path, wanted: Wanted) -> Iterator[list[Path]]:
    """Yield the files of a release that are wanted, by their names.

    The files may lie in one folder inside. Those of a zip are unpacked into a
    folder that is gone afterwards; what is not wanted is never unpacked.

    Raises:
        FormatError: neither folder nor zip, damaged, or meant to do harm.
    """
    if path.is_dir():
        yield sorted(
            file
            for pattern in ("*", "*/*")
            for file in path.glob(pattern)
            if file.is_file() and wanted(file.name)
        )
        return
    if not path.is_file():
        raise FormatError(f"{path}: there is no such file or folder.")
    if path.suffix.lower() != ".zip":
        raise FormatError(f"{path.name}: give the release as a folder or as a zip.")
    with tempfile.TemporaryDirectory(prefix="milepost-") as folder:
        yield _unpacked(path, Path(folder), wanted)


def _unpacked(path: Path, folder: Path, wanted: Wanted) -> list[Path]:
    left = LARGEST_IN_ALL
    found: list[Path] = []
    try:
        with zipfile.ZipFile(path) as archive:
            for member in members_of(path.name, archive):
                name = PurePosixPath(member.filename).name
                if not wanted(name):
                    continue
                target = folder / name
                if target in found:
                    raise FormatError(f"{path.name}: {name} is in the zip twice.")
                found.append(target)
                left -= _unpack(archive, member, target, min(left, LARGEST))
    except BROKEN_ZIP as error:
        raise FormatError(
            f"{path.name}: this zip is damaged. Download it again."
        ) from error
    return sorted(found)


def _unpack(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, most: int
) -> int:
    """Unpack a file; the size that a zip states may be a lie, so count."""
    size = 0
    with archive.open(member) as stream, target.open("wb") as file:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > most:
                raise FormatError(f"{target.name}: this is too large once unpacked.")
            file.write(chunk)
    return size


@contextmanager
def json_file(path: Path) -> Iterator[IO[bytes]]:
    """Open a JSON file for a reader that takes it in parts.

    Raises:
        FormatError: it is missing, too large, or no JSON.
    """
    if not path.is_file():
        raise FormatError(f"{path}: there is no such file.")
    if path.stat().st_size > LARGEST:
        raise FormatError(
            f"{path.name}: files over {LARGEST >> 20} MB can't be imported."
        )
    try:
        with path.open("rb") as file:
            yield file
    except FormatError:
        raise
    # A number of thousands of digits is a ValueError or an OverflowError.
    except (ijson.JSONError, ValueError, OverflowError) as error:
        raise FormatError(
            f"{path.name}: this is not whole JSON ({error}). Download it again."
        ) from error


def json_table(path: Path) -> Table:
    """Open a JSON file as a table: a list of objects, or one under the key `row`.

    Its columns are the keys of the first object; line 2 is the first object, as if
    the keys stood in a header.

    Raises:
        FormatError: it is no such file.
    """
    refuse_odd_json(path)
    with json_file(path) as file:
        prefix = "item" if file.read(CHUNK).lstrip()[:1] == b"[" else "row.item"

    def objects() -> Iterator[dict[str, Any]]:
        with json_file(path) as file:
            for one in ijson.items(file, prefix, use_float=True):
                if not isinstance(one, dict):
                    raise FormatError(f"{path.name}: the rows must be objects.")
                yield one

    keys = list(next(objects(), {}))[:MOST_COLUMNS]

    def records() -> Iterator[tuple[int, list[str]]]:
        yield 1, keys
        for line, one in enumerate(objects(), start=2):
            yield line, [_cell(one.get(key)) for key in keys]

    return with_header(path.name, records)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
