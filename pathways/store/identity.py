"""Reads and writes what signing in needs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, delete, or_, select, update
from sqlalchemy.exc import IntegrityError

from pathways.store.identity_models import (
    AccountEvent,
    Handshake,
    RecoveryCode,
    SecondFactor,
    SignInTry,
)
from pathways.store.models import Person, SignIn
from pathways.store.repository import Repository


class IdentityRepository(Repository):
    """Tries, sessions, second factors, hand-shakes and what was done to accounts."""

    def take_try(self, key: str, now: datetime) -> SignInTry | None:
        """Count a try before it is made; None while the door is closed.

        The count holds the row until the end of the work, so that tries at the
        same moment follow one another.
        """
        if self.session.get(SignInTry, key) is None:
            self._first_try(key, now)
        counted = self._changed(
            update(SignInTry)
            .where(
                SignInTry.id == key,
                or_(SignInTry.closed_until.is_(None), SignInTry.closed_until <= now),
            )
            .values(failures=SignInTry.failures + 1)
        )
        row = self.session.get(SignInTry, key, populate_existing=True)
        return row if counted else None

    def _first_try(self, key: str, now: datetime) -> None:
        try:
            with self.session.begin_nested():
                self.session.add(SignInTry(id=key, failures=0, last_at=now))
        except IntegrityError:
            self.session.expire_all()

    def closed_until(self, key: str) -> datetime | None:
        """Return until when a door is closed."""
        row = self.session.get(SignInTry, key)
        return row.closed_until if row else None

    def forget_try(self, key: str) -> None:
        """Forget the failed tries of a key."""
        self._changed(delete(SignInTry).where(SignInTry.id == key))

    def give_back_try(self, key: str) -> None:
        """Take one try off the count: it was a good one."""
        self._changed(
            update(SignInTry)
            .where(SignInTry.id == key, SignInTry.failures > 0)
            .values(failures=SignInTry.failures - 1)
        )

    def forget_tries_before(self, moment: datetime) -> None:
        """Forget tries that are long past."""
        self._changed(delete(SignInTry).where(SignInTry.last_at < moment))

    def sessions(self, person_id: str) -> Sequence[SignIn]:
        """Return the running sessions of a person, the newest first."""
        return self.all(
            select(SignIn)
            .where(SignIn.person_id == person_id)
            .order_by(SignIn.seen_at.desc())
        )

    def end_sessions(self, person_id: str) -> int:
        """End every session of a person; return how many."""
        return self._changed(delete(SignIn).where(SignIn.person_id == person_id))

    def factor(self, school_id: str, person_id: str) -> SecondFactor | None:
        """Return a person's second factor."""
        return self.one(
            select(SecondFactor).where(
                SecondFactor.school_id == school_id,
                SecondFactor.person_id == person_id,
            )
        )

    def use_step(self, school_id: str, person_id: str, step: int) -> bool:
        """Use up a time step of a code; False when it was used before."""
        return bool(
            self._changed(
                update(SecondFactor)
                .where(
                    SecondFactor.school_id == school_id,
                    SecondFactor.person_id == person_id,
                    SecondFactor.last_step < step,
                )
                .values(last_step=step)
            )
        )

    def use_recovery(
        self, school_id: str, person_id: str, code_hash: str, now: datetime
    ) -> bool:
        """Use up a recovery code; False when there is none such left."""
        return bool(
            self._changed(
                update(RecoveryCode)
                .where(
                    RecoveryCode.school_id == school_id,
                    RecoveryCode.person_id == person_id,
                    RecoveryCode.code_hash == code_hash,
                    RecoveryCode.used_at.is_(None),
                )
                .values(used_at=now)
            )
        )

    def recovery_left(self, school_id: str, person_id: str) -> int:
        """Return how many recovery codes a person still has."""
        return len(
            self.all(
                select(RecoveryCode).where(
                    RecoveryCode.school_id == school_id,
                    RecoveryCode.person_id == person_id,
                    RecoveryCode.used_at.is_(None),
                )
            )
        )

    def drop_factor(self, school_id: str, person_id: str) -> bool:
        """Delete a second factor with its recovery codes; False where none was."""
        self._changed(
            delete(RecoveryCode).where(
                RecoveryCode.school_id == school_id,
                RecoveryCode.person_id == person_id,
            )
        )
        return bool(
            self._changed(
                delete(SecondFactor).where(
                    SecondFactor.school_id == school_id,
                    SecondFactor.person_id == person_id,
                )
            )
        )

    def events(self, school_id: str, person_id: str) -> Sequence[AccountEvent]:
        """Return what was done to an account, newest first."""
        return self.all(
            select(AccountEvent)
            .where(
                AccountEvent.school_id == school_id,
                AccountEvent.person_id == person_id,
            )
            .order_by(AccountEvent.happened_at.desc())
        )

    def matching(self, school_id: str, field: str, value: str) -> Person | None:
        """Return the active person of a school with a source id or user name."""
        column = {"source_id": Person.source_id, "username": Person.username}[field]
        return self.one(
            select(Person).where(
                Person.school_id == school_id,
                column == value,
                Person.active.is_(True),
            )
        )

    def take_handshake(self, handshake_id: str) -> Handshake | None:
        """Return a hand-shake and end it: it is good once."""
        row = self.session.get(Handshake, handshake_id)
        ended = self._changed(delete(Handshake).where(Handshake.id == handshake_id))
        return row if ended else None

    def forget_handshakes_before(self, moment: datetime) -> None:
        """Forget hand-shakes that were never finished."""
        self._changed(delete(Handshake).where(Handshake.made_at < moment))

    def _changed(self, statement: Any) -> int:
        done = self.session.execute(
            statement, execution_options={"synchronize_session": False}
        )
        return cast("CursorResult[Any]", done).rowcount
