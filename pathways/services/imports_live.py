"""Imports from live systems: fetched into files, then read as files are (P1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pathways.app import Milepost
from pathways.formats.report import Report
from pathways.live.canvas import fetch_canvas, write_outcomes, write_report
from pathways.live.client import Client
from pathways.live.oneroster import (
    GRADEBOOK,
    ROSTER,
    Version,
    fetch_oneroster,
    write_zip,
)
from pathways.live.spool import Spool
from pathways.services.errors import Invalid
from pathways.services.imports_job import Progress
from pathways.services.imports_mastery import import_mastery
from pathways.services.imports_outcomes import import_outcomes
from pathways.services.imports_people import import_people

CANVAS_TOKEN = "MILEPOST_CANVAS_TOKEN"
ONEROSTER_TOKEN = "MILEPOST_ONEROSTER_TOKEN"
FOLDER = "live"


@dataclass(frozen=True)
class Live:
    """A live system, and how to ask it.

    Attributes:
        token: from the environment, sent to this address only.
        sleep: waits some seconds where the system asks for patience.
    """

    url: str
    token: str
    sleep: Callable[[float], None]
    dry_run: bool = False
    partial: bool = False
    progress: Progress | None = None

    def tell(self, counts: Iterator[int]) -> None:
        """Fetch everything, and report how far it is."""
        for count in counts:
            if self.progress:
                self.progress(count, count)


def import_canvas_live(
    milepost: Milepost,
    school_code: str,
    live: Live,
    *,
    courses: Sequence[str] = (),
    account: str = "",
) -> list[Report]:
    """Import results and methods of counting from Canvas' Outcomes API.

    A fetch that breaks off goes on from the last page when it is run again.

    Raises:
        LiveError: Canvas gave no good answer.
        Invalid: neither courses nor an account are given, or no such school.
    """
    if not courses and not account:
        raise Invalid("Say which courses, or which account.")
    name = " ".join(("canvas", school_code, live.url, account, *courses))
    with _fetched(milepost, name) as (spool, folder):
        with Client(live.url, live.token, live.sleep, CANVAS_TOKEN) as client:
            live.tell(fetch_canvas(client, spool, courses, account))
        outcomes = write_outcomes(spool, folder / "canvas-outcomes.csv")
        report = write_report(spool, folder / "canvas-results.csv")
        return [
            import_outcomes(
                milepost, school_code, outcomes, dry_run=live.dry_run, partial=True
            ),
            import_mastery(
                milepost,
                school_code,
                report,
                "canvas",
                dry_run=live.dry_run,
                partial=live.partial,
            ),
        ]


def import_oneroster_live(
    milepost: Milepost,
    school_code: str,
    live: Live,
    *,
    version: Version | str = Version.V1P2,
    mastery: bool = False,
    mastery_percent: float | None = None,
) -> list[Report]:
    """Import people, or results with learning objectives, from OneRoster REST.

    Raises:
        LiveError: the system gave no good answer.
        Invalid: there is no such school, or 1.1 is asked for results.
    """
    chosen = Version(version)
    if mastery and chosen is Version.V1P1:
        raise Invalid("OneRoster 1.1 has no learning objectives. Ask version 1.2.")
    what = GRADEBOOK if mastery else ROSTER
    name = " ".join(("oneroster", school_code, live.url, chosen, *what))
    with _fetched(milepost, name) as (spool, folder):
        with Client(live.url, live.token, live.sleep, ONEROSTER_TOKEN) as client:
            live.tell(fetch_oneroster(client, spool, chosen, what))
        path = write_zip(spool, folder / "oneroster.zip", chosen)
        if not mastery:
            report = import_people(
                milepost, school_code, path, dry_run=live.dry_run, partial=live.partial
            )
            return [report]
        return [
            import_mastery(
                milepost,
                school_code,
                path,
                "oneroster",
                dry_run=live.dry_run,
                partial=live.partial,
                mastery_percent=mastery_percent,
            )
        ]


@contextmanager
def _fetched(milepost: Milepost, name: str) -> Iterator[tuple[Spool, Path]]:
    """Open the spool of a fetch; it is kept only where the fetch breaks off."""
    spool = Spool(milepost.settings.var_dir / FOLDER, name, milepost.clock())
    with TemporaryDirectory() as folder:
        yield spool, Path(folder)
    spool.remove()
