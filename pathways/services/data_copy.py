"""A copy of all that is kept about a student, by the register (P2, 34 CFR 99.10)."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pathways.app import Milepost
from pathways.domain.retention import Retention
from pathways.formats.data_page import Part, page_of
from pathways.services.access import (
    Actor,
    Role,
    note_look,
    require,
    school_of,
)
from pathways.services.errors import NotFound
from pathways.services.policy import policy_for
from pathways.services.record import Exported
from pathways.store.models import Person
from pathways.store.personal_data import PersonalData
from pathways.store.register import Entry, personal
from pathways.store.unit_of_work import UnitOfWork

KEEPERS = (Role.COUNSELOR, Role.ADMIN)
COPY = "copy of all data"


def copy_of(milepost: Milepost, actor: Actor) -> Exported:
    """Return all that is kept about the student who asks, as one zip.

    It holds `data.json` for programs and `data.html` to read. What only helps the
    machine stays out: password hash, session ids, the assistant's working copy of the
    same messages.

    Raises:
        NotFound: the actor is no student.
    """
    require(actor, Role.STUDENT, kept=False)
    with milepost.work() as work:
        return _copy(milepost, work, actor, actor.id)


@dataclass(frozen=True)
class KeptView:
    """A kind of data as the student reads about it."""

    title: str
    why: str
    seen_by: tuple[str, ...]
    how_long: str


def kept(milepost: Milepost, actor: Actor) -> list[KeptView]:
    """Return what is kept about a student, from the register."""
    require(actor, Role.STUDENT, kept=False)
    with milepost.work() as work:
        retention = policy_for(work, school_of(work, actor)).district.retention
    return [
        KeptView(entry.export, entry.why, entry.seen_by, _long(entry, retention))
        for _, entry in personal()
        if entry.exported
    ]


def grace_days(milepost: Milepost, actor: Actor) -> int:
    """Return the days in which a confirmed deletion can be taken back."""
    with milepost.work() as work:
        return policy_for(
            work, school_of(work, actor)
        ).district.retention.deletion_grace


def copy_for(milepost: Milepost, actor: Actor, student_id: str) -> Exported:
    """Return a student's copy for whoever keeps the records; the student sees the look.

    Raises:
        NotFound: the actor is neither counselor nor administrator of the school, or
            there is no such student.
    """
    require(actor, *KEEPERS)
    with milepost.work() as work:
        person = work.people.person(actor.school_id, student_id)
        if person is None or person.role != Role.STUDENT:
            raise NotFound("The student")
        note_look(work, actor, student_id, COPY, milepost.clock())
        return _copy(milepost, work, actor, student_id)


def _copy(
    milepost: Milepost, work: UnitOfWork, actor: Actor, student_id: str
) -> Exported:
    school = school_of(work, actor)
    retention = policy_for(work, school).district.retention
    data = PersonalData(work.session, school.id, student_id)
    parts = [
        Part(entry.export, _about(entry, retention), list(_named(data, entry, rows)))
        for entry, rows in data.parts()
    ]
    person = work.session.get(Person, student_id)
    name = f"{person.given_name} {person.family_name}" if person else ""
    whole = {
        "student": name,
        "school": school.name,
        "made_at": milepost.clock(),
        "parts": [
            {"title": one.title, "about": one.about, "rows": one.rows} for one in parts
        ],
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "data.json", json.dumps(whole, ensure_ascii=False, indent=1, default=_iso)
        )
        archive.writestr(
            "data.html", page_of(name, school.name, milepost.today(school), parts)
        )
    return Exported("my-data.zip", "application/zip", packed.getvalue())


def _about(entry: Entry, retention: Retention) -> dict[str, str]:
    return {
        "what it holds": entry.holds,
        "why": entry.why,
        "who sees it": ", ".join(("you", *entry.seen_by)),
        "how long it stays": _long(entry, retention),
    }


def _long(entry: Entry, retention: Retention) -> str:
    if isinstance(entry.keep, str):
        return entry.keep
    days = retention.days(entry.keep.kind)
    return f"{days} days" if days else "as long as you are at the school"


def _named(
    data: PersonalData, entry: Entry, rows: Iterable[Any]
) -> Iterator[dict[str, Any]]:
    """Yield rows with the names of staff in the place of their ids."""
    found = [dict(row) for row in rows]
    ids = {row[one] for row in found for one in entry.staff if row[one]}
    names = data.names(sorted(ids))
    for row in found:
        for one in entry.staff:
            row[one] = names.get(row[one], "") if row[one] else ""
        yield row


def _iso(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value)} has no place in a copy")
