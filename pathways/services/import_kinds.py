"""Every kind of file that staff may bring in on a page, and how each is imported.

The imports are those of the command line; here they get what a form says.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pathways.app import Milepost
from pathways.domain.catalog import KINDS
from pathways.formats.catalog_mapping import ColumnMap
from pathways.formats.problems import FormatError
from pathways.formats.report import Report
from pathways.formats.unpacking import release_files
from pathways.services import imports
from pathways.services.access import Actor, Role
from pathways.services.errors import Invalid, NotFound
from pathways.services.imports import MasteryFormat
from pathways.services.imports_consent import import_consent
from pathways.services.imports_graduation import import_graduation
from pathways.services.imports_job import Options
from pathways.services.imports_undo import may_undo

Given = Mapping[str, str]
Run = Callable[[Milepost, str, Path, Given, Options], Report]
COLUMN, FIXED = "column.", "fixed."
TABLE = (".csv", ".xlsx", ".tsv", ".txt")


@dataclass(frozen=True)
class ImportKind:
    """A kind of file.

    Attributes:
        suffixes: how its file's name may end.
        run: the import.
        fields: what the form asks beside the file.
        overwrite: whether it can replace what was edited by hand.
        log: the kind under which its imports stand in the history.
    """

    name: str
    suffixes: tuple[str, ...]
    run: Run
    fields: tuple[str, ...] = ()
    overwrite: bool = False
    log: str = ""

    @property
    def logged_as(self) -> str:
        """The kind in the history of imports."""
        return self.log or self.name


def kinds_for(actor: Actor) -> tuple[ImportKind, ...]:
    """Return what a person may bring in: a counselor the catalog, an admin all."""
    if actor.role not in (Role.COUNSELOR, Role.ADMIN):
        return ()
    return tuple(one for one in EVERY if may_undo(actor, one.logged_as))


def kind_for(actor: Actor, name: str) -> ImportKind:
    """Return a kind that this person may bring in.

    Raises:
        NotFound: there is no such kind, or it is not theirs.
    """
    for one in kinds_for(actor):
        if one.name == name:
            return one
    raise NotFound("This kind of import")


def checked(kind: ImportKind, given: Given) -> dict[str, str]:
    """Return what was chosen, as far as this kind asks for it.

    Raises:
        Invalid: with the field that can't be used.
    """
    found = {name: given.get(name, "").strip() for name in kind.fields}
    if "format" in found and found["format"] not in {*MasteryFormat}:
        raise Invalid("Choose what the file is.", "format")
    if "entry" in found and found["entry"] not in KINDS:
        raise Invalid("Choose what the table holds.", "entry")
    _number(found, "mastery_percent", 1, 100)
    _number(found, "year", 2000, 2100)
    return found


def _number(found: Given, name: str, least: int, most: int) -> None:
    text = found.get(name, "")
    if text and not (text.isdecimal() and least <= int(text) <= most):
        raise Invalid(f"Write a whole number from {least} to {most}.", name)


def mapping_in(given: Given) -> ColumnMap:
    """Return the mapping of columns that a form's fields say."""
    return ColumnMap(
        {
            name.removeprefix(COLUMN): to
            for name, to in given.items()
            if name.startswith(COLUMN)
        },
        {
            name.removeprefix(FIXED): value
            for name, value in given.items()
            if name.startswith(FIXED) and value
        },
    )


def _catalog(
    milepost: Milepost, school: str, path: Path, given: Given, options: Options
) -> Report:
    with _folder_of(path) as folder:
        return imports.import_catalog(
            milepost,
            school,
            folder,
            actor_id=options.actor_id,
            dry_run=options.dry_run,
            partial=options.partial,
            overwrite=options.overwrite,
            progress=options.progress,
        )


