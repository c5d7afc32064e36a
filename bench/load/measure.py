"""A school at its busiest: a steady load, a bell that rings, and what it takes."""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.figures import Outcome, Row, compared, p95
from bench.load.crowd import Said, burst, flat_out
from bench.load.people import Kept, kept, let_in
from bench.load.topology import (
    APP,
    DATABASE,
    NGINX,
    RASA,
    Shape,
    Topology,
    running,
)
from bench.load.writing import writing
from setup.layout import Layout
from setup.report import Report

SLOW, LAST, HELP_WITHIN = 2.0, 20.0, 1.0
BURST, IN_DANGER = 200, 10
AT_ONCE = 8
WARM_UP = 0.25
DISTRICT = Shape(apps=2, workers=3, postgresql=True, nginx=True)
NOTES = (
    "Steady: locust, each student one message a minute, all sessions open before.",
    "Lost: told as stored and not in the record. Failed: no answer, an error, or told "
    "to try again.",
    "The load itself runs on the same cores.",
    "Core-milliseconds are processor time of the app and of Rasa for one turn "
    "(proc(5)); with both cores in use they, not the workers, set the limit.",
)


@dataclass(frozen=True)
class Plan:
    """How much of it: the full form is the issue's, the short one tries the script."""

    students: int = 1000
    minutes: float = 10.0
    bursts: int = 5
    seconds: float = 20.0
    workers: int = 1


def measure(layout: Layout, report: Report, plan: Plan) -> Outcome:
    """Load one app and its Rasa workers on SQLite, as `make run` starts them.

    Raises:
        SetupError: a part does not come up, or locust fails.
    """
    outcome = Outcome("load", notes=list(NOTES))
    outcome.settings = dict(vars(plan))
    with running(layout, Shape(workers=plan.workers)) as found:
        tokens = let_in(found.settings, plan.students + plan.bursts * BURST)
        asyncio.run(flat_out(found.url, tokens[-4:], 4, 5.0))  # both are warm then
        with report.step("Steady load", f"{plan.students} for {plan.minutes:g} min"):
            before = cores(found)
            rows = steady(found, tokens[: plan.students], plan)
            used = {kind: after - before[kind] for kind, after in cores(found).items()}
        outcome.rows += _steady_rows(rows, kept(found.settings), used, plan)
        with report.step("Bursts", f"{plan.bursts} of {BURST}"):
            outcome.rows += _burst_rows(found, tokens[plan.students :], plan.bursts)
    return outcome


def shards(layout: Layout, report: Report, plan: Plan) -> Outcome:
    """Find how many turns go through with one, two and three workers."""
    outcome = Outcome("shards", notes=list(NOTES[2:]))
    outcome.settings = {"seconds": plan.seconds, "at_once": AT_ONCE}
    first = 0.0
    for workers in (1, 2, 3):
        with running(layout, Shape(workers=workers)) as found:
            tokens = let_in(found.settings, 96)
            with report.step("Flat out", f"{workers} workers"):
                rate, rows = _flat_out(found, tokens, plan.seconds)
        first = first or rate
        name = f"turns a second, workers: {workers}; other: 1"
        outcome.rows.append(compared(name, rate, first, "1/s", None, rows[0].n))
        outcome.rows += rows
    outcome.rows += _district_rows(layout, report, plan)
    return outcome


def _district_rows(layout: Layout, report: Report, plan: Plan) -> list[Row]:
    """Do the same with a district's processes, database and proxy included."""
    if missing := DISTRICT.missing():
        report.say(f"A district's processes are left out: {missing} is missing.")
        return []
    with running(layout, DISTRICT) as found:
        tokens = let_in(found.settings, 96)
        before = found.database_bytes()
        with report.step("Flat out", "a district's processes"):
            rate, rows = _flat_out(found, tokens, plan.seconds)
        turns = rows[0].n * (1 + WARM_UP)
        grown = (found.database_bytes() - before) / turns
    name = _title(DISTRICT)
    return [
        Row(f"{name}, turns a second", rate, unit="1/s", n=rows[0].n),
        *rows,
        Row(f"{name}, database grows a turn", grown / 1024, unit="KB"),
    ]


def cores(found: Topology) -> dict[str, float]:
    """Return the processor seconds of the apps and of the workers up to now."""
    kinds = (APP, RASA, DATABASE, NGINX)
    return {
        kind: found.seconds_of(kind)
        for kind in kinds
        if any(name.startswith(kind) for name in found.parts)
    }


