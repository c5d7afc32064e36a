"""Every statement on a school's table names the school, by construction (X3).

All methods of all repositories are called, and each statement that they send is looked
at. One on a table with `school_id` must compare a `school_id` with a value, or its
method stands below with the reason why it does not.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import inspect
import pkgutil
import typing
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from little_school import LittleSchool
from sqlalchemy import Table, event
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import BinaryExpression, BindParameter

import pathways.store
from pathways.domain.fact_sorts import FactSort
from pathways.store.base import Base
from pathways.store.conversations import Times
from pathways.store.models import Turn
from pathways.store.repository import Repository

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 21, tzinfo=UTC)
GIVEN: dict[Any, Any] = {
    str: "x",
    int: 1,
    bool: True,
    datetime: NOW,
    date: NOW.date(),
    timedelta: timedelta(seconds=9),
    FactSort: next(iter(FactSort)),
    Turn: Turn(id="x", conversation_id="x", place=1),
    Times: Times(NOW, NOW, NOW),
}
SIGN_IN = "comes before it is known who asks"
HELD = "by the random id of a conversation that was found by its school"
FOUND = "by the random id of a row that was found by its school"
MACHINE = "for the person who runs the machine, over all schools"
CLOCK = "the clock of alerts goes over all schools; nobody asks"
WITHOUT_SCHOOL: dict[str, str] = {
    "AlertRepository.alert": CLOCK,
    "AlertRepository.drop_notices": CLOCK,
    "AlertRepository.notices": FOUND,
    "AlertRepository.open_alerts": CLOCK,
    "AlertRepository.steps_of": CLOCK,
    "AlertRepository.take_notice": CLOCK,
    "AlertRepository.waiting": CLOCK,
    "ConversationRepository.open_alerts": CLOCK,
    "ConversationRepository.take_alert": FOUND,
    "FactRepository.count_of_import": FOUND,
    "FactRepository.of_import": FOUND,
    "CatalogRepository.history": FOUND,
    "ConversationRepository.by_id": HELD,
    "ConversationRepository.halt": HELD,
    "ConversationRepository.hold": HELD,
    "ConversationRepository.latest": HELD,
    "ConversationRepository.lines": FOUND,
    "ConversationRepository.next_place": HELD,
    "ConversationRepository.next_place_held": HELD,
    "ConversationRepository.release": HELD,
    "ConversationRepository.texts": HELD,
    "ConversationRepository.turn_of_client": HELD,
    "ConversationRepository.turns": HELD,
    "ConversationRepository.turns_after": HELD,
    "ImportRepository.owners": "user names are unique over all schools",
    "PeopleRepository.by_id": "by an id in a session or in a row of the school",
    "PeopleRepository.by_username": SIGN_IN,
    "PeopleRepository.myself": "by the id of the person who is signed in",
    "PeopleRepository.of_conversation": "the action endpoint knows the pseudonym only",
    "PeopleRepository.signed_in": SIGN_IN,
    "RecordRepository.suggestion": MACHINE,
    "UndoRepository.changes": FOUND,
    "UndoRepository.delete_results": FOUND,
    "UndoRepository.people_in_use": "whether anything at all refers to a person",
}
# Methods that send nothing when they are called with made-up values.
SILENT: dict[str, str] = {
    "FactRepository.insert": "only inserts",
    "ImportRepository.add_results": "only inserts",
    "ImportRepository.make_undoable": "takes a run; names the run's school",
    "ImportRepository.remove": "takes a row",
    "UndoRepository.has_equal": "takes a table; asks whether a row may come back",
    "UndoRepository.row": "takes a table; the row was found by its school's import",
}
BY_NAME: dict[str, Any] = {"field": "source_id"}


def repositories() -> Iterator[type[Repository]]:
    """Yield every repository class of the store."""
    for found in pkgutil.iter_modules(pathways.store.__path__):
        if found.name != "migrations":
            importlib.import_module(f"pathways.store.{found.name}")
    waiting = list(Repository.__subclasses__())
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        yield one


def methods() -> dict[str, tuple[type[Repository], str]]:
    """Return every public method of a repository, by "Class.method"."""
    return {
        f"{one.__name__}.{name}": (one, name)
        for one in repositories()
        for name, function in vars(one).items()
        if inspect.isfunction(function) and not name.startswith("_")
    }


def value_for(kind: Any) -> Any:
    """Return something of a parameter's type."""
    if kind in GIVEN:
        return GIVEN[kind]
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if parts and type(None) in parts:
        return value_for(next(one for one in parts if one is not type(None)))
    if origin is tuple:
        return tuple(value_for(one) for one in parts if one is not ...)
    if origin is dict:
        return {value_for(parts[0]): value_for(parts[1])}
    if origin is not None and parts and issubclass(origin, set | frozenset):
        return {value_for(parts[0])}
    if origin is not None and parts:
        return [value_for(parts[0])]
    return "x"


def owned() -> set[Table]:
    return {
        one
        for one in Base.metadata.tables.values()
        if "school_id" in one.columns and one.name != "school"
    }


