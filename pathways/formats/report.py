"""What an import did, and each row it could not use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from rich.table import Table
from rich.text import Text

MOST_REJECTED = 1000
MOST_PREVIEW = 300
MOST_PRINTED = 20
OVERWRITE = "--overwrite"


@dataclass(frozen=True)
class RowError:
    """One value that can't be used; `line` is the file's own, the header is 1."""

    file: str
    line: int
    column: str
    value: str
    reason: str

    def __str__(self) -> str:
        """The error as one line of text."""
        where = f"{self.file} line {self.line}"
        place = f"{where}, {self.column}" if self.column else where
        shown = f' "{shorten(self.value)}"' if self.value else ""
        return f"{place}:{shown} {self.reason}"


def shorten(value: str, longest: int = 60) -> str:
    """Return a value on one line, printable, cut after `longest` characters."""
    flat = "".join(sign for sign in " ".join(value.split()) if sign.isprintable())
    return flat if len(flat) <= longest else f"{flat[: longest - 3]}..."


class Rejections(list[RowError]):
    """Rejected rows: the first ones are kept, the rest is counted."""

    beyond = 0

    def append(self, error: RowError) -> None:
        """Keep or count one more."""
        if len(self) < MOST_REJECTED:
            super().append(error)
        else:
            self.beyond += 1

    def __iadd__(self, errors: Iterable[RowError]) -> Self:  # type: ignore[override, misc]
        """Keep or count several more."""
        for error in errors:
            self.append(error)
        return self


@dataclass
class Report:
    """Counts of one import; `saved` is False for a dry run and a refused file.

    Attributes:
        preview: the first changes in words, for a dry run.
    """

    kind: str
    file: str
    read: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    skipped: int = 0
    rejected: list[RowError] = field(default_factory=Rejections)
    preview: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    dry_run: bool = False
    saved: bool = False

    @property
    def counts(self) -> dict[str, int]:
        """The numbers, as an import run keeps them."""
        return {
            "read": self.read,
            "created": self.created,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "skipped": self.skipped,
            "rejected": len({(error.file, error.line) for error in self.rejected})
            + self.beyond,
        }

    @property
    def beyond(self) -> int:
        """Rejected rows that are counted but not listed."""
        return getattr(self.rejected, "beyond", 0)

    def foresee(self, change: str, what: str) -> None:
        """Add a change to the preview while it is short."""
        if len(self.preview) < MOST_PREVIEW:
            self.preview.append(f"{change}: {shorten(what, 100)}")

    @property
    def closing(self) -> str:
        """What became of it all, in one sentence."""
        if self.saved:
            return "Saved."
        if self.dry_run:
            return "Dry run: nothing was saved."
        return (
            "Nothing was saved. Correct the rejected rows, "
            "or use --partial to import the others."
        )

    def as_lines(self) -> list[str]:
        """Return the report as plain lines of text."""
        counts = ", ".join(f"{number} {name}" for name, number in self.counts.items())
        rejected = [f"rejected: {error}" for error in self.rejected]
        notes = [f"note: {note}" for note in self.notes]
        if self.beyond:
            rejected.append(f"rejected: {self.beyond} more rows, not listed")
        lines = [f"{self.kind} {self.file}: {counts}", *notes]
        return [*lines, *self.foreseen, *rejected, self.closing]

    @property
    def foreseen(self) -> list[str]:
        """The first of the preview as lines; empty unless it is a dry run."""
        shown = self.preview[:MOST_PRINTED] if self.dry_run else []
        return [f"would be {line}" for line in shown]

    @property
    def kept(self) -> list[str]:
        """The notes about what a person wrote and the import leaves alone."""
        return [note for note in self.notes if OVERWRITE in note]

    def table(self) -> Table:
        """Return the counts as a table for the terminal."""
        title = Text(f"{self.kind}: {self.file}")
        table = Table(title=title, title_justify="left")
        for name in self.counts:
            table.add_column(name, justify="right")
        table.add_row(*(str(number) for number in self.counts.values()))
        return table

    def rejected_table(self) -> Table:
        """Return the rejected rows as a table for the terminal."""
        table = Table(title="Rejected rows", title_justify="left")
        for name in ("file", "line", "column", "value", "reason"):
            table.add_column(name, overflow="fold")
        for error in self.rejected:
            cells = (error.file, str(error.line), error.column, shorten(error.value))
            table.add_row(*(Text(cell) for cell in (*cells, error.reason)))
        return table
