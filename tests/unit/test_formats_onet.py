"""O*NET releases in all their layouts, and those that are refused (A4)."""

import json
import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from published_files import (
    NURSE,
    SAILOR,
    WELDER,
    files_of,
    onet_tables,
    renamed,
    write_folder,
    write_zip,
)

from pathways.domain.fact_sorts import FactSort
from pathways.formats.facts import Fact, Tally
from pathways.formats.onet import open_release
from pathways.formats.onet_facts import onet_facts
from pathways.formats.problems import FormatError

LAYOUTS = ("text", "csv", "json", "xlsx")
Found = dict[tuple[FactSort, str], Fact]


def read(path: Path, tally: Tally | None = None) -> Found:
    tally = tally or Tally()
    with open_release(path) as release:
        facts = list(onet_facts(release, tally))
    assert len({fact.key for fact in facts}) == len(facts)
    return {(fact.sort, fact.code): fact for fact in facts}


def without_names(found: Found) -> dict[tuple[FactSort, str], object]:
    return {key: fact.data for key, fact in found.items()}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("names", ["29.3", "30.3"])
def test_every_layout_and_every_release_s_names_say_the_same(
    tmp_path: Path, layout: str, names: str
) -> None:
    plain = read(write_folder(tmp_path / "plain", files_of(onet_tables(), "text")))
    tables = onet_tables() if names == "29.3" else renamed(onet_tables())

    found = read(write_folder(tmp_path / "other", files_of(tables, layout, names)))

    assert without_names(found) == without_names(plain)
    assert {fact.source for fact in found.values()} == {f"O*NET {names} Database"}


@pytest.fixture
def found(tmp_path: Path) -> Iterator[tuple[Found, Tally]]:
    tally = Tally()
    yield (
        read(write_folder(tmp_path / "a", files_of(onet_tables(), "text")), tally),
        tally,
    )


def test_an_occupation_without_interests_survives_and_nothing_is_invented(
    found: tuple[Found, Tally],
) -> None:
    facts, tally = found
    sailor = facts[FactSort.OCCUPATION, SAILOR]
    assert sailor.data["interests"] == {}
    assert sailor.data["job_zone"] is None
    assert (FactSort.SKILLS, SAILOR) not in facts
    assert tally.notes == [
        "O*NET 29.3 Database: 3 occupations, 2 with interests, 2 with a job zone, "
        "2 with skills."
    ]


def test_suppressed_and_not_relevant_ratings_are_left_out(
    found: tuple[Found, Tally],
) -> None:
    facts, tally = found
    assert facts[FactSort.SKILLS, NURSE].data["ratings"] == [
        {"id": "2.A.1.a", "name": "Reading", "IM": 3.88, "LV": 4.25}
    ]
    # Two ratings, and the two high points of the interests.
    assert tally.skipped == 4


def test_release_and_month_come_from_the_read_me(found: tuple[Found, Tally]) -> None:
    nurse = found[0][FactSort.OCCUPATION, NURSE]
    assert (nurse.source, nurse.as_of) == ("O*NET 29.3 Database", date(2025, 5, 1))
    assert nurse.data["description"] == 'Care for the sick ("patients").'


def test_job_zones_are_those_of_the_reference_table(tmp_path: Path) -> None:
    tables = onet_tables()
    tables["Job Zones"] = (*tables["Job Zones"][:1], (NURSE, 5))
    tally = Tally()

    read(write_folder(tmp_path / "a", files_of(tables, "text")), tally)

    [error] = tally.rejected
    assert (error.file, error.line, error.value) == ("Job Zones.txt", 2, "5")
    assert "no such job zone" in error.reason


def test_a_rating_of_an_unknown_occupation_is_rejected(tmp_path: Path) -> None:
    tables = onet_tables()
    tables["Skills"] = (*tables["Skills"], ("11-1011.00", "x", "X", "IM", 1, "N", "N"))
    tally = Tally()

    read(write_folder(tmp_path / "a", files_of(tables, "text")), tally)

    assert [(one.line, one.value) for one in tally.rejected] == [(7, "11-1011.00")]


def test_rows_in_any_order_say_the_same(tmp_path: Path) -> None:
    tables = onet_tables()
    skills = list(tables["Interests"][1:])
    random.Random(4).shuffle(skills)
    mixed = {**tables, "Interests": (tables["Interests"][0], *skills)}

    one = read(write_folder(tmp_path / "a", files_of(tables, "text")))
    other = read(write_folder(tmp_path / "b", files_of(mixed, "text")))

    assert without_names(one) == without_names(other)


@pytest.mark.parametrize("inside", ["", "db_29_3_text/"])
def test_a_zip_reads_like_its_folder(tmp_path: Path, inside: str) -> None:
    files = files_of(onet_tables(), "text")
    files["Task Statements.txt"] = b"never opened"

    found = read(write_zip(tmp_path / "db.zip", files, inside))

    assert found == read(write_folder(tmp_path / "a", files))


