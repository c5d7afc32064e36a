#!/usr/bin/env python3
"""Walk a running Milepost from a student's first goal to the counselor's change.

    python3 tests/walk_product.py BASE_URL LOG     LOG: what `make run` printed

Goes through the JSON API and the pages as people use them; prints each exchange;
exits 1 at the first broken promise. Standard library only.
"""

from __future__ import annotations

import http.cookiejar
import json
import re
import sys
import urllib.error
import urllib.parse
import urllib.request
import uuid
from datetime import date, timedelta

STEPS = (
    ("I want to set a goal", "goal"),
    ("raise my chemistry quiz scores", "raise my chemistry quiz scores"),
    ("from 6 out of 10 to 8 out of 10", "from 6 out of 10 to 8 out of 10"),
    ("because I want to work with animals one day", "1"),
    ("7", ""),
    ("in four weeks", ""),
    ("look over one old quiz tonight", "look over one old quiz tonight"),
    ("i put it off when i am tired", "i put it off when i am tired"),
    ("set a timer for ten minutes", "look over one old quiz tonight"),
    ("yes", "raise my chemistry quiz scores"),
)


class Walk:
    """One person who signed in, at the API or on the pages."""

    def __init__(self, base: str, name: str, password: str) -> None:
        """Sign in both ways."""
        self.base = base
        answer = self.call("POST", "/token", {"username": name, "password": password})
        self.token = answer["token"]
        jar = http.cookiejar.CookieJar()
        self.browser = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(jar)
        )
        self.submit("/sign-in", "/sign-in", username=name, password=password)

    def call(self, method: str, path: str, body: object = None) -> dict:
        """Call the JSON API and return its answer."""
        token = getattr(self, "token", "")
        request = urllib.request.Request(
            f"{self.base}/api/v1{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"content-type": "application/json"}
            | ({"authorization": f"Bearer {token}"} if token else {}),
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            sys.exit(f"{method} {path}: {error.code} {error.read().decode()[:300]}")

    def say(self, text: str) -> str:
        """Say something to the coach and return all it answers as one text."""
        body = {"client_message_id": str(uuid.uuid4()), "text": text}
        answer = self.call("POST", "/messages", body)
        told = " / ".join(reply["text"] for reply in answer["replies"])
        print(f"> {text}\n    {told[:160]}")
        if answer["status"] != "answered":
            sys.exit(f"not answered: {text}")
        return told

    def page(self, path: str) -> str:
        """Open a page."""
        with self.browser.open(self.base + path, timeout=60) as answer:
            return answer.read().decode()

    def submit(self, page: str, path: str, **fields: str) -> str:
        """Fill in the form of a page that posts to `path`, and send it."""
        form = _form(self.page(page), path)
        data = urllib.parse.urlencode({**form, **fields}).encode()
        with self.browser.open(self.base + path, data=data, timeout=60) as answer:
            return answer.read().decode()


def _form(html: str, path: str) -> dict[str, str]:
    """Return the fields of the form that posts to a path, with their values."""
    import html as entities

    for block in re.findall(r"<form\b.*?</form>", html, re.S):
        action = re.search(r'action="([^"]*)"', block)
        if action is None or entities.unescape(action[1]) != path:
            continue
        fields = {}
        for tag in re.findall(r"<input\b[^>]*>", block):
            named = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
            if "name" in named:
                fields[named["name"]] = entities.unescape(named.get("value", ""))
        for name, text in re.findall(
            r'<textarea\b[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', block, re.S
        ):
            fields[name] = entities.unescape(text).removeprefix("\n")
        for name, options in re.findall(
            r'<select\b[^>]*name="([^"]+)"[^>]*>(.*?)</select>', block, re.S
        ):
            chosen = re.search(r'<option[^>]*value="([^"]*)"[^>]*selected', options)
            fields[name] = entities.unescape(chosen[1]) if chosen else ""
        return fields
    sys.exit(f"no form for {path}")


def expect(truth: object, promise: str) -> None:
    """Stop the walk at a broken promise."""
    if not truth:
        sys.exit(f"broken: {promise}")
    print(f"  ok: {promise}")


def main(base: str, log: str) -> None:
    """Walk."""
    people = {
        found[1]: (found[2], found[3])
        for found in re.finditer(r"demo (\w+):\s*(\S+)\s*/\s*(\S+)", log)
    }
    student = Walk(base, *people["student"])
    if "hold" in student.say("hello"):
        student.say("Go on with coaching")
    student.say("stop for now")
    if "kept" in student.say(STEPS[0][0]):
        student.say("Begin a new one")
    for text, heard in STEPS[1:]:
        expect(heard.lower() in student.say(text).lower(), f"the coach takes {text!r}")
    goals = [one["what"] for one in student.call("GET", "/goals")["items"]]
    expect("raise my chemistry quiz scores" in goals, "the goal is on record")
    student.say("I like animals")
    student.say("what classes should I take next year")
    courses = student.call("GET", "/options?kind=course&limit=5")
    expect(all(one["reasons"] for one in courses["items"]), "each course has reasons")
    expect(any(one["stretch"] for one in courses["items"]), "one course is a stretch")

    draft = student.call("GET", "/summaries")["items"][0]
    expect(draft["status"] == "draft", "the summary starts as the student's draft")
    expect(all(line["said"] for line in draft["lines"]), "each line has its turn")
    advisor = Walk(base, *people["advisor"])
    me = next(
        one
        for one in advisor.call("GET", "/caseload")["items"]
        if one["name"].startswith(people["student"][0].capitalize())
    )
    path = f"/caseload/{me['id']}/summaries"
    before = {one["id"] for one in advisor.call("GET", path)["items"]}
    expect(draft["id"] not in before, "the advisor does not see the draft")
    student.call("POST", f"/summaries/{draft['id']}/release")
    after = {one["id"] for one in advisor.call("GET", path)["items"]}
    expect(draft["id"] in after, "the advisor reads the released summary")
    expect("chemistry quiz" in advisor.page(f"/caseload/{me['id']}"), "on the page too")

    counselor = Walk(base, *people["counselor"])
    change_catalog(counselor, student, courses["items"][0]["id"])
    print("the whole path holds")


def change_catalog(counselor: Walk, student: Walk, code: str) -> None:
    """Rename a course on the counselor's page; the student must hear it."""
    path = f"/catalog/course/{code}"
    old = _form(counselor.page(path), path)["title"]
    new = f"{old} {(date.today() + timedelta(days=1)):%d%H}{uuid.uuid4().hex[:4]}"
    counselor.submit(path, path, title=new)
    told = student.say(f"why did you suggest {new} for me?")
    expect(new.lower() in told.lower(), "the student hears the counselor's change")
    counselor.submit(path, path, title=old)
    told = student.say(f"why did you suggest {old} for me?")
    expect(old in told and new not in told, "and that it was changed back")


if __name__ == "__main__":
    with open(sys.argv[2], encoding="utf-8") as file:
        main(sys.argv[1].rstrip("/"), file.read())
