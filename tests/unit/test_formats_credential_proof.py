"""Signatures of credentials: verified, intact, changed, unknown (P1)."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import jwt
import pytest
from credential_reading import NOW, OHIO, TRUSTED, one, read, refused
from credentials import (
    DID,
    ISSUER,
    KEY,
    MULTIBASE,
    PRIVATE,
    PUBLIC,
    Part,
    badge,
    identity,
    record,
    signed,
)

from pathways.formats.credential_keys import read_keys
from pathways.formats.mastery import Given
from pathways.formats.problems import FormatError


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


def test_keys_are_read_in_three_spellings(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    jwk = json.loads(jwt.algorithms.OKPAlgorithm.to_jwk(KEY.public_key()))
    path.write_text(json.dumps({"a": PUBLIC, "b": MULTIBASE, "c": jwk}))

    assert len(set(read_keys(path).values())) == 1
    for wrong in ('{"a": "nothing"}', "[]", '{"a": {"kty": "x"}}'):
        path.write_text(wrong)
        with pytest.raises(FormatError, match=r"keys\.json"):
            read_keys(path)
