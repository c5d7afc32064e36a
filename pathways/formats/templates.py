"""Empty files with the right columns, to fill in and bring back."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pathways.domain.catalog import KINDS
from pathways.formats.catalog_csv import columns_of

Rows = Sequence[Sequence[str]]
ZIP, CSV = "application/zip", "text/csv; charset=utf-8"
COURSES: Rows = (
    ("student_id", "course", "state", "mark", "credit"),
    ("S1001", "MTH-ALG1", "completed", "B", "1"),
)
RESULTS: Rows = (
    ("student_id", "competency", "level", "date", "assessment", "attempt", "source"),
    ("S1001", "SCI.BIO", "3", "2026-10-05", "Cell lab", "1", "Shop notes"),
)
CANVAS: Rows = (
    (
        *("student name", "student sis id", "assessment title", "assessment id"),
        *("submission date", "learning outcome name", "attempt", "outcome score"),
        *("learning outcome points possible", "learning outcome mastery score"),
    ),
)
OUTCOMES: Rows = (
    (
        *("vendor_guid", "object_type", "title", "display_name"),
        *("calculation_method", "calculation_int", "workflow_state"),
    ),
)
GRADUATION: Rows = (("student_id", "item", "value", "source"),)
CONSENT: Rows = (("student_id", "consent", "given_by", "date"),)
ROSTER: Mapping[str, Rows] = {
    "manifest.csv": (
        ("propertyName", "value"),
        ("oneroster.version", "1.1"),
        ("file.users", "bulk"),
        ("file.enrollments", "bulk"),
    ),
    "orgs.csv": (("sourcedId", "name", "type", "identifier"),),
    "users.csv": (
        (
            *("sourcedId", "status", "enabledUser", "orgSourcedIds", "role"),
            *("username", "givenName", "familyName", "agentSourcedIds", "grades"),
            "metadata.role",
        ),
    ),
    "demographics.csv": (("sourcedId", "birthDate"),),
    "courses.csv": (("sourcedId", "title", "courseCode"),),
    "classes.csv": (("sourcedId", "title", "courseSourcedId", "schoolSourcedId"),),
    "enrollments.csv": (("sourcedId", "classSourcedId", "userSourcedId", "role"),),
}
WAGES: Rows = (("soc_code", "title", "area", "annual_median", "year"),)
OUTLOOK: Rows = (
    (
        *("soc_code", "title", "outlook_pct"),
        *("num_jobs_2024", "projected_employment_2034"),
    ),
)
CODES: Rows = (("notation", "label", "definition"),)
CROSSWALK: Rows = (("SOC Code", "Occupation Title", "Career Cluster", "Sub-Cluster"),)
FRAMEWORK: Rows = (
    (
        *("Identifier", "fullStatement", "Human Coding Scheme"),
        *("Abbreviated Statement", "CF Item Type", "Is Child Of"),
    ),
)
TABLES: Mapping[str, tuple[str, Rows]] = {
    "courses": ("course-history.csv", COURSES),
    "mastery": ("results.csv", RESULTS),
    "mastery-canvas": ("canvas-results.csv", CANVAS),
    "outcomes": ("canvas-outcomes.csv", OUTCOMES),
    "consent": ("consent.csv", CONSENT),
    "graduation": ("graduation.csv", GRADUATION),
    "oews": ("wages.csv", WAGES),
    "ooh": ("outlook.csv", OUTLOOK),
    "sced": ("sced.csv", CODES),
    "clusters": ("clusters-crosswalk.csv", CROSSWALK),
    "case": ("framework.csv", FRAMEWORK),
}


@dataclass(frozen=True)
class Template:
    """A file to download."""

    name: str
    media_type: str
    content: bytes


def template_of(kind: str) -> Template | None:
    """Return the template of an import; None where its file has none of its own.

    Args:
        kind: an import, or `table-` and a kind of catalog entry.
    """
    if kind in TABLES:
        name, rows = TABLES[kind]
        return Template(name, CSV, _csv(rows))
    if kind == "people":
        return Template("oneroster.zip", ZIP, _zip(ROSTER))
    if kind == "catalog":
        files = {model.file: (tuple(columns_of(model)),) for model in KINDS.values()}
        return Template("catalog.zip", ZIP, _zip(files))
    entry = kind.removeprefix("table-")
    if entry in KINDS and entry != kind:
        model = KINDS[entry]
        return Template(model.file, CSV, _csv((tuple(columns_of(model)),)))
    return None


def _csv(rows: Rows) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _zip(files: Mapping[str, Rows]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), _csv(rows))
    return content.getvalue()
