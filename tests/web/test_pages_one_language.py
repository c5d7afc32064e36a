"""No page mixes languages: in Spanish nothing of our own is English (P8, issue 6)."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser

import pytest
from door import Door, opened
from little_school import LittleSchool, Record
from pypdf import PdfReader

from pathways.services import preferences, summaries
from pathways.services.access import Role
from pathways.texts import load
from web.pages import routers
from web.pages.templates import STATIC

ROLES = ("student", "advisor", "counselor", "safety_lead", "family", "admin")
SPOKEN = frozenset(
    {"aria-label", "alt", "title", "placeholder", "content"}
    | {f"data-{one}" for one in ("words", "read", "stop", "label", "none", "empty")}
    | {f"data-{one}" for one in ("left", "over", "unsent", "signed-out")}
)
SILENT = frozenset({"script", "style", "textarea"})
BLANK = re.compile(r"\{[^}]*\}")
LEAST = 4
# Forms of "tú", which no adult is called; what the coach will ask a student is quoted.
TU = re.compile(
    r"\b(tú|tu|tus|te|ti|contigo|puedes|tienes|quieres|haces|eres|estás|vas|necesitas"
    r"|sabes|juegas|miras)\b",
    re.IGNORECASE,
)
QUOTED = "page_brief.ask_"
STUDENTS = frozenset({"/offline", "/styleguide"})
STARTS = (
    "/",
    "/account",
    "/credit-plans",
    "/graduation",
    "/credit-plans/ways?course=MTH-ALG1",
    "/experiences",
    "/goals",
    "/profile",
    "/pathway",
    "/options",
    "/options?q=zzz",
    "/reflections",
    "/reminders",
    "/supports",
    "/chat/search",
    "/chat",
    "/plan",
    "/summaries",
    "/looks",
    "/person",
    "/who-sees",
    "/caseload",
    "/alerts",
    "/duty",
    "/catalog",
    "/catalog/asked-for",
    "/catalog/check",
    "/catalog?kind=opportunity&q=zzz",
    "/catalog/opportunity/new",
    "/rules",
    "/family",
    "/imports",
    "/imports/new",
    "/imports/new?kind=table",
    "/imports/new?kind=mastery",
    "/admin",
    "/admin/consent",
    "/admin/looks",
    "/my-data",
    "/data-requests",
    "/equity",
    "/equity?by=grade",
    "/ideas",
    "/ideas?riasec=SI",
    "/no-such-page",
    "/offline",
    "/styleguide",
)
MOST, EACH = 90, 1


class Words(HTMLParser):
    """Collects what a page says: its text, and the words in attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.links: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self._inside.append(tag)
        for name, value in attrs:
            if name in SPOKEN and value:
                self.said.append(" ".join(value.split()))
            if tag == "a" and name == "href" and value and value.startswith("/"):
                self.links.append(value.partition("#")[0])

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if not self._inside and data.strip():
            self.said.append(" ".join(data.split()))


def read(page: str) -> Words:
    """Return the words and links of a page."""
    found = Words()
    found.feed(page)
    return found


@cache
def english() -> tuple[dict[str, str], dict[str, str]]:
    """Return whole English texts and longer pieces of them, with their names."""
    whole: dict[str, str] = {}
    pieces: dict[str, str] = {}
    spanish = load("es")
    for name, text in load("en").items():
        theirs = spanish.get(name, "")
        if not BLANK.search(text) and text not in spanish.values():
            whole[text] = name
        for piece in BLANK.split(text):
            if len(re.findall(r"\w+", piece)) >= LEAST and piece not in theirs:
                pieces[piece.strip()] = name
    return whole, pieces


def theirs(little: LittleSchool) -> set[str]:
    """Return words that are not ours: of the catalog, user names, names of icons."""
    with little.milepost.work() as work:
        school = little["student"].school_id
        catalog = little.milepost.catalogs.current(work, school)
        every = [one for kind in catalog.entries.values() for one in kind.values()]
        titles = {one.title for one in every}
        for name in ("title_es", "description_es"):
            titles |= {getattr(one, name, "") for one in every}
        people = [work.people.in_role(school, role) for role in Role]
        names = {one.username for found in people for one in found}
    icons = (STATIC / "icons.svg").read_text(encoding="utf-8")
    return titles | names | set(re.findall(r'id="([\w-]+)"', icons))


def mixed(said: list[str], not_ours: set[str]) -> dict[str, str]:
    """Return what of a page's words is English of ours, and which text it is."""
    whole, pieces = english()
    found = {}
    for words in said:
        bare = words.strip(" :.,()·›")
        if words in whole and words not in not_ours:
            found[words] = whole[words]
        if bare in whole and bare not in not_ours:
            found[words] = whole[bare]
        for piece, name in pieces.items():
            if piece in words:
                found[words] = name
    return found


