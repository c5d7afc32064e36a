"""Every flow has a page that a counselor can read aloud, and it is true."""

from __future__ import annotations

import re

import pytest
from content.assistant import ROOT, domain, responses

PAGES = ROOT / "docs" / "flows"
FLOWS = [file.stem for file in sorted(PAGES.glob("*.md")) if file.stem != "README"]
NEEDED = ["## Who ", "## What it can't do yet", "## Where it stands"]
ELSEWHERE = {"flat": "faq"}
ROOMS = "actions|bot|data|docs|pathways|tests|web"


def page(flow: str) -> str:
    return (PAGES / f"{flow}.md").read_text(encoding="utf-8")


def test_every_flow_has_a_page_that_is_listed() -> None:
    rules = {file.stem for file in (ROOT / "data" / "rules").glob("*.yml")}
    assert {ELSEWHERE.get(name, name) for name in rules} <= set(FLOWS)
    listed = re.findall(r"\]\((\w+)\.md\)", page("README"))
    assert set(FLOWS) <= set(listed)


@pytest.mark.parametrize("flow", FLOWS)
def test_a_page_says_who_sees_it_what_is_missing_and_where_it_stands(flow: str) -> None:
    headings = [line for line in page(flow).splitlines() if line.startswith("## ")]
    for needed in NEEDED:
        assert any(one.startswith(needed) for one in headings), needed


@pytest.mark.parametrize("flow", FLOWS)
def test_files_that_a_page_names_exist(flow: str) -> None:
    named = re.findall(rf"`((?:{ROOMS})/[\w./*-]*)`", page(flow))
    assert named
    assert [name for name in named if not list(ROOT.glob(name.rstrip("/")))] == []


@pytest.mark.parametrize("form", list(domain()["forms"]))
def test_a_form_s_page_quotes_its_questions_in_their_order(form: str) -> None:
    rows = re.findall(r"^\| \d+ \| “(.+?)” \|", page(form.removesuffix("_form")), re.M)
    slots = domain()["forms"][form]["required_slots"]
    assert len(rows) == len(slots)
    said = {name: variants for _, name, variants in responses()}
    for quote, slot in zip(rows, slots, strict=True):
        wanted = re.escape(quote).replace(re.escape("..."), r".*")
        asked = [
            " ".join(one["text"].split()) for one in said[f"utter_ask_{form}_{slot}"]
        ]
        assert any(re.search(wanted, one) for one in asked), quote
