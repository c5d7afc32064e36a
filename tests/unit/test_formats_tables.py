import io
import zipfile
from pathlib import Path

import pytest
from published_files import sheet, workbook, write_zip
from rich.console import Console

from pathways.formats import excel_limits, text_tables, zips
from pathways.formats.report import Report, RowError
from pathways.formats.tables import FormatError, Row, open_table
from pathways.formats.zips import tables_in


def rows_of(path: Path) -> list[Row]:
    rejected: list[RowError] = []
    rows = list(open_table(path).rows(rejected))
    assert rejected == []
    return rows


def write(path: Path, data: bytes | str) -> Path:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_any_dialect_gives_the_same_row(
    tmp_path: Path, delimiter: str, encoding: str
) -> None:
    text = delimiter.join(("Student ID", "name")) + "\r\n"
    text += delimiter.join(("7", " Zoë ")) + "\r\n"

    [row] = rows_of(write(tmp_path / "a.csv", text.encode(encoding)))

    assert row.cells == {"student_id": "7", "name": "Zoë"}
    assert row.line == 2


def test_a_comma_in_a_quoted_header_does_not_decide_the_delimiter(
    tmp_path: Path,
) -> None:
    path = write(tmp_path / "a.csv", '"a, b, c, d";e\n1;2\n')

    assert open_table(path).columns == ("a,_b,_c,_d", "e")


def test_lines_are_counted_right_after_cells_of_several_lines(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", 'a,b\n1,"x\ny\nz"\n\n2,w\n')

    assert [(row.line, row.get("b")) for row in rows_of(path)] == [
        (2, "x\ny\nz"),
        (6, "w"),
    ]


def test_a_multibyte_letter_across_two_chunks_is_still_utf_8(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_tables, "CHUNK", 4)
    path = write(tmp_path / "a.csv", "abc\nZoë Nguyễn\n")

    assert rows_of(path)[0].get("abc") == "Zoë Nguyễn"


def test_a_row_with_too_many_cells_is_rejected_with_its_line(tmp_path: Path) -> None:
    rejected: list[RowError] = []
    table = open_table(write(tmp_path / "a.csv", "a,b\n1,2\n3,4,five\n6\n"))

    rows = list(table.rows(rejected))

    assert [row.cells for row in rows] == [{"a": "1", "b": "2"}, {"a": "6", "b": ""}]
    assert [(error.line, error.value) for error in rejected] == [(3, "five")]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.csv", b"a,b\n1,\x00\n", "NUL"),
        ("a.csv", b"PK\x03\x04 no table", "Excel or zip"),
        ("a.csv", "a,b\n1,2\n".encode("utf-16"), "UTF-16"),
        ("a.csv", b"a\n\x81\n", "encoding"),
        ("a.csv", b"", "column names"),
        ("a.csv", b"a,A\n1,2\n", "more than one column"),
        ("a.pdf", b"%PDF", "can be read"),
        ("a.xlsx", b"not a workbook", "not an Excel file"),
    ],
)
def test_other_kinds_of_files_are_refused_in_plain_words(
    tmp_path: Path, name: str, data: bytes, said: str
) -> None:
    with pytest.raises(FormatError, match=said):
        open_table(write(tmp_path / name, data))


def test_an_open_quotation_mark_is_refused_with_its_line(tmp_path: Path) -> None:
    table = open_table(write(tmp_path / "a.csv", 'a,b\n1,2\n3,"four\n5,6\n'))

    with pytest.raises(FormatError, match="line 3"):
        list(table.rows([]))


def test_a_large_file_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_tables, "LARGEST", 3)

    with pytest.raises(FormatError, match="can't be imported"):
        open_table(write(tmp_path / "a.csv", "a,b\n1,2\n"))


def test_absent_columns_are_named_with_those_that_were_found(tmp_path: Path) -> None:
    table = open_table(write(tmp_path / "a.csv", "Student ID,b\n"))

    table.need(["student_id"])
    with pytest.raises(FormatError, match=r"no column course. Found: student_id, b"):
        table.need(["student_id", "course"])


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="no such file"):
        open_table(tmp_path / "none.csv")


SHEET = """<?xml version="1.0"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<sheetData>
<row r="1"><c r="A1" t="inlineStr"><is><t>code</t></is></c>
<c r="B1" t="inlineStr"><is><t>credits</t></is></c></row>
<row r="3"><c r="A3" t="inlineStr"><is><t> ART-1 </t></is></c>
<c r="B3"><v>1</v></c></row>
<row r="4"><c r="A4" t="inlineStr"><is><t>PED-1</t></is></c>
<c r="B4"><v>0.25</v></c></row>
</sheetData></worksheet>"""
WORKBOOK = """<?xml version="1.0"?>
<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">
<sheets><sheet name="One" sheetId="1" r:id="rId1"/></sheets></workbook>"""
LINKS = """<?xml version="1.0"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Target="worksheets/sheet1.xml" Type=
"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/>
</Relationships>"""


ROOT = """<?xml version="1.0"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Target="xl/workbook.xml" Type=
"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/>
</Relationships>"""


