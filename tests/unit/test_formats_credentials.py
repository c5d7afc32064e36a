"""What badges and learner records say of a student (P1)."""

import hashlib
import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from credential_reading import GIVEN, NOW, OHIO, one, read, refused
from credentials import (
    ISSUER,
    LEVELS,
    RUBRIC,
    Part,
    achievement,
    badge,
    identity,
    record,
    rubric,
    subject,
)

from pathways.domain.mastery import Level
from pathways.formats import json_files
from pathways.formats.credential_subject import is_hash
from pathways.formats.credentials import stream_badges, stream_clr
from pathways.formats.mastery import Given, gathered
from pathways.formats.problems import FormatError

SHARED = Path(__file__).parents[3] / "shared" / "data"


def test_a_badge_without_results_says_that_the_criteria_were_met(
    tmp_path: Path,
) -> None:
    result = one(tmp_path, badge())

    assert (result.student_source_id, result.level) == ("S1", Level.PROFICIENT)
    assert result.competency == ("SCI.INQ", "Young scientist")
    assert (result.source, result.proof) == ("Open Badges: Museum", "unverified")
    assert result.earned_on == date(2026, 10, 5)


@pytest.mark.parametrize("name", LEVELS)
def test_a_rubric_s_level_is_the_level(tmp_path: Path, name: str) -> None:
    result = {
        "type": ["Result"],
        "resultDescription": RUBRIC,
        "achievedLevel": LEVELS[name],
        "status": "Completed",
    }
    given = subject(
        achievement=achievement(resultDescription=[rubric()]), result=[result]
    )

    assert one(tmp_path, badge(credentialSubject=given)).level.word == name.lower()


def described(kind: str, **more: Any) -> Part:
    described = {"id": RUBRIC, "type": "ResultDescription", "name": "Score"}
    return {**described, "resultType": kind, **more}


@pytest.mark.parametrize(
    ("description", "value", "level"),
    [
        (
            described("RawScore", requiredValue="7", valueMax="10"),
            "10",
            Level.ADVANCED,
        ),
        (
            described("RawScore", requiredValue="7", valueMax="10"),
            "8",
            Level.PROFICIENT,
        ),
        (described("Percent", requiredValue="70"), "50", Level.DEVELOPING),
        (described("Percent", requiredValue="70"), "20", Level.BEGINNING),
        (
            described(
                "LetterGrade", requiredValue="C", allowedValue=["F", "D", "C", "B", "A"]
            ),
            "A",
            Level.ADVANCED,
        ),
        (
            described("LetterGrade", requiredValue="C", allowedValue=["F", "D", "C"]),
            "D",
            Level.DEVELOPING,
        ),
        (described("PerformanceLevel"), "Exceeds", Level.ADVANCED),
    ],
)
def test_a_value_is_compared_with_what_was_required(
    tmp_path: Path, description: Part, value: str, level: Level
) -> None:
    result = {"type": "Result", "resultDescription": RUBRIC, "value": value}
    given = subject(
        achievement=achievement(resultDescription=[description]), result=[result]
    )

    assert one(tmp_path, badge(credentialSubject=given)).level is level


@pytest.mark.parametrize(
    "result",
    [
        {"type": "Result", "status": "InProgress"},
        {"type": "Result", "status": "Failed", "value": "9"},
        {"type": "Result", "value": "B-"},
        {"type": "Result", "achievedLevel": "urn:nowhere"},
    ],
)
def test_what_says_nothing_about_a_level_is_skipped(
    tmp_path: Path, result: Part
) -> None:
    reading = read(tmp_path, badge(credentialSubject=subject(result=[result])))

    assert (reading.skipped, reading.results, reading.rejected) == (1, [], [])


@pytest.mark.parametrize("kind", ["Course", "Diploma", "Membership"])
def test_a_course_or_degree_is_no_competency(tmp_path: Path, kind: str) -> None:
    given = subject(achievement=achievement(achievementType=kind))

    assert read(tmp_path, badge(credentialSubject=given)).skipped == 1


def test_each_aligned_competency_gets_a_result(tmp_path: Path) -> None:
    alignments = [
        {
            "type": ["Alignment"],
            "targetName": name,
            "targetUrl": f"https://case.example/CFItems/{code}",
            "targetType": kind,
        }
        for name, code, kind in (
            ("Inquiry", "SCI.INQ", "CFItem"),
            ("Plans", "HAB.PLAN", "CFItem"),
            ("A job", "15-1252", "ceterms:Occupation"),
        )
    ]
    given = subject(achievement=achievement(alignment=alignments))

    reading = read(tmp_path, badge(credentialSubject=given))

    assert [row.competency[0] for row in reading.results] == ["SCI.INQ", "HAB.PLAN"]
    assert all(row.is_sure for row in reading.results)


def test_a_name_hashed_by_md5_is_nobodys() -> None:
    """ASVS 11.4.1."""
    digest = hashlib.md5(b"theo", usedforsecurity=False).hexdigest()
    assert not is_hash(f"md5${digest}", "theo", "")
    digest = hashlib.sha256(b"theo").hexdigest()
    assert is_hash(f"sha256${digest}", "theo", "")


