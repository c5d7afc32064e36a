"""Going back to an earlier version, and what the linter sees of a school (A5)."""

from pathlib import Path

import pytest
from little_school import LittleSchool

from pathways.domain.catalog import Status
from pathways.domain.unmet import Kind
from pathways.formats.catalog_csv import read_folder, write_folder
from pathways.services import catalog as catalogs
from pathways.services.access import Actor, Role, actor_of
from pathways.services.careers import tell_interest
from pathways.services.catalog_lint import look_through
from pathways.services.catalog_versions import list_versions, restore
from pathways.services.demand import note_unmet
from pathways.services.errors import Invalid, NotFound
from pathways.services.imports import import_catalog
from pathways.store.models import Person


def title_of(little: LittleSchool, code: str) -> str:
    return catalogs.current(little.milepost, little["counselor"]).courses[code].title


def rename(little: LittleSchool, title: str, seen: int) -> None:
    cells = {"code": "SCI-BIO", "title": title}
    catalogs.edit(little.milepost, little["counselor"], "course", cells, seen)


def test_an_earlier_version_comes_back_as_a_new_one(little: LittleSchool) -> None:
    rename(little, "Life Science", 1)
    new = {"code": "new", "title": "New"}
    catalogs.edit(little.milepost, little["counselor"], "cluster", new)

    done = restore(little.milepost, little["counselor"], 1)

    assert (done.version, done.changed, done.retired) == (4, 1, 1)
    assert done.by_hand == ("Life Science", "New")
    assert title_of(little, "SCI-BIO") == "Biology"
    now = catalogs.current(little.milepost, little["counselor"])
    assert now.entries["cluster"]["new"].status is Status.RETIRED
    notes = [one.note for one in list_versions(little.milepost, little["counselor"])]
    assert notes[0] == "Back to version 1"

    restore(little.milepost, little["counselor"], 3)

    assert title_of(little, "SCI-BIO") == "Life Science"


def test_what_was_edited_by_hand_before_stays_protected(
    little: LittleSchool, tmp_path: Path
) -> None:
    before = catalogs.current(little.milepost, little["counselor"])
    write_folder(before, tmp_path)
    rename(little, "Life Science", 1)
    rename(little, "Living Things", 2)

    restore(little.milepost, little["counselor"], 2)
    code = list_schools(little)
    report = import_catalog(little.milepost, code, tmp_path)

    assert report.skipped == 1
    assert title_of(little, "SCI-BIO") == "Life Science"


def list_schools(little: LittleSchool) -> str:
    with little.milepost.work() as work:
        school = work.people.school(little["counselor"].school_id)
        assert school is not None
        return school.code


@pytest.mark.parametrize("number", [0, 2, 99])
def test_a_version_that_never_was_is_not_found(
    little: LittleSchool, number: int
) -> None:
    with pytest.raises(NotFound):
        restore(little.milepost, little["counselor"], number)


def test_the_newest_version_is_no_way_back(little: LittleSchool) -> None:
    with pytest.raises(Invalid, match="says what the newest version says"):
        restore(little.milepost, little["counselor"], 1)


def test_what_is_exported_is_what_was_imported(
    little: LittleSchool, tmp_path: Path
) -> None:
    now = catalogs.current(little.milepost, little["counselor"])

    write_folder(now, tmp_path)

    reading = read_folder(tmp_path)
    assert reading.rejected == []
    found = {(one.entry.kind, one.entry.code): one.entry for one in reading.placed}
    held = {
        (kind, code): entry
        for kind, group in now.entries.items()
        for code, entry in group.items()
    }
    assert found == held


def test_wishes_of_too_few_students_are_counted_and_not_shown(
    little: LittleSchool,
) -> None:
    for name in ("student", "other_student"):
        tell_interest(little.milepost, little[name], ["falconry"])

    look = look_through(little.milepost, little["counselor"])

    assert look.hidden >= 1
    assert "falconry" not in {one.title for one in look.findings}


def test_going_back_leaves_another_school_alone(little: LittleSchool) -> None:
    rename(little, "Life Science", 1)

    restore(little.milepost, little["counselor"], 1)

    assert catalogs.current(little.milepost, little["far_counselor"]).version == 1
    assert len(list_versions(little.milepost, little["far_counselor"])) == 1


def test_what_students_asked_for_in_vain_counts_too_from_three_of_them_on(
    little: LittleSchool,
) -> None:
    third = another_student(little)
    for actor in (little["student"], little["other_student"], third):
        note_unmet(little.milepost, actor, Kind.CAREER, "Puppeteer")
    note_unmet(little.milepost, third, Kind.CAREER, "falconer")

    look = look_through(little.milepost, little["counselor"])

    wishes = [one for one in look.findings if one.check.value == "unserved"]
    assert [(one.title, one.detail) for one in wishes] == [
        ("puppeteer", "3 students; the catalog does not know these words")
    ]
    assert look.hidden == 1


def another_student(little: LittleSchool) -> Actor:
    """Add a student to the school."""
    with little.milepost.work() as work:
        added = work.people.add(
            Person(
                school_id=little["student"].school_id,
                role=Role.STUDENT,
                given_name="Kai",
                family_name="Reed",
                username="kai.reed",
                source_id="kai",
            )
        )
        work.people.flush()
        work.commit()
        return actor_of(added)
