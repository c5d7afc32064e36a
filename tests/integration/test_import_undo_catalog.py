"""What governments publish can be taken back too, as a new version (A4, A5, O1)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from importing import add_person
from little_school import LittleSchool
from published_files import (
    WAGES,
    case_package,
    files_of,
    onet_tables,
    write,
    write_case,
    write_folder,
)

from pathways.app import Milepost
from pathways.domain.catalog import Status
from pathways.domain.fact_sorts import FactSort
from pathways.services import catalog, imports
from pathways.services.access import actor_of
from pathways.services.careers import find_career
from pathways.services.errors import Invalid, NotFound, Stale
from pathways.services.import_log import find_import, list_imports
from pathways.services.imports import undo_import, undo_last
from pathways.services.imports_job import Options
from pathways.store.fact_repository import key_of
from pathways.store.models import School

SMALL = WAGES + "29-1141,Registered Nurses,Ohio,1,1,1,82510,1,\n"
Facts = dict[tuple[str, ...], tuple[str, str, object]]


def facts_of(milepost: Milepost, school_id: str) -> Facts:
    """Return what the newest version says, by key."""
    with milepost.work() as work:
        version = milepost.catalogs.current(work, school_id).version
        return {
            key_of(one): (one.title, one.source, one.data)
            for sort in FactSort
            for one in work.facts.all_of(school_id, version, sort)
        }


def release(folder: Path, version: str) -> Path:
    """Write a release; the one of 30.1 has no sailor and another nurse."""
    tables = onet_tables()
    if version == "30.1":
        header, nurse, welder, _ = tables["Occupation Data"]
        tables["Occupation Data"] = (header, (nurse[0], "Nurses", "Care."), welder)
    return write_folder(folder / version, files_of(tables, "csv", version))


def test_a_release_is_taken_back_to_the_one_before(
    milepost: Milepost, school: School, tmp_path: Path
) -> None:
    old, new = release(tmp_path, "29.3"), release(tmp_path, "30.1")
    imports.import_onet(milepost, school.code, old, Options())
    before = facts_of(milepost, school.id)
    imported = imports.import_onet(milepost, school.code, new, Options())
    after = facts_of(milepost, school.id)

    preview = undo_last(milepost, school.code, "onet", dry_run=True)
    assert (preview.saved, facts_of(milepost, school.id)) == (False, after)
    assert any(
        "would be changed back: occupation" in line for line in preview.as_lines()
    )
    report = undo_last(milepost, school.code, "onet")

    assert (report.saved, report.skipped) == (True, 0)
    assert report.changed == preview.changed == imported.created + imported.changed
    assert facts_of(milepost, school.id) == before != after
    with milepost.work() as work:
        assert milepost.catalogs.current(work, school.id).version == 3
    # The older release counts again as the one that is in.
    again = imports.import_onet(milepost, school.code, old, Options())
    assert (again.saved, again.created, again.changed) == (True, 0, 0)
    with pytest.raises(Invalid, match="no import of onet that can be undone"):
        undo_last(milepost, school.code, "onet")


def test_the_first_wages_are_taken_back_and_can_come_again(
    milepost: Milepost, school: School, tmp_path: Path
) -> None:
    path = write(tmp_path / "oews_may2025.csv", SMALL)
    imports.import_oews(milepost, school.code, path, Options())
    wanted = facts_of(milepost, school.id)

    undo_last(milepost, school.code, "oews")

    assert facts_of(milepost, school.id) == {}
    assert imports.import_oews(milepost, school.code, path, Options()).changed == 1
    assert facts_of(milepost, school.id) == wanted


def pay(little: LittleSchool) -> Any:
    found = find_career(little.milepost, little["student"], ["nurse"])
    assert found is not None
    return found.occupation.median_pay_ohio


def test_a_figure_set_by_hand_comes_back_as_one_set_by_hand(
    little: LittleSchool, tmp_path: Path
) -> None:
    milepost, bell = little.milepost, little["counselor"]
    cells = {"code": "29-1141", "median_pay_ohio": "70000", "pay_source": "ours"}
    catalog.edit(milepost, bell, "occupation", cells, 1)
    path = write(tmp_path / "oews_may2025.csv", SMALL)
    imports.import_oews(milepost, "north", path, Options(overwrite=True))
    assert pay(little) == 82510

    undo_import(milepost, bell, "oews")

    assert pay(little) == 70000
    kept = imports.import_oews(milepost, "north", path, Options())
    assert any("wage set by hand is kept" in note for note in kept.notes)


def test_an_entry_edited_by_hand_comes_back_as_one(
    little: LittleSchool, tmp_path: Path
) -> None:
    milepost, bell = little.milepost, little["counselor"]
    cells = {"code": "SCI-BIO", "title": "Life science"}
    catalog.edit(milepost, bell, "course", cells, 1)
    folder = tmp_path / "ours"
    folder.mkdir()
    write(
        folder / "courses.csv",
        "code,title,sced_code,subject,credits,level\n"
        "SCI-BIO,Biology I,03051,science,1,core\n",
    )
    imports.import_catalog(milepost, "north", folder, overwrite=True)

    undo_import(milepost, bell, "catalog")

    kept = imports.import_catalog(milepost, "north", folder)
    assert (kept.skipped, kept.changed) == (1, 0)
    assert "SCI-BIO was edited by hand and is kept" in " ".join(kept.notes)


def test_a_framework_is_taken_out_of_the_catalog(
    little: LittleSchool, tmp_path: Path
) -> None:
    milepost, bell = little.milepost, little["counselor"]
    path = write_case(tmp_path, case_package())
    imports.import_case(milepost, "north", path, Options())

    report = undo_import(milepost, bell, "case")

    now = catalog.current(milepost, bell)
    assert now.entries["competency"]["RB.1"].status is Status.RETIRED
    # Three facts, and the three competencies that followed from them.
    assert (report.changed, facts_of(milepost, bell.school_id)) == (6, {})


def test_the_history_names_file_person_counts_and_refused_rows(
    little: LittleSchool, tmp_path: Path
) -> None:
    milepost, bell = little.milepost, little["counselor"]
    bad = "1,Nobody-Known,Ohio,1,1,1,1,1,\n"
    path = write(tmp_path / "oews_may2025.csv", SMALL + bad)
    imports.import_oews(milepost, "north", path, Options(bell.id, partial=True))

    [run] = list_imports(milepost, bell)

    assert (run.kind, run.file, run.who) == (
        "oews",
        "oews_may2025.csv",
        "Counselor Test",
    )
    assert dict(run.counts)["rejected"] == len(run.refused) == 1
    assert (run.refused[0]["line"], run.refused[0]["column"]) == (3, "soc_code")
    # Values may be personal, so none is kept.
    assert "Nobody-Known" not in str(run)
    assert (run.version, run.can_undo) == (2, True)

    undo_import(milepost, bell, "oews", seen=run.run)

    [run] = list_imports(milepost, bell)
    assert (run.can_undo, run.undone_by) == (False, "Counselor Test")


def test_a_counselor_takes_back_what_is_the_catalog_s_and_an_admin_all(
    little: LittleSchool, tmp_path: Path
) -> None:
    path = write(tmp_path / "oews_may2025.csv", SMALL)
    imports.import_oews(little.milepost, "north", path, Options())
    with pytest.raises(NotFound):
        undo_import(little.milepost, little["counselor"], "people")
    for name in ("student", "advisor", "family"):
        with pytest.raises(NotFound):
            undo_import(little.milepost, little[name], "oews")
    with pytest.raises(Invalid, match="no import of oews"):
        undo_import(little.milepost, little["far_counselor"], "oews")
    assert undo_import(little.milepost, little["admin"], "oews").saved


def test_only_the_import_that_was_looked_at_is_taken_back(
    milepost: Milepost, school: School, tmp_path: Path
) -> None:
    path = write(tmp_path / "oews_may2025.csv", SMALL)
    imports.import_oews(milepost, school.code, path, Options())
    bell = actor_of(add_person(milepost, school, "counselor", "bell", "K1"))
    [seen] = list_imports(milepost, bell)
    write(path, SMALL.replace("82510", "90000"))
    imports.import_oews(milepost, school.code, path, Options())

    with pytest.raises(Stale, match="Another import came in"):
        undo_import(milepost, bell, "oews", seen=seen.run)
    assert not find_import(milepost, bell, seen.run).can_undo
