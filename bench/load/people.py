"""Students for a load: copies of the demo student, signed in beforehand.

A password is not checked a thousand times here: argon2 is slow on purpose, and people
sign in over a morning. The sessions are rows as the sign-in writes them.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select

from bench.product import STUDENT
from pathways.app import build
from pathways.settings import Settings
from pathways.store.base import new_id
from pathways.store.models import (
    Conversation,
    CourseTaken,
    MasteryResult,
    Person,
    SignIn,
    Turn,
)

OWN = ("id", "student_id")


@dataclass(frozen=True)
class Kept:
    """What the record holds: turns by the client's message id, and how they stand."""

    times: Counter[str]
    status: dict[str, str]


def let_in(settings: Settings, count: int) -> list[str]:
    """Make students with the demo student's record; return a token for each."""
    milepost = build(settings)
    tokens = [secrets.token_urlsafe(32) for _ in range(count)]
    now = milepost.clock()
    with milepost.work() as work:
        model = work.people.by_username(STUDENT)
        assert model is not None
        ids = [new_id() for _ in range(count)]
        people = [_person(model, one, n) for n, one in enumerate(ids)]
        work.session.execute(insert(Person), people)
        for table in (MasteryResult, CourseTaken):
            mine = select(table).where(table.student_id == model.id)
            found = [_values(row) for row in work.session.scalars(mine)]
            rows = [
                {**row, "id": new_id(), "student_id": one}
                for one in ids
                for row in found
            ]
            if rows:
                work.session.execute(insert(table), rows)
        sessions = [
            {
                "id": hashlib.sha256(token.encode()).hexdigest(),
                "person_id": one,
                "started_at": now,
                "seen_at": now,
                "device": "",
                "how": "",
                "needs": "",
            }
            for token, one in zip(tokens, ids, strict=True)
        ]
        work.session.execute(insert(SignIn), sessions)
        work.commit()
    milepost.engine.dispose()
    return tokens


def kept(settings: Settings) -> Kept:
    """Return every turn that the record holds."""
    milepost = build(settings)
    with milepost.work() as work:
        rows = work.session.execute(select(Turn.client_message_id, Turn.status)).all()
    milepost.engine.dispose()
    return Kept(Counter(row[0] for row in rows), {row[0]: row[1] for row in rows})


def conversations(settings: Settings) -> int:
    """Return how many students have talked."""
    milepost = build(settings)
    with milepost.work() as work:
        count = len(work.session.scalars(select(Conversation.id)).all())
    milepost.engine.dispose()
    return count


def _person(model: Person, one: str, number: int) -> dict[str, Any]:
    return {
        **_values(model),
        "id": one,
        "username": f"load.student.{number}",
        "source_id": f"load.student.{number}",
        "given_name": "Robin",
        "family_name": f"Load {number}",
    }


def _values(row: Any) -> dict[str, Any]:
    return {
        column.key: getattr(row, column.key)
        for column in row.__mapper__.column_attrs
        if column.key not in OWN
    }
