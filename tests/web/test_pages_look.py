"""Colours that can be read, words that exist and stay plain, code that stays small."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from pathways.domain.catalog import KINDS
from pathways.texts import FOLDER, load
from web.pages.catalog_form import own_columns

WEB = Path(__file__).parents[2] / "web"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
TEXT_FILES = [FOLDER / "en" / "pages.yml", *sorted((FOLDER / "en").glob("page_*.yml"))]
GROUNDS = ("paper", "sheet", "shade")
PAIRS = [
    *((ink, ground) for ink in ("ink", "quiet", "link", "trail") for ground in GROUNDS),
    *((ink, ground) for ink in ("accent", "danger") for ground in ("paper", "sheet")),
    ("on-trail", "trail"),
    ("on-danger", "danger"),
    ("ink", "trail-soft"),
    ("ink", "accent-soft"),
    ("accent", "accent-soft"),
    ("quiet", "accent-soft"),
    ("ink", "danger-soft"),
    ("danger", "danger-soft"),
    ("link", "danger-soft"),
    ("link", "trail-soft"),
]
EDGES = [("edge", ground) for ground in ("paper", "sheet")]
BANNED = re.compile(
    r"\b(blame|should have|just|smart|gifted|talented|not a math person|obviously"
    r"|simply)\b|!",
    re.IGNORECASE,
)
STUDENT_FILES = (
    *("pages.yml", "page_chat.yml", "page_plan.yml", "page_summaries.yml"),
    "page_pilot.yml",
)


def schemes() -> dict[str, dict[str, str]]:
    """Return the colours of both schemes by token."""
    text = (WEB / "static" / "tokens.css").read_text(encoding="utf-8")
    light, dark = text.split("@media (prefers-color-scheme: dark)")
    found = re.compile(r"--([a-z-]+):\s*(#[0-9a-f]{6})")
    day = dict(found.findall(light))
    return {"light": day, "dark": {**day, **dict(found.findall(dark))}}


def luminance(colour: str) -> float:
    """Return relative luminance (WCAG 2.2)."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (
        one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4
        for one in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, two: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2.2)."""
    high, low = sorted((luminance(one), luminance(two)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_pair_of_colours_can_be_read(scheme: str) -> None:
    colours = schemes()[scheme]
    weak = {
        (ink, ground): round(contrast(colours[ink], colours[ground]), 2)
        for pairs, least in ((PAIRS, 4.5), (EDGES, 3.0))
        for ink, ground in pairs
        if contrast(colours[ink], colours[ground]) < least
    }
    assert weak == {}


def test_colours_stand_in_the_token_file_alone() -> None:
    for file in (WEB / "static").glob("*.css"):
        if file.name != "tokens.css":
            body = file.read_text(encoding="utf-8").split("@media print")[0]
            assert not re.search(r"#[0-9a-fA-F]{3,6}\b|rgb|hsl", body), file.name


def test_every_text_that_a_template_names_exists() -> None:
    texts = load("en")
    used = re.compile(
        r"""\bt\(\s*["']((?:pages|page_[a-z]+)\.[a-z0-9_]+)["'](?=\s*[,)])"""
    )
    names = {
        name
        for file in TEMPLATES
        for name in used.findall(file.read_text(encoding="utf-8"))
    }
    assert len(names) > 100
    assert names <= texts.keys()


def test_every_field_of_the_catalog_has_a_name_for_people() -> None:
    texts = load("en")
    for model in KINDS.values():
        for name in own_columns(model):
            assert f"page_fields.{name}" in texts


def test_no_template_holds_script_style_or_words() -> None:
    for file in TEMPLATES:
        body = file.read_text(encoding="utf-8")
        assert not re.search(r"<style|style=|javascript:|\son[a-z]+=", body), file.name
        assert not re.search(r"<script(?![^>]*\ssrc=)", body), file.name
        assert "https:" not in body.replace("https://www.w3.org", ""), file.name
        body = re.sub(r"block \w+_class %\}[\w -]*", "%}", body)
        bare = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", body, flags=re.S)
        bare = re.sub(r"&\w+;|<[^>]*>", " ", bare)
        bare = re.sub(r'[\w-]+="[^"]*"|\brequired\b', " ", bare)
        assert not re.search(r"[A-Za-z]{3,}", bare), file.name


@pytest.mark.parametrize("file", TEXT_FILES, ids=lambda file: file.stem)
def test_texts_are_short_and_without_banned_words(file: Path) -> None:
    texts = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert all(isinstance(name, str | int) for name in texts)
    for name, text in texts.items():
        assert not isinstance(name, bool)
        assert not BANNED.search(text), f"{file.name} {name}: {text}"
        for sentence in re.split(r"(?<=[.?:])\s+", text):
            assert len(sentence.split()) <= 20, f"{file.name} {name}: {sentence}"


def syllables(word: str) -> int:
    """Return a count of vowel groups, without a silent e."""
    groups = len(re.findall("[aeiouy]+", word.lower()))
    silent = word.lower().endswith("e") and not word.lower().endswith("le")
    return max(groups - (silent and groups > 1), 1)


def grade(text: str) -> float:
    """Return the Flesch-Kincaid grade (Kincaid et al. 1975)."""
    words = re.findall("[A-Za-z']+", text)
    sentences = [one for one in re.split("[.?:]", text) if one.strip()]
    beats = sum(syllables(word) for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * beats / len(words) - 15.59


def test_students_texts_read_at_grade_six() -> None:
    said = [
        re.sub(r"\{\w+\}", "Maya", text)
        for name in STUDENT_FILES
        for text in yaml.safe_load(
            (FOLDER / "en" / name).read_text(encoding="utf-8")
        ).values()
        if text.endswith((".", "?"))
    ]
    assert len(said) > 80
    assert grade(" ".join(said)) <= 6
    assert {text: grade(text) for text in said if grade(text) > 10} == {}


def test_our_own_script_and_styles_stay_small() -> None:
    static = WEB / "static"
    assert len((static / "chat.js").read_text(encoding="utf-8").splitlines()) < 220
    assert sum(one.stat().st_size for one in static.glob("*.css")) < 45_000
