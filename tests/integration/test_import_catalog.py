import json
from pathlib import Path

import pytest
from importing import add_person

from pathways.app import Milepost
from pathways.domain.catalog import Catalog
from pathways.services.access import Actor, actor_of
from pathways.services.catalog import edit
from pathways.services.errors import Invalid
from pathways.services.imports import import_catalog, import_table
from pathways.store.imports import ImportRepository
from pathways.store.models import School

CLUSTERS = "code,title\nbuilding,Building\nhealth,Health\n"
COURSES = (
    "code,title,sced_code,subject,credits,level,prerequisites,clusters\n"
    "CTE-1,Carpentry I,17002,trades,1,core,,building\n"
    "CTE-2,Carpentry II,17003,trades,1,advanced,CTE-1,building\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "our-catalog"
    found.mkdir()
    (found / "clusters.csv").write_text(CLUSTERS)
    (found / "courses.csv").write_text(COURSES)
    return found


@pytest.fixture
def counselor(milepost: Milepost, school: School) -> Actor:
    return actor_of(add_person(milepost, school, "counselor", "bell", "K1"))


def catalog_of(milepost: Milepost, school: School) -> Catalog:
    with milepost.work() as work:
        return milepost.catalogs.current(work, school.id)


def test_a_folder_becomes_a_version_that_students_can_ask_about(
    milepost: Milepost, school: School, folder: Path
) -> None:
    report = import_catalog(milepost, "riverbend", folder)

    assert (report.saved, report.read, report.created) == (True, 4, 4)
    catalog = catalog_of(milepost, school)
    assert catalog.version == 1
    assert catalog.courses["CTE-2"].rule.codes == ("CTE-1",)
    words = json.loads(milepost.settings.gazetteer_path.read_text())["entries"]
    assert "carpentry ii" in {phrase for one in words for phrase in one["phrases"]}


def test_the_second_import_changes_nothing_and_publishes_nothing(
    milepost: Milepost, school: School, folder: Path
) -> None:
    import_catalog(milepost, "riverbend", folder)

    report = import_catalog(milepost, "riverbend", folder)

    assert (report.unchanged, report.created, report.changed) == (4, 0, 0)
    assert catalog_of(milepost, school).version == 1


def test_each_import_leaves_a_run_with_the_hash_of_the_folder(
    milepost: Milepost, school: School, folder: Path
) -> None:
    import_catalog(milepost, "riverbend", folder)

    with milepost.work() as work:
        rows = ImportRepository(work.session)
        run = rows.last_run(school.id, "catalog", "our-catalog")
    assert run is not None
    assert len(run.sha256) == 64
    assert run.counts["created"] == 4


def test_a_changed_row_is_a_new_version_and_the_rest_stays(
    milepost: Milepost, school: School, folder: Path
) -> None:
    import_catalog(milepost, "riverbend", folder)
    (folder / "courses.csv").write_text(COURSES.replace("Carpentry II", "Framing"))
    (folder / "clusters.csv").unlink()

    report = import_catalog(milepost, "riverbend", folder)

    assert (report.changed, report.unchanged) == (1, 1)
    catalog = catalog_of(milepost, school)
    assert catalog.version == 2
    assert catalog.courses["CTE-2"].title == "Framing"
    assert set(catalog.clusters) == {"building", "health"}


def test_one_bad_row_keeps_everything_out(
    milepost: Milepost, school: School, folder: Path
) -> None:
    (folder / "courses.csv").write_text(COURSES + "CTE-3,X,17004,trades,9,core,,\n")

    report = import_catalog(milepost, "riverbend", folder)

    assert (report.saved, len(report.rejected)) == (False, 1)
    assert catalog_of(milepost, school).version == 0


def test_partial_leaves_out_what_needed_a_rejected_row(
    milepost: Milepost, school: School, folder: Path
) -> None:
    rows = (
        "CTE-3,Bad,17004,trades,9,core,,\n"
        "CTE-4,Needs bad,17005,trades,1,core,CTE-3,\n"
        "CTE-5,Needs that,17006,trades,1,core,CTE-4,\n"
    )
    (folder / "courses.csv").write_text(COURSES + rows)

    report = import_catalog(milepost, "riverbend", folder, partial=True)

    assert report.saved
    assert [(one.line, one.column) for one in report.rejected] == [
        (4, "credits"),
        (5, "prerequisites"),
        (6, "prerequisites"),
    ]
    assert set(catalog_of(milepost, school).courses) == {"CTE-1", "CTE-2"}


def test_a_dry_run_saves_nothing(
    milepost: Milepost, school: School, folder: Path
) -> None:
    report = import_catalog(milepost, "riverbend", folder, dry_run=True)

    assert (report.created, report.saved) == (4, False)
    assert catalog_of(milepost, school).version == 0
    assert not milepost.settings.gazetteer_path.exists()


def test_what_a_counselor_edited_is_kept_unless_overwritten(
    milepost: Milepost, school: School, folder: Path, counselor: Actor
) -> None:
    import_catalog(milepost, "riverbend", folder)
    edit(milepost, counselor, "course", {"code": "CTE-1", "title": "Woodwork"}, 1)

    kept = import_catalog(milepost, "riverbend", folder)

    assert (kept.skipped, kept.changed) == (1, 0)
    assert "courses.csv line 2: CTE-1 was edited by hand" in kept.notes[0]
    assert catalog_of(milepost, school).courses["CTE-1"].title == "Woodwork"

    replaced = import_catalog(milepost, "riverbend", folder, overwrite=True)

    assert (replaced.changed, replaced.skipped) == (1, 0)
    assert catalog_of(milepost, school).courses["CTE-1"].title == "Carpentry I"


def test_schools_do_not_share_a_catalog(
    milepost: Milepost, school: School, other_school: School, folder: Path
) -> None:
    import_catalog(milepost, "hilltop", folder)

    assert catalog_of(milepost, other_school).version == 1
    assert catalog_of(milepost, school).version == 0


def test_an_unknown_school_is_named(milepost: Milepost, folder: Path) -> None:
    with pytest.raises(Invalid, match="no school with the code nowhere"):
        import_catalog(milepost, "nowhere", folder)


def test_an_import_says_how_far_it_is(
    milepost: Milepost, school: School, folder: Path
) -> None:
    said: list[tuple[int, int]] = []

    import_catalog(
        milepost,
        "riverbend",
        folder,
        progress=lambda done, about: said.append((done, about)),
    )
    import_table(
        milepost,
        "riverbend",
        "course",
        folder / "courses.csv",
        progress=lambda done, about: said.append((done, about)),
    )

    assert said == [(1, 4), (2, 4), (3, 4), (4, 4), (1, 2), (2, 2)]
