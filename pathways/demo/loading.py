"""Puts the demo school into the database, through the importers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from pathways.app import Milepost, build
from pathways.demo.generate import (
    SEED,
    STARTER,
    DemoFiles,
    write_consent,
    write_demo,
)
from pathways.demo.people import WITHOUT_CONSENT, make_school
from pathways.demo.roster import CODE, NAME
from pathways.formats.report import Report
from pathways.services.errors import MilepostError
from pathways.services.gazetteer import write_gazetteer
from pathways.services.imports import (
    import_catalog,
    import_consent,
    import_courses,
    import_mastery,
    import_people,
)
from pathways.services.imports_job import sha256_of
from pathways.services.sign_in import hash_password
from pathways.settings import Settings
from pathways.store.imports import ImportRepository
from pathways.store.models import Person, School

ACCOUNTS = {
    "student": "maya",
    "advisor": "ortiz",
    "counselor": "bell",
    "family": "maya.family",
    "admin": "admin",
}
SAFETY_ADULT = "Ms. Rivera, the school counselor"
FOLDER = "demo"


class DemoError(MilepostError):
    """The demo school can't be loaded."""


def load(settings: Settings) -> str:
    """Load what is missing of the demo school; return what was done.

    The catalog is imported again when the starter files changed. People, course
    history and results are written and imported once.

    Raises:
        DemoError: an importer rejected a row, or there is no demo password.
    """
    if not settings.demo_password:
        raise DemoError("MILEPOST_DEMO_PASSWORD is not set.")
    milepost = build(settings)
    try:
        steps = [_school(milepost), _catalog(milepost), _records(milepost)]
        steps += [_consent(milepost), _passwords(milepost)]
    finally:
        milepost.engine.dispose()
    done = [step for step in steps if step]
    return "\n".join(done) or "The demo school is there already."


def _school(milepost: Milepost) -> str:
    with milepost.work() as work:
        if work.people.school_by_code(CODE):
            return ""
        school = School(
            code=CODE,
            name=NAME,
            state="OH",
            timezone=milepost.settings.timezone,
            language="en",
            safety_adult=SAFETY_ADULT,
        )
        work.people.add(school)
        work.commit()
    return f"Created {NAME}."


def _is_imported(milepost: Milepost, kind: str, path: Path, same: bool) -> bool:
    """Tell whether a file was imported; with `same`, in its present state."""
    with milepost.work() as work:
        school = work.people.school_by_code(CODE)
        assert school is not None
        rows = ImportRepository(work.session)
        run = rows.last_run(school.id, kind, path.name)
        return run is not None and (not same or run.sha256 == sha256_of(path))


def _catalog(milepost: Milepost) -> str:
    if not _is_imported(milepost, "catalog", STARTER, same=True):
        return _said(import_catalog(milepost, CODE, STARTER))
    if not milepost.settings.gazetteer_path.is_file():
        with milepost.work() as work:
            write_gazetteer(milepost, work)
        return "Wrote the words that the assistant looks for."
    return ""


def _records(milepost: Milepost) -> str:
    files = DemoFiles(milepost.settings.var_dir / FOLDER)
    steps: list[tuple[str, Path, Callable[[Path], Report]]] = [
        ("people", files.people, lambda path: import_people(milepost, CODE, path)),
        ("courses", files.courses, lambda path: import_courses(milepost, CODE, path)),
        (
            "mastery",
            files.canvas,
            lambda path: import_mastery(milepost, CODE, path, "canvas"),
        ),
        (
            "mastery",
            files.skills,
            lambda path: import_mastery(milepost, CODE, path, "csv"),
        ),
    ]
    if all(_is_imported(milepost, kind, path, same=False) for kind, path, _ in steps):
        return ""
    today = milepost.clock().astimezone(milepost.settings.zone).date()
    write_demo(files.folder, today=today)
    return "\n".join(_said(run(path)) for _, path, run in steps)


def _consent(milepost: Milepost) -> str:
    """Note what the families of the demo school said, also where it stood before."""
    path = DemoFiles(milepost.settings.var_dir / FOLDER).consent
    if _is_imported(milepost, "consent", path, same=False):
        return ""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_consent(path, make_school(Random(SEED), milepost.day()))
    return _said(import_consent(milepost, CODE, path))


def _said(report: Report) -> str:
    """Return an import's counts.

    Raises:
        DemoError: nothing was saved.
    """
    if not report.saved:
        raise DemoError("\n".join(report.as_lines()))
    return report.as_lines()[0]


def _passwords(milepost: Milepost) -> str:
    """Give the demo accounts the demo password; nobody else has one.

    They are the five, and the student without consent.
    """
    password = milepost.settings.demo_password
    with milepost.work() as work:
        names = (*ACCOUNTS.values(), WITHOUT_CONSENT)
        people = [work.people.by_username(name) for name in names]
        found = [person for person in people if person is not None]
        hashes = {person.password_hash for person in found}
        if len(hashes) == 1 and _fits(found[0], password):
            return ""
        hashed = hash_password(password)
        for person in found:
            person.password_hash = hashed
        work.commit()
    return f"Set the password of {len(found)} demo accounts."


def _fits(person: Person, password: str) -> bool:
    try:
        return PasswordHasher().verify(person.password_hash or "", password)
    except (Argon2Error, InvalidHashError):
        return False
