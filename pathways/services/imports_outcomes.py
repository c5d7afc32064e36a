"""Imports how a school counts several attempts, from Canvas' outcomes (P1)."""

from __future__ import annotations

from pathlib import Path

from pathways.app import Milepost
from pathways.formats.canvas_outcomes import OutcomeRow, read_outcomes
from pathways.formats.report import Report, RowError
from pathways.services.imports_job import Job, Options, Progress, begin
from pathways.services.imports_mastery import competencies_by_name
from pathways.store.import_models import MasteryRule

SOURCE = "Canvas outcomes"


def import_outcomes(
    milepost: Milepost,
    school_code: str,
    path: Path,
    *,
    actor_id: str | None = None,
    dry_run: bool = False,
    partial: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Take over how Canvas turns several attempts at an outcome into one level.

    Raises:
        FormatError: the file can't be used at all.
        Invalid: there is no such school.
    """
    reading = read_outcomes(path)
    options = Options(actor_id, dry_run, partial, progress=progress)
    with milepost.work() as work:
        job = begin(milepost, work, school_code, "outcomes", path, options)
        job.report.read, job.report.skipped = reading.read, reading.skipped
        job.report.rejected += reading.rejected
        names = competencies_by_name(milepost.catalogs.current(work, job.school.id))
        wanted: dict[str, OutcomeRow] = {}
        for one in options.watched(reading.outcomes):
            _place(job, one, names, wanted)
        _save(job, wanted)
        return job.finish()


def _place(
    job: Job,
    one: OutcomeRow,
    names: dict[str, set[str]],
    wanted: dict[str, OutcomeRow],
) -> None:
    code = _competency(one, names)
    if isinstance(code, RowError):
        job.report.rejected.append(code)
    elif code not in wanted:
        wanted[code] = one
    elif wanted[code].rule == one.rule:
        job.report.skipped += 1
    else:
        reason = f"line {wanted[code].row.line} has another method for this competency"
        job.report.rejected.append(one.row.error("calculation_method", reason))


def _competency(one: OutcomeRow, names: dict[str, set[str]]) -> str | RowError:
    words = [name for name in one.names if name.casefold() in names]
    if not words:
        reason = f'no competency "{one.names[0]}"; add it to the catalog'
        return one.row.error("title", reason)
    codes = names[words[0].casefold()]
    if len(codes) > 1:
        reason = f"this could be {' or '.join(sorted(codes))}; use the code"
        return one.row.error("title", reason, words[0])
    return next(iter(codes))


def _save(job: Job, wanted: dict[str, OutcomeRow]) -> None:
    before = job.rows.rules(job.school.id)
    if job.may_save:
        job.record()
    for code, one in wanted.items():
        columns = {"method": one.rule.method.value, "setting": one.rule.setting}
        known = before.get(code)
        shown = f"{code} {one.rule.method.value} {one.rule.setting or ''}".strip()
        if known is None:
            job.report.created += 1
            job.report.foresee("created", shown)
            if job.may_save:
                job.added(
                    MasteryRule(
                        school_id=job.school.id,
                        competency=code,
                        source=SOURCE,
                        import_id=job.run.id,
                        **columns,
                    )
                )
        elif all(getattr(known, name) == value for name, value in columns.items()):
            job.report.unchanged += 1
        else:
            job.report.changed += 1
            job.report.foresee("changed", shown)
            if job.may_save:
                job.changed(known, {**columns, "import_id": job.run.id})
