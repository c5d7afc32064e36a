"""Reads the conversation files: what is said, and what must come back.

A file is one conversation: `case` (a sentence), `kind` (one of KINDS), `turns`,
`language` (the student's, English unless said) and `record` (what the record must hold
at the end). A turn says (`say`), presses a
button (`press`), lets time pass (`later`, in days) or leaves a line out of the
summary (`drop`, some words of it), and states what must hold:

    hears / never_hears   texts that must / must not be among the replies
    offers                titles of buttons that must be there
    offers_at_most        how many buttons there may be
    cards                 the least number of cards
    safety                none, soft or red (none unless said)
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict

FOLDER = Path(__file__).parent
KINDS = (
    "happy",
    "branch",
    "invalid",
    "faq",
    "why",
    "pause_resume",
    "switch",
    "revise",
    "crisis_first",
    "crisis_last",
    "stranger",
    "question",
)


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


Texts = Annotated[list[str], BeforeValidator(_listed)]


class Turn(BaseModel):
    """One thing that the student does, and what must come of it."""

    model_config = ConfigDict(extra="forbid")
    say: str | None = None
    press: str | None = None
    later: int | None = None
    drop: str | None = None
    hears: Texts = []
    never_hears: Texts = []
    offers: Texts = []
    offers_at_most: int | None = None
    cards: int = 0
    safety: Literal["none", "soft", "red"] = "none"


class Record(BaseModel):
    """What the student's record must hold when the conversation is over."""

    model_config = ConfigDict(extra="forbid")
    goals: list[str] = []
    checkins: int | None = None
    interests: Texts = []
    saved: Texts = []
    alerts: Texts = []
    released: Texts = []
    not_released: Texts = []


class Case(BaseModel):
    """A conversation."""

    model_config = ConfigDict(extra="forbid")
    case: str
    kind: Literal[KINDS]  # type: ignore[valid-type]
    record_of: str | None = "maya"
    language: Literal["en", "es"] = "en"
    turns: list[Turn]
    record: Record = Record()


def conversation_files() -> Iterator[Path]:
    """Yield every conversation file, in order."""
    yield from sorted(FOLDER.glob("*/*.yml"))


def read(file: Path) -> Case:
    """Read one conversation."""
    return Case.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
