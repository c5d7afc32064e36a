"""The counselor's catalog: read, edit, go back, publish (features A4, A5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from pydantic import ValidationError

from pathways.app import Milepost
from pathways.domain.catalog import KINDS, Catalog, Entry
from pathways.domain.cells import show
from pathways.domain.references import broken_references
from pathways.formats.plain_errors import plain_reason
from pathways.services.access import Actor, Role, require
from pathways.services.catalog_publish import merge, publish
from pathways.services.errors import Invalid, NotFound, Stale
from pathways.store.catalog_cache import entry_of
from pathways.store.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Past:
    """One revision of an entry, as the history page shows it."""

    version: int
    entry: Entry
    who: str
    when: datetime
    changed: tuple[tuple[str, str, str], ...] = field(default=())


def current(milepost: Milepost, actor: Actor) -> Catalog:
    """Return the newest catalog of the actor's school."""
    with milepost.work() as work:
        return milepost.catalogs.current(work, actor.school_id)


def find(catalog: Catalog, kind: str, code: str) -> Entry:
    """Return an entry of any status.

    Raises:
        NotFound: the catalog has no such entry.
    """
    found = catalog.entries.get(kind, {}).get(code)
    if found is None:
        raise NotFound("The catalog entry")
    return found


def differences(before: Entry | None, after: Entry) -> tuple[tuple[str, str, str], ...]:
    """Return (column, before, after) as text for each column that differs."""
    columns = type(after).model_fields
    pairs = [
        (
            name,
            show(getattr(before, name)) if before else "",
            show(getattr(after, name)),
        )
        for name in columns
    ]
    return tuple(pair for pair in pairs if pair[1] != pair[2])


def edit(
    milepost: Milepost,
    actor: Actor,
    kind: str,
    cells: dict[str, str],
    seen_version: int | None = None,
) -> Entry:
    """Save a counselor's edit of one entry and publish it as a new version.

    Args:
        milepost: the product.
        actor: a counselor.
        kind: the kind of entry.
        cells: column name -> text as typed; columns left out keep their value.
        seen_version: the revision the form was made from; None for a new entry.

    Raises:
        Invalid: a value can't be used; the message names column and reason.
        Stale: somebody else changed the entry meanwhile.
    """
    require(actor, Role.COUNSELOR)
    with milepost.work() as work:
        before, after = _planned(milepost, work, actor, kind, cells)
        if after != before:
            check_fresh(work, actor, kind, after.code, seen_version)
            publish(
                milepost,
                work,
                actor.school_id,
                [after],
                f"Edited {after.title}",
                actor.id,
                by_hand={(kind, after.code)},
            )
    return after


def foreseen(
    milepost: Milepost, actor: Actor, kind: str, cells: dict[str, str]
) -> tuple[tuple[str, str, str], ...]:
    """Return (column, before, after) of what an edit would change; saves nothing.

    Raises:
        Invalid: a value can't be used; the message names column and reason.
    """
    require(actor, Role.COUNSELOR)
    with milepost.work() as work:
        return differences(*_planned(milepost, work, actor, kind, cells))


def _planned(
    milepost: Milepost, work: UnitOfWork, actor: Actor, kind: str, cells: dict[str, str]
) -> tuple[Entry | None, Entry]:
    """Return an entry as it is, and as an edit would make it."""
    catalog = milepost.catalogs.current(work, actor.school_id)
    before = catalog.entries.get(kind, {}).get(cells.get("code", "").strip())
    after = read_cells(kind, {**cells_of(before), **cells} if before else cells)
    check_references(catalog, [after])
    return before, after


def check_fresh(
    work: UnitOfWork, actor: Actor, kind: str, code: str, seen: int | None
) -> None:
    """Refuse an edit of what another person changed meanwhile.

    Raises:
        Stale: the newest revision is not the one that was seen.
    """
    entry = work.catalog.entry(actor.school_id, kind, code)
    newest = work.catalog.history(entry.id)[0].version if entry else None
    if newest != seen and not (seen is None and newest is None):
        raise Stale(
            "Someone changed this entry after you opened it. "
            "Look at the history, then edit again."
        )


def cells_of(entry: Entry) -> dict[str, str]:
    """Return an entry as the texts of its columns."""
    return {name: show(getattr(entry, name)) for name in type(entry).model_fields}


def read_cells(kind: str, cells: dict[str, str]) -> Entry:
    """Read an entry from texts.

    Raises:
        Invalid: with the first column that can't be read and why.
    """
    model = KINDS.get(kind)
    if model is None:
        raise NotFound("This kind of entry")
    aliases = {name: found.alias or name for name, found in model.model_fields.items()}
    given = {aliases.get(name, name): text for name, text in cells.items()}
    try:
        return model.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        column = str(first["loc"][0]) if first["loc"] else ""
        raise Invalid(f"{column}: {plain_reason(first)}", column) from error


def check_references(catalog: Catalog, changed: Sequence[Entry]) -> None:
    """Refuse entries that name a code which is not there.

    Raises:
        Invalid: with the first column that does.
    """
    merged = merge(catalog, changed)
    touched = {(entry.kind, entry.code) for entry in changed}
    for broken in broken_references(merged):
        if (broken.entry.kind, broken.entry.code) in touched:
            raise Invalid(f"{broken.column}: {broken.reason}", broken.column)


def history(milepost: Milepost, actor: Actor, kind: str, code: str) -> list[Past]:
    """Return an entry's revisions, newest first, each with what it changed."""
    require(actor, Role.COUNSELOR)
    with milepost.work() as work:
        row = work.catalog.entry(actor.school_id, kind, code)
        if row is None:
            raise NotFound("The catalog entry")
        revisions = work.catalog.history(row.id)
        entries = [entry_of(kind, code, revision) for revision in revisions]
        names = {
            revision.actor_id: _name(work, revision.actor_id) for revision in revisions
        }
    older: list[Entry | None] = [*entries[1:], None]
    return [
        Past(
            revision.version,
            entry,
            names[revision.actor_id],
            revision.revised_at,
            differences(before, entry),
        )
        for revision, entry, before in zip(revisions, entries, older, strict=True)
    ]


def _name(work: UnitOfWork, person_id: str | None) -> str:
    person = work.people.by_id(person_id) if person_id else None
    return f"{person.given_name} {person.family_name}" if person else "import"


def revert(
    milepost: Milepost, actor: Actor, kind: str, code: str, version: int
) -> Entry:
    """Publish an older revision of an entry again."""
    past = history(milepost, actor, kind, code)
    wanted = next((one for one in past if one.version == version), None)
    if wanted is None:
        raise NotFound("The revision")
    return edit(milepost, actor, kind, cells_of(wanted.entry), past[0].version)


def today_of(milepost: Milepost, work: UnitOfWork, actor: Actor) -> date:
    """Return the day at the actor's school."""
    school = work.people.school(actor.school_id)
    if school is None:
        raise NotFound("The school")
    return milepost.today(school)
