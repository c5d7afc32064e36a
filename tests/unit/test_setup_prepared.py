from __future__ import annotations

from pathlib import Path

import pytest

from pathways.settings import Settings
from setup.prepared import fingerprint, known_accounts, remember

ACCOUNTS = {"student": "maya"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "milepost.db").write_bytes(b"x")
    (tmp_path / "gazetteer.json").write_text("{}")
    return Settings(
        database_url=f"sqlite:///{tmp_path}/milepost.db",
        gazetteer_path=tmp_path / "gazetteer.json",
        demo_password="river",
    )


def test_a_second_start_knows_the_data(tmp_path: Path, settings: Settings) -> None:
    remember(tmp_path, "abc", settings, ACCOUNTS)
    assert known_accounts(tmp_path, "abc", settings) == ACCOUNTS


def test_changed_sources_are_prepared_again(tmp_path: Path, settings: Settings) -> None:
    remember(tmp_path, "abc", settings, ACCOUNTS)
    assert known_accounts(tmp_path, "abd", settings) is None


def test_a_deleted_database_is_prepared_again(
    tmp_path: Path, settings: Settings
) -> None:
    remember(tmp_path, "abc", settings, ACCOUNTS)
    (tmp_path / "milepost.db").unlink()
    assert known_accounts(tmp_path, "abc", settings) is None


def test_a_database_on_a_server_is_always_asked(tmp_path: Path) -> None:
    settings = Settings(database_url="postgresql+psycopg://milepost@localhost/milepost")
    remember(tmp_path, "abc", settings, ACCOUNTS)
    assert known_accounts(tmp_path, "abc", settings) is None


def test_a_new_migration_changes_the_fingerprint(
    tmp_path: Path, settings: Settings
) -> None:
    folder = tmp_path / "pathways" / "store"
    folder.mkdir(parents=True)
    before = fingerprint(tmp_path, settings)
    (folder / "0002_more.py").write_text("more")
    assert fingerprint(tmp_path, settings) != before
    moved = settings.model_copy(update={"database_url": "sqlite:///other.db"})
    assert fingerprint(tmp_path, moved) != fingerprint(tmp_path, settings)
