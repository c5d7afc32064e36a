"""CLR 2.0 and Open Badges 3.0 files: what students can do, signed by others.

Checked against JSON schemas of our own (formats/schemas), the signature where a
key is at hand. Expired, invalid or tampered credentials are rejected.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from pathways.formats import values
from pathways.formats.credential_levels import Standing, listed, standing_of
from pathways.formats.credential_proof import (
    UNVERIFIED,
    Credential,
    Tampered,
    from_jwt,
    issuer_of,
    proof_of,
)
from pathways.formats.credential_subject import student_of
from pathways.formats.json_files import Document, documents, load_json
from pathways.formats.mastery import Found, Given, MasteryRow, MasteryStream
from pathways.formats.report import RowError, shorten
from pathways.formats.tables import Row

SCHEMAS = Path(__file__).parent / "schemas"
BADGE = frozenset({"AchievementCredential", "OpenBadgeCredential"})
CLR = "ClrCredential"
NOT_A_COMPETENCY = frozenset(
    {
        "Course",
        "Degree",
        "AssociateDegree",
        "BachelorDegree",
        "MasterDegree",
        "DoctoralDegree",
        "Diploma",
        "SecondarySchoolDiploma",
        "Fieldwork",
        "CoCurricular",
        "Membership",
    }
)
NO_STUDENT = (
    "this names no student of the school; say whose record it is with --student"
)
ONE_LINE = 1


class Refused(ValueError):
    """A credential can't be used; `place` says where in it."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(reason)
        self.place = place


@dataclass(frozen=True)
class Signed:
    """A credential, the file it came in, and what is known of its signature."""

    file: str
    body: Credential
    proof: str
    kind: str

    @property
    def issuer(self) -> str:
        """The issuer's name, or else its id."""
        issuer = self.body.get("issuer")
        name = issuer.get("name") if isinstance(issuer, dict) else None
        return str(name or issuer_of(self.body))


def stream_badges(path: Path, given: Given) -> MasteryStream:
    """Read Open Badges: a .json or .jwt file, a list of badges, or a zip of them.

    Raises:
        FormatError: the file can't be opened.
    """
    return MasteryStream(_each(path, given, "openbadge"), 1)


def stream_clr(path: Path, given: Given) -> MasteryStream:
    """Read Comprehensive Learner Records in the same kinds of files.

    Raises:
        FormatError: the file can't be opened.
    """
    return MasteryStream(_each(path, given, "clr"), 1)


def _each(path: Path, given: Given, schema: str) -> Iterator[Found]:
    for document in documents(path):
        try:
            for body, proof in _opened(document, given):
                yield from _credential(document.file, body, proof, given, schema)
        except Refused as error:
            yield RowError(document.file, ONE_LINE, error.place, "", str(error))
        except ValueError as error:
            yield RowError(document.file, ONE_LINE, "", "", str(error))


def _opened(document: Document, given: Given) -> Iterator[tuple[Credential, str]]:
    """Yield each credential of a file, with its proof where it came as a token."""
    if document.text[:1] not in ("{", "["):
        yield from_jwt(document.text, given.keys)
        return
    for one in listed(load_json(document.text)):
        if not isinstance(one, dict):
            raise Refused("", "a credential is a JSON object")
        yield one, ""


def _credential(
    file: str, body: Credential, proof: str, given: Given, schema: str
) -> Iterator[Found]:
    validated(body, schema)
    _refuse_by_date(body, given.now)
    known = proof or proof_of(body, given.keys)
    if schema == "openbadge":
        yield from _achievement(Signed(file, body, known, "Open Badges"), body, given)
        return
    outer = Signed(file, body, known, "CLR")
    for inner in listed(body["credentialSubject"]["verifiableCredential"]):
        if BADGE.isdisjoint(map(str, listed(inner.get("type")))):
            yield None
            continue
        try:
            yield from _nested(outer, inner, given)
        except Refused as error:
            place = f"{inner.get('id', '')} {error.place}".strip()
            yield RowError(file, ONE_LINE, place, "", str(error))
        except Tampered as error:
            yield RowError(file, ONE_LINE, str(inner.get("id", "")), "", str(error))


def _nested(outer: Signed, inner: Credential, given: Given) -> Iterator[Found]:
    """Read one achievement of a CLR; its own signature counts before the CLR's."""
    validated(inner, "openbadge")
    _refuse_by_date(inner, given.now)
    own = proof_of(inner, given.keys) if inner.get("proof") else UNVERIFIED
    proof = outer.proof if own == UNVERIFIED else own
    yield from _achievement(Signed(outer.file, inner, proof, "CLR"), outer.body, given)


