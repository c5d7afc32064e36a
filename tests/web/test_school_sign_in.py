"""Sign-in at the school's own system: OIDC and LTI 1.3 against a local provider."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from databases import file_behind
from door import Door, opened
from joserfc.jwk import RSAKey
from little_school import LittleSchool
from openid_provider import CLIENT, LTI, SECRET, Provider, providing

from pathways.identity.config import IdentityError, read_identity
from pathways.services import second_factor
from pathways.services.sign_in import actor_for
from web.deps import COOKIE

ROLE = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
FILE = """
address: https://milepost.example
openid:
  - name: district
    school: north
    label: the district account
    issuer: {url}
    client_id: {client}
    client_secret_env: TEST_OIDC_SECRET
    claim: sub
    match: source_id
lti:
  - name: canvas
    school: north
    issuer: {url}
    client_id: {client}
    deployments: ["7"]
    login_url: {url}/authorize
    keys_url: {url}/keys
    claim: sub
    match: source_id
"""


def write(file: Path, url: str, mode: int = 0o600) -> Path:
    file.write_text(FILE.format(url=url, client=CLIENT), encoding="utf-8")
    file.chmod(mode)
    return file


@pytest.fixture
def provider(little: LittleSchool) -> Iterator[Provider]:
    with providing(little.clock.now) as found:
        found.person["sub"] = source_id(little, "student")
        yield found


@pytest.fixture
def site(
    little: LittleSchool,
    provider: Provider,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Door]:
    """The app behind https, with a school's own sign-in."""
    monkeypatch.setenv("TEST_OIDC_SECRET", SECRET)
    file = write(tmp_path / "identity.yml", provider.url)
    settings = little.milepost.settings.model_copy(update={"identity_file": file})
    school = dataclasses.replace(
        little, milepost=dataclasses.replace(little.milepost, settings=settings)
    )
    with opened(school) as door:
        door.client.base_url = httpx.URL("https://milepost.example")
        door.client.follow_redirects = False
        yield door


def source_id(little: LittleSchool, name: str) -> str:
    with little.milepost.work() as work:
        person = work.people.by_id(little[name].id)
        assert person is not None
        return person.source_id


def through(site: Door, provider: Provider, **changed: str) -> httpx.Response:
    """Go to the provider and come back."""
    there = site.client.get("/sign-in/with/district?next=/plan")
    assert there.status_code == 303
    assert there.headers["location"].startswith(f"{provider.url}/authorize?")
    sent = {**provider.agree(there.headers["location"]), **changed}
    return site.client.get("/sign-in/with/district/back", params=sent)


def launched(site: Door, provider: Provider, *roles: str) -> httpx.Response:
    """Launch from the platform, as its page's forms do."""
    begun = site.client.post(
        "/lti/login",
        data={"iss": provider.url, "login_hint": "7", "client_id": CLIENT},
        headers={"origin": provider.url, "sec-fetch-site": "cross-site"},
    )
    assert begun.status_code == 303
    cookie = begun.headers["set-cookie"].lower()
    assert "samesite=none" in cookie and "secure" in cookie and "httponly" in cookie
    form = provider.launch(begun.headers["location"], [f"{ROLE}{one}" for one in roles])
    return launch_with(site, provider, form)


def launch_with(site: Door, provider: Provider, form: dict[str, str]) -> httpx.Response:
    headers = {"origin": provider.url, "sec-fetch-site": "cross-site"}
    return site.client.post("/lti/launch", data=form, headers=headers)


def trouble(answer: httpx.Response) -> str:
    assert answer.status_code == 303
    where, _, what = answer.headers["location"].partition("?trouble=")
    assert where == "/sign-in" and COOKIE not in answer.cookies
    return what


def who(site: Door, answer: httpx.Response) -> Any:
    assert "trouble" not in answer.headers["location"], answer.headers["location"]
    return actor_for(site.little.milepost, answer.cookies[f"__Host-{COOKIE}"])


