"""A school's own table becomes entries, and its columns are remembered (A4)."""

from pathlib import Path

import pytest
from workbooks import Formula, workbook

from pathways.app import Milepost
from pathways.domain.catalog import Catalog
from pathways.formats import catalog_mapping
from pathways.formats.catalog_mapping import parsed
from pathways.formats.problems import FormatError
from pathways.services.access import Actor, Role
from pathways.services.catalog import edit
from pathways.services.imports import import_table
from pathways.store.models import Person, School

HEADER = "Course No,Course Name,Dept,Credits,Rigor,Grade Levels,State Code,Room"
GUIDE = (
    f"{HEADER}\n"
    "100,Biology,science,1,Honors,9-12,03051,A1\n"
    '101,Art,fine_arts,0.5,core,"9, 10",05154,B2\n'
)
WORDS = parsed([], [], ["level:Honors=advanced"])


@pytest.fixture
def guide(tmp_path: Path) -> Path:
    path = tmp_path / "guide.csv"
    path.write_text(GUIDE)
    return path


def catalog(milepost: Milepost, school: School) -> Catalog:
    with milepost.work() as work:
        return milepost.catalogs.current(work, school.id)


def test_usual_column_names_are_found_and_the_rest_is_left_out(
    milepost: Milepost, school: School, guide: Path
) -> None:
    report = import_table(milepost, "riverbend", "course", guide, WORDS)

    assert (report.saved, report.created, report.rejected) == (True, 2, [])
    assert "Left out: room." in report.notes
    biology = catalog(milepost, school).courses["100"]
    assert (biology.title, biology.level, biology.grades) == (
        "Biology",
        "advanced",
        (9, 10, 11, 12),
    )
    assert catalog(milepost, school).courses["101"].grades == (9, 10)


def test_the_mapping_is_remembered_for_the_school_and_can_be_forgotten(
    milepost: Milepost, school: School, tmp_path: Path
) -> None:
    odd = tmp_path / "odd.csv"
    odd.write_text(GUIDE.replace("Course No", "Kursnummer").replace("Dept", "Bereich"))
    with pytest.raises(FormatError, match="which column holds code, subject"):
        import_table(milepost, "riverbend", "course", odd, WORDS)
    named = parsed(
        ["Kursnummer=code", "Bereich=subject"], [], ["level:honors=advanced"]
    )

    first = import_table(milepost, "riverbend", "course", odd, named)
    again = import_table(milepost, "riverbend", "course", odd)

    assert (first.created, again.unchanged, again.rejected) == (2, 2, [])
    assert catalog(milepost, school).version == 1
    with pytest.raises(FormatError, match="which column holds code"):
        import_table(milepost, "riverbend", "course", odd, forget=True)


def test_a_dry_run_remembers_nothing(
    milepost: Milepost, school: School, tmp_path: Path
) -> None:
    odd = tmp_path / "odd.csv"
    odd.write_text(GUIDE.replace("Course No", "Kursnummer"))
    named = parsed(["Kursnummer=code"], [], ["level:honors=advanced"])

    report = import_table(milepost, "riverbend", "course", odd, named, dry_run=True)

    assert (report.created, report.saved) == (2, False)
    with pytest.raises(FormatError, match="which column holds code"):
        import_table(milepost, "riverbend", "course", odd)


def test_what_the_table_does_not_hold_stays_as_it_was(
    milepost: Milepost, school: School, guide: Path
) -> None:
    import_table(milepost, "riverbend", "course", guide, WORDS)
    counselor = counselor_of(milepost, school)
    edit(milepost, counselor, "course", {"code": "100", "description": "Frogs."}, 1)
    guide.write_text(GUIDE.replace("Biology", "Biology I"))

    kept = import_table(milepost, "riverbend", "course", guide)

    assert (kept.skipped, kept.unchanged) == (1, 1)
    assert any("100 was edited by hand and is kept" in note for note in kept.notes)

    taken = import_table(milepost, "riverbend", "course", guide, overwrite=True)

    assert taken.changed == 1
    found = catalog(milepost, school).courses["100"]
    assert (found.title, found.description) == ("Biology I", "Frogs.")


