"""The counselor's catalog: find, edit, look back, bring back (features A4, A5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from pathways.domain.catalog import KINDS, Entry, Status
from pathways.services import catalog as catalogs
from pathways.services.access import Role, require
from pathways.services.catalog_bulk import columns_for
from pathways.services.errors import Invalid, NotFound, Stale
from web.deps import check_csrf
from web.pages.catalog_conflict import three_way
from web.pages.catalog_form import RECORD, blank_cells, column_of, fields_of, in_words
from web.pages.catalog_list import PAGE, STATES, States, is_due, listing
from web.pages.catalog_rule import COLUMN, Settled, builder_for, courses_for, settle
from web.pages.session import go
from web.pages.viewer import View, Viewer

router = APIRouter(include_in_schema=False)
FORM = [Depends(check_csrf)]
Cells = dict[str, str]


def address(kind: str, code: str) -> str:
    """Return the path of an entry's page; a slash in a code stays one."""
    return f"/catalog/{kind}/{quote(code)}"


@router.get("/catalog")
def show_list(
    view: View,
    kind: str = "course",
    q: Annotated[str, Query(max_length=80)] = "",
    status: States = "",
    page: Annotated[int, Query(ge=1)] = 1,
) -> Response:
    """List one kind of entry, with the search and the filter in the address."""
    require(view.actor, Role.COUNSELOR)
    catalog = catalogs.current(view.milepost, view.actor)
    today = view.me.now.astimezone(view.me.zone).date()
    found = listing(catalog, _known(kind), q, status, today)
    context = {
        "kinds": {one: len(catalog.entries.get(one, {})) for one in KINDS},
        "kind": kind,
        "q": q,
        "status": status,
        "states": STATES,
        "found": found[(page - 1) * PAGE : page * PAGE],
        "total": len(found),
        "page": page,
        "pages": max(1, -(-len(found) // PAGE)),
        "version": catalog.version,
        "due": {entry.code for entry in found if is_due(entry, today)},
        "address": address,
        "export": lambda form: _export_link(kind, q, status, form),
        "many": columns_for(kind),
        "statuses": tuple(Status),
        "link": lambda number: _page_link(kind, q, status, number),
    }
    return view.page("catalog.html", context)


def _export_link(kind: str, q: str, status: str, form: str) -> str:
    asked = {"kind": kind, "q": q, "status": status, "as": form}
    found = urlencode({name: one for name, one in asked.items() if one})
    return f"/catalog/export?{found}"


def _page_link(kind: str, q: str, status: str, page: int) -> str:
    asked = {"kind": kind, "q": q, "status": status, "page": page}
    return f"/catalog?{urlencode({name: one for name, one in asked.items() if one})}"


@router.get("/catalog/{kind}/new")
def show_new(view: View, kind: str) -> Response:
    """Show an empty form."""
    require(view.actor, Role.COUNSELOR)
    return _form(view, kind, "", blank_cells(_known(kind)))


@router.post("/catalog/{kind}/new", dependencies=FORM)
async def create(request: Request, view: View, kind: str) -> Response:
    """Publish a new entry."""
    cells = await _cells(request)
    return await run_in_threadpool(_create, view, _known(kind), cells)


@router.get("/catalog/{kind}/{code:path}")
def show_entry(
    view: View,
    kind: str,
    code: str,
    shown: Annotated[Literal["edit", "history"], Query(alias="view")] = "edit",
) -> Response:
    """Show an entry's form, or what happened to it."""
    past = catalogs.history(view.milepost, view.actor, _known(kind), code)
    if shown == "history":
        context = {"kind": kind, "past": past, "here": address(kind, code)}
        return view.page("catalog_history.html", context)
    newest = past[0]
    return _form(view, kind, code, catalogs.cells_of(newest.entry), newest.version)


@router.post("/catalog/{kind}/{code:path}", dependencies=FORM)
async def change(request: Request, view: View, kind: str, code: str) -> Response:
    """Publish an edit, or an older revision again."""
    cells = await _cells(request)
    act = _bring_back if "bring_back" in cells else _edit
    return await run_in_threadpool(act, view, _known(kind), code, cells)


def _known(kind: str) -> str:
    if kind not in KINDS:
        raise NotFound("This kind of entry")
    return kind


async def _cells(request: Request) -> Cells:
    form = await request.form()
    return {
        name: value.replace("\r\n", "\n")
        for name, value in form.items()
        if isinstance(value, str) and name != "csrf"
    }


def _create(view: Viewer, kind: str, sent: Cells) -> Response:
    require(view.actor, Role.COUNSELOR)
    code = sent.get("code", "").strip()
    catalog = catalogs.current(view.milepost, view.actor)
    settled = settle(catalog, code, sent, view.words)
    cells = settled.cells
    if settled.waits:
        return _again(view, kind, "", settled)
    known = catalog.entries.get(kind, {}).get(code)
    if known is not None and _is_as_typed(known, cells):
        return go(f"{address(kind, code)}?done=published")
    if known is not None:
        words = view.words("page_catalog.code_taken", code=code)
        return _form(view, kind, "", cells, wrong=("code", words), status=422)
    try:
        entry = catalogs.edit(view.milepost, view.actor, kind, cells)
    except Invalid as error:
        return _form(view, kind, "", cells, wrong=_wrong(kind, error), status=422)
    return go(f"{address(kind, entry.code)}?done=published")


def _again(
    view: Viewer, kind: str, code: str, settled: Settled, seen: int | None = None
) -> Response:
    """Show the form again, with what a button of the builder did or what is wrong."""
    wrong = (COLUMN, settled.clash) if settled.clash else ("", "")
    bad = settled.clash or (settled.builder and settled.builder.is_wrong)
    status = 422 if bad else 200
    return _form(view, kind, code, settled.cells, seen, wrong, status, None, settled)


def _edit(view: Viewer, kind: str, code: str, sent: Cells) -> Response:
    require(view.actor, Role.COUNSELOR)
    catalog = catalogs.current(view.milepost, view.actor)
    settled = settle(catalog, code, sent, view.words)
    cells = settled.cells
    given = cells.pop("seen_version", "")
    seen = int(given) if given.isdigit() else None
    look = bool(cells.pop("look", ""))
    if settled.waits:
        return _again(view, kind, code, settled, seen)
    wanted = {**cells, "code": code}
    try:
        if look:
            found = catalogs.foreseen(view.milepost, view.actor, kind, wanted)
            return _form(view, kind, code, cells, seen, foreseen=found)
        catalogs.edit(view.milepost, view.actor, kind, wanted, seen)
    except Invalid as error:
        return _form(view, kind, code, cells, seen, _wrong(kind, error), 422)
    except Stale:
        return _conflict(view, kind, code, cells, seen)
    return go(f"{address(kind, code)}?done=published")


def _is_as_typed(entry: Entry, cells: Cells) -> bool:
    known = catalogs.cells_of(entry)
    return all(known.get(name) == text.strip() for name, text in cells.items())


def _conflict(
    view: Viewer, kind: str, code: str, yours: Cells, seen: int | None
) -> Response:
    """Show an edit and the one that came before it, to choose field by field."""
    past = catalogs.history(view.milepost, view.actor, kind, code)
    newest = past[0]
    base = next((one.entry for one in past if one.version == seen), past[-1].entry)
    was, theirs = catalogs.cells_of(base), catalogs.cells_of(newest.entry)
    fields = three_way(was, theirs, {k: v for k, v in yours.items() if k in theirs})
    context = {
        "title": newest.entry.title,
        "here": address(kind, code),
        "who": newest.who,
        "seen": newest.version,
        "open": fields.open,
        "settled": fields.settled,
        "merged": fields.merged,
    }
    return view.page("catalog_conflict.html", context, 409)


def _bring_back(view: Viewer, kind: str, code: str, cells: Cells) -> Response:
    version = cells["bring_back"]
    if not version.isdigit():
        raise NotFound("The revision")
    catalogs.revert(view.milepost, view.actor, kind, code, int(version))
    return go(f"{address(kind, code)}?view=history&done=published")


def _wrong(kind: str, error: Invalid) -> tuple[str, str]:
    """Return the column that an error names and the reason without that name."""
    reason = str(error).removeprefix(f"{error.field}: ")
    return column_of(KINDS[kind], error.field), reason


def _form(
    view: Viewer,
    kind: str,
    code: str,
    cells: Mapping[str, str],
    seen: int | None = None,
    wrong: tuple[str, str] = ("", ""),
    status: int = 200,
    foreseen: Sequence[tuple[str, str, str]] | None = None,
    settled: Settled | None = None,
) -> Response:
    catalog = catalogs.current(view.milepost, view.actor)
    known = catalog.entries.get(kind, {}).get(code)
    context = {
        "kind": kind,
        "code": code,
        "typed_code": cells.get("code", ""),
        "title": known.title if known else "",
        "fields": fields_of(catalog, kind, cells, wrong),
        "record": RECORD,
        "seen": seen,
        "wrong": wrong,
        "version": catalog.version,
        "foreseen": foreseen,
        "reads_as": in_words(catalog, cells.get(COLUMN, "")),
        "rule": settled.builder if settled else builder_for(cells.get(COLUMN, "")),
        "courses": courses_for(catalog, code) if kind == "course" else [],
        "titles": {one.code: one.title for one in catalog.courses.values()},
        "here": address(kind, code) if code else f"/catalog/{kind}/new",
        "address": address,
    }
    return view.page("catalog_entry.html", context, status)
