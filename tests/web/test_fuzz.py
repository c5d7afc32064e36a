"""Whatever is sent, the answer is never 5xx and shows no trace of the inside (X9).

MILEPOST_FUZZ sets how many requests each operation gets in each mode; the default is
the short form.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from door import Door, opened
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from little_school import LittleSchool, Record, fill_record, open_school
from test_api_access import FORMS, RULES, path_for

schemathesis = pytest.importorskip("schemathesis", reason="requirements/dev.txt")
requests = pytest.importorskip("requests")

EACH = int(os.environ.get("MILEPOST_FUZZ", "8"))
BASE = "http://testserver"
TRACES = ("Traceback (most recent", 'File "/', "sqlalchemy.exc")
SETTINGS = settings(
    max_examples=EACH,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
WHO = ("student", "advisor", "counselor", "")
COUNT = {"sent": 0}
pytestmark = pytest.mark.timeout(3600)


@pytest.fixture(scope="module")
def school(
    two_schools: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LittleSchool]:
    found = open_school(
        two_schools, tmp_path_factory.mktemp("fuzz"), messages_per_minute=100_000
    )
    yield found
    found.milepost.engine.dispose()


@pytest.fixture(scope="module")
def fuzzed(school: LittleSchool) -> Iterator[Door]:
    with opened(school) as found:
        yield found
    print(f"\nfuzz: {COUNT['sent']} requests sent")


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
MODES = list(schemathesis.GenerationMode)


def is_fine(answer: httpx.Response) -> None:
    COUNT["sent"] += 1
    assert answer.status_code < 500, (answer.status_code, answer.request.url)
    for trace in TRACES:
        assert trace not in answer.text


@pytest.mark.parametrize("mode", MODES, ids=str)
@pytest.mark.parametrize("name", OPERATIONS)
def test_no_request_breaks_the_api(
    name: str, mode: Any, fuzzed: Door, record: Record
) -> None:
    cases = OPERATIONS[name].as_strategy(generation_mode=mode)

    @SETTINGS
    @given(case=cases, who=st.sampled_from(WHO))
    def check(case: Any, who: str) -> None:
        given_ = case.as_transport_kwargs(base_url=BASE)
        given_["headers"] = dict(given_.get("headers") or {})
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

    try:
        check()
    except Unsatisfiable:
        pytest.skip("nothing that breaks this operation's description can be made")


TEXTS = st.text(max_size=60) | st.sampled_from(
    ("", "\0", "\u202e\u200f", "👩‍👩‍👧", "-1", "9" * 400, "2026-13-45", "' OR 1=1 --")
)


@pytest.mark.parametrize("route", [r for r in FORMS if r != "POST /internal/actions"])
def test_no_form_breaks_a_page(route: str, fuzzed: Door, record: Record) -> None:
    name = sorted(RULES[route].may - {""})[-1]
    path = path_for(route, record)
    fields = st.sampled_from(sorted({*RULES[route].sent, "text", "seen", "more"}))

    @SETTINGS
    @given(form=st.dictionaries(fields, TEXTS, max_size=6))
    def check(form: dict[str, str]) -> None:
        form.pop("csrf", None)
        sent = {
            key: value.encode("utf-8", "replace").decode()
            for key, value in form.items()
        }
        is_fine(fuzzed.page(name, "POST", path, **sent))
        if route == "POST /sign-out":
            fuzzed._secrets.clear()

    check()