def test_a_person_on_the_schools_list_signs_in_and_goes_on(
    site: Door, provider: Provider
) -> None:
    assert "the district account" in site.client.get("/sign-in").text
    answer = through(site, provider)
    assert answer.headers["location"] == "/plan"
    assert who(site, answer) == site.little["student"]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"iss": "https://evil.example"}, "refused"),
        ({"aud": "another-client"}, "refused"),
        ({"aud": [CLIENT, "other"]}, "refused"),
        ({"azp": "another-client"}, "refused"),
        ({"nonce": "another"}, "refused"),
        ({"nonce": None}, "refused"),
        ({"exp": 1}, "refused"),
        ({"exp": None}, "refused"),
        ({"iat": 1}, "refused"),
        ({"sub": None}, "refused"),
        ({"sub": "nobody-we-know"}, "unknown"),
        ({"sub": ""}, "refused"),
        ({"sub": ["a"]}, "refused"),
        ({"sub": "x" * 500}, "unknown"),
    ],
)
def test_a_token_that_does_not_hold_opens_nothing(
    site: Door, provider: Provider, changed: dict[str, Any], expected: str
) -> None:
    provider.changed = changed
    answer = through(site, provider)
    assert trouble(answer) == expected
    shown = site.client.get(answer.headers["location"])
    assert shown.status_code == 200
    assert 'role="alert"' in shown.text
    assert trouble(launched(site, provider, "Learner")) == expected


def test_a_token_signed_by_another_is_refused(site: Door, provider: Provider) -> None:
    provider.signer = RSAKey.generate_key(2048)
    assert trouble(through(site, provider)) == "refused"
    assert trouble(launched(site, provider, "Learner")) == "refused"


def test_a_person_of_another_school_or_one_who_left_is_unknown(
    site: Door, provider: Provider
) -> None:
    provider.changed = {"sub": source_id(site.little, "far_student")}
    assert trouble(through(site, provider)) == "unknown"
    provider.changed = {}
    with site.little.milepost.work() as work:
        person = work.people.by_id(site.little["student"].id)
        assert person is not None
        person.active = False
        work.commit()
    assert trouble(through(site, provider)) == "unknown"


def test_an_account_that_was_made_by_hand_is_not_reached_from_outside(
    site: Door, provider: Provider
) -> None:
    with site.little.milepost.work() as work:
        person = work.people.by_id(site.little["admin"].id)
        assert person is not None
        person.source_id = "local:admin"
        work.commit()
    provider.changed = {"sub": "local:admin"}
    assert trouble(through(site, provider)) == "unknown"


def test_the_way_back_works_once_in_the_browser_that_began(
    site: Door, provider: Provider
) -> None:
    there = site.client.get("/sign-in/with/district")
    sent = provider.agree(there.headers["location"])
    kept = dict(site.client.cookies)
    back = "/sign-in/with/district/back"
    site.client.cookies.clear()
    assert trouble(site.client.get(back, params=sent)) == "again"
    site.client.cookies.update(kept)
    assert trouble(site.client.get(back, params={**sent, "state": "x"})) == "again"
    site.client.cookies.update(kept)
    assert who(site, site.client.get(back, params=sent)) == site.little["student"]
    site.client.cookies.clear()
    site.client.cookies.update(kept)
    assert trouble(site.client.get(back, params=sent)) == "again"


def test_a_way_back_that_took_too_long_is_over(site: Door, provider: Provider) -> None:
    there = site.client.get("/sign-in/with/district")
    sent = provider.agree(there.headers["location"])
    site.little.clock.now += timedelta(minutes=11)
    answer = site.client.get("/sign-in/with/district/back", params=sent)
    assert trouble(answer) == "again"


def test_a_code_of_another_sign_in_is_refused(site: Door, provider: Provider) -> None:
    other = provider.agree(
        site.client.get("/sign-in/with/district").headers["location"]
    )
    site.client.cookies.clear()
    assert trouble(through(site, provider, code=other["code"])) == "away"
    assert provider.refusals == ["code"]


@pytest.mark.parametrize(
    "described",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://evil.example/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": None},
    ],
)
def test_a_description_that_does_not_hold_is_not_followed(
    site: Door, provider: Provider, described: dict[str, Any]
) -> None:
    provider.described = described
    assert trouble(site.client.get("/sign-in/with/district")) == "away"


