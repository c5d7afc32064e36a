"""What an approver needs in a credit-flexibility plan, field by field (O7).

The names are those of the policy pack's rule on plan contents; a pack may ask for
more of them than the base.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

LONGEST = 1000
MOST_CREDITS, MOST_HOURS = 5.0, 2000.0
LETTER, PASS_FAIL = "letter", "pass_fail"


class FieldKind(StrEnum):
    """How a field is asked for."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    CHOICE = "choice"
    COURSE = "course"
    PERSON = "person"


@dataclass(frozen=True)
class Field:
    """One field: its kind, and whether the base asks for it in every state."""

    name: str
    kind: FieldKind = FieldKind.TEXT
    needed: bool = True
    choices: tuple[str, ...] = ()


FIELDS: Mapping[str, Field] = {
    one.name: one
    for one in (
        Field("course", FieldKind.COURSE),
        Field("content"),
        Field("ways"),
        Field("activities"),
        Field("provider", needed=False),
        Field("hours", FieldKind.NUMBER),
        Field("credit_amount", FieldKind.NUMBER),
        Field("how_proficiency_is_shown"),
        Field("instruments_or_programs", needed=False),
        Field("minimum_threshold"),
        Field("grade_option", FieldKind.CHOICE, choices=(LETTER, PASS_FAIL)),
        Field("how_grade_is_set"),
        Field("if_unfinished_or_failing"),
        Field("start_date", FieldKind.DAY),
        Field("due_date", FieldKind.DAY),
        Field("teacher_of_record", FieldKind.PERSON),
        Field("essential_question", needed=False),
        Field("competencies", needed=False),
    )
}


def needed_fields(pack_fields: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the fields that must be filled in: the base and what the pack adds."""
    asked = set(pack_fields)
    return tuple(
        name for name, field in FIELDS.items() if field.needed or name in asked
    )


def missing_fields(
    values: Mapping[str, str], pack_fields: Iterable[str] = ()
) -> tuple[str, ...]:
    """Return the needed fields that hold nothing yet, in the order of the form."""
    return tuple(
        name for name in needed_fields(pack_fields) if not values.get(name, "").strip()
    )


def day_of(text: str | None) -> date | None:
    """Read an ISO day; None where the text is none."""
    try:
        return date.fromisoformat((text or "").strip())
    except ValueError:
        return None


def number_of(text: str | None) -> float | None:
    """Read a number above zero; None where the text is none."""
    try:
        found = float((text or "").strip())
    except ValueError:
        return None
    return found if 0 < found < float("inf") else None


def field_problem(name: str, text: str, pass_fail: bool | None = None) -> str:
    """Return the name of what is wrong with an answer, empty where nothing is.

    Args:
        name: one of `FIELDS`.
        text: the answer.
        pass_fail: whether the district grades other courses so; None: not said.
    """
    field = FIELDS[name]
    if len(text) > LONGEST:
        return "too_long"
    if field.kind is FieldKind.DAY:
        return "" if day_of(text) else "no_day"
    if field.kind is FieldKind.NUMBER:
        return _number_problem(name, text)
    if field.choices and text not in field.choices:
        return "no_choice"
    return "no_pass_fail" if text == PASS_FAIL and pass_fail is False else ""


def _number_problem(name: str, text: str) -> str:
    found = number_of(text)
    most = MOST_CREDITS if name == "credit_amount" else MOST_HOURS
    return "" if found is not None and found <= most else "no_number"


def plan_problems(values: Mapping[str, str], today: date) -> tuple[str, ...]:
    """Return what does not fit together in a filled-in plan.

    Days out of order and a due day that has passed stop a signature; a start
    before today needs the approver's eye and is said in a warning instead.
    """
    start, due = day_of(values.get("start_date")), day_of(values.get("due_date"))
    found = []
    if start and due and due < start:
        found.append("days_out_of_order")
    if due and due < today:
        found.append("due_has_passed")
    return tuple(found)


def plan_warnings(values: Mapping[str, str], today: date) -> tuple[str, ...]:
    """Return what a student should know before signing; it stops nothing."""
    start = day_of(values.get("start_date"))
    found = ["athletics", "before_start"]
    if start and start < today:
        found.append("starts_before_approval")
    return tuple(found)
