"""The tables of signing in: tries, second factors, hand-shakes, what was done.

A try and a hand-shake come before anybody is known, so they belong to no school.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from pathways.store.base import Base, Id, PersonId, SchoolId, Short


class SignInTry(Base):
    """Failed tries at an account or from an address; the key is a keyed hash."""

    __tablename__ = "sign_in_try"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime]
    closed_until: Mapped[datetime | None]


class SecondFactor(Base):
    """A staff member's code app; its secret follows from `salt` and our own key."""

    __tablename__ = "second_factor"
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    person_id: Mapped[PersonId] = mapped_column(unique=True)
    salt: Mapped[str] = mapped_column(String(64))
    last_step: Mapped[int]
    confirmed_at: Mapped[datetime]


class RecoveryCode(Base):
    """A code for the day the phone is away: its keyed hash, good once."""

    __tablename__ = "recovery_code"
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    person_id: Mapped[PersonId]
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]


class Handshake(Base):
    """A sign-in under way at the school's own system; its id is a hash, good once."""

    __tablename__ = "handshake"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    provider: Mapped[Short]
    next_path: Mapped[str] = mapped_column(String(500))
    made_at: Mapped[datetime]


class AccountEvent(Base):
    """What was done to an account: by whom, to whom, when."""

    __tablename__ = "account_event"
    id: Mapped[Id]
    school_id: Mapped[SchoolId]
    actor_id: Mapped[PersonId]
    person_id: Mapped[PersonId]
    what: Mapped[Short]
    happened_at: Mapped[datetime]
