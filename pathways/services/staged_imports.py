"""Files that staff bring in on a page: checked first, saved when they say so (A4).

A file waits in a private folder of its own. Checking is the import's dry run, saving
the import itself in its one transaction; nothing is written twice, and what a killed
process leaves behind is settled by the next look.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from pathways.app import Milepost
from pathways.formats.problems import FormatError
from pathways.formats.report import Report, shorten
from pathways.services.access import Actor, school_of
from pathways.services.errors import Invalid, NotFound
from pathways.services.import_kinds import (
    COLUMN,
    EVERY,
    FIXED,
    ImportKind,
    checked,
    kind_for,
    kinds_for,
)
from pathways.services.imports_job import Options
from pathways.store.models import ImportRun
from pathways.store.staged_files import (
    Busy,
    Staged,
    StagingFolder,
    State,
    safe_name,
)

LARGEST = 100 * 1024 * 1024
MOST_WAITING = 5
TELL_EVERY = 0.5
CHOICES = ("partial", "overwrite")
NOTHING_SAVED = "It was interrupted. Nothing was saved. Check it again."


@dataclass(frozen=True)
class Place:
    """Where an upload may write, and under which id it is found afterwards."""

    staged: str
    path: Path


def folder_of(milepost: Milepost) -> StagingFolder:
    """Return the folder in which files wait."""
    return StagingFolder(milepost.settings.var_dir)


def open_place(
    milepost: Milepost, actor: Actor, kind: str, name: str, given: Mapping[str, str]
) -> Place:
    """Make room for a file that is coming in.

    Raises:
        NotFound: this person may not bring in this kind.
        Invalid: the file's name ends in another way, or a choice can't be used.
    """
    found = kind_for(actor, kind)
    named = safe_name(name)
    if not named.lower().endswith(found.suffixes):
        ends = ", ".join(found.suffixes)
        raise Invalid(f"{named}: choose a file that ends in {ends}.", "file")
    folder = folder_of(milepost)
    folder.sweep(milepost.clock())
    waiting = sorted(_mine(milepost, actor), key=lambda one: one.made_at)
    for one in waiting[: max(0, len(waiting) - MOST_WAITING + 1)]:
        if not folder.is_held(one.id):
            folder.drop(one.id)
    staged = Staged(
        id=uuid4().hex,
        school_id=actor.school_id,
        actor_id=actor.id,
        kind=kind,
        file=named,
        size=0,
        made_at=milepost.clock().isoformat(),
        given=checked(found, given),
    )
    return Place(staged.id, folder.make(staged))


def brought_in(milepost: Milepost, actor: Actor, staged: str) -> Staged:
    """Note that a file is all here.

    Raises:
        Invalid: it is empty or too large; it is deleted then.
    """
    found = _own(milepost, actor, staged)
    folder = folder_of(milepost)
    found.size = folder.content(found).stat().st_size
    if not 0 < found.size <= LARGEST:
        folder.drop(found.id)
        words = "This file is larger than 100 MB." if found.size else "Choose a file."
        raise Invalid(words, "file")
    folder.write(found)
    return found


def waiting_files(milepost: Milepost, actor: Actor) -> list[Staged]:
    """Return the actor's own files that are neither saved nor dropped, newest first."""
    kinds_for_staff(actor)
    found = [one for one in _mine(milepost, actor) if not one.is_saved]
    return sorted(found, key=lambda one: one.made_at, reverse=True)


def kinds_for_staff(actor: Actor) -> tuple[ImportKind, ...]:
    """Return the kinds that a person may bring in.

    Raises:
        NotFound: there is none.
    """
    found = kinds_for(actor)
    if not found:
        raise NotFound("This page")
    return found


def staged_file(milepost: Milepost, actor: Actor, staged: str) -> Staged:
    """Return a file that the actor brought in, settled if its run was cut off.

    Raises:
        NotFound: there is none, or another person brought it in.
    """
    found = _own(milepost, actor, staged)
    folder = folder_of(milepost)
    if found.is_running and not folder.is_held(found.id):
        found = _own(milepost, actor, staged)
        if found.is_running:
            _settle(milepost, found)
    return found


def progress_of(milepost: Milepost, actor: Actor, staged: str) -> tuple[int, int]:
    """Return how far the run of a file is: rows done, rows in all."""
    return folder_of(milepost).progress(_own(milepost, actor, staged).id)


@contextmanager
def held(milepost: Milepost, found: Staged) -> Iterator[int | None]:
    """Hold a file while it is worked on; yields None where another holds it."""
    with ExitStack() as stack:
        try:
            lock = stack.enter_context(folder_of(milepost).held(found.id))
        except Busy:
            lock = None
        yield lock


