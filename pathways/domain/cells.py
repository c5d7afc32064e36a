"""Types for what stands in one cell of a catalog file."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer

SEPARATOR = ";"
TRUE, FALSE = frozenset({"yes", "true", "1"}), frozenset({"no", "false", "0"})


def split(cell: Any) -> Any:
    """Turn "a; b" into ["a", "b"]; leave lists as they are."""
    if not isinstance(cell, str):
        return cell
    return [part.strip() for part in cell.split(SEPARATOR) if part.strip()]


def blank_to_none(cell: Any) -> Any:
    """Turn an empty cell into None: unknown is not zero and not no."""
    return None if isinstance(cell, str) and not cell.strip() else cell


def yes_or_no(cell: Any) -> Any:
    """Read yes/no; an empty cell is None."""
    if not isinstance(cell, str):
        return cell
    word = cell.strip().lower()
    if word in TRUE or word in FALSE:
        return word in TRUE
    if not word:
        return None
    raise ValueError("write yes or no, or leave it empty")


def show(value: Any) -> str:
    """Write a value as a catalog file holds it; `split` and its kin read it back."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple | list):
        return f"{SEPARATOR} ".join(show(one) for one in value)
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    return value.isoformat() if isinstance(value, date) else str(value)


Words = Annotated[
    tuple[str, ...],
    BeforeValidator(split),
    PlainSerializer(list, return_type=list[str], when_used="json"),
]
Numbers = Annotated[tuple[int, ...], BeforeValidator(split)]
MaybeInt = Annotated[int | None, BeforeValidator(blank_to_none)]
MaybeFloat = Annotated[float | None, BeforeValidator(blank_to_none)]
MaybeDate = Annotated[date | None, BeforeValidator(blank_to_none)]
MaybeFlag = Annotated[bool | None, BeforeValidator(yes_or_no)]
