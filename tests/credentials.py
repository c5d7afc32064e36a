"""Credentials that schools and others could send: signed, plain, and wrong."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from openbadgeslib.ob3.clr import bundled_clr_contexts
from openbadgeslib.ob3.did import did_key_from_pem
from openbadgeslib.ob3.ldp import add_data_integrity_proof

KEY = Ed25519PrivateKey.from_private_bytes(b"a key that only the tests know!!")
PRIVATE = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
PUBLIC = (
    KEY.public_key()
    .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    .decode()
)
DID = did_key_from_pem(PUBLIC.encode())
MULTIBASE = DID.removeprefix("did:key:")
ISSUER = "https://museum.example/issuers/1"
CONTEXTS = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]
RECORDS = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
RUBRIC = "urn:uuid:7d5c6b0e-0000-4000-8000-000000000001"
LEVELS = {
    name: f"urn:uuid:7d5c6b0e-0000-4000-8000-00000000001{n}"
    for n, name in enumerate(("Beginning", "Developing", "Proficient", "Advanced"))
}
Part = dict[str, Any]


def badge(**changes: Any) -> Part:
    """Return a badge for SCI.INQ; `changes` replace members of it."""
    return {
        "@context": CONTEXTS,
        "id": "https://museum.example/credentials/7",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": ISSUER, "type": ["Profile"], "name": "Museum"},
        "validFrom": "2026-10-05T16:00:00Z",
        "name": "Young scientist",
        "credentialSubject": subject(),
        **changes,
    }


def subject(**changes: Any) -> Part:
    """Return who earned what: S1, running an experiment."""
    return {
        "type": ["AchievementSubject"],
        "identifier": [identity("S1")],
        "achievement": achievement(),
        **changes,
    }


def identity(name: str) -> Part:
    """Return a student's id in plain words."""
    return {
        "type": "IdentityObject",
        "hashed": False,
        "identityHash": name,
        "identityType": "sourcedId",
    }


def achievement(**changes: Any) -> Part:
    """Return the achievement SCI.INQ."""
    return {
        "id": "https://museum.example/achievements/1",
        "type": ["Achievement"],
        "name": "Young scientist",
        "humanCode": "SCI.INQ",
        "description": "Plans and runs an experiment.",
        "criteria": {"narrative": "Ran one."},
        **changes,
    }


def rubric(required: str = "Proficient") -> Part:
    """Return a rubric of four levels."""
    return {
        "id": RUBRIC,
        "type": ["ResultDescription"],
        "name": "Level",
        "resultType": "RubricCriterionLevel",
        "requiredLevel": LEVELS[required],
        "rubricCriterionLevel": [
            {"id": key, "type": ["RubricCriterionLevel"], "name": name}
            for name, key in LEVELS.items()
        ],
    }


def record(*badges: Part, **changes: Any) -> Part:
    """Return a CLR that holds some badges."""
    return {
        "@context": [CONTEXTS[0], RECORDS, CONTEXTS[1]],
        "id": "https://museum.example/records/1",
        "type": ["VerifiableCredential", "ClrCredential"],
        "issuer": {"id": ISSUER, "type": ["Profile"], "name": "Museum"},
        "validFrom": "2026-10-06T16:00:00Z",
        "name": "Record",
        "credentialSubject": {
            "type": ["ClrSubject"],
            "identifier": [identity("S1")],
            "verifiableCredential": list(badges),
        },
        **changes,
    }


def signed(credential: Part, method: str = f"{ISSUER}#{MULTIBASE}") -> Part:
    """Return a credential with a Data Integrity proof of the tests' key."""
    found: Part = add_data_integrity_proof(
        deepcopy(credential), PRIVATE, method, extra_contexts=bundled_clr_contexts()
    )
    return found
