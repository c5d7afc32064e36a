"""Documents as PDF: what goes in can be read out again (P9, O7)."""

from __future__ import annotations

import io

from pypdf import PdfReader

from pathways.formats.paper import Section
from pathways.formats.pdf import document, writable

SECTIONS = [
    Section("What", pairs=[("Course", "Ciencias & <b>más</b>"), ("Hours", "120")]),
    Section("Why", lines=["Because\nit fits"]),
    Section("Steps", rows=[("Who", "When"), ("José Muñoz", "Nov 21"), ("Łucja", "")]),
]


def text_of(content: bytes) -> str:
    return "\n".join(
        page.extract_text() for page in PdfReader(io.BytesIO(content)).pages
    )


def test_everything_that_goes_in_can_be_read() -> None:
    made = document("Credit plan", "Maya, November 21", SECTIONS)
    found = text_of(made)
    for words in ("Credit plan", "Ciencias & <b>más</b>", "120", "José Muñoz", "Łucja"):
        assert words in found
    assert PdfReader(io.BytesIO(made)).metadata is not None


def test_the_same_content_gives_the_same_bytes() -> None:
    assert document("A", "b", SECTIONS) == document("A", "b", SECTIONS)


def test_signs_of_other_scripts_lose_their_accent_or_become_a_question() -> None:
    assert writable("őž 中\x00") == "ož ?"


def test_very_long_words_and_fields_break_over_pages() -> None:
    long = "word " * 3000
    made = document("Long", "", [Section("All", pairs=[("Field", long)])])
    assert len(PdfReader(io.BytesIO(made)).pages) > 1
    wide = document("Wide", "", [Section("All", lines=["x" * 2000])])
    assert text_of(wide).replace("\n", "").count("x") == 2000
