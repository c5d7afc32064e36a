"""Figures for Prometheus: how long, how many, how it ended; nothing personal.

No label holds a person, a school, a word of a message or an address with an id.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import Counter, Gauge, Histogram

from web import traces

BUCKETS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)

stage_seconds = Histogram(
    "milepost_turn_stage_seconds",
    "Seconds of a turn's stages; answer is all of them but receive.",
    ["stage"],
    buckets=BUCKETS,
)
turns = Counter(
    "milepost_turns_total",
    "Turns by how they ended: answered, failed, again, not_saved.",
    ["outcome"],
)
running = Gauge("milepost_turns_running", "Turns that are being answered.")
waiting = Gauge("milepost_turns_waiting", "Turns that wait for the one before.")
red_flags = Counter(
    "milepost_red_flags_total", "Messages that the safety screen found red."
)
action_seconds = Histogram(
    "milepost_action_seconds", "Seconds of an action.", ["action"], buckets=BUCKETS
)
action_errors = Counter(
    "milepost_action_errors_total", "Actions that ended in an error.", ["action"]
)
request_seconds = Histogram(
    "milepost_http_request_seconds",
    "Seconds of a request, by the route's pattern.",
    ["method", "route", "status"],
    buckets=BUCKETS,
)
assistant_ready = Gauge(
    "milepost_assistant_ready", "1 when every Rasa worker answered at the last look."
)
database_ready = Gauge(
    "milepost_database_ready", "1 when the database answered at the last look."
)
alerts_on_disk = Gauge(
    "milepost_alerts_on_disk", "Alerts that wait on disk for the database."
)
alerts_not_written = Counter(
    "milepost_alerts_not_written_total",
    "Alerts that neither the database nor the disk took; the student saw help.",
)
disk_free = Gauge(
    "milepost_disk_free_bytes", "Room on the disk of the records at the last look."
)
alerts_open = Gauge(
    "milepost_alerts_open", "Alerts that nobody took on yet, over all schools."
)
oldest_open_alert = Gauge(
    "milepost_alerts_oldest_open_seconds", "Age of the oldest alert nobody took on."
)


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Measure and trace a stage of a turn, however it ends."""
    begun = time.perf_counter()
    try:
        with traces.span(name):
            yield
    finally:
        stage_seconds.labels(name).observe(time.perf_counter() - begun)


@contextmanager
def counted(gauge: Gauge) -> Iterator[None]:
    """Count something up for as long as it lasts."""
    gauge.inc()
    try:
        yield
    finally:
        gauge.dec()