def test_a_provider_that_does_not_answer_leaves_the_password_way(
    site: Door, provider: Provider, tmp_path: Path
) -> None:
    write(tmp_path / "identity.yml", "http://127.0.0.1:9")
    answer = site.client.get("/sign-in/with/district")
    assert trouble(answer) == "away"
    page = site.client.get(answer.headers["location"]).text
    assert "does not answer" in page and 'name="password"' in page


def test_a_file_that_others_may_read_is_not_used(
    site: Door, provider: Provider, tmp_path: Path
) -> None:
    file = write(tmp_path / "identity.yml", provider.url, 0o644)
    assert trouble(site.client.get("/sign-in/with/district")) == "set_up"
    assert site.client.get("/sign-in").status_code == 200
    with pytest.raises(IdentityError, match="chmod 600"):
        read_identity(file)


def test_no_secret_reaches_the_database_or_the_page(
    site: Door, provider: Provider, tmp_path: Path
) -> None:
    who(site, through(site, provider))
    main = file_behind(site.little.milepost.settings.database_url)
    stored = b"".join(one.read_bytes() for one in main.parent.glob("milepost.db*"))
    assert stored
    assert SECRET.encode() not in stored
    assert SECRET not in site.client.get("/sign-in").text


@pytest.mark.parametrize(
    ("role", "name", "expected"),
    [
        ("Learner", "student", ""),
        ("Instructor", "advisor", ""),
        ("Instructor", "counselor", ""),
        ("Mentor", "family", ""),
        ("Administrator", "admin", ""),
        ("Administrator", "student", "role"),
        ("Instructor", "student", "role"),
        ("Instructor", "admin", "role"),
        ("Learner", "advisor", "role"),
        ("Gardener", "student", "role"),
    ],
)
def test_a_launch_lets_in_whom_the_import_and_the_platform_agree_on(
    site: Door, provider: Provider, role: str, name: str, expected: str
) -> None:
    provider.changed = {"sub": source_id(site.little, name)}
    answer = launched(site, provider, role)
    if expected:
        assert trouble(answer) == expected
    else:
        assert who(site, answer) == site.little[name]


@pytest.mark.parametrize(
    "changed",
    [
        {f"{LTI}deployment_id": "8"},
        {f"{LTI}deployment_id": None},
        {f"{LTI}version": "1.1"},
        {f"{LTI}message_type": "LtiDeepLinkingRequest"},
    ],
)
def test_a_launch_of_another_kind_or_deployment_is_refused(
    site: Door, provider: Provider, changed: dict[str, Any]
) -> None:
    provider.changed = changed
    assert trouble(launched(site, provider, "Learner")) == "refused"


def test_a_launch_works_once(site: Door, provider: Provider) -> None:
    data = {"iss": provider.url, "login_hint": "7"}
    begun = site.client.post("/lti/login", data=data)
    kept = dict(site.client.cookies)
    form = provider.launch(begun.headers["location"], [f"{ROLE}Learner"])
    assert who(site, launch_with(site, provider, form)) == site.little["student"]
    site.client.cookies.clear()
    site.client.cookies.update(kept)
    assert trouble(launch_with(site, provider, form)) == "again"
    site.client.cookies.clear()
    assert trouble(launch_with(site, provider, form)) == "again"


@pytest.mark.parametrize(
    "data",
    [{}, {"iss": "https://evil.example", "login_hint": "7"}, {"iss": "", "x": "y"}],
)
def test_a_launch_from_a_platform_we_do_not_know_is_refused(
    site: Door, data: dict[str, str]
) -> None:
    assert trouble(site.client.post("/lti/login", data=data)) == "refused"
    assert trouble(site.client.get("/lti/login", params=data)) == "refused"


def test_staff_who_must_give_a_code_give_it_here_too(
    site: Door, provider: Provider
) -> None:
    second_factor.staff_must(site.little.milepost, site.little["admin"], True)
    provider.changed = {"sub": source_id(site.little, "advisor")}
    answer = through(site, provider)
    assert who(site, answer) is None
    assert second_factor.waiting(
        site.little.milepost, answer.cookies[f"__Host-{COOKIE}"]
    )
