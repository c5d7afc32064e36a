"""OneRoster 1.2 gradebook: results that name learning objectives (feature P1).

Columns as in the CSV binding 1.2. A grade without a learning objective says
nothing about a competency and is skipped.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, tzinfo
from pathlib import Path

from pathways.domain.mastery import Level
from pathways.formats import values
from pathways.formats.mastery import (
    Found,
    Given,
    MasteryRow,
    MasteryStream,
    cell,
    each_row,
    level_from,
    needed_text,
)
from pathways.formats.oneroster import is_gone
from pathways.formats.report import RowError
from pathways.formats.tables import FormatError, Row, Table, Unreadable
from pathways.formats.zips import tables_in

SOURCE = "OneRoster results"
RESULTS = "results.csv"
OF_RESULT = "resultlearningobjectiveids.csv"
OF_ITEM = "lineitemlearningobjectiveids.csv"
FINAL = frozenset({"fully graded", "submitted", ""})
FOUR_LEVELS = 4
NO_SCALE = (
    "no level can be read from these points; say with --mastery-percent from which "
    "part of the points on a student counts as proficient"
)


@dataclass(frozen=True)
class Item:
    """A line item: what was looked at, and the top of its scale."""

    title: str
    highest: float | None


@dataclass(frozen=True)
class Objective:
    """A learning objective that a result is about; score and words if its own."""

    code: str
    score: str = ""
    text: str = ""


class Objectives:
    """The learning objectives of results, in a file of its own: there are many."""

    def __init__(self, tables: Mapping[str, Table]) -> None:
        """Read both tables of objectives."""
        self._database = sqlite3.connect("")
        self._database.execute("create table of (owner, code, score, text)")
        self._database.execute("create index owners on of (owner)")
        self.rejected: list[RowError] = []
        self._read(tables.get(OF_RESULT), "resultSourcedId", "result")
        self._read(tables.get(OF_ITEM), "lineItemSourcedId", "item")

    def close(self) -> None:
        """Forget everything."""
        self._database.close()

    def of(self, result: str, item: str) -> list[Objective]:
        """Return a result's objectives: its own, else those of its line item."""
        return self._those(f"result {result}") or self._those(f"item {item}")

    def _those(self, owner: str) -> list[Objective]:
        query = "select distinct code, score, text from of where owner = ?"
        return [Objective(*row) for row in self._database.execute(query, (owner,))]

    def _read(self, table: Table | None, column: str, kind: str) -> None:
        if table is None:
            return
        table.need((column, "learningObjectiveId"))
        self._database.executemany(
            "insert into of values (?, ?, ?, ?)",
            (
                (
                    f"{kind} {row.get(column.casefold())}",
                    row.get("learningobjectiveid"),
                    row.get("score"),
                    row.get("textscore"),
                )
                for row in table.rows(self.rejected)
                if not is_gone(row) and row.get("learningobjectiveid")
            ),
        )


def stream_oneroster(path: Path, given: Given) -> MasteryStream:
    """Read the results of a OneRoster 1.2 zip that name learning objectives.

    Raises:
        FormatError: the zip has no results, or none with learning objectives.
    """
    tables = tables_in(path)
    if RESULTS not in tables:
        raise FormatError(
            f"{path.name}: there is no results.csv. A OneRoster 1.2 zip with the "
            "gradebook is needed; rosters are for: milepost import people."
        )
    if OF_RESULT not in tables and OF_ITEM not in tables:
        raise FormatError(
            f"{path.name}: no result names a learning objective "
            "(resultLearningObjectiveIds.csv is missing)."
        )
    results = tables[RESULTS]
    results.need(("sourcedId", "lineItemSourcedId", "studentSourcedId", "scoreDate"))
    return MasteryStream(_items(tables, given), results.about)


def _items(tables: Mapping[str, Table], given: Given) -> Iterator[Found]:
    items = _line_items(tables.get("lineitems.csv"))
    objectives = Objectives(tables)
    try:
        yield from objectives.rejected
        for row in each_row(tables[RESULTS], lambda row: row):
            if not isinstance(row, Row):
                yield row
                continue
            try:
                yield from _of_result(row, items, objectives, given)
            except Unreadable as error:
                yield row.refused(error)
    finally:
        objectives.close()


def _line_items(table: Table | None) -> dict[str, Item]:
    found: dict[str, Item] = {}
    for row in table.rows([]) if table else ():
        try:
            highest = values.number(row.get("resultvaluemax"))
        except ValueError:
            highest = None
        found[row.get("sourcedid")] = Item(row.get("title"), highest)
    return found


def _of_result(
    row: Row, items: Mapping[str, Item], objectives: Objectives, given: Given
) -> Iterator[Found]:
    """Yield one result for each objective; None where there is nothing to say."""
    item_id = row.get("lineitemsourcedid")
    found = objectives.of(row.get("sourcedid"), item_id)
    if not found or not _counts(row):
        yield None
        return
    item = items.get(item_id, Item("", None))
    day = _day(row, given.zone)
    for objective in found:
        yield _result(row, objective, item, item_id, day, given)


def _counts(row: Row) -> bool:
    unfinished = ("inprogress", "incomplete", "missing")
    is_open = any(row.get(name).casefold() == "true" for name in unfinished)
    return (
        not is_gone(row) and not is_open and row.get("scorestatus").casefold() in FINAL
    )


def _day(row: Row, zone: tzinfo) -> date:
    found = cell(row, lambda text: values.day(text, zone), "scoreDate")
    if found is None:
        raise Unreadable("scoreDate", "without a date the result can't be placed")
    return found


def _result(
    row: Row,
    objective: Objective,
    item: Item,
    item_id: str,
    day: date,
    given: Given,
) -> MasteryRow | None:
    words = objective.text or ("" if objective.score else row.get("textscore"))
    score = _number(objective.score or row.get("score"))
    stated = _level(words)
    mastery = None
    if stated is None:
        if score is None:
            return None
        stated, mastery = _scaled(score, item, given)
    return MasteryRow(
        row=row,
        student_source_id=needed_text(row, "studentSourcedId"),
        competency=(objective.code,),
        assessment=item.title or item_id,
        assessment_id=f"{item_id}/{needed_text(row, 'sourcedId')}",
        attempt=1,
        earned_on=day,
        source=SOURCE,
        points=score if mastery else None,
        mastery_points=mastery,
        possible=item.highest if mastery else None,
        stated=stated,
    )


def _scaled(
    score: float, item: Item, given: Given
) -> tuple[Level | None, float | None]:
    """Return the level that a score is, or else the points that count as mastery."""
    if given.mastery_percent is not None and item.highest:
        return None, item.highest * given.mastery_percent / 100
    if item.highest == FOUR_LEVELS:
        return Level(min(max(int(score), 1), FOUR_LEVELS)), None
    raise Unreadable("score", NO_SCALE)


def _number(text: str) -> float | None:
    try:
        return values.number(text)
    except ValueError as error:
        raise Unreadable("score", str(error)) from error


def _level(words: str) -> Level | None:
    if values.is_blank(words):
        return None
    try:
        return level_from(words)
    except ValueError:
        return None
