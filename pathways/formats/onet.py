"""Finds the tables of an O*NET release: a folder or zip, in any of its layouts.

Names differ by release (30.3 renamed six tables) and by layout (Excel, tab text,
and from 30.3 on CSV and JSON), so each table is looked for by a list of names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from pathways.formats.problems import FormatError
from pathways.formats.tables import Table, key_of, open_table
from pathways.formats.unpacking import json_table, release_files

SUFFIXES = (".txt", ".csv", ".json", ".xlsx")
NAMES: Mapping[str, tuple[str, ...]] = {
    "occupations": ("Occupation Data",),
    "interests": ("Interests", "Career Interest Types"),
    "job_zones": ("Job Zones",),
    "job_zone_reference": ("Job Zone Reference",),
    "skills": ("Skills", "Essential Skills", "Transferable Skills"),
    "knowledge": ("Knowledge",),
    "work_values": ("Work Values",),
    "education": ("Education, Training, and Experience", "Education"),
    "education_categories": (
        "Education, Training, and Experience Categories",
        "Education Categories",
    ),
    "related": ("Related Occupations",),
    "titles": ("Alternate Titles", "Job Titles"),
    "reported": ("Sample of Reported Titles",),
}
SEVERAL = frozenset({"skills"})
OLDEST = (27, 0)
READ_ME = re.compile(r"^read[ _-]?me\.(txt|md)$", re.IGNORECASE)
VERSION = re.compile(r"O\*NET\D{0,12}?(\d{2})\.(\d)\b")
VERSION_IN_NAME = re.compile(r"(?<!\d)(\d{2})[._-](\d)(?!\d)")
MONTH = re.compile(r"\b([A-Z][a-z]+ 20\d\d)\s+Release")
# A release N.0 comes in August, .1 in November, .2 in February, .3 in May.
MONTHS = {0: (0, 8), 1: (0, 11), 2: (1, 2), 3: (1, 5)}
FIRST_YEAR = 1995
LONGEST_READ_ME = 20_000


@dataclass(frozen=True)
class Release:
    """One release: its number, its month, and the files of each table."""

    version: tuple[int, int]
    as_of: date
    files: Mapping[str, Sequence[Path]]

    @property
    def name(self) -> str:
        """What it is called, as a source."""
        major, minor = self.version
        return f"O*NET {major}.{minor} Database"

    def has(self, table: str) -> bool:
        """Tell whether the release holds a table."""
        return bool(self.files.get(table))

    def tables(self, name: str) -> list[Table]:
        """Open the files of a table.

        Raises:
            FormatError: one of them can't be read.
        """
        return [_open(path) for path in self.files.get(name, ())]


def _open(path: Path) -> Table:
    if path.suffix.lower() == ".json":
        return json_table(path)
    # Tab text is never quoted: a quotation mark there is one.
    return open_table(path, quoted=path.suffix.lower() != ".txt")


def _stem(name: str) -> str:
    return key_of(Path(name).stem.replace(",", " "))


KEYS = {_stem(f"{name}.txt"): table for table, names in NAMES.items() for name in names}


def is_wanted(name: str) -> bool:
    """Tell whether a file of a release is one that Milepost reads."""
    known = _stem(name) in KEYS and Path(name).suffix.lower() in SUFFIXES
    return known or bool(READ_ME.match(name))


@contextmanager
def open_release(path: Path) -> Iterator[Release]:
    """Open a release, a folder or a zip.

    Raises:
        FormatError: it is none, too old, or lacks what everything else needs.
    """
    with release_files(path, is_wanted) as files:
        found = _by_table(path.name, files)
        if "occupations" not in found:
            raise FormatError(
                f"{path.name}: there is no table Occupation Data. Take the whole "
                "database of a release from onetcenter.org, as a folder or a zip."
            )
        if "job_zones" in found and "job_zone_reference" not in found:
            raise FormatError(
                f"{path.name}: Job Zones without Job Zone Reference. "
                "Take both tables of the same release."
            )
        version, as_of = _version(path, files)
        if version < OLDEST:
            raise FormatError(
                f"{path.name}: release {version[0]}.{version[1]} is too old. "
                f"Milepost reads {OLDEST[0]}.{OLDEST[1]} and later ones."
            )
        yield Release(version, as_of, found)


def _by_table(release: str, files: Sequence[Path]) -> dict[str, list[Path]]:
    by_stem: dict[str, list[Path]] = {}
    for file in files:
        by_stem.setdefault(_stem(file.name), []).append(file)
    found: dict[str, list[Path]] = {}
    for stem, table in KEYS.items():
        if stem in by_stem:
            best = min(
                by_stem[stem], key=lambda one: SUFFIXES.index(one.suffix.lower())
            )
            found.setdefault(table, []).append(best)
    for table, paths in found.items():
        if len(paths) > 1 and table not in SEVERAL:
            names = ", ".join(path.name for path in paths)
            raise FormatError(f"{release}: two releases mixed? It holds {names}.")
    return found


def _version(path: Path, files: Sequence[Path]) -> tuple[tuple[int, int], date]:
    """Return number and month, from the release's Read Me, else from names."""
    for file in files:
        if READ_ME.match(file.name):
            with file.open(encoding="utf-8", errors="replace") as text:
                found = _read_me(text.read(LONGEST_READ_ME))
            if found is not None:
                return found
    for name in (path.name, *(file.parent.name for file in files)):
        in_name = VERSION_IN_NAME.search(name)
        if in_name:
            version = (int(in_name[1]), int(in_name[2]))
            return version, _month(version)
    raise FormatError(
        f"{path.name}: no release number. Keep the file Read Me.txt of the release "
        "beside its tables."
    )


def _read_me(text: str) -> tuple[tuple[int, int], date] | None:
    number = VERSION.search(text)
    if number is None:
        return None
    version = (int(number[1]), int(number[2]))
    named = MONTH.search(text)
    try:
        if named:
            return version, datetime.strptime(named[1], "%B %Y").date()
    except ValueError:
        pass
    return version, _month(version)


def _month(version: tuple[int, int]) -> date:
    years, month = MONTHS.get(version[1], (1, 5))
    return date(FIRST_YEAR + version[0] + years, month, 1)
