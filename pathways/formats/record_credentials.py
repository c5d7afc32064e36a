"""Writes a student's record as CLR 2.0 and Open Badges 3.0.

W3C data model 2.0; `issuanceDate` is added for readers of the older one, whose
schema asks for it. Nothing is signed.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from typing import Any

from pathways.domain.mastery import Level

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
RECORDS = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
Part = dict[str, Any]


@dataclass(frozen=True)
class Achieved:
    """Where a student stands in a competency, and where that was shown last."""

    code: str
    title: str
    statement: str
    level: Level
    earned_on: date
    assessment: str
    source: str


@dataclass(frozen=True)
class Holder:
    """Whose record it is, and which school says so.

    Attributes:
        name: the student's id in the school's own system; it is only written as
            a salted hash, since a record is made to be shown around.
    """

    name: str
    school_id: str
    school_name: str
    made_at: datetime
    zone: tzinfo

    def urn(self, *parts: str) -> str:
        """Return the same name for the same thing in every export."""
        space = uuid.UUID(self.school_id)
        return f"urn:uuid:{uuid.uuid5(space, ' '.join(parts))}"

    @property
    def moment(self) -> str:
        """When the record was written, in UTC."""
        return _moment(self.made_at)


def clr_of(holder: Holder, achieved: Sequence[Achieved]) -> Part:
    """Return a Comprehensive Learner Record with every competency that has results.

    Below proficient, the result says "InProgress": nothing is claimed as met.
    """
    return {
        **_envelope(holder, [CREDENTIALS, RECORDS, BADGES]),
        "id": holder.urn(holder.name, "clr", holder.moment),
        "type": ["VerifiableCredential", "ClrCredential"],
        "name": f"Learning record of {holder.school_name}",
        "credentialSubject": {
            "type": ["ClrSubject"],
            "identifier": [_identity(holder)],
            "verifiableCredential": [badge_of(holder, one) for one in achieved],
        },
    }


def badge_of(holder: Holder, one: Achieved) -> Part:
    """Return an achievement credential for one competency."""
    levels = holder.urn("levels", one.code)
    met = one.level >= Level.PROFICIENT
    return {
        **_envelope(holder, [CREDENTIALS, BADGES]),
        "id": holder.urn(holder.name, one.code, one.level.word, str(one.earned_on)),
        "type": ["VerifiableCredential", "AchievementCredential"],
        "name": one.title,
        "awardedDate": _moment(datetime.combine(one.earned_on, time(12), holder.zone)),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [_identity(holder)],
            "narrative": f"{one.source}: {one.assessment}",
            "achievement": _achievement(holder, one, levels),
            "result": [
                {
                    "type": ["Result"],
                    "resultDescription": levels,
                    "achievedLevel": _level_id(holder, one.level),
                    "status": "Completed" if met else "InProgress",
                }
            ],
        },
    }


def _envelope(holder: Holder, contexts: list[str]) -> Part:
    return {
        "@context": contexts,
        "issuer": {
            "id": f"urn:uuid:{holder.school_id}",
            "type": ["Profile"],
            "name": holder.school_name,
        },
        "validFrom": holder.moment,
        "issuanceDate": holder.moment,
    }


def _identity(holder: Holder) -> Part:
    salt = holder.urn(holder.name, "salt", holder.moment)[-12:]
    digest = hashlib.sha256(f"{holder.name}{salt}".encode()).hexdigest()
    return {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": f"sha256${digest}",
        "identityType": "sourcedId",
        "salt": salt,
    }


def _achievement(holder: Holder, one: Achieved, levels: str) -> Part:
    return {
        "id": holder.urn("competency", one.code),
        "type": ["Achievement"],
        "achievementType": "Competency",
        "humanCode": one.code,
        "name": one.title,
        "description": one.statement,
        "criteria": {"narrative": one.statement},
        "resultDescription": [
            {
                "id": levels,
                "type": ["ResultDescription"],
                "name": "Mastery level",
                "resultType": "RubricCriterionLevel",
                "requiredLevel": _level_id(holder, Level.PROFICIENT),
                "rubricCriterionLevel": [
                    {
                        "id": _level_id(holder, level),
                        "type": ["RubricCriterionLevel"],
                        "name": level.word.capitalize(),
                        "level": str(level.value),
                    }
                    for level in Level
                ],
            }
        ],
    }


def _level_id(holder: Holder, level: Level) -> str:
    return holder.urn("level", level.word)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
