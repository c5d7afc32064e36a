"""Sign-in at a school's OpenID provider (OIDC)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pathways.app import Milepost
from pathways.identity.config import Identity, IdentityError, OpenID
from pathways.identity.openid import (
    ProviderAway,
    describe,
    fetch_json,
    trade_code,
    way_there,
)
from pathways.services.handshakes import (
    Begun,
    Finished,
    NotSignedIn,
    Trouble,
    claims_of,
    derived,
    enter,
    identity_of,
    identity_or_refuse,
    recall,
    remember,
)
from pathways.services.sign_in import Caller


@dataclass(frozen=True)
class Way:
    """A button on the sign-in page."""

    name: str
    label: str


def ways(milepost: Milepost) -> list[Way]:
    """Return the buttons of the sign-in page.

    Raises:
        IdentityError: the file can't be used.
    """
    found = identity_of(milepost)
    return [Way(one.name, one.label) for one in found.openid] if found else []


def begin(milepost: Milepost, name: str, next_path: str) -> Begun:
    """Begin a sign-in at an OpenID provider.

    Raises:
        NotSignedIn: there is no such provider, or it can't be reached.
    """
    identity, provider = _openid(milepost, name)
    secret = remember(milepost, name, next_path)
    try:
        address = way_there(
            provider,
            describe(provider),
            back=_back(identity, provider),
            state=derived(secret, "state"),
            nonce=derived(secret, "nonce"),
            verifier=derived(secret, "verifier"),
        )
    except ProviderAway as error:
        raise NotSignedIn(Trouble.AWAY, str(error)) from None
    return Begun(address, secret)


def finish(
    milepost: Milepost, name: str, secret: str, sent: Mapping[str, str], caller: Caller
) -> Finished:
    """Finish a sign-in with what the provider sent back by the browser.

    Args:
        milepost: the product.
        name: the provider's.
        secret: what the browser kept.
        sent: `state` and `code`, or `error`.
        caller: from where.

    Raises:
        NotSignedIn: something does not hold, or the school does not know the person.
    """
    identity, provider = _openid(milepost, name)
    begun = recall(milepost, secret, sent.get("state", ""))
    if begun.provider != name:
        raise NotSignedIn(Trouble.AGAIN, "the hand-shake is another one's")
    if not sent.get("code"):
        raise NotSignedIn(Trouble.REFUSED, "the provider sent no code")
    try:
        description = describe(provider)
        token = trade_code(
            provider,
            description,
            back=_back(identity, provider),
            code=sent["code"],
            verifier=derived(secret, "verifier"),
        )
        keys = fetch_json(description["jwks_uri"])
    except ProviderAway as error:
        raise NotSignedIn(Trouble.AWAY, str(error)) from None
    except IdentityError as error:
        raise NotSignedIn(Trouble.SET_UP, str(error)) from None
    claims = claims_of(milepost, provider, token, keys, secret)
    return Finished(
        enter(milepost, provider, claims, None, caller, "oidc"), begun.next_path
    )


def _openid(milepost: Milepost, name: str) -> tuple[Identity, OpenID]:
    identity = identity_or_refuse(milepost)
    for provider in identity.openid:
        if provider.name == name:
            return identity, provider
    raise NotSignedIn(Trouble.AGAIN, "no such provider")


def _back(identity: Identity, provider: OpenID) -> str:
    return f"{identity.address.rstrip('/')}/sign-in/with/{provider.name}/back"
