from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from oneroster_files import Rows, write_zip

from pathways.domain.mastery import Level
from pathways.formats.mastery import Given, MasteryReading, gathered
from pathways.formats.oneroster_results import stream_oneroster
from pathways.formats.problems import FormatError

GIVEN = Given(ZoneInfo("America/New_York"), datetime(2026, 11, 21, tzinfo=UTC))
AT_70 = Given(GIVEN.zone, GIVEN.now, mastery_percent=70)


def result(source_id: str, **more: str) -> dict[str, str]:
    return {
        "sourcedId": source_id,
        "status": "active",
        "dateLastModified": "",
        "lineItemSourcedId": "LI1",
        "studentSourcedId": "S1",
        "scoreStatus": "fully graded",
        "score": "",
        "textScore": "",
        "scoreDate": "2026-10-05",
        "inProgress": "false",
        "incomplete": "false",
        **more,
    }


def objective(owner: str, code: str, **more: str) -> dict[str, str]:
    return {
        "sourcedId": f"{owner}-{code}",
        "status": "active",
        "resultSourcedId": owner,
        "source": "unknown",
        "learningObjectiveId": code,
        "score": "",
        "textScore": "",
        **more,
    }


def line_item(source_id: str, highest: str, title: str = "Lab 1") -> dict[str, str]:
    return {
        "sourcedId": source_id,
        "title": title,
        "resultValueMin": "0",
        "resultValueMax": highest,
    }


def read(folder: Path, given: Given = GIVEN, **tables: Rows) -> MasteryReading:
    whole = {"lineItems": [line_item("LI1", "4"), line_item("LI2", "100")], **tables}
    return gathered(stream_oneroster(write_zip(folder / "a.zip", whole), given))


def test_a_result_s_own_objectives_become_results(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        results=[result("R1", score="3")],
        resultLearningObjectiveIds=[
            objective("R1", "SCI.INQ"),
            objective("R1", "HAB.PLAN", textScore="Exceeds"),
            objective("R1", "HAB.TIME", score="1.5"),
        ],
    )

    assert [
        (row.competency, row.level, row.student_source_id) for row in reading.results
    ] == [
        (("SCI.INQ",), Level.PROFICIENT, "S1"),
        (("HAB.PLAN",), Level.ADVANCED, "S1"),
        (("HAB.TIME",), Level.BEGINNING, "S1"),
    ]
    first = reading.results[0]
    assert (first.assessment, first.assessment_id) == ("Lab 1", "LI1/R1")
    assert first.earned_on == date(2026, 10, 5)


def test_else_those_of_the_line_item_count(tmp_path: Path) -> None:
    of_item = {"lineItemSourcedId": "LI1", "learningObjectiveId": "SCI.INQ"}

    reading = read(
        tmp_path,
        results=[result("R1", textScore="developing")],
        lineItemLearningObjectiveIds=[{"sourcedId": "x", "source": "case", **of_item}],
    )

    assert [row.level for row in reading.results] == [Level.DEVELOPING]


@pytest.mark.parametrize(
    ("score", "level"),
    [
        ("100", Level.ADVANCED),
        ("70", Level.PROFICIENT),
        ("50", Level.DEVELOPING),
        ("10", Level.BEGINNING),
    ],
)
def test_points_on_another_scale_need_what_counts_as_mastery(
    tmp_path: Path, score: str, level: Level
) -> None:
    tables: dict[str, Rows] = {
        "results": [result("R1", lineItemSourcedId="LI2", score=score)],
        "resultLearningObjectiveIds": [objective("R1", "SCI.INQ")],
    }

    [row] = read(tmp_path, AT_70, **tables).results
    assert (row.level, row.mastery_points, row.possible) == (level, 70, 100)
    [error] = read(tmp_path, **tables).rejected
    assert (error.file, error.line, error.column) == ("results.csv", 2, "score")
    assert "--mastery-percent" in error.reason


@pytest.mark.parametrize(
    "more",
    [
        {"scoreStatus": "exempt"},
        {"scoreStatus": "not submitted"},
        {"scoreStatus": "partially graded"},
        {"status": "tobedeleted"},
        {"inProgress": "true"},
        {"incomplete": "TRUE"},
        {"score": ""},
        {"sourcedId": "R2"},
    ],
)
def test_what_is_not_final_or_has_no_objective_is_skipped(
    tmp_path: Path, more: dict[str, str]
) -> None:
    reading = read(
        tmp_path,
        results=[result("R1", **{"score": "3", **more})],
        resultLearningObjectiveIds=[objective("R1", "SCI.INQ")],
    )

    assert (reading.skipped, reading.results, reading.rejected) == (1, [], [])


def test_other_zips_are_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="import people"):
        read(tmp_path, users=[{"sourcedId": "S1"}])
    with pytest.raises(FormatError, match="names a learning objective"):
        read(tmp_path, results=[result("R1")])