def hashed(name: str, salt: str = "") -> Part:
    digest = hashlib.sha256(f"{name}{salt}".encode()).hexdigest()
    found = {**identity(f"sha256${digest}"), "hashed": True}
    return {**found, "salt": salt} if salt else found


def test_the_student_is_found_by_hash_by_id_or_as_said(tmp_path: Path) -> None:
    def student(given: Given = GIVEN, **changes: Any) -> str:
        body = badge(credentialSubject=subject(**changes))
        return one(tmp_path, body, given).student_source_id

    assert student(identifier=[hashed("theo", "pepper")]) == "theo"
    assert student(identifier=[identity("s2")]) == "S2"
    assert student(identifier=[], id="S2") == "S2"
    assert student(Given(OHIO, NOW, student="S9"), identifier=[]) == "S9"
    stranger = badge(credentialSubject=subject(identifier=[hashed("nobody")]))
    assert "--student" in refused(tmp_path, stranger)


def test_one_bad_credential_in_a_record_is_named(tmp_path: Path) -> None:
    old = badge(id="urn:old", validUntil="2026-11-01T00:00:00Z")
    other = {"type": ["VerifiableCredential", "EndorsementCredential"]}

    reading = read(tmp_path, record(badge(), old, other))

    assert (len(reading.results), reading.skipped) == (1, 1)
    [error] = reading.rejected
    assert (error.column, error.reason) == (
        "urn:old validUntil",
        "this expired on 2026-11-01",
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"issuer": None}, "issuer"),
        ({"type": ["VerifiableCredential"]}, "lacks"),
        ({"@context": ["https://other.example"]}, "@context"),
        ({"credentialSubject": {"type": "AchievementSubject"}}, "achievement"),
        ({"validFrom": "soon"}, "validFrom"),
        ({"validFrom": "2026-13-45T99:00:00Z"}, "no moment"),
        ({"validFrom": "2027-01-01T00:00:00Z"}, "not valid before"),
        ({"validUntil": "2026-11-20T00:00:00Z"}, "expired on"),
        ({"credentialSubject": subject(result=[{"type": "Other"}])}, "result"),
    ],
)
def test_what_is_not_as_the_standard_says_is_refused(
    tmp_path: Path, change: Part, said: str
) -> None:
    assert said in refused(tmp_path, badge(**change))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"id": "x"', "it stops early; download it again"),
        ('{"id": 1, "id": 2}', "twice"),
        ('{"id": NaN}', "NaN is no number"),
        ("[" * 100_000, "nested too deeply"),
        ("[" * 70 + "]" * 70, "nested too deeply"),
        ("[1]", "is a JSON object"),
        ("<html>", "can be read"),
    ],
)
def test_text_that_means_harm_is_refused(tmp_path: Path, text: str, said: str) -> None:
    assert said in refused(tmp_path, text)


def test_a_zip_of_badges_and_older_badges_are_read(tmp_path: Path) -> None:
    older = badge(issuanceDate="2026-10-05T16:00:00Z", issuer=ISSUER)
    older["@context"] = ["https://www.w3.org/2018/credentials/v1"]
    del older["validFrom"]
    older["credentialSubject"]["type"] = "AchievementSubject"
    path = tmp_path / "badges.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.json", json.dumps(badge()))
        archive.writestr("b.json", json.dumps([older]))

    reading = gathered(stream_badges(path, GIVEN))

    assert [row.row.file for row in reading.results] == ["a.json", "b.json"]
    assert reading.results[1].source == f"Open Badges: {ISSUER}"


def test_other_files_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_files, "LARGEST_JSON", 20)
    for name, data, said in (
        ("a.png", b"\x89PNG", "only .json"),
        ("a.json", b"\xff\xfe", "UTF-8"),
        ("a.json", b"x" * 30, "MB can't be read"),
        ("a.zip", b"PK", "can't be read"),
    ):
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(FormatError, match=said):
            gathered(stream_badges(path, GIVEN))


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is absent")
@pytest.mark.parametrize(
    ("file", "proof"),
    [
        ("ob30/simple.json", "intact"),
        ("ob30/simple_v1.json", "unverified"),
        ("clr/simple.json", "intact"),
        ("clr/simple-noproof.json", "unverified"),
    ],
)
def test_the_standards_own_examples_are_read(file: str, proof: str) -> None:
    read_one = stream_clr if file.startswith("clr") else stream_badges

    reading = gathered(read_one(SHARED / file, Given(OHIO, NOW, student="S1")))

    assert (reading.rejected, [row.proof for row in reading.results]) == ([], [proof])


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is absent")
@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("simple-err-expired.json", "expired on 2010-01-01"),
        ("simple-err-issuer.json", "'issuer' is missing"),
        ("simple-err-type.json", "no valid openbadge"),
    ],
)
def test_the_standards_own_wrong_examples_are_refused(file: str, said: str) -> None:
    given = Given(OHIO, NOW, student="S1")

    [error] = gathered(stream_badges(SHARED / "ob30" / file, given)).rejected

    assert said in error.reason