def write_workbook(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("_rels/.rels", ROOT)
        archive.writestr("xl/workbook.xml", WORKBOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", LINKS)
        archive.writestr("xl/worksheets/sheet1.xml", SHEET)
    return path


def test_an_excel_sheet_reads_like_a_csv_file(tmp_path: Path) -> None:
    rows = rows_of(write_workbook(tmp_path / "courses.xlsx"))

    assert [(row.line, row.cells) for row in rows] == [
        (3, {"code": "ART-1", "credits": "1"}),
        (4, {"code": "PED-1", "credits": "0.25"}),
    ]


def test_an_excel_file_that_unpacks_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(excel_limits, "LARGEST_UNPACKED", 100)

    with pytest.raises(FormatError, match="too large"):
        open_table(write_workbook(tmp_path / "courses.xlsx"))


def test_two_cells_far_apart_do_not_fill_the_memory(tmp_path: Path) -> None:
    grid = '<c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c>'
    path = tmp_path / "courses.xlsx"
    workbook(path, {"A": (("x",),)})
    with zipfile.ZipFile(path) as archive:
        parts = {one.filename: archive.read(one) for one in archive.infolist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = sheet((("x",),)).replace("</row>", f"{grid}</row>").encode()

    with pytest.raises(FormatError, match="1048576 rows and 16384 columns is too"):
        open_table(write_zip(path, parts))


def test_an_excel_file_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "courses.xlsx")
    path.write_bytes(path.read_bytes()[:-60])

    with pytest.raises(FormatError, match="Download it again"):
        open_table(path)


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_tables_of_a_zip_are_found_in_its_folder(tmp_path: Path) -> None:
    members = {
        "roster/": b"",
        "roster/Users.csv": b"a\n1\n",
        "__MACOSX/roster/x/._Users.csv": b"\0",
        "readme.txt": b"hello",
    }

    found = tables_in(zipped(tmp_path / "a.zip", members))

    assert list(found) == ["users.csv"]
    assert [row.get("a") for row in found["users.csv"].rows([])] == ["1"]


@pytest.mark.parametrize(
    "name", ["../users.csv", "/users.csv", "a/b/users.csv", "a\\users.csv", "C:u.csv"]
)
def test_a_path_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(FormatError, match="leads elsewhere"):
        tables_in(zipped(tmp_path / "a.zip", {name: b"a\n1\n"}))


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    bomb = b"a\n" + b"0" * (2 * zips.RATIO_FROM)

    with pytest.raises(FormatError, match="unlikely"):
        tables_in(zipped(tmp_path / "a.zip", {"users.csv": bomb}))


def test_a_zip_too_large_in_all_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zips, "LARGEST_IN_ALL", 10)

    with pytest.raises(FormatError, match="too large"):
        tables_in(zipped(tmp_path / "a.zip", {"a.csv": b"a\n123456789\n"}))


def test_the_same_table_twice_is_refused(tmp_path: Path) -> None:
    members = {"users.csv": b"a\n", "old/users.csv": b"a\n"}

    with pytest.raises(FormatError, match="twice"):
        tables_in(zipped(tmp_path / "a.zip", members))


def test_what_is_no_zip_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="can't be read"):
        tables_in(write(tmp_path / "a.zip", b"PK but nothing else"))


def test_a_report_counts_a_row_with_two_errors_once() -> None:
    report = Report("courses", "a.csv", read=3, created=2)
    report.rejected = [
        RowError("a.csv", 4, "mark", "A" * 80, "too long"),
        RowError("a.csv", 4, "state", "", "write completed or in_progress"),
    ]

    lines = report.as_lines()

    assert report.counts["rejected"] == 1
    assert lines[0].startswith("courses a.csv: 3 read, 2 created")
    assert lines[1] == f'rejected: a.csv line 4, mark: "{"A" * 57}..." too long'
    assert lines[2] == ("rejected: a.csv line 4, state: write completed or in_progress")
    assert "--partial" in lines[-1]
    assert report.rejected_table().row_count == 2


def test_a_value_can_not_steer_the_terminal() -> None:
    error = RowError("a.csv", 2, "name", "\x1b[2Jgone [red]x[/]", "write a name")
    report = Report("people", "[b]a.csv", rejected=[error])
    console = Console(file=io.StringIO(), width=120)

    console.print(report.table(), report.rejected_table())

    assert isinstance(console.file, io.StringIO)
    shown = console.file.getvalue() + str(error)
    assert "\x1b" not in shown
    assert "[red]x[/]" in shown
    assert "[b]a.csv" in shown


@pytest.mark.parametrize("end", [b"\xc3", b"\xe2\x82"])
def test_a_letter_cut_off_at_the_end_is_no_crash(tmp_path: Path, end: bytes) -> None:
    path = tmp_path / "a.csv"
    # \x81 is part of a letter of UTF-8, and nothing in Windows-1252.
    path.write_bytes(b"name\n\xc2\x81" + end)

    with pytest.raises(FormatError, match="unknown text encoding"):
        open_table(path)


def test_a_letter_that_windows_lacks_counts_wherever_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_tables, "CHUNK", 8)
    path = tmp_path / "a.csv"
    path.write_bytes(b"name\n\xc2\x81 and more, then Jos\xe9\n")

    with pytest.raises(FormatError, match="unknown text encoding"):
        open_table(path)
