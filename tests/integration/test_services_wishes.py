"""What helps a student, and what nobody found, as they are kept (P8, A4)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from little_school import LittleSchool, build_template, open_school

from pathways.domain.unmet import Kind
from pathways.services import catalog, demand, preferences, record
from pathways.services.errors import Invalid


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_template(tmp_path_factory.mktemp("template"))


@pytest.fixture
def little(template: Path, tmp_path: Path) -> Iterator[LittleSchool]:
    school = open_school(template, tmp_path)
    yield school
    school.milepost.engine.dispose()


def ask(little: LittleSchool, who: str, words: str, kind: Kind = Kind.CAREER) -> None:
    demand.note_unmet(little.milepost, little[who], kind, words)


def asked_by_three(little: LittleSchool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demand, "FEWEST_STUDENTS", 2)
    for who in ("student", "other_student"):
        ask(little, who, "Lion Tamer")


def test_a_choice_is_kept_and_replaced(little: LittleSchool) -> None:
    milepost, student = little.milepost, little["student"]
    assert preferences.settings_of(milepost, student) == preferences.Settings()
    preferences.choose(milepost, student, ["large_text", "read_aloud"], "Somali")
    kept = preferences.choose(milepost, student, ["large_text"], "")
    assert kept == preferences.Settings(("large_text",), "")
    assert preferences.wish_for_language(milepost, student, "Dari").wish == "Dari"
    assert preferences.settings_of(milepost, student).supports == ("large_text",)
    with pytest.raises(Invalid):
        preferences.choose(milepost, student, ["x-ray eyes"], "")


def test_a_student_is_met_for_the_first_time_once(little: LittleSchool) -> None:
    milepost = little.milepost
    assert preferences.first_meeting(milepost, little["student"])
    assert not preferences.first_meeting(milepost, little["student"])
    assert preferences.first_meeting(milepost, little["other_student"])


def test_words_of_too_few_students_are_counted_and_not_shown(
    little: LittleSchool,
) -> None:
    for _ in range(5):
        ask(little, "student", "lion tamer")
    ask(little, "other_student", "lion tamer")
    found = demand.unmet_demand(little.milepost, little["counselor"])
    assert (found.items, found.hidden) == ((), 1)


def test_each_student_counts_once_and_no_name_is_told(
    little: LittleSchool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_by_three(little, monkeypatch)
    ask(little, "student", "lion tamer!")
    found = demand.unmet_demand(little.milepost, little["counselor"])
    assert found.items == (demand.Unmet(Kind.CAREER, "lion tamer", 2),)
    assert demand.unmet_demand(little.milepost, little["far_counselor"]).items == ()


def test_what_the_catalog_knows_by_now_is_gone_from_the_list(
    little: LittleSchool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_by_three(little, monkeypatch)
    milepost, counselor = little.milepost, little["counselor"]
    cells = {"code": "lion tamer", "title": "lion tamer", "kind": "interest"}
    cells |= {"occupations": "29-1131", "clusters": "advanced_manufacturing"}
    catalog.edit(milepost, counselor, "phrase", cells, None)
    assert demand.unmet_demand(milepost, counselor).items == ()


def test_long_words_are_not_kept(little: LittleSchool) -> None:
    ask(little, "student", "x" * 61)
    ask(little, "student", "!!!")
    found = demand.unmet_demand(little.milepost, little["counselor"])
    assert (found.items, found.hidden) == ((), 0)


def test_a_students_copy_holds_both(little: LittleSchool) -> None:
    milepost, student = little.milepost, little["student"]
    preferences.choose(milepost, student, ["read_aloud"], "Somali")
    ask(little, "student", "lion tamer")
    whole = json.loads(record.export_record(milepost, student, "json").content)
    assert whole["settings"]["supports"] == ["read_aloud"]
    assert [one["words"] for one in whole["asked_for"]] == ["lion tamer"]
