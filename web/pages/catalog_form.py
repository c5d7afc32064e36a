"""A form for any kind of catalog entry, made from the fields of its model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from pathways.domain.catalog import KINDS, Catalog, Entry, Status
from pathways.domain.cells import show
from pathways.domain.prerequisites import Rule, UnreadableRule, parse
from pathways.domain.references import REFERENCES

RECORD = ("status", "source", "as_of", "review_by")
LONG = frozenset(
    {"description", "description_es", "statement", "a_day", "schooling"}
    | {"evidence", "requirements"}
)
FLAGS = ("", "yes", "no")


class Control(StrEnum):
    """How a field is filled in."""

    TEXT = "text"
    AREA = "area"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    FLAG = "flag"
    LIST = "list"


@dataclass(frozen=True)
class Choice:
    """One choice of a list, or an entry that a field refers to."""

    value: str
    label: str


@dataclass(frozen=True)
class FormField:
    """A field of the form: what stands in it, and what is wrong with that."""

    name: str
    control: Control
    value: str
    required: bool
    choices: tuple[Choice, ...] = ()
    named: tuple[Choice, ...] = ()
    wanted: str = ""
    error: str = ""


def control_of(name: str, field: FieldInfo) -> Control:
    """Return how a field of a model is filled in."""
    kind: Any = field.annotation
    if get_origin(kind) in (Union, UnionType):
        kind = next(one for one in get_args(kind) if one is not NoneType)
    if get_origin(kind) is tuple:
        return Control.LIST
    if get_origin(kind) is Literal or kind is Status:
        return Control.CHOICE
    plain = {bool: Control.FLAG, int: Control.NUMBER, float: Control.NUMBER}
    plain[date] = Control.DATE
    if kind in plain:
        return plain[kind]
    return Control.AREA if name in LONG else Control.TEXT


def own_columns(model: type[Entry]) -> list[str]:
    """Return a kind's columns in the order of the form, without the code."""
    columns = [name for name in model.model_fields if name not in RECORD]
    return [name for name in columns if name != "code"] + list(RECORD)


def column_of(model: type[Entry], named: str) -> str:
    """Return the field that an error names, by its name or its alias."""
    for name, field in model.model_fields.items():
        if named in (name, field.alias):
            return name
    return ""


def wanted_by(model: type[Entry], name: str) -> str:
    """Return the kind of entry whose codes stand in a field, or nothing."""
    for kind, column, wanted in REFERENCES:
        if kind is model and column == name:
            return wanted.kind
    return ""


def blank_cells(kind: str) -> dict[str, str]:
    """Return the texts that a new entry starts with: what the model gives."""
    return {
        name: show(field.default)
        for name, field in KINDS[kind].model_fields.items()
        if not field.is_required()
    }


def fields_of(
    catalog: Catalog,
    kind: str,
    cells: Mapping[str, str],
    error: tuple[str, str] = ("", ""),
) -> list[FormField]:
    """Return the form's fields, filled with texts as typed.

    Args:
        catalog: the newest catalog, for the names of codes.
        kind: a kind of entry.
        cells: column -> text.
        error: the column with an error, and what is wrong.
    """
    model = KINDS[kind]
    return [
        _field(catalog, model, name, cells.get(name, ""), error)
        for name in own_columns(model)
    ]


def _field(
    catalog: Catalog,
    model: type[Entry],
    name: str,
    value: str,
    error: tuple[str, str],
) -> FormField:
    field = model.model_fields[name]
    control, wanted = control_of(name, field), wanted_by(model, name)
    choices = _choices(catalog, control, field, wanted, value)
    return FormField(
        name=name,
        control=Control.CHOICE if choices and control is Control.TEXT else control,
        value=value,
        required=field.is_required(),
        choices=choices,
        named=_named(catalog, wanted, value) if control is Control.LIST else (),
        wanted=wanted,
        error=error[1] if error[0] == name else "",
    )


def _choices(
    catalog: Catalog, control: Control, field: FieldInfo, wanted: str, value: str
) -> tuple[Choice, ...]:
    if control is Control.FLAG:
        return tuple(Choice(flag, flag) for flag in FLAGS)
    if control is Control.CHOICE:
        if field.annotation is Status:
            return tuple(Choice(one.value, one.value) for one in Status)
        return tuple(Choice(one, one) for one in get_args(field.annotation))
    if control is Control.TEXT and wanted:
        known = catalog.entries.get(wanted, {})
        rows = sorted(known.values(), key=lambda entry: entry.title)
        found = tuple(Choice(entry.code, entry.title) for entry in rows)
        lost = value not in known
        return (Choice(value, value), *found) if lost else found
    return ()


def in_words(catalog: Catalog, text: str) -> tuple[str, ...]:
    """Return a prerequisite as titles, "and", "or" and brackets; () if unreadable."""
    try:
        rule = parse(text)
    except UnreadableRule:
        return ()
    return tuple(_words(catalog, rule, outer=True)) if rule.codes else ()


def _words(catalog: Catalog, rule: Rule, outer: bool = False) -> Iterator[str]:
    if rule.join == "course":
        known = catalog.courses.get(rule.code)
        yield known.title if known else rule.code
        return
    inner = len(rule.parts) > 1 and not outer
    if inner:
        yield "("
    for place, part in enumerate(rule.parts):
        if place:
            yield "*and" if rule.join == "all" else "*or"
        yield from _words(catalog, part)
    if inner:
        yield ")"


def _named(catalog: Catalog, wanted: str, value: str) -> tuple[Choice, ...]:
    """Return the titles behind the codes that a field lists."""
    known = catalog.entries.get(wanted, {})
    codes = [code.strip() for code in value.split(";")]
    return tuple(Choice(code, known[code].title) for code in codes if code in known)