def tables_of(statement: Any) -> set[Table]:
    """Return the school's tables that a statement reads or changes."""
    found = {one for one in visitors.iterate(statement) if isinstance(one, Table)}
    target = getattr(statement, "table", None)
    return (found | ({target} if target is not None else set())) & owned()


def names_school(statement: Any) -> bool:
    """Tell whether a statement compares a `school_id` with a value."""
    for one in visitors.iterate(statement):
        if isinstance(one, BinaryExpression):
            column, value = one.left, one.right
            if getattr(column, "name", "") == "school_id" and any(
                isinstance(part, BindParameter) for part in visitors.iterate(value)
            ):
                return True
    return False


def sent_by(little: LittleSchool, kind: type[Repository], name: str) -> list[Any]:
    """Call a method with values of its types; return what it sent."""
    sent: list[Any] = []

    def look(connection: Any, statement: Any, *more: Any) -> None:
        sent.append(statement)

    function = getattr(kind, name)
    hints = typing.get_type_hints(function)
    hints.pop("return", None)
    event.listen(little.milepost.engine, "before_execute", look)
    try:
        with little.milepost.work() as work, contextlib.suppress(Exception):
            values = {
                key: BY_NAME.get(key, value_for(hint)) for key, hint in hints.items()
            }
            found = getattr(kind(work.session), name)(**values)
            if isinstance(found, Iterator):
                list(found)
    finally:
        event.remove(little.milepost.engine, "before_execute", look)
    return [
        one
        for one in sent
        if getattr(one, "is_select", False)
        or getattr(one, "is_update", False)
        or getattr(one, "is_delete", False)
    ]


def test_every_statement_on_a_schools_table_names_the_school(
    little: LittleSchool,
) -> None:
    open_ones: dict[str, set[str]] = defaultdict(set)
    silent = set()
    for label, (kind, name) in methods().items():
        sent = sent_by(little, kind, name)
        if not sent:
            silent.add(label)
        for statement in sent:
            tables = tables_of(statement)
            if tables and not names_school(statement):
                open_ones[label] |= {one.name for one in tables}
    unexplained = {
        label: tables
        for label, tables in open_ones.items()
        if label not in WITHOUT_SCHOOL
    }
    assert unexplained == {}
    assert set(WITHOUT_SCHOOL) - set(open_ones) == set()
    assert silent == set(SILENT)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("select(Goal)", False),
        ("select(Goal).where(Goal.id == 'x')", False),
        ("select(Goal).where(Goal.school_id == 'x')", True),
        ("select(Goal).where(Goal.school_id == Person.school_id)", False),
        ("delete(Goal).where(Goal.id == 'x')", False),
        ("update(Goal).where(Goal.school_id.in_(['x'])).values(what='y')", True),
    ],
)
def test_the_look_itself_tells_open_from_closed(text: str, found: bool) -> None:
    from sqlalchemy import delete, select, update

    from pathways.store.models import Goal, Person

    names = {
        "select": select,
        "update": update,
        "delete": delete,
        "Goal": Goal,
        "Person": Person,
    }
    statement = eval(text, names)  # noqa: S307
    assert Goal.__table__ in tables_of(statement)
    assert names_school(statement) is found


BUILDS = frozenset({"select", "update", "delete", "insert", "text"})
OUTSIDE: dict[str, str] = {
    "pathways/services/catalog_lint.py": "one select, by the actor's school",
    "pathways/services/backup.py": "counts rows of the whole database",
    "pathways/services/data_requests.py": "by the actor's school or a student of it",
    "pathways/services/deletion.py": "the keeper's job over all schools",
    "pathways/services/retention.py": "the nightly job over all schools",
    "pathways/services/import_log.py": "one select, by the actor's school",
    "pathways/services/access_log.py": "three selects, by the actor's school",
    "pathways/services/staged_imports.py": "one select, by the file's school",
    "pathways/services/features.py": "by the actor's school",
    "pathways/services/health.py": "by the actor's school",
    "pathways/services/retention_view.py": "by the actor's school",
    "pathways/services/sign_in_setup.py": "by the actor's school",
    "web/alone.py": "asks PostgreSQL for a lock of its own",
    "web/health.py": "SELECT 1",
}


def builders(room: str) -> Iterator[str]:
    """Yield the files of a room that build statements themselves."""
    for path in sorted((ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.ImportFrom)
                and (node.module or "").startswith("sqlalchemy")
                and BUILDS & {one.name for one in node.names}
            ):
                yield str(path.relative_to(ROOT))


def test_statements_are_built_in_the_store_alone() -> None:
    rooms: Sequence[str] = (
        "web",
        "actions",
        "pathways/services",
        "pathways/cli",
        "pathways/domain",
        "pathways/formats",
        "pathways/identity",
        "pathways/live",
        "pathways/demo",
        "pathways/safety",
    )
    found = {file for room in rooms for file in builders(room)}
    assert found == set(OUTSIDE)
