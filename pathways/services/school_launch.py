"""Launches from a learning platform by LTI 1.3.

What a token says of roles can only narrow what the school's import says.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from pathways.app import Milepost
from pathways.identity.config import Identity, Platform
from pathways.identity.openid import ProviderAway, fetch_json
from pathways.services.access import Role
from pathways.services.handshakes import (
    Begun,
    Finished,
    NotSignedIn,
    Trouble,
    claims_of,
    derived,
    enter,
    identity_or_refuse,
    recall,
    remember,
)
from pathways.services.sign_in import Caller

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
STAFF = frozenset({Role.ADVISOR, Role.COUNSELOR, Role.SAFETY_LEAD})
ROLES = {
    "Learner": frozenset({Role.STUDENT}),
    "Student": frozenset({Role.STUDENT}),
    "Mentor": frozenset({Role.FAMILY}),
    "Observer": frozenset({Role.FAMILY}),
    "Guardian": frozenset({Role.FAMILY}),
    "Parent": frozenset({Role.FAMILY}),
    "Instructor": STAFF,
    "TeachingAssistant": STAFF,
    "Faculty": STAFF,
    "Staff": STAFF,
    "Administrator": STAFF | {Role.ADMIN},
}


def begin_launch(milepost: Milepost, sent: Mapping[str, str]) -> Begun:
    """Begin a launch from a learning platform (LTI 1.3, OIDC login initiation).

    Raises:
        NotSignedIn: the platform is not one of ours, or left something out.
    """
    identity, platform = _platform(milepost, sent)
    if not sent.get("login_hint"):
        raise NotSignedIn(Trouble.REFUSED, "no login_hint")
    secret = remember(milepost, platform.name, "/")
    asked = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": platform.client_id,
        "redirect_uri": f"{identity.address.rstrip('/')}/lti/launch",
        "login_hint": sent["login_hint"],
        "state": derived(secret, "state"),
        "nonce": derived(secret, "nonce"),
    }
    if sent.get("lti_message_hint"):
        asked["lti_message_hint"] = sent["lti_message_hint"]
    mark = "&" if "?" in platform.login_url else "?"
    return Begun(f"{platform.login_url}{mark}{urlencode(asked)}", secret)


def finish_launch(
    milepost: Milepost, secret: str, sent: Mapping[str, str], caller: Caller
) -> Finished:
    """Finish a launch with the id_token that the platform sent by the browser.

    Raises:
        NotSignedIn: something does not hold, or the school does not know the person.
    """
    identity = identity_or_refuse(milepost)
    name = recall(milepost, secret, sent.get("state", "")).provider
    platform = next((one for one in identity.lti if one.name == name), None)
    if platform is None:
        raise NotSignedIn(Trouble.AGAIN, "the hand-shake is another one's")
    try:
        keys = fetch_json(platform.keys_url)
    except ProviderAway as error:
        raise NotSignedIn(Trouble.AWAY, str(error)) from None
    claims = claims_of(milepost, platform, sent.get("id_token", ""), keys, secret)
    if claims.get(f"{LTI}version") != "1.3.0":
        raise NotSignedIn(Trouble.REFUSED, "version")
    if claims.get(f"{LTI}message_type") != "LtiResourceLinkRequest":
        raise NotSignedIn(Trouble.REFUSED, "message_type")
    if claims.get(f"{LTI}deployment_id") not in platform.deployments:
        raise NotSignedIn(Trouble.REFUSED, "deployment")
    roles = allowed_roles(claims.get(f"{LTI}roles"))
    return Finished(enter(milepost, platform, claims, roles, caller, "lti"), "/")


def allowed_roles(given: object) -> frozenset[Role]:
    """Return the roles of ours that a launch's roles may go with (LTI 1.3, A.2)."""
    names = [str(one) for one in given] if isinstance(given, list) else []
    if any(one.endswith("#TestUser") for one in names):
        return frozenset()
    found = (ROLES.get(one.rpartition("#")[2], frozenset()) for one in names)
    return frozenset[Role]().union(*found)


def _platform(milepost: Milepost, sent: Mapping[str, str]) -> tuple[Identity, Platform]:
    identity = identity_or_refuse(milepost)
    found = [
        one
        for one in identity.lti
        if one.issuer == sent.get("iss")
        and sent.get("client_id") in (None, "", one.client_id)
    ]
    if len(found) != 1:
        raise NotSignedIn(Trouble.REFUSED, "no such platform, or more than one")
    return identity, found[0]
