"""A student's own record, to take along (features P1, E3)."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from pathways.app import Milepost
from pathways.domain.catalog import Catalog, Competency
from pathways.domain.mastery import Level, Mastery
from pathways.formats.record_credentials import Achieved, Holder, badge_of, clr_of
from pathways.formats.values import protected
from pathways.services.access import (
    Actor,
    Role,
    actor_of,
    require,
    school_of,
    student_for,
)
from pathways.services.errors import Invalid
from pathways.services.imports_job import plain
from pathways.services.student_facts import mastery_of
from pathways.store.base import Base
from pathways.store.models import MasteryResult, Person, School
from pathways.store.unit_of_work import UnitOfWork

EMPTY = "There are no results in this record yet."
NONE_MET = "There is nothing at proficient in this record yet, so there is no badge."
RESULT_COLUMNS = (
    "competency",
    "level",
    "points",
    "mastery_points",
    "possible",
    "earned_on",
    "assessment",
    "attempt",
    "source",
    "proof",
)
CSV_COLUMNS = {"student_id": "student_id", "date": "earned_on"} | {
    name: name for name in RESULT_COLUMNS if name not in ("earned_on", "proof")
}
PARTS: dict[str, tuple[str, ...]] = {
    "courses": ("course", "state", "mark", "credits", "source"),
    "goals": (
        "what",
        "measure",
        "why",
        "confidence",
        "due",
        "review",
        "first_step",
        "first_step_due",
        "status",
        "set_at",
    ),
    "checkins": (
        "mood",
        "promise",
        "promise_result",
        "win",
        "obstacle",
        "next_step",
        "wants_person",
        "done_at",
    ),
    "interests": ("kind", "words", "code", "said_at"),
    "choices": ("option", "decision", "decided_at"),
    "availability": ("hours_a_week", "places", "said_at"),
}


class RecordFormat(StrEnum):
    """The files in which a record can be had."""

    JSON = "json"
    CSV = "csv"
    CLR = "clr"
    OPENBADGES = "openbadges"


@dataclass(frozen=True)
class Exported:
    """A file: its name, its media type, and what is in it."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class _Record:
    """All that is read of a student, within one unit of work."""

    milepost: Milepost
    work: UnitOfWork
    school: School
    student: Person
    catalog: Catalog

    @property
    def results(self) -> list[MasteryResult]:
        return list(self.work.records.results(self.school.id, self.student.id))

    @property
    def mastery(self) -> dict[str, Mastery]:
        return mastery_of(self.work, self.student)

    def competency(self, code: str) -> Competency | None:
        return self.catalog.competencies.get(code)


def export_record(
    milepost: Milepost, actor: Actor, format: RecordFormat | str
) -> Exported:
    """Return the student's own record as a file.

    JSON holds the whole record, the others what is known of competencies. CSV can
    be imported again (`--format csv`); CLR and Open Badges validate against the
    official schemas and are not signed.

    Raises:
        NotFound: the actor is no student.
        Invalid: there is nothing to write in this format yet.
    """
    require(actor, Role.STUDENT)
    with milepost.work() as work:
        record = _Record(
            milepost,
            work,
            school_of(work, actor),
            student_for(work, actor, actor.id),
            milepost.catalogs.current(work, actor.school_id),
        )
        return WRITERS[RecordFormat(format)](record)


def export_record_of(
    milepost: Milepost, school_code: str, username: str, format: RecordFormat | str
) -> Exported:
    """Return a student's record for whoever may run the command line.

    Raises:
        Invalid: this school has no such student, or there is nothing to write.
    """
    with milepost.work() as work:
        school = work.people.school_by_code(school_code)
        person = work.people.by_username(username.strip().lower())
    if school is None or person is None or person.school_id != school.id:
        raise Invalid(f"Nobody at {school_code} has the user name {username}.")
    if person.role != Role.STUDENT:
        raise Invalid(f"{username} is not a student.")
    return export_record(milepost, actor_of(person), format)


def _as_json(record: _Record) -> Exported:
    """Write everything that the student told, planned and earned."""
    student, records = record.student, record.work.records
    ids = (record.school.id, student.id)
    rows = {name: getattr(records, name)(*ids) for name in PARTS}
    whole = {
        "made_at": record.milepost.clock().isoformat(),
        "school": record.school.name,
        "catalog_version": record.catalog.version,
        "student": {
            "id": student.source_id,
            "given_name": student.given_name,
            "family_name": student.family_name,
            "grade": student.grade,
        },
        "mastery": [
            {
                "competency": code,
                "title": found.title if (found := record.competency(code)) else code,
                "level": one.level.word,
                "as_of": one.latest.earned_on.isoformat(),
            }
            for code, one in record.mastery.items()
        ],
        "results": [_columns(row, RESULT_COLUMNS) for row in record.results],
        **{
            name: [_columns(row, PARTS[name]) for row in found]
            for name, found in rows.items()
        },
    }
    text = json.dumps(whole, indent=2, ensure_ascii=False, default=_iso)
    return Exported("record.json", "application/json", text.encode())


def _iso(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value)} has no place in a record")


def _columns(row: Base, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _as_csv(record: _Record) -> Exported:
    """Write each result as `milepost import mastery --format csv` reads it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(CSV_COLUMNS)
    for row in record.results:
        columns = plain(_columns(row, RESULT_COLUMNS))
        columns["student_id"] = record.student.source_id
        cells = [columns[name] for name in CSV_COLUMNS.values()]
        writer.writerow(protected("" if one is None else str(one)) for one in cells)
    return Exported("record.csv", "text/csv; charset=utf-8", text.getvalue().encode())


def _achieved(record: _Record) -> list[Achieved]:
    found = []
    for code, one in record.mastery.items():
        competency = record.competency(code)
        if competency is not None:
            found.append(
                Achieved(
                    code,
                    competency.title,
                    competency.statement,
                    one.level,
                    one.latest.earned_on,
                    one.latest.assessment,
                    one.latest.source,
                )
            )
    if not found:
        raise Invalid(EMPTY)
    return found


def _holder(record: _Record) -> Holder:
    return Holder(
        record.student.source_id,
        record.school.id,
        record.school.name,
        record.milepost.clock(),
        ZoneInfo(record.school.timezone),
    )


def _as_clr(record: _Record) -> Exported:
    whole = clr_of(_holder(record), _achieved(record))
    return Exported("record.clr.json", "application/vc+ld+json", _bytes(whole))


def _as_badges(record: _Record) -> Exported:
    """Write one badge for each competency at proficient or above, in a zip."""
    holder = _holder(record)
    met = [one for one in _achieved(record) if one.level >= Level.PROFICIENT]
    if not met:
        raise Invalid(NONE_MET)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, one in enumerate(met, start=1):
            archive.writestr(f"badge-{number:03}.json", _bytes(badge_of(holder, one)))
    return Exported("record.badges.zip", "application/zip", packed.getvalue())


def _bytes(part: dict[str, Any]) -> bytes:
    return json.dumps(part, indent=2, ensure_ascii=False).encode()


WRITERS: dict[RecordFormat, Callable[[_Record], Exported]] = {
    RecordFormat.JSON: _as_json,
    RecordFormat.CSV: _as_csv,
    RecordFormat.CLR: _as_clr,
    RecordFormat.OPENBADGES: _as_badges,
}
