"""A turn before and after: where Rasa's time goes, with and without `bot/lean.py`.

Before is the same assistant with nothing replaced in Rasa (docs/adr/0007); after is how
it runs. Both are talked with through the whole gateway. py-spy looks at Rasa from
outside; while it looks, nothing is timed.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx

from bench.figures import Outcome, compared, p95
from bench.product import Product, prepare
from bench.servers import Server, serving
from bench.talk import Ours, Times, assistant_answers
from setup.child import ChildSpec
from setup.layout import Layout
from setup.report import Report, SetupError

GRAPHS = Path("docs/flames")
PLAIN = (
    "import sys, bot.lean; bot.lean.apply = lambda: None; sys.argv[0] = 'rasa';"
    "from rasa.__main__ import main; main()"
)
SECONDS, RATE, BLOCK = 15, 100, 10
# Leaves with nothing to do: Sanic's event loop, and the threads of a pool.
WAITS = frozenset({"serve (runners.py)", "_worker (thread.py)"})
THIN = 0.6  # per cent of the samples: narrower frames can't be read anyway
TIMEOUT = httpx.Timeout(120.0, connect=1.0)
NOTES = (
    "Before: our assistant on Rasa 3.6.21 as it is. After: with bot/lean.py.",
    "The tracker's memory, kept connections of the gateway and the cache of vectors "
    "are in both.",
)


def measure(layout: Layout, report: Report, turns: int) -> Outcome:
    """Draw both graphs into docs/flames, and time both without drawing.

    Raises:
        SetupError: py-spy is missing or may not look.
    """
    outcome = Outcome("flame", notes=list(NOTES))
    outcome.settings = {"turns": turns, "seconds": SECONDS, "rate": RATE}
    product = prepare(layout)
    app, rasa = product.app, product.rasa
    plain = replace(rasa, command=(rasa.command[0], "-c", PLAIN, *rasa.command[3:]))
    times: dict[str, list[float]] = {}
    with (
        serving(app.command, app.log, app.environ, app.folder) as pages,
        httpx.Client(timeout=TIMEOUT) as http,
    ):
        pages.until(app.answers)
        students = product.let_students_in()
        for name, spec in (("before", plain), ("after", rasa)):
            with report.step("Flame graph", name):
                side = Ours(product, http, students)
                times[name] = _one(product, spec, side, turns, layout, name)
    before, after = times["before"], times["after"]
    outcome.rows = [
        compared(f"turn, {kind}; other: before", now, then, "ms", None, len(after))
        for kind, now, then in (
            ("median", statistics.median(after), statistics.median(before)),
            ("p95", p95(after), p95(before)),
        )
    ]
    return outcome


def _one(
    product: Product, spec: ChildSpec, side: Ours, turns: int, layout: Layout, name: str
) -> list[float]:
    """Talk with one variant: timed first, then drawn; return milliseconds."""
    conversation = product.conversation()
    with serving(spec.command, spec.log, spec.environ, spec.folder) as rasa:
        rasa.until(lambda: assistant_answers(product, conversation, side._http))
        for _ in range(3):
            side.block(BLOCK)
        side.times = Times()
        for _ in range(max(1, turns // BLOCK)):
            side.block(BLOCK)
        taken = list(side.times.all)
        _draw(rasa, layout.root / GRAPHS / f"{name}.svg", lambda: side.block(BLOCK))
    return taken


def _draw(rasa: Server, file: Path, talk: Callable[[], None]) -> None:
    """Have py-spy look while turns are taken; keep the graph small."""
    file.parent.mkdir(parents=True, exist_ok=True)
    ended = threading.Event()

    def talking() -> None:
        while not ended.is_set():
            talk()

    thread = threading.Thread(target=talking)
    thread.start()
    looker = str(Path(sys.executable).with_name("py-spy"))
    command = [
        looker,
        "record",
        "--pid",
        str(rasa.process.pid),
        "--output",
        str(file),
    ]
    command += ["--duration", str(SECONDS), "--rate", str(RATE), "--format", "raw"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise SetupError(
            "py-spy is missing: it is part of requirements/dev.txt."
        ) from None
    finally:
        ended.set()
        thread.join()
    if done.returncode:
        raise SetupError(f"py-spy could not look: {done.stderr.strip()[-200:]}")
    file.write_text(graph(stacks(file.read_text(encoding="utf-8"))), encoding="utf-8")


def stacks(raw: str) -> dict[tuple[str, ...], int]:
    """Return samples by stack, as py-spy's raw format tells them.

    Samples of a thread that waits for work are left out, and so are the
    frames below all others, by which the program came to serve requests at all.
    """
    found: dict[tuple[str, ...], int] = {}
    for line in raw.splitlines():
        frames, _, count = line.rpartition(" ")
        names = tuple(_short(frame) for frame in frames.split(";"))
        if names[-1] not in WAITS:
            found[names] = found.get(names, 0) + int(count)
    trunk = len(os.path.commonprefix(list(found))) if len(found) > 1 else 0
    return {names[trunk:]: count for names, count in found.items()}


def _short(frame: str) -> str:
    """Return function and file of a frame, without the line."""
    name, _, place = frame.partition(" (")
    file = re.sub(r":\d+\)?$|\)$", "", place).rpartition("/")[2]
    return f"{name} ({file})" if file else name


WIDE, ROW, FIRST = 1000.0, 15, 22
COLOURS = ("#c65f2d", "#d98532", "#b7472a", "#e0a03f", "#cc7430")


def graph(samples: dict[tuple[str, ...], int]) -> str:
    """Return a flame graph as SVG: no script, no link, frames wide enough to read."""
    whole = sum(samples.values())
    boxes: list[tuple[int, float, float, str]] = []

    def lay(rows: dict[tuple[str, ...], int], depth: int, left: float) -> None:
        groups: dict[str, dict[tuple[str, ...], int]] = {}
        for stack, count in rows.items():
            if stack:
                groups.setdefault(stack[0], {})[stack[1:]] = count
        for name in sorted(groups):
            width = WIDE * sum(groups[name].values()) / whole
            if width >= WIDE * THIN / 100:
                boxes.append((depth, left, width, name))
                lay(groups[name], depth + 1, left)
            left += width

    lay(samples, 0, 0.0)
    deepest = max((box[0] for box in boxes), default=0)
    high = FIRST + (deepest + 1) * ROW + 4
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE:.0f} {high}" '
        'font-family="monospace" font-size="10">'
        f'<rect width="{WIDE:.0f}" height="{high}" fill="#fffaf2"/>'
        f'<text x="4" y="14" fill="#222">{whole} samples; width is time in Rasa</text>'
    )
    return "\n".join([head, *(_box(box, whole) for box in boxes), "</svg>\n"])


def _box(box: tuple[int, float, float, str], whole: int) -> str:
    depth, left, width, name = box
    top = FIRST + depth * ROW
    safe = name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    letters = int(width / 6.2)
    shown = name if len(name) <= letters else name[: max(0, letters - 1)]
    shown = shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    words = f'<text x="{left + 2:.1f}" y="{top + 11}" fill="#1b1008">{shown}</text>'
    fill = COLOURS[sum(name.encode()) % len(COLOURS)]
    return (
        f'<g><title>{safe}: {width / WIDE:.1%}</title><rect x="{left:.1f}" y="{top}" '
        f'width="{width:.1f}" height="{ROW - 1}" fill="{fill}"/>'
        f"{words if letters > 3 else ''}</g>"
    )
