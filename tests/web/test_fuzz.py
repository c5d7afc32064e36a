"""Whatever is sent, the answer is never 5xx and shows no trace of the inside (X9).

The short form is part of the suite. MILEPOST_FUZZ sets how many requests a route gets
in each test: 350 comes to about 50,000 in all, and `-s` prints the count.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from door import Door, opened
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from little_school import PEOPLE, LittleSchool, Record, fill_record, open_school
from sqlalchemy import event
from test_api_access import FORMS, RULES, path_for

schemathesis = pytest.importorskip("schemathesis", reason="requirements/dev.txt")
requests = pytest.importorskip("requests")

EACH = int(os.environ.get("MILEPOST_FUZZ", "4"))
SEED = int(os.environ.get("MILEPOST_FUZZ_SEED", "0"))
BASE = "http://testserver"
TRACES = ("Traceback (most recent", 'File "/', "sqlalchemy.exc")
WHO = ("student", "advisor", "counselor", "")
COUNT: Counter[int] = Counter()
PARAMETER = re.compile(r"\{[^}]+\}")
MACHINES = {"POST /internal/actions", "GET /metrics"}
pytestmark = pytest.mark.timeout(3600)


def many(times: int = 1) -> settings:
    return settings(
        max_examples=EACH * times,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


def hurried(connection: Any, *given_: object) -> None:
    """Let a database that is thrown away not wait for the disk."""
    connection.execute("PRAGMA synchronous=OFF")


@pytest.fixture(scope="module")
def school(
    two_schools: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LittleSchool]:
    found = open_school(
        two_schools, tmp_path_factory.mktemp("fuzz"), messages_per_minute=100_000
    )
    found.milepost.engine.dispose()
    event.listen(found.milepost.engine, "connect", hurried)
    yield found
    found.milepost.engine.dispose()


@pytest.fixture(scope="module")
def fuzzed(school: LittleSchool) -> Iterator[Door]:
    with opened(school) as found:
        yield found
    statuses = ", ".join(f"{status}: {COUNT[status]}" for status in sorted(COUNT))
    print(f"\nfuzz: {COUNT.total()} requests answered ({statuses})")


@pytest.fixture(scope="module")
def record(school: LittleSchool) -> Record:
    return fill_record(school, "student")


def operations() -> list[Any]:
    from test_api_access import settings_in_nowhere

    from pathways.app import build
    from web.app import create_app

    described = create_app(build(settings_in_nowhere())).openapi()
    schema = schemathesis.openapi.from_dict(described)
    return [found.ok() for found in schema.get_all_operations()]


OPERATIONS = {f"{one.method.upper()} {one.path}": one for one in operations()}
POSITIVE, NEGATIVE = schemathesis.GenerationMode


def takes_something(operation: Any) -> bool:
    """Tell whether a description says anything that a request could break.

    The ids in our paths are texts without a form, so that any text is one.
    """
    places = ("query", "headers", "cookies", "body")
    return any(len(getattr(operation, place)) for place in places)


CASES = [(name, POSITIVE) for name in OPERATIONS] + [
    (name, NEGATIVE) for name, one in OPERATIONS.items() if takes_something(one)
]


def is_fine(answer: httpx.Response) -> None:
    COUNT[answer.status_code] += 1
    assert answer.status_code < 500, (answer.status_code, answer.request.url)
    for trace in TRACES:
        assert trace not in answer.text


@pytest.mark.parametrize(("name", "mode"), CASES, ids=str)
def test_no_request_breaks_the_api(
    name: str, mode: Any, fuzzed: Door, record: Record
) -> None:
    cases = OPERATIONS[name].as_strategy(generation_mode=mode)
    (route,) = (one for one in RULES if one.replace(":path}", "}") == name)
    real = path_for(route, record).partition("?")[0]

    @seed(SEED)
    @many()
    @given(case=cases, who=st.sampled_from(WHO), ours=st.booleans())
    def check(case: Any, who: str, ours: bool) -> None:
        given_ = case.as_transport_kwargs(base_url=BASE)
        given_["headers"] = dict(given_.get("headers") or {})
        if ours:
            given_["url"] = f"{BASE}{real}"
        for unused in ("timeout", "verify", "allow_redirects"):
            given_.pop(unused, None)
        try:
            ready = requests.Request(**given_).prepare()
        except (ValueError, requests.exceptions.RequestException):
            return  # not a request that could be sent
        headers = {
            key: value
            for key, value in ready.headers.items()
            if key.lower() not in ("authorization", "host", "cookie")
        }
        if who:
            headers["authorization"] = f"Bearer {fuzzed.secret(who)}"
        fuzzed.client.cookies.clear()
        try:
            request = fuzzed.client.build_request(
                ready.method or "GET",
                ready.url or BASE,
                headers=headers,
                content=ready.body,
            )
        except (ValueError, UnicodeError, httpx.InvalidURL):
            return
        is_fine(fuzzed.client.send(request))

    check()


NUMBERS = st.integers(-(10**20), 10**20).map(str) | st.floats().map(str)
TEXTS = (
    st.text(max_size=60)
    | NUMBERS
    | st.dates().map(str)
    | st.sampled_from(
        (
            "",
            "\0",
            "\u202e\u200f",
            "👩‍👩‍👧",
            "-1",
            "9" * 400,
            "2026-13-45",
            "' OR 1=1 --",
        )
    )
).map(lambda text: text.encode("utf-8", "replace").decode())
ANYBODY = sorted({*PEOPLE, ""})
PAGES = [name for name in RULES if name.startswith("GET ") and name not in MACHINES]
SENT = [name for name in FORMS if name not in MACHINES]
TYPES = (
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "text/plain; charset=utf-16",
    "",
)
PIECES = (
    b'{"text":', b'"hello"', b"}", b"[", b"null", b"1e999", b"NaN", b"\xff\xfe",
    b"csrf=", b"&text=%00", b"%ff%", b"--x\r\n", b"--x--\r\n", b"\r\n\r\n",
    b'"\\ud800"',
    b'Content-Disposition: form-data; name="text"; filename="a"\r\n',
)  # fmt: skip
BODIES = st.binary(max_size=80) | st.lists(
    st.sampled_from(PIECES), min_size=1, max_size=12
).map(b"".join)
FIELDS = {
    *(field for rule in RULES.values() for field in rule.sent),
    *("before", "limit", "kind", "course", "option", "seen", "more", "next", "by"),
    *("language", "page", "riasec", "text", "state", "code", "error", "day"),
}
ASKED = st.dictionaries(
    st.sampled_from(sorted(FIELDS)) | st.text(max_size=9), TEXTS, max_size=4
)


def paths(route: str, record: Record) -> st.SearchStrategy[str]:
    """Return addresses of a route: with ids that exist, and with any text."""
    pattern = route.partition(" ")[2]
    real = st.just(path_for(route, record).partition("?")[0])
    if "{" not in pattern:
        return real
    words = TEXTS.map(lambda text: quote(text, safe="") or "-")
    return real | words.map(lambda word: PARAMETER.sub(lambda _: word, pattern))


def allowed(route: str) -> st.SearchStrategy[str]:
    """Return people, those who may use a route more often than others."""
    return st.sampled_from(sorted(RULES[route].may) or [""]) | st.sampled_from(ANYBODY)


def after(door: Door, route: str) -> None:
    if "sign-out" in route or "/end" in route or "code-app" in route:
        door._secrets.clear()


@pytest.mark.parametrize("route", PAGES)
def test_no_question_breaks_a_page(route: str, fuzzed: Door, record: Record) -> None:
    @seed(SEED)
    @many()
    @given(name=allowed(route), path=paths(route, record), asked=ASKED)
    def check(name: str, path: str, asked: dict[str, str]) -> None:
        address = str(httpx.URL(path, params=asked))
        if path.startswith("/api/v1"):
            address = address.removeprefix("/api/v1")
            is_fine(fuzzed.api(name, "GET", address, follow_redirects=False))
        else:
            is_fine(fuzzed.page(name, "GET", address))

    check()


@pytest.mark.parametrize("route", SENT)
def test_no_form_breaks_a_page(route: str, fuzzed: Door, record: Record) -> None:
    fields = st.sampled_from(sorted({*RULES[route].sent, "text", "seen", "more"}))
    right = RULES[route].sent

    @seed(SEED)
    @many()
    @given(
        name=allowed(route),
        path=paths(route, record),
        form=st.dictionaries(fields, TEXTS, max_size=6),
        complete=st.booleans(),
    )
    def check(name: str, path: str, form: dict[str, str], complete: bool) -> None:
        is_fine(
            fuzzed.page(name, "POST", path, **({**right, **form} if complete else form))
        )
        after(fuzzed, route)

    check()


@pytest.mark.parametrize("route", [one for one in RULES if one.startswith("POST ")])
def test_no_bytes_break_a_route(route: str, fuzzed: Door, record: Record) -> None:
    @seed(SEED)
    @many()
    @given(name=allowed(route), sent_as=st.sampled_from(TYPES), body=BODIES)
    def check(name: str, sent_as: str, body: bytes) -> None:
        path = path_for(route, record)
        headers = {"content-type": sent_as}
        if "/api/" in path and name:
            headers["authorization"] = f"Bearer {fuzzed.secret(name)}"
        fuzzed.client.cookies.clear()
        if "/api/" not in path and name:
            secret = fuzzed.secret(name)
            fuzzed.client.cookies.set("milepost_session", secret)
            if "urlencoded" in sent_as:
                body = f"csrf={fuzzed.csrf(secret)}&".encode() + body
        is_fine(
            fuzzed.client.post(
                path, content=body, headers=headers, follow_redirects=False
            )
        )
        after(fuzzed, route)

    check()
