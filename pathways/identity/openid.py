"""The way to an OpenID provider and back: discovery, PKCE, code for id_token.

Authlib builds the requests and checks the provider's description; httpx carries them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.discovery import OpenIDProviderMetadata, get_well_known_url

from pathways.identity.config import OpenID, on_loopback, safe_address

PATIENCE_SECONDS = 5.0
LARGEST_ANSWER = 512 * 1024


class ProviderAway(Exception):
    """The school's own system gave no usable answer; the message is for the log."""


def describe(provider: OpenID) -> dict[str, Any]:
    """Return the provider's description of itself.

    Raises:
        ProviderAway: it can't be reached, or its description doesn't hold.
    """
    address = get_well_known_url(provider.issuer, external=True)
    found = OpenIDProviderMetadata(fetch_json(address))
    if found.get("issuer") != provider.issuer:
        raise ProviderAway("the issuer is another one")
    try:
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            safe_address(str(found.get(name, "")))
        if not on_loopback(provider.issuer):
            found.validate_issuer()
            found.validate_code_challenge_methods_supported()
            found.validate_token_endpoint_auth_methods_supported()
    except ValueError as error:
        raise ProviderAway(str(error)) from None
    return dict(found)


def way_there(
    provider: OpenID,
    description: Mapping[str, Any],
    *,
    back: str,
    state: str,
    nonce: str,
    verifier: str,
) -> str:
    """Return the address at which the person signs in (RFC 6749, RFC 7636)."""
    return str(
        prepare_grant_uri(
            description["authorization_endpoint"],
            client_id=provider.client_id,
            response_type="code",
            redirect_uri=back,
            scope=list(provider.scopes),
            state=state,
            nonce=nonce,
            code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
        )
    )


def trade_code(
    provider: OpenID,
    description: Mapping[str, Any],
    *,
    back: str,
    code: str,
    verifier: str,
) -> str:
    """Return the id_token that a code stands for.

    Raises:
        ProviderAway: the provider refused the code or can't be reached.
    """
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "code_verifier": verifier,
    }
    methods = description.get("token_endpoint_auth_methods_supported")
    login: httpx.BasicAuth | None = httpx.BasicAuth(provider.client_id, provider.secret)
    if methods and "client_secret_basic" not in methods:
        login = None
        form |= {"client_id": provider.client_id, "client_secret": provider.secret}
    found = _asked("POST", description["token_endpoint"], data=form, auth=login)
    token = found.get("id_token")
    if not isinstance(token, str):
        raise ProviderAway("no id_token came")
    return token


def fetch_json(address: str) -> dict[str, Any]:
    """Return the JSON object at an address of the school's own system.

    Raises:
        ProviderAway: it can't be reached, or answers something else.
    """
    return _asked("GET", address)


def _asked(method: str, address: str, **more: Any) -> dict[str, Any]:
    try:
        answer = httpx.request(
            method, address, timeout=PATIENCE_SECONDS, follow_redirects=False, **more
        )
        answer.raise_for_status()
        if len(answer.content) > LARGEST_ANSWER:
            raise ProviderAway("the answer is too large")
        found = answer.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise ProviderAway(type(error).__name__) from None
    if not isinstance(found, dict):
        raise ProviderAway("the answer is no object")
    return found