def _title(shape: Shape) -> str:
    if shape.nginx:
        return f"{shape.apps} apps, {shape.workers} workers, PostgreSQL, nginx"
    return f"workers: {shape.workers}"


def steady(
    found: Topology, tokens: Sequence[str], plan: Plan
) -> list[Mapping[str, Any]]:
    """Have every student write once a minute; return one row for each message."""
    return writing(found.url, tokens, found.layout.var, plan.minutes * 60)


def _steady_rows(
    rows: Sequence[Mapping[str, Any]],
    record: Kept,
    used: Mapping[str, float],
    plan: Plan,
) -> list[Row]:
    taken = [float(row["seconds"]) for row in rows]
    failed = sum(not row["answered"] for row in rows)
    told = [str(row["key"]) for row in rows if row["status"] == 200]
    lost = sum(not record.times[key] for key in told)
    doubled = sum(record.times[key] > 1 for key in told)
    count, n = plan.students, len(rows)
    span = max(row["at"] for row in rows) - min(row["at"] for row in rows)
    name = f"steady, {count} students"
    return [
        compared(f"{name}, p95; other: 2 s", p95(taken), SLOW, "s", 1.0, n),
        Row(f"{name}, median", statistics.median(taken), unit="s", n=n),
        Row(f"{name}, slowest", max(taken), unit="s", n=n),
        Row(f"{name}, messages a second", n / span, unit="1/s", n=n),
        _none_of("steady, lost", lost, n),
        _none_of("steady, doubled", doubled, n),
        _none_of("steady, failed", failed, n),
        *_core_rows("steady", used, n),
    ]


def _burst_rows(found: Topology, tokens: Sequence[str], bursts: int) -> list[Row]:
    said: list[Said] = []
    for number in range(bursts):
        crowd = tokens[number * BURST : (number + 1) * BURST]
        said += asyncio.run(burst(found.url, crowd, IN_DANGER))
    record = kept(found.settings)
    calm = [one for one in said if not one.red]
    red = [one for one in said if one.red]
    lost = sum(one.acknowledged and not record.times[one.key] for one in said)
    unanswered = sum(not one.answered for one in calm)
    unhelped = sum(not one.helped for one in red)
    slowest, help_ = max(o.seconds for o in calm), [one.seconds for one in red]
    name = f"burst of {BURST} in a second"
    n = len(said)
    return [
        compared(f"{name}, slowest; other: 20 s", slowest, LAST, "s", 1.0, len(calm)),
        Row(f"{name}, p95", p95([o.seconds for o in calm]), unit="s", n=len(calm)),
        compared(
            f"{name}, slowest help in danger; other: 1 s",
            *(max(help_), HELP_WITHIN, "s", 1.0, len(red)),
        ),
        Row(f"{name}, help in danger, median", statistics.median(help_), unit="s"),
        _none_of("burst, lost", lost, n),
        _none_of("burst, not answered", unanswered, len(calm)),
        _none_of("burst, danger without help", unhelped, len(red)),
    ]


def _flat_out(
    found: Topology, tokens: Sequence[str], seconds: float
) -> tuple[float, list[Row]]:
    at_once = AT_ONCE * found.shape.workers
    asyncio.run(flat_out(found.url, tokens, at_once, seconds * WARM_UP))
    before = cores(found)
    said = asyncio.run(flat_out(found.url, tokens, at_once, seconds))
    used = {kind: after - before[kind] for kind, after in cores(found).items()}
    n, unanswered = len(said), sum(not one.answered for one in said)
    name = _title(found.shape)
    rows = [
        Row(f"{name}, p95", p95([one.seconds for one in said]), unit="s", n=n),
        _none_of(f"{name}, not answered", unanswered, n),
        *_core_rows(name, used, n),
    ]
    return n / seconds, rows


def _core_rows(name: str, used: Mapping[str, float], turns: int) -> list[Row]:
    rows = [
        Row(f"{name}, {kind}: core-milliseconds a turn", 1000 * s / turns, unit="ms")
        for kind, s in used.items()
    ]
    both = sum(used.values())
    rate = Row(f"{name}, turns a second and core", turns / both, unit="1/s", n=turns)
    return [*rows, rate]


def _none_of(name: str, count: int, n: int) -> Row:
    """Return a row whose target is zero: its ratio is the share of all."""
    return Row(name, float(count), float(n), "", 0.0, n, count / n)