def test_without_a_read_me_the_name_says_the_release(tmp_path: Path) -> None:
    files = files_of(onet_tables(), "csv")
    del files["Read Me.txt"]

    found = read(write_zip(tmp_path / "db_31_0_csv.zip", files))

    nurse = found[FactSort.OCCUPATION, NURSE]
    assert (nurse.source, nurse.as_of) == ("O*NET 31.0 Database", date(2026, 8, 1))


def test_a_json_table_may_be_a_plain_list(tmp_path: Path) -> None:
    files = files_of(onet_tables(), "json")
    for name in [name for name in files if name.endswith(".json")]:
        files[name] = json.dumps(json.loads(files[name])["row"]).encode()

    found = read(write_folder(tmp_path / "a", files))

    plain = read(write_folder(tmp_path / "b", files_of(onet_tables(), "text")))
    assert found == plain


def test_levels_of_education_carry_their_names(tmp_path: Path) -> None:
    tables = onet_tables()
    columns = ("O*NET-SOC Code", "Scale ID", "Category", "Data Value")
    tables["Education, Training, and Experience"] = (
        columns,
        (NURSE, "RL", 2, 10.5),
        (NURSE, "RL", 6, 89.5),
        (NURSE, "RL", 7, 0),
        (NURSE, "RW", 3, 40),
    )
    tables["Education, Training, and Experience Categories"] = (
        ("Scale ID", "Category", "Category Description"),
        ("RL", 2, "High School Diploma"),
        ("RL", 6, "Bachelor's Degree"),
        ("RW", 2, "Some months"),
    )

    found = read(write_folder(tmp_path / "a", files_of(tables, "xlsx")))

    assert found[FactSort.EDUCATION, NURSE].data["levels"] == [
        ["Bachelor's Degree", 89.5],
        ["High School Diploma", 10.5],
    ]


def test_a_table_that_is_not_there_is_no_table_of_nothing(tmp_path: Path) -> None:
    tables = onet_tables()
    wanted = {"Occupation Data": tables["Occupation Data"]}

    found = read(write_folder(tmp_path / "a", files_of(wanted, "text")))

    assert set(found) == {
        (FactSort.OCCUPATION, code) for code in (NURSE, WELDER, SAILOR)
    }


def refuse(path: Path, words: str) -> None:
    with pytest.raises(FormatError, match=words):
        read(path)


def test_what_is_refused_and_what_to_do(tmp_path: Path) -> None:
    files = files_of(onet_tables(), "text")
    older = files_of(onet_tables(), "text", "26.3")
    no_number = {name: text for name, text in files.items() if name != "Read Me.txt"}
    no_main = {
        name: text for name, text in files.items() if name != "Occupation Data.txt"
    }
    no_zones = {
        name: text for name, text in files.items() if name != "Job Zone Reference.txt"
    }
    mixed = {**files, **files_of(renamed(onet_tables()), "text")}
    changed = {
        **files,
        "Skills.txt": files["Skills.txt"].replace(b"Data Value", b"Rating"),
    }

    refuse(write_folder(tmp_path / "a", older), "26.3 is too old. Milepost reads 27.0")
    refuse(write_folder(tmp_path / "b", no_number), "no release number. Keep the file")
    refuse(write_folder(tmp_path / "c", no_main), "no table Occupation Data. Take the")
    refuse(write_folder(tmp_path / "d", no_zones), "without Job Zone Reference")
    refuse(write_folder(tmp_path / "e", mixed), "two releases mixed")
    refuse(write_folder(tmp_path / "f", changed), "no column Data Value. .* renamed")
    refuse(tmp_path / "nothing", "no such file or folder")
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    refuse(tmp_path / "a.pdf", "as a folder or as a zip")


def test_a_zip_that_was_cut_off_or_means_harm_is_refused(tmp_path: Path) -> None:
    files = files_of(onet_tables(), "text")
    whole = write_zip(tmp_path / "whole.zip", files).read_bytes()
    cut, broken = tmp_path / "cut.zip", tmp_path / "broken.zip"
    cut.write_bytes(whole[: len(whole) // 2])
    broken.write_bytes(whole[:70] + bytes([whole[70] ^ 0xFF]) + whole[71:])
    bomb = {**files, "Skills.txt": b"0" * (30 << 20)}
    outside = {**files, "../../Skills.txt": files["Skills.txt"]}

    refuse(cut, "damaged. Download it again")
    refuse(broken, "damaged. Download it again|path that leads elsewhere")
    refuse(write_zip(tmp_path / "bomb.zip", bomb), "packed in an unlikely way")
    refuse(write_zip(tmp_path / "out.zip", outside), "path that leads elsewhere")
    assert not (tmp_path.parent / "Skills.txt").exists()


def test_what_a_zip_states_about_sizes_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pathways.formats.unpacking.LARGEST", 50)
    refuse(
        write_zip(tmp_path / "a.zip", files_of(onet_tables(), "text")),
        "too large once unpacked",
    )
