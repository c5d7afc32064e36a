"""A product on a throwaway database, with a fixed clock."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from databases import newest_in
from importing import COMPETENCIES, COURSES, add_person, add_school, load_catalog

from pathways.app import Milepost, build
from pathways.settings import Settings
from pathways.store.models import Person, School

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of a machine of its own, its database at the newest schema."""
    for name in [name for name in os.environ if name.startswith("MILEPOST_")]:
        monkeypatch.delenv(name)
    return Settings(
        database_url=newest_in(tmp_path),
        var_dir=tmp_path / "var",
        gazetteer_path=tmp_path / "var" / "gazetteer.json",
        demo_password="river-stone-and-moss",
        channel_secret="kV3r-9tQz_Lw2pXm8aBn5cYd7eHf0gJi",
        action_token="Zq4x-8uRt_Mv1oWk6bCj3dPe9fGh2aSy",
        session_secret="Tn7b-2eYc_Kd5iUl0gFs4hVw6jXo1pQz",
        now=NOW,
    )


@pytest.fixture
def milepost(settings: Settings) -> Iterator[Milepost]:
    """The product, at 10 o'clock on Saturday, November 21, 2026 in Ohio."""
    built = build(settings, lambda: NOW)
    yield built
    built.engine.dispose()


@pytest.fixture
def school(milepost: Milepost) -> School:
    """A school without people and without a catalog."""
    return add_school(milepost, "riverbend")


@pytest.fixture
def other_school(milepost: Milepost) -> School:
    """A second school, which nothing may touch."""
    return add_school(milepost, "hilltop")


@pytest.fixture
def catalog(milepost: Milepost, school: School, tmp_path: Path) -> None:
    """Three competencies and two courses of the school."""
    load_catalog(
        milepost, tmp_path / "catalog", competencies=COMPETENCIES, courses=COURSES
    )


@pytest.fixture
def student(milepost: Milepost, school: School, catalog: None) -> Person:
    """Maya, S1, in grade 10 of a school with a catalog and one advisor."""
    add_person(milepost, school, "advisor", "ortiz", "T1")
    return add_person(milepost, school, "student", "maya", "S1")
