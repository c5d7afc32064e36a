"""Remembers that the data is ready, so that a second start need not look again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from pathways.settings import Settings

FILE = "prepared.json"
SOURCES = ("pathways/store", "pathways/catalog", "pathways/demo", "pathways/formats")


def fingerprint(root: Path, settings: Settings) -> str:
    """SHA-256 over all that migration and demo school depend on."""
    digest = hashlib.sha256()
    digest.update(f"{settings.database_url}\0{settings.demo}\0".encode())
    digest.update(hashlib.sha256(settings.demo_password.encode()).digest())
    for folder in SOURCES:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(f"{path.relative_to(root)}\0".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def known_accounts(
    folder: Path, wanted: str, settings: Settings
) -> Mapping[str, str] | None:
    """Demo accounts of data that is ready; None where it has to be prepared.

    Only a database file on this machine can be known without asking it.
    """
    database = _file_of(settings.database_url)
    if database is None or not database.is_file():
        return None
    if not settings.gazetteer_path.is_file():
        return None
    try:
        kept = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if kept.get("fingerprint") != wanted or kept.get("inode") != _identity(database):
        return None
    return {str(role): str(name) for role, name in kept["accounts"].items()}


def remember(
    folder: Path, wanted: str, settings: Settings, accounts: Mapping[str, str]
) -> None:
    """Write down that the data is ready."""
    database = _file_of(settings.database_url)
    if database is None:
        return
    kept = {
        "fingerprint": wanted,
        "inode": _identity(database),
        "accounts": dict(accounts),
    }
    (folder / FILE).write_text(json.dumps(kept), encoding="utf-8")


def _file_of(url: str) -> Path | None:
    scheme, _, path = url.partition(":///")
    return Path(path) if scheme == "sqlite" and path else None


def _identity(database: Path) -> int:
    """A database that was replaced by another file is not the one we knew."""
    return database.stat().st_ino