def counselor_of(milepost: Milepost, school: School) -> Actor:
    with milepost.work() as work:
        person = work.people.add(
            Person(
                school_id=school.id,
                role="counselor",
                username="bell",
                source_id="K1",
                given_name="Joanne",
                family_name="Bell",
                language="en",
            )
        )
        work.commit()
    return Actor(person.id, school.id, Role.COUNSELOR)


def test_a_rejected_cell_is_named_by_the_schools_own_column(
    milepost: Milepost, school: School, guide: Path
) -> None:
    report = import_table(milepost, "riverbend", "course", guide)

    assert not report.saved
    assert [(one.line, one.column, one.value) for one in report.rejected] == [
        (2, "rigor", "Honors")
    ]
    assert catalog(milepost, school).version == 0


def test_a_fixed_value_fills_an_absent_column(
    milepost: Milepost, school: School, tmp_path: Path
) -> None:
    path = tmp_path / "short.csv"
    path.write_text("id,name,dept,credits,state code\n7,Art,fine_arts,1,05154\n")

    report = import_table(
        milepost, "riverbend", "course", path, parsed([], ["level=core"], [])
    )

    assert report.saved
    assert catalog(milepost, school).courses["7"].level == "core"


def test_a_formula_in_a_csv_file_is_rejected(
    milepost: Milepost, school: School, guide: Path
) -> None:
    guide.write_text(GUIDE.replace("Art,", '"=HYPERLINK(""http://x"")",'))

    report = import_table(milepost, "riverbend", "course", guide, WORDS)

    assert [(one.line, one.column) for one in report.rejected] == [(3, "course_name")]


ROWS = [tuple(line.split(",")) for line in GUIDE.splitlines()[:2]]


def test_an_excel_file_is_read_and_formulas_nobody_calculated_refuse_it(
    milepost: Milepost, school: School, tmp_path: Path
) -> None:
    good = workbook(tmp_path / "good.xlsx", *ROWS)
    bad = workbook(tmp_path / "bad.xlsx", *ROWS, (Formula("1+1"), "Art"))

    assert import_table(milepost, "riverbend", "course", good, WORDS).created == 1
    with pytest.raises(FormatError, match="1 cells hold formulas without a value"):
        import_table(milepost, "riverbend", "course", bad, WORDS)


def test_calculated_formulas_are_read_as_their_values_with_a_note(
    milepost: Milepost, school: School, tmp_path: Path
) -> None:
    row = (*ROWS[1][:3], Formula("2-1", "1"), *ROWS[1][4:])
    path = workbook(tmp_path / "calculated.xlsx", ROWS[0], row)

    report = import_table(milepost, "riverbend", "course", path, WORDS)

    assert "1 cells hold formulas; their last values were read." in report.notes
    assert catalog(milepost, school).courses["100"].credits == 1


def test_a_file_with_too_many_rows_is_refused(
    milepost: Milepost,
    school: School,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(catalog_mapping, "MOST_ROWS", 50)
    lines = [f"{n},Art,fine_arts,1,core,9,05154,A" for n in range(60)]
    text = tmp_path / "many.csv"
    text.write_text("\n".join([HEADER, *lines]))
    rows = (tuple(line.split(",")) for line in [HEADER, *lines])
    book = workbook(tmp_path / "many.xlsx", *rows)

    for path in (text, book):
        with pytest.raises(FormatError, match="more than 50 rows"):
            import_table(milepost, "riverbend", "course", path)
    assert catalog(milepost, school).version == 0


@pytest.mark.parametrize(
    ("columns", "fixed", "reason"),
    [
        (["Nothing=code"], [], "no column nothing"),
        (["Course No=colour"], [], "no catalog column colour"),
        ([], ["colour=blue"], "no catalog column colour"),
    ],
)
def test_a_mapping_that_does_not_fit_says_what_would(
    milepost: Milepost,
    school: School,
    guide: Path,
    columns: list[str],
    fixed: list[str],
    reason: str,
) -> None:
    with pytest.raises(FormatError, match=reason):
        import_table(milepost, "riverbend", "course", guide, parsed(columns, fixed, []))


@pytest.mark.parametrize("text", ["code", "=code"])
def test_a_mapping_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(FormatError, match="Write"):
        parsed([text], [], [])
