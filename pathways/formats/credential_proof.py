"""Whether a credential's signature holds, and whose key says so.

`verified`: with a key that the school trusts for this issuer, or that is the
issuer's own name (did:key). `intact`: with a key that only the file names, so it
was not changed, but anybody may have signed it. `unverified`: no signature, or
none that can be checked on this machine. Nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.types import Options
from openbadgeslib.errors import LibOpenBadgesException
from openbadgeslib.ob3 import ldp
from openbadgeslib.ob3.clr import bundled_clr_contexts
from openbadgeslib.ob3.did import resolve_did

VERIFIED, INTACT, UNVERIFIED = "verified", "intact", "unverified"
SUITE = "eddsa-rdfc-2022"
ALGORITHMS = ["EdDSA", "ES256", "RS256"]
TAMPERED = "the signature does not match: this was changed after it was signed"
OLDER = {"issuanceDate", "expirationDate"}
MISMATCH = "signature mismatch"
Credential = dict[str, Any]


class Tampered(ValueError):
    """A signature is there, its key is known, and it does not hold."""


@dataclass(frozen=True)
class Key:
    """A public key as PEM, and whether it is surely the issuer's."""

    pem: bytes
    is_trusted: bool


def proof_of(credential: Credential, keys: Mapping[str, Any]) -> str:
    """Return what is known of an embedded proof.

    Raises:
        Tampered: the signature does not hold.
    """
    given = credential.get("proof", [])
    proofs = given if isinstance(given, list) else [given]
    for proof in proofs:
        if isinstance(proof, dict) and proof.get("cryptosuite") == SUITE:
            key = _key_of(credential, str(proof.get("verificationMethod", "")), keys)
            return UNVERIFIED if key is None else _check(credential, key)
    return UNVERIFIED


def _check(credential: Credential, key: Key) -> str:
    if not is_plain(credential):
        raise Tampered("it holds parts that the signature does not cover")
    contexts = bundled_clr_contexts()
    try:
        ldp.verify_data_integrity_proof(credential, key.pem, extra_contexts=contexts)
    except LibOpenBadgesException as error:
        if MISMATCH in str(error):
            raise Tampered(TAMPERED) from error
        return UNVERIFIED
    return VERIFIED if key.is_trusted else INTACT


def is_plain(part: Any) -> bool:
    """Tell whether a signed document says in JSON just what its signature covers.

    The signature covers the RDF that the JSON-LD stands for. Members under
    another name for the same term, nodes moved aside, contexts of the file's own
    and, beside `validFrom`, dates of the older data model would change the JSON
    without changing that RDF.
    """
    if isinstance(part, list):
        return all(map(is_plain, part))
    if not isinstance(part, dict):
        return True
    contexts = part.get("@context", [])
    named = contexts if isinstance(contexts, list) else [contexts]
    if not all(isinstance(one, str) for one in named):
        return False
    if "validFrom" in part and OLDER & part.keys():
        return False
    plain = all(name == "@context" or not {"@", ":"} & {*name} for name in part)
    return plain and all(map(is_plain, part.values()))


def issuer_of(credential: Credential) -> str:
    """Return the issuer's id."""
    issuer = credential.get("issuer", "")
    return str(issuer.get("id", "") if isinstance(issuer, dict) else issuer)


def _key_of(credential: Credential, method: str, keys: Mapping[str, Any]) -> Key | None:
    issuer = issuer_of(credential)
    if issuer in keys:
        return Key(pem_of(keys[issuer]), True)
    owner, _, fragment = method.partition("#")
    own = owner.startswith("did:key:")
    name = owner if own else f"did:key:{fragment}"
    try:
        return Key(resolve_did(name), own and owner == issuer)
    except LibOpenBadgesException:
        return None


def pem_of(key: Any) -> bytes:
    """Return a public key as PEM: given as PEM, as JWK, or as multibase (z6Mk...).

    Raises:
        ValueError: it is none of these.
    """
    try:
        if isinstance(key, dict):
            public = jwt.PyJWK.from_dict(key).key
            return bytes(
                public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
            )
        if str(key).startswith("-----BEGIN"):
            return str(key).encode()
        return resolve_did(f"did:key:{str(key).removeprefix('did:key:')}")
    except (LibOpenBadgesException, jwt.PyJWTError, AttributeError) as error:
        raise ValueError("this is no public key: give PEM, JWK or z6Mk...") from error


def from_jwt(token: str, keys: Mapping[str, Any]) -> tuple[Credential, str]:
    """Return the credential of a VC-JWT, and what is known of its signature.

    Raises:
        ValueError: it is no JWT that can be read.
        Tampered: the signature does not hold.
    """
    try:
        whole = jwt.decode_complete(token, options={"verify_signature": False})
    except jwt.PyJWTError as error:
        raise ValueError("this is no signed token (JWT) that can be read") from error
    payload, header = whole["payload"], whole["header"]
    inner = payload.get("vc")
    credential: Credential = dict(inner if isinstance(inner, dict) else payload)
    issuer = payload.get("iss") or issuer_of(credential)
    if not isinstance(issuer, str) or issuer != (issuer_of(credential) or issuer):
        raise Tampered("the token and the credential name different issuers")
    key = _jwt_key(issuer, header, keys)
    if key is None or header.get("alg") not in ALGORITHMS:
        return credential, UNVERIFIED
    # The dates are checked with the product's own clock.
    options: Options = {
        "verify_exp": False,
        "verify_nbf": False,
        "verify_iat": False,
        "verify_aud": False,
    }
    try:
        jwt.decode(token, key.pem, algorithms=ALGORITHMS, options=options)
    except jwt.PyJWTError as error:
        raise Tampered(TAMPERED) from error
    return credential, VERIFIED if key.is_trusted else INTACT


def _jwt_key(issuer: str, header: Credential, keys: Mapping[str, Any]) -> Key | None:
    if issuer in keys:
        return Key(pem_of(keys[issuer]), True)
    try:
        if isinstance(header.get("jwk"), dict):
            return Key(pem_of(header["jwk"]), False)
        owner = str(header.get("kid", "")).partition("#")[0]
        if owner.startswith("did:key:"):
            return Key(resolve_did(owner), owner == issuer)
    except (ValueError, LibOpenBadgesException):
        return None
    return None
