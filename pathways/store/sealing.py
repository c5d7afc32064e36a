"""What people wrote is sealed in the database; the key lies in a file outside it.

A sealed value is `enc1:` and a Fernet token (AES-128-CBC with HMAC-SHA-256, of the
`cryptography` library). Values from before are read as they are. The key file holds
the newest key first; `MultiFernet` still opens what older ones sealed.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import JSON, Dialect, Engine, Text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator

MARK = "enc1:"
NO_KEYS = (
    "The key file {} is missing. Bring it back from where it is kept; "
    "for a new school: milepost keys new."
)
OTHER_KEYS = "A sealed text can't be opened with the keys in {}."


class KeysMissing(SQLAlchemyError):
    """There is no key file, or it is not the one that sealed the database.

    An error of the database: what holds while records are away holds then, too, so
    that crisis help still comes.
    """


@dataclass
class KeyRing:
    """The keys of one installation, read when they are first needed.

    Attributes:
        path: the key file, readable by its owner alone.
        may_make: make the file where it is missing (local mode).
    """

    path: Path
    may_make: bool = False
    _read_at: int = field(default=-1, repr=False)
    _open: MultiFernet | None = field(default=None, repr=False)
    _newest: Fernet | None = field(default=None, repr=False)
    _log: bytes = field(default=b"", repr=False)

    def seal(self, text: str) -> str:
        """Return a text as the database may hold it."""
        return MARK + self._fernet().encrypt(text.encode()).decode("ascii")

    def unseal(self, stored: str) -> str:
        """Return a stored text as it was written.

        Raises:
            KeysMissing: it was sealed with a key that is not in the file.
        """
        if not stored.startswith(MARK):
            return stored
        try:
            return self._fernet().decrypt(stored[len(MARK) :]).decode()
        except InvalidToken:
            raise KeysMissing(OTHER_KEYS.format(self.path)) from None

    def is_newest(self, stored: str) -> bool:
        """Tell whether a stored text was sealed with the newest key."""
        self._fernet()
        if not stored.startswith(MARK) or self._newest is None:
            return False
        with contextlib.suppress(InvalidToken):
            self._newest.decrypt(stored[len(MARK) :])
            return True
        return False

    @property
    def log_key(self) -> bytes:
        """The key that chains the access log; it is never rotated."""
        self._fernet()
        return self._log

    def content(self) -> dict[str, Any]:
        """Return what the key file holds.

        Raises:
            KeysMissing: there is none, and none may be made.
        """
        if not self.path.exists() and self.may_make:
            self.make()
        try:
            found = json.loads(self.path.read_text(encoding="utf-8"))
        except OSError:
            raise KeysMissing(NO_KEYS.format(self.path)) from None
        return cast(dict[str, Any], found)

    def make(self) -> bool:
        """Make the key file; return False where it is there already."""
        fresh = {"fields": [_fresh()], "log": secrets.token_urlsafe(32)}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_name(f".{self.path.name}.{secrets.token_hex(4)}")
        _write_private(draft, fresh)
        try:
            os.link(draft, self.path)
        except FileExistsError:
            return False
        finally:
            draft.unlink()
        return True

    def add(self) -> int:
        """Put a new key in front; return how many there are now."""
        content = self.content()
        content["fields"] = [_fresh(), *content["fields"]]
        self._replace(content)
        return len(content["fields"])

    def retire(self) -> int:
        """Keep the newest key alone; return how many went."""
        content = self.content()
        gone = len(content["fields"]) - 1
        content["fields"] = content["fields"][:1]
        self._replace(content)
        return gone

    def _replace(self, content: dict[str, Any]) -> None:
        draft = self.path.with_name(f".{self.path.name}.new")
        draft.unlink(missing_ok=True)
        _write_private(draft, content)
        draft.replace(self.path)
        self._read_at = -1

    def _fernet(self) -> MultiFernet:
        """Return the keys; a changed file is noticed, so that nobody must restart."""
        try:
            changed = self.path.stat().st_mtime_ns
        except OSError:
            if self._open is not None:
                return self._open
            changed = -1
        if self._open is None or changed != self._read_at:
            content = self.content()
            keys = [Fernet(one) for one in content["fields"]]
            self._open, self._newest = MultiFernet(keys), keys[0]
            self._log = str(content["log"]).encode()
            self._read_at = self.path.stat().st_mtime_ns
        return self._open


def _fresh() -> str:
    return Fernet.generate_key().decode("ascii")


def _write_private(path: Path, content: dict[str, Any]) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())


def give_keys(engine: Engine, ring: KeyRing) -> Engine:
    """Let an engine seal and open with a ring of keys; return the engine."""
    vars(engine.dialect)["key_ring"] = ring
    return engine


def ring_of(session: Session) -> KeyRing:
    """Return the keys of the database that a session works on."""
    return _ring(session.get_bind().dialect)


def _ring(dialect: Dialect) -> KeyRing:
    found = getattr(dialect, "key_ring", None)
    if found is None:
        raise KeysMissing("This database was opened without its keys.")
    return cast(KeyRing, found)


class SealedText(TypeDecorator[str]):
    """A text that somebody wrote; the empty text stays as it is."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Seal."""
        return _ring(dialect).seal(value) if value else value

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Open."""
        sealed = value and value.startswith(MARK)
        return _ring(dialect).unseal(value) if value and sealed else value


class SealedJSON(TypeDecorator[Any]):
    """A document with what somebody wrote; it is sealed as one JSON string."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Seal; an empty document and nothing stay as they are."""
        if not value:
            return value
        return _ring(dialect).seal(json.dumps(value, ensure_ascii=False))

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Open."""
        if isinstance(value, str) and value.startswith(MARK):
            return json.loads(_ring(dialect).unseal(value))
        return value
