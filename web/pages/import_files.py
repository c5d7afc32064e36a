"""Files that staff bring in: choose, check, look row by row, save (feature A4)."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from pathways.domain.catalog import KINDS
from pathways.formats.templates import template_of
from pathways.services import staged_imports
from pathways.services.errors import Invalid, NotFound
from pathways.services.import_kinds import ImportKind, kind_for
from pathways.services.imports import MasteryFormat
from pathways.services.staged_columns import columns_for
from web import import_jobs
from web.deps import check_csrf
from web.pages.session import go
from web.pages.viewer import View, Viewer
from web.uploads import TooLarge, read_form

router = APIRouter(include_in_schema=False)
CHUNK = 1 << 20
TOO_LARGE, UNPROCESSABLE, CONFLICT = 413, 422, 409
Cells = Mapping[str, str]


@router.get("/imports/new")
def show_new(
    view: View,
    kind: Annotated[str, Query(max_length=30)] = "",
    entry: Annotated[str, Query(max_length=30)] = "course",
) -> Response:
    """Show what can be brought in, and the form of the kind that was chosen."""
    kinds = staged_imports.kinds_for_staff(view.actor)
    found = kind_for(view.actor, kind) if kind else kinds[0]
    return _form(view, found, {"entry": entry})


@router.get("/imports/templates/{kind}")
def show_template(view: View, kind: str) -> Response:
    """Send an empty file with the right columns."""
    staged_imports.kinds_for_staff(view.actor)
    found = template_of(kind)
    if found is None:
        raise NotFound("The template")
    named = {"content-disposition": f'attachment; filename="{found.name}"'}
    return Response(found.content, media_type=found.media_type, headers=named)


@router.post("/imports/files")
async def bring_in(
    request: Request, view: View, kind: Annotated[str, Query(max_length=30)] = ""
) -> Response:
    """Take a file in and check it; nothing is saved yet."""
    staff = view.me.role in ("counselor", "admin")
    try:
        request, form = await read_form(request, staff)
    except (TooLarge, TimeoutError):
        if not staff:
            raise NotFound("This page") from None
        wrong = ("file", view.words("page_upload.too_large"))
        return _form(view, kind_for(view.actor, kind), {}, wrong, TOO_LARGE)
    try:
        await check_csrf(request)
        found = kind_for(view.actor, kind)
        return await run_in_threadpool(_take, view, found, form)
    finally:
        await form.close()


def _take(view: Viewer, kind: ImportKind, form: FormData) -> Response:
    given = {name: text for name, text in form.items() if isinstance(text, str)}
    file = form.get("file")
    try:
        if not isinstance(file, UploadFile) or not file.filename:
            raise Invalid(view.words("page_upload.no_file"), "file")
        place = staged_imports.open_place(
            view.milepost, view.actor, kind.name, file.filename, given
        )
        with place.path.open("wb") as target:
            shutil.copyfileobj(file.file, target, CHUNK)
        staged_imports.brought_in(view.milepost, view.actor, place.staged)
        import_jobs.start(view.milepost, view.actor, place.staged, False, given)
    except Invalid as error:
        return _form(view, kind, given, (error.field, view.told(error)), UNPROCESSABLE)
    return go(f"/imports/files/{place.staged}")


@router.get("/imports/files/{staged}")
def show_file(view: View, staged: str) -> Response:
    """Show a file: how far it is, or what it would change; once saved, its import."""
    return _file(view, staged)


@router.post("/imports/files/{staged}", dependencies=[Depends(check_csrf)])
async def act_on_file(request: Request, view: View, staged: str) -> Response:
    """Check a file again with other choices, save it, or delete it."""
    form = await request.form()
    given = {name: text for name, text in form.items() if isinstance(text, str)}
    return await run_in_threadpool(_act, view, staged, given)


def _act(view: Viewer, staged: str, given: Cells) -> Response:
    act = given.get("act")
    if act == "drop":
        if import_jobs.drop(view.milepost, view.actor, staged):
            return go("/imports?done=dropped")
        return go(f"/imports/files/{staged}")
    try:
        import_jobs.start(view.milepost, view.actor, staged, act == "save", given)
    except Invalid as error:
        return _file(view, staged, view.told(error), CONFLICT)
    return go(f"/imports/files/{staged}")


def _file(view: Viewer, staged: str, wrong: str = "", status: int = 200) -> Response:
    found = staged_imports.staged_file(view.milepost, view.actor, staged)
    if found.is_saved:
        return go(f"/imports/{found.run}?done=saved" if found.run else "/imports")
    kind = kind_for(view.actor, found.kind)
    running = found.is_running
    context = {
        "file": found,
        "kind": kind,
        "here": f"/imports/files/{found.id}",
        "progress": staged_imports.progress_of(view.milepost, view.actor, staged),
        "mapped": (None if running else columns_for(view.milepost, view.actor, staged)),
        "template": _template(kind, found.given),
        "wrong": wrong,
    }
    return view.page("import_file.html", context, status)


def _template(kind: ImportKind, given: Cells) -> str:
    """Return the name of the template that fits, or nothing."""
    if kind.name == "table":
        return f"table-{given.get('entry', 'course')}"
    if kind.name == "mastery" and given.get("format", "csv") != "csv":
        return "mastery-canvas" if given["format"] == "canvas" else ""
    return kind.name if template_of(kind.name) else ""


def _form(
    view: Viewer,
    kind: ImportKind,
    given: Cells,
    wrong: tuple[str, str] = ("", ""),
    status: int = 200,
) -> Response:
    context = {
        "kinds": staged_imports.kinds_for_staff(view.actor),
        "kind": kind,
        "given": given,
        "wrong": wrong,
        "formats": tuple(MasteryFormat),
        "entries": tuple(KINDS),
        "template": _template(kind, given),
        "largest": staged_imports.LARGEST,
        "waiting": staged_imports.waiting_files(view.milepost, view.actor),
    }
    return view.page("import_new.html", context, status)
