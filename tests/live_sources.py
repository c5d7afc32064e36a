"""A server on this machine that speaks Canvas' Outcomes API and OneRoster REST."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from loopback import in_background

TOKEN = "a token from the environment"


@dataclass
class Fault:
    """An answer that comes instead of a page, once for each time it is listed."""

    status: int
    body: str = "{}"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class School:
    """What the server knows, how many things a page has, and what it was asked."""

    collections: dict[str, list[Any]]
    per_page: int = 2
    faults: list[Fault] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    by_offset: bool = False
    elsewhere: str = ""
    url: str = ""


@contextmanager
def serving(school: School) -> Iterator[School]:
    """Serve until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *given: Any) -> None:
            pass

        def do_GET(self) -> None:
            school.asked.append(self.path)
            if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                self.answer(Fault(401))
            elif school.faults and school.faults[0].status:
                self.answer(school.faults.pop(0))
            else:
                if school.faults:
                    school.faults.pop(0)
                self.page()

        def page(self) -> None:
            parts = urlsplit(self.path)
            query = {name: found[0] for name, found in parse_qs(parts.query).items()}
            things = school.collections.get(parts.path)
            if things is None:
                self.answer(Fault(404))
                return
            name = parts.path.rpartition("/")[2]
            if school.by_offset:
                start, size = int(query["offset"]), int(query["limit"])
                headers = {"X-Total-Count": str(len(things))}
                body = {name: things[start : start + size]}
                self.answer(Fault(200, json.dumps(body), headers))
                return
            start = int(query.get("page", "0"))
            end = start + school.per_page
            found = things[start:end]
            headers = {"X-Rate-Limit-Remaining": "20"}
            if end < len(things):
                base = school.elsewhere or school.url
                mark = "&" if parts.query else "?"
                old = f"page={start}"
                bare = self.path.replace(f"&{old}", "").replace(f"?{old}", "")
                headers["Link"] = f'<{base}{bare}{mark}page={end}>; rel="next"'
            body = found[0] if name == "outcome_results" else found
            wrapped = {name: body} if "/ims/" in parts.path else body
            self.answer(Fault(200, json.dumps(wrapped), headers))

        def answer(self, given: Fault) -> None:
            self.send_response(given.status)
            for name, value in given.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(given.body.encode())

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    school.url = f"http://127.0.0.1:{server.server_port}"
    thread = in_background(server)
    try:
        yield school
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


OUTCOME = {
    "id": 9,
    "title": "SCI.INQ",
    "display_name": "running an experiment",
    "points_possible": 4,
    "mastery_points": 3,
    "calculation_method": "decaying_average",
    "calculation_int": 60,
}


def outcome_page(*scores: tuple[int, float, str]) -> dict[str, Any]:
    """Return a page of Canvas' outcome results: (user, score, assignment)."""
    return {
        "outcome_results": [
            {
                "id": f"{user}-{work}",
                "score": score,
                "submitted_or_assessed_at": "2026-10-06T02:30:00Z",
                "mastery": score >= 3,
                "links": {"user": user, "learning_outcome": 9, "alignment": work},
            }
            for user, score, work in scores
        ],
        "linked": {
            "outcomes": [OUTCOME],
            "alignments": [{"id": "assignment_77", "name": "Lab 1"}],
        },
    }


def canvas() -> School:
    """Return two courses with two students and three results."""
    users = [
        {"id": 1, "name": "Maya", "sis_user_id": "S1"},
        {"id": 2, "name": "Theo", "login_id": "theo"},
    ]
    api = "/api/v1"
    return School(
        {
            f"{api}/accounts/5/courses": [{"id": 101}, {"id": 102}],
            f"{api}/courses/101/users": users,
            f"{api}/courses/102/users": users,
            f"{api}/courses/101/outcome_results": [
                outcome_page((1, 3.0, "assignment_77")),
                outcome_page((2, 1.0, "assignment_77")),
            ],
            f"{api}/courses/102/outcome_results": [
                outcome_page((1, 4.0, "assignment_78"))
            ],
        },
        per_page=1,
    )


def linked(source_id: str) -> dict[str, str]:
    """Return a OneRoster reference."""
    return {"sourcedId": source_id, "type": "x"}


def oneroster() -> School:
    """Return a small school as OneRoster 1.2 has it."""
    role = {"roleType": "primary", "org": linked("O1")}
    names = {"givenName": "A", "familyName": "B", "enabledUser": True}
    roster = "/ims/oneroster/rostering/v1p2"
    grades = "/ims/oneroster/gradebook/v1p2"
    users = [
        {
            **names,
            "sourcedId": f"S{number}",
            "username": f"student{number}",
            "grades": ["10"],
            "roles": [{**role, "role": "student"}],
        }
        for number in range(1, 131)
    ]
    teacher = {"sourcedId": "T1", "username": "ortiz", **names}
    users.append({**teacher, "roles": [{**role, "role": "teacher"}]})
    result = {
        "lineItem": linked("LI1"),
        "student": linked("S1"),
        "scoreStatus": "fully graded",
        "score": 3,
        "scoreDate": "2026-10-05",
    }
    objective = {"learningObjectiveId": "SCI.INQ", "textScore": "Exceeds"}
    own = {"source": "unknown", "learningObjectiveResults": [objective]}
    of_item = {"source": "unknown", "learningObjectiveIds": ["HAB.PLAN"]}
    return School(
        {
            f"{roster}/orgs": [
                {"sourcedId": "O1", "name": "Riverbend", "type": "school"}
            ],
            f"{roster}/users": users,
            f"{roster}/demographics": [{"sourcedId": "S1", "birthDate": "2011-03-14"}],
            f"{roster}/courses": [{"sourcedId": "C1", "courseCode": "MTH-GEO"}],
            f"{roster}/classes": [
                {"sourcedId": "L1", "title": "10 Advisory", "course": linked("C1")}
            ],
            f"{roster}/enrollments": [
                {
                    "sourcedId": f"E{who}",
                    "class": linked("L1"),
                    "user": linked(who),
                    "role": role_,
                }
                for who, role_ in (("S1", "student"), ("T1", "teacher"))
            ],
            f"{grades}/lineItems": [
                {
                    "sourcedId": "LI1",
                    "title": "Lab 1",
                    "resultValueMax": 4,
                    "learningObjectiveSet": [of_item],
                }
            ],
            f"{grades}/results": [
                {**result, "sourcedId": "R1", "learningObjectiveSet": [own]},
                {**result, "sourcedId": "R2"},
            ],
        },
        by_offset=True,
    )