def pattern_of(path: str) -> str:
    """Return the route of an address, so that each kind is looked at once."""
    bare = path.partition("?")[0]
    for router in routers:
        for route in router.routes:
            if route.path_regex.match(bare):  # type: ignore[attr-defined]
                return f"{route.path}{'?' if '?' in path else ''}"  # type: ignore[attr-defined]
    return bare


def walk(door: Door, who: str) -> Iterator[tuple[str, Words]]:
    """Yield the pages that somebody can reach by links, each kind once."""
    waiting, seen, times = list(STARTS), set(), dict[str, int]()
    while waiting and len(seen) < MOST:
        path = waiting.pop(0)
        kind = pattern_of(path)
        if path in seen or (times.get(kind, 0) >= EACH and path not in STARTS):
            continue
        seen.add(path)
        answer = door.page(who, "GET", path)
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        times[kind] = times.get(kind, 0) + 1
        found = read(answer.text)
        assert 'lang="es"' in answer.text[:400], path
        yield path, found
        if answer.status_code == 200:
            waiting += [one for one in found.links if one not in seen]


@pytest.fixture
def door(little: LittleSchool, record: Record) -> Iterator[Door]:
    summaries.release(little.milepost, little["student"], record.summary_id)
    for name in ROLES:
        preferences.speak(little.milepost, little[name], "es")
    with opened(little) as made:
        yield made


@pytest.mark.parametrize("who", ROLES)
def test_pages_of_a_role_are_spanish_through_and_through(door: Door, who: str) -> None:
    not_ours = theirs(door.little)
    found = {path: mixed(words.said, not_ours) for path, words in walk(door, who)}
    assert len(found) >= 5
    assert {path: words for path, words in found.items() if words} == {}


ADULTS = tuple(one for one in ROLES if one != "student")


@pytest.mark.parametrize("who", ADULTS)
def test_no_page_calls_an_adult_tu(door: Door, record: Record, who: str) -> None:
    quoted = {text for name, text in load("es").items() if name.startswith(QUOTED)}
    spared = theirs(door.little) | quoted
    called = {
        (path, one)
        for path, words in walk(door, who)
        for one in words.said
        if path not in STUDENTS and TU.search(one) and one not in spared
    }
    assert called == set()


def test_papers_of_a_spanish_reader_are_spanish(door: Door, record: Record) -> None:
    not_ours = theirs(door.little)
    for who, path, title in (
        ("student", f"/credit-plans/{record.plan_id}/pdf", "Plan de crédito:"),
        ("advisor", f"/graduation/{record.student_id}/pdf", "Plan de graduación"),
    ):
        pages = PdfReader(io.BytesIO(door.page(who, "GET", path).content)).pages
        text = " ".join(" ".join(page.extract_text() for page in pages).split())
        assert title in text
        assert "21 de noviembre de 2026" in text
        assert mixed([text], not_ours) == {}


def test_an_error_page_and_a_refusal_are_in_the_reader_s_language(door: Door) -> None:
    missing = door.page("advisor", "GET", "/caseload/nobody")
    assert missing.status_code == 404
    assert "No se encontró el estudiante." in missing.text
    refused = door.page(
        "admin", "POST", "/duty", day_mon="yes", opens="8", closes="16:00"
    )
    assert refused.status_code == 422
    assert "Escriba una hora como 08:00." in refused.text


@pytest.mark.parametrize("who", ["family", "advisor", "admin"])
def test_anybody_chooses_their_language_and_goes_back(door: Door, who: str) -> None:
    assert door.page(who, "POST", "/account/language", language="en").status_code == 303
    assert '<html lang="en">' in door.page(who, "GET", "/account").text
    door.page(who, "POST", "/account/language", language="es")
    assert '<html lang="es">' in door.page(who, "GET", "/account").text
    assert door.page(who, "POST", "/account/language", language="xx").status_code == 422


def test_a_mentor_turns_the_page_spanish_and_the_answer_stays_so(
    door: Door, record: Record
) -> None:
    link = f"/confirm#{record.link}"
    opened = door.page("", "GET", "/confirm?lang=es")
    assert "Pegue el enlace" in opened.text
    asked = door.page("", "POST", "/confirm?lang=es", link=link)
    assert "¿Están bien estas horas?" in asked.text
    assert mixed(read(asked.text).said, theirs(door.little)) == {}
    door.client.cookies.set("milepost_language", "es")
    fields = {"csrf": door.csrf(""), "link": link, "answer": "yes", "who": ""}
    answer = door.client.post("/confirm", data=fields)
    assert "Escriba su nombre" in answer.text
