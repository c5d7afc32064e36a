"""Checks of signed id_tokens: signature, issuer, audience, times, nonce.

Sources: OpenID Connect Core 1.0, 3.1.3.7; LTI 1.3 Core and 1EdTech Security Framework
1.0, 5.1.3.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384")
LEEWAY_SECONDS = 60
OLDEST_SECONDS = 600
LONGEST_TOKEN = 12_000


class TokenRefused(Exception):
    """An id_token does not hold; the message is for the log, without its content."""


def read_token(
    token: str,
    keys: Mapping[str, Any],
    *,
    issuer: str,
    client_id: str,
    nonce: str,
    now: datetime,
) -> dict[str, Any]:
    """Return the claims of an id_token that holds.

    Args:
        token: as it came, three parts.
        keys: the provider's public keys (JWK set).
        issuer: who must have signed it.
        client_id: for whom it must be.
        nonce: what was sent along when this sign-in began.
        now: the moment.

    Raises:
        TokenRefused: one of the checks failed.
    """
    # Loaded with the first token: not every school has a provider, all start.
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    if len(token) > LONGEST_TOKEN:
        raise TokenRefused("too long")
    seconds = int(now.timestamp())
    try:
        found = jwt.decode(token, KeySet.import_key_set(dict(keys)), [*ALGORITHMS])  # type: ignore[arg-type]
        jwt.JWTClaimsRegistry(
            now=seconds,
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True},
        ).validate(found.claims)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise TokenRefused(type(error).__name__) from None
    claims = dict(found.claims)
    if not hmac.compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
        raise TokenRefused("nonce")
    if seconds - int(claims["iat"]) > OLDEST_SECONDS:
        raise TokenRefused("iat")
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if several else client_id) != client_id:
        raise TokenRefused("azp")
    return claims
