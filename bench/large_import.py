"""How long a large outcome report takes, and how much memory.

`python -m bench.large_import 99` writes a Canvas report of about 99 MB into a
throwaway folder, imports it twice, and prints a line of JSON.
"""

from __future__ import annotations

import csv
import json
import resource
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from pathways.app import build
from pathways.services.imports import import_catalog, import_mastery
from pathways.settings import Settings
from pathways.store.migrate import upgrade
from pathways.store.models import Person, School

NOW = datetime(2026, 11, 21, 15, tzinfo=UTC)
STUDENTS = 2000
STARTER = Path(__file__).parents[1] / "pathways" / "catalog" / "starter"
HEADER = [
    "student name",
    "student id",
    "student sis id",
    "assignment title",
    "assignment id",
    "submission date",
    "submission score",
    "learning outcome name",
    "learning outcome id",
    "attempt",
    "outcome score",
    "course name",
    "course id",
    "course sis id",
    "section name",
    "section id",
    "section sis id",
    "assignment url",
    "learning outcome friendly name",
    "learning outcome points possible",
    "learning outcome mastery score",
    "learning outcome mastered",
    "learning outcome rating",
    "learning outcome rating points",
    "account id",
    "account name",
    "enrollment state",
]


def write_report(path: Path, megabytes: int, codes: list[str]) -> int:
    """Write a report until it is large enough; return its rows."""
    rows = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        while file.tell() < megabytes * 1_000_000:
            for _ in range(1000):
                writer.writerow(_row(rows, codes))
                rows += 1
    return rows


def _row(n: int, codes: list[str]) -> list[object]:
    student, score = n % STUDENTS, n % 5
    work = n // STUDENTS
    place = ["Science of everything around us", 12, "SCI-12", "Period 3", 44, "P-3"]
    return [
        f"Student, Number {student}", 5000 + student, f"S{student}",
        f"Laboratory report number {work} on what was found", 9000 + work,
        "2026-10-05T16:00:00Z", score, codes[work % len(codes)], 70 + work, 1, score,
        *place, f"https://canvas.example/courses/12/assignments/{9000 + work}",
        "a friendly name of the outcome, as teachers wrote it down", 4, 3,
        int(score >= 3), "Mastery", score, 1, "District of the river bend", "active",
    ]  # fmt: skip


def peak() -> int:
    """Return the most memory held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main(megabytes: int) -> None:
    """Measure and print."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        settings = Settings(
            database_url=f"sqlite:///{folder}/m.db",
            var_dir=folder / "var",
            gazetteer_path=folder / "gazetteer.json",
            channel_secret="kV3r-9tQz_Lw2pXm8aBn5cYd7eHf0gJi",
            action_token="Zq4x-8uRt_Mv1oWk6bCj3dPe9fGh2aSy",
            session_secret="Tn7b-2eYc_Kd5iUl0gFs4hVw6jXo1pQz",
            now=NOW,
        )
        upgrade(settings.database_url)
        milepost = build(settings)
        with milepost.work() as work:
            school = School(
                code="r", name="R", state="OH", timezone="America/New_York",
                language="en", safety_adult="Ms. R",
            )  # fmt: skip
            work.people.add(school)
            work.people.flush()
            for n in range(STUDENTS):
                work.session.add(
                    Person(
                        school_id=school.id, role="student", username=f"u{n}",
                        source_id=f"S{n}", given_name="A", family_name="B",
                        language="en", grade=10,
                    )
                )  # fmt: skip
            work.commit()
        import_catalog(milepost, "r", STARTER)
        with milepost.work() as work:
            codes = list(milepost.catalogs.current(work, school.id).competencies)
        path = folder / "report.csv"
        rows = write_report(path, megabytes, codes)
        found: dict[str, object] = {
            "megabytes": path.stat().st_size // 1_000_000,
            "rows": rows,
            "megabytes_of_memory_before": peak(),
        }
        for which in ("first", "second"):
            start = time.perf_counter()
            report = import_mastery(milepost, "r", path, "canvas")
            found[which] = {
                "seconds": round(time.perf_counter() - start, 1),
                "megabytes_of_memory": peak(),
                **report.counts,
            }
        print(json.dumps(found), flush=True)
        milepost.engine.dispose()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
