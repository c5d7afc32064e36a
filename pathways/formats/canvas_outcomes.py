"""The outcomes that Canvas exports: how it counts several attempts at each.

Columns as canvas-lms writes them: vendor_guid, object_type, title, description,
display_name, calculation_method, calculation_int, workflow_state, mastery_points.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from pathways.domain.mastery import Method, Rule
from pathways.formats import values
from pathways.formats.report import RowError
from pathways.formats.tables import Row, open_table

NEEDED = ("vendor_guid", "object_type", "title", "calculation_method")
SAME = {"weighted_average": Method.DECAYING_AVERAGE, "": Method.HIGHEST}
HIGHEST_TIMES = 10
WITH_PERCENT = (Method.DECAYING_AVERAGE, Method.STANDARD_DECAYING_AVERAGE)


@dataclass(frozen=True)
class OutcomeRow:
    """An outcome by the words that name it, the surest first, and its rule."""

    row: Row
    names: tuple[str, ...]
    rule: Rule


@dataclass
class OutcomeReading:
    """What an export of outcomes holds."""

    outcomes: list[OutcomeRow] = field(default_factory=list)
    rejected: list[RowError] = field(default_factory=list)
    skipped: int = 0

    @property
    def read(self) -> int:
        """Number of rows below the header."""
        return len(self.outcomes) + len(self.rejected) + self.skipped


def read_outcomes(path: Path) -> OutcomeReading:
    """Read an export of outcomes; groups and deleted outcomes are skipped.

    Ratings stand in cells to the right of the last named column, so rows with
    more cells than the header are as they should be.

    Raises:
        FormatError: a column is absent.
    """
    table = open_table(path, more_cells=True)
    table.need(NEEDED)
    reading = OutcomeReading()
    for row in table.rows(reading.rejected):
        is_outcome = row.get("object_type").casefold() == "outcome"
        if not is_outcome or row.get("workflow_state").casefold() == "deleted":
            reading.skipped += 1
            continue
        found = _outcome(row)
        if isinstance(found, RowError):
            reading.rejected.append(found)
        else:
            reading.outcomes.append(found)
    return reading


def _outcome(row: Row) -> OutcomeRow | RowError:
    names = (row.get("title"), row.get("display_name"), row.get("vendor_guid"))
    given = row.get("calculation_method").casefold()
    try:
        method = SAME.get(given) or Method(given)
    except ValueError:
        known = ", ".join(one.value for one in Method)
        return row.error("calculation_method", f"write one of: {known}")
    try:
        setting = values.whole(row.get("calculation_int"))
    except ValueError as error:
        return row.error("calculation_int", str(error))
    if method in WITH_PERCENT and setting is not None and not 0 < setting < 100:
        return row.error("calculation_int", "write a percent from 1 to 99")
    if method is Method.N_MASTERY and setting is not None:
        if not 0 < setting <= HIGHEST_TIMES:
            return row.error("calculation_int", "write how often, from 1 to 10")
    elif method not in WITH_PERCENT:
        setting = None
    return OutcomeRow(row, tuple(one for one in names if one), Rule(method, setting))