def order(
    milepost: Milepost,
    actor: Actor,
    staged: str,
    to_save: bool,
    given: Mapping[str, str],
) -> Staged:
    """Write down that a file is to be checked or saved; the caller holds its lock.

    Only what was checked can be saved, and only as it was checked.

    Raises:
        NotFound: it is not the actor's, or no longer their kind.
        Invalid: it was not checked, or a choice can't be used.
    """
    found = _own(milepost, actor, staged)
    kind = kind_for(actor, found.kind)
    if found.is_saved:
        return found
    if to_save and found.state is not State.CHECKED:
        raise Invalid("Check the file first.", "file")
    if not to_save:
        found.given = _choices(kind, found, given)
    found.state = State.SAVING if to_save else State.CHECKING
    found.problem, found.began_at = "", milepost.clock().isoformat()
    folder = folder_of(milepost)
    folder.tell(found.id, 0, 0)
    folder.write(found)
    return found


def _choices(
    kind: ImportKind, staged: Staged, given: Mapping[str, str]
) -> dict[str, str]:
    asked = {**staged.given, **{k: v for k, v in given.items() if k in kind.fields}}
    places = {
        name: value.strip()[:200]
        for name, value in given.items()
        if name.startswith((COLUMN, FIXED))
    }
    places = places or {
        name: value
        for name, value in staged.given.items()
        if name.startswith((COLUMN, FIXED))
    }
    ticks = {name: "yes" for name in CHOICES if given.get(name)}
    return {**checked(kind, asked), **places, **ticks}


def run(milepost: Milepost, actor: Actor, staged: str) -> Staged:
    """Check or save a file, as it was ordered; the caller holds its lock.

    Returns:
        The file with its report, or with the reason why it was refused.
    """
    found = _own(milepost, actor, staged)
    kind = kind_for(actor, found.kind)
    folder = folder_of(milepost)
    options = Options(
        actor.id,
        dry_run=found.state is State.CHECKING,
        partial="partial" in found.given,
        overwrite=kind.overwrite and "overwrite" in found.given,
        progress=_Telling(folder, found.id),
    )
    with milepost.work() as work:
        school = school_of(work, actor).code
    try:
        report = kind.run(milepost, school, folder.content(found), found.given, options)
    except (FormatError, Invalid) as error:
        found.state, found.problem, found.report = State.REFUSED, str(error), {}
        folder.write(found)
        return found
    found.report = as_data(report)
    if report.saved:
        _done(milepost, found)
    else:
        found.state = State.CHECKED
        folder.write(found)
    return found


def drop(milepost: Milepost, actor: Actor, staged: str) -> None:
    """Delete a file that was brought in; the caller holds its lock."""
    folder_of(milepost).drop(_own(milepost, actor, staged).id)


class _Telling:
    """Writes down how far a run is, now and then."""

    def __init__(self, folder: StagingFolder, key: str) -> None:
        self._folder, self._key, self._next = folder, key, 0.0

    def __call__(self, done: int, about: int) -> None:
        now = time.monotonic()
        if now >= self._next:
            self._next = now + TELL_EVERY
            self._folder.tell(self._key, done, about)


def as_data(report: Report) -> dict[str, Any]:
    """Return a report as JSON can hold it, for the page."""
    kept = report.kept
    return {
        "counts": report.counts,
        "changes": [line.partition(": ")[::2] for line in report.preview],
        "kept": kept,
        "notes": [note for note in report.notes if note not in kept],
        "rejected": [
            [one.file, one.line, one.column, shorten(one.value), one.reason]
            for one in report.rejected
        ],
        "saved": report.saved,
    }


def _own(milepost: Milepost, actor: Actor, staged: str) -> Staged:
    kinds_for_staff(actor)
    found = folder_of(milepost).find(staged)
    if found is None or not _is_of(found, actor):
        raise NotFound("The file")
    return found


def _is_of(staged: Staged, actor: Actor) -> bool:
    return (staged.school_id, staged.actor_id) == (actor.school_id, actor.id)


def _mine(milepost: Milepost, actor: Actor) -> list[Staged]:
    return [one for one in folder_of(milepost).every() if _is_of(one, actor)]


def _done(milepost: Milepost, found: Staged) -> None:
    """Keep which import came of a file; its content and its rows are deleted."""
    folder = folder_of(milepost)
    found.run = _run_of(milepost, found)
    found.state, found.report = State.SAVED, {}
    folder.write(found)
    folder.forget_content(found)


def _settle(milepost: Milepost, found: Staged) -> None:
    """Find out what became of a run whose process is gone."""
    if found.state is State.SAVING and _run_of(milepost, found):
        _done(milepost, found)
        return
    found.state, found.problem = State.STOPPED, NOTHING_SAVED
    folder_of(milepost).write(found)


def _run_of(milepost: Milepost, found: Staged) -> str:
    """Return the import that this person's save wrote; empty where it wrote none."""
    kind = next(one for one in EVERY if one.name == found.kind)
    with milepost.work() as work:
        runs = work.people.all(
            select(ImportRun)
            .where(
                ImportRun.school_id == found.school_id,
                ImportRun.actor_id == found.actor_id,
                ImportRun.kind == kind.logged_as,
                ImportRun.ran_at >= datetime.fromisoformat(found.began_at),
            )
            .order_by(ImportRun.ran_at.desc())
            .limit(1)
        )
        return runs[0].id if runs else ""
