"""The log of looks as a chain: what is written can't be changed unseen (P6, X rows).

Each row carries a digest of its content and a mark that binds it to the row before it,
both HMAC-SHA-256 under a key outside the database: who can write to the database alone
can neither change, add, remove nor empty a row without `verify` naming it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC

from sqlalchemy import ColumnElement, select, text, update
from sqlalchemy.orm import Session

from pathways.store.models import AccessHead, AccessLog
from pathways.store.sealing import ring_of

BEGIN = text(
    "INSERT INTO access_head (school_id, length, chain, mac) "
    "VALUES (:school_id, 0, '', '') ON CONFLICT (school_id) DO NOTHING"
)
BATCH = 1000


@dataclass(frozen=True)
class Verdict:
    """What became of a school's log.

    Attributes:
        rows: how many rows are in the chain.
        erased: how many of them lost their content by deletion or age.
        before: rows from before the chain, which nothing binds.
        problems: what is not as it was written, with the place in the chain.
    """

    rows: int
    erased: int
    before: int
    problems: list[str]


class AccessChain:
    """Adds to the log of looks, empties rows of it, and checks it."""

    def __init__(self, session: Session) -> None:
        """Work within the given session."""
        self.session = session

    def add(self, row: AccessLog) -> None:
        """Write a look at the end of its school's chain.

        The head is changed first: on SQLite and PostgreSQL alike it is then held until
        the end of the transaction, so that two looks never get one place.
        """
        school = row.school_id
        self.session.execute(BEGIN, {"school_id": school})
        grown = update(AccessHead).where(AccessHead.school_id == school)
        self.session.execute(
            grown.values(length=AccessHead.length + 1),
            execution_options={"synchronize_session": False},
        )
        length, before = self.session.execute(
            select(AccessHead.length, AccessHead.chain).where(
                AccessHead.school_id == school
            )
        ).one()
        self.session.add(row)
        row.place = length
        self.session.flush()
        row.digest = self._digest(row)
        row.chain = self._mac("row", before, str(length), row.digest)
        mac = self._mac("head", school, str(length), row.chain)
        self.session.execute(
            grown.values(chain=row.chain, mac=mac),
            execution_options={"synchronize_session": False},
        )

    def empty(self, chosen: ColumnElement[bool]) -> int:
        """Take the content out of rows, and leave them in the chain; return how many.

        Rows from before the chain are deleted whole.
        """
        rows = self.session.scalars(
            select(AccessLog).where(chosen, AccessLog.erased == "")
        ).all()
        for row in rows:
            if row.place is None:
                self.session.delete(row)
                continue
            row.erased = self._mac("erased", row.id, row.chain)
            row.actor_id = row.student_id = None
            row.what = row.reason = ""
        self.session.flush()
        return len(rows)

    def verify(self, school_id: str) -> Verdict:
        """Check every row of a school's log."""
        problems: list[str] = []
        count = erased = 0
        before = ""
        for row in self._rows(school_id):
            count += 1
            if row.place != count:
                problems.append(f"row {count} is missing or was put elsewhere")
                count = row.place or count
            if row.erased:
                erased += 1
                if not self._same(row.erased, "erased", row.id, row.chain):
                    problems.append(f"row {count} was emptied by somebody else")
            elif not _equal(row.digest, self._digest(row)):
                problems.append(f"row {count} is not what was written")
            if not self._same(row.chain, "row", before, str(row.place), row.digest):
                problems.append(f"row {count} does not follow the row before it")
            before = row.chain
        problems += self._head(school_id, count, before)
        return Verdict(count, erased, self._unchained(school_id), problems)

    def _head(self, school_id: str, count: int, last: str) -> Iterator[str]:
        head = self.session.get(AccessHead, school_id, populate_existing=True)
        if head is None:
            if count:
                yield "the end of the log is not known"
            return
        if head.length != count or head.chain != last:
            yield f"the log ends at row {count}, not at row {head.length}"
        elif not self._same(head.mac, "head", school_id, str(count), last):
            yield "the end of the log was written by somebody else"

    def _rows(self, school_id: str) -> Iterator[AccessLog]:
        query = select(AccessLog).where(
            AccessLog.school_id == school_id, AccessLog.place.is_not(None)
        )
        found = self.session.scalars(
            query.order_by(AccessLog.place).execution_options(
                yield_per=BATCH, populate_existing=True
            )
        )
        yield from found

    def _unchained(self, school_id: str) -> int:
        query = select(AccessLog.id).where(
            AccessLog.school_id == school_id, AccessLog.place.is_(None)
        )
        return len(self.session.scalars(query).all())

    def _digest(self, row: AccessLog) -> str:
        at = row.looked_at.astimezone(UTC).isoformat(timespec="microseconds")
        content = [row.id, row.school_id, row.actor_id, row.student_id]
        return self._mac("look", json.dumps([*content, row.what, row.reason, at]))

    def _mac(self, *parts: str) -> str:
        content = "\x1f".join(parts).encode()
        key = ring_of(self.session).log_key
        return hmac.new(key, content, hashlib.sha256).hexdigest()

    def _same(self, found: str, *parts: str) -> bool:
        return _equal(found, self._mac(*parts))


def _equal(found: str, made: str) -> bool:
    return hmac.compare_digest(found.encode("utf-8", "replace"), made.encode())
