"""What a validator says, in words that a counselor can act on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

PATTERNS = {
    r"^\d{5}$": "write the five digits of a SCED code",
    r"^[\w .,'/&+-]+$": "use letters, digits, spaces and . , ' / & + - only",
}
PLAIN = {
    "missing": "this column is needed",
    "string_too_short": "write something here",
    "int_parsing": "write a whole number",
    "int_from_float": "write a whole number",
    "int_type": "write a whole number",
    "float_parsing": "write a number",
    "float_type": "write a number",
    "extra_forbidden": "there is no such column in this file",
}
DAY = "write a date like 2026-11-30"
BOUNDS = {
    "ge": "at least {:g}",
    "gt": "more than {:g}",
    "le": "at most {:g}",
    "lt": "under {:g}",
}


def plain_reason(problem: ErrorDetails) -> str:
    """Return the reason for one of pydantic's errors in plain words."""
    sort, context = problem["type"], problem.get("ctx", {})
    if sort in PLAIN:
        return PLAIN[sort]
    if sort.startswith("date_"):
        return DAY
    if sort in ("literal_error", "enum"):
        return f"write one of: {str(context['expected']).replace(chr(39), '')}"
    if sort == "string_pattern_mismatch":
        return PATTERNS.get(context["pattern"], "this can't be used here")
    if sort == "string_too_long":
        return f"write at most {context['max_length']} characters"
    return _bound(context) or problem["msg"].removeprefix("Value error, ")


def _bound(context: dict[str, Any]) -> str:
    for name, words in BOUNDS.items():
        if name in context:
            return "write a number that is " + words.format(context[name])
    return ""
