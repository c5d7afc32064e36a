"""One result from a school's system, before it meets the database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from pathways.domain.mastery import Level, level_of
from pathways.formats.report import RowError
from pathways.formats.tables import Row

LEVEL_WORDS = {level.word: level for level in Level} | {
    "below basic": Level.BEGINNING,
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


@dataclass
class MasteryReading:
    """What a file of results holds."""

    results: list[MasteryRow] = field(default_factory=list)
    rejected: list[RowError] = field(default_factory=list)
    skipped: int = 0

    @property
    def read(self) -> int:
        """Number of rows below the header."""
        return len(self.results) + len(self.rejected) + self.skipped


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
