"""Time the safety screen beside a plain keyword list, in one run.

Prints p95 milliseconds of both and their ratio, as passed and as spent by the core,
which what else runs on the machine changes less; not a test, since a busy machine
would make it fail. Run: ``.venv/bin/python -m bench.safety``.
"""

import re
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from bench.figures import Outcome, compared, table
from pathways.safety import screen

ROOT = Path(__file__).parents[1]
KEYWORDS = re.compile(
    r"suicid|kill myself|want to die|end my life|self.?harm|cut myself|overdose|"
    r"hit me|abuse|rape|gun|bully|homeless|drunk",
    re.IGNORECASE,
)
Clock = Callable[[], float]
ROUNDS = 5
CORE = ", of the core only"


def messages() -> list[str]:
    """Every message of the older test sets."""
    texts: list[str] = []
    for path in sorted((ROOT / "tests" / "safety").glob("cases_*.yml")):
        for group in yaml.safe_load(path.read_text(encoding="utf-8")):
            texts += [t if isinstance(t, str) else t[-1] for t in group["texts"]]
    return texts


def calm_messages() -> list[str]:
    """The calm ones among them, of which nothing ends the reading early."""
    text = (ROOT / "tests" / "safety" / "cases_calm.yml").read_text(encoding="utf-8")
    return [str(t) for g in yaml.safe_load(text) for t in g["texts"]]


def joined(texts: list[str]) -> list[str]:
    """Messages of the greatest length, 2,000 characters, made of shorter ones."""
    step = 60
    mixed = [texts[at::7] + texts[:at:7] for at in range(7)]
    told = [one for some in mixed for one in some]
    return [". ".join(told[i : i + step])[:2000] for i in range(0, len(told), step)]


def p95_ms(
    run: Callable[[str], object],
    texts: list[str],
    clock: Clock = time.perf_counter,
) -> float:
    """The 95th percentile of one call, in milliseconds of a clock."""
    times: list[float] = []
    for _ in range(ROUNDS):
        for text in texts:
            start = clock()
            run(text)
            times.append((clock() - start) * 1000)
    return statistics.quantiles(times, n=100)[94]


def measure() -> Outcome:
    """Time every message, and messages of the greatest length."""
    texts = messages()
    long, calm = joined(texts), joined(calm_messages())
    screen("warm up")
    outcome = Outcome("safety", settings={"rounds": ROUNDS})
    for name, some in (
        ("screen, p95", texts),
        ("screen, 2,000 characters, p95", long),
        ("screen, 2,000 calm characters, p95", calm),
    ):
        clocks: tuple[Clock, ...] = (time.perf_counter, time.process_time)
        for told, clock in zip(("", CORE), clocks, strict=True):
            ours = p95_ms(screen, some, clock)
            other = p95_ms(KEYWORDS.search, some, clock)
            row = compared(name + told, ours, other, "ms", n=len(some) * ROUNDS)
            outcome.rows.append(row)
    outcome.notes.append("Other: one regular expression with 14 keywords.")
    return outcome


def main() -> None:
    """Print the figures."""
    print(table(measure()))


if __name__ == "__main__":
    main()