def _achievement(one: Signed, whole: Credential, given: Given) -> Iterator[Found]:
    subject = one.body["credentialSubject"]
    achievement = subject["achievement"]
    standing = standing_of(subject)
    if standing is None or achievement.get("achievementType") in NOT_A_COMPETENCY:
        yield None
        return
    student = given.student or student_of(
        [subject, whole["credentialSubject"]], given.people
    )
    if not student:
        raise Refused("credentialSubject", NO_STUDENT)
    for names, is_sure in _competencies(subject):
        yield _row(one, student, names, is_sure, standing, given)


def _row(
    one: Signed,
    student: str,
    names: tuple[str, ...],
    is_sure: bool,
    standing: Standing,
    given: Given,
) -> MasteryRow:
    achievement = one.body["credentialSubject"]["achievement"]
    return MasteryRow(
        row=Row(one.file, ONE_LINE, {}),
        student_source_id=student,
        competency=names,
        assessment=shorten(achievement["name"], 200),
        assessment_id=f"{one.body['id']} {achievement['id']}",
        attempt=1,
        earned_on=_day(one.body, given),
        source=f"{one.kind}: {shorten(one.issuer, 150)}",
        points=standing.points,
        mastery_points=standing.mastery_points,
        possible=standing.possible,
        stated=standing.level,
        proof=one.proof,
        is_sure=is_sure,
    )


def _competencies(subject: Credential) -> list[tuple[tuple[str, ...], bool]]:
    """Return the words for each competency, and whether it surely is one."""
    achievement = subject["achievement"]
    own = tuple(
        word for word in (achievement.get("humanCode"), achievement["name"]) if word
    )
    results = [
        alignment
        for result in listed(subject.get("result"))
        for alignment in listed(result.get("alignment"))
    ]
    aligned = [
        _words(one)
        for one in [*listed(achievement.get("alignment")), *results]
        if _is_competency(one)
    ]
    if len(aligned) > 1:
        return [(words, True) for words in dict.fromkeys(aligned)]
    is_sure = bool(aligned) or achievement.get("achievementType") == "Competency"
    return [((*(aligned[0] if aligned else ()), *own), is_sure)]


def _is_competency(alignment: Mapping[str, Any]) -> bool:
    kinds = [str(kind) for kind in listed(alignment.get("targetType"))]
    return any(kind in ("CFItem", "ceasn:Competency") for kind in kinds)


def _words(alignment: Mapping[str, Any]) -> tuple[str, ...]:
    last = str(alignment["targetUrl"]).rstrip("/").rpartition("/")[2]
    words = (alignment.get("targetCode"), last, alignment["targetName"])
    return tuple(str(word) for word in words if word)


def _day(body: Credential, given: Given) -> date:
    subject = body["credentialSubject"]
    moments = (
        body.get("awardedDate"),
        subject.get("activityEndDate"),
        body.get("validFrom"),
        body.get("issuanceDate"),
    )
    found = values.day(str(next(filter(None, moments), "")), given.zone)
    if found is None:
        raise Refused("validFrom", "without a date the result can't be placed")
    return found


def _refuse_by_date(body: Credential, now: datetime) -> None:
    for name in ("validUntil", "expirationDate"):
        if name in body and _moment(name, body[name]) <= now:
            raise Refused(name, f"this expired on {body[name][:10]}")
    for name in ("validFrom", "issuanceDate"):
        if name in body and _moment(name, body[name]) > now:
            raise Refused(name, f"this is not valid before {body[name][:10]}")


def _moment(name: str, text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise Refused(name, "this is no moment such as 2026-10-05T12:00:00Z") from error


def validated(body: Credential, schema: str) -> None:
    """Check a credential against a schema: `openbadge` or `clr`.

    Raises:
        Refused: naming the first part that does not fit.
    """
    errors = _validator(schema).iter_errors(body)
    first = min(errors, key=lambda one: [*map(str, one.absolute_path)], default=None)
    if first is not None:
        place = ".".join(str(part) for part in first.absolute_path)
        raise Refused(place, f"this is no valid {schema} file: {_said(first)}")


def _said(error: Any) -> str:
    if error.validator == "required":
        return shorten(error.message.replace("is a required property", "is missing"))
    if error.validator == "contains":
        return f"it lacks {shorten(str(error.schema['contains']), 80)}"
    return shorten(error.message, 120)


@cache
def _validator(schema: str) -> Draft202012Validator:
    text = (SCHEMAS / f"{schema}.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(text))
