"""The register of personal data names every column there is (P1)."""

from __future__ import annotations

import pytest
from sqlalchemy import Table

from pathways.domain.retention import Retention
from pathways.store.base import Base
from pathways.store.register import NOBODY, ROWS, Keep, personal, register, rows_of
from pathways.store.sealing import SealedJSON, SealedText

TABLES = Base.metadata.sorted_tables
HOW = "Add it to pathways/store/register.yml, under the sort that its head explains."


@pytest.mark.parametrize("table", TABLES, ids=lambda one: str(one.name))
def test_every_column_is_registered_once(table: Table) -> None:
    entry = register().get(table.name)
    assert entry is not None, f"{table.name} is not registered. {HOW}"
    missing = {one.name for one in table.columns} - {*entry.columns}
    assert not missing, f"{table.name}: {sorted(missing)} not registered. {HOW}"
    assert sorted(entry.columns) == sorted(one.name for one in table.columns)


def test_nothing_is_registered_that_is_not_there() -> None:
    assert {*register()} == {one.name for one in TABLES}


@pytest.mark.parametrize("table", TABLES, ids=lambda one: str(one.name))
def test_words_are_sealed_and_nothing_else_is(table: Table) -> None:
    sealed = {
        one.name
        for one in table.columns
        if isinstance(one.type, SealedText | SealedJSON)
    }
    assert sealed == {*register()[table.name].words}


@pytest.mark.parametrize("table", TABLES, ids=lambda one: str(one.name))
def test_a_table_that_points_to_a_student_says_whose_rows_they_are(
    table: Table,
) -> None:
    if "student_id" in table.columns and table.name != "deletion":
        assert register()[table.name].of == "student_id"
    if register()[table.name].of not in (NOBODY, ROWS):
        assert "SELECT" in str(table.select().where(rows_of(table, "x")))


def test_every_age_is_of_a_kind_that_a_district_can_set() -> None:
    kinds = {entry.keep.kind for _, entry in personal() if isinstance(entry.keep, Keep)}
    assert kinds <= {*Retention.model_fields}
    for table, entry in personal():
        if isinstance(entry.keep, Keep):
            assert entry.keep.since in table.columns
