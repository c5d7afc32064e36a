import hashlib
import json
import zipfile
from copy import deepcopy
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jwt
import pytest
from credentials import (
    DID,
    ISSUER,
    KEY,
    LEVELS,
    MULTIBASE,
    PRIVATE,
    PUBLIC,
    RUBRIC,
    Part,
    achievement,
    badge,
    identity,
    record,
    rubric,
    signed,
    subject,
)

from pathways.domain.mastery import Level
from pathways.formats import json_files
from pathways.formats.credential_keys import read_keys
from pathways.formats.credentials import stream_badges, stream_clr
from pathways.formats.mastery import Given, MasteryReading, MasteryRow, gathered
from pathways.formats.problems import FormatError

SHARED = Path(__file__).parents[3] / "shared" / "data"
NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
OHIO = ZoneInfo("America/New_York")
GIVEN = Given(OHIO, NOW, people=("S1", "maya", "S2", "theo"))
TRUSTED = Given(OHIO, NOW, people=("S1",), keys={ISSUER: PUBLIC})


def read(folder: Path, body: Any, given: Given = GIVEN) -> MasteryReading:
    text = body if isinstance(body, str) else json.dumps(body)
    path = folder / "one.json"
    path.write_text(text, encoding="utf-8")
    is_clr = isinstance(body, dict) and "ClrCredential" in body.get("type", ())
    return gathered((stream_clr if is_clr else stream_badges)(path, given))


def one(folder: Path, body: Any, given: Given = GIVEN) -> MasteryRow:
    reading = read(folder, body, given)
    assert (reading.rejected, len(reading.results)) == ([], 1)
    return reading.results[0]


def refused(folder: Path, body: Any, given: Given = GIVEN) -> str:
    reading = read(folder, body, given)
    assert reading.results == []
    return "; ".join(map(str, reading.rejected))


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


def test_a_signature_is_verified_with_a_key_that_the_school_trusts(
    tmp_path: Path,
) -> None:
    body = signed(badge())

    assert one(tmp_path, body, TRUSTED).proof == "verified"
    assert one(tmp_path, body).proof == "intact"
    assert one(tmp_path, badge(), TRUSTED).proof == "unverified"


def test_an_issuer_that_is_a_key_verifies_itself(tmp_path: Path) -> None:
    own = {"id": DID, "type": ["Profile"]}
    body = signed(badge(issuer=own), f"{DID}#{MULTIBASE}")
    other = signed(badge(), f"{DID}#{MULTIBASE}")

    assert one(tmp_path, body).proof == "verified"
    assert one(tmp_path, other).proof == "intact"


def changed(path: str, value: Any) -> Part:
    body = deepcopy(signed(badge()))
    part: Any = body
    *way, last = path.split(".")
    for name in way:
        part = part[name]
    part[last] = value
    return body


@pytest.mark.parametrize(
    "body",
    [
        changed("credentialSubject.achievement.humanCode", "HAB.TIME"),
        changed("credentialSubject.identifier", [identity("S2")]),
        changed("validFrom", "2026-10-06T16:00:00Z"),
        changed("issuanceDate", "2026-10-01T16:00:00Z"),
        changed("credentialSubject.@included", []),
        changed("credentialSubject.urn:x", "y"),
        changed("@context", [*badge()["@context"], {"result": "urn:other"}]),
    ],
)
def test_what_was_changed_after_signing_is_refused(tmp_path: Path, body: Part) -> None:
    said = refused(tmp_path, body, TRUSTED)

    assert "changed after it was signed" in said or "does not cover" in said


def test_another_key_than_the_trusted_one_is_refused(tmp_path: Path) -> None:
    wrong = "z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi"
    given = Given(OHIO, NOW, people=("S1",), keys={ISSUER: wrong})

    assert "changed after" in refused(tmp_path, signed(badge()), given)


def token(body: Part, key: Any = PRIVATE, **headers: Any) -> str:
    return jwt.encode({**body, "iss": ISSUER}, key, "EdDSA", headers or None)


def test_a_badge_as_a_token(tmp_path: Path) -> None:
    assert one(tmp_path, token(badge()), TRUSTED).proof == "verified"
    assert one(tmp_path, token({"vc": badge()}), TRUSTED).proof == "verified"
    assert one(tmp_path, token(badge())).proof == "unverified"
    assert one(tmp_path, token(badge(), kid=f"{DID}#{MULTIBASE}")).proof == "intact"
    head, body, sign = token(badge()).split(".")
    forged = token(badge(name="Other")).split(".")[1]
    assert "changed after" in refused(tmp_path, f"{head}.{forged}.{sign}", TRUSTED)
    assert "can be read" in refused(tmp_path, f"{head}.{body}")
    secret = "a shared secret of thirty-two bytes!"
    symmetric = jwt.encode({**badge(), "iss": ISSUER}, secret, "HS256")
    assert one(tmp_path, symmetric, TRUSTED).proof == "unverified"
    mixed = jwt.encode({**badge(), "iss": "https://other.example"}, PRIVATE, "EdDSA")
    assert "different issuers" in refused(tmp_path, mixed, TRUSTED)


def test_a_record_s_signature_counts_for_what_it_holds(tmp_path: Path) -> None:
    plain, own = badge(), signed(badge(id="urn:two"))

    reading = read(tmp_path, signed(record(plain, own)), TRUSTED)

    assert [(row.proof, row.source) for row in reading.results] == [
        ("verified", "CLR: Museum")
    ] * 2
    tampered = signed(record(plain))
    inner = tampered["credentialSubject"]["verifiableCredential"][0]
    inner["credentialSubject"]["achievement"]["name"] = "Doctor"
    assert "changed after" in refused(tmp_path, tampered, TRUSTED)


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


def test_keys_are_read_in_three_spellings(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    jwk = json.loads(jwt.algorithms.OKPAlgorithm.to_jwk(KEY.public_key()))
    path.write_text(json.dumps({"a": PUBLIC, "b": MULTIBASE, "c": jwk}))

    assert len(set(read_keys(path).values())) == 1
    for wrong in ('{"a": "nothing"}', "[]", '{"a": {"kty": "x"}}'):
        path.write_text(wrong)
        with pytest.raises(FormatError, match=r"keys\.json"):
            read_keys(path)


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
