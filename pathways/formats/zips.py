"""Opens zip files from outside, and refuses those that mean harm."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from pathways.formats.problems import BROKEN_ZIP, FormatError
from pathways.formats.rows import Table
from pathways.formats.text_tables import LARGEST, text_table

MOST_FILES = 200
LARGEST_IN_ALL = 3 * LARGEST
HIGHEST_RATIO = 200
RATIO_FROM = 1 << 20
ENCRYPTED = 0x1
IGNORED = ("__MACOSX/",)


def tables_in(path: Path) -> Mapping[str, Table]:
    """Return the CSV files of a zip by their lower-case names.

    The files may lie in one folder of the zip.

    Raises:
        FormatError: no zip, a path that leads elsewhere, encrypted, or too large
            once unpacked.
    """
    if not path.is_file():
        raise FormatError(f"{path}: there is no such file.")
    try:
        with zipfile.ZipFile(path) as archive:
            return {
                PurePosixPath(member.filename).name.lower(): _table(path, member)
                for member in members_of(path.name, archive, (".csv",))
            }
    except BROKEN_ZIP as error:
        raise FormatError(
            f"{path.name}: this zip file can't be read. It may be cut off or damaged; "
            "download it again."
        ) from error


def members_of(
    file: str, archive: zipfile.ZipFile, suffixes: tuple[str, ...] = ("",)
) -> list[zipfile.ZipInfo]:
    """Return the files of a zip, or those that end in a certain way.

    Raises:
        FormatError: the zip means harm, or holds two files of one name.
    """
    members = [
        member
        for member in archive.infolist()
        if not member.is_dir() and not member.filename.startswith(IGNORED)
    ]
    if len(members) > MOST_FILES:
        raise FormatError(f"{file}: more than {MOST_FILES} files in the zip.")
    for member in members:
        _refuse_harm(file, member)
    found = [one for one in members if one.filename.lower().endswith(suffixes)]
    names = [PurePosixPath(one.filename).name.lower() for one in found]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise FormatError(f"{file}: {', '.join(sorted(twice))} is in the zip twice.")
    if sum(member.file_size for member in found) > LARGEST_IN_ALL:
        raise FormatError(f"{file}: this zip is too large once unpacked.")
    return found


def _refuse_harm(file: str, member: zipfile.ZipInfo) -> None:
    # orig_filename: zipfile cuts the name at a NUL byte.
    name = PurePosixPath(member.orig_filename)
    odd = any(sign in member.orig_filename for sign in ("\\", "\0", ":"))
    if odd or name.is_absolute() or ".." in name.parts or len(name.parts) > 2:
        raise FormatError(f"{file}: the zip holds a path that leads elsewhere.")
    if member.flag_bits & ENCRYPTED:
        raise FormatError(f"{file}: {name} has a password. Take it off.")
    ratio = member.file_size / max(member.compress_size, 1)
    if member.file_size > RATIO_FROM and ratio > HIGHEST_RATIO:
        raise FormatError(f"{file}: {name} is packed in an unlikely way.")


def _table(path: Path, member: zipfile.ZipInfo) -> Table:
    """Open a file of a zip; it is unpacked as it is read, never as a whole."""

    def opened() -> BinaryIO:
        # zipfile gives no more bytes than the zip states, and that was checked.
        with zipfile.ZipFile(path) as archive:
            return cast("BinaryIO", archive.open(member.filename))

    return text_table(PurePosixPath(member.filename).name, member.file_size, opened)
