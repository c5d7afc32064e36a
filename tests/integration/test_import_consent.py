"""Consent of many students at once, and what no import may open again (P7)."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from little_school import LittleSchool
from sqlalchemy import select

from pathways.domain.consent import Consent, Gate
from pathways.formats.problems import FormatError
from pathways.formats.report import Report
from pathways.services import consents
from pathways.services.errors import Invalid
from pathways.services.imports import import_consent, import_people
from pathways.services.imports_undo import undo_last
from pathways.store.consent_models import ConsentEntry
from pathways.store.models import Person

HEADER = ("student_id", "consent", "given_by", "date")
Rows = Sequence[Sequence[str]]


def table(folder: Path, *rows: Sequence[str], header: Sequence[str] = HEADER) -> Path:
    path = folder / "consent.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def bring(little: LittleSchool, path: Path, **more: bool) -> Report:
    return import_consent(little.milepost, "north", path, **more)


def state(little: LittleSchool, name: str = "student") -> Consent:
    view = consents.of_student(little.milepost, little["admin"], little[name].id)
    assert view is not None
    return view.state


def test_a_table_is_put_down_and_a_second_time_changes_nothing(
    little: LittleSchool, tmp_path: Path
) -> None:
    path = table(
        tmp_path,
        ("student", "given", "family", "2026-08-20"),
        ("OTHER_STUDENT", "Withdrawn", "School", "2026-08-21"),
    )
    assert not bring(little, path, dry_run=True).saved
    assert state(little) is Consent.NONE
    first = bring(little, path)
    assert (first.saved, first.created, first.rejected) == (True, 2, [])
    assert state(little) is Consent.GIVEN
    assert state(little, "other_student") is Consent.WITHDRAWN
    again = bring(little, path)
    assert (again.created, again.changed, again.unchanged) == (0, 0, 2)
    with little.milepost.work() as work:
        assert len(work.session.scalars(select(ConsentEntry)).all()) == 2
    with pytest.raises(Invalid, match="no import of consent"):
        undo_last(little.milepost, "north", "consent")


def test_an_older_paper_opens_nothing_that_was_closed_since(
    little: LittleSchool, tmp_path: Path
) -> None:
    path = table(tmp_path, ("student", "given", "family", "2026-11-21"))
    consents.withdraw(little.milepost, little["family"], little["student"].id)
    report = bring(little, path)
    assert report.skipped == 1
    assert "not newer" in " ".join(report.notes)
    assert state(little) is Consent.WITHDRAWN
    view = consents.own(little.milepost, little["student"])
    assert view.gate is Gate.WITHDRAWN


def test_rows_that_can_not_be_used_are_named_and_nothing_is_saved(
    little: LittleSchool, tmp_path: Path
) -> None:
    path = table(
        tmp_path,
        ("student", "given", "family", "2026-08-20"),
        ("student", "given", "family", "2026-08-20"),
        ("far_student", "given", "family", "2026-08-20"),
        ("other_student", "perhaps", "family", "2026-08-20"),
        ("other_student", "given", "aunt", "2026-08-20"),
        ("other_student", "given", "family", "08/20/26"),
        ("other_student", "given", "family", "2027-08-20"),
        ("nobody", "given", "family", "2026-08-20"),
    )
    report = bring(little, path)
    assert not report.saved
    assert [(one.line, one.column) for one in report.rejected] == [
        (3, "student_id"),
        (4, "student_id"),
        (5, "consent"),
        (6, "given_by"),
        (7, "date"),
        (8, "date"),
        (9, "student_id"),
    ]
    assert state(little) is Consent.NONE
    bring(little, path, partial=True)
    assert state(little) is Consent.GIVEN
    with pytest.raises(FormatError, match="given_by"):
        bring(little, table(tmp_path, header=HEADER[:2]))


def roster(folder: Path, consent: Rows) -> Path:
    path = folder / "roster.zip"
    columns = "sourcedId,status,enabledUser,orgSourcedIds,role,username,givenName,"
    columns += "familyName,grades,metadata.consent,metadata.consentBy,"
    columns += "metadata.consentDate"
    users = [
        f"{name},,true,,student,{name},Given,Family,07,{','.join(said)}"
        for name, *said in consent
    ]
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("users.csv", "\n".join([columns, *users]) + "\n")
    return path


def test_a_roster_brings_consent_in_columns_of_the_schools_own(
    little: LittleSchool, tmp_path: Path
) -> None:
    path = roster(
        tmp_path,
        [
            ("new.one", "given", "school", "2026-08-20"),
            ("new.two", "", "", ""),
        ],
    )
    report = import_people(little.milepost, "north", path)
    assert report.saved, report.rejected
    with little.milepost.work() as work:
        one = work.people.by_username("new.one")
        two = work.people.by_username("new.two")
        assert one is not None
        assert two is not None
        assert (one.consent, two.consent) == ("given", "")
        entry = work.session.scalars(select(ConsentEntry)).one()
        assert (entry.student_id, entry.given_by) == (one.id, "school")
    undo_last(little.milepost, "north", "people")
    with little.milepost.work() as work:
        left = work.session.get(Person, one.id)
        assert left is not None
        assert not left.active  # its consent refers to it, so it is closed, not deleted
        assert work.session.get(Person, two.id) is None
    wrong = roster(tmp_path, [("new.one", "given", "aunt", "2026-08-20")])
    refused = import_people(little.milepost, "north", wrong)
    assert not refused.saved
    assert [one.column for one in refused.rejected] == ["metadata.consent"]