@contextmanager
def _folder_of(path: Path) -> Iterator[Path]:
    """Yield a catalog's files as a folder: one file, or those of a zip."""
    names = {
        f"{Path(kind.file).stem}{suffix}"
        for kind in KINDS.values()
        for suffix in (".csv", ".xlsx")
    }
    with tempfile.TemporaryDirectory(dir=path.parent) as within:
        folder = Path(within) / path.stem
        folder.mkdir()
        if path.suffix.lower() == ".zip":
            with release_files(path, lambda name: name.lower() in names) as files:
                for file in files:
                    shutil.move(file, folder / file.name.lower())
        elif path.name.lower() in names:
            shutil.copyfile(path, folder / path.name.lower())
        if not any(folder.iterdir()):
            wanted = ", ".join(kind.file for kind in KINDS.values())
            raise FormatError(f"{path.name}: none of {wanted} is here.")
        yield folder


def _table(
    milepost: Milepost, school: str, path: Path, given: Given, options: Options
) -> Report:
    return imports.import_table(
        milepost,
        school,
        given["entry"],
        path,
        mapping_in(given),
        actor_id=options.actor_id,
        dry_run=options.dry_run,
        partial=options.partial,
        overwrite=options.overwrite,
        progress=options.progress,
    )


def _mastery(
    milepost: Milepost, school: str, path: Path, given: Given, options: Options
) -> Report:
    percent = given.get("mastery_percent", "")
    return imports.import_mastery(
        milepost,
        school,
        path,
        given["format"],
        actor_id=options.actor_id,
        dry_run=options.dry_run,
        partial=options.partial,
        progress=options.progress,
        mastery_percent=float(percent) if percent else None,
        student=given.get("student", ""),
    )


def _simple(run: Callable[..., Report], progress: bool = True) -> Run:
    def call(
        milepost: Milepost, school: str, path: Path, given: Given, options: Options
    ) -> Report:
        more = {"progress": options.progress} if progress else {}
        return run(
            milepost,
            school,
            path,
            actor_id=options.actor_id,
            dry_run=options.dry_run,
            partial=options.partial,
            **more,
        )

    return call


def _published(run: Callable[..., Report]) -> Run:
    def call(
        milepost: Milepost, school: str, path: Path, given: Given, options: Options
    ) -> Report:
        return run(milepost, school, path, options)

    return call


def _oews(
    milepost: Milepost, school: str, path: Path, given: Given, options: Options
) -> Report:
    year = given.get("year", "")
    areas = [one.strip() for one in given.get("areas", "").split(";") if one.strip()]
    return imports.import_oews(
        milepost, school, path, options, int(year) if year else None, areas
    )


EVERY: tuple[ImportKind, ...] = (
    ImportKind("table", TABLE, _table, ("entry",), overwrite=True, log="catalog"),
    ImportKind("catalog", (".zip", ".csv", ".xlsx"), _catalog, overwrite=True),
    ImportKind("people", (".zip",), _simple(imports.import_people)),
    ImportKind("courses", TABLE, _simple(imports.import_courses)),
    ImportKind(
        "mastery",
        (*TABLE, ".zip", ".json", ".jwt"),
        _mastery,
        ("format", "mastery_percent", "student"),
    ),
    ImportKind("outcomes", TABLE, _simple(imports.import_outcomes)),
    ImportKind("consent", TABLE, _simple(import_consent, progress=False)),
    ImportKind("graduation", TABLE, _simple(import_graduation, progress=False)),
    ImportKind("onet", (".zip",), _published(imports.import_onet), overwrite=True),
    ImportKind("oews", TABLE, _oews, ("year", "areas"), overwrite=True),
    ImportKind("ooh", TABLE, _published(imports.import_ooh), overwrite=True),
    ImportKind("sced", TABLE, _published(imports.import_sced), overwrite=True),
    ImportKind("clusters", TABLE, _published(imports.import_clusters), overwrite=True),
    ImportKind(
        "case", (".json", ".csv"), _published(imports.import_case), overwrite=True
    ),
)
