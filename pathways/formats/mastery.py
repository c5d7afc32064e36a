"""One result from a school's system, before it meets the database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Any, TypeVar

from pathways.domain.mastery import Level, level_of
from pathways.formats import values
from pathways.formats.report import RowError
from pathways.formats.tables import Row, Table, Unreadable

Value = TypeVar("Value")
LEVEL_WORDS = {level.word: level for level in Level} | {
    "below basic": Level.BEGINNING,
    "no evidence": Level.BEGINNING,
    "below mastery": Level.BEGINNING,
    "well below mastery": Level.BEGINNING,
    "near mastery": Level.DEVELOPING,
    "meets mastery": Level.PROFICIENT,
    "exceeds mastery": Level.ADVANCED,
    "emerging": Level.BEGINNING,
    "basic": Level.DEVELOPING,
    "approaching": Level.DEVELOPING,
    "mastery": Level.PROFICIENT,
    "meets": Level.PROFICIENT,
    "exceeds": Level.ADVANCED,
}


@dataclass(frozen=True)
class MasteryRow:
    """One attempt at one competency, as a file reports it.

    Attributes:
        competency: the words that name it, the surest first.
        points, mastery_points, possible: on the file's own scale.
        stated: the level where the file gives it and no points.
        proof: what is known of the signature, of a signed record only:
            `verified`, `intact` or `unverified`.
        is_sure: False where it may be of no concern to the catalog, so that an
            unknown competency is no error.
    """

    row: Row
    student_source_id: str
    competency: tuple[str, ...]
    assessment: str
    assessment_id: str
    attempt: int
    earned_on: date
    source: str
    points: float | None = None
    mastery_points: float | None = None
    possible: float | None = None
    mastered: bool | None = None
    stated: Level | None = None
    proof: str | None = None
    is_sure: bool = True

    @property
    def line(self) -> int:
        """The line on which the row starts; the header is 1."""
        return self.row.line

    @property
    def level(self) -> Level:
        """The level: stated, from points, or from mastered yes/no.

        "Not mastered" without points counts as developing: no more is known.
        """
        if self.stated is not None:
            return self.stated
        if self.points is not None and self.mastery_points:
            return level_of(self.points, self.mastery_points, self.possible)
        return Level.PROFICIENT if self.mastered else Level.DEVELOPING


Found = MasteryRow | RowError | None


@dataclass(frozen=True)
class Given:
    """What a reader needs to know besides the file.

    Attributes:
        zone: moments become days in it.
        now: for what is expired or not valid yet.
        mastery_percent: the part of the points from which on a student counts as
            proficient, where the file does not say.
        student: whose record it is, where the file does not say.
        keys: public keys of issuers that the school trusts, by issuer.
        people: ids and user names of the school's students.
    """

    zone: tzinfo
    now: datetime
    mastery_percent: float | None = None
    student: str = ""
    keys: Mapping[str, Any] = field(default_factory=dict)
    people: tuple[str, ...] = ()


@dataclass(frozen=True)
class MasteryStream:
    """The results of a file, one after the other, so that any length will do.

    Attributes:
        items: results, rejected rows, and None for rows that say nothing yet.
        about: how many there will be, for a progress bar.
        notes: what else to tell; complete once the items were read.
    """

    items: Iterable[Found]
    about: int
    notes: list[str] = field(default_factory=list)


@dataclass
class MasteryReading:
    """What a file of results holds, all at once."""

    results: list[MasteryRow] = field(default_factory=list)
    rejected: list[RowError] = field(default_factory=list)
    skipped: int = 0

    @property
    def read(self) -> int:
        """Number of rows below the header."""
        return len(self.results) + len(self.rejected) + self.skipped


def gathered(stream: MasteryStream) -> MasteryReading:
    """Return all that a stream holds."""
    reading = MasteryReading()
    for one in stream.items:
        if isinstance(one, MasteryRow):
            reading.results.append(one)
        elif one is None:
            reading.skipped += 1
        else:
            reading.rejected.append(one)
    return reading


def each_row(table: Table, read: Callable[[Row], Value]) -> Iterator[Value | RowError]:
    """Yield what `read` makes of each row of a table, rejected rows included."""
    unusable: list[RowError] = []
    for row in table.rows(unusable):
        yield from unusable
        unusable.clear()
        try:
            yield read(row)
        except Unreadable as error:
            yield row.refused(error)
    yield from unusable


def cell(row: Row, read: Callable[[str], Value], column: str) -> Value:
    """Return a cell as `read` reads it.

    Raises:
        Unreadable: naming the column as the file writes it.
    """
    try:
        return read(row.get(column.replace(" ", "_").casefold()))
    except ValueError as error:
        raise Unreadable(column, str(error)) from error


def needed_text(row: Row, column: str) -> str:
    """Return a cell that must hold something.

    Raises:
        Unreadable: it is empty.
    """
    text = row.get(column.replace(" ", "_").casefold())
    if values.is_blank(text):
        raise Unreadable(column, "this cell is needed")
    return text


def level_from(text: str) -> Level:
    """Read a level, written 1 to 4 or as a word.

    Raises:
        ValueError: it is neither.
    """
    word = text.strip().casefold()
    if word.removesuffix(".0") in {"1", "2", "3", "4"}:
        return Level(int(word[0]))
    if word in LEVEL_WORDS:
        return LEVEL_WORDS[word]
    words = ", ".join(f"{level.value} {level.word}" for level in Level)
    raise ValueError(f"write a level: {words}")
